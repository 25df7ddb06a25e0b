"""Sheets → rows of values, one per child, with warnings and errors; titles, sections, totals and signatures told apart."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.imports import headings, values, wording
from app.imports.decisions import Decisions
from app.imports.headings import Table, column_letter
from app.imports.keys import fold
from app.imports.reader import Cell, Sheet, Unreadable, Workbook
from app.imports.record import product_name, read_record
from app.imports.values import Caution, Error, Notes, find_village

_TOTAL = re.compile(
    r"^\s*(tổng|cộng|tổng số|tổng cộng|tong so|tong cong|total|toàn thôn|toàn xã)\b(?!\s+(văn|thị|duy|hữu|đức|quang)\b)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"^(nguoi lap|nguoi thong ke|tm uy ban|tm ubnd|chu tich|pho chu tich|kt chu tich|truong thon|cong tac vien|ky ghi ro|ky ten|can bo|"
    r"thu truong|hieu truong|xac nhan cua|giao vien chu nhiem|ke toan|nguoi bao cao|nguoi theo doi|noi nhan|truong ban|cong chuc|lanh dao)\b"
)
_HOUSEHOLD_ROW = re.compile(
    r"^\s*(\d+\s*[.)]\s*)?(hộ|chủ hộ)(\s+gia đình)?(\s+(ông|bà)(\s*[(/]\s*(ông|bà)\s*\)?)?)?\s*[:\-]?\s*(?P<name>[^\W\d_]+(\s+[^\W\d_]+){1,5})\s*$",
    re.IGNORECASE,
)
_VILLAGE_ROW = re.compile(
    r"^\s*(\(?[IVXLC]+\)?|\d+|[A-Z])?\s*[.)\-:/]?\s*(thôn|xóm|bản|ấp|buôn|làng|khu|khu phố|tổ|tổ dân phố|tdp|khối)\s+[^,;]{1,40}$",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"\bngay\b.*\bthang\b.*\bnam\b")
#: The layouts a list may be of, by what its title says; only a name for people and for `--layout`.
LAYOUTS: tuple[tuple[str, str], ...] = (
    ("disability", r"\bkhuyet tat\b|\btekt\b"),
    ("orphans", r"\bmo coi\b"),
    ("risks", r"\bnguy co\b"),
    ("special_circumstances", r"\bhoan canh dac biet\b|\bhcdb"),
    ("poor_households", r"\bho (can )?ngheo\b"),
    ("school", r"\bhoc sinh\b|\blop\b|\btruong\b"),
    ("household_ledger", r"\bso theo doi\b|\bso ho\b|\bho gia dinh\b"),
)
LAYOUT_NAMES = (*(name for name, _pattern in LAYOUTS), "children")


@dataclass
class Row:
    """One child as a list tells it."""

    sheet: str
    row: int
    values: dict[str, Any]
    warnings: list[Caution] = field(default_factory=list)
    errors: list[Error] = field(default_factory=list)
    #: The earlier row of the same file that tells the same child.
    repeats: tuple[str, int] | None = None
    #: Fields whose column the list has and whose cell is empty.
    blank: frozenset[str] = frozenset()


@dataclass
class ReadSheet:
    """What was understood of one sheet."""

    name: str
    layout: str
    encoding: str
    header_rows: list[int]
    columns: dict[str, str]
    #: {column letter: heading} of the columns, and of those nothing was made of.
    headings: dict[str, str]
    unknown: dict[str, str]
    notes: list[str] = field(default_factory=list)
    #: {column letter: what it means, as exactly as a person may correct it}.
    meanings: dict[str, str] = field(default_factory=dict)
    #: The village that the title or the sheet's name gives.
    village: str | None = None


@dataclass
class ReadFile:
    """What was understood of one file."""

    name: str
    sha256: str
    sheets: list[ReadSheet]
    rows: list[Row]
    notes: list[str] = field(default_factory=list)


@dataclass
class Context:
    """What the rows of a table take from outside their cells."""

    today: date
    village: str | None = None
    section_words: str | None = None
    household_head: str | None = None
    household_status: str | None = None
    status_year: int | None = None
    month_first: bool = False


def read(
    workbook: Workbook,
    today: date,
    *,
    village: str | None = None,
    layout: str | None = None,
    decisions: Decisions | None = None,
    remembered: Mapping[str, str] | None = None,
) -> ReadFile:
    """Every child of every visible sheet.

    `village` for lists that do not say; `remembered`: {folded heading: meaning} as people of the commune corrected it before.
    Raises Unreadable("no_table") or Unreadable("no_rows").
    """
    decisions = decisions or Decisions(village=village)
    result = ReadFile(workbook.name, workbook.sha256, [], [])
    if workbook.has_macros:
        result.notes.append(_("Tệp có macro; macro không được chạy."))
    for sheet in workbook.sheets:
        if sheet.is_hidden:
            result.notes.append(_("Trang tính ẩn “%(name)s” không được đọc.", name=sheet.name))
            continue
        for table in headings.find_tables(sheet, decisions.columns.get(sheet.name), remembered):
            said = decisions.villages.get(sheet.name) or decisions.village
            _read_table(sheet, table, workbook.name, today, said, layout, result)
    if not result.sheets:
        raise Unreadable("no_table")
    if not result.rows:
        raise Unreadable("no_rows")
    _warn_of_repeats(result.rows)
    return result


def _read_table(
    sheet: Sheet, table: Table, file_name: str, today: date, village: str | None, layout: str | None, result: ReadFile
) -> None:
    context = Context(today, village=village)
    _from_titles(sheet, table, file_name, context)
    _carry_down(sheet, table)
    context.month_first = _is_month_first(sheet, table)
    found = ReadSheet(
        name=sheet.name,
        layout=layout or _layout(table, sheet.name, file_name),
        encoding=sheet.encoding,
        header_rows=table.header_rows,
        columns={column_letter(index): product_name(column.field) for index, column in sorted(table.columns.items())},
        headings={column_letter(index): column.heading for index, column in sorted(table.columns.items())},
        unknown={column_letter(index): heading for index, heading in sorted(table.unknown.items())},
        notes=_notes(sheet, table),
        meanings={column_letter(index): column.meaning for index, column in sorted(table.columns.items())},
        village=context.village,
    )
    result.sheets.append(found)
    result.rows += _records(sheet, table, context)


def _notes(sheet: Sheet, table: Table) -> list[str]:
    notes = []
    if table.is_guessed:
        notes.append(_("Không có dòng tiêu đề: các cột được nhận theo nội dung, hãy kiểm tra kỹ."))
    hidden = [column_letter(index) for index in sorted(sheet.hidden_columns & set(table.columns))]
    if hidden:
        notes.append(_("Có cột bị ẩn vẫn được đọc: %(columns)s.", columns=", ".join(hidden)))
    return notes


def _layout(table: Table, sheet_name: str, file_name: str) -> str:
    for text in (" ".join(table.titles), sheet_name, re.sub(r"[-_.]", " ", file_name)):
        for name, pattern in LAYOUTS:
            if re.search(pattern, fold(text)):
                return name
    if table.fields & {"disability_tick", "severity_tick", "disability_types"}:
        return "disability"
    if "household_head" in table.fields and "relation_to_head" not in table.fields:
        return "household_ledger"
    return "special_circumstances" if "circumstances" in table.fields else "children"


def _from_titles(sheet: Sheet, table: Table, file_name: str, context: Context) -> None:
    """The village and the household standing that titles, the sheet's name or the file's name give to all rows."""
    texts = [*table.titles, sheet.name]
    if context.village is None:
        context.village = next((found for text in texts if (found := find_village(text))), None)
    if context.village is None:
        context.village = find_village(re.sub(r"\.\w+$", "", file_name).replace("-", " ").replace("_", " "))
        plain = re.search(r"(?<![a-z])thon[\s\-_]*(\d+)", file_name.lower())
        if context.village is None and plain:
            context.village = f"Thôn {plain[1]}"
    title = fold(" ".join(table.titles))
    year = re.search(r"\bnam (20\d\d)\b", title)
    context.status_year = int(year[1]) if year and int(year[1]) <= context.today.year else None
    if not table.fields & {"household_status", "is_poor", "is_near_poor"}:
        if re.search(r"\b(thuoc|con) ho can ngheo\b|danh sach (tre em )?ho can ngheo", title) and not re.search(
            r"\bho ngheo\b", title
        ):
            context.household_status = "near_poor"
        elif re.search(r"\b(thuoc|con) ho ngheo\b|danh sach (tre em )?ho ngheo", title) and "can ngheo" not in title:
            context.household_status = "poor"


_CARRIED = ("household_head", "phone", "village", "household_code", "address")


def _carry_down(sheet: Sheet, table: Table) -> None:
    """Files that cannot say what is merged: a household's head stands in its first row only, the rows below are blank."""
    if sheet.knows_merges or table.column_of("child_code"):  # our own workbook merges nothing
        return
    head = table.column_of("household_head") or table.column_of("village")
    if head is None:
        return
    rows = [row for row in range(table.first_row, table.last_row + 1) if _has_name(sheet, table, row)]
    filled = sum(1 for row in rows if sheet.cell(row, head.index))
    if not rows or filled == len(rows) or sheet.cell(rows[0], head.index) is None or filled < 2:
        return
    columns = [column.index for name in _CARRIED if (column := table.column_of(name))]
    above: dict[int, Cell] = {}
    for row in rows:
        if sheet.cell(row, head.index) is not None:
            above = {index: cell for index in columns if (cell := sheet.cell(row, index))}
        else:
            for index, cell in above.items():
                sheet.rows[row].setdefault(index, replace(cell, carried=True))


def _is_month_first(sheet: Sheet, table: Table) -> bool:
    """Whether a birth date column holds dates that were written month first by a program set to American dates."""
    columns = [
        column.index for column in table.columns.values() if column.field in {"born_on", "born_male", "born_female"}
    ]
    cells = [
        cell
        for row in range(table.first_row, table.last_row + 1)
        for index in columns
        if (cell := sheet.cell(row, index))
    ]
    return any(values.is_month_first(cell) for cell in cells)


# ── Which rows are children ────────────────────────────────────────────────


def _names(table: Table) -> list[int]:
    return [
        column.index for column in table.columns.values() if column.field in {"full_name", "family_part", "given_part"}
    ]


def _has_name(sheet: Sheet, table: Table, row: int) -> bool:
    return any((cell := sheet.cell(row, index)) and not _runs_across(sheet, row, cell) for index in _names(table))


def _runs_across(sheet: Sheet, row: int, cell: Cell) -> bool:
    """Whether a cell's value is merged over most of its row."""
    same = [other for other in sheet.rows.get(row, {}).values() if other.value == cell.value]
    return len(same) > 3 and cell.text != "" and sum(1 for other in same if other.carried) >= 3


def _records(sheet: Sheet, table: Table, context: Context) -> list[Row]:
    found: list[Row] = []
    ended = False
    for number in sorted(row for row in sheet.rows if table.first_row <= row <= table.last_row):
        kind = _kind_of_row(sheet, table, number)
        if kind in {"total", "signature"}:
            ended = ended or kind == "signature"
        elif kind == "household":
            context.household_head = _head_in(sheet, number)
        elif kind == "section":
            _open_section(sheet, number, context)
        elif kind in {"record", "weak"} and (
            not ended or _is_numbered(sheet, table, number) or _has_date(sheet, table, number)
        ):
            found.append(_record(sheet, table, number, context))
    return found


def _kind_of_row(sheet: Sheet, table: Table, number: int) -> str:
    """`record`, `weak` (a name with little beside it), `section`, `total`, `signature` or `blank`."""
    own = {index: cell for index, cell in sheet.rows[number].items() if not cell.carried}
    if not own or headings.is_numbering(sheet, number):
        return "blank"
    texts = [cell.text[:200] for _index, cell in sorted(own.items())]
    if _TOTAL.match(texts[0]) or (
        any(_TOTAL.match(texts[i]) for i in range(min(2, len(texts)))) and not _evidence(sheet, table, number)
    ):
        return "total"
    if _is_signature(table, own) and not _is_numbered(sheet, table, number):
        return "signature"
    if len(own) == 1 and not _HOUSEHOLD_ROW.match(texts[0]):
        return _kind_of_single(sheet, table, number, own)
    if len(own) <= 4 and any(_HOUSEHOLD_ROW.match(text) for text in texts) and not _has_date(sheet, table, number):
        return "household"
    if len(own) <= 4 and _names_village(table, own) and not _has_date(sheet, table, number):
        return "section"
    if not _has_name(sheet, table, number):
        return "record" if _is_unnamed_child(sheet, table, number) else _section_or_blank(own)
    if _is_repeated_heading(sheet, table, number):
        return "blank"
    return "record" if _evidence(sheet, table, number) else "weak" if len(own) > 2 else "blank"


def _is_signature(table: Table, own: dict[int, Cell]) -> bool:
    """Whether a row names an office that signs, or a place and day; a birth date in words is not such a day."""
    births = {column.index for column in table.columns.values() if column.field.startswith("born_")}
    for index, cell in own.items():
        text = fold(cell.text[:200])
        if _SIGNATURE.match(text) or (index not in births and _DATELINE.search(text) and len(cell.text) > 18):
            return True
    return False


def _names_village(table: Table, own: dict[int, Cell]) -> bool:
    """Whether a village stands where a child's name should, or at the row's beginning."""
    places = {min(own), *_names(table)}
    return any(index in places and _VILLAGE_ROW.match(cell.text[:200]) for index, cell in own.items())


def _kind_of_single(sheet: Sheet, table: Table, number: int, own: dict[int, Cell]) -> str:
    index, cell = next(iter(own.items()))
    column = table.columns.get(index)
    if cell.kind != "s" or len(cell.text) < 3:
        return "blank"
    if (
        column is not None
        and column.field in {"full_name"}
        and len(sheet.rows[number]) > 1
        and not _runs_across(sheet, number, cell)
    ):
        return "record"
    return "section"


def _section_or_blank(own: dict[int, Cell]) -> str:
    """A village row may have a roman number in a cell of its own, or a count beside it."""
    texts = [cell.text for cell in own.values() if cell.kind == "s" and 3 < len(cell.text) < 200]
    return (
        "section"
        if len(own) <= 3 and len(texts) == 1 and (find_village(texts[0], certain=True) or wording.read(texts[0]).codes)
        else "blank"
    )


def _is_numbered(sheet: Sheet, table: Table, number: int) -> bool:
    column = table.column_of("number")
    cell = sheet.cell(number, column.index) if column else None
    return cell is not None and bool(re.fullmatch(r"\d{1,5}\.?(\.0)?", cell.text))


def _has_date(sheet: Sheet, table: Table, number: int) -> bool:
    """Whether a birth column holds something with digits."""
    births = [
        column.index for column in table.columns.values() if column.field in {"born_on", "born_male", "born_female"}
    ]
    return any((cell := sheet.cell(number, index)) and re.match(r"\d", cell.text) for index in births)


def _evidence(sheet: Sheet, table: Table, number: int) -> bool:
    """Whether a row with a name is surely a child: numbered, or with something about a birth, an ID or a sex."""
    if _is_numbered(sheet, table, number):
        return True
    strong = {"born_on", "born_male", "born_female", "born_year", "personal_id", "sex", "sex_male", "sex_female"}
    return any(
        column.field in strong
        and (cell := sheet.cell(number, column.index))
        and not _SIGNATURE.match(fold(cell.text[:200]))
        for column in table.columns.values()
    )


def _is_unnamed_child(sheet: Sheet, table: Table, number: int) -> bool:
    """A row without a name but with a birth date and a parent or a household: a newborn not yet named.

    Or with the code by which our own workbook names a child.
    """
    held = {column.field for column in table.columns.values() if sheet.cell(number, column.index)}
    if "child_code" in held:
        return True
    born = {"born_on", "born_male", "born_female"} & held
    return bool(born and held & {"father_name", "mother_name", "household_head", "personal_id"})


def _is_repeated_heading(sheet: Sheet, table: Table, number: int) -> bool:
    """The heading again, as printed at the top of each page."""
    same = 0
    for index, column in table.columns.items():
        cell = sheet.cell(number, index)
        if (
            cell is not None
            and cell.kind == "s"
            and fold(cell.text) in {fold(part) for part in column.heading.split(" – ")}
        ):
            same += 1
    return same >= 2


def _head_in(sheet: Sheet, number: int) -> str | None:
    """The head a household's own row names: "Hộ: Nguyễn Văn Bốn"."""
    for cell in sheet.rows[number].values():
        found = _HOUSEHOLD_ROW.match(cell.text[:200])
        if found and "nghèo" not in found["name"].lower():
            return values.usual_capitals(" ".join(found["name"].split()))
    return None


def _open_section(sheet: Sheet, number: int, context: Context) -> None:
    """A row over the whole width: the village, or the group, of the rows below."""
    texts = [cell.text[:200] for cell in sheet.rows[number].values() if not cell.carried]
    text = next((text for text in texts if _VILLAGE_ROW.match(text)), max(texts, key=len))
    bare = re.sub(r"^\s*(\(?[IVXLC]+\)?|\d+|[A-ZĐ])\s*[.)\-:/]\s*", "", text)
    village = find_village(
        bare, certain=bool(re.match(r"\s*(thôn|xóm|bản|ấp|buôn|làng|khu|tổ|tdp)\b", bare, re.IGNORECASE))
    )
    if village:
        context.village = village
        context.section_words = context.household_head = None
        return
    understood = wording.read(bare)
    if not understood.is_empty:
        context.section_words = bare


def _record(sheet: Sheet, table: Table, number: int, context: Context) -> Row:
    notes = Notes()
    found = read_record(sheet, table, number, context, notes)
    row = Row(sheet.name, number, found, notes.warnings, notes.errors, blank=_blank(sheet, table, number))
    if number in sheet.hidden_rows:
        row.warnings.append(Caution("row", _("Dòng này bị ẩn trong tệp.")))
    if number in sheet.struck_rows:
        row.warnings.append(Caution("row", _("Dòng này có chữ bị gạch ngang.")))
    return row


def _blank(sheet: Sheet, table: Table, number: int) -> frozenset[str]:
    """The fields whose column is there and whose cell is empty."""
    carried = {product_name(column.field) for column in table.columns.values()}
    held = {product_name(column.field) for column in table.columns.values() if sheet.cell(number, column.index)}
    return frozenset(carried - held)


def _warn_of_repeats(rows: list[Row]) -> None:
    """The same child twice in one file: by ID, or by name, birth and mother."""
    seen: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        keys: list[tuple[Any, ...]] = []
        if row.values.get("personal_id"):
            keys.append(("id", row.values["personal_id"]))
        name, born = fold(row.values.get("full_name")), row.values.get("born_on")
        if name and born:
            keys.append((name, born, fold(row.values.get("mother_name")), fold(row.values.get("village"))))
        for key in keys:
            first = seen.setdefault(key, row)
            ids = {first.values.get("personal_id"), row.values.get("personal_id")} - {None}
            if first is not row and len(ids) < 2:
                row.repeats = (first.sheet, first.row)
                row.warnings.append(
                    Caution("row", _("Trùng với dòng %(row)s của trang “%(sheet)s”.", row=first.row, sheet=first.sheet))
                )
                break
