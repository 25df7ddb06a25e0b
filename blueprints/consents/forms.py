"""The form of a consent."""

from typing import Any

from flask_babel import gettext as _

from app import clock, consents
from app.forms import RecordForm, record_form
from models import Child, Consent, ConsentGiver


class _ConsentRules(RecordForm):
    def check(self, child: Child) -> bool:
        """What has not happened is no consent; a child is asked from seven on; a representative has a name."""
        asked, withdrawn = self["asked_on"].data, self["withdrawn_on"].data
        if asked and asked > clock.today():
            self.add_error("asked_on", _("Ở sau bây giờ: chỉ ghi việc đã làm"))
        if asked and withdrawn and withdrawn < asked:
            self.add_error("withdrawn_on", _("Ngày rút lại ở trước ngày hỏi"))
        if self["giver"].data is ConsentGiver.REPRESENTATIVE and not self["giver_name"].data:
            self.add_error("giver_name", _("Nhập họ tên cha, mẹ hoặc người giám hộ được hỏi"))
        if self["giver"].data is ConsentGiver.CHILD and consents.is_too_small(child, asked):
            self.add_error("giver", _("Lúc đó trẻ chưa đủ 7 tuổi: hỏi cha, mẹ hoặc người giám hộ (Luật Trẻ em Đ6.11)"))
        return not self.errors


ConsentForm: Any = record_form(
    Consent,
    "purpose",
    "details",
    "giver",
    "giver_name",
    "answer",
    "asked_on",
    "evidence",
    "withdrawn_on",
    base=_ConsentRules,
)
