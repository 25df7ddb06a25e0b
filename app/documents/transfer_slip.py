"""Phiếu chuyển hồ sơ vụ việc cho xã khác, để ký nhận (NĐ 56/2017/NĐ-CP Đ26.1, Đ30.3; no official form).

Names the case by its number and the file by its hash; nothing of the child.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from app import clock
from app.documents import facts, words
from app.documents.form import Form
from models import Case, Transfer


def _context(_case: Case, transfer: Transfer) -> dict[str, Any]:
    return {
        "number": words.number_of(None, "PC-UBND"),
        "recipient": transfer.other_commune,
        "reason": transfer.reason,
        "made": words.moment_words(transfer.made_at),
        "checksum": transfer.checksum,
        "sender": facts.person_name(transfer.made_by_id),
        "receiver": transfer.receipt_by or "",
    }


def _sent(case: Case) -> Sequence[Transfer]:
    return [transfer for transfer in case.transfers if transfer.direction == "out"]


FORM = Form(
    code="phieu-chuyen",
    template="documents/phieu-chuyen.docx",
    title=_l("Phiếu chuyển hồ sơ"),
    source="NĐ 56/2017/NĐ-CP Đ26.1, Đ30.3",
    level="Bảo mật",
    scope="UBND xã chuyển và UBND xã nhận hồ sơ; không sao chép, phổ biến",
    records=_sent,
    dated=lambda transfer: clock.local_date(transfer.made_at),
    context=_context,
)
