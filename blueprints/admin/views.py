"""Settings."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import access

bp = Blueprint("admin", __name__, url_prefix="/settings")


@bp.get("/")
@access.requires("setting.edit")
def index() -> ResponseReturnValue:
    """The group's first page."""
    return render_template("home/index.html")
