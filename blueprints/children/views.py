"""Children."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import access

bp = Blueprint("children", __name__, url_prefix="/children")


@bp.get("/")
@access.requires("child.list")
def index() -> ResponseReturnValue:
    """The group's first page."""
    return render_template("home/index.html")
