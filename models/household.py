"""Households, and whether they were poor in a given year."""

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clean
from models.base import KEY, Base, Timestamped, Versioned
from models.fields import Choice, Sensitivity, field
from models.place import Village

if TYPE_CHECKING:
    from models.child import Child


class Household(Timestamped, Versioned, Base):
    """A household (hộ gia đình) with its head."""

    __tablename__ = "households"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    village: Mapped[Village] = relationship(lazy="joined")
    children: Mapped[list["Child"]] = relationship(back_populates="household")
    statuses: Mapped[list["HouseholdStatus"]] = relationship(
        back_populates="household", order_by="HouseholdStatus.year.desc()", cascade="all, delete-orphan"
    )
    head_key: Mapped[str] = mapped_column(KEY, default="")
    sort_key: Mapped[str] = mapped_column(KEY, default="")

    head_name: Mapped[str] = field(
        label=_l("Họ và tên chủ hộ"),
        required=True,
        max_length=120,
        clean=clean.person_name,
        sensitivity=Sensitivity.PERSONAL,
        aliases=("Chủ hộ", "Tên chủ hộ", "Họ tên chủ hộ"),
    )
    village_id: Mapped[int] = field(ForeignKey("villages.id"), label=_l("Thôn"), required=True)
    address: Mapped[str | None] = field(
        label=_l("Địa chỉ"), clean=clean.text, sensitivity=Sensitivity.CONTACT, aliases=("Số nhà", "Nơi ở")
    )
    phone: Mapped[str | None] = field(
        label=_l("Điện thoại"), clean=clean.phone, sensitivity=Sensitivity.CONTACT, aliases=("SĐT", "Số điện thoại")
    )
    book_code: Mapped[str | None] = field(label=_l("Mã hộ"), clean=clean.text, max_length=40)


class Poverty(Choice):
    """A household's standing on the yearly list. NĐ 07/2021/NĐ-CP, QĐ 24/2021/QĐ-TTg."""

    POOR = "poor", _l("Hộ nghèo")
    NEAR_POOR = "near_poor", _l("Hộ cận nghèo")
    NONE = "none", _l("Không thuộc hộ nghèo, cận nghèo")


class HouseholdStatus(Timestamped, Versioned, Base):
    """Poor or near-poor in one year, with the decision that says so (hộ nghèo, hộ cận nghèo theo năm)."""

    __tablename__ = "household_statuses"
    __table_args__ = (UniqueConstraint("household_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("households.id"), index=True)
    household: Mapped[Household] = relationship(back_populates="statuses")

    year: Mapped[int] = field(label=_l("Năm"), required=True)
    status: Mapped[Poverty] = field(label=_l("Diện hộ"), required=True)
    decision: Mapped[str | None] = field(label=_l("Quyết định công nhận"), clean=clean.text)


Index("ix_households_commune_sort", Household.commune_id, Household.sort_key, Household.id)
Index("ix_households_village_sort", Household.village_id, Household.sort_key, Household.id)
