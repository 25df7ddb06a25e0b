"""Scans and photos of papers, of a child, a case or a concern: what kind of paper, and the encrypted content itself."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clean
from models.base import Base
from models.fields import Choice, Sensitivity, field
from models.user import User


class AttachmentSlot(Choice):
    """What paper it is. Who may know of it at all: `sensitivity`."""

    BIRTH_CERTIFICATE = "birth_certificate", _l("Giấy khai sinh")
    DISABILITY_CERTIFICATE = "disability_certificate", _l("Giấy xác nhận khuyết tật")
    DECISION = "decision", _l("Quyết định")
    APPLICATION = "application", _l("Đơn, tờ khai")
    POVERTY = "poverty", _l("Giấy chứng nhận hộ nghèo, cận nghèo")
    DEATH_CERTIFICATE = "death_certificate", _l("Giấy chứng tử, trích lục khai tử")
    SCHOOL = "school", _l("Giấy tờ của trường học")
    MEDICAL = "medical", _l("Giấy tờ khám chữa bệnh")
    CONSENT = "consent", _l("Giấy đồng ý")
    RECORD = "record", _l("Biên bản")
    PAPER = "paper", _l("Ảnh chụp giấy tờ khác")
    HIV = "hiv", _l("Giấy tờ về HIV")
    SEXUAL_ABUSE = "sexual_abuse", _l("Giấy tờ về xâm hại tình dục")
    FORENSIC = "forensic", _l("Kết luận giám định pháp y")
    OFFENCE = "offence", _l("Giấy tờ về vi phạm pháp luật của trẻ")

    @property
    def sensitivity(self) -> Sensitivity:
        """Who may know that there is such a paper."""
        return _REVEALING.get(self, Sensitivity.SENSITIVE)


#: Papers whose kind alone reveals what few may know, restricted as the circumstance is.
_REVEALING = {
    AttachmentSlot.HIV: Sensitivity.HIV,
    AttachmentSlot.SEXUAL_ABUSE: Sensitivity.SEXUAL_ABUSE,
    AttachmentSlot.FORENSIC: Sensitivity.SEXUAL_ABUSE,
    AttachmentSlot.OFFENCE: Sensitivity.OFFENCE,
}


ONE_OWNER = (
    " + ".join(f"(CASE WHEN {key} IS NULL THEN 0 ELSE 1 END)" for key in ("child_id", "case_id", "report_id")) + " = 1"
)


class Attachment(Base):
    """One picture or PDF of a paper: of a child, of a case for its team, or of a concern as it was reported (app/attachments.py)."""

    __tablename__ = "attachments"
    __table_args__ = (CheckConstraint(ONE_OWNER, name="one_owner"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"))
    child_id: Mapped[int | None] = mapped_column(ForeignKey("children.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("intake_reports.id"), index=True)

    slot: Mapped[AttachmentSlot] = field(label=_l("Loại giấy tờ"), required=True, sensitivity=Sensitivity.SENSITIVE)
    note: Mapped[str | None] = field(
        label=_l("Ghi chú"),
        help=_l("Ví dụ: mặt sau, trang 2, số giấy."),
        clean=clean.text,
        sensitivity=Sensitivity.SENSITIVE,
    )
    content_type: Mapped[str]
    #: Bytes and SHA-256 of what is kept, before it is encrypted; pixels of a picture.
    size: Mapped[int]
    sha256: Mapped[str]
    width: Mapped[int | None]
    height: Mapped[int | None]
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    added_by: Mapped[User] = relationship(foreign_keys=[added_by_id])
    #: Put aside by mistake or by right: no longer shown, kept until retention erases it.
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    #: The key of this content alone, sealed with the installation's key (app/sealing.py).
    sealed_key: Mapped[str]
    #: AES-256-GCM: nonce and ciphertext. Last, so that lists never read it.
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    @property
    def is_picture(self) -> bool:
        """Whether it can be looked at on a page."""
        return self.content_type == "image/jpeg"
