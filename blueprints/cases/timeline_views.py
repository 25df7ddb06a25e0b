"""What happened in a case, newest first, narrowed by kind; prints as it is."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app import access, audit, clock, timeline
from blueprints.cases.views import bp


@bp.get("/<int:case_id>/timeline", endpoint="timeline")
@access.requires("document.make")
def case_timeline(case_id: int) -> ResponseReturnValue:
    """A case's events."""
    user = access.signed_in_user()
    case = access.get_known_case(user, case_id)
    kind = timeline.Kind.of_code(request.args.get("kind"))
    audit.record_read("timeline_read", user, case, kind=kind)
    return render_template(
        "cases/timeline.html",
        heading=case.number,
        back_endpoint="cases.show",
        key={"case_id": case.id},
        events=timeline.of_case(user, case, kind),
        kinds=timeline.Kind,
        kind=kind,
        printed_at=clock.now(),
    )
