"""Several processes that answer at one address, so that every core of the machine works; one restarts another that dies.

The first process takes the port, prepares the database and does the jobs; the others are given its listening socket and
answer. They share nothing but the database and a folder where one tells the others of a damaged page. POSIX only: Windows
hands no listening socket on. docs/decisions/0094-several-processes.md.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

log = logging.getLogger(__name__)

#: A process that dies sooner after its start (seconds) is not started again at once.
TOO_SOON = 5.0


def take_port(host: str, port: int) -> socket.socket:
    """A port taken before anything else is done, to be answered at by many. Raises OSError, ValueError or OverflowError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.create_server((host, port), family=family, backlog=1024)
    taken.setblocking(False)
    return taken


class Crew:
    """The processes that answer. `command` starts one; its number, the socket's and the pipe's are added."""

    def __init__(self, command: Sequence[str], count: int, port: socket.socket, patience: float) -> None:
        """`patience`: seconds to wait for the last answers of each."""
        self.command, self.port, self.patience = list(command), port, patience
        self.folder = tempfile.TemporaryDirectory(prefix="mangnon-")
        # Nobody writes here: the end of the pipe tells the others that the first process is gone, however it ended.
        self.pipe, self.held = os.pipe()
        self.running: dict[int, tuple[subprocess.Popen[bytes], float]] = {}
        self.is_over = threading.Event()
        for number in range(1, count + 1):
            self._start(number)

    def watch(self) -> None:
        """Start again who dies, until `stop`; then wait for the last answers."""
        while not self.is_over.wait(0.2):
            for number, (process, started) in list(self.running.items()):
                if process.poll() is None:
                    continue
                log.warning("process %s ended with %s; it is started again", number, process.returncode)
                if time.monotonic() - started < TOO_SOON and self.is_over.wait(TOO_SOON):
                    break
                self._start(number)
        ends = time.monotonic() + self.patience
        for process, _started in self.running.values():
            process.terminate()
        for process, _started in self.running.values():
            try:
                process.wait(max(0.0, ends - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
        self.folder.cleanup()

    def stop(self) -> None:
        """Take no new work."""
        self.is_over.set()

    def _start(self, number: int) -> None:
        told = ",".join(map(str, (number, self.port.fileno(), self.pipe, self.folder.name)))
        passed = (self.port.fileno(), self.pipe)
        process = subprocess.Popen([*self.command, f"--answer={told}"], pass_fds=passed)
        self.running[number] = process, time.monotonic()


class Member:
    """What one of the crew was told: its number, the socket it answers at, the folder all share."""

    def __init__(self, told: str) -> None:
        number, listening, pipe, folder = told.split(",", 3)
        self.number = int(number)
        self.socket = socket.socket(fileno=int(listening))
        self.folder = Path(folder)
        self._pipe = int(pipe)

    def end_with_the_first(self) -> None:
        """Stop in order when the first process is gone, even if it was killed."""
        threading.Thread(target=self._wait_for_the_end, name="first", daemon=True).start()

    def _wait_for_the_end(self) -> NoReturn:
        os.read(self._pipe, 1)
        os.kill(os.getpid(), signal.SIGTERM)
        raise SystemExit


def command() -> list[str]:
    """The command that started this program, to be given again to each of the crew."""
    return [sys.executable, *sys.orig_argv[1:]]


def can_share() -> bool:
    """Whether this system hands a listening socket on."""
    return os.name == "posix"
