"""The ledger in columns: the same questions as of the small form, and the same answers, for a million people.

A chart is a view; what a question needs is worked out then, and kept.
"""

import datetime as dt
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

import numpy as np

from orgsim.columns.chart import ColumnarChart
from orgsim.columns.days import states as of_days
from orgsim.columns.days.believed import believed
from orgsim.columns.days.moment import Moment
from orgsim.columns.days.staff import Staff
from orgsim.columns.days.states import prepared
from orgsim.columns.differences import ColumnarDiff
from orgsim.columns.excerpt import Excerpt, Story
from orgsim.columns.lazyindex import DayIndex, LazyIndex
from orgsim.columns.replay.facts import Facts
from orgsim.columns.replay.irregular import Core, core, put_folded
from orgsim.columns.replay.nearby import Folded, Nearby, Rows, fold
from orgsim.columns.replay.relations import Relations, Replay
from orgsim.columns.rows.arrays import Bools, Ints, among, narrow_where, rows_by, side_by_side, where
from orgsim.columns.rows.table import KIND, OF_UNITS, RIVAL, Table
from orgsim.columns.rows.writing import table_of
from orgsim.errors import UnknownIdError, did_you_mean
from orgsim.events import Event
from orgsim.ledger import Ledger
from orgsim.model import Noun, Person, Source
from orgsim.outstanding import ids_of, outstanding
from orgsim.story import Entry, history

K = TypeVar("K")
V = TypeVar("V")
KEPT_RELATIONS, KEPT_FOLDS = 3, 512


class Kept(OrderedDict[K, V]):
    """The last few things made, and, under None, what is made of all that is known: other things rest on that."""

    def __init__(self, most: int) -> None:
        """How many are kept."""
        super().__init__()
        self.most = most

    def keep(self, key: K, value: V) -> V:
        """Keep one, and forget the one kept longest."""
        self[key] = value
        while len(self) > self.most:
            del self[next(old for old in self if old is not None)]
        return value


class ColumnarLedger:
    """A proven history in columns.  Make one of a `Ledger` with `of`; `columns.files.opening` reads files."""

    def __init__(self, table: Table, people: Iterable[Person] = (), sources: Iterable[Source] = ()) -> None:
        """The events are taken to be legal."""
        self.table = table
        self.people, self.sources = tuple(people), tuple(sources)
        self._relations: Kept[dt.date | None, Relations] = Kept(KEPT_RELATIONS)
        self._cores: Kept[dt.date | None, Folded] = Kept(KEPT_RELATIONS)
        self._folds: Kept[tuple[str, dt.date | None], Folded] = Kept(KEPT_FOLDS)
        self._gone: Kept[dt.date, Ints] = Kept(KEPT_RELATIONS)
        self._staff: Staff | None = None
        self.spare: list[Ints] = []  # room to compare two days in, of whoever is done with it

    @classmethod
    def of(cls, ledger: Ledger) -> "ColumnarLedger":
        """The columnar form of a ledger."""
        return cls(table_of(ledger.events, ledger.people), ledger.people, ledger.sources)

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        """One line: how many events, people, posts and units."""
        people, posts, units = self.table.sizes
        return f"<ColumnarLedger: {len(self):,} events, {people:,} people, {posts:,} posts, {units:,} units>"

    @property
    def events(self) -> Iterator[Event]:
        """Every event in the order in which they apply, made one by one."""
        return (self.table.event(row) for row in range(len(self.table)))

    def adopt(self, relations: Relations, found: Core, nearby: Nearby) -> None:
        """Take what was worked out before."""
        self._relations.keep(None, relations)
        self.__dict__.update(core=found, nearby=nearby, rows=(nearby.by_person, nearby.by_post))

    # ------------------------------------------------------------------------------------------------ what is seen

    def visible(self, known: dt.date | None = None) -> Ints:
        """The rows that count with all that is known, or with what was known on a day; retractions themselves aside."""
        return narrow_where(self.seen(slice(None), known))

    def seen(self, rows: Ints | slice, known: dt.date | None) -> Bools:
        """Whether rows count."""
        table = self.table
        seen: Bools = (table.flags[rows] & RIVAL) == 0
        for kind in ("retract", "expect"):
            seen &= table.kind[rows] != KIND[kind]
        if known is not None:
            seen &= table.known[rows] <= np.int32(known.toordinal())
        gone = self._taken_back(known)
        if isinstance(rows, slice):
            seen[gone] = False
        else:
            seen &= ~among(rows, gone)
        return seen

    def _taken_back(self, known: dt.date | None) -> Ints:
        """The rows that are retracted, as known on a day, in order."""
        gone, days = self.table.gone
        if known is None:
            return gone
        found = self._gone.get(known)
        return self._gone.keep(known, gone[where(days <= np.int32(known.toordinal()))]) if found is None else found

    def counting(self, rows: Ints, day: int, known: dt.date | None) -> Ints:
        """Of some rows in order, those up to a day that count as known on a day."""
        rows = rows[: int(np.searchsorted(self.table.day[rows], np.int32(day), side="right"))]
        return rows[where(self.seen(rows, known))]

    @cached_property
    def believed(self) -> dict[str, of_days.Believed]:
        """What was known otherwise of posts, because news came late or was taken back."""
        return believed(self.table, self.nearby, self.relations())

    @cached_property
    def early(self) -> of_days.Untimely:
        """The rows that were known before they took effect, by when."""
        rows = where(self.table.known < self.table.day).astype(np.int32)
        return of_days.Untimely(self.table.known, rows, late=False)

    def prepare(self) -> None:
        """Work out what charts of any day rest on, also as known on a day, and headcounts: else the first to ask waits.

        With the ledger of a million people this takes a second or two.
        """
        self.relations()

        def charts() -> None:
            prepared(self)
            _ = self.believed, self.early

        side_by_side(len(self), charts, self.staff().prepare)

    def sees(self, event: Event, known: dt.date | None = None) -> bool:
        """Whether an event counts with what was known on a day."""
        day = self.index.retracted.get(event.id) if event.id is not None else None
        retracted = dt.date.fromordinal(day) if day is not None else None
        if known is None:
            return retracted is None
        return event.known <= known and (retracted is None or retracted > known)

    # ------------------------------------------------------------------------------------------ what is worked out

    @cached_property
    def rows(self) -> tuple[Rows, Rows]:
        """The rows that name each person, and each post."""
        count = len(self.table.ids)
        person, post = self.table.person, self.table.post
        found = side_by_side(len(self), lambda: rows_by(person, count), lambda: rows_by(post, count))
        return Rows.made(*found[0]), Rows.made(*found[1])

    @cached_property
    def nearby(self) -> Nearby:
        """What each id rests on."""
        return Nearby(self.table, *self.rows)

    @cached_property
    def index(self) -> LazyIndex:
        """What the ledger declares and names."""
        people = {person.id: person for person in self.people}
        return LazyIndex(self.table, people, {source.id: source for source in self.sources}, self.rows)

    @cached_property
    def core(self) -> Core:
        """Who and what columns do not replay."""
        return core(self.table)

    def replay(self, known: dt.date | None = None) -> Replay:
        """The making of all stretches of days, with all that is known or with what was known on a day."""
        return self._replay if known is None else self._replayed(known)

    @cached_property
    def _replay(self) -> Replay:
        return self._replayed(None)

    def _replayed(self, known: dt.date | None) -> Replay:
        (people, posts), table = self.rows, self.table
        facts = Facts(table, table.person, people.rows), Facts(table, table.post, posts.rows)
        return Replay(table, self.visible(known), facts=facts)

    def relations(self, known: dt.date | None = None) -> Relations:
        """All stretches of days, with all that is known or with what was known on a day."""
        found = self._relations.get(known)
        if found is None:
            replay = self.replay(known)
            found = replay.made if known is None else replay.relations(alone=True)
            if known is None:
                self.__dict__.pop("_replay", None)  # what it kept is not needed any more
            if self.core:
                found = put_folded(self.table, found, self.core, self._core(known))
            self._relations.keep(known, found)
        return found

    def _core(self, known: dt.date | None) -> Folded:
        folded = self._cores.get(known)
        if folded is None:
            rows = self.nearby.rows_for(self.core.people, self.core.posts)
            folded = self._cores.keep(known, self._fold(rows, known))
        return folded

    def _fold(self, rows: Ints, known: dt.date | None) -> Folded:
        rows = rows[where(self.seen(rows, known))]
        if not self.people:
            return fold(self.table, rows, ())
        named = self.table.ids.many(np.unique(self.table.person[rows])) if len(rows) else []
        wanted = set(named)
        return fold(self.table, rows, [person for person in self.people if person.id in wanted])

    # ------------------------------------------------------------------------------------------------ nouns, charts

    def noun(self, id_: str, at: dt.date, known: dt.date | None = None) -> Noun | None:
        """A person, post or unit at the end of a day, exactly as the small form has it."""
        folded = self._folds.get((id_, known)) or self._nouns((id_,), known)
        noun = folded.get(id_, at) if folded is not None else None
        return noun if noun is not None else self.index.people.get(id_)

    def _nouns(self, ids: Iterable[str], known: dt.date | None) -> Folded | None:
        """Fold what some ids rest on, and keep it."""
        people: list[int] = []
        posts: list[int] = []
        units: list[int] = []
        plain: list[str] = []
        core_people, core_posts = (set(numbers.tolist()) for numbers in (self.core.people, self.core.posts))
        folded: Folded | None = None
        for id_ in ids:
            number = self.table.ids.find(id_)
            if not 0 <= number < self.table.first_other:
                owner = self.index.personal.get(id_)
                if owner is None:
                    continue
                number = self.table.ids.find(owner)
            if number in core_people or number in core_posts:
                folded = self._folds.keep((id_, known), self._core(known))
                continue
            (people if number < self.table.people else posts if number < self.table.first_unit else units).append(
                number
            )
            plain.append(id_)
        if plain:
            rows = self.nearby.rows_for(np.array(people, np.int64), np.array(posts, np.int64))
            if units:
                places = np.concatenate([self.nearby.by_unit.of(unit) for unit in units])
                rows = np.union1d(rows, np.union1d(places, self.nearby.units_for(places)))
            folded = self._fold(rows, known)
            for id_ in plain:
                self._folds.keep((id_, known), folded)
        return folded

    def prefetch(self, ids: Iterable[str], known: dt.date | None = None) -> None:
        """Make several nouns at once, which is quicker than one by one."""
        wanted = [id_ for id_ in ids if (id_, known) not in self._folds]
        self._folds.most = max(self._folds.most, len(self._folds) + len(wanted))
        if wanted:
            self._nouns(wanted, known)

    def moment(self, at: dt.date, known: dt.date | None = None) -> Moment:
        """A day in columns."""
        return Moment(self.table, lambda: self.relations(known), at.toordinal())

    def chart(self, at: dt.date, known: dt.date | None = None) -> ColumnarChart:
        """What is true on `at`, with all that is known, or with what was known on `known`: a view."""
        if type(at) is not dt.date or known is not None:  # else there is nothing to look at
            _require_days(at, known)
        moment = self.moment(at, known)
        return ColumnarChart(
            at=at,
            known=known,
            index=DayIndex(self.index, moment),  # type: ignore[arg-type]
            get=lambda id_: self.noun(id_, at, known),
            sees=lambda event: self.sees(event, known),
            moment=moment,
            ledger=self,
        )

    def diff(self, old: ColumnarChart, new: ColumnarChart) -> ColumnarDiff:
        """What differs between two charts of this ledger."""
        return ColumnarDiff(old, new, _candidates(self, old, new))

    # ------------------------------------------------------------------------------------------------ over time

    def staff(self, known: dt.date | None = None) -> Staff:
        """Who belonged to which unit from when to when."""
        relations = self.relations(known)
        if self._staff is None or self._staff.relations is not relations:
            self._staff = Staff(self.table, relations)
        return self._staff

    def unit_number(self, unit: str | None) -> int | None:
        """The number of a unit the ledger ever opens; else UnknownIdError."""
        if unit is None:
            return None
        number = self.table.ids.find(unit)
        if not self.table.first_unit <= number < self.table.first_other:
            hint = did_you_mean(unit, self.index.unit_ids)
            raise UnknownIdError(f"the ledger has no unit {unit!r}" + (f"; {hint}" if hint else ""))
        return number

    def excerpt_of_critical(self, known: dt.date | None = None) -> Excerpt:
        """The posts that were ever critical, in the shape of a small ledger."""
        posts = np.unique(self.relations(known).critical.subject)
        return Excerpt(self, posts[:0], posts, known)

    def versions(self, id_: str, known: dt.date | None = None) -> Iterator[tuple[dt.date, Noun | None]]:
        """Every value a person, post or unit had, with the day it had it first; of one day, the last counts."""
        declared = self.index.people.get(id_)
        found: dict[int, Noun | None] = {} if declared is None else {0: declared}
        found.update((day, noun) for day, _, noun in self.written(id_, known))
        for day, noun in found.items():
            yield (dt.date.fromordinal(day) if day else dt.date.min), noun

    def undecided(self, day: dt.date, known: dt.date | None = None) -> tuple[Event, ...]:
        """The events that count by the end of a day and may be later: their vague dates begin by then and end after."""
        vague = self.table.vague_rows.items()
        rows = [row for row, when in vague if when.first is not None and when.first <= day < when.last]
        found = np.array(sorted(rows), np.int64)
        return tuple(self.table.event(row) for row in found[where(self.seen(found, known))].tolist())

    def outstanding(self, day: dt.date, known: dt.date | None = None) -> tuple[Event, ...]:
        """The events that are only expected and count by the end of a day, while nothing tells that they came about."""

        def seen(rows: Iterable[int]) -> list[Event]:
            events = (self.table.event(row) for row in rows if self.table.day[row] <= day.toordinal())
            return [event for event in events if self.sees(event, known)]

        expected, table = seen(self.table.expected_rows), self.table
        if not expected:
            return ()
        named = np.unique([table.ids.find(id_) for event in expected for id_ in ids_of(event)])
        edges = np.searchsorted(named, [0, table.people, table.first_unit, table.first_other])
        people, posts, units = (named[low:high] for low, high in pairwise(edges.tolist()))
        told = where((table.kind == KIND["expect"]) | among(table.place, units))
        rows = np.concatenate([self.rows[0].of_all(people), self.rows[1].of_all(posts), told])
        return outstanding(expected, seen(np.unique(rows).tolist()))

    def written(self, id_: str, known: dt.date | None = None) -> Iterable[tuple[int, Event | None, Noun | None]]:
        """Every version of a person, post or unit, with its day and the event that made it (None: declared)."""
        folded = self._folds.get((id_, known)) or self._nouns((id_,), known)
        return folded.versions(id_) if folded is not None else ()

    def touching(self, id_: str, known: dt.date | None = None) -> set[int]:
        """The rows of every event that changed a person, post or unit."""
        folded = self._folds.get((id_, known)) or self._nouns((id_,), known)
        made = folded.versions(id_) if folded is not None else ()
        return {folded.rows[id(event)] for _, event, _ in made if folded is not None and event is not None}

    def rows_about(self, id_: str, known: dt.date | None = None) -> Ints:
        """The rows of the events that name an id in any way or changed it, and of all retractions."""
        table, number = self.table, self.table.ids.find(id_)
        found = [where(table.kind == KIND["retract"]), np.array(sorted(self.touching(id_, known)), np.int64)]
        if number >= 0:
            found += [self.rows[0].of(number), self.rows[1].of(number)]
            found += [where(table.place == number), where(table.to == number)]
            heads, units = table.sparse["heads"]
            found.append(heads[where(units == number)])
        found.append(where((table.kind == KIND["expect"]) | ((table.flags & RIVAL) != 0)))
        return np.unique(np.concatenate(found).astype(np.int64))

    def history(self, id_: str, known: dt.date | None = None) -> tuple[Entry, ...]:
        """Every event that names an id or changed it, in the order of dates, as known on a day."""
        return history(Story(self, id_, known).small, id_, known)

    def charts(self, dates: Iterable[dt.date], known: dt.date | None = None) -> Iterator[ColumnarChart]:
        """A chart for each date."""
        return (self.chart(at, known) for at in dates)


def _require_days(*days: dt.date | None) -> None:
    """A day is a date and no moment of it; raises TypeError."""
    for day in days:
        if day is not None and (not isinstance(day, dt.date) or isinstance(day, dt.datetime)):
            raise TypeError(f"a chart is of a day, a datetime.date, not of {day!r}")


def _candidates(ledger: ColumnarLedger, old: ColumnarChart, new: ColumnarChart) -> Iterator[str]:
    """The ids of everything that may differ between two charts: what the events seen by only one of them may touch."""
    table = ledger.table
    seen = []
    for chart in (old, new):
        rows = ledger.visible(chart.known)
        seen.append(rows[where(table.day[rows] <= np.int32(chart.at.toordinal()))])
    rows = np.setxor1d(seen[0], seen[1], assume_unique=True)
    people, posts = np.unique(table.person[rows]), np.unique(table.post[rows])
    people, posts = people[people >= 0], posts[posts >= 0]
    core = ledger.core
    if np.isin(people, core.people).any() or np.isin(posts, core.posts).any() or ledger.nearby.merges:
        people, posts = np.union1d(people, core.people), np.union1d(posts, core.posts)
    units = where(OF_UNITS[table.kind[rows]])
    found = (
        range(table.first_unit, table.first_other)
        if ledger.nearby.merges
        else np.unique(table.place[rows[units]]).tolist()
    )
    named = table.post[ledger.nearby.by_person.of_all(people)]
    rows, heads = table.sparse["heads"]
    headed = table.post[rows[where(np.isin(heads, list(found)))]]
    posts = np.unique(np.concatenate([posts, named, headed]))
    names = table.ids.many(np.concatenate([people, posts[posts >= 0], np.array(found, np.int64)]).astype(np.int64))
    yield from names
    everyone = set(people.tolist())
    for chart in (old, new):
        owners, _ = chart.moment.relations.pairs
        mine = where(np.isin(owners, list(everyone)))
        yield from chart.moment.names(mine + chart.moment.relations.base)
