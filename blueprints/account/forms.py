"""Forms of one's own account."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField

from app.forms import BaseForm, Required, TextField, choice_field
from models import Language, Theme


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


class CodeForm(BaseForm):
    """The code of the authenticator app, or a recovery code."""

    code = StringField(
        _l("Mã xác thực"),
        description=_l("Sáu chữ số trên ứng dụng xác thực, hoặc một mã dự phòng."),
        validators=[Required()],
    )


class ConfirmForm(BaseForm):
    """The password once more."""

    current = PasswordField(_l("Mật khẩu đang dùng"), validators=[Required()])


class AppForm(ConfirmForm):
    """An authenticator app that proves to hold the secret."""

    offer = HiddenField()
    code = StringField(_l("Mã đang hiện trên ứng dụng"), validators=[Required()])


class EnrolForm(BaseForm):
    """The officer's code, and a PIN of one's own."""

    code = StringField(_l("Mã công chức đưa"), validators=[Required()])
    pin = PasswordField(
        _l("Mã PIN mới"),
        description=_l("Sáu chữ số, chỉ mình biết. Mỗi lần mở máy sẽ hỏi mã này."),
        validators=[Required()],
    )


class PinForm(BaseForm):
    """The PIN of an enrolled phone."""

    pin = PasswordField(_l("Mã PIN"), validators=[Required()])


class PreferencesForm(BaseForm):
    """How pages look to oneself: their language, and light or dark on this device."""

    language = choice_field(_l("Ngôn ngữ"), Language, required=True)
    theme = choice_field(_l("Màu trang trên máy này"), Theme, required=True)
