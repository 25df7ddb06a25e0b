"""The base amount of social assistance, by date: what every allowance is a multiple of."""

from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models import clean
from models.base import Base, Timestamped, Versioned
from models.fields import field


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
