"""Cases."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import access

bp = Blueprint("cases", __name__, url_prefix="/cases")


@bp.get("/")
@access.requires("case.list")
def index() -> ResponseReturnValue:
    """The group's first page."""
    return render_template("home/index.html")
