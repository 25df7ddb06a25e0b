"""What templates may call: words for choices, dates, people; addresses with filters; the menu (app/menu.py)."""

import hashlib
import secrets
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from textwrap import shorten
from typing import Any

from flask import Flask, request, url_for
from flask_babel import get_locale, gettext as _
from flask_login import current_user
from markupsafe import Markup, escape

from app import access, clock, config, drafts, identity, menu
from models import PartialDate

#: Characters of a choice that a phone still shows.
LONGEST_OPTION = 90

#: The vendored folder; see app/static/vendor/README.md.
BOOTSTRAP = "bootstrap-5.3.9"


def init_app(app: Flask) -> None:
    """Add the filters and functions."""
    app.jinja_env.filters.update(day=day, moment=moment, number=_number_in_page, birth=birth)
    app.jinja_env.globals.update(
        may=_may,
        asset=_asset,
        today=clock.today,
        age=clock.age,
        menu=menu.sections,
        tabs=menu.tabs,
        with_values=with_values,
        options=options,
        ticks=ticks,
        new_key=lambda: secrets.token_urlsafe(16),
        bootstrap=BOOTSTRAP,
        draft_of=drafts.of_page,
        draft_page=lambda action: drafts.page_of(action or request.full_path),
    )
    app.context_processor(
        lambda: {
            "language": identity.language(),
            "theme": identity.theme().value,
            "version": _scripts_version(),
        }
    )


def day(value: date | None) -> str:
    """05/06/2015, or a dash."""
    return f"{value:%d/%m/%Y}" if value else "–"


def moment(value: datetime | None) -> str:
    """23:40 05/06/2015 by the Viet Nam clock, or a dash."""
    return f"{clock.local(value):%H:%M %d/%m/%Y}" if value else "–"


def number(value: int | None) -> str:
    """1.250.000, or a dash."""
    return f"{value:,}".replace(",", ".") if value is not None else "–"


def _number_in_page(value: int | None) -> str:
    """The same as in the language of the page: 1,250,000 in English."""
    return number(value).replace(".", ",") if str(get_locale()) == "en" else number(value)


def birth(value: PartialDate | None) -> str:
    """A birth date as far as it is known, or a dash."""
    if value is None:
        return "–"
    text = str(value)
    return _("khoảng %(year)s", year=text[1:]) if text.startswith("~") else text


def _may(permission: str) -> bool:
    return bool(current_user.is_authenticated and access.may(access.signed_in_user(), permission))


@cache
def _fingerprint(path: str) -> str:
    content = (Path(config.ROOT) / "app/static" / path).read_bytes()
    return hashlib.sha256(content).hexdigest()[:10]


def _asset(path: str) -> str:
    """The address of a static file; it changes with the content, so browsers may keep it for a year."""
    return _asset_address(path, request.root_path)


@cache
def _asset_address(path: str, _root: str) -> str:
    """`_root` is where the program is mounted."""
    return url_for("static", filename=path, v=_fingerprint(path))


@cache
def _scripts_version() -> str:
    """Changes with any script, so that modules loaded by others are renewed together."""
    digest = hashlib.sha256()
    for path in sorted((Path(config.ROOT) / "app/static/js").rglob("*.js")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def options(pairs: Iterable[tuple[str, Any]], current: Any) -> Markup:
    """The options of a drop-down of (value, words), the current value chosen. Written once: lists offer hundreds of them."""
    written = _written(tuple((str(value), str(words)) for value, words in pairs))
    value = Markup('<option value="%s"') % ("" if current is None else current)
    return written.replace(value + Markup(">"), value + Markup(" selected>"), 1)


@lru_cache(maxsize=1000)
def _written(pairs: tuple[tuple[str, str], ...]) -> Markup:
    return Markup("\n").join(
        Markup('<option value="%s">%s</option>') % (value, shorten(words, LONGEST_OPTION, placeholder="…"))
        for value, words in pairs
    )


def ticks(field: str, *, form: str = "", key: str = "") -> Callable[[Any, str], Markup]:
    """What writes the tick in front of a line, of (value, name): `form` where the line stands outside of its form.

    What all lines share is written once.
    """
    more = Markup(' form="%s"') % form if form else Markup()
    more += Markup(' data-key="%s"') % key if key else Markup()
    checked = Markup(" checked") if request.args.get("all") else Markup()
    line = Markup(
        '<label class="choose"><input class="form-check-input" type="checkbox" name="%s" value="%%s" data-tick%s'
        ' aria-label="%s"%s></label>'
    ) % (field, more, _("Chọn %(name)s", name="%s"), checked)
    start, between, end = str(line).split("%s")
    # What stands around the two is ours, and written harmlessly above.
    return lambda value, name: Markup(f"{start}{escape(value)}{between}{escape(name)}{end}")  # noqa: S704  # nosec B704


def with_values(**changes: Any) -> str:
    """This page's address with some values changed; None drops one."""
    values: dict[str, Any] = {**(request.view_args or {}), **request.args, **changes}
    return url_for(request.endpoint or "home.index", **{k: v for k, v in values.items() if v not in (None, "")})
