"""Rules about the code that no linter knows."""

import ast
import re
import subprocess
from collections.abc import Iterator

import pytest
from wtforms.fields.core import UnboundField

import models
from app import create_app
from app.forms import RecordForm
from models import fields_of
from models.base import Base
from tests.house import source

#: Records that may be selected only through app/access.py.
PROTECTED = {
    "Allowance", "Attachment", "BreakGlass", "BulkAct", "BulkLine", "CareEvaluation", "CarePlacement", "CareVisit", "Case", "CaseConference", "CaseMember", "Consent", "HandOver", "Referral", "SourceCheck", "Transfer", "CasePlan", "CaseReview", "Child", "Circumstance",
    "ComprehensiveAssessment", "Disability", "EmergencyMeasure", "EntitlementAnswer", "FollowUp", "FosterCarer", "Household", "HouseholdStatus",
    "InitialAssessment", "Inspection", "IntakeReport", "Movement", "PlanAction", "Provider", "Relative", "ReviewItem", "Service", "ServiceBatch",
    "SubjectRequest",
}  # fmt: skip

#: Files that may select protected records themselves, each with its reason.
SELECTS = {
    "app/access.py": "the place where scope is decided",
    "app/rekeying.py": "seals every small key anew, whoever may see what it opens; reads no content",
    "app/demo/": "fills an empty database; nobody is signed in",
    "app/conditions.py": "subqueries of one commune that narrow children already in scope",
    "app/tallies.py": "subqueries of one commune that narrow cases already in scope",
    "app/as_of.py": "subqueries of one commune that narrow children already in scope",
    "app/visible_history.py": "the second half of app/access.py: scope of the change history",
    "app/history.py": "names of what a change already in scope mentions",
    "app/imports/sources.py": "earlier marks of children that planning found in the person's scope",
    "app/merging.py": "moves what belongs to two children that the caller was given by access",
    "app/teamwork.py": "who looked into a case that the caller was given by access",
    "app/transfers.py": "whether this very package was taken in by one's own commune before",
    "app/bulk.py": "what an act in scope changed or made, to take it back",
    "app/review.py": "the waiting items of one child that the caller was given by access",
    "app/erasing.py": "what belongs to records that a second person agreed to erase",
    "app/explaining.py": "says to the operator at the console which rule hides or shows a record",
    "app/duplicates.py": "compares inside the commune, and tells only of what is in scope",
    "app/imports/matching.py": "compares a list with the commune it is read for",
    "app/imports/plan.py": "compares a list with the commune it is read for",
    "app/imports/apply.py": "writes a plan made under the same person's scope",
    "app/imports/undo.py": "takes back what a batch in scope has written",
}

#: Core statements bypass the history; files that may use them, each with its reason.
WRITES_IN_BULK = {
    "app/demo/": "fills an empty database, which has no history to keep",
    "app/history.py": "writes the history itself",
    "app/saving.py": "counters have no history",
    "app/drafts.py": "what is not saved yet has no history",
    "app/jobs.py": "jobs have no history; what they change has",
    "app/imports/bulk.py": "writes the history of what it writes",
    "app/imports/apply.py": "rows of a list have no history; the records they make have",
    "app/erasing.py": "erases, the history itself included",
    "app/imports/batches.py": "rows of a list have no history; the records they make have",
    "migrations/": "schema",
}


def _allowed(path: str, table: dict[str, str]) -> bool:
    return any(path == entry or (entry.endswith("/") and path.startswith(entry)) for entry in table)


def _first_name(call: ast.Call) -> set[str]:
    """The names of models among what a call is given."""
    given: set[str] = set()
    for argument in call.args:
        name = ast.unparse(argument).removeprefix("models.")
        given.add(name.split(".")[0])
    return given


def test_only_access_selects_protected_records() -> None:
    found = [
        f"{path}:{call.lineno} {ast.unparse(call)[:80]}"
        for path, tree in source.trees().items()
        if not _allowed(path, SELECTS)
        for name, call in source.calls(tree)
        if name in {"select", "sa.select"} and _first_name(call) & PROTECTED
    ]

    assert found == [], "start at an access.visible_…(user), or say in SELECTS why not"


def test_only_access_gets_protected_records_by_key() -> None:
    found = [
        f"{path}:{call.lineno} {ast.unparse(call)[:80]}"
        for path, tree in source.trees().items()
        if not _allowed(path, SELECTS)
        for name, call in source.calls(tree)
        if re.search(r"session(\(\))?\.get(_one)?$", name) and _first_name(call) & PROTECTED
    ]

    assert found == [], "use access.get_…(user, id)"


def test_nothing_asks_by_the_old_query_interface() -> None:
    found = [path for path, tree in source.trees().items() for name, _ in source.calls(tree) if ".query." in f"{name}."]

    assert [path for path in found if "session.query" in path] == []


def test_core_statements_do_not_bypass_the_history() -> None:
    found = [
        f"{path}:{call.lineno} {ast.unparse(call)[:80]}"
        for path, tree in source.trees().items()
        if not _allowed(path, WRITES_IN_BULK)
        for name, call in source.calls(tree)
        if name in {"update", "delete", "insert", "sa.update", "sa.delete", "sa.insert"} and call.args
    ]

    assert found == []


def test_only_the_clock_reads_the_clock() -> None:
    found = [
        f"{path}:{call.lineno}"
        for path, tree in source.trees().items()
        if path not in {"app/clock.py", "models/base.py"} and not path.startswith("migrations/")
        for name, call in source.calls(tree)
        if re.search(r"(^|\.)(datetime\.now|datetime\.utcnow|date\.today|time\.time)$", name)
    ]

    assert found == []


def test_public_functions_say_what_they_do() -> None:
    found = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in source.trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and node in tree.body
        and not ast.get_docstring(node)
    ]

    assert found == []


def test_every_deadline_cites_its_source() -> None:
    path = "app/deadlines.py"
    assert path in source.trees()

    functions = {
        name: node
        for name, node in source.functions(source.trees()[path]).items()
        if not name.startswith("_") and name.endswith("_due")
    }
    assert functions
    silent = [
        name for name, node in functions.items() if not re.search(r"NĐ|Luật|TT|Đ\d", ast.get_docstring(node) or "")
    ]

    assert silent == []


#: Fields that stand on no form made by record_form, each with the place where they are set.
ON_NO_FORM: dict[str, str] = {
    "Case.child_id": "its own page: search first",
    "CaseMember.user_id": "its own form, which offers who may join",
    "IntakeReport.child_id": "its own page: search first",
    "Child.household_id": "its own page: search first",
    "User.language": "one's own account",
    "User.is_enabled": "buttons of its own",
    "Movement.kind": "chosen on the page of movements",
    "Movement.happened_on": "the page of movements asks the same for all kinds",
    "Movement.note": "the page of movements asks the same for all kinds",
    "Movement.place": "the page of movements asks the same for all kinds",
}


def _forms(base: type = RecordForm) -> Iterator[type]:
    for form in base.__subclasses__():
        yield form
        yield from _forms(form)


def _fields_on_forms() -> set[str]:
    """ "Model.field" of every form made by record_form: it names the class after the model."""
    create_app({"SECRET_KEY": "x" * 40, "DATABASE_URL": "sqlite://"})
    return {
        f"{made.__name__.removesuffix('Form')}.{name}"
        for form in _forms()
        for made in form.__mro__
        if issubclass(made, RecordForm)
        for name in dir(made)
        if isinstance(getattr(made, name), UnboundField)
    }


def test_every_declared_field_is_on_a_form_or_internal() -> None:
    declared = {
        f"{mapper.class_.__name__}.{name}"
        for mapper in Base.registry.mappers
        for name, facts in fields_of(mapper.class_).items()
        if not facts.internal
    }

    assert declared - _fields_on_forms() - set(ON_NO_FORM) == set()


def test_every_model_is_reexported() -> None:
    missing = {mapper.class_.__name__ for mapper in Base.registry.mappers} - set(models.__all__)

    assert missing == set()


def _tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=source.ROOT, capture_output=True, text=True, check=False)
    return listed.stdout.splitlines()


#: Words that must not be in the tree: machines and registries of those who wrote it, unfinished work.
FORBIDDEN = re.compile(r"(?<![\w.])/(?:home|root|Users|work)/\w+|index-url\s*=|\b(?:TODO|FIXME|XXX)\b", re.I)


def test_no_forbidden_words_in_the_tree() -> None:
    if not (source.ROOT / ".git").exists():
        pytest.skip("not a clone")
    found = []
    for name in _tracked():
        path = source.ROOT / name
        if name.startswith(("app/static/vendor/", "tests/house/test_code.py")) or path.suffix in {
            ".js",
            ".xlsx",
            ".xls",
        }:
            continue
        if path.is_file():
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
            found += [f"{name}: {match[0]}" for match in FORBIDDEN.finditer(text)]

    assert found == []


def test_the_readme_names_files_that_exist() -> None:
    readme = (source.ROOT / "README.md").read_text(encoding="utf-8")
    paths = re.findall(r"`((?:app|models|blueprints|templates|migrations|tests|docs)/[\w./-]*)`", readme)

    assert paths
    assert [path for path in paths if not (source.ROOT / path).exists()] == []


def test_generated_pages_of_the_docs_are_fresh() -> None:
    app = create_app({"SECRET_KEY": "x" * 40, "DATABASE_URL": "sqlite://"})

    done = app.test_cli_runner().invoke(args=["docs", "--check"])

    assert done.exit_code == 0, done.output


def test_files_stay_small() -> None:
    long = {
        path: lines
        for path in source.trees()
        if not path.startswith("migrations/")
        and (lines := len((source.ROOT / path).read_text(encoding="utf-8").splitlines())) > 700
    }

    assert long == {}
