"""Age bands of figures and reports: the law's, and those a commune was told to count by, with dates."""

from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models import clean
from models.base import Base, Timestamped, Versioned
from models.fields import Choice, field


class AgeSplit(Choice):
    """Which figures are told by age."""

    CHILDREN = "children", _l("Số trẻ em theo độ tuổi")
    ABUSED = "abused", _l("Trẻ em bị xâm hại theo độ tuổi")


class AgeBand(Timestamped, Versioned, Base):
    """One band (nhóm tuổi) of a set; a set splits all ages under 16 without gap or overlap. A commune's own set stands in place of the usual one."""

    __tablename__ = "age_bands"
    __table_args__ = (
        UniqueConstraint("commune_id", "split", "valid_from", "from_age"),
        CheckConstraint("from_age < to_age", name="ages_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: None: what every commune counts by that has no set of its own.
    commune_id: Mapped[int | None] = mapped_column(ForeignKey("communes.id"), index=True)
    #: The line's code after its main line's ("5" of 1.5); the same ages have the same code in every set.
    code: Mapped[str]
    #: From this many full years (included) to this many (excluded).
    from_age: Mapped[int]
    to_age: Mapped[int]

    split: Mapped[AgeSplit] = field(label=_l("Số liệu nào"), required=True, internal=True)
    wording: Mapped[str | None] = field(
        label=_l("Cách gọi"),
        help=_l("Để trống thì gọi theo số tuổi, ví dụ: Từ 3 đến dưới 6 tuổi."),
        clean=clean.text,
        max_length=80,
    )
    valid_from: Mapped[date | None] = field(label=_l("Tính từ ngày"), internal=True)
    valid_to: Mapped[date | None] = field(label=_l("Đến ngày"), internal=True)
    source: Mapped[str] = field(
        label=_l("Văn bản quy định"), help=_l("Ví dụ: TT 13/2021/TT-BLĐTBXH"), required=True, clean=clean.text
    )
