"""What people are told when a value cannot be read: one sentence per code of models.clean.Unclean."""

from flask_babel import gettext as _

from models import Unclean


def told(problem: Unclean) -> str:
    """The sentence for a value that cannot be read."""
    return {
        "name_without_letters": _("Họ và tên phải có chữ cái"),
        "username_not_plain": _("Tên đăng nhập chỉ gồm chữ không dấu, số, dấu chấm và gạch, không có dấu cách"),
        "personal_id_not_12_digits": _("Số định danh cá nhân phải có đúng 12 chữ số"),
        "phone_not_readable": _("Số điện thoại phải có 10 chữ số và bắt đầu bằng 0"),
        "date_not_readable": _("Gõ ngày dạng 5/6/2015, 6/2015 hoặc 2015"),
        "date_impossible": _("Không có ngày này trong lịch"),
        "date_not_whole": _("Gõ đủ ngày, tháng, năm, ví dụ 5/6/2015"),
        "number_not_readable": _("Gõ một số, ví dụ 1.250.000"),
        "time_not_readable": _("Gõ giờ và ngày, ví dụ 23:40 5/6/2026"),
    }[problem.code]


def password_told(problem: str) -> str:
    """The sentence for a password that cannot be taken (app.passwords.problem_of)."""
    return {
        "short": _("Mật khẩu cần ít nhất 10 ký tự"),
        "long": _("Mật khẩu dài quá 200 ký tự"),
        "common": _("Mật khẩu này quá dễ đoán, hãy chọn một câu khác"),
    }[problem]
