"""Lists an officer builds: the page, the count and the workbook are one question; nothing secret can be asked for."""

import hashlib
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from app import child_lists, likely_pairs
from app.workbooks import NEVER, Variant, file
from models import Child, ChildList, Export, Incident, IncidentKind, IncidentOutcome, Sex, User, db
from tests.integration.test_figures import Commune as SmallCommune
from tests.make import PASSWORD, Make
from tests.page import Client

#: Filters as the form sends them.
ASKED = [
    {},
    {"sex": "female"},
    {"group": "special"},
    {"group": "d.2"},
    {"group": "k"},
    {"group": "risk"},
    {"disability": "any"},
    {"orphan": "both"},
    {"poverty": "poor"},
    {"age": "3-6"},
    {"ethnicity": "minority"},
    {"school": "dropped_out"},
    {"allowance": "1"},
    {"allowance": "0"},
    {"helped": "1"},
    {"missing": "id"},
    {"missing": "right_id"},
    {"missing": "duplicate"},
    {"registration": "registered"},
    {"check": "unchecked"},
    {"presence": "all"},
    {"presence": "grown", "sex": "male"},
]


@pytest.fixture
def commune(make: Make) -> SmallCommune:
    """A commune with a child of every sort."""
    return SmallCommune(make)


@pytest.fixture
def officer(client: Client, commune: SmallCommune) -> User:
    """The officer, signed in."""
    user = commune.make.user("officer")
    client.sign_in(user)
    return user


def built(client: Client, **values: Any) -> ChildList:
    """A list built on the page."""
    sent = {"name": "Danh sách thử", "presence": "here", "columns": ["c1", "c2", "c3"], **values}
    answer = client.post("/workbooks/lists/new", data=sent)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return db.session.scalars(select(ChildList).order_by(ChildList.id.desc()).limit(1)).one()


def workbook_of(client: Client, made: ChildList, **values: str) -> Any:
    answer = client.post(f"/workbooks/lists/{made.id}/workbook", data={"variant": "coded", **values})
    assert answer.status_code == 200
    return answer


def rows(content: bytes) -> list[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    return list(sheet.iter_rows(min_row=file.HEADING_ROW + 1, values_only=True))


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_page_count_and_workbook_are_the_same(
    asked: dict[str, str], client: Client, officer: User, commune: SmallCommune
) -> None:
    made = built(client, **asked)
    page = client.page(f"/workbooks/lists/{made.id}")

    count = child_lists.count(officer, made)
    assert f"{count} trẻ em" in page.text
    assert len(page.soup.select("tbody tr")) == count
    assert len(rows(workbook_of(client, made).data)) == count
    for secret in (commune.hiv, commune.abused, commune.exploited):
        if asked.get("group") or asked.get("allowance") == "1":
            assert secret.code not in page.text


def test_it_is_kept_opened_changed_and_deleted(client: Client, officer: User) -> None:
    made = built(client, sex="female", columns=["c1", "age"])

    assert (made.filters, made.columns) == ({"sex": "female"}, ["c1", "age"])
    page = client.page(f"/workbooks/lists/{made.id}/edit")
    assert page.soup.select_one("select[name=sex] option[selected]")["value"] == "female"
    changed = {"name": "Tên khác", "sex": "male", "presence": "here", "columns": ["c2"], "version": str(made.version)}
    assert client.post(f"/workbooks/lists/{made.id}/edit", data=changed).status_code == 303
    assert (made.name, made.filters, made.columns) == ("Tên khác", {"sex": "male"}, ["c2"])
    assert "Tên khác" in client.page("/workbooks/lists").text
    assert client.post(f"/workbooks/lists/{made.id}/delete").status_code == 303
    assert db.session.scalars(select(ChildList)).all() == []


def test_a_list_needs_a_name_and_a_column(client: Client, officer: User) -> None:
    page = client.send("/workbooks/lists/new", {"name": "", "presence": "here", "sex": "female"})

    assert page.status == 422
    assert set(page.errors()) == {"name", "columns-0"}
    assert page.soup.select_one("select[name=sex] option[selected]")["value"] == "female"


@pytest.mark.parametrize("group", ["đ", "l", "l.4", "k.2", "k.3"])
def test_secret_groups_cannot_be_asked_for(group: str, client: Client, officer: User) -> None:
    page = client.send("/workbooks/lists/new", {"name": "x", "presence": "here", "columns": ["c1"], "group": group})

    assert "group" in page.errors()


def test_no_column_is_secret(officer: User) -> None:
    assert not {column.sensitivity for column in child_lists.columns().values()} & NEVER


def test_a_coded_workbook_names_nobody_and_a_named_one_needs_a_reason(client: Client, officer: User) -> None:
    made = built(client, columns=list(child_lists.columns()))

    coded = workbook_of(client, made).data
    refused = client.send(f"/workbooks/lists/{made.id}/workbook", {"variant": "named"})
    named = workbook_of(client, made, variant="named", reason="đối chiếu", password=PASSWORD).data

    assert "Phạm Văn d.2" not in str(rows(coded))
    assert refused.status == 422
    assert set(refused.errors()) == {"reason", "password"}
    assert "Phạm Văn d.2" in str(rows(named))


def test_every_download_is_written_down(client: Client, officer: User) -> None:
    made = built(client, sex="female")

    answer = workbook_of(client, made)

    export = db.session.scalars(select(Export)).one()
    assert (export.workbook, export.variant, export.user_id) == ("child-list", Variant.CODED.value, officer.id)
    assert export.sha256 == hashlib.sha256(answer.data).hexdigest()
    assert export.filters["conditions"] == {"sex": "female", "shared": "1"}
    assert export.row_count == len(rows(answer.data))
    assert "Danh sách tự lập" in client.page("/workbooks/").text


def test_somebody_elses_list_is_not_found(client: Client, officer: User, commune: SmallCommune) -> None:
    made = built(client)
    client.sign_in(commune.make.user("officer"))

    for address in ("", "/edit", "/workbook"):
        assert client.get(f"/workbooks/lists/{made.id}{address}").status_code == 404
    assert client.post(f"/workbooks/lists/{made.id}/delete").status_code == 404


def test_a_leader_gets_no_named_list(client: Client, commune: SmallCommune) -> None:
    client.sign_in(commune.make.user("leader"))
    made = built(client)

    page = client.send(
        f"/workbooks/lists/{made.id}/workbook", {"variant": "named", "reason": "x", "password": PASSWORD}
    )

    assert page.status == 422


def test_twins_in_everything_are_a_likely_duplicate(client: Client, officer: User, commune: SmallCommune) -> None:
    one = commune.make.child("Đỗ Thị Đôi", commune.east, sex=Sex.FEMALE)
    other = commune.make.child("Đỗ Thị Đôi", commune.west, sex=Sex.FEMALE)

    made = built(client, missing="duplicate")

    found = {row[1] for row in rows(workbook_of(client, made).data)}
    ids = set(likely_pairs.child_ids(officer))
    assert {one.code, other.code} <= found
    assert found == {child.code for child in db.session.query(Child) if child.id in ids}


class TestIncidents:
    def test_an_accident_is_recorded_told_and_counted(
        self, client: Client, officer: User, commune: SmallCommune
    ) -> None:
        child = commune.risky
        sent = {"kind": "drowning", "happened_on": "5/1/2026", "place": "water", "outcome": "died", "note": "ao làng"}

        answer = client.post(f"/children/{child.id}/incidents/new", data=sent)

        assert answer.status_code == 303
        incident = db.session.scalars(select(Incident)).one()
        assert (incident.kind, incident.outcome) == (IncidentKind.DROWNING, IncidentOutcome.DIED)
        page = client.page(f"/children/{child.id}")
        assert "Đuối nước" in page.text
        figures = {row["STT"]: row["TỔNG XÃ"] for row in client.page("/figures/").rows()}
        assert (figures["25"], figures["25.1"], figures["26"], figures["26.1"]) == ("1", "1", "1", "1")

    def test_one_to_come_is_refused_and_nothing_typed_is_lost(
        self, client: Client, officer: User, commune: SmallCommune
    ) -> None:
        sent = {"kind": "fall", "happened_on": "5/1/2090", "place": "home", "outcome": "treated", "note": "ngã xe"}

        page = client.send(f"/children/{commune.risky.id}/incidents/new", sent)

        assert page.errors() == {"happened_on": "Ngày xảy ra ở sau hôm nay"}
        assert "ngã xe" in page.soup.select_one("textarea[name=note]").text
