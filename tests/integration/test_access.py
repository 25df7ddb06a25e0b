"""Every route × every role × own village, other village, other commune, unknown: as PERMISSIONS and app/access.py say."""

import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.routing import Rule

from app import create_app
from app.permissions import PERMISSIONS
from models import Role, User, Village, db
from tests.conftest import rolled_back
from tests.integration.world import World
from tests.make import Make
from tests.page import Client

UNKNOWN = 987_654_321

#: The record behind a parameter of an address. A new parameter needs a line here.
RECORDS = {
    "child_id": lambda world: world.child.id,
    "household_id": lambda world: world.household.id,
    "status_id": lambda world: world.status.id,
    "relative_id": lambda world: world.relative.id,
    "circumstance_id": lambda world: world.circumstance.id,
    "disability_id": lambda world: world.disability.id,
    "allowance_id": lambda world: world.allowance.id,
    "answer_id": lambda world: world.answer.id,
    "incident_id": lambda world: world.incident.id,
    "list_id": lambda world: world.child_list.id,
    "filter_id": lambda world: world.saved_filter.id,
    "movement_id": lambda world: world.movement.id,
    "service_id": lambda world: world.service.id,
    "inspection_id": lambda world: world.inspection.id,
    "service_batch_id": lambda world: world.service_batch.id,
    "act_id": lambda world: world.bulk_act.id,
    "provider_id": lambda world: world.provider.id,
    "item_id": lambda world: world.review_item.id,
    "report_id": lambda world: world.report.id,
    "case_id": lambda world: world.case.id,
    "plan_id": lambda world: world.plan.id,
    "action_id": lambda world: world.action.id,
    "measure_id": lambda world: world.measure.id,
    "other_id": lambda world: world.child.id,
    "merge_id": lambda world: world.merge.id,
    "consent_id": lambda world: world.consent.id,
    "request_id": lambda world: world.subject_request.id,
    "breach_id": lambda world: world.breach.id,
    "protocol_id": lambda world: world.protocol.id,
    "erasure_id": lambda world: world.erasure.id,
    "request_limit_id": lambda world: world.request_limit.id,
    "referral_id": lambda world: world.referral.id,
    "transfer_id": lambda world: world.transfer.id,
    "attachment_id": lambda world: world.attachment.id,
    "carer_id": lambda world: world.carer.id,
    "placement_id": lambda world: world.placement.id,
    "limit_id": lambda world: world.limit.id,
    "duty_id": lambda world: world.duty.id,
    "done_id": lambda world: world.duty_done.id,
    "band_id": lambda world: world.age_band.id,
    "batch_id": lambda world: world.batch.id,
    "job_id": lambda world: world.job.id,
    "export_id": lambda world: world.export.id,
    "user_id": lambda world: world.user.id,
    "village_id": lambda world: world.village.id,
    "office_id": lambda world: world.office.id,
    "day_id": lambda world: world.day.id,
    "number": lambda _world: 0,
    "base_id": lambda world: world.base.id,
    "kind_code": lambda world: world.kind.code,
}

#: Records shared by a whole commune: another village's are one's own.
OF_THE_COMMUNE = {
    "act_id",
    "number",
    "provider_id",
    "inspection_id",
    "user_id",
    "office_id",
    "day_id",
    "base_id",
    "kind_code",
    "limit_id",
    "duty_id",
    "done_id",
    "band_id",
    "merge_id",
    "request_id",
    "request_limit_id",
    "erasure_id",
    "breach_id",
    "protocol_id",
}

#: Parameters that count within the record before them, not keys of records.
COUNTED = {"number"}

#: Where an address means another record by the same name.
RECORDS_OF: dict[tuple[str, str], Callable[[World], int]] = {
    ("cases.edit_record", "record_id"): lambda world: world.conference.id,
    ("cases.edit_follow_up", "record_id"): lambda world: world.follow_up.id,
    ("cases.edit_extension", "record_id"): lambda world: world.extension.id,
    ("care.edit_evaluation", "record_id"): lambda world: world.evaluation.id,
    ("cases.concern_who", "report_id"): lambda world: world.draft.id,
    ("cases.concern_what", "report_id"): lambda world: world.draft.id,
    ("cases.concern_informant", "report_id"): lambda world: world.draft.id,
    **{
        (f"reports.{view}", "report_id"): lambda world: world.period_report.id
        for view in ("show", "again", "decide", "send", "compare", "download", "rows")
    },
    ("cases.open_case", "report_id"): lambda world: world.open_report.id,
    ("cases.answer_concern", "report_id"): lambda world: world.open_report.id,
}

#: Pages that are about a record named in the query.
QUERY_NEEDED = {"services.new": lambda world: f"?child={world.child.id}"}

#: Words in addresses, with one that is known; an unknown one is not found.
WORDS = {
    "name": "district",
    "record_class": "child",
    "workbook": "district",
    "step": "conference",
    "form": "mau-01",
    "care_form": "mau-10",
    "carer_form": "mau-11",
}

#: Views that reach only what the person entered herself, whatever her role.
OF_THE_AUTHOR = {
    "review.seen",
    "cases.concern_seen",
    "cases.concern_who",
    "cases.concern_what",
    "cases.concern_informant",
    "jobs.show",
    "workbooks.show_list",
    "workbooks.edit_list",
    "workbooks.delete_list",
    "workbooks.download_list",
    "choices.rename_filter",
    "choices.delete_filter",
    "choices.restore_filter",
    "jobs.download",
}

#: Names under which pages take a key from the query; tried with keys of foreign records.
QUERY_NAMES = {
    "village": "village_id", "child": "child_id", "household": "household_id", "sibling": "child_id",
    "case": "case_id", "report": "report_id", "service": "service_id", "provider": "provider_id",
    "user": "user_id", "batch": "batch_id", "item": "item_id", "after": "child_id", "before": "child_id",
    "assigned": "user_id", "who": "user_id", "placement": "placement_id", "consent": "consent_id",
}  # fmt: skip

WELL = {200, 202, 303, 302}


def _app() -> Flask:
    return create_app({"SECRET_KEY": "x" * 40, "DATABASE_URL": "sqlite://"})


APP = _app()
RULES = sorted(
    (rule for rule in APP.url_map.iter_rules() if rule.endpoint != "static"),
    key=lambda rule: (rule.endpoint, rule.rule),
)
GUARDED = [rule for rule in RULES if APP.view_functions[rule.endpoint].permission is not None]
WITH_RECORD = [rule for rule in GUARDED if rule.arguments]


def _named(rule: Rule) -> str:
    return f"{rule.endpoint} {rule.rule}"


def _permission(rule: Rule) -> str:
    return APP.view_functions[rule.endpoint].permission


def _methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) & {"GET", "POST"})


@dataclass
class People:
    """The commune's people by role with a signed-in browser each, and the worlds around them."""

    users: dict[Role, User]
    browsers: dict[Role, Client]
    own: World
    elsewhere: World
    abroad: World


@pytest.fixture(scope="module")
def people(app: Flask) -> Iterator[People]:
    """Made once for all tests of this file: every request is undone."""
    with rolled_back(app):
        make = Make()
        village = make.village("Thôn Nhà")
        users = {role: make.user(role.value, village=village) for role in Role}
        own = World(make, village, users[Role.COLLABORATOR], "Nhàmình")
        elsewhere = _world(make, make.village("Thôn Khác"), "Thônkhác")
        abroad = _world(make, make.village("Thôn Xãkhác", make.commune("xã Xãkhác")), "Xãkhác")
        browsers = {role: app.test_client().sign_in(user) for role, user in users.items()}
        let_go()
        yield People(users, browsers, own, elsewhere, abroad)


def let_go() -> None:
    """Keep what was read of every record, so that the thousands of requests to come do not read it again and again."""
    for record in list(db.session):
        db.session.refresh(record)
    db.session.expunge_all()


def _world(make: Make, village: Village, mark: str) -> World:
    return World(make, village, make.user("collaborator", village=village, full_name=f"Vũ {mark}"), mark)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written meanwhile is undone, so that one set of records serves many requests."""
    db.session.rollback()
    undo = db.engine.begin_nested()  # the engine is the test's connection
    try:
        yield
    finally:
        db.session.rollback()
        undo.rollback()
        db.session.expire_all()


def send(client: Client, method: str, address: str, **options: object) -> tuple[int, str]:
    """Ask for a page with a copy of this browser; its status and, of a page, its text."""
    copy = client.application.test_client()
    if cookie := client.get_cookie("mangnon"):
        copy.set_cookie("mangnon", cookie.value)
    with undone(), copy.open(address, method=method, **options) as response:
        return response.status_code, response.get_data(as_text=True) if response.mimetype.startswith("text/") else ""


def key(rule: Rule, name: str, world: World | None) -> object:
    """What stands for a parameter: a known word, or the key of this world's record; of no record there is for None."""
    if name in WORDS:
        return WORDS[name] if world else "khong-co"
    record = RECORDS_OF.get((rule.endpoint, name)) or RECORDS.get(name)
    assert record, f"say in RECORDS of {__name__} which record of World stands behind <{name}> of {rule.endpoint}"
    return record(world) if world else UNKNOWN


def address_of(rule: Rule, world: World | None, **others: World | None) -> str:
    """The address with the keys of this world's records; `others` says which parameters come from another one."""
    keys = {name: key(rule, name, others.get(name, world)) for name in rule.arguments}
    address = re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", lambda found: str(keys[found[1]]), rule.rule)
    return address + QUERY_NEEDED[rule.endpoint](world) if rule.endpoint in QUERY_NEEDED else address


def _keys(rule: Rule, where: str) -> list[str]:
    """The parameters for which a record from there is out of scope."""
    shared = {"unknown": set(), "other commune": {*WORDS, *COUNTED}, "other village": set(WORDS) | OF_THE_COMMUNE}
    return sorted(set(rule.arguments) - shared[where])


@pytest.mark.any_database
@pytest.mark.parametrize("rule", GUARDED, ids=_named)
def test_a_role_without_the_permission_is_refused(rule: Rule, people: People) -> None:
    holders = PERMISSIONS[_permission(rule)]
    found = {}
    for role in set(Role) - holders:
        for method in _methods(rule):
            found[role.value, method] = send(people.browsers[role], method, address_of(rule, people.own))[0]

    assert found == dict.fromkeys(found, 403)


@pytest.mark.parametrize("rule", GUARDED, ids=_named)
def test_a_role_with_the_permission_is_served(rule: Rule, people: People) -> None:
    wrong = {}
    for role in PERMISSIONS[_permission(rule)]:
        for method in _methods(rule):
            status, text = send(people.browsers[role], method, address_of(rule, people.own))
            if rule.endpoint in OF_THE_AUTHOR and role is not Role.COLLABORATOR:
                continue
            allowed = WELL if method == "GET" else {*WELL, 400, 409, 422}
            if status not in allowed:
                wrong[role.value, method] = status
            assert "Thônkhác" not in text or role is not Role.COLLABORATOR
            assert "Xãkhác" not in text

    assert wrong == {}


@pytest.mark.parametrize("rule", WITH_RECORD, ids=_named)
def test_a_record_out_of_scope_is_not_found(rule: Rule, people: People) -> None:
    found = {}
    for role in PERMISSIONS[_permission(rule)]:
        worlds = {"unknown": None, "other commune": people.abroad}
        if role is Role.COLLABORATOR:
            worlds["other village"] = people.elsewhere
        for where, world in worlds.items():
            for name in _keys(rule, where):
                address = address_of(rule, people.own, **{name: world})
                for method in _methods(rule):
                    found[role.value, method, where, name] = send(people.browsers[role], method, address)[0]

    assert found == dict.fromkeys(found, 404)


@pytest.mark.parametrize("rule", [rule for rule in GUARDED if "GET" in rule.methods], ids=_named)
def test_keys_of_foreign_records_in_the_query_open_nothing(rule: Rule, people: People) -> None:
    for role in PERMISSIONS[_permission(rule)]:
        for world in [people.abroad, *([people.elsewhere] if role is Role.COLLABORATOR else [])]:
            for query in _foreign_queries(rule, world):
                address = address_of(rule, people.own).partition("?")[0]
                status, text = send(people.browsers[role], "GET", address, query_string=query)
                assert status in {*WELL, 404, 400}, (role.value, query)
                assert world.mark not in text, (role.value, query)


def _foreign_queries(rule: Rule, world: World) -> list[dict[str, int]]:
    """All foreign keys at once, and alone each that the view's module reads by name."""
    keys = {name: RECORDS[record](world) for name, record in QUERY_NAMES.items()}
    source = Path(inspect.getfile(inspect.unwrap(APP.view_functions[rule.endpoint]))).read_text(encoding="utf-8")
    return [keys, *({name: value} for name, value in keys.items() if f'"{name}"' in source)]


@pytest.mark.any_database
@pytest.mark.parametrize("rule", GUARDED, ids=_named)
def test_nobody_is_served_without_signing_in(rule: Rule, app: Flask, people: People) -> None:
    stranger = app.test_client()

    found = {method: send(stranger, method, address_of(rule, people.own))[0] for method in _methods(rule)}

    assert found == dict.fromkeys(found, 303)


@pytest.mark.any_database
@pytest.mark.parametrize("rule", GUARDED, ids=_named)
def test_a_disabled_account_is_served_nothing(rule: Rule, people: People) -> None:
    with undone():
        db.session.execute(update(User).values(is_enabled=False))
        db.session.commit()
        found = {
            (role.value, method): send(people.browsers[role], method, address_of(rule, people.own))[0]
            for role in Role
            for method in _methods(rule)
        }

    assert found == dict.fromkeys(found, 303)


def test_the_public_pages_are_these() -> None:
    public = {rule.endpoint for rule in RULES} - {rule.endpoint for rule in GUARDED}

    assert public == PUBLIC


#: Pages open to everybody. A new one must be thought about.
PUBLIC = {
    "account.leave",
    "account.calendar",
    "account.sign_in",
    "account.second_step",
    "account.pin",
    "account.enrol_phone",
    "account.passkey_offer",
    "account.passkey_sign_in",
    "account.language",
    "setup.index",
    "setup.healthz",
    "setup.metrics",
}
