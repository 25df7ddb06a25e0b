"""Protection casework: what was reported, and every step of the procedure of NĐ 56/2017/NĐ-CP, Chương III."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clean
from models.base import Base, Timestamped, Versioned
from models.child import Child, Sex
from models.fields import Choice, Sensitivity, field
from models.place import Village
from models.support import Service
from models.user import User

if TYPE_CHECKING:
    from models.teamwork import CaseMember, HandOver, Referral, Transfer


class Subject(Choice):
    """What a report is about: the three endings of the title of Mẫu 01."""

    ABUSED = "abused", _l("Trẻ em bị xâm hại")
    AT_RISK = "at_risk", _l("Trẻ em có nguy cơ bị bạo lực, bóc lột, bỏ rơi")
    SPECIAL = "special", _l("Trẻ em có hoàn cảnh đặc biệt")


class Channel(Choice):
    """How the information came (Mẫu 01, mục 1)."""

    PHONE = "phone", _l("Điện thoại")
    IN_PERSON = "in_person", _l("Gặp trực tiếp")
    OTHER_PERSON = "other_person", _l("Người khác báo")
    HOTLINE = "hotline_111", _l("Tổng đài 111")
    POLICE = "police", _l("Công an")
    AUTHORITY = "authority", _l("Cơ quan khác chuyển đến")
    OBSERVED = "observed", _l("Tự phát hiện")


class AbuseForm(Choice):
    """Hình thức xâm hại; Luật Trẻ em Đ4."""

    VIOLENCE = "violence", _l("Bạo lực")
    EXPLOITATION = "exploitation", _l("Bóc lột")
    SEXUAL = "sexual", _l("Xâm hại tình dục")
    TRAFFICKING = "trafficking", _l("Mua bán")
    ABANDONMENT = "abandonment", _l("Bỏ rơi")
    NEGLECT = "neglect", _l("Bỏ mặc")
    OTHER = "other", _l("Hình thức gây tổn hại khác")
    NONE = "none", _l("Không phải xâm hại, hoặc chưa rõ")


class PerpetratorRelation(Choice):
    """Who the alleged perpetrator is to the child, for the yearly count by offender (TT 13/2021, Phụ lục IV, 0101)."""

    PARENT = "parent", _l("Cha, mẹ")
    STEP_PARENT = "step_parent", _l("Cha dượng, mẹ kế, người sống chung với cha hoặc mẹ")
    RELATIVE = "relative", _l("Người thân khác trong gia đình")
    CAREGIVER = "caregiver", _l("Người chăm sóc thay thế, người giám hộ")
    TEACHER = "teacher", _l("Giáo viên, nhân viên cơ sở giáo dục")
    NEIGHBOUR = "neighbour", _l("Hàng xóm, người quen")
    PEER = "peer", _l("Bạn bè, trẻ em khác")
    EMPLOYER = "employer", _l("Người sử dụng lao động")
    STRANGER = "stranger", _l("Người lạ")
    OTHER = "other", _l("Người khác")
    UNKNOWN = "unknown", _l("Chưa rõ")


class ReportState(Choice):
    """Where a report stands."""

    DRAFT = "draft", _l("Đang ghi, chưa gửi")
    SENT = "sent", _l("Đã gửi, chờ công chức")
    OPENED = "opened", _l("Đã lập hồ sơ vụ việc")
    ANSWERED = "answered", _l("Đã trả lời, không lập hồ sơ")


class IntakeReport(Timestamped, Versioned, Base):
    """A concern as it was reported (báo cáo tiếp nhận thông tin; NĐ 56/2017 Đ25, Mẫu 01).

    Nearly everything may be missing: the child may be unknown, the informant anonymous.
    """

    __tablename__ = "intake_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    child: Mapped[Child | None] = relationship()
    village: Mapped[Village | None] = relationship(lazy="joined")
    reported_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    reported_by: Mapped[User] = relationship(foreign_keys=reported_by_id)
    state: Mapped[ReportState] = mapped_column(default=ReportState.DRAFT)
    sent_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]
    #: When the reporter last saw the answer.
    answer_seen_at: Mapped[datetime | None]

    # 1. Nguồn nhận thông tin
    received_at: Mapped[datetime] = field(
        label=_l("Thời gian nhận thông tin"), required=True, help=_l("Hạn 12 giờ tính từ lúc này.")
    )
    channel: Mapped[Channel] = field(label=_l("Nguồn thông tin"), required=True, default=Channel.IN_PERSON)
    hotline_code: Mapped[str | None] = field(label=_l("Mã ca Tổng đài 111"), clean=clean.text, max_length=40)
    subject: Mapped[Subject] = field(label=_l("Về việc"), required=True, default=Subject.AT_RISK)
    # 2. Thông tin về trẻ em
    child_id: Mapped[int | None] = field(ForeignKey("children.id"), label=_l("Trẻ em trong sổ"), index=True)
    child_name: Mapped[str | None] = field(
        label=_l("Họ và tên trẻ em (nếu biết)"),
        clean=clean.person_name,
        max_length=120,
        sensitivity=Sensitivity.PERSONAL,
    )
    child_sex: Mapped[Sex] = field(label=_l("Giới tính"), required=True, default=Sex.UNKNOWN)
    child_age: Mapped[str | None] = field(
        label=_l("Ngày sinh hoặc ước lượng tuổi"), clean=clean.text, max_length=60, sensitivity=Sensitivity.PERSONAL
    )
    village_id: Mapped[int | None] = field(ForeignKey("villages.id"), label=_l("Thôn xảy ra vụ việc"))
    place: Mapped[str | None] = field(label=_l("Địa điểm xảy ra vụ việc"), clean=clean.text, max_length=400)
    happened: Mapped[str | None] = field(
        label=_l("Sự việc và tình trạng hiện tại của trẻ em"),
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    is_urgent: Mapped[bool] = field(label=_l("Trẻ đang bị nguy hiểm, cần can thiệp ngay"), default=False)
    likely_harm: Mapped[str | None] = field(
        label=_l("Phỏng đoán hậu quả có thể xảy ra nếu không có hỗ trợ, can thiệp"),
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    father_words: Mapped[str | None] = field(
        label=_l("Cha: họ tên, tuổi, nghề nghiệp"), clean=clean.text, sensitivity=Sensitivity.PERSONAL
    )
    mother_words: Mapped[str | None] = field(
        label=_l("Mẹ: họ tên, tuổi, nghề nghiệp"), clean=clean.text, sensitivity=Sensitivity.PERSONAL
    )
    family_words: Mapped[str | None] = field(
        label=_l("Hoàn cảnh gia đình"), clean=clean.multiline, multiline=True, sensitivity=Sensitivity.CASE
    )
    caregiver_words: Mapped[str | None] = field(
        label=_l("Hiện ai là người chăm sóc"), clean=clean.text, sensitivity=Sensitivity.PERSONAL
    )
    actions_taken: Mapped[str | None] = field(
        label=_l("Những hành động hỗ trợ, can thiệp đã được thực hiện trước khi nhận thông tin"),
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    # 3. Người cung cấp thông tin (nếu đồng ý)
    is_anonymous: Mapped[bool] = field(label=_l("Người báo tin không cho biết tên"), default=False)
    informant_name: Mapped[str | None] = field(
        label=_l("Họ và tên người báo tin"), clean=clean.person_name, sensitivity=Sensitivity.INFORMANT
    )
    informant_phone: Mapped[str | None] = field(
        label=_l("Số điện thoại người báo tin"), clean=clean.phone, sensitivity=Sensitivity.INFORMANT
    )
    informant_address: Mapped[str | None] = field(
        label=_l("Địa chỉ người báo tin"), clean=clean.text, sensitivity=Sensitivity.INFORMANT
    )
    informant_note: Mapped[str | None] = field(
        label=_l("Ghi chú thêm"), clean=clean.multiline, multiline=True, sensitivity=Sensitivity.INFORMANT
    )
    answer: Mapped[str | None] = field(
        label=_l("Trả lời của công chức"), clean=clean.multiline, multiline=True, internal=True
    )


class Risk(Choice):
    """Mức độ nguy cơ; NĐ 56/2017 Đ26, Mẫu 02."""

    HIGH = "high", _l("Cao")
    MEDIUM = "medium", _l("Trung bình")
    LOW = "low", _l("Thấp")


class ClosureReason(Choice):
    """Why a case was closed (NĐ 56/2017 Đ30)."""

    SAFE = "safe", _l("Trẻ em không còn nguy cơ và đã ổn định")
    TRANSFERRED = "transferred", _l("Đã chuyển hồ sơ cho xã khác")
    SIXTEEN = "sixteen", _l("Đủ 16 tuổi, đã chuyển sang hình thức trợ giúp khác")
    DIED = "died", _l("Trẻ em đã mất")
    UNFOUNDED = "unfounded", _l("Xác minh không có vụ việc")
    OTHER = "other", _l("Lý do khác")


class Case(Timestamped, Versioned, Base):
    """One protection case (vụ việc, hồ sơ), run by the commune where it happened (NĐ 56/2017 Đ26.1).

    The step it has reached is derived from the records below it (app/procedure.py), never stored.
    """

    __tablename__ = "cases"
    __table_args__ = (UniqueConstraint("commune_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    #: VV-2026-0001, unique in the commune.
    number: Mapped[str]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("intake_reports.id"), unique=True)
    report: Mapped[IntakeReport | None] = relationship()
    child: Mapped[Child | None] = relationship()
    village: Mapped[Village | None] = relationship(lazy="joined")
    assigned_to: Mapped[User | None] = relationship(foreign_keys="Case.assigned_to_id")
    collaborator: Mapped[User | None] = relationship(foreign_keys="Case.collaborator_id")
    initial_assessments: Mapped[list["InitialAssessment"]] = relationship(
        back_populates="case", order_by="InitialAssessment.id"
    )
    emergency_measures: Mapped[list["EmergencyMeasure"]] = relationship(
        back_populates="case", order_by="EmergencyMeasure.id"
    )
    comprehensive_assessments: Mapped[list["ComprehensiveAssessment"]] = relationship(
        back_populates="case", order_by="ComprehensiveAssessment.id"
    )
    conferences: Mapped[list["CaseConference"]] = relationship(back_populates="case", order_by="CaseConference.id")
    plans: Mapped[list["CasePlan"]] = relationship(back_populates="case", order_by="CasePlan.id")
    follow_ups: Mapped[list["FollowUp"]] = relationship(back_populates="case", order_by="FollowUp.id")
    reviews: Mapped[list["CaseReview"]] = relationship(back_populates="case", order_by="CaseReview.id")
    services: Mapped[list[Service]] = relationship(order_by="Service.id")
    members: Mapped[list["CaseMember"]] = relationship(back_populates="case", order_by="CaseMember.id")
    hand_overs: Mapped[list["HandOver"]] = relationship(back_populates="case", order_by="HandOver.id")
    referrals: Mapped[list["Referral"]] = relationship(back_populates="case", order_by="Referral.id")
    transfers: Mapped[list["Transfer"]] = relationship(back_populates="case", order_by="Transfer.id")
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reopened_at: Mapped[datetime | None]

    received_at: Mapped[datetime] = field(label=_l("Thời gian nhận thông tin"), required=True)
    subject: Mapped[Subject] = field(label=_l("Về việc"), required=True, default=Subject.AT_RISK)
    abuse_form: Mapped[AbuseForm] = field(
        label=_l("Hình thức xâm hại"), required=True, default=AbuseForm.NONE, sensitivity=Sensitivity.CASE
    )
    child_id: Mapped[int | None] = field(ForeignKey("children.id"), label=_l("Trẻ em trong sổ"), index=True)
    village_id: Mapped[int | None] = field(ForeignKey("villages.id"), label=_l("Thôn xảy ra vụ việc"))
    assigned_to_id: Mapped[int | None] = field(ForeignKey("users.id"), label=_l("Người phụ trách"))
    collaborator_id: Mapped[int | None] = field(ForeignKey("users.id"), label=_l("Cộng tác viên theo dõi"))
    perpetrator: Mapped[str | None] = field(
        label=_l("Người bị cho là gây tổn hại, quan hệ với trẻ em"),
        clean=clean.text,
        max_length=400,
        sensitivity=Sensitivity.PERPETRATOR,
    )
    perpetrator_relation: Mapped[PerpetratorRelation | None] = field(
        label=_l("Quan hệ của người đó với trẻ em"), sensitivity=Sensitivity.PERPETRATOR
    )
    note: Mapped[str | None] = field(
        label=_l("Ghi chép của người phụ trách"), clean=clean.multiline, multiline=True, sensitivity=Sensitivity.CASE
    )
    closure_reason: Mapped[ClosureReason | None] = field(label=_l("Lý do kết thúc"))
    closure_note: Mapped[str | None] = field(
        label=_l("Nội dung kết thúc"), clean=clean.multiline, multiline=True, sensitivity=Sensitivity.CASE
    )
    reopening_reason: Mapped[str | None] = field(
        label=_l("Lý do mở lại"), clean=clean.multiline, multiline=True, sensitivity=Sensitivity.CASE
    )


class InitialAssessment(Timestamped, Versioned, Base):
    """Đánh giá nguy cơ ban đầu, mức độ tổn hại của trẻ em (NĐ 56/2017 Đ26.2, Mẫu 02).

    `levels` maps an item of Mẫu 02 (app/procedure.py) to a Risk; the person writes the conclusion, no score is made.
    """

    __tablename__ = "initial_assessments"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    case: Mapped[Case] = relationship(back_populates="initial_assessments")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    assessed_at: Mapped[datetime] = field(label=_l("Thời gian đánh giá"), required=True)
    levels: Mapped[dict[str, Any]] = field(JSON, label=_l("Mức độ từng mục"), internal=True, default=dict)
    notes: Mapped[dict[str, Any]] = field(
        JSON, label=_l("Ghi chú từng mục"), internal=True, default=dict, sensitivity=Sensitivity.CASE
    )
    risk: Mapped[Risk] = field(label=_l("Kết luận mức độ nguy cơ"), required=True)
    conclusion: Mapped[str | None] = field(
        label=_l("Nhận định, kết luận"), clean=clean.multiline, multiline=True, sensitivity=Sensitivity.CASE
    )
    safety: Mapped[str | None] = field(
        label=_l("Biện pháp can thiệp khẩn cấp, bảo đảm an toàn tạm thời"), clean=clean.multiline, multiline=True,
        sensitivity=Sensitivity.CASE,
    )  # fmt: skip
    is_emergency: Mapped[bool] = field(
        label=_l("Cần biện pháp can thiệp khẩn cấp hoặc tạm thời cách ly"), default=False
    )


class EmergencyMeasure(Timestamped, Versioned, Base):
    """Can thiệp khẩn cấp, tạm thời cách ly (NĐ 56/2017 Đ26.3, 31, 32; Mẫu 07). Separation: at most 15 days in all."""

    __tablename__ = "emergency_measures"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    case: Mapped[Case] = relationship(back_populates="emergency_measures")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    started_at: Mapped[datetime] = field(label=_l("Thời gian áp dụng biện pháp"), required=True)
    extensions: Mapped[list["SeparationExtension"]] = relationship(
        back_populates="measure", order_by="(SeparationExtension.until, SeparationExtension.id)", lazy="joined"
    )
    measure: Mapped[str] = field(
        label=_l("Biện pháp đã áp dụng"),
        required=True,
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    is_separation: Mapped[bool] = field(label=_l("Tạm thời cách ly trẻ em khỏi cha, mẹ, người chăm sóc"), default=False)
    separated_from: Mapped[str | None] = field(
        label=_l("Cách ly trẻ em khỏi ai (họ tên, quan hệ với trẻ em)"),
        clean=clean.text,
        sensitivity=Sensitivity.PERPETRATOR,
    )
    decision_number: Mapped[str | None] = field(label=_l("Số quyết định (Mẫu 07)"), clean=clean.text, max_length=60)
    safe_place: Mapped[str | None] = field(
        label=_l("Nơi tạm trú an toàn, người chăm sóc tạm thời"), clean=clean.text, sensitivity=Sensitivity.CASE
    )
    separated_until: Mapped[date | None] = field(
        label=_l("Cách ly đến ngày"),
        help=_l("Theo quyết định đầu tiên. Mỗi lần gia hạn ghi riêng; tổng cộng không quá 15 ngày (NĐ 56/2017 Đ32.3)."),
    )
    beyond_reason: Mapped[str | None] = field(
        label=_l("Quá 15 ngày: cơ quan nào yêu cầu, đã đánh giá lại thế nào"),
        help=_l("NĐ 56/2017 Đ32.3; TT 14/2020 Đ14.3: đánh giá lại, cho về nhà hoặc đề nghị Tòa án."),
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    ended_on: Mapped[date | None] = field(label=_l("Đã chấm dứt ngày"))

    @property
    def until(self) -> date | None:
        """Until when the child is separated by the latest decision: the first one, or an extension."""
        return self.extensions[-1].until if self.extensions else self.separated_until


class SeparationExtension(Timestamped, Versioned, Base):
    """One decision to go on with a separation (gia hạn; NĐ 56/2017 Đ32.3): at most 15 days in all.

    Longer only where a competent authority requires it (Đ32.3; TT 14/2020 Đ14.3).
    """

    __tablename__ = "separation_extensions"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("emergency_measures.id"), index=True)
    measure: Mapped[EmergencyMeasure] = relationship(back_populates="extensions")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    decided_on: Mapped[date] = field(label=_l("Ngày quyết định gia hạn"), required=True)
    decision_number: Mapped[str] = field(
        label=_l("Số quyết định gia hạn"), required=True, clean=clean.text, max_length=60
    )
    until: Mapped[date] = field(label=_l("Gia hạn đến ngày"), required=True)
    reason: Mapped[str] = field(
        label=_l("Lý do gia hạn"), required=True, clean=clean.multiline, multiline=True, sensitivity=Sensitivity.CASE
    )
    authority: Mapped[str | None] = field(
        label=_l("Quá 15 ngày: cơ quan có thẩm quyền nào yêu cầu, theo văn bản nào"),
        help=_l("Chỉ ghi khi có yêu cầu đó (NĐ 56/2017 Đ32.3; TT 14/2020 Đ14.3)."),
        clean=clean.text,
        max_length=400,
        sensitivity=Sensitivity.CASE,
    )


class ComprehensiveAssessment(Timestamped, Versioned, Base):
    """Thu thập thông tin, xác minh và đánh giá nguy cơ cụ thể (NĐ 56/2017 Đ27.1 a–h, Mẫu 03)."""

    __tablename__ = "comprehensive_assessments"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    case: Mapped[Case] = relationship(back_populates="comprehensive_assessments")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    assessed_on: Mapped[date] = field(label=_l("Ngày đánh giá"), required=True)
    condition: Mapped[str | None] = field(
        label=_l("a) Tình trạng thể chất, tâm lý, tình cảm của trẻ em"),
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    family: Mapped[str | None] = field(
        label=_l("b) Hoàn cảnh gia đình, mối quan hệ, năng lực bảo vệ trẻ em của cha, mẹ, thành viên gia đình"),
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    risk_factors: Mapped[str | None] = field(
        label=_l(
            "c) Các yếu tố làm cho trẻ em có thể bị, tiếp tục bị xâm hại hoặc tiếp tục rơi vào hoàn cảnh đặc biệt"
        ),
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    learning: Mapped[str | None] = field(
        label=_l("d) Điều kiện, khả năng học tập và khả năng tự bảo vệ của trẻ em"),
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    community: Mapped[str | None] = field(
        label=_l("đ) Mức độ an toàn và khả năng hỗ trợ của cộng đồng"),
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    needs: Mapped[str | None] = field(
        label=_l(
            "e) Nhu cầu của trẻ em về y tế, trợ giúp xã hội, giáo dục, học nghề, trợ giúp pháp lý, "
            "tư vấn, trị liệu tâm lý và dịch vụ khác"
        ),
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    child_wishes: Mapped[str | None] = field(
        label=_l("g) Ý kiến, nguyện vọng của trẻ em"),
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    parent_wishes: Mapped[str | None] = field(
        label=_l("h) Ý kiến, nguyện vọng của cha, mẹ, người chăm sóc trẻ em (trừ trường hợp họ là người gây tổn hại)"),
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    risk: Mapped[Risk] = field(label=_l("Kết luận mức độ nguy cơ"), required=True)


class CaseConference(Timestamped, Versioned, Base):
    """Cuộc họp xác định nhu cầu, chaired by the commune's chair (NĐ 56/2017 Đ27.2; biên bản họp)."""

    __tablename__ = "case_conferences"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    case: Mapped[Case] = relationship(back_populates="conferences")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    held_on: Mapped[date] = field(label=_l("Ngày họp"), required=True)
    chair: Mapped[str | None] = field(label=_l("Chủ trì"), clean=clean.text)
    participants: Mapped[str | None] = field(
        label=_l("Thành phần dự họp"), clean=clean.multiline, multiline=True, sensitivity=Sensitivity.CASE
    )
    minutes: Mapped[str] = field(
        label=_l("Nội dung, kết luận cuộc họp"),
        required=True,
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )


class PlanDecision(Choice):
    """What the chair decided on a plan."""

    WAITING = "waiting", _l("Chờ phê duyệt")
    APPROVED = "approved", _l("Đã phê duyệt")
    REFUSED = "refused", _l("Không phê duyệt")


class CasePlan(Timestamped, Versioned, Base):
    """A plan of support and intervention (kế hoạch hỗ trợ, can thiệp; NĐ 56/2017 Đ28, Mẫu 04–05)."""

    __tablename__ = "case_plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    case: Mapped[Case] = relationship(back_populates="plans")
    actions: Mapped[list["PlanAction"]] = relationship(back_populates="plan", order_by="PlanAction.id")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    submitted_at: Mapped[datetime | None]
    decision: Mapped[PlanDecision] = mapped_column(default=PlanDecision.WAITING)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    goal: Mapped[str] = field(
        label=_l("Mục tiêu"), required=True, clean=clean.multiline, multiline=True, sensitivity=Sensitivity.CASE
    )
    starts_on: Mapped[date | None] = field(label=_l("Bắt đầu"))
    ends_on: Mapped[date | None] = field(label=_l("Dự kiến kết thúc"))
    facilities: Mapped[str | None] = field(
        label=_l("Cơ sở cung cấp dịch vụ cần huy động"), help=_l("Ngoài người thực hiện ghi ở từng công việc (NĐ 56/2017 Đ28.3 c)."), clean=clean.multiline,
        multiline=True, sensitivity=Sensitivity.CASE,
    )  # fmt: skip
    decision_number: Mapped[str | None] = field(
        label=_l("Số quyết định (Mẫu 05)"), clean=clean.text, max_length=60, internal=True
    )
    decision_note: Mapped[str | None] = field(
        label=_l("Ý kiến của lãnh đạo"), clean=clean.multiline, multiline=True, internal=True
    )


class PlanAction(Timestamped, Versioned, Base):
    """One action of a plan: what, by whom, from when to when, at what cost (NĐ 56/2017 Đ28.3)."""

    __tablename__ = "plan_actions"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("case_plans.id"), index=True)
    plan: Mapped[CasePlan] = relationship(back_populates="actions")
    services: Mapped[list[Service]] = relationship(back_populates="action", order_by="Service.id")

    description: Mapped[str] = field(
        label=_l("Dịch vụ, công việc cần thực hiện"),
        required=True,
        clean=clean.text,
        max_length=400,
        sensitivity=Sensitivity.CASE,
    )
    responsible: Mapped[str | None] = field(label=_l("Cơ quan, tổ chức, cá nhân thực hiện"), clean=clean.text)
    starts_on: Mapped[date | None] = field(label=_l("Bắt đầu"))
    ends_on: Mapped[date | None] = field(label=_l("Dự kiến kết thúc"))
    budget: Mapped[int | None] = field(label=_l("Dự toán kinh phí"), unit=_l("đồng"))
    done_on: Mapped[date | None] = field(label=_l("Đã thực hiện ngày"))


class FollowUp(Timestamped, Versioned, Base):
    """A visit or contact while a plan is carried out (theo dõi; NĐ 56/2017 Đ29)."""

    __tablename__ = "follow_ups"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    case: Mapped[Case] = relationship(back_populates="follow_ups")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    recorded_by: Mapped[User | None] = relationship()

    visited_on: Mapped[date] = field(label=_l("Ngày thăm, theo dõi"), required=True)
    observed: Mapped[str] = field(
        label=_l("Tình hình của trẻ em"),
        required=True,
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    is_safe: Mapped[bool] = field(label=_l("Trẻ em an toàn tại thời điểm thăm"), default=True)
    next_visit_on: Mapped[date | None] = field(label=_l("Lần thăm tiếp theo"))


class CaseReview(Timestamped, Versioned, Base):
    """Rà soát, đánh giá tình trạng của trẻ em sau khi thực hiện kế hoạch (NĐ 56/2017 Đ30, Mẫu 06)."""

    __tablename__ = "case_reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    case: Mapped[Case] = relationship(back_populates="reviews")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    reviewed_on: Mapped[date] = field(label=_l("Ngày rà soát"), required=True)
    levels: Mapped[dict[str, Any]] = field(JSON, label=_l("Mức độ từng mục"), internal=True, default=dict)
    notes: Mapped[dict[str, Any]] = field(
        JSON, label=_l("Ghi chú từng mục"), internal=True, default=dict, sensitivity=Sensitivity.CASE
    )
    risk: Mapped[Risk] = field(label=_l("Mức độ nguy cơ hiện tại"), required=True)
    conclusion: Mapped[str] = field(
        label=_l("Kết luận, đề xuất"),
        required=True,
        clean=clean.multiline,
        multiline=True,
        sensitivity=Sensitivity.CASE,
    )
    can_close: Mapped[bool] = field(label=_l("Đề nghị kết thúc"), default=False)


Index("ix_cases_commune_received", Case.commune_id, Case.received_at)
Index("ix_intake_reports_commune_state", IntakeReport.commune_id, IntakeReport.state)
