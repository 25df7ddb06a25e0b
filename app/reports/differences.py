"""What was corrected since a report was taken: its frozen rows against the same question asked now.

Each difference names its reason: "+2 trẻ đăng ký muộn", "–1 đã chuyển đi". A change that moves no figure of the period is
told too, so that every correction is found here. Groups counted for the commune only are told as counts, without codes.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import select

from app import access, flows, history, indicators
from app.indicators import Indicator, Spread
from app.periods import Period
from app.reports import content
from models import Allowance, Change, ChangeAction, Child, Commune, Movement, MovementKind, PeriodReport, db

#: Facts that hold for every day: changing one corrects what was said.
TIMELESS = frozenset({"full_name", "sex", "born_on", "ethnicity_code", "nationality", "personal_id"})
_WHAT = {
    "children": _l("trẻ em"),
    "cases": _l("vụ việc"),
    "services": _l("dịch vụ"),
    "movements": _l("biến động"),
    "incidents": _l("tai nạn, thương tích"),
}


@dataclass(frozen=True)
class Reason:
    """Why some records are in a figure now and were not, or the other way round."""

    words: str
    sign: int
    codes: tuple[str, ...]

    @property
    def text(self) -> str:
        """+2 trẻ em: đăng ký muộn."""
        return f"{'+' if self.sign > 0 else '–' if self.sign < 0 else '±'}{len(self.codes)} {self.words}"


@dataclass(frozen=True)
class Difference:
    """A figure that is another one now, or is made up otherwise."""

    code: str
    label: str
    sent: int
    now: int
    reasons: tuple[Reason, ...]
    #: {village: now less sent}, where it may be told.
    by_village: dict[str, int] = field(default_factory=dict)
    is_secret: bool = False

    @property
    def change(self) -> int:
        """Now less sent."""
        return self.now - self.sent


@dataclass(frozen=True)
class Correction:
    """One change recorded since about a record of the report."""

    code: str
    #: Which record: "children" or "cases", and its key.
    table: str
    record_id: int
    what: str
    at: datetime
    moves_figures: bool


@dataclass(frozen=True)
class Comparison:
    """Everything that differs between a report as it was taken and the records now."""

    report: PeriodReport
    differences: tuple[Difference, ...]
    corrections: tuple[Correction, ...]

    @property
    def summary(self) -> list[str]:
        """The reasons of the first figure in words, most telling first; of others where it did not move."""
        found = next((one for one in self.differences if one.code == "1"), None)
        return [reason.text for reason in found.reasons] if found else []


def compare(report: PeriodReport) -> Comparison:
    """A report against the records as they are now, for the same period and day."""
    period = Period.read(report.period)
    commune = db.session.get_one(Commune, report.commune_id)
    now = content.take(commune, period, report.counted_on)
    known = Known(report, now.rows)
    moved: dict[str, dict[str, list[tuple[int, str, str]]]] = defaultdict(lambda: defaultdict(list))
    moving: set[tuple[str, int]] = set()
    told = {figure["code"] for figure in report.figures}
    for kind, frozen in report.rows.items():
        rows_now = now.rows.get(kind, {})
        for key in frozen.keys() | rows_now.keys():
            before, after = frozen.get(key), _told(rows_now.get(key), told)
            if before == after:
                continue
            moving.add((kind, int(key)))
            for code, sign in _moves(before, after):
                moved[code][kind].append((sign, (after or before)[0], known.reason(kind, int(key), before, after)))
    figures_now = {figure["code"]: figure for figure in now.figures}
    spreads = {indicator.code: indicator for indicator in indicators.in_force(commune.id, report.counted_on)}
    found = [
        _difference(figure, figures_now.get(figure["code"]), moved.get(figure["code"], {}), spreads)
        for figure in report.figures
    ]
    corrections = sorted(known.corrections(moving), key=lambda one: (one.at, one.code))
    return Comparison(report, tuple(one for one in found if one is not None), tuple(corrections))


def _told(row: list[Any] | None, codes: set[str]) -> list[Any] | None:
    """A row as far as the report had its figures: an indicator that is newer than the report corrects nothing."""
    if row is None:
        return None
    known = [code for code in row[2] if code in codes]
    return [row[0], row[1], known] if known or not row[2] else None


def _moves(before: Sequence[Any] | None, after: Sequence[Any] | None) -> Iterable[tuple[str, int]]:
    """(indicator, +1, –1, or 0 for another village) for each figure a record changed."""
    was, is_now = set(before[2] if before else ()), set(after[2] if after else ())
    yield from ((code, 1) for code in sorted(is_now - was))
    yield from ((code, -1) for code in sorted(was - is_now))
    if before and after and before[1] != after[1]:
        yield from ((code, 0) for code in sorted(was & is_now))


def _difference(
    sent: dict[str, Any], now: dict[str, Any] | None, moved: dict[str, list[tuple[int, str, str]]],
    known: dict[str, Indicator],
) -> Difference | None:  # fmt: skip
    groups: dict[tuple[int, str], list[str]] = defaultdict(list)
    for moves in moved.values():
        for sign, code, words in moves:
            groups[sign, words].append(code)
    total = now["total"] if now else 0
    if not groups and total == sent["total"]:
        return None
    indicator = known.get(sent["code"])
    secret = indicator is None or indicator.spread is not Spread.VILLAGES
    reasons = tuple(
        Reason(words, sign, tuple(sorted(codes)))
        for (sign, words), codes in sorted(groups.items(), key=lambda group: (-group[0][0], group[0][1]))
    )
    by_village = {} if secret else _by_village(sent["by_village"] or {}, (now or {}).get("by_village") or {})
    return Difference(sent["code"], sent["label"], sent["total"], total, reasons, by_village, secret)


def _by_village(sent: dict[str, int], now: dict[str, int]) -> dict[str, int]:
    changes = {name: now.get(name, 0) - sent.get(name, 0) for name in {**sent, **now}}
    return {name: change for name, change in changes.items() if change}


class Known:
    """What the change history knows since a report was taken, read once."""

    def __init__(self, report: PeriodReport, now: content.Rows) -> None:
        self.report = report
        #: {(table, key): code} of the children and cases that were, or are, in the report.
        self.codes = {
            (kind, int(key)): row[0]
            for rows in (now, report.rows)
            for kind in ("children", "cases")
            for key, row in rows[kind].items()
        }
        self.reader = access.commune_reader(report.commune_id)
        changes = db.session.scalars(
            select(Change)
            .where(Change.commune_id == report.commune_id, Change.at >= report.frozen_at)
            .order_by(Change.id)
        ).all()
        self.by_subject: dict[tuple[str, int], list[Change]] = defaultdict(list)
        self.by_record: dict[tuple[str, int], list[Change]] = defaultdict(list)
        for change in changes:
            self.by_subject[change.subject_table, change.subject_id].append(change)
            self.by_record[change.record_table, change.record_id].append(change)
        self.moves = self._moves()
        self.households = self._households()

    def _moves(self) -> dict[int, list[Movement]]:
        found: dict[int, list[Movement]] = defaultdict(list)
        query = access.visible_movements(self.reader).where(Movement.created_at >= self.report.frozen_at)
        for movement in db.session.scalars(query.order_by(Movement.id)):
            found[movement.child_id].append(movement)
        return found

    def _households(self) -> dict[int, int]:
        """{child id: household id} of the households changed since."""
        changed = [key for table, key in self.by_subject if table == "households"]
        query = access.visible_children(self.reader).where(Child.household_id.in_(changed))
        found = db.session.execute(query.with_only_columns(Child.id, Child.household_id))
        return {child_id: household_id for child_id, household_id in found if household_id is not None}

    def reason(self, kind: str, key: int, before: Sequence[Any] | None, after: Sequence[Any] | None) -> str:
        """Why a record counts otherwise than it did."""
        if kind == "children":
            return self._of_child(key, before, after)
        if kind == "grown":
            return _("người từ 16 tuổi: %(changes)s", changes=self._words(self.by_subject["children", key]))
        if kind == "payments":
            changes = self.by_record["allowances", flows.allowance_of(key)] or self._child_of_payment(key)
            return _("chi trả trợ cấp: %(changes)s", changes=self._words(changes))
        if kind == "plans":
            return _("kế hoạch: %(changes)s", changes=self._words(self.by_record["case_plans", key]))
        what = str(_WHAT[kind])
        created = any(change.action is ChangeAction.CREATED for change in self.by_record[kind, key])
        if before is None and created:
            return _("%(what)s ghi sau khi gửi", what=what)
        if after is None and any(change.action is ChangeAction.DELETED for change in self.by_record[kind, key]):
            return _("%(what)s đã xóa", what=what)
        return _("%(what)s: %(changes)s", what=what, changes=self._words(self.by_record[kind, key]))

    def _child_of_payment(self, key: int) -> Sequence[Change]:
        """What was done to the child an allowance is of: put off the register, its household's village changed …"""
        query = access.visible_allowances(self.reader).where(Allowance.id == flows.allowance_of(key))
        child_id = db.session.scalar(query.with_only_columns(Allowance.child_id))
        return self.by_subject["children", child_id] if child_id is not None else ()

    def _of_child(self, key: int, before: Sequence[Any] | None, after: Sequence[Any] | None) -> str:
        changes = self.by_subject["children", key]
        own = [change for change in changes if change.record_table == "children"]
        moves = {movement.kind for movement in self.moves[key]}
        if before is None:
            if any(change.action is ChangeAction.CREATED for change in own):
                return _("trẻ đăng ký muộn")
            if MovementKind.RETURNED in moves or MovementKind.MOVED_IN in moves:
                return _("trẻ chuyển đến, trở về (ghi muộn)")
        if after is None:
            if any("removed_reason" in change.fields for change in own):
                return _("trẻ đưa ra khỏi sổ (ghi nhầm hoặc trùng)")
            if MovementKind.DIED in moves:
                return _("trẻ đã mất (ghi muộn)")
            if MovementKind.MOVED_OUT in moves or any("left_on" in change.fields for change in own):
                return _("trẻ đã chuyển đi")
        if before and after and before[1] != after[1] and before[2] == after[2]:
            return _("trẻ chuyển thôn (ghi muộn)")
        changes = changes or self.by_subject["households", self.households.get(key, 0)]
        return _("trẻ em: %(changes)s", changes=self._words(changes))

    def _words(self, changes: Sequence[Change]) -> str:
        """What was done to which record: "Sửa hoàn cảnh", without a value. Names no kind of circumstance."""
        names = history.record_names()
        told = dict.fromkeys(
            f"{str(change.action.label).lower()} {names.get(change.record_table, change.record_table).lower()}"
            + _fields_in_words(change)
            for change in changes
        )
        return "; ".join(list(told)[:4]) or _("đổi cách tính hoặc danh mục")

    def corrections(self, moving: set[tuple[str, int]]) -> Iterable[Correction]:
        """Every change since about a child or case of the report, or one that counts now, the first first."""
        names = history.record_names()
        for (table, key), changes in self.by_subject.items():
            code = self.codes.get((table, key))
            if code is None:
                continue
            for change in changes:
                what = f"{change.action.label} · {names.get(change.record_table, change.record_table)}"
                moves = (table, key) in moving or (change.record_table, change.record_id) in moving
                timeless = change.record_table == "children" and not TIMELESS.isdisjoint(change.fields)
                yield Correction(code, table, key, what + _fields_in_words(change), change.at, moves or timeless)


def _fields_in_words(change: Change) -> str:
    """Which fields were changed, in brackets: (ngày sinh, giới tính)."""
    if change.action is not ChangeAction.CHANGED:
        return ""
    labels = [label[:1].lower() + label[1:] for label in history.labels_of(change)]
    return f" ({', '.join(labels)})" if labels else ""


def as_json(found: Comparison) -> dict[str, Any]:
    """For `flask report diff --json`."""
    report = found.report
    return {
        "report": report.id,
        "kind": report.kind.value,
        "period": report.period,
        "counted_on": report.counted_on.isoformat(),
        "frozen_at": report.frozen_at.isoformat(),
        "sent_at": report.sent_at.isoformat() if report.sent_at else None,
        "summary": found.summary,
        "differences": [
            {
                "code": one.code,
                "label": one.label,
                "sent": one.sent,
                "now": one.now,
                "change": one.change,
                "by_village": one.by_village,
                "reasons": [
                    {
                        "text": reason.text,
                        "count": len(reason.codes),
                        "codes": [] if one.is_secret else list(reason.codes),
                    }
                    for reason in one.reasons
                ],
            }
            for one in found.differences
        ],
        "corrections": [
            {"code": one.code, "what": one.what, "at": one.at.isoformat(), "moves_figures": one.moves_figures}
            for one in found.corrections
        ],
    }
