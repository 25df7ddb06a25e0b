"""Finding the words of a language quickly: a page asks for some three hundred, each time in the reader's own language."""

from functools import cached_property
from typing import Any

from flask import Flask
from flask_babel import Babel, Domain, get_locale
from markupsafe import Markup

from app import config, identity


class _Words(Domain):
    """The catalogues, found by the language itself: Flask-Babel writes out its name for every single word."""

    def __init__(self, domain: str) -> None:
        super().__init__(domain=domain)
        self._of: dict[str, Any] = {}
        self._in_pages: dict[tuple[str, str], Markup] = {}

    def get_translations(self) -> Any:
        """The catalogue of the language in which is spoken just now."""
        return self._catalogue(_spoken())

    def _catalogue(self, language: str) -> Any:
        if language not in self._of:
            self._of[language] = super().get_translations()
        return self._of[language]

    def in_page(self, text: str, /, **values: Any) -> Markup:
        """What `_("…")` writes into a page: the words, which are ours and so no danger, with the values made harmless."""
        language = _spoken()
        found = self._in_pages.get((language, text))
        if found is None:
            found = Markup(self._catalogue(language).ugettext(text))  # noqa: S704  # nosec B704
            self._in_pages[language, text] = found
        return found % values if values or "%" in found else found


def _spoken() -> str:
    locale = get_locale()
    return locale.language if locale is not None else ""


class _Languages(Babel):
    @cached_property
    def domain_instance(self) -> Domain:
        """The words of templates and code."""
        return _Words(self.domain)


def init_app(app: Flask) -> None:
    """Speak the language of whoever asks, in templates as in code."""
    languages = _Languages(
        app, locale_selector=identity.language, default_translation_directories=str(config.ROOT / "app/translations")
    )
    with app.app_context():
        words: Any = languages.domain_instance
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: words.get_translations().ugettext(text),
        ngettext=lambda one, many, count: words.get_translations().ungettext(one, many, count),
        newstyle=True,
        pgettext=lambda context, text: words.get_translations().upgettext(context, text),
        npgettext=lambda context, one, many, count: words.get_translations().unpgettext(context, one, many, count),
    )
    app.jinja_env.globals["_"] = words.in_page  # what Jinja's own does, without asking the template for its context
