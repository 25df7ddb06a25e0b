"""Households and their yearly status."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func
from sqlalchemy.orm import selectinload

from app import (
    access,
    audit,
    clock,
    conditions,
    enrolment,
    history,
    list_choices,
    register,
    review,
    search,
    visible_history,
    whole_numbers,
)
from app.paging import page
from app.saving import answered_before, saved
from blueprints.households.forms import ChooseForm, HouseholdForm, StatusForm
from models import Child, Household, HouseholdStatus, Poverty, clean, db

bp = Blueprint("households", __name__, url_prefix="/households")


@bp.get("/")
@access.requires("household.list")
def index() -> ResponseReturnValue:
    """The households in scope by the head's name, narrowed by village, standing and words."""
    user = access.signed_in_user()
    words = search.kept_search(user, request.args.get("search"))
    village_id = request.args.get("village", type=whole_numbers.key)
    status = request.args.get("status", "")
    query = access.visible_households(user)
    if village_id:
        query = query.where(Household.village_id == village_id)
    if status in {Poverty.POOR, Poverty.NEAR_POOR}:
        query = query.where(conditions.household_listed(user, clock.today(), Household.id, Poverty(status)))
    for word in clean.fold(words).split():
        query = query.where(Household.head_key.like(f"%{word}%"))
    count = db.session.scalar(query.with_only_columns(func.count(Household.id))) or 0
    shown = page(query.options(selectinload(Household.statuses)), Household, Household.sort_key)
    return render_template(
        "households/index.html",
        page=shown,
        count=count,
        words=words,
        village_id=village_id,
        status=status,
        villages=db.session.scalars(access.visible_villages(user)).all(),
        children=_children_of(user, [household.id for household in shown.rows]),
        year=clock.today().year,
        standings=[Poverty.POOR, Poverty.NEAR_POOR],
        filters=list_choices.read(list_choices.HOUSEHOLDS, request.args),
        kept=list_choices.kept(user, list_choices.HOUSEHOLDS),
        columns=list_choices.headings(user, list_choices.HOUSEHOLDS),
    )


def _children_of(user: object, household_ids: list[int]) -> dict[int, int]:
    query = (
        register.children(user)  # type: ignore[arg-type]
        .where(Child.household_id.in_(household_ids))
        .with_only_columns(Child.household_id, func.count(Child.id))
        .group_by(Child.household_id)
    )
    return {key: number for key, number in db.session.execute(query) if key is not None}


@bp.post("/search")
@access.requires("household.list")
def find() -> ResponseReturnValue:
    """Keep the words and lead to the list."""
    user = access.signed_in_user()
    words = clean.text(request.form.get("words")) or ""
    key = search.keep_search(user, words) if words else None
    return saved(url_for(".index", search=key))


@bp.get("/<int:household_id>")
@access.requires("household.list")
def show(household_id: int) -> ResponseReturnValue:
    """One household: its children, its standing by year."""
    user = access.signed_in_user()
    household = access.get_household(user, household_id)
    children = db.session.scalars(
        register.in_name_order(access.visible_children(user).where(Child.household_id == household.id))
    ).all()
    audit.record_read("household_read", user, household, children=[child.id for child in children])
    changes = db.session.scalars(visible_history.visible_changes(user, "households", household.id).limit(40)).all()
    return render_template(
        "households/show.html", household=household, children=children, entries=history.told(changes, user)
    )


@bp.route("/new", methods=["GET", "POST"])
@access.requires("household.edit")
def new() -> ResponseReturnValue:
    """A new household."""
    user = access.signed_in_user()
    form = HouseholdForm()
    form.fill(user)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        household = Household(commune_id=user.commune_id)
        form.apply_to(household)
        db.session.add(household)
        db.session.flush()
        return saved(url_for(".show", household_id=household.id), _("Đã thêm hộ gia đình."))
    return render_template("households/edit.html", form=form, household=None), 422 if form.errors else 200


@bp.route("/<int:household_id>/edit", methods=["GET", "POST"])
@access.requires("household.edit")
def edit(household_id: int) -> ResponseReturnValue:
    """Correct a household."""
    user = access.signed_in_user()
    household = access.get_household(user, household_id)
    form = HouseholdForm(obj=household)
    form.fill(user)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(household)
        return saved(url_for(".show", household_id=household.id), _("Đã lưu."))
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template("households/edit.html", form=form, household=household), status


@bp.route("/<int:household_id>/status", methods=["GET", "POST"])
@access.requires("household.set_status")
def set_status(household_id: int) -> ResponseReturnValue:
    """Poor or near-poor in one year; the same year again corrects it."""
    user = access.signed_in_user()
    household = access.get_household(user, household_id)
    form = StatusForm(data={"year": clock.today().year})
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        status = next((known for known in household.statuses if known.year == form.year.data), None)
        if status is None:
            status = HouseholdStatus(household_id=household.id)
            household.statuses.append(status)
        form.apply_to(status)
        return saved(url_for(".show", household_id=household.id), _("Đã lưu diện hộ."))
    return render_template("households/status.html", form=form, household=household), 422 if form.errors else 200


@bp.route("/of-child/<int:child_id>", methods=["GET", "POST"])
@access.requires("child.edit")
def choose(child_id: int) -> ResponseReturnValue:
    """The household a child belongs to."""
    user = access.signed_in_user()
    child = access.get_child(user, child_id)
    form = ChooseForm(data={"head_name": child.household.head_name if child.household else None})
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        review.submit(user, child)
        enrolment.settle(user, child, form.head_name.data, form.phone.data)
        return saved(url_for("children.show", child_id=child.id), _("Đã lưu hộ của trẻ."))
    return render_template("households/choose.html", form=form, child=child), 422 if form.errors else 200
