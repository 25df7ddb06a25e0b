"""Encrypted backups: AES-256-GCM piece by piece, so that a file of any size passes through little memory.

A file is `MAGIC`, 16 bytes of salt, then pieces. Each file has a key of its own (HKDF-SHA256 of the installation's backup key
and the salt); a piece's nonce is its number and whether it is the last, so pieces cannot be swapped, left out or cut off.
"""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"MangNon backup 1\n"
_PIECE, _TAG, _SALT = 1024 * 1024, 16, 16
#: Letters and digits of a key; groups and blanks are for the eye only.
SHORTEST_KEY = 32
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class Unusable(Exception):
    """A backup that cannot be made, read or restored; the message says why, in one sentence."""


class WrongKey(Exception):
    """The file does not open with this key, or is damaged."""


def new_key() -> str:
    """A random key to be written on paper: 13 groups of four out of 32 letters and digits, 260 bits."""
    letters = [secrets.choice(_LETTERS) for _ in range(52)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, 52, 4))


def normal(key: str) -> str:
    """A key as typed or kept, without what is for the eye only."""
    return "".join(key.split()).replace("-", "").upper()


def is_encrypted(path: Path) -> bool:
    """Whether a file is one of these."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _cipher(key: str, salt: bytes) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"mang non backup").derive(normal(key).encode())
    return AESGCM(derived)


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def encrypt(source: Path, target: Path, key: str) -> None:
    """Write `source` encrypted to `target`."""
    salt = os.urandom(_SALT)
    cipher = _cipher(key, salt)
    with source.open("rb") as plain, target.open("wb") as sealed:
        sealed.write(MAGIC + salt)
        number, piece = 0, plain.read(_PIECE)
        while True:
            following = plain.read(_PIECE)
            sealed.write(cipher.encrypt(_nonce(number, not following), piece, None))
            if not following:
                return
            number, piece = number + 1, following


def decrypt(source: Path, target: Path, key: str) -> None:
    """Write what `source` holds to `target`. Raises WrongKey."""
    with source.open("rb") as sealed, target.open("wb") as plain:
        if sealed.read(len(MAGIC)) != MAGIC:
            raise WrongKey
        cipher = _cipher(key, sealed.read(_SALT))
        number, piece = 0, sealed.read(_PIECE + _TAG)
        while True:
            following = sealed.read(_PIECE + _TAG)
            try:
                plain.write(cipher.decrypt(_nonce(number, not following), piece, None))
            except InvalidTag:
                raise WrongKey from None
            if not following:
                return
            number, piece = number + 1, following
