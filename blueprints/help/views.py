"""Help: one's own tasks step by step, the steps of a case with their reason, the words of the law in plain ones."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import access, component_samples, guide

bp = Blueprint("help", __name__, url_prefix="/help")


@bp.get("/")
@access.requires("home.show")
def index() -> ResponseReturnValue:
    """What the person signed in may do, and how."""
    user = access.signed_in_user()
    return render_template(
        "help/index.html",
        tasks=[task for task in guide.TASKS if access.may(user, task.permission)],
        steps=[(step, reason, source) for step, (source, reason) in guide.ABOUT.items()],
        glossary=guide.GLOSSARY,
    )


@bp.get("/components")
@access.requires("home.show")
def components() -> ResponseReturnValue:
    """What pages are made of, in every state, for who works on the program. Nothing in it is anybody's."""
    return render_template("help/components.html", **component_samples.samples(), no_address=lambda _opens: None)
