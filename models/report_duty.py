"""What a commune must report, by when, to whom: rules with their dates, and what was sent outside the program."""

from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clean
from models.base import Base, Timestamped, Versioned
from models.fields import Choice, field
from models.report import ReportKind
from models.user import User


class PeriodRule(Choice):
    """Which periods a duty is about (app/periods.py)."""

    MONTH = "month", _l("Hằng tháng")
    QUARTER = "quarter", _l("Hằng quý")
    HALF = "half", _l("6 tháng một lần (tính theo năm dương lịch)")
    FIRST_HALF = "first_half", _l("6 tháng đầu năm (01/01–30/6)")
    STATISTICAL_HALF = "statistical_half", _l("6 tháng đầu năm (15/12–14/6)")
    NINE_MONTHS = "nine_months", _l("9 tháng đầu năm")
    YEAR = "year", _l("Năm (01/01–31/12)")
    STATISTICAL_YEAR = "statistical_year", _l("Năm (15/12–14/12)")
    JUNE = "june", _l("Tháng hành động vì trẻ em (01/6–30/6)")


class ReportDuty(Timestamped, Versioned, Base):
    """A report the commune owes again and again (chế độ báo cáo). Its dates change by letter every year: data, never code."""

    __tablename__ = "report_duties"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)

    name: Mapped[str] = field(label=_l("Tên báo cáo, danh sách"), required=True, clean=clean.text, max_length=160)
    kind: Mapped[ReportKind | None] = field(
        label=_l("Loại báo cáo của phần mềm"),
        help=_l("Khi báo cáo loại này được gửi thì hạn tự hết. Để trống nếu lập ngoài phần mềm."),
    )
    rule: Mapped[PeriodRule] = field(label=_l("Kỳ báo cáo"), required=True)
    months_after: Mapped[int] = field(
        label=_l("Hạn ở tháng thứ mấy sau khi kỳ kết thúc"),
        help=_l("0: ngay trong tháng kỳ kết thúc; 1: tháng sau; 2: hai tháng sau."),
        required=True,
        default=0,
    )
    due_day: Mapped[int] = field(
        label=_l("Ngày cuối còn đúng hạn"),
        help=_l("Ngày trong tháng. “Trước ngày 10” thì ghi 9; ngày cuối tháng thì ghi 31."),
        required=True,
    )
    addressee: Mapped[str | None] = field(label=_l("Nơi nhận"), clean=clean.text)
    source: Mapped[str] = field(
        label=_l("Văn bản quy định"), help=_l("Ví dụ: TT 28/2019/TT-BLĐTBXH Đ5"), required=True, clean=clean.text
    )
    valid_from: Mapped[date] = field(label=_l("Tính các hạn từ ngày"), required=True)
    valid_to: Mapped[date | None] = field(label=_l("Đến ngày"))


class DutyDone(Timestamped, Versioned, Base):
    """A report sent outside the program, as somebody noted."""

    __tablename__ = "duties_done"
    __table_args__ = (UniqueConstraint("duty_id", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("report_duties.id"))
    duty: Mapped[ReportDuty] = relationship()
    #: As in app/periods.py.
    period: Mapped[str]
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    noted_by: Mapped[User | None] = relationship()

    sent_on: Mapped[date] = field(label=_l("Ngày gửi"), required=True)
    note: Mapped[str | None] = field(label=_l("Số, ký hiệu văn bản"), clean=clean.text, max_length=120)
