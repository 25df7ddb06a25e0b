"""Forms of the lists coming in."""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf.file import FileField

from app import access
from app.forms import BaseForm, ChoiceField, offer
from models import CheckSource, User, db


class UploadForm(BaseForm):
    """A file, and the village where the list does not say it."""

    file = FileField(
        _l("Tệp danh sách"),
        description=_l(
            "Excel (.xlsx, .xls), LibreOffice (.ods) hoặc văn bản (.csv, .tsv). Chưa ghi gì vào sổ ở bước này."
        ),
    )
    village_name = ChoiceField(
        _l("Thôn, khi danh sách không ghi"),
        description=_l("Để trống nếu danh sách có tên thôn ở tiêu đề, ở cột hoặc ở dòng chạy ngang."),
        choices=[],
        coerce=lambda value: value or None,
    )

    source = ChoiceField(
        _l("Danh sách này để làm gì"),
        description=_l("Danh sách đối chiếu chỉ điền các mục của nguồn đó, ghi kết quả đối chiếu, không thêm trẻ mới."),
        choices=[],
        coerce=lambda value: CheckSource(value) if value else None,
    )

    def fill(self, user: User) -> None:
        """Offer the villages the person works in."""
        names = [village.name for village in db.session.scalars(access.visible_villages(user)).unique()]
        offer(self.village_name, [(name, name) for name in names], blank=_("– theo danh sách –"))
        compared = [(one, _("Đối chiếu: %(source)s", source=one.label)) for one in CheckSource]
        offer(self.source, compared if access.sees_whole_commune(user) else [], blank=_("Thêm và sửa trẻ em trong sổ"))

    def validate(self, extra_validators: Any = None) -> bool:
        """A file must be chosen."""
        valid = super().validate(extra_validators)
        if not self.file.data:
            self.add_error("file", _("Chọn tệp danh sách"))
        return valid and not self.errors


class PlanForm(BaseForm):
    """The word to write, with the proposals left out."""
