"""The list behind a figure of what happened: as many as the figure, by village too, and of each only what somebody may know."""

from datetime import date

import pytest
from flask import Flask

from app import age_bands, clock, flows, indicators
from app.periods import Period
from app.reports import differences, lifecycle
from models import (
    AbuseForm,
    Allowance,
    AllowanceBasis,
    CaseMember,
    Incident,
    IncidentKind,
    Movement,
    MovementKind,
    ReportKind,
    Service,
    ServiceKind,
    User,
    db,
)
from tests.make import Make
from tests.page import Client


class Place:
    """Two villages in which everything happened this year, some of it secret."""

    def __init__(self, make: Make) -> None:
        self.make, today = make, clock.today()
        self.officer, self.leader = make.user("officer"), make.user("leader")
        self.east, self.west = make.village("Thôn Đông"), make.village("Thôn Tây")
        one, two = (
            make.child("Lê Văn Một", self.east, date(2018, 1, 1)),
            make.child("Lê Thị Hai", self.west, date(2019, 1, 1)),
        )
        self.child = one
        self.open = make.case(one, village_id=self.east.id, abuse_form=AbuseForm.VIOLENCE)
        self.secret = make.case(two, village_id=self.west.id, abuse_form=AbuseForm.SEXUAL)
        for case in (self.open, self.secret):
            make.save(CaseMember(commune_id=make.home.id, case_id=case.id, user_id=self.officer.id))
            make.save(
                Service(
                    commune_id=make.home.id, child_id=case.child_id, case_id=case.id, kind=ServiceKind.PSYCHOLOGY,
                    done_on=today,
                )
            )  # fmt: skip
        make.save(
            Movement(
                commune_id=make.home.id,
                child=one,
                kind=MovementKind.MOVED_IN,
                happened_on=today,
                to_village_id=self.east.id,
            )
        )
        make.save(Incident(commune_id=make.home.id, child=two, kind=IncidentKind.DROWNING, happened_on=today))
        for child, basis in ((one, AllowanceBasis.K6), (two, AllowanceBasis.K3)):
            make.save(
                Allowance(commune_id=make.home.id, child=child, basis=basis, started_on=today.replace(month=1, day=1))
            )


@pytest.fixture
def place(make: Make) -> Place:
    return Place(make)


def year() -> Period:
    return Period.of_year(clock.today().year)


def test_every_number_of_the_matrix_is_as_long_as_its_list(place: Place) -> None:
    user, today = place.officer, clock.today()
    bands = age_bands.in_force(place.make.home.id, today)
    for line in indicators.figures(place.make.home, year(), today):
        if line.indicator.tally is None:
            continue
        rows = flows.behind(user, line.indicator.tally, year(), today, bands.abused)
        assert len(rows) == line.total, line.indicator.code
        if line.indicator.spread is not indicators.Spread.COMMUNE:
            found = {village.id: len(flows.of_village(rows, village.id)) for village in (place.east, place.west)}
            assert found == {key: line.by_village.get(key, 0) for key in found}, line.indicator.code


def page(client: Client, user: User, code: str, village_id: int | None = None) -> str:
    address = f"/figures/list?code={code}&period={clock.today().year}"
    return client.sign_in(user).page(address + (f"&village={village_id}" if village_id else "")).text


def code_of(tally: str) -> str:
    return indicators.CODES[tally]


def test_a_case_outside_ones_team_is_counted_and_not_named_where_the_figure_tells_of_it(
    client: Client, place: Place
) -> None:
    code = code_of(f"abuse_{AbuseForm.SEXUAL}")

    known, unknown = page(client, place.officer, code), page(client, place.leader, code)

    assert (place.secret.number in known, place.secret.number in unknown) == (True, False)
    assert "1 lượt ghi" in known
    assert "1 lượt ghi , trong đó 1 không nêu ở đây" in unknown


def test_the_villages_lists_together_do_not_give_a_secret_case_away(client: Client, place: Place) -> None:
    code = code_of("cases_received")

    assert place.open.number in page(client, place.leader, code)
    assert "2 lượt ghi" in page(client, place.leader, code)
    for village in (place.east, place.west):
        assert place.open.number not in page(client, place.leader, code, village.id)
    assert place.open.number in page(client, place.officer, code, place.east.id)


def test_services_and_movements_lead_to_their_child(client: Client, place: Place) -> None:
    services = page(client, place.leader, code_of("services_given"))

    assert "2 lượt ghi , trong đó 2 không nêu" in services
    assert place.child.code not in services
    assert f"{place.child.code} Lê Văn Một" in page(client, place.leader, code_of("moved_moved_in"))


@pytest.mark.parametrize(
    "query", ["", "code=13", "code=1&period=2026", "code=13&period=2026&village=999999", "code=xx&period=2026"]
)
def test_what_names_no_list_leads_to_the_figures(client: Client, place: Place, query: str) -> None:
    answer = client.sign_in(place.officer).get(f"/figures/list?{query}")

    assert (answer.status_code, answer.location) == (303, "/figures/")


def test_a_sent_report_opens_the_rows_it_kept(app: Flask, client: Client, place: Place) -> None:
    made = lifecycle.prepare(place.make.home, year(), ReportKind.FIGURES, None)
    report = lifecycle.submit(place.make.home, made, place.officer)
    db.session.query(Movement).delete()
    db.session.commit()
    address = f"/reports/{report.id}/rows?code="
    client.sign_in(place.officer)

    assert "1 lượt ghi" in client.page(address + code_of("moved_moved_in")).text
    assert "2 lượt ghi" in client.page(address + code_of("cases_received")).text
    assert "Lê Văn Một" in client.page(address + "1.1").text
    assert client.get(address + "99").location == f"/reports/{report.id}"
    assert app.test_client().sign_in(place.make.user("viewer")).get(address + "13").status_code == 403


def test_a_payment_corrected_after_the_report_has_its_reason(place: Place) -> None:
    made = lifecycle.prepare(place.make.home, year(), ReportKind.FIGURES, None)
    report = lifecycle.submit(place.make.home, made, place.officer)
    db.session.commit()
    months = clock.today().month

    allowance = db.session.query(Allowance).filter_by(child_id=place.child.id).one()
    allowance.started_on = clock.today().replace(day=1)
    db.session.commit()

    found = {one.code: one for one in differences.compare(report).differences}
    paid = found[code_of("paid")]
    assert paid.change == 1 - months
    assert [reason.text for reason in paid.reasons] == [f"–{months - 1} chi trả trợ cấp: sửa trợ cấp (hưởng từ ngày)"]
