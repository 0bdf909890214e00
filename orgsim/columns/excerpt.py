"""A part of a columnar ledger in the shape of a small one, for what the small form counts noun by noun.

Metrics of few posts or people, and the history of one id, are asked of the small form's own functions, over exact
nouns and the few events they need.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, cast

import numpy as np

from orgsim.columns.lazyindex import PartIndex
from orgsim.columns.rows.arrays import Ints, where
from orgsim.columns.rows.table import ABSENT, KIND
from orgsim.events import Event
from orgsim.ledger import Ledger
from orgsim.metrics.covering import UNCOVERED, runs
from orgsim.metrics.gaps import PostGaps, critical_spans, gaps, of_post
from orgsim.metrics.history import History
from orgsim.metrics.spells import Tally, overlap, period
from orgsim.metrics.structure import Structure
from orgsim.metrics.workforce import Workforce
from orgsim.model import Noun

Columnar = Any
"""A `columns.ledger.ColumnarLedger`, which uses this module and so is not named here."""


class Excerpt:
    """Some people and posts of a columnar ledger, as known on a day."""

    def __init__(self, ledger: Columnar, people: Ints, posts: Ints, known: dt.date | None = None) -> None:
        """The numbers of the people and posts that are walked."""
        self.whole, self.known = ledger, known
        self.people, self.posts = people, posts
        names = ledger.table.ids.many(people), ledger.moment(dt.date.max, known).names(posts)
        self.index = PartIndex(ledger, *names, known)
        ledger.prefetch([*names[0], *names[1]], known)

    @property
    def small(self) -> Ledger:
        """Itself, for functions that ask a ledger for versions, charts and events."""
        return cast("Ledger", self)

    def versions(self, id_: str, known: dt.date | None = None) -> Iterator[tuple[dt.date, Noun | None]]:
        """Every value a noun had, with the day it had it first; of one day, the last counts."""
        found: Iterator[tuple[dt.date, Noun | None]] = self.whole.versions(id_, known)
        return found

    def chart(self, at: dt.date, known: dt.date | None = None) -> Any:
        """A chart of the whole ledger."""
        return self.whole.chart(at, known)

    def sees(self, event: Event, known: dt.date | None = None) -> bool:
        """Whether an event counts with what was known on a day."""
        return bool(self.whole.sees(event, known))

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The events that name the people, and those that close units."""
        table = self.whole.table
        rows = self.whole.nearby.by_person.of_all(self.people)
        closes = where((table.kind == KIND["close-unit"]) & (table.to != ABSENT))
        return tuple(table.events(np.union1d(rows, closes).tolist()))

    @cached_property
    def staff(self) -> Workforce:
        """The jobs and places of the people."""
        return Workforce(History(self.small, self.known))

    def uncovered(self, days: tuple[dt.date, ...], unit: str | None) -> tuple[int, ...]:
        """How many of the posts are critical and in an uncovered gap on each day."""
        history, tally = History(self.small, self.known), Tally(days)
        structure = Structure(history) if unit is not None else None
        for id_ in self.index.post_ids:
            critical = critical_spans(history, id_)
            empty = [(run.start, run.end) for run in runs(history, id_) if run.state == UNCOVERED]
            for start, end, post in history.posts([id_]):
                spans = [(start, end)]
                if structure is not None and unit is not None:
                    spans = overlap(spans, structure.inside(post.unit, unit))
                for span in overlap(spans, overlap(critical, empty)):
                    tally.add(span)
        return tuple(tally.counts())

    def gaps(self, start: dt.date, end: dt.date) -> tuple[PostGaps, ...]:
        """The gaps of the critical posts among those walked."""
        history, window = History(self.small, self.known), period(start, end)
        found = (of_post(history, id_, window, critical_only=True) for id_ in self.index.post_ids)
        return tuple(one for one in found if one is not None)


def gaps_of(
    ledger: Columnar, start: dt.date, end: dt.date, posts: Iterable[str] | None, known: dt.date | None
) -> tuple[PostGaps, ...]:
    """For each critical post, or each post named, how long it had no substantive holder; as `metrics.gaps`."""
    if posts is None:
        found: tuple[PostGaps, ...] = ledger.excerpt_of_critical(known).gaps(start, end)
        return found
    nobody = np.zeros(0, np.int64)
    return gaps(Excerpt(ledger, nobody, nobody, known).small, start, end, list(posts), known)


class Story(Excerpt):
    """What `story.history` asks of a ledger, of one id: the events that may name or change it, each made once."""

    def __init__(self, ledger: Columnar, id_: str, known: dt.date | None) -> None:
        """Gather the rows."""
        nobody = np.zeros(0, np.int64)
        super().__init__(ledger, nobody, nobody, known)
        self.rows = ledger.rows_about(id_, known)
        self._made = dict(zip(self.rows.tolist(), ledger.table.events(self.rows.tolist()), strict=True))

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The events about the id, and every retraction."""
        return tuple(self._made.values())

    def touching(self, id_: str, known: dt.date | None = None) -> set[int]:
        """The `id()` of every event that changed the id."""
        rows = self.whole.touching(id_, known)
        return {id(event) for row, event in self._made.items() if row in rows}
