"""A made-up commune served to a real browser, for programs that look at it from outside: pictures and measurements."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from app import audit, demo
from models import db
from tests.browser.conftest import ARGUMENTS
from tests.conftest import migrated_app, serving


@dataclass(frozen=True)
class Place:
    """Where it is served, and a browser to open it with."""

    app: Flask
    address: str
    browser: Browser
    password: str

    def signed_in(self, username: str, **window: Any) -> Page:
        """A page of somebody who has just signed in, in a window of her own; the addresses it is given may begin with /."""
        page = self.browser.new_context(locale="vi-VN", base_url=self.address, **window).new_page()
        page.goto("/sign-in")
        page.fill("#username", username)
        page.fill("#password", self.password)
        page.press("#password", "Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page


@contextmanager
def commune() -> Iterator[Place]:
    """Fill a commune in a folder that is thrown away, and serve it."""
    with tempfile.TemporaryDirectory() as folder, migrated_app(Path(folder)) as app, serving(app) as address:
        with app.app_context(), audit.writing():
            demo.fill()
            db.session.commit()
            password = demo.sign_ins()[0].rsplit(" ", 1)[-1]
            db.session.remove()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
            yield Place(app, address, browser, password)
            browser.close()
