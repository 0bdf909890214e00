"""What columns do not replay: lines between people, lines of personal posts, and mergers.

Whoever and whatever these may touch is found, folded as a whole by the handlers themselves, and put in the place of
what the columns say.  It is rare where people are many, and right where it is not.
"""

from collections.abc import Iterable, Iterator
from datetime import date

import attrs
import numpy as np

from orgsim.columns.replay import relations as r
from orgsim.columns.replay.nearby import Folded, marked, owners
from orgsim.columns.replay.relations import Holds, Relations, holds_sorted
from orgsim.columns.replay.spells import Spells, joined, sorted_spells, without
from orgsim.columns.rows.arrays import Bools, Ints, where
from orgsim.columns.rows.table import ABSENT, KIND, NONE, Table
from orgsim.events import Appoint, Event
from orgsim.index import Index
from orgsim.lookups import by_rank
from orgsim.metrics.spells import FOREVER
from orgsim.model import Appointment, Noun, Person, Post


@attrs.frozen(eq=False)
class Core:
    """The people and posts that are folded: by number, whether they are."""

    people: Ints
    posts: Ints

    def __bool__(self) -> bool:
        return bool(len(self.people) or len(self.posts))


def core(table: Table) -> Core:
    """Find whoever and whatever lines between people, lines of personal posts and mergers may touch."""
    count = len(table.ids)
    people, posts = np.zeros(count + 1, np.bool_), np.zeros(count + 1, np.bool_)  # the last place is for ABSENT
    reports = where(table.kind == KIND["report"])
    for column in (table.person, table.to):
        found = column[reports]
        people[found[where((found >= 0) & (found < table.people))]] = True
    own = owners(table)
    for column in (table.post, table.to):
        rows = where(column >= table.first_other)
        if not len(rows):
            continue
        people[[person for number in np.unique(column[rows]).tolist() for person in own.get(number, ())]] = True
        posts[table.post[rows]] = True
    closes = where((table.kind == KIND["close-unit"]) & (table.to != ABSENT))
    gone = marked(count + 1, table.place[closes])
    if len(closes):
        hires = where((table.kind == KIND["hire"]) & gone[table.place])
        people[table.person[hires]] = True
        posts[table.post[where(gone[table.place] | (gone[table.to] & (table.to >= 0)))]] = True
        rows, heads = table.sparse["heads"]
        posts[table.post[rows[where(gone[heads] & (heads >= 0))]]] = True
        posts[ABSENT] = False
        people[table.person[where(posts[table.post])]] = True  # whoever the posts that move employ
    people[table.people :] = False
    if not (people.any() or posts.any()):
        return Core(where(people), where(posts))
    persons = table.person
    named = where(
        ((persons >= 0) & people[persons]) | ((table.to >= 0) & people[table.to] & (table.kind == KIND["report"]))
    )
    posts[table.post[named]] = True
    posts[: table.people] = posts[table.first_unit :] = False
    return Core(where(people), where(posts))


@attrs.frozen
class _Day:
    """Nouns at the end of a day, for the questions of `lookups`."""

    folded: Folded
    day: date

    @property
    def index(self) -> Index:
        return self.folded.index

    def get(self, id_: str) -> Noun | None:
        return self.folded.get(id_, self.day)


class _Taker:
    """Collects stretches of days from the versions of nouns."""

    def __init__(self, table: Table, folded: Folded, pairs: dict[tuple[int, int], int]) -> None:
        self.table, self.folded, self.pairs = table, folded, pairs
        self.spells: dict[str, list[tuple[int, int, int, int, int]]] = {}
        self.jobs: list[tuple[int, int, int, int, int, int, float]] = []
        self.holds: list[tuple[int, ...]] = []

    def number(self, id_: str) -> int:
        """The number of an id; of a personal post, that of its pair."""
        owner = self.folded.index.personal.get(id_)
        if owner is None:
            return NONE if id_ == "none" else self.table.ids.find(id_)
        pair = self.table.ids.find(owner), self.table.ids.find(id_[len(owner) + 1 :])
        return len(self.table.ids) + self.pairs.setdefault(pair, len(self.pairs))

    def row(self, event: Event) -> int:
        return self.folded.rows[id(event)]

    def days(self, id_: str) -> Iterator[tuple[int, int, Noun]]:
        """The versions of a noun by day, each until the next."""
        last: tuple[int, Noun | None] | None = None
        for day, _, noun in self.folded.versions(id_):
            if last is not None and last[0] < day and last[1] is not None:
                yield last[0], day, last[1]
            last = (day, noun)
        if last is not None and last[1] is not None:
            yield last[0], FOREVER, last[1]

    def put(self, name: str, subject: int, span: tuple[int, int], value: int, row: int = 0) -> None:
        self.spells.setdefault(name, []).append((subject, *span, value, row))

    def person(self, number: int) -> None:
        id_ = self.table.ids[number]
        for start, end, noun in self.days(id_):
            if not isinstance(noun, Person):
                continue
            for job in noun.employments:
                organization = self.number(job.organization)
                contract = int(job.contract == "contractor")
                self.jobs.append((number, start, end, organization, self.row(job.event), contract, job.fte))
            if noun.leave is not None:
                self.put("leaves", number, (start, end), 1, self.row(noun.leave.event))
            posts = by_rank(_Day(self.folded, date.fromordinal(start)), noun) if start else []
            if posts:
                self.put("primary", number, (start, end), self.number(posts[0].id))

    def post(self, id_: str) -> None:
        number = self.number(id_)
        since: dict[object, tuple[int, int]] = {}  # by holder: the row of the first appointment, and of the last mark
        by_day: dict[int, tuple[Noun | None, dict[object, tuple[int, int]]]] = {}
        for day, _, noun in self.folded.versions(id_):
            holders = noun.holders if isinstance(noun, Post) else ()
            since = {_who(held): self._since(held, since) for held in holders}
            by_day[day] = noun, since
        ends = [*list(by_day)[1:], FOREVER]
        for (start, (noun, holding)), end in zip(by_day.items(), ends, strict=False):
            if isinstance(noun, Post) and noun.open:
                self._post(number, (start, end), noun)
                for held in noun.holders:
                    self._hold(number, (start, end), held, holding[_who(held)], personal=noun.personal is not None)

    def _since(self, held: Appointment, since: dict[object, tuple[int, int]]) -> tuple[int, int]:
        row = self.row(held.event)
        order, mark = since.get(_who(held), (row, ABSENT))
        marks = isinstance(held.event, Appoint) and held.event.primary
        return order, row if marks else mark

    def _post(self, number: int, span: tuple[int, int], post: Post) -> None:
        self.put("unit", number, span, self.number(post.unit), self.row(post.events[0]))
        if post.critical:
            self.put("critical", number, span, 1)
        if post.heads is not None:
            self.put("heads", number, span, self.number(post.heads))
        leveled = [row for row in map(self.row, post.events) if self.table.sparse_of("level", row) is not None]
        if post.level is not None and leveled:
            self.put("level", number, span, int(self.table.sparse_of("level", leveled[-1])))
        for line in post.lines:
            name = "dotted" if line.dotted else "solid"
            self.put(name, number, span, self.number(line.to), self.row(line.event))

    def _hold(
        self, number: int, span: tuple[int, int], held: Appointment, since: tuple[int, int], *, personal: bool
    ) -> None:
        how = (
            r.IS_ACTING * held.acting
            | r.IS_PRIMARY * held.primary
            | r.IS_PERSONAL * personal
            | r.IS_UNNAMED * (held.person is None)
            | r.IS_VAGUE * (held.holder == "unknown")
        )
        person = ABSENT if held.person is None else self.number(held.person)
        self.holds.append((number, *span, person, self.row(held.event), how, held.seats, *since))


def _who(held: Appointment) -> object:
    """What tells holders of a post apart."""
    return held.person if held.person is not None else id(held.event)


def put_folded(table: Table, relations: Relations, found: Core, folded: Folded) -> Relations:
    """Put what is folded in the place of what the columns say of it; the relations are the same object."""
    people, organizations = (column.tolist() for column in relations.pairs)
    pairs = {pair: at for at, pair in enumerate(zip(people, organizations, strict=True))}
    taker = _Taker(table, folded, pairs)
    for number in found.people.tolist():
        taker.person(number)
    core_people = marked(len(table.ids), found.people)
    names = table.ids.many(found.posts)
    names += [id_ for id_, owner in folded.index.personal.items() if core_people[table.ids.find(owner)]]
    for id_ in names:
        taker.post(id_)
    keys = list(pairs)
    relations.pairs = (
        np.array([person for person, _ in keys], np.int32),
        np.array([organization for _, organization in keys], np.int32),
    )
    gone = _gone(table, relations, found, core_people)
    _put_jobs(relations, core_people, taker.jobs)
    for name, subjects in (("leaves", core_people), ("primary", core_people)):
        kept = without(getattr(relations, name), subjects)
        setattr(relations, name, joined(kept, _spells(taker.spells.get(name, ()))))
    for name in ("unit", "solid", "dotted", "critical", "heads", "level"):
        kept = without(getattr(relations, name), gone)
        setattr(relations, name, joined(kept, _spells(taker.spells.get(name, ()))))
    rows = np.array(taker.holds, np.int64).reshape(-1, len(r.HOLD))
    kept_holds = relations.holds.take(where(~gone[relations.holds.post]))
    relations.holds = holds_sorted(kept_holds, Holds(*rows.T))
    relations.answer = r.answering(relations.holds, relations.leaves, len(table))
    return relations


def _gone(table: Table, relations: Relations, found: Core, core_people: Bools) -> Bools:
    """Posts of which the columns' own words do not count: those folded, and personal posts named by their id."""
    gone = np.zeros(relations.size, np.bool_)
    gone[found.posts] = True
    gone[table.first_other : len(table.ids)] = True
    gone[len(table.ids) :] = core_people[relations.pairs[0]]
    return gone


def _spells(rows: Iterable[tuple[int, int, int, int, int]]) -> Spells:
    columns = np.array(list(rows), np.int64).reshape(-1, 5).T
    return sorted_spells(*columns)


def _put_jobs(relations: Relations, core_people: Bools, jobs: list[tuple[int, int, int, int, int, int, float]]) -> None:
    """The jobs of people who are folded, in one stretch for each version."""
    kept = where(~core_people[relations.jobs.subject]) if len(relations.jobs) else where(core_people[:0])
    own = relations.jobs.take(kept)
    rows = np.array([job[:5] for job in jobs], np.int64).reshape(-1, 5)
    more = [
        np.concatenate([getattr(own, name), rows[:, at]])
        for at, name in enumerate(("subject", "start", "end", "value", "row"))
    ]
    contract = np.concatenate([relations.contract[kept], np.array([job[5] for job in jobs], np.int8)])
    fte = np.concatenate([relations.fte[kept], np.array([job[6] for job in jobs], np.float64)])
    keep = where(more[1] < more[2])
    order = keep[np.lexsort((more[1][keep], more[0][keep]))]
    relations.jobs = Spells(*(column[order].astype(np.int32) for column in more))
    relations.contract, relations.fte = contract[order], fte[order]
