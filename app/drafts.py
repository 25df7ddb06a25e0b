"""Half-written forms kept on the server: one sent after the session had ended, and long ones while they are typed.

Sealed, for their writer alone, per address the form is sent to; gone when that form is saved, discarded or a week old.
A draft fills the form again when its page is opened with `?draft=1`; nothing of it ever stands in an address.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import current_app, g, request
from flask_login import current_user
from sqlalchemy import Select, delete, func, select
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app import clock, sealing
from app.access import may
from models import FormDraft, SubmittedForm, User, db

#: Kept so long; so many for one person; none larger than this many characters.
KEPT, MOST, LARGEST = timedelta(days=7), 40, 500_000
#: Groups of pages whose forms hold passwords and codes, or are about drafts themselves.
_LEFT_OUT = frozenset({"account", "setup", "drafts"})
#: Searches: nothing is lost with them, and their words stay where they are.
_SEARCHES = frozenset({"children.find", "children.look_before_add", "households.find", "cases.find_concern_child"})
#: Names of fields that a form carries for itself: they differ each time it is drawn, and say nothing of what was typed.
NOT_TYPED = frozenset({"csrf_token", "form_key", "version", "shown_before"})
_PURPOSE = "form draft"
_ASKED = "draft"


@dataclass(frozen=True)
class Draft:
    """A half-written form, opened."""

    id: int
    page: str
    at: datetime
    was_sent: bool
    values: MultiDict[str, str]

    @property
    def address(self) -> str | None:
        """Where the form opens filled in; None for a form that stands on another page than it is sent to."""
        return with_draft(self.page) if opens(self.page) else None


def page_of(address: str) -> str:
    """The address a form is sent to, whether or not its page was opened with a draft."""
    parts = urlsplit(address)
    query = urlencode([pair for pair in parse_qsl(parts.query) if pair[0] != _ASKED])
    return f"{parts.path}?{query}" if query else parts.path


def with_draft(page: str) -> str:
    """The address of a page with its form filled in from the draft."""
    return f"{page}{'&' if '?' in page else '?'}{_ASKED}=1"


def opens(page: str) -> bool:
    """Whether an address is a page, not only a place to send a form to."""
    return _permission_of(page) is not None


def may_open(user: User, page: str) -> bool:
    """Whether an address is a page this person's roles open. Whether she sees the record is asked when it is drawn."""
    permission = _permission_of(page)
    return permission is not None and may(user, permission)


def _permission_of(page: str) -> str | None:
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return None
    try:
        endpoint, _values = adapter.match(urlsplit(page).path, method="GET")
    except (RequestRedirect, HTTPException):
        return None
    if endpoint.partition(".")[0] in _LEFT_OUT:
        return None
    permission: str | None = getattr(current_app.view_functions[endpoint], "permission", None)
    return permission


# ── Keeping ────────────────────────────────────────────────────────────────


def keep_sent(user: User) -> str | None:
    """Keep the form of this request, whose session has ended; the page to go on to after signing in again."""
    if request.blueprint in _LEFT_OUT or request.endpoint in _SEARCHES:
        return None
    if not keep(user.id, page_of(request.full_path), was_sent=True):
        return None
    page = page_of(request.full_path)
    return with_draft(page) if opens(page) else "/drafts/"


def keep(user_id: int, page: str, *, was_sent: bool = False) -> bool:
    """Keep what this request's form holds, in the current transaction, in place of what was kept of it before."""
    if _was_saved(request.form.get("form_key", "")):
        return False
    left_out = {"csrf_token", "draft_page", *(() if was_sent else ("form_key",))}
    values = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in left_out and "password" not in name
    ]
    if sum(len(value) for _name, value in values) > LARGEST or not any(
        value.strip() for name, value in values if name not in NOT_TYPED
    ):
        return False
    found = db.session.scalars(_of(user_id).where(FormDraft.page == page)).first()
    if found is None:
        _make_room(user_id)
        found = FormDraft(user_id=user_id, page=page)
        db.session.add(found)
    found.at, found.was_sent, found.sealed = clock.now(), was_sent, sealing.seal(values, _PURPOSE)
    return True


def _was_saved(form_key: str) -> bool:
    """Whether the form came in meanwhile: what is kept of it now would only come back to be sent again."""
    return bool(form_key) and form_key.isprintable() and db.session.get(SubmittedForm, form_key) is not None


def _make_room(user_id: int) -> None:
    count = db.session.scalar(select(func.count(FormDraft.id)).where(FormDraft.user_id == user_id)) or 0
    if count >= MOST:
        for oldest in db.session.scalars(_of(user_id).order_by(FormDraft.at).limit(count - MOST + 1)):
            db.session.delete(oldest)


def forget(user_id: int, page: str) -> None:
    """The form was saved, or its writer wants no more of it."""
    db.session.execute(delete(FormDraft).where(FormDraft.user_id == user_id, FormDraft.page == page))


def forget_old() -> None:
    """Drafts nobody came back to."""
    db.session.execute(delete(FormDraft).where(FormDraft.at < clock.now() - KEPT))


# ── Giving back ────────────────────────────────────────────────────────────


def _of(user_id: int) -> Select[FormDraft]:
    return select(FormDraft).where(FormDraft.user_id == user_id)


def _opened(row: FormDraft) -> Draft | None:
    values = sealing.unseal(row.sealed, _PURPOSE)
    if values is None or clock.now() - row.at > KEPT:
        return None
    return Draft(row.id, row.page, row.at, row.was_sent, MultiDict((str(name), str(value)) for name, value in values))


def of_page(action: str) -> Draft | None:
    """What the person signed in has typed into the form sent to this address (empty: to the page that is shown)."""
    if request.method != "GET" or not current_user.is_authenticated:
        return None
    page = page_of(action or request.full_path)
    row = db.session.scalars(_of(current_user.id).where(FormDraft.page == page)).first()
    return _opened(row) if row is not None else None


def asked_for() -> Draft | None:
    """The draft this page was opened with."""
    if request.method != "GET" or _ASKED not in request.args:
        return None
    if "draft" not in g:
        g.draft = of_page("")
    found: Draft | None = g.draft
    return found


def fits(draft: Draft, names: set[str]) -> bool:
    """Whether a draft was typed into the form with these fields, and not into another one of the page."""
    typed = set(draft.values) - NOT_TYPED
    return len(typed & names) * 2 > len(typed)


def waiting(user: User) -> list[Draft]:
    """Everything somebody has typed and not saved, the latest first."""
    rows = db.session.scalars(_of(user.id).order_by(FormDraft.at.desc(), FormDraft.id))
    return [draft for row in rows if (draft := _opened(row)) is not None]
