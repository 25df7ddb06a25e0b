"""One cell → one value, with warnings where a person must look and errors where nothing can be made of it."""

import csv
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import force_locale, gettext as _

from app.imports.keys import fold
from app.imports.reader import Cell
from models import Choice, clean
from models.clean import PartialDate, Precision, Unclean

_REFERENCE = Path(__file__).parent.parent / "reference"

_TICKS = frozenset(
    {
        "x",
        "✓",
        "✔",
        "v",
        "√",
        "☑",
        "■",
        "●",
        "•",
        "+",
        "*",
        "ü",
        "þ",
        "1",
        "co",
        "yes",
        "y",
        "true",
        "dung",
        "xx",
        "da co",
        "ok",
    }
)
_NO_TICKS = frozenset({"0", "khong", "no", "n", "false", "-", "–", "k", "ko", "chua", "chua co", "khong co", "không"})
_NOTHING = frozenset(
    {
        "khong",
        "khong co",
        "chua co",
        "chua",
        "khong ro",
        "chua ro",
        "k",
        "ko",
        "x",
        "na",
        "n a",
        "none",
        "null",
        "0",
        "",
    }
)
_MALE = frozenset({"nam", "trai", "m", "male", "boy", "be trai", "con trai", "nam gioi", "chau trai"})
_FEMALE = frozenset({"nu", "gai", "f", "female", "girl", "be gai", "con gai", "nu gioi", "chau gai", "nữ"})
_UNNAMED = frozenset(
    {"chua dat ten", "chua co ten", "so sinh", "chua khai sinh", "chua dat", "be so sinh", "khong ten", "tre so sinh"}
)


@dataclass(frozen=True)
class Caution:
    """Something a person must look at; `proposed` is what the program would put."""

    field: str
    message: str
    proposed: Any = None
    cell: str = ""
    #: What stands in the cell.
    found: str = ""


@dataclass(frozen=True)
class Error:
    """Something that keeps a row from being applied."""

    field: str
    message: str
    cell: str = ""
    found: str = ""


@dataclass
class Notes:
    """Warnings and errors of one row, as they are found."""

    warnings: list[Caution] = field(default_factory=list)
    errors: list[Error] = field(default_factory=list)
    #: Where the cell being read stands, and what is in it.
    cell: str = ""
    found: str = ""

    def at(self, cell: str, found: Any) -> "Notes":
        """The next notes are about this cell."""
        self.cell, self.found = cell, str(found)[:200]
        return self

    def warn(self, name: str, message: str, proposed: Any = None) -> None:
        """Note something to look at."""
        self.warnings.append(Caution(name, message, proposed, self.cell, self.found))

    def error(self, name: str, message: str) -> None:
        """Note something that cannot be read."""
        self.errors.append(Error(name, message, self.cell, self.found))


# ── Words ──────────────────────────────────────────────────────────────────


def words(cell: Cell) -> str | None:
    """A cell as one line of text."""
    return None if cell.kind in {"e", "f"} else clean.text(_plain(cell))


def lines(cell: Cell) -> str | None:
    """A cell as text of several lines."""
    return None if cell.kind in {"e", "f"} else clean.multiline(_plain(cell))


def _plain(cell: Cell) -> str:
    if cell.kind == "b":
        return "x" if cell.value else ""
    if cell.kind == "d":
        return shown_date(str(cell.value))
    return str(cell.value)


def shown_date(iso: str) -> str:
    """2016-11-05 → 05/11/2016."""
    return "/".join(reversed(iso.split("-")))


def is_ticked(cell: Cell | None) -> bool | None:
    """Whether a cell is ticked; None when it holds something else than a tick or its absence."""
    if cell is None:
        return False
    if cell.kind == "b":
        return bool(cell.value)
    text = cell.text.lower().strip(" .()[]")
    folded = fold(text) or text
    if text in _TICKS or folded in _TICKS:
        return True
    return False if text in _NO_TICKS or folded in _NO_TICKS or not text else None


# ── Names ──────────────────────────────────────────────────────────────────


def unnamed_sex(text: str) -> str | None:
    """A newborn not yet named is written "Trai" or "Gái": that sex; "unknown" for "chưa đặt tên"; else None."""
    folded = fold(text)
    if folded in {"trai", "be trai", "con trai", "chau trai"}:
        return "male"
    if folded in {"gai", "be gai", "con gai", "chau gai"}:
        return "female"
    return "unknown" if folded in _UNNAMED else None


def person_name(cell: Cell, name: str, notes: Notes) -> str | None:
    """A person's name. Written all in capitals it gets the usual ones; spelling stays."""
    text = words(cell)
    if text is None or (fold(text) in _NOTHING and len(text) < 12):
        return None
    try:
        clean.person_name(text)
    except Unclean:
        if re.search(r"\d", text):
            notes.warn(name, _("“%(value)s” không phải là tên người nên không lấy.", value=text))
        return None
    text = _without_remark(text, name, notes)
    if re.search(r"\d|[@#$%^=<>{}\[\]\\\u2190-\u2bff\U0001f000-\U0001faff]", text):
        notes.warn(name, _("Tên có ký tự lạ: “%(value)s”.", value=text))
    if cell.lossy:
        notes.warn(name, _("Tên có thể đã mất chữ khi đổi phông cũ sang Unicode: “%(value)s”.", value=text))
    if len(text) > 120:
        notes.error(name, _("Tên dài quá 120 ký tự."))
        return None
    return usual_capitals(text)


def _without_remark(text: str, name: str, notes: Notes) -> str:
    found = re.fullmatch(r"(?P<name>[^()]{3,}?)\s*\((?P<remark>[^()]*)\)?", text)
    if not found or name == "caregiver_name":
        return text
    notes.warn(
        name, _("Phần trong ngoặc “%(value)s” không phải tên nên được bỏ ra.", value=found["remark"]), found["name"]
    )
    return found["name"]


def usual_capitals(text: str) -> str:
    """NGUYỄN VĂN AN, nguyễn văn an, Nguyễn Văn ánh → Nguyễn Văn An, Nguyễn Văn Ánh; other spellings stay."""
    # Capitals typed in TCVN3 keep small toned vowels: "ĐặNG THị NA".
    plain = [letter for letter in text if letter.isalpha() and letter not in _NO_TCVN3_CAPITAL]
    if text == text.lower() or all(letter.isupper() for letter in plain):
        return " ".join(_capitalised(word) for word in text.lower().split(" "))
    return " ".join(word[:1].upper() + word[1:] if word[:1] in _NO_TCVN3_CAPITAL else word for word in text.split(" "))


#: Letters TCVN3 has no capital for: "Thế ý" there is "Thế Ý".
_NO_TCVN3_CAPITAL = frozenset("áàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ")


def _capitalised(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


def sex(cell: Cell, notes: Notes) -> str | None:
    """Male or female; 1/0 with a warning."""
    text = words(cell)
    if text is None:
        return None
    folded = fold(text)
    if folded in _MALE or folded in _FEMALE:
        return "male" if folded in _MALE else "female"
    if folded in {"1", "0", "2"}:
        value = "male" if folded == "1" else "female"
        notes.warn("sex", _("Hiểu 1 là Nam, 0 hoặc 2 là Nữ."), value)
        return value
    if folded in _NOTHING - {"x"}:
        return None
    notes.error("sex", _("Không hiểu giới tính “%(value)s”. Hãy ghi Nam hoặc Nữ.", value=text))
    return None


# ── Dates ──────────────────────────────────────────────────────────────────


def birth_date(cell: Cell, notes: Notes, today: date, *, month_first: bool = False) -> PartialDate | None:
    """A birth date with its precision, day first. `month_first`: the column holds dates written month first."""
    if cell.kind in {"e", "f", "b"}:
        _say_unreadable(cell, notes)
        return None
    try:
        born = _date_cell(cell, notes, month_first=month_first)
    except Unclean as unclean:
        _say_date(unclean, cell, notes)
        return None
    if born is None:
        return None
    if born.precision is Precision.DAY and born.day > today:
        notes.warn("born_on", _("Ngày sinh %(date)s ở sau ngày hôm nay.", date=str(born)))
    elif born.precision is not Precision.DAY and (born.day.year > today.year):
        notes.warn("born_on", _("Năm sinh %(date)s ở sau năm nay.", date=str(born)))
    return born


def _say_unreadable(cell: Cell, notes: Notes) -> None:
    if cell.kind == "e":
        notes.error("born_on", _("Ô có lỗi của Excel (%(value)s).", value=cell.text))
    else:
        notes.error("born_on", _("Ô là công thức chưa có kết quả. Hãy mở tệp bằng Excel, lưu lại rồi gửi lại."))


def _say_date(unclean: Unclean, cell: Cell, notes: Notes) -> None:
    swapped = _swapped(cell.text)
    if unclean.code == "date_impossible" and swapped:
        message = _(
            "Không có ngày “%(value)s” (ngày viết trước tháng). Có lẽ là %(date)s?", value=cell.text, date=str(swapped)
        )
        notes.warn("born_on", message, swapped.iso())
        notes.error("born_on", message)
    elif unclean.code == "date_impossible":
        notes.error("born_on", _("Không có ngày “%(value)s”.", value=cell.text))
    else:
        notes.error("born_on", _("Không đọc được ngày sinh “%(value)s”. Hãy ghi dạng 05/06/2015.", value=cell.text))


def _swapped(text: str) -> PartialDate | None:
    """A date written month first, read so; None when it is not one."""
    parts = re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", text)
    if not parts or int(parts[2]) <= 12:
        return None
    try:
        return PartialDate(date(int(parts[3]), int(parts[1]), int(parts[2])))
    except ValueError:
        return None


def is_month_first(cell: Cell) -> bool:
    """A text date that can only have been written month first."""
    return cell.kind == "s" and _swapped(cell.text) is not None


def _date_cell(cell: Cell, notes: Notes, *, month_first: bool) -> PartialDate | None:
    if cell.kind == "d":
        return _date_from_iso(str(cell.value), notes, month_first=month_first)
    if cell.kind == "n":
        return _date_from_number(cell.value, notes)
    text = clean.text(cell.value)
    if text is None or fold(text) in _NOTHING or not re.search(r"\d", text):
        if text and fold(text) not in _NOTHING:
            raise Unclean("date_not_readable")
        return None
    text = re.sub(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?$", "", text.strip("'’` "))
    text = (
        re.sub(r"^[^\d~]*sinh\s*(năm|ngày)?\s*:?\s*", "", text, flags=re.IGNORECASE) if "sinh" in text.lower() else text
    )
    text = re.sub(r"^[Tt]\s*(?=\d{1,2}\s*[/.\-]\s*\d{4}$)", "", text)
    if re.fullmatch(r"\d{5}", text):
        return _date_from_number(int(text), notes)
    approximate = re.fullmatch(r"(.*\d)\s*\(?\s*(khoảng|ước|ước tính|ước lượng)\)?", text, flags=re.IGNORECASE)
    return clean.partial_date(f"khoảng {approximate[1]}" if approximate else text)


def _date_from_iso(iso: str, notes: Notes, *, month_first: bool) -> PartialDate:
    parts = [int(part) for part in iso.split("-")]
    if len(parts) == 1:
        return clean.year_date(parts[0])
    if len(parts) == 2:
        return clean.month_date(parts[0], parts[1])
    born = PartialDate(date(*parts))
    if month_first and born.day.day <= 12 and born.day.day != born.day.month:
        other = PartialDate(date(parts[0], parts[2], parts[1]))
        message = _(
            "Cột này có ngày viết kiểu tháng trước: %(first)s hay %(second)s?", first=str(born), second=str(other)
        )
        notes.warn("born_on", message, other.iso())
    return born


def _date_from_number(value: int | float, notes: Notes) -> PartialDate:
    """Excel's day number, a bare year, or digits typed together."""
    if isinstance(value, float):
        month, _dot, year = f"{value:.4f}".partition(".")
        if 1 <= int(month) <= 12 and 1990 <= int(year) <= 2100:
            born = clean.month_date(int(year), int(month))
            notes.warn(
                "born_on", _("Số %(value)s được hiểu là tháng %(date)s.", value=value, date=str(born)), born.iso()
            )
            return born
        raise Unclean("date_not_readable")
    if 1900 <= value <= 2100:
        return clean.year_date(value)
    if 20_000 <= value <= 80_000:
        return PartialDate(date(1899, 12, 30) + timedelta(days=value))
    text = str(value)
    if len(text) in {7, 8}:
        whole = clean.partial_date(text.zfill(8))
        if whole and len(text) == 7:
            notes.warn("born_on", _("Ngày sinh mất số 0 ở đầu: hiểu là %(date)s.", date=str(whole)), whole.iso())
        if whole:
            return whole
    raise Unclean("date_not_readable")


# ── Numbers ────────────────────────────────────────────────────────────────


@cache
def province_codes() -> dict[str, str]:
    """The first three digits of personal IDs and their provinces."""
    with (_REFERENCE / "id_number_province_codes.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["code"]: row["province"] for row in csv.DictReader(file)}


def personal_id(cell: Cell, notes: Notes) -> str | None:
    """The 12-digit ID. Zeros lost at the front are proposed, never silently put back."""
    if cell.kind in {"e", "f", "b", "d"}:
        notes.error("personal_id", _("Ô không phải số định danh: “%(value)s”.", value=cell.text))
        return None
    text = clean.text(cell.value) or ""
    if fold(text) in _NOTHING or not text or fold(text).startswith("treem"):
        return None
    digits = _scientific(text) or re.sub(r"[\s.,'’`\-_]", "", text)
    inside = re.search(r"(?<!\d)\d{12}(?!\d)", text)
    if inside and not digits.isdigit():
        digits = inside.group()
        notes.warn("personal_id", _("Chỉ lấy 12 chữ số trong “%(value)s”.", value=text), digits)
    digits = digits.removesuffix(".0")
    if not (digits.isascii() and digits.isdigit()):
        notes.error("personal_id", _("Số định danh “%(value)s” không đọc được. Hãy ghi đủ 12 chữ số.", value=text))
        return None
    if len(digits) in {10, 11}:
        proposed = digits.zfill(12)
        notes.warn("personal_id", _lost_zero_message(digits, proposed), proposed)
        return proposed
    if len(digits) == 12:
        return digits
    if len(digits) == 9:
        notes.warn("personal_id", _("“%(value)s” có 9 chữ số: có lẽ là số CMND cũ của cha mẹ, không lấy.", value=text))
    else:
        notes.error(
            "personal_id",
            _("Số định danh “%(value)s” có %(count)s chữ số, phải đủ 12.", value=text, count=len(digits)),
        )
    return None


def _scientific(text: str) -> str | None:
    """3.021766115E+10 → digits, when none were rounded away."""
    found = re.fullmatch(r"(\d)(?:[.,](\d+))?[eE]\+?(\d+)", text)
    if not found:
        return None
    fraction = found[2] or ""
    try:
        value = Decimal(f"{found[1]}.{fraction or 0}E{found[3]}")
    except InvalidOperation:
        return None
    return str(int(value)) if len(fraction) >= int(found[3]) - 2 else None


def _lost_zero_message(digits: str, proposed: str) -> str:
    province = province_codes().get(proposed[:3])
    if province:
        return _(
            "Số định danh mất số 0 ở đầu: %(value)s → %(proposed)s (%(province)s)?",
            value=digits,
            proposed=proposed,
            province=province,
        )
    return _("Số định danh thiếu chữ số: %(value)s. Có phải %(proposed)s?", value=digits, proposed=proposed)


def check_personal_id(number: str, child_sex: str | None, born: PartialDate | None, notes: Notes) -> None:
    """Warn where the ID's digits disagree with sex or birth year. NĐ 137/2015/NĐ-CP Đ13; never an error."""
    century = 1900 + 100 * (int(number[3]) // 2)
    year = century + int(number[4:6])
    said = "female" if int(number[3]) % 2 else "male"
    if child_sex in {"male", "female"} and said != child_sex:
        notes.warn("personal_id", _("Số định danh cho thấy giới tính khác với danh sách."))
    if born is not None and born.day.year != year and born.precision is not Precision.ESTIMATED:
        notes.warn("personal_id", _("Số định danh cho thấy năm sinh %(year)s, khác với danh sách.", year=year))


def phone(cell: Cell, notes: Notes) -> str | None:
    """A phone number; a lost zero is proposed."""
    if cell.kind in {"e", "f", "b", "d"}:
        return None
    text = clean.text(cell.value) or ""
    if not re.search(r"\d{6}", re.sub(r"\D", "", text)):
        return None
    first = re.split(r"\s*[/;,]\s*(?=[\d+])|\s+-\s+", text)[0]
    digits = re.sub(r"\D", "", first)
    if len(digits) == 9 and not digits.startswith("0"):
        proposed = "0" + digits
        notes.warn(
            "phone",
            _("Số điện thoại mất số 0 ở đầu: %(value)s → %(proposed)s?", value=digits, proposed=proposed),
            proposed,
        )
        return proposed
    try:
        found = clean.phone(first)
    except Unclean:
        notes.warn("phone", _("Số điện thoại “%(value)s” không đọc được nên không lấy.", value=text))
        return None
    if first != text:
        notes.warn("phone", _("Ô có nhiều số điện thoại, lấy số đầu: %(value)s.", value=found), found)
    return found


# ── Closed lists ───────────────────────────────────────────────────────────

_ETHNIC_VARIANTS = {
    "viet": "Kinh",
    "kinhviet": "Kinh",
    "k": "Kinh",
    "mong": "HMông",
    "hmong": "HMông",
    "meo": "HMông",
    "khmer": "Khơ-me",
    "khome": "Khơ-me",
    "khomer": "Khơ-me",
    "ede": "Ê-đê",
    "rade": "Ê-đê",
    "bana": "Ba-na",
    "bahnar": "Ba-na",
    "giarai": "Gia-rai",
    "jrai": "Gia-rai",
    "jarai": "Gia-rai",
    "koho": "Cơ-ho",
    "coho": "Cơ-ho",
    "cham": "Chăm",
    "sedang": "Xơ-đăng",
    "xodang": "Xơ-đăng",
    "mnong": "Mnông",
    "hre": "Hrê",
    "stieng": "Xtiêng",
    "vankieu": "Bru – Vân Kiều",
    "bruvankieu": "Bru – Vân Kiều",
    "bru": "Bru – Vân Kiều",
    "katu": "Cơ-tu",
    "cotu": "Cơ-tu",
    "caolan": "Sán Chay",
    "sanchi": "Sán Chay",
    "taoi": "Tà-ôi",
    "pako": "Tà-ôi",
    "raglay": "Ra-glai",
    "hanhi": "Hà Nhì",
    "nguoihoa": "Hoa",
    "han": "Hoa",
}


@cache
def _ethnic_keys() -> dict[str, str]:
    with (_REFERENCE / "ethnic_groups.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {_joined(row["name"]): row["name"] for row in rows} | {row["code"]: row["name"] for row in rows}
    return _ETHNIC_VARIANTS | known


def _joined(text: str) -> str:
    return fold(text).replace(" ", "")


def ethnicity(cell: Cell, notes: Notes) -> str | None:
    """The name of an ethnic group as in the official list."""
    text = words(cell)
    if text is None or fold(text) in _NOTHING - {"x"}:
        return None
    key = _joined(re.sub(r"^(dân tộc|dt)\s+", "", text, flags=re.IGNORECASE))
    found = _ethnic_keys().get(key) or _ethnic_keys().get(_joined(re.split(r"[(/,]", text)[0]))
    if found is None:
        notes.warn("ethnicity", _("Không có dân tộc “%(value)s” trong danh mục nên không lấy.", value=text))
    return found


def insurance_number(cell: Cell) -> str | None:
    """A health insurance number; a tick only says there is one."""
    text = words(cell)
    if text is None or is_ticked(cell) is not None or not re.search(r"\d{5}", text):
        return None
    return re.sub(r"[\s.\-]", "", text).upper()[:20]


def registration(cell: Cell) -> str | None:
    """Whether the birth is registered."""
    ticked = is_ticked(cell)
    text = fold(words(cell))
    if re.search(r"\b(chua|khong) (ro|biet)\b", text):
        return None
    if re.search(r"\bchua\b|\bkhong\b", text):
        return "not_registered"
    if ticked or re.search(r"\bda\b|\bco\b|\d", text):
        return "registered"
    return None


def child_code(cell: Cell) -> str | None:
    """A child's code as our own workbooks write it: TE-000001."""
    found = re.fullmatch(r"te-?0*(\d{1,9})", fold(words(cell)).replace(" ", ""))
    return f"TE-{int(found[1]):06d}" if found else None


def check_result(cell: Cell) -> str | None:
    """Whether a record matches, as whoever verified it says; a tick says that it does."""
    text = fold(words(cell))
    if re.search(r"\b(khong|sai|lech|chua)\b", text):
        return "mismatch"
    return "matched" if is_ticked(cell) or re.search(r"\b(khop|dung|trung)\b", text) else None


def plain_day(cell: Cell) -> str | None:
    """A day written day first, as YYYY-MM-DD; None for anything else."""
    try:
        day = clean.partial_date(words(cell))
    except Unclean:
        return None
    return day.day.isoformat() if day is not None and day.precision is Precision.DAY else None


def chosen(cell: Cell, choices: type[Choice]) -> str | None:
    """A choice told by its Vietnamese label; None for any other words."""
    text = fold(words(cell))
    with force_locale("vi"):
        return next((choice.value for choice in choices if text and fold(str(choice.label)) == text), None)


# ── Villages ───────────────────────────────────────────────────────────────

_KINDS = "thôn|xóm|bản|ấp|buôn|làng|khu phố|khu dân cư|khu|khối phố|khối|tổ dân phố|tdp|tổ|tiểu khu|phum|sóc"
_VILLAGE = re.compile(
    rf"(?<![^\W\d_])(?P<kind>{_KINDS})(?:\s*:\s*|\s+(?:số\s+)?|(?=\d))"
    r"(?P<name>\d+\w?|(?!của\b|văn hóa\b|năm\b|trưởng\b|xóm\b|bản\b|đội\b)[^\W\d_]+(?:\s+(?!xã\b|phường\b|năm\b|huyện\b|tỉnh\b|thị\b|thành\b|tháng\b|quý\b)[^\W_]+){0,3})",
    re.IGNORECASE,
)


def find_village(text: str, *, certain: bool = False) -> str | None:
    """The village named in a title, a sheet name, an address or a section row, as "Thôn 3"; None when there is none.

    In running text the name must be a number or begin with a capital; `certain` takes any.
    """
    villages = []
    for found in _VILLAGE.finditer(re.sub(r"\s+", " ", text)):
        kind, name = found["kind"], found["name"]
        if certain or name[0].isdigit() or (name[0].isupper() and (kind.lower() not in _VAGUE or kind[0].isupper())):
            villages.append((kind.lower() in _SMALLER, village_name(f"{kind} {name}")))
    return min(villages, key=lambda village: village[0])[1] if villages else None


#: Words that also mean something else in running text; and kinds that may lie inside a village.
_VAGUE = frozenset({"khu", "khối", "tổ", "làng"})
_SMALLER = frozenset({"xóm", "tổ", "khu"})


def village_name(text: str) -> str:
    """One spelling: thôn 6 → Thôn 6, THÔN ĐÔNG → Thôn Đông."""
    cleaned = clean.text(text.strip(" .,;:-–")) or ""
    if cleaned.lower().startswith("tdp "):
        cleaned = "Tổ dân phố " + cleaned[4:]
    if cleaned == cleaned.upper() and len(cleaned) > 2:
        kind = re.match(rf"({_KINDS})\s+", cleaned, flags=re.IGNORECASE)
        rest = cleaned[kind.end() :] if kind else cleaned
        named = " ".join(_capitalised(word) for word in rest.lower().split())
        return f"{kind.group(1).capitalize()} {named}" if kind else named
    return cleaned[:1].upper() + cleaned[1:]
