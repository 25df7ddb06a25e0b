"""Signing in: passwords, sessions kept on the server, the language of the reader."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import audit, clock
from models import Language, Role, SignInAttempt, Unclean, User, UserSession, clean, db, transaction_mode

login = LoginManager()
_hasher = PasswordHasher()
#: Compared with when the account does not exist, so that answering takes the same time.
_NOBODY = _hasher.hash("không có ai")

#: Failures in a quarter of an hour after which an account, or an address, must wait.
MOST_FAILURES_PER_ACCOUNT = 10
MOST_FAILURES_PER_ADDRESS = 50
FAILURE_MINUTES = 15
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
#: A session's last click is written at most this often.
SEEN_EVERY = timedelta(minutes=5)

#: Passwords everybody tries first, folded; the commune's and the person's own names are refused too.
COMMON_PASSWORDS = frozenset(
    "1234567890 0123456789 9876543210 1111111111 0000000000 123456789a password123 matkhau123 "
    "matkhau1234 anhyeuem123 emyeuanh123 iloveyou123 vietnam123 vietnam2026 qwertyuiop qwerty12345 "
    "mangnon123 mangnon2026 treem12345 conyeume123 abc1234567 a123456789 abcd123456 admin12345".split()
)


def init_app(app: Flask) -> None:
    """Load the person signed in from the session row behind the cookie."""
    login.init_app(app)
    login.user_loader(_load)
    login.unauthorized_handler(_to_sign_in)


def hash_password(password: str) -> str:
    """Argon2id."""
    return _hasher.hash(password)


def password_problem(password: str, user: User | None = None) -> str | None:
    """What is wrong with a new password, as a code; None when it is good. NIST SP 800-63B-4: length, not composition."""
    if len(password) < SHORTEST_PASSWORD:
        return "short"
    if len(password) > LONGEST_PASSWORD:
        return "long"
    folded = clean.fold(password).replace(" ", "")
    own = [user.username, user.full_name, user.commune.name] if user is not None and user.commune else []
    near = {clean.fold(word).replace(" ", "") for word in own if word}
    if folded in COMMON_PASSWORDS or len(set(password)) < 4 or any(folded.strip("0123456789") == word for word in near):
        return "common"
    return None


def check_password(username: str, password: str) -> User | None:
    """The person, when name and password are right and the account is enabled; slow for all who guess alike."""
    user = db.session.scalars(select(User).where(User.username == _as_stored(username))).unique().one_or_none()
    try:
        _hasher.verify(user.password_hash if user is not None else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return None
    return user if user is not None and user.is_enabled else None


def _as_stored(username: str) -> str | None:
    try:
        return clean.username(username)
    except Unclean:
        return None


def must_wait(username: str) -> bool:
    """Whether this account or this address has failed too often. A stranger elsewhere cannot lock a colleague out:
    an account is only held back for the addresses that failed on it."""
    since = clock.now() - timedelta(minutes=FAILURE_MINUTES)
    account, address = _attempt_keys(username)
    recent = select(func.count(SignInAttempt.id)).where(SignInAttempt.at > since, SignInAttempt.address_hash == address)
    of_account = db.session.scalar(recent.where(SignInAttempt.account_hash == account)) or 0
    of_address = db.session.scalar(recent) or 0
    return of_account >= MOST_FAILURES_PER_ACCOUNT or of_address >= MOST_FAILURES_PER_ADDRESS


def note_failure(username: str) -> None:
    """Remember a failed attempt."""
    account, address = _attempt_keys(username)
    db.session.add(SignInAttempt(account_hash=account, address_hash=address, at=clock.now()))


def _attempt_keys(username: str) -> tuple[str, str]:
    return _keyed(_as_stored(username) or ""), _keyed(request.remote_addr or "")


def _keyed(value: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def sign_in(user: User) -> None:
    """Begin a session on this device: a new random key, the cookie's content renewed."""
    key = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(UserSession(key_hash=_hash(key), user_id=user.id, started_at=now, seen_at=now, device=_device()))
    user.last_signed_in_at = now
    user.session_key = key
    kept = session.get("after_sign_in")
    session.clear()
    if kept:
        session["after_sign_in"] = kept
    session.permanent = True
    login_user(user)
    audit.record("signed_in", user)


def sign_out() -> None:
    """End this device's session on the server and empty the cookie."""
    ended = db.session.get(UserSession, _hash(current_user.get_id()))
    if ended is not None:
        ended.ended_at = clock.now()
    audit.record("signed_out", current_user._get_current_object())
    logout_user()
    session.clear()


def end_sessions(user: User, *, but: str | None = None) -> None:
    """End every session of a person: after a new password, new roles, or disabling."""
    for row in db.session.scalars(
        select(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
    ):
        if but is None or row.key_hash != _hash(but):
            row.ended_at = clock.now()


def _load(key: str) -> User | None:
    row = db.session.get(UserSession, _hash(key))
    if row is None or row.ended_at is not None:
        return None
    user = db.session.get(User, row.user_id)
    if user is None or not user.is_enabled or _too_old(row, user):
        return None
    user.session_key = key
    db.session.info["user_id"] = user.id
    db.session.info["commune_id"] = user.commune_id
    if clock.now() - row.seen_at > SEEN_EVERY:
        _note_seen(row)
    return user


def _too_old(row: UserSession, user: User) -> bool:
    config = current_app.config
    idle = timedelta(minutes=config["MANGNON_IDLE_MINUTES"])
    if user.roles == {Role.COLLABORATOR}:
        idle = timedelta(days=config["MANGNON_PHONE_IDLE_DAYS"])
    now = clock.now()
    return now - row.seen_at > idle or now - row.started_at > timedelta(days=config["MANGNON_SESSION_DAYS"])


def _note_seen(row: UserSession) -> None:
    """Remember this click. A writing request holds SQLite's write lock already: a second writer would wait for it."""
    if transaction_mode.get() == "IMMEDIATE":
        row.seen_at = clock.now()
        return
    with audit.writing(), Session(db.engine, join_transaction_mode="create_savepoint") as own:
        same = own.get(UserSession, row.key_hash)
        if same is not None:
            same.seen_at = clock.now()
        own.commit()


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _device() -> str:
    agent = request.user_agent.string
    for word in ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux"):
        if word in agent:
            return word
    return "?"


def _to_sign_in() -> Response:
    if request.method == "GET" and request.endpoint and request.endpoint != "account.sign_out":
        session["after_sign_in"] = request.full_path.rstrip("?")
    return redirect(url_for("account.sign_in"), code=303)


def language() -> str:
    """The reader's language: her own setting, else the one chosen on the sign-in page, else Vietnamese."""
    if "language" in g:
        return str(g.language)
    if request and current_user and current_user.is_authenticated:
        return str(current_user.language)
    chosen = session.get("language") if request else None
    return str(chosen) if chosen in {language.value for language in Language} else "vi"


def setup_code() -> str:
    """The one-time code printed on the console while there is no user; the same in every process of the installation."""
    return _keyed("first run")[:10].upper()
