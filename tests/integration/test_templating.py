"""What templates call."""

import pytest
from flask import Flask
from flask_babel import force_locale

from app.templating import options

#: Of words and papers, not of the database.
pytestmark = pytest.mark.any_database


def test_values_put_into_words_do_no_harm(app: Flask) -> None:
    with app.test_request_context():
        page = app.jinja_env.from_string('{{ _("tìm thấy cho “%(words)s”", words=words) }} {{ _("Tìm") }}')

        assert page.render(words="<b>") == "tìm thấy cho “&lt;b&gt;” Tìm"


def test_the_same_words_are_found_in_each_readers_language(app: Flask) -> None:
    page = app.jinja_env.from_string('{{ _("Đăng xuất") }}')
    with app.test_request_context(), force_locale("vi"):
        assert page.render() == "Đăng xuất"
    with app.test_request_context(), force_locale("en"):
        assert page.render() == "Sign out"


def test_a_drop_down_marks_the_value_chosen_and_only_it() -> None:
    pairs = [("1", "Thôn 1"), ("11", "Thôn <11>"), ("x", "chữ " * 40)]

    assert options(pairs, 1).count(" selected") == 1
    assert '<option value="1" selected>Thôn 1</option>' in options(pairs, 1)
    assert '<option value="11">Thôn &lt;11&gt;</option>' in options(pairs, None)
    assert " selected" not in options(pairs, None)
    assert options(pairs, None).endswith("chữ…</option>")
