"""Asking for a workbook."""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import PasswordField

from app import clock, identity, periods, sharing
from app.forms import BaseForm, ChoiceField, DateField, NotLonger, RadiosField, Required, TextField, offer, optional
from app.periods import Period
from app.workbooks import Variant, making
from models import User, Village


class ExportForm(BaseForm):
    """Which variant, of which period; names also ask for a reason and the password."""

    variant = RadiosField(_l("Bản"), choices=[], coerce=optional(Variant), validators=[Required()])
    period = ChoiceField(_l("Kỳ số liệu"), choices=[], validators=[Required()])
    first = DateField(_l("Hoặc từ ngày"), description=_l("Ghi cả hai ngày thì lấy theo ngày, không theo kỳ ở trên."))
    last = DateField(_l("đến ngày"))
    village = ChoiceField(_l("Thôn"), choices=[], coerce=optional(int))
    reason = TextField(
        _l("Lý do cần bản có họ tên"),
        description=_l("Ghi vào nhật ký và lên từng sheet, vì vậy không ghi tên trẻ em ở đây."),
        validators=[NotLonger(200)],
    )
    protocol = ChoiceField(
        _l("Chuyển theo quy chế nào"),
        description=_l("Chỉ hỏi khi xuất bản có họ tên."),
        choices=[],
        coerce=optional(int),
    )
    password = PasswordField(_l("Mật khẩu của bạn"), description=_l("Hỏi lại khi xuất bản có họ tên."))

    def prepare(self, user: User, code: str, villages: list[Village]) -> None:
        """Offer what this person may ask of this workbook."""
        allowed = [variant for variant in making.variants(code) if making.may_make(user, code, variant)]
        offer(self.variant, [(variant, variant.label) for variant in allowed])
        self.variant.data = self.variant.data or allowed[0]
        offer(self.period, [(period.code, _capital(period.label)) for period in periods.offered(clock.today())])
        offer(self.village, [(village.id, village.name) for village in villages], blank=_("Cả xã"))
        self.offer_naming(user, named=Variant.NAMED in allowed)
        if not making.takes_village(code):
            del self.village

    def offer_naming(self, user: User, *, named: bool) -> None:
        """What is asked of whoever may export names; the protocol once the commune has one in force."""
        known = [(one.id, f"{one.number} – {one.recipient}") for one in sharing.in_force(user)]
        offer(self.protocol, known, blank=_("– chọn –"))
        if not named:
            del self.reason, self.password
        if not named or not known:
            del self.protocol

    def asked_period(self) -> Period:
        """The two days if both are given, else the period chosen."""
        if self.first.data and self.last.data:
            return Period(f"{self.first.data}..{self.last.data}", self.first.data, self.last.data)
        return Period.read(self.period.data)

    def asked(self, name: str) -> Any:
        """What was answered, or None where it was not asked."""
        return self[name].data if name in self else None

    def is_allowed(self, user: User) -> bool:
        """Check what goes beyond single fields; the messages stand at the fields."""
        if (self.first.data is None) != (self.last.data is None):
            self.add_error("last" if self.first.data else "first", _("Ghi cả hai ngày, hoặc để trống cả hai"))
        elif self.first.data and self.first.data > self.last.data:
            self.add_error("last", _("Ngày sau phải không trước ngày đầu"))
        elif self.first.data and self.first.data > clock.today():
            self.add_error("first", _("Kỳ này chưa bắt đầu"))
        if self.variant.data is Variant.NAMED:
            self._check_named(user)
        return not self.errors

    def _check_named(self, user: User) -> None:
        if not self.reason.data:
            self.add_error("reason", _("Nhập lý do cần bản có họ tên"))
        if "protocol" in self and self.protocol.data is None:
            self.add_error("protocol", _("Chọn quy chế chuyển dữ liệu"))
        if not self.password.data:
            self.add_error("password", _("Nhập mật khẩu của bạn"))
        elif identity.must_wait(user.username):
            self.add_error("password", _("Gõ sai nhiều lần. Chờ 15 phút rồi thử lại."))
        elif identity.check_password(user.username, self.password.data) is None:
            identity.note_failure(user.username)
            self.add_error("password", _("Mật khẩu không đúng"))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
