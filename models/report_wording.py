"""What a commune's reports and covers say around the figures, in its own words, with dates."""

from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models import clean
from models.base import Base, Timestamped, Versioned
from models.fields import field


class ReportWording(Timestamped, Versioned, Base):
    """The words of one part of a paper from a day on (app/reports/wording.py knows the parts and the usual words)."""

    __tablename__ = "report_wordings"
    __table_args__ = (UniqueConstraint("commune_id", "part", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    #: "work.greeting"
    part: Mapped[str]

    text: Mapped[str | None] = field(
        label=_l("Lời văn"),
        help=_l("Để trống thì từ ngày ấy lại dùng lời thường dùng."),
        clean=clean.multiline,
        multiline=True,
        max_length=2000,
    )
    valid_from: Mapped[date] = field(label=_l("Dùng cho văn bản lập từ ngày"), required=True)
