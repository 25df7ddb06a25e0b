"""Imports."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import access

bp = Blueprint("imports", __name__, url_prefix="/imports")


@bp.get("/")
@access.requires("import.run")
def index() -> ResponseReturnValue:
    """The group's first page."""
    return render_template("home/index.html")
