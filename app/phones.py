"""A collaborator's own phone: enrolled with a code from the officer, then opened with a PIN checked on the server.

The phone holds a random key in a cookie no script reads; key and PIN together sign in. Five wrong PINs end the
enrolment; nobody without the phone can try a PIN, so nobody else can end it.
"""

import secrets
from datetime import timedelta
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Select, select

from app import audit, clock, identity, people, sealing
from models import Phone, PhoneCode, Role, User, UserSession, db

COOKIE = "mangnon-phone"
CODE_MINUTES = 60
PIN_DIGITS = 6
MOST_WRONG_PINS = 5
_CODE = "phone code"
_hasher = PasswordHasher()


def may_enrol(user: User) -> bool:
    """Only who is a collaborator and nothing more: a PIN is too little for the whole commune."""
    return user.roles == {Role.COLLABORATOR} and user.is_enabled


def new_code(giver: User, user: User) -> str:
    """A code to be typed on the phone within the hour, told once; earlier ones of the person end."""
    for earlier in db.session.scalars(
        select(PhoneCode).where(PhoneCode.user_id == user.id, PhoneCode.used_at.is_(None))
    ):
        earlier.used_at = clock.now()
    code = people.one_time_password()
    expires_at = clock.now() + timedelta(minutes=CODE_MINUTES)
    db.session.add(PhoneCode(user_id=user.id, made_by_id=giver.id, code_hash=_hash(code), expires_at=expires_at))
    audit.record("phone_code_made", giver, user, commune_id=user.commune_id)
    return code


def pin_is_weak(pin: str) -> bool:
    """Whether the PIN is not six digits, or one that everybody tries first."""
    if len(pin) != PIN_DIGITS or not (pin.isascii() and pin.isdigit()):
        return True
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({0}, {1}, {9}) or len(set(pin)) < 3


def enrol(code: str, pin: str) -> User | None:
    """Use the code, bind this phone by its cookie, and sign the person in. None: no such code."""
    query = select(PhoneCode).where(PhoneCode.code_hash == _hash(code), PhoneCode.used_at.is_(None))
    found = db.session.scalars(query.with_for_update()).unique().first()
    if found is None or found.expires_at < clock.now() or not may_enrol(found.user):
        return None
    found.used_at = clock.now()
    key = secrets.token_urlsafe(32)
    phone = Phone(
        user_id=found.user_id,
        key_hash=_key_hash(key),
        pin_hash=_hasher.hash(pin),
        device=identity.device(),
        enrolled_at=clock.now(),
    )
    db.session.add(phone)
    db.session.flush()
    identity.keep_on_device(COOKIE, key)
    audit.record("phone_enrolled", found.user, found.user)
    identity.sign_in(found.user, phone_id=phone.id)
    return found.user


def this_phone() -> Phone | None:
    """The enrolled phone that asks, if it is one."""
    key = identity.kept_on_device(COOKIE)
    if not key:
        return None
    phone = db.session.scalars(select(Phone).where(Phone.key_hash == _key_hash(key))).unique().one_or_none()
    return phone if phone is not None and phone.ended_at is None and may_enrol(phone.user) else None


def open_with(phone: Phone, pin: str) -> bool:
    """Sign in when the PIN is right; the fifth wrong one in a row ends the enrolment."""
    try:
        _hasher.verify(phone.pin_hash, pin)
    except VerificationError:
        phone.failures += 1
        audit.record("sign_in_failed", None, commune_id=phone.user.commune_id, reason="pin")
        if phone.failures >= MOST_WRONG_PINS:
            _end(phone, phone.user)
        return False
    phone.failures = 0
    identity.sign_in(phone.user, phone_id=phone.id)
    return True


def of(user: User) -> Select[Phone]:
    """The phones somebody may open with a PIN now."""
    return select(Phone).where(Phone.user_id == user.id, Phone.ended_at.is_(None)).order_by(Phone.id)


def end_all(giver: User | None, user: User) -> None:
    """A phone was lost or given away: no PIN opens it any more, and its sessions end."""
    for phone in db.session.scalars(of(user)):
        _end(phone, giver)


def _end(phone: Phone, giver: User | None) -> None:
    phone.ended_at = clock.now()
    sessions = select(UserSession).where(UserSession.phone_id == phone.id, UserSession.ended_at.is_(None))
    for row in db.session.scalars(sessions):
        row.ended_at = clock.now()
    audit.record("phone_ended", giver, phone.user, commune_id=phone.user.commune_id)


def _key_hash(key: str) -> str:
    return sealing.keyed_hash(key, "phone")


def _hash(code: str) -> str:
    return sealing.keyed_hash("".join(letter for letter in code.lower() if letter.isalnum()), _CODE)
