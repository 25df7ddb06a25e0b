"""Places: the commune, its villages, the office that gets its reports, and its calendar of holidays."""

from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clean
from models.base import KEY, Base, Timestamped, Versioned
from models.fields import Choice, field


class Commune(Timestamped, Versioned, Base):
    """A commune, ward, township or special zone (xã, phường, thị trấn, đặc khu). Codes are reused: key on (code, from)."""

    __tablename__ = "communes"
    __table_args__ = (UniqueConstraint("code", "active_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)

    name: Mapped[str] = field(label=_l("Tên xã"), help=_l("Ví dụ: xã Cao Thắng"), required=True, clean=clean.text)
    code: Mapped[str | None] = field(label=_l("Mã đơn vị hành chính"), clean=clean.text, max_length=10)
    district_name: Mapped[str | None] = field(label=_l("Huyện (trước 01/7/2025)"), clean=clean.text)
    province_name: Mapped[str] = field(label=_l("Tỉnh, thành phố"), required=True, clean=clean.text)
    active_from: Mapped[date | None] = field(label=_l("Hiệu lực từ ngày"))
    plan_reference: Mapped[str | None] = field(
        label=_l("Kế hoạch làm căn cứ"),
        help=_l("Ghi trên bìa các biểu, ví dụ: Kế hoạch ngày 18/3/2024 của UBND xã"),
        clean=clean.text,
        max_length=400,
    )
    preparer_name: Mapped[str | None] = field(label=_l("Người lập biểu"), clean=clean.text)
    signatory_title: Mapped[str | None] = field(
        label=_l("Chức vụ người ký"), help=_l("Ví dụ: CHỦ TỊCH, hoặc KT. CHỦ TỊCH – PHÓ CHỦ TỊCH"), clean=clean.text
    )
    signatory_name: Mapped[str | None] = field(label=_l("Họ tên người ký"), clean=clean.text)
    age_notice_days: Mapped[int] = field(
        label=_l("Nhắc trước khi đổi tuổi"),
        help=_l(
            "Công việc hôm nay báo trẻ em sắp đủ 3, 4, 6, 16, 22 tuổi, thẻ BHYT sắp hết giá trị trước chừng này ngày."
        ),
        required=True,
        unit=_l("ngày"),
        default=60,
        server_default="60",
    )
    is_demo: Mapped[bool] = field(label=_l("Dữ liệu bịa để thử"), internal=True, default=False)


class Village(Timestamped, Versioned, Base):
    """A village (thôn, bản, ấp, buôn, khu, tổ dân phố). Old records keep the village name of their day."""

    __tablename__ = "villages"
    __table_args__ = (UniqueConstraint("commune_id", "name_key", "active_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    commune: Mapped[Commune] = relationship()
    name_key: Mapped[str] = mapped_column(KEY, default="")
    position: Mapped[int] = mapped_column(default=0)

    name: Mapped[str] = field(label=_l("Tên thôn"), required=True, clean=clean.text, max_length=80)
    active_from: Mapped[date | None] = field(label=_l("Hiệu lực từ ngày"))
    active_to: Mapped[date | None] = field(label=_l("Hiệu lực đến ngày"))
    merged_into_id: Mapped[int | None] = field(ForeignKey("villages.id"), label=_l("Sáp nhập vào thôn"))
    difficult_from: Mapped[date | None] = field(
        label=_l("Là vùng đặc biệt khó khăn từ ngày"),
        help=_l("Thôn, xã vùng dân tộc thiểu số và miền núi đặc biệt khó khăn (NĐ 20/2021/NĐ-CP Đ5.7)."),
    )
    difficult_to: Mapped[date | None] = field(label=_l("Thôi là vùng đặc biệt khó khăn từ ngày"))


class OfficeLevel(Choice):
    """The level of the office that receives the commune's reports."""

    DISTRICT = "district", _l("Cấp huyện")
    PROVINCE = "province", _l("Cấp tỉnh")
    OTHER = "other", _l("Khác")


class ReceivingOffice(Timestamped, Versioned, Base):
    """Who gets the commune's reports, with dates: districts were abolished on 1/7/2025, the next change will come too."""

    __tablename__ = "receiving_offices"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)

    name: Mapped[str] = field(label=_l("Tên cơ quan nhận báo cáo"), required=True, clean=clean.text)
    level: Mapped[OfficeLevel] = field(label=_l("Cấp"), required=True, default=OfficeLevel.PROVINCE)
    valid_from: Mapped[date | None] = field(label=_l("Nhận báo cáo từ ngày"))
    valid_to: Mapped[date | None] = field(label=_l("Đến ngày"))


class DayKind(Choice):
    """What is special about a day of the calendar."""

    HOLIDAY = "holiday", _l("Nghỉ lễ")
    WORKING = "working", _l("Làm bù")


class CalendarDay(Timestamped, Versioned, Base):
    """A public holiday, or a weekend day worked in exchange (hoán đổi ngày làm việc). Edited every year, never code."""

    __tablename__ = "calendar_days"
    __table_args__ = (UniqueConstraint("commune_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)

    day: Mapped[date] = field(label=_l("Ngày"), required=True)
    kind: Mapped[DayKind] = field(label=_l("Loại"), required=True, default=DayKind.HOLIDAY)
    name: Mapped[str] = field(label=_l("Tên ngày"), required=True, clean=clean.text)


class LimitKind(Choice):
    """Which limit of the procedure; app/deadlines.py knows the law's own."""

    EMERGENCY_HOURS = "emergency_hours", _l("Đánh giá ban đầu, can thiệp khẩn cấp (giờ)")
    PLAN_DAYS = "plan_days", _l("Lập, trình kế hoạch (ngày làm việc)")
    APPROVAL_DAYS = "approval_days", _l("Phê duyệt kế hoạch (ngày làm việc)")
    BREACH_HOURS = "breach_hours", _l("Thông báo vi phạm về dữ liệu cá nhân (giờ)")


class LocalLimit(Timestamped, Versioned, Base):
    """A limit that the locality has shortened, from a day on. Never longer than the decree's."""

    __tablename__ = "local_limits"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)

    kind: Mapped[LimitKind] = field(label=_l("Thời hạn nào"), required=True)
    amount: Mapped[int] = field(label=_l("Rút xuống còn"), required=True)
    valid_from: Mapped[date] = field(label=_l("Áp dụng cho tin nhận từ ngày"), required=True)
    valid_to: Mapped[date | None] = field(label=_l("Đến ngày"))
    source: Mapped[str] = field(
        label=_l("Văn bản quy định"), help=_l("Ví dụ: Quyết định số … của UBND tỉnh"), required=True, clean=clean.text
    )


class EthnicGroup(Base):
    """One of the 54 ethnic groups, or 55 foreigner, 56 unknown (dân tộc)."""

    __tablename__ = "ethnic_groups"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


Index("ix_villages_commune_position", Village.commune_id, Village.position)
