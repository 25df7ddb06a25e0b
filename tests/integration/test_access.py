"""Every route × every role × own village, other village, other commune, unknown: as PERMISSIONS and app/access.py say."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app import access, create_app
from models import Role, User, UserVillage, db
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
    "movement_id": lambda world: world.movement.id,
    "service_id": lambda world: world.service.id,
    "provider_id": lambda world: world.provider.id,
    "item_id": lambda world: world.review_item.id,
    "report_id": lambda world: world.report.id,
    "case_id": lambda world: world.case.id,
    "plan_id": lambda world: world.plan.id,
    "action_id": lambda world: world.action.id,
    "measure_id": lambda world: world.measure.id,
    "batch_id": lambda world: world.batch.id,
    "export_id": lambda world: world.export.id,
    "user_id": lambda world: world.user.id,
    "village_id": lambda world: world.village.id,
    "office_id": lambda world: world.office.id,
    "day_id": lambda world: world.day.id,
    "kind_code": lambda world: world.kind.code,
}

#: Records shared by a whole commune: another village's are one's own.
OF_THE_COMMUNE = {"provider_id", "user_id", "office_id", "day_id", "kind_code"}

#: Parameters that are words of the program, with one that is known; an unknown one is not found.
WORDS = {"name": "district", "workbook": "district"}

#: Parameters of addresses whose record only its own author reaches, officers included.
OF_THE_AUTHOR = {"review.seen"}

#: Names under which pages take a key from the query; tried with keys of foreign records.
QUERY_NAMES = {
    "village": "village_id", "child": "child_id", "household": "household_id", "sibling": "child_id",
    "case": "case_id", "report": "report_id", "service": "service_id", "provider": "provider_id",
    "user": "user_id", "batch": "batch_id", "item": "item_id", "after": "child_id", "before": "child_id",
    "assigned": "user_id", "who": "user_id",
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
    """The commune's people by role, the worlds around them, and a signed-in browser for each."""

    users: dict[Role, User]
    browsers: dict[Role, Client]
    own: dict[Role, World]
    elsewhere: World
    abroad: World


@pytest.fixture
def people(app: Flask, make: Make) -> People:
    village = make.village("Thôn Nhà")
    users = {role: make.user(role.value, village=village) for role in Role}
    collaborator = users[Role.COLLABORATOR]
    own = World(make, village, collaborator, "Nhàmình")
    stranger = make.user("collaborator", village=make.village("Thôn Khác"))
    elsewhere = World(make, db.session.get_one(UserVillage, (stranger.id, next(iter(stranger.village_ids)))).village,
                      stranger, "Thônkhác")  # fmt: skip
    far = make.commune("xã Xãkhác")
    foreign = make.user("collaborator", village=make.village("Thôn Xãkhác", far), full_name="Vũ Xãkhác")
    abroad = World(make, db.session.get_one(UserVillage, (foreign.id, next(iter(foreign.village_ids)))).village,
                   foreign, "Xãkhác")  # fmt: skip
    browsers = {role: app.test_client().sign_in(user) for role, user in users.items()}
    return People(users, browsers, dict.fromkeys(Role, own), elsewhere, abroad)


@pytest.fixture
def send(session: object) -> Iterator[object]:
    """Ask for a page and undo what it wrote, so that one set of records serves many requests."""

    def ask(client: Client, method: str, address: str, **options: object) -> tuple[int, str]:
        undo = db.engine.begin_nested()  # the engine is the test's connection
        try:
            response = client.open(address, method=method, **options)
            return response.status_code, response.get_data(as_text=response.mimetype.startswith("text/"))
        finally:
            undo.rollback()
            db.session.expire_all()

    yield ask


def address_of(rule: Rule, world: World | None) -> str:
    """The address with the keys of this world's records; of no record there is for None."""
    values = {}
    for name in rule.arguments:
        if name in WORDS:
            values[name] = WORDS[name] if world else "khong-co"
            continue
        assert name in RECORDS, f"say in RECORDS of {__name__} which record of World stands behind <{name}>"
        value = RECORDS[name](world) if world else UNKNOWN
        values[name] = (
            value if not world or rule._converters[name].__class__.__name__ != "IntegerConverter" else int(value)
        )
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), rule.rule)


def out_of_scope(rule: Rule, role: Role) -> bool:
    """Whether a record of another village of the commune is out of this role's scope."""
    return role is Role.COLLABORATOR and not set(rule.arguments) <= OF_THE_COMMUNE | set(WORDS)


@pytest.mark.parametrize("rule", GUARDED, ids=_named)
def test_a_role_without_the_permission_is_refused(rule: Rule, people: People, send) -> None:
    holders = access.PERMISSIONS[_permission(rule)]
    found = {}
    for role in set(Role) - holders:
        for method in _methods(rule):
            found[role.value, method] = send(people.browsers[role], method, address_of(rule, people.own[role]))[0]

    assert found == dict.fromkeys(found, 403)


@pytest.mark.parametrize("rule", GUARDED, ids=_named)
def test_a_role_with_the_permission_is_served(rule: Rule, people: People, send) -> None:
    wrong = {}
    for role in access.PERMISSIONS[_permission(rule)]:
        for method in _methods(rule):
            status, text = send(people.browsers[role], method, address_of(rule, people.own[role]))
            if rule.endpoint in OF_THE_AUTHOR and role is not Role.COLLABORATOR:
                continue
            allowed = WELL if method == "GET" else {*WELL, 400, 409, 422}
            if status not in allowed:
                wrong[role.value, method] = status
            assert "Thônkhác" not in text or role is not Role.COLLABORATOR
            assert "Xãkhác" not in text

    assert wrong == {}


@pytest.mark.parametrize("rule", WITH_RECORD, ids=_named)
def test_a_record_out_of_scope_is_not_found(rule: Rule, people: People, send) -> None:
    found = {}
    for role in access.PERMISSIONS[_permission(rule)]:
        worlds = {"unknown": None}
        if not set(rule.arguments) <= set(WORDS):
            worlds["other commune"] = people.abroad
        if out_of_scope(rule, role):
            worlds["other village"] = people.elsewhere
        for where, world in worlds.items():
            for method in _methods(rule):
                found[role.value, method, where] = send(people.browsers[role], method, address_of(rule, world))[0]

    assert found == dict.fromkeys(found, 404)


@pytest.mark.parametrize("rule", [rule for rule in GUARDED if "GET" in rule.methods], ids=_named)
def test_keys_of_foreign_records_in_the_query_open_nothing(rule: Rule, people: People, send) -> None:
    for role in access.PERMISSIONS[_permission(rule)]:
        for world in (people.elsewhere, people.abroad):
            if world is people.elsewhere and role is not Role.COLLABORATOR:
                continue
            for name, record in QUERY_NAMES.items():
                status, text = send(
                    people.browsers[role], "GET", address_of(rule, people.own[role]),
                    query_string={name: RECORDS[record](world)},
                )  # fmt: skip
                assert status in {*WELL, 404, 400}, (role.value, name)
                assert world.mark not in text, (role.value, name)


@pytest.mark.parametrize("rule", GUARDED, ids=_named)
def test_nobody_is_served_without_signing_in(rule: Rule, app: Flask, people: People, send) -> None:
    stranger = app.test_client()

    found = {method: send(stranger, method, address_of(rule, people.own[Role.OFFICER]))[0] for method in _methods(rule)}

    assert found == dict.fromkeys(found, 303)


@pytest.mark.parametrize("rule", GUARDED, ids=_named)
def test_a_disabled_account_is_served_nothing(rule: Rule, people: People, send) -> None:
    for user in people.users.values():
        user.is_enabled = False
    db.session.commit()

    found = {
        (role.value, method): send(people.browsers[role], method, address_of(rule, people.own[role]))[0]
        for role in Role
        for method in _methods(rule)
    }

    assert found == dict.fromkeys(found, 303)


def test_the_public_pages_are_these() -> None:
    public = {rule.endpoint for rule in RULES} - {rule.endpoint for rule in GUARDED}

    assert public == PUBLIC


#: Pages open to everybody. A new one must be thought about.
PUBLIC = {"account.sign_in", "account.language", "setup.index"}
