"""The work that waits for the person signed in."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import access

bp = Blueprint("home", __name__)


@bp.get("/")
@access.requires("home.show")
def index() -> ResponseReturnValue:
    """Overdue, due soon, new, sent back, unsent: each number opens its list."""
    return render_template("home/index.html")
