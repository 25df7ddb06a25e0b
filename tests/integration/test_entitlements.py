"""The lists of entitlements: who is on them, for whose eyes, and numbers that open exactly their list."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event

from app import clock, register
from app.entitlements import ages, bases, lists
from app.entitlements.lists import Filters
from app.entitlements.people import find_person
from models import (
    Allowance,
    AllowanceBase,
    AllowanceBasis,
    BirthRegistration,
    Child,
    Disability,
    DisabilitySeverity,
    HouseholdStatus,
    Poverty,
    RelativeKind,
    RelativeState,
    Schooling,
    User,
    Village,
    db,
)
from tests.make import Make
from tests.page import Client

CARD = {"insurance_number": "TE1300000000000"}


@pytest.fixture
def officer(make: Make) -> User:
    return make.user("officer")


def orphan(make: Make, name: str = "Bùi Thị Sương", village: Village | None = None, **values: object) -> Child:
    """A child of ten whose parents are dead, confirmed, with all papers."""
    child = make.child(
        name,
        village,
        born=years_ago(10),
        birth_registration=BirthRegistration.REGISTERED,
        personal_id=values.pop("personal_id", None),
        **values,
    )
    make.relative(child, RelativeKind.FATHER, "Bùi Văn Gió", RelativeState.DEAD)
    make.relative(child, RelativeKind.MOTHER, "Hà Thị Mưa", RelativeState.DEAD)
    make.circumstance(child, "a.3")
    return child


def with_hiv(make: Make, village: Village | None = None) -> Child:
    """A child with HIV in a poor household."""
    village = village or make.village()
    household = make.household("Lò Văn Đá", village)
    make.save(HouseholdStatus(household=household, year=clock.today().year, status=Poverty.POOR))
    child = make.child("Lò Thị Suối", village, born=years_ago(8), household=household)
    make.circumstance(child, "đ")
    return child


def allow(make: Make, child: Child, basis: AllowanceBasis = AllowanceBasis.K1, **values: object) -> Allowance:
    values.setdefault("started_on", date(2025, 1, 1))
    return make.save(Allowance(commune_id=child.commune_id, child_id=child.id, basis=basis, **values))


def years_ago(years: int) -> date:
    return clock.years_before(clock.today(), years) - timedelta(days=100)


def lines_of(user: User, **filters: object) -> list[tuple[str, str, str]]:
    found = lists.narrowed(lists.lines(user, Filters(**filters), clock.today()), Filters(**filters))
    return [(line.child.full_name, line.entitlement.right.value, line.entitlement.standing.value) for line in found]


def test_an_orphan_without_an_allowance_is_entitled_and_leads_to_adding_one(
    client: Client, make: Make, officer: User
) -> None:
    child = orphan(make)

    page = client.sign_in(officer).page("/entitlements/?right=k1")

    (row,) = page.rows(1)
    assert row["Họ và tên"] == "Bùi Thị Sương"
    assert row["Quyền lợi"] == "Mồ côi cả cha và mẹ NĐ 20/2021/NĐ-CP Đ5.1.b"
    assert row["Tình trạng"] == "Được hưởng, chưa nhận"
    assert row["Theo quy định"] == "750.000 đồng/tháng hệ số 1,5"
    assert row["Còn thiếu, cần xem"] == "Số định danh cá nhân"
    assert page.soup.select_one(f'a[href="/children/{child.id}/allowances/new"]').get_text() == "Thêm trợ cấp"


def test_an_allowance_in_force_is_told_with_its_day(client: Client, make: Make, officer: User) -> None:
    child = orphan(make)
    allowance = allow(make, child, coefficient=Decimal("1.5"), monthly_amount=750_000)

    page = client.sign_in(officer).page("/entitlements/?right=k1")

    (row,) = page.rows(1)
    assert row["Tình trạng"] == "Đang nhận"
    assert row["Đang nhận"] == "750.000 đồng/tháng hệ số 1,5 từ 01/01/2025"
    assert page.soup.select_one(f'a[href="/children/allowances/{allowance.id}"]')


def test_an_allowance_that_ended_is_not_received(make: Make, officer: User) -> None:
    child = orphan(make)
    allow(make, child, ended_on=clock.today())

    assert lines_of(officer, right=lists.Right.K1) == [("Bùi Thị Sương", "k1", "to_apply")]


def test_an_allowance_nothing_speaks_for_is_doubtful(make: Make, officer: User) -> None:
    child = make.child("Đỗ Văn Lá")
    allow(make, child)

    assert lines_of(officer) == [("Đỗ Văn Lá", "k1", "doubtful")]


def test_an_ended_circumstance_or_disability_grants_nothing(make: Make, officer: User) -> None:
    child = make.child("Đỗ Văn Lá")
    make.circumstance(child, "a.3", ended_on=clock.today())
    make.save(
        Disability(
            commune_id=child.commune_id,
            child_id=child.id,
            severity=DisabilitySeverity.SEVERE,
            ended_on=clock.today(),
        )
    )

    assert lines_of(officer) == []


def test_the_latest_list_of_poor_households_decides(make: Make, officer: User) -> None:
    child = with_hiv(make)
    assert lines_of(officer) == [("Lò Thị Suối", "k3", "to_apply")]

    this_year = child.household.statuses[0]
    this_year.status = Poverty.NONE
    make.save(HouseholdStatus(household=child.household, year=clock.today().year - 1, status=Poverty.POOR))

    assert lines_of(officer) == []


def test_a_child_of_another_commune_is_absent(client: Client, make: Make, officer: User) -> None:
    orphan(make, village=make.village("Thôn Bên", make.commune("xã Bên")))

    page = client.sign_in(officer).page("/entitlements/")

    assert "Sương" not in page.text
    assert lines_of(officer) == []


def test_one_who_left_died_or_grew_up_is_absent(make: Make, officer: User) -> None:
    gone, grown = orphan(make), orphan(make)
    gone.left_on = clock.today()
    grown.born_on = clock.years_before(clock.today(), 16)
    db.session.commit()

    assert lines_of(officer) == []


@pytest.mark.parametrize("role", ["collaborator", "viewer", "administrator"])
def test_the_lists_are_for_officer_and_leader(client: Client, make: Make, role: str) -> None:
    user = make.user(role, village=make.village())

    for address in ("/entitlements/", "/entitlements/print", "/entitlements/changes"):
        assert client.sign_in(user).get(address).status_code == 403


def test_hiv_is_told_to_officer_and_leader_and_never_on_paper(client: Client, make: Make) -> None:
    with_hiv(make)

    for role in ("officer", "leader"):
        browser = client.sign_in(make.user(role))
        assert "nhiễm HIV/AIDS thuộc hộ nghèo" in browser.page("/entitlements/?right=k3").text
        assert "Lò Thị Suối" not in browser.page("/entitlements/print").text


def test_nothing_is_told_of_a_child_to_a_collaborator(make: Make) -> None:
    village = make.village()
    child = with_hiv(make, village)

    assert lists.for_child(make.user("collaborator", village=village), child) == ([], [])


def test_the_rules_learn_nothing_of_hiv_that_the_person_may_not_read(make: Make) -> None:
    village = make.village()
    child = with_hiv(make, village)
    allow(make, child, AllowanceBasis.K3)
    collaborator = make.user("collaborator", village=village)

    known = find_person(collaborator, child, clock.today())

    assert (known.facts.confirmed, known.facts.received) == (frozenset(), ())


def test_for_child_tells_rights_and_changes_of_age(make: Make, officer: User) -> None:
    child = orphan(make)
    child.born_on = clock.years_before(clock.today(), 4) + timedelta(days=1)
    db.session.commit()

    rights, changes = lists.for_child(officer, child)

    assert [line.right.value for line in rights] == ["k1", "card", "carer"]
    assert [change.turning for change in changes] == [ages.Turning.FOUR]


def test_every_number_opens_exactly_its_list(client: Client, make: Make, officer: User) -> None:
    village = make.village("Thôn Đông")
    orphan(make, "Bùi Thị Một", village)
    orphan(make, "Bùi Thị Hai")
    allow(make, orphan(make, "Bùi Thị Ba"))
    make.child("Hoàng Văn Bé", village, born=years_ago(1))
    browser = client.sign_in(officer)

    for start in ("/entitlements/", f"/entitlements/?village={village.id}"):
        numbers = browser.page(start).soup.select("td.number a")
        assert numbers
        for link in numbers:
            opened = browser.page(link["href"])
            assert opened.text.split(" dòng, của")[0].split()[-1] == link.get_text(), link["href"]


def test_a_card_that_is_there_is_on_no_list(make: Make, officer: User) -> None:
    make.child("Hoàng Văn Bé", born=years_ago(1), **CARD)

    assert lines_of(officer) == []


def test_the_changes_of_age_ahead(client: Client, make: Make, officer: User) -> None:
    soon = clock.today() + timedelta(days=10)
    child = orphan(make, **CARD)
    child.born_on = clock.years_before(soon, 4)
    db.session.commit()
    browser = client.sign_in(officer)

    page = browser.page("/entitlements/changes")

    (row,) = page.rows()
    assert row["Ngày"] == f"{soon:%d/%m/%Y}"
    assert row["Mốc tuổi"] == "Đủ 4 tuổi"
    assert "NĐ 20/2021/NĐ-CP Đ5.1" in row["Căn cứ"]
    assert "1 dòng" in browser.page("/entitlements/changes?turning=4&months=1").text
    assert "0 dòng" in browser.page("/entitlements/changes?turning=16").text


def test_a_long_list_has_pages(client: Client, make: Make, officer: User) -> None:
    village = make.village()
    for number in range(51):
        make.child(f"Hoàng Văn Bé {number}", village, born=years_ago(1))
    browser = client.sign_in(officer)

    first = browser.page("/entitlements/?right=card")
    second = browser.page(first.soup.select_one("a[rel=next]")["href"])

    assert (len(first.rows(1)), len(second.rows(1))) == (50, 1)
    assert len(browser.page("/entitlements/print?right=card").rows()) == 51
    assert len(browser.page("/entitlements/?right=card&page=99999").rows(1)) == 1


@pytest.mark.parametrize(
    "query", ["right=nope", "standing=x", "village=abc", "village=987654321", "months=7", "page=-1"]
)
def test_what_is_no_code_narrows_nothing_or_finds_nobody(client: Client, make: Make, officer: User, query: str) -> None:
    orphan(make)

    for path in ("", "print", "changes"):
        assert client.sign_in(officer).get(f"/entitlements/{path}?{query}").status_code == 200


def test_more_children_ask_no_more_questions(make: Make, officer: User) -> None:
    def questions() -> int:
        asked = []

        def listener(*args: object) -> None:
            if "set_config" not in str(args[2]):
                asked.append(1)

        event.listen(db.engine, "before_cursor_execute", listener)
        try:
            lists.lines(officer, Filters(), clock.today())
        finally:
            event.remove(db.engine, "before_cursor_execute", listener)
        return len(asked)

    orphan(make)
    few = questions()
    for number in range(5):
        orphan(make, f"Bùi Thị Sương {number}")

    assert questions() == few <= 11


# ── Base amounts ───────────────────────────────────────────────────────────


def test_the_governments_amounts_are_there_from_the_start(client: Client, make: Make, officer: User) -> None:
    rows = client.sign_in(officer).page("/entitlements/bases").rows()

    assert [(row["Áp dụng từ ngày"], row["Mức (đồng/tháng)"]) for row in rows] == [
        ("01/07/2024", "500.000"),
        ("01/07/2021", "360.000"),
    ]


def test_a_higher_amount_of_the_province_holds_in_this_commune_only(client: Client, make: Make, officer: User) -> None:
    there = make.user("officer", commune=make.commune("xã Bên"))
    browser = client.sign_in(officer)
    form = browser.page("/entitlements/bases/new").form()

    page = browser.send("/entitlements/bases/new", {**form, "starts_on": "1/1/2026", "amount": "650.000"})

    assert "650.000" in page.text
    assert bases.in_force(officer, date(2025, 12, 31)) == 500_000
    assert bases.in_force(officer, date(2026, 1, 1)) == 650_000
    assert bases.in_force(there, date(2026, 1, 1)) == 500_000


def test_the_same_day_twice_or_no_sum_of_money_is_refused(client: Client, make: Make, officer: User) -> None:
    make.save(AllowanceBase(commune_id=officer.commune_id, starts_on=date(2026, 1, 1), amount=650_000))
    browser = client.sign_in(officer)
    form = browser.page("/entitlements/bases/new").form()

    page = browser.send("/entitlements/bases/new", {**form, "starts_on": "1/1/2026", "amount": "5"})

    assert page.status == 422
    assert page.errors().keys() == {"starts_on", "amount"}


def test_an_amount_of_ones_own_is_corrected_and_taken_away(client: Client, make: Make, officer: User) -> None:
    base = make.save(AllowanceBase(commune_id=officer.commune_id, starts_on=date(2026, 1, 1), amount=650_000))
    browser = client.sign_in(officer)
    form = browser.page(f"/entitlements/bases/{base.id}").form()

    browser.send(f"/entitlements/bases/{base.id}", {**form, "amount": "700000"})
    assert bases.in_force(officer, date(2026, 1, 1)) == 700_000

    browser.send(f"/entitlements/bases/{base.id}/remove", {"form_key": "khoa-bo-muc"})
    assert bases.in_force(officer, date(2026, 1, 1)) == 500_000


def test_the_governments_and_other_communes_amounts_are_not_changed(client: Client, make: Make, officer: User) -> None:
    general = db.session.scalars(bases.known(officer)).first()
    foreign = make.save(AllowanceBase(commune_id=make.commune("xã Bên").id, starts_on=date(2026, 1, 1), amount=650_000))
    browser = client.sign_in(officer)

    for base in (general, foreign):
        assert browser.get(f"/entitlements/bases/{base.id}").status_code == 404
        assert browser.post(f"/entitlements/bases/{base.id}/remove").status_code == 404


# ── Difficult areas, and from 16 on ────────────────────────────────────────


def test_a_village_is_marked_with_dates_on_its_page_and_khoan_7_follows(
    client: Client, make: Make, officer: User
) -> None:
    village = make.village("Bản Xa")
    household = make.household("Lò Văn Đá", village)
    make.save(HouseholdStatus(household=household, year=clock.today().year, status=Poverty.POOR))
    make.child("Lò Thị Bé", village, born=years_ago(1), household=household, **CARD)
    make.child("Lò Thị Khác", make.village(), born=years_ago(1), household=household, **CARD)
    browser = client.sign_in(officer)
    address = f"/settings/villages/{village.id}"
    today = clock.today()
    assert lines_of(officer, right=lists.Right.K7) == []

    page = browser.send(address, {**browser.page(address).form(), "difficult_from": "1/1/2024"})

    assert "Vùng đặc biệt khó khăn" in page.text
    assert lines_of(officer, right=lists.Right.K7) == [("Lò Thị Bé", "k7", "to_apply")]
    browser.send(address, {**browser.page(address).form(), "difficult_to": f"{today:%d/%m/%Y}"})
    assert lines_of(officer, right=lists.Right.K7) == []


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"difficult_from": "2/1/2024", "difficult_to": "1/1/2024"}, "difficult_to"),
        ({"difficult_to": "1/1/2024"}, "difficult_from"),
        ({"difficult_from": "năm ngoái"}, "difficult_from"),
    ],
)
def test_dates_of_a_difficult_area_are_checked(
    client: Client, make: Make, officer: User, sent: dict[str, str], field: str
) -> None:
    address = f"/settings/villages/{make.village().id}"
    browser = client.sign_in(officer)

    page = browser.send(address, {**browser.page(address).form(), **sent})

    assert page.status == 422
    assert field in page.errors()


def grown(make: Make, name: str, years: int = 17, **values: object) -> Child:
    """Somebody no longer a child."""
    return make.child(name, born=years_ago(years), schooling=Schooling.HIGHER, **values)


def test_who_still_receives_from_16_on_is_found_and_is_no_child(client: Client, make: Make, officer: User) -> None:
    receiving, entitled = grown(make, "Bùi Thị Hưởng"), grown(make, "Bùi Thị Tiếp", 20)
    grown(make, "Bùi Thị Thôi", 20)
    over = grown(make, "Bùi Thị Quá", 22)
    allow(make, receiving, AllowanceBasis.K2, coefficient=Decimal("1.5"))
    allow(make, receiving, AllowanceBasis.K1, started_on=date(2012, 1, 1), ended_on=clock.today())
    sixteenth = ages.birthday(entitled.born_on, 16)
    allow(make, entitled, started_on=date(2012, 1, 1), ended_on=sixteenth)
    allow(make, over, AllowanceBasis.K2, started_on=date(2018, 1, 1))

    page = client.sign_in(officer).page("/entitlements/?age=grown")

    assert [(row["Họ và tên"], row["Tình trạng"]) for row in page.rows(1)] == [
        ("Bùi Thị Hưởng Đã đủ 16 tuổi", "Đang nhận"),
        ("Bùi Thị Quá Đã đủ 16 tuổi", "Đang nhận, có thể không còn đủ điều kiện"),
        ("Bùi Thị Tiếp Đã đủ 16 tuổi", "Được hưởng, chưa nhận"),
    ]
    assert "0 dòng" in client.page("/entitlements/?age=child").text
    assert register.count_children(officer) == 0


@pytest.mark.parametrize(("days", "is_told"), [(0, True), (-1, False)])
def test_khoan_2_asks_that_khoan_1_was_received_on_the_16th_birthday(
    make: Make, officer: User, days: int, is_told: bool
) -> None:
    child = grown(make, "Bùi Thị Tiếp", 18)
    ended = ages.birthday(child.born_on, 16) + timedelta(days=days)
    allow(make, child, started_on=date(2012, 1, 1), ended_on=ended)

    assert bool(lines_of(officer, right=lists.Right.K2)) is is_told


def test_an_allowance_ends_with_a_reason(client: Client, make: Make, officer: User) -> None:
    allowance = allow(make, orphan(make))
    address = f"/children/allowances/{allowance.id}"
    browser = client.sign_in(officer)
    form = {**browser.page(address).form(), "decision_number": "5/QĐ", "decided_on": "20/12/2024"}

    assert browser.send(address, {**form, "ended_on": "1/6/2025"}).errors().keys() == {"end_reason"}
    assert browser.send(address, {**form, "end_reason": "age"}).errors().keys() == {"ended_on"}
    too_early = browser.send(address, {**form, "ended_on": "1/6/2024", "end_reason": "age"})
    assert too_early.errors().keys() == {"ended_on"}
    page = browser.send(address, {**form, "ended_on": "1/6/2025", "end_reason": "not_learning"})

    assert "thôi học, học xong" in page.text
    assert "5/QĐ" in page.text
