"""Half-written forms: kept while one types, listed, given back, thrown away; each for its writer alone."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, drafts
from app.saving import saved
from models import db

bp = Blueprint("drafts", __name__, url_prefix="/drafts")


@bp.get("/")
@access.requires("account.use")
def index() -> ResponseReturnValue:
    """What one has typed and not saved."""
    return render_template("drafts/index.html", drafts=drafts.waiting(access.signed_in_user()))


@bp.post("/keep")
@access.requires("account.use")
def keep() -> ResponseReturnValue:
    """Keep a form as far as it is typed; the page's script sends it now and then."""
    user = access.signed_in_user()
    page = drafts.page_of(request.form["draft_page"])
    if not drafts.may_open(user, page):
        abort(404)
    drafts.keep(user.id, page)
    db.session.commit()
    return "", 204


@bp.post("/discard")
@access.requires("account.use")
def discard() -> ResponseReturnValue:
    """Throw one's own draft away, and open the empty form again if it has a page."""
    page = drafts.page_of(request.form.get("draft_page", ""))
    user = access.signed_in_user()
    drafts.forget(user.id, page)
    return saved(page if drafts.may_open(user, page) else "/drafts/", _("Đã bỏ bản nháp"))
