"""What happened: change history, the audit chain, reviews, imports, exports, and the keys of forms already sent."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Timestamped, Versioned
from models.child import Child
from models.fields import Choice
from models.user import User


class ChangeAction(Choice):
    """What was done to a record."""

    CREATED = "created", _l("Thêm")
    CHANGED = "changed", _l("Sửa")
    DELETED = "deleted", _l("Xóa")


class Change(Base):
    """One change of one record, written as the session flushes: {field: [old, new]}."""

    __tablename__ = "changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int | None] = mapped_column(ForeignKey("communes.id"))
    at: Mapped[datetime]
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id"))
    action: Mapped[ChangeAction]
    #: The table and key of what changed.
    record_table: Mapped[str]
    record_id: Mapped[int]
    #: The child or case in whose history it is shown.
    subject_table: Mapped[str]
    subject_id: Mapped[int]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)


class AuditEvent(Base):
    """Something that must be answerable later, chained by hash (app/audit.py). Never changed, never deleted."""

    __tablename__ = "audit_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    commune_id: Mapped[int | None] = mapped_column(ForeignKey("communes.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User | None] = relationship()
    event: Mapped[str]
    record_table: Mapped[str | None]
    record_id: Mapped[int | None]
    #: Codes and counts only: no personal data.
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_hash: Mapped[str]
    hash: Mapped[str]


class AuditHead(Base):
    """The end of one commune's chain, signed: shows events cut off at the end (app/audit.py)."""

    __tablename__ = "audit_heads"

    #: The commune; 0 for events of nobody in particular.
    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    hash: Mapped[str]
    signature: Mapped[str]


class ReviewState(Choice):
    """Where a collaborator's change stands."""

    WAITING = "waiting", _l("Chờ duyệt")
    ACCEPTED = "accepted", _l("Đã nhận")
    SENT_BACK = "sent_back", _l("Trả lại")


class ReviewItem(Timestamped, Versioned, Base):
    """A collaborator's addition or change of a child, waiting for the officer's word."""

    __tablename__ = "review_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("children.id"), index=True)
    child: Mapped[Child] = relationship()
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    submitted_by: Mapped[User] = relationship(foreign_keys=submitted_by_id)
    submitted_at: Mapped[datetime]
    is_new: Mapped[bool] = mapped_column(default=False)
    #: The last change of the child before this item; later ones are what is to be reviewed.
    after_change_id: Mapped[int] = mapped_column(default=0)
    state: Mapped[ReviewState] = mapped_column(default=ReviewState.WAITING)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    #: When the collaborator saw the answer.
    seen_at: Mapped[datetime | None]


class BatchState(Choice):
    """Where an import stands."""

    READ = "read", _l("Đã đọc, chưa ghi")
    APPLIED = "applied", _l("Đã ghi vào sổ")
    UNDONE = "undone", _l("Đã hoàn tác")


class ImportBatch(Timestamped, Versioned, Base):
    """One list read, and what was done with it; enough to undo it."""

    __tablename__ = "import_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User | None] = relationship()
    #: The name the person gave the file; shown to its uploader only.
    file_name: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    layout: Mapped[str | None]
    state: Mapped[BatchState] = mapped_column(default=BatchState.READ)
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    totals: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: The file itself until it is applied or a day has passed.
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    rows: Mapped[list["ImportRow"]] = relationship(back_populates="batch", order_by="ImportRow.id")


class ImportRow(Base):
    """One row of a list as applied: what it did to which child."""

    __tablename__ = "import_rows"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"), index=True)
    batch: Mapped[ImportBatch] = relationship(back_populates="rows")
    sheet: Mapped[str]
    row: Mapped[int]
    action: Mapped[str]
    child_id: Mapped[int | None] = mapped_column(ForeignKey("children.id"), index=True)
    #: What undo needs: records made, field values before.
    effects: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    undone: Mapped[bool] = mapped_column(default=False)


class ImportHeading(Base):
    """What a heading means in the lists of a commune, as somebody corrected it; used for every list after."""

    __tablename__ = "import_headings"
    __table_args__ = (UniqueConstraint("commune_id", "heading"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    #: The folded heading, parts of several rows joined by a dash.
    heading: Mapped[str]
    #: A field of lists, or "disability_tick:vision" (app/imports/headings.py).
    meaning: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]


class Export(Base):
    """Every workbook that left: who, which, filters, rows, hash, why (NĐ 56/2017 Đ24.3)."""

    __tablename__ = "exports"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User | None] = relationship()
    at: Mapped[datetime]
    workbook: Mapped[str]
    variant: Mapped[str]
    filters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    row_count: Mapped[int]
    sha256: Mapped[str]
    reason: Mapped[str | None]
    #: The protocol by which names were given out (models/privacy.py).
    protocol_id: Mapped[int | None] = mapped_column(ForeignKey("sharing_protocols.id"))


class SubmittedForm(Base):
    """The key of a form already sent and where it led, so the same form twice makes one record (app/saving.py)."""

    __tablename__ = "submitted_forms"

    key: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(index=True)
    body_hash: Mapped[str]
    location: Mapped[str]


class SavedSearch(Base):
    """What somebody searched for, under a random key: names never stand in addresses. Kept one day."""

    __tablename__ = "saved_searches"

    key: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(index=True)
    words: Mapped[str]


class Counter(Base):
    """The last number given out, for numbers without gaps in meaning (VV-2026-0001)."""

    __tablename__ = "counters"
    __table_args__ = (UniqueConstraint("commune_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    name: Mapped[str]
    last: Mapped[int]


Index("ix_changes_subject", Change.subject_table, Change.subject_id, Change.id)
Index("ix_changes_record", Change.record_table, Change.record_id)
Index("ix_changes_commune_at", Change.commune_id, Change.at)
Index("ix_audit_events_record", AuditEvent.record_table, AuditEvent.record_id)
Index("ix_audit_events_commune", AuditEvent.commune_id, AuditEvent.id)
Index("ix_review_items_commune_state", ReviewItem.commune_id, ReviewItem.state)
