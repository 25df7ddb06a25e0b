"""The caseload."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import access, audit, casework, clock, list_choices
from app.casework import CaseFilters
from models import Role, Sensitivity, User, UserRole, Village, db

bp = Blueprint("cases", __name__, url_prefix="/cases")


@bp.get("/")
@access.requires("case.list")
def index() -> ResponseReturnValue:
    """The cases in scope, overdue first, narrowed by codes in the address; the page prints as it is."""
    user = access.signed_in_user()
    filters = CaseFilters.read(request.args)
    lines = casework.case_lines(user, filters)
    audit.record_read(
        "cases_listed",
        user,
        filters=filters.address(),
        count=len(lines),
        children=[line.case.child_id for line in lines],
    )
    whole = access.may_read(user, Sensitivity.CASE)
    return render_template(
        "cases/index.html",
        lines=lines,
        filters=filters,
        choices=_choices(user, whole=whole),
        whole=whole,
        kept=list_choices.kept(user, list_choices.CASES),
        columns=list_choices.headings(user, list_choices.CASES),
        printed_at=clock.now(),
    )


def _choices(user: User, *, whole: bool) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers; who may not know the risk cannot narrow by it."""
    villages = db.session.execute(access.visible_villages(user).with_only_columns(Village.id, Village.name))
    found: dict[str, list[tuple[str, str]]] = {
        "village": [(str(key), name) for key, name in villages],
        **{name: kind.pairs() for name, kind in casework.CHOICES.items()},
    }
    if whole:
        found["worker"] = _workers(user)
    else:
        del found["risk"]
        found["sort"] = [pair for pair in found["sort"] if pair[0] != casework.Sort.RISK]
    return found


def _workers(user: User) -> list[tuple[str, Any]]:
    is_officer = User.roles_held.any(UserRole.role == Role.OFFICER)
    people = access.visible_users(user).where(is_officer).with_only_columns(User.id, User.full_name)
    return [(str(key), name) for key, name in db.session.execute(people)]


from blueprints.cases import (  # noqa: E402 - hang their pages on the same blueprint
    answer_views,  # noqa: F401
    case_views,  # noqa: F401
    concern_views,  # noqa: F401
    package_views,  # noqa: F401
    referral_views,  # noqa: F401
    separation_views,  # noqa: F401
    step_views,  # noqa: F401
    team_views,  # noqa: F401
    timeline_views,  # noqa: F401
    transfer_views,  # noqa: F401
)
