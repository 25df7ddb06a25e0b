"""A name for a filter; ticks for columns."""

from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from app import list_choices
from app.forms import BaseForm, ChecksField, NotLonger, Required, TextField
from models import User, clean


class FilterForm(BaseForm):
    """What a filter is to be called."""

    name = TextField(
        _l("Tên bộ lọc"),
        description=_l("Ví dụ: Trẻ 5 tuổi chưa đi học. Không ghi tên người."),
        clean=clean.text,
        validators=[Required(), NotLonger(60)],
    )


class ColumnsForm(BaseForm):
    """Which columns a list shows."""

    columns = ChecksField(_l("Các cột"), choices=[], validators=[Required()])

    def fill(self, user: User, list_code: str) -> None:
        """Offer what this person may read; ticked is what she sees now."""
        self.columns.choices = [
            SelectChoice(code, str(label)) for code, label in list_choices.offered(user, list_code).items()
        ]
        if not self.is_submitted():
            self.columns.data = list_choices.shown(user, list_code)
