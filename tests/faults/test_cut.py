"""Through a proxy that cuts: a body that does not come whole stores nothing; an answer that is lost is asked for again."""

import contextlib
import http.client
import re
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.faults.office import FORM, Office, Person, words
from tests.waiting import PATIENCE

LIST = Path(__file__).parents[1] / "data" / "imports" / "danh-sach-tre-em-thon-6.csv"
#: A picture of one point.
PHOTO = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)
BOUNDARY = "a-line-between-the-parts"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
#: Tables that change without anything being sent: who is signed in, the day's look at the audit trail, the day's backup.
QUIET = {"user_sessions", "sign_in_attempts", "audit_checks", "backup_runs"}


class Scissors:
    """A proxy for one request each time it is told to: hands on so many bytes of a body, or everything and no answer."""

    def __init__(self, port: int) -> None:
        self._server = port
        self._entrance = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._entrance.getsockname()[1])

    def pass_on(self, most: int | None, *, half: bool = False) -> threading.Thread:
        """Wait for one request. With `most`, so many bytes of its body; without, the whole of it, and the answer is lost."""
        thread = threading.Thread(target=self._pass_on, args=(most, half), daemon=True)
        thread.start()
        return thread

    def _pass_on(self, most: int | None, half: bool) -> None:
        client, _address = self._entrance.accept()
        with client, socket.create_connection(("127.0.0.1", self._server), timeout=PATIENCE) as server:
            head, body = b"", b""
            while b"\r\n\r\n" not in head:
                head += client.recv(65536)
            head, _between, body = head.partition(b"\r\n\r\n")
            told = re.search(rb"(?i)content-length: (\d+)", head)
            length = int(told[1]) if told else most or 0
            wanted = length if most is None else most
            while len(body) < wanted:
                body += client.recv(65536)
            server.sendall(head + b"\r\n\r\n" + body[:wanted])
            if most is None:
                server.recv(1)  # answered: the work is done
            elif half:
                server.shutdown(socket.SHUT_WR)
                with contextlib.suppress(OSError):
                    server.recv(1)

    def close(self) -> None:
        self._entrance.close()


def parts(form: dict[str, str], name: str, file: bytes) -> bytes:
    """A form with a file as a browser sends it."""
    told = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{form[key]}\r\n' for key in form]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="a"\r\n\r\n'
    return "".join([*told, head]).encode() + file + f"\r\n--{BOUNDARY}--\r\n".encode()


def provider(office: Office, person: Person, other: str = "") -> tuple[str, str, bytes]:
    """A plain form."""
    path = "/services/providers/new"
    form = {**person.form(path), "name": f"Trạm Y tế xã{other}", "kind": "health", "is_active": "y"}
    return path, FORM, urlencode(form).encode()


def paper(office: Office, person: Person, other: str = "") -> tuple[str, str, bytes]:
    """A form with a photo."""
    path = f"/children/{office.ask('SELECT min(id) FROM children')[0][0]}/attachments/new"
    form = {**person.form(path), "slot": "paper", "note": f"Giấy khai sinh{other}"}
    return path, MULTIPART, parts(form, "file", PHOTO)


def edit_with_photo(office: Office, person: Person, other: str = "") -> tuple[str, str, bytes]:
    """A change of a record, with a photo."""
    path = f"/children/{office.ask('SELECT min(id) FROM children')[0][0]}/edit"
    form = {**person.form(path), "sex": "female", "birth_registration": "registered", "note": f"chữ mới{other}"}
    return path, MULTIPART, parts(form, "photo", PHOTO)


def list_in(office: Office, person: Person, other: str = "") -> tuple[str, str, bytes]:
    """A list of children."""
    form = {**person.form("/imports/"), "village_name": "Thôn Đông", "source": ""}
    return "/imports/", MULTIPART, parts(form, "file", LIST.read_bytes() + other.encode())


KINDS = pytest.mark.parametrize("kind", [provider, paper, edit_with_photo, list_in])
Kind = Callable[..., tuple[str, str, bytes]]


def send(
    port: int, person: Person, path: str, sort: str, body: bytes, *, chunked: bool = False
) -> tuple[int, str, str]:
    """Status, where it leads, the page; 0 when no answer came."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    whole = iter([body]) if chunked else body
    try:
        connection.request("POST", path, whole, {"Cookie": person.cookie, "Content-Type": sort}, encode_chunked=chunked)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or "", answer.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, "", ""
    finally:
        connection.close()


def stored(office: Office) -> dict[str, int]:
    """Rows by table, of what is stored."""
    return {name: count for name, count in office.counts().items() if name not in QUIET}


def at_a_form(office: Office, kind: Kind, processes: int = 1) -> tuple[Person, str, str, bytes]:
    """Somebody with a form filled in, at an office that has begun to work: who, where to, of which sort, what."""
    office.settings["MANGNON_PROCESSES"] = str(processes)
    office.start()
    person = office.person()
    return person, *kind(office, person)


@KINDS
def test_a_body_cut_anywhere_stores_nothing(office: Office, kind: Kind) -> None:
    person, path, sort, body = at_a_form(office, kind)
    scissors, before = Scissors(office.port), (stored(office), office.ask("SELECT max(id) FROM changes"))

    cuts = [(most, half, False) for most in (0, 1, len(body) // 2, len(body) - 1) for half in (False, True)]
    cuts += [(most, half, True) for most in (len(body) // 2, len(body)) for half in (False, True)]
    for most, half, chunked in cuts:
        waiting = scissors.pass_on(most, half=half)
        assert send(scissors.port, person, path, sort, body, chunked=chunked)[0] == 0
        waiting.join(PATIENCE)

    scissors.close()
    assert office.stop() == 0  # whatever was taken in is answered
    assert (stored(office), office.ask("SELECT max(id) FROM changes")) == before


@KINDS
def test_an_answer_that_is_lost_is_found_again_and_nothing_is_doubled(office: Office, kind: Kind) -> None:
    person, path, sort, body = at_a_form(office, kind, processes=2)
    key = re.search(rb'form_key(?:=|"\r\n\r\n)([\w-]+)', body)
    assert key is not None
    scissors = Scissors(office.port)
    waiting = scissors.pass_on(None)
    assert send(scissors.port, person, path, sort, body)[0] == 0
    waiting.join(PATIENCE)
    scissors.close()
    before = stored(office)
    assert office.ask("SELECT count(*) FROM submitted_forms") == [(1,)]

    again = send(office.port, person, path, sort, body)
    with ThreadPoolExecutor(5) as pool:
        five = list(pool.map(lambda _: send(office.port, person, path, sort, body), range(5)))

    assert again[:2] == (303, office.ask("SELECT location FROM submitted_forms")[0][0])
    assert {answer[:2] for answer in five} == {again[:2]}
    assert stored(office) == before

    other = re.sub(rb'form_key(=|"\r\n\r\n)[\w-]+', rb"form_key\g<1>" + key[1], kind(office, person, " khác")[2])
    status, where, page = send(office.port, person, path, sort, other)
    assert status == 409, where
    assert "Chưa lưu gì" in words(page)
    assert kind is list_in or "khác" in words(page)
    assert stored(office) == before


@KINDS
def test_five_at_once_make_one(office: Office, kind: Kind) -> None:
    person, path, sort, body = at_a_form(office, kind, processes=2)

    with ThreadPoolExecutor(5) as pool:
        answers = set(pool.map(lambda _: send(office.port, person, path, sort, body)[:2], range(5)))

    assert {status for status, _location in answers} == {303}
    assert len(answers) == 1
    assert office.ask("SELECT count(*) FROM submitted_forms") == [(1,)]
    assert office.ask("SELECT count(*) FROM import_batches UNION ALL SELECT count(*) FROM attachments") in (
        [(0,), (0,)], [(1,), (0,)], [(0,), (1,)],
    )  # fmt: skip
    office.assert_whole()
