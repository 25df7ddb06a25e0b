"""Forms of services and providers."""

from typing import Any

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app import access, clock
from app.forms import RecordForm, offer, record_form
from models import Inspection, Provider, Service, ServiceKind, ServiceOutcome, User, db


def _name_articles(field: Any) -> None:
    field.choices = [
        SelectChoice(one.value, f"{one.label} ({one.value.article})")
        if isinstance(one.value, ServiceKind) and one.value.article
        else one
        for one in field.choices
    ]


class _ServiceRules(RecordForm):
    """What a service's form checks beyond single fields."""

    def fill(self, user: User) -> None:
        """Offer the commune's providers; one no longer active only where it already stands."""
        kept = getattr(self.record, "provider_id", None)
        providers = db.session.scalars(access.visible_providers(user).order_by(Provider.sort_key, Provider.id))
        pairs = [(one.id, one.name) for one in providers if one.is_active or one.id == kept]
        offer(self["provider_id"], pairs, blank=_("– không ghi –"))
        _name_articles(self["kind"])

    def validate(self, extra_validators: Any = None) -> bool:
        """What is done has a day, that day is not ahead, and it does not end before it begins."""
        valid = super().validate(extra_validators)
        started_on, done_on = self["started_on"].data, self["done_on"].data
        if self["outcome"].data is ServiceOutcome.DONE and done_on is None and not self["done_on"].errors:
            self.add_error("done_on", _("Nhập ngày thực hiện xong"))
        if done_on is not None and done_on > clock.today():
            self.add_error("done_on", _("Ngày thực hiện xong ở sau hôm nay"))
        if started_on and done_on and done_on < started_on:
            self.add_error("done_on", _("Ngày thực hiện xong ở trước ngày bắt đầu"))
        return valid and not self.errors


#: All that is told of a service, in the order of the form.
_WHOLE = (
    "kind",
    "description",
    "programme",
    "provider_id",
    "requested_on",
    "due_on",
    "started_on",
    "done_on",
    "outcome",
    "quantity",
    "cost",
    "funding",
    "sponsor_name",
    "note",
)
ServiceForm = record_form(Service, *_WHOLE, base=_ServiceRules)


class _VisitRules(RecordForm):
    """A visit or a service logged on a phone: it has been done."""

    def fill(self, user: User) -> None:
        """Say by which article each kind is given."""
        _name_articles(self["kind"])

    def validate(self, extra_validators: Any = None) -> bool:
        """A visit lies not ahead."""
        valid = super().validate(extra_validators)
        done_on = self["done_on"].data
        if done_on is not None and done_on > clock.today():
            self.add_error("done_on", _("Ngày này ở sau hôm nay"))
        return valid and not self.errors

    def apply_to(self, record: Any) -> None:
        """What was logged is done."""
        super().apply_to(record)
        record.outcome = ServiceOutcome.DONE


#: The collaborator's short form.
VisitForm = record_form(
    Service, "kind", "done_on", "description", "quantity", "note", base=_VisitRules, required=["done_on"]
)

#: One entry for many children: what it is must be said.
BatchForm = record_form(Service, *_WHOLE, base=_ServiceRules, required=["description"])
ShortBatchForm = record_form(
    Service, "kind", "description", "done_on", "quantity", "note", base=_VisitRules, required=["description", "done_on"]
)

ProviderForm = record_form(Provider, "name", "kind", "phone", "address", "note", "is_active")


class _InspectionRules(RecordForm):
    """An inspection has been; what it found is mended after it."""

    def validate(self, extra_validators: Any = None) -> bool:
        """No visit and no mending ahead of today, none mended before it was found."""
        valid = super().validate(extra_validators)
        visited_on, mended_on = self["visited_on"].data, self["mended_on"].data
        for name in ("visited_on", "mended_on"):
            if self[name].data is not None and self[name].data > clock.today():
                self.add_error(name, _("Ngày này ở sau hôm nay"))
        for name in ("mend_by", "mended_on"):
            if visited_on and self[name].data is not None and self[name].data < visited_on:
                self.add_error(name, _("Ngày này ở trước ngày kiểm tra"))
        if mended_on is not None and self["mend_by"].data is None:
            self.add_error("mend_by", _("Nhập hạn khắc phục, hoặc xóa ngày đã khắc phục"))
        return valid and not self.errors


InspectionForm = record_form(
    Inspection, "visited_on", "inspectors", "findings", "mend_by", "mended_on", base=_InspectionRules
)
