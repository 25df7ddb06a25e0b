"""Review."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import access

bp = Blueprint("review", __name__, url_prefix="/review")


@bp.get("/")
@access.requires("review.decide")
def index() -> ResponseReturnValue:
    """The group's first page."""
    return render_template("home/index.html")
