"""Services."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import access

bp = Blueprint("services", __name__, url_prefix="/services")


@bp.get("/")
@access.requires("service.list")
def index() -> ResponseReturnValue:
    """The group's first page."""
    return render_template("home/index.html")
