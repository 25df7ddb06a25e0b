"""Pages on paper: columns wide enough to read, one page where one is promised, nothing that only a screen can do."""

import re

import pytest

from tests.browser.conftest import House, Visit

#: What A4 across leaves between its margins, and down, in CSS pixels.
ACROSS, DOWN = {"width": 1009, "height": 680}, {"width": 680, "height": 1009}
#: A4 across, in points.
A4_ACROSS = [842, 595]
PAGE = re.compile(rb"/Type\s*/Page\b")
SIZE = re.compile(rb"/MediaBox\s*\[0 0 (\S+) (\S+)\]")


def test_the_sheet_of_a_village_is_one_page(visit: Visit, house: House) -> None:
    page = visit("officer")
    page.goto(f"/villages/{house.village_id}")

    assert len(PAGE.findall(page.pdf(prefer_css_page_size=True))) == 1


@pytest.mark.parametrize("path", ["/figures/", "/entitlements/print"])
def test_wide_tables_lie_across(visit: Visit, path: str) -> None:
    page = visit("officer")
    page.goto(path)
    size = SIZE.search(page.pdf(prefer_css_page_size=True))

    assert size is not None
    assert [round(float(side)) for side in size.groups()] == A4_ACROSS


def test_an_indicator_has_the_room_that_its_figures_leave(visit: Visit) -> None:
    page = visit("officer", ACROSS)
    page.emulate_media(media="print")
    page.goto("/figures/")

    assert page.locator("table.matrix tbody th").first.evaluate("one => one.offsetWidth") >= 240
    assert page.evaluate("document.documentElement.scrollWidth") <= ACROSS["width"]


def test_a_childs_page_on_paper_tells_what_is_and_not_what_can_be_done(visit: Visit, house: House) -> None:
    page = visit("officer", DOWN)
    page.emulate_media(media="print")
    page.goto(f"/children/{house.child_id}")
    shown = page.get_by_role("main").inner_text()

    assert "Hoàn cảnh đặc biệt và nguy cơ" in shown
    assert not re.search(r"^(Thêm|Sửa) |· Sửa$", shown, re.MULTILINE)
