"""What somebody chose for the main lists: filters kept under a name, and columns. Codes only; words searched for are not kept.

The columns of the list of children are those of lists one builds (app/child_lists.py), read by the same code.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l, lazy_pgettext as _lp
from sqlalchemy import bindparam, select

from app import access, child_lists, clock, whole_numbers
from app.casework import CaseFilters
from app.child_filters import ChildFilters, Presence
from app.paging import lines
from app.workbooks import Variant
from app.workbooks.child_lines import ChildLine, children
from models import Child, ChildList, ChosenColumns, Poverty, SavedFilter, Sensitivity, User, db

CHILDREN, CASES, HOUSEHOLDS = "children", "cases", "households"

#: Code → (what it is called, the page).
LISTS: dict[str, tuple[Any, str]] = {
    CHILDREN: (_lp("many", "Trẻ em"), "children.index"),
    CASES: (_lp("many", "Vụ việc"), "cases.index"),
    HOUSEHOLDS: (_lp("many", "Hộ gia đình"), "households.index"),
}

#: Columns of cases and households beside the first, which always stands. Kept in the database: never reuse a code.
_COLUMNS: dict[str, dict[str, Any]] = {
    CASES: {
        "child": _l("Trẻ em"),
        "step": _l("Bước"),
        "risk": _l("Nguy cơ"),
        "due": _l("Hạn tiếp theo"),
        "village": _l("Thôn"),
        "activity": _l("Hoạt động cuối"),
        "worker": _l("Người phụ trách"),
    },
    HOUSEHOLDS: {
        "village": _l("Thôn"),
        "phone": _l("Điện thoại"),
        "status": _l("Diện hộ"),
        "children": _lp("many", "Trẻ em"),
    },
}
#: Columns known only to those who may read cases.
_OF_CASE = {"risk", "worker"}
#: Ticked beforehand in the list of children: what it shows by itself.
_USUAL = ("c3", "c5", "c7", "c8", "c9", "c22")
#: The child's name, which always stands first.
_NAME = "c2"


def read(list_code: str, values: Mapping[str, str]) -> dict[str, str]:
    """The codes of a list's filters among the values of an address; whatever else stands there is left out."""
    if list_code == CHILDREN:
        return ChildFilters.read(values).address()
    if list_code == CASES:
        return CaseFilters.read(values).address()
    village, status = values.get("village", ""), values.get("status", "")
    found = {}
    if whole_numbers.read(village) is not None:
        found["village"] = village
    if status in {Poverty.POOR, Poverty.NEAR_POOR}:
        found["status"] = str(status)
    return found


def kept(user: User, list_code: str) -> Sequence[Any]:
    """The filters somebody keeps for a list, oldest first: (id, name, filters)."""
    return lines(_KEPT, _of(user, list_code))


def find_filter(user: User, filter_id: int, *, removed: bool = False) -> SavedFilter | None:
    """One filter of one's own; `removed` also one that was deleted and can be taken back."""
    query = _own(user, SavedFilter).filter_by(id=filter_id)
    return db.session.scalars(query if removed else query.filter_by(removed_at=None)).one_or_none()


def remove_filter(user: User, filter_: SavedFilter) -> None:
    """Delete a filter, so that it can be taken back for a day; those deleted before that go for good."""
    for old in db.session.scalars(_own(user, SavedFilter).where(SavedFilter.removed_at < clock.days_ago(1))):
        db.session.delete(old)
    filter_.removed_at = clock.now()


def _own(user: User, model: Any) -> Any:
    return select(model).where(model.commune_id == user.commune_id, model.user_id == user.id)


def _own_of_list(model: Any, *columns: Any) -> Any:
    """Put together once, for the main lists ask it each time; `_of` says whose and which list."""
    whose = (getattr(model, name) == bindparam(name) for name in ("commune_id", "user_id", "list_code"))
    return select(*columns or [model]).where(*whose)


def _of(user: User, list_code: str) -> dict[str, Any]:
    return {"commune_id": user.commune_id, "user_id": user.id, "list_code": list_code}


_KEPT = (
    _own_of_list(SavedFilter, SavedFilter.id, SavedFilter.name, SavedFilter.filters)
    .where(SavedFilter.removed_at.is_(None))
    .order_by(SavedFilter.id)
)
_CHOSEN = _own_of_list(ChosenColumns)
_CHOSEN_CODES = _own_of_list(ChosenColumns, ChosenColumns.columns)


def offered(user: User, list_code: str) -> dict[str, Any]:
    """{code: label} of the columns somebody may choose, in the order shown."""
    if list_code == CHILDREN:
        return {code: column.label for code, column in child_lists.offered(user).items() if code != _NAME}
    whole = access.may_read(user, Sensitivity.CASE)
    return {code: label for code, label in _COLUMNS[list_code].items() if whole or code not in _OF_CASE}


def usual(user: User, list_code: str) -> list[str]:
    """What a list shows until somebody chose."""
    known = offered(user, list_code)
    return [code for code in (_USUAL if list_code == CHILDREN else known) if code in known]


def chosen(user: User, list_code: str) -> list[str] | None:
    """The codes chosen, as far as they may still be read; None until somebody chose."""
    found = db.session.connection().execute(_CHOSEN_CODES, _of(user, list_code)).scalar_one_or_none()
    if found is None:
        return None
    known = offered(user, list_code)
    return [code for code in known if code in found]


def shown(user: User, list_code: str) -> list[str]:
    """The codes chosen, else the usual ones."""
    found = chosen(user, list_code)
    return usual(user, list_code) if found is None else found


def headings(user: User, list_code: str) -> dict[str, Any]:
    """{code: label} of the columns a list shows, in their order."""
    known = offered(user, list_code)
    return {code: known[code] for code in shown(user, list_code)}


def _chosen(user: User, list_code: str) -> ChosenColumns | None:
    found: ChosenColumns | None = db.session.scalars(_CHOSEN, _of(user, list_code)).one_or_none()
    return found


def choose(user: User, list_code: str, codes: Sequence[str]) -> None:
    """Keep the columns chosen; the usual ones need not be kept."""
    found = _chosen(user, list_code)
    if list(codes) == usual(user, list_code):
        if found is not None:
            db.session.delete(found)
        return
    if found is None:
        found = ChosenColumns(commune_id=user.commune_id, user_id=user.id, list_code=list_code)
        db.session.add(found)
    found.columns = list(codes)


def child_cells(user: User, shown_children: Sequence[Child]) -> tuple[list[Any], dict[int, list[str]]] | None:
    """(headings, {child id: cells}) of the columns chosen for the list of children; None until somebody chose.

    The children are those the page found in scope; the lines around them are read as for a list one builds.
    """
    if not access.may(user, "child_list.use"):
        return None
    codes = chosen(user, CHILDREN)
    if codes is None:
        return None
    known = child_lists.offered(user)
    columns = [known[code] for code in codes]
    asked = child_lists.brief(user, ChildList(filters={}), Variant.NAMED)
    ids = [child.id for child in shown_children]
    lines: dict[int, ChildLine] = {
        line.child.id: line for line in children(asked, ChildFilters(presence=Presence.ALL), Child.id.in_(ids))
    }
    cells = {key: [child_lists.shown(column.read(line)) for column in columns] for key, line in lines.items()}
    return [column.label for column in columns], cells
