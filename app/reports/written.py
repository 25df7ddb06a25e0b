"""Reports in words as Word files by NĐ 30/2020/NĐ-CP: what their templates may print.

Half-yearly and yearly report on work for children; Children's Action Month (TT 28/2019/TT-BLĐTBXH Đ3, Đ5); report to
the People's Council (Luật Trẻ em Đ90.3); report on carrying out the commune's plan of Directive 28-CT/TW. A commune may
put a template of its own beside those of forms (docs/recipes/replace-a-form-template.md).
"""

from typing import Any

from app import access, casework, clock, deadlines, documents, periods, support
from app.child_filters import ChildFilters, Missing, SpecialFilter
from app.documents import words
from app.indicators import INDICATORS, Spread
from app.periods import Period
from app.reports import addressees, chart, wording
from app.support import ServiceFilters
from app.workbooks import cover
from models import (
    BirthRegistration,
    Case,
    CasePlan,
    Commune,
    PlanDecision,
    PopulationCheck,
    Poverty,
    Programme,
    ReportKind,
    User,
    db,
)

TEMPLATES = {
    ReportKind.WORK: "documents/bao-cao-cong-tac-tre-em.docx",
    ReportKind.ACTION_MONTH: "documents/bao-cao-thang-hanh-dong.docx",
    ReportKind.COUNCIL: "documents/bao-cao-hdnd.docx",
    ReportKind.DIRECTIVE: "documents/bao-cao-chi-thi-28.docx",
}
#: Words of the templates → the indicator, found by what it asks.
_ASKED: dict[str, ChildFilters | str] = {
    "children": ChildFilters(),
    "poor": ChildFilters(poverty=Poverty.POOR),
    "near_poor": ChildFilters(poverty=Poverty.NEAR_POOR),
    "special": ChildFilters(group=SpecialFilter.SPECIAL.value),
    "risk": ChildFilters(group=SpecialFilter.AT_RISK.value),
    "registered": ChildFilters(registration=BirthRegistration.REGISTERED),
    "without_id": ChildFilters(missing=Missing.PERSONAL_ID),
    "matched": ChildFilters(check=PopulationCheck.MATCHED),
    "received": "cases_received",
    "open": "cases_open",
    "closed": "cases_closed",
}


def codes() -> dict[str, str]:
    """{word of the templates: code of the indicator}."""
    by_question = {indicator.filters or indicator.tally: indicator.code for indicator in reversed(INDICATORS)}
    return {name: by_question[asked] for name, asked in _ASKED.items()}


def build(
    commune: Commune, period: Period, kind: ReportKind, now: list[dict[str, Any]], earlier: list[dict[str, Any]]
) -> bytes:
    """The report as a .docx: figures of the period beside those of the one before. Raises documents.BrokenTemplate."""
    content = documents.fill_ours_or_own(TEMPLATES[kind], commune, context(commune, period, kind, now, earlier))
    groups = codes()["special"] + "."
    bars = [
        (_short(row["label"]), row["total"])
        for row in _told(kind, now)
        if row["code"].startswith(groups) and row["code"].count(".") == 1 and row["total"]
    ]
    return chart.put_in(content, "Trẻ em có hoàn cảnh đặc biệt theo nhóm", bars)


def _told(kind: ReportKind, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a report tells: the council's papers may become public, so groups counted for the commune only are not in it."""
    secret = {indicator.code for indicator in INDICATORS if indicator.spread is Spread.COMMUNE}
    return [row for row in rows if kind is not ReportKind.COUNCIL or row["code"] not in secret]


def _short(label: str, most: int = 46) -> str:
    """A label beside a bar, cut between words."""
    return label if len(label) <= most else label[:most].rpartition(" ")[0] + " …"


def context(
    commune: Commune, period: Period, kind: ReportKind, now: list[dict[str, Any]], earlier: list[dict[str, Any]]
) -> dict[str, Any]:
    """What every template may print."""
    reader = access.commune_reader(commune.id)
    before = {row["code"]: row["total"] for row in earlier}
    rows = [_row(row, before.get(row["code"])) for row in _told(kind, now)]
    total = {row["code"]: row["total"] for row in now}
    found = codes()
    flows = {indicator.code for indicator in INDICATORS if indicator.tally}
    moves = {indicator.code for indicator in INDICATORS if (indicator.tally or "").startswith("moved_")}
    last = periods.before(period)
    office = cover.receiving_office(commune, clock.today())
    places = wording.values(commune, period, period.counted_on(clock.today()), office)
    told = wording.of_paper(kind, commune, places)
    recipients = addressees.of_today(commune, kind, period).splitlines() or [words.BLANK]
    signed = [part.strip() for part in (commune.signatory_title or "CHỦ TỊCH").replace("–", "\n").splitlines()]
    return {
        "commune": {"name": commune.name, "capitals": commune.name.upper(), "province": commune.province_name},
        "number": words.number_of(None, "BC-UBND"),
        "paper": {
            "place_and_date": f"{words.place_of(commune.name)}, {words.day_words(None)}",
            "scope": wording.of_paper("paper", commune, places)["scope"],
        },
        "signature": {"titles": [*([] if signed[0].startswith("TM.") else ["TM. ỦY BAN NHÂN DÂN"]), *signed], "name": commune.signatory_name or ""},
        "addressees": recipients,
        "wording": {**told, "headings": told["headings"].splitlines(), "greeting": told["greeting"] or f"Kính gửi: {'; '.join(recipients)}."},
        "period": {
            "label": period.label, "year": str(period.last.year), "short": "Kỳ này", "before": "Kỳ trước" if last else "",
        },
        "counted_on": words.day_words(period.counted_on(clock.today())),
        "plan": commune.plan_reference or "Kế hoạch của UBND xã về thực hiện Chỉ thị số 28-CT/TW",
        "total": {name: words.money(total.get(code, 0)) for name, code in found.items()},
        "main": [row for row in rows if "." not in row["code"] and row["code"] not in flows],
        "special": [row for row in rows if row["code"].partition(".")[0] == found["special"]],
        "movements": [row for row in rows if row["code"] in moves],
        "programmes": _programmes(reader, period),
        "services": _services(reader, period),
        "plans": _plans(commune, period),
    }  # fmt: skip


def _row(row: dict[str, Any], before: int | None) -> dict[str, Any]:
    change = row["total"] - before if before is not None else None
    return {
        "code": row["code"],
        "label": row["label"],
        "total": words.money(row["total"]),
        "before": words.money(before),
        "change": "" if change is None else f"{'+' if change > 0 else '–' if change < 0 else ''}{abs(change)}",
    }


def _of(period: Period) -> ServiceFilters:
    return ServiceFilters(since=period.first, until=period.last)


def _programmes(reader: User, period: Period) -> list[dict[str, Any]]:
    found = support.by_programme(reader, _of(period))
    rows = []
    for number, programme in enumerate([*Programme, None], start=1):
        sums = found.get(programme, support.Totals())
        if programme is None and not sums.services:
            continue
        rows.append({
            "number": number, "label": str(programme.label) if programme else "Ngoài các chương trình trên",
            "services": sums.services, "children": sums.children, "cost": words.money(sums.cost),
        })  # fmt: skip
    return rows


def _services(reader: User, period: Period) -> dict[str, str]:
    sums = support.totals(reader, _of(period))
    return {name: words.money(getattr(sums, of)) for name, of in _SUMS.items()}


#: Words of the templates → what the list of services adds up to.
_SUMS = {"count": "services", "children": "children", "cost": "cost"}


def _plans(commune: Commune, period: Period) -> dict[str, int]:
    """Plans approved in the period, and how many within two working days of being submitted (NĐ 56/2017 Đ28.4)."""
    calendar = casework.calendar_of(commune.id)
    query = (
        access.visible_cases(access.commune_reader(commune.id))
        .join(CasePlan, CasePlan.case_id == Case.id)
        .where(
            CasePlan.decision == PlanDecision.APPROVED,
            CasePlan.decided_at >= period.began_at,
            CasePlan.decided_at < period.ended_at,
        )
        .with_only_columns(CasePlan.submitted_at, CasePlan.decided_at)
    )
    decided = [(submitted, at) for submitted, at in db.session.execute(query) if submitted and at]
    on_time = sum(at <= deadlines.approval_due(submitted, calendar).due_at for submitted, at in decided)
    return {"decided": len(decided), "on_time": on_time}
