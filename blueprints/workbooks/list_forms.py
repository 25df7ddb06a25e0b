"""Building a list, and asking for its workbook."""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from app import access, age_bands, child_filters, child_lists, clock
from app.child_filters import ChildFilters
from app.forms import (
    ChecksField,
    ChoiceField,
    HiddenField,
    RadiosField,
    RecordForm,
    Required,
    offer,
    optional,
    record_form,
)
from app.workbooks import Variant
from blueprints.workbooks.forms import ExportForm
from models import ChildList, User, db

#: Columns ticked beforehand on a new list.
USUAL = ("c1", "c2", "c3", "c5", "c7")


class _ListRules(RecordForm):
    """Conditions and columns."""

    village = ChoiceField(_l("Thôn"), choices=[], coerce=optional(int))
    age = ChoiceField(_l("Tuổi"), choices=[])
    sex = ChoiceField(_l("Giới tính"), choices=[])
    ethnicity = ChoiceField(_l("Dân tộc"), choices=[])
    group = ChoiceField(_l("Hoàn cảnh"), choices=[])
    disability = ChoiceField(_l("Khuyết tật"), choices=[])
    orphan = ChoiceField(_l("Mồ côi"), choices=[])
    care = ChoiceField(_l("Chăm sóc thay thế"), choices=[])
    poverty = ChoiceField(_l("Diện hộ"), choices=[])
    school = ChoiceField(_l("Học tập"), choices=[])
    learning = ChoiceField(_l("Đi học"), choices=[])
    insured = ChoiceField(_l("BHYT"), choices=[])
    allowance = ChoiceField(_l("Trợ cấp"), choices=[])
    helped = ChoiceField(_l("Hỗ trợ"), choices=[])
    missing = ChoiceField(_l("Thiếu thông tin"), choices=[])
    registration = ChoiceField(_l("Đăng ký khai sinh"), choices=[])
    check = ChoiceField(_l("Đối chiếu dân cư"), choices=[])
    presence = ChoiceField(_l("Hồ sơ"), choices=[])
    columns = ChecksField(_l("Các cột"), choices=[], validators=[Required()])

    #: Children ticked one by one.
    only = HiddenField()

    def fill(self, user: User, child_list: ChildList) -> None:
        """Offer what this person may ask for and read; a list known or begun elsewhere shows what it asks."""
        villages = db.session.scalars(access.visible_villages(user))
        offer(self["village"], [(village.id, village.name) for village in villages], blank=_("Tất cả"))
        offer(self["age"], age_bands.choices(user.commune_id, clock.today()), blank=_("Không lọc"))
        for name, kind in child_filters.CHOICES.items():
            blank = None if name == "presence" else _("Không lọc")
            offer(self[name], kind.pairs(), blank=blank)
        offer(self["group"], child_filters.group_choices(child_lists.open_kinds(user)), blank=_("Không lọc"))
        offer(
            self["allowance"], [("1", _("Đang hưởng trợ cấp")), ("0", _("Không hưởng trợ cấp"))], blank=_("Không lọc")
        )
        helped = [("1", _("Đã được hỗ trợ trong năm")), ("0", _("Chưa được hỗ trợ trong năm"))]
        offer(self["helped"], helped, blank=_("Không lọc"))
        known = child_lists.offered(user)
        self["columns"].choices = [SelectChoice(code, str(column.label)) for code, column in known.items()]
        if not self.is_submitted():
            for name, value in self._told(child_list).items():
                self[name].data = value

    def _told(self, record: ChildList) -> dict[str, Any]:
        found: dict[str, Any] = {"columns": list(record.columns or USUAL)}
        for name in self._filters():
            raw = record.filters.get(name, "here" if name == "presence" else None)
            found[name] = int(raw) if name == "village" and raw else raw
        return found

    def stored_beside(self) -> dict[str, Any]:
        """Its conditions and columns."""
        return self._told(self.record) if self.record is not None else {}

    def _filters(self) -> list[str]:
        return [name for name in ChildFilters.__dataclass_fields__ if name in self]

    def keep_in(self, record: ChildList) -> None:
        """Put the conditions and columns into the record."""
        raw = {name: str(self[name].data or "") for name in self._filters()}
        record.filters = ChildFilters.read(raw).address()
        record.columns = [choice.value for choice in self["columns"].choices if choice.value in self["columns"].data]


ListForm = record_form(ChildList, "name", base=_ListRules)


class ListExportForm(ExportForm):
    """Which variant of a list; names also ask for a reason and the password."""

    period = first = last = village = None  # type: ignore[assignment]
    variant = RadiosField(_l("Bản"), choices=[], coerce=optional(Variant), validators=[Required()])

    def offer_to(self, user: User) -> None:
        """Coded for everybody who builds lists, named by permission."""
        named = access.may(user, "workbook.named")
        allowed = [Variant.CODED, *([Variant.NAMED] if named else [])]
        offer(self.variant, [(variant, variant.label) for variant in allowed])
        self.variant.data = self.variant.data or Variant.CODED
        self.offer_naming(user, named=named)

    def is_allowed(self, user: User) -> bool:
        """Names need a reason and the password."""
        if self.variant.data is Variant.NAMED:
            self._check_named(user)
        return not self.errors
