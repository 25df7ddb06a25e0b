"""What collaborators sent in lately: waiting for the officer, accepted, or sent back with a word."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from app import access, clock, review
from app.demo.acting import acting
from app.demo.population import Home, Kid, age
from app.demo.statuses import Staff
from models import (
    Child,
    Circumstance,
    PopulationCheck,
    Residence,
    ReviewItem,
    ReviewState,
    Schooling,
    User,
    db,
)

_ANSWERS = {
    ReviewState.SENT_BACK: "Ngày sinh khác với giấy khai sinh. Chị xem lại giấy rồi sửa giúp em.",
    ReviewState.ACCEPTED: "Đã nhận, cảm ơn chị.",
}


def make(chance: Random, today: date, homes: list[Home], staff: Staff) -> None:
    """New children and changes from several villages; the sign-in `ctv` finds two answers waiting."""
    officer = db.session.get_one(User, staff.officer_id)
    kids = [kid for home in homes for kid in home.here(today) if not kid.kinds]
    newest = sorted(kids, key=lambda kid: kid.born_on, reverse=True)[:5]
    chance.shuffle(kids)
    for number, kid in enumerate(newest):
        _new(staff, kid, clock.now() - timedelta(hours=5 + 17 * number))
    taken = {kid.id for kid in newest}
    first = list(staff.collaborators)[:2]
    plan: list[tuple[Callable[[Child, int], None], int, bool, ReviewState]] = [
        (_change_school, 6, True, ReviewState.SENT_BACK),
        (_change_residence, 0, True, ReviewState.ACCEPTED),
        (_change_school, 6, True, ReviewState.WAITING),
        (_add_risk, 3, False, ReviewState.WAITING),
        (_change_residence, 0, False, ReviewState.WAITING),
        (_add_risk, 6, True, ReviewState.WAITING),
        (_change_insurance, 1, False, ReviewState.WAITING),
        (_change_school, 11, False, ReviewState.WAITING),
        (_change_insurance, 2, False, ReviewState.ACCEPTED),
        (_add_note, 0, False, ReviewState.WAITING),
    ]
    for number, (change, youngest, is_first, state) in enumerate(plan):
        kid = next(
            kid
            for kid in kids
            if kid.id not in taken and age(kid, today) >= youngest and (kid.home.village_id in first) == is_first
        )
        taken.add(kid.id)
        item = _change(staff, kid, change, clock.now() - timedelta(hours=3 + 9 * number))
        if state is not ReviewState.WAITING:
            review.decide(officer, item, state, _ANSWERS[state])
    db.session.flush()


def _new(staff: Staff, kid: Kid, at: datetime) -> None:
    """A child on the register since a moment ago."""
    db.session.add(
        ReviewItem(
            commune_id=db.session.info["commune_id"],
            child_id=kid.id,
            submitted_by_id=staff.collaborators[kid.home.village_id],
            submitted_at=at,
            is_new=True,
        )
    )


def _change(staff: Staff, kid: Kid, change: Callable[[Child, int], None], at: datetime) -> ReviewItem:
    user = db.session.get_one(User, staff.collaborators[kid.home.village_id])
    child = access.get_child(user, kid.id)
    with acting(user.id, at):
        review.submit(user, child)
        change(child, user.id)
    query = review.waiting(user).where(ReviewItem.child_id == kid.id)
    item: ReviewItem = db.session.scalars(query).one()
    item.submitted_at = at
    return item


def _change_school(child: Child, _by: int) -> None:
    child.schooling, child.school_name = Schooling.DROPPED_OUT, None


def _change_residence(child: Child, _by: int) -> None:
    child.residence = Residence.TEMPORARY if child.residence is Residence.PERMANENT else Residence.PERMANENT


def _change_insurance(child: Child, _by: int) -> None:
    child.insurance_number = f"TE130{child.id:010d}"
    child.population_check = PopulationCheck.UNCHECKED


def _add_note(child: Child, _by: int) -> None:
    child.note = "Gia đình xin bổ sung bản sao giấy khai sinh trong tháng này."


def _add_risk(child: Child, by: int) -> None:
    db.session.add(
        Circumstance(
            commune_id=child.commune_id,
            child_id=child.id,
            kind_code="r.parents_away",
            started_on=clock.today() - timedelta(days=20),
            evidence="Gia đình cho biết",
            recorded_by_id=by,
        )
    )
