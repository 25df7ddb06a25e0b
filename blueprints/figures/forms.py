"""Which day the figures are of."""

from datetime import date

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import ValidationError

from app import clock
from app.forms import BaseForm, DateField, Required


class FiguresForm(FlaskForm):
    """The day as on which children are counted. Sent by GET: it changes nothing, so it carries no token and no key."""

    class Meta:
        """No token in an address."""

        csrf = False

    on = DateField(_l("Ngày tính số liệu"), default=clock.today, validators=[Required()])

    shown_errors = BaseForm.shown_errors

    def validate_on(self, field: DateField) -> None:
        """No figures of a day to come."""
        if isinstance(field.data, date) and field.data > clock.today():
            raise ValidationError(_("Chọn ngày không sau hôm nay"))
