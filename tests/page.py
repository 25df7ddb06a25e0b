"""The test client: signs in, follows pages, and checks every HTML answer it is handed."""

from typing import Any

import lxml.html
from bs4 import BeautifulSoup
from flask import has_app_context
from flask.testing import FlaskClient
from sqlalchemy import event
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

    def form(self, selector: str = "main form[method=post]") -> dict[str, str]:
        """What a browser would send with this form as it stands: hidden fields, boxes, chosen options, ticks."""
        found = {}
        form = self.soup.select_one(selector)
        for control in form.select("input[name], textarea[name], select[name]"):
            kind = control.get("type", control.name)
            if kind in ("checkbox", "radio"):
                if control.has_attr("checked"):
                    found[control["name"]] = control.get("value", "on")
            elif kind == "select":
                option = control.select_one("option[selected]") or control.select_one("option")
                found[control["name"]] = option["value"] if option else ""
            elif kind == "textarea":
                found[control["name"]] = control.get_text().removeprefix("\r\n").removeprefix("\n")
            elif kind not in ("submit", "file"):
                found[control["name"]] = control.get("value", "")
        return found

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
            _leave_as_on_a_server()
        if has_app_context():
            db.session.expire_all()
        packed = "Content-Encoding" in response.headers  # asked for by a test that unpacks it itself
        if response.mimetype == "text/html" and not packed and not 300 <= response.status_code < 400:
            check_page(response)
        return response

    def page(self, address: str, **kwargs: Any) -> Page:
        """A page by GET."""
        return Page(self.get(address, **kwargs))

    def send(self, address: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Page:
        """A form by POST, redirects followed."""
        return Page(self.post(address, data=data or {}, follow_redirects=True, **kwargs))


def _leave_as_on_a_server() -> None:
    """Drop what a view flushed and did not commit. Where it wrote nothing, keep what others wrote meanwhile.

    On a server events of reading are committed by a connection of their own; in a test all share one connection,
    so that a rollback would take them along.
    """
    if db.session.info.pop(_UNSAVED, False):
        db.session.rollback()
    else:
        db.session.commit()


_UNSAVED = "flushed since the last commit"
event.listen(db.session, "after_flush", lambda session, _context: session.info.update({_UNSAVED: True}))
event.listen(db.session, "after_commit", lambda session: session.info.pop(_UNSAVED, None))
event.listen(db.session, "after_soft_rollback", lambda session, _previous: session.info.pop(_UNSAVED, None))


def check_page(response: TestResponse) -> None:
    """What must be true of every page."""
    html = response.get_data(as_text=True)
    assert "Content-Security-Policy" in response.headers
    if not html.lstrip().lower().startswith("<!doctype"):
        return  # a part of a page, put in place by a script
    find = lxml.html.document_fromstring(html).xpath  # a tenth of what BeautifulSoup takes, and there are thousands
    assert find("count(//h1)") == 1, f"one h1, not {find('count(//h1)')}"
    assert find("//title"), "a title"
    assert find("normalize-space(//title)"), "words in the title"
    ids = find("//@id")
    assert len(ids) == len(set(ids)), f"ids twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    labelled = set(find("//label/@for"))
    for control in find("//input[not(@type='hidden' or @type='submit')] | //select | //textarea"):
        assert control.get("aria-label") or control.get("id") in labelled, f"a label for {lxml.html.tostring(control)}"
    assert not find("//*[@style or @onclick or @onchange]"), "no inline style or code"
    assert not find("//script[not(string(@src))]"), "no inline script"
    assert not find("//td[normalize-space()='None'] | //dd[normalize-space()='None']"), "no None on a page"
