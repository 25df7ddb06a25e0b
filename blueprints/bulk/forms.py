"""What is to be done to the children chosen."""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from app import clock
from app.forms import BaseForm, ChoiceField, DateField, Required, choice_field, offer_villages, optional
from models import Child, PopulationCheck, User, fields_of


class MoveForm(BaseForm):
    """Where to, and when."""

    to_village_id = ChoiceField(_l("Đến thôn"), choices=[], coerce=optional(int), validators=[Required()])
    happened_on = DateField(_l("Ngày chuyển"), validators=[Required()])

    def fill(self, user: User) -> None:
        """Offer the villages in use."""
        offer_villages(self.to_village_id, user, _("– chọn thôn –"))

    def validate(self, extra_validators: Any = None) -> bool:
        """It has happened."""
        valid = super().validate(extra_validators)
        if self.happened_on.data is not None and self.happened_on.data > clock.today():
            self.add_error("happened_on", _("Ngày này ở sau hôm nay"))
        return valid and not self.errors


class CheckForm(BaseForm):
    """What the comparison with the population database said."""

    population_check = choice_field(fields_of(Child)["population_check"].label, PopulationCheck, required=True)

    def fill(self, user: User) -> None:
        """The list is closed."""


class ConfirmForm(BaseForm):
    """Nothing but the word."""

    def fill(self, user: User) -> None:
        """Nothing to offer."""
