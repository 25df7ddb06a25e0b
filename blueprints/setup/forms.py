"""The form of the first run."""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import PasswordField

from app import passwords, people, places
from app.forms import BaseForm, NotLonger, Required, TextAreaField, TextField, choice_field
from app.messages import password_told
from app.setting_up import FirstPerson
from models import Commune, OfficeLevel, User, clean


def _name(label: Any) -> TextField:
    return TextField(label, clean=clean.person_name, validators=[Required(), NotLonger(120)])


def _username(label: Any) -> TextField:
    return TextField(
        label,
        description=_l("Chữ thường không dấu và chữ số, ví dụ: canbo"),
        validators=[Required(), NotLonger(40)],
    )


def _password(label: Any) -> PasswordField:
    return PasswordField(
        label,
        description=_l("Ít nhất 10 ký tự; một câu ngắn dễ nhớ là tốt. Mỗi người tự gõ mật khẩu của mình."),
        validators=[Required()],
    )


class SetupForm(BaseForm):
    """Everything an installation begins with."""

    code = TextField(
        _l("Mã dùng một lần"),
        description=_l("In trên màn hình nơi chạy chương trình, cạnh địa chỉ của trang này."),
        validators=[Required()],
    )
    name = TextField(_l("Tên xã"), description=_l("Ví dụ: xã Cao Thắng"), validators=[Required(), NotLonger(200)])
    district_name = TextField(_l("Huyện (trước 01/7/2025)"), validators=[NotLonger(200)])
    province_name = TextField(_l("Tỉnh, thành phố"), validators=[Required(), NotLonger(200)])
    villages = TextAreaField(
        _l("Các thôn"),
        description=_l("Mỗi dòng một thôn; dán cả danh sách cũng được."),
        clean=clean.multiline,
        validators=[Required()],
    )
    office_name = TextField(
        _l("Tên cơ quan nhận báo cáo"),
        description=_l("Ví dụ: Sở Y tế thành phố Hải Phòng. Sau này đổi được, có ngày hiệu lực."),
        validators=[Required(), NotLonger(200)],
    )
    office_level = choice_field(_l("Cấp"), OfficeLevel, required=True)
    administrator_name = _name(_l("Họ và tên người quản trị"))
    administrator_username = _username(_l("Tên đăng nhập của người quản trị"))
    administrator_password = _password(_l("Mật khẩu của người quản trị"))
    officer_name = _name(_l("Họ và tên công chức"))
    officer_username = _username(_l("Tên đăng nhập của công chức"))
    officer_password = _password(_l("Mật khẩu của công chức"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check villages, user names and passwords by the same rules as the settings pages."""
        super().validate(extra_validators)
        if self.villages.data and (problem := places.villages_problem(self.village_names)):
            self.add_error("villages", problem)
        for who in ("administrator", "officer"):
            self._check_person(who)
        if self.administrator_username.data and self.administrator_username.data == self.officer_username.data:
            self.add_error("officer_username", _("Hai người cần hai tên đăng nhập khác nhau"))
        return not self.errors

    def _check_person(self, who: str) -> None:
        person = self.person(who)
        if person.username and (problem := people.username_problem(person.username)):
            self.add_error(f"{who}_username", problem)
        if person.password:
            commune = Commune(name=self.name.data or "", province_name="")
            user = User(username=person.username or "", full_name=person.full_name or "", commune=commune)
            if weakness := passwords.problem_of(person.password, user):
                self.add_error(f"{who}_password", password_told(weakness))

    @property
    def village_names(self) -> list[str]:
        """The villages typed."""
        return places.read_villages(self.villages.data)

    def person(self, who: str) -> FirstPerson:
        """The administrator or the officer as typed."""
        return FirstPerson(self[f"{who}_username"].data, self[f"{who}_name"].data, self[f"{who}_password"].data)
