"""Which new passwords are taken, by NIST SP 800-63B-4: length, no rules of composition, none that everybody tries first."""

import gzip
from functools import cache
from pathlib import Path

from models import User, clean

SHORTEST = 10
LONGEST = 200

#: What people here try first, folded and without spaces; digits before and after are taken off before comparing.
COMMON = frozenset(
    """
    matkhau matkhaumoi password passw0rd passwd letmein welcome secret iloveyou qwerty qwertyuiop asdfgh asdfghjkl
    zxcvbnm qazwsx qazwsxedc abc abcd abcdef abcdefgh abcxyz aaa admin administrator root user guest test demo quantri
    nguoidung taikhoan dangnhap xinchao anhyeuem emyeuanh yeuem yeuanh anhnhoem conyeu conyeume bome giadinh hanhphuc
    maimaiyeuem matkhaucuatoi khongbiet quenmatkhau toilatoi vietnam vietnamvodich hanoi saigon hochiminh dangcongsan
    ubndxa ubnd uyban uybannhandan trem treem baovetreem congtacvien ctv canbo congchuc lanhdao chutich mangnon
    mangnontreem dogoogle facebook zalo google iphone samsung doraemon superman
    """.split()
)
#: Passwords found in breaches: the lists of zxcvbn 4.5.0 (MIT) and Django 5.2 (BSD), folded, without digits and signs around,
#: and whole where they are as long as ours must be.
_BREACHED = Path(__file__).parent / "reference" / "common_passwords.txt.gz"
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "0987654321", "abcdefghijklmnopqrstuvwxyz")
_SHORTEST_RUN = 4


def problem_of(password: str, user: User | None = None) -> str | None:
    """What is wrong with a new password, as a code; None when it is good."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    return "common" if _is_easily_guessed(password, user) else None


def _is_easily_guessed(password: str, user: User | None) -> bool:
    folded = "".join(clean.fold(password).split())
    bare = folded.strip("0123456789!@#$%.*-_?")
    if len(set(password)) < 4 or bare in COMMON | _own_words(user) or _repeats(folded):
        return True
    if not _breached().isdisjoint({folded, bare}):
        return True
    return _only_runs(folded)


@cache
def _breached() -> frozenset[str]:
    """Read at the first new password, not at every start."""
    return frozenset(gzip.decompress(_BREACHED.read_bytes()).decode().split("\n"))


def _own_words(user: User | None) -> set[str]:
    """The person's and the commune's names, whole and by their last words."""
    if user is None or user.commune is None:
        return set()
    words = set()
    for name in (user.username, user.full_name, user.commune.name):
        parts = clean.fold(name or "").split()
        words |= {"".join(parts[start:]) for start in range(len(parts))}
    return words - {""}


def _repeats(folded: str) -> bool:
    """A short piece over and over: "abcabcabcabc"."""
    return any(
        folded == (folded[:size] * len(folded))[: len(folded)] for size in range(1, min(5, len(folded) // 2 + 1))
    )


def _only_runs(folded: str) -> bool:
    """Nothing but runs along the keyboard or the alphabet: "qwer1234asdf"."""
    rest, at = folded, 0
    while at < len(rest):
        size = max((_run(rest[at:], line) for line in (*_KEYBOARD, *(line[::-1] for line in _KEYBOARD))), default=0)
        if size < _SHORTEST_RUN and at + size < len(rest):
            return False
        at += max(size, 1)
    return bool(rest) and len(rest) >= _SHORTEST_RUN


def _run(text: str, line: str) -> int:
    start = line.find(text[0])
    size = 0
    while start >= 0 and size < len(text) and start + size < len(line) and text[size] == line[start + size]:
        size += 1
    return size
