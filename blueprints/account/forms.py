"""Forms of one's own account."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField

from app.forms import BaseForm, Required, TextField, choice_field
from models import Language


class SignInForm(BaseForm):
    """Name and password."""

    username = TextField(_l("Tên đăng nhập"), validators=[Required()])
    password = PasswordField(_l("Mật khẩu"), validators=[Required()])


class PasswordForm(BaseForm):
    """A new password, by its owner."""

    current = PasswordField(_l("Mật khẩu đang dùng"), validators=[Required()])
    password = PasswordField(
        _l("Mật khẩu mới"),
        description=_l("Ít nhất 10 ký tự; một câu ngắn dễ nhớ là tốt. Không cần ký tự lạ."),
        validators=[Required()],
    )


class LanguageForm(BaseForm):
    """The language of the pages."""

    language = choice_field(_l("Ngôn ngữ"), Language, required=True)
