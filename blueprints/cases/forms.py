"""Forms of concerns and cases."""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice

from app import access, casework, clock, transfers, whole_numbers
from app.deadlines import Deadline
from app.forms import (
    BaseForm,
    ChoiceField,
    NotLonger,
    RadiosField,
    RecordForm,
    Required,
    TextAreaField,
    TextField,
    offer,
    offer_villages,
    optional,
    record_form,
)
from models import (
    BreakGlass,
    Case,
    CasePlan,
    ClosureReason,
    EmergencyMeasure,
    HandOver,
    IntakeReport,
    PlanAction,
    PlanDecision,
    ReferralReply,
    Role,
    SeparationExtension,
    Transfer,
    User,
    clean,
    db,
)


class ChildSearchForm(BaseForm):
    """Words to look for a child of the register, or the child chosen from what was found."""

    words = TextField(_l("Tìm trẻ trong sổ"), validators=[NotLonger(200)])
    child_id = HiddenField()
    report_id = HiddenField()

    def number(self, name: str) -> int | None:
        """A hidden key as a number; None when it is empty or no number."""
        return whole_numbers.read(str(self[name].data or ""), digits=11)


# ── Mẫu 01, in three screens ───────────────────────────────────────────────

WhoForm = record_form(IntakeReport, "child_name", "child_sex", "child_age")


class _WhatRules(RecordForm):
    """Where and what are enough; everything else may be unknown."""

    def fill(self, user: User) -> None:
        """Offer the villages."""
        offer_villages(self["village_id"], user, _("– nơi khác, ghi ở ô dưới –"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a place: a village, or words."""
        valid = super().validate(extra_validators)
        if self["village_id"].data is None and not self["place"].data and not self["village_id"].errors:
            self.add_error("village_id", _("Chọn thôn, hoặc ghi địa điểm"))
        return valid and not self.errors


WhatForm = record_form(
    IntakeReport, "subject", "village_id", "place", "happened", "is_urgent", base=_WhatRules, required=["happened"]
)


class _ReceivedRules(RecordForm):
    """The time from which the law counts cannot lie ahead."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a time of receipt after now."""
        valid = super().validate(extra_validators)
        received_at = self["received_at"].data if "received_at" in self else None
        if received_at is not None and received_at > clock.now():
            self.add_error("received_at", _("Thời gian nhận thông tin ở sau bây giờ"))
        return valid and not self.errors


InformantForm = record_form(IntakeReport, "channel", "informant_name", "informant_phone", base=_ReceivedRules)
OfficerInformantForm = record_form(
    IntakeReport, "received_at", "channel", "informant_name", "informant_phone", base=_ReceivedRules
)


class _WholeReportRules(_ReceivedRules):
    def fill(self, user: User) -> None:
        """Offer the villages."""
        offer_villages(self["village_id"], user, _("– chưa rõ –"))


#: The whole of Mẫu 01 but the informant, for the officer.
WholeReportForm = record_form(
    IntakeReport,
    "received_at",
    "channel",
    "hotline_code",
    "subject",
    "child_name",
    "child_sex",
    "child_age",
    "village_id",
    "place",
    "happened",
    "is_urgent",
    "likely_harm",
    "father_words",
    "mother_words",
    "family_words",
    "caregiver_words",
    "actions_taken",
    base=_WholeReportRules,
)

#: Mẫu 01, mục 3, on a page of its own: who reported is confidential too (NĐ 56/2017 Đ24.1).
WholeInformantForm = record_form(
    IntakeReport, "is_anonymous", "informant_name", "informant_phone", "informant_address", "informant_note"
)


class AnswerForm(BaseForm):
    """The officer's word to whoever reported."""

    answer = TextAreaField(
        _l("Trả lời người báo tin"),
        clean=clean.multiline,
        description=_l("Người báo tin đọc được câu này. Không ghi chi tiết của vụ việc."),
        validators=[Required(), NotLonger(1000)],
    )


# ── The case ───────────────────────────────────────────────────────────────


class _CaseRules(_ReceivedRules):
    def fill(self, user: User) -> None:
        """Offer villages, officers and collaborators of the commune."""
        offer_villages(self["village_id"], user, _("– chưa rõ –"))
        people = db.session.scalars(access.visible_users(user)).unique().all()
        for name, role in (("assigned_to_id", Role.OFFICER), ("collaborator_id", Role.COLLABORATOR)):
            kept = getattr(self.record, name, None)
            fitting = [one for one in people if one.id == kept or (role in one.roles and one.is_enabled)]
            offer(self[name], [(one.id, one.full_name) for one in fitting], blank=_("– chưa phân công –"))


CaseForm = record_form(
    Case,
    "received_at",
    "subject",
    "abuse_form",
    "village_id",
    "assigned_to_id",
    "collaborator_id",
    "perpetrator",
    "perpetrator_relation",
    "note",
    base=_CaseRules,
)


class MeasureRules(RecordForm):
    """A separation is decided for no longer than the law allows, unless an authority requires it (NĐ 56/2017 Đ32.3)."""

    def check_limit(self, case: Case, measure: EmergencyMeasure) -> bool:
        """Whether its end keeps the 15 days in all; tells the last day at the field."""
        until, started = self["separated_until"].data, self["started_at"].data
        if not (self["is_separation"].data and until and started) or self["beyond_reason"].data:
            return True
        limit = casework.separation_limit_of(case, measure, clock.local_date(started))
        if until > limit.due_on:
            self.add_error("separated_until", beyond(limit))
        if until < clock.local_date(started):
            self.add_error("separated_until", _("Ngày hết cách ly ở trước ngày bắt đầu"))
        return not self.errors


def beyond(limit: Deadline) -> str:
    """What the law allows, in one sentence."""
    told = {"day": f"{limit.due_on:%d/%m/%Y}", "article": limit.article}
    return _("Quá 15 ngày: tổng cộng chỉ được đến %(day)s (%(article)s)", **told)


class _ExtensionRules(RecordForm):
    def check(self, case: Case, measure: EmergencyMeasure) -> bool:
        """Later than before, decided while it runs, and within the 15 days in all (NĐ 56/2017 Đ32.3)."""
        until, decided = self["until"].data, self["decided_on"].data
        started, limit = clock.local_date(measure.started_at), casework.separation_limit_of(case, measure)
        others = [one.until for one in measure.extensions if one is not self.record]
        latest = max([day for day in (measure.separated_until, *others) if day], default=started)
        if until and until <= latest:
            self.add_error("until", _("Gia hạn phải sau ngày %(day)s", day=f"{latest:%d/%m/%Y}"))
        if until and until > limit.due_on and not self["authority"].data:
            self.add_error("until", beyond(limit))
        if decided and decided > clock.today():
            self.add_error("decided_on", _("Ở sau bây giờ: chỉ ghi việc đã làm"))
        if decided and decided < started:
            self.add_error("decided_on", _("Ngày quyết định ở trước ngày bắt đầu cách ly"))
        return not self.errors


ExtensionForm: Any = record_form(
    SeparationExtension, "decided_on", "decision_number", "until", "reason", "authority", base=_ExtensionRules
)


class _ClosingRules(RecordForm):
    """A case is closed for a reason, and none is chosen beforehand."""

    closure_reason = ChoiceField(
        _l("Lý do kết thúc"),
        choices=[SelectChoice("", _l("– chưa chọn –")), *(SelectChoice(one, one.label) for one in ClosureReason)],
        coerce=optional(ClosureReason),
        validators=[Required()],
    )


CloseForm = record_form(Case, "closure_note", base=_ClosingRules)
ReopenForm = record_form(Case, "reopening_reason", required=["reopening_reason"])


class _PeopleRules(RecordForm):
    def fill(self, user: User, but_id: int | None) -> None:
        """Offer the other officers of the commune."""
        people = db.session.scalars(access.visible_users(user)).unique()
        fitting = [one for one in people if one.is_enabled and Role.OFFICER in one.roles and one.id != but_id]
        offer(self["to_user_id"], [(one.id, one.full_name) for one in fitting], blank=_("– chưa chọn –"))


HandOverForm: Any = record_form(HandOver, "to_user_id", "note", base=_PeopleRules)
HandOverAllForm: Any = record_form(HandOver, "to_user_id", "note", base=_PeopleRules)
LookForm: Any = record_form(BreakGlass, "reason")


class MemberForm(BaseForm):
    """Who joins the team."""

    user_id = ChoiceField(_l("Người trong nhóm"), coerce=optional(int), validators=[Required()])

    def fill(self, people: list[User]) -> None:
        """Offer officers and leaders who are not in it yet."""
        offer(self.user_id, [(one.id, one.full_name) for one in people], blank=_("– chưa chọn –"))


class _SendingRules(RecordForm):
    password = TextField(
        _l("Mật khẩu của tệp"),
        description=_l("Ít nhất 10 ký tự. Đọc cho xã nhận qua điện thoại, không gửi kèm tệp."),
        validators=[Required(), NotLonger(200)],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """A password that is not guessed at once."""
        valid = super().validate(extra_validators)
        password = self["password"].data
        if password and len(password) < transfers.SHORTEST_PASSWORD:
            self.add_error("password", _("Mật khẩu cần ít nhất 10 ký tự"))
        return valid and not self.errors


SendForm: Any = record_form(Transfer, "other_commune", "reason", base=_SendingRules)


class _ReceiptRules(RecordForm):
    def validate(self, extra_validators: Any = None) -> bool:
        """Signed, and not ahead of today."""
        valid = super().validate(extra_validators)
        if self["receipt_on"].data and self["receipt_on"].data > clock.today():
            self.add_error("receipt_on", _("Ở sau bây giờ: chỉ ghi việc đã làm"))
        return valid and not self.errors


ReceiptForm: Any = record_form(
    Transfer, "receipt_on", "receipt_by", base=_ReceiptRules, required=["receipt_on", "receipt_by"]
)


class ReceiveForm(BaseForm):
    """Another commune's package and its password."""

    file = FileField(_l("Tệp hồ sơ"), validators=[Required()])
    password = TextField(_l("Mật khẩu của tệp"), validators=[Required(), NotLonger(200)])


class ReferralRules(RecordForm):
    """A reply has a day, and does not come before the letter."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the day of a reply; refuse one before the letter."""
        valid = super().validate(extra_validators)
        sent, replied, reply = self["referred_on"].data, self["replied_on"].data, self["reply"].data
        if reply not in (None, ReferralReply.WAITING) and replied is None and not self["replied_on"].errors:
            self.add_error("replied_on", _("Ghi ngày trả lời"))
        if sent and replied and replied < sent:
            self.add_error("replied_on", _("Ngày trả lời ở trước ngày chuyển"))
        if sent and self["reply_due_on"].data and self["reply_due_on"].data < sent:
            self.add_error("reply_due_on", _("Hạn trả lời ở trước ngày chuyển"))
        return valid and not self.errors


# ── Plans ──────────────────────────────────────────────────────────────────


class _PeriodRules(RecordForm):
    def validate(self, extra_validators: Any = None) -> bool:
        """The end is not before the beginning."""
        valid = super().validate(extra_validators)
        if "ends_on" not in self:
            return valid
        starts_on, ends_on = self["starts_on"].data, self["ends_on"].data
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("Ngày kết thúc ở trước ngày bắt đầu"))
        return valid and not self.errors


PlanForm = record_form(CasePlan, "goal", "starts_on", "ends_on", "facilities", base=_PeriodRules)
ActionForm = record_form(
    PlanAction, "description", "responsible", "starts_on", "ends_on", "budget", "done_on", base=_PeriodRules
)


class _DecisionRules(RecordForm):
    decision = RadiosField(
        _l("Quyết định"),
        choices=[SelectChoice(one, one.label) for one in (PlanDecision.APPROVED, PlanDecision.REFUSED)],
        coerce=optional(PlanDecision),
        validators=[Required()],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self["decision"].data is PlanDecision.WAITING:
            self["decision"].data = None

    def validate(self, extra_validators: Any = None) -> bool:
        """A refusal says why."""
        valid = super().validate(extra_validators)
        if self["decision"].data is PlanDecision.REFUSED and not self["decision_note"].data:
            self.add_error("decision_note", _("Nhập lý do không phê duyệt"))
        return valid and not self.errors


DecisionForm = record_form(CasePlan, "decision_number", "decision_note", base=_DecisionRules)
