"""Who may do what, and which records each person may see. The only file that selects protected records.

`PERMISSIONS` is the table of design.md §2. A view names its permission with
`@requires("case.edit")` or `@public`; a view with neither is refused. Every query
of a protected record starts at `visible_…(user)`; one record through `get_…(user, id)`,
which answers 404 when it is out of scope, because existence is itself a secret.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, TypeVar

from flask import abort
from flask_login import current_user
from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from app import clock
from app.permissions import PERMISSIONS, READERS
from models import (
    Allowance,
    AllowanceBasis,
    Attachment,
    AttachmentSlot,
    BreakGlass,
    BulkAct,
    BulkLine,
    CarePlacement,
    Case,
    CaseMember,
    Child,
    ChildList,
    Circumstance,
    CircumstanceKind,
    Consent,
    ConsentPurpose,
    Disability,
    EntitlementAnswer,
    Export,
    FosterCarer,
    Household,
    ImportBatch,
    Incident,
    IntakeReport,
    Job,
    Merge,
    Movement,
    PeriodReport,
    PeriodReportState,
    Provider,
    Relative,
    ReportState,
    ReviewItem,
    Right,
    Role,
    Sensitivity,
    SentFigures,
    Service,
    ServiceBatch,
    SubjectRequest,
    User,
    UserRole,
    UserVillage,
    Village,
    db,
)

_C, _O, _L = Role.COLLABORATOR, Role.OFFICER, Role.LEADER
View = TypeVar("View", bound=Callable[..., Any])


def signed_in_user() -> User:
    """The person signed in; only for views that require a permission."""
    user: User = current_user._get_current_object()
    return user


def may(user: User, permission: str) -> bool:
    """Whether somebody holds a permission. Raises KeyError for one that does not exist."""
    return bool(PERMISSIONS[permission] & user.roles)


def may_read(user: User, sensitivity: Sensitivity) -> bool:
    """Whether somebody may read fields of this sensitivity in records within her scope."""
    return bool(READERS[sensitivity] & user.roles)


def requires(permission: str) -> Callable[[View], View]:
    """Mark a view with the permission it needs. Checked here, and again before each request that some mark exists."""
    PERMISSIONS[permission]

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not may(signed_in_user(), permission):
                abort(403)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return mark


def public(view: View) -> View:
    """Mark a view as open to everybody, signed in or not."""
    view.permission = None  # type: ignore[attr-defined]
    return view


# ── Scope ──────────────────────────────────────────────────────────────────


class Scope(NamedTuple):
    """All of a person that decides which records she sees: a question put together for it may be kept for who has the same."""

    user_id: int | None
    commune_id: int
    roles: frozenset[Role]
    village_ids: frozenset[int]

    @classmethod
    def of(cls, user: User) -> "Scope":
        """The scope somebody has now."""
        return cls(user.id, user.commune_id, user.roles, user.village_ids)

    def person(self) -> User:
        """Somebody who has it, to put a question together for. Nobody in person, never stored."""
        return User(
            id=self.user_id,
            commune_id=self.commune_id,
            roles_held=[UserRole(role=role) for role in self.roles],
            villages_held=[UserVillage(village_id=village_id) for village_id in self.village_ids],
        )


def commune_reader(commune_id: int) -> User:
    """The eyes with which figures and workbooks are made: the whole commune, whoever asks.

    What leaves is limited by the surface (app/indicators.py, app/workbooks), which asks for its own permission first.
    """
    return Scope(None, commune_id, frozenset({_O}), frozenset()).person()


def sees_whole_commune(user: User) -> bool:
    """Officer and leader: every child and case of their commune."""
    return bool(user.roles & {_O, _L})


def village_condition(user: User, village_id: Any) -> ColumnElement[bool]:
    """The condition that a record's village lies in a person's scope (the commune is checked apart)."""
    if sees_whole_commune(user):
        return true()
    if _C in user.roles:
        return village_id.in_(sorted(user.village_ids))
    return false()


def _in_commune(user: User, model: Any) -> ColumnElement[bool]:
    return model.commune_id == user.commune_id


def visible_villages(user: User) -> Select[Village]:
    """The villages somebody works in, in the commune's order. Figures readers see all names."""
    condition = true() if may(user, "figures.show") else village_condition(user, Village.id)
    if may(user, "user.edit"):
        condition = true()
    return select(Village).where(_in_commune(user, Village), condition).order_by(Village.position, Village.id)


def visible_children(user: User) -> Select[Child]:
    """The children somebody may see: of her commune, of her villages; not those taken out of the register."""
    return select(Child).where(
        _in_commune(user, Child), Child.removed_at.is_(None), village_condition(user, Child.village_id)
    )


def visible_households(user: User) -> Select[Household]:
    """The households of the villages in scope."""
    return select(Household).where(_in_commune(user, Household), village_condition(user, Household.village_id))


_seen = aliased(Child)


def _of_visible_child(user: User, model: Any) -> ColumnElement[bool]:
    # Asked child by child: with IN, the keys of the whole commune would be listed for each question.
    is_hers = (_in_commune(user, _seen), _seen.removed_at.is_(None), village_condition(user, _seen.village_id))
    return and_(_in_commune(user, model), exists().where(_seen.id == model.child_id, *is_hers).correlate(model))


def visible_relatives(user: User) -> Select[Relative]:
    """Relatives of the children in scope."""
    return select(Relative).where(_of_visible_child(user, Relative))


def visible_movements(user: User) -> Select[Movement]:
    """Movements of the children in scope."""
    return select(Movement).where(_of_visible_child(user, Movement))


def readable_kind(user: User) -> ColumnElement[bool]:
    """The condition that a CircumstanceKind may be known to somebody (HIV, sexual abuse and offences may not)."""
    readable = [level for level in Sensitivity if may_read(user, level)]
    return CircumstanceKind.sensitivity.in_(readable)


def visible_kinds(user: User) -> Select[CircumstanceKind]:
    """The circumstance list as far as somebody may use it, in legal order."""
    return (
        select(CircumstanceKind)
        .where(
            or_(CircumstanceKind.commune_id.is_(None), CircumstanceKind.commune_id == user.commune_id),
            readable_kind(user),
        )
        .order_by(CircumstanceKind.position, CircumstanceKind.code)
    )


def visible_circumstances(user: User) -> Select[Circumstance]:
    """Circumstances of the children in scope that somebody may know of."""
    kinds = select(CircumstanceKind.code).where(readable_kind(user)).scalar_subquery()
    return select(Circumstance).where(_of_visible_child(user, Circumstance), Circumstance.kind_code.in_(kinds))


def visible_disabilities(user: User) -> Select[Disability]:
    """Disabilities of the children in scope."""
    return select(Disability).where(_of_visible_child(user, Disability))


def visible_incidents(user: User) -> Select[Incident]:
    """Accidents and injuries of the children in scope."""
    return select(Incident).where(_of_visible_child(user, Incident))


def visible_child_lists(user: User) -> Select[ChildList]:
    """The lists somebody built for herself."""
    return select(ChildList).where(_in_commune(user, ChildList), ChildList.user_id == user.id).order_by(ChildList.id)


def visible_allowances(user: User) -> Select[Allowance]:
    """Allowances of the children in scope; the one paid for HIV only to those who may know."""
    secret = true() if may_read(user, Sensitivity.HIV) else Allowance.basis != AllowanceBasis.K3
    return select(Allowance).where(_of_visible_child(user, Allowance), secret)


def visible_entitlement_answers(user: User) -> Select[EntitlementAnswer]:
    """What was answered about the rights of the children in scope, for who works with the lists; HIV as for allowances."""
    listed = true() if may(user, "entitlement.list") else false()
    secret = true() if may_read(user, Sensitivity.HIV) else EntitlementAnswer.right != Right.K3
    return select(EntitlementAnswer).where(_of_visible_child(user, EntitlementAnswer), listed, secret)


def visible_reports(user: User) -> Select[IntakeReport]:
    """Intake reports: all that were sent for officer and leader, one's own for a collaborator; drafts only one's own."""
    own = IntakeReport.reported_by_id == user.id
    sent = and_(IntakeReport.state != ReportState.DRAFT, true() if sees_whole_commune(user) else false())
    return select(IntakeReport).where(_in_commune(user, IntakeReport), or_(own, sent))


def visible_cases(user: User) -> Select[Case]:
    """Cases: the commune's for officer and leader; for a collaborator those she reported or follows."""
    reported = exists().where(IntakeReport.id == Case.report_id, IntakeReport.reported_by_id == user.id)
    own = or_(Case.collaborator_id == user.id, reported) if _C in user.roles else false()
    return select(Case).where(_in_commune(user, Case), true() if sees_whole_commune(user) else own)


class OutsideTeam(Exception):
    """A case in scope whose particulars only its team may know; its page asks for a reason (blueprints/cases)."""

    def __init__(self, case: Case) -> None:
        super().__init__(case.id)
        self.case = case


def knows_case(user: User, case: Case, looks_in: bool | None = None) -> bool:
    """Whether somebody may know a case's particulars: perpetrator, notes, assessments (NĐ 56/2017 Đ24.1, Đ33).

    Its team, whoever runs it, and for three hours whoever gave a reason. A case that has no team yet is open to those who
    run and decide cases. A leader outside the team is shown what she decides on (app/teamwork.py). Where many are asked
    about, `looks_in` says whether somebody looks into this one just now.
    """
    if not may_read(user, Sensitivity.CASE):
        return False
    members = {member.user_id for member in case.members}
    if not members or user.id in members or user.id == case.assigned_to_id:
        return True
    if looks_in is None:
        looks_in = bool(db.session.scalar(select(looks_into(user, case.id))))
    return looks_in


def known_case(user: User) -> ColumnElement[bool]:
    """`knows_case` as a condition, for lists."""
    if not may_read(user, Sensitivity.CASE):
        return false()
    team = exists().where(CaseMember.case_id == Case.id)
    mine = team.where(CaseMember.user_id == user.id)
    return or_(~team, mine, Case.assigned_to_id == user.id, looks_into(user, Case.id))


def looks_into(user: User, case_id: Any) -> ColumnElement[bool]:
    """Whether somebody outside a case's team gave a reason less than three hours ago."""
    return exists().where(BreakGlass.case_id == case_id, BreakGlass.user_id == user.id, BreakGlass.until > clock.now())


def knows_placement(user: User, placement: CarePlacement) -> bool:
    """Whether somebody may know the words of a placement: of a case, only its team, and a leader while she decides."""
    if placement.case is None or knows_case(user, placement.case):
        return True
    return may(user, "care.decide") and placement.waits


def visible_break_glasses(user: User) -> Select[BreakGlass]:
    """Who looked from outside into the cases of one's own team."""
    mine = exists().where(CaseMember.case_id == BreakGlass.case_id, CaseMember.user_id == user.id)
    return select(BreakGlass).where(_in_commune(user, BreakGlass), mine, BreakGlass.user_id != user.id)


def visible_sent_figures(user: User) -> Select[SentFigures]:
    """What communes sent, as far as one's own office read it in."""
    return select(SentFigures).where(_in_commune(user, SentFigures))


def visible_merges(user: User) -> Select[Merge]:
    """The merges of the commune, for who may merge."""
    return select(Merge).where(_in_commune(user, Merge), true() if may(user, "child.merge") else false())


def of_known_case(user: User, model: Any) -> ColumnElement[bool]:
    """Of no case, or of one whose particulars somebody may know."""
    cases = select(Case.id).where(_in_commune(user, Case), known_case(user)).scalar_subquery()
    return or_(model.case_id.is_(None), model.case_id.in_(cases))


def visible_consents(user: User) -> Select[Consent]:
    """Consents of the children in scope; one given for a case only to who knows the case."""
    return select(Consent).where(_of_visible_child(user, Consent), of_known_case(user, Consent))


def case_consents(case: Case) -> Select[Consent]:
    """Consents given for a case whose page somebody may read, and those of its child given for no case."""
    of_case = or_(Consent.case_id.is_(None), Consent.case_id == case.id)
    return select(Consent).where(Consent.child_id == case.child_id, of_case)


def care_consents(placement: CarePlacement) -> Select[Consent]:
    """What was answered about alternative care for the child of a placement already in scope, oldest first."""
    return (
        select(Consent)
        .where(Consent.child_id == placement.child_id, Consent.purpose == ConsentPurpose.CARE)
        .order_by(Consent.asked_on, Consent.id)
    )


def reads_report(user: User, report: IntakeReport) -> bool:
    """Whether somebody who sees a concern may also read what happened; its author until it is sent."""
    is_own_draft = report.state is ReportState.DRAFT and report.reported_by_id == user.id
    return is_own_draft or may_read(user, Sensitivity.CASE)


def visible_attachments(user: User, case: Case | None = None, report: IntakeReport | None = None) -> Select[Attachment]:
    """Papers of the children in scope; or of one case, with those of its concern, for who knows its particulars (Đ24.1, Đ33);
    or of one concern that has no case yet, for who may read what was reported, and its author until it is sent.

    Never of a kind that tells what one may not know. Those put aside only for who may put any back.
    """
    known: ColumnElement[bool]
    if case is not None:
        known = true() if knows_case(user, case) else false()
        its_own = or_(Attachment.case_id == case.id, Attachment.report_id == case.report_id)
        of = and_(_in_commune(user, Attachment), its_own, known)
    elif report is not None:
        known = ~exists().where(Case.report_id == report.id) if reads_report(user, report) else false()
        of = and_(_in_commune(user, Attachment), Attachment.report_id == report.id, known)
    else:
        of = _of_visible_child(user, Attachment)
    readable = [slot for slot in AttachmentSlot if may_read(user, slot.sensitivity)]
    kept = true() if may(user, "attachment.remove") else Attachment.removed_at.is_(None)
    return select(Attachment).where(of, Attachment.slot.in_(readable), kept)


def visible_subject_requests(user: User) -> Select[SubjectRequest]:
    """Requests about personal data: the commune's, for officer and leader."""
    return select(SubjectRequest).where(
        _in_commune(user, SubjectRequest), true() if sees_whole_commune(user) else false()
    )


def visible_carers(user: User) -> Select[FosterCarer]:
    """Those ready to take a child: for officer and leader only, as they bear health and convictions."""
    return select(FosterCarer).where(_in_commune(user, FosterCarer), true() if sees_whole_commune(user) else false())


def visible_placements(user: User) -> Select[CarePlacement]:
    """Alternative care of the children in scope; for a collaborator what she follows, while it runs."""
    return select(CarePlacement).where(_of_visible_child(user, CarePlacement), placement_condition(user))


def placement_condition(user: User) -> ColumnElement[bool]:
    """Which placements of her commune somebody may know of; to narrow children already in scope."""
    followed = and_(
        CarePlacement.collaborator_id == user.id,
        CarePlacement.handed_over_on.is_not(None),
        CarePlacement.ended_on.is_(None),
    )
    return and_(_in_commune(user, CarePlacement), true() if sees_whole_commune(user) else followed)


def running_placements() -> Select[CarePlacement]:
    """The placements in which a child is now; for a child already in scope."""
    return select(CarePlacement).where(CarePlacement.handed_over_on.is_not(None), CarePlacement.ended_on.is_(None))


def visible_services(user: User) -> Select[Service]:
    """Services of the children in scope, for counting; of a case for a collaborator only what she follows or recorded.

    Whoever reads them one by one reads `known_services` (docs/decisions/0090-services-of-other-teams.md).
    """
    followed = select(Case.id).where(_in_commune(user, Case), Case.collaborator_id == user.id).scalar_subquery()
    hers = or_(Service.case_id.is_(None), Service.case_id.in_(followed), Service.recorded_by_id == user.id)
    return select(Service).where(_of_visible_child(user, Service), true() if sees_whole_commune(user) else hers)


def is_known_service(user: User) -> ColumnElement[bool]:
    """The condition that a service in scope belongs to no case, or to one whose particulars somebody may know.

    A collaborator's scope says it already; figures for everybody (`commune_reader`) count all.
    """
    if user.id is None or not sees_whole_commune(user):
        return true()
    return of_known_case(user, Service)


def known_services(user: User) -> Select[Service]:
    """The services in scope that somebody may read one by one (NĐ 56/2017 Đ33)."""
    return visible_services(user).where(is_known_service(user))


def visible_service_batches(user: User) -> Select[ServiceBatch]:
    """What was given to many at once: the commune's for officer and leader, a collaborator's own."""
    condition = true() if sees_whole_commune(user) else ServiceBatch.made_by_id == user.id
    return select(ServiceBatch).where(_in_commune(user, ServiceBatch), condition)


def visible_bulk_acts(user: User) -> Select[BulkAct]:
    """What was done to many at once in the commune, for who may do it."""
    return select(BulkAct).where(_in_commune(user, BulkAct), true() if may(user, "child.bulk") else false())


def visible_bulk_lines(user: User) -> Select[BulkLine]:
    """The children of such acts that are in scope."""
    condition = true() if may(user, "child.bulk") else false()
    return select(BulkLine).where(_of_visible_child(user, BulkLine), condition)


def visible_providers(user: User) -> Select[Provider]:
    """The commune's providers."""
    return select(Provider).where(_in_commune(user, Provider))


def visible_review_items(user: User) -> Select[ReviewItem]:
    """Changes waiting for review: all for the officer, a collaborator's own with their answers."""
    condition = true() if may(user, "review.decide") else ReviewItem.submitted_by_id == user.id
    return select(ReviewItem).where(_of_visible_child(user, ReviewItem), condition)


def visible_batches(user: User) -> Select[ImportBatch]:
    """Import batches: the commune's for the officer, a collaborator's own."""
    condition = true() if may(user, "import.undo") else ImportBatch.user_id == user.id
    return select(ImportBatch).where(_in_commune(user, ImportBatch), condition)


def visible_exports(user: User) -> Select[Export]:
    """The log of downloads: the commune's for the officer, one's own for others."""
    condition = true() if may(user, "workbook.named") else Export.user_id == user.id
    return select(Export).where(_in_commune(user, Export), condition)


def visible_period_reports(user: User) -> Select[PeriodReport]:
    """The commune's reports, the latest first; a superior office knows only of those that were sent."""
    sent = PeriodReport.state == PeriodReportState.SENT
    return (
        select(PeriodReport)
        .where(_in_commune(user, PeriodReport), true() if sees_whole_commune(user) else sent)
        .order_by(PeriodReport.id.desc())
    )


def visible_jobs(user: User) -> Select[Job]:
    """Long work somebody asked for herself."""
    return select(Job).where(Job.user_id == user.id)


def visible_users(user: User) -> Select[User]:
    """The people of the commune, for those who manage them or assign work."""
    condition = true() if may(user, "user.edit") or may(user, "case.list") else User.id == user.id
    return select(User).where(_in_commune(user, User), condition).order_by(User.full_name, User.id)


# ── One record, or 404 ─────────────────────────────────────────────────────


def _one(query: Select[Any], condition: ColumnElement[bool]) -> Any:
    record = db.session.scalars(query.where(condition)).unique().one_or_none()
    if record is None:
        abort(404)
    return record


def get_child(user: User, child_id: int, *loading: Any) -> Child:
    """A child in scope; `loading` are loader options of the page that shows it."""
    return _one(visible_children(user).options(*loading), Child.id == child_id)


def find_child(user: User, child_id: int, *loading: Any) -> Child | None:
    """A child in scope, or None."""
    return (
        db.session.scalars(visible_children(user).options(*loading).where(Child.id == child_id)).unique().one_or_none()
    )


def get_household(user: User, household_id: int) -> Household:
    """A household in scope."""
    return _one(visible_households(user), Household.id == household_id)


def get_relative(user: User, relative_id: int) -> Relative:
    """A relative of a child in scope."""
    return _one(visible_relatives(user), Relative.id == relative_id)


def get_circumstance(user: User, circumstance_id: int) -> Circumstance:
    """A circumstance in scope."""
    return _one(visible_circumstances(user), Circumstance.id == circumstance_id)


def get_disability(user: User, disability_id: int) -> Disability:
    """A disability of a child in scope."""
    return _one(visible_disabilities(user), Disability.id == disability_id)


def get_incident(user: User, incident_id: int) -> Incident:
    """An accident of a child in scope."""
    return _one(visible_incidents(user), Incident.id == incident_id)


def get_child_list(user: User, list_id: int) -> ChildList:
    """A list of one's own."""
    return _one(visible_child_lists(user).order_by(None), ChildList.id == list_id)


def get_allowance(user: User, allowance_id: int) -> Allowance:
    """An allowance in scope."""
    return _one(visible_allowances(user), Allowance.id == allowance_id)


def get_entitlement_answer(user: User, answer_id: int) -> EntitlementAnswer:
    """An answer about a right of a child in scope."""
    return _one(visible_entitlement_answers(user), EntitlementAnswer.id == answer_id)


def get_report(user: User, report_id: int) -> IntakeReport:
    """An intake report in scope."""
    return _one(visible_reports(user), IntakeReport.id == report_id)


def find_case_id(report: IntakeReport) -> int | None:
    """The case opened for a concern in scope, whoever may know it."""
    return db.session.scalar(select(Case.id).where(Case.report_id == report.id))


def get_case(user: User, case_id: int, *loading: Any) -> Case:
    """A case in scope; `loading` are loader options of the page that shows it."""
    return _one(visible_cases(user).options(*loading), Case.id == case_id)


def get_known_case(user: User, case_id: int) -> Case:
    """A case whose particulars one may know; raises OutsideTeam for one in scope but of another team."""
    case = get_case(user, case_id)
    if may_read(user, Sensitivity.CASE) and not knows_case(user, case):
        raise OutsideTeam(case)
    return case


def get_merge(user: User, merge_id: int) -> Merge:
    """A merge of the commune."""
    return _one(visible_merges(user), Merge.id == merge_id)


def get_consent(user: User, consent_id: int) -> Consent:
    """A consent in scope."""
    return _one(visible_consents(user), Consent.id == consent_id)


def get_attachment(user: User, attachment_id: int, *loading: Any) -> Attachment:
    """A paper in scope; one of a case, or of a concern that has one, through its case, as raises OutsideTeam."""
    owners = select(Attachment.case_id, Attachment.report_id).where(Attachment.id == attachment_id)
    case_id, report_id = db.session.execute(owners).one_or_none() or (None, None)
    report = get_report(user, report_id) if report_id is not None else None
    if report is not None:
        case_id = find_case_id(report)
    case = get_known_case(user, case_id) if case_id is not None else None
    return _one(visible_attachments(user, case, report).options(*loading), Attachment.id == attachment_id)


def get_subject_request(user: User, request_id: int) -> SubjectRequest:
    """A request about personal data of the commune."""
    return _one(visible_subject_requests(user), SubjectRequest.id == request_id)


def get_carer(user: User, carer_id: int) -> FosterCarer:
    """Somebody ready to take a child."""
    return _one(visible_carers(user), FosterCarer.id == carer_id)


def get_placement(user: User, placement_id: int) -> CarePlacement:
    """A placement in scope."""
    return _one(visible_placements(user), CarePlacement.id == placement_id)


def get_known_placement(user: User, placement_id: int) -> CarePlacement:
    """A placement whose words one may know; raises OutsideTeam for one that belongs to a case of another team."""
    placement = get_placement(user, placement_id)
    if placement.case is not None and not knows_placement(user, placement):
        raise OutsideTeam(placement.case)
    return placement


def get_service(user: User, service_id: int) -> Service:
    """A service that somebody may read."""
    return _one(known_services(user), Service.id == service_id)


def get_service_batch(user: User, batch_id: int) -> ServiceBatch:
    """A batch of services in scope."""
    return _one(visible_service_batches(user), ServiceBatch.id == batch_id)


def get_bulk_act(user: User, act_id: int) -> BulkAct:
    """Something done to many at once."""
    return _one(visible_bulk_acts(user), BulkAct.id == act_id)


def get_provider(user: User, provider_id: int) -> Provider:
    """A provider of the commune."""
    return _one(visible_providers(user), Provider.id == provider_id)


def get_review_item(user: User, item_id: int) -> ReviewItem:
    """A review item in scope."""
    return _one(visible_review_items(user), ReviewItem.id == item_id)


def get_period_report(user: User, report_id: int, *loading: Any) -> PeriodReport:
    """A report on a period in scope."""
    return _one(visible_period_reports(user).options(*loading).order_by(None), PeriodReport.id == report_id)


def get_batch(user: User, batch_id: int) -> ImportBatch:
    """An import batch in scope."""
    return _one(visible_batches(user), ImportBatch.id == batch_id)


def get_user(user: User, user_id: int) -> User:
    """A person of the same commune."""
    return _one(visible_users(user), User.id == user_id)


def get_village(user: User, village_id: int) -> Village:
    """A village in scope."""
    return _one(visible_villages(user), Village.id == village_id)


def get_job(user: User, job_id: int, *loading: Any) -> Job:
    """A job of one's own."""
    return _one(visible_jobs(user).options(*loading), Job.id == job_id)
