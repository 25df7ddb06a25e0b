"""Forms of requests about personal data."""

from typing import Any

from flask_babel import gettext as _, ngettext

from app import access, clock, consents
from app.forms import RecordForm, offer, offer_villages, record_form
from models import (
    Breach,
    Child,
    ConsentGiver,
    LegalHold,
    RequestKind,
    RequestLimit,
    RequestOutcome,
    RetentionRule,
    SharingProtocol,
    SubjectRequest,
    User,
    db,
)


class _PastForm(RecordForm):
    def refuse_wrong_day(self, name: str, request: SubjectRequest | None = None) -> bool:
        """Whether a day is past or today, and not before the request came."""
        day = self[name].data
        if day and day > clock.today():
            self.add_error(name, _("Ở sau bây giờ: chỉ ghi việc đã làm"))
        if day and request is not None and day < request.received_on:
            self.add_error(name, _("Ở trước ngày nhận yêu cầu %(day)s", day=f"{request.received_on:%d/%m/%Y}"))
        return not self.errors


class _RequestRules(_PastForm):
    def fill(self, user: User, child: Child | None) -> "_RequestRules":
        """Offer what was agreed to and may be taken back."""
        given = consents.of_child(user, child) if child is not None else []
        pairs = [(one.id, f"{one.giver.label}: {one.purpose.label}, {one.asked_on:%d/%m/%Y}") for one in given]
        offer(self["consent_id"], pairs, blank=_("– không –"))
        return self

    def check(self, child: Child | None) -> bool:
        """A child asks from seven on, a representative has a name, a withdrawal says of what."""
        received, kind = self["received_on"].data, self["kind"].data
        if self["asker"].data is ConsentGiver.REPRESENTATIVE and not self["asker_name"].data:
            self.add_error("asker_name", _("Nhập họ tên cha, mẹ hoặc người giám hộ yêu cầu"))
        if self["asker"].data is ConsentGiver.CHILD and child is not None and consents.is_too_small(child, received):
            self.add_error("asker", _("Lúc đó trẻ chưa đủ 7 tuổi: người đại diện yêu cầu thay (Luật 91/2025/QH15 Đ24)"))
        if kind is RequestKind.WITHDRAW and self["consent_id"].data is None and len(self["consent_id"].choices) > 1:
            self.add_error("consent_id", _("Chọn ý kiến được rút lại"))
        if kind in (RequestKind.CORRECT, RequestKind.OBJECT) and not self["details"].data:
            self.add_error("details", _("Nhập nội dung yêu cầu: mục nào, sửa hay dừng ra sao"))
        return self.refuse_wrong_day("received_on")


RequestForm: Any = record_form(
    SubjectRequest,
    "kind",
    "asker",
    "asker_name",
    "identity",
    "consent_id",
    "details",
    "received_on",
    base=_RequestRules,
)


class _AnswerRules(_PastForm):
    def check(self, request: SubjectRequest) -> bool:
        """What has not happened is no answer."""
        return self.refuse_wrong_day("answered_on", request)


AnswerForm: Any = record_form(
    SubjectRequest, "answered_on", "answer", base=_AnswerRules, required=("answered_on", "answer")
)


class _ExtendRules(_PastForm):
    def check(self, request: SubjectRequest) -> bool:
        """Once, with a reason."""
        return self.refuse_wrong_day("extended_on", request)


ExtendForm: Any = record_form(
    SubjectRequest,
    "extended_on",
    "extension_reason",
    base=_ExtendRules,
    required=("extended_on", "extension_reason"),
)


class _CloseRules(_PastForm):
    def check(self, request: SubjectRequest) -> bool:
        """Who is refused, even in part, is told why."""
        if self["outcome"].data in (RequestOutcome.PARTLY, RequestOutcome.REFUSED) and not self["outcome_note"].data:
            self.add_error("outcome_note", _("Nhập vì sao không làm hoặc chỉ làm một phần"))
        return self.refuse_wrong_day("closed_on", request)


CloseForm: Any = record_form(
    SubjectRequest, "outcome", "outcome_note", "closed_on", base=_CloseRules, required=("outcome", "closed_on")
)


class _LimitRules(RecordForm):
    def validate(self, extra_validators: Any = None) -> bool:
        """Days that can be meant."""
        valid = super().validate(extra_validators)
        for name, most in (("answer_days", 30), ("done_days", 120), ("extension_days", 120)):
            value = self[name].data
            if value is not None and not (0 if name == "extension_days" else 1) <= value <= most:
                self.add_error(name, ngettext("Nhiều nhất %(num)d ngày", "Nhiều nhất %(num)d ngày", most))
        return valid and not self.errors


RequestLimitForm: Any = record_form(
    RequestLimit, "kind", "starts_on", "answer_days", "done_days", "extension_days", "article", base=_LimitRules
)


class _RuleRules(RecordForm):
    def validate(self, extra_validators: Any = None) -> bool:
        """Years that can be meant."""
        valid = super().validate(extra_validators)
        if self["years"].data is not None and not 1 <= self["years"].data <= 70:
            self.add_error("years", _("Nhập số năm từ 1 đến 70"))
        return valid and not self.errors


RuleForm: Any = record_form(RetentionRule, "years", "source", base=_RuleRules)
HoldForm: Any = record_form(LegalHold, "reason")


class _BreachRules(RecordForm):
    def fill(self, user: User) -> "_BreachRules":
        """Offer villages and accounts to narrow the sheet."""
        offer_villages(self["village_id"], user, _("– cả xã –"))
        people = db.session.scalars(access.visible_users(user)).unique()
        offer(self["user_id"], [(one.id, one.full_name) for one in people], blank=_("– mọi tài khoản –"))
        return self

    def check(self) -> bool:
        """Days in their order; what has not happened was not found."""
        first, last = self["first_on"].data, self["last_on"].data
        if first and last and last < first:
            self.add_error("last_on", _("Ngày sau phải không trước ngày đầu"))
        for name in ("detected_at", "notified_at"):
            if self[name].data and self[name].data > clock.now():
                self.add_error(name, _("Ở sau bây giờ: chỉ ghi việc đã làm"))
        return not self.errors


BreachForm: Any = record_form(
    Breach,
    "detected_at",
    "what",
    "first_on",
    "last_on",
    "village_id",
    "user_id",
    "effects",
    "measures",
    "notified_at",
    "told_on",
    "closed_on",
    base=_BreachRules,
)


class _SharingRules(RecordForm):
    def validate(self, extra_validators: Any = None) -> bool:
        """Days in their order."""
        valid = super().validate(extra_validators)
        starts, ends = self["starts_on"].data, self["ends_on"].data
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("Ngày sau phải không trước ngày đầu"))
        return valid and not self.errors


SharingForm: Any = record_form(
    SharingProtocol,
    "number",
    "recipient",
    "legal_basis",
    "purpose",
    "content",
    "starts_on",
    "ends_on",
    base=_SharingRules,
)
