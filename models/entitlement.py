"""Entitlements: the base amount by date, what every allowance is a multiple of; and what a person answered about a right."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clean
from models.base import Base, Timestamped, Versioned
from models.child import Child
from models.fields import Choice, Sensitivity, field
from models.user import User


class AllowanceBase(Timestamped, Versioned, Base):
    """Mức chuẩn trợ giúp xã hội from a day on: the government's, or a higher one of the province (NĐ 20/2021 Đ4)."""

    __tablename__ = "allowance_bases"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: None for the government's amount, which holds for all; a commune's own rows are its province's decisions.
    commune_id: Mapped[int | None] = mapped_column(ForeignKey("communes.id"), index=True)

    starts_on: Mapped[date] = field(label=_l("Áp dụng từ ngày"), required=True)
    amount: Mapped[int] = field(label=_l("Mức chuẩn hằng tháng"), required=True, unit=_l("đồng"))
    source: Mapped[str | None] = field(
        label=_l("Căn cứ"),
        help=_l("Ví dụ: Nghị quyết số … của HĐND tỉnh"),
        clean=clean.text,
        max_length=200,
    )


class Right(Choice):
    """What a child, or who cares for it, may be entitled to. Those paid in money bear the codes of AllowanceBasis."""

    K1 = "k1", _l("Trợ cấp trẻ em không có nguồn nuôi dưỡng")
    K2 = "k2", _l("Trợ cấp người từ 16 đến 22 tuổi đang đi học")
    K3 = "k3", _l("Trợ cấp trẻ em nhiễm HIV/AIDS thuộc hộ nghèo")
    K4 = "k4", _l("Trợ cấp người đơn thân nghèo, cận nghèo nuôi con")
    K6 = "k6", _l("Trợ cấp trẻ em khuyết tật nặng, đặc biệt nặng")
    K7 = "k7", _l("Trợ cấp trẻ em dưới 3 tuổi vùng đặc biệt khó khăn")
    OTHER = "other", _l("Chính sách khác của địa phương")
    CARER = "carer", _l("Hỗ trợ người nhận chăm sóc, nuôi dưỡng")
    CARD = "card", _l("Thẻ bảo hiểm y tế trẻ em dưới 6 tuổi")
    CERTIFICATE = "certificate", _l("Cấp lại giấy xác nhận khuyết tật khi đủ 6 tuổi")


class Verdict(Choice):
    """What a person decided about a right."""

    ENTITLED = "yes", _l("Được hưởng")
    NOT_ENTITLED = "no", _l("Không được hưởng")


class EntitlementAnswer(Timestamped, Versioned, Base):
    """What a person answered about one right of one child: the data cannot decide it, or she disagrees with what they say.

    Which right it is may tell of HIV, and so may the reason: both are read only by who may know (NĐ 20/2021/NĐ-CP Đ8).
    """

    __tablename__ = "entitlement_answers"
    __table_args__ = (UniqueConstraint("child_id", "right"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("children.id"), index=True)
    child: Mapped[Child] = relationship()
    answered_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    answered_by: Mapped[User] = relationship(lazy="joined")
    #: {kind of fact: digest of what it was}: the answer is asked again when one of them changes.
    rested_on: Mapped[dict[str, Any]] = mapped_column(JSON)

    right: Mapped[Right] = field(label=_l("Quyền lợi"), required=True, sensitivity=Sensitivity.HIV)
    verdict: Mapped[Verdict] = field(label=_l("Trả lời"), required=True)
    reason: Mapped[str] = field(
        label=_l("Lý do"),
        help=_l("Đã xem giấy tờ nào, hỏi ai, theo điều khoản nào."),
        required=True,
        clean=clean.multiline,
        multiline=True,
        max_length=1000,
        sensitivity=Sensitivity.HIV,
    )
    answered_on: Mapped[date] = field(label=_l("Ngày trả lời"), required=True)
