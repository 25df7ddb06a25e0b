"""What a task costs its user: taps or keys beside typing (Tab among them), fields filled, and what the program itself takes.

    python -m benchmarks.tasks

A made-up commune behind waitress on this machine, Chromium, no slowing. The seconds are the program's share only:
pages answering and being shown, with words put in at once. How long somebody reads, thinks and types is not in them.
"""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Page

from models import PlanDecision
from tests.browser import made_up
from tests.browser.conftest import OFFICE, PHONE

#: A child's name in the list.
CHILD = "main table.list tbody th a[href^='/children/']"


def one_of(path: str) -> re.Pattern[str]:
    """The address of one record below a path."""
    return re.compile(rf"{path}\d+(#.*)?$")


class Count:
    """Does what a user does, and counts it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = self.fields = 0

    def tap(self, selector: str) -> None:
        """Tap what is there, and wait for the page that follows, if one does."""
        self.taps += 1
        self.page.locator(selector).last.click()
        self.page.wait_for_load_state()

    def first(self, selector: str) -> None:
        """Tap the first of several, and wait for the page that follows."""
        self.taps += 1
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()

    def tick(self, selector: str) -> None:
        """Choose one of a few."""
        self.fields += 1
        self.page.locator(selector).check()

    def fill(self, selector: str, words: str) -> None:
        """Type into a field."""
        self.fields += 1
        self.page.locator(selector).first.fill(words)

    def key(self, key: str) -> None:
        """Press one key."""
        self.taps += 1
        self.page.keyboard.press(key)

    def go(self, selector: str) -> None:
        """Press Tab until the cursor is there."""
        here = self.page.locator(selector).first
        while not here.evaluate("one => one === document.activeElement"):
            self.key("Tab")


def report_a_concern(count: Count) -> None:
    """From the work page to "sent", about a child nobody knows yet."""
    count.tap("main a[href='/cases/concerns/new']")
    for _screen in range(3):
        for name, words in (("place", "Cạnh đình làng"), ("happened", "Trẻ khóc nhiều đêm, có vết bầm.")):
            if count.page.locator(f"[name={name}]").count():
                count.fill(f"[name={name}]", words)
        count.tap("main form button[type=submit]")
    count.page.get_by_text("Đã gửi").first.wait_for()


def add_a_child(count: Count) -> None:
    """The form filled and sent by keyboard with what it asks for, from the first field until the child's page shows."""
    count.page.locator("#full_name").focus()
    count.fill("#full_name", "Đỗ Thị Tính Giờ")
    count.go("[name=sex]")
    count.key("Space")
    count.go("#born_on")
    count.fill("#born_on", "05062019")
    count.go("#village_id")
    count.fill("#village_id", "thon 3")
    count.key("Enter")
    count.go("[name=birth_registration]")
    count.key("Space")
    count.key("Enter")
    count.page.wait_for_url(lambda url: url.rstrip("0123456789").endswith("/children/"))


def my_children(count: Count) -> None:
    """From the work page to one child's record."""
    count.tap(".tabs a[href='/children/']")
    count.first(CHILD)
    count.page.wait_for_url(one_of("/children/"))


def log_a_visit(count: Count) -> None:
    """A visit of today to the first child of the list, begun on the work page, until the child's page shows it."""
    my_children(count)
    count.tap("main a[href^='/services/new?child=']")
    count.tap("main form button[type=submit]")
    count.page.wait_for_url(one_of("/children/"))


def log_a_service(count: Count) -> None:
    """A thing given to a child found by name without accents, begun on the work page."""
    count.tap("main a[href='/services/new']")
    count.fill("#words", "nguyen")
    count.tap("main form[role=search] button[type=submit]")
    count.first(CHILD)
    count.tap("main a[href^='/services/new?child=']")
    count.fill("#kind", "qua")
    count.tap(".pick-list li")
    count.fill("[name=description]", "Cấp vở và cặp sách")
    count.tap("main form button[type=submit]")
    count.page.wait_for_url(one_of("/children/"))


def see_the_answers(count: Count) -> None:
    """From the work page to an answer marked as read."""
    count.tap(".tabs a[href='/review/answers']")
    unread = count.page.locator("main form[action$='/seen'] button")
    before = unread.count()
    count.first("main form[action$='/seen'] button")
    assert unread.count() == before - 1


def open_a_case(count: Count) -> None:
    """From the concerns that wait to the case made of the first."""
    count.first("main th a[href^='/cases/concerns/']")
    count.tap("main form[action$='/open-case'] button")
    count.page.wait_for_url(one_of("/cases/"))


def approve_a_plan(count: Count) -> None:
    """From the work page to the plan's approval written down."""
    count.first("main a.tile:has-text('Kế hoạch chờ phê duyệt')")
    count.first("main th a[href^='/cases/']")
    count.first("main a[href$='/decision']")
    count.tick(f"[name=decision][value={PlanDecision.APPROVED}]")
    count.tap("main form button[type=submit]")
    count.page.wait_for_url(one_of("/cases/"))


def decide_in_the_queue(count: Count) -> None:
    """A change of the review queue taken by one key, until the queue shows without it."""
    items = count.page.locator("[data-item]")
    address = items.first.locator("a").first.get_attribute("href")
    items.first.locator("a").first.focus()
    count.key("n")
    count.page.locator(f"[data-item] h2 a[href='{address}']").wait_for(state="detached")


#: (title, who, window, where it begins, what is done).
TASKS: tuple[tuple[str, str, dict[str, int], str, Callable[[Count], None]], ...] = (
    ("see my children, open one", "ctv", PHONE, "/", my_children),
    ("report a concern, child unknown", "ctv", PHONE, "/", report_a_concern),
    ("log a visit", "ctv", PHONE, "/", log_a_visit),
    ("log a service, child found by name", "ctv", PHONE, "/", log_a_service),
    ("see the answers, mark one as read", "ctv", PHONE, "/", see_the_answers),
    ("add a child", "canbo", OFFICE, "/children/add", add_a_child),
    ("decide one change", "canbo", OFFICE, "/review/", decide_in_the_queue),
    ("open a case from a concern", "canbo", OFFICE, "/cases/concerns?state=sent", open_a_case),
    ("approve a plan", "lanhdao", OFFICE, "/", approve_a_plan),
)


def main() -> None:
    """Do each task once, and print a table."""
    print("| task | taps or keys | fields typed or chosen from a list | seconds of the program |\n|---|---|---|---|")
    with made_up.commune() as place:
        for title, who, window, path, do in TASKS:
            page = place.signed_in(who, viewport=window)
            page.goto(path, wait_until="networkidle")
            count, begun = Count(page), time.monotonic()
            do(count)
            print(f"| {title} | {count.taps} | {count.fields} | {time.monotonic() - begun:.1f} |", flush=True)
            page.context.close()


if __name__ == "__main__":
    main()
