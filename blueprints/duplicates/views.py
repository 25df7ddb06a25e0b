"""Children that may stand twice in the register."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import access, audit, likely_pairs, whole_numbers
from models import db

bp = Blueprint("duplicates", __name__, url_prefix="/duplicates")

PAGE_SIZE = 20


@bp.get("/")
@access.requires("child.list")
def index() -> ResponseReturnValue:
    """Pairs that may be one child, the likeliest first, with the reasons in words."""
    user = access.signed_in_user()
    asked = _number("village")
    village = access.get_village(user, asked) if asked else None
    found = likely_pairs.pairs(user, village.id if village else None)
    number = min(max(_number("page"), 1), max(1, -(-len(found) // PAGE_SIZE)))
    shown = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    children = likely_pairs.children_of(user, shown)
    audit.record_read("children_listed", user, filters={"list": "duplicates"}, count=len(found), children=children)
    return render_template(
        "duplicates/index.html",
        pairs=shown,
        children=children,
        count=len(found),
        number=number,
        has_more=number * PAGE_SIZE < len(found),
        villages=db.session.scalars(access.visible_villages(user)).all(),
        village_id=village.id if village else None,
    )


def _number(name: str) -> int:
    return whole_numbers.read(request.args.get(name)) or 0


from blueprints.duplicates import merge_views  # noqa: E402, F401 - hangs its pages on the same blueprint
