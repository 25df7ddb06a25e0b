"""What children were given: which services, by which filters. Lists, counts and workbooks all ask here."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func

from app import access, clock
from models import Child, Choice, Programme, Service, ServiceKind, ServiceOutcome, User, db


class ServiceState(Choice):
    """Whether a service is still to be done."""

    OPEN = "open", _l("Đang thực hiện")
    ENDED = "ended", _l("Đã kết thúc")


@dataclass(frozen=True)
class ServiceFilters:
    """What narrows a list of services. All codes, no names, so they may stand in an address."""

    kind: ServiceKind | None = None
    programme: Programme | None = None
    provider: int | None = None
    #: Of the day it was done, or else begun, or asked for, or due.
    year: int | None = None
    state: ServiceState | None = None
    village: int | None = None

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "ServiceFilters":
        """From an address; what is not on a list is left out."""
        found = {facts.name: _read(facts.name, values.get(facts.name, "").strip()) for facts in fields(cls)}
        return replace(cls(), **{name: value for name, value in found.items() if value is not None})

    def address(self) -> dict[str, Any]:
        """For an address: the codes of what narrows, and nothing else."""
        told = {facts.name: getattr(self, facts.name) for facts in fields(self)}
        return {name: str(value) for name, value in told.items() if value is not None}


#: The closed lists among the filters.
CHOICES: dict[str, type[Choice]] = {"kind": ServiceKind, "programme": Programme, "state": ServiceState}


def _read(name: str, raw: str) -> Any:
    if name in CHOICES:
        return CHOICES[name].of_code(raw)
    longest = 4 if name == "year" else 9
    is_number = raw.isascii() and raw.isdigit() and len(raw) <= longest and int(raw) > 0
    return int(raw) if is_number else None


def services_query(user: User, filters: ServiceFilters | None = None) -> Select[Service]:
    """The services somebody may see, narrowed; in no order yet. The one question of list, counts and workbooks."""
    return access.visible_services(user).where(*_conditions(user, filters or ServiceFilters()))


def count_services(user: User, filters: ServiceFilters | None = None) -> int:
    """How many services the same question finds."""
    return db.session.scalar(services_query(user, filters).with_only_columns(func.count(Service.id))) or 0


def service_day() -> Any:
    """The day by which a service is put in a year: done, or else begun, asked for, due."""
    return func.coalesce(Service.done_on, Service.started_on, Service.requested_on, Service.due_on)


def _conditions(user: User, filters: ServiceFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for name, column in (("kind", Service.kind), ("programme", Service.programme), ("provider", Service.provider_id)):
        value = getattr(filters, name)
        if value is not None:
            found.append(column == value)
    if filters.year is not None:
        found.append(service_day().between(date(filters.year, 1, 1), date(filters.year, 12, 31)))
    if filters.state is not None:
        is_open = Service.outcome == ServiceOutcome.OPEN
        found.append(is_open if filters.state is ServiceState.OPEN else ~is_open)
    if filters.village is not None:
        children = access.visible_children(user).with_only_columns(Child.id).where(Child.village_id == filters.village)
        found.append(Service.child_id.in_(children))
    return found


def may_edit(user: User, service: Service) -> bool:
    """The officer any service in scope, a collaborator those she recorded."""
    return access.may(user, "case.edit") or service.recorded_by_id == user.id


def mark_done(service: Service) -> None:
    """The service was given today."""
    service.outcome = ServiceOutcome.DONE
    service.done_on = service.done_on or clock.today()
