"""Each role's task by keyboard alone: every stop is seen, none traps, and what opens gives the focus back."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OFFICE, PHONE, House, Visit

#: What has the focus: whether it stands out, lies in the window above the bar of a phone, and differs from the stop before.
FOCUSED = """() => {
  const part = document.activeElement;
  if (part === document.body) return null;
  const look = getComputedStyle(part), box = part.getBoundingClientRect(), bar = document.querySelector(".tabs");
  const floor = bar && bar.offsetHeight && !bar.contains(part) ? bar.getBoundingClientRect().top : innerHeight;
  const moved = part !== window.stopBefore;
  window.stopBefore = part;
  return {
    name: `${part.tagName} ${part.id || part.name || part.textContent.trim().slice(0, 40)}`, moved,
    ringed: look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2,
    seen: box.width > 0 && box.bottom > 0 && box.top < floor && box.right > 0 && box.left < innerWidth,
  };
}"""
#: More stops than any page has before its button; a walk that takes longer goes in circles.
MOST_STOPS = 120
SEND = "main form button[type=submit]"


def stop(page: Page) -> str | None:
    """Press Tab once; the name of what has the focus then, which must be seen without waiting for the page to glide there."""
    page.emulate_media(reduced_motion="reduce")
    page.keyboard.press("Tab")
    found = page.evaluate(FOCUSED)
    if found is None:
        return None
    wrong = {what for what in ("moved", "ringed", "seen") if not found[what]}
    assert not wrong, f"{page.url}: {found['name']} is not {wrong}"
    return str(found["name"])


def tab_to(page: Page, target: str) -> None:
    """Press Tab until the first part that fits has the focus."""
    passed = []
    for _number in range(MOST_STOPS):
        passed.append(stop(page))
        if page.evaluate("(target) => document.activeElement.matches(target)", target):
            return
    raise AssertionError(f"{target} is not reached from {page.url}: {passed}")


def skip(page: Page) -> None:
    """Into the page's own part by the first stop of all."""
    stop(page)
    expect(page.locator(":focus")).to_have_class("skip-link")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def fill(page: Page, **texts: str) -> None:
    """Type into the boxes of these names, in this order."""
    for name, text in texts.items():
        tab_to(page, f"[name={name}]")
        page.keyboard.type(text)


def send(page: Page, button: str = SEND) -> None:
    """Press the page's button and wait for the answer."""
    tab_to(page, button)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def report(page: Page) -> None:
    """A concern about somebody unknown, on three screens."""
    page.goto("/cases/concerns/new")
    skip(page)
    fill(page, child_name="Bé gái cạnh chợ")
    send(page, "form:has([name=child_name]) button[type=submit]")
    fill(page, happened="Trẻ khóc nhiều đêm.", place="Cạnh đình làng")
    send(page)
    send(page)
    expect(page.get_by_role("main")).to_contain_text("Đã gửi")


def add_child(page: Page, name: str) -> None:
    """A child, as on paper from top to bottom."""
    page.goto("/children/add")
    skip(page)
    fill(page, full_name=name)
    tab_to(page, "[name=sex]")
    page.keyboard.press("Space")
    fill(page, born_on="05062019")
    tab_to(page, "[name=village_id], #village_id")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=birth_registration]")
    page.keyboard.press("Space")
    send(page)
    expect(page.get_by_role("main")).to_contain_text(name)


def test_a_collaborator_walks_her_tasks_by_keyboard(visit: Visit, house: House) -> None:
    page = visit("collaborator", PHONE)
    tab_to(page, ".menu-button")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_attribute("aria-expanded", "true")
    tab_to(page, "#menu a")
    page.keyboard.press("Enter")
    add_child(page, "Đặng Thị Ưỡng")
    report(page)
    page.goto(f"/services/new?child={house.child_id}")
    skip(page)
    send(page)

    expect(page).to_have_url(re.compile(r"/children/\d+(#main)?$"))


def test_an_officer_walks_from_the_concern_to_the_first_step_by_keyboard(visit: Visit) -> None:
    page = visit("officer", OFFICE)
    add_child(page, "Nguyễn Thị Diễm Quỳnh")
    report(page)
    skip(page)
    send(page, "form[action$='open-case'] button")
    skip(page)
    send(page, "a[href$='/initial-assessment/new']")
    skip(page)
    tab_to(page, "[name=risk]")
    page.keyboard.press("Space")
    send(page)

    expect(page).to_have_url(re.compile(r"/cases/\d+(#main)?$"))


def test_a_leader_decides_by_keyboard(visit: Visit, house: House) -> None:
    page = visit("leader", OFFICE)
    page.goto(f"/cases/{house.waiting_case_id}")
    skip(page)
    send(page, "main a[href$='/decision']")
    skip(page)
    tab_to(page, "[name=decision]")
    page.keyboard.press("Space")
    send(page)

    expect(page.get_by_role("main")).to_contain_text("Đã ghi quyết định")


def test_an_administrator_adds_a_person_by_keyboard(visit: Visit) -> None:
    page = visit("administrator", OFFICE)
    page.goto("/settings/people")
    skip(page)
    send(page, "a[href$='/people/new']")
    skip(page)
    fill(page, full_name="Hoàng Thị Ngãi", username="ngai")
    tab_to(page, "[name=roles][value=viewer]")
    page.keyboard.press("Space")
    send(page)

    expect(page.get_by_role("main")).to_contain_text("ngai")
