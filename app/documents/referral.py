"""Giấy chuyển trẻ em đến cơ quan, cơ sở cung cấp dịch vụ (NĐ 56/2017/NĐ-CP Đ29; Luật Trẻ em Đ53; no official form).

Says only what the recipient needs to help: who the child is and what is asked for.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from app.documents import facts, words
from app.documents.form import Form
from models import Case, Referral


def _context(case: Case, referral: Referral) -> dict[str, Any]:
    return {
        "number": words.number_of(None, "UBND"),
        "child": facts.child_facts(case),
        "recipient": referral.recipient,
        "purpose": referral.purpose,
        "reply_due": words.day_words(referral.reply_due_on) if referral.reply_due_on else "",
        "worker": facts.worker_name(case, referral.recorded_by_id),
    }


def _referrals(case: Case) -> Sequence[Referral]:
    return case.referrals


FORM = Form(
    code="giay-chuyen",
    template="documents/giay-chuyen.docx",
    title=_l("Giấy chuyển đến cơ quan, cơ sở"),
    source="NĐ 56/2017/NĐ-CP Đ29",
    level="Bảo mật; có thông tin của trẻ em",
    scope="cơ quan, cơ sở ghi ở mục Kính gửi, để giúp trẻ em; không chuyển cho nơi khác",
    records=_referrals,
    dated=lambda referral: referral.referred_on,
    context=_context,
)
