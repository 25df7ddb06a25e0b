"""Reports on a period: prepared, shown to the leader, approved, sent – and never changed after that."""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clean
from models.base import Base, Timestamped, Versioned
from models.fields import Choice, field
from models.user import User


class ReportKind(Choice):
    """What a report is about, and to whom it usually goes (domain.md §4.2)."""

    FIGURES = "figures", _l("Báo cáo số liệu về trẻ em")
    WORK = "work", _l("Báo cáo công tác trẻ em (6 tháng, năm)")
    ACTION_MONTH = "action_month", _l("Báo cáo Tháng hành động vì trẻ em")
    COUNCIL = "council", _l("Báo cáo HĐND xã về thực hiện quyền trẻ em")
    DIRECTIVE = "directive", _l("Báo cáo thực hiện Kế hoạch về Chỉ thị 28-CT/TW")


class PeriodReportState(Choice):
    """Where a report stands."""

    SUBMITTED = "submitted", _l("Chờ lãnh đạo duyệt")
    SENT_BACK = "sent_back", _l("Lãnh đạo trả lại")
    APPROVED = "approved", _l("Đã duyệt, chưa gửi")
    SENT = "sent", _l("Đã gửi")


class PeriodReport(Timestamped, Versioned, Base):
    """A report with everything it says: figures, the rows behind them, files. Made when it is shown to the leader."""

    __tablename__ = "period_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    #: As in app/periods.py.
    period: Mapped[str]
    #: The day as on which children were counted.
    counted_on: Mapped[date]
    state: Mapped[PeriodReportState] = mapped_column(default=PeriodReportState.SUBMITTED)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    submitted_by: Mapped[User | None] = relationship(foreign_keys=submitted_by_id)
    #: When its content was taken; nothing later is in it.
    frozen_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)
    decided_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    sent_by: Mapped[User | None] = relationship(foreign_keys=sent_by_id)
    sent_at: Mapped[datetime | None]
    #: [{"code", "label", "total", "undivided", "by_village": {name: count}}], in order.
    figures: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, deferred=True)
    #: The rows behind the figures: {"children" | "cases" | "services" | "movements" | "incidents": {id: [code, village id, [indicators]]}}.
    rows: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, deferred=True)
    #: What its charts show beside the figures: {"trend": [{"on", "special", "risk"}], "complete": {"children", "having": [[label, count]]}}.
    beside: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}", deferred=True)
    files: Mapped[list["ReportFile"]] = relationship(
        back_populates="report", order_by="ReportFile.id", cascade="all, delete-orphan"
    )

    kind: Mapped[ReportKind] = field(label=_l("Loại báo cáo"), required=True, default=ReportKind.FIGURES, internal=True)
    #: Whom it was sent to, one per line, as the offices were called that day.
    sent_to: Mapped[str | None] = field(
        label=_l("Nơi nhận"), help=_l("Mỗi dòng một nơi."), clean=clean.multiline, multiline=True
    )
    decision_note: Mapped[str | None] = field(
        label=_l("Ý kiến của lãnh đạo"), clean=clean.multiline, multiline=True, max_length=1000
    )


class ReportFile(Base):
    """A file of a report, byte for byte as it was sent."""

    __tablename__ = "report_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("period_reports.id"), index=True)
    report: Mapped[PeriodReport] = relationship(back_populates="files")
    name: Mapped[str]
    mime_type: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    row_count: Mapped[int] = mapped_column(default=0)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


Index("ix_period_reports_commune", PeriodReport.commune_id, PeriodReport.id)
