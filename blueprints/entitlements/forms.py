"""The form of a base amount."""

from typing import Any

from flask_babel import gettext as _

from app.entitlements import bases
from app.forms import RecordForm, record_form
from models import AllowanceBase, User


class _BaseRules(RecordForm):
    """What the form of a base amount checks beyond single fields."""

    user: User

    def validate(self, extra_validators: Any = None) -> bool:
        """More than nothing, and one amount of one's own for one day."""
        valid = super().validate(extra_validators)
        starts_on, amount = self["starts_on"].data, self["amount"].data
        if amount is not None and not 1_000 <= amount <= 100_000_000:
            self.add_error("amount", _("Nhập mức chuẩn hằng tháng bằng đồng, ví dụ 500.000"))
        if starts_on is not None and bases.is_taken(self.user, starts_on, but_id=getattr(self.record, "id", None)):
            self.add_error("starts_on", _("Đã có mức riêng áp dụng từ ngày này"))
        return valid and not self.errors


BaseAmountForm = record_form(AllowanceBase, "starts_on", "amount", "source", base=_BaseRules)
