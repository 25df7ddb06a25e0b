"""Every word people read has an English translation, and the compiled file holds it."""

import gettext
import io

from babel.messages.mofile import write_mo

from app import translating


def test_no_message_lacks_its_english_text() -> None:
    assert translating.missing() == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    wrong = [
        message.id
        for message in translating.english()
        if message.id and isinstance(message.id, str) and _names(message.id) != _names(str(message.string))
    ]

    assert wrong == []


def test_the_compiled_file_is_fresh() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, translating.english())
    compiled.seek(0)

    with translating.MO.open("rb") as file:
        assert gettext.GNUTranslations(file)._catalog == gettext.GNUTranslations(compiled)._catalog


def _names(text: str) -> set[str]:
    return {part.split(")")[0] for part in text.split("%(")[1:]}
