"""Declared fields → WTForms. `record_form(Child, "full_name", "born_on")` makes a form that knows labels and rules."""

import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from sqlalchemy import Boolean, Date, Enum, Integer, Numeric, inspect, or_
from sqlalchemy.orm import class_mapper
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextArea

from app import access, clock, drafts
from app.messages import told
from models import Base, Choice, PartialDate, Precision, Unclean, User, Village, clean, db
from models.base import UtcDateTime
from models.fields import Field as Facts, fields_of

#: Select lists with more choices than this are drop-downs, others radio buttons.
MOST_RADIOS = 4


class _CleanedField(StringField):
    """A text box whose content is turned into the stored value; what was typed stays in the box when it cannot be."""

    clean: Callable[[Any], Any] = staticmethod(clean.text)

    def __init__(self, label: Any = None, *, clean: Callable[[Any], Any] | None = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        if clean is not None:
            self.clean = clean

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Clean what was typed."""
        if not valuelist:
            return
        try:
            self.data = self.clean(valuelist[0])
        except Unclean as problem:
            self.data = None
            raise ValueError(told(problem)) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self._shown()

    def _shown(self) -> str:
        return str(self.data)


class TextField(_CleanedField):
    """One line of text."""


class TextAreaField(_CleanedField):
    """Several lines of text."""

    widget = TextArea()


class PartialDateField(_CleanedField):
    """A date of life in one text box, with whatever precision was typed."""

    clean = staticmethod(clean.partial_date)

    def __init__(self, label: Any = None, *, precision: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.precision = precision

    def populate_obj(self, obj: Any, name: str) -> None:
        """Set the date and its precision."""
        setattr(obj, name, self.data.day if self.data else None)
        setattr(obj, self.precision, self.data.precision if self.data else Precision.DAY)

    def process_data(self, value: Any) -> None:
        """Take a PartialDate, or a plain date."""
        self.data = PartialDate(value) if isinstance(value, date) else value


class DateField(_CleanedField):
    """A whole date in one text box."""

    @staticmethod
    def clean(value: Any) -> date | None:
        """Read a date that must be known to the day."""
        found = clean.partial_date(value)
        if found is None:
            return None
        if found.precision is not Precision.DAY:
            raise Unclean("date_not_whole")
        return found.day

    def _shown(self) -> str:
        return f"{self.data:%d/%m/%Y}"


class MomentField(_CleanedField):
    """An instant, asked and shown by the Viet Nam clock."""

    @staticmethod
    def clean(value: Any) -> datetime | None:
        """Read 23:40 5/6/2026, in either order; also `2026-06-05T23:40`. Day first, whatever the browser's language."""
        words = (clean.text(value) or "").replace("T", " ").split()
        if not words:
            return None
        at = next((word for word in words if re.fullmatch(r"\d{1,2}[:hg]\d{2}", word)), None)
        day = DateField.clean(" ".join(word for word in words if word != at))
        if at is None or day is None:
            raise Unclean("time_not_readable")
        hour, minute = (int(part) for part in re.split("[:hg]", at))
        if hour > 23 or minute > 59:
            raise Unclean("time_not_readable")
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.LOCAL)

    def _shown(self) -> str:
        return f"{clock.local(self.data):%H:%M %d/%m/%Y}"


class NumberField(_CleanedField):
    """A whole number; dots between thousands are allowed."""

    @staticmethod
    def clean(value: Any) -> int | None:
        """Read 1.250.000 or 1250000."""
        cleaned = clean.text(value)
        if cleaned is None:
            return None
        digits = cleaned.replace(".", "").replace(" ", "")
        if not digits.isascii() or not digits.isdigit() or len(digits) > 15:
            raise Unclean("number_not_readable")
        return int(digits)

    def _shown(self) -> str:
        return f"{self.data:,}".replace(",", ".") if self.data >= 10_000 else str(self.data)


class DecimalField(_CleanedField):
    """A decimal number with a comma."""

    @staticmethod
    def clean(value: Any) -> Decimal | None:
        """Read 2,5 or 2.5."""
        cleaned = clean.text(value)
        if cleaned is None:
            return None
        try:
            number = Decimal(cleaned.replace(",", "."))
        except ArithmeticError:
            raise Unclean("number_not_readable") from None
        if not number.is_finite() or abs(number) >= 100:
            raise Unclean("number_not_readable")
        return number

    def _shown(self) -> str:
        return str(self.data).replace(".", ",")


class ChoiceField(SelectField):
    """A drop-down; a blank first line stands for no answer."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not on the list; leave a blank to the required rule."""
        if self.data is not None:
            super().pre_validate(form)


class RadiosField(RadioField):
    """Radio buttons."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not on the list; leave a blank to the required rule."""
        if self.data is not None:
            super().pre_validate(form)


class ChecksField(SelectMultipleField):
    """Several ticks out of a list."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class _OurWords:
    """WTForms speaks of choices only, and no Vietnamese."""

    def gettext(self, _words: str) -> str:
        """What is not on the list, or no longer."""
        return _("Chọn trong danh sách: mục đã gửi không có ở đó")

    def ngettext(self, words: str, _plural: str, _count: int) -> str:
        """The same of several."""
        return self.gettext(words)


class Required:
    """A person must answer. The message is made from the label, so it is never forgotten and never varies."""

    def __call__(self, form: Any, field: Field) -> None:
        """Refuse an empty answer."""
        if field.data not in (None, "", []) or field.errors:
            return
        label = str(field.label.text)
        chosen = isinstance(field, SelectField | RadioField | SelectMultipleField)
        label = label[:1].lower() + label[1:]
        raise ValidationError(_("Chọn %(field)s", field=label) if chosen else _("Nhập %(field)s", field=label))


class NotLonger:
    """At most so many characters."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: Any, field: Field) -> None:
        """Refuse a longer text."""
        if isinstance(field.data, str) and len(field.data) > self.most:
            raise ValidationError(_("Viết ngắn hơn, nhiều nhất %(most)d ký tự", most=self.most))


class BaseForm(FlaskForm):
    """Every form: CSRF token and a key made when it is drawn, so that sending it twice makes one record."""

    form_key = HiddenField(default=lambda: secrets.token_urlsafe(16))

    #: When what fills this form was typed, if it comes from a draft.
    restored_at: datetime | None = None

    #: The fields a page shows first, where that is not the order they are declared in.
    first_on_page: tuple[str, ...] = ()

    class Meta:
        """No HTML `required`: the server decides and says so in words."""

        def get_translations(self, _form: Any) -> _OurWords:
            """Whatever WTForms itself has to say."""
            return _OurWords()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was sent; else what was typed before, when the page is opened with a draft of this form."""
            draft = drafts.asked_for() if formdata is _Auto else None
            if draft is None or not drafts.fits(draft, set(form._fields)):
                return super().wrap_formdata(form, formdata)  # type: ignore[misc]
            form.restored_at = draft.at
            return draft.values

    def add_error(self, name: str, message: Any) -> None:
        """An error found outside the form's own rules, shown at the field."""
        field = self[name]
        field.errors = [*field.errors, str(message)]

    def shown_errors(self) -> list[tuple[str, str]]:
        """(id of the field, message) of every error, for the summary on top of the page."""
        found = []
        # A form that asks by its address borrows this method alone.
        ahead = [self[name] for name in getattr(self, "first_on_page", ()) if name in self]
        for field in [*ahead, *(field for field in self if field not in ahead)]:
            for message in field.errors:
                target = field.id
                if isinstance(field, RadioField | ChecksField):
                    target = f"{field.id}-0"
                found.append((target, str(message)))
        return found


class Conflict(NamedTuple):
    """A field of a stale form in words: as it was when the form was opened, as it is stored now, as it was typed."""

    label: str
    before: str
    theirs: str
    yours: str


class BeforeField(HiddenField):
    """What an edit showed when it was opened, in words, to be told beside both versions when somebody else has saved."""

    written: Callable[[], dict[str, str]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type = "HiddenField"  # a page that shows all fields but hidden ones asks for this word

    def _value(self) -> str:
        return str(self.data) if self.data else json.dumps(self.written(), ensure_ascii=False)

    def told(self) -> dict[str, str]:
        """{field: words} as it came back; nothing of what is no such thing."""
        try:
            found = json.loads(self.data or "")
        except (ValueError, RecursionError):
            return {}
        return {str(name): str(words) for name, words in found.items()} if isinstance(found, dict) else {}


class RecordForm(BaseForm):
    """A form over a record. An edit carries the version it started from; a stale one is told, and keeps what was typed."""

    version = HiddenField()
    shown_before = BeforeField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = kwargs.get("obj")
        #: Of the fields in which what is stored and what was typed differ, once somebody else has saved.
        self.conflicts: list[Conflict] = []
        if self._is_edit():
            self.shown_before.written = lambda: {field.name: shown(field, field.data) for field in self._compared()}
        else:
            del self.shown_before
        if not self.is_submitted() and self.restored_at is None and self.record is not None:
            self.version.data = str(getattr(self.record, "version", "") or "")
            for field in self:
                if isinstance(field, PartialDateField) and getattr(self.record, field.name) is not None:
                    field.data = PartialDate(getattr(self.record, field.name), getattr(self.record, field.precision))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, then whether the record is still the one this form was drawn from."""
        valid = super().validate(extra_validators)
        if not self._is_edit() or not self._is_stale():
            return valid
        self.conflicts = self._differences()
        self.version.data, self.version.raw_data = str(getattr(self.record, "version", "") or ""), None
        if not self.conflicts:  # what was typed is what stands there: nothing of anybody's is overwritten
            return valid
        self.shown_before.data = json.dumps(self._now(self._compared()), ensure_ascii=False)
        self.form_key.data = secrets.token_urlsafe(16)
        return False

    def _is_edit(self) -> bool:
        return isinstance(self.record, Base) and bool(inspect(self.record).persistent)

    def _is_stale(self) -> bool:
        """By its version; what no version counts, by what the form showed."""
        stored = getattr(self.record, "version", None)
        if stored is not None and self.version.data != str(stored):
            return True
        beside, before = self.stored_beside(), self.shown_before.told()
        uncounted = [field for field in self._compared() if stored is None or field.name in beside]
        return any(before.get(name, words) != words for name, words in self._now(uncounted).items())

    def _now(self, fields: Iterable[Field]) -> dict[str, str]:
        return {field.name: shown(field, current) for field, current in self._stored(fields)}

    def stored_beside(self) -> dict[str, Any]:
        """{field: value} of what the record says in fields of this form that are no columns of it."""
        return {}

    def _differences(self) -> list[Conflict]:
        before, found = self.shown_before.told(), []
        for field, current in self._stored(self._compared()):
            if not _is_same(field, current, field.data):
                was = before.get(field.name, "–")
                found.append(Conflict(str(field.label.text), was, shown(field, current), shown(field, field.data)))
        return found

    def _stored(self, fields: Iterable[Field]) -> Iterator[tuple[Field, Any]]:
        """Each field with what the record says in it now."""
        beside = self.stored_beside()
        for field in fields:
            current = beside[field.name] if field.name in beside else getattr(self.record, field.name)
            if field.name not in beside and isinstance(field, PartialDateField) and current is not None:
                current = PartialDate(current, getattr(self.record, field.precision))
            yield field, current

    def _compared(self) -> list[Field]:
        names = fields_of(type(self.record)).keys() | self.stored_beside().keys()
        return [field for field in self if field.name in names]

    def apply_to(self, record: Any) -> None:
        """Put the declared fields of this form into a record, and nothing else."""
        names = fields_of(type(record))
        for name, field in self._fields.items():
            if name in names:
                field.populate_obj(record, name)


def _is_same(field: Field, stored: Any, typed: Any) -> bool:
    """Whether a field holds what is stored, as far as it shows it: ticks in any order, an instant by its minute."""
    if isinstance(typed, list):
        return set(stored or ()) == set(typed)
    if isinstance(typed, bool):
        return bool(stored) == typed
    return bool(stored == typed) or shown(field, stored) == shown(field, typed)


def shown(field: Field, value: Any) -> str:
    """A field's value in words."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if isinstance(value, list):
        return ", ".join(shown(field, one) for one in value) or "–"
    for choice in getattr(field, "choices", None) or []:
        if choice.value == value:
            return str(choice.label)
    if isinstance(field, _CleanedField):
        holder = type(field)._shown
        kept, field.data = field.data, value
        try:
            return holder(field)
        finally:
            field.data = kept
    return str(value)


def record_form(
    model: type, *names: str, base: type[RecordForm] = RecordForm, required: Sequence[str] = ()
) -> type[RecordForm]:
    """A form over the named fields of a model, in this order. Raises KeyError for a name that is not declared.

    `required` names fields that this form insists on, though the record may lack them.
    """
    declared = fields_of(model)
    declared |= {name: replace(declared[name], required=True) for name in required}
    columns = {attribute.key: attribute.columns[0] for attribute in class_mapper(model).column_attrs}
    body = {name: _form_field(declared[name], columns[name]) for name in names}
    return type(f"{model.__name__}Form", (base,), body)


def _form_field(facts: Facts, column: Any) -> Any:
    validators: list[Any] = [Required()] if facts.required else []
    common: dict[str, Any] = {"description": facts.help or "", "validators": validators}
    if facts.precision:
        return PartialDateField(facts.label, precision=facts.precision, **common)
    choices = getattr(column.type, "enum_class", None)
    if isinstance(column.type, Enum) and choices is not None:
        default = column.default.arg if column.default is not None and column.default.is_scalar else None
        return choice_field(
            facts.label, choices, required=facts.required, description=facts.help or "", default=default
        )
    if column.foreign_keys:
        whole = isinstance(column.type, Integer) or column.type.python_type is int
        return ChoiceField(facts.label, choices=[], coerce=optional(int if whole else str), **common)
    if isinstance(column.type, Boolean):
        return BooleanField(facts.label, description=facts.help or "")
    for kind, field_class in (
        (UtcDateTime, MomentField),
        (Date, DateField),
        (Integer, NumberField),
        (Numeric, DecimalField),
    ):
        if isinstance(column.type, kind):
            return field_class(facts.label, **common)
    validators.append(NotLonger(facts.max_length))
    if facts.multiline:
        return TextAreaField(facts.label, clean=facts.clean or clean.multiline, **common)
    return TextField(facts.label, clean=facts.clean or clean.text, **common)


def optional(kind: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A coercion that turns a blank into None."""

    def coerce(value: Any) -> Any:
        return None if value in (None, "", "None") else kind(value)

    return coerce


def choice_field(
    label: Any,
    choices: type[Choice],
    *,
    required: bool = False,
    description: Any = "",
    default: Choice | None = None,
) -> Any:
    """Radio buttons for a short closed list, a drop-down for a long one.

    Nothing is chosen for a person beforehand, but a drop-down may begin with `default` ("chưa rõ").
    """
    validators = [Required()] if required else []
    options = [SelectChoice(choice, choice.label) for choice in choices]
    if len(options) <= MOST_RADIOS and required:
        return RadiosField(
            label, choices=options, coerce=optional(choices), validators=validators, description=description
        )
    if default is None or not required:
        options = [SelectChoice("", _l("– chưa chọn –")), *options]
    return ChoiceField(
        label,
        choices=options,
        coerce=optional(choices),
        validators=validators,
        description=description,
        default=default if required else None,
    )


def offer(field: Any, pairs: Iterable[tuple[Any, Any]], *, blank: Any = None) -> None:
    """Fill a drop-down with (key, label) pairs; `blank` is the label of the empty first line, None for no such line."""
    options = [SelectChoice(key, label) for key, label in pairs]
    if blank is not None:
        options = [SelectChoice("", blank), *options]
    field.choices = options


def offer_villages(field: Any, user: User, blank: Any) -> None:
    """Fill a drop-down with the villages in use that the person may see, and the one the record already has."""
    in_use = or_(
        Village.active_to.is_(None), Village.active_to >= clock.today(), Village.id == (field.object_data or 0)
    )
    villages = db.session.scalars(access.visible_villages(user).where(in_use))
    offer(field, [(village.id, village.name) for village in villages], blank=blank)
