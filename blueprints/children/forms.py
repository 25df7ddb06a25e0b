"""Forms of the register."""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy import select
from wtforms import BooleanField, HiddenField
from wtforms.fields.choices import SelectChoice

from app import access, checks, clock, finding
from app.forms import (
    BaseForm,
    ChecksField,
    ChoiceField,
    DateField,
    NotLonger,
    RecordForm,
    Required,
    TextAreaField,
    TextField,
    choice_field,
    offer,
    offer_villages,
    optional,
    record_form,
)
from models import (
    Allowance,
    Child,
    Choice,
    Circumstance,
    CircumstanceKind,
    Disability,
    DisabilityKind,
    EthnicGroup,
    Incident,
    KindLevel,
    MovementKind,
    Relative,
    RelativeState,
    User,
    clean,
    db,
)


class _ChildRules(RecordForm):
    """What a child's form checks beyond single fields."""

    user: User
    confirmed = HiddenField()

    def fill(self, user: User) -> None:
        """Offer the villages, and the ethnic groups, the person may use."""
        self.user = user
        offer_villages(self["village_id"], user, _("– chọn thôn –"))
        if "ethnicity_code" in self:
            groups = db.session.execute(select(EthnicGroup.code, EthnicGroup.name).order_by(EthnicGroup.code))
            offer(self["ethnicity_code"], [(code, name) for code, name in groups], blank=_("– chưa rõ –"))

    def validate(self, extra_validators: Any = None) -> bool:
        """The birth date is possible and the personal ID is nobody else's."""
        valid = super().validate(extra_validators)
        problem = checks.birth_problem(self["born_on"].data)
        if problem:
            self.add_error("born_on", problem)
        number = self["personal_id"].data
        if number and self._number_is_taken(number):
            self.add_error("personal_id", _("Số định danh này đã có ở hồ sơ khác trong xã"))
        return valid and not self.errors

    def _number_is_taken(self, number: str) -> bool:
        own = self.record.id if self.record is not None else None
        return finding.personal_id_is_taken(self.user, number, but_id=own)


ChildForm = record_form(
    Child,
    "full_name",
    "sex",
    "born_on",
    "personal_id",
    "village_id",
    "residence",
    "address",
    "birth_registration",
    "ethnicity_code",
    "nationality",
    "schooling",
    "school_name",
    "insurance_number",
    "population_check",
    "note",
    base=_ChildRules,
)


class _NewChildRules(_ChildRules):
    """A new child: parents and household on the same short form."""

    father_name = TextField(_l("Họ và tên cha"), clean=clean.person_name, validators=[NotLonger(120)])
    father_state = choice_field(_l("Tình trạng của cha"), RelativeState)
    mother_name = TextField(_l("Họ và tên mẹ"), clean=clean.person_name, validators=[NotLonger(120)])
    mother_state = choice_field(_l("Tình trạng của mẹ"), RelativeState)
    caregiver_name = TextField(
        _l("Người chăm sóc, nếu không phải cha mẹ"), clean=clean.person_name, validators=[NotLonger(120)]
    )
    head_name = TextField(
        _l("Chủ hộ"),
        description=_l("Hộ đã có trong thôn thì gõ đúng tên chủ hộ, trẻ sẽ vào hộ đó."),
        clean=clean.person_name,
        validators=[NotLonger(120)],
    )
    phone = TextField(_l("Điện thoại của hộ"), clean=clean.phone)


NewChildForm = record_form(
    Child,
    "full_name",
    "sex",
    "born_on",
    "village_id",
    "personal_id",
    "birth_registration",
    base=_NewChildRules,
)

RelativeForm = record_form(
    Relative, "kind", "full_name", "relationship_words", "state", "birth_year", "occupation", "phone"
)


class _AllowanceRules(RecordForm):
    def validate(self, extra_validators: Any = None) -> bool:
        """It ends after it began, and for a reason that is told."""
        valid = super().validate(extra_validators)
        started, ended, reason = self["started_on"].data, self["ended_on"].data, self["end_reason"].data
        if started and ended and ended < started:
            self.add_error("ended_on", _("Ngày thôi hưởng ở trước ngày hưởng"))
        if ended and reason is None and not self["end_reason"].errors:
            self.add_error("end_reason", _("Chọn lý do thôi hưởng"))
        if reason is not None and ended is None and not self["ended_on"].errors:
            self.add_error("ended_on", _("Nhập ngày thôi hưởng"))
        return valid and not self.errors


AllowanceForm = record_form(
    Allowance,
    "basis",
    "coefficient",
    "monthly_amount",
    "decision_number",
    "decided_on",
    "started_on",
    "ended_on",
    "end_reason",
    base=_AllowanceRules,
)


class _CircumstanceRules(RecordForm):
    def fill(self, user: User) -> None:
        """Offer the legal groups and the commune's risks the person may use."""
        kinds = db.session.scalars(access.visible_kinds(user).where(CircumstanceKind.is_active)).all()
        pairs = [(kind.code, f"{kind_label(kind)}") for kind in kinds if kind.level is not KindLevel.OLD]
        offer(self["kind_code"], pairs, blank=_("– chọn hoàn cảnh –"))


CircumstanceForm = record_form(
    Circumstance, "kind_code", "started_on", "ended_on", "evidence", "note", base=_CircumstanceRules
)


def kind_label(kind: CircumstanceKind) -> str:
    """d.2 – Trẻ em khuyết tật nặng."""
    code = _("nguy cơ") if kind.level is KindLevel.RISK else kind.code
    return f"{code} – {kind.wording}"


class _DisabilityRules(RecordForm):
    kinds = ChecksField(
        _l("Dạng khuyết tật"),
        choices=[SelectChoice(kind, kind.label) for kind in DisabilityKind],
        coerce=optional(DisabilityKind),
        validators=[Required()],
    )


DisabilityForm = record_form(
    Disability, "severity", "certificate_number", "certified_on", "ended_on", base=_DisabilityRules
)


class _IncidentRules(RecordForm):
    def validate(self, extra_validators: Any = None) -> bool:
        """It has happened."""
        valid = super().validate(extra_validators)
        day = self["happened_on"].data
        if day is not None and day > clock.today():
            self.add_error("happened_on", _("Ngày xảy ra ở sau hôm nay"))
        return valid and not self.errors


IncidentForm = record_form(Incident, "kind", "happened_on", "place", "outcome", "note", base=_IncidentRules)


class MoveKind(Choice):
    """The movements a person records; births and arrivals come with a new child."""

    MOVED_VILLAGE = MovementKind.MOVED_VILLAGE.value, MovementKind.MOVED_VILLAGE.label
    MOVED_OUT = MovementKind.MOVED_OUT.value, MovementKind.MOVED_OUT.label
    RETURNED = MovementKind.RETURNED.value, MovementKind.RETURNED.label
    DIED = MovementKind.DIED.value, MovementKind.DIED.label


class MovementForm(BaseForm):
    """A change in where the child lives."""

    kind = choice_field(_l("Biến động"), MoveKind, required=True)
    happened_on = DateField(_l("Ngày xảy ra"), validators=[Required()])
    to_village_id = ChoiceField(_l("Đến thôn"), choices=[], coerce=optional(int))
    place = TextField(_l("Nơi đến hoặc nơi đi"), validators=[NotLonger(200)])
    note = TextAreaField(_l("Ghi chú"), clean=clean.multiline, validators=[NotLonger(2000)])


class RemovalForm(BaseForm):
    """Taking a record entered by mistake out of the register."""

    reason = TextField(_l("Lý do"), validators=[Required(), NotLonger(200)])
    sure = BooleanField(_l("Hồ sơ này ghi nhầm, đưa ra khỏi sổ"))


class SearchForm(BaseForm):
    """Words to look for."""

    words = TextField(_l("Tìm trẻ em"), validators=[NotLonger(200)])
