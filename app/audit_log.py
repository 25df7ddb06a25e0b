"""The audit trail as an administrator reads it: who did what and when, newest first; records by number, never by name."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, union_all
from sqlalchemy.orm import joinedload

from app import history
from app.paging import PAGE_SIZE, Page
from models import AuditEvent, User, db


def event_words() -> dict[str, str]:
    """What each event of app/audit.py is called."""
    return {
        "access_refused": _("Bị từ chối mở trang"),
        "record_not_found": _("Hỏi bản ghi không có hoặc ngoài phạm vi"),
        "token_refused": _("Gửi biểu mẫu không có mã của trang"),
        "attachments_listed": _("Xem danh sách giấy tờ đính kèm"),
        "attachment_read": _("Mở giấy tờ đính kèm"),
        "attachment_added": _("Thêm giấy tờ đính kèm"),
        "attachment_removed": _("Bỏ giấy tờ đính kèm"),
        "attachment_restored": _("Lấy lại giấy tờ đính kèm"),
        "readers_read": _("Xem ai đã mở hồ sơ"),
        "signed_in": _("Đăng nhập"),
        "sign_in_failed": _("Đăng nhập không được"),
        "signed_out": _("Đăng xuất"),
        "device_signed_out": _("Đăng xuất thiết bị khác"),
        "second_factor_set_up": _("Cài ứng dụng xác thực"),
        "second_factor_removed": _("Bỏ ứng dụng xác thực"),
        "recovery_codes_made": _("Tạo mã dự phòng"),
        "recovery_code_used": _("Dùng mã dự phòng"),
        "phone_code_made": _("Tạo mã đăng ký điện thoại"),
        "phone_enrolled": _("Đăng ký điện thoại"),
        "phone_ended": _("Thu hồi điện thoại"),
        "passkey_added": _("Thêm khóa thiết bị"),
        "passkey_removed": _("Bỏ khóa thiết bị"),
        "password_changed": _("Đổi mật khẩu"),
        "user_added": _("Thêm người dùng"),
        "user_changed": _("Sửa người dùng"),
        "installation_set_up": _("Thiết lập lần đầu"),
        "setting_changed": _("Sửa cài đặt"),
        "read_apart": _("Xem thông tin được giữ riêng (HIV/AIDS, xâm hại tình dục)"),
        "read_apart_asked": _("Ghi lý do để xem thông tin được giữ riêng"),
        "carer_read": _("Xem người nhận chăm sóc thay thế"),
        "child_read": _("Xem hồ sơ trẻ em"),
        "children_listed": _("Xem danh sách trẻ em"),
        "services_recorded": _("Ghi dịch vụ cho nhiều trẻ em"),
        "services_undone": _("Hoàn tác đợt dịch vụ"),
        "bulk_done": _("Làm một lần cho nhiều trẻ em"),
        "bulk_undone": _("Hoàn tác việc làm cho nhiều trẻ em"),
        "services_listed": _("Xem danh sách dịch vụ"),
        "children_searched": _("Tìm trẻ em"),
        "sent_figures_read": _("Nhận biểu xã gửi"),
        "children_merged": _("Gộp hai hồ sơ trẻ em"),
        "children_unmerged": _("Tách lại hồ sơ đã gộp"),
        "case_read": _("Xem vụ việc"),
        "case_refused": _("Bị từ chối xem vụ việc"),
        "case_looked_into": _("Xem vụ việc của nhóm khác, có lý do"),
        "case_team_changed": _("Sửa nhóm phụ trách vụ việc"),
        "case_handed_over": _("Bàn giao vụ việc"),
        "case_transferred": _("Chuyển hồ sơ giữa các xã"),
        "informant_read": _("Xem người báo tin"),
        "timeline_read": _("Xem diễn biến"),
        "cases_listed": _("Xem danh sách vụ việc"),
        "report_read": _("Xem báo cáo tiếp nhận thông tin"),
        "household_read": _("Xem hộ gia đình"),
        "import_read": _("Đọc danh sách để nhập"),
        "import_applied": _("Ghi danh sách vào sổ"),
        "import_problems_taken": _("Tải các dòng nhập lỗi"),
        "import_undone": _("Hoàn tác lần nhập"),
        "workbook_exported": _("Tải biểu"),
        "list_printed": _("In danh sách"),
        "period_report_submitted": _("Trình báo cáo kỳ"),
        "period_report_decided": _("Duyệt hoặc trả lại báo cáo kỳ"),
        "period_report_sent": _("Gửi báo cáo kỳ"),
        "period_report_downloaded": _("Tải báo cáo đã gửi"),
        "extract_made": _("In bản trích hồ sơ trẻ em"),
        "breach_read": _("Xem vi phạm về dữ liệu cá nhân"),
        "breach_changed": _("Ghi vi phạm về dữ liệu cá nhân"),
        "erasure_proposed": _("Đề nghị xóa hồ sơ"),
        "erasure_decided": _("Quyết định xóa hồ sơ"),
        "legal_hold_changed": _("Giữ hoặc thôi giữ hồ sơ"),
        "subject_request_read": _("Xem yêu cầu về dữ liệu cá nhân"),
        "subject_request_changed": _("Ghi yêu cầu về dữ liệu cá nhân"),
        "report_duty_noted": _("Ghi nhận đã gửi báo cáo, hoặc bỏ ghi nhận"),
        "document_made": _("Làm mẫu giấy"),
    }


def _events(user: User, conditions: Sequence[ColumnElement[bool]], order: ColumnElement[int]) -> Sequence[AuditEvent]:
    """The next events of one's commune, and of nobody in particular (wrong passwords).

    Each of the two from its own end of the index: asked for together, the events of all communes would be gone through.
    """
    nearest = [
        select(AuditEvent.id).where(whose, *conditions).order_by(order).limit(PAGE_SIZE + 1).subquery()
        for whose in (AuditEvent.commune_id == user.commune_id, AuditEvent.commune_id.is_(None))
    ]
    either = union_all(*(select(part.c.id) for part in nearest))
    query = select(AuditEvent).where(AuditEvent.id.in_(either)).options(joinedload(AuditEvent.user))
    return db.session.scalars(query.order_by(order).limit(PAGE_SIZE + 1)).all()


def page(user: User, event: str | None, *, before: int | None, after: int | None) -> Page:
    """A page, newest first: the events older than `after`, or the ones just newer than `before`."""
    conditions: list[ColumnElement[bool]] = [AuditEvent.event == event] if event else []
    if before is not None:
        newer = _events(user, [*conditions, AuditEvent.id > before], AuditEvent.id.asc())
        rows: Sequence[AuditEvent] = newer[:PAGE_SIZE][::-1]
        has_newer, has_older = len(newer) > PAGE_SIZE, True
    else:
        if after is not None:
            conditions.append(AuditEvent.id < after)
        older = _events(user, conditions, AuditEvent.id.desc())
        rows, has_newer, has_older = older[:PAGE_SIZE], after is not None, len(older) > PAGE_SIZE
    if not rows:
        return Page([], None, None)
    return Page(rows, rows[0].id if has_newer else None, rows[-1].id if has_older else None)


def subject_words(event: AuditEvent) -> str:
    """What an event was about: the sort of record and its number."""
    if event.record_table is None:
        return ""
    names = history.record_names() | {
        "users": _("Người dùng"),
        "import_batches": _("Lần nhập"),
        "period_reports": _("Báo cáo kỳ"),
    }
    return f"{names.get(event.record_table, event.record_table)} {event.record_id}"


def detail_names() -> dict[str, str]:
    """What each detail of app/audit.py is called."""
    return {
        "approved": _("đồng ý"),
        "asker": _("người yêu cầu"),
        "count": _("số dòng"),
        "direction": _("chiều"),
        "done": _("đã làm"),
        "erased": _("đã xóa"),
        "fields": _("các mục"),
        "filters": _("lọc"),
        "form": _("mẫu"),
        "hours": _("số giờ"),
        "kept": _("giữ lại"),
        "kind": _("loại"),
        "left_out": _("bỏ qua"),
        "page": _("trang"),
        "period": _("kỳ"),
        "reason": _("lý do"),
        "record_class": _("loại hồ sơ"),
        "roles": _("vai trò"),
        "scope": _("phạm vi"),
        "sha256": _("mã tệp"),
        "totals": _("tổng số"),
        "variant": _("bản"),
        "what": _("mục"),
        "why": _("vì sao"),
        "workbook": _("biểu"),
    }


def details_words(event: AuditEvent) -> str:
    """The codes and counts kept with an event, on one line."""
    names = detail_names()
    told = {name: value for name, value in event.details.items() if name != "children"}
    return ", ".join(
        f"{names.get(name, name)}: {_plain(value)}" for name, value in told.items() if value not in (None, {}, [])
    )


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, dict):
        return " ".join(f"{name}={part}" for name, part in value.items())
    if isinstance(value, list):
        return " ".join(str(part) for part in value)
    return str(value)[:16] if len(str(value)) == 64 else str(value)
