"""The workbooks of entitlements: what the page, its list and the workbook tell agree, and HIV is in none of them."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from app import clock, indicators
from app.entitlements import ages, lists
from app.entitlements.lists import Filters
from app.entitlements.rules import Standing
from app.workbooks import Variant
from models import AllowanceBasis, Child, Schooling, User
from tests.integration.test_entitlements import allow, officer, orphan, with_hiv, years_ago
from tests.integration.test_workbooks import YEAR, made, rows, words
from tests.make import Make
from tests.page import Client

__all__ = ["officer"]


def commune(make: Make) -> dict[str, Child]:
    """Children of every standing in two villages, one of them with HIV in a poor household."""
    east, west = make.village("Thôn Đông"), make.village("Thôn Tây")
    found = {
        "entitled": orphan(make, "Bùi Thị Chưa", east),
        "receiving": orphan(make, "Bùi Thị Đang", west),
        "doubtful": make.child("Đỗ Văn Ngờ", west, born=years_ago(9)),
        "hiv": with_hiv(make, east),
        "baby": make.child("Hoàng Văn Bé", west, born=years_ago(1)),
    }
    allow(make, found["receiving"], coefficient=Decimal("1.5"), monthly_amount=750_000, decision_number="12/QĐ")
    allow(make, found["doubtful"], AllowanceBasis.K6, monthly_amount=1_000_000)
    return found


def test_page_printed_list_and_workbook_agree(client: Client, make: Make, officer: User) -> None:
    children = commune(make)
    browser = client.sign_in(officer)

    printed = browser.page("/entitlements/print").rows()
    listed = rows(made(make.home, "entitlement-gaps", Variant.NAMED)["Cần xem"])
    totals = rows(made(make.home, "entitlement-gaps")["Số liệu"])
    on_page = browser.page("/entitlements/").rows(0)

    receiving = Counter(row["Tình trạng"] for row in printed)["Đang nhận"]
    assert receiving == 1
    assert sorted((row["Họ và tên"], row["Căn cứ"]) for row in listed) == sorted(
        (row["Họ và tên"], row["Căn cứ"]) for row in printed if row["Tình trạng"] != "Đang nhận"
    )
    assert totals[-1]["Được hưởng, chưa nhận"] == int(on_page[-1]["Được hưởng, chưa nhận"]) - 1  # the one with HIV
    assert sum(totals[-1][standing] for standing in list(totals[-1])[1:]) == len(printed)
    assert children["hiv"].code not in words(made(make.home, "entitlement-gaps"))


def test_the_gap_of_an_orphan_is_told_with_article_amount_and_what_is_missing(make: Make) -> None:
    child = commune(make)["entitled"]

    (row,) = [
        row
        for row in rows(made(make.home, "entitlement-gaps")["Cần xem"])
        if row["Mã trẻ em"] == child.code and "Đ5.1" in row["Căn cứ"]
    ]

    assert row["Căn cứ"] == "NĐ 20/2021/NĐ-CP Đ5.1.b"
    assert row["Tình trạng"] == "Được hưởng, chưa nhận"
    assert (row["Hệ số theo quy định"], row["Mức theo quy định (đồng/tháng)"]) == (1.5, 750_000)
    assert row["Còn thiếu"] == "Số định danh cá nhân"
    assert "Họ và tên" not in row


def test_allowances_are_those_the_page_says_are_received(make: Make, officer: User) -> None:
    children = commune(make)
    allow(make, children["hiv"], AllowanceBasis.K3, monthly_amount=1_000_000)
    on_page = [
        line.entitlement.received.id
        for line in lists.lines(officer, Filters(), clock.today())
        if line.entitlement.received is not None and not line.is_secret
    ]

    book = made(make.home, "allowances")
    listed, summed = rows(book["Đang nhận"]), rows(book["Cộng theo khoản"])

    assert len(listed) == len(on_page) == 2
    assert {row["Mã trẻ em"] for row in listed} == {children["receiving"].code, children["doubtful"].code}
    assert next(row for row in listed if row["Số quyết định"])["Số quyết định"] == "12/QĐ"
    assert [(row["Số trợ cấp"], row["Một tháng (đồng)"]) for row in summed] == [
        (1, 750_000),
        (1, 1_000_000),
        (2, 1_750_000),
    ]
    assert "HIV" not in words(book).replace("(NĐ 20/2021 Đ8)", "")
    assert children["hiv"].code not in words(book)


def test_what_hiv_settled_is_on_no_paper_even_under_another_paragraph(
    client: Client, make: Make, officer: User
) -> None:
    child = with_hiv(make)
    make.circumstance(child, "d.1")
    allow(make, child, AllowanceBasis.K3, monthly_amount=1_000_000)

    printed = client.sign_in(officer).page("/entitlements/print").text
    page = client.page("/entitlements/?right=k6")

    assert "Khoản 3" in page.rows(1)[0]["Đang nhận"]
    assert page.soup.select_one("tr.no-print")
    assert "Khoản 3" not in printed
    for variant in (Variant.CODED, Variant.NAMED):
        told = rows(made(make.home, "entitlement-gaps", variant)["Cần xem"])
        assert {row["Quyền lợi"] for row in told} <= {"Hỗ trợ người nhận chăm sóc, nuôi dưỡng"}


def test_page_print_and_workbook_add_up_to_the_same_money(client: Client, make: Make, officer: User) -> None:
    children = commune(make)
    allow(make, children["receiving"], AllowanceBasis.CARER, monthly_amount=250_000)
    allow(make, children["hiv"], AllowanceBasis.K3, monthly_amount=1_000_000)
    browser = client.sign_in(officer)

    summed = rows(made(make.home, "allowances")["Cộng theo khoản"])[-1]["Một tháng (đồng)"]

    assert summed == 2_000_000
    assert "Đang nhận cộng 2.000.000 đồng/tháng" in browser.page("/entitlements/print").text
    assert "đang nhận cộng 3.000.000 đồng/tháng" in browser.page("/entitlements/").text  # with the one of khoản 3


def test_an_allowance_that_ended_or_has_not_begun_is_not_listed(make: Make) -> None:
    today = clock.today()
    allow(make, orphan(make), ended_on=today)
    allow(make, orphan(make), started_on=today + timedelta(days=1))

    assert rows(made(make.home, "allowances")["Đang nhận"]) == []


def test_a_workbook_of_one_village_holds_that_village(make: Make) -> None:
    children = commune(make)
    east = children["entitled"].village

    for code, sheet in (("entitlement-gaps", "Cần xem"), ("allowances", "Đang nhận")):
        told = {row["Thôn"] for row in rows(made(make.home, code, village=east)[sheet])}
        assert told <= {"Thôn Đông"}, code


def test_the_public_hears_no_small_number(make: Make) -> None:
    commune(make)

    for code in ("entitlement-gaps", "allowances"):
        book = made(make.home, code, Variant.PUBLIC)
        assert not {row["TỔNG XÃ"] for row in rows(book["Số liệu"])} & set(range(1, 10))
        assert "HIV" not in words(book)


# ── Month by month ─────────────────────────────────────────────────────────


def test_list_months_and_figures_agree(make: Make) -> None:
    children = commune(make)
    this_year = YEAR.first.year
    ended = date(this_year, 3, 1)
    gone = orphan(make, "Bùi Thị Đi", children["entitled"].village)
    allow(
        make, gone, monthly_amount=750_000, started_on=date(this_year - 1, 5, 10), ended_on=ended, end_reason="moved",
        decided_on=date(this_year - 1, 5, 2),
    )  # fmt: skip
    gone.left_on = ended
    allow(make, children["hiv"], AllowanceBasis.K3, monthly_amount=1_000_000)
    months = clock.today().month

    book = made(make.home, "allowances")
    listed, summed = rows(book["Đã nhận trong kỳ"]), rows(book["Cộng theo tháng"])
    figures = {line.indicator.code: line for line in indicators.figures(make.home, YEAR, clock.today())}

    of_gone = next(row for row in listed if row["Mã trẻ em"] == gone.code)
    assert (of_gone["Số tháng trong kỳ"], of_gone["Cộng trong kỳ (đồng)"]) == (min(months, 2), 750_000 * min(months, 2))
    assert of_gone["Lý do thôi hưởng"] == "Chuyển nơi cư trú"
    assert len(summed) == months + 1
    assert summed[-1]["Số tiền (đồng)"] == sum(row["Cộng trong kỳ (đồng)"] for row in listed)
    assert summed[-1]["Số tiền (đồng)"] == sum(row["Số tiền (đồng)"] for row in summed[:-1])
    assert summed[-1]["Lượt chi trả"] == sum(row["Số tháng trong kỳ"] for row in listed)
    assert summed[-1]["Lượt chi trả"] == sum(figures["31"].by_village.values())
    assert figures["31"].undivided == months  # the one of khoản 3, told of no village
    assert children["hiv"].code not in words(book)


def test_entitled_and_receiving_are_counted_as_the_page_tells_them(make: Make, officer: User) -> None:
    children = commune(make)
    found = lists.lines(officer, Filters(), clock.today())
    to_apply = {
        line.child.id for line in found if line.entitlement.standing is Standing.TO_APPLY and line.entitlement.amount
    }

    figures = {line.indicator.code: line for line in indicators.figures(make.home, YEAR, clock.today())}

    assert to_apply == {children["entitled"].id, children["hiv"].id}
    assert [figures[code].total for code in ("30", "30.1", "30.2")] == [3, 1, 2]
    assert sum(figures["30"].by_village.values()) == 2
    assert figures["30.2"].undivided == 1


def test_who_goes_on_by_khoan_2_is_counted_apart(make: Make) -> None:
    child = make.child("Bùi Thị Lớn", born=years_ago(17), schooling=Schooling.VOCATIONAL)
    allow(make, child, started_on=date(2012, 1, 1), ended_on=ages.birthday(child.born_on, 16))
    allow(make, child, AllowanceBasis.K2)

    figures = {line.indicator.code: line.total for line in indicators.figures(make.home, YEAR, clock.today())}

    assert (figures["30"], figures["30.3"], figures["1"]) == (0, 1, 0)
