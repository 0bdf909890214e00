"""The units of a series of snapshots: those told by rows of their own, and those that entries name.

A unit is there while a row tells it, while a post belongs to it, and while a unit below it is there.
"""

from collections.abc import Mapping, Sequence

import attrs

from orgsim.errors import shown
from orgsim.importers.naming import tidy
from orgsim.importers.report import ImportReport
from orgsim.importers.snapshots_series import Span, Stretch
from orgsim.importers.snapshots_spans import pieces, union
from orgsim.model import BODIES

ROOT = ""
"""The key of the organization."""
DEEPEST = 50


@attrs.define(eq=False)
class Unit:
    """All that is told of a unit."""

    key: str
    told: list[Stretch] = attrs.field(factory=list)
    parents: dict[str, list[Stretch]] = attrs.field(factory=dict)
    name: str = ""
    first: Stretch | None = None
    spans: list[Span] = attrs.field(factory=list)
    values: "list[tuple[Span, dict[str, str | None], str, Stretch | None]]" = attrs.field(factory=list)
    """What it is called, what kind it is and where it lies over time: when, values, key of its parent, who says so."""


class Units:
    """Every unit by key."""

    def __init__(self, rows: Sequence[Stretch], entries: Sequence[Stretch], report: ImportReport) -> None:
        """Collect what rows and entries tell of units."""
        self.report = report
        self.units: dict[str, Unit] = {}
        self.labels: dict[str, str] = {}
        for row in rows:
            unit = self._unit(self.key(row.get("unit")), row)
            unit.told.append(row)
            self._under(unit, row)
        for entry in entries:
            if entry.get("unit"):
                unit = self._unit(self.key(entry.get("unit")), entry)
                unit.name = unit.name or tidy(entry.get("unit_name") or entry.get("unit"))
                if not unit.told:
                    self._under(unit, entry)
        self._uncircle()

    @staticmethod
    def key(text: str) -> str:
        """What a unit is known by: case and blanks do not matter."""
        return " ".join(text.split()).casefold()

    def _unit(self, key: str, by: Stretch) -> Unit:
        unit = self.units.setdefault(key, Unit(key))
        unit.first = unit.first or by
        self.labels.setdefault(key, " ".join(by.get("unit").split()))
        return unit

    def _under(self, unit: Unit, by: Stretch) -> None:
        text = by.get("parent")
        above = self.key(text)
        if above == unit.key:
            above = ROOT
        unit.parents.setdefault(above, []).append(by)
        if above:
            parent = self.units.setdefault(above, Unit(above))
            parent.first = parent.first or by
            parent.name = parent.name or tidy(text)
            self.labels.setdefault(above, " ".join(text.split()))

    def _uncircle(self) -> None:
        """How deep each unit ever lies; one that would lie in itself, or too deep, belongs to the organization."""
        for unit in self.units.values():
            unit.parents = unit.parents or {ROOT: []}
        self.depth: dict[str, int] = {ROOT: 0}
        waiting = {key: set(unit.parents) for key, unit in self.units.items()}
        below: dict[str, list[str]] = {}
        for key, above in waiting.items():
            for parent in above:
                below.setdefault(parent, []).append(key)
        ready = [ROOT]
        while True:
            while ready:
                at = ready.pop()
                for key in below.get(at, ()):
                    waiting[key].discard(at)
                    if waiting[key] or key in self.depth:
                        continue
                    self.depth[key] = 1 + max(self.depth[parent] for parent in self.units[key].parents)
                    if self.depth[key] > DEEPEST:
                        self._to_the_top(key, "would lie too deep")
                    ready.append(key)
            left = sorted(key for key in waiting if key not in self.depth)
            if not left:
                return
            chosen = self._in_circle(left[0], waiting)
            self._to_the_top(chosen, "would lie in itself")
            ready.append(chosen)

    def _in_circle(self, key: str, waiting: Mapping[str, set[str]]) -> str:
        """The first by name of a circle that a unit lies in or below."""
        path = [key]
        while True:
            up = min(parent for parent in waiting[path[-1]] if parent not in self.depth)
            if up in path:
                return min(path[path.index(up) :])
            path.append(up)

    def _to_the_top(self, key: str, why: str) -> None:
        unit = self.units[key]
        self.depth[key] = 1
        told = next(iter(sorted((s for told in unit.parents.values() for s in told), key=lambda s: s.key)), unit.first)
        if told is not None:
            message = f"the unit {shown(self.labels[key])} {why}; it is put under the organization"
            self.report.flagged(told.record.at("parent"), message)
        unit.parents = {ROOT: [s for told in unit.parents.values() for s in told]}

    def told_spans(self) -> dict[str, list[Span]]:
        """When each unit that has rows of its own is there."""
        return {key: union(s.span for s in unit.told) for key, unit in self.units.items() if unit.told}

    def settle(self, used: Mapping[str, list[Span]]) -> None:
        """Work out when each unit is there; `used` says when posts or people belong to it."""
        for unit in self.units.values():
            told = union(s.span for s in unit.told)
            unit.spans = union([*told, *used.get(unit.key, ())])
            if told and unit.spans != told and (unit.first is not None):
                outside = next(s for s in unit.spans if s not in told)
                what = f"the unit {shown(self.labels[unit.key])}"
                message = f"{what} is taken to be open from {outside.first}: somebody is in it"
                self.report.flagged(unit.first.record.place, message)
        for key in sorted(self.units, key=lambda key: (-self.depth[key], key)):  # those below first
            unit = self.units[key]
            unit.values = self._values(unit)
            for part, _, above, _ in unit.values:
                if above:
                    parent = self.units[above]
                    parent.spans = union([*parent.spans, part])

    def _values(self, unit: Unit) -> list[tuple[Span, dict[str, str | None], str, Stretch | None]]:
        """What is told of a unit over time; its parent stays what it was where nobody says."""
        found: list[tuple[Span, dict[str, str | None], str, Stretch | None]] = []
        by = {id(s): above for above, told in unit.parents.items() for s in told}
        stretches = unit.told or [s for told in unit.parents.values() for s in told]
        if not unit.told and len(unit.parents) == 1:
            stretches = []
        above = min(unit.parents, default=ROOT)
        name: str | None = unit.name or None
        kind: str | None = None
        said = False
        for part, active in pieces(stretches, unit.spans):
            told = min(active, key=lambda s: (s.span.first, s.key, sorted(s.record.fields.items())), default=None)
            parents = sorted({by[id(s)] for s in active if id(s) in by})
            if parents and above not in parents:
                above = parents[0]
            if len(parents) > 1 and not said and told is not None:
                said = True
                message = (
                    f"the unit {shown(self.labels[unit.key])} has several parents at a time; the first by name counts"
                )
                self.report.flagged(told.record.at("parent"), message)
            if told is not None and unit.told:
                name = tidy(told.get("name")) or name
                kind = self._kind(kind, told)
            found.append((part, {"name": name, "unit_kind": kind}, above, told or unit.first))
        return found

    def _kind(self, before: str | None, told: Stretch) -> str | None:
        text = told.get("kind")
        word = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in text.casefold()).split())[:80]
        if not word or not word[0].isalpha():
            if text:
                self.report.refused(told.record.at("kind"), f"{shown(text)} is no word for a kind of unit")
            return before
        if before is not None and (before in BODIES) != (word in BODIES):
            message = f"the unit cannot become a {word}: a {before} it was; boards and committees employ nobody"
            self.report.refused(told.record.at("kind"), message)
            return before
        return word
