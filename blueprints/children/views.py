"""The register: list, search, show, add, edit."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import joinedload, lazyload, selectinload

from app import (
    access,
    age_bands,
    audit,
    audit_log,
    checks,
    child_filters,
    child_rows,
    clock,
    duplicates,
    enrolment,
    history,
    list_choices,
    merging,
    photos,
    read_apart,
    record_readers,
    register,
    remembered,
    review,
    search,
    whole_numbers,
)
from app.child_filters import ChildFilters
from app.entitlements import lists as entitlements
from app.saving import answered_before, saved
from blueprints.children.forms import ChildForm, NewChildForm, SearchForm, kind_label
from models import (
    CarePlacement,
    Child,
    Circumstance,
    EthnicGroup,
    Household,
    Incident,
    Movement,
    RelativeKind,
    RelativeState,
    Service,
    User,
    Village,
    db,
)

bp = Blueprint("children", __name__, url_prefix="/children")


@bp.get("/")
@access.requires("child.list")
def index() -> ResponseReturnValue:
    """The children in scope by name, narrowed by codes in the address and words kept under a key."""
    user = access.signed_in_user()
    filters = ChildFilters.read(request.args)
    words = search.kept_search(user, request.args.get("search"))
    listed = _listed(user, filters, words)
    audit.record_read(
        "children_listed",
        user,
        filters=filters.address(),
        count=listed["count"],
        children=[child.id for child in listed["page"].rows],
    )
    return render_template(
        "children/index.html",
        filters=filters,
        words=words,
        filter_form=_filter_form(user, filters),
        kept=list_choices.kept(user, list_choices.CHILDREN),
        **listed,
    )


@bp.post("/search")
@access.requires("child.list")
def find() -> ResponseReturnValue:
    """Keep the words and lead to the list; or, asked by the script, only the list's part."""
    user = access.signed_in_user()
    filters = ChildFilters.read(request.form)
    form = SearchForm()
    words = form.words.data if form.validate() and form.words.data else ""
    if request.headers.get("X-Fragment"):
        listed = _listed(user, filters, words)
        audit.record(
            "children_searched", user, count=listed["count"], children=[child.id for child in listed["page"].rows]
        )
        db.session.commit()
        return render_template("children/_results.html", filters=filters, words=words, **listed)
    key = search.keep_search(user, words) if words else None
    audit.record("children_searched", user, count=register.count_children(user, filters, words), children=[])
    return saved(url_for(".index", search=key, **filters.address()))


def _listed(user: User, filters: ChildFilters, words: str) -> dict[str, Any]:
    shown, query = child_rows.read(user, filters, words)
    return {
        "page": shown,
        "most": child_filters.MOST_CHOSEN,
        "count": register.count(query)
        if words
        else remembered.told_of(user, f"children {filters}", partial(register.count, query)),
        "cells": list_choices.child_cells(user, shown.rows),
    }


def _filter_form(user: User, filters: ChildFilters) -> Markup:
    """The form that narrows the list: nineteen drop-downs, a tenth of the page's time."""

    def write() -> Markup:
        choices = remembered.told_of(user, f"filters of children in {user.language}", partial(_choices, user))
        return Markup(render_template("children/_filters.html", filters=filters, choices=choices))  # noqa: S704  # nosec B704

    return remembered.told_of(user, f"{request.root_path} filter form {filters} in {user.language}", write)


def _choices(user: User) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers, in the order shown."""
    villages = db.session.execute(access.visible_villages(user).with_only_columns(Village.id, Village.name))
    kinds = db.session.execute(access.visible_kinds(user).with_only_columns(*child_filters.OF_KIND))
    return {
        "village": [(str(key), name) for key, name in villages],
        "age": age_bands.choices(user.commune_id, clock.today()),
        "group": child_filters.group_choices(kinds),
        **child_filters.offered(str(user.language)),
        "allowance": [("1", _("Đang hưởng trợ cấp")), ("0", _("Không hưởng trợ cấp"))],
        "helped": [("1", _("Đã được hỗ trợ trong năm")), ("0", _("Chưa được hỗ trợ trong năm"))],
        "review": [("waiting", _("Chờ công chức duyệt"))],
    }


@bp.get("/<int:child_id>")
@access.requires("child.show")
def show(child_id: int) -> ResponseReturnValue:
    """One child: who, with whom, in what circumstances, what was done, what changed."""
    user = access.signed_in_user()
    household = joinedload(Child.household).selectinload(Household.statuses)
    child = access.find_child(user, child_id, household, selectinload(Child.relatives))
    if child is None:
        merged_into = merging.find_merged_into(user, child_id) or abort(404)
        return redirect(url_for(".show", child_id=merged_into), code=303)
    audit.record_read("child_read", user, child)
    return render_template("children/show.html", child=child, **_parts(user, child))


@bp.get("/<int:child_id>/readers")
@access.requires("child.readers")
def readers(child_id: int) -> ResponseReturnValue:
    """Who opened this child's record, and when."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    events = record_readers.of_child(user, child)
    audit.record_read("readers_read", user, child)
    return render_template(
        "children/readers.html",
        child=child,
        events=events,
        words=audit_log.event_words(),
        subject=audit_log.subject_words,
        most=record_readers.MOST,
    )


def _parts(user: User, child: Child) -> dict[str, Any]:
    """Everything on a child's page, each through its own scope."""
    of_child = {"child_id": child.id}
    siblings: Sequence[Child] = []
    if child.household_id:
        siblings = db.session.scalars(
            register.in_name_order(
                access.visible_children(user).where(Child.household_id == child.household_id, Child.id != child.id)
            )
        ).all()
    changes = db.session.scalars(read_apart.open_changes(user, child.id).limit(60)).all()
    ethnic = db.session.get(EthnicGroup, child.ethnicity_code) if child.ethnicity_code else None
    statuses = _statuses(user, child)
    return {
        **statuses,
        "age_changes": entitlements.coming_for_record(user, child, statuses),
        "siblings": siblings,
        "ethnicity": ethnic.name if ethnic else None,
        "kind_label": kind_label,
        "incidents": db.session.scalars(
            access.visible_incidents(user).filter_by(**of_child).order_by(Incident.happened_on.desc(), Incident.id)
        ).all(),
        "services": db.session.scalars(
            access.known_services(user).filter_by(**of_child).order_by(Service.id.desc()).limit(30)
        ).all(),
        "cases": db.session.scalars(access.visible_cases(user).filter_by(**of_child)).all(),
        "placements": db.session.scalars(
            access.visible_placements(user)
            .options(lazyload(CarePlacement.visits), lazyload(CarePlacement.evaluations))
            .filter_by(**of_child)
        )
        .unique()
        .all(),
        "movements": db.session.scalars(
            access.visible_movements(user).filter_by(**of_child).order_by(Movement.happened_on.desc(), Movement.id)
        ).all(),
        "warnings": [
            *checks.personal_id_warnings(child.personal_id, child.sex, child.birth),
            *checks.name_warnings(child.full_name, child.sex),
        ],
        "entries": history.told(changes, user, apart=True),
        "household_status": _household_status(child),
    }


def _statuses(user: User, child: Child) -> dict[str, Sequence[Any]]:
    """Circumstances, disabilities and allowances, each through its own scope, but for what is read apart."""
    of_child = {"child_id": child.id}
    circumstances = read_apart.open_circumstances(user).filter_by(**of_child)
    return {
        "circumstances": db.session.scalars(circumstances.order_by(Circumstance.ended_on.is_not(None))).all(),
        "disabilities": db.session.scalars(access.visible_disabilities(user).filter_by(**of_child)).all(),
        "allowances": db.session.scalars(read_apart.open_allowances(user).filter_by(**of_child)).all(),
    }


def _household_status(child: Child) -> Any:
    if child.household is None:
        return None
    year = clock.today().year
    return next((status for status in child.household.statuses if status.year <= year), None)


@bp.get("/new")
@access.requires("child.add")
def before_add() -> ResponseReturnValue:
    """Search first: most "new" children are there already."""
    return render_template("children/before_add.html", search_form=SearchForm(formdata=None))


@bp.post("/new")
@access.requires("child.add")
def look_before_add() -> ResponseReturnValue:
    """What was found under these words; from here on to the form."""
    user = access.signed_in_user()
    form = SearchForm()
    words = form.words.data if form.validate() and form.words.data else ""
    key = search.keep_search(user, words) if words else None
    found = register.in_name_order(
        register.children(user, ChildFilters(presence=child_filters.Presence.ALL), words).options(
            selectinload(Child.household), selectinload(Child.relatives)
        )
    )
    children = db.session.scalars(found.limit(20)).unique().all() if words else []
    db.session.commit()
    return render_template("children/before_add.html", search_form=form, words=words, children=children, key=key)


@bp.route("/add", methods=["GET", "POST"])
@access.requires("child.add")
def add() -> ResponseReturnValue:
    """One short form; likely duplicates are shown before saving, twins pass with one click."""
    photo = photos.sent()
    user = access.signed_in_user()
    sibling_id = request.args.get("sibling", type=whole_numbers.key)
    sibling = access.get_child(user, sibling_id) if sibling_id else None
    form = NewChildForm(data=_first_values(user, sibling))
    form.fill(user)
    alike: list[duplicates.Likely] = []
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        alike = duplicates.likely(user, form.full_name.data, form.born_on.data, form.personal_id.data)
        if not alike or form.confirmed.data == "1":
            child = _add(user, form, sibling)
            return saved(_after(user, child, photo), _("Đã thêm trẻ em vào sổ."))
        db.session.rollback()
    status = 422 if form.errors or alike else 200
    return render_template("children/add.html", form=form, alike=alike, sibling=sibling), status


def _after(user: User, child: Child, photo: Any) -> str:
    """Where a saved child's form leads: to the child, or to where a photo that was refused is sent again."""
    where = ".show" if photos.keep(user, child, photo) else "attachments.add_to_child"
    return url_for(where, child_id=child.id)


def _first_values(user: User, sibling: Child | None) -> dict[str, Any]:
    """What the form starts with: the words searched for, the only village, the sibling's village."""
    villages = db.session.scalars(access.visible_villages(user)).all()
    found: dict[str, Any] = {"full_name": search.kept_search(user, request.args.get("search")) or None}
    if sibling is not None:
        found["village_id"] = sibling.village_id
    elif len(villages) == 1:
        found["village_id"] = villages[0].id
    household_id = request.args.get("household", type=whole_numbers.key)
    if household_id:
        household: Household = access.get_household(user, household_id)
        found.update(village_id=household.village_id, head_name=household.head_name)
    return found


def _add(user: User, form: Any, sibling: Child | None) -> Child:
    child = Child()
    form.apply_to(child)
    enrolment.enrol(user, child)
    if sibling is not None:
        enrolment.copy_family(sibling, child)
    for kind in (RelativeKind.FATHER, RelativeKind.MOTHER):
        state = form[f"{kind.value}_state"].data
        enrolment.set_parent(child, kind, form[f"{kind.value}_name"].data, state)
    enrolment.set_parent(child, RelativeKind.CAREGIVER, form.caregiver_name.data, RelativeState.UNKNOWN)
    enrolment.settle(user, child, form.head_name.data, form.phone.data)
    review.submit(user, child, is_new=True)
    db.session.flush()
    return child


@bp.route("/<int:child_id>/edit", methods=["GET", "POST"])
@access.requires("child.edit")
def edit(child_id: int) -> ResponseReturnValue:
    """Correct a child's own particulars."""
    photo = photos.sent()
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    form = ChildForm(obj=child)
    form.fill(user)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        review.submit(user, child)
        form.apply_to(child)
        return saved(_after(user, child, photo), _("Đã lưu."))
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template("children/edit.html", form=form, child=child), status


from blueprints.children import apart_views, record_views  # noqa: E402, F401 - hangs its pages on the same blueprint
