"""Words of official papers: dates, numbers and blanks as NĐ 30/2020/NĐ-CP writes them. Always Vietnamese, whoever prints."""

from datetime import date, datetime

from app import clock
from models import clean

#: What is not known is left to be written by hand.
BLANK = "…" * 14

#: What stands before a commune's own name; the place of a paper is the name without it.
_KINDS = ("thị trấn ", "đặc khu ", "phường ", "xã ")


def day_words(day: date | None) -> str:
    """ngày 05 tháng 01 năm 2026: days under 10 and months 1 and 2 with a leading zero. None: to be written by hand."""
    if day is None:
        return "ngày …… tháng …… năm ………"
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def moment_words(instant: datetime) -> str:
    """23 giờ 40 phút, ngày 05 tháng 6 năm 2026, by the Viet Nam clock."""
    local = clock.local(instant)
    return f"{local.hour} giờ {local.minute:02d} phút, {day_words(local.date())}"


def short_day(day: date | None) -> str:
    """05/06/2026, for tables; None: empty."""
    return f"{day:%d/%m/%Y}" if day else ""


def birth_words(birth: clean.PartialDate | None) -> str:
    """A birth date as far as it is known; None: empty."""
    if birth is None:
        return ""
    text = str(birth)
    return f"khoảng năm {text[1:]}" if text.startswith("~") else text


def money(amount: int | None) -> str:
    """1.250.000; None: empty."""
    return "" if amount is None else f"{amount:,}".replace(",", ".")


def place_of(commune_name: str) -> str:
    """Where a paper is dated: "xã Cao Thắng" → "Cao Thắng"."""
    for kind in _KINDS:
        if commune_name.lower().startswith(kind):
            return commune_name[len(kind) :]
    return commune_name


def number_of(recorded: str | None, signs: str) -> str:
    """The number line: blank for the registry to fill in, unless the number given was recorded."""
    if not recorded:
        return f"Số:          /{signs}"
    return f"Số: {recorded}" if "/" in recorded else f"Số: {recorded}/{signs}"


def lower_first(text: str) -> str:
    """A sentence's beginning in the middle of another."""
    return text[:1].lower() + text[1:]
