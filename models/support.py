"""What a child receives: allowances, services, and those who provide them."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Optional

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clean
from models.base import KEY, Base, Timestamped, Versioned
from models.child import Child
from models.fields import Choice, Sensitivity, field

if TYPE_CHECKING:
    from models.case import PlanAction
    from models.user import User


class AllowanceBasis(Choice):
    """The paragraph of NĐ 20/2021/NĐ-CP Đ5, or Đ20, under which money is paid every month."""

    K1 = "k1", _l("Khoản 1: trẻ em không có nguồn nuôi dưỡng")
    K2 = "k2", _l("Khoản 2: người từ 16 đến 22 tuổi đang đi học, đã hưởng khoản 1")
    K3 = "k3", _l("Khoản 3: trẻ em nhiễm HIV/AIDS thuộc hộ nghèo")
    K4 = "k4", _l("Khoản 4: người đơn thân nghèo nuôi con")
    K6 = "k6", _l("Khoản 6: người khuyết tật nặng, đặc biệt nặng")
    K7 = "k7", _l("Khoản 7: trẻ em dưới 3 tuổi vùng đặc biệt khó khăn")
    CARER = "carer", _l("Điều 20: hỗ trợ người nhận chăm sóc, nuôi dưỡng")
    OTHER = "other", _l("Chính sách khác của địa phương")


class AllowanceEnd(Choice):
    """Why an allowance ended or was suspended (NĐ 20/2021/NĐ-CP Đ8; TT 02/2021/TT-BLĐTBXH Đ2)."""

    AGE = "age", _l("Đủ tuổi thôi hưởng")
    NOT_LEARNING = "not_learning", _l("Thôi học, học xong")
    CONDITION = "condition", _l("Không còn đủ điều kiện khác")
    OTHER_PARAGRAPH = "other_paragraph", _l("Chuyển sang khoản khác, mức khác")
    MOVED = "moved", _l("Chuyển nơi cư trú")
    DIED = "died", _l("Chết")
    UNCLAIMED = "unclaimed", _l("Tạm dừng: không nhận từ 3 tháng trở lên")
    OTHER = "other", _l("Lý do khác")


class Allowance(Timestamped, Versioned, Base):
    """A monthly social allowance received (trợ cấp xã hội hằng tháng; NĐ 20/2021/NĐ-CP)."""

    __tablename__ = "allowances"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("children.id"), index=True)
    child: Mapped[Child] = relationship(back_populates="allowances")

    basis: Mapped[AllowanceBasis] = field(label=_l("Căn cứ hưởng"), required=True, sensitivity=Sensitivity.SENSITIVE)
    coefficient: Mapped[Decimal | None] = field(Numeric(4, 2), label=_l("Hệ số"))
    monthly_amount: Mapped[int | None] = field(label=_l("Mức hưởng hằng tháng"), unit=_l("đồng"))
    decision_number: Mapped[str | None] = field(label=_l("Số quyết định"), clean=clean.text, max_length=60)
    decided_on: Mapped[date | None] = field(label=_l("Ngày quyết định"))
    started_on: Mapped[date | None] = field(label=_l("Hưởng từ ngày"))
    ended_on: Mapped[date | None] = field(label=_l("Thôi hưởng từ ngày"))
    end_reason: Mapped[AllowanceEnd | None] = field(label=_l("Lý do thôi hưởng"))


class ProviderKind(Choice):
    """What sort of body provides a service."""

    CARE_FACILITY = "care_facility", _l("Cơ sở trợ giúp xã hội, cơ sở bảo vệ trẻ em")
    SCHOOL = "school", _l("Trường học")
    HEALTH = "health", _l("Cơ sở y tế")
    CHARITY = "charity", _l("Tổ chức, nhóm thiện nguyện")
    ENTERPRISE = "enterprise", _l("Doanh nghiệp")
    AUTHORITY = "authority", _l("Cơ quan nhà nước")
    PERSON = "person", _l("Cá nhân")
    OTHER = "other", _l("Khác")


class Provider(Timestamped, Versioned, Base):
    """Who provides services to children (cơ sở cung cấp dịch vụ bảo vệ trẻ em)."""

    __tablename__ = "providers"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    name_key: Mapped[str] = mapped_column(KEY, default="")
    sort_key: Mapped[str] = mapped_column(KEY, default="")

    name: Mapped[str] = field(label=_l("Tên cơ sở, tổ chức"), required=True, clean=clean.text)
    kind: Mapped[ProviderKind] = field(label=_l("Loại"), required=True, default=ProviderKind.OTHER)
    phone: Mapped[str | None] = field(label=_l("Điện thoại"), clean=clean.phone)
    address: Mapped[str | None] = field(label=_l("Địa chỉ"), clean=clean.text)
    note: Mapped[str | None] = field(label=_l("Ghi chú"), clean=clean.multiline, multiline=True)
    is_active: Mapped[bool] = field(label=_l("Đang hoạt động"), default=True)

    inspections: Mapped[list["Inspection"]] = relationship(
        back_populates="provider", order_by="(Inspection.visited_on.desc(), Inspection.id.desc())"
    )


class Inspection(Timestamped, Versioned, Base):
    """A visit to a provider or care facility, what was found, and by when it is to be mended (kiểm tra cơ sở)."""

    __tablename__ = "inspections"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("providers.id"), index=True)
    provider: Mapped[Provider] = relationship(back_populates="inspections")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    visited_on: Mapped[date] = field(label=_l("Ngày kiểm tra"), required=True)
    inspectors: Mapped[str] = field(label=_l("Người, đoàn kiểm tra"), required=True, clean=clean.text)
    findings: Mapped[str] = field(
        label=_l("Kết quả, tồn tại phát hiện"),
        help=_l("Không ghi tên trẻ em; việc của một trẻ thì ghi ở hồ sơ của trẻ."),
        required=True,
        clean=clean.multiline,
        multiline=True,
    )
    mend_by: Mapped[date | None] = field(label=_l("Hạn khắc phục"))
    mended_on: Mapped[date | None] = field(label=_l("Đã khắc phục ngày"))


class ServiceKind(Choice):
    """Service catalogue after TT 14/2020/TT-BLĐTBXH and Luật Trẻ em Đ49–50."""

    HEALTH = "health", _l("Chăm sóc sức khỏe")
    EDUCATION = "education", _l("Hỗ trợ giáo dục")
    PSYCHOLOGY = "psychology", _l("Hỗ trợ tâm lý")
    WELFARE = "welfare", _l("Phúc lợi xã hội")
    PROTECTION = "protection", _l("Bảo vệ trẻ em")
    LEGAL = "legal", _l("Trợ giúp pháp lý")
    COUNSELLING = "counselling", _l("Cảnh báo nguy cơ, tư vấn cho trẻ em và gia đình")
    SAFE_PLACE = "safe_place", _l("Bố trí nơi tạm trú an toàn")
    ALTERNATIVE_CARE = "alternative_care", _l("Chăm sóc thay thế")
    REUNIFICATION = "reunification", _l("Đoàn tụ gia đình, hòa nhập trường học, cộng đồng")
    VISIT = "visit", _l("Thăm hỏi, theo dõi tại nhà")
    GIFT = "gift", _l("Quà, học bổng, hiện vật")
    OTHER = "other", _l("Khác")

    @property
    def article(self) -> str:
        """The measure of Luật Trẻ em that it is, and the circular where that has a heading for it; "" for others."""
        return _ARTICLES.get(self, "")


_ARTICLES = {
    ServiceKind.HEALTH: "Luật Trẻ em Đ50.2.a; TT 14/2020",
    ServiceKind.EDUCATION: "Luật Trẻ em Đ49.2.c; TT 14/2020",
    ServiceKind.PSYCHOLOGY: "Luật Trẻ em Đ50.2.a; TT 14/2020",
    ServiceKind.WELFARE: "Luật Trẻ em Đ49.2.d; TT 14/2020",
    ServiceKind.PROTECTION: "Luật Trẻ em Đ49.2.b, Đ50.2.g; TT 14/2020",
    ServiceKind.LEGAL: "Luật Trẻ em Đ50.2.e; TT 14/2020",
    ServiceKind.COUNSELLING: "Luật Trẻ em Đ49.2.a, Đ50.2.đ",
    ServiceKind.SAFE_PLACE: "Luật Trẻ em Đ50.2.b",
    ServiceKind.ALTERNATIVE_CARE: "Luật Trẻ em Đ50.2.c",
    ServiceKind.REUNIFICATION: "Luật Trẻ em Đ50.2.d",
    ServiceKind.VISIT: "Luật Trẻ em Đ50.2.h",
    ServiceKind.GIFT: "Luật Trẻ em Đ49.2.d",
}


class Programme(Choice):
    """The eight programmes of the commune's plan of 18/3/2024 (domain.md §5)."""

    ACTION = "qd23", _l("QĐ 23/QĐ-TTg – Chương trình hành động quốc gia vì trẻ em 2021–2030")
    DISABILITY = "qd1438", _l("QĐ 1438/QĐ-TTg – Hỗ trợ trẻ em khuyết tật tiếp cận dịch vụ")
    EARLY_YEARS = "qd1437", _l("QĐ 1437/QĐ-TTg – Phát triển toàn diện trẻ em trong những năm đầu đời")
    FRIENDLY_COMMUNE = "qd06", _l("QĐ 06/QĐ-TTg – Xã, phường, thị trấn phù hợp với trẻ em")
    INJURY = "qd1248", _l("QĐ 1248/QĐ-TTg – Phòng, chống tai nạn, thương tích trẻ em")
    ABUSE = "qd1472", _l("QĐ 1472/QĐ-TTg – Phòng, chống xâm hại trẻ em")
    LABOUR = "qd782", _l("QĐ 782/QĐ-TTg – Phòng ngừa lao động trẻ em trái quy định")
    MENTAL_ORPHAN = "qd1591", _l("QĐ 1591/QĐ-TTg – Sức khỏe tâm thần trẻ em, chăm sóc trẻ em mồ côi")


class FundingSource(Choice):
    """Who pays."""

    STATE = "state", _l("Ngân sách nhà nước")
    SPONSOR = "sponsor", _l("Nhà tài trợ")
    FUND = "fund", _l("Quỹ Bảo trợ trẻ em")
    IN_KIND = "in_kind", _l("Hiện vật, ngày công")
    NONE = "none", _l("Không tốn kinh phí")


class ServiceOutcome(Choice):
    """How a service ended."""

    OPEN = "open", _l("Đang thực hiện")
    DONE = "done", _l("Đã thực hiện")
    PARTLY = "partly", _l("Thực hiện một phần")
    NOT_DONE = "not_done", _l("Không thực hiện được")


class ServiceBatch(Timestamped, Base):
    """The same given to many children by one entry (gifts on 1 June, scholarships); what it was, for the list of batches."""

    __tablename__ = "service_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_by: Mapped["User"] = relationship(foreign_keys=made_by_id)
    services: Mapped[list["Service"]] = relationship(order_by="Service.id")
    kind: Mapped[ServiceKind]
    description: Mapped[str | None]
    count: Mapped[int] = mapped_column(default=0)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Service(Timestamped, Versioned, Base):
    """One thing a child was given, with or without a case (dịch vụ, hỗ trợ)."""

    __tablename__ = "services"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("children.id"), index=True)
    child: Mapped[Child] = relationship(back_populates="services")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    action_id: Mapped[int | None] = mapped_column(ForeignKey("plan_actions.id"), index=True)
    action: Mapped[Optional["PlanAction"]] = relationship(back_populates="services")
    #: Written together with others by one entry.
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("service_batches.id"), index=True)
    provider: Mapped[Provider | None] = relationship(lazy="joined")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    kind: Mapped[ServiceKind] = field(label=_l("Loại dịch vụ"), required=True)
    description: Mapped[str | None] = field(label=_l("Nội dung"), clean=clean.text, max_length=400)
    programme: Mapped[Programme | None] = field(label=_l("Chương trình"))
    provider_id: Mapped[int | None] = field(ForeignKey("providers.id"), label=_l("Nơi cung cấp"))
    requested_on: Mapped[date | None] = field(label=_l("Ngày đề nghị"))
    due_on: Mapped[date | None] = field(label=_l("Hạn thực hiện"))
    started_on: Mapped[date | None] = field(label=_l("Ngày bắt đầu"))
    done_on: Mapped[date | None] = field(label=_l("Ngày thực hiện xong"))
    outcome: Mapped[ServiceOutcome] = field(label=_l("Kết quả"), required=True, default=ServiceOutcome.OPEN)
    quantity: Mapped[str | None] = field(
        label=_l("Số lượng"), help=_l("Ví dụ: 1 suất, 10 quyển vở"), clean=clean.text, max_length=60
    )
    cost: Mapped[int | None] = field(label=_l("Kinh phí"), unit=_l("đồng"))
    funding: Mapped[FundingSource | None] = field(label=_l("Nguồn kinh phí"))
    sponsor_name: Mapped[str | None] = field(label=_l("Tên nhà tài trợ"), clean=clean.text)
    note: Mapped[str | None] = field(label=_l("Ghi chú"), clean=clean.multiline, multiline=True)


Index("ix_services_commune_done", Service.commune_id, Service.done_on)
