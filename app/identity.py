"""Signing in: passwords, sessions kept on the server, the language of the reader."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, Response as Answer, after_this_request, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response

from app import audit, clock, reaching, second_factor
from models import (
    Language,
    Passkey,
    Role,
    SecondFactor,
    SignInAttempt,
    Theme,
    Unclean,
    User,
    UserSession,
    clean,
    db,
    reach,
    transaction_mode,
)

login = LoginManager()
_hasher = PasswordHasher()
#: Compared with when the account does not exist, so that answering takes the same time: made as `_hasher` makes them
#: (tests/unit/test_hashing.py), of a random word that was not kept, and once, for each costs a tenth of a second.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$XZyX2Nrtnn1SY73v2iNqzg$tH5ggbwuo6KEblY2DWWHtPxdJN+i2gei1wo613v7lTE"

#: Failures in a quarter of an hour after which an account, or an address, must wait.
MOST_FAILURES_PER_ACCOUNT = 10
MOST_FAILURES_PER_ADDRESS = 50
#: And from everywhere together: then only devices on which the person signed in before may try.
MOST_FAILURES_FROM_EVERYWHERE = 100
FAILURE_MINUTES = 15
#: Marks a device on which somebody signed in before; says to nobody who.
KNOWN_DEVICE = "mangnon-device"
#: Whether this device shows light or dark pages.
THEME = "mangnon-theme"
_YEAR = 365 * 24 * 3600
#: How long the code of the second factor may be looked for after the password.
WAITING_MINUTES = 10
#: A session's last click is written at most this often.
SEEN_EVERY = timedelta(minutes=5)


def init_app(app: Flask) -> None:
    """Load the person signed in from the session row behind the cookie."""
    app.before_request(_begin_unknown)
    app.teardown_request(_end_known)
    login.init_app(app)
    login.user_loader(_load)
    login.unauthorized_handler(_to_sign_in)


def _begin_unknown() -> None:
    """Nobody is known yet: the database shows accounts and nothing else."""
    g.reach_token = reach.declare(reach.SIGN_IN)


def _end_known(_error: BaseException | None) -> None:
    token = g.pop("reach_token", None)
    if token is not None:
        reach.withdraw(token)


def hash_password(password: str) -> str:
    """Argon2id."""
    return _hasher.hash(password)


def check_password(username: str, password: str) -> User | None:
    """The person, when name and password are right and the account is enabled; slow for all who guess alike."""
    user = db.session.scalars(select(User).where(User.username == _as_stored(username))).unique().one_or_none()
    try:
        _hasher.verify(user.password_hash if user is not None else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return None
    return user if user is not None and user.is_enabled and not _has_lapsed(user) else None


def _has_lapsed(user: User) -> bool:
    """Whether the one-time password given by another person was not used in time."""
    return user.must_change_password and user.password_ends_at is not None and user.password_ends_at < clock.now()


def _as_stored(username: str) -> str | None:
    try:
        return clean.username(username)
    except Unclean:
        return None


def must_wait(username: str) -> bool:
    """Whether this account or this address has failed too often.

    A stranger elsewhere cannot lock a colleague out: a few failures hold an account back for the address they came
    from only, and many from everywhere leave it open to the devices the person signed in on before.
    """
    since = clock.now() - timedelta(minutes=FAILURE_MINUTES)
    account, address = _attempt_keys(username)
    soon = clock.now() + timedelta(minutes=FAILURE_MINUTES)  # those from the future happened while the clock was wrong
    recent = select(func.count(SignInAttempt.id)).where(SignInAttempt.at > since, SignInAttempt.at < soon)
    of_address = db.session.scalar(recent.where(SignInAttempt.address_hash == address)) or 0
    of_account = recent.where(SignInAttempt.account_hash == account)
    of_both = db.session.scalar(of_account.where(SignInAttempt.address_hash == address)) or 0
    if of_both >= MOST_FAILURES_PER_ACCOUNT or of_address >= MOST_FAILURES_PER_ADDRESS:
        return True
    return (db.session.scalar(of_account) or 0) >= MOST_FAILURES_FROM_EVERYWHERE and not _knows_device(username)


def note_failure(username: str) -> None:
    """Remember a failed attempt."""
    account, address = _attempt_keys(username)
    db.session.add(SignInAttempt(account_hash=account, address_hash=address, at=clock.now()))


def _attempt_keys(username: str) -> tuple[str, str]:
    return _keyed(_as_stored(username) or ""), _keyed(request.remote_addr or "")


def _keyed(value: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def _mark_of(username: str, token: str) -> str:
    return _keyed(f"device {_as_stored(username)} {token}")


def cookie_name(name: str) -> str:
    """By TLS with the prefix that keeps other hosts and plain pages from setting it."""
    return f"__Host-{name}" if request.is_secure else name


def _knows_device(username: str) -> bool:
    token, _dot, mark = kept_on_device(KNOWN_DEVICE).partition(".")
    return bool(token) and hmac.compare_digest(mark.encode(), _mark_of(username, token).encode())


def _remember_device(user: User) -> None:
    token = secrets.token_urlsafe(12)
    value = f"{token}.{_mark_of(user.username, token)}"
    keep_on_device(KNOWN_DEVICE, value)


def keep_on_device(name: str, value: str) -> None:
    """Give this device a cookie for a year, which `kept_on_device` finds again."""

    @after_this_request
    def give(answer: Answer) -> Answer:
        answer.set_cookie(
            cookie_name(name),
            value,
            max_age=_YEAR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
            path="/",
        )
        return answer


def kept_on_device(name: str) -> str:
    """What this device was given under a name; empty when nothing."""
    return request.cookies.get(cookie_name(name), "")


def sign_in(user: User, *, phone_id: int | None = None) -> None:
    """Begin a session on this device: a new random key, the cookie's content renewed."""
    user.session_key = _begin(user, phone_id=phone_id)
    reach.declare(reaching.reach_of(user))
    user.last_signed_in_at = clock.now()
    login_user(user)
    _remember_device(user)
    audit.record("signed_in", user)


def ask_second_factor(user: User) -> None:
    """The password was right: remember it on the server for some minutes, until the second factor is shown too."""
    session["second_step"] = _begin(user, is_waiting=True)


def waiting_for_second_factor() -> User | None:
    """Who showed her password in this browser some minutes ago and owes the second factor."""
    row = db.session.get(UserSession, _hash(session.get("second_step", "")))
    if row is None or not row.is_waiting or row.ended_at is not None:
        return None
    if clock.now() - row.started_at > timedelta(minutes=WAITING_MINUTES):
        return None
    user = db.session.get(User, row.user_id)
    return user if user is not None and user.is_enabled else None


def end_waiting() -> None:
    """The second factor was shown: what waited for it opens nothing more."""
    row = db.session.get(UserSession, _hash(session.pop("second_step", "")))
    if row is not None:
        row.ended_at = clock.now()


def _begin(user: User, *, is_waiting: bool = False, phone_id: int | None = None) -> str:
    """A session's row, and a cookie that holds nothing of before but where to go on to; the new key."""
    key = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(
        UserSession(
            key_hash=_hash(key),
            user_id=user.id,
            started_at=now,
            seen_at=now,
            device=device(),
            is_waiting=is_waiting,
            phone_id=phone_id,
        )
    )
    kept = session.get("after_sign_in")
    session.clear()
    if kept:
        session["after_sign_in"] = kept
    session.permanent = True
    return key


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


def open_sessions(user: User) -> list[UserSession]:
    """Where somebody is signed in now, the latest click first."""
    rows = db.session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user.id, UserSession.ended_at.is_(None), ~UserSession.is_waiting)
        .order_by(UserSession.seen_at.desc(), UserSession.key_hash)
    )
    return [row for row in rows if not _too_old(row, user)]


def is_this_session(row: UserSession) -> bool:
    """Whether a session is the one that asks."""
    return row.key_hash == _hash(current_user.get_id())


def end_session(user: User, key_hash: str) -> None:
    """End one of somebody's own sessions; those of others stay."""
    row = db.session.get(UserSession, key_hash)
    if row is not None and row.user_id == user.id and row.ended_at is None:
        row.ended_at = clock.now()
        audit.record("device_signed_out", user)


#: A session, its user with roles and villages, and whether more than a password guards the account.
_IN_ONE_QUESTION = (
    select(
        UserSession,
        User,
        or_(exists().where(SecondFactor.user_id == User.id), exists().where(Passkey.user_id == User.id)),
    )
    .join(User, User.id == UserSession.user_id)
    .where(UserSession.key_hash == bindparam("key_hash"))
    .options(joinedload(User.roles_held), joinedload(User.villages_held))
)


def _load(key: str) -> User | None:
    found = db.session.execute(_IN_ONE_QUESTION, {"key_hash": _hash(key)}).unique().one_or_none()
    if found is None:
        return None
    row, user, is_guarded = found
    user.has_second_factor = is_guarded
    if row.ended_at is not None or row.is_waiting or not user.is_enabled or _too_old(row, user):
        return None
    user.session_key = key
    db.session.info["user_id"] = user.id
    db.session.info["commune_id"] = user.commune_id
    reach.declare(reaching.reach_of(user))
    if clock.now() - row.seen_at > SEEN_EVERY:
        _note_seen(row)
    return user


def _too_old(row: UserSession, user: User) -> bool:
    config = current_app.config
    idle = timedelta(minutes=config["MANGNON_IDLE_MINUTES"])
    if user.roles == {Role.COLLABORATOR}:
        idle = timedelta(days=config["MANGNON_PHONE_IDLE_DAYS"])
    if row.phone_id is not None:
        idle = timedelta(minutes=config["MANGNON_PIN_MINUTES"])
    longest = timedelta(days=config["MANGNON_SESSION_DAYS"])
    if user.roles & second_factor.REQUIRED_OF:
        longest = min(longest, timedelta(hours=config["MANGNON_OFFICE_SESSION_HOURS"]))
    now = clock.now()
    return now - row.seen_at > idle or now - row.started_at > longest


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


def device() -> str:
    """What sort of device asks, in one word."""
    agent = request.user_agent.string
    for word in ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux"):
        if word in agent:
            return word
    return "?"


def _to_sign_in() -> Response:
    if request.method == "GET" and request.endpoint and request.endpoint != "account.sign_out":
        session["after_sign_in"] = request.full_path.rstrip("?")
    elif request.method == "POST":
        _keep_what_was_sent()
    return redirect(url_for("account.sign_in"), code=303)


def _keep_what_was_sent() -> None:
    """A form sent after the session has ended is kept for whoever's session it was, and shown to her again."""
    from app import drafts

    row = db.session.get(UserSession, _hash(session.get("_user_id", "")))
    user = db.session.get(User, row.user_id) if row is not None and not row.is_waiting else None
    if user is None or not user.is_enabled:
        return
    with reach.declared(reaching.reach_of(user)):
        address = drafts.keep_sent(user)
        if address is not None:
            db.session.commit()
            session["after_sign_in"] = address


def language() -> str:
    """The reader's language: her own setting, else the one chosen on the sign-in page, else Vietnamese."""
    if "language" in g:
        return str(g.language)
    if request and current_user and current_user.is_authenticated:
        return str(current_user.language)
    chosen = session.get("language") if request else None
    return str(chosen) if chosen in {language.value for language in Language} else "vi"


def theme() -> Theme:
    """What this device was told to look like."""
    return Theme.of_code(kept_on_device(THEME) if request else None) or Theme.SYSTEM


def remember_theme(chosen: Theme) -> None:
    """Keep the choice in this device's cookie."""
    keep_on_device(THEME, chosen.value)


def setup_code() -> str:
    """The one-time code printed on the console while there is no user; the same in every process of the installation."""
    return _keyed("first run")[:10].upper()
