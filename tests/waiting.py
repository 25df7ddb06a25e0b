"""What tests share that have to do with other programs: patience, and a port to meet at."""

import os
import random
import socket
import time
from collections.abc import Callable

#: How long (seconds) anything may take before a test fails: a busy machine is slow, and tests are not timed.
PATIENCE = 120


def until(condition: Callable[[], object], why: str = "waited in vain") -> None:
    """Wait for something to become true."""
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends, why
        time.sleep(0.05)


def free_port() -> int:
    """A port that stays free while a server is stopped: below those the system gives to whoever connects to somebody.

    Each process of a test run has a thousand of its own.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 16
    while True:
        port = 16_000 + worker * 1000 + random.randrange(1000)
        with socket.socket() as taken:
            try:
                taken.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
