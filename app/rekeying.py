"""A new SECRET_KEY: what the old one sealed or signed is sealed and signed anew, all of it or nothing.

Papers and authenticator apps open again, and the ends of the audit chains hold – those alone that held under the old key.
What is only kept as a keyed hash (recovery codes, phones) cannot be taken over: people make new ones.
"""

import hmac
from dataclasses import dataclass

from sqlalchemy import select

from app import attachments, audit, sealing, second_factor
from models import Attachment, AuditHead, SecondFactor, db


@dataclass(frozen=True)
class Resealed:
    """How many were taken over, and how many neither key opens."""

    papers: int
    apps: int
    chains: int
    lost: int


def reseal(old_key: str) -> Resealed:
    """Seal anew what only `old_key` opens. Changes and flushes; whoever calls commits. Twice is once."""
    lost = 0
    papers, apps = [], []
    for attachment in db.session.scalars(select(Attachment)).unique():
        sealed = _anew(attachment.sealed_key, attachments.SEALED_FOR, old_key)
        lost += sealed is None
        if sealed and sealed != attachment.sealed_key:
            attachment.sealed_key = sealed
            papers.append(attachment)
    for factor in db.session.scalars(select(SecondFactor)).unique():
        sealed = _anew(factor.sealed_secret, second_factor.SEALED_FOR, old_key)
        lost += sealed is None
        if sealed and sealed != factor.sealed_secret:
            factor.sealed_secret = sealed
            apps.append(factor)
    chains = _sign_anew(old_key)
    db.session.flush()
    return Resealed(len(papers), len(apps), chains, lost)


def _anew(sealed: str, purpose: str, old_key: str) -> str | None:
    """What was sealed, under the key of now; as it is when that opens it already; None when neither key does."""
    if sealing.unseal(sealed, purpose) is not None:
        return sealed
    opened = sealing.unseal(sealed, purpose, secret=old_key)
    return sealing.seal(opened, purpose) if opened is not None else None


def _sign_anew(old_key: str) -> int:
    """Sign the ends that the old key signed; one that was forged before stays found."""
    count = 0
    for head in db.session.scalars(select(AuditHead)):
        end = head.chain, head.count, head.hash
        if hmac.compare_digest(head.signature, audit.signature(*end, secret=old_key)):
            head.signature = audit.signature(*end)
            count += 1
    return count
