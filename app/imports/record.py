"""One row of a table → the values of one child: the cells together, sex and birth under Nam or Nữ, ticks, codes."""

import re
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.clock import years_before
from app.imports import values, wording
from app.imports.headings import Column, Table, column_letter
from app.imports.keys import fold
from app.imports.reader import Cell, Sheet
from app.imports.values import Notes
from models import Residence, Schooling, clean
from models.clean import PartialDate, Unclean

if TYPE_CHECKING:
    from app.imports.table import Context


#: Characters; a cell with more is an error, but for notes.
_LONGEST = 600
_LONG_FIELDS = frozenset({"note", "movement", "allowance"})
_PARTS = {
    "family_part": "full_name", "given_part": "full_name", "sex_male": "sex", "sex_female": "sex", "born_male": "born_on",
    "born_female": "born_on", "born_day": "born_on", "born_month": "born_on", "born_year": "born_on", "is_poor": "household_status",
    "is_near_poor": "household_status", "disability_tick": "disability_types", "severity_tick": "disability_severity",
    "circumstance_tick": "circumstances", "school_class": "school_name",
}  # fmt: skip


def product_name(name: str) -> str:
    """A column's field by the product's name."""
    return _PARTS.get(name, name)


class Record:
    """The cells of one row by field, and the values made of them."""

    def __init__(self, sheet: Sheet, table: Table, number: int, notes: Notes) -> None:
        self.number = number
        self.notes = notes
        self.values: dict[str, Any] = {}
        self.columns: dict[str, list[tuple[Column, Cell]]] = {}
        self.fields = table.fields
        for index, column in sorted(table.columns.items()):
            cell = sheet.cell(number, index)
            if cell is not None and len(cell.text) > _LONGEST and column.field not in _LONG_FIELDS:
                notes.at(f"{column_letter(index)}{number}", cell.text)
                notes.error(product_name(column.field), _("Ô có quá nhiều chữ (%(count)s).", count=len(cell.text)))
            elif cell is not None:
                self.columns.setdefault(column.field, []).append((column, cell))

    def cell(self, name: str) -> Cell | None:
        """The cell of a field; the notes that follow are about it."""
        held = self.columns.get(name)
        if not held:
            return None
        column, cell = held[0]
        self.notes.at(f"{column_letter(column.index)}{self.number}", cell.text)
        return cell

    def put(self, name: str, value: Any) -> None:
        """Keep a value; nothing is kept of blanks."""
        if value not in (None, "", []):
            self.values[name] = value


def read_record(sheet: Sheet, table: Table, number: int, context: "Context", notes: Notes) -> dict[str, Any]:
    """The values of one child. Warnings and errors go to `notes`."""
    record = Record(sheet, table, number, notes)
    _name(record)
    born = _born_and_sex(record, context)
    _identity(record, born)
    _people(record)
    _place(record, context)
    _household(record, context)
    _circumstances(record, context)
    _disability(record)
    _rest(record)
    _check(record, born, context)
    return record.values


# ── Who ────────────────────────────────────────────────────────────────────


def _name(record: Record) -> None:
    parts = [
        cell
        for name in ("family_part", "given_part")
        if (cell := record.cell(name)) and not (name == "given_part" and cell.carried)
    ]
    cell = record.cell("full_name")
    if cell is None and parts:
        joined = " ".join(part.text for part in parts)
        cell = Cell("s", joined, lossy=any(part.lossy for part in parts))
    if cell is None:
        return
    if cell.kind in {"e", "f"}:
        record.notes.error("full_name", _("Ô là công thức hoặc có lỗi của Excel nên không đọc được tên."))
        return
    hint = values.unnamed_sex(cell.text) if cell.kind == "s" else None
    if hint:
        record.put("sex", hint if hint != "unknown" else None)
        record.values["full_name"] = None
        record.notes.warn("full_name", _("Trẻ chưa có tên trong danh sách (“%(value)s”).", value=cell.text))
        return
    record.put("full_name", values.person_name(cell, "full_name", record.notes))


def _born_and_sex(record: Record, context: "Context") -> PartialDate | None:
    under = [
        (name, cell)
        for name in ("born_male", "born_female")
        if (cell := record.cell(name)) and values.is_ticked(cell) is not False
    ]
    born: PartialDate | None = None
    if len(under) == 2:
        record.notes.error("sex", _("Ngày sinh ghi ở cả cột Nam và cột Nữ."))
    elif under:
        name, _cell = under[0]
        record.put("sex", "male" if name == "born_male" else "female")
        cell = record.cell(name)
        if cell is not None and not (cell.kind == "s" and values.is_ticked(cell)):
            born = values.birth_date(cell, record.notes, context.today, month_first=context.month_first)
    if born is None and (cell := record.cell("born_on")) is not None:
        born = values.birth_date(cell, record.notes, context.today, month_first=context.month_first)
    if born is None and "born_year" in record.fields:
        born = _born_in_parts(record)
    if born is not None:
        record.put("born_on", born.iso())
        record.put("born_precision", born.precision.value)
    _sex(record)
    return born


def _born_in_parts(record: Record) -> PartialDate | None:
    """Day, month and year in three columns."""
    parts = [cell.text for name in ("born_day", "born_month", "born_year") if (cell := record.cell(name))]
    if not parts:
        return None
    try:
        return clean.partial_date("/".join(parts))
    except Unclean:
        record.notes.error("born_on", _("Không đọc được ngày sinh “%(value)s”.", value="/".join(parts)))
        return None


def _sex(record: Record) -> None:
    said = record.values.get("sex")
    cell = record.cell("sex")
    found = values.sex(cell, record.notes) if cell is not None else _sex_by_tick(record)
    if found and said and found != said:
        record.notes.warn("sex", _("Giới tính ở các cột không khớp nhau; lấy theo cột giới tính."), found)
    record.put("sex", found or said)


def _sex_by_tick(record: Record) -> str | None:
    male, female = record.cell("sex_male"), record.cell("sex_female")
    ticked = [values.is_ticked(male), values.is_ticked(female)]
    for cell, code in ((male, "male"), (female, "female")):
        if cell is not None and values.is_ticked(cell) is None and fold(cell.text) in {"nam", "nu", "trai", "gai"}:
            return "male" if fold(cell.text) in {"nam", "trai"} else code if code == "female" else "female"
    if ticked == [True, True]:
        record.notes.error("sex", _("Đánh dấu ở cả cột Nam và cột Nữ."))
        return None
    if True in ticked:
        return "male" if ticked[0] else "female"
    missing = {"sex_male", "sex_female"} - record.fields
    if len(missing) == 1:
        value = "male" if "sex_male" in missing else "female"
        shown = _("Nam") if value == "male" else _("Nữ")
        record.notes.warn("sex", _("Chỉ có một cột giới tính và ô để trống: hiểu là %(sex)s.", sex=shown), value)
        return value
    return None


def _identity(record: Record, born: PartialDate | None) -> None:
    if (cell := record.cell("personal_id")) is not None:
        number = values.personal_id(cell, record.notes)
        record.put("personal_id", number)
        if number:
            values.check_personal_id(number, record.values.get("sex"), born, record.notes)
    if (cell := record.cell("ethnicity")) is not None:
        record.put("ethnicity", values.ethnicity(cell, record.notes))
    if (cell := record.cell("nationality")) is not None:
        record.put("nationality", values.words(cell))


# ── Relatives ──────────────────────────────────────────────────────────────


def _people(record: Record) -> None:
    for name in ("father_name", "mother_name", "caregiver_name"):
        if (cell := record.cell(name)) is not None:
            _parent_name(record, name, cell)
    if (cell := record.cell("parents_names")) is not None:
        _both_parents(record, cell)
    if (cell := record.cell("caregiver_relation")) is not None:
        record.put("caregiver_relation", values.words(cell))
    for name in ("father_state", "mother_state"):
        if (cell := record.cell(name)) is not None:
            _parent_state(record, name, cell)
    if (cell := record.cell("parents_state")) is not None and (text := values.words(cell)):
        found = wording.read(text)
        record.put("father_state", found.father_state or (wording.parent_state(text) if found.is_empty else None))
        record.put("mother_state", found.mother_state or (wording.parent_state(text) if found.is_empty else None))
    for name in ("father_born", "mother_born"):
        if (cell := record.cell(name)) is not None and (year := re.search(r"(19|20)\d\d", cell.text)):
            record.put(f"{name}_year", int(year.group()))


_STATE_IN_NAME = re.compile(
    r"^(?P<name>.*?)[\s,]*[(\-–]?\s*(?P<state>đã mất|mất tích|đã chết|chết|mất|đi tù|bỏ đi|\+)\s*\)?$", re.IGNORECASE
)


def _parent_name(record: Record, name: str, cell: Cell) -> None:
    """A parent's name, with what some lists add to it: "Nguyễn Văn A (đã mất)"."""
    text = values.words(cell) or ""
    if values.is_ticked(cell) is not None:
        return
    said = _STATE_IN_NAME.match(text) if name != "caregiver_name" else None
    if said and said["state"]:
        state_field = name.replace("_name", "_state")
        state = "dead" if said["state"] == "+" else wording.parent_state(said["state"])
        record.put(state_field, state)
        record.notes.warn(state_field, _("Hiểu “%(words)s” là tình trạng của cha hoặc mẹ.", words=said["state"]), state)
        cell = Cell("s", said["name"], lossy=cell.lossy)
    heading = fold(record.columns[name][0][0].heading)
    if "nghe" in heading and re.search(r"[,;(-]", cell.text):
        cell = Cell("s", re.split(r"\s*[,;(]|\s+-\s*", cell.text)[0], lossy=cell.lossy)
    if fold(cell.text) in {"", "khong ro", "khong biet", "khong co", "chua ro"}:
        return
    record.put(name, values.person_name(cell, name, record.notes))


def _both_parents(record: Record, cell: Cell) -> None:
    """Father and mother in one cell: told apart by their marks, or by order."""
    pieces = [piece for piece in re.split(r"\s*[/;,\n&+]\s*|\s+[-–]\s+|\s+và\s+", cell.text) if piece.strip()]
    for position, piece in enumerate(pieces[:2]):
        marked = re.match(r"\s*(?P<who>cha|bố|ba|mẹ|b|c|m)\s*[:.]\s*", piece, re.IGNORECASE)
        bare = piece[marked.end() :] if marked else piece
        is_mother = fold(marked["who"]).startswith("m") if marked else " thi " in f" {fold(bare)} " or position == 1
        name = "mother_name" if is_mother else "father_name"
        if (
            len(pieces) == 1
            and not marked
            and "caregiver_name" not in record.values
            and not is_mother
            and "giam ho" in fold(record.columns["parents_names"][0][0].heading)
        ):
            name = "caregiver_name"
        if name not in record.values:
            record.put(name, values.person_name(Cell("s", bare, lossy=cell.lossy), name, record.notes))
            if not marked:
                record.notes.warn(name, _("Cha, mẹ ghi chung một ô; hãy kiểm tra."), record.values.get(name))


def _parent_state(record: Record, name: str, cell: Cell) -> None:
    text = values.words(cell)
    if text is None:
        return
    heading = fold(record.columns[name][0][0].heading)
    if values.is_ticked(cell):
        state = (
            "dead"
            if re.search(r"\b(mat|chet)\b", heading) and "tich" not in heading
            else "missing"
            if "tich" in heading
            else None
        )
    else:
        state = wording.parent_state(text)
    if state is None:
        record.notes.warn(name, _("Không hiểu tình trạng “%(value)s” nên không lấy.", value=text))
    record.put(name, state)


# ── Where ──────────────────────────────────────────────────────────────────


def _place(record: Record, context: "Context") -> None:
    village = None
    if (cell := record.cell("village")) is not None and (text := values.words(cell)):
        bare = re.fullmatch(r"\d+[A-Za-z]?(\.0)?", text)
        heading = fold(record.columns["village"][0][0].heading)
        kind = (
            "Tổ dân phố"
            if re.search(r"to dan pho|tdp", heading) and "thon" not in heading
            else "Xóm"
            if heading.startswith("xom")
            else "Thôn"
        )
        village = f"{kind} {text.removesuffix('.0')}" if bare else values.village_name(_only_village(text))
    address = [text for _column, cell in record.columns.get("address", []) if (text := values.words(cell))]
    if address:
        record.put("address", ", ".join(address))
        village = village or next((found for text in address if (found := values.find_village(text))), None)
    record.put("village", village or context.village)


def _only_village(text: str) -> str:
    """The village alone, without the commune after it."""
    return re.split(r"\s*[,;–]\s*|\s+-\s+(?=xã|huyện)", text)[0]


def _household(record: Record, context: "Context") -> None:
    if (cell := record.cell("household_head")) is not None:
        bare = re.sub(r"^(hộ\s+)?(ông|bà)\s*(\(bà\))?\s*:?\s+(?=\S+\s\S)", "", cell.text, flags=re.IGNORECASE)
        record.put(
            "household_head", values.person_name(Cell("s", bare, lossy=cell.lossy), "household_head", record.notes)
        )
    elif context.household_head:
        record.put("household_head", context.household_head)
    if (cell := record.cell("household_code")) is not None:
        record.put("household_code", values.words(cell))
    if (cell := record.cell("relation_to_head")) is not None:
        record.put("relation_to_head", values.words(cell))
    if (cell := record.cell("phone")) is not None:
        record.put("phone", values.phone(cell, record.notes))
    record.put("household_status", _household_status(record, context))
    if record.values.get("household_status"):
        record.put("household_status_year", context.status_year or context.today.year)


def _household_status(record: Record, context: "Context") -> str | None:
    ticks = [name for name in ("is_poor", "is_near_poor") if (cell := record.cell(name)) and _says_yes(cell)]
    if len(ticks) == 2:
        record.notes.error("household_status", _("Đánh dấu cả hộ nghèo và hộ cận nghèo."))
        return None
    if ticks:
        return "poor" if ticks == ["is_poor"] else "near_poor"
    if (cell := record.cell("household_status")) is not None and (text := values.words(cell)):
        if values.is_ticked(cell):
            heading = fold(record.columns["household_status"][0][0].heading)
            return "near_poor" if heading == "ho can ngheo" else "poor" if heading == "ho ngheo" else None
        status = wording.household_status(text)
        if status is None and text not in {"-", "–", "."}:
            record.notes.warn("household_status", _("Không hiểu diện hộ “%(value)s” nên không lấy.", value=text))
        return status
    return context.household_status


def _says_yes(cell: Cell) -> bool:
    """Ticked, or a number or words that are not a no: many lists write the decision's number instead of a tick."""
    ticked = values.is_ticked(cell)
    return bool(cell.text) if ticked is None else ticked


# ── Circumstances and disability ───────────────────────────────────────────


def _circumstances(record: Record, context: "Context") -> None:
    texts = _circumstance_words(record, context)
    risk_words = [
        text
        for _column, cell in record.columns.get("risks", [])
        if (text := values.words(cell)) and values.is_ticked(cell) is None
    ]
    found = wording.Reading()
    for text in [*texts, *risk_words]:
        _merge(found, wording.read(text))
    if not texts:
        _from_states(record, found)
    record.put("circumstance_words", "; ".join(texts))
    record.put("risk_words", "; ".join(risk_words))
    if risk_words and wording.read("; ".join(risk_words)).is_empty:
        found.risk("r.other")
    _settle_groups(record, found)
    _keep_reading(record, found, context)
    _say_unread(record, texts)


def _keep_reading(record: Record, found: wording.Reading, context: "Context") -> None:
    """What the words said, where the row's own columns do not say it."""
    record.put("circumstances", found.codes + [group for group in found.groups if group not in found.codes])
    record.put("risks", found.risks)
    for name in ("father_state", "mother_state"):
        if name not in record.values:
            record.put(name, getattr(found, name))
    if found.severity:
        record.values.setdefault("disability_severity", found.severity)
    record.put("disability_types", found.disability_types)
    if found.household_status and not record.fields & {"household_status", "is_poor", "is_near_poor"}:
        record.values.setdefault("household_status", found.household_status)
        record.values.setdefault("household_status_year", context.status_year or context.today.year)


def _from_states(record: Record, found: wording.Reading) -> None:
    """Groups a and c follow from the parents' states, when the list tells these and no group."""
    states = (record.values.get("father_state"), record.values.get("mother_state"))
    carer = f"{record.values.get('caregiver_relation', '')} {record.values.get('caregiver_name', '')}"
    wording.derive(states, carer, found)


#: Words that say there is nothing special.
_NO_CIRCUMSTANCE = frozenset(
    {
        "",
        "tre em",
        "binh thuong",
        "khong",
        "khong co",
        "khong thuoc",
        "khong thuoc dien",
        "tre binh thuong",
        "bt",
        "ko",
        "k",
    }
)


def _say_unread(record: Record, texts: list[str]) -> None:
    """Words no code was found for are kept for the note, and said."""
    unread = [
        text
        for text in texts
        if (wording.read(text).is_empty and fold(text) not in _NO_CIRCUMSTANCE) or _is_only_old(text)
    ]
    record.put("unread_words", "; ".join(unread))
    for text in unread:
        if not _is_only_old(text):
            record.notes.warn(
                "circumstances", _("Không hiểu hoàn cảnh “%(value)s”; lời ghi được giữ trong ghi chú.", value=text)
            )


def _is_only_old(text: str) -> bool:
    """Words that name nothing but a group of the old law."""
    found = wording.read(text)
    return "old" in found.doubts and not found.codes and not found.groups


def _circumstance_words(record: Record, context: "Context") -> list[str]:
    texts = []
    for column, cell in record.columns.get("circumstances", []):
        text = values.lines(cell)
        if text and values.is_ticked(cell) is None:
            texts.append(text)
        elif text and values.is_ticked(cell):
            texts.append(column.heading.split(" – ")[-1])
    for column, cell in record.columns.get("circumstance_tick", []):
        if _says_yes(cell):
            texts.append(column.detail or column.heading)
    if not texts and context.section_words:
        texts.append(context.section_words)
    record.cell("circumstances") or record.cell("circumstance_tick")
    return texts


def _merge(found: wording.Reading, more: wording.Reading) -> None:
    for name in ("codes", "risks", "groups", "disability_types", "doubts"):
        getattr(found, name).extend(item for item in getattr(more, name) if item not in getattr(found, name))
    for name in ("father_state", "mother_state", "severity", "household_status"):
        setattr(found, name, getattr(found, name) or getattr(more, name))
    if {found.father_state, found.mother_state} == {"dead"} and found.father_state == found.mother_state:
        if not any(code.startswith("a.") for code in found.codes):
            found.add("a.3", "default:a.3")
        found.risks = [risk for risk in found.risks if risk != "r.half_orphan"]


def _settle_groups(record: Record, found: wording.Reading) -> None:
    """Sub-groups the words leave open, as far as the row's other columns settle them; the rest is said."""
    status = record.values.get("household_status") or found.household_status
    for group in list(found.groups):
        settled = None
        if group == "n" and status in {"poor", "near_poor"}:
            settled = "n.1" if status == "poor" else "n.2"
        elif group == "d":
            severity = _severity(record)
            settled = wording.SEVERITY_CODES.get(severity or "")
        if settled or any(code.startswith(f"{group}.") for code in found.codes):
            found.groups.remove(group)
            found.doubts = [doubt for doubt in found.doubts if doubt != f"group:{group}"]
            if settled:
                found.add(settled)
    for doubt in dict.fromkeys(found.doubts):
        _say_doubt(record, doubt)


def _say_doubt(record: Record, doubt: str) -> None:
    kind, _colon, code = doubt.partition(":")
    shown = record.values.get("circumstance_words") or record.notes.found
    if kind == "default":
        record.notes.warn(
            "circumstances", _("“%(value)s” chưa rõ tiểu nhóm; tạm hiểu là %(code)s.", value=shown, code=code), code
        )
    elif kind == "derived":
        record.notes.warn("circumstances", _("Suy ra từ tình trạng của cha mẹ: nhóm %(code)s.", code=code), code)
    elif kind == "group":
        record.notes.warn(
            "circumstances", _("“%(value)s” chưa rõ tiểu nhóm của nhóm %(code)s.", value=shown, code=code), code
        )
    elif kind == "needs":
        record.notes.warn(
            "circumstances",
            _("Nhóm i cần có kết luận của cơ quan giám định hoặc cơ sở khám chữa bệnh (NĐ 56/2017 Đ11)."),
            code,
        )
    elif kind == "old":
        record.notes.warn(
            "circumstances", _("“%(value)s” là nhóm của luật cũ (2004), không còn trong Luật Trẻ em 2016.", value=shown)
        )
    elif kind == "half_orphan":
        record.notes.warn(
            "circumstances",
            _("“%(value)s”: chỉ là nhóm c khi cha hoặc mẹ còn lại mất tích theo quy định của pháp luật.", value=shown),
        )
    elif kind == "orphan_of_whom":
        record.notes.warn("circumstances", _("Chưa ghi mồ côi cha, mẹ hay cả hai."))


def _severity(record: Record) -> str | None:
    ticked = [column.detail for column, cell in record.columns.get("severity_tick", []) if _says_yes(cell)]
    if len(ticked) > 1:
        record.notes.error("disability_severity", _("Đánh dấu nhiều mức độ khuyết tật."))
        return None
    if ticked:
        return ticked[0]
    if (cell := record.cell("disability_severity")) is not None and (text := values.words(cell)):
        from app.imports.aliases import SEVERITY_TICKS, first_match

        folded = fold(text)
        return {"1": "extreme", "2": "severe", "3": "mild"}.get(folded) or first_match(folded, SEVERITY_TICKS)
    found: str | None = record.values.get("disability_severity")
    return found


def _disability(record: Record) -> None:
    from app.imports.aliases import DISABILITY_TICKS

    kinds = [str(column.detail) for column, cell in record.columns.get("disability_tick", []) if _says_yes(cell)]
    if (cell := record.cell("disability_types")) is not None and (text := values.words(cell)):
        told = [fold(text), *(fold(part) for part in re.split("[;,/+]", text))]
        matched = [kind for kind, pattern in DISABILITY_TICKS if any(re.search(pattern, part) for part in told)]
        if not matched and values.is_ticked(cell) is None:
            record.notes.warn(
                "disability_types", _("Không hiểu dạng khuyết tật “%(value)s”; hiểu là Khác.", value=text), "other"
            )
            matched = ["other"]
        kinds += matched
    order = ["movement", "hearing_speech", "vision", "mental", "intellectual", "other"]
    kinds = [kind for kind in order if kind in {*kinds, *record.values.get("disability_types", [])}]
    record.put("disability_types", kinds)
    severity = _severity(record)
    record.put("disability_severity", severity)
    if (cell := record.cell("disability_severity")) is not None and severity is None and values.words(cell):
        record.notes.warn("disability_severity", _("Không hiểu mức độ “%(value)s”.", value=cell.text))
    if severity and (kinds or record.fields & {"severity_tick", "disability_severity"}):
        codes = record.values.setdefault("circumstances", [])
        if not any(code.startswith("d.") for code in codes):
            codes.append(wording.SEVERITY_CODES[severity])
            if "d" in codes:
                codes.remove("d")
    if (cell := record.cell("certificate_number")) is not None and values.is_ticked(cell) is None:
        record.put("certificate_number", values.words(cell))


# ── The rest ───────────────────────────────────────────────────────────────


def _rest(record: Record) -> None:
    if (cell := record.cell("insurance_number")) is not None:
        record.put("insurance_number", values.insurance_number(cell))
    if (cell := record.cell("birth_registration")) is not None:
        record.put("birth_registration", values.registration(cell))
    _verification(record)
    if (cell := record.cell("child_code")) is not None:
        record.put("child_code", values.child_code(cell))
    if (cell := record.cell("residence")) is not None:
        record.put("residence", values.chosen(cell, Residence))
    schooling = record.cell("schooling")
    record.put("schooling", values.chosen(schooling, Schooling) if schooling is not None else None)
    names = ("school_class", "school_name", *(() if record.values.get("schooling") else ("schooling",)))
    school = [values.words(cell) for name in names if (cell := record.cell(name)) and values.is_ticked(cell) is None]
    record.put("school_name", ", ".join(text for text in school if text))
    if (cell := record.cell("allowance")) is not None and values.is_ticked(cell) is None:
        record.put("allowance_words", values.words(cell))
    notes = [values.lines(cell) for name in ("note", "movement") for _column, cell in record.columns.get(name, [])]
    record.put("note", "\n".join(text for text in notes if text))


def _verification(record: Record) -> None:
    """What the police wrote beside a child: the right number, whether it matches, who says so, when."""
    if (cell := record.cell("verified_id")) is not None:
        number = values.personal_id(cell, record.notes)
        record.put("personal_id", number or record.values.get("personal_id"))
    if (cell := record.cell("check_result")) is not None:
        record.put("check_result", values.check_result(cell))
    if (cell := record.cell("verified_by")) is not None:
        record.put("verified_by", values.words(cell))
    if (cell := record.cell("verified_on")) is not None:
        record.put("verified_on", values.plain_day(cell))


def _check(record: Record, born: PartialDate | None, context: "Context") -> None:
    """What two values say together."""
    found, notes = record.values, record.notes
    notes.at(f"{record.number}", "")
    if not found.get("full_name") and "full_name" not in found and not found.get("personal_id"):
        notes.warn("full_name", _("Dòng không có tên trẻ."))
    named = found.get("full_name") or found.get("personal_id") or found.get("child_code")
    if not named and born is None:
        notes.error("full_name", _("Dòng không có tên cũng không có ngày sinh."))
    if born is not None and born.day <= years_before(context.today, 16):
        notes.warn("born_on", _("Đã đủ 16 tuổi, không còn tính là trẻ em."))
    words = f" {fold(found.get('full_name'))} "
    if (" thi " in words and found.get("sex") == "male") or (" van " in words and found.get("sex") == "female"):
        notes.warn("sex", _("Tên đệm thường dùng cho giới khác; hãy kiểm tra giới tính."))
    year = found.get("mother_born_year")
    if born is not None and year and born.day.year - int(year) < 12:
        notes.warn("mother_name", _("Mẹ sinh năm %(year)s, chưa đủ 12 tuổi khi sinh trẻ.", year=year))
