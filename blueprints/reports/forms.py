"""Preparing, deciding on and sending a report."""

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms.validators import ValidationError

from app import clock, periods
from app.forms import BaseForm, ChoiceField, DateField, RadiosField, Required, offer, optional, record_form
from app.periods import Period
from app.trends import COUNTS, Asked, Step, step_of
from models import Commune, DutyDone, PeriodReport, ReportKind


class PrepareForm(BaseForm):
    """Which report, of which period."""

    kind = RadiosField(_l("Loại báo cáo"), choices=[], coerce=optional(ReportKind), validators=[Required()])
    period = ChoiceField(
        _l("Kỳ báo cáo"),
        choices=[],
        description=_l("Tháng hành động luôn là từ 01/6 đến 30/6 của năm đã chọn."),
        validators=[Required()],
    )
    first = DateField(_l("Hoặc từ ngày"), description=_l("Ghi cả hai ngày thì lấy theo ngày, không theo kỳ ở trên."))
    last = DateField(_l("đến ngày"))

    step = ChoiceField(_l("Biểu đồ qua các kỳ"), choices=[], coerce=optional(Step))
    count = ChoiceField(_l("Số kỳ trên biểu đồ"), choices=[])

    def prepare(self, asked: Period | None = None) -> None:
        """Offer the kinds, and the periods that have begun, `asked` among them."""
        offer(self.kind, [(kind, kind.label) for kind in ReportKind])
        self.kind.data = self.kind.data or ReportKind.FIGURES
        offer(self.step, [(step, step.label) for step in Step], blank=_("Như kỳ báo cáo"))
        offer(self.count, [(str(number), str(number)) for number in COUNTS])
        self.count.data = self.count.data or str(Asked.count)
        offered = periods.offered(clock.today())
        if asked is not None and asked not in offered and asked.first <= clock.today():
            offered = [asked, *offered]
        offer(self.period, [(period.code, period.label[:1].upper() + period.label[1:]) for period in offered])

    def asked_period(self) -> Period:
        """The two days if both are given, else the period chosen; Action Month is June of its year (TT 28/2019 Đ5)."""
        period = self._chosen_period()
        return Period.read(f"{period.last.year}-06") if self.kind.data is ReportKind.ACTION_MONTH else period

    def asked_trend(self) -> Asked:
        """By which step the trend goes, and how far back."""
        return Asked.read(self.step.data or step_of(self.asked_period()), self.count.data)

    def _chosen_period(self) -> Period:
        if self.first.data and self.last.data:
            return Period(f"{self.first.data}..{self.last.data}", self.first.data, self.last.data)
        return Period.read(self.period.data)

    def validate_last(self, field: DateField) -> None:
        """Both days or none, in order, and begun."""
        if (self.first.data is None) != (field.data is None):
            raise ValidationError(_("Ghi cả hai ngày, hoặc để trống cả hai"))
        if self.first.data and field.data and self.first.data > field.data:
            raise ValidationError(_("Ngày sau phải không trước ngày đầu"))
        if self.first.data and self.first.data > clock.today():
            raise ValidationError(_("Kỳ này chưa bắt đầu"))


DecideForm = record_form(PeriodReport, "decision_note")


class DoneForm(record_form(DutyDone, "sent_on", "note")):  # type: ignore[misc]
    """When a report was sent outside the program; not in the future."""

    def validate_sent_on(self, field: DateField) -> None:
        """A day that has come."""
        if field.data and field.data > clock.today():
            raise ValidationError(_("Ngày gửi không được ở sau hôm nay"))


class SendForm(record_form(PeriodReport, "sent_to")):  # type: ignore[misc]
    """To whom it goes; at least one office."""

    commune: Commune

    def validate_sent_to(self, field: DateField) -> None:
        """Somebody must get it."""
        if not field.data:
            raise ValidationError(_("Ghi ít nhất một nơi nhận"))
