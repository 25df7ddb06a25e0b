"""PostgreSQL's second wall: for every table, which rows a transaction may read and write, whatever a query forgets to ask.

The first wall is app/access.py, which knows every rule. This one knows communes, a collaborator's villages and what
is her own, and takes its word from models/reach.py. Most tables need no line here: `condition` derives theirs from
their columns. docs/decisions/0070-row-security.md.
"""

import hashlib
from collections.abc import Iterator

from sqlalchemy import Connection, Table, text

from models.base import Base

# Each is asked once for a whole statement, not for each row: that is what the SELECT around them is for.
INSTALLATION = "(SELECT current_setting('mangnon.reach', true) = 'installation')"
SIGN_IN = "(SELECT current_setting('mangnon.reach', true) = 'sign_in')"
ANYBODY = "(SELECT coalesce(current_setting('mangnon.reach', true), '') NOT IN ('', 'nothing'))"
COMMUNE = "(SELECT nullif(current_setting('mangnon.commune', true), '')::int)"
ME = "(SELECT nullif(current_setting('mangnon.person', true), '')::int)"
WHOLE = "(SELECT current_setting('mangnon.villages', true) = '*')"
_VILLAGES = "(SELECT nullif(nullif(current_setting('mangnon.villages', true), ''), '*')::int[])"
MY_VILLAGE = f"village_id = ANY ({_VILLAGES}::int[])"

#: What a record is always part of, by the name of its key: who sees the whole sees the part. The first that fits counts.
PARENTS = {
    "child_id": "children",
    "case_id": "cases",
    "plan_id": "case_plans",
    "placement_id": "care_placements",
    "household_id": "households",
    "disability_id": "disabilities",
    "batch_id": "import_batches",
    "report_id": "period_reports",
    "user_id": "users",
}

#: Questions asked of each row for a collaborator only. Functions, because PostgreSQL would plan a condition inside a
#: condition inside a condition anew for every table of every query: the figures of a report took minutes that way.
FUNCTIONS = {
    "sees_child": "SELECT 1 FROM public.children WHERE id = key",
    "sees_case": "SELECT 1 FROM public.cases WHERE id = key",
    "sees_plan": "SELECT 1 FROM public.case_plans WHERE id = key",
    "sees_placement": "SELECT 1 FROM public.care_placements WHERE id = key",
    "sees_report": "SELECT 1 FROM public.intake_reports WHERE id = key",
    "works_for_child": (
        "SELECT 1 FROM public.cases WHERE child_id = key UNION ALL SELECT 1 FROM public.intake_reports WHERE child_id = key"
    ),
    "works_with_carer": "SELECT 1 FROM public.care_placements WHERE carer_id = key",
}
#: The same as sees_child answers, as a whole: asked once for a statement that looks at many rows, where a question for each
#: row is dear. For a single row that one is cheaper.
SEEN_CHILDREN = (
    f"SELECT id FROM public.children WHERE {MY_VILLAGE}"  # noqa: S608 – our own words
    " UNION SELECT child_id FROM public.cases WHERE child_id IS NOT NULL"
    " UNION SELECT child_id FROM public.intake_reports WHERE child_id IS NOT NULL"
)
_ASKED_BY = {
    "children": "sees_child",
    "cases": "sees_case",
    "case_plans": "sees_plan",
    "care_placements": "sees_placement",
}


def commune(narrower: str = "") -> str:
    """One's own commune; `narrower` for those who do not see all of it."""
    own = f"commune_id = {COMMUNE}"
    return f"{own} AND ({WHOLE} OR {narrower})" if narrower else own


def _is_seen(parent: str, key: str) -> str:
    return f"EXISTS (SELECT 1 FROM {parent} seen WHERE seen.id = {key})"  # noqa: S608 – our own table names


_OF_CHILD_AND_CASE = commune("sees_child(child_id) AND (case_id IS NULL OR sees_case(case_id))")
_OWN = commune(f"user_id = {ME}")
_ACCOUNTS = (
    "user_roles", "user_villages", "user_sessions", "second_factors", "recovery_codes", "passkeys", "phone_codes", "phones",
)  # fmt: skip

#: The tables whose columns do not say it.
CONDITIONS: dict[str, str] = {
    "communes": f"id = {COMMUNE}",
    "children": commune(f"{MY_VILLAGE} OR works_for_child(id)"),
    "circumstances": commune("child_id IN (SELECT seen_children())"),
    "households": commune(MY_VILLAGE),
    "intake_reports": commune(f"reported_by_id = {ME}"),
    "cases": commune(f"collaborator_id = {ME} OR sees_report(report_id)"),
    "services": _OF_CHILD_AND_CASE,
    "consents": _OF_CHILD_AND_CASE,
    "attachments": commune("sees_child(child_id) OR sees_case(case_id) OR sees_report(report_id)"),
    "care_placements": commune(f"collaborator_id = {ME} AND sees_child(child_id)"),
    "foster_carers": commune("works_with_carer(id)"),
    "import_batches": _OWN,
    "child_lists": _OWN,
    "saved_filters": _OWN,
    "chosen_columns": _OWN,
    "exports": _OWN,
    "jobs": _OWN,
    "saved_searches": f"user_id = {ME}",
    "form_drafts": f"user_id = {ME}",
    "users": f"{SIGN_IN} OR {commune()}",
    # An attempt by nobody known belongs to no commune.
    "audit_events": f"{SIGN_IN} OR {commune()} OR commune_id IS NULL AND user_id IS NULL",
    "audit_heads": f"{SIGN_IN} OR chain IN (0, {COMMUNE})",
    **{table: f"{SIGN_IN} OR {_is_seen('users', f'{table}.user_id')}" for table in _ACCOUNTS},
}

#: Tables that everybody may read and write who declared any reach at all, each with its reason.
OPEN = {
    "submitted_forms": "random keys and hashes; a key taken in another commune must be seen to be refused",
    "sign_in_attempts": "hashes only, counted over the whole installation before anybody is known",
}

#: What may be read beyond one's own, each with its reason; never written.
READABLE = {
    "ethnic_groups": (ANYBODY, "the State's list, the same for everybody"),
    "circumstance_kinds": (f"{ANYBODY} AND commune_id IS NULL", "the law's list beside a commune's own"),
    "allowance_bases": (f"{ANYBODY} AND commune_id IS NULL", "the law's amounts beside a commune's own"),
    "age_bands": (f"{ANYBODY} AND commune_id IS NULL", "the usual bands beside a commune's own"),
    "audit_checks": (ANYBODY, "counts only; the administrator is told when the trail does not hold"),
    "backup_runs": (ANYBODY, "whoever works here is told when the last good one is old"),
    "request_limits": (f"{ANYBODY} AND commune_id IS NULL", "the law's limits beside a commune's own"),
    "retention_rules": (f"{ANYBODY} AND commune_id IS NULL", "the law's spans beside a commune's own"),
    "communes": (SIGN_IN, "an account is told with its commune"),
    "villages": (SIGN_IN, "an account is told with its villages"),
}

_MARK = "row security "


def condition(table: Table) -> str | None:
    """Which rows of a table are within reach, besides for the whole installation; None where nobody said."""
    if table.name in CONDITIONS:
        return CONDITIONS[table.name]
    if table.name in OPEN:
        return ANYBODY
    if table.name in READABLE and "commune_id" not in table.columns:
        return "false"
    for key, parent in PARENTS.items():
        if key in table.columns and not table.columns[key].nullable:
            if "commune_id" not in table.columns:
                return _is_seen(parent, f"{table.name}.{key}")
            return commune(f"{_ASKED_BY[parent]}({key})" if parent in _ASKED_BY else "")
    return commune() if "commune_id" in table.columns else None


def policies() -> dict[tuple[str, str], str]:
    """{(table, name of the policy): its condition} of the whole schema; a table nobody thought of shows nothing to people."""
    found = {}
    for table in Base.metadata.sorted_tables:
        own = condition(table) or "false"
        found[table.name, "within_reach"] = f"{INSTALLATION} OR ({own})"
        if table.name in READABLE:
            found[table.name, "readable"] = READABLE[table.name][0]
    return found


def statements(app_role: str, owner: str) -> Iterator[str]:
    """The SQL that puts the wall up. One role for all is bound although it owns the tables; else the app's gets its rights."""
    for name, question in FUNCTIONS.items():
        yield (
            f"CREATE FUNCTION {name}(key int) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE"
            f" AS 'BEGIN RETURN EXISTS ({question}); END'"
        )
    yield (
        "CREATE FUNCTION seen_children() RETURNS SETOF int LANGUAGE plpgsql STABLE PARALLEL SAFE"
        f" AS $$BEGIN RETURN QUERY {SEEN_CHILDREN}; END$$"
    )
    for (table, name), rows in policies().items():
        if name == "within_reach":
            force = "FORCE" if app_role == owner else "NO FORCE"
            yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, {force} ROW LEVEL SECURITY"
        yield f"CREATE POLICY {name} ON {table} FOR {'SELECT' if name == 'readable' else 'ALL'} USING ({rows})"
    if app_role == owner:
        return
    role = '"' + app_role.replace('"', '""') + '"'
    yield f"GRANT USAGE ON SCHEMA public TO {role}"
    yield f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}"
    yield f"GRANT SELECT ON alembic_version TO {role}"
    for stored in Base.metadata.sorted_tables:
        # What was written down to be answerable is never changed: triggers say so, and the app may not drop those.
        rights = "SELECT, INSERT" if stored.name == "audit_events" else "SELECT, INSERT, UPDATE, DELETE"
        yield f"GRANT {rights} ON {stored.name} TO {role}"


def owner_of(connection: Connection) -> str | None:
    """Who owns the tables; None while there are none."""
    query = "SELECT tableowner FROM pg_tables WHERE schemaname = 'public' AND tablename = 'alembic_version'"
    return connection.execute(text(query)).scalar()


def _fingerprint(app_role: str, owner: str) -> str:
    return _MARK + hashlib.sha256("\n".join(statements(app_role, owner)).encode()).hexdigest()[:16]


def is_up(connection: Connection, app_role: str) -> bool:
    """Whether the wall stands as this code wants it, for this role."""
    owner = owner_of(connection)
    if owner is None:
        return False
    query = (
        "SELECT obj_description('alembic_version'::regclass) = :mark"
        " AND has_table_privilege(:role, 'children', 'SELECT')"
    )
    return bool(connection.execute(text(query), {"mark": _fingerprint(app_role, owner), "role": app_role}).scalar())


def take_down(connection: Connection) -> None:
    """For a migration: policies would hold on to columns, and hide rows from their owner. Others go on seeing nothing."""
    query = "SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2"
    for table, name in connection.execute(text(query)).all():
        connection.exec_driver_sql(f"DROP POLICY {name} ON {table}")
        connection.exec_driver_sql(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for name in FUNCTIONS:
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}(int)")
    connection.exec_driver_sql("DROP FUNCTION IF EXISTS seen_children()")
    if owner_of(connection) is not None:
        connection.exec_driver_sql("COMMENT ON TABLE alembic_version IS NULL")


def put_up(connection: Connection, app_role: str) -> None:
    """After a migration to this code's schema, in its transaction."""
    owner = owner_of(connection) or app_role
    for statement in statements(app_role, owner):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"COMMENT ON TABLE alembic_version IS '{_fingerprint(app_role, owner)}'")


def is_bypassed(connection: Connection) -> bool:
    """Whether the role of this connection is not bound by any policy: a superuser, or one with BYPASSRLS."""
    query = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    return bool(connection.execute(text(query)).scalar())
