"""The pages of docs/ that are made from the code: who may do what, every setting, every field, every indicator."""

from collections.abc import Callable
from pathlib import Path

from app import bill_of_materials, config, indicators, rates, reference
from app.child_filters import ChildFilters
from app.permissions import PERMISSIONS, READERS
from models import Base, Role, fields_of

_HEAD = "<!-- Made by `flask docs`; edit the code it is made from, not this page. -->\n\n"


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def _table(headings: list[str], rows: list[list[object]]) -> str:
    lines: list[list[object]] = [[*headings], ["---" for _heading in headings], *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines) + "\n"


def access_page() -> str:
    """Permissions and readers by role."""
    headings = [role.value for role in Role]

    def row(name: str, roles: frozenset[Role]) -> list[object]:
        return [f"`{name}`", *("yes" if role in roles else "" for role in Role)]

    return (
        "# Who may do what\n\n" + _HEAD + "Every page names one permission of `PERMISSIONS` in `app/permissions.py`; "
        "which records it shows is decided by the `visible_…` functions of `app/access.py`.\n\n"
        + _table(["permission", *headings], [row(name, roles) for name, roles in PERMISSIONS.items()])
        + "\n## Who may read which fields\n\nWithin records in scope. Sensitivities are declared beside the fields (`docs/fields.md`).\n\n"
        + _table(["sensitivity", *headings], [row(level.value, roles) for level, roles in READERS.items()])
    )


def settings_page() -> str:
    """Every setting with its default and meaning."""
    rows: list[list[object]] = [
        [f"`{setting.name}`", f"`{setting.default}`" if setting.default != "" else "", setting.meaning]
        for setting in config.SETTINGS
    ]
    return (
        "# Settings\n\n"
        + _HEAD
        + "Read from the environment when the program starts.\n\n"
        + _table(["name", "default", "meaning"], rows)
    )


def fields_page() -> str:
    """Every declared field of every record."""
    parts = ["# Fields\n\n" + _HEAD + "Declared once, beside their columns in `models/`.\n"]
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__):
        model = mapper.class_
        rows: list[list[object]] = [
            [
                f"`{name}`",
                facts.label,
                _kind(model, name),
                "yes" if facts.required else "",
                facts.sensitivity.value,
                ", ".join(facts.aliases),
            ]
            for name, facts in fields_of(model).items()
        ]
        if rows:
            summary = (model.__doc__ or "").strip().splitlines()[0]
            parts.append(
                f"\n## {model.__name__} · `{model.__tablename__}`\n\n{summary}\n\n"
                + _table(["field", "label", "kind", "required", "sensitivity", "other headings"], rows)
            )
    return "".join(parts)


def _kind(model: type[Base], name: str) -> str:
    column = model.__mapper__.columns[name]
    choices = getattr(column.type, "enum_class", None)
    if choices is not None:
        return " · ".join(f"{choice.value} {choice.label}" for choice in choices)
    if column.foreign_keys:
        return "→ " + ", ".join(sorted(key.target_fullname for key in column.foreign_keys))
    return column.type.__class__.__name__


def indicators_page() -> str:
    """Every indicator and rate, and which papers each answers."""
    answered: dict[str, list[str]] = {}
    for document, item, _wording, codes in reference.indicator_sets():
        for code in codes:
            answered.setdefault(code, []).append(f"{document} {item}")
    counted: list[list[object]] = [
        [one.code, one.label, "list of children" if one.filters is not None else f"`{one.tally}`", one.spread.name.lower(),
         one.source, "; ".join(answered.get(one.code, []))]
        for one in indicators.INDICATORS
    ]  # fmt: skip
    shares: list[list[object]] = [
        [one.code, one.label, _asked(one.part), _asked(one.whole), one.source, "; ".join(answered.get(one.code, []))]
        for one in rates.RATES
    ]
    papers: list[list[object]] = [
        [document, item, wording, " ".join(codes)] for document, item, wording, codes in reference.indicator_sets()
    ]
    return (
        "# Indicators\n\n"
        + _HEAD
        + "From `app/indicators.py`, `app/rates.py` and `app/reference/indicator_sets.csv`.\n\n"
        "## What other papers ask, and what answers\n\n"
        + _table(["paper", "item", "wording", "indicators"], papers)
        + "\n## Rates\n\n"
        + _table(["code", "label", "numerator", "denominator", "source", "answers"], shares)
        + "\n## Counts\n\n"
        + _table(["code", "label", "counted from", "told by", "source", "answers"], counted)
    )


def _asked(part: ChildFilters | str) -> str:
    if isinstance(part, str):
        return f"`{part}`"
    return ", ".join(f"{name}={value}" for name, value in part.address().items()) or "every child"


PAGES: dict[str, Callable[[], str]] = {
    "access.md": access_page,
    "settings.md": settings_page,
    "fields.md": fields_page,
    "indicators.md": indicators_page,
    "sbom.cdx.json": bill_of_materials.document,
}


def stale(folder: Path) -> list[str]:
    """The pages that are missing or differ from what the code would make now."""
    return [
        name
        for name, make in PAGES.items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != make()
    ]


def write(folder: Path) -> None:
    """Write every generated page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (folder / name).write_text(make(), encoding="utf-8", newline="\n")
