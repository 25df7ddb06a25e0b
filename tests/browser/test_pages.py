"""Every main page of every role: no accessibility violation, nothing wider than a phone, nothing from elsewhere."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, Page

from tests.browser.conftest import AXE, OFFICE, PHONE, House, Visit

COLLABORATOR = [
    "/", "/children/", "/children/new", "/children/add", "/children/{child_id}", "/children/{child_id}/edit",
    "/children/{child_id}/move", "/children/{child_id}/circumstances/new", "/children/{child_id}/relatives/new",
    "/children/{child_id}/disabilities/new", "/households/", "/households/{household_id}",
    "/households/{household_id}/edit", "/villages/", "/villages/{village_id}", "/villages/{village_id}/book", "/cases/", "/cases/concerns", "/cases/concerns/new", "/cases/concerns/{report_id}",
    "/cases/{case_id}", "/cases/{case_id}/follow-up/new", "/services/", "/services/new?child={child_id}",
    "/review/answers", "/imports/", "/account", "/account/password", "/drafts/",
    "/children/{child_id}/attachments", "/children/{child_id}/attachments/new", "/review/answers", "/imports/", "/account", "/account/password",
]  # fmt: skip
OFFICER = [
    "/", "/help/components", "/children/", "/children/?group=special", "/children/?all=1", "/bulk/", "/bulk/move?only={child_id}", "/bulk/confirm?only={child_id}", "/my-lists/filters/new?sex=female", "/my-lists/columns", "/children/{child_id}", "/children/{child_id}/allowances/new",
    "/children/{child_id}/remove", "/households/{household_id}/status", "/review/", "/cases/", "/cases/{case_id}",
    "/cases/{case_id}/edit", "/cases/{case_id}/initial-assessment/new", "/cases/{case_id}/emergency-measure/new",
    "/cases/{case_id}/comprehensive-assessment/new", "/cases/{case_id}/conference/new", "/cases/{case_id}/plan/new",
    "/cases/{case_id}/plan/{plan_id}/actions/new", "/cases/{case_id}/review/new", "/cases/{case_id}/close",
    "/cases/{case_id}/documents/", "/cases/concerns", "/cases/concerns/{open_report_id}",
    "/cases/concerns/{open_report_id}/edit", "/cases/concerns/{open_report_id}/attachments/new",
    "/care/placements/{placement_id}/visits/new", "/services/", "/services/print", "/services/providers", "/services/providers/new",
    "/imports/", "/workbooks/", "/workbooks/district", "/figures/", "/figures/list?code=14&period=2026", "/settings/", "/settings/commune",
    "/settings/report-duties", "/settings/report-duties/new", "/reports/deadlines",
    "/settings/age-bands", "/settings/age-bands/new", "/settings/wording", "/settings/wording/part?part=work.headings",
    "/settings/villages", "/settings/people", "/settings/people/{user_id}", "/cases/{case_id}/team",
    "/cases/{case_id}/hand-over", "/cases/{case_id}/timeline", "/cases/{case_id}/referrals/new",
    "/cases/{case_id}/transfers/new", "/cases/transfers/receive", "/cases/looks",
    "/cases/concerns/{open_report_id}/informant-details", "/children/{child_id}/timeline",
    "/children/{child_id}/consents", "/children/{child_id}/consents/new", "/duplicates/", "/duplicates/merges",
    "/settings/limits", "/settings/limits/new", "/care/", "/care/carers", "/dashboard/", "/reports/",
    "/care/carers/lists/sent", "/care/placements/{placement_id}", "/care/placements/{placement_id}/evaluations/new",
    "/children/{child_id}/read-apart",
    "/cases/{waiting_case_id}/emergency-measure/{separation_id}/extensions/new",
    "/workbooks/lists", "/workbooks/population-check", "/entitlements/", "/entitlements/changes",
    "/entitlements/children/{child_id}", "/entitlements/children/{child_id}/answer", "/entitlements/bases",
    "/cases/{case_id}/attachments", "/cases/{case_id}/attachments/new",
    "/privacy/requests", "/privacy/of-child/{child_id}", "/privacy/of-child/{child_id}/requests/new", "/privacy/limits",
    "/privacy/breaches", "/privacy/breaches/new", "/privacy/sharing", "/privacy/sharing/new",
    "/privacy/retention", "/privacy/retention/child", "/privacy/retention/child/rule", "/privacy/of-child/{child_id}/hold",
]  # fmt: skip
LEADER = [
    "/", "/children/", "/cases/", "/cases/{case_id}", "/figures/", "/workbooks/", "/cases/{waiting_case_id}",
    "/children/{child_id}/read-apart", "/care/placements/{placement_id}",
]  # fmt: skip
VIEWER = ["/", "/superior/", "/figures/", "/workbooks/", "/account"]
ADMINISTRATOR = ["/", "/settings/", "/settings/people", "/settings/audit", "/settings/health", "/account"]
NOBODY = ["/sign-in", "/khong-co"]

PAGES = {
    "collaborator": COLLABORATOR, "officer": OFFICER, "leader": LEADER, "viewer": VIEWER,
    "administrator": ADMINISTRATOR, None: NOBODY,
}  # fmt: skip
#: WCAG 2.2 1.4.10: 1280 pixels at 400 %.
NARROWEST = {"width": 320, "height": 740}

RUN_AXE = """async () => {
  const found = await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]});
  return found.violations.map((one) => one.id + ": " + one.nodes.map((node) => node.target.join(" ")).join(", "));
}"""

#: What is wider than the window and does not scroll inside a part of its own.
TOO_WIDE = """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
  [...document.querySelectorAll("main *, header *, footer *")]
    .filter((part) => part.getBoundingClientRect().right > window.innerWidth + 1)
    .slice(0, 4).map((part) => part.tagName + "." + part.className)"""


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    return list(page.evaluate(RUN_AXE))


@pytest.mark.parametrize("size", ["phone", "dark"])
@pytest.mark.parametrize("role", PAGES)
def test_pages_are_accessible_and_fit(visit: Visit, house: House, role: str | None, size: str) -> None:
    page = visit(role, PHONE if size == "phone" else OFFICE, dark=size == "dark")
    wrong: dict[str, list[str]] = {}
    for path in PAGES[role]:
        answer = page.goto(path.format(**vars(house)))
        expected = 404 if path == "/khong-co" else 200
        found = violations(page) if answer.status == expected else [f"status {answer.status}"]
        if size == "phone":
            page.set_viewport_size(NARROWEST)
            found += [f"wider than the window: {part}" for part in page.evaluate(TOO_WIDE)]
            page.set_viewport_size(PHONE)
        if found:
            wrong[path] = found

    assert wrong == {}


#: Addresses that answer with a file, or end the walk.
NOT_PAGES = re.compile(
    r"\.(xlsx|docx|csv|zip|svg|css|js)$|/(download|file|print|sign-out|leave|calendar)\b|/documents/[a-z0-9-]+$"
)
#: Enough to see every kind of page once; a walk that ends here has found something new and must be looked at.
MOST_PAGES = 220


def crawled(page: Page, start: str) -> Iterator[str]:
    """Every kind of page that links lead to, one of each: numbers in an address count as the same kind."""
    waiting, seen = [start], {start}
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        try:
            answer = page.goto(path)
        except Error as stopped:
            if "Download" in str(stopped):
                continue
            raise
        assert answer is not None
        if "text/html" not in (answer.header_value("content-type") or ""):
            continue
        assert answer.status == 200, (path, answer.status)
        yield path
        for address in page.evaluate(
            "[...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href'))"
        ):
            bare = address.split("#")[0].split("?")[0]
            kind = re.sub(r"\d+", "N", bare)
            if bare.startswith("/") and kind not in seen and not NOT_PAGES.search(bare):
                seen.add(kind)
                waiting.append(address.split("#")[0])


@pytest.mark.parametrize("role", ["collaborator", "officer", "leader", "viewer", "administrator"])
def test_every_page_that_links_lead_to_is_accessible(visit: Visit, role: str) -> None:
    page = visit(role, OFFICE)
    wrong = {path: found for path in crawled(page, "/") if (found := violations(page))}

    assert wrong == {}


def test_a_page_with_errors_is_accessible(visit: Visit) -> None:
    page = visit("collaborator", PHONE)
    page.goto("/children/add")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_selector(".error-summary")

    assert violations(page) == []


def test_nothing_is_fetched_from_elsewhere(visit: Visit, house: House) -> None:
    page = visit("officer")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/children/", f"/cases/{house.case_id}", "/figures/"):
        page.goto(path, wait_until="networkidle")

    assert [url for url in asked if not url.startswith((house.address, "data:"))] == []


#: design.md §7: bytes on the wire of one page with all it needs, of the next page, and of scripts among them.
COLD, WARM, SCRIPTS = 100_000, 25_000, 45_000
#: Pages with charts may weigh more the first time.
CHARTS = 190_000


@pytest.mark.parametrize(
    ("role", "first", "path", "most"),
    [
        ("collaborator", "/children/", "/cases/concerns/new", COLD),
        ("officer", "/children/", "/cases/", COLD),
        ("officer", "/dashboard/", "/review/", CHARTS),
    ],
)
def test_pages_are_light_on_the_wire(visit: Visit, house: House, role: str, first: str, path: str, most: int) -> None:
    signed_in = visit(role, PHONE)
    browser = signed_in.context.browser
    context = browser.new_context(storage_state=signed_in.context.storage_state(), base_url=house.address)
    page = context.new_page()
    weighed: list[tuple[str, float]] = []
    addresses: dict[str, str] = {}
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.requestWillBeSent", lambda told: addresses.update({told["requestId"]: told["request"]["url"]}))
    wire.on(
        "Network.loadingFinished",
        lambda told: weighed.append((addresses.get(told["requestId"], ""), told["encodedDataLength"])),
    )

    page.goto(first, wait_until="networkidle")
    cold = list(weighed)
    weighed.clear()
    page.goto(path, wait_until="networkidle")
    context.close()

    assert sum(size for _address, size in cold) <= most, cold
    assert sum(size for address, size in cold if ".js" in address) <= SCRIPTS
    assert sum(size for _address, size in weighed) <= WARM, weighed
