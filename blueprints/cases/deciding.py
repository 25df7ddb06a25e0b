"""What a leader outside the team is shown of a case: that on which she decides, and what the decision needs.

The dossier of a plan is Mẫu 01, 02, 03, the minutes and the draft (NĐ 56/2017 Đ28.2); a separation needs the harm and the
measure (Đ32); a closure the plan, the visits and the review (Đ30). Notes, referrals, history and who reported stay with the
team: she reads them by giving a reason, as anybody outside it.
"""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from app import access, casework, clock, consents, teamwork
from app.teamwork import Turn
from blueprints.cases.forms import LookForm
from blueprints.cases.steps import BY_CODE, FOLLOW_UP, StepForm, level_counts, told
from models import Case, Sensitivity, User

_MEASURE = BY_CODE["emergency-measure"]
_FIRST = (BY_CODE["initial-assessment"],)
_NEEDS = (BY_CODE["comprehensive-assessment"],)
#: The steps a decision needs, in the order of the procedure.
_NEEDED: dict[Turn, Sequence[StepForm]] = {
    Turn.PLAN: (*_FIRST, *_NEEDS, BY_CODE["conference"], BY_CODE["plan"]),
    Turn.SEPARATION: (*_FIRST, _MEASURE, *_NEEDS),
    Turn.CLOSURE: (BY_CODE["plan"], FOLLOW_UP, BY_CODE["review"]),
}
_ORDER = (*_FIRST, _MEASURE, *_NEEDS, BY_CODE["conference"], BY_CODE["plan"], FOLLOW_UP, BY_CODE["review"])


def show_to_decide(user: User, case: Case) -> ResponseReturnValue:
    """The case as far as what waits for the leader needs it."""
    turns = teamwork.leaders_turns(user, case)
    needed = {form.code for turn in turns for form in _NEEDED[turn]}
    has_report = case.report is not None and turns & {Turn.PLAN, Turn.SEPARATION}
    return render_template(
        "cases/to_decide.html",
        case=case,
        child_name=casework.child_name(user, case),
        line=casework.line_of(user, case, casework.calendar_of(user.commune_id), clock.now()),
        turns=[turn for turn in Turn if turn in turns],
        parts=[(form, _recent(case, form)) for form in _ORDER if form.code in needed],
        told=lambda record: told(user, record),
        level_counts=level_counts,
        report=told(user, case.report, but=Sensitivity.INFORMANT) if has_report else [],
        consents=consents.of_case(case) if Turn.PLAN in turns and access.may(user, "consent.list") else [],
        form=LookForm(formdata=None),
    )


def _recent(case: Case, form: StepForm) -> list[Any]:
    """The records of a step since the case was last reopened."""
    return [one for one in form.records(case) if case.reopened_at is None or one.created_at > case.reopened_at]
