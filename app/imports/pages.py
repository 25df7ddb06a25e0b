"""The rows of a plan or of a written list as a page shows them, some at a time."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app import access
from app.imports import words
from models import Child, ImportBatch, ImportRow, User, db

#: Rows on a page.
SIZE = 100
_TOLD = ("full_name", "sex", "born_on", "village")


def rows_shown(user: User, batch: ImportBatch, show: str | None, after: int | None) -> dict[str, Any]:
    """One page of rows: of one action, those to look at (warnings too), or all."""
    query = select(ImportRow).where(ImportRow.batch_id == batch.id)
    if show in words.action_names():
        query = query.where(ImportRow.action == show)
    if after:
        query = query.where(ImportRow.id > after)
    found = db.session.scalars(query.order_by(ImportRow.id).limit(SIZE + 1)).all()
    kinds = {kind.code: kind.wording for kind in db.session.scalars(access.visible_kinds(user))}
    candidates = [key for row in found for key in row.effects.get("plan", {}).get("candidates", [])]
    children = _children(user, [row.child_id for row in found if row.child_id] + candidates)
    return {
        "rows": [_row(row, kinds, children) for row in found[:SIZE]],
        "next": found[SIZE - 1].id if len(found) > SIZE else None,
        "show": show if show in words.action_names() else "",
    }


def _children(user: User, ids: list[int]) -> dict[int, Child]:
    query = access.visible_children(user).where(Child.id.in_(ids)).options(selectinload(Child.relatives))
    return {child.id: child for child in db.session.scalars(query).unique()}


def _row(row: ImportRow, kinds: dict[str, str], children: dict[int, Child]) -> dict[str, Any]:
    plan = row.effects.get("plan", {})
    values = plan.get("values", {})
    child = children.get(row.child_id or 0)
    told = {name: words.shown(name, values.get(name), kinds) for name in _TOLD}
    if not values and child is not None:
        told = {
            "full_name": child.full_name or "–",
            "sex": str(child.sex.label),
            "born_on": str(child.birth or "–"),
            "village": child.village.name,
        }
    more = [
        (words.field_name(name), words.shown(name, value, kinds))
        for name, value in values.items()
        if name
        not in {*_TOLD, "born_precision", "household_status_year", "circumstance_words", "risk_words", "unread_words"}
    ]
    return {
        "record": row,
        "position": plan.get("position"),
        "child": child,
        "told": told,
        "more": more if row.action == "add" else [],
        "chosen": plan.get("chosen"),
        "candidates": [children[key] for key in plan.get("candidates", []) if key in children],
        "may_be_new": plan.get("may_be_new", False),
        "why": (plan.get("match") or {}).get("why", ""),
        "changes": [
            (
                words.field_name(c["field"]),
                words.shown(c["field"], c["from"], kinds),
                words.shown(c["field"], c["to"], kinds),
            )
            for c in plan.get("changes", [])
        ],
        "warnings": [_note(note, kinds) for note in plan.get("warnings", [])],
        "errors": [_note(note, kinds) for note in plan.get("errors", [])],
    }


def _note(note: dict[str, Any], kinds: dict[str, str]) -> dict[str, Any]:
    proposed = note.get("proposed")
    return {
        "field": note["field"],
        "name": words.field_name(note["field"]),
        "message": note["message"],
        "cell": note.get("cell", ""),
        "proposed": proposed,
        "shown": words.shown(note["field"], proposed, kinds) if proposed is not None else "",
    }
