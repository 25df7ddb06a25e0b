"""What collaborators add or change waits here for the officer's word: accept, correct, or send back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from app import access, clock, visible_history
from models import Change, Child, Circumstance, ReviewItem, ReviewState, Role, User, db


def submit(user: User, child: Child, *, is_new: bool = False) -> None:
    """Note that somebody without the right to decide changed this child. Call before the change is flushed."""
    if access.may(user, "review.decide") or Role.COLLABORATOR not in user.roles:
        return
    with db.session.no_autoflush:
        waiting = find_waiting(child.id, user.id) if child.id is not None else None
        if waiting is not None:
            waiting.submitted_at = clock.now()
            return
        last = 0 if child.id is None else _last_change(child)
    item = ReviewItem(
        commune_id=user.commune_id,
        child=child,
        submitted_by_id=user.id,
        submitted_at=clock.now(),
        is_new=is_new,
        after_change_id=last,
    )
    db.session.add(item)


def find_waiting(child_id: int, submitted_by_id: int) -> ReviewItem | None:
    """What waits of one collaborator about one child."""
    return db.session.scalars(
        select(ReviewItem).where(
            ReviewItem.child_id == child_id,
            ReviewItem.submitted_by_id == submitted_by_id,
            ReviewItem.state == ReviewState.WAITING,
        )
    ).first()


def _last_change(child: Child) -> int:
    query = select(func.max(Change.id)).where(Change.subject_table == "children", Change.subject_id == child.id)
    return db.session.scalar(query) or 0


def decide(user: User, item: ReviewItem, state: ReviewState, answer: str | None) -> None:
    """The officer's word. Accepting also confirms the circumstances the collaborator recorded."""
    note(user, item, state, answer)
    if state is ReviewState.ACCEPTED:
        for circumstance in recorded([item])[item.id]:
            confirm(user, circumstance)


def note(user: User, item: ReviewItem, state: ReviewState, answer: str | None) -> None:
    """Write down the officer's word, and nothing that follows from it."""
    item.state = state
    item.decided_by_id = user.id
    item.decided_at = clock.now()
    item.answer = answer
    item.seen_at = None


def recorded(items: Sequence[ReviewItem]) -> dict[int, list[Circumstance]]:
    """{item id: circumstances its collaborator recorded of the child, not confirmed yet}; in one question."""
    found: dict[int, list[Circumstance]] = {item.id: [] for item in items}
    query = select(Circumstance).where(
        Circumstance.child_id.in_([item.child_id for item in items]), Circumstance.confirmed_on.is_(None)
    )
    for circumstance in db.session.scalars(query):
        for item in items:
            if (circumstance.child_id, circumstance.recorded_by_id) == (item.child_id, item.submitted_by_id):
                found[item.id].append(circumstance)
    return found


def confirm(user: User, circumstance: Circumstance) -> None:
    """Confirm a circumstance: from now on it counts."""
    circumstance.confirmed_by_id = user.id
    circumstance.confirmed_on = clock.today()


def changes(user: User, items: Sequence[ReviewItem]) -> dict[int, list[Change]]:
    """{item id: what its collaborator changed, newest first}, as far as the reader may know; in one question."""
    found: dict[int, list[Change]] = {item.id: [] for item in items}
    query = visible_history.visible_changes(user, "children", *(item.child_id for item in items)).where(
        Change.id > min((item.after_change_id for item in items), default=0)
    )
    for change in db.session.scalars(query):
        for item in items:
            mine = change.subject_id == item.child_id and change.by_user_id == item.submitted_by_id
            if mine and change.id > item.after_change_id:
                found[item.id].append(change)
    return found


def waiting(user: User) -> Any:
    """The officer's queue, oldest first."""
    return access.visible_review_items(user).where(ReviewItem.state == ReviewState.WAITING)


def unseen_answers(user: User) -> Any:
    """A collaborator's items that were decided and not yet seen; those sent back stay until mended."""
    return access.visible_review_items(user).where(
        ReviewItem.submitted_by_id == user.id,
        ReviewItem.state != ReviewState.WAITING,
        ReviewItem.seen_at.is_(None),
    )


def note_seen(item: ReviewItem) -> None:
    """The collaborator has read the answer."""
    if item.seen_at is None:
        item.seen_at = clock.now()
