"""Finds the tables on a sheet and names each column by what its heading means, its contents as supporting evidence."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from app.imports import wording
from app.imports.aliases import (
    ANYONE,
    DISABILITY_TICKS,
    IGNORED,
    OF_PERSON,
    SEVERITY_TICKS,
    Named,
    by_heading,
    context_of,
    first_match,
)
from app.imports.keys import fold
from app.imports.reader import Cell, Sheet

#: Fields whose meaning has a detail of its own.
DETAILED = frozenset({"disability_tick", "severity_tick"})
#: Longest text that can be a heading.
_LONGEST = 90
_LETTERHEAD = re.compile(
    r"cong hoa xa hoi|doc lap tu do|^ubnd|uy ban nhan dan|^so\b.*\b(bc|kh|qd)\b|^mau (so|bieu)|^bieu (so|mau)|^phu luc|^kem theo"
)
_NUMBERING = re.compile(r"\(?(\d{1,2}|[a-zA-Z])\)?(\s*[=+\-]\s*\(?\d+\)?.*)?")
_SURNAMES = frozenset(
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dao dinh mai trinh ha cao luong doan ta quach "
    "lam phung to tong nghiem luu chu kieu thai nong ma hua giang ton thi dam khuat lo vi truong bach la van".split()
)


@dataclass(frozen=True)
class Column:
    """One column of a table: where it stands, what its heading says, what it means."""

    index: int
    field: str
    heading: str
    detail: str | None = None

    @property
    def meaning(self) -> str:
        """The field, with the kind or severity a tick column is for: "disability_tick:hearing_speech"."""
        return f"{self.field}:{self.detail}" if self.detail and self.field in DETAILED else self.field


@dataclass
class Table:
    """One table on a sheet: its heading rows, its columns, the rows below it, the texts above it."""

    top: int
    header_rows: list[int]
    columns: dict[int, Column]
    first_row: int
    last_row: int
    titles: list[str] = field(default_factory=list)
    #: Headings nothing was made of, by column.
    unknown: dict[int, str] = field(default_factory=dict)
    #: No heading row was found: columns were named by their contents alone.
    is_guessed: bool = False

    def column_of(self, name: str) -> Column | None:
        """The column that carries a field."""
        return next((column for column in self.columns.values() if column.field == name), None)

    @property
    def fields(self) -> set[str]:
        """The fields carried."""
        return {column.field for column in self.columns.values()}


def column_letter(index: int) -> str:
    """1 → A, 28 → AB."""
    letters = ""
    while index:
        index, remainder = divmod(index - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


def find_tables(
    sheet: Sheet, overrides: Mapping[str, str] | None = None, remembered: Mapping[str, str] | None = None
) -> list[Table]:
    """Every table with children's names on a sheet, top to bottom.

    `overrides`: {column letter: meaning}, set by a person; `remembered`: {folded heading: meaning}, set by a person before.
    """
    numbers = sorted(sheet.rows)
    tops = [block for block in (_block_at(sheet, number, numbers) for number in numbers) if block]
    blocks: list[list[int]] = []
    for block in tops:
        if not blocks or block[0] > blocks[-1][-1]:
            blocks.append(block)
    tables = []
    end_of_last = 0
    for position, block in enumerate(blocks):
        last = blocks[position + 1][0] - 1 if position + 1 < len(blocks) else (numbers[-1] if numbers else 0)
        columns, unknown = name_columns(
            sheet, [row for row in block if not is_numbering(sheet, row)], block[-1] + 1, last
        )
        table = Table(block[0], block, columns, block[-1] + 1, last, unknown=unknown)
        table.titles = _titles(sheet, end_of_last + 1, block[0] - 1)
        end_of_last = _last_record_row(sheet, table)
        tables.append(table)
    if not tables:
        tables = _guessed(sheet, numbers)
    for table in tables:
        headed = {index: column.heading for index, column in table.columns.items()} | table.unknown
        before = (
            {column_letter(at): remembered[fold(text)] for at, text in headed.items() if fold(text) in remembered}
            if remembered
            else {}
        )
        _override(table, {**before, **(overrides or {})})
    return [table for table in tables if table.fields & {"full_name", "given_part"}]


def _override(table: Table, overrides: Mapping[str, str]) -> None:
    """What a person says of a column goes before what its heading says; a field stands in one column."""
    for index in range(1, 301):
        meaning = overrides.get(column_letter(index))
        if meaning is None:
            continue
        heading = table.unknown.pop(index, None) or (table.columns[index].heading if index in table.columns else "")
        table.columns.pop(index, None)
        if meaning == IGNORED:
            table.unknown[index] = heading
            continue
        name, _colon, detail = meaning.partition(":")
        for other in [at for at, column in table.columns.items() if column.field == name and name not in _REPEATABLE]:
            if column_letter(other) not in overrides:
                table.unknown[other] = table.columns.pop(other).heading
        table.columns[index] = Column(
            index, name, heading, detail or (heading if name == "circumstance_tick" else None)
        )


def _last_record_row(sheet: Sheet, table: Table) -> int:
    """The last row of a table that has something in its name column; titles of the next table come after it."""
    names = [column.index for column in table.columns.values() if column.field in {"full_name", "given_part"}]
    rows = [
        row
        for row in range(table.first_row, table.last_row + 1)
        if any((cell := sheet.cell(row, name)) and not cell.carried for name in names)
        and len({cell.text for cell in sheet.rows[row].values()}) > 2
    ]
    return rows[-1] if rows else table.header_rows[-1]


def _titles(sheet: Sheet, first: int, last: int) -> list[str]:
    """The texts above a table, without letterhead."""
    texts = []
    for row in range(max(first, 1), last + 1):
        for cell in sheet.rows.get(row, {}).values():
            if cell.kind == "s" and not cell.carried and not _LETTERHEAD.search(fold(cell.text[:300])):
                texts.append(" ".join(cell.text[:300].split()))
    return texts


# ── The heading block ──────────────────────────────────────────────────────


def _heading_texts(sheet: Sheet, row: int) -> dict[int, Cell]:
    """The cells of a row that could be headings."""
    return {
        column: cell
        for column, cell in sheet.rows.get(row, {}).items()
        if cell.kind == "s" and len(cell.text) <= _LONGEST
    }


def _is_anchor(sheet: Sheet, row: int) -> bool:
    """Whether a row names a child's name column and something else."""
    texts = _heading_texts(sheet, row)
    if len(texts) < 2 or len(texts) < len(sheet.rows[row]) - 1:
        return False
    named = {column: by_heading(cell.text) for column, cell in texts.items() if not cell.carried}
    fields = [name for name in named.values() if name]
    if not {"full_name", "given_part", "family_part"} & set(fields):
        return False
    return len(set(fields)) >= 2 and len(fields) >= len(named) * 0.4


def _block_at(sheet: Sheet, row: int, numbers: list[int]) -> list[int] | None:
    """The rows of the heading block whose anchor is this row; None when it is not an anchor."""
    if not _is_anchor(sheet, row):
        return None
    rows = [row]
    while rows[0] - 1 in sheet.rows and len(rows) < 3 and _is_parent_row(sheet, rows[0] - 1, rows[0]):
        rows.insert(0, rows[0] - 1)
    below = row + 1
    while below in sheet.rows and below <= row + 3 and (_is_sub_row(sheet, row, below) or is_numbering(sheet, below)):
        rows.append(below)
        below += 1
    while rows[-1] + 1 in sheet.rows and is_numbering(sheet, rows[-1] + 1):
        rows.append(rows[-1] + 1)
    return rows


def _is_parent_row(sheet: Sheet, above: int, row: int) -> bool:
    """Whether the row above carries headings over several columns of this one."""
    texts = _heading_texts(sheet, above)
    own = [cell.text for cell in texts.values() if not cell.carried]
    if len(texts) < len(sheet.rows[above]) or len(own) < 2 or any(_LETTERHEAD.search(fold(text)) for text in own):
        return False
    runs_down = any(
        not cell.carried and (below := sheet.cell(row, column)) and below.carried and below.text == cell.text
        for column, cell in texts.items()
    )
    known = sum(1 for text in own if by_heading(text) or context_of(text) or fold(text).startswith("thong tin"))
    return runs_down or known >= 2


def _is_sub_row(sheet: Sheet, anchor: int, row: int) -> bool:
    """Whether a row under the anchor still belongs to the heading."""
    own = {column: cell for column, cell in sheet.rows[row].items() if not cell.carried}
    if not own or any(not _is_short_text(cell) for cell in own.values()):
        return False
    heads = sheet.rows[anchor]
    for column in own:
        head = heads.get(column)
        if head is None or head.carried:
            continue
        # A heading of one column cannot have a sub-heading unless it stands over several.
        if by_heading(head.text) == "number" or not _stands_over(sheet, anchor, column, row):
            return False
        if by_heading(head.text) == "full_name" and not _is_name_part(own[column].text):
            return False
    return all(_could_be_sub(cell.text) for cell in own.values())


_FAMILY_PART = re.compile(r"ho|ho (va )?(chu )?(dem|lot)|ho (va )?ten (dem|lot)|(chu|ten) (dem|lot)")


def _is_name_part(text: str) -> bool:
    """Whether a sub-heading under the name is a part of it: "Họ và chữ đệm", "Tên"."""
    return fold(text) == "ten" or bool(_FAMILY_PART.fullmatch(fold(text)))


def _is_short_text(cell: Cell) -> bool:
    return cell.kind == "s" and len(cell.text) <= _LONGEST and not re.search(r"\d{3}|\d/\d", cell.text)


def _stands_over(sheet: Sheet, anchor: int, column: int, row: int) -> bool:
    """Whether the heading at `column` has the next column under it as well."""
    following = sheet.cell(anchor, column + 1)
    beside = sheet.cell(row, column + 1)
    return beside is not None and (following is None or following.carried)


def _could_be_sub(text: str) -> bool:
    folded = fold(text)
    return bool(
        folded in {"nam", "nu", "trai", "gai", "ngay", "thang", "co", "khong", "so", "loai", "ho ten", "male", "female"}
        or by_heading(text)
        or context_of(text)
        or first_match(folded, DISABILITY_TICKS)
        or first_match(folded, SEVERITY_TICKS)
        or wording.read(text).codes
        or wording.read(text).risks
        or len(folded.split()) <= 3
    )


def is_numbering(sheet: Sheet, row: int) -> bool:
    """Whether a row only numbers the columns: (1) (2) (3) …, or A B 1 2."""
    cells = [cell for cell in sheet.rows.get(row, {}).values() if not cell.carried]
    if len(cells) < 3 or not all(_NUMBERING.fullmatch(cell.text) for cell in cells):
        return False
    digits = [int(found.group()) for cell in cells if (found := re.search(r"\d+", cell.text))]
    return len(digits) >= 2 and all(b - a == 1 for a, b in pairwise(digits))


# ── Naming the columns ─────────────────────────────────────────────────────


def name_columns(sheet: Sheet, rows: list[int], first: int, last: int) -> tuple[dict[int, Column], dict[int, str]]:
    """Each column's field from its headings, top to bottom; and the headings nothing was made of."""
    paths = _paths(sheet, rows)
    named: dict[int, Column] = {}
    unknown: dict[int, str] = {}
    for index, path in sorted(paths.items()):
        siblings = {fold(other[-1]) for key, other in paths.items() if key != index and other[:-1] == path[:-1]}
        found = name_path(path, siblings)
        if found is None:
            unknown[index] = " – ".join(path)
        else:
            named[index] = Column(index, found.field, " – ".join(path), found.detail)
    _split_names(sheet, rows, named, unknown, first, last)
    _births_under_sexes(sheet, named, first, last)
    _settle_conflicts(named, unknown)
    _name_by_contents(sheet, named, unknown, first, last)
    return {index: column for index, column in named.items() if column.field != IGNORED}, unknown


def _paths(sheet: Sheet, rows: list[int]) -> dict[int, list[str]]:
    """For each column its headings from top to bottom, repeated ones once."""
    columns = {column for row in rows for column in sheet.rows.get(row, {})}
    paths: dict[int, list[str]] = {}
    for column in columns:
        path: list[str] = []
        for row in rows:
            cell = sheet.cell(row, column) or _heading_to_the_left(sheet, rows, row, column)
            text = " ".join(cell.text.split()) if cell else ""
            if text and (not path or path[-1] != text):
                path.append(text)
        if path:
            paths[column] = path
    return paths


def _heading_to_the_left(sheet: Sheet, rows: list[int], row: int, column: int) -> Cell | None:
    """Without merges, a heading over several columns stands over the first of them only."""
    if row == rows[-1] or not any(sheet.cell(below, column) for below in rows if below > row):
        return None
    for left in range(column - 1, max(column - 12, 0), -1):
        cell = sheet.cell(row, left)
        if cell is not None:
            below = any((under := sheet.cell(lower, left)) and not under.carried for lower in rows if lower > row)
            return cell if below else None
    return None


def name_path(path: list[str], siblings: set[str]) -> Named | None:
    """What the headings over one column mean together."""
    leaf = path[-1]
    parents = path[:-1]
    contexts = [context for text in reversed(parents) if (context := context_of(text))]
    for context in contexts:
        found = _under(context, leaf, siblings)
        if found is not None:
            return found
    folded = fold(leaf)
    if folded in {"nam", "nu", "trai", "gai", "male", "female"}:
        return Named("sex_male" if folded in {"nam", "trai", "male"} else "sex_female")
    simple = by_heading(leaf)
    if simple:
        return Named(simple)
    if not parents or contexts:
        return _tick_column(leaf) or (_by_parent(parents) if parents else None)
    return _tick_column(leaf) or _by_parent(parents)


def _by_parent(parents: list[str]) -> Named | None:
    """A sub-heading that says nothing: the heading above it does."""
    simple = by_heading(parents[-1])
    return Named(simple) if simple and simple not in {"full_name", "born_on"} else None


def _under(context: str, leaf: str, siblings: set[str]) -> Named | None:
    """A sub-heading under a heading of a known context."""
    folded = fold(leaf)
    if context == "birth":
        if siblings & {"ngay", "thang"} and folded in {"ngay", "thang", "nam"}:
            return Named({"ngay": "born_day", "thang": "born_month", "nam": "born_year"}[folded])
        if folded in {"nam", "trai", "male"} and "ă" not in leaf.lower():
            return Named("born_male")
        return Named("born_female") if folded in {"nu", "gai", "female"} else None
    if context == "disability":
        kind = first_match(folded, DISABILITY_TICKS)
        severity = first_match(folded, SEVERITY_TICKS)
        return Named("disability_tick", kind) if kind else Named("severity_tick", severity) if severity else None
    if context == "severity":
        severity = first_match(folded, SEVERITY_TICKS)
        return Named("severity_tick", severity) if severity else None
    if context in OF_PERSON:
        return _of_person(context, leaf)
    if context == "poverty" and "ngheo" in folded:
        return Named("is_near_poor" if "can ngheo" in folded else "is_poor")
    if context in {"circumstance", "risk"}:
        return _tick_column(leaf)
    return None


def _of_person(context: str, leaf: str) -> Named | None:
    name = by_heading(leaf)
    if name in ANYONE:
        return Named(str(name))
    if re.search(r"tinh trang|con song|song mat|con mat", fold(leaf)) and context in {"father", "mother"}:
        return Named(f"{context}_state")
    return Named(OF_PERSON[context].get(name or "", IGNORED))


def _tick_column(leaf: str) -> Named | None:
    """A heading that is itself a circumstance, a risk or a household's standing, ticked in the rows."""
    found = wording.read(leaf)
    if found.codes or found.risks or found.father_state or found.mother_state or found.groups:
        return Named("circumstance_tick", leaf)
    return None


def _births_under_sexes(sheet: Sheet, named: dict[int, Column], first: int, last: int) -> None:
    """Columns headed only Nam and Nữ that hold dates instead of ticks."""
    ticks = [column for column in named.values() if column.field in {"sex_male", "sex_female"}]
    if len(ticks) == 2 and all(_mostly(sheet, c.index, first, last, _is_birth, least=1) for c in ticks):
        for column in ticks:
            born = column.field.replace("sex_", "born_")
            named[column.index] = Column(column.index, born, column.heading)


def _is_birth(cell: Cell) -> bool:
    return _looks_like_date(cell) or bool(re.fullmatch(r"(\d{1,2}/)?(19|20)\d\d", cell.text))


def _split_names(
    sheet: Sheet, rows: list[int], named: dict[int, Column], unknown: dict[int, str], first: int, last: int
) -> None:
    """One heading over two columns: surname and middle names in one, the given name in the next."""
    for index, column in sorted(named.items()):
        if column.field != "full_name":
            continue
        beside = named.get(index + 1)
        heading = sheet.cell(rows[-1], index + 1) or sheet.cell(rows[0], index + 1)
        is_second = (beside is None and index + 1 not in unknown) or (
            beside is not None and beside.field == "full_name" and heading is not None and heading.carried
        )
        explicit = (
            beside is not None
            and fold(beside.heading.split(" – ")[-1]) == "ten"
            and fold(column.heading).startswith("ho")
        )
        if (is_second and _mostly(sheet, index + 1, first, last, _is_one_word)) or explicit:
            named[index] = Column(index, "family_part", column.heading)
            named[index + 1] = Column(index + 1, "given_part", column.heading)
            return
        if is_second and beside is not None:
            del named[index + 1]
            return
    family = next((column for column in named.values() if column.field == "family_part"), None)
    if family is not None:
        given = next(
            (c for c in named.values() if c.field == "full_name" and fold(c.heading.split(" – ")[-1]) == "ten"), None
        )
        if given is not None:
            named[given.index] = Column(given.index, "given_part", given.heading)


def _is_one_word(cell: Cell) -> bool:
    return cell.kind == "s" and not cell.carried and len(cell.text.split()) == 1 and cell.text.isalpha()


_REPEATABLE = frozenset(
    {"disability_tick", "severity_tick", "circumstance_tick", "note", "movement", IGNORED, "address", "allowance"}
)


def _settle_conflicts(named: dict[int, Column], unknown: dict[int, str]) -> None:
    """Two columns for one field: the first with an exact heading keeps it."""
    seen: dict[str, int] = {}
    for index, column in sorted(named.items()):
        if column.field in _REPEATABLE:
            continue
        if column.field in seen:
            unknown[index] = column.heading
            del named[index]
        else:
            seen[column.field] = index


# ── By contents ────────────────────────────────────────────────────────────


def _sample(sheet: Sheet, column: int, first: int, last: int) -> list[Cell]:
    found = []
    for row in range(first, last + 1):
        cell = sheet.cell(row, column)
        if cell is not None and not cell.carried:
            found.append(cell)
        if len(found) >= 60:
            break
    return found


def _mostly(sheet: Sheet, column: int, first: int, last: int, test: Callable[[Cell], bool], *, least: int = 2) -> bool:
    cells = _sample(sheet, column, first, last)
    return len(cells) >= least and sum(1 for cell in cells if test(cell)) >= 0.7 * len(cells)


def _looks_like_id(cell: Cell) -> bool:
    digits = re.sub(r"[\s.'’]", "", cell.text)
    return digits.isdigit() and len(digits) in {11, 12}


def _looks_like_date(cell: Cell) -> bool:
    return cell.kind == "d" or bool(re.fullmatch(r"\d{1,2}[/.\-]\d{1,2}[/.\-](\d{2}|\d{4})", cell.text))


def _looks_like_name(cell: Cell) -> bool:
    words = fold(cell.text).split()
    return 2 <= len(words) <= 6 and words[0] in _SURNAMES and not any(character.isdigit() for character in cell.text)


def _looks_like_sex(cell: Cell) -> bool:
    return fold(cell.text) in {"nam", "nu", "trai", "gai", "m", "f", "male", "female"}


_EVIDENCE = (
    ("personal_id", _looks_like_id),
    ("born_on", _looks_like_date),
    ("sex", _looks_like_sex),
    ("full_name", _looks_like_name),
)


def _name_by_contents(sheet: Sheet, named: dict[int, Column], unknown: dict[int, str], first: int, last: int) -> None:
    """Fields no heading names, found by what the cells of an unnamed column look like."""
    taken = {column.field for column in named.values()}
    if taken & {"born_male", "born_female", "born_year"}:
        taken.add("born_on")
    if taken & {"sex_male", "sex_female", "born_male"}:
        taken.add("sex")
    if taken & {"given_part"}:
        taken.add("full_name")
    columns = {column for row in range(first, last + 1) for column in sheet.rows.get(row, {})} - set(named)
    for name, test in _EVIDENCE:
        if name in taken:
            continue
        for column in sorted(columns):
            if _mostly(sheet, column, first, last, test):
                named[column] = Column(column, name, unknown.pop(column, ""))
                columns.discard(column)
                break


def _guessed(sheet: Sheet, numbers: list[int]) -> list[Table]:
    """A list without any heading: columns named by their contents."""
    if not numbers:
        return []
    named: dict[int, Column] = {}
    _name_by_contents(sheet, named, {}, numbers[0], numbers[-1])
    if not {"full_name", "born_on"} <= {column.field for column in named.values()}:
        return []
    return [Table(numbers[0], [], named, numbers[0], numbers[-1], is_guessed=True)]
