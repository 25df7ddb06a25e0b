"""Lists an officer builds for herself: which columns there are, whom a list holds, and its workbook.

The page, the count and the workbook ask the same question. What stands in no list (HIV/AIDS, sexual abuse, case notes) is
in none of these either: such groups cannot be asked for, and such fields cannot be columns.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import force_locale, gettext as _, lazy_gettext as _l, ngettext
from sqlalchemy import select

from app import access, child_filters, clock, register
from app.child_filters import SECRET, ChildFilters
from app.periods import Period
from app.workbooks import Brief, Column, Table, Variant, computed, file, making, stored
from app.workbooks.child_lines import ChildLine, children
from app.workbooks.lines import joined
from app.workbooks.register import COLUMNS as REGISTER
from models import Child, ChildList, CircumstanceKind, PartialDate, Sensitivity, User, Village, db

#: Its code in the log of downloads.
WORKBOOK = "child-list"
TITLE = _l("Danh sách tự lập")
#: Rows shown on the page; the workbook holds all.
SHOWN = 500

_BEFORE: tuple[tuple[str, Column], ...] = (
    ("age", computed(_l("Tuổi"), lambda line: _age(line), 8)),
    ("ethnicity", computed(_l("Dân tộc"), lambda line: line.child.ethnic_group, 13, sensitivity=Sensitivity.SENSITIVE)),
    ("allowance", computed(_l("Đang hưởng trợ cấp"), lambda line: line.receives_allowance, 12)),
    (
        "circumstance_words",
        computed(_l("Hoàn cảnh (ghi đầy đủ)"), lambda line: joined(one.wording for one in line.circumstances), 42),
    ),
    ("nationality", stored(Child.nationality)),
)


def columns() -> dict[str, Column]:
    """{code: column}: those of the register, then some that are worked out. A code is kept in saved lists: never reuse one."""
    chosen_freely = (replace(column, variants=None) for column in REGISTER)
    return {**{f"c{number}": column for number, column in enumerate(chosen_freely, start=1)}, **dict(_BEFORE)}


def offered(user: User) -> dict[str, Column]:
    """The columns somebody may read."""
    return {code: column for code, column in columns().items() if access.may_read(user, column.sensitivity)}


def chosen(user: User, child_list: ChildList) -> list[Column]:
    """A list's columns as far as its owner may still read them."""
    known = offered(user)
    return [known[code] for code in child_list.columns if code in known]


def open_kinds(user: User) -> Sequence[CircumstanceKind]:
    """The circumstances one may ask for."""
    query = access.visible_kinds(user).where(CircumstanceKind.sensitivity.not_in(SECRET))
    return db.session.scalars(query).all()


def filters_of(child_list: ChildList) -> ChildFilters:
    """What a list asks; the secret groups never count."""
    return ChildFilters.read(child_list.filters).but(shared="1", on=None)


def told_filters(user: User, child_list: ChildList) -> list[str]:
    """What a list asks, in words."""
    asked = filters_of(child_list)
    groups = dict(child_filters.group_choices(open_kinds(user)))
    found = []
    if asked.village:
        name = db.session.scalar(
            select(Village.name).where(Village.id == asked.village, Village.commune_id == user.commune_id)
        )
        found.append(str(name or "–"))
    found += [
        str(getattr(asked, name).label) for name in ("age", *child_filters.CHOICES) if getattr(asked, name) is not None
    ]
    if asked.only:
        count = len(asked.only.keys)
        found.append(ngettext("%(num)d trẻ em được chọn", "%(num)d trẻ em được chọn", count))
    if asked.group:
        found.append(groups.get(asked.group, asked.group))
    if asked.allowance:
        found.append(_("Đang hưởng trợ cấp") if asked.allowance == "1" else _("Không hưởng trợ cấp"))
    if asked.helped:
        found.append(_("Đã được hỗ trợ trong năm") if asked.helped == "1" else _("Chưa được hỗ trợ trong năm"))
    return found


def brief(
    user: User, child_list: ChildList, variant: Variant, reason: str | None = None, protocol_id: int | None = None
) -> Brief:
    """A list as of today."""
    today = clock.today()
    village_id = filters_of(child_list).village
    village = None
    if village_id is not None:
        village = db.session.scalars(access.visible_villages(user).where(Village.id == village_id)).one_or_none()
    period = Period(f"{today}..{today}", today, today)
    return making.brief(
        user.commune, period, variant, village=village, made_by=user.full_name, reason=reason, protocol_id=protocol_id
    )


def count(user: User, child_list: ChildList) -> int:
    """How many children a list holds."""
    return register.count_children(user, filters_of(child_list))


def lines(user: User, child_list: ChildList) -> Iterator[ChildLine]:
    """The children of a list as its page shows them: the first SHOWN."""
    return children(brief(user, child_list, Variant.NAMED), filters_of(child_list), most=SHOWN)


def shown(value: Any) -> str:
    """A value as a page tells it."""
    if value is None or value is False:
        return ""
    if value is True:
        return "x"
    if isinstance(value, PartialDate):
        return str(value)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(getattr(value, "label", value))


def make(user: User, child_list: ChildList, asked: Brief) -> making.Made:
    """The workbook of a list, in Vietnamese like every official paper."""
    with force_locale("vi"):
        table = Table(
            _("Danh sách"),
            child_list.name,
            tuple(chosen(user, child_list)),
            children(asked, filters_of(child_list)),
            note=_("Điều kiện: %(what)s.", what="; ".join(told_filters(user, child_list)) or _("không lọc")),
            frozen=2,
        )
        written = file.write([table], asked.variant, making.lines_of(asked))
    kind = "-co-ten" if asked.variant is Variant.NAMED else ""
    name = f"danh-sach-tu-lap{kind}-{clock.local_date(asked.made_at):%Y-%m-%d}.xlsx"
    return making.Made(name, written.content, written.row_count, written.children)


def _age(line: ChildLine) -> int | None:
    born = line.child.born_on
    if born is None:
        return None
    return line.on.year - born.year - ((line.on.month, line.on.day) < (born.month, born.day))
