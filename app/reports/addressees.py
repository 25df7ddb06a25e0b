"""Whom reports go to, as papers write it."""

from app import clock
from app.periods import Period
from app.reports import wording
from app.workbooks import cover
from models import Commune, OfficeLevel, ReportKind


def of_today(commune: Commune, kind: ReportKind, period: Period) -> str:
    """Whom a report made today goes to, one per line: as the commune wrote it, else as usual."""
    own = wording.in_force(commune, clock.today()).get(f"{kind}.recipients")
    if own is None:
        return usual(commune, kind)
    office = cover.receiving_office(commune, clock.today())
    return wording.filled(own, wording.values(commune, period, period.counted_on(clock.today()), office))


def usual(commune: Commune, kind: ReportKind) -> str:
    """Whom a report of this kind usually goes to, one per line.

    The four addressees of the commune's plan of 18/3/2024 for the directive; the People's Council by Luật Trẻ em Đ90.3;
    otherwise the office that gets the commune's reports today.
    """
    office = cover.receiving_office(commune, clock.today())
    superior = [office.name] if office else []
    match kind:
        case ReportKind.DIRECTIVE:
            lines = [f"UBND {commune.name}", f"Ban Thường vụ Đảng ủy {commune.name}", *superior]
            if commune.district_name and office and office.level is OfficeLevel.DISTRICT:
                lines.append(f"UBND {commune.district_name}")
            return "\n".join(lines)
        case ReportKind.COUNCIL:
            return f"Thường trực HĐND {commune.name}"
    return "\n".join(superior)
