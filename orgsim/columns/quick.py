"""The whole chart of a day as three columns: each post that is not personal, who answers for it, where it reports.

As known on a day, it is the chart of all that is known, worked out anew for the posts that an event touches of which
one of the two knows and the other does not.
"""

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from orgsim.columns import table as t
from orgsim.columns.arrays import Ints, where
from orgsim.columns.relations import Replay, answering, holds_sorted
from orgsim.columns.spells import Spells
from orgsim.columns.table import ABSENT, KIND
from orgsim.columns.timeline import Timeline, timeline

Columnar = Any
"""A `columns.ledger.ColumnarLedger`, which uses this module and so is not named here."""


if TYPE_CHECKING:
    from datetime import date


TIMED = ("unit", "solid", "answer")


@attrs.frozen(eq=False)
class Whole:
    """Open posts by number; the numbers of who answers for each (ABSENT for nobody) and of where it reports."""

    post: Ints
    holder: Ints
    to: Ints

    def __len__(self) -> int:
        return len(self.post)


def whole(ledger: Columnar, at: "date", known: "date | None" = None) -> Whole:
    """The whole chart of a day, with all that is known or with what was known on a day."""
    day, low = at.toordinal(), ledger.table.people
    timelines = prepared(ledger)
    states = {name: timelines[name].state(day) for name in TIMED}
    if known is not None and not _repaired(ledger, states, day, known):
        moment = ledger.moment(at, known)
        high = ledger.table.posts
        states = {name: getattr(moment, name)[low:high] for name in TIMED}
    posts = where(states["unit"] != ABSENT)
    return Whole(posts + low, states["answer"][posts], states["solid"][posts])


def prepared(ledger: Columnar) -> dict[str, Timeline]:
    """The timelines of what a whole chart shows, made once."""
    relations = ledger.relations()
    for name in TIMED:
        if name not in relations.timelines:
            spells = getattr(relations, name)
            relations.timelines[name] = timeline(spells, ledger.table.people, ledger.table.posts)
    made: dict[str, Timeline] = relations.timelines
    return made


def _kinds(*names: str) -> Ints:
    mask = np.zeros(len(KIND), np.bool_)
    mask[[KIND[name] for name in names]] = True
    return mask


_OF_UNITS = _kinds("open-unit", "change-unit", "close-unit")
_OF_LINES = _kinds("create-post", "change-post", "abolish-post", "report")
_OF_HOLDERS = _kinds("appoint", "vacate")
_OF_PEOPLE = _kinds("hire", "depart", "start-leave", "end-leave")


def differing(ledger: Columnar, day: int, known: "date") -> Ints:
    """The rows up to a day that count either with all that is known or as known on a day, but not both."""
    table, learned = ledger.table, np.int32(known.toordinal())
    last = int(np.searchsorted(table.day, np.int32(day), side="right"))
    first = int(np.searchsorted(table.day, learned, side="right"))
    late = ledger.late_rows
    late = late[: int(np.searchsorted(late, np.int32(min(first, last))))]
    rows = np.concatenate([late[where(table.known[late] > learned)], np.arange(first, max(first, last))])
    if first < last:
        rows = rows[where(table.known[rows] > learned)]
    gone, days = table.gone
    lapsed = gone[where((days > learned) & (table.known[gone] <= learned) & (gone < last))]
    both = np.union1d(np.setdiff1d(rows, gone), lapsed)
    found: Ints = both[where((table.flags[both] & t.RIVAL) == 0)]
    return found


def _repaired(ledger: Columnar, states: dict[str, Ints], day: int, known: "date") -> bool:
    """Redo what differs as known on a day; False where so much does that the whole is better made anew."""
    table = ledger.table
    rows = differing(ledger, day, known)
    kinds = table.kind[rows]
    if ledger.core or _OF_UNITS[kinds].any() or len(rows) * SPARED > len(table):
        return False
    posts = np.unique(table.post[rows[where(_OF_LINES[kinds])]])
    for name in ("unit", "solid"):
        near = _near(ledger, posts, _OF_LINES, day, known)
        replay = Replay(table, near, ledger.relations().structure)
        _put(states[name], posts, replay.solid() if name == "solid" else replay.attributes()["unit"], day, table.people)
    people = np.unique(table.person[rows[where(_OF_PEOPLE[kinds])]])
    beside = ledger.nearby.by_person.of_all(people[people >= 0])
    held = np.concatenate([table.post[rows[where(_OF_HOLDERS[kinds])]], table.post[beside]])
    held = np.unique(held[where(held >= 0)])
    if len(held):
        _put(states["answer"], held, _answers(ledger, held, day, known), day, table.people)
    return True


SPARED = 8
"""Where more than one row in so many differs, redoing them costs more than making the whole anew."""


def _near(ledger: Columnar, posts: Ints, kinds: Ints, day: int, known: "date") -> Ints:
    rows = np.sort(ledger.nearby.by_post.of_all(posts))
    rows = rows[where(kinds[ledger.table.kind[rows]])]
    counting: Ints = ledger.counting(rows, day, known)
    return counting


def _answers(ledger: Columnar, posts: Ints, day: int, known: "date") -> Spells:
    """Who answers for posts, from the events of the posts and of their holders."""
    table, nearby = ledger.table, ledger.nearby
    own = nearby.by_post.of_all(posts)
    own = own[where(_OF_HOLDERS[table.kind[own]] | _OF_LINES[table.kind[own]])]
    holders = np.unique(table.person[own])
    theirs = nearby.by_person.of_all(holders[holders >= 0])
    theirs = theirs[where(_OF_PEOPLE[table.kind[theirs]])]
    rows = ledger.counting(np.union1d(own, theirs), day, known)
    replay = Replay(table, rows, ledger.relations().structure)
    holds = [replay.in_days(one) for one in (replay.hold_rows[0], replay.unnamed())]
    return answering(holds_sorted(*holds), replay.leaves(), len(table))


def _put(state: Ints, posts: Ints, spells: Spells, day: int, low: int) -> None:
    state[posts - low] = ABSENT
    here = spells.at(day)
    here = here[where(np.isin(spells.subject[here], posts))]
    state[spells.subject[here] - low] = spells.value[here]
