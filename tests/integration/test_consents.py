"""Consents: the child is asked from seven years on, a representative has a name, a consent may be taken back."""

from datetime import date

import pytest

from app import clock, consents
from models import Consent, ConsentAnswer, ConsentGiver, ConsentPurpose, db


@pytest.fixture
def officer(make):
    return make.user("officer")


def answer(client, child, **typed: str):
    page = client.page(f"/children/{child.id}/consents/new")
    return client.send(f"/children/{child.id}/consents/new", {**page.form(), "purpose": "share", **typed})


def test_a_child_under_seven_is_not_asked(client, make, officer):
    today = clock.today()
    small = make.child(born=date(today.year - 6, 1, 1))
    client.sign_in(officer)

    refused = answer(client, small, giver="child")

    assert "chưa đủ 7 tuổi" in str(refused.errors())
    assert db.session.scalars(db.select(Consent)).all() == []


def test_a_representative_has_a_name_and_nothing_typed_is_lost(client, make, officer):
    client.sign_in(officer)

    refused = answer(client, make.child(), giver="representative", details="cho bệnh viện")

    assert "giver_name" in refused.errors()
    assert refused.form()["details"] == "cho bệnh viện"


def test_both_agree_and_one_takes_it_back(client, make, officer):
    today = clock.today()
    child = make.child(born=date(today.year - 9, 1, 1))
    client.sign_in(officer)
    answer(client, child, giver="child")
    answer(client, child, giver="representative", giver_name="Trần Thị Bình")
    given = consents.of_child(officer, child)

    assert consents.in_force(given, ConsentPurpose.SHARE) == {ConsentGiver.CHILD, ConsentGiver.REPRESENTATIVE}
    mine = next(one for one in given if one.giver is ConsentGiver.CHILD)
    page = client.page(f"/consents/{mine.id}/edit")
    client.send(f"/consents/{mine.id}/edit", {**page.form(), "withdrawn_on": f"{today:%d/%m/%Y}"})

    assert consents.in_force(consents.of_child(officer, child), ConsentPurpose.SHARE) == {ConsentGiver.REPRESENTATIVE}
    assert "rút lại" in client.page(f"/children/{child.id}/consents").text


def test_a_refusal_after_a_consent_counts(make):
    child = make.child()
    of = {"commune_id": child.commune_id, "child_id": child.id, "giver": ConsentGiver.REPRESENTATIVE}
    purpose = {"purpose": ConsentPurpose.IMAGE}
    make.save(Consent(**of, **purpose, asked_on=date(2026, 1, 1), answer=ConsentAnswer.AGREED))
    make.save(Consent(**of, **purpose, asked_on=date(2026, 2, 1), answer=ConsentAnswer.REFUSED))

    assert consents.in_force(db.session.scalars(db.select(Consent)).all(), ConsentPurpose.IMAGE) == frozenset()
