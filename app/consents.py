"""Consents: what a child from 7 years and its representative agreed to. Luật Trẻ em Đ6.11; Luật 91/2025/QH15 Đ24."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Select

from app import access, clock
from models import (
    CarePlacement,
    Case,
    Child,
    Consent,
    ConsentAnswer,
    ConsentGiver,
    ConsentPurpose,
    ReferralReply,
    User,
    db,
)

#: From this age the child itself is asked too (Luật Trẻ em Đ6.11).
ASKED_FROM_YEARS = 7


def of_child(user: User, child: Child) -> list[Consent]:
    """The consents of a child that somebody may know of, latest first."""
    return _latest_first(access.visible_consents(user).where(Consent.child_id == child.id))


def of_case(case: Case) -> list[Consent]:
    """The consents given for a case whose page somebody may read, and those of its child given for no case."""
    if case.child_id is None:
        return []
    return _latest_first(access.case_consents(case))


def _latest_first(query: Select[Consent]) -> list[Consent]:
    return list(db.session.scalars(query.order_by(Consent.asked_on.desc(), Consent.id.desc())))


def in_force(consents: list[Consent], purpose: ConsentPurpose) -> frozenset[ConsentGiver]:
    """Who agrees to a purpose as things stand: the latest answer of each counts, one withdrawn does not."""
    latest: dict[ConsentGiver, Consent] = {}
    for consent in sorted(consents, key=lambda one: (one.asked_on, one.id)):
        if consent.purpose is purpose:
            latest[consent.giver] = consent
    return frozenset(
        giver
        for giver, consent in latest.items()
        if consent.answer is ConsentAnswer.AGREED and consent.withdrawn_on is None
    )


def is_too_small(child: Child, day: date | None) -> bool:
    """Whether the child was not of an age to be asked on that day; an unknown birth date is no reason to refuse."""
    if day is None or child.born_on is None:
        return False
    return clock.age(child.born_on, day) < ASKED_FROM_YEARS


# ── Taking a consent back ──────────────────────────────────────────────────


def consequences(user: User, consent: Consent) -> list[str]:
    """What taking a consent back changes, and what it does not, in sentences (Luật 91/2025/QH15 Đ10, Đ19, Đ24)."""
    child = access.get_child(user, consent.child_id)
    told = [_("Việc đã làm trước ngày rút lại không mất hiệu lực; từ ngày đó không làm thêm việc dựa vào ý kiến này.")]
    others = in_force([one for one in of_child(user, child) if one.id != consent.id], consent.purpose)
    if consent.purpose in (ConsentPurpose.SHARE, ConsentPurpose.IMAGE):
        told.append(_("Từ đủ 7 tuổi cần cả trẻ em và người đại diện: một bên rút lại là đủ để dừng."))
    if others - {consent.giver}:
        names = ", ".join(str(giver.label) for giver in sorted(others - {consent.giver}))
        told.append(_("Còn đồng ý: %(names)s.", names=names))
    if consent.purpose is ConsentPurpose.IMAGE:
        told.append(_("Gỡ và xóa hình ảnh đã dùng; báo nơi đã nhận hình ảnh gỡ xuống."))
    if consent.purpose is ConsentPurpose.CARE:
        told += _care_consequences(user, child)
    return [*told, *_case_consequences(user, child, consent)]


def _care_consequences(user: User, child: Child) -> list[str]:
    running = access.visible_placements(user).where(
        CarePlacement.child_id == child.id, CarePlacement.handed_over_on.is_not(None), CarePlacement.ended_on.is_(None)
    )
    if db.session.scalars(running).unique().first() is None:
        return []
    return [
        _("Trẻ đang được chăm sóc thay thế theo quyết định: việc này không tự dừng, đánh giá lại và trình lãnh đạo.")
    ]


def _case_consequences(user: User, child: Child, consent: Consent) -> list[str]:
    """What of the child's cases rests on the consent: plans go on by law, whoever was told is told to stop."""
    told = []
    query = access.visible_cases(user).where(Case.child_id == child.id).order_by(Case.id)
    if consent.case_id is not None:
        query = query.where(Case.id == consent.case_id)
    for case in db.session.scalars(query).unique():
        if consent.purpose is ConsentPurpose.SUPPORT and case.closed_at is None:
            told.append(
                _(
                    "Vụ việc %(number)s vẫn tiếp tục: bảo vệ trẻ em theo Luật Trẻ em không chờ đồng ý. "
                    "Xem lại việc nào trong kế hoạch chỉ dựa vào ý kiến này.",
                    number=case.number,
                )
            )
        if consent.purpose is ConsentPurpose.SHARE and access.knows_case(user, case):
            told += _told_to_stop(case)
    return told


def _told_to_stop(case: Case) -> list[str]:
    told = [
        _(
            "Báo %(recipient)s (chuyển ngày %(day)s) ngừng dùng thông tin.",
            recipient=one.recipient,
            day=_day(one.referred_on),
        )
        for one in case.referrals
        if one.reply is not ReferralReply.REFUSED
    ]
    return told + [
        _("Hồ sơ đã chuyển %(commune)s: xã đó trả lời yêu cầu về phần của mình.", commune=one.other_commune)
        for one in case.transfers
        if one.direction == "out"
    ]


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
