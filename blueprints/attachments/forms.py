"""The form of a paper."""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf.file import FileField

from app import attachments
from app.forms import RecordForm, offer, record_form
from app.uploads import Cleaned, Refused, clean
from models import Attachment, User, db


class _FileRules(RecordForm):
    file = FileField(
        _l("Ảnh hoặc tệp PDF"),
        description=_l("Ảnh JPEG, PNG (tự thu nhỏ, bỏ thông tin nơi chụp) hoặc PDF đến 6 MB."),
    )

    def fill(self, user: User, slot: str | None) -> None:
        """Offer the kinds of paper the person may know of; `slot` is chosen beforehand for the next page of the same."""
        known = attachments.slots(user)
        offer(self["slot"], [(one, one.label) for one in known], blank=_("– chưa chọn –"))
        if not self.is_submitted():
            self["slot"].data = next((one for one in known if one.value == slot), None)

    def cleaned(self) -> Cleaned | None:
        """The file as it may be kept, or None with the error at its field. Nobody waits for a lock meanwhile."""
        content = self["file"].data.stream.read() if self["file"].data else b""
        if not content:
            self.add_error("file", _("Chọn ảnh hoặc tệp PDF"))
            return None
        db.session.rollback()
        try:
            return clean(content)
        except Refused as refused:
            self.add_error("file", str(refused))
            return None


AttachmentForm: Any = record_form(Attachment, "slot", "note", base=_FileRules)
