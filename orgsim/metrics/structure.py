"""Which unit lay in which, and when: the tree of units as it changed.

It knows units only; who works in them is told in `workforce`.
"""

from bisect import bisect_right
from functools import cached_property
from itertools import pairwise

from orgsim.events import CloseUnit
from orgsim.metrics.history import History
from orgsim.metrics.spells import FOREVER, Span, joined
from orgsim.model import Unit

Chain = tuple[str, ...]


class Structure:
    """The tree of units over time."""

    def __init__(self, history: History) -> None:
        """Walk the versions of every unit once."""
        self._units: dict[str, list[tuple[int, Unit]]] = {}
        changes: set[int] = set()
        for id_ in history.index.unit_ids:
            versions = [(start, unit) for start, _, unit in history.spells(id_, Unit)]
            if versions:
                self._units[id_] = versions
            changes.update(day for (_, old), (day, new) in pairwise(versions) if old.parent != new.parent)
        self._changes = sorted(changes)
        self._merges = _merges(history)
        self.merged = {gone for merges in self._merges.values() for gone, _ in merges}
        self._chains: dict[str, list[tuple[int, int, Chain]]] = {}
        self._inside: dict[tuple[str, str], list[Span]] = {}

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Every unit that ever was, in the order first named."""
        return tuple(self._units)

    def parent(self, unit: str, day: int) -> str | None:
        """The unit above another on a day, or None."""
        versions = self._units.get(unit, ())
        at = bisect_right(versions, day, key=lambda version: version[0])
        return versions[at - 1][1].parent if at else None

    def chain(self, unit: str, day: int) -> Chain:
        """A unit and all above it on a day, up to the organization."""
        chain = [unit]
        while (above := self.parent(chain[-1], day)) is not None:
            chain.append(above)
        return tuple(chain)

    def chains(self, unit: str) -> list[tuple[int, int, Chain]]:
        """The chain of a unit over time, from the day it first opened."""
        found = self._chains.get(unit)
        if found is None:
            found = self._chains[unit] = []
            if unit in self._units:
                first = self._units[unit][0][0]
                edges = [first, *(day for day in self._changes if day > first), FOREVER]
                for start, end in pairwise(edges):
                    chain = self.chain(unit, start)
                    if found and found[-1][2] == chain:
                        found[-1] = (found[-1][0], end, chain)
                    else:
                        found.append((start, end, chain))
        return found

    def inside(self, unit: str, whole: str) -> list[Span]:
        """When a unit was another one or somewhere below it."""
        found = self._inside.get((unit, whole))
        if found is None:
            spans = ((start, end) for start, end, chain in self.chains(unit) if whole in chain)
            found = self._inside[unit, whole] = joined(spans)
        return found

    def root(self, unit: str, day: int) -> str:
        """The organization a unit belongs to on a day."""
        return self.chain(unit, day)[-1]

    def after_merges(self, unit: str, day: int) -> str:
        """The unit that has what a unit had the day before: another one, if it was merged on this day."""
        for gone, into in self._merges.get(day, ()):
            if gone == unit:
                unit = into
        return unit


def _merges(history: History) -> dict[int, list[tuple[str, str]]]:
    """The mergers of each day, in the order in which they apply."""
    ledger, found = history.ledger, dict[int, list[tuple[str, str]]]()
    for event in ledger.events:
        counts = event.disputes is None and ledger.sees(event, history.known)
        if counts and isinstance(event, CloseUnit) and event.into is not None:
            found.setdefault(event.date.day.toordinal(), []).append((event.unit, event.into))
    return found
