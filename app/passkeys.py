"""Passkeys (WebAuthn): a key pair on somebody's own device, opened there by finger, face or PIN, instead of password and code.

The challenge is sealed in the browser's signed cookie for five minutes and taken once; the answer must come from our own
address, with the person verified on the device. Browsers offer passkeys only by TLS, or on localhost.
"""

import json
import secrets
from typing import Any

import webauthn
from flask import request, session
from sqlalchemy import Select, select
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app import audit, clock, identity, sealing
from models import Passkey, User, db

MOST_PER_PERSON = 10
_CHALLENGE_SECONDS = 300
_NAME = "Măng Non"


def of(user: User) -> Select[Passkey]:
    """Somebody's passkeys, in the order they were added."""
    return select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id)


# ── Adding one ─────────────────────────────────────────────────────────────


def offer_to_add(user: User) -> str:
    """What the browser needs to make a new key pair, as JSON."""
    known = [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential)) for key in db.session.scalars(of(user))
    ]
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name=_NAME,
        user_id=sealing.keyed_hash(str(user.id), "passkey owner").encode()[:32],
        user_name=user.username,
        user_display_name=user.full_name,
        challenge=_new_challenge(f"add {user.id}"),
        exclude_credentials=known,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return webauthn.options_to_json(options)


def add(user: User, answer: str) -> bool:
    """Keep the public half when the browser's answer holds; False when it does not."""
    challenge = _taken_challenge(f"add {user.id}")
    if challenge is None or len(db.session.scalars(of(user)).all()) >= MOST_PER_PERSON:
        return False
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return False
    credential = bytes_to_base64url(made.credential_id)
    if db.session.scalars(select(Passkey).where(Passkey.credential == credential)).first() is not None:
        return False
    db.session.add(
        Passkey(
            user_id=user.id,
            credential=credential,
            public_key=bytes_to_base64url(made.credential_public_key),
            sign_count=made.sign_count,
            device=identity.device(),
            added_at=clock.now(),
        )
    )
    audit.record("passkey_added", user, user)
    return True


def remove(user: User, passkey_id: int | None) -> None:
    """Take one of somebody's own passkeys away; those of others stay."""
    found = db.session.scalars(of(user).where(Passkey.id == passkey_id)).unique().one_or_none()
    if found is not None:
        db.session.delete(found)
        audit.record("passkey_removed", user, user)


# ── Signing in with one ────────────────────────────────────────────────────


def offer_to_sign_in() -> str:
    """What the browser needs to answer with any passkey it holds for us; tells nothing about who has one."""
    options = webauthn.generate_authentication_options(
        rp_id=_host(), challenge=_new_challenge("sign in"), user_verification=UserVerificationRequirement.REQUIRED
    )
    return webauthn.options_to_json(options)


def owner(answer: str) -> User | None:
    """Whose passkey signed our challenge; None when none did."""
    challenge = _taken_challenge("sign in")
    passkey = _named_in(answer)
    if challenge is None or passkey is None or not passkey.user.is_enabled:
        return None
    try:
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    passkey.sign_count = verified.new_sign_count
    passkey.used_at = clock.now()
    return passkey.user


def _named_in(answer: str) -> Passkey | None:
    try:
        said: Any = json.loads(answer)
    except ValueError:
        return None
    credential = said.get("id") if isinstance(said, dict) else None
    if not isinstance(credential, str):
        return None
    return db.session.scalars(select(Passkey).where(Passkey.credential == credential)).unique().one_or_none()


def _new_challenge(purpose: str) -> bytes:
    challenge = secrets.token_bytes(32)
    session["passkey"] = sealing.seal([purpose, bytes_to_base64url(challenge)], "passkey challenge")
    return challenge


def _taken_challenge(purpose: str) -> bytes | None:
    opened = sealing.unseal(session.pop("passkey", ""), "passkey challenge", seconds=_CHALLENGE_SECONDS)
    return base64url_to_bytes(opened[1]) if opened and opened[0] == purpose else None


def _host() -> str:
    return request.host.partition(":")[0]


def _origin() -> str:
    return f"{request.scheme}://{request.host}"
