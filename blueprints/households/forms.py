"""Forms of households."""

from flask_babel import gettext as _, lazy_gettext as _l

from app import clock
from app.forms import BaseForm, NotLonger, RecordForm, Required, TextField, offer_villages, record_form
from models import Household, HouseholdStatus, User, clean


class _HouseholdRules(RecordForm):
    def fill(self, user: User) -> None:
        """Offer the villages in scope."""
        offer_villages(self["village_id"], user, _("– chọn thôn –"))


HouseholdForm = record_form(Household, "head_name", "village_id", "address", "phone", "book_code", base=_HouseholdRules)


class _StatusRules(RecordForm):
    def validate(self, extra_validators: object = None) -> bool:
        """A year of our time."""
        valid = super().validate(extra_validators)
        year = self["year"].data
        if year is not None and not 2000 <= year <= clock.today().year + 1:
            self.add_error("year", _("Năm phải từ 2000 đến %(last)d", last=clock.today().year + 1))
        return valid and not self.errors


StatusForm = record_form(HouseholdStatus, "year", "status", "decision", base=_StatusRules)


class ChooseForm(BaseForm):
    """The head of the household a child belongs to."""

    head_name = TextField(
        _l("Họ và tên chủ hộ"),
        description=_l("Hộ đã có trong thôn thì trẻ vào hộ đó; chưa có thì lập hộ mới."),
        clean=clean.person_name,
        validators=[Required(), NotLonger(120)],
    )
    phone = TextField(_l("Điện thoại của hộ"), clean=clean.phone)
