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
_lock = threading.Lock()
#: By file: the log's identity, and a descriptor of it that is locked to tell other processes that it is in use.
_held: dict[str, tuple[tuple[int, int], int]] = {}


def keep() -> None:
    """From now on this process keeps second names. Windows needs none: what is open cannot be deleted there."""
    global _is_kept
    if os.name == "posix" and not _is_kept:
        _is_kept = True
        atexit.register(_let_go)


def hold(file: str | None) -> bool:
    """Before a database is opened or used, and after it was opened: put its log back if it is gone, else remember it.

    Whether something was put back.
    """
    if not (file and _is_kept):
        return False
    if all(_identity(first) == _identity(second) for first, second in _names(Path(file))) and _is_held(file):
        return False
    with _lock, contextlib.suppress(OSError):  # a disk that knows no second names, or may only be read
        return _mend(file)
    return False


def forget(database: Path) -> None:
    """Before another database is put in this place."""
    for _first, second in _names(database):
        second.unlink(missing_ok=True)


def _let_go() -> None:
    """At the end: SQLite deletes the log when the last has closed it, and nothing of it may stay."""
    global _is_kept
    _is_kept = False
    for file in _held:
        with contextlib.suppress(OSError):
            forget(Path(file))


def _mend(file: str) -> bool:
    names = _names(Path(file))
    apart = [(first, second) for first, second in names if _identity(first) != _identity(second)]
    lost = [(first, second) for first, second in apart if _identity(second) is not None]
    is_used = bool(lost) and _is_used(file, names[0][1])
    for first, second in lost if is_used else apart:
        if is_used:
            _name(second, first)
            log.warning("%s was deleted while the program ran, and was put back", first.name)
        elif _identity(first) is not None:
            _name(first, second)
    if not _is_held(file) and _identity(names[0][0]) == _identity(names[0][1]):
        _mark(file, names[0][1])
    return is_used


def _is_held(file: str) -> bool:
    """Whether the lock is on the log that has the second name now; there may be none yet."""
    there = _identity(_names(Path(file))[0][1])
    return there is None or (file in _held and _held[file][0] == there)


def _mark(file: str, log_file: Path) -> None:
    """Tell other processes that this one uses the log. Not the map: SQLite's own locks are on that, and would be lost."""
    import fcntl

    _unmark(file)
    number = os.open(log_file, os.O_RDONLY | os.O_CLOEXEC)
    fcntl.flock(number, fcntl.LOCK_SH)
    told = os.fstat(number)
    _held[file] = (told.st_dev, told.st_ino), number


def _unmark(file: str) -> None:
    if file in _held:
        os.close(_held.pop(file)[1])


def _is_used(file: str, log_file: Path) -> bool:
    """Whether this process or another one has the log open: then it is the one in use, not one left by an earlier run."""
    import fcntl

    if file in _held and _open_here(_held[file][0]) == 1:  # nothing but the mark: all connections were closed meanwhile
        _unmark(file)
    try:
        number = os.open(log_file, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(number)
    return False


def _open_here(identity: tuple[int, int]) -> int:
    """How often this process has a file open."""
    count = 0
    for number in os.listdir("/dev/fd"):
        with contextlib.suppress(OSError):  # the one by which the folder was read
            told = os.fstat(int(number))
            count += (told.st_dev, told.st_ino) == identity
    return count


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


def _name(path: Path, other: Path) -> None:
    """Let another name lead to a file, in one step."""
    between = other.with_name(f".{other.name}.{os.getpid()}-{threading.get_ident()}")
    os.link(path, between)
    os.replace(between, other)
    between.unlink(missing_ok=True)  # stays where both already led to the same
