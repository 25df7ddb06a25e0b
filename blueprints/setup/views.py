"""First run."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import access

bp = Blueprint("setup", __name__, url_prefix="/setup")


@bp.get("/")
@access.requires("account.use")
def index() -> ResponseReturnValue:
    """The group's first page."""
    return render_template("home/index.html")
