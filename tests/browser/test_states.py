"""Pages in the states a crawl does not meet: forms with errors, long names, open lists, English, dark with high contrast,
and a window of 1280 × 1024 at 400 %."""

import pytest

from tests.browser.conftest import PHONE, House, Visit
from tests.browser.test_pages import NARROWEST, TOO_WIDE, violations
from tests.browser.test_walks import stop

FORMS = {
    "collaborator": ["/children/add", "/households/{household_id}/edit"],
    "officer": [
        "/cases/{case_id}/initial-assessment/new",
        "/cases/{case_id}/plan/new",
        "/services/new?child={child_id}",
    ],
    "administrator": ["/settings/people/new"],
}
LONG = "Nguyễn Hoàng Phương Thuỳ Dương Ưỡng Nghiễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễng"


@pytest.mark.parametrize("role", FORMS)
def test_forms_with_errors_are_accessible_dark_in_high_contrast_and_narrow(
    visit: Visit, house: House, role: str
) -> None:
    page = visit(role, PHONE, dark=True)
    page.emulate_media(contrast="more")
    wrong: dict[str, list[str]] = {}
    for path in FORMS[role]:
        page.goto(path.format(**vars(house)))
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_load_state()
        found = violations(page)
        page.set_viewport_size(NARROWEST)
        found += [f"wider than the window: {part}" for part in page.evaluate(TOO_WIDE)]
        page.set_viewport_size(PHONE)
        if found:
            wrong[path] = found

    assert wrong == {}


def test_long_names_open_lists_and_english_fit_a_narrow_window(visit: Visit, house: House) -> None:
    page = visit("officer", NARROWEST)
    page.goto("/account")
    page.get_by_label("English").check()
    page.locator("main form:has([name=language]) button[type=submit]").first.click()
    page.wait_for_load_state()
    page.goto(f"/children/{house.child_id}/edit", wait_until="networkidle")
    page.locator("#full_name").fill(LONG)
    page.locator("[role=combobox]").first.click()
    open_list = violations(page)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()
    found = {"open list": open_list, "child": violations(page) + page.evaluate(TOO_WIDE)}
    page.locator(".menu-button").click()
    found["menu"] = violations(page)
    for path in ("/children/", "/review/", "/cases/", "/"):
        page.goto(path)
        found[path] = violations(page) + page.evaluate(TOO_WIDE)
    page.goto("/account")
    page.get_by_label("Tiếng Việt").check()
    page.locator("main form:has([name=language]) button[type=submit]").first.click()

    assert {path: wrong for path, wrong in found.items() if wrong} == {}


#: 1280 × 1024 at 400 % (WCAG 2.2, 1.4.4 and 1.4.10).
MAGNIFIED = {"width": 320, "height": 256}
#: Parts that stay over the page while it moves, and take more than a quarter of the window.
COVERS = """() => [...document.querySelectorAll("body *")].filter((part) =>
  ["fixed", "sticky"].includes(getComputedStyle(part).position) && part.offsetHeight > innerHeight / 4 &&
  part.getBoundingClientRect().width > innerWidth / 2).map((part) => part.tagName + "." + part.className)"""
READ_CLOSE = {
    "collaborator": ["/", "/children/", "/children/add", "/cases/concerns/new", "/services/new?child={child_id}"],
    "officer": ["/cases/", "/cases/{case_id}", "/review/", "/children/{child_id}/edit", "/dashboard/"],
}


@pytest.mark.parametrize("role", READ_CLOSE)
def test_at_four_hundred_percent_every_stop_is_seen_and_nothing_covers_the_page(
    visit: Visit, house: House, role: str
) -> None:
    page = visit(role, MAGNIFIED)
    for path in READ_CLOSE[role]:
        page.goto(path.format(**vars(house)))

        assert page.evaluate(TOO_WIDE) == [], path
        assert page.evaluate(COVERS) == [], path
        for _number in range(30):  # `stop` fails when the focus is out of sight
            if stop(page) is None:
                break


def test_one_page_of_the_menu_stands_out_in_a_contrast_theme(visit: Visit) -> None:
    page = visit("officer", PHONE)
    page.emulate_media(forced_colors="active")
    page.goto("/cases/concerns")
    edges = page.locator(".submenu a").evaluate_all("all => all.map(one => getComputedStyle(one).borderBottomColor)")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert sum(edge != paper for edge in edges) == 1


def test_the_search_box_takes_a_phones_whole_row(visit: Visit) -> None:
    page = visit("collaborator", PHONE)
    page.goto("/children/")
    box, row = page.locator("[type=search]").bounding_box(), page.locator("form.toolbar").bounding_box()

    assert box is not None
    assert row is not None
    assert box["width"] == row["width"]


def test_the_calendar_one_leaves_to_fits_a_narrow_window(visit: Visit) -> None:
    page = visit(None, NARROWEST)
    page.goto("/calendar")

    assert page.evaluate(TOO_WIDE) == []


def test_a_button_that_sends_fills_its_row_on_a_phone(visit: Visit) -> None:
    page = visit("officer", PHONE)
    page.goto("/settings/calendar")
    button, row = page.locator(".toolbar form .btn").bounding_box(), page.locator(".toolbar").bounding_box()

    assert button is not None
    assert row is not None
    assert button["width"] == row["width"]
