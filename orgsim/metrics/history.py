"""A ledger as known on a day, walked noun by noun: which version held from which day to which.

Metrics over time read versions instead of asking a chart of every day.  This is the only module of the metrics that
knows how a ledger keeps them; it knows nothing of what they are counted for.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

from orgsim.errors import did_you_mean
from orgsim.ledger import Ledger
from orgsim.metrics.spells import FOREVER
from orgsim.model import Noun, Post, Unit

N = TypeVar("N", bound=Noun)


class Version(NamedTuple, Generic[N]):
    """What a noun became at a step of the ledger, and the day of that step."""

    step: int
    day: int
    noun: N


class History:
    """The versions of every person, post and unit, with all that is known or with what was known on a day."""

    def __init__(self, ledger: Ledger, known: dt.date | None = None) -> None:
        """Nothing is walked yet."""
        self.ledger = ledger
        self.known = known
        self.index = ledger.index
        self._tracks = ledger._timeline(known).tracks  # noqa: SLF001 - a chart reads them the same way
        self._ends = ledger._steps.ends  # noqa: SLF001
        self._days = ledger._steps.days  # noqa: SLF001

    def versions(self, id_: str, cls: type[N]) -> list[Version[N]]:
        """Every version of a noun; several on one day if that day saw several changes."""
        track = self._tracks.get(id_)
        if track is None:
            return []
        days, ends = self._days, self._ends
        # Before the first step stand only the declared people, as yet without anything that counts.
        return [
            Version(step, days[bisect_left(ends, step)] if step >= 0 else 0, noun)
            for step, noun in zip(track.steps, track.values, strict=True)
            if isinstance(noun, cls)
        ]

    def spells(self, id_: str, cls: type[N]) -> Iterator[tuple[int, int, N]]:
        """The version that holds at the end of each day, with the span of days for which it does."""
        versions = self.versions(id_, cls)
        for at, (_, day, noun) in enumerate(versions):
            end = versions[at + 1].day if at + 1 < len(versions) else FOREVER
            if day < end:
                yield day, end, noun

    def posts(self, ids: Iterable[str] | None = None) -> Iterator[tuple[int, int, Post]]:
        """The spells of open posts."""
        for id_ in self.index.post_ids if ids is None else ids:
            for spell in self.spells(id_, Post):
                if spell[2].open:
                    yield spell

    def require(self, id_: str, what: type[Post | Unit]) -> str:
        """The id, if it is one of a post (or unit) of the ledger at any time; else KeyError with a hint."""
        known = self.index.post_ids if what is Post else self.index.unit_ids
        if self.index.ids.get(id_) != what.__name__.lower():
            hint = did_you_mean(id_, known)
            raise KeyError(f"the ledger has no {what.__name__.lower()} {id_!r}" + (f"; {hint}" if hint else ""))
        return id_
