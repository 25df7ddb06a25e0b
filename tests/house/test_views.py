"""Every view names its permission, its address is typed, and reading never writes."""

import re

import pytest
from flask import Flask

from app import access, create_app
from app.permissions import PERMISSIONS
from app.whole_numbers import KeyConverter
from tests.house import source

#: Pages open to everybody, each with its reason.
PUBLIC = {
    "account.leave": "whoever must be away at once is away, signed in or not",
    "account.calendar": "a calendar",
    "account.sign_in": "how one comes in",
    "account.language": "chosen before signing in",
    "account.second_step": "the password was right, the second factor is still owed",
    "account.enrol_phone": "guarded by the officer's one-time code",
    "account.passkey_offer": "a challenge for whatever passkey the browser holds",
    "account.passkey_sign_in": "guarded by the signed challenge",
    "account.pin": "guarded by the phone's cookie and its PIN",
    "setup.index": "the first run has no user yet; guarded by a one-time code",
    "setup.metrics": "for this machine and the administrator; tells no data",
    "setup.healthz": "asked by the watch of the server; tells no data",
}

#: Views that answer POST without committing, each with its reason.
WRITES_NOTHING = {
    "account.passkey_offer": "only the cookie",
    "account.own_passkeys": "only the cookie",
    "account.language": "only the cookie",
}


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app({"SECRET_KEY": "x" * 40, "DATABASE_URL": "sqlite://"})


def test_every_view_has_a_permission_of_the_table(app: Flask) -> None:
    wrong = {
        endpoint: getattr(view, "permission", "none at all")
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and getattr(view, "permission", "none at all") not in {*PERMISSIONS, None}
    }

    assert wrong == {}


def test_only_these_views_are_public(app: Flask) -> None:
    public = {
        endpoint for endpoint, view in app.view_functions.items() if endpoint != "static" and view.permission is None
    }

    assert public - set(PUBLIC) == set()


def test_every_permission_is_used_by_a_view_or_a_rule(app: Flask) -> None:
    code = "".join((source.ROOT / path).read_text(encoding="utf-8") for path in source.trees())
    templates = "".join(path.read_text(encoding="utf-8") for path in (source.ROOT / "templates").rglob("*.html"))

    unused = {name for name in PERMISSIONS if (code + templates).count(f'"{name}"') < 2}

    assert unused == set()


def test_every_role_may_do_something() -> None:
    assert set(access.Role) == set().union(*PERMISSIONS.values())


def test_addresses_are_kebab_case_nouns(app: Flask) -> None:
    wrong = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        and not re.fullmatch(r"(/([a-z][a-z0-9-]*|<[a-z]+(\([^)]*\))?:[a-z_]+>))*/?", rule.rule)
    ]

    assert wrong == []


def test_keys_in_addresses_are_whole_numbers(app: Flask) -> None:
    wrong = [
        rule.rule
        for rule in app.url_map.iter_rules()
        for name, converter in rule._converters.items()
        if name.endswith("_id") and not isinstance(converter, KeyConverter)
    ]

    assert wrong == []


def _views(app: Flask) -> dict[str, tuple[set[str], set[str]]]:
    """{endpoint: (its methods, everything its function calls in its own module)}."""
    found = {}
    for endpoint, view in app.view_functions.items():
        path = view.__module__.replace(".", "/") + ".py"
        if path not in source.trees():
            continue
        functions = source.functions_beside(path)
        methods = set().union(*(rule.methods for rule in app.url_map.iter_rules() if rule.endpoint == endpoint))
        found[endpoint] = (methods, source.names_called(functions[view.__name__], functions))
    return found


_SAVES = {"saved", "saving.saved", "db.session.commit"}


def test_a_page_that_only_reads_commits_nothing(app: Flask) -> None:
    writing = {
        endpoint for endpoint, (methods, calls) in _views(app).items() if "POST" not in methods and calls & _SAVES
    }

    assert writing == set()


def test_a_view_that_takes_a_form_commits(app: Flask) -> None:
    forgetful = {
        endpoint for endpoint, (methods, calls) in _views(app).items() if "POST" in methods and not calls & _SAVES
    }

    assert forgetful - set(WRITES_NOTHING) == set()


#: Views that take a form and need no key against sending twice, each with its reason.
WITHOUT_KEY = {
    "account.sign_in": "nobody is signed in yet",
    "account.sign_out": "twice is once",
    "account.leave": "twice is once",
    "account.second_step": "no code is taken twice",
    "account.enrol_phone": "no code is taken twice",
    "account.pin": "nobody is signed in yet",
    "account.end_device": "the second finds nothing",
    "account.passkey_offer": "only the cookie",
    "account.passkey_sign_in": "no challenge is taken twice",
    "account.own_passkeys": "only the cookie",
    "account.add_passkey": "no challenge is taken twice",
    "account.remove_passkey": "the second finds nothing",
    "account.end_devices": "twice is once",
    "account.set_up_second_factor": "no code is taken twice",
    "account.renew_recovery_codes": "the last codes shown are the ones that open",
    "account.remove_second_factor": "twice is once",
    "admin.end_phones": "twice is once",
    "admin.remove_second_factor": "twice is once",
    "drafts.keep": "the last of them is what was typed",
    "drafts.discard": "twice is once",
    "account.show": "twice is once",
    "account.password": "the second copy brings the wrong current password",
    "account.language": "only the cookie",
    "children.find": "keeps the words of a search",
    "children.look_before_add": "keeps the words of a search",
    "households.find": "keeps the words of a search",
    "households.choose": "twice is once",
    "review.seen": "twice is once",
    "imports.discard": "twice is once",
    "admin.enable": "twice is once",
    "admin.disable": "twice is once",
    "admin.delete_day": "the second finds nothing",
    "reports.delete_duty_done": "the second finds nothing",
    "workbooks.download_list": "makes a file and logs it; changes no record",
    "workbooks.make": "a download; each one is logged",
    "setup.index": "the first run ends with its first answer",
}


def test_the_same_form_sent_twice_is_thought_of(app: Flask) -> None:
    forgetful = {
        endpoint
        for endpoint, (methods, calls) in _views(app).items()
        if "POST" in methods and not calls & {"answered_before", "saving.answered_before"}
    }

    assert forgetful - set(WITHOUT_KEY) == set()


def test_views_are_short(app: Flask) -> None:
    long = {}
    for endpoint, view in app.view_functions.items():
        path = view.__module__.replace(".", "/") + ".py"
        if path in source.trees():
            node = source.functions(source.trees()[path])[view.__name__]
            long[endpoint] = node.end_lineno - node.lineno + 1

    assert {endpoint: lines for endpoint, lines in long.items() if lines > 30} == {}
