"""Several processes at one address: any may be killed, the work goes on; the first takes the others along."""

import contextlib
import http.client
import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.office import Office, Person, words
from tests.waiting import until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows hands no listening socket on")


@pytest.fixture
def many(office: Office) -> Office:
    """An office whose server is three processes: the first, and two that answer."""
    office.settings["MANGNON_PROCESSES"] = "2"
    return office.start()


def answering(office: Office) -> dict[str, int]:
    """{number: key} of the processes that answer, as the system lists the children of the first."""
    assert office.process is not None
    first = office.process.pid
    found = {}
    for key in map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split()):
        if told := re.search(r"--answer=(\d+),", said_to(key)):
            found[told[1]] = key
    return found


def said_to(key: int) -> str:
    """The words with which a process was started; none when it has ended."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{key}/cmdline").read_text()
    return ""


@contextlib.contextmanager
def standing_still(key: int) -> Iterator[None]:
    """Meanwhile another process must answer. Otherwise which one does is the system's choice."""
    os.kill(key, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(key, signal.SIGCONT)


def who_counts(person: Person) -> set[str]:
    """The process that tells its figures when asked; a first time so that it has something to tell."""
    person.get("/metrics")
    status, told = person.get("/metrics")
    assert status == 200, told
    return set(re.findall(r'process="(\d+)"', told))


def test_both_answer_and_what_one_saved_the_other_shows(many: Office) -> None:
    village = many.ask("SELECT id FROM villages")[0][0]
    keys = answering(many)
    with standing_still(keys["2"]):
        person = many.person()
        assert who_counts(person) == {"1"}
        where = person.send("/children/add", person.new_child(village, "Lê Thị Hai Tiến Trình"))[1]

    with standing_still(keys["1"]):
        assert who_counts(person) == {"2"}
        assert "Lê Thị Hai Tiến Trình" in words(person.get(where)[1])


def test_a_killed_one_is_started_again_and_nothing_saved_is_lost(many: Office) -> None:
    village = many.ask("SELECT id FROM villages")[0][0]
    people = [many.person() for _ in range(3)]
    saved: list[str] = []
    is_over = threading.Event()

    def work(person: Person, mark: str) -> None:
        number = 0
        while not is_over.is_set():
            number += 1
            name = f"Lê Văn {mark} {number}"
            # The one that was to answer is gone; the next attempt meets another.
            with contextlib.suppress(OSError, http.client.HTTPException):
                if person.send("/children/add", person.new_child(village, name))[0] == 303:
                    saved.append(name)

    threads = [threading.Thread(target=work, args=(person, "abc"[at])) for at, person in enumerate(people)]
    for thread in threads:
        thread.start()
    until(lambda: len(saved) >= 6)
    first = answering(many)
    os.kill(first["1"], signal.SIGKILL)
    before = len(saved)
    until(lambda: len(saved) >= before + 6)
    until(lambda: answering(many).get("1") not in (None, first["1"]))
    is_over.set()
    for thread in threads:
        thread.join()

    stored = [name for (name,) in many.ask("SELECT full_name FROM children WHERE full_name LIKE 'Lê Văn %'")]
    assert set(saved) <= set(stored)
    assert len(stored) == len(set(stored))
    assert answering(many)["2"] == first["2"]
    assert "started again" in many.said()


def test_the_end_of_the_first_is_the_end_of_all(many: Office) -> None:
    keys = answering(many).values()
    assert len(keys) == 2

    assert many.process is not None
    many.process.kill()
    many.process.wait()

    until(lambda: not any(said_to(key) for key in keys))
    many.start()  # the port is free again
    assert many.health()[0] == 200


def test_sigterm_ends_all_in_order(many: Office) -> None:
    keys = answering(many).values()

    assert many.stop() == 0

    assert not any(said_to(key) for key in keys)
    assert "Traceback" not in many.said()


def test_damage_met_by_one_stops_saving_by_all(many: Office) -> None:
    person = many.person()
    village = many.ask("SELECT id FROM villages")[0][0]
    folder = re.search(r"--answer=\d+,\d+,\d+,([^\0]+)", said_to(answering(many)["1"]))
    assert folder is not None
    (Path(folder[1]) / "damaged").touch()

    answers = {person.send("/children/add", person.new_child(village, f"Lê Thị {at}"))[0] for at in range(6)}

    assert answers == {503}
