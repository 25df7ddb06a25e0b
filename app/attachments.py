"""Papers kept with a child, a case or a concern: added once, encrypted, read by who may, put aside and back.

Each content is encrypted with a key of its own (AES-256-GCM), which is sealed with the installation's key: whoever has
only the database reads nothing, and a new SECRET_KEY needs only the small keys sealed anew (app/rekeying.py).
See docs/decisions/0061-attachments-in-the-database.md.
"""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask_babel import gettext as _
from sqlalchemy import func, select

from app import access, audit, clock, sealing
from app.child_filters import SECRET
from app.uploads import Cleaned, Refused
from models import Attachment, AttachmentSlot, Case, Child, IntakeReport, User, db

#: What a key of a content is sealed for.
SEALED_FOR = "attachment"
#: Papers kept with one child, case or concern; more are a mistake, or meant to fill the disk.
MOST = 100

#: Kinds that tell of HIV or sexual abuse: on no list with others (app/read_apart.py).
APART_SLOTS = tuple(slot for slot in AttachmentSlot if slot.sensitivity in SECRET)
_NONCE = 12

#: Whose a paper is.
Owner = Child | Case | IntakeReport


class Unreadable(Exception):
    """A content that cannot be opened: another SECRET_KEY, or altered in the database."""


def slots(user: User) -> list[AttachmentSlot]:
    """The kinds of paper somebody may know of."""
    return [slot for slot in AttachmentSlot if access.may_read(user, slot.sensitivity)]


def of_child(user: User, child: Child, *, apart: bool = False) -> list[Attachment]:
    """The papers of a child in scope, the latest first; those put aside only for who may put them back.

    `apart`: those of kinds that are read apart, and no others.
    """
    slots = Attachment.slot.in_(APART_SLOTS) if apart else Attachment.slot.not_in(APART_SLOTS)
    query = access.visible_attachments(user).where(Attachment.child_id == child.id, slots)
    return list(db.session.scalars(query.order_by(Attachment.id.desc())).unique())


def of_report(user: User, report: IntakeReport) -> list[Attachment]:
    """The papers of a concern without a case, the latest first; a case shows its concern's with its own."""
    query = access.visible_attachments(user, report=report).order_by(Attachment.id.desc())
    return list(db.session.scalars(query).unique())


def sent_with(report: IntakeReport) -> int:
    """How many papers came with a concern, for its reporter, who may not open them."""
    office = access.commune_reader(report.commune_id)
    query = access.visible_attachments(office, report=report).where(Attachment.removed_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def of_case(user: User, case: Case) -> list[Attachment]:
    """The papers of a case somebody knows, the latest first."""
    return list(db.session.scalars(access.visible_attachments(user, case).order_by(Attachment.id.desc())).unique())


def _beside(user: User, owner: Owner) -> list[Attachment]:
    """What is kept with the same owner already, as far as its own list shows it."""
    match owner:
        case Child():
            return [*of_child(user, owner), *of_child(user, owner, apart=True)]
        case Case():
            return of_case(user, owner)
    return of_report(user, owner)


def add(user: User, owner: Owner, slot: AttachmentSlot, note: str | None, cleaned: Cleaned) -> Attachment:
    """Keep a paper with its owner; the same content twice is once. Raises Refused when there are too many."""
    kept = _beside(user, owner)
    for known in kept:
        if known.sha256 == cleaned.sha256 and known.removed_at is None:
            return known
    if len(kept) >= MOST:
        raise Refused(_("Đã có %(most)d giấy tờ ở đây: bỏ bớt những tệp không cần", most=MOST))
    key = AESGCM.generate_key(256)
    attachment = Attachment(
        commune_id=owner.commune_id,
        child_id=owner.id if isinstance(owner, Child) else None,
        case_id=owner.id if isinstance(owner, Case) else None,
        report_id=owner.id if isinstance(owner, IntakeReport) else None,
        slot=slot,
        note=note,
        content_type=cleaned.content_type,
        size=len(cleaned.content),
        sha256=cleaned.sha256,
        width=cleaned.width,
        height=cleaned.height,
        added_at=clock.now(),
        added_by_id=user.id,
        sealed_key=sealing.seal(base64.b64encode(key).decode(), SEALED_FOR),
    )
    nonce = secrets.token_bytes(_NONCE)
    attachment.content = nonce + AESGCM(key).encrypt(nonce, cleaned.content, _bound_to(attachment))
    db.session.add(attachment)
    db.session.flush()
    audit.record("attachment_added", user, attachment)
    return attachment


def opened(attachment: Attachment) -> bytes:
    """The content in the clear. Raises Unreadable."""
    key = sealing.unseal(attachment.sealed_key, SEALED_FOR)
    if key is None:
        raise Unreadable
    nonce, sealed = attachment.content[:_NONCE], attachment.content[_NONCE:]
    try:
        return AESGCM(base64.b64decode(key)).decrypt(nonce, sealed, _bound_to(attachment))
    except (InvalidTag, ValueError):
        raise Unreadable from None


def _bound_to(attachment: Attachment) -> bytes:
    """What a content is encrypted for, so that it opens in no other commune's row and as no other sort of file."""
    return f"{attachment.commune_id} {attachment.content_type} {attachment.sha256}".encode()


def may_remove(user: User, attachment: Attachment) -> bool:
    """The officer any paper, others what they added themselves."""
    return access.may(user, "attachment.remove") or attachment.added_by_id == user.id


def remove(user: User, attachment: Attachment) -> None:
    """Put a paper aside."""
    if attachment.removed_at is None:
        attachment.removed_at, attachment.removed_by_id = clock.now(), user.id
        audit.record("attachment_removed", user, attachment)


def restore(user: User, attachment: Attachment) -> None:
    """Put a paper back."""
    if attachment.removed_at is not None:
        attachment.removed_at, attachment.removed_by_id = None, None
        audit.record("attachment_restored", user, attachment)
