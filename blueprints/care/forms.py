"""The forms of alternative care."""

from typing import Any

from flask_babel import gettext as _

from app import access, care, clock
from app.forms import RecordForm, offer, offer_villages, record_form
from app.periods import Period
from models import (
    CareDecision,
    CareEnd,
    CareEvaluation,
    CarePlacement,
    CarerListSent,
    CareVisit,
    FosterCarer,
    Provider,
    ProviderKind,
    Role,
    User,
    db,
)


class _PastForm(RecordForm):
    """Only what has happened is recorded."""

    def refuse_future(self, *names: str) -> bool:
        """Whether all these days are past or today."""
        for name in names:
            day = self[name].data
            if day and day > clock.today():
                self.add_error(name, _("Ở sau bây giờ: chỉ ghi việc đã làm"))
        return not self.errors


class _CarerRules(_PastForm):
    def fill(self, user: User) -> "_CarerRules":
        """Offer the villages."""
        offer_villages(self["village_id"], user, _("– chọn thôn –"))
        return self


class _PlacementRules(_PastForm):
    def fill(self, user: User) -> "_PlacementRules":
        """Offer the carers still ready and the facilities."""
        carers = [one for one in care.carers(user) if one.is_active or one.id == self["carer_id"].object_data]
        offer(
            self["carer_id"],
            [(one.id, f"{one.full_name}, {one.village.name}") for one in carers],
            blank=_("– không ghi –"),
        )
        facilities = access.visible_providers(user).where(Provider.kind == ProviderKind.CARE_FACILITY)
        pairs = [(one.id, one.name) for one in db.session.scalars(facilities.order_by(Provider.sort_key, Provider.id))]
        offer(self["provider_id"], pairs, blank=_("– không ghi –"))
        return self


class _DecideRules(_PastForm):
    def check(self, placement: CarePlacement, answer: CareDecision) -> bool:
        """An approval has its number and day, and nothing stands against it; a refusal has a reason."""
        if answer is CareDecision.REFUSED:
            if not self["decision_reason"].data:
                self.add_error("decision_reason", _("Nhập lý do không chấp thuận"))
            return not self.errors
        for name, message in (
            ("decided_on", _("Nhập ngày quyết định")),
            ("decision_number", _("Nhập số quyết định")),
        ):
            if not self[name].data:
                self.add_error(name, message)
        for sentence, article in care.unmet(placement):
            self.add_error("decided_on", f"{sentence} ({article})")
        if care.answers_about(placement).against and not self["decision_reason"].data:
            self.add_error(
                "decision_reason", _("Có người được hỏi chưa đồng ý hoặc đã rút lại: ghi vì sao vẫn giao trẻ em")
            )
        return self.refuse_future("decided_on")


class _HandOverRules(_PastForm):
    def fill(self, user: User, placement: CarePlacement) -> "_HandOverRules":
        """Offer the collaborators of the child's village: others may not know the child."""
        people = db.session.scalars(access.visible_users(user)).unique()
        fitting = [
            one
            for one in people
            if one.is_enabled and Role.COLLABORATOR in one.roles and placement.child.village_id in one.village_ids
        ]
        offer(
            self["collaborator_id"], [(one.id, one.full_name) for one in fitting], blank=_("– công chức tự theo dõi –")
        )
        return self

    def check(self, placement: CarePlacement) -> bool:
        """Not before the decision."""
        day = self["handed_over_on"].data
        if day and placement.decided_on and day < placement.decided_on:
            self.add_error("handed_over_on", _("Ngày giao, nhận ở trước ngày quyết định"))
        self.refuse_second(placement)
        return self.refuse_future("handed_over_on")

    def refuse_second(self, placement: CarePlacement) -> None:
        """A child is with one carer at a time; the database refuses a second one too."""
        running = care.running_of(placement.child)
        if running is not None and running.id != placement.id:
            message = _("Trẻ em đang được chăm sóc theo %(number)s: ghi chấm dứt ở đó trước", number=running.number)
            self.add_error("handed_over_on", message)


class _VisitRules(_PastForm):
    def check(self, placement: CarePlacement) -> bool:
        """While the child is there."""
        day = self["visited_on"].data
        if day and placement.handed_over_on and day < placement.handed_over_on:
            self.add_error("visited_on", _("Ngày thăm ở trước ngày giao, nhận trẻ em"))
        return self.refuse_future("visited_on")


class _EvaluationRules(_PastForm):
    def check(self, placement: CarePlacement) -> bool:
        """While the child is there; reported after it was made (Luật Trẻ em Đ68.2)."""
        made, reported = self["evaluated_on"].data, self["reported_on"].data
        if made and placement.handed_over_on and made < placement.handed_over_on:
            self.add_error("evaluated_on", _("Ngày đánh giá ở trước ngày giao, nhận trẻ em"))
        if made and reported and reported < made:
            self.add_error("reported_on", _("Ngày báo cáo ở trước ngày đánh giá"))
        return self.refuse_future("evaluated_on", "reported_on")


class _EndRules(_PastForm):
    def check(self, user: User, placement: CarePlacement) -> bool:
        """At once and by the officer when the carer harms the child; else by the leader (Luật Trẻ em Đ69; Mẫu 16)."""
        day = self["ended_on"].data
        if day and placement.handed_over_on and day < placement.handed_over_on:
            self.add_error("ended_on", _("Ngày chấm dứt ở trước ngày giao, nhận trẻ em"))
        if self["end_reason"].data is not CareEnd.HARMED and not access.may(user, "care.decide"):
            self.add_error(
                "end_reason", _("Lãnh đạo quyết định việc này; chỉ khi trẻ bị xâm hại thì công chức ghi ngay")
            )
        return self.refuse_future("ended_on")


CarerForm: Any = record_form(
    FosterCarer, "full_name", "born_on", "village_id", "address", "phone", "household_words", "wishes",
    "registered_on", "notified_on", *care.CONDITIONS, "verified_on", "evidence", "is_active", base=_CarerRules,
)  # fmt: skip

PlacementForm: Any = record_form(
    CarePlacement, "form", "carer_id", "provider_id", "nearer_reason", "assessed_on", "situation", "needs", "asked_on",
    "child_opinion", "first_meeting_on", "second_meeting_on", "dossier", base=_PlacementRules,
)  # fmt: skip

DecideForm: Any = record_form(CarePlacement, "decided_on", "decision_number", "decision_reason", base=_DecideRules)
HandOverForm: Any = record_form(
    CarePlacement, "handed_over_on", "collaborator_id", base=_HandOverRules, required=("handed_over_on",)
)
VisitForm: Any = record_form(CareVisit, "visited_on", "observed", "child_words", "proposal", base=_VisitRules)


class _ListSentRules(_PastForm):
    def check(self, period: Period) -> bool:
        """Sent, and not before its quarter began."""
        if self["sent_on"].data and self["sent_on"].data < period.first:
            self.add_error("sent_on", _("Ngày gửi ở trước khi quý bắt đầu"))
        return self.refuse_future("sent_on")


ListSentForm: Any = record_form(CarerListSent, "sent_on", "sent_to", base=_ListSentRules)
EvaluationForm: Any = record_form(
    CareEvaluation, "evaluated_on", "findings", "verdict", "reported_on", base=_EvaluationRules
)
EndForm: Any = record_form(
    CarePlacement, "ended_on", "end_reason", "end_note", "end_number", base=_EndRules,
    required=("ended_on", "end_reason", "end_note"),
)  # fmt: skip
