"""Small secrets kept encrypted: sealed with a key made from SECRET_KEY, one per purpose, so that no seal opens another's.

Fernet (AES-128-CBC with HMAC-SHA256) under a key by HKDF-SHA256. A database file alone opens nothing. A new SECRET_KEY
opens nothing of the old one's until `flask keys reseal` has sealed it anew (app/rekeying.py, docs/security.md).
"""

import base64
import hashlib
import hmac
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


def _derived(purpose: str, secret: str | None = None) -> bytes:
    return _derive(secret or str(current_app.config["SECRET_KEY"]), purpose)


@lru_cache(maxsize=64)  # every audit line is signed with one
def _derive(secret: str, purpose: str) -> bytes:
    key = secret.encode()
    return HKDF(algorithm=SHA256(), length=32, salt=b"mang non", info=purpose.encode()).derive(key)


def seal(value: Any, purpose: str) -> str:
    """Encrypt something small that JSON can hold."""
    return Fernet(base64.urlsafe_b64encode(_derived(purpose))).encrypt(json.dumps(value).encode()).decode()


def unseal(token: str, purpose: str, *, seconds: int | None = None, secret: str | None = None) -> Any:
    """What was sealed for this purpose; None when it is forged, foreign, or older than so many seconds.

    `secret`: another SECRET_KEY than the installation's own.
    """
    try:
        opened = Fernet(base64.urlsafe_b64encode(_derived(purpose, secret))).decrypt(token.encode(), ttl=seconds)
    except (InvalidToken, ValueError):
        return None
    return json.loads(opened)


def keyed_hash(value: str, purpose: str, *, secret: str | None = None) -> str:
    """A hash nobody can work out without the key: for short codes, which could be guessed from a bare hash."""
    return hmac.new(_derived(purpose, secret), value.encode(), hashlib.sha256).hexdigest()
