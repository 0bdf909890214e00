"""What every post is like on a day, with all that is known or as known on a day, at about the same cost.

As known on a day, it is the plain state of that day, or of the day of knowing if that is earlier, with what was known
otherwise put over it; what was planned for the days between is worked out when it is asked for.
"""

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from orgsim.columns.replay.atwork import units_told
from orgsim.columns.replay.nearby import Nearby
from orgsim.columns.replay.relations import Relations, Replay, answering, lines_told
from orgsim.columns.replay.structure import MIXED
from orgsim.columns.replay.timeline import Timeline, timeline
from orgsim.columns.rows.arrays import Bools, Ints, distinct, side_by_side, times, where
from orgsim.columns.rows.table import ABSENT, KIND, OF_POSTS, OF_UNITS, Table, of_kinds

Columnar = Any
"""A `columns.ledger.ColumnarLedger`, which uses this module and so is not named here."""

TIMED, OPEN = ("unit", "solid", "answer"), "open"
"""The attributes that whole charts show, and whether a post is open, which changes far less often than its unit."""
SHOWN = ("answer", "solid", OPEN)
"""What is needed for the columns of a whole chart."""
SPARED = 8
"""Where more than one row in so many is to be worked out, that costs more than making the whole anew."""
BLOCK = 256
"""How many rows are passed over at a time when none of them matters."""
REDO = -8
"""Where what was known is not kept: it is worked out when it is asked for."""


@attrs.frozen(eq=False)
class Whole:
    """Open posts by number; the numbers of who answers for each (ABSENT for nobody) and of where it reports."""

    post: Ints
    holder: Ints
    to: Ints

    def __len__(self) -> int:
        return len(self.post)


def prepared(ledger: Columnar) -> dict[str, Timeline]:
    """The timelines of what a whole chart shows, made once."""
    relations = ledger.relations()
    low, high = ledger.table.people, ledger.table.first_unit
    made: dict[str, Timeline] = relations.timelines

    def make(*names: str) -> None:
        for name in names:
            if name in made:
                continue
            if name == OPEN:
                spells = attrs.evolve(relations.unit, value=np.ones(len(relations.unit), np.bool_))
                made[name] = timeline(spells, low, high, nothing=False)
            else:
                made[name] = timeline(getattr(relations, name), low, high)

    if not made.keys() >= {*TIMED, OPEN}:
        side_by_side(len(ledger), lambda: make("solid", OPEN), lambda: make("answer", "unit"))
    return made


class Untimely:
    """Rows known later than they took effect, or earlier: those on the wrong side of a day of knowing, quickly."""

    def __init__(self, known: Ints, rows: Ints, *, late: bool) -> None:
        """`rows` come in order; `known` are the days of all rows of the table."""
        self.rows, self.known, self.late = rows, known[rows], late
        begins = np.arange(0, len(rows), BLOCK)
        reduce = np.maximum if late else np.minimum
        self.extreme = reduce.reduceat(self.known, begins) if len(rows) else begins

    def beyond(self, first: int, last: int, learned: int) -> Ints:
        """The rows from `first` up to `last` that are known after a day, if late, or by that day, if early."""
        low, high = np.searchsorted(self.rows, np.array([first, last], self.rows.dtype)).tolist()
        if low >= high:
            return self.rows[:0]
        begin = low // BLOCK
        blocks = self.extreme[begin : -(-high // BLOCK)]
        chosen = where(blocks > learned if self.late else blocks <= learned) + begin
        places = (chosen[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        places = places[where((places >= low) & (places < high))]
        days = self.known[places]
        found: Ints = self.rows[places[where(days > learned if self.late else days <= learned)]]
        return found


@attrs.frozen(eq=False, slots=False)
class Believed:
    """What was known otherwise: on days from `start` up to `end`, as known on days from `since` up to `until`.

    It is sorted by `start`, and it is told only of days of knowing that are not before the day itself.
    """

    subject: Ints
    value: Ints
    start: Ints
    end: Ints
    since: Ints
    until: Ints

    @cached_property
    def reach(self) -> Untimely:
        """All of it, by how long it was known so."""
        return Untimely(self.until, np.arange(len(self.until)), late=True)

    def on(self, day: int, learned: int) -> Ints:
        """The places of what was known otherwise of a day, as known on a day."""
        if not len(self.start):
            return where(self.start)
        last = int(np.searchsorted(self.start, np.int32(day), side="right"))
        here = self.reach.beyond(0, last, learned)
        found: Ints = here[where((self.since[here] <= learned) & (self.end[here] > day))]
        return found


def states(
    ledger: Columnar, at: dt.date, known: dt.date | None = None, names: tuple[str, ...] = TIMED
) -> dict[str, Ints]:
    """The unit, the solid line, who answers, and whether it is open: of each post that is not personal, by number."""
    if known is None:
        timelines = prepared(ledger)
        return {name: timelines[name].state(at.toordinal()) for name in names}
    found = _as_known(ledger, at, known, names)
    if found is not None:
        return found
    moment, low, high = ledger.moment(at, known), ledger.table.people, ledger.table.first_unit
    dense = {name: getattr(moment, "unit" if name == OPEN else name)[low:high] for name in names}
    return {name: state != ABSENT if name == OPEN else state for name, state in dense.items()}


def whole(found: dict[str, Ints], first: int) -> Whole:
    """The whole chart of a day, from what its posts are like; `first` is the number of the first of these."""
    is_open, holder, to = found[OPEN], found["answer"], found["solid"]
    count, low = np.count_nonzero(is_open), int(is_open.argmax()) if len(is_open) else 0
    if is_open[low : low + count].all():  # no closed post lies between open ones
        here = slice(low, low + count)
        return Whole(np.arange(first + low, first + low + count, dtype=np.int32), holder[here], to[here])
    places = where(is_open)
    posts = np.empty(count, np.int32)
    np.add(places, first, out=posts, casting="unsafe")
    return Whole(posts, holder.take(places), to.take(places))


def _after(table: Table, at: dt.date) -> int:
    """How many rows there are up to the end of a day."""
    return int(np.searchsorted(table.day, np.int32(at.toordinal()), side="right"))


OF_LINES = OF_POSTS | of_kinds("report")
OF_HOLDERS = of_kinds("appoint", "vacate")
OF_JOBS = of_kinds("hire", "depart")
OF_LEAVES = of_kinds("start-leave", "end-leave")
OF_ANSWERS = OF_POSTS | OF_HOLDERS


def _as_known(ledger: Columnar, at: dt.date, known: dt.date, names: tuple[str, ...]) -> dict[str, Ints] | None:
    """What posts are like as known on a day; None where so much differs that the whole is better made anew."""
    table, timelines, base, learned = ledger.table, prepared(ledger), min(at, known).toordinal(), known.toordinal()
    if ledger.core or len(ledger.believed["units"].on(base, learned)):
        return None
    planned = _planned(ledger, at, known)
    kinds = table.kind[planned]
    if OF_UNITS[kinds].any() or len(planned) * SPARED > len(table):
        return None
    found = {name: timelines[name].state(base) for name in names}
    again = dict.fromkeys(TIMED, planned[:0])
    for name in names:
        attribute = "unit" if name == OPEN else name
        believed = ledger.believed[attribute]
        here = believed.on(base, learned)
        subject, value = believed.subject[here], believed.value[here]
        again[attribute] = subject[where(value == REDO)]
        found[name][subject - table.people] = value != ABSENT if name == OPEN else value
    if len(planned) or any(map(len, again.values())):
        _work_out(_View(ledger, at, known), found, planned, again)
    return found


def _work_out(view: "_View", found: dict[str, Ints], planned: Ints, again: dict[str, Ints]) -> None:
    """Put what is planned, and what is to be worked out anew."""
    table, nearby, kinds = view.table, view.ledger.nearby, view.table.kind[planned]
    lines = planned[where(OF_LINES[kinds] & ordinary(table, table.post[planned]))]
    view.put_told(found, lines)  # what is planned comes after all that was known otherwise
    view.put_lines(found, distinct(np.concatenate([again["unit"], again["solid"]])))
    if "answer" in found:
        people = distinct(table.person[planned[where(OF_JOBS[kinds] | OF_LEAVES[kinds])]])
        beside = table.post[nearby.by_person.of_all(people[where(people >= 0)])]
        own = table.post[planned[where(OF_HOLDERS[kinds])]]
        moved = of_several(table, nearby, view.ledger.relations(), table.post[lines])
        view.put_answers(found, distinct(np.concatenate([again["answer"], own, beside, moved])))


def _planned(ledger: Columnar, at: dt.date, known: dt.date) -> Ints:
    """The rows after a day of knowing and up to a later day that count as known on the first."""
    first, last = (_after(ledger.table, day) for day in (min(at, known), at))
    rows: Ints = ledger.early.beyond(first, last, known.toordinal()) if first < last else ledger.early.rows[:0]
    return rows[where(ledger.seen(rows, known))] if len(rows) else rows


def ordinary(table: Table, posts: Ints) -> Bools:
    """Which numbers are those of posts that are not personal."""
    found: Bools = (posts >= table.people) & (posts < table.first_unit)
    return found


def of_several(table: Table, nearby: Nearby, relations: Relations, posts: Ints) -> Ints:
    """Those of some posts that are ever told to be in units of several employers."""
    constant = relations.structure.constant[: table.first_other - table.first_unit]
    if (constant == constant[:1]).all() and (constant != MIXED).all():
        return posts[:0]
    rows = nearby.by_post.of_all(distinct(posts))
    rows = rows[where(table.place[rows] >= table.first_unit)]
    post, employer = table.post[rows], constant[table.place[rows] - table.first_unit]
    odd = employer == MIXED
    odd[1:] |= (post[1:] == post[:-1]) & (employer[1:] != employer[:-1])
    return post[where(odd)]


class _View:
    """What a day shows of some posts, as known on a day."""

    def __init__(self, ledger: Columnar, at: dt.date, known: dt.date) -> None:
        self.ledger, self.table, self.at, self.known = ledger, ledger.table, at, known
        self.last = _after(ledger.table, at)

    def rows(self, rows: Ints, kinds: Ints) -> Ints:
        """Of some rows those of some kinds that count, in the order given."""
        rows = rows[where(rows < self.last)]
        rows = rows[where(kinds[self.table.kind[rows]])]
        counting: Ints = rows[where(self.ledger.seen(rows, self.known))]
        return counting

    def put_told(self, states: dict[str, Ints], rows: Ints) -> None:
        """Put the units and the solid lines that rows tell; of one post, the last row counts."""
        for name, told, values in self._told(states, rows):
            here = where(told)
            states[name][self.table.post[rows[here]] - self.table.people] = values[here]

    def put_lines(self, states: dict[str, Ints], posts: Ints) -> None:
        """Put the units and the solid lines of posts."""
        table = self.table
        if not len(posts):
            return
        for name in states.keys() & {"unit", "solid", OPEN}:
            states[name][posts - table.people] = False if name == OPEN else ABSENT
        self.put_told(states, self.rows(self.ledger.nearby.by_post.of_all(posts), OF_LINES))

    def _told(self, states: dict[str, Ints], rows: Ints) -> Iterator[tuple[str, Bools, Ints]]:
        """Of each state of units and lines, which rows tell it, and what it is then."""
        table, kind = self.table, self.table.kind[rows]
        if "unit" in states or OPEN in states:
            told, values = units_told(kind, table.place[rows])
            told &= kind != KIND["report"]
            yield from (one for one in (("unit", told, values), (OPEN, told, values != ABSENT)) if one[0] in states)
        if "solid" in states:
            yield "solid", *lines_told(kind, table.to[rows], table.flags[rows])

    def put_answers(self, states: dict[str, Ints], posts: Ints) -> None:
        """Put who answers for posts, from the events of the posts and of whoever ever held them."""
        table, nearby = self.table, self.ledger.nearby
        posts = posts[where(ordinary(table, posts))]
        if not len(posts):
            return
        own = self.rows(nearby.by_post.of_all(posts), OF_ANSWERS)
        holders = distinct(table.person[own])
        theirs = self.rows(nearby.by_person.of_all(holders[where(holders >= 0)]), OF_JOBS | OF_LEAVES)
        rows = np.sort(np.concatenate([own, theirs]))
        replay = Replay(table, rows, self.ledger.relations().structure)
        named = replay.hold_rows[0]
        now = named.take(where(named.end == replay.never))  # there are no rows after the day
        state, low = states["answer"], table.people
        state[posts - low] = ABSENT
        state[now.post - low] = now.person
        if len(now) and (several := times(now.post) > 1).any():
            shared = named.take(where(np.isin(named.post, now.post[several])))
            spells = answering(replay.in_days(shared), replay.leaves(), replay.never)
            here = spells.at(self.at.toordinal())
            state[spells.subject[here] - low] = spells.value[here]
