"""Villages at a glance for the monthly meeting, one printed page each; the village's book printed from the register."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app import access, audit, clock, glance
from app.child_filters import ChildFilters
from app.periods import Period
from app.workbooks import Variant, child_lines, making
from models import RelativeKind

bp = Blueprint("villages", __name__, url_prefix="/villages")


@bp.get("/")
@access.requires("child.list")
def index() -> ResponseReturnValue:
    """Every village of the person signed in, one beside the other; printed, one page each."""
    user = access.signed_in_user()
    on = clock.today()
    return render_template("villages/index.html", glances=glance.glances(user), on=on, month=glance.month_of(on))


@bp.get("/<int:village_id>")
@access.requires("child.list")
def show(village_id: int) -> ResponseReturnValue:
    """One village, for its meeting."""
    user = access.signed_in_user()
    access.get_village(user, village_id)
    on = clock.today()
    found = glance.glances(user, village_id)
    return render_template("villages/show.html", glance=found[0], on=on, month=glance.month_of(on))


@bp.get("/<int:village_id>/book")
@access.requires("child.list")
def book(village_id: int) -> ResponseReturnValue:
    """Sổ theo dõi trẻ em của thôn, printed from the register so that nobody keeps two. Names no HIV, no abuse, no case."""
    user = access.signed_in_user()
    village = access.get_village(user, village_id)
    today = clock.today()
    asked = making.brief(user.commune, Period.of_year(today.year), Variant.NAMED, village=village)
    lines = list(child_lines.children(asked, ChildFilters()))
    keys = [line.child.id for line in lines]
    audit.record_read("list_printed", user, what="village_book", count=len(lines), children=keys)
    return render_template("villages/book.html", village=village, lines=lines, on=today, kinds=RelativeKind)
