"""What another register says of a child: the commune police, and the databases of other branches (liên thông, đối chiếu)."""

from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clean
from models.base import Base, Timestamped
from models.child import Child
from models.fields import Choice, field


class CheckSource(Choice):
    """Whose list a child was compared with."""

    POLICE = "police", _l("Công an xã (CSDL quốc gia về dân cư)")
    BIRTHS = "births", _l("Hộ tịch (đăng ký khai sinh)")
    INSURANCE = "insurance", _l("Bảo hiểm xã hội (thẻ BHYT)")
    SCHOOL = "school", _l("Trường học")
    POVERTY = "poverty", _l("Hộ nghèo, hộ cận nghèo")
    PROTECTION = "protection", _l("Trợ giúp xã hội (khuyết tật)")


class CheckResult(Choice):
    """What the comparison found."""

    MATCHED = "matched", _l("Khớp")
    MISMATCH = "mismatch", _l("Không khớp")


class SourceCheck(Timestamped, Base):
    """One child compared with one list: the result, the day, and who verified it (CV 2513/LĐTBXH-TTTT, step 3)."""

    __tablename__ = "source_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("children.id"), index=True)
    child: Mapped[Child] = relationship()

    source: Mapped[CheckSource] = field(label=_l("Đối chiếu với"), internal=True)
    result: Mapped[CheckResult] = field(label=_l("Kết quả đối chiếu"), internal=True)
    checked_on: Mapped[date] = field(label=_l("Ngày đối chiếu"), internal=True)
    verified_by: Mapped[str | None] = field(label=_l("Người xác minh"), clean=clean.text, internal=True)


Index("ix_source_checks_commune", SourceCheck.commune_id, SourceCheck.source, SourceCheck.child_id)
