"""Accidents and injuries of children (tai nạn, thương tích; QĐ 1248/QĐ-TTg 19/7/2021)."""

from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clean
from models.base import Base, Timestamped, Versioned
from models.child import Child
from models.fields import Choice, Sensitivity, field


class IncidentKind(Choice):
    """What happened, as the programme against injuries counts it (QĐ 1248/QĐ-TTg)."""

    DROWNING = "drowning", _l("Đuối nước")
    TRAFFIC = "traffic", _l("Tai nạn giao thông")
    FALL = "fall", _l("Ngã")
    BURN = "burn", _l("Bỏng")
    POISONING = "poisoning", _l("Ngộ độc")
    CHOKING = "choking", _l("Hóc, ngạt, dị vật")
    ELECTRIC = "electric", _l("Điện giật")
    ANIMAL = "animal", _l("Động vật cắn, đốt, húc")
    SHARP = "sharp", _l("Vật sắc nhọn, vật rơi")
    EXPLOSIVE = "explosive", _l("Bom mìn, vật liệu nổ, pháo")
    LABOUR = "labour", _l("Khi lao động trái quy định")
    OTHER = "other", _l("Tai nạn, thương tích khác")


class IncidentPlace(Choice):
    """Where it happened: home, school, community, as in Ngôi nhà an toàn, Trường học an toàn, Cộng đồng an toàn."""

    HOME = "home", _l("Ở nhà")
    SCHOOL = "school", _l("Ở trường, nhà trẻ")
    ROAD = "road", _l("Trên đường")
    WATER = "water", _l("Ao, hồ, sông, suối, biển, bể bơi")
    COMMUNITY = "community", _l("Nơi công cộng khác")
    UNKNOWN = "unknown", _l("Chưa rõ")


class IncidentOutcome(Choice):
    """What came of it."""

    TREATED = "treated", _l("Đã điều trị, hồi phục")
    TREATING = "treating", _l("Đang điều trị")
    DISABLED = "disabled", _l("Để lại khuyết tật, di chứng")
    DIED = "died", _l("Tử vong")
    UNKNOWN = "unknown", _l("Chưa rõ")


class Incident(Timestamped, Versioned, Base):
    """One accident or injury of one child."""

    __tablename__ = "incidents"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("children.id"), index=True)
    child: Mapped[Child] = relationship()

    kind: Mapped[IncidentKind] = field(label=_l("Loại tai nạn, thương tích"), required=True)
    happened_on: Mapped[date] = field(label=_l("Ngày xảy ra"), required=True)
    place: Mapped[IncidentPlace] = field(label=_l("Nơi xảy ra"), required=True, default=IncidentPlace.UNKNOWN)
    outcome: Mapped[IncidentOutcome] = field(
        label=_l("Kết quả"), required=True, default=IncidentOutcome.UNKNOWN, sensitivity=Sensitivity.SENSITIVE
    )
    note: Mapped[str | None] = field(
        label=_l("Ghi chú"), clean=clean.multiline, multiline=True, sensitivity=Sensitivity.SENSITIVE
    )


Index("ix_incidents_commune_day", Incident.commune_id, Incident.happened_on)
