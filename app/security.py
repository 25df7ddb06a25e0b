"""Headers and sessions: what every answer carries, and the rule that no page is open by forgetting."""

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from app import access, audit, second_factor
from app.identity import cookie_name, login

#: No inline code or styles, no third-party host, no frames. data: for Bootstrap's own small icons.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; object-src 'none'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SessionInterface(SecureCookieSessionInterface):
    """The cookie is marked Secure whenever the page came by TLS; an office PC on 127.0.0.1 works without.

    By TLS its name has the prefix that keeps other hosts and plain pages from setting it.
    """

    def get_cookie_name(self, app: Flask) -> str:
        """__Host-… on https."""
        return cookie_name(super().get_cookie_name(app))

    def get_cookie_secure(self, app: Flask) -> bool:
        """Secure on https."""
        return request.is_secure


def init_app(app: Flask) -> None:
    """Refuse unmarked pages, ask for a sign-in, note refusals, and harden every answer."""
    app.before_request_funcs.setdefault(None, []).insert(0, _limit_plain_forms)
    app.after_request(_note_refusal)
    app.before_request(_allow_only_marked_views)
    app.after_request(_harden)


def refuse_unreadable(app: Flask) -> None:
    """Before anything reads a form or asks the database, and once nobody is known yet (app/identity.py)."""
    app.before_request(_refuse_unreadable)


def _limit_plain_forms() -> None:
    """A form without files needs no megabytes. Before anything reads it: the parser takes such a form whole."""
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = min(
            current_app.config["MAX_FORM_MEMORY_SIZE"], current_app.config["MAX_CONTENT_LENGTH"]
        )


def _refuse_unreadable() -> None:
    """What no page of ours sends and a database chokes on: a NUL in an address, a field without a name."""
    if "\0" in request.path or b"%00" in request.query_string:
        abort(404)
    if request.method == "POST" and (None in request.form or None in request.files):
        abort(400)


def _allow_only_marked_views() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = current_app.view_functions[request.endpoint]
    if not hasattr(view, "permission"):
        current_app.logger.error("view without a permission: %s", request.endpoint)
        abort(403)
    if view.permission is not None and not current_user.is_authenticated:
        return login.unauthorized()
    if view.permission is not None and _must_choose_password():
        return redirect(url_for("account.password"), code=303)
    if view.permission is not None and _must_set_up_second_factor():
        return redirect(url_for("account.set_up_second_factor"), code=303)
    return None


def _note_refusal(response: Response) -> Response:
    """Tell the administrator of a page asked for without the permission, of a record that is not there for this person
    (or not at all: which, is not told, and takes as long), and of a form without its token. Never at the cost of the answer.
    """
    event = _refused(response)
    if event is None:
        return response
    try:
        if current_user.is_authenticated:
            audit.record_refusal(access.signed_in_user(), request.endpoint, event)
    except SQLAlchemyError as problem:
        current_app.logger.error("refusal not recorded: %s", type(problem).__name__)
    return response


def _refused(response: Response) -> str | None:
    if g.pop("token_refused", False):
        return "token_refused"
    asks_for_record = any(name.endswith("_id") for name in request.view_args or {})
    return {403: "access_refused", 404: "record_not_found" if asks_for_record else None}.get(response.status_code)


def _must_choose_password() -> bool:
    """Whether somebody with a password set by another person goes elsewhere than to the page for a new one."""
    return bool(current_user.must_change_password) and request.endpoint not in ("account.password", "account.sign_out")


def _must_set_up_second_factor() -> bool:
    """Whether the days of grace are over for somebody who must have one and goes elsewhere than to set it up."""
    here = request.endpoint in ("account.password", "account.sign_out", "account.set_up_second_factor")
    return not here and second_factor.days_left(current_user) == 0


def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.endpoint == "account.sign_out":
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response
