"""A served commune and people to sign in as, for journeys in Chromium."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app import audit, clock, teamwork
from models import CasePlan, EmergencyMeasure, InitialAssessment, Risk, Role, User, db
from tests.conftest import migrated_app, serving
from tests.integration.world import World
from tests.make import PASSWORD, Make

PHONE = {"width": 360, "height": 740}
OFFICE = {"width": 1366, "height": 768}
AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")

#: How long (milliseconds) anything may take before a test fails: a busy machine is slow, and tests are not timed.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

#: No network but ours, no window, no sandbox inside a container.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium; nothing is downloaded."""
    return {"executable_path": shutil.which("chromium"), "args": ARGUMENTS, "headless": True}


@dataclass
class House:
    """Where it is served, and the keys of what is in it."""

    address: str
    child_id: int
    household_id: int
    case_id: int
    report_id: int
    open_report_id: int
    plan_id: int
    village_id: int
    user_id: int
    placement_id: int
    #: A case of somebody else's team with a plan to decide and a separation under way.
    waiting_case_id: int
    separation_id: int


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One commune with a village of children, one of everything, and somebody of each role named after it."""
    with migrated_app(tmp_path_factory.mktemp("browser")) as app, serving(app) as address:
        with app.app_context(), audit.writing():
            make = Make()
            village = make.village("Thôn Đông")
            make.village("Thôn Tây")
            people = {role: make.user(role.value, username=role.value, village=village) for role in Role}
            world = World(make, village, people[Role.COLLABORATOR], "Mẫu")
            for number, name in enumerate(("Nguyễn Minh Đức", "Trần Thị Hoà", "Lê Văn Phước", "Phạm Thùy Dương")):
                child = make.child(name, village, household=make.household(f"Chủ Hộ {number}", village))
                make.relative(child)
                make.circumstance(child, "d.2" if number % 2 else "c.1")
            for number in range(60):
                make.child(f"Vũ Văn {chr(65 + number % 26)}", village)
            keys = House(
                address, world.child.id, world.household.id, world.case.id, world.report.id, world.open_report.id,
                world.plan.id, village.id, people[Role.COLLABORATOR].id, world.placement.id, *_waiting(make, people[Role.OFFICER]),
            )  # fmt: skip
            db.session.remove()
        yield keys


def _waiting(make: Make, officer: User) -> tuple[int, int]:
    """The keys of a case that waits for the leader, and of its separation."""
    case = make.case(make.child("Lò Thị Chờ"), assigned_to_id=officer.id)
    teamwork.join(case, officer)
    of = {"commune_id": case.commune_id, "case_id": case.id}
    make.save(InitialAssessment(**of, assessed_at=clock.now(), risk=Risk.HIGH, levels={"harm_1": "high"}, notes={}))
    make.save(CasePlan(**of, goal="Cháu an toàn", submitted_at=clock.now()))
    measure = make.save(EmergencyMeasure(**of, started_at=clock.now(), measure="Cách ly", is_separation=True))
    return case.id, measure.id


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[Visit]:
    """`visit("officer")` – a window signed in through the form; errors on a page fail the test."""
    open_ones: list[BrowserContext] = []
    errors: list[str] = []

    def enter(
        role: str | None = None, size: dict[str, int] = OFFICE, *, scripts: bool = True, dark: bool = False
    ) -> Page:
        context = browser.new_context(
            viewport=size, base_url=house.address, java_script_enabled=scripts, locale="vi-VN", accept_downloads=True,
            color_scheme="dark" if dark else "light",
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        open_ones.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
        if role:
            page.goto("/sign-in")
            page.get_by_label("Tên đăng nhập").fill(role)
            page.get_by_label("Mật khẩu").fill(PASSWORD)
            page.get_by_role("button", name="Đăng nhập").click()
            page.wait_for_url(house.address + "/")
        return page

    yield enter
    for context in open_ones:
        context.close()
    assert errors == []
