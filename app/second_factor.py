"""The second factor: six digits from an authenticator app (RFC 6238), and recovery codes for when the phone is lost.

Asked of whoever has set it up; officer, leader and administrator must set it up within the days of grace.
"""

import secrets
from datetime import timedelta

import pyotp
import segno
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask import current_app
from sqlalchemy import func, select

from app import audit, clock, sealing
from models import Passkey, RecoveryCode, Role, SecondFactor, User, db

#: Who must have one: those who see the whole commune or keep the installation.
REQUIRED_OF = frozenset({Role.OFFICER, Role.LEADER, Role.ADMINISTRATOR})
RECOVERY_CODES = 10
#: Letters and digits that are not taken for one another when read out.
_CLEAR = "abcdefghkmnpqrstuvwxyz23456789"
SEALED_FOR = "authenticator secret"
_OFFER = "authenticator offer"
_OFFER_SECONDS = 3600
_RECOVERY = "recovery code"
#: Ten are hashed at once, each of 49 random bits: lighter than for a password people choose, no lighter than OWASP says.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def find(user: User) -> SecondFactor | None:
    """Somebody's authenticator app."""
    return db.session.get(SecondFactor, user.id)


def is_asked_of(user: User) -> bool:
    """Whether a password alone does not let this person in."""
    return find(user) is not None


def days_left(user: User) -> int | None:
    """Days until this person must have set one up, 0 when at once; None when she need not, or has.

    Counted from the day on which the first role was given that needs it, not from that of the account.
    """
    grace = current_app.config["MANGNON_SECOND_FACTOR_DAYS"]
    if grace < 0 or not user.roles & REQUIRED_OF or _is_guarded(user):
        return None
    given = min(held.given_at or user.created_at for held in user.roles_held if held.role in REQUIRED_OF)
    due = given + timedelta(days=grace)
    return max(0, (due - clock.now()).days)


def _is_guarded(user: User) -> bool:
    if user.has_second_factor is not None:
        return user.has_second_factor
    return is_asked_of(user) or _has_passkey(user)


def _has_passkey(user: User) -> bool:
    return db.session.scalars(select(Passkey.id).where(Passkey.user_id == user.id)).first() is not None


# ── Setting it up ──────────────────────────────────────────────────────────


def offer(user: User) -> str:
    """A new secret, sealed for this person: it travels through her form and is stored only once a code proves it."""
    return sealing.seal([user.id, pyotp.random_base32()], _OFFER)


def offered(user: User, sealed: str) -> str | None:
    """The secret of an offer made to this person within the hour."""
    opened = sealing.unseal(sealed, _OFFER, seconds=_OFFER_SECONDS)
    return str(opened[1]) if opened and opened[0] == user.id else None


def picture(user: User, secret: str) -> str:
    """The QR code for the authenticator app, as the address of a picture (no request carries the secret)."""
    address = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name="Măng Non")
    return segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="#fff")


def set_up(user: User, secret: str, code: str) -> list[str] | None:
    """Store the secret when the code proves that the app holds it; the recovery codes, told once. None: wrong code."""
    step = _step_of(secret, code, after=0)
    if step is None:
        return None
    db.session.merge(
        SecondFactor(
            user_id=user.id, sealed_secret=sealing.seal(secret, SEALED_FOR), confirmed_at=clock.now(), last_step=step
        )
    )
    audit.record("second_factor_set_up", user, user)
    return new_recovery_codes(user)


def new_recovery_codes(user: User) -> list[str]:
    """Ten new codes; the old ones open nothing any more."""
    _forget(user, RecoveryCode)
    codes = [
        "-".join("".join(secrets.choice(_CLEAR) for _ in range(5)) for _ in range(2)) for _ in range(RECOVERY_CODES)
    ]
    db.session.add_all(RecoveryCode(user_id=user.id, code_hash=_hasher.hash(_bare(code))) for code in codes)
    audit.record("recovery_codes_made", user, user)
    return codes


def remove(giver: User | None, user: User) -> None:
    """Take app, codes and passkeys away: the person signs in by password alone until she sets them up again."""
    for model in (SecondFactor, RecoveryCode, Passkey):
        _forget(user, model)
    audit.record("second_factor_removed", giver, user, commune_id=user.commune_id)


def is_unreadable(user: User) -> bool:
    """Whether somebody's app was sealed under a secret key this installation no longer has: no code will ever be right."""
    factor = find(user)
    return factor is not None and sealing.unseal(factor.sealed_secret, SEALED_FOR) is None


def forget_passkeys(user: User) -> None:
    """Take somebody's passkeys away: one that a stranger added must not outlive a new password."""
    _forget(user, Passkey)


def _forget(user: User, model: type[SecondFactor] | type[RecoveryCode] | type[Passkey]) -> None:
    for row in db.session.scalars(select(model).where(model.user_id == user.id)).unique():
        db.session.delete(row)
    db.session.flush()


def codes_left(user: User) -> int:
    """How many recovery codes are unused."""
    unused = select(func.count(RecoveryCode.id)).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(unused) or 0


# ── Signing in with it ─────────────────────────────────────────────────────


def accepts(user: User, typed: str) -> bool:
    """Whether this is the app's code of now, or an unused recovery code. Neither is taken twice."""
    bare = "".join(typed.split()).lower()
    if bare.isdigit():
        return _accepts_code(user, bare)
    return _accepts_recovery(user, bare)


def _accepts_code(user: User, code: str) -> bool:
    factor = db.session.get(SecondFactor, user.id, with_for_update=True, populate_existing=True)
    secret = sealing.unseal(factor.sealed_secret, SEALED_FOR) if factor else None
    if factor is None or secret is None:
        return False
    a_day_on = int(clock.now().timestamp()) // 30 + 24 * 120
    last = factor.last_step if factor.last_step <= a_day_on else 0  # taken while the clock was wrong
    step = _step_of(secret, code, after=last)
    if step is None:
        return False
    factor.last_step = step
    return True


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    """The half minute whose code this is: now, or one before or after for clocks that differ; only later than `after`."""
    now = int(clock.now().timestamp()) // 30
    totp = pyotp.TOTP(secret)
    right = [
        step
        for step in (now - 1, now, now + 1)
        if pyotp.utils.strings_equal(totp.generate_otp(step), "".join(code.split())) and step > after
    ]
    return right[0] if right else None


def _accepts_recovery(user: User, code: str) -> bool:
    query = select(RecoveryCode).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    unused = db.session.scalars(query.with_for_update()).all()
    found = next((one for one in unused if _is_hash_of(one.code_hash, code)), None)
    if found is None:
        return False
    found.used_at = clock.now()
    audit.record("recovery_code_used", user, user)
    return True


def _is_hash_of(code_hash: str, code: str) -> bool:
    if not code_hash.startswith("$argon2"):  # made by an earlier version
        return sealing.keyed_hash(_bare(code), _RECOVERY) == code_hash
    try:
        return _hasher.verify(code_hash, _bare(code))
    except VerificationError:
        return False


def _bare(code: str) -> str:
    return code.replace("-", "").lower()
