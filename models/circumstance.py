"""Special circumstances, risks and disabilities: what is true of a child from one day to another."""

from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clean
from models.base import Base, Timestamped, Versioned
from models.child import Child
from models.fields import Choice, Sensitivity, field


class KindLevel(Choice):
    """What a line of the circumstance list is."""

    GROUP = "group", _l("Nhóm (chưa rõ tiểu nhóm)")
    SUBGROUP = "subgroup", _l("Tiểu nhóm")
    RISK = "risk", _l("Nguy cơ")
    OLD = "old", _l("Nhóm của luật cũ")


class CircumstanceKind(Timestamped, Versioned, Base):
    """A group (Luật Trẻ em Đ10.1), a sub-group (NĐ 56/2017 Đ3–16), or a risk of the commune's own editable list.

    Codes: `a`…`o` and `a.1`…`o.3` as in app/reference; risks `r.…`.
    """

    __tablename__ = "circumstance_kinds"

    code: Mapped[str] = mapped_column(primary_key=True)
    #: Only a commune's own risks; None for the law's.
    commune_id: Mapped[int | None] = mapped_column(ForeignKey("communes.id"), index=True)
    #: The letter of Luật Trẻ em Đ10.1, or "r" for a risk.
    group_code: Mapped[str] = mapped_column(index=True)
    level: Mapped[KindLevel]
    article: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)
    #: Who may read that a child is in it: ordinary, hiv, sexual_abuse or offence.
    sensitivity: Mapped[Sensitivity] = mapped_column(default=Sensitivity.SENSITIVE)

    wording: Mapped[str] = field(label=_l("Tên nhóm"), required=True, clean=clean.text, max_length=600)
    official_code: Mapped[str | None] = field(label=_l("Mã chính thức (nếu có)"), clean=clean.text, max_length=20)
    is_active: Mapped[bool] = field(label=_l("Đang dùng"), default=True)


class Circumstance(Timestamped, Versioned, Base):
    """A special circumstance (hoàn cảnh đặc biệt) or a risk of one, from a day to a day: a status, not a case."""

    __tablename__ = "circumstances"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("children.id"), index=True)
    child: Mapped[Child] = relationship(back_populates="circumstances")
    kind: Mapped[CircumstanceKind] = relationship(lazy="joined")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    confirmed_on: Mapped[date | None]
    #: The words a list used, kept beside the code they were read as.
    original_words: Mapped[str | None]

    kind_code: Mapped[str] = field(
        ForeignKey("circumstance_kinds.code"),
        label=_l("Hoàn cảnh"),
        required=True,
        index=True,
        sensitivity=Sensitivity.SENSITIVE,
    )
    started_on: Mapped[date | None] = field(label=_l("Từ ngày"))
    ended_on: Mapped[date | None] = field(label=_l("Đến ngày"))
    evidence: Mapped[str | None] = field(
        label=_l("Căn cứ"), help=_l("Ví dụ: giấy xác nhận khuyết tật số …, quyết định số …"), clean=clean.text
    )
    note: Mapped[str | None] = field(label=_l("Ghi chú"), clean=clean.multiline, multiline=True)


class DisabilityKind(Choice):
    """Dạng khuyết tật; Luật Người khuyết tật, TT 01/2019/TT-BLĐTBXH."""

    MOVEMENT = "movement", _l("Vận động")
    HEARING_SPEECH = "hearing_speech", _l("Nghe, nói")
    VISION = "vision", _l("Nhìn")
    MENTAL = "mental", _l("Thần kinh, tâm thần")
    INTELLECTUAL = "intellectual", _l("Trí tuệ")
    OTHER = "other", _l("Khác")


class DisabilitySeverity(Choice):
    """Mức độ khuyết tật. NĐ 56/2017 Đ6."""

    EXTREME = "extreme", _l("Đặc biệt nặng")
    SEVERE = "severe", _l("Nặng")
    MILD = "mild", _l("Nhẹ")
    UNKNOWN = "unknown", _l("Chưa xác định")


class Disability(Timestamped, Versioned, Base):
    """What a disability certificate says (giấy xác nhận khuyết tật). Several kinds, one severity."""

    __tablename__ = "disabilities"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("children.id"), index=True)
    child: Mapped[Child] = relationship(back_populates="disabilities")
    types: Mapped[list["DisabilityType"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    severity: Mapped[DisabilitySeverity] = field(
        label=_l("Mức độ"), required=True, default=DisabilitySeverity.UNKNOWN, sensitivity=Sensitivity.SENSITIVE
    )
    certificate_number: Mapped[str | None] = field(
        label=_l("Số giấy xác nhận khuyết tật"), clean=clean.text, max_length=60, aliases=("Số giấy XNKT",)
    )
    certified_on: Mapped[date | None] = field(label=_l("Ngày cấp giấy"))
    ended_on: Mapped[date | None] = field(label=_l("Không còn giá trị từ ngày"))

    @property
    def kinds(self) -> list[DisabilityKind]:
        """The kinds, in the order of the official list."""
        held = {type_.kind for type_ in self.types}
        return [kind for kind in DisabilityKind if kind in held]

    @kinds.setter
    def kinds(self, kinds: list[DisabilityKind]) -> None:
        kept = {type_.kind: type_ for type_ in self.types}
        self.types = [kept.get(kind) or DisabilityType(kind=kind) for kind in DisabilityKind if kind in set(kinds)]


class DisabilityType(Base):
    """One kind of one disability."""

    __tablename__ = "disability_types"

    disability_id: Mapped[int] = mapped_column(ForeignKey("disabilities.id"), primary_key=True)
    kind: Mapped[DisabilityKind] = mapped_column(primary_key=True)


Index("ix_circumstances_commune_kind", Circumstance.commune_id, Circumstance.kind_code)
Index("ix_disabilities_commune", Disability.commune_id)
