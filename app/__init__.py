"""The factory: Măng Non put together, in the order it happens."""

import app.memory  # noqa: F401 – first of all

# isort: split
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from app import (
    cli,
    compressing,
    config,
    errors,
    health,
    history,
    identity,
    language,
    last_saved,
    logs,
    saving,
    search,
    security,
    templating,
    whole_numbers,
)
from models import db

csrf = CSRFProtect()


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """Make the app; `settings` go before the environment (tests)."""
    app = Flask(__name__, root_path=str(config.ROOT), static_folder="app/static", template_folder="templates")
    app.config.from_mapping(config.load(settings))
    app.url_map.converters["int"] = whole_numbers.KeyConverter
    app.jinja_env.undefined = StrictUndefined
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.session_interface = security.SessionInterface()
    if app.config["MANGNON_PROXY_COUNT"]:
        count = app.config["MANGNON_PROXY_COUNT"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    app.wsgi_app = _read_whole(app.wsgi_app)  # type: ignore[method-assign]
    db.init_app(app)
    logs.init_app(app)
    _listen()
    language.init_app(app)
    compressing.init_app(app)  # first here is last to touch an answer
    identity.init_app(app)
    security.refuse_unreadable(app)
    csrf.init_app(app)
    saving.init_app(app)
    health.init_app(app)
    security.init_app(app)
    saving.answer_again(app)
    errors.init_app(app)
    templating.init_app(app)
    _register_blueprints(app)
    cli.init_app(app)
    return app


def _read_whole(application: Any) -> Any:
    """Hold every server to the length it was told: a form cut short is refused, also by one that hands it on as whole.

    gunicorn does (`wsgi.input_terminated`); with the mark taken off, werkzeug itself counts what it reads.
    """

    def held(environ: dict[str, Any], start_response: Any) -> Any:
        if environ.get("CONTENT_LENGTH"):
            environ.pop("wsgi.input_terminated", None)
        return application(environ, start_response)

    return held


_listening = False


def _listen() -> None:
    """Hang keys and history on the session, once for all apps of this process."""
    global _listening
    if not _listening:
        search.listen(db.session)
        history.listen(db.session)
        last_saved.listen(db.session)
        _listening = True


def _register_blueprints(app: Flask) -> None:
    import blueprints

    blueprints.register(app)
