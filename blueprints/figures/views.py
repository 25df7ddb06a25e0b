"""Figures."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import access

bp = Blueprint("figures", __name__, url_prefix="/figures")


@bp.get("/")
@access.requires("figures.show")
def index() -> ResponseReturnValue:
    """The group's first page."""
    return render_template("home/index.html")
