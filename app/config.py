"""Every setting: name, default, meaning. Read from the environment; docs/settings.md is made from this list."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Setting:
    """One setting that an installation may change."""

    name: str
    default: Any
    meaning: str


SETTINGS = (
    Setting("DATABASE_URL", "", "Where the records are. Empty: SQLite in the instance folder; or postgresql://…"),
    Setting(
        "MIGRATION_DATABASE_URL",
        "",
        "PostgreSQL: the role that owns the tables, for `flask upgrade`, backups and restores; DATABASE_URL is then a role"
        " that may only use them. Empty: one role for all.",
    ),
    Setting(
        "REPORTS_DATABASE_URL",
        "",
        "PostgreSQL: a hot standby from which figures, lists and workbooks are read while it has everything; the same role and"
        " database as DATABASE_URL. Empty: all is read from there.",
    ),
    Setting("SECRET_KEY", "", "Signs sessions and forms; at least 32 characters. `python run.py` makes and keeps one."),
    Setting(
        "MANGNON_INSTANCE", "", "The folder for the database, the key and backups. Empty: `instance` in the project."
    ),
    Setting("MANGNON_TRUSTED_HOSTS", "", "Host names answered to, separated by commas. Empty: any, for one office PC."),
    Setting("MANGNON_PROXY_COUNT", 0, "How many proxies of ours stand in front and set X-Forwarded-…; 0 trusts none."),
    Setting("MANGNON_IDLE_MINUTES", 60, "Minutes without a click after which an officer must sign in again."),
    Setting("MANGNON_PHONE_IDLE_DAYS", 14, "Days without a click after which a collaborator must sign in again."),
    Setting("MANGNON_SESSION_DAYS", 30, "Days after which everybody must sign in again."),
    Setting(
        "MANGNON_OFFICE_SESSION_HOURS",
        12,
        "Hours after which officer, leader and administrator must sign in again, however busy.",
    ),
    Setting("MANGNON_PIN_MINUTES", 30, "Minutes without a click after which an enrolled phone asks for its PIN again."),
    Setting(
        "MANGNON_SECOND_FACTOR_DAYS",
        14,
        "Days a new officer, leader or administrator may work without a second factor; -1 never requires it.",
    ),
    Setting("MANGNON_UPLOAD_MB", 20, "Largest request accepted, in megabytes."),
    Setting(
        "MANGNON_LOG",
        "text",
        "`json`: a line of JSON per request and error on standard error, without personal data; `text`: errors only.",
    ),
    Setting(
        "MANGNON_PREPARED",
        1,
        "PostgreSQL: 1 keeps statements prepared; 0 prepares none, for a PgBouncer that hands connections on after each"
        " transaction (docs/postgresql.md).",
    ),
    Setting("MANGNON_THREADS", 8, "Threads of the built-in server, in each of its processes."),
    Setting(
        "MANGNON_PROCESSES",
        1,
        "Processes of the built-in server that answer at one address; as many as the machine has cores. Windows: always one.",
    ),
    Setting(
        "MANGNON_BACKUP_HOUR",
        11,
        "From this hour (Viet Nam) the day's backup is made by itself; -1: never. One that is overdue is made at once.",
    ),
    Setting("MANGNON_BACKUP_TO", "", "The folder for backups. Empty: `backups` in the instance folder."),
    Setting(
        "MANGNON_BACKUP_COPY_TO", "", "A second folder, such as a USB drive, that gets a copy of each daily backup."
    ),
    Setting(
        "MANGNON_BACKUP_KEY_FILE",
        "",
        "The file with the key that encrypts backups, kept elsewhere than they are; `flask backup key` makes one. Empty: "
        "not encrypted.",
    ),
    Setting("MANGNON_BACKUP_DAYS", 7, "Of so many days the last daily backup is kept."),
    Setting("MANGNON_BACKUP_WEEKS", 5, "Of so many weeks the last daily backup is kept."),
    Setting("MANGNON_BACKUP_MONTHS", 12, "Of so many months the last daily backup is kept."),
    Setting("MANGNON_WORKER", 1, "1: the built-in server also does long work; 0: `flask jobs run` does it elsewhere."),
)


def load(overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Flask's configuration, from the environment and (in tests) a mapping."""
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        raw = os.environ.get(setting.name, setting.default)
        values[setting.name] = int(raw) if isinstance(setting.default, int) else raw
    values.update(overrides or {})
    instance = Path(values["MANGNON_INSTANCE"] or ROOT / "instance")
    values["MANGNON_INSTANCE"] = str(instance)
    values["SECRET_KEY"] = values["SECRET_KEY"] or kept_key(instance)
    values["SQLALCHEMY_DATABASE_URI"] = database_url(values["DATABASE_URL"], instance)
    values["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(values["SQLALCHEMY_DATABASE_URI"], values)
    if values["REPORTS_DATABASE_URL"] and not values["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        there = database_url(values["REPORTS_DATABASE_URL"], instance)
        values["SQLALCHEMY_BINDS"] = {"reports": {"url": there, **_engine_options(there, values)}}
    values["MAX_CONTENT_LENGTH"] = values["MANGNON_UPLOAD_MB"] * 1024 * 1024
    values["MAX_FORM_MEMORY_SIZE"] = 2 * 1024 * 1024
    values["WTF_CSRF_TIME_LIMIT"] = None
    values["SESSION_COOKIE_NAME"] = "mangnon"
    values["SESSION_COOKIE_HTTPONLY"] = True
    values["SESSION_COOKIE_SAMESITE"] = "Lax"
    # Not written anew with each answer: how long a session lasts is kept on the server, and the cookie outlasts it.
    values["SESSION_REFRESH_EACH_REQUEST"] = False
    values["PERMANENT_SESSION_LIFETIME"] = timedelta(days=values["MANGNON_SESSION_DAYS"] + 1)
    values["BABEL_DEFAULT_LOCALE"] = "vi"
    values["BABEL_DEFAULT_TIMEZONE"] = "Asia/Ho_Chi_Minh"
    if values["MANGNON_TRUSTED_HOSTS"]:
        values["TRUSTED_HOSTS"] = [host.strip() for host in values["MANGNON_TRUSTED_HOSTS"].split(",")]
    return values


def database_url(url: str, instance: Path) -> str:
    """The SQLAlchemy address: ours for an empty setting, psycopg for PostgreSQL, whose servers may be several."""
    if not url:
        instance.mkdir(parents=True, exist_ok=True, mode=0o700)
        return f"sqlite:///{instance / 'mangnon.sqlite3'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + _each_host(url.removeprefix(prefix))
    return url


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite address, there or not yet; None for another database, and for one in memory."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or address.database in (None, "", ":memory:"):
        return None
    return Path(str(address.database))


def _each_host(rest: str) -> str:
    """name:word@one:5432,two:5432/base as SQLAlchemy writes it: name:word@/base?host=one:5432&host=two:5432."""
    account, at, place = rest.rpartition("@")
    hosts, slash, base = place.partition("/")
    if "," not in hosts:
        return rest
    base, _mark, query = base.partition("?")
    return f"{account}{at}{slash}{base}?" + "&".join(
        [*(f"host={host}" for host in hosts.split(",")), *query.split("&")]
    )


def _engine_options(url: str, values: Mapping[str, Any]) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"check_same_thread": False}}
    threads = values["MANGNON_THREADS"]
    # A server that is gone is noticed at once, not when the network gives up after minutes.
    connect: dict[str, Any] = {"connect_timeout": 5} | {
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
    }
    if not values["MANGNON_PREPARED"]:
        connect["prepare_threshold"] = None
    return {
        "connect_args": connect,
        # The one used last, which has prepared what pages ask; models/postgresql.py looks whether it still lives.
        "pool_use_lifo": True,
        # A page that reads a sensitive record writes that down on a connection of its own.
        "pool_size": threads,
        "max_overflow": threads + 4,
        "pool_timeout": 10,
        "pool_recycle": 1800,
    }


def kept_key(instance: Path) -> str:
    """The key kept beside the database; empty when there is none."""
    path = instance / "secret-key"
    return path.read_text().strip() if path.exists() else ""


def keep_secret_key(instance: Path) -> None:
    """Make a random key once and keep it, readable by its owner only, beside the database."""
    path = instance / "secret-key"
    if path.exists() or os.environ.get("SECRET_KEY"):
        return
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
