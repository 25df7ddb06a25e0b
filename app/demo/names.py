"""Names, numbers and addresses that nobody bears: put together by chance from common Vietnamese words."""

from random import Random

from models import Sex

_SURNAMES = (
    "Nguyễn 33|Trần 10|Lê 8|Phạm 8|Vũ 7|Hoàng 5|Bùi 4|Đỗ 4|Đặng 3|Đào 3|Ngô 2|Dương 2|Đinh 2|Phan 2|Lương 2"
    "|Trịnh 1|Mai 1|Hà 1|Tạ 1|Đoàn 1|Cao 1|Lưu 1"
)
_BOY_MIDDLES = (
    "Minh Gia Đức Quang Anh Hải Tuấn Hoàng Bảo Thành Văn Đăng Nhật Trung Duy Xuân Hữu Việt Ngọc Tiến Đình Trọng"
).split()
_BOY_GIVEN = (
    "An Anh Bảo Bình Cường Dũng Duy Đạt Đăng Đức Hải Hiếu Hòa Hoàng Hùng Huy Hưng Khang Khánh Khoa Khôi Kiên Lâm "
    "Long Minh Nam Nghĩa Nguyên Nhân Phong Phúc Quân Quang Quốc Sơn Tài Thành Thắng Thiện Thịnh Tú Tùng Vinh Việt Vũ"
).split()
_GIRL_MIDDLES = (
    "Thị Ngọc Thu Thùy Bảo Minh Khánh Phương Thanh Hà Mai Diệu Gia Quỳnh Hoài Linh Kim Yến Ánh Tuệ Hải Thảo"
).split()
_GIRL_GIVEN = (
    "An Anh Ánh Châu Chi Diệp Dung Giang Hà Hân Hằng Hạnh Hiền Hoa Hồng Huệ Hương Huyền Lan Linh Ly Mai My Nga Ngân "
    "Ngọc Nhi Như Nhung Oanh Phương Quyên Quỳnh Tâm Thảo Thư Thủy Trang Trâm Trúc Uyên Vân Vy Yến Đan Hòa"
).split()
_MAN_MIDDLES = "Văn Văn Văn Đình Đức Xuân Hữu Quang Trọng Công Bá Khắc Viết".split()
_MAN_GIVEN = (
    "Bắc Bình Chiến Chính Công Cường Doanh Dũng Đạo Định Đông Hà Hải Hậu Hiệp Hòa Hùng Hưởng Khải Khoa Kiên Lực Mạnh "
    "Nam Nghị Nhượng Phú Quyết Sáng Sơn Tâm Thái Thao Thể Thuận Thưởng Tiến Toàn Tuyên Tuấn Vượng Vụ"
).split()
_WOMAN_GIVEN = (
    "Bích Chinh Cúc Dịu Duyên Đào Gấm Hải Hằng Hiên Hoài Hợi Huê Huyền Lài Liên Loan Luyến Lý Mận Mến Mơ Ngoan Nguyệt "
    "Nhàn Nụ Phượng Quế Sen Sim Thắm Thêu Thìn Thơm Thoa Tươi Tuyết Vui Vân Xuyến Yên"
).split()
_WEIGHED = [(word.split()[0], int(word.split()[1])) for word in _SURNAMES.split("|")]
_FAMILY_NAMES = [name for name, _weight in _WEIGHED]
_WEIGHTS = [weight for _name, weight in _WEIGHED]


def surname(chance: Random) -> str:
    """A surname, the common ones as common as they are."""
    return chance.choices(_FAMILY_NAMES, _WEIGHTS)[0]


def child_name(chance: Random, family: str, sex: Sex) -> str:
    """A child's full name: surname, one or two middle names, given name."""
    middles, given = (_GIRL_MIDDLES, _GIRL_GIVEN) if sex is Sex.FEMALE else (_BOY_MIDDLES, _BOY_GIVEN)
    words = [family, chance.choice(middles)]
    if chance.random() < 0.22:
        words.append(chance.choice([middle for middle in middles if middle not in ("Thị", "Văn", "Đình")]))
    last = chance.choice([word for word in given if word not in words])
    return " ".join([*dict.fromkeys(words), last])


def man_name(chance: Random, family: str | None = None) -> str:
    """A grown man's full name."""
    return f"{family or surname(chance)} {chance.choice(_MAN_MIDDLES)} {chance.choice(_MAN_GIVEN)}"


def woman_name(chance: Random, family: str | None = None) -> str:
    """A grown woman's full name."""
    return f"{family or surname(chance)} Thị {chance.choice(_WOMAN_GIVEN)}"


def phone(chance: Random) -> str:
    """A phone number under an area code that does not exist, so that nobody is ever called."""
    return f"0200{chance.randrange(1_000_000):06d}"


def address(chance: Random) -> str:
    """Where in the village a household lives."""
    return f"Xóm {chance.choice(['Đông', 'Đoài', 'Nam', 'Bắc', 'Giữa', 'Chùa', 'Mới'])}, số {chance.randrange(1, 120)}"
