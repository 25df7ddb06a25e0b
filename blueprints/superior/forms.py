"""The form of the superior office."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from app.forms import BaseForm, Required


class SentForm(BaseForm):
    """A commune's district workbook."""

    file = FileField(_l("Biểu xã gửi"), description=_l("Tệp .xlsx “Biểu xuất gửi cấp trên”."), validators=[Required()])
