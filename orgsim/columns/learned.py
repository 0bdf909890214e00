"""What every post is like on a day, with all that is known or as known on a day, at about the same cost.

As known on a day, it is the plain state of that day, or of the day of knowing if that is earlier, worked out anew for
the posts that an event touches of which one of the two knows and the other does not.
"""

import datetime as dt
from typing import Any

import numpy as np

from orgsim.columns import table as t
from orgsim.columns.arrays import Bools, Ints, among, distinct, first_of, where
from orgsim.columns.quick import TIMED, Whole, prepared
from orgsim.columns.relations import Replay, answering, lines_told, units_told
from orgsim.columns.structure import MIXED
from orgsim.columns.table import ABSENT, KIND

Columnar = Any
"""A `columns.ledger.ColumnarLedger`, which uses this module and so is not named here."""

SPARED = 8
"""Where more than one row in so many differs, redoing them costs more than making the whole anew."""
BLOCK = 256
"""How many rows are passed over at a time when none of them matters."""


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


def states(
    ledger: Columnar, at: dt.date, known: dt.date | None = None, names: tuple[str, ...] = TIMED
) -> dict[str, Ints]:
    """The unit, the solid line and who answers, of each post that is not personal, in the order of numbers."""
    timelines = prepared(ledger)
    if known is None:
        return {name: timelines[name].state(at.toordinal()) for name in names}
    found = {name: timelines[name].state(min(at, known).toordinal()) for name in TIMED}
    if _repaired(ledger, found, at, known):
        return found
    moment = ledger.moment(at, known)
    return {name: getattr(moment, name)[ledger.table.people : ledger.table.posts] for name in TIMED}


def whole(found: dict[str, Ints], first: int) -> Whole:
    """The whole chart of a day from what its posts are like; the number of the first post is given."""
    posts = where(found["unit"] != ABSENT)
    holder, to = found["answer"].take(posts), found["solid"].take(posts)
    posts += first
    return Whole(posts, holder, to)


def differing(ledger: Columnar, at: dt.date, known: dt.date) -> Ints:
    """The rows that count as known on a day, but not in the plain chart that is begun with, or the other way round."""
    table, learned = ledger.table, known.toordinal()
    first, last = (_after(table, min(at, known)), _after(table, at))
    unseen = ledger.late.beyond(0, first, learned)
    gone, days = table.gone
    lapsed = gone[where((days > learned) & (table.known[gone] <= learned) & (gone < first))]
    rows = np.concatenate([unseen[where(~among(unseen, gone))], lapsed])
    if first < last:
        planned = ledger.early.beyond(first, last, learned)
        rows = np.concatenate([rows, planned[where(ledger.seen(planned, known))]])
    found: Ints = rows[where((table.flags[rows] & t.RIVAL) == 0)]
    return found


def _after(table: t.Table, at: dt.date) -> int:
    """How many rows there are up to the end of a day."""
    return int(np.searchsorted(table.day, np.int32(at.toordinal()), side="right"))


def _kinds(*names: str) -> Ints:
    mask = np.zeros(len(KIND), np.bool_)
    mask[[KIND[name] for name in names]] = True
    return mask


_OF_UNITS = _kinds("open-unit", "change-unit", "close-unit")
_OF_LINES = _kinds("create-post", "change-post", "abolish-post", "report")
_OF_HOLDERS = _kinds("appoint", "vacate")
_OF_PEOPLE = _kinds("hire", "depart", "start-leave", "end-leave")
_OF_ANSWERS = _kinds("create-post", "change-post", "abolish-post", "appoint", "vacate")


def _repaired(ledger: Columnar, states: dict[str, Ints], at: dt.date, known: dt.date) -> bool:
    """Redo what differs as known on a day; False where so much does that the whole is better made anew."""
    table = ledger.table
    rows = differing(ledger, at, known)
    kinds = table.kind[rows]
    if ledger.core or _OF_UNITS[kinds].any() or len(rows) * SPARED > len(table):
        return False
    view = _View(ledger, at, known)
    posts = distinct(table.post[rows[where(_OF_LINES[kinds])]])
    moved = view.put_lines(states, posts)
    people = distinct(table.person[rows[where(_OF_PEOPLE[kinds])]])
    beside = ledger.nearby.by_person.of_all(people[where(people >= 0)])
    held = distinct(np.concatenate([table.post[rows[where(_OF_HOLDERS[kinds])]], table.post[beside], moved]))
    view.put_answers(states, held[where(held >= 0)])
    return True


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

    def put_lines(self, states: dict[str, Ints], posts: Ints) -> Ints:
        """Put the units and the solid lines of posts; return those that were ever in units of several employers."""
        table = self.table
        every = self.ledger.nearby.by_post.of_all(posts)
        rows = self.rows(every, _OF_LINES)
        kind, post = table.kind[rows], table.post[rows]
        units, lines = units_told(kind, table.place[rows]), lines_told(kind, table.to[rows], table.flags[rows])
        for name, told, values in (("unit", *units), ("solid", *lines)):
            states[name][posts - table.people] = ABSENT
            here = where(told)
            here = here[where(_last_of(post[here]))]
            states[name][post[here] - table.people] = values[here]
        return self._of_several(every)

    def _of_several(self, rows: Ints) -> Ints:
        """Of the posts that rows name, in the order of posts, those that are ever told to be in units of several."""
        table = self.table
        constant = self.ledger.relations().structure.constant[: table.units - table.posts]
        if (constant == constant[:1]).all() and (constant != MIXED).all():
            return rows[:0]
        rows = rows[where(table.place[rows] >= table.posts)]
        post, employer = table.post[rows], constant[table.place[rows] - table.posts]
        odd = employer == MIXED
        odd[1:] |= (post[1:] == post[:-1]) & (employer[1:] != employer[:-1])
        found: Ints = post[where(odd)]
        return found

    def put_answers(self, states: dict[str, Ints], posts: Ints) -> None:
        """Put who answers for posts, from the events of the posts and of whoever ever held them."""
        table, nearby = self.table, self.ledger.nearby
        own = self.rows(nearby.by_post.of_all(posts), _OF_ANSWERS)
        holders = distinct(table.person[own])
        theirs = self.rows(nearby.by_person.of_all(holders[where(holders >= 0)]), _OF_PEOPLE)
        rows = np.sort(np.concatenate([own, theirs]))
        replay = Replay(table, rows, self.ledger.relations().structure)
        named = replay.hold_rows[0]
        now = named.take(where(named.end == replay.never))  # there are no rows after the day
        state, low = states["answer"], table.people
        state[posts - low] = ABSENT
        state[now.post - low] = now.person
        if len(now) and (several := _twice(now.post)).any():
            shared = named.take(where(np.isin(named.post, now.post[several])))
            spells = answering(replay.in_days(shared), replay.leaves(), replay.never)
            here = spells.at(self.at.toordinal())
            state[spells.subject[here] - low] = spells.value[here]


def _last_of(subjects: Ints) -> Bools:
    """Where a group of equal neighbors ends."""
    return first_of(subjects[::-1])[::-1]


def _twice(values: Ints) -> Bools:
    """Which values, in any order, come more than once."""
    order = np.argsort(values, kind="stable")
    first, last = first_of(values[order]), _last_of(values[order])
    found = np.empty(len(values), np.bool_)
    found[order] = ~(first & last)
    return found
