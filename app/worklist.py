"""What waits for the person signed in. Every number is counted by the query of exactly the list it opens."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from app import (
    access,
    care,
    casework,
    child_filters,
    clock,
    register,
    remembered,
    report_duties,
    retention,
    review,
    subject_requests,
    support,
)
from app.care import Which
from app.casework import CaseLine, Count
from app.child_filters import ChildFilters
from app.entitlements import lists as entitlements
from app.support import ProviderVisits, ServiceFilters, ServiceState
from models import (
    BatchState,
    Erasure,
    ImportBatch,
    PeriodReport,
    PeriodReportState,
    Provider,
    ReviewItem,
    Service,
    User,
    db,
)


def tasks(user: User, caseload: Sequence[CaseLine] | None = None) -> list[Count]:
    """Overdue, due soon, new, sent back, unsent – in that order; nothing that is zero. `caseload`: where it was read already."""
    follows_reports = access.may(user, "period_report.prepare") or access.may(user, "period_report.decide")
    reports = db.session.scalars(access.visible_period_reports(user)).all() if follows_reports else []
    found = [
        *casework.counts(user, caseload),
        *_care_tasks(user),
        *_request_tasks(user),
        *_report_tasks(user, reports),
        *_duty_tasks(user, reports),
        *_counted([*_service_tasks(user), *_review_tasks(user), *_import_tasks(user), *_erasure_tasks(user)]),
        *_age_tasks(user),
    ]
    rank = {"alarm": 0, "warning": 1, "": 2}
    return sorted((task for task in found if task.count), key=lambda task: rank[task.kind])


#: A task whose number is still to be asked, and the query of its list.
_Asked = tuple[Count, Select[Any]]


def _counted(asked: Sequence[_Asked]) -> list[Count]:
    """The same with their numbers, all in one statement."""
    if not asked:
        return []
    numbers = db.session.execute(select(*(query.order_by(None).scalar_subquery() for _task, query in asked))).one()
    return [replace(task, count=number) for (task, _query), number in zip(asked, numbers, strict=True)]


def _asked(code: str, label: str, query: Select[Any], column: Any, address: str, kind: str = "") -> _Asked:
    return Count(code, label, 0, address, kind), query.with_only_columns(func.count(column))


def _care_tasks(user: User) -> list[Count]:
    """Alternative care: what is overdue, six-monthly evaluations due (Luật Trẻ em Đ68.2), proposals to decide."""
    if not access.may(user, "care.list"):
        return []
    lines = care.lines(user, Which.ALL)
    found = []
    if access.may(user, "care.edit"):
        lists = [one for one in care.lists_due(user) if one.presses]
        kind = "alarm" if any(one.is_overdue for one in lists) else "warning"
        told = _("Danh sách người nhận chăm sóc thay thế (Mẫu 09) đến hạn gửi (NĐ 56/2017 Đ40)")
        found.append(Count("care_list", told, len(lists), url_for("care.carers"), kind))
    steps = [("care.list", Which.OVERDUE, _("Chăm sóc thay thế: quá hạn giao nhận, thăm, đánh giá"), "alarm")]
    told = _("Chăm sóc thay thế: đến hạn đánh giá 6 tháng (Luật Trẻ em Đ68.2)")
    steps.append(("care.edit", Which.EVALUATE, told, "warning"))
    steps.append(("care.decide", Which.DECIDE, _("Chăm sóc thay thế chờ quyết định"), "warning"))
    return found + [
        Count(f"care_{which}", label, care.count(lines, which), url_for("care.index", which=which.value), kind)
        for permission, which, label, kind in steps
        if access.may(user, permission)
    ]


def _service_tasks(user: User) -> list[_Asked]:
    """Services whose day has passed, and providers that have not mended in time."""
    if not access.may(user, "service.add"):
        return []
    overdue, late = ServiceFilters(state=ServiceState.OVERDUE), ProviderVisits.OVERDUE
    label = _("Dịch vụ quá hạn (Luật Trẻ em Đ49, Đ50; NĐ 56/2017 Đ29)")
    address = url_for("services.index", **overdue.address())
    found = [_asked("services_overdue", label, support.services_query(user, overdue), Service.id, address, "alarm")]
    if access.may(user, "provider.edit"):
        label = _("Cơ sở quá hạn khắc phục sau kiểm tra")
        address = url_for("services.providers", visits=late.value)
        query = support.providers_query(user, visits=late)
        found.append(_asked("mending", label, query, Provider.id, address, "alarm"))
    return found


def _erasure_tasks(user: User) -> list[_Asked]:
    """Erasures somebody else proposed, for whoever may be the second person."""
    if not access.may(user, "retention.decide"):
        return []
    address = url_for("privacy.retention_index")
    return [_asked("erasures", _("Đề nghị xóa hồ sơ chờ người thứ hai"), retention.waiting(user), Erasure.id, address)]


def _request_tasks(user: User) -> list[Count]:
    """Requests about personal data: overdue ones, and all that are open."""
    if not access.may(user, "request.edit"):
        return []
    lines = subject_requests.lines(user)
    overdue = sum(line.is_overdue for line in lines)
    steps = [
        (subject_requests.Which.OVERDUE, _("Yêu cầu về dữ liệu cá nhân quá hạn"), overdue, "alarm"),
        (subject_requests.Which.OPEN, _("Yêu cầu về dữ liệu cá nhân đang xử lý"), len(lines), ""),
    ]
    return [
        Count(f"requests_{which}", label, count, url_for("privacy.requests", which=which.value), kind)
        for which, label, count, kind in steps
    ]


def _report_tasks(user: User, reports: Sequence[PeriodReport]) -> list[Count]:
    """Reports on a period that wait for this person's next step."""
    steps = [
        ("period_report.decide", PeriodReportState.SUBMITTED, _("Báo cáo kỳ chờ duyệt")),
        ("period_report.prepare", PeriodReportState.SENT_BACK, _("Báo cáo kỳ bị trả lại")),
        ("period_report.prepare", PeriodReportState.APPROVED, _("Báo cáo kỳ đã duyệt, chưa gửi")),
    ]
    counts = Counter(report.state for report in reports)
    return [
        Count(f"reports_{state}", label, counts[state], url_for("reports.index", state=state.value), "warning")
        for permission, state, label in steps
        if access.may(user, permission)
    ]


def _duty_tasks(user: User, reports: Sequence[PeriodReport]) -> list[Count]:
    """Reports the commune owes: overdue until sent, and due within 15 days."""
    if not access.may(user, "report_duty.list"):
        return []
    owed = report_duties.lines(user, reports=reports)
    late = sum(line.is_overdue for line in owed)
    told = [
        (report_duties.Which.OVERDUE, _("Báo cáo định kỳ quá hạn gửi"), late, "alarm"),
        (report_duties.Which.SOON, _("Báo cáo định kỳ đến hạn trong 15 ngày"), len(owed) - late, "warning"),
    ]
    return [
        Count(f"duties_{which}", label, count, url_for("reports.duties", which=which.value), kind)
        for which, label, count, kind in told
    ]


def _review_tasks(user: User) -> list[_Asked]:
    found = []
    if access.may(user, "review.decide"):
        label, address = _("Thay đổi của cộng tác viên chờ duyệt"), url_for("review.index")
        found.append(_asked("review", label, review.waiting(user), ReviewItem.id, address, "warning"))
    if access.may(user, "review.answers"):
        label, address = _("Công chức đã trả lời, bạn chưa đọc"), url_for("review.answers")
        found.append(_asked("answers", label, review.unseen_answers(user), ReviewItem.id, address, "warning"))
    return found


def _import_tasks(user: User) -> list[_Asked]:
    if not access.may(user, "import.run"):
        return []
    since = clock.now() - timedelta(days=1)
    unsent = access.visible_batches(user).where(
        ImportBatch.state == BatchState.READ, ImportBatch.user_id == user.id, ImportBatch.created_at > since
    )
    label = _("Danh sách đã đọc, chưa ghi vào sổ")
    return [_asked("unsent_lists", label, unsent, ImportBatch.id, url_for("imports.index"))]


def _age_tasks(user: User) -> list[Count]:
    """Changes of age that come as soon as the commune wants notice of them."""
    if not access.may(user, "entitlement.list"):
        return []
    soon = entitlements.count_coming(user)
    return [Count("ages", _("Trẻ em sắp đổi quyền lợi theo tuổi"), soon, url_for("entitlements.changes"))]


def register_figures(user: User) -> list[Count]:
    """The register at a glance: each number opens its list."""
    if not access.may(user, "child.list"):
        return []
    questions = [
        (_("Trẻ em đang ở xã") if access.sees_whole_commune(user) else _("Trẻ em trong thôn"), ChildFilters()),
        (_("Có hoàn cảnh đặc biệt"), ChildFilters(group=child_filters.SpecialFilter.SPECIAL.value)),
        (_("Có nguy cơ"), ChildFilters(group=child_filters.SpecialFilter.AT_RISK.value)),
        (_("Khuyết tật"), ChildFilters(disability=child_filters.SeverityFilter.ANY)),
        (_("Mồ côi"), ChildFilters(orphan=child_filters.Orphanhood.ANY)),
        (_("Chưa có số định danh"), ChildFilters(missing=child_filters.Missing.PERSONAL_ID)),
        (_("Chưa đăng ký khai sinh hoặc chưa rõ"), ChildFilters(missing=child_filters.Missing.REGISTRATION)),
    ]
    if access.may(user, "circumstance.confirm"):
        questions.append((_("Hoàn cảnh chưa xác nhận"), ChildFilters(missing=child_filters.Missing.CONFIRMATION)))

    def count() -> list[dict[int, int]]:
        return register.count_many(user, [filters for _label, filters in questions], clock.today())

    counts = remembered.told_of(user, "register", count)
    return [
        Count("children", label, sum(by_village.values()), url_for("children.index", **filters.address()))
        for (label, filters), by_village in zip(questions, counts, strict=True)
    ]
