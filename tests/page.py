"""The test client: signs in, follows pages, and checks every HTML answer it is handed."""

from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock, identity
from models import User, UserSession, db


class Page:
    """A parsed answer."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.soup = BeautifulSoup(response.get_data(as_text=True), "html.parser")

    @property
    def text(self) -> str:
        """All words of the main part, single spaces."""
        part = self.soup.select_one("main") or self.soup
        return " ".join(part.get_text(" ").split())

    def rows(self, table: int = 0) -> list[dict[str, str]]:
        """The rows of a table as {heading: text}."""
        found = self.soup.select("table")[table]
        headings = [" ".join(cell.get_text(" ").split()) for cell in found.select("thead th")]
        return [
            dict(zip(headings, (" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")), strict=False))
            for row in found.select("tbody tr")
        ]

    def errors(self) -> dict[str, str]:
        """{field id: message} of the error summary."""
        return {
            link["href"].lstrip("#"): link.get_text(strip=True)
            for link in self.soup.select(".error-summary a[href^='#']")
        }


class Client(FlaskClient):
    """`client.sign_in(user).get(…)`; `client.page(…)` gives a parsed, checked page."""

    def sign_in(self, user: User) -> "Client":
        """Sign in without the form."""
        key = f"test-session-{user.id}-{clock.now().timestamp()}"
        now = clock.now()
        db.session.add(UserSession(key_hash=identity._hash(key), user_id=user.id, started_at=now, seen_at=now))
        db.session.commit()
        with self.session_transaction() as cookie:
            cookie.clear()
            cookie["_user_id"] = key
            cookie["_fresh"] = True
        return self

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask, in a context of its own as on a server, and check the page that comes back."""
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        db.session.expire_all()
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            check_page(response)
        return response

    def page(self, address: str, **kwargs: Any) -> Page:
        """A page by GET."""
        return Page(self.get(address, **kwargs))

    def send(self, address: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Page:
        """A form by POST, redirects followed."""
        return Page(self.post(address, data=data or {}, follow_redirects=True, **kwargs))


def check_page(response: TestResponse) -> None:
    """What must be true of every page."""
    html = response.get_data(as_text=True)
    assert "Content-Security-Policy" in response.headers
    if not html.lstrip().lower().startswith("<!doctype"):
        return  # a part of a page, put in place by a script
    soup = BeautifulSoup(html, "html.parser")
    headings = soup.select("h1")
    assert len(headings) == 1, f"one h1, not {len(headings)}"
    assert soup.title and soup.title.get_text(strip=True), "a title"
    ids = [element["id"] for element in soup.select("[id]")]
    assert len(ids) == len(set(ids)), f"ids twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    for control in soup.select("input:not([type=hidden]):not([type=submit]), select, textarea"):
        labelled = control.get("aria-label") or soup.select_one(f'label[for="{control.get("id")}"]')
        assert labelled, f"a label for {control}"
    assert not soup.select("[style], [onclick], [onchange]"), "no inline style or code"
    assert not [script for script in soup.select("script") if not script.get("src")], "no inline script"
    assert "None" not in [cell.get_text(strip=True) for cell in soup.select("td, dd")], "no None on a page"
