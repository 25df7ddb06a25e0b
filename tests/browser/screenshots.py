"""Take the pictures of docs/pictures from a made-up commune: `make screenshots`. Everybody on them is invented."""

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import Browser, Page, sync_playwright

from app import audit, demo
from models import Case, User, db
from tests.browser.conftest import ARGUMENTS, OFFICE, PHONE
from tests.conftest import migrated_app, serving

FOLDER = Path(__file__).resolve().parents[2] / "docs/pictures"

#: (file, who, window, address).
PICTURES = (
    ("work-officer", "canbo", OFFICE, "/"),
    ("caseload-officer", "canbo", OFFICE, "/cases/"),
    ("case-officer", "canbo", OFFICE, "/cases/{case}"),
    ("review-officer", "canbo", OFFICE, "/review/"),
    ("figures-officer", "canbo", OFFICE, "/figures/"),
    ("dashboard-leader", "lanhdao", OFFICE, "/dashboard/"),
    ("villages-officer", "canbo", OFFICE, "/villages/"),
    ("help-collaborator", "ctv", PHONE, "/help/"),
    ("work-phone", "ctv", PHONE, "/"),
    ("children-phone", "ctv", PHONE, "/children/"),
    ("concern-phone", "ctv", PHONE, "/cases/concerns/new"),
)


def main() -> None:
    """Fill a commune in a folder that is thrown away, serve it, and photograph its pages."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, migrated_app(Path(folder)) as app, serving(app) as address:
        with app.app_context(), audit.writing():
            demo.fill()
            db.session.commit()
            password = demo.sign_ins()[0].rsplit(" ", 1)[-1]
            case = db.session.scalars(db.select(Case.id).where(Case.closed_at.is_(None)).order_by(Case.id)).first()
            assert db.session.scalar(db.select(db.func.count(User.id)))
            db.session.remove()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
            for name, username, window, path in PICTURES:
                page = _signed_in(browser, address, username, password, window)
                page.goto(address + path.format(case=case))
                page.screenshot(path=FOLDER / f"{name}.png")
                page.context.close()
            browser.close()


def _signed_in(browser: Browser, address: str, username: str, password: str, window: dict[str, int]) -> Page:
    page = browser.new_context(viewport=window, locale="vi-VN").new_page()  # type: ignore[arg-type]
    page.goto(f"{address}/sign-in")
    page.fill("#username", username)
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


if __name__ == "__main__":
    main()
