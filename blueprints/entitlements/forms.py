"""The forms of a base amount, and of an answer about a right."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from app import clock
from app.entitlements import bases
from app.forms import RecordForm, offer, record_form
from models import AllowanceBase, EntitlementAnswer, Right, User


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


class _AnswerRules(RecordForm):
    def validate(self, extra_validators: Any = None) -> bool:
        """What has not happened is no answer."""
        valid = super().validate(extra_validators)
        answered_on = self["answered_on"].data
        if answered_on is not None and answered_on > clock.today():
            self.add_error("answered_on", _("Ngày trả lời ở sau hôm nay"))
        return valid and not self.errors

    def offer_rights(self, rights: Sequence[Right]) -> None:
        """The rights that may be answered; on a fresh form the first of them is chosen."""
        offer(self["right"], [(right, right.label) for right in rights], blank=_l("– chọn quyền lợi –"))
        if not self.is_submitted() and rights:
            self["right"].data = rights[0]


AnswerForm = record_form(EntitlementAnswer, "right", "verdict", "reason", "answered_on", base=_AnswerRules)
#: Which right an answer is about does not change.
AnswerChangeForm = record_form(EntitlementAnswer, "verdict", "reason", "answered_on", base=_AnswerRules)
