"""The team of a case: who joins and leaves, who looked in from outside, who handed over to whom. NĐ 56/2017 Đ24, Đ33."""

from collections.abc import Iterable
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app import access, clock
from models import BreakGlass, Case, CaseMember, Choice, HandOver, PlanDecision, Role, User, db

#: How long somebody outside the team may look in after giving a reason.
LOOK_HOURS = 3


class Turn(Choice):
    """What of a case waits for the leader's word."""

    PLAN = "plan", _l("Kế hoạch chờ phê duyệt")
    SEPARATION = "separation", _l("Trẻ em đang được tạm thời cách ly")
    CLOSURE = "closure", _l("Đề nghị kết thúc vụ việc")


def leaders_turns(user: User, case: Case) -> frozenset[Turn]:
    """On what a leader has to decide in a case: a plan (Đ28.4), a separation under way (Đ32), a closure (Đ30)."""
    if Role.LEADER not in user.roles or case.closed_at is not None:
        return frozenset()
    waits = {
        Turn.PLAN: any(one.submitted_at is not None and one.decision is PlanDecision.WAITING for one in case.plans),
        Turn.SEPARATION: any(one.is_separation and one.ended_on is None for one in case.emergency_measures),
        Turn.CLOSURE: bool(case.reviews) and case.reviews[-1].can_close,
    }
    return frozenset(turn for turn, has_come in waits.items() if has_come)


def get_case_to_decide(user: User, case_id: int, turn: Turn) -> Case:
    """A case somebody knows, or on which the leader has to decide; raises access.OutsideTeam for any other in scope."""
    case = access.get_case(user, case_id)
    return case if turn in leaders_turns(user, case) else access.get_known_case(user, case_id)


def join(case: Case, user: User) -> None:
    """Somebody becomes one of the team; twice is once."""
    if user.id not in {member.user_id for member in case.members}:
        case.members.append(CaseMember(commune_id=case.commune_id, user_id=user.id))


def leave(case: Case, user_id: int) -> None:
    """Somebody leaves the team; the last one stays, so that a case always has somebody who knows it."""
    if len(case.members) < 2:
        return
    for member in case.members:
        if member.user_id == user_id:
            db.session.delete(member)
            case.members.remove(member)
            return


def candidates(user: User, case: Case) -> list[User]:
    """Officers and leaders of the commune who are not in the team yet."""
    members = {member.user_id for member in case.members}
    people = db.session.scalars(access.visible_users(user)).unique()
    fitting = {Role.OFFICER, Role.LEADER}
    return [one for one in people if one.is_enabled and one.roles & fitting and one.id not in members]


def look(user: User, case: Case, reason: str) -> BreakGlass:
    """Look into a case of another team for three hours, for a reason the team reads."""
    now = clock.now()
    glass = BreakGlass(
        commune_id=case.commune_id,
        case_id=case.id,
        user_id=user.id,
        at=now,
        until=now + timedelta(hours=LOOK_HOURS),
        reason=reason,
    )
    db.session.add(glass)
    db.session.flush()
    return glass


def looks_untold(user: User) -> Select[BreakGlass]:
    """Looks from outside into one's own cases that nobody of the team has read of yet."""
    return access.visible_break_glasses(user).where(BreakGlass.seen_at.is_(None))


def looks_of(user: User, case: Case) -> list[BreakGlass]:
    """Everybody who ever looked into a case from outside, latest first; for its team."""
    query = select(BreakGlass).where(BreakGlass.case_id == case.id, BreakGlass.commune_id == user.commune_id)
    loading = joinedload(BreakGlass.user).lazyload("*")
    return list(db.session.scalars(query.options(loading).order_by(BreakGlass.id.desc())))


def read_looks(user: User, case: Case) -> None:
    """Somebody of the team has read who looked in."""
    for glass in db.session.scalars(looks_untold(user).where(BreakGlass.case_id == case.id)):
        glass.seen_at, glass.seen_by_id = clock.now(), user.id


def hand_over(by: User, case: Case, to: User, note: str | None) -> HandOver:
    """Pass a case to another worker, who joins its team; whoever ran it stays in it until taken out."""
    paper = HandOver(
        commune_id=case.commune_id,
        case_id=case.id,
        at=clock.now(),
        from_user_id=case.assigned_to_id,
        by_user_id=by.id,
        to_user_id=to.id,
        note=note,
    )
    if not case.members and case.assigned_to is not None:
        join(case, case.assigned_to)
    join(case, to)
    case.assigned_to_id = to.id
    db.session.add(paper)
    db.session.flush()
    return paper


def open_cases_of(user: User, worker_id: int) -> list[Case]:
    """The open cases somebody runs, oldest first: what is handed over when the officer changes."""
    query = access.visible_cases(user).where(Case.assigned_to_id == worker_id, Case.closed_at.is_(None))
    return list(db.session.scalars(query.order_by(Case.id)).unique())


def hand_over_all(by: User, cases: Iterable[Case], to: User, note: str | None) -> int:
    """Pass several cases at once; returns how many."""
    found = list(cases)
    for case in found:
        hand_over(by, case, to, note)
    return len(found)


def list_looks_untold(user: User) -> list[BreakGlass]:
    """The looks nobody has read of yet, latest first, each with its case and who it was."""
    loading = (joinedload(BreakGlass.case), joinedload(BreakGlass.user))
    return list(db.session.scalars(looks_untold(user).options(*loading).order_by(BreakGlass.id.desc())).unique())
