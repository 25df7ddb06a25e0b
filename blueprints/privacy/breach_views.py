"""Breaches: the register, the sheet of who came across which children, the notice to print. Luật 91/2025/QH15 Đ23."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, audit, audit_log, breaches, clock, whole_numbers
from app.saving import answered_before, saved
from blueprints.privacy.forms import BreachForm
from blueprints.privacy.views import bp, form_page
from models import Breach, db


@bp.get("/breaches")
@access.requires("breach.list")
def breach_index() -> ResponseReturnValue:
    """The register of breaches, those not notified yet on top."""
    return render_template("privacy/breaches.html", lines=breaches.lines(access.signed_in_user()), page=".breach")


@bp.get("/breaches/<int:breach_id>")
@access.requires("breach.list")
def breach(breach_id: int) -> ResponseReturnValue:
    """One breach: the 72 hours, and who came across which children."""
    user = access.signed_in_user()
    record = breaches.get(user, breach_id)
    sheet = breaches.sheet(user, record)
    audit.record_read("breach_read", user, record)
    audit.record_read(
        "children_listed", user, filters={"list": "breach"}, count=len(sheet.children), children=sheet.names
    )
    facts = {"words": audit_log.event_words(), "most": breaches.MOST}
    return render_template("privacy/breach.html", line=breaches.line_of(record), sheet=sheet, **facts)


@bp.get("/breaches/<int:breach_id>/notice")
@access.requires("breach.list")
def breach_notice(breach_id: int) -> ResponseReturnValue:
    """The notice to the authority, to be printed and signed; it names no child."""
    user = access.signed_in_user()
    record = breaches.get(user, breach_id)
    audit.record_read("breach_read", user, record)
    keys = {key for one in breaches.exposures(user, record) for key in one.children}
    return render_template("privacy/notice.html", line=breaches.line_of(record), children=len(keys), on=clock.today())


@bp.route("/breaches/new", methods=["GET", "POST"])
@access.requires("breach.edit")
def new_breach() -> ResponseReturnValue:
    """Write down a breach; `child` when it is about one child."""
    user = access.signed_in_user()
    child_id = request.args.get("child", type=whole_numbers.key)
    child = access.get_child(user, child_id) if child_id else None
    record = Breach(commune_id=user.commune_id, child_id=child.id if child else None, recorded_by_id=user.id)
    begun = {"detected_at": clock.now(), "first_on": clock.today(), "last_on": clock.today()}
    return _save_breach(record, BreachForm(data=begun), url_for(".breach_index"))


@bp.route("/breaches/<int:breach_id>/edit", methods=["GET", "POST"])
@access.requires("breach.edit")
def edit_breach(breach_id: int) -> ResponseReturnValue:
    """Go on with a breach: what was done, whom was told."""
    record = breaches.get(access.signed_in_user(), breach_id)
    return _save_breach(record, BreachForm(obj=record), url_for(".breach", breach_id=record.id))


def _save_breach(record: Breach, form: Any, back: str) -> ResponseReturnValue:
    user = access.signed_in_user()
    form.fill(user)
    if form.validate_on_submit() and form.check():
        again = answered_before()
        if again is not None:
            return again
        form.apply_to(record)
        db.session.add(record)
        db.session.flush()
        audit.record("breach_changed", user, record)
        return saved(url_for(".breach", breach_id=record.id), _("Đã lưu."))
    return form_page(form, _("Ghi vi phạm về dữ liệu cá nhân"), back)


# ── For the administrator: without children ────────────────────────────────


@bp.get("/breach-events")
@access.requires("audit.show")
def breach_events() -> ResponseReturnValue:
    """The register of breaches, for whoever keeps the installation."""
    return render_template(
        "privacy/breaches.html", lines=breaches.lines(access.signed_in_user()), page=".events_of_breach"
    )


@bp.get("/breach-events/<int:breach_id>")
@access.requires("audit.show")
def events_of_breach(breach_id: int) -> ResponseReturnValue:
    """Who did what in the days of a breach and to how many children; never to which."""
    user = access.signed_in_user()
    record = breaches.get(user, breach_id)
    audit.record_read("breach_read", user, record)
    found = breaches.exposures(user, record)
    children = len({key for one in found for key in one.children})
    facts = {"words": audit_log.event_words(), "most": breaches.MOST, "children": children, "count": len(found)}
    return render_template(
        "privacy/breach_events.html", line=breaches.line_of(record), exposures=found[: breaches.MOST], **facts
    )
