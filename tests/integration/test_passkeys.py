"""Passkeys, with an authenticator made of a key pair and a few bytes: added, used, forged, replayed, taken away."""

import hashlib
import json
import struct
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask
from sqlalchemy import select
from webauthn.helpers import bytes_to_base64url

from app import second_factor
from models import AuditEvent, Passkey, User, db
from tests.make import PASSWORD, Make
from tests.page import Client, Page

ORIGIN = "http://localhost"
PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


class Device:
    """What a phone or security key does."""

    def __init__(self, origin: str = ORIGIN, flags: int = PRESENT | VERIFIED) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = hashlib.sha256(str(id(self)).encode()).digest()
        self.origin, self.flags, self.count = origin, flags, 0

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": f"webauthn.{kind}", "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, host: str, more: int = 0) -> bytes:
        self.count += 1
        return hashlib.sha256(host.encode()).digest() + bytes([self.flags | more]) + struct.pack(">I", self.count)

    def made(self, options: dict[str, Any]) -> str:
        point = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        data = self._data(options["rp"]["id"], HAS_KEY)
        data += bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor2.dumps(public)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client_data("create", options["challenge"])
        return self._answer({"clientDataJSON": client, "attestationObject": attestation})

    def signed(self, options: dict[str, Any]) -> str:
        client = self._client_data("get", options["challenge"])
        data = self._data(options["rpId"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer({"clientDataJSON": client, "authenticatorData": data, "signature": signature})

    def _answer(self, response: dict[str, bytes]) -> str:
        key = bytes_to_base64url(self.id)
        parts = {name: bytes_to_base64url(value) for name, value in response.items()}
        return json.dumps({"id": key, "rawId": key, "type": "public-key", "response": parts})


@pytest.fixture
def officer(make: Make) -> User:
    return make.user("officer", username="hoa")


@pytest.fixture
def device(client: Client, officer: User) -> Device:
    """A device whose passkey is kept; nobody is signed in."""
    device = Device()
    client.sign_in(officer)
    assert add(client, device).status == 303
    client.post("/sign-out")
    return device


def add(client: Client, device: Device) -> Page:
    page = Page(client.post("/account/passkeys", data={"current": PASSWORD}))
    options = json.loads(page.soup.select_one("form[data-offer]")["data-offer"])
    return Page(client.post("/account/passkeys/add", data={"answer": device.made(options)}))


def come_in(client: Client, device: Device) -> str:
    options = client.post("/sign-in/passkey/offer").get_json()
    return str(client.post("/sign-in/passkey", data={"answer": device.signed(options)}).location)


REFUSED = "/sign-in?password=1"


def test_a_passkey_signs_in_without_password_and_code(client: Client, device: Device, officer: User) -> None:
    assert come_in(client, device) == "/"
    assert client.get("/account").status_code == 200
    assert come_in(client.application.test_client(), device) == "/"


def test_it_serves_as_the_second_factor_that_is_required(client: Client, device: Device, officer: User) -> None:
    assert second_factor.days_left(officer) is None


def test_the_password_is_asked_for_before_adding_one(client: Client, officer: User) -> None:
    client.sign_in(officer)

    assert client.post("/account/passkeys", data={"current": "đoán mò thôi mà"}).status_code == 422
    assert client.post("/account/passkeys/add", data={"answer": "{}"}).location == "/account/passkeys"
    assert db.session.scalars(select(Passkey)).all() == []


@pytest.mark.parametrize("bad", [Device("https://evil.example"), Device(flags=PRESENT)])
def test_one_made_for_another_site_or_without_the_person_is_not_kept(
    client: Client, officer: User, bad: Device
) -> None:
    client.sign_in(officer)
    add(client, bad)

    assert db.session.scalars(select(Passkey)).all() == []


def test_a_signature_given_to_another_site_opens_nothing(client: Client, device: Device) -> None:
    device.origin = "https://evil.example"

    assert come_in(client, device) == REFUSED


def test_another_key_under_the_same_name_opens_nothing(client: Client, device: Device) -> None:
    forged = Device()
    forged.id, forged.count = device.id, 50

    assert come_in(client, forged) == REFUSED


def test_an_answer_is_taken_once(client: Client, device: Device) -> None:
    options = client.post("/sign-in/passkey/offer").get_json()
    answer = device.signed(options)
    assert client.post("/sign-in/passkey", data={"answer": answer}).location == "/"
    client.post("/sign-out")

    assert client.post("/sign-in/passkey", data={"answer": answer}).location == REFUSED


def test_an_answer_to_anothers_challenge_opens_nothing(app: Flask, client: Client, device: Device) -> None:
    options = app.test_client().post("/sign-in/passkey/offer").get_json()
    client.post("/sign-in/passkey/offer")

    assert client.post("/sign-in/passkey", data={"answer": device.signed(options)}).location == REFUSED


def test_a_copied_key_that_counts_backwards_opens_nothing(client: Client, device: Device) -> None:
    assert come_in(client, device) == "/"
    client.post("/sign-out")
    device.count = 0

    assert come_in(client, device) == REFUSED


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"id": 5}', '{"id": "x", "response": 1}', "đ" * 100])
def test_rubbish_opens_nothing_and_breaks_nothing(client: Client, device: Device, answer: str) -> None:
    client.post("/sign-in/passkey/offer")

    assert client.post("/sign-in/passkey", data={"answer": answer}).location == REFUSED


def test_a_disabled_person_stays_out(client: Client, device: Device, officer: User) -> None:
    officer.is_enabled = False
    db.session.commit()

    assert come_in(client, device) == REFUSED


def test_one_taken_away_opens_nothing(client: Client, device: Device, officer: User) -> None:
    client.sign_in(officer)
    key = db.session.scalars(select(Passkey.id)).one()
    client.post("/account/passkeys/remove", data={"passkey": key})
    client.post("/sign-out")

    assert come_in(client, device) == REFUSED
    assert "passkey_removed" in db.session.scalars(select(AuditEvent.event)).all()


def test_anothers_cannot_be_taken_away(client: Client, device: Device, make: Make) -> None:
    client.sign_in(make.user("leader"))
    key = db.session.scalars(select(Passkey.id)).one()

    client.post("/account/passkeys/remove", data={"passkey": key})

    assert len(db.session.scalars(select(Passkey)).all()) == 1


def test_the_sign_in_page_offers_it_only_by_script(client: Client, officer: User) -> None:
    form = client.page("/sign-in").soup.select_one("form[data-module=passkey]")

    assert form.has_attr("hidden")
