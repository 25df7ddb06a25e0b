"""Workbooks to download, and the log of what was downloaded."""

from typing import Any

from flask import Blueprint, Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from app import access, audit, child_lists, clock, standby
from app.paging import page
from app.saving import answered_before, saved
from app.workbooks import WORKBOOKS, Brief, Variant, background, cover, lines, making, workbook
from blueprints.workbooks.forms import ExportForm
from models import Export, User, Village, db

bp = Blueprint("workbooks", __name__, url_prefix="/workbooks")

MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@access.requires("workbook.download")
def index() -> ResponseReturnValue:
    """The workbooks one may make, with what each holds; below, who took which."""
    user = access.signed_in_user()
    log = page(access.visible_exports(user), Export, -Export.id, size=20)
    offered = [(code, title(user, code), workbook(code).HOLDS) for code in making.offered(user)]
    return render_template("workbooks/index.html", workbooks=offered, log=log, told=_told)


def title(user: User, code: str) -> str:
    """A workbook's title; the superior office's is named after it."""
    if code != making.FOR_VIEWERS:
        return str(workbook(code).TITLE)
    office = cover.receiving_office(user.commune, clock.today())
    return _("Biểu gửi %(office)s", office=office.name) if office else str(workbook(code).TITLE)


def _told(export: Export) -> dict[str, Any]:
    """A line of the log in words."""
    return {
        "title": workbook(export.workbook).TITLE
        if export.workbook in WORKBOOKS
        else child_lists.TITLE
        if export.workbook == child_lists.WORKBOOK
        else export.workbook,
        "variant": Variant(export.variant).label,
        "period": export.filters.get("period", ""),
    }


@bp.post("/population-check/sent")
@access.requires("workbook.named")
def sent_to_police() -> ResponseReturnValue:
    """Note that the list now lies with the commune police; what comes back is read on the page of imports."""
    user = access.signed_in_user()
    again = answered_before()
    if again is not None:
        return again
    count = lines.mark_sent(user)
    told = ngettext(
        "Đã ghi %(num)d trẻ em là đang chờ công an xác minh.",
        "Đã ghi %(num)d trẻ em là đang chờ công an xác minh.",
        count,
    )
    return saved(url_for(".index"), told)


@bp.route("/<string:name>", methods=["GET", "POST"])
@access.requires("workbook.download")
def make(name: str) -> ResponseReturnValue:
    """Ask for a workbook, and get its file. Sent twice it is made twice, and logged twice: it changes no record."""
    user = access.signed_in_user()
    if name not in making.offered(user):
        abort(404)
    form = ExportForm()
    villages = list(db.session.scalars(access.visible_villages(user)))
    form.prepare(user, name, villages)
    if form.validate_on_submit() and form.is_allowed(user):
        asked = _brief(user, form, villages)
        return saved(background.ask(user, name, asked)) if background.is_big(user) else _download(user, name, asked)
    db.session.commit()  # a wrong password is remembered
    facts = {"title": title(user, name), "holds": workbook(name).HOLDS, "is_for_police": name == "population-check"}
    return render_template("workbooks/make.html", form=form, **facts), 422 if form.errors else 200


def _brief(user: User, form: ExportForm, villages: list[Village]) -> Brief:
    wanted = form.asked("village")
    return making.brief(
        user.commune,
        form.asked_period(),
        form.variant.data,
        village=next((village for village in villages if village.id == wanted), None),
        made_by=user.full_name,
        reason=form.reason.data if form.variant.data is Variant.NAMED else None,
        protocol_id=form.asked("protocol"),
    )


def _download(user: User, code: str, brief: Brief) -> Response:
    """The file, written without holding the write lock; then the trace, in a transaction of its own."""
    db.session.commit()
    with audit.reading():
        made = standby.ask(lambda: making.make(code, brief))
        db.session.commit()
    making.note(code, brief, made, user)
    db.session.commit()
    response = Response(made.content, mimetype=MIME_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


from blueprints.workbooks import list_views  # noqa: E402, F401 - hangs its pages on the same blueprint
