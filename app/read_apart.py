"""What of a child is read apart: HIV/AIDS and sexual abuse (Luật Trẻ em Đ21; NĐ 56/2017 Đ33; NĐ 20/2021 Đ8).

On no page with other things and in no list of children's circumstances. The officer, who keeps the register and pays by it,
opens it for one child, and each opening is an audit event; a leader opens it for a reason, for three hours. See
docs/decisions/0093-what-is-read-apart.md.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from app import access, attachments, clock, visible_history
from app.child_filters import SECRET
from models import (
    Allowance,
    AllowanceBasis,
    Attachment,
    Change,
    Child,
    ChildLook,
    Circumstance,
    CircumstanceKind,
    Sensitivity,
    User,
    db,
)

#: How long a leader may read after giving a reason.
LOOK_HOURS = 3


def open_circumstances(user: User) -> Select[Circumstance]:
    """The circumstances that pages show beside other things."""
    secret = select(CircumstanceKind.code).where(CircumstanceKind.sensitivity.in_(SECRET))
    return access.visible_circumstances(user).where(Circumstance.kind_code.not_in(secret))


def open_allowances(user: User) -> Select[Allowance]:
    """The allowances that pages show beside other things: but the one paid for HIV."""
    return access.visible_allowances(user).where(Allowance.basis != AllowanceBasis.K3)


def open_changes(user: User, child_id: int) -> Select[Change]:
    """The history of a child without the records read apart, as they are and as they once were."""
    return visible_history.visible_child_changes(user, child_id).where(~_is_apart(user, child_id), ~_was_apart())


def _is_apart(user: User, child_id: int) -> ColumnElement[bool]:
    circumstances = _circumstances(user, child_id).with_only_columns(Circumstance.id)
    allowances = _allowances(user, child_id).with_only_columns(Allowance.id)
    return or_(
        and_(Change.record_table == Circumstance.__tablename__, Change.record_id.in_(circumstances)),
        and_(Change.record_table == Allowance.__tablename__, Change.record_id.in_(allowances)),
    )


def _was_apart() -> ColumnElement[bool]:
    """A change from or to what is read apart: tells also of a record that is no longer there."""
    secret = select(CircumstanceKind.code).where(CircumstanceKind.sensitivity.in_(SECRET))
    kinds = [Change.fields["kind_code"][place].as_string().in_(secret) for place in (0, 1)]
    k3 = AllowanceBasis.K3.value
    rights = [Change.fields[name][place].as_string() == k3 for name in ("basis", "right") for place in (0, 1)]
    papers = [Change.fields["slot"][place].as_string().in_(attachments.APART_SLOTS) for place in (0, 1)]
    return or_(*(func.coalesce(or_(*one), false()) for one in (kinds, rights, papers)))


def _circumstances(user: User, child_id: int) -> Select[Circumstance]:
    """With the eyes of the office: whoever asks was let in before."""
    secret = select(CircumstanceKind.code).where(CircumstanceKind.sensitivity.in_(SECRET))
    return access.visible_circumstances(access.commune_reader(user.commune_id)).where(
        Circumstance.child_id == child_id, Circumstance.kind_code.in_(secret)
    )


def _allowances(user: User, child_id: int) -> Select[Allowance]:
    return access.visible_allowances(access.commune_reader(user.commune_id)).where(
        Allowance.child_id == child_id, Allowance.basis == AllowanceBasis.K3
    )


@dataclass(frozen=True)
class Apart:
    """What is read apart of one child, latest first, and who read it for a reason."""

    circumstances: list[Circumstance]
    allowances: list[Allowance]
    papers: list[Attachment]
    looks: list[ChildLook]


def of_child(user: User, child: Child) -> Apart:
    """What is read apart of a child in scope, for somebody `may_read` lets in."""
    looks = select(ChildLook).where(ChildLook.child_id == child.id, ChildLook.commune_id == user.commune_id)
    return Apart(
        list(db.session.scalars(_circumstances(user, child.id).order_by(Circumstance.id.desc())).unique()),
        list(db.session.scalars(_allowances(user, child.id).order_by(Allowance.id.desc()))),
        attachments.of_child(user, child, apart=True),
        list(db.session.scalars(looks.order_by(ChildLook.id.desc()))),
    )


def may_read(user: User, child: Child) -> bool:
    """Whether somebody may open it now: by her role, or for a reason given less than three hours ago."""
    if all(access.may_read(user, level) for level in (Sensitivity.HIV, Sensitivity.SEXUAL_ABUSE)):
        return True
    look = select(ChildLook.id).where(
        ChildLook.child_id == child.id, ChildLook.user_id == user.id, ChildLook.until > clock.now()
    )
    return db.session.scalar(look.limit(1)) is not None


def look(user: User, child: Child, reason: str) -> ChildLook:
    """Let somebody read for three hours, for a reason the officers see."""
    now = clock.now()
    found = ChildLook(
        commune_id=child.commune_id,
        child_id=child.id,
        user_id=user.id,
        at=now,
        until=now + timedelta(hours=LOOK_HOURS),
        reason=reason,
    )
    db.session.add(found)
    db.session.flush()
    return found
