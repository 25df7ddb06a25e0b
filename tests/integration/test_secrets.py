"""HIV, sexual abuse and offences are absent for whoever may not know: on pages, in counts, filters, searches and logs."""

import logging
import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app import child_filters
from models import (
    Allowance,
    AllowanceBasis,
    AuditEvent,
    Child,
    Choice,
    CircumstanceKind,
    Sensitivity,
    Village,
    clean,
    db,
)
from tests.integration.test_access import APP, RECORDS, RULES
from tests.make import Make
from tests.page import Client

SECRET = (Sensitivity.HIV, Sensitivity.SEXUAL_ABUSE, Sensitivity.OFFENCE)


@pytest.fixture
def village(make: Make) -> Village:
    return make.village()


@pytest.fixture
def collaborator(client: Client, make: Make, village: Village) -> Client:
    return client.sign_in(make.user("collaborator", village=village))


def secret_kinds() -> list[CircumstanceKind]:
    query = select(CircumstanceKind).where(CircumstanceKind.sensitivity.in_(SECRET)).order_by(CircumstanceKind.code)
    return list(db.session.scalars(query))


@pytest.fixture
def twins(make: Make, village: Village) -> tuple[Child, Child]:
    """Two children alike in everything but what is secret: the first has it all, the second has nothing."""
    marked, plain = (
        make.child(name, village, birth_registration="registered", ethnicity_code="01", personal_id=number)
        for name, number in (("Vũ Thị Hồng", "030318000001"), ("Vũ Thị Lan", "030318000002"))
    )
    for number, kind in enumerate(secret_kinds()):
        make.circumstance(marked, kind.code, confirmed=number % 2 == 0, started_on=date(2024, 1, 1))
    make.save(Allowance(commune_id=marked.commune_id, child_id=marked.id, basis=AllowanceBasis.K3))
    case = make.case(marked, subject="abused", abuse_form="sexual", note="ghi chép mật")
    assert case.collaborator_id is None
    return marked, plain


def pages_of(child: Child) -> list[str]:
    """Every page by GET about a child."""
    return [
        re.sub(r"<[^>]*>", str(child.id), rule.rule)
        for rule in RULES
        if "GET" in rule.methods and rule.arguments == {"child_id"} and APP.view_functions[rule.endpoint].permission
    ]


def comparable(html: str, child: Child) -> str:
    """A page without what differs between any two children: keys, names, tokens."""
    text = re.sub(r'(value|name|content)="[\w.\-]{16,}"', "", html)
    text = text.replace(child.full_name or "", "TÊN").replace(child.personal_id or "", "SỐ").replace(child.code, "MÃ")
    text = re.sub(rf"(/children/|/of-child/|child=|sibling=|cases/){child.id}\b", "KHÓA", text)
    return re.sub(r"\d\d:\d\d \d\d/\d\d/\d{4}", "LÚC", text)


def test_the_pages_of_a_marked_and_a_plain_child_are_the_same(collaborator: Client, twins: tuple[Child, Child]) -> None:
    marked, plain = twins
    for one, other in zip(pages_of(marked), pages_of(plain), strict=True):
        first, second = collaborator.get(one), collaborator.get(other)
        assert first.status_code == second.status_code
        if first.status_code == 200:
            assert comparable(first.get_data(as_text=True), marked) == comparable(
                second.get_data(as_text=True), plain
            ), one


def _filters() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, kind in child_filters.CHOICES.items():
        found += [(name, choice.value) for choice in kind if issubclass(kind, Choice)]
    found += [("allowance", "0"), ("allowance", "1"), ("helped", "0"), ("helped", "1"), ("review", "waiting")]
    found += [("group", choice.value) for choice in child_filters.SpecialFilter]
    return [*found, ("shared", "1")]


@pytest.mark.parametrize(("name", "value"), _filters())
def test_no_filter_tells_them_apart(collaborator: Client, twins: tuple[Child, Child], name: str, value: str) -> None:
    text = collaborator.page(f"/children/?{name}={value}").text

    assert ("Vũ Thị Hồng" in text) == ("Vũ Thị Lan" in text)


def test_the_filter_of_a_secret_group_finds_nobody(collaborator: Client, twins: tuple[Child, Child]) -> None:
    for kind in secret_kinds():
        for code in (kind.code, kind.group_code):
            page = collaborator.page("/children/", query_string={"group": code})
            if code == "k":
                continue  # a group with open and secret sub-groups
            assert "Vũ Thị Hồng" not in page.text, code


def test_the_officer_finds_them_all(app: Flask, make: Make, twins: tuple[Child, Child]) -> None:
    officer = app.test_client().sign_in(make.user("officer"))

    for kind in secret_kinds()[::2]:
        assert "Vũ Thị Hồng" in officer.page("/children/", query_string={"group": kind.code}).text, kind.code


def test_secret_groups_are_offered_nowhere(collaborator: Client, twins: tuple[Child, Child]) -> None:
    words = {kind.wording for kind in secret_kinds()}
    for address in ("/children/", f"/children/{twins[1].id}/circumstances/new", "/", "/cases/", "/services/"):
        html = collaborator.get(address).get_data(as_text=True)
        assert not [word for word in words if word in html], address
        assert not re.search(r"HIV|AIDS|xâm hại tình dục", html), address


def test_a_secret_group_cannot_be_entered_or_opened_by_guessing(
    collaborator: Client, twins: tuple[Child, Child]
) -> None:
    marked, plain = twins
    for kind in secret_kinds():
        answer = collaborator.post(f"/children/{plain.id}/circumstances/new", data={"kind_code": kind.code})
        assert answer.status_code == 422
    for circumstance in marked.circumstances:
        assert collaborator.get(f"/children/circumstances/{circumstance.id}").status_code == 404


def test_searching_finds_nobody_by_what_is_secret(collaborator: Client, twins: tuple[Child, Child]) -> None:
    for words in ("HIV", "xam hai", "AIDS", "pham toi"):
        page = collaborator.send("/children/search", {"words": words})
        assert "Vũ Thị Hồng" not in page.text


class TestKeysOfOthersInForms:
    """A form may carry any key; those of records out of scope are refused, not stored."""

    def test_a_foreign_village(self, collaborator: Client, make: Make, village: Village) -> None:
        other, far = make.village(), make.village(commune=make.commune())
        child = make.child(village=village)
        for foreign in (other, far):
            form = {**collaborator.page(f"/children/{child.id}/edit").form(), "village_id": str(foreign.id)}
            collaborator.post(f"/children/{child.id}/edit", data=form)
            db.session.refresh(child)
            assert child.village_id == village.id

    def test_a_new_child_in_a_foreign_village(self, collaborator: Client, make: Make) -> None:
        form = {
            **collaborator.page("/children/add").form(),
            "village_id": str(make.village().id), "full_name": "Lê Văn Lạc", "sex": "male", "born_on": "2019",
            "birth_registration": "unknown",
        }  # fmt: skip

        assert collaborator.post("/children/add", data=form).status_code == 422
        assert db.session.scalars(select(Child.id).where(Child.name_key == clean.fold("Lê Văn Lạc"))).all() == []

    def test_a_foreign_kind_of_risk(self, collaborator: Client, make: Make, village: Village) -> None:
        far = make.commune()
        make.save(CircumstanceKind(code="r.far", commune_id=far.id, group_code="r", level="risk", wording="xa"))
        child = make.child(village=village)

        answer = collaborator.post(f"/children/{child.id}/circumstances/new", data={"kind_code": "r.far"})

        assert answer.status_code == 422


def test_a_journey_leaves_no_name_in_addresses_logs_or_events(
    client: Client, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    village = make.village("Thôn Đông")
    client.sign_in(make.user("collaborator", village=village))
    addresses = []

    def follow(response: object) -> None:
        while response.status_code in (302, 303):
            addresses.append(response.location)
            response = client.get(response.location)

    follow(client.post("/children/search", data={"words": "Trịnh Bí Danh"}))
    form = {**client.page("/children/add").form(), "full_name": "Trịnh Bí Danh", "sex": "male", "born_on": "5/6/2019",
            "birth_registration": "registered", "head_name": "Trịnh Chủ Hộ", "phone": "0912345678"}  # fmt: skip
    follow(client.post("/children/add", data=form))
    child = db.session.scalars(select(Child).where(Child.name_key == "trinh bi danh")).one()
    follow(client.post(f"/children/{child.id}/edit", data={**client.page(f"/children/{child.id}/edit").form(),
                                                           "note": "ghi chú riêng tư"}))  # fmt: skip
    follow(client.post("/households/search", data={"words": "Trịnh Chủ Hộ"}))

    told = " ".join([*addresses, caplog.text, *map(str, db.session.scalars(select(AuditEvent.details)))])
    folded = clean.fold(told)
    assert len(addresses) >= 4
    assert not [word for word in ("trinh", "bi danh", "chu ho", "0912345678", "ghi chu rieng") if word in folded]


def test_titles_and_flashes_name_nobody(client: Client, make: Make, village: Village) -> None:
    child = make.child("Trịnh Bí Danh", village)
    client.sign_in(make.user("officer"))
    for address in pages_of(child):
        page = client.page(address)
        if page.status == 200:
            assert "Bí Danh" not in page.soup.title.get_text(), address
            assert not [said for said in page.soup.select("[role=status]") if "Bí Danh" in said.get_text()]


def test_every_parameter_of_a_child_page_is_known() -> None:
    assert {name for rule in RULES for name in rule.arguments if name == "child_id"} <= set(RECORDS)
