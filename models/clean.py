"""Typed, pasted and imported text → the one stored form.

Everything that enters the system passes through here once: Unicode NFC, stray
characters, spaces, 12-digit numbers, dates with a precision. Also the keys by
which Vietnamese text is compared, searched and sorted. Knows no Flask, no
database and no wording: a value that cannot be read raises `Unclean` with a code.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_REPLACED = {
    ord("ð"): "đ",
    ord("Ð"): "Đ",
    ord("Ɖ"): "Đ",
    ord("\u00a0"): " ",
    ord("\u2007"): " ",
    ord("\u202f"): " ",
    **dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD), None),
    # Marks of writing direction: they make text look like another.
    **dict.fromkeys((0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), None),
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_MARKS = {"\u0306": 1, "\u0302": 2, "\u031b": 3}
#: Vowel pairs in which the old spelling puts the tone on the first letter (hoà → hòa).
_TONE_PAIRS = ("oa", "oe", "uy")


class Unclean(ValueError):
    """A value that cannot be read. `code` names what is wrong, `values` what to say about it."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def text(value: object) -> str | None:
    """One line of text: NFC, đ in one form, no invisible characters, single spaces. Blank is None."""
    if value is None:
        return None
    cleaned = _normalised(str(value))
    cleaned = " ".join(cleaned.split())
    return cleaned or None


def multiline(value: object) -> str | None:
    """Text of several lines: each line cleaned as by `text`, outer blank lines dropped. Blank is None."""
    if value is None:
        return None
    lines = [" ".join(line.split()) for line in _normalised(str(value)).splitlines()]
    return "\n".join(lines).strip("\n") or None


def _normalised(value: str) -> str:
    return unicodedata.normalize("NFC", _CONTROL.sub("", value).translate(_REPLACED))


def person_name(value: object) -> str | None:
    """A person's name as on the birth certificate: cleaned, spelling and capitals kept. At least one letter."""
    name = text(value)
    if name is not None and not any(character.isalpha() for character in name):
        raise Unclean("name_without_letters")
    return name


def username(value: object) -> str | None:
    """The name somebody signs in with: a–z, 0–9, dot, dash, underscore; typed with accents or capitals it is the same."""
    cleaned = text(value)
    if cleaned is None:
        return None
    decomposed = unicodedata.normalize("NFD", cleaned.lower().replace("đ", "d"))
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", bare):
        raise Unclean("username_not_plain")
    return bare


def fold(value: str | None) -> str:
    """The comparison key without tones or marks: "Hoà  ĐỨC" → "hoa duc". Only a–z, 0–9 and single spaces."""
    if not value:
        return ""
    decomposed = unicodedata.normalize("NFD", _normalised(value).lower().replace("đ", "d"))
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(re.sub(r"[^0-9a-z]+", " ", bare).split())


def tone_key(value: str | None) -> str:
    """The comparison key with tones, in one tone position: "Hoà" and "Hòa" are equal, "Hoa" is not."""
    if not value:
        return ""
    words = []
    for word in _normalised(value).lower().split():
        tone = ""
        letters = []
        for character in unicodedata.normalize("NFD", word):
            if character in _TONES:
                tone = character
            else:
                letters.append(character)
        words.append(unicodedata.normalize("NFC", "".join(letters)) + str(_TONES.get(tone, 0)))
    return " ".join(words)


_ALPHABET = {letter: index for index, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}


def collation_key(value: str | None) -> str:
    """A text key whose binary order is the Vietnamese dictionary order: letters first, then tones.

    The 29 letters (and f j w z) become two digits each, so the order is the same
    in SQLite, PostgreSQL (its keys are collated "C") and Python. Digits sort before letters,
    a run of digits by its number ("Thôn 2" before "Thôn 10").
    """
    if not value:
        return ""
    letters: list[str] = []
    tones: list[str] = []
    for run in re.findall(r"\d+|\D", unicodedata.normalize("NFC", _normalised(value).lower())):
        if run.isdigit() and run.isascii():
            letters.append("02" + f"{len(run):02d}" + run)
            continue
        base, tone = _letter_and_tone(run)
        if base in _ALPHABET:
            letters.append(f"{_ALPHABET[base] + 10:02d}")
            tones.append(str(tone))
        elif base.isspace() or base in "-.,'’()/–":
            if letters and letters[-1] != "00":
                letters.append("00")
        elif not unicodedata.combining(base):
            letters.append("99" + f"{ord(base):06x}")
    while letters and letters[-1] == "00":
        letters.pop()
    return "".join(letters) + "." + "".join(tones).rstrip("0")


def _letter_and_tone(character: str) -> tuple[str, int]:
    """The base letter (ă, â, đ … kept) and the tone number 0–5 of one composed character."""
    tone = 0
    kept = []
    for part in unicodedata.normalize("NFD", character):
        if part in _TONES:
            tone = _TONES[part]
        else:
            kept.append(part)
    base = unicodedata.normalize("NFC", "".join(kept))
    if base not in _ALPHABET and len(kept) > 1:
        base = kept[0]
    return base, tone


def name_sort_key(name: str | None) -> str:
    """The order of people in Vietnamese lists: by given name (the last word), then surname and middle names."""
    words = (name or "").split()
    if not words:
        return "~"  # nameless newborns come last
    return collation_key(words[-1]) + " " + collation_key(" ".join(words[:-1]))


# ── Numbers ────────────────────────────────────────────────────────────────


def personal_id(value: object) -> str | None:
    """The 12-digit personal ID (số định danh cá nhân), spaces, dots and apostrophes dropped.

    A lost leading zero is never put back here: an import proposes it to a person.
    Source: NĐ 137/2015/NĐ-CP Đ13; there is no check digit.
    """
    cleaned = text(value)
    if cleaned is None:
        return None
    digits = re.sub(r"[\s.,'’`\-]", "", cleaned)
    if not re.fullmatch(r"[0-9]{12}", digits):
        raise Unclean("personal_id_not_12_digits")
    return digits


def phone(value: object) -> str | None:
    """A Vietnamese phone number: digits only, +84 turned into 0."""
    cleaned = text(value)
    if cleaned is None:
        return None
    digits = re.sub(r"[\s.,'’()\-]", "", cleaned)
    digits = re.sub(r"^(\+|00)?84(?=\d{9,10}$)", "0", digits)
    if not re.fullmatch(r"0[0-9]{9,10}", digits):
        raise Unclean("phone_not_readable")
    return digits


# ── Dates with a precision ─────────────────────────────────────────────────


class Precision(StrEnum):
    """How exactly a date of life is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ESTIMATED = "estimated"


@dataclass(frozen=True)
class PartialDate:
    """A date of life with its precision.

    `day` is the last day of what is known (2015 → 31/12/2015): where only the
    month or year of birth is known, the last day counts (Bộ luật TTHS 2015 Đ417),
    so nobody leaves the children's counts too early.
    """

    day: date
    precision: Precision = Precision.DAY

    def __str__(self) -> str:
        """As written in Viet Nam: 05/06/2015, 06/2015, 2015, "khoảng 2015"."""
        match self.precision:
            case Precision.DAY:
                return f"{self.day:%d/%m/%Y}"
            case Precision.MONTH:
                return f"{self.day:%m/%Y}"
            case Precision.YEAR:
                return f"{self.day.year:04d}"
            case _:
                return f"~{self.day.year:04d}"

    def iso(self) -> str:
        """`YYYY-MM-DD`, `YYYY-MM` or `YYYY`, as far as it is known."""
        match self.precision:
            case Precision.DAY:
                return self.day.isoformat()
            case Precision.MONTH:
                return f"{self.day:%Y-%m}"
            case _:
                return f"{self.day.year:04d}"


def month_date(year: int, month: int) -> PartialDate:
    """A date known to the month: its last day."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return PartialDate(following - timedelta(days=1), Precision.MONTH)


def year_date(year: int, *, estimated: bool = False) -> PartialDate:
    """A date known to the year: 31 December."""
    return PartialDate(date(year, 12, 31), Precision.ESTIMATED if estimated else Precision.YEAR)


_PREFIX = re.compile(r"^(?:sinh\s+)?(?:ngày|ngay|năm|nam|tháng|thang)\s*", re.IGNORECASE)
_WORDY = re.compile(r"\s*(?:tháng|thang|năm|nam)\s*", re.IGNORECASE)
_APPROXIMATE = re.compile(r"^(?:khoảng|khoang|ước|uoc|~|độ)\s*(?:năm|nam)?\s*", re.IGNORECASE)


def partial_date(value: object) -> PartialDate | None:
    """Read a date as people write it, day first, never guessed month first.

    `5/6/2015`, `05.06.2015`, `5-3-15`, `05062015`, `2015-06-05`, `ngày 5 tháng 6
    năm 2015`, `6/2015`, `2015`, `năm 2015`, `khoảng 2015`. Two-digit years are
    this century unless that lies more than a year ahead of 2099; children only.
    Raises Unclean("date_not_readable") or Unclean("date_impossible").
    """
    if value is None or isinstance(value, PartialDate):
        return value
    if isinstance(value, date):
        return PartialDate(date(value.year, value.month, value.day))
    cleaned = text(value)
    if cleaned is None:
        return None
    estimated = _APPROXIMATE.match(cleaned)
    cleaned = _APPROXIMATE.sub("", cleaned).strip("'’` ")
    cleaned = _WORDY.sub("/", _PREFIX.sub("", cleaned)).strip("/ ")
    cleaned = re.sub(r"\s*[/.\-,\\]\s*|\s+", "/", cleaned).strip("/")
    parts = cleaned.split("/")
    if not all(re.fullmatch(r"[0-9]+", part) for part in parts):
        raise Unclean("date_not_readable")
    try:
        return _date_from_parts(parts, estimated=bool(estimated))
    except ValueError as error:
        if isinstance(error, Unclean):
            raise
        raise Unclean("date_impossible") from None


def _date_from_parts(parts: list[str], *, estimated: bool) -> PartialDate:
    match [len(part) for part in parts]:
        case [8]:
            whole = parts[0]
            return PartialDate(date(_year(whole[4:]), int(whole[2:4]), int(whole[:2])))
        case [6] if int(parts[0][2:]) in range(1900, 2100) and int(parts[0][:2]) in range(1, 13):
            return month_date(int(parts[0][2:]), int(parts[0][:2]))
        case [6]:
            whole = parts[0]
            return PartialDate(date(_year(whole[4:]), int(whole[2:4]), int(whole[:2])))
        case [4]:
            return year_date(_year(parts[0]), estimated=estimated)
        case [1 | 2, 4]:
            return _month(int(parts[1]), int(parts[0]))
        case [4, 1 | 2]:
            return _month(int(parts[0]), int(parts[1]))
        case [1 | 2, 1 | 2, 2 | 4]:
            return PartialDate(date(_year(parts[2]), int(parts[1]), int(parts[0])))
        case [4, 1 | 2, 1 | 2]:
            return PartialDate(date(_year(parts[0]), int(parts[1]), int(parts[2])))
    raise Unclean("date_not_readable")


def _month(year: int, month: int) -> PartialDate:
    if not 1 <= month <= 12:
        raise Unclean("date_impossible")
    return month_date(_year(str(year)), month)


def _year(digits: str) -> int:
    year = int(digits) + (2000 if len(digits) == 2 else 0)
    if not 1900 <= year <= 2100:
        raise Unclean("date_impossible")
    return year
