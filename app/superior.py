"""The superior office: the communes' sent workbooks side by side, with what is missing and what does not add up.

Reads the cover and the summary matrix of our own district workbook, coded or public, and nothing else: no list, no child.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app import access, clock
from app.imports import reader
from models import SentFigures, User, db

#: Sums that must hold, and parts that cannot exceed their whole: {whole: its parts that add up}, {part: its whole}.
_ADD_UP = {"1": ("1.1", "1.2", "1.3")}
_WITHIN = {"2": "1", "4": "1", "5": "1", "6": "1", "7": "1", "8": "1"}


class NotOurs(Exception):
    """A file that is no district workbook; the text is one sentence for the person."""


@dataclass(frozen=True)
class Summary:
    """What a workbook says: whose, of when, and the figures {code: (label, total)}; a hidden figure is left out."""

    sender: str
    period: str
    counted_to: str
    figures: dict[str, tuple[str, int]]


def read(content: bytes, name: str) -> Summary:
    """The summary of a district workbook. Raises NotOurs; reader.Unreadable for what is no workbook at all."""
    book = reader.read_bytes(content, name)
    facts: dict[str, str] = {}
    figures: dict[str, tuple[str, int]] | None = None
    for sheet in book.sheets:
        for row in sheet.rows.values():
            texts = [cell.text for _index, cell in sorted(row.items())]
            if texts and texts[0] in ("Đơn vị báo cáo", "Kỳ số liệu"):
                # A merged cell is read as often as it is wide.
                facts[texts[0]] = next((text for text in texts if text != texts[0]), "?")
        found = _matrix(sheet)
        figures = found if figures is None else figures
    if figures is None or "Kỳ số liệu" not in facts:
        raise NotOurs(_("Không thấy bìa và biểu tổng hợp: đây không phải biểu gửi cấp trên của Măng Non."))
    period, _comma, rest = facts["Kỳ số liệu"].rpartition(", ")
    counted_to = rest.removeprefix("tính đến ngày ")
    return Summary(facts.get("Đơn vị báo cáo", "?"), period or rest, counted_to, figures)


def _matrix(sheet: reader.Sheet) -> dict[str, tuple[str, int]] | None:
    """{code: (label, total)}, None for a sheet that is no summary: the total is added up from the row itself, for a live formula may carry no value."""
    head = next((number for number, row in sorted(sheet.rows.items()) if _is_head(row)), None)
    if head is None:
        return None
    last = max(index for index, cell in sheet.rows[head].items() if cell.text == "TỔNG XÃ")
    found: dict[str, tuple[str, int]] = {}
    for number, row in sorted(sheet.rows.items()):
        first = min(row, default=0)
        code = row[first].text if number > head and row else ""
        if not re.fullmatch(r"\d{1,2}(\.[\dA-Za-zĐđ.]{1,8})?|[A-Za-zđ]{1,2}(\.\d{1,2})?", code):
            continue
        label = row[first + 1].text if first + 1 in row else ""
        total = _number(row[last].text) if last in row else None
        if total is None:
            parts = [_number(row[index].text) for index in row if first + 1 < index < last]
            known = [value for value in parts if value is not None]
            total = sum(known) if known else None
        if label and total is not None:
            found[code] = (label, total)
    return found


def _is_head(row: dict[int, reader.Cell]) -> bool:
    texts = {cell.text for cell in row.values()}
    return {"STT", "Chỉ tiêu", "TỔNG XÃ"} <= texts


def _number(text: str) -> int | None:
    bare = text.replace(".0", "") if text.endswith(".0") else text
    return int(bare) if re.fullmatch(r"\d{1,9}", bare) else None


def keep(user: User, content: bytes, summary: Summary) -> SentFigures:
    """Keep a summary; the same file again is the one already kept."""
    sha256 = hashlib.sha256(content).hexdigest()
    known = db.session.scalars(access.visible_sent_figures(user).where(SentFigures.sha256 == sha256)).one_or_none()
    if known is not None:
        return known
    kept = SentFigures(
        commune_id=user.commune_id,
        sender=summary.sender,
        period=summary.period,
        counted_to=summary.counted_to,
        sha256=sha256,
        read_at=clock.now(),
        read_by_id=user.id,
        figures={code: list(pair) for code, pair in summary.figures.items()},
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def problems(figures: dict[str, Any]) -> list[str]:
    """What does not add up in one commune's figures, in words."""
    totals = {code: pair[1] for code, pair in figures.items()}
    found = []
    for whole, parts in _ADD_UP.items():
        if all(code in totals for code in (whole, *parts)) and totals[whole] != sum(totals[code] for code in parts):
            label = figures[whole][0]
            found.append(_("%(label)s: các phần không cộng bằng tổng", label=label))
    for part, whole in _WITHIN.items():
        if part in totals and whole in totals and totals[part] > totals[whole]:
            found.append(_("%(label)s: lớn hơn tổng số trẻ em", label=figures[part][0]))
    return found


@dataclass(frozen=True)
class Board:
    """The communes of one period side by side: (code, label, {sender: total}) rows; who is missing; what does not add up."""

    senders: Sequence[str]
    rows: Sequence[tuple[str, str, dict[str, int]]]
    missing: Sequence[str]
    problems: dict[str, list[str]]


def periods(user: User) -> list[str]:
    """The periods of which anything was read, the latest read first."""
    query = access.visible_sent_figures(user).with_only_columns(SentFigures.period, SentFigures.id)
    rows = db.session.execute(query.order_by(SentFigures.id.desc())).all()
    return list(dict.fromkeys(period for period, _key in rows))


def board(user: User, period: str) -> Board:
    """One period; of a commune that sent twice, what it sent last."""
    kept = db.session.scalars(access.visible_sent_figures(user).order_by(SentFigures.id)).all()
    latest = {one.sender: one for one in kept if one.period == period}
    senders = sorted(latest)
    labels: dict[str, str] = {}
    for one in latest.values():
        labels.update({code: pair[0] for code, pair in one.figures.items()})
    rows = [
        (code, label, {name: latest[name].figures[code][1] for name in senders if code in latest[name].figures})
        for code, label in labels.items()
    ]
    everybody = {one.sender for one in kept}
    return Board(
        senders,
        rows,
        sorted(everybody - set(senders)),
        {name: found for name in senders if (found := problems(latest[name].figures))},
    )
