"""SQLite's write-ahead log, put back when somebody deletes it while the server runs. docs/decisions/0108-second-name-of-the-log.md.

What was saved since the last checkpoint stands in the log alone. Deleted, it lives on without a name as long as somebody
has it open: old connections go on, new ones fail, and with the process it is gone. So the server gives the log, and the map
of it that processes share, a second name each, and looks before each use whether the first still leads there.
"""

import atexit
import contextlib
import logging
import os
import threading
from functools import cache
from pathlib import Path

log = logging.getLogger(__name__)

_is_kept = False
#: The files whose logs have a second name that this process gave.
_held: set[str] = set()


def keep() -> None:
    """From now on this process keeps second names. Windows needs none: what is open cannot be deleted there."""
    global _is_kept
    if os.name == "posix" and not _is_kept:
        _is_kept = True
        atexit.register(_let_go)


def hold(file: str | None) -> None:
    """Before a database is opened or used, and after it was opened: put its log back if it is gone, else remember it."""
    if not (file and _is_kept):
        return
    _held.add(file)
    for first, second in _names(Path(file)):
        here, there = _identity(first), _identity(second)
        if here == there:
            continue
        with contextlib.suppress(OSError):  # a disk that knows no second names, or may only be read
            if there is not None and _is_open(there):
                _name(second, first)
                log.warning("%s was deleted while the program ran, and was put back", first.name)
            elif here is not None:
                _name(first, second)


def forget(database: Path) -> None:
    """Before another database is put in this place."""
    for _first, second in _names(database):
        second.unlink(missing_ok=True)


def _let_go() -> None:
    """At the end: SQLite deletes the log when the last has closed it, and nothing of it may stay."""
    for file in _held:
        with contextlib.suppress(OSError):
            forget(Path(file))


@cache
def _names(database: Path) -> list[tuple[Path, Path]]:
    """The first and second names; the second begins with a dot, so that who deletes "mangnon.sqlite3-*" misses it."""
    logs = [database.with_name(f"{database.name}{end}") for end in ("-wal", "-shm")]
    return [(one, one.with_name(f".{one.name}")) for one in logs]


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        told = os.stat(path)
    except OSError:
        return None
    return told.st_dev, told.st_ino


def _is_open(identity: tuple[int, int]) -> bool:
    """Whether this process has the file open: then it is the log in use, not one left behind by an earlier run."""
    for number in os.listdir("/dev/fd"):
        with contextlib.suppress(OSError):  # the one by which the folder was read
            told = os.fstat(int(number))
            if (told.st_dev, told.st_ino) == identity:
                return True
    return False


def _name(path: Path, other: Path) -> None:
    """Let another name lead to a file, in one step."""
    between = other.with_name(f".{other.name}.{os.getpid()}-{threading.get_ident()}")
    os.link(path, between)
    os.replace(between, other)
    between.unlink(missing_ok=True)  # stays where both already led to the same
