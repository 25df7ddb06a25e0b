"""What children were given: which services, by which filters. Lists, counts and workbooks all ask here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func

from app import access, clock, tallies
from app.periods import Period
from models import (
    Child,
    Choice,
    FundingSource,
    Inspection,
    PlanAction,
    Precision,
    Programme,
    Provider,
    ProviderKind,
    Service,
    ServiceKind,
    ServiceOutcome,
    Unclean,
    User,
    Village,
    clean,
    db,
)

#: In an address: services of no programme.
NO_PROGRAMME = "none"


class ServiceState(Choice):
    """How far a service has come."""

    OPEN = "open", _l("Đang thực hiện")
    OVERDUE = "overdue", _l("Quá hạn, chưa thực hiện")
    ENDED = "ended", _l("Đã kết thúc (tất cả)")
    DONE = "done", _l("Đã thực hiện")
    PARTLY = "partly", _l("Thực hiện một phần")
    NOT_DONE = "not_done", _l("Không thực hiện được")

    @property
    def condition(self) -> ColumnElement[bool]:
        """What it asks of a service, today."""
        is_open = Service.outcome == ServiceOutcome.OPEN
        if self is ServiceState.OVERDUE:
            return and_(is_open, Service.due_on < clock.today())
        if self in (ServiceState.OPEN, ServiceState.ENDED):
            return is_open if self is ServiceState.OPEN else ~is_open
        return Service.outcome == ServiceOutcome(self.value)


class ServiceDay(Choice):
    """The day by which services are put in a period; the first as in every figure and report (tallies.given_in)."""

    GIVEN = "given", _l("Ngày thực hiện xong, hoặc bắt đầu")
    REQUESTED = "requested", _l("Ngày đề nghị")
    DUE = "due", _l("Hạn thực hiện")


@dataclass(frozen=True)
class ServiceFilters:
    """What narrows a list of services. All codes, no names, so they may stand in an address."""

    kind: ServiceKind | None = None
    #: A Programme, or NO_PROGRAMME.
    programme: Programme | str | None = None
    funding: FundingSource | None = None
    provider: int | None = None
    batch: int | None = None
    year: int | None = None
    since: date | None = None
    until: date | None = None
    by: ServiceDay = ServiceDay.GIVEN
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
        return {name: str(value) for name, value in told.items() if value not in (None, ServiceDay.GIVEN)}

    @property
    def period(self) -> Period | None:
        """The days asked for: the year, cut to what was typed."""
        if self.year is None and self.since is None and self.until is None:
            return None
        whole = Period.of_year(self.year) if self.year is not None else Period("", date.min, date.max)
        return Period("", max(whole.first, self.since or date.min), min(whole.last, self.until or date.max))

    @property
    def is_coarse(self) -> bool:
        """Narrows by nothing that could tell whose service it is, so that other teams' cases may be counted too."""
        return (self.kind, self.provider, self.batch, self.village) == (None, None, None, None)


#: The closed lists among the filters.
CHOICES: dict[str, type[Choice]] = {
    "kind": ServiceKind,
    "programme": Programme,
    "funding": FundingSource,
    "state": ServiceState,
    "by": ServiceDay,
}


def _read(name: str, raw: str) -> Any:
    if name == "programme" and raw == NO_PROGRAMME:
        return raw
    if name in CHOICES:
        return CHOICES[name].of_code(raw)
    if name in ("since", "until"):
        return read_day(raw)
    longest = 4 if name == "year" else 9
    is_number = raw.isascii() and raw.isdigit() and len(raw) <= longest and int(raw) > 0
    return int(raw) if is_number else None


def read_day(raw: str) -> date | None:
    """A whole day as people type it, or as it stands in an address."""
    try:
        found = clean.partial_date(raw)
    except Unclean:
        return None
    return found.day if found is not None and found.precision is Precision.DAY else None


def counted(user: User, filters: ServiceFilters | None = None) -> Select[Service]:
    """The services that figures count, narrowed; also those of other teams' cases, where that tells nobody's secret."""
    filters = filters or ServiceFilters()
    query = access.visible_services(user).where(*_conditions(user, filters))
    return query if filters.is_coarse else query.where(access.is_known_service(user))


def services_query(user: User, filters: ServiceFilters | None = None) -> Select[Service]:
    """The same as far as somebody may know each of them: the rows of the list, in no order yet."""
    return counted(user, filters).where(access.is_known_service(user))


def printed(user: User, filters: ServiceFilters, most: int) -> Sequence[Row[Any]]:
    """The rows of the list on paper, by the children's names: columns, for they are many."""
    query = services_query(user, filters).join(Child, Child.id == Service.child_id).join(Child.village)
    query = query.outerjoin(Service.provider).order_by(Child.sort_key, Child.id, Service.id).limit(most)
    told: tuple[Any, ...] = (
        Child.full_name, Child.born_on, Child.born_precision, Village.name.label("village"), Provider.name.label("provider"),
        Service.kind, Service.description, Service.quantity, Service.sponsor_name, Service.funding,
        Service.requested_on, Service.due_on, Service.done_on, Service.cost, Service.outcome,
    )  # fmt: skip
    return db.session.execute(query.with_only_columns(*told)).all()


@dataclass(frozen=True)
class Totals:
    """What a list of services adds up to."""

    services: int = 0
    children: int = 0
    cost: int = 0
    #: Counted, but of a case of another team, so not in the list.
    hidden: int = 0


def totals(user: User, filters: ServiceFilters | None = None) -> Totals:
    """Services, different children and money of the same question, in one statement."""
    found = db.session.execute(counted(user, filters).with_only_columns(*_sums(user))).one()
    return Totals(*map(int, found))


def by_programme(user: User, filters: ServiceFilters | None = None) -> dict[Programme | None, Totals]:
    """The same by programme of the plan; None for services of none."""
    query = counted(user, filters).with_only_columns(Service.programme, *_sums(user)).group_by(Service.programme)
    return {programme: Totals(*map(int, sums)) for programme, *sums in db.session.execute(query)}


def _sums(user: User) -> tuple[ColumnElement[Any], ...]:
    hidden = case((access.is_known_service(user), 0), else_=1)
    sums = (func.count(Service.child_id.distinct()), func.sum(Service.cost), func.sum(hidden))
    return func.count(Service.id), *(func.coalesce(one, 0) for one in sums)


def _conditions(user: User, filters: ServiceFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for name, column in _COLUMNS.items():
        value = getattr(filters, name)
        if value is not None:
            found.append(column.is_(None) if value == NO_PROGRAMME else column == value)
    if filters.period is not None:
        found.append(_in_period(filters.by, filters.period))
    if filters.state is not None:
        found.append(filters.state.condition)
    if filters.village is not None:
        children = access.visible_children(user).with_only_columns(Child.id).where(Child.village_id == filters.village)
        found.append(Service.child_id.in_(children))
    return found


_COLUMNS: dict[str, Any] = {
    "kind": Service.kind,
    "programme": Service.programme,
    "funding": Service.funding,
    "provider": Service.provider_id,
    "batch": Service.batch_id,
}


def service_day() -> ColumnElement[date]:
    """The day at which a service stands in a child's life: done, or else begun, due, asked for."""
    return func.coalesce(Service.done_on, Service.started_on, Service.due_on, Service.requested_on)


def _in_period(by: ServiceDay, period: Period) -> ColumnElement[bool]:
    if by is ServiceDay.GIVEN:
        return tallies.given_in(period)
    column = Service.requested_on if by is ServiceDay.REQUESTED else Service.due_on
    return column.between(period.first, period.last)


class ProviderVisits(Choice):
    """What is looked for in the inspections of providers."""

    NONE = "none", _l("Năm nay chưa kiểm tra")
    MENDING = "mending", _l("Còn việc phải khắc phục")
    OVERDUE = "overdue", _l("Quá hạn khắc phục")

    @property
    def condition(self) -> ColumnElement[bool]:
        """What it asks of a provider, today."""
        of_provider = exists().where(Inspection.provider_id == Provider.id)
        if self is ProviderVisits.NONE:
            return and_(
                Provider.is_active, ~of_provider.where(Inspection.visited_on >= clock.today().replace(month=1, day=1))
            )
        open_ = of_provider.where(Inspection.mend_by.is_not(None), Inspection.mended_on.is_(None))
        return open_.where(Inspection.mend_by < clock.today()) if self is ProviderVisits.OVERDUE else open_


def providers_query(
    user: User, kind: ProviderKind | None = None, visits: ProviderVisits | None = None
) -> Select[Provider]:
    """The commune's providers, narrowed, by name. The one question of list and work list."""
    query = access.visible_providers(user).order_by(Provider.sort_key, Provider.id)
    if kind is not None:
        query = query.where(Provider.kind == kind)
    return query.where(visits.condition) if visits is not None else query


def may_edit(user: User, service: Service) -> bool:
    """The officer any service in scope, a collaborator those she recorded."""
    return access.may(user, "case.edit") or service.recorded_by_id == user.id


def may_mark_done(user: User, service: Service) -> bool:
    """A collaborator sees what is given in her villages, so she may say so; within a case only of what she recorded."""
    return may_edit(user, service) or service.case_id is None


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
    (r"lao dong tre em|bao luc|xam hai", ServiceKind.PROTECTION),
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
