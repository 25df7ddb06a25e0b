"""Workbooks."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import access

bp = Blueprint("workbooks", __name__, url_prefix="/workbooks")


@bp.get("/")
@access.requires("workbook.download")
def index() -> ResponseReturnValue:
    """The group's first page."""
    return render_template("home/index.html")
