"""A lock held for long, a clock that jumps, a stop in the middle of a request."""

import http.client
import re
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from app import clock
from tests.faults.office import Office, words
from tests.make import PASSWORD
from tests.waiting import PATIENCE, until


def _village(office: Office) -> int:
    return int(office.ask("SELECT id FROM villages")[0][0])


class TestALockHeld:
    def test_for_a_moment_the_others_wait_and_are_served(self, office: Office) -> None:
        office.start()
        people = [office.person() for _ in range(3)]
        forms = [person.new_child(_village(office), f"Lê Thị Chờ {at}") for at, person in enumerate(people)]
        with ThreadPoolExecutor(3) as pool:
            with office.locked():
                sent = [pool.submit(one.send, "/children/add", form) for one, form in zip(people, forms, strict=True)]
                time.sleep(4)
                assert not any(answer.done() for answer in sent)
            assert [answer.result()[0] for answer in sent] == [303] * 3

    def test_for_thirty_seconds_they_get_a_sentence_with_their_text_and_the_form_still_saves(
        self, office: Office, is_long: bool
    ) -> None:
        office.start()
        person, reader = office.person(), office.person()
        form = person.new_child(_village(office), "Lê Thị Chờ Lâu")
        begun = time.monotonic()
        with office.locked():
            with ThreadPoolExecutor(2) as pool:
                sent = pool.submit(person.send, "/children/add", form)
                assert reader.get("/sign-in")[0] in (200, 302, 303)  # reading waits for nobody
                status, _where, page = sent.result()
            if is_long:
                time.sleep(max(0, 30 - (time.monotonic() - begun)))
        assert status == 503, office.said()
        assert "Hệ thống đang bận" in words(page)
        assert "Lê Thị Chờ Lâu" in page

        assert [person.send("/children/add", form)[0] for _ in range(2)] == [303, 303]
        assert office.ask("SELECT count(*) FROM children WHERE full_name = 'Lê Thị Chờ Lâu'") == [(1,)]


def _to(moment: datetime) -> float:
    return (moment.replace(tzinfo=clock.LOCAL) - datetime.now(clock.LOCAL)).total_seconds()


class TestTheClock:
    @pytest.fixture
    def shift(self, tmp_path: Path) -> Path:
        file = tmp_path / "shift"
        file.write_text("0")
        return file

    def test_back_ahead_and_back_again_loses_nothing_and_locks_nobody_out(self, office: Office, shift: Path) -> None:
        office.start(shift=shift)
        village = _village(office)
        for number, days in enumerate((0, -400, 400, -1, 0)):
            shift.write_text(str(days * 86400))
            person = office.person()
            form = person.new_child(village, f"Lê Thị Giờ {number}")
            assert [person.send("/children/add", form)[0] for _ in range(2)] == [303, 303]
            assert [person.get(page)[0] for page in ("/", "/children/", "/cases/", "/dashboard/")] == [200] * 4
        assert office.ask("SELECT count(*) FROM children WHERE full_name LIKE 'Lê Thị Giờ %'") == [(5,)]
        codes = office.ask("SELECT count(*), count(DISTINCT code) FROM children")[0]
        assert codes[0] == codes[1]
        office.stop()
        assert office.flask("audit", "verify").returncode == 0

    def test_put_ahead_while_somebody_types_brings_her_form_back(self, office: Office, shift: Path) -> None:
        office.start(shift=shift)
        person = office.person()
        form = person.new_child(_village(office), "Lê Thị Hết Giờ")
        shift.write_text(str(3 * 86400))
        assert person.send("/children/add", form)[1] == "/sign-in"

        sign_in = {**person.form("/sign-in"), "username": "canbo", "password": PASSWORD}
        status, where, _page = person.send("/sign-in", sign_in)
        assert status == 303
        assert person.form(where)["full_name"] == "Lê Thị Hết Giờ"

    def test_over_midnight_and_on_29_february_every_page_works(self, office: Office, shift: Path) -> None:
        with closing(sqlite3.connect(office.database)) as connection:
            connection.execute("UPDATE children SET born_on = '2012-02-29' WHERE id % 2")
            connection.execute("UPDATE children SET born_on = '2012-03-01' WHERE NOT id % 2")
            connection.commit()
        shift.write_text(str(_to(datetime.fromisoformat("2028-02-28 23:50:00"))))
        office.start(shift=shift)
        children = []
        for moment in ("2028-02-28 23:50:10", "2028-02-29 00:00:05", "2028-03-01 00:00:05"):
            shift.write_text(str(_to(datetime.fromisoformat(moment))))
            person = office.person()
            pages = ("/", "/children/", "/cases/", "/dashboard/", "/figures/", "/entitlements/", "/reports/")
            assert [person.get(page)[0] for page in pages] == [200] * len(pages), moment
            children.append(int(re.findall(r"(\d+) trẻ em", words(person.get("/children/")[1]))[0]))
            form = {**person.new_child(_village(office), "Lê Thị Nhuận"), "born_on": "29/2/2024"}
            assert person.send("/children/add", form)[0] == 303
        # born on 29/2/2012 one is 16 on 29/2/2028, born on 1/3 a day later: no child any more
        assert children == [200, 100 + 1, 0 + 2]


def test_sigterm_in_a_request_finishes_it(office: Office) -> None:
    office.start()
    people = [office.person() for _ in range(3)]
    forms = [person.new_child(_village(office), f"Lê Thị Dừng {at}") for at, person in enumerate(people)]
    found: list[int] = []

    def send(at: int) -> None:
        found.append(people[at].send("/children/add", forms[at])[0])

    threads = [threading.Thread(target=send, args=(at,)) for at in range(3)]
    with office.locked():  # the requests are in the middle of their work
        for thread in threads:
            thread.start()
        until(lambda: office.questions() == 3)
        assert office.process is not None
        office.process.terminate()
        time.sleep(1.5)
        assert office.process.poll() is None
    for thread in threads:
        thread.join()

    assert office.process.wait(PATIENCE) == 0
    assert found == [303] * 3
    assert office.ask("SELECT count(*) FROM children WHERE full_name LIKE 'Lê Thị Dừng %'") == [(3,)]
    assert not list(office.folder.glob("*-wal"))  # closed as it should be


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_stop_leaves_a_file_that_is_whole_by_itself(office: Office, processes: str, is_long: bool) -> None:
    """Whoever copies or moves it without the log beside it has everything."""
    office.settings["MANGNON_PROCESSES"] = processes
    for round_ in range(6 if is_long else 2):
        office.start()
        name = f"Lê Thị Cuối Ngày {round_}"
        person = office.person()
        assert person.send("/children/add", person.new_child(_village(office), name))[0] == 303
        assert office.stop() == 0

        logs = list(office.folder.glob("mangnon.sqlite3-*"))
        assert [log.stat().st_size for log in logs if log.name.endswith("-wal")] in ([], [0])
        for log in logs:
            log.unlink()
        assert office.ask(f"SELECT count(*) FROM children WHERE full_name = '{name}'") == [(1,)]


@pytest.mark.parametrize(("proxies", "told"), [("1", "max-age=31536000; includeSubDomains"), ("0", None)])
def test_behind_a_proxy_of_ours_its_word_counts_and_nobody_elses(
    office: Office, proxies: str, told: str | None
) -> None:
    office.settings["MANGNON_PROXY_COUNT"] = proxies
    office.start()
    with closing(http.client.HTTPConnection("127.0.0.1", office.port)) as connection:
        connection.request("GET", "/sign-in", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"})
        assert connection.getresponse().getheader("Strict-Transport-Security") == told
