"""A list read once for several looks at it: what its cells say does not change while a person decides what to do with them.

Planning is done anew each time, for the register does change. Kept in memory for a few minutes, two lists at most; each process
keeps its own.
"""

import json
import time
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from threading import Lock

from flask_babel import get_locale

from app import clock
from app.imports import reader, table
from app.imports.decisions import Decisions
from app.imports.table import ReadFile

MOST, SECONDS = 2, 900

_kept: OrderedDict[str, tuple[float, ReadFile]] = OrderedDict()
_lock = Lock()


def read(content: bytes, name: str, decisions: Decisions, remembered: Mapping[str, str]) -> ReadFile:
    """Every child of every visible sheet (table.read), not to be changed by whoever asks. Raises reader.Unreadable."""
    key = _key(content, name, decisions, remembered)
    now = time.monotonic()
    with _lock:
        for other in [one for one, (since, _file) in _kept.items() if now - since > SECONDS]:
            del _kept[other]
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key][1]
    found = table.read(reader.read_bytes(content, name), clock.today(), decisions=decisions, remembered=remembered)
    with _lock:
        _kept[key] = now, found
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return found


def _key(content: bytes, name: str, decisions: Decisions, remembered: Mapping[str, str]) -> str:
    """All that reading depends on: the file, what people said of its columns and villages, the day, the language of warnings."""
    said = decisions.columns, decisions.villages, decisions.village, dict(remembered)
    asked = [sha256(content).hexdigest(), name, said, clock.today().isoformat(), str(get_locale())]
    return sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def forget() -> None:
    """Keep nothing, as when the program starts."""
    with _lock:
        _kept.clear()
