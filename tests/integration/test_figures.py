"""The figures page: every number equals the list it opens, and nothing secret is told by village."""

from datetime import date, timedelta

import pytest

from app import clock, indicators, rates, reference, register
from app.child_filters import ChildFilters
from app.indicators import INDICATORS, Line
from app.periods import Period
from models import (
    AbuseForm,
    Allowance,
    AllowanceBasis,
    BirthRegistration,
    Case,
    Child,
    Disability,
    DisabilitySeverity,
    HouseholdStatus,
    LeftReason,
    PerpetratorRelation,
    Poverty,
    Precision,
    RelativeKind,
    RelativeState,
    Schooling,
    Service,
    ServiceKind,
    Sex,
    Village,
    db,
)
from tests.integration.test_query_plans import counted
from tests.make import Make
from tests.page import Client


class Commune:
    """Two villages with a child of every sort."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.east, self.west = make.village("Thôn Đông"), make.village("Thôn Tây")
        poor = make.household(village=self.east)
        make.save(HouseholdStatus(household=poor, year=clock.today().year, status=Poverty.POOR))
        years_ago = clock.years_before
        today = clock.today()
        make.child(village=self.east, born=years_ago(today, 2), household=poor, household_id=poor.id)
        make.child("Trần Thị Lan", self.east, years_ago(today, 5), Sex.FEMALE, ethnicity_code="06")
        make.child(None, self.west, None, Sex.UNKNOWN)
        make.child("Hoàng Văn Chín", self.west, years_ago(today, 16))
        self.hiv = self.special("đ", self.west)
        self.abused = self.special("l.4", self.west)
        self.exploited = self.special("k.2", self.east)
        self.both = self.special("l.1", self.east)
        make.circumstance(self.both, "d.2")
        self.disabled = self.special("d.2", self.west, schooling=Schooling.DROPPED_OUT)
        make.save(Disability(commune_id=make.home.id, child=self.disabled, severity=DisabilitySeverity.SEVERE))
        self.risky = self.special("r.divorced", self.east, birth_registration=BirthRegistration.REGISTERED)
        make.circumstance(self.special("b.1", self.west), "a.3", confirmed=False)
        orphan = self.special("a.1", self.west, personal_id="030218000001")
        for kind in (RelativeKind.FATHER, RelativeKind.MOTHER):
            make.relative(orphan, kind, state=RelativeState.DEAD)
        for child, basis in ((self.hiv, AllowanceBasis.K3), (self.disabled, AllowanceBasis.K6)):
            make.save(Allowance(commune_id=make.home.id, child=child, basis=basis, started_on=date(2020, 1, 1)))
        for form, child in ((AbuseForm.SEXUAL, self.abused), (AbuseForm.VIOLENCE, self.risky)):
            case = make.case(child, village_id=child.village_id, abuse_form=form)
            make.save(
                Service(
                    commune_id=make.home.id, child=child, case_id=case.id, kind=ServiceKind.PSYCHOLOGY, done_on=today
                )
            )

    def special(self, code: str, village: Village, **values: object) -> Child:
        child = self.make.child(f"Phạm Văn {code}", village, **values)
        self.make.circumstance(child, code)
        return child


@pytest.fixture
def commune(make: Make) -> Commune:
    """A commune with a child of every sort."""
    return Commune(make)


@pytest.fixture
def lines(commune: Commune) -> dict[str, Line]:
    """{code: figures} of that commune this year."""
    today = clock.today()
    found = indicators.figures(commune.make.home, Period.of_year(today.year), today)
    return {line.indicator.code: line for line in found}


@pytest.mark.parametrize("indicator", [one for one in INDICATORS if one.filters], ids=lambda one: one.code)
def test_every_figure_of_children_is_the_count_of_its_list(
    indicator: indicators.Indicator, commune: Commune, lines: dict[str, Line]
) -> None:
    officer = commune.make.user("officer")
    line = lines[indicator.code]

    assert line.total == register.count_children(officer, line.filters(None))
    for village in (commune.east, commune.west):
        asked = line.filters(None, village.id)
        if asked is not None:
            assert line.by_village.get(village.id, 0) == register.count_children(officer, asked)


def test_the_ages_and_the_sexes_make_up_the_whole(lines: dict[str, Line]) -> None:
    whole = lines["1"].total

    assert sum(lines[f"1.{number}"].total for number in (1, 2, 3)) == whole
    assert sum(lines[f"1.{number}"].total for number in (5, 6, 7, 8, 9)) == whole


def test_hiv_and_sexual_abuse_are_told_of_no_village(commune: Commune, lines: dict[str, Line]) -> None:
    assert {code: (lines[code].by_village, lines[code].total) for code in ("4.đ", "4.l")} == {
        "4.đ": ({}, 1),
        "4.l": ({}, 2),
    }
    assert lines["4.k"].by_village.get(commune.east.id, 0) == 0
    assert lines["4.k"].total == 1


def test_the_villages_of_other_lines_do_not_give_them_away(commune: Commune, lines: dict[str, Line]) -> None:
    east, west = commune.east.id, commune.west.id

    assert lines["4"].by_village == {east: 1, west: 3}
    assert lines["4"].total == 7
    assert lines["11"].by_village == {east: 0, west: 1}
    assert (lines["12"].by_village, lines["12"].total) == ({east: 1, west: 0}, 2)
    assert (lines["13"].by_village, lines["13"].total) == ({east: 1}, 2)
    assert (lines["16"].by_village, lines["16"].total) == ({east: 1}, 2)


def test_numbers_lead_to_their_lists(client: Client, commune: Commune) -> None:
    page = client.sign_in(commune.make.user("officer")).page("/figures/")

    cells = page.soup.select("table.matrix td.number a")
    assert len(cells) > 100
    for link in cells[::7]:
        listed = client.page(link["href"])
        assert listed.status == 200
        what = "lượt ghi" if link["href"].startswith("/figures/list") else "trẻ em"
        assert f"{link.get_text()} {what}" in listed.text


def test_the_matrix_shows_every_indicator_with_its_total(
    client: Client, commune: Commune, lines: dict[str, Line]
) -> None:
    page = client.sign_in(commune.make.user("leader")).page("/figures/")

    assert {row["STT"]: row["TỔNG XÃ"] for row in page.rows()} == {
        code: str(line.total) for code, line in lines.items()
    }
    secret = next(row for row in page.rows() if row["STT"] == "4.đ")
    assert (secret["Thôn Đông"], secret["Thôn Tây"]) == ("", "")


def test_a_superior_office_sees_numbers_without_lists(client: Client, commune: Commune) -> None:
    page = client.sign_in(commune.make.user("viewer")).page("/figures/")

    assert page.rows()[0]["TỔNG XÃ"] == "11"
    assert not page.soup.select("table.matrix a")


def test_a_collaborator_has_no_figures(client: Client, commune: Commune) -> None:
    assert client.sign_in(commune.make.user("collaborator", village=commune.east)).get("/figures/").status_code == 403


def test_what_other_papers_ask_is_answered_by_indicators_there_are(client: Client, commune: Commune) -> None:
    known = {indicator.code for indicator in INDICATORS} | {rate.code for rate in rates.RATES}
    sets = reference.indicator_sets()

    assert [code for _set, _item, _wording, codes in sets for code in codes if code not in known] == []
    asked = {(document, item) for document, item, _wording, _codes in sets}
    assert {("QĐ 06/QĐ-TTg", item) for item in ("2", "3", "4", "5", "6", "10")} <= asked
    page = client.sign_in(commune.make.user("officer")).page("/figures/")
    rows = page.soup.select("table.sets tbody tr")
    assert len(rows) == len(sets)
    assert "23 Trẻ em bị xâm hại, vụ việc tiếp nhận trong kỳ: 2" in " ".join(rows[3].get_text(" ", strip=True).split())


def test_the_perpetrators_relation_is_told_of_the_commune_only(commune: Commune) -> None:
    for case in db.session.query(Case):
        case.perpetrator_relation = PerpetratorRelation.PARENT
    db.session.commit()
    today = clock.today()

    found = indicators.figures(commune.make.home, Period.of_year(today.year), today)
    line = next(one for one in found if one.indicator.tally == "by_parent")

    assert (line.by_village, line.total) == ({}, 2)
    abused = {one.indicator.tally: one for one in found if one.indicator.tally}
    assert abused["abused"].total == 2
    assert sum(abused[f"abused_{sex}"].total for sex in Sex) == 2
    assert sum(abused[name].total for name in ("abused_0_6", "abused_6_13", "abused_13_16", "abused_age_unknown")) == 2


class TestDay:
    def test_a_chosen_day_counts_and_links_as_on_that_day(self, client: Client, make: Make) -> None:
        village, today = make.village(), clock.today()
        make.child(village=village, born=today - timedelta(days=3))
        make.child("Trần Văn Đi", village, left_on=today - timedelta(days=2), left_reason=LeftReason.MOVED_OUT)
        officer = make.user("officer")

        page = client.sign_in(officer).page(f"/figures/?on={today - timedelta(days=5):%d/%m/%Y}")

        link = page.soup.select_one("table.matrix td.total a")
        assert link.get_text() == "1"
        assert "1 trẻ em" in client.page(link["href"]).text

    def test_a_day_to_come_is_refused_in_words(self, client: Client, make: Make) -> None:
        page = client.sign_in(make.user("officer")).page("/figures/?on=1/1/2090")

        assert page.status == 422
        assert page.errors() == {"on": "Chọn ngày không sau hôm nay"}

    def test_a_child_of_known_year_only_counts_from_the_start_of_the_year(self, make: Make) -> None:
        village = make.village()
        child = make.child(village=village, born=None)
        child.born_on, child.born_precision = date(clock.today().year, 12, 31), Precision.YEAR
        make.save(child)

        assert register.count_children(make.user("officer"), ChildFilters()) == 1


def test_the_figures_take_a_handful_of_statements(client: Client, commune: Commune) -> None:
    client.sign_in(commune.make.user("officer"))
    client.get("/figures/")  # what is kept in memory is made once after a change

    with counted() as statements:
        client.get("/figures/")

    # the session and the person, children twice, what hangs on them, cases, services, movements, allowances, villages
    assert len(statements) <= 25
