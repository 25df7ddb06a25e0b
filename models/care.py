"""Alternative care: who is ready to take a child, which child is with whom, and how it is followed (chăm sóc thay thế)."""

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clean
from models.base import Base, Timestamped, Versioned
from models.case import Case
from models.child import Child
from models.clean import PartialDate, Precision
from models.fields import Choice, Sensitivity, field
from models.place import Village
from models.support import Provider
from models.user import User


class Condition(Choice):
    """Whether a condition was found to be met. No answer: not verified yet."""

    MET = "met", _l("Đạt")
    NOT_MET = "not_met", _l("Không đạt")


class FosterCarer(Timestamped, Versioned, Base):
    """A person or family ready to take a child (Mẫu 08), with what was verified of them (Mẫu 11; Luật Trẻ em Đ63.2)."""

    __tablename__ = "foster_carers"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    birth_precision: Mapped[Precision] = mapped_column(default=Precision.DAY)
    village: Mapped[Village] = relationship(lazy="joined")

    full_name: Mapped[str] = field(
        label=_l("Họ và tên"), required=True, clean=clean.person_name, sensitivity=Sensitivity.PERSONAL
    )
    born_on: Mapped[date | None] = field(
        label=_l("Ngày sinh"), precision="birth_precision", required=True, sensitivity=Sensitivity.PERSONAL
    )
    village_id: Mapped[int] = field(ForeignKey("villages.id"), label=_l("Thôn"), required=True)
    address: Mapped[str | None] = field(label=_l("Nơi ở"), clean=clean.text, sensitivity=Sensitivity.CONTACT)
    phone: Mapped[str | None] = field(label=_l("Điện thoại"), clean=clean.phone, sensitivity=Sensitivity.CONTACT)
    household_words: Mapped[str | None] = field(
        label=_l("Gia đình, nghề nghiệp, thu nhập"), clean=clean.multiline, multiline=True,
        sensitivity=Sensitivity.CASE,
    )  # fmt: skip
    wishes: Mapped[str | None] = field(
        label=_l("Nguyện vọng nhận trẻ em"), help=_l("Ví dụ: bé gái dưới 6 tuổi, hai anh em"), clean=clean.text,
        max_length=400,
    )  # fmt: skip
    registered_on: Mapped[date | None] = field(label=_l("Ngày đăng ký (Mẫu 08)"))
    notified_on: Mapped[date | None] = field(
        label=_l("Ngày thông báo với UBND xã"),
        help=_l("Người thân thích không phải đăng ký nhưng phải thông báo (Luật Trẻ em Đ65.4)."),
    )
    is_resident: Mapped[Condition | None] = field(label=_l("Cư trú tại Việt Nam"))
    is_healthy: Mapped[Condition | None] = field(label=_l("Có sức khỏe"), sensitivity=Sensitivity.CASE)
    is_moral: Mapped[Condition | None] = field(label=_l("Có tư cách đạo đức tốt"), sensitivity=Sensitivity.CASE)
    is_unconvicted: Mapped[Condition | None] = field(
        label=_l("Không bị kết án, xử lý về xâm hại trẻ em"), sensitivity=Sensitivity.OFFENCE
    )
    is_housed: Mapped[Condition | None] = field(label=_l("Có chỗ ở, điều kiện kinh tế phù hợp"))
    is_willing: Mapped[Condition | None] = field(label=_l("Tự nguyện nhận chăm sóc"))
    is_agreed: Mapped[Condition | None] = field(label=_l("Các thành viên trong gia đình đồng thuận"))
    verified_on: Mapped[date | None] = field(label=_l("Ngày xác minh (Mẫu 11)"))
    evidence: Mapped[str | None] = field(
        label=_l("Căn cứ xác minh"), clean=clean.multiline, multiline=True, sensitivity=Sensitivity.CASE
    )
    is_active: Mapped[bool] = field(label=_l("Còn nguyện vọng nhận chăm sóc"), default=True)

    @property
    def number(self) -> str:
        """What papers call it."""
        return f"NCS-{self.id:04d}"

    @property
    def birth(self) -> PartialDate | None:
        """The birth date with its precision."""
        return PartialDate(self.born_on, self.birth_precision) if self.born_on else None


class CareForm(Choice):
    """With whom a child is placed, in the order the decree prefers (NĐ 56/2017 Đ42.2)."""

    RELATIVE = "relative", _l("Người thân thích")
    FAMILY = "family", _l("Cá nhân, gia đình không thân thích")
    FACILITY = "facility", _l("Cơ sở trợ giúp xã hội")


class CareDecision(Choice):
    """The leader's word on a placement (Mẫu 12)."""

    WAITING = "waiting", _l("Chờ quyết định")
    APPROVED = "approved", _l("Đã quyết định giao")
    REFUSED = "refused", _l("Không chấp thuận")


class CareEnd(Choice):
    """Why a placement ended (Luật Trẻ em Đ69; TT 14/2020 Đ13.4)."""

    HARMED = "harmed", _l("Người chăm sóc xâm hại trẻ em: chuyển trẻ đi ngay")
    UNFIT = "unfit", _l("Người chăm sóc không còn đủ điều kiện hoặc vi phạm")
    ASKED = "asked", _l("Người chăm sóc đề nghị (Mẫu 15)")
    OFFENDED = "offended", _l("Trẻ em vi phạm nghiêm trọng với người chăm sóc")
    REUNITED = "reunited", _l("Trẻ em đoàn tụ gia đình")
    ADOPTED = "adopted", _l("Trẻ em được nhận làm con nuôi")
    GROWN = "grown", _l("Đủ 16 tuổi, đã đánh giá và chuyển tiếp")
    OTHER = "other", _l("Lý do khác")


class CarePlacement(Timestamped, Versioned, Base):
    """A child's way into alternative care: assessed (Mẫu 10), decided (Mẫu 12), handed over, ended (Mẫu 16).

    A child is with one carer at a time: the index at the foot of this file keeps a second running placement out.
    """

    __tablename__ = "care_placements"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("children.id"), index=True)
    child: Mapped[Child] = relationship()
    #: The case it belongs to, if any; then its own words are for that case's team (NĐ 56/2017 Đ24, Đ33).
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    case: Mapped[Case | None] = relationship()
    carer: Mapped[FosterCarer | None] = relationship(lazy="joined")
    provider: Mapped[Provider | None] = relationship(lazy="joined")
    collaborator: Mapped[User | None] = relationship(foreign_keys="CarePlacement.collaborator_id")
    visits: Mapped[list["CareVisit"]] = relationship(
        back_populates="placement", order_by="(CareVisit.visited_on, CareVisit.id)", lazy="selectin"
    )
    evaluations: Mapped[list["CareEvaluation"]] = relationship(
        back_populates="placement", order_by="(CareEvaluation.evaluated_on, CareEvaluation.id)", lazy="selectin"
    )
    submitted_at: Mapped[datetime | None]
    decision: Mapped[CareDecision] = mapped_column(default=CareDecision.WAITING)

    form: Mapped[CareForm] = field(label=_l("Hình thức chăm sóc thay thế"), required=True)
    carer_id: Mapped[int | None] = field(ForeignKey("foster_carers.id"), label=_l("Người nhận chăm sóc"))
    provider_id: Mapped[int | None] = field(ForeignKey("providers.id"), label=_l("Cơ sở nhận chăm sóc"))
    nearer_reason: Mapped[str | None] = field(
        label=_l("Vì sao không giao được cho người gần hơn"),
        help=_l("Thứ tự ưu tiên: người thân thích, rồi cá nhân, gia đình khác, rồi cơ sở (NĐ 56/2017 Đ42.2)."),
        clean=clean.multiline, multiline=True, sensitivity=Sensitivity.CASE,
    )  # fmt: skip
    assessed_on: Mapped[date | None] = field(label=_l("Ngày đánh giá trẻ em (Mẫu 10)"))
    situation: Mapped[str | None] = field(
        label=_l("Hoàn cảnh, tình trạng của trẻ em"), clean=clean.multiline, multiline=True,
        sensitivity=Sensitivity.CASE,
    )  # fmt: skip
    needs: Mapped[str | None] = field(
        label=_l("Nhu cầu của trẻ em"), clean=clean.multiline, multiline=True, sensitivity=Sensitivity.CASE
    )
    asked_on: Mapped[date | None] = field(
        label=_l("Ngày hỏi ý kiến trẻ em"), help=_l("Bắt buộc hỏi trẻ em từ đủ 7 tuổi (Luật Trẻ em Đ63).")
    )
    child_opinion: Mapped[str | None] = field(
        label=_l("Ý kiến, nguyện vọng của trẻ em"), clean=clean.multiline, multiline=True,
        sensitivity=Sensitivity.CASE,
    )  # fmt: skip
    dossier: Mapped[str | None] = field(
        label=_l("Giấy tờ trong hồ sơ"),
        help=_l("Giấy khai sinh hoặc chứng sinh, giấy khám sức khỏe, ảnh, biên bản bỏ rơi … (NĐ 56/2017 Đ38.3)"),
        clean=clean.multiline, multiline=True,
    )  # fmt: skip
    first_meeting_on: Mapped[date | None] = field(
        label=_l("Lần gặp thứ nhất của trẻ và người nhận"), help=_l("Không cần với người thân thích.")
    )
    second_meeting_on: Mapped[date | None] = field(label=_l("Lần gặp thứ hai"))

    decided_on: Mapped[date | None] = field(label=_l("Ngày quyết định (Mẫu 12)"))
    decision_number: Mapped[str | None] = field(label=_l("Số quyết định"), clean=clean.text, max_length=60)
    decision_reason: Mapped[str | None] = field(
        label=_l("Lý do, yêu cầu bổ sung"), clean=clean.multiline, multiline=True, sensitivity=Sensitivity.CASE
    )
    handed_over_on: Mapped[date | None] = field(label=_l("Ngày giao, nhận trẻ em"))
    collaborator_id: Mapped[int | None] = field(ForeignKey("users.id"), label=_l("Cộng tác viên theo dõi"))
    ended_on: Mapped[date | None] = field(label=_l("Ngày chấm dứt"))
    end_reason: Mapped[CareEnd | None] = field(label=_l("Lý do chấm dứt"), sensitivity=Sensitivity.CASE)
    end_number: Mapped[str | None] = field(label=_l("Số quyết định chấm dứt (Mẫu 16)"), clean=clean.text, max_length=60)
    end_note: Mapped[str | None] = field(
        label=_l("Trẻ em về đâu, ai chăm sóc tiếp"), clean=clean.multiline, multiline=True,
        sensitivity=Sensitivity.CASE,
    )  # fmt: skip

    @property
    def number(self) -> str:
        """What papers call it. Says nothing about the child."""
        return f"CSTT-{self.id:04d}"

    @property
    def with_whom(self) -> str | None:
        """The carer's or the facility's name."""
        if self.form is CareForm.FACILITY:
            return self.provider.name if self.provider else None
        return self.carer.full_name if self.carer else None

    @property
    def is_draft(self) -> bool:
        """Whether the officer still works on it: not submitted, or sent back."""
        return self.submitted_at is None or self.decision is CareDecision.REFUSED

    @property
    def waits(self) -> bool:
        """Whether the leader has to decide."""
        return self.submitted_at is not None and self.decision is CareDecision.WAITING and self.ended_on is None

    @property
    def runs(self) -> bool:
        """Whether the child is with the carer now."""
        return self.handed_over_on is not None and self.ended_on is None


class CareVisit(Timestamped, Versioned, Base):
    """A visit to a child in alternative care (Mẫu 13; NĐ 56/2017 Đ43.2)."""

    __tablename__ = "care_visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    placement_id: Mapped[int] = mapped_column(ForeignKey("care_placements.id"), index=True)
    placement: Mapped[CarePlacement] = relationship(back_populates="visits")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    visited_on: Mapped[date] = field(label=_l("Ngày thăm"), required=True)
    observed: Mapped[str] = field(
        label=_l("Sức khỏe, học tập, quan hệ của trẻ với gia đình nhận"), required=True, clean=clean.multiline,
        multiline=True, sensitivity=Sensitivity.CASE,
    )  # fmt: skip
    child_words: Mapped[str | None] = field(
        label=_l("Trẻ em nói gì"), clean=clean.multiline, multiline=True, sensitivity=Sensitivity.CASE
    )
    proposal: Mapped[str | None] = field(
        label=_l("Đề nghị"), clean=clean.multiline, multiline=True, sensitivity=Sensitivity.CASE
    )


class CareVerdict(Choice):
    """What an evaluation comes to."""

    CONTINUE = "continue", _l("Tiếp tục chăm sóc thay thế như hiện nay")
    SUPPORT = "support", _l("Tiếp tục, cần hỗ trợ thêm")
    CHANGE = "change", _l("Cần thay đổi người hoặc hình thức chăm sóc")
    REUNITE = "reunite", _l("Đưa trẻ em về đoàn tụ gia đình")


class CareEvaluation(Timestamped, Versioned, Base):
    """The commune's evaluation of a placement every six months, reported upward (Luật Trẻ em Đ68.2)."""

    __tablename__ = "care_evaluations"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    placement_id: Mapped[int] = mapped_column(ForeignKey("care_placements.id"), index=True)
    placement: Mapped[CarePlacement] = relationship(back_populates="evaluations")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    evaluated_on: Mapped[date] = field(label=_l("Ngày đánh giá"), required=True)
    findings: Mapped[str] = field(
        label=_l("Nhận xét về việc chăm sóc và sự phát triển của trẻ em"), required=True, clean=clean.multiline,
        multiline=True, sensitivity=Sensitivity.CASE,
    )  # fmt: skip
    verdict: Mapped[CareVerdict] = field(label=_l("Kết luận"), required=True)
    reported_on: Mapped[date | None] = field(
        label=_l("Ngày báo cáo cấp trên"), help=_l("Chưa báo cáo thì để trống; việc này còn trong danh sách đến hạn.")
    )


class CarerListSent(Timestamped, Versioned, Base):
    """That the list of those ready to take a child (Mẫu 09) went upward for a quarter (NĐ 56/2017 Đ40)."""

    __tablename__ = "carer_lists_sent"
    __table_args__ = (UniqueConstraint("commune_id", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    #: The quarter by its code: 2026-Q3.
    period: Mapped[str]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: How many people stood on it.
    count: Mapped[int]

    sent_on: Mapped[date] = field(label=_l("Ngày gửi"), required=True)
    sent_to: Mapped[str] = field(label=_l("Gửi đến"), required=True, clean=clean.text)


_RUNS = CarePlacement.handed_over_on.is_not(None) & CarePlacement.ended_on.is_(None)
Index("uq_care_placements_running", CarePlacement.child_id, unique=True, sqlite_where=_RUNS, postgresql_where=_RUNS)
