"""The same given to many children by one entry: gifts on 1 June, scholarships. Written whole or not at all, and undone."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, literal

from app import access, audit, clock, conditions, register, support
from app.child_filters import Presence
from app.periods import Period
from models import Child, Choice, PartialDate, Precision, Service, ServiceBatch, User, db

#: More children than this are narrowed first.
MOST = 5000
#: As many can be ticked one by one on a page.
MOST_TICKED = 300


class Why(Choice):
    """Why a child of the list is left out."""

    UNTICKED = "unticked", _l("Đã bỏ chọn")
    GONE = "gone", _l("Vào ngày đó không ở xã, chưa sinh hoặc đã đủ 16 tuổi")
    SAME = "same", _l("Trong năm đã ghi dịch vụ cùng loại, cùng nội dung")


@dataclass(frozen=True)
class Candidate:
    """A child of the list; `why` says why it is left out."""

    id: int
    name: str | None
    village_id: int
    #: Tells namesakes apart.
    birth: PartialDate | None
    why: Why | None = None


@dataclass(frozen=True)
class Choosing:
    """The children of a list, in its order, and who of them gets the service."""

    candidates: Sequence[Candidate]

    @property
    def chosen(self) -> list[Candidate]:
        """Those who get it."""
        return [one for one in self.candidates if one.why is None]

    @property
    def left_out(self) -> dict[Why, list[Candidate]]:
        """The others, by the reason."""
        found = {why: [one for one in self.candidates if one.why is why] for why in Why}
        return {why: those for why, those in found.items() if those}

    @property
    def by_village(self) -> Counter[int]:
        """{village id: how many get it}, to know how many gifts go where."""
        return Counter(one.village_id for one in self.chosen)

    @property
    def fingerprint(self) -> str:
        """What was confirmed is what is written: differs as soon as one child does."""
        return hashlib.sha256(",".join(str(one.id) for one in self.chosen).encode()).hexdigest()[:16]


def listed(user: User, children: Select[Child]) -> list[Candidate]:
    """The children of a list before anything is known of the service."""
    query = register.in_name_order(children).with_only_columns(*_SHOWN).limit(MOST + 1)
    return [_candidate(*row) for row in db.session.execute(query)]


_SHOWN: tuple[Any, ...] = (Child.id, Child.full_name, Child.village_id, Child.born_on, Child.born_precision)


def _candidate(key: int, name: str | None, village_id: int, born_on: date | None, precision: Precision) -> Candidate:
    return Candidate(key, name, village_id, PartialDate(born_on, precision) if born_on is not None else None)


def choosing(user: User, children: Select[Child], service: Service, unticked: frozenset[int]) -> Choosing:
    """Who of a list gets this service; `service` is what was entered, not stored."""
    day = service.done_on or service.started_on or service.due_on or service.requested_on or clock.today()
    is_here = conditions.presence_condition(user, Presence.HERE, day)
    columns = (*_SHOWN, is_here, Child.id.in_(_same(user, service, day)))
    query = register.in_name_order(children).with_only_columns(*columns).limit(MOST + 1)
    found = []
    for *shown, here, same in map(tuple, db.session.execute(query)):
        child = _candidate(*shown)
        why = Why.UNTICKED if child.id in unticked else Why.GONE if not here else Why.SAME if same else None
        found.append(replace(child, why=why))
    return Choosing(found)


def _same(user: User, service: Service, day: date) -> Select[Any]:
    year = Period.of_year(day.year)
    return (
        access.known_services(user)
        .with_only_columns(Service.child_id)
        .where(
            Service.kind == service.kind,
            func.coalesce(Service.description, "") == literal(service.description or ""),
            support.service_day().between(year.first, year.last),
        )
    )


def write(user: User, fill: Callable[[Service], None], chosen: Iterable[Candidate]) -> ServiceBatch:
    """Give each chosen child the service that `fill` fills in. One transaction; the flush inserts in bulk, with history."""
    pattern = Service()
    fill(pattern)
    batch = ServiceBatch(commune_id=user.commune_id, made_by_id=user.id, kind=pattern.kind)
    batch.description = pattern.description
    db.session.add(batch)
    db.session.flush()
    for child in chosen:
        service = Service(commune_id=user.commune_id, child_id=child.id, recorded_by_id=user.id, batch_id=batch.id)
        fill(service)
        db.session.add(service)
        batch.count += 1
    db.session.flush()
    audit.record("services_recorded", user, batch, count=batch.count)
    return batch


def undo(user: User, batch: ServiceBatch) -> tuple[int, int]:
    """Take back what a batch wrote. (services taken back, services kept because they were changed since)."""
    mine = access.visible_services(user).with_only_columns(Service.id).where(Service.batch_id == batch.id)
    visible = set(db.session.scalars(mine))
    untouched = [service for service in batch.services if service.version == 1 and service.id in visible]
    kept = len(batch.services) - len(untouched)
    for service in untouched:
        db.session.delete(service)
    batch.undone_at, batch.undone_by_id = clock.now(), user.id
    db.session.flush()
    audit.record("services_undone", user, batch, count=len(untouched), kept=kept)
    return len(untouched), kept


def may_undo(user: User, batch: ServiceBatch) -> bool:
    """The officer any batch, a collaborator her own; once."""
    is_hers = access.may(user, "case.edit") or batch.made_by_id == user.id
    return batch.undone_at is None and is_hers
