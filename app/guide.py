"""What the program tells its users about itself: the words of the law in plain ones, the day's tasks, and why each step is."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.procedure import SOURCES, Step

#: What the law asks at each step of a case, and why, in a line. NĐ 56/2017/NĐ-CP, Chương III.
REASONS: dict[Step, Any] = {
    Step.INTAKE: _l(
        "Ghi ngay, cả khi tin chưa đủ hay người báo không xưng tên: chờ đủ tin thì trẻ chờ trong nguy hiểm."
    ),
    Step.INITIAL: _l("Xem trẻ có đang hoặc sắp bị tổn hại nghiêm trọng không, để biết có phải can thiệp ngay không."),
    Step.EMERGENCY: _l("Trong 12 giờ từ khi nhận tin, tính cả đêm và ngày nghỉ, trẻ phải được an toàn."),
    Step.ASSESSMENT: _l("Hiểu trẻ, gia đình và nguy cơ cụ thể, để kế hoạch đúng với điều trẻ cần."),
    Step.CONFERENCE: _l("Những người sẽ cùng giúp trẻ thống nhất trẻ cần gì và ai làm gì."),
    Step.PLAN: _l("Trong 5 ngày làm việc: từng việc có người làm, có hạn, để không việc nào bị bỏ quên."),
    Step.APPROVAL: _l("Chủ tịch quyết định trong 2 ngày làm việc; từ đó các đơn vị được giao phải làm."),
    Step.FOLLOW_UP: _l("Đi thăm, nhắc, sửa kế hoạch khi hoàn cảnh đổi: giấy tờ không tự giúp được trẻ."),
    Step.REVIEW: _l("Hết kế hoạch thì xem lại: còn nguy cơ thì làm kế hoạch mới, hết nguy cơ mới kết thúc."),
    Step.CLOSURE: _l("Chỉ kết thúc khi không còn nguy cơ và trẻ đã ổn định; hồ sơ được lưu để ai cũng biết đã làm gì."),
}

#: The article and form of each step, and its reason.
ABOUT = {step: (source, REASONS[step]) for step, source in SOURCES.items()}


@dataclass(frozen=True)
class Term:
    """A word of the law, said plainly, and where it stands."""

    word: Any
    plain: Any
    source: str


GLOSSARY = (
    Term(_l("Trẻ em"), _l("Người dưới 16 tuổi."), "Luật Trẻ em 2016 Đ1"),
    Term(
        _l("Trẻ em có hoàn cảnh đặc biệt"),
        _l("Trẻ không đủ điều kiện thực hiện quyền của mình, cần Nhà nước, gia đình và xã hội giúp: 14 nhóm."),
        "Luật Trẻ em 2016 Đ4.10, Đ10",
    ),
    Term(
        _l("Người chăm sóc trẻ em"),
        _l("Người đang nuôi trẻ: cha mẹ, người giám hộ, người nhận chăm sóc thay thế."),
        "Luật Trẻ em 2016 Đ4",
    ),
    Term(
        _l("Bí mật đời sống riêng tư"),
        _l("Chuyện riêng của trẻ, kể cả ảnh và nơi ở: không nói, không đăng; từ 7 tuổi phải hỏi cả trẻ."),
        "Luật Trẻ em 2016 Đ21; NĐ 56/2017 Đ33",
    ),
    Term(
        _l("Tạm thời cách ly"),
        _l("Đưa trẻ ra khỏi người đang gây hại, tổng cộng không quá 15 ngày."),
        "NĐ 56/2017 Đ31, 32",
    ),
    Term(
        _l("Chăm sóc thay thế"),
        _l("Người thân, gia đình khác hoặc cơ sở nuôi trẻ khi trẻ không sống được với cha mẹ."),
        "Luật Trẻ em 2016 Đ60–69",
    ),
    Term(
        _l("Số định danh cá nhân"),
        _l("12 chữ số trên giấy khai sinh hoặc căn cước, dùng suốt đời."),
        "NĐ 137/2015 Đ13",
    ),
    Term(_l("Ngày làm việc"), _l("Không tính thứ bảy, chủ nhật, ngày lễ; ngày làm bù thì tính."), "NĐ 56/2017 Đ28"),
    Term(
        _l("Bản mã hóa tên"),
        _l("Danh sách chỉ có mã trẻ, năm sinh, giới tính, thôn: gửi đi không lộ trẻ nào."),
        "NĐ 56/2017 Đ24.3",
    ),
)


@dataclass(frozen=True)
class Task:
    """Something people come to do: the permission it takes, and the steps."""

    permission: str
    title: Any
    steps: tuple[Any, ...]


TASKS = (
    Task(
        "concern.report",
        _l("Báo tin về một trẻ"),
        (
            _l("Bấm “Báo tin”. Trẻ đang nguy hiểm: gọi công an xã hoặc 111 trước."),
            _l("Trẻ nào, ở đâu, chuyện gì – biết gì ghi nấy, không biết để trống."),
            _l("Bấm “Gửi”. Công chức thấy ngay; trả lời hiện ở mục “Trả lời”."),
        ),
    ),
    Task(
        "child.add",
        _l("Thêm một trẻ"),
        (
            _l("Bấm “Thêm trẻ em”, gõ tên để xem trẻ đã có trong sổ chưa (gõ không dấu cũng được)."),
            _l("Chưa có: điền tên, ngày sinh, thôn. Ngày sinh gõ 5/6/2015, 05062015, 6/2015 hay 2015 đều được."),
            _l("Anh, chị, em ruột: mở trẻ đã có, bấm “Thêm anh, chị, em” – địa chỉ và cha mẹ có sẵn."),
        ),
    ),
    Task(
        "service.add",
        _l("Ghi một lần thăm hoặc một dịch vụ"),
        (
            _l("Mở hồ sơ trẻ, bấm “Ghi thăm hỏi, dịch vụ”."),
            _l("Chọn loại, ngày làm; viết một câu về trẻ hôm ấy. Bấm “Lưu”."),
        ),
    ),
    Task(
        "review.decide",
        _l("Duyệt điều cộng tác viên gửi"),
        (
            _l("Mở “Duyệt”: cột trước, cột nay cạnh nhau."),
            _l("Bấm n để nhận, s để sửa, t để trả lại kèm một câu."),
        ),
    ),
    Task(
        "case.edit",
        _l("Giải quyết một vụ việc"),
        (
            _l("Mở “Vụ việc”: vụ quá hạn ở trên cùng, kèm giờ hoặc ngày làm việc còn lại."),
            _l("Trong vụ việc, làm bước có nhãn “Đang làm”; mỗi bước nói luật đòi gì."),
            _l("Giấy theo mẫu in ở “Giấy tờ”; chỉ người trong nhóm xem được nội dung."),
        ),
    ),
    Task(
        "import.run",
        _l("Nhập một danh sách Excel"),
        (
            _l("Bấm “Nhập danh sách”, chọn tệp đúng như đang có; chương trình tự đọc cột."),
            _l("Xem bảng: thêm, sửa, giống, có lỗi. Chưa bấm ghi thì sổ chưa đổi gì."),
            _l("Ghi nhầm thì bấm “Hoàn tác” cả lần nhập."),
        ),
    ),
    Task(
        "workbook.download",
        _l("Lấy biểu gửi cấp trên"),
        (
            _l("Mở “Xuất biểu”, chọn kỳ; bản có mã là mặc định, bản có tên phải ghi lý do."),
            _l("Báo cáo đã gửi được giữ nguyên; sửa sau hiện thành “chênh lệch”."),
        ),
    ),
    Task(
        "case.decide",
        _l("Quyết định kế hoạch, cách ly, kết thúc"),
        (
            _l("“Việc của tôi” có số đang chờ; bấm vào từng số."),
            _l("Đọc kế hoạch, chọn phê duyệt hoặc không kèm lý do. Hạn: 2 ngày làm việc."),
        ),
    ),
)
