"""One thing done to many children: chosen in a list, entered, looked over, done, told, taken back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from app import access, audit, bulk, search
from app.bulk import Choosing
from app.child_filters import MOST_CHOSEN, ChildFilters, Keys, Presence
from app.forms import shown
from app.paging import page
from app.saving import answered_before, saved
from blueprints.bulk.forms import CheckForm, ConfirmForm, MoveForm
from models import BulkAct, BulkKind, Child, db

bp = Blueprint("bulk", __name__, url_prefix="/bulk")

#: What the buttons under the list of children ask for → the page that does it.
PAGES = {
    "move": "bulk.move",
    "check": "bulk.check",
    "confirm": "bulk.confirm",
    "service": "services.new_batch",
    "list": "workbooks.new_list",
}
Candidates = Callable[[Sequence[Child], Mapping[int, int]], Choosing]


@bp.get("/chosen")
@access.requires("child.bulk")
def chosen() -> ResponseReturnValue:
    """From ticks in the list of children, or from the whole list, to the page of what is to be done to them."""
    wanted = _whole_list() if "whole" in request.args else request.args.getlist("child")
    if len(wanted) > MOST_CHOSEN:
        flash(_("Mỗi lần làm được cho nhiều nhất %(count)d trẻ em. Hãy lọc bớt.", count=MOST_CHOSEN), "warning")
        return redirect(url_for("children.index", **ChildFilters.read(request.args).address()), code=303)
    keys = Keys.read(",".join(wanted))
    target = PAGES.get(request.args.get("act", ""))
    if keys is None or target is None:
        return _nobody()
    return redirect(url_for(target, **ChildFilters(only=keys, presence=Presence.ALL).address()), code=303)


def _nobody() -> ResponseReturnValue:
    flash(_("Chưa chọn trẻ em nào. Đánh dấu ở đầu dòng rồi bấm nút ở cuối danh sách."), "warning")
    return redirect(url_for("children.index"), code=303)


def _whole_list() -> list[str]:
    """The keys of all pages of the list."""
    user = access.signed_in_user()
    words = search.kept_search(user, request.args.get("search"))
    return [str(key) for key in bulk.whole_list(user, ChildFilters.read(request.args), words)]


@bp.route("/move", methods=["GET", "POST"])
@access.requires("child.bulk")
def move() -> ResponseReturnValue:
    """To another village of the commune on a day."""
    user, form = access.signed_in_user(), MoveForm()
    return _act(
        BulkKind.MOVED,
        form,
        lambda children, codes: bulk.move_candidates(
            user, children, codes, form.to_village_id.data, form.happened_on.data
        ),
        lambda choosing: bulk.move(user, choosing, form.to_village_id.data, form.happened_on.data),
    )


@bp.route("/check", methods=["GET", "POST"])
@access.requires("child.bulk")
def check() -> ResponseReturnValue:
    """What the comparison with the population database said."""
    user, form = access.signed_in_user(), CheckForm()
    return _act(
        BulkKind.CHECKED,
        form,
        lambda children, codes: bulk.check_candidates(children, codes, form.population_check.data),
        lambda choosing: bulk.check(user, choosing, form.population_check.data),
    )


@bp.route("/confirm", methods=["GET", "POST"])
@access.requires("child.bulk")
def confirm() -> ResponseReturnValue:
    """The circumstances that wait to be confirmed."""
    user = access.signed_in_user()
    return _act(
        BulkKind.CONFIRMED,
        ConfirmForm(),
        lambda children, codes: bulk.confirm_candidates(user, children, codes),
        lambda choosing: bulk.confirm(user, choosing),
    )


def _act(kind: BulkKind, form: Any, candidates: Candidates, do: Callable[[Choosing], BulkAct]) -> ResponseReturnValue:
    """Enter, look over, do: the children of the address, as they were when the page was opened."""
    user = access.signed_in_user()
    codes = bulk.read_codes(request.form.getlist("chosen")) if form.is_submitted() else None
    form.fill(user)
    step = request.form.get("step", "enter" if _fields(form) else "check")
    is_entered = step in ("check", "save") and (form.validate_on_submit() or not _fields(form))
    again = answered_before() if is_entered and step == "save" else None
    if again is not None:
        return again
    children = bulk.children(user, ChildFilters.read(request.args), codes)
    if not children:
        return _nobody()
    choosing = candidates(children, codes or {}) if is_entered else None
    if choosing is not None and step == "save":
        return _do(choosing, do)
    return _show(kind, form, children, codes, choosing)


def _do(choosing: Choosing, do: Callable[[Choosing], BulkAct]) -> ResponseReturnValue:
    if choosing.chosen:
        return saved(url_for(".show", act_id=do(choosing).id))
    db.session.rollback()
    flash(_("Chưa làm gì: không còn trẻ em nào để làm."), "warning")
    return redirect(request.full_path, code=303)


def _fields(form: Any) -> list[Any]:
    return [one for one in form if one.type not in ("HiddenField", "CSRFTokenField")]


def _show(
    kind: BulkKind, form: Any, children: Sequence[Child], codes: Mapping[int, int] | None, choosing: Choosing | None
) -> ResponseReturnValue:
    keys = [child.id for child in children]
    audit.record_read(
        "children_listed", access.signed_in_user(), filters={"list": "bulk"}, count=len(keys), children=keys
    )
    if form.is_submitted():
        db.session.commit()  # who was shown is remembered
    known = codes if codes is not None else {child.id: child.version for child in children}
    page_of = "bulk/look_over.html" if choosing is not None else "bulk/enter.html"
    return render_template(
        page_of,
        kind=kind,
        form=form,
        fields=_fields(form),
        entered=[(one.label.text, shown(one, one.data)) for one in _fields(form)],
        children=children,
        codes=bulk.codes_of(known),
        choosing=choosing,
    ), 422 if form.errors and choosing is None else 200


@bp.get("/")
@access.requires("child.bulk")
def index() -> ResponseReturnValue:
    """What was done to many at once, the latest first."""
    acts = page(access.visible_bulk_acts(access.signed_in_user()), BulkAct, -BulkAct.id)
    return render_template("bulk/index.html", page=acts)


@bp.get("/<int:act_id>")
@access.requires("child.bulk")
def show(act_id: int) -> ResponseReturnValue:
    """Who it was done to, who was left out and why; one button takes it back."""
    user = access.signed_in_user()
    act = access.get_bulk_act(user, act_id)
    lines = bulk.lines(user, act)
    keys = [line.child_id for line in lines]
    audit.record_read("children_listed", user, filters={"list": "bulk"}, count=len(keys), children=keys)
    return render_template("bulk/show.html", act=act, **bulk.told(lines))


@bp.post("/<int:act_id>/undo")
@access.requires("child.bulk")
def undo(act_id: int) -> ResponseReturnValue:
    """Take it back, but for what somebody has changed since."""
    user = access.signed_in_user()
    act = access.get_bulk_act(user, act_id)
    again = answered_before()
    if again is not None:
        return again
    if act.undone_at is not None:
        flash(_("Việc này đã hoàn tác rồi."), "warning")
        return redirect(url_for(".show", act_id=act.id), code=303)
    back, _kept = bulk.undo(user, act)
    told = ngettext("Đã hoàn tác cho %(num)d trẻ em.", "Đã hoàn tác cho %(num)d trẻ em.", back)
    return saved(url_for(".show", act_id=act.id), told)
