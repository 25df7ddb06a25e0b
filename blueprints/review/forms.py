"""The officer's word."""

from flask_babel import lazy_gettext as _l

from app.forms import BaseForm, NotLonger, Required, TextAreaField
from models import clean


class SendBackForm(BaseForm):
    """Why a change goes back."""

    answer = TextAreaField(
        _l("Cần sửa gì"),
        description=_l("Cộng tác viên đọc lời này trên điện thoại. Viết ngắn, nói rõ việc cần làm."),
        clean=clean.multiline,
        validators=[Required(), NotLonger(1000)],
    )
