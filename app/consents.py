"""Consents: what a child from 7 years and its representative agreed to. Luật Trẻ em Đ6.11; Luật 91/2025/QH15 Đ24."""

from sqlalchemy import Select

from app import access
from models import Case, Child, Consent, ConsentAnswer, ConsentGiver, ConsentPurpose, User, db

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
