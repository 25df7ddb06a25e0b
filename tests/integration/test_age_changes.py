"""Changes of age: which, on which day, what to do; on the list, the child's page and the work list, all the same."""

from datetime import date, timedelta

import pytest
from flask import current_app

from app import clock, worklist
from app.entitlements import ages, lists
from app.entitlements.lists import Filters
from models import (
    AllowanceBasis,
    Child,
    Disability,
    DisabilitySeverity,
    HouseholdStatus,
    PartialDate,
    Poverty,
    Precision,
    Schooling,
    User,
    db,
)
from tests.integration.test_entitlements import CARD, allow, officer, orphan, with_hiv
from tests.make import Make
from tests.page import Client

__all__ = ["officer"]


def turning(child: Child, years: int, days: int = 10) -> date:
    """Let a child reach an age in so many days; give the day."""
    on = clock.today() + timedelta(days=days)
    child.birth = PartialDate(clock.years_before(on, years))
    db.session.commit()
    return on


def tasks(user: User) -> dict[str, tuple[int, str]]:
    with current_app.test_request_context():
        return {task.code: (task.count, task.address) for task in worklist.tasks(user)}


def told(client: Client, query: str = "") -> list[tuple[str, str, str]]:
    page = client.page(f"/entitlements/changes{query}")
    rows = page.rows() if page.soup.select("main table") else []
    return [(row["Ngày"], row["Mốc tuổi"], row["Việc cần làm"]) for row in rows]


def difficult(make: Make) -> Child:
    village = make.village("Bản Xa", difficult_from=date(2021, 1, 1))
    household = make.household("Lò Văn Đá", village)
    make.save(HouseholdStatus(household=household, year=clock.today().year, status=Poverty.POOR))
    return make.child("Lò Thị Bé", village, household=household, **CARD)


def disabled(make: Make) -> Child:
    child = make.child("Đỗ Văn Lá", schooling=Schooling.KINDERGARTEN, **CARD)
    make.save(
        Disability(
            commune_id=child.commune_id, child_id=child.id, severity=DisabilitySeverity.SEVERE,
            certificate_number="5", certified_on=date(2023, 1, 1),
        )
    )  # fmt: skip
    return child


def learning(make: Make) -> Child:
    child = make.child("Bùi Thị Tiếp", schooling=Schooling.HIGHER)
    allow(make, child, AllowanceBasis.K1, started_on=date(2010, 1, 1), ended_on=None)
    return child


@pytest.mark.parametrize(
    ("makes", "years", "label", "to_do"),
    [
        (difficult, 3, "Đủ 3 tuổi", "Thôi trợ cấp khoản 7"),
        (lambda make: orphan(make, **CARD), 4, "Đủ 4 tuổi", "từ 2,5 thành 1,5"),
        (disabled, 6, "Đủ 6 tuổi", "Cấp lại giấy xác nhận khuyết tật"),
        (lambda make: make.child("Hoàng Văn Bé", **CARD), 6, "Đủ 6 tuổi", "Vào lớp một"),
        (lambda make: orphan(make, **CARD), 16, "Đủ 16 tuổi", "Hết quyền hưởng trợ cấp dành cho trẻ em"),
        (learning, 16, "Đủ 16 tuổi", "chuyển sang khoản 2"),
        (learning, 22, "Đủ 22 tuổi", "Thôi trợ cấp khoản 2"),
    ],
)
def test_a_change_is_told_with_its_day_and_what_to_do_everywhere(
    client: Client, make: Make, officer: User, makes: object, years: int, label: str, to_do: str
) -> None:
    child = makes(make)
    on = turning(child, years)
    client.sign_in(officer)

    (change,) = [one for one in told(client) if one[1] == label]

    assert change[0] == f"{on:%d/%m/%Y}"
    assert to_do in change[2]
    for page in (f"/children/{child.id}", f"/entitlements/children/{child.id}"):
        assert f"{on:%d/%m/%Y} · {label}: {change[2]}" in client.page(page).text
    count, address = tasks(officer)["ages"]
    assert count == len(told(client)) == len(client.page(address).rows())


def test_the_card_of_a_child_under_6_ends(client: Client, make: Make, officer: User) -> None:
    child = make.child("Hoàng Văn Bé", born=clock.years_before(clock.today(), 6) + timedelta(days=1), **CARD)
    ends = ages.card_ends(child.birth)

    page = client.sign_in(officer).page("/entitlements/changes?months=12&turning=72m")

    assert [(row["Ngày"], row["Căn cứ"]) for row in page.rows()] == [(f"{ends:%d/%m/%Y}", "Luật Bảo hiểm y tế Đ16.3")]


@pytest.mark.parametrize(("days", "is_told"), [(0, True), (60, True), (61, False), (-1, False)])
def test_notice_is_given_sixty_days_ahead(make: Make, officer: User, days: int, is_told: bool) -> None:
    turning(orphan(make, **CARD), 4, days)

    assert ("ages" in tasks(officer)) is is_told


def test_the_commune_sets_how_long_ahead(client: Client, make: Make, officer: User) -> None:
    turning(orphan(make, **CARD), 4, 61)
    browser = client.sign_in(officer)
    form = browser.page("/settings/commune").form()
    assert form["age_notice_days"] == "60"

    assert browser.send("/settings/commune", {**form, "age_notice_days": "0"}).errors().keys() == {"age_notice_days"}
    assert "ages" not in tasks(officer)
    browser.send("/settings/commune", {**form, "age_notice_days": "61"})

    assert tasks(officer)["ages"][0] == 1
    assert len(told(browser)) == 1


def test_the_work_list_counts_anew_after_a_change(make: Make, officer: User) -> None:
    child = orphan(make, **CARD)
    turning(child, 4)
    assert tasks(officer)["ages"][0] == 1

    child.left_on = clock.today()
    db.session.commit()

    assert "ages" not in tasks(officer)


def test_the_list_of_rights_is_narrowed_to_a_change_and_tells_it(client: Client, make: Make, officer: User) -> None:
    on = turning(orphan(make, "Bùi Thị Bốn", **CARD), 4)
    orphan(make, "Bùi Thị Mười")

    page = client.sign_in(officer).page("/entitlements/?right=k1&turning=4")

    (row,) = page.rows(1)
    assert row["Họ và tên"] == "Bùi Thị Bốn"
    assert f"{on:%d/%m/%Y} Đủ 4 tuổi" in row["Còn thiếu, cần xem"]


def test_a_birth_date_known_to_the_month_is_told_as_near(client: Client, make: Make, officer: User) -> None:
    child = orphan(make, **CARD)
    soon = clock.today() + timedelta(days=10)
    child.birth = PartialDate(clock.years_before(soon, 4), Precision.ESTIMATED)
    db.session.commit()

    page = client.sign_in(officer).page("/entitlements/changes?months=12&turning=4")

    assert "ngày sinh chưa đủ" in page.text


def test_what_tells_of_hiv_is_on_no_paper(client: Client, make: Make, officer: User) -> None:
    child = with_hiv(make)
    turning(child, 4)
    client.sign_in(officer)

    assert "khoản 3" not in client.page(f"/children/{child.id}").text  # read apart
    for address in ("/entitlements/changes", f"/entitlements/children/{child.id}"):
        told = [one for one in client.page(address).soup.select("tr, li") if "khoản 3" in one.get_text()]
        assert told, address
        assert all("no-print" in one["class"] for one in told), address


@pytest.mark.parametrize("role", ["collaborator", "viewer", "administrator"])
def test_others_are_told_of_no_change(client: Client, make: Make, role: str) -> None:
    child = orphan(make, **CARD)
    turning(child, 4)
    user = make.user(role, village=child.village)

    assert "ages" not in tasks(user)
    if role == "collaborator":
        assert "Sắp đổi theo tuổi" not in client.sign_in(user).page(f"/children/{child.id}").text


def test_the_childs_page_and_the_list_read_the_same_facts(make: Make, officer: User) -> None:
    from app.entitlements.people import facts_of_record, find_person

    today = clock.today()
    for child in (difficult(make), disabled(make), learning(make), orphan(make), with_hiv(make)):
        make.circumstance(child, "a.1", confirmed=False)
        make.circumstance(child, "b.1", ended_on=today)
        allow(make, child, AllowanceBasis.K6, ended_on=today)
        db.session.expire_all()
        read = facts_of_record(child, child.circumstances, child.disabilities, child.allowances, today)
        known = find_person(officer, child, today).facts

        assert read.__dict__ | {"father": None, "mother": None} == known.__dict__ | {"father": None, "mother": None}
        assert read.parents == known.parents


def test_the_counts_of_the_page_are_its_lines(make: Make, officer: User) -> None:
    for years in (4, 16):
        turning(orphan(make, **CARD), years)
    found = lists.coming(officer, Filters(), clock.today())

    counted = lists.turnings(found)

    assert (counted[None], counted[ages.Turning.FOUR], counted[ages.Turning.SIXTEEN]) == (2, 1, 1)


def test_the_number_kept_for_one_role_is_not_told_to_another(make: Make, officer: User) -> None:
    turning(with_hiv(make), 4)
    leader = make.user("leader")

    counted = {}
    for user in (officer, leader):
        with current_app.test_request_context():
            counted[user.id] = lists.count_coming(user)
            assert counted[user.id] == len(lists.coming(user, Filters(), clock.today()))

    assert counted[officer.id] > counted[leader.id]
