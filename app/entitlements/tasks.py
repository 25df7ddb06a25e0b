"""The lines of the work page about allowances: each number is that of exactly the list it opens."""

from flask import url_for
from flask_babel import gettext as _

from app import access, clock
from app.casework import Count
from app.entitlements import lists
from app.entitlements.lists import Filters, Kind
from app.entitlements.rules import Standing
from models import User

#: What asks for somebody's work, and how loudly.
_LOUD = {Standing.TO_APPLY: "warning", Standing.DOUBTFUL: "warning", Standing.CHANGED: ""}


def entitlement_tasks(user: User) -> list[Count]:
    """Allowances granted and not received, received in doubt, received at another level."""
    if not access.may(user, "entitlement.list"):
        return []
    found = lists.lines(user, Filters(), clock.today(), cards=False)
    tasks = []
    for standing, kind in _LOUD.items():
        filters = Filters(kind=Kind.MONEY, standing=standing)
        address = url_for("entitlements.index", **filters.address())
        label = _("Trợ cấp: %(standing)s", standing=str(standing.label).lower())
        tasks.append(Count(f"entitlements_{standing.value}", label, len(lists.narrowed(found, filters)), address, kind))
    return tasks
