"""Who works on a case and who may know it: the team, break-glass, hand-overs, referrals, transfers; and consents."""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clean
from models.base import Base, Timestamped, Versioned
from models.case import Case
from models.child import Child
from models.fields import Choice, Sensitivity, field
from models.user import User


class CaseMember(Timestamped, Base):
    """Somebody of a case's team: knows the perpetrator, the notes and the assessments (NĐ 56/2017 Đ24, Đ33)."""

    __tablename__ = "case_members"
    __table_args__ = (UniqueConstraint("case_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    case: Mapped[Case] = relationship(back_populates="members")
    user: Mapped[User] = relationship()

    user_id: Mapped[int] = field(ForeignKey("users.id"), label=_l("Người trong nhóm"), index=True)


class BreakGlass(Timestamped, Base):
    """Somebody outside the team looked into a case for a reason, for three hours; the team is told."""

    __tablename__ = "break_glasses"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    case: Mapped[Case] = relationship()
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    user: Mapped[User] = relationship(foreign_keys=user_id)
    at: Mapped[datetime]
    until: Mapped[datetime]
    #: When somebody of the team read that it happened.
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    reason: Mapped[str] = field(
        label=_l("Lý do cần xem"),
        help=_l("Nhóm phụ trách đọc được câu này. Không ghi tên hay chi tiết của vụ việc."),
        required=True,
        clean=clean.text,
        max_length=400,
    )


class ChildLook(Timestamped, Base):
    """A leader read what is told apart of a child (HIV/AIDS, sexual abuse) for a reason, for three hours."""

    __tablename__ = "child_looks"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("children.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship()
    at: Mapped[datetime]
    until: Mapped[datetime]

    reason: Mapped[str] = field(
        label=_l("Lý do cần xem"),
        help=_l("Công chức đọc được câu này. Không ghi tên hay chi tiết của trẻ em."),
        required=True,
        clean=clean.text,
        max_length=400,
    )


class HandOver(Timestamped, Base):
    """A case passed from one worker to another, with a note (bàn giao hồ sơ)."""

    __tablename__ = "hand_overs"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    case: Mapped[Case] = relationship(back_populates="hand_overs")
    at: Mapped[datetime]
    from_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    from_user: Mapped[User | None] = relationship(foreign_keys=from_user_id)
    by_user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    to_user: Mapped[User] = relationship(foreign_keys="HandOver.to_user_id")

    to_user_id: Mapped[int] = field(ForeignKey("users.id"), label=_l("Người nhận bàn giao"), required=True)
    note: Mapped[str | None] = field(
        label=_l("Việc cần biết khi bàn giao"), clean=clean.multiline, multiline=True, sensitivity=Sensitivity.CASE
    )


class ReferralReply(Choice):
    """What the body answered to which a child was referred."""

    WAITING = "waiting", _l("Chờ trả lời")
    ACCEPTED = "accepted", _l("Đã nhận, đang giúp")
    DONE = "done", _l("Đã giúp xong")
    REFUSED = "refused", _l("Không nhận được")


class Referral(Timestamped, Versioned, Base):
    """A child referred to a service or an authority, with its reply (chuyển tuyến; NĐ 56/2017 Đ29, Luật Đ53)."""

    __tablename__ = "referrals"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    case: Mapped[Case] = relationship(back_populates="referrals")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    referred_on: Mapped[date] = field(label=_l("Ngày chuyển"), required=True)
    recipient: Mapped[str] = field(label=_l("Chuyển đến cơ quan, cơ sở"), required=True, clean=clean.text)
    purpose: Mapped[str] = field(
        label=_l("Đề nghị giúp việc gì"),
        help=_l("In trong giấy chuyển: chỉ ghi điều nơi nhận cần biết."),
        required=True,
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    reply_due_on: Mapped[date | None] = field(label=_l("Đề nghị trả lời trước ngày"))
    reply: Mapped[ReferralReply] = field(label=_l("Trả lời"), required=True, default=ReferralReply.WAITING)
    replied_on: Mapped[date | None] = field(label=_l("Trả lời ngày"))
    reply_note: Mapped[str | None] = field(
        label=_l("Nội dung trả lời"), clean=clean.multiline, multiline=True, sensitivity=Sensitivity.CASE
    )


class Transfer(Timestamped, Versioned, Base):
    """A case sent to another commune as a signed-for file, or received from one (chuyển hồ sơ)."""

    __tablename__ = "transfers"
    __table_args__ = (UniqueConstraint("commune_id", "direction", "checksum"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    case: Mapped[Case] = relationship(back_populates="transfers")
    direction: Mapped[str]
    #: SHA-256 of the package, as printed on the slip that is signed for.
    checksum: Mapped[str]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: The package itself, encrypted under its password; kept while its receipt is awaited.
    package: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    #: What the sending commune knew of the steps (received only): {table: [rows]}.
    steps: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    other_commune: Mapped[str] = field(label=_l("Xã nhận hồ sơ"), required=True, clean=clean.text)
    reason: Mapped[str] = field(label=_l("Lý do chuyển"), required=True, clean=clean.text, max_length=400)
    #: When a transfer that nobody signed for was given up.
    withdrawn_at: Mapped[datetime | None]
    receipt_on: Mapped[date | None] = field(label=_l("Ngày xã nhận ký nhận"))
    receipt_by: Mapped[str | None] = field(label=_l("Người ký nhận"), clean=clean.text)


class ConsentPurpose(Choice):
    """What is agreed to."""

    SUPPORT = "support", _l("Thực hiện kế hoạch hỗ trợ, can thiệp")
    SHARE = "share", _l("Chuyển thông tin cho cơ quan, cơ sở giúp trẻ em")
    CARE = "care", _l("Chăm sóc thay thế")
    IMAGE = "image", _l("Chụp, dùng hình ảnh của trẻ em")
    OTHER = "other", _l("Việc khác")


class ConsentGiver(Choice):
    """Who agrees: from 7 years both are asked (Luật Trẻ em Đ6.11; Luật 91/2025/QH15 Đ24)."""

    CHILD = "child", _l("Trẻ em (từ đủ 7 tuổi)")
    REPRESENTATIVE = "representative", _l("Cha, mẹ, người giám hộ")


class ConsentAnswer(Choice):
    """What was answered."""

    AGREED = "agreed", _l("Đồng ý")
    REFUSED = "refused", _l("Không đồng ý")


class Consent(Timestamped, Versioned, Base):
    """A consent of the child or its representative, and its withdrawal (sự đồng ý; Luật Đ6.11, Luật 91/2025 Đ24)."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("children.id"), index=True)
    child: Mapped[Child] = relationship()
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    giver: Mapped[ConsentGiver] = field(label=_l("Ai được hỏi"), required=True)
    giver_name: Mapped[str | None] = field(
        label=_l("Họ tên người được hỏi (khi không phải trẻ em)"),
        clean=clean.person_name,
        sensitivity=Sensitivity.PERSONAL,
    )
    purpose: Mapped[ConsentPurpose] = field(label=_l("Để làm gì"), required=True)
    details: Mapped[str | None] = field(label=_l("Ghi rõ việc, nơi nhận thông tin"), clean=clean.text, max_length=400)
    answer: Mapped[ConsentAnswer] = field(label=_l("Ý kiến"), required=True, default=ConsentAnswer.AGREED)
    asked_on: Mapped[date] = field(label=_l("Ngày hỏi"), required=True)
    evidence: Mapped[str | None] = field(
        label=_l("Hỏi bằng cách nào"), help=_l("Ví dụ: nói trực tiếp, giấy có chữ ký"), clean=clean.text
    )
    withdrawn_on: Mapped[date | None] = field(label=_l("Rút lại ngày"))


Index("ix_break_glasses_case_until", BreakGlass.case_id, BreakGlass.until)
_OPEN = (Transfer.direction == "out") & Transfer.receipt_on.is_(None) & Transfer.withdrawn_at.is_(None)
Index("uq_transfers_open", Transfer.case_id, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)
