"""The commune's own settings: villages, receiving offices, calendar, risks. Adds and flushes; whoever calls commits."""

import re
from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from flask import abort
from flask_babel import gettext as _
from sqlalchemy import Select, extract, func, or_, select

from app import access, clock, saving
from models import (
    AgeBand,
    CalendarDay,
    CircumstanceKind,
    Commune,
    DutyDone,
    KindLevel,
    LocalLimit,
    ReceivingOffice,
    ReportDuty,
    Sensitivity,
    User,
    Village,
    clean,
    db,
    reach,
)

#: What people put before the lines of a list they paste: "1.", "2)", "-", "•".
_BULLET = re.compile(r"^\s*(?:\d{1,3}[.)]|[-–•*])\s+")
LONGEST_VILLAGE_NAME = 80
MOST_VILLAGES = 200

Setting = TypeVar("Setting", ReceivingOffice, CalendarDay, Village, LocalLimit, ReportDuty, DutyDone, AgeBand)


# ── Villages ───────────────────────────────────────────────────────────────


def read_villages(text: str | None) -> list[str]:
    """The names in a pasted list, one per line, in its order; blank lines and numbering dropped."""
    lines = (clean.text(_BULLET.sub("", line)) for line in (text or "").splitlines())
    return [line for line in lines if line]


def villages_problem(names: list[str]) -> str | None:
    """What is wrong with a list of villages, in words; None when it can be taken."""
    keys: set[str] = set()
    for name in names:
        key = clean.fold(name)
        if not key or len(name) > LONGEST_VILLAGE_NAME:
            return _("Không dùng được tên thôn này: %(name)s", name=name[:LONGEST_VILLAGE_NAME])
        if key in keys:
            return _("Có hai dòng cùng là %(name)s", name=name)
        keys.add(key)
    if len(names) > MOST_VILLAGES:
        return _("Nhiều nhất %(most)d thôn", most=MOST_VILLAGES)
    return None if names else _("Ghi ít nhất một thôn, mỗi dòng một thôn")


def add_villages(commune: Commune, names: Iterable[str]) -> list[Village]:
    """New villages at the end of the commune's order."""
    last = db.session.scalar(select(func.max(Village.position)).where(Village.commune_id == commune.id)) or 0
    villages = [
        Village(commune_id=commune.id, commune=commune, name=name, position=last + number)
        for number, name in enumerate(names, start=1)
    ]
    db.session.add_all(villages)
    db.session.flush()
    return villages


def village_name_is_taken(user: User, name: str, *, but_id: int | None = None) -> bool:
    """Whether another village in use bears this name."""
    query = access.visible_villages(user).where(
        Village.name_key == clean.fold(name), Village.active_to.is_(None), Village.id != (but_id or 0)
    )
    return db.session.scalars(query).first() is not None


def is_in_use(village: Village, on: date) -> bool:
    """Whether a village exists on a day."""
    return (village.active_from is None or village.active_from <= on) and (
        village.active_to is None or village.active_to >= on
    )


# ── Offices, calendar ──────────────────────────────────────────────────────


def offices(user: User) -> Select[ReceivingOffice]:
    """Who receives the commune's reports, the latest first."""
    return (
        select(ReceivingOffice)
        .where(ReceivingOffice.commune_id == user.commune_id)
        .order_by(ReceivingOffice.valid_from.is_(None), ReceivingOffice.valid_from.desc(), ReceivingOffice.id.desc())
    )


def receives_today(office: ReceivingOffice) -> bool:
    """Whether reports go to this office today."""
    today = clock.today()
    return (office.valid_from is None or office.valid_from <= today) and (
        office.valid_to is None or office.valid_to >= today
    )


def days_of_year(user: User, year: int) -> Select[CalendarDay]:
    """The commune's holidays and working weekend days of a year."""
    return (
        select(CalendarDay)
        .where(CalendarDay.commune_id == user.commune_id, extract("year", CalendarDay.day) == year)
        .order_by(CalendarDay.day)
    )


def day_is_taken(user: User, day: date) -> bool:
    """Whether the calendar already says something of this day."""
    return db.session.scalars(days_of_year(user, day.year).where(CalendarDay.day == day)).first() is not None


def local_limits(user: User) -> Select[LocalLimit]:
    """The limits the locality has shortened, the latest first."""
    return (
        select(LocalLimit)
        .where(LocalLimit.commune_id == user.commune_id)
        .order_by(LocalLimit.valid_from.desc(), LocalLimit.id.desc())
    )


def get_setting(user: User, model: type[Setting], key: int) -> Setting:
    """An office or calendar day of the person's commune, or 404."""
    record = db.session.get(model, key)
    if record is None or record.commune_id != user.commune_id:
        abort(404)
    return record


# ── Risks ──────────────────────────────────────────────────────────────────


def risks(user: User) -> Select[CircumstanceKind]:
    """The risk list of the commune: those every commune starts with, and its own."""
    return (
        select(CircumstanceKind)
        .where(
            CircumstanceKind.level == KindLevel.RISK,
            or_(CircumstanceKind.commune_id.is_(None), CircumstanceKind.commune_id == user.commune_id),
        )
        .order_by(CircumstanceKind.position, CircumstanceKind.code)
    )


def may_change_risk(user: User, risk: CircumstanceKind) -> bool:
    """One's own risks; the shared ones too while the installation has a single commune."""
    if risk.commune_id is not None:
        return risk.commune_id == user.commune_id
    with reach.declared(reach.INSTALLATION):
        return (db.session.scalar(select(func.count(Commune.id))) or 0) == 1


def get_risk(user: User, code: str) -> CircumstanceKind:
    """A risk one may change, or 404."""
    risk = db.session.scalars(risks(user).where(CircumstanceKind.code == code)).first()
    if risk is None or not may_change_risk(user, risk):
        abort(404)
    if risk.commune_id is None:
        reach.declare(reach.INSTALLATION)  # the only commune changes what no commune owns
    return risk


def new_risk(user: User) -> CircumstanceKind:
    """An empty risk of the commune's own list, at its end, with a code that was never used."""
    number = saving.next_number(user.commune_id, "risk")
    return CircumstanceKind(
        code=f"r.{user.commune_id}.{number}",
        commune_id=user.commune_id,
        group_code="r",
        level=KindLevel.RISK,
        article=None,
        position=20_000 + number,
        sensitivity=Sensitivity.SENSITIVE,
    )
