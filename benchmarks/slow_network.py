"""Pages over a slow line on a slow phone: Chromium held to 400 kbit/s, 400 ms of latency, processor slowed 4 times.

    python -m benchmarks.slow_network [RUNS]

A made-up commune behind waitress on this machine, in a folder that is thrown away. Cold: a window that has nothing
kept. Warm: the same page again in that window. Told are the seconds until the page shows its first words and until
all it needs to show has loaded: medians, and the slowest of the runs.
"""

import statistics
import sys
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import made_up
from tests.browser.conftest import PHONE

#: 400 kbit/s in bytes per second; milliseconds; times slower.
LINE, LATENCY, SLOWER = 400_000 / 8, 400, 4
GOALS = {"cold": 5.0, "warm": 2.5}
#: (who, address).
PAGES = (
    ("", "/sign-in"),
    ("ctv", "/"),
    ("ctv", "/children/"),
    ("ctv", "/cases/concerns/new"),
    ("canbo", "/"),
    ("canbo", "/cases/"),
    ("lanhdao", "/dashboard/"),
)
#: Milliseconds from asking for the page.
TIMES = """() => {
  const painted = performance.getEntriesByName("first-contentful-paint")[0];
  return [painted ? painted.startTime : null, performance.getEntriesByType("navigation")[0].loadEventEnd];
}"""


@dataclass
class Visit:
    """How long a page took, in seconds."""

    painted: float
    loaded: float


def main() -> None:
    """Measure every page, and print a table for docs/performance.md."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"| who, page | | first words, median | loaded, median | slowest | goal |\n|{'---|' * 6}")
    with made_up.commune() as place:
        states: dict[str, Any] = {who: cookies_of(place, who) if who else None for who, _path in PAGES}
        for who, path in PAGES:
            visits = [cold_and_warm(place.browser, states[who], place.address + path) for _run in range(runs)]
            for number, state in enumerate(GOALS):
                print(line(who, path, state, [pair[number] for pair in visits]), flush=True)


def cookies_of(place: made_up.Place, username: str) -> Any:
    """The cookies of somebody who has signed in."""
    context = place.signed_in(username).context
    state = context.storage_state()
    context.close()
    return state


def cold_and_warm(browser: Browser, state: Any, address: str) -> tuple[Visit, Visit]:
    """The page in a new window, and once more in it."""
    context = browser.new_context(viewport=PHONE, locale="vi-VN", storage_state=state)  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    page = context.new_page()
    slow_down(context, page)
    visits = [visited(page, address) for _state in GOALS]
    context.close()
    return visits[0], visits[1]


def slow_down(context: BrowserContext, page: Page) -> None:
    """Hold the window to the line and the processor."""
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    line = {"offline": False, "latency": LATENCY, "downloadThroughput": LINE, "uploadThroughput": LINE}
    wire.send("Network.emulateNetworkConditions", line)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def visited(page: Page, address: str) -> Visit:
    """Open the page and wait until it has loaded and shows its first words."""
    page.goto(address, wait_until="load")
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
    painted, loaded = page.evaluate(TIMES)
    return Visit(painted / 1000, loaded / 1000)


def line(who: str, path: str, state: str, visits: list[Visit]) -> str:
    """A row of the table."""
    first = statistics.median(visit.painted for visit in visits)
    loaded = statistics.median(visit.loaded for visit in visits)
    slowest = max(visit.loaded for visit in visits)
    title = f"{who or 'signed out'} `{path}`"
    return f"| {title} | {state} | {first:.2f} | {loaded:.2f} | {slowest:.2f} | ≤ {GOALS[state]} |"


if __name__ == "__main__":
    main()
