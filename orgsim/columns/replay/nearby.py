"""Exact nouns: the events that a person, post or unit rests on, folded by the handlers of the small form.

A person rests on the events that name them and on what the posts in those are like; a post on its own events and on
those of everyone who ever held it.  Nothing is defined here a second time, and nothing is judged: the events are
proven already.
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

import attrs
import numpy as np

from orgsim.collector import paused
from orgsim.columns.rows.arrays import Bools, Ints, group_edges, order_by, where
from orgsim.columns.rows.table import ABSENT, KIND, OF_POSTS, Table, among_kinds
from orgsim.events import Event
from orgsim.fold import Closing, Steps
from orgsim.index import Index, index_events
from orgsim.model import Noun, Person, personal_parts
from orgsim.replay import HANDLERS, settle
from orgsim.timeline import Timeline


@attrs.frozen(eq=False)
class Folded:
    """Some nouns over time, as the handlers make them; `rows` gives the row of each event by its `id()`."""

    steps: Steps
    index: Index
    timeline: Timeline
    rows: dict[int, int]

    def get(self, id_: str, day: date) -> Noun | None:
        """A noun at the end of a day."""
        track = self.timeline.tracks.get(id_)
        return track.before(self.steps.until(day)) if track is not None else None

    def versions(self, id_: str) -> Iterable[tuple[int, Event | None, Noun | None]]:
        """Every version of a noun, with the day and the event that made it (None: declared)."""
        track = self.timeline.tracks.get(id_)
        for step, noun in zip(track.steps, track.values, strict=True) if track is not None else ():
            item = self.steps.order[step] if step >= 0 else None
            event = item if isinstance(item, Event) else None
            yield (event.date.day.toordinal() if event is not None else 0), event, noun


def fold(table: Table, rows: Ints, people: Iterable[Person]) -> Folded:
    """Fold the events of some rows, which are all seen and all legal."""
    with paused():
        events = table.events(rows.tolist())
        index = index_events(events, people)
        steps, timeline = Steps(events), Timeline(index, index.people.values())
        state = timeline.state
        for step, event in enumerate(steps.order):
            if isinstance(event, Closing):
                continue
            state.begin(step)
            HANDLERS[type(event)](event, state)
            if index.lingering:
                settle(event, state)
            timeline.commit(step, state.writes)
    return Folded(steps, index, timeline, {id(event): row for event, row in zip(events, rows.tolist(), strict=True)})


class Rows:
    """The rows that name each id in one column."""

    def __init__(self, column: Ints, size: int, places: Ints | None = None) -> None:
        """`places` are the rows that count; all, if not given."""
        rows = where(column >= 0) if places is None else places
        order = order_by(column[rows]) if len(rows) else rows
        self.rows = rows[order].astype(np.int32)
        self.edges = group_edges(column[rows], size)

    @classmethod
    def made(cls, rows: Ints, edges: Ints) -> "Rows":
        """Rows that were found before."""
        found = cls.__new__(cls)
        found.rows, found.edges = rows, edges
        return found

    def of(self, number: int) -> Ints:
        """The rows that name one id."""
        return self.rows[self.edges[number] : self.edges[number + 1]]

    def of_each(self, numbers: Ints) -> tuple[Ints, Ints]:
        """The rows that name several ids, one after the other, and the place of the id that each names."""
        begin = self.edges[numbers]
        counts = self.edges[np.asarray(numbers) + 1] - begin
        owner = np.repeat(np.arange(len(counts)), counts)
        places = np.arange(len(owner)) + np.repeat(begin + counts - np.cumsum(counts), counts)
        return owner, self.rows[places]

    def of_all(self, numbers: Ints) -> Ints:
        """The rows that name any of several ids."""
        return self.of_each(numbers)[1]


class Nearby:
    """What each id rests on."""

    def __init__(self, table: Table, by_person: Rows, by_post: Rows) -> None:
        """The rows that name each person and each post."""
        self.table, self.by_person, self.by_post = table, by_person, by_post
        kind, count = table.kind, len(table.ids)
        of_units = where(among_kinds(kind, "open-unit", "change-unit", "close-unit"))
        self.by_unit = Rows(table.place, count, of_units)
        closes = of_units[where(kind[of_units] == KIND["close-unit"])]
        self.merges = bool((table.to[closes] != ABSENT).any())
        self.all_units = of_units
        to_person = (kind == KIND["report"]) & (table.to >= 0) & (table.to < table.people)
        rows = where(to_person | (table.to >= table.first_other))
        self.to_people = Rows(table.to, count, rows)
        self.owned: dict[int, list[int]] = {}
        for number, people in owners(table).items():
            for person in people:
                self.owned.setdefault(person, []).append(number)

    @classmethod
    def made(
        cls, table: Table, rows: dict[str, Rows], all_units: Ints, *, merges: bool, owned: dict[int, list[int]]
    ) -> "Nearby":
        """What was found before."""
        found = cls.__new__(cls)
        found.table, found.all_units, found.merges, found.owned = table, all_units, merges, owned
        found.by_person, found.by_post = rows["by_person"], rows["by_post"]
        found.by_unit, found.to_people = rows["by_unit"], rows["to_people"]
        return found

    @cached_property
    def heads(self) -> dict[int, int]:
        """The unit that the event of a row says a post heads."""
        rows, units = self.table.sparse["heads"]
        return dict(zip(rows.tolist(), units.tolist(), strict=True))

    def rows_for(self, people: Ints, posts: Ints) -> Ints:
        """The rows that some people and posts rest on, in order."""
        table = self.table
        own = self.by_post.of_all(posts)
        holders = np.unique(table.person[own])
        everyone = np.union1d(people, holders[holders >= 0])
        personal = np.array([n for p in people.tolist() for n in self.owned.get(p, ())], np.int64)
        ends = self.to_people.of_all(np.concatenate([people, personal]))
        named = np.concatenate([own, self.by_person.of_all(everyone), self.by_post.of_all(personal), ends])
        named = np.unique(named)
        beside = np.unique(np.concatenate([table.post[named], table.to[named]]))
        beside = beside[(beside >= table.people) & (beside < table.first_unit)]
        attributes = self.by_post.of_all(beside)
        attributes = attributes[where(OF_POSTS[table.kind[attributes]])]
        rows = np.union1d(named, attributes)
        return np.union1d(rows, self.units_for(rows))

    def units_for(self, rows: Ints) -> Ints:
        """The rows of the units that some rows name, and of all units these were ever part of."""
        if self.merges:
            return self.all_units
        table = self.table
        found = np.concatenate([table.place[rows], table.to[rows]])
        heads = [self.heads[row] for row in rows.tolist() if row in self.heads] if self.heads else []
        waiting = {unit for unit in (*np.unique(found).tolist(), *heads) if unit >= table.first_unit}
        known: set[int] = set()
        taken: list[Ints] = [rows[:0]]
        while waiting:
            unit = waiting.pop()
            known.add(unit)
            own = self.by_unit.of(unit)
            taken.append(own)
            waiting |= {up for up in table.to[own].tolist() if up >= 0 and up not in known}
        return np.concatenate(taken)


def marked(size: int, numbers: Ints) -> Bools:
    """True at some numbers."""
    mask = np.zeros(size, np.bool_)
    mask[numbers] = True
    return mask


def owners(table: Table) -> dict[int, tuple[int, ...]]:
    """Whose personal post an id may be that is named without being introduced."""
    found = {}
    for number in range(table.first_other, len(table.ids)):
        people = (table.ids.find(name) for name, _ in personal_parts(table.ids[number]))
        found[number] = tuple(person for person in people if 0 <= person < table.people)
    return found
