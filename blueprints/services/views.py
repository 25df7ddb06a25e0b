"""Services given to children: the list, the form, and a short form for a phone."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from app import access, audit, clock, support, whole_numbers
from app.paging import page
from app.saving import answered_before, saved
from app.support import ServiceFilters
from app.templating import birth
from blueprints.services.forms import ServiceForm, VisitForm
from models import (
    Case,
    Child,
    FundingSource,
    PartialDate,
    PlanAction,
    Provider,
    Sensitivity,
    Service,
    ServiceKind,
    ServiceOutcome,
    User,
    db,
)

bp = Blueprint("services", __name__, url_prefix="/services")

#: Years offered by the filter, this one first.
YEARS_BACK = 6
#: Lines on paper; a longer list is narrowed first, or taken as a workbook.
MOST_PRINTED = 2000


@bp.get("/")
@access.requires("service.list")
def index() -> ResponseReturnValue:
    """The services in scope, newest first, narrowed by codes in the address, with what they add up to."""
    user = access.signed_in_user()
    filters = ServiceFilters.read(request.args)
    query = support.services_query(user, filters).options(joinedload(Service.child))
    totals, choices = support.totals(user, filters), _choices(user)
    shown = page(query, Service, -Service.id)
    keys = [service.child_id for service in shown.rows]
    audit.record_read("services_listed", user, filters=filters.address(), count=totals.services, children=keys)
    return render_template(
        "services/index.html",
        page=shown,
        totals=totals,
        filters=filters,
        unread=[name for name in ("since", "until") if _is_unread(name)],
        choices=choices,
        chosen=_chosen(choices, filters),
        may_edit=lambda service: support.may_edit(user, service),
        may_mark_done=lambda service: support.may_mark_done(user, service),
        sees_all=access.sees_whole_commune(user),
    )


def _is_unread(name: str) -> bool:
    raw = request.args.get(name, "").strip()
    return bool(raw) and support.read_day(raw) is None


@bp.get("/print")
@access.requires("service.list")
def printed() -> ResponseReturnValue:
    """The same list whole, to be printed, by the children's names."""
    user = access.signed_in_user()
    filters = ServiceFilters.read(request.args)
    services = support.printed(user, filters, MOST_PRINTED)
    audit.record_read("list_printed", user, what="services", count=len(services))
    return render_template(
        "services/print.html",
        services=services,
        birth=lambda row: birth(PartialDate(row.born_on, row.born_precision) if row.born_on else None),
        kinds={kind: str(kind.label) for kind in ServiceKind},
        fundings={funding: str(funding.label) for funding in FundingSource},
        outcomes={outcome: str(outcome.label) for outcome in ServiceOutcome},
        totals=support.totals(user, filters),
        filters=filters,
        chosen=_chosen(_choices(user), filters),
        most=MOST_PRINTED,
    )


def _chosen(choices: dict[str, list[tuple[str, str]]], filters: ServiceFilters) -> list[str]:
    """The filters in words, for the head of a printed list."""
    told = [dict(choices[name]).get(value, "") for name, value in filters.address().items() if name in choices]
    if filters.batch is not None:
        told.append(_("một đợt ghi cho nhiều trẻ"))
    days = (filters.since, _("từ ngày %(day)s")), (filters.until, _("đến ngày %(day)s"))
    return [word for word in told if word] + [word % {"day": f"{day:%d/%m/%Y}"} for day, word in days if day]


def _choices(user: User) -> dict[str, list[tuple[str, str]]]:
    villages = db.session.scalars(access.visible_villages(user))
    providers = db.session.scalars(access.visible_providers(user).order_by(Provider.sort_key, Provider.id))
    this_year = clock.today().year
    found = {
        **{name: kind.pairs() for name, kind in support.CHOICES.items()},
        "village": [(str(village.id), village.name) for village in villages],
        "provider": [(str(provider.id), provider.name) for provider in providers],
        "year": [(str(year), str(year)) for year in range(this_year, this_year - YEARS_BACK, -1)],
    }
    found["programme"].append((support.NO_PROGRAMME, _("Ngoài chương trình")))
    return found


@bp.route("/new", methods=["GET", "POST"])
@access.requires("service.add")
def new() -> ResponseReturnValue:
    """A service or a visit, for a child (`child=ID`), within a case (`case=ID`) or for an action of its plan (`action=ID`)."""
    user = access.signed_in_user()
    if not request.args.get("case") and not request.args.get("child"):
        flash(_("Chọn một trẻ trong sổ, rồi bấm “Ghi thăm hỏi, dịch vụ”."), "warning")
        return redirect(url_for("children.index"), code=303)
    case, child = _for_whom(user)
    service = Service(commune_id=user.commune_id, recorded_by_id=user.id, child_id=child.id)
    service.case_id = case.id if case is not None else None
    action = _action(user, case)
    service.action_id = action.id if action is not None else None
    return _save(user, child, service, _form(user, action=action), case, action)


def _for_whom(user: User) -> tuple[Case | None, Child]:
    """The case and the child that the address names, each in scope, or 404."""
    case_id, child_id = (
        request.args.get("case", type=whole_numbers.key),
        request.args.get("child", type=whole_numbers.key),
    )
    case = access.get_known_case(user, case_id) if case_id else None
    if case is not None and case.child_id is not None:
        child_id = case.child_id
    return case, access.get_child(user, child_id or 0)


def _action(user: User, case: Case | None) -> PlanAction | None:
    """The action of the case's plans that the address names, for who may read plans; or 404."""
    action_id = request.args.get("action", type=whole_numbers.key)
    if action_id is None:
        return None
    may_read = case is not None and access.may_read(user, Sensitivity.CASE)
    actions = [action for plan in case.plans for action in plan.actions] if case is not None and may_read else []
    return next((action for action in actions if action.id == action_id), None) or abort(404)


def _form(user: User, service: Service | None = None, action: PlanAction | None = None) -> Any:
    """The whole form for the officer, the short one for a collaborator; a visit today unless told otherwise."""
    whole = access.may(user, "case.edit")
    if service is not None:
        return (ServiceForm if whole else VisitForm)(obj=service)
    return (
        ServiceForm(data={"outcome": ServiceOutcome.OPEN, **(support.first_values(user, action) if action else {})})
        if whole
        else VisitForm(data={"kind": ServiceKind.VISIT, "done_on": clock.today()})
    )


def _save(
    user: User, child: Child, service: Service, form: Any, case: Case | None = None, action: PlanAction | None = None
) -> ResponseReturnValue:
    form.fill(user)
    back = url_for("cases.show", case_id=case.id) if case else url_for("children.show", child_id=child.id)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        former = service.done_on
        form.apply_to(service)
        db.session.add(service)
        return saved(back, _told(_("Đã lưu."), support.settle_action(service, former)))
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template(
        "services/edit.html", form=form, child=child, service=service, case=case, action=action, back=back
    ), status


def _told(*sentences: str | None) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


@bp.route("/<int:service_id>/edit", methods=["GET", "POST"])
@access.requires("service.add")
def edit(service_id: int) -> ResponseReturnValue:
    """Correct a service: the officer any, a collaborator her own."""
    user = access.signed_in_user()
    service = access.get_service(user, service_id)
    if not support.may_edit(user, service):
        abort(404)
    may_read = service.case_id is not None and access.may_read(user, Sensitivity.CASE)
    case = access.get_known_case(user, service.case_id or 0) if may_read else None
    action = service.action if may_read else None
    return _save(user, service.child, service, _form(user, service), case, action)


@bp.post("/<int:service_id>/done")
@access.requires("service.add")
def done(service_id: int) -> ResponseReturnValue:
    """Say that a service was given today."""
    user = access.signed_in_user()
    service = access.get_service(user, service_id)
    if not support.may_mark_done(user, service):
        abort(404)
    again = answered_before()
    if again is not None:
        return again
    support.mark_done(service)
    back = url_for(".index", **ServiceFilters.read(request.args).address())
    return saved(back, _told(_("Đã ghi là thực hiện xong."), support.settle_action(service)))


from blueprints.services import batch_views, provider_views  # noqa: E402, F401 - hang their pages on the same blueprint
