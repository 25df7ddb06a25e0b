"""Forms of the settings and of people."""

from datetime import date
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from app import access, age_bands, deadlines, people, places
from app.forms import (
    BaseForm,
    ChecksField,
    DateField,
    NotLonger,
    NumberField,
    RadiosField,
    RecordForm,
    Required,
    TextAreaField,
    TextField,
    offer,
    optional,
    record_form,
)
from app.reports import wording
from models import (
    AgeBand,
    AgeSplit,
    CalendarDay,
    CircumstanceKind,
    Commune,
    LocalLimit,
    ReceivingOffice,
    ReportDuty,
    ReportWording,
    Role,
    User,
    Village,
    clean,
    db,
)


class _CommuneRules(RecordForm):
    def validate(self, extra_validators: Any = None) -> bool:
        """Notice is given up to a year ahead."""
        valid = super().validate(extra_validators)
        days = self["age_notice_days"].data
        if days is not None and not 1 <= days <= 365:
            self.add_error("age_notice_days", _("Gõ số ngày từ 1 đến 365"))
        return valid and not self.errors


CommuneForm = record_form(
    Commune,
    "name",
    "code",
    "district_name",
    "province_name",
    "active_from",
    "plan_reference",
    "preparer_name",
    "signatory_title",
    "signatory_name",
    "age_notice_days",
    base=_CommuneRules,
)


class VillagesForm(BaseForm):
    """Further villages, one per line."""

    villages = TextAreaField(
        _l("Các thôn"),
        description=_l("Mỗi dòng một thôn; dán cả danh sách cũng được."),
        clean=clean.multiline,
        validators=[Required()],
    )

    def check_names(self, user: User) -> list[str]:
        """The names typed; errors for those that cannot be used."""
        names = places.read_villages(self.villages.data)
        taken = [name for name in names if places.village_name_is_taken(user, name)]
        problem = places.villages_problem(names)
        if taken:
            problem = _("Xã đã có %(name)s", name=taken[0])
        if problem:
            self.add_error("villages", problem)
        return names


def _dates_in_order(form: RecordForm, first: str, last: str) -> None:
    start, end = form[first].data, form[last].data
    if isinstance(start, date) and isinstance(end, date) and end < start:
        form.add_error(last, _("Ngày kết thúc ở trước ngày bắt đầu"))


class _VillageRules(RecordForm):
    @property
    def _id(self) -> int:
        return getattr(self.record, "id", None) or 0

    def fill(self, user: User) -> None:
        """Offer the other villages to merge into."""
        others = db.session.scalars(access.visible_villages(user).where(Village.id != self._id))
        offer(self["merged_into_id"], [(village.id, village.name) for village in others], blank=_("– không –"))

    def check(self, user: User) -> bool:
        """No second village of this name; dates in order; a merged village has an end."""
        name = self["name"].data
        in_use = self["active_to"].data is None
        if name and in_use and places.village_name_is_taken(user, name, but_id=self._id):
            self.add_error("name", _("Xã đã có %(name)s", name=name))
        _dates_in_order(self, "active_from", "active_to")
        _dates_in_order(self, "difficult_from", "difficult_to")
        if self["difficult_to"].data and not self["difficult_from"].data and not self["difficult_from"].errors:
            self.add_error("difficult_from", _("Nhập ngày bắt đầu là vùng đặc biệt khó khăn"))
        if self["merged_into_id"].data and in_use:
            self.add_error("active_to", _("Ghi ngày sáp nhập"))
        return not self.errors


VillageForm = record_form(
    Village, "name", "active_from", "active_to", "merged_into_id", "difficult_from", "difficult_to", base=_VillageRules
)


class _OfficeRules(RecordForm):
    def validate(self, extra_validators: object = None) -> bool:
        """Dates in order."""
        valid = super().validate(extra_validators)
        _dates_in_order(self, "valid_from", "valid_to")
        return valid and not self.errors


OfficeForm = record_form(ReceivingOffice, "name", "level", "valid_from", "valid_to", base=_OfficeRules)
DayForm = record_form(CalendarDay, "day", "kind", "name")
RiskForm = record_form(CircumstanceKind, "wording", "official_code", "is_active")


class _LimitRules(RecordForm):
    def validate(self, extra_validators: object = None) -> bool:
        """Shorter than the law's, never longer; dates in order."""
        valid = super().validate(extra_validators)
        kind, amount = self["kind"].data, self["amount"].data
        if kind is not None and amount is not None and not 1 <= amount <= deadlines.LAWFUL[kind.value]:
            self.add_error(
                "amount", _("Từ 1 đến %(most)d: chỉ được rút ngắn so với nghị định", most=deadlines.LAWFUL[kind.value])
            )
        _dates_in_order(self, "valid_from", "valid_to")
        return valid and not self.errors


LimitForm = record_form(LocalLimit, "kind", "amount", "valid_from", "valid_to", "source", base=_LimitRules)


class _DutyRules(RecordForm):
    def validate(self, extra_validators: object = None) -> bool:
        """A day of a month, at most a year after; dates in order."""
        valid = super().validate(extra_validators)
        for name, low, high in (("due_day", 1, 31), ("months_after", 0, 12)):
            number = self[name].data
            if number is not None and not low <= number <= high:
                self.add_error(name, _("Từ %(low)d đến %(high)d", low=low, high=high))
        _dates_in_order(self, "valid_from", "valid_to")
        return valid and not self.errors


DutyForm = record_form(
    ReportDuty,
    "name",
    "kind",
    "rule",
    "months_after",
    "due_day",
    "addressee",
    "source",
    "valid_from",
    "valid_to",
    base=_DutyRules,
)


BandForm = record_form(AgeBand, "wording", "source")


class BandsForm(BaseForm):
    """A set of age bands from a day on, told by the ages at which a new band begins."""

    split = RadiosField(_l("Số liệu nào"), choices=[], coerce=optional(AgeSplit), validators=[Required()])
    valid_from = DateField(_l("Tính từ ngày"), validators=[Required()])
    marks = TextField(
        _l("Các mốc tuổi"),
        description=_l("Tuổi bắt đầu mỗi nhóm tiếp theo. Ví dụ 3, 6, 11: dưới 3; 3 đến dưới 6; 6 đến dưới 11; từ 11."),
        validators=[Required()],
    )
    source = TextField(_l("Văn bản quy định"), validators=[Required(), NotLonger(160)])

    def prepare(self) -> None:
        """Offer the figures that are told by age."""
        offer(self.split, [(split, split.label) for split in AgeSplit])

    def read(self, user: User) -> list[int]:
        """The ages typed; errors where they split nothing, or where a later set is there."""
        marks = age_bands.read_marks(self.marks.data)
        if marks is None:
            self.add_error(
                "marks", _("Gõ các tuổi từ 1 đến 15, nhỏ trước lớn sau, cách nhau dấu phẩy; nhiều nhất 7 mốc")
            )
        problem = age_bands.problem_of_day(user, self.split.data, self.valid_from.data)
        if problem:
            self.add_error("valid_from", problem)
        return marks or []


class _WordingRules(RecordForm):
    part = ""

    def validate(self, extra_validators: object = None) -> bool:
        """Only places there are; as many headings as the paper has."""
        valid = super().validate(extra_validators)
        problem = wording.problem_of(self.part, self["text"].data)
        if problem:
            self.add_error("text", problem)
        return valid and not self.errors


WordingForm = record_form(ReportWording, "text", "valid_from", base=_WordingRules)


class YearForm(BaseForm):
    """The year whose holidays are to be filled in."""

    year = NumberField(_l("Năm"), validators=[Required()])

    def validate(self, extra_validators: object = None) -> bool:
        """A year of our time."""
        valid = super().validate(extra_validators)
        if self.year.data is not None and not 2000 <= self.year.data <= 2099:
            self.add_error("year", _("Gõ năm từ 2000 đến 2099"))
        return valid and not self.errors


class _PersonRules(RecordForm):
    first_on_page = ("full_name", "username", "phone")

    roles = ChecksField(_l("Vai trò"), coerce=lambda value: Role(value), validators=[Required()])
    villages = ChecksField(_l("Thôn phụ trách"), description=_l("Chỉ cần cho cộng tác viên."), coerce=int)

    def fill(self, giver: User, user: User | None) -> None:
        """Offer the roles this person may give, and the commune's villages; tick those held."""
        held = user.roles if user else frozenset()
        offered = [
            role
            for role in Role
            if role not in people.ABOVE_OFFICERS or role in held or people.may_manage_administrators(giver)
        ]
        self["roles"].choices = [SelectChoice(role, role.label) for role in offered]
        villages = db.session.scalars(access.visible_villages(giver))
        self["villages"].choices = [SelectChoice(village.id, village.name) for village in villages]
        if user is not None and not self.is_submitted():
            for name, value in self.stored_beside().items():
                self[name].data = value

    def stored_beside(self) -> dict[str, Any]:
        """The roles and villages held."""
        if self.record is None:
            return {}
        roles = [choice.value for choice in self["roles"].choices or () if choice.value in self.record.roles]
        return {"roles": roles, "villages": sorted(self.record.village_ids)}

    def check(self, giver: User, user: User | None) -> bool:
        """Roles that may be given, and a user name that is free."""
        problem = people.roles_problem(giver, self["roles"].data, self["villages"].data, user)
        if self["roles"].data and problem:
            self.add_error("roles", problem)
        if "username" in self and self["username"].data:
            taken = people.username_problem(self["username"].data)
            if taken:
                self.add_error("username", taken)
        return not self.errors


class _NewPersonRules(_PersonRules):
    username = TextField(
        _l("Tên đăng nhập"),
        description=_l("Chữ thường không dấu và chữ số, ví dụ: ctv3"),
        validators=[Required(), NotLonger(40)],
    )


PersonForm: Any = record_form(User, "full_name", "phone", base=_PersonRules)
NewPersonForm: Any = record_form(User, "full_name", "phone", base=_NewPersonRules)
