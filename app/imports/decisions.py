"""What a person has decided about a list before it is written: columns, proposals, which child a row is about, blanks."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from models import CheckSource

#: What may be chosen for a row that may be about several children; or `child:12`.
ADD, SKIP, CHILD = "add", "skip", "child:"


@dataclass(frozen=True)
class Decisions:
    """A person's word on one list; kept with the batch, so that the plan can be made anew from the file."""

    #: (position of the row, field) of proposals that were not accepted.
    rejected: frozenset[tuple[int, str]] = frozenset()
    #: {position of the row: ADD, SKIP or "child:<id>"}.
    chosen: Mapping[int, str] = field(default_factory=dict)
    #: {sheet: {column letter: what the column means}}.
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: {sheet: its village}, where the list does not say or says it wrong.
    villages: Mapping[str, str] = field(default_factory=dict)
    #: The village of every sheet that does not say.
    village: str | None = None
    #: A blank cell takes away what the register holds.
    erases: bool = False
    #: The register the list comes from, when it is read to compare and fill in (app/imports/sources.py).
    source: CheckSource | None = None

    def as_json(self) -> dict[str, Any]:
        """As the batch keeps it."""
        return {
            "rejected": sorted([at, name] for at, name in self.rejected),
            "chosen": {str(at): choice for at, choice in sorted(self.chosen.items())},
            "columns": {sheet: dict(columns) for sheet, columns in self.columns.items()},
            "villages": dict(self.villages),
            "village": self.village,
            "erases": self.erases,
            "source": self.source,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | None) -> Self:
        """As they were kept."""
        kept = kept or {}
        return cls(
            frozenset((int(at), str(name)) for at, name in kept.get("rejected", [])),
            {int(at): str(choice) for at, choice in kept.get("chosen", {}).items()},
            kept.get("columns", {}),
            kept.get("villages", {}),
            kept.get("village"),
            bool(kept.get("erases")),
            CheckSource(kept["source"]) if kept.get("source") else None,
        )

    def with_form(self, form: Any) -> Self:
        """With what came back from the page of a plan: proposals offered and not ticked, children chosen."""
        return replace(self, rejected=self._rejected(form), chosen=self._chosen(form))

    def _rejected(self, form: Any) -> frozenset[tuple[int, str]]:
        offered, accepted = set(form.getlist("offered")), set(form.getlist("accepted"))
        kept = set(self.rejected)
        for item in offered:
            at, _colon, name = item.partition(":")
            if at.isdigit() and name.isidentifier():
                pair = (int(at), name)
                kept.discard(pair) if item in accepted else kept.add(pair)
        return frozenset(kept)

    def _chosen(self, form: Any) -> dict[int, str]:
        chosen = dict(self.chosen)
        for name in form:
            at = name.removeprefix("row-")
            if at == name or not at.isdigit():
                continue
            choice = form[name]
            if choice in {ADD, SKIP} or choice.removeprefix(CHILD).isdigit():
                chosen[int(at)] = choice
            else:
                chosen.pop(int(at), None)
        return chosen
