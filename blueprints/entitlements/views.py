"""The lists of entitlements and of changes of age. They record nothing: a human decides."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import access, audit, clock
from app.entitlements import ages, bases, lists
from app.entitlements.lists import AgeGroup, Filters, Kind, Question
from app.entitlements.rules import Standing
from models import Right, User, Village, db

bp = Blueprint("entitlements", __name__, url_prefix="/entitlements")

#: Lines on one page.
PAGE_SIZE = 50


@bp.get("/")
@access.requires("entitlement.list")
def index() -> ResponseReturnValue:
    """Who is entitled to what and does, or does not, receive it; with the numbers of each right and standing."""
    user = access.signed_in_user()
    filters = Filters.read(request.args)
    today = clock.today()
    found = lists.lines(user, filters, today)
    changes = partial(lists.changes_of, day=today, last=lists.until(user, filters, today))
    shown = lists.narrowed(found, filters, changes)
    seen = [line.child.id for line in _page(shown)["lines"]]
    audit.record_read("children_listed", user, filters=filters.address(), count=len(shown), children=seen)
    return render_template(
        "entitlements/index.html",
        changes_of=changes,
        filters=filters,
        counts=lists.counts(found),
        count=len(shown),
        children=len({line.child.id for line in shown}),
        received_monthly=lists.received_monthly(shown),
        base=bases.in_force(user, today),
        **_page(shown),
        **_offered(user),
    )


@bp.get("/print")
@access.requires("entitlement.list")
def printed() -> ResponseReturnValue:
    """The same list whole, to be printed; without the lines that tell of HIV, which are never put on paper."""
    user = access.signed_in_user()
    filters = Filters.read(request.args)
    today = clock.today()
    changes = partial(lists.changes_of, day=today, last=lists.until(user, filters, today))
    found = lists.lines(user, filters, today)
    shown = [line for line in lists.narrowed(found, filters, changes) if not line.is_secret]
    audit.record_read(
        "list_printed", user, what="entitlements", count=len(shown), children=[line.child.id for line in shown]
    )
    return render_template(
        "entitlements/print.html",
        lines=shown,
        filters=filters,
        base=bases.in_force(user, today),
        received_monthly=lists.received_monthly(shown),
        **_offered(user),
    )


@bp.get("/changes")
@access.requires("entitlement.list")
def changes() -> ResponseReturnValue:
    """The changes of age ahead, the nearest first."""
    user = access.signed_in_user()
    filters = Filters.read(request.args)
    today = clock.today()
    found = lists.coming(user, filters, today)
    shown = [line for line in found if filters.turning in (None, line.change.turning)]
    seen = [line.child.id for line in _page(shown)["lines"]]
    audit.record_read("children_listed", user, filters=filters.address(), count=len(shown), children=seen)
    return render_template(
        "entitlements/changes.html",
        filters=filters,
        counts=lists.turnings(found),
        count=len(shown),
        last=lists.until(user, filters, today),
        **_page(shown),
        **_offered(user),
    )


def _page(shown: Sequence[Any]) -> dict[str, Any]:
    """The page asked for, and the numbers of the pages before and after it (None: there is none)."""
    raw = request.args.get("page", "")
    last = max(1, -(-len(shown) // PAGE_SIZE))
    number = min(int(raw), last) if raw.isascii() and raw.isdigit() and 0 < len(raw) < 6 else 1
    number = max(number, 1)
    return {
        "lines": shown[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        "previous": number - 1 if number > 1 else None,
        "next": number + 1 if number < last else None,
    }


def _offered(user: User) -> dict[str, Any]:
    """The choices of the filters, and the names of the villages."""
    villages: Sequence[Village] = db.session.scalars(access.visible_villages(user)).all()
    choices: dict[str, list[tuple[str, Any]]] = {
        "village": [(str(village.id), village.name) for village in villages],
        "kind": Kind.pairs(),
        "right": Right.pairs(),
        "standing": Standing.pairs(),
        "question": Question.pairs(),
        "age": AgeGroup.pairs(),
        "turning": ages.Turning.pairs(),
        "months": [(str(months), str(months)) for months in lists.MONTHS],
    }
    names = {village.id: village.name for village in villages}
    return {"choices": choices, "villages": names, "rights": list(Right), "standings": list(Standing)}


from blueprints.entitlements import answer_views, base_views  # noqa: E402, F401 - hang their pages on the same blueprint
