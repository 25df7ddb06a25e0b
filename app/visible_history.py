"""What of the history somebody may know: the changes of records she may see, without what she may not read there."""

from typing import Any

from sqlalchemy import Select, or_, select

from app import access
from models import (
    Allowance,
    AllowanceBasis,
    Attachment,
    AttachmentSlot,
    CarePlacement,
    Change,
    Child,
    Circumstance,
    CircumstanceKind,
    Consent,
    EntitlementAnswer,
    Sensitivity,
    Service,
    SubjectRequest,
    User,
    db,
)

_APART = (Sensitivity.HIV, Sensitivity.SEXUAL_ABUSE)


def visible_child_changes(user: User, child_id: int) -> Select[Change]:
    """The history of a child in scope, with that of the records merged into it."""
    records = select(Child.id).where(or_(Child.id == child_id, Child.merged_into_id == child_id))
    return _visible_changes(user, "children", records)


def visible_changes(user: User, subject_table: str, *subject_ids: int) -> Select[Change]:
    """The history of records already fetched through their own scope, without what the person may not know."""
    return _visible_changes(user, subject_table, subject_ids)


def _visible_changes(user: User, subject_table: str, subject_ids: Any) -> Select[Change]:
    # Named by what may be known, not by what may not: a record deleted since then is in neither list.
    readable: dict[Any, Select[Any]] = {
        Consent: access.visible_consents(user),
        CarePlacement: access.visible_placements(user).where(access.of_known_case(user, CarePlacement)),
        SubjectRequest: access.visible_subject_requests(user),
    }
    if not all(access.may_read(user, level) for level in Sensitivity):
        readable |= {
            Circumstance: access.visible_circumstances(user),
            Allowance: access.visible_allowances(user),
            EntitlementAnswer: access.visible_entitlement_answers(user),
            Service: access.known_services(user),
            Attachment: access.visible_attachments(user),
        }
    known = [
        or_(
            Change.record_table != model.__tablename__,
            Change.record_id.in_(query.with_only_columns(model.id).where(model.child_id.in_(subject_ids))),
        )
        for model, query in readable.items()
    ]
    # An officer reads what was deleted too, so here what she may not know is named: services of other teams' cases.
    outside = access.visible_services(user).where(~access.is_known_service(user)).with_only_columns(Service.id)
    known.append(or_(Change.record_table != Service.__tablename__, Change.record_id.not_in(outside)))
    return (
        select(Change)
        .where(
            Change.commune_id == user.commune_id,
            Change.subject_table == subject_table,
            Change.subject_id.in_(subject_ids),
            *known,
        )
        .order_by(Change.id.desc())
    )


def secret_values(user: User, *, apart: bool = False) -> dict[str, frozenset[str]]:
    """{field: stored values} that somebody may not know of, even as what once stood in a record she may read.

    `apart`: but HIV and sexual abuse, which a query has left out already (app/read_apart.py).
    """
    hidden = [level for level in Sensitivity if not access.may_read(user, level) and not (apart and level in _APART)]
    if not hidden:
        return {}
    kinds = db.session.scalars(select(CircumstanceKind.code).where(CircumstanceKind.sensitivity.in_(hidden)))
    found = {"kind_code": frozenset(kinds)}
    found["slot"] = frozenset(slot.value for slot in AttachmentSlot if slot.sensitivity in hidden)
    if Sensitivity.HIV in hidden:
        found["basis"] = found["right"] = frozenset({AllowanceBasis.K3.value})
    return found
