"""Households."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import access

bp = Blueprint("households", __name__, url_prefix="/households")


@bp.get("/")
@access.requires("household.list")
def index() -> ResponseReturnValue:
    """The group's first page."""
    return render_template("home/index.html")
