"""Villages, receiving offices, the calendar, the list of risks."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, audit, clock, deadlines, places, public_holidays, whole_numbers
from app.saving import answered_before, saved, saved_setting
from blueprints.admin import bp
from blueprints.admin.forms import DayForm, LimitForm, OfficeForm, RiskForm, VillageForm, VillagesForm, YearForm
from models import CalendarDay, DayKind, LocalLimit, ReceivingOffice, db

# ── Villages ───────────────────────────────────────────────────────────────


@bp.route("/villages", methods=["GET", "POST"])
@access.requires("setting.edit")
def villages() -> ResponseReturnValue:
    """The villages; add some."""
    user = access.signed_in_user()
    form = VillagesForm()
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        names = form.check_names(user)
        if not form.errors:
            places.add_villages(user.commune, names)
            audit.record("setting_changed", user, what="villages")
            return saved(url_for(".villages"), _("Đã thêm thôn"))
    known = db.session.scalars(access.visible_villages(user)).all()
    names_by_id = {village.id: village.name for village in known}
    return render_template(
        "admin/villages.html", form=form, villages=known, names=names_by_id, in_use=places.is_in_use
    ), 422 if form.errors else 200


@bp.route("/villages/<int:village_id>", methods=["GET", "POST"])
@access.requires("setting.edit")
def village(village_id: int) -> ResponseReturnValue:
    """Rename a village, or end it; children keep it until they are moved."""
    user = access.signed_in_user()
    record = access.get_village(user, village_id)
    form = VillageForm(obj=record)
    form.fill(user)
    if form.validate_on_submit() and form.check(user):
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(record)
        audit.record("setting_changed", user, record, what="villages")
        return saved(url_for(".villages"), _("Đã lưu"))
    return render_template("admin/village.html", form=form), 409 if form.conflicts else 422 if form.errors else 200


# ── Receiving offices ──────────────────────────────────────────────────────


@bp.get("/offices")
@access.requires("setting.edit")
def offices() -> ResponseReturnValue:
    """Who gets the commune's reports, with dates."""
    found = db.session.scalars(places.offices(access.signed_in_user())).all()
    return render_template("admin/offices.html", offices=found, receives_today=places.receives_today)


@bp.route("/offices/new", methods=["GET", "POST"])
@access.requires("setting.edit")
def new_office() -> ResponseReturnValue:
    """Add a receiving office."""
    user = access.signed_in_user()
    return _office(ReceivingOffice(commune_id=user.commune_id))


@bp.route("/offices/<int:office_id>", methods=["GET", "POST"])
@access.requires("setting.edit")
def office(office_id: int) -> ResponseReturnValue:
    """Change a receiving office or its dates."""
    return _office(places.get_setting(access.signed_in_user(), ReceivingOffice, office_id))


def _office(record: ReceivingOffice) -> ResponseReturnValue:
    return save_setting(record, OfficeForm(obj=record), "offices", "admin/office.html")


def save_setting(record: Any, form: Any, what: str, template: str, page: str | None = None) -> ResponseReturnValue:
    """Show and save one line of a list of settings, new or known; `what` names the list, in the trail and, unless told, its page."""
    answer = saved_setting(record, form, what, url_for(page or f".{what}"))
    if answer is not None:
        return answer
    return render_template(template, form=form), 409 if form.conflicts else 422 if form.errors else 200


# ── Limits the locality has shortened ──────────────────────────────────────


@bp.get("/limits")
@access.requires("setting.edit")
def limits() -> ResponseReturnValue:
    """Limits shorter than the decree's, with their dates and the paper that sets them."""
    found = db.session.scalars(places.local_limits(access.signed_in_user())).all()
    return render_template("admin/limits.html", limits=found, lawful=deadlines.LAWFUL)


@bp.route("/limits/new", methods=["GET", "POST"])
@access.requires("setting.edit")
def new_limit() -> ResponseReturnValue:
    """Add a shorter limit."""
    return _limit(LocalLimit(commune_id=access.signed_in_user().commune_id))


@bp.route("/limits/<int:limit_id>", methods=["GET", "POST"])
@access.requires("setting.edit")
def limit(limit_id: int) -> ResponseReturnValue:
    """Change a shorter limit, or end it."""
    return _limit(places.get_setting(access.signed_in_user(), LocalLimit, limit_id))


def _limit(record: LocalLimit) -> ResponseReturnValue:
    return save_setting(record, LimitForm(obj=record), "limits", "admin/limit.html")


# ── Calendar ───────────────────────────────────────────────────────────────


@bp.route("/calendar", methods=["GET", "POST"])
@access.requires("setting.edit")
def calendar() -> ResponseReturnValue:
    """The holidays and working weekend days of a year; add one."""
    user = access.signed_in_user()
    year = request.args.get("year", default=clock.today().year, type=whole_numbers.key)
    year = year if 2000 <= year <= 2099 else clock.today().year
    form = DayForm(kind=DayKind.HOLIDAY)
    if form.validate_on_submit():
        if places.day_is_taken(user, form.day.data):
            form.add_error("day", _("Lịch đã có ngày này"))
        else:
            return _add_day(form)
    days = db.session.scalars(places.days_of_year(user, year)).all()
    return render_template(
        "admin/calendar.html", form=form, year_form=YearForm(formdata=None, year=year), days=days, year=year
    ), 422 if form.errors else 200


def _add_day(form: DayForm) -> ResponseReturnValue:  # type: ignore[valid-type]
    again = answered_before()
    if again is not None:
        return again
    user = access.signed_in_user()
    day = CalendarDay(commune_id=user.commune_id)
    form.apply_to(day)  # type: ignore[attr-defined]
    db.session.add(day)
    audit.record("setting_changed", user, what="calendar")
    return saved(url_for(".calendar", year=day.day.year), _("Đã thêm ngày"))


@bp.post("/calendar/fill")
@access.requires("setting.edit")
def fill_calendar() -> ResponseReturnValue:
    """Add the year's public holidays as far as they are known."""
    user = access.signed_in_user()
    form = YearForm()
    if not form.validate():
        return saved(url_for(".calendar"), _("Gõ năm từ 2000 đến 2099"))
    again = answered_before()
    if again is not None:
        return again
    count = public_holidays.fill_year(user.commune_id, form.year.data)
    audit.record("setting_changed", user, what="calendar")
    message = _("Đã thêm %(count)d ngày. So lại với thông báo nghỉ lễ của năm.", count=count)
    return saved(url_for(".calendar", year=form.year.data), message)


@bp.post("/calendar/<int:day_id>/delete")
@access.requires("setting.edit")
def delete_day(day_id: int) -> ResponseReturnValue:
    """Take a day off the calendar."""
    user = access.signed_in_user()
    day = places.get_setting(user, CalendarDay, day_id)
    again = answered_before()
    if again is not None:
        return again
    db.session.delete(day)
    audit.record("setting_changed", user, what="calendar")
    return saved(url_for(".calendar", year=day.day.year), _("Đã xóa ngày"))


# ── Risks ──────────────────────────────────────────────────────────────────


@bp.get("/risks")
@access.requires("setting.edit")
def risks() -> ResponseReturnValue:
    """The commune's list of risks; the law has none that is closed."""
    user = access.signed_in_user()
    found = db.session.scalars(places.risks(user)).all()
    changeable = {risk.code for risk in found if places.may_change_risk(user, risk)}
    return render_template("admin/risks.html", risks=found, changeable=changeable)


@bp.route("/risks/new", methods=["GET", "POST"])
@access.requires("setting.edit")
def new_risk() -> ResponseReturnValue:
    """Add a risk to the commune's list."""
    user = access.signed_in_user()
    form = RiskForm(is_active=True)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        record = places.new_risk(user)
        form.apply_to(record)
        db.session.add(record)
        audit.record("setting_changed", user, what="risks")
        return saved(url_for(".risks"), _("Đã lưu"))
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template("admin/risk.html", form=form), status


@bp.route("/risks/<string:kind_code>", methods=["GET", "POST"])
@access.requires("setting.edit")
def risk(kind_code: str) -> ResponseReturnValue:
    """Rename a risk, or stop using it; children who have it keep it."""
    user = access.signed_in_user()
    record = places.get_risk(user, kind_code)
    form = RiskForm(obj=record)
    if form.validate_on_submit():
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(record)
        audit.record("setting_changed", user, what="risks")
        return saved(url_for(".risks"), _("Đã lưu"))
    status = 409 if form.conflicts else 422 if form.errors else 200
    return render_template("admin/risk.html", form=form), status
