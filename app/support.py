"""What children were given: which services, by which filters. Lists, counts and workbooks all ask here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func

from app import access, clock
from models import Child, Choice, PlanAction, Programme, Provider, Service, ServiceKind, ServiceOutcome, User, clean, db


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


# ── Services of a plan's actions ───────────────────────────────────────────

#: Words, without accents, by which the kind of an action is guessed; the first that fits. The officer sees and may change it.
_KIND_WORDS: tuple[tuple[str, ServiceKind], ...] = (
    (r"tam tru|noi an toan|nha tam lanh|cach ly", ServiceKind.SAFE_PLACE),
    (r"cham soc thay the|nhan nuoi", ServiceKind.ALTERNATIVE_CARE),
    (r"doan tu|hoa nhap", ServiceKind.REUNIFICATION),
    (r"phap ly|phap luat|luat su", ServiceKind.LEGAL),
    (r"tam ly|tri lieu", ServiceKind.PSYCHOLOGY),
    (r"kham|chua benh|dieu tri|y te|benh vien|phuc hoi chuc nang|tiem", ServiceKind.HEALTH),
    (r"tro cap|tro giup xa hoi|bao hiem|ho ngheo", ServiceKind.WELFARE),
    (r"hoc bong|qua", ServiceKind.GIFT),
    (r"hoc|truong|lop|sach vo", ServiceKind.EDUCATION),
    (r"tu van|canh bao", ServiceKind.COUNSELLING),
    (r"tham|theo doi", ServiceKind.VISIT),
)


def guessed_kind(description: str) -> ServiceKind | None:
    """The kind of service that an action's words speak of; None where they speak of none."""
    words = clean.fold(description)
    return next((kind for pattern, kind in _KIND_WORDS if re.search(rf"\b(?:{pattern})\b", words)), None)


def first_values(user: User, action: PlanAction) -> dict[str, Any]:
    """What the form of a service takes over from an action of a plan (NĐ 56/2017 Đ28.3, Đ29)."""
    provider = _provider_named(user, action.responsible)
    body = None if provider else action.responsible
    return {
        "kind": guessed_kind(action.description),
        "description": action.description,
        "provider_id": provider.id if provider else None,
        "requested_on": clock.today(),
        "due_on": action.ends_on,
        "cost": action.budget,
        "note": _("Nơi thực hiện theo kế hoạch: %(body)s", body=body) if body else None,
    }


def _provider_named(user: User, name: str | None) -> Provider | None:
    query = access.visible_providers(user).where(Provider.is_active, Provider.name_key == clean.fold(name))
    return db.session.scalars(query.order_by(Provider.id)).first() if name else None


def settle_action(service: Service, former: date | None = None) -> str | None:
    """Let the action follow its services: done when all have ended and one was given. What it did, in words.

    `former` is the day the service had been done on before. A day that somebody typed at the action itself is kept.
    """
    action = service.action
    if action is None:
        return None
    given = [one.done_on for one in action.services if one.outcome is ServiceOutcome.DONE and one.done_on]
    if action.done_on is not None and action.done_on not in (former, *given):
        return None
    has_ended = all(one.outcome is not ServiceOutcome.OPEN for one in action.services)
    done_on = max(given) if given and has_ended else None
    if done_on == action.done_on:
        return None
    action.done_on = done_on
    if done_on is None:
        return _("Công việc trong kế hoạch trở lại là chưa thực hiện.")
    told = _("Công việc trong kế hoạch cũng được ghi là đã thực hiện ngày %(day)s; chưa đúng thì sửa ở trang vụ việc.")
    return told % {"day": f"{done_on:%d/%m/%Y}"}
