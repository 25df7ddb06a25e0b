"""The made-up concerns and cases, at every step of the procedure, some on time and some overdue."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain, islice
from random import Random
from typing import Any

from sqlalchemy import inspect

from app import clock, procedure, saving
from app.demo import names, stories
from app.demo.acting import acting
from app.demo.population import Home, Kid, age
from app.demo.statuses import Staff
from app.demo.stories import Story, Text
from models import (
    Case,
    CaseConference,
    CaseMember,
    CasePlan,
    CaseReview,
    Channel,
    ClosureReason,
    ComprehensiveAssessment,
    EmergencyMeasure,
    FollowUp,
    FundingSource,
    InitialAssessment,
    IntakeReport,
    PlanAction,
    PlanDecision,
    Programme,
    ReportState,
    Risk,
    Service,
    ServiceKind,
    ServiceOutcome,
    Sex,
    Subject,
    User,
    db,
)

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def make(chance: Random, today: date, homes: list[Home], staff: Staff, providers: Sequence[int]) -> None:
    """Every story of stories.py once, further closed cases in a larger commune, and reports that are no case."""
    kids = [kid for home in homes for kid in home.here(today)]
    maker = _Maker(chance, kids, staff, providers, today)
    finished = [story for story in stories.STORIES if story.reach == "closed"]
    more = [
        replace(chance.choice(finished), began=timedelta(days=chance.randrange(150, 700)), near=False)
        for _case in range(len(kids) // 250)
    ]
    for story in sorted([*stories.STORIES, *more], key=lambda story: story.began, reverse=True):
        maker.tell(story)
    for loose in stories.LOOSE_REPORTS:
        maker.report_loosely(*loose)
    db.session.flush()


class _Maker:
    """Writes the cases of one commune."""

    def __init__(self, chance: Random, kids: list[Kid], staff: Staff, providers: Sequence[int], today: date) -> None:
        self.chance = chance
        self.kids = kids
        self.staff = staff
        self.providers = providers
        self.today = today
        self.commune_id: int = db.session.info["commune_id"]
        self.officer = db.session.get_one(User, staff.officer_id)
        self.taken: set[int] = set()
        self.by_kind: dict[str, list[Kid]] = {}
        for kid in kids:
            for code in kid.kinds:
                self.by_kind.setdefault(code, []).append(kid)

    # ── Reports ────────────────────────────────────────────────────────────

    def _kid(self, text: Text, near: bool, began: timedelta) -> Kid:
        """A child the text may be about, not yet in another story, and already at school age when it began."""
        first = list(self.staff.collaborators)[:2]

        def fits(kid: Kid) -> bool:
            years = age(kid, self.today - began)
            return kid.id not in self.taken and years >= 6 and (not near or kid.home.village_id in first)

        start = self.chance.randrange(len(self.kids))
        anybody = chain(islice(self.kids, start, None), islice(self.kids, start))
        about = chain.from_iterable(self.by_kind.get(code, ()) for code in text.about)
        kid = next(chain(filter(fits, about), (kid for kid in anybody if not kid.kinds and fits(kid))))
        self.taken.add(kid.id)
        return kid

    def _report(
        self, text: Text, kid: Kid | None, near: bool, at: datetime, channel: Channel, state: ReportState
    ) -> IntakeReport:
        villages = list(self.staff.collaborators)
        village = kid.home.village_id if kid else villages[0 if near else self.chance.randrange(2, len(villages))]
        by = self.staff.collaborators[village]
        anonymous = self.chance.random() < 0.35
        report: IntakeReport = self._record(
            IntakeReport,
            at,
            by=by,
            reported_by_id=by,
            received_at=at,
            sent_at=None if state is ReportState.DRAFT else at + timedelta(minutes=20),
            state=state,
            channel=channel,
            subject=text.subject,
            child_id=kid.id if kid else None,
            child_name=kid.name if kid else None,
            child_sex=kid.sex if kid else self.chance.choice([Sex.MALE, Sex.UNKNOWN]),
            child_age=None if kid else "khoảng 9 tuổi",
            village_id=village,
            place=text.place,
            happened=text.happened,
            is_urgent=text.subject is Subject.ABUSED and text is stories.TEXTS[0],
            is_anonymous=anonymous,
            informant_name=None if anonymous else names.woman_name(self.chance),
            informant_phone=None if anonymous else names.phone(self.chance),
        )
        return report

    def report_loosely(
        self, state: ReportState, hours: float, text_number: int, channel: Channel, near: bool, has_child: bool
    ) -> None:
        """A report without a case: a draft, one that waits for the officer, or one that was answered."""
        text, began = stories.TEXTS[text_number], hours * _HOUR
        kid = self._kid(text, near, began) if has_child else None
        report = self._report(text, kid, near, clock.now() - began, channel, state)
        if report.state is ReportState.ANSWERED:
            report.answered_by_id = self.officer.id
            report.answered_at = report.received_at + 9 * _HOUR
            report.answer = (
                "Đã gặp gia đình cùng trưởng thôn. Chưa đến mức lập hồ sơ; nhờ chị để ý và báo lại nếu có gì mới."
            )
            if hours > 100:
                report.answer_seen_at = report.answered_at + _DAY

    # ── Cases ──────────────────────────────────────────────────────────────

    def tell(self, story: Story) -> None:
        """One case, as far as its story has come."""
        text = stories.TEXTS[story.text]
        received = clock.now() - story.began
        kid = self._kid(text, story.near, story.began) if story.has_child else None
        channel = self.chance.choice([Channel.IN_PERSON, Channel.PHONE, Channel.OTHER_PERSON, Channel.HOTLINE])
        report = self._report(text, kid, story.near, received, channel, ReportState.OPENED)
        case = self._open(text, kid, report, story)
        unfounded = story.closure is ClosureReason.UNFOUNDED
        if story.has("assessed"):
            self._assess(case, story)
        if story.has("examined"):
            self._examine(case, story)
        if story.has("met") and not unfounded:
            self._meet(case)
        if story.has("planned") and not unfounded:
            self._plan(case, text, story)
        if story.has("followed") and not unfounded:
            self._follow(case, story)
        if story.has("reviewed") and not unfounded:
            self._review(case, story)
        if story.has("closed"):
            self._close(case, story)

    def _at(self, case: Case, days: float, story: Story | None = None) -> datetime:
        """So long after receipt, later when the story goes late, never after now."""
        late = 1.8 if story is not None and story.late else 1
        return min(case.received_at + days * late * _DAY, clock.now() - _MINUTE)

    def _record(self, model: Any, at: datetime, by: int | None = None, **values: Any) -> Any:
        """Store a record as made by somebody at some time."""
        by = by or self.officer.id
        if "recorded_by_id" in inspect(model).columns:
            values["recorded_by_id"] = by
        record = model(commune_id=self.commune_id, created_at=at, updated_at=at, **values)
        with acting(by, at):
            db.session.add(record)
        return record

    def _open(self, text: Text, kid: Kid | None, report: IntakeReport, story: Story) -> Case:
        year = clock.local_date(report.received_at).year
        opened_at = report.received_at + _HOUR
        case: Case = self._record(
            Case,
            opened_at,
            number=f"VV-{year}-{saving.next_number(self.commune_id, f'case-{year}'):04d}",
            opened_at=opened_at,
            opened_by_id=self.officer.id,
            report_id=report.id,
            received_at=report.received_at,
            subject=text.subject,
            abuse_form=text.abuse,
            child_id=kid.id if kid else None,
            village_id=report.village_id,
            assigned_to_id=self.officer.id,
            collaborator_id=report.reported_by_id if story.has("decided") else None,
            perpetrator=text.perpetrator,
            perpetrator_relation=stories.relation_of(text),
        )
        db.session.flush()
        self._record(CaseMember, opened_at, case_id=case.id, user_id=self.officer.id)
        return case

    def _assess(self, case: Case, story: Story) -> None:
        at = self._at(case, 1.3 if story.late else 0.2)
        items = [*procedure.INITIAL_HARM, *procedure.INITIAL_PROTECTION]
        self._record(
            InitialAssessment,
            at,
            case_id=case.id,
            assessed_at=at,
            levels={item.code: self.chance.choice([story.risk, Risk.MEDIUM]).value for item in items},
            risk=story.risk,
            conclusion="Đã gặp trẻ và gia đình cùng trưởng thôn.",
            is_emergency=bool(story.emergency),
        )
        if story.emergency in ("measure", "separation"):
            self._protect(case, story, self._at(case, 0.3))

    def _protect(self, case: Case, story: Story, at: datetime) -> None:
        separated = story.emergency == "separation"
        began = clock.local_date(at)
        self._record(
            EmergencyMeasure,
            at,
            case_id=case.id,
            started_at=at,
            measure="Đưa trẻ đến nơi an toàn, khám tại trạm y tế, công an xã giữ vật chứng."
            if separated
            else "Công an xã và trạm y tế đến ngay; trẻ được khám, được người thân ở cùng.",
            is_separation=separated,
            decision_number=f"{self.chance.randrange(10, 90)}/QĐ-UBND" if separated else None,
            safe_place="Nhà bà ngoại của trẻ" if separated else None,
            separated_until=began + 15 * _DAY if separated else None,
            ended_on=began + 12 * _DAY if separated and story.has("closed") else None,
        )

    def _examine(self, case: Case, story: Story) -> None:
        at = self._at(case, 1.5, story)
        self._record(
            ComprehensiveAssessment,
            at,
            case_id=case.id,
            assessed_on=clock.local_date(at),
            condition="Sức khỏe ổn định, còn lo lắng, ngủ chưa ngon.",
            family="Cha mẹ làm ruộng và làm thuê; họ hàng ở gần sẵn sàng giúp đỡ.",
            risk_factors="Gia đình túng thiếu, người lớn chưa biết cách dạy con.",
            learning="Đang học đúng tuổi, học lực trung bình.",
            community="Hàng xóm và nhà trường quan tâm.",
            needs="Tư vấn cho gia đình; theo dõi sức khỏe; giúp đỡ việc học.",
            child_wishes="Muốn được ở nhà và đi học.",
            parent_wishes="Mong được hướng dẫn cách nuôi dạy con." if story.text not in (0, 1) else None,
            risk=story.risk,
        )

    def _meet(self, case: Case) -> None:
        at = self._at(case, 3)
        self._record(
            CaseConference,
            at,
            case_id=case.id,
            held_on=clock.local_date(at),
            chair="Chủ tịch UBND xã",
            participants="Công an xã, Trạm Y tế, Hội Liên hiệp Phụ nữ, nhà trường, trưởng thôn, đại diện gia đình",
            minutes="Thống nhất nhu cầu của trẻ và phân công xây dựng kế hoạch hỗ trợ, can thiệp.",
        )

    def _plan(self, case: Case, text: Text, story: Story) -> None:
        submitted = self._at(case, 4.5, story)
        starts_on = clock.local_date(case.received_at + 7 * _DAY)
        plan: CasePlan = self._record(
            CasePlan,
            submitted,
            case_id=case.id,
            submitted_at=submitted,
            goal=text.goal,
            starts_on=starts_on,
            ends_on=starts_on + 90 * _DAY,
        )
        if story.has("decided"):
            self._decide(plan, story, min(submitted + (4 if story.late else 1) * _DAY, clock.now() - _MINUTE))
        done_at = self._at(case, 40) if story.has("followed") and not story.late else None
        for description, responsible, cost in text.actions:
            action = self._record(
                PlanAction,
                submitted,
                plan_id=plan.id,
                description=description,
                responsible=responsible,
                starts_on=plan.starts_on,
                ends_on=plan.ends_on,
                budget=cost or None,
                done_on=clock.local_date(done_at) if done_at else None,
            )
            if plan.decision is PlanDecision.APPROVED and case.child_id is not None:
                self._serve(case, action, plan.decided_at or submitted)

    def _decide(self, plan: CasePlan, story: Story, at: datetime) -> None:
        with acting(self.staff.leader_id, at):
            plan.decision = PlanDecision.REFUSED if story.refused else PlanDecision.APPROVED
            plan.decided_at = plan.updated_at = at
            plan.decided_by_id = self.staff.leader_id
            if story.refused:
                plan.decision_note = "Ghi rõ người theo dõi và nguồn kinh phí rồi trình lại."
            else:
                plan.decision_number = f"{self.chance.randrange(10, 300)}/QĐ-UBND"

    def _serve(self, case: Case, action: PlanAction, at: datetime) -> None:
        kinds = {
            "Trị": ServiceKind.PSYCHOLOGY,
            "Khá": ServiceKind.HEALTH,
            "Trợ": ServiceKind.LEGAL,
            "The": ServiceKind.EDUCATION,
        }
        self._record(
            Service,
            at,
            child_id=case.child_id,
            case_id=case.id,
            action_id=action.id,
            provider_id=self.chance.choice(self.providers),
            kind=kinds.get(action.description[:3], ServiceKind.COUNSELLING),
            description=action.description,
            programme=Programme.ABUSE,
            requested_on=clock.local_date(at),
            due_on=action.ends_on,
            started_on=min(action.starts_on or self.today, self.today),
            done_on=action.done_on,
            outcome=ServiceOutcome.DONE if action.done_on else ServiceOutcome.OPEN,
            cost=action.budget,
            funding=FundingSource.STATE if action.budget else FundingSource.NONE,
        )

    def _follow(self, case: Case, story: Story) -> None:
        visits = [days for days in (20, 38, 66) if days * _DAY <= story.began]
        for number, days in enumerate(visits):
            at = self._at(case, days)
            is_last = number == len(visits) - 1
            self._record(
                FollowUp,
                at,
                by=case.collaborator_id,
                case_id=case.id,
                visited_on=clock.local_date(at),
                observed="Trẻ khỏe, đi học đều; gia đình thực hiện đúng điều đã thống nhất."
                if is_last and not story.late
                else "Trẻ còn ít nói; gia đình đã bớt căng thẳng.",
                is_safe=not story.late,
                next_visit_on=None
                if is_last and story.has("reviewed")
                else clock.local_date(at) + (7 if story.late else 30) * _DAY,
            )

    def _review(self, case: Case, story: Story) -> None:
        at = self._at(case, 99)
        risk = Risk.LOW if story.can_close else Risk.MEDIUM
        items = [*procedure.REVIEW_HARM, *procedure.REVIEW_PROTECTION]
        self._record(
            CaseReview,
            at,
            case_id=case.id,
            reviewed_on=clock.local_date(at),
            levels={item.code: risk.value for item in items},
            risk=risk,
            conclusion="Trẻ đã ổn định, đề nghị kết thúc."
            if story.can_close
            else "Còn nguy cơ, đề nghị tiếp tục theo dõi và lập kế hoạch mới.",
            can_close=story.can_close,
        )

    def _close(self, case: Case, story: Story) -> None:
        at = self._at(case, 6 if story.closure is ClosureReason.UNFOUNDED else 104)
        with acting(self.staff.leader_id, at):
            case.closed_at = case.updated_at = at
            case.closed_by_id = self.staff.leader_id
            case.closure_reason = story.closure
            case.closure_note = "Đã thông báo cho gia đình và trưởng thôn."
        if story.reach == "reopened":
            again = clock.now() - 4 * _DAY
            with acting(self.officer.id, again):
                case.reopened_at = case.updated_at = again
                case.reopening_reason = "Nhà trường báo trẻ lại nghỉ học và có vết thương mới."
                case.closed_at = None
