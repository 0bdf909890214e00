"""What the rules say of the rows of a large ledger that columns could not prove.

They are judged by `orgsim.fold.prove`, the small form's own proof, on the events around them; so a problem is the small
form's own, in its words, with the row or line.
"""

from datetime import date
from typing import cast

import attrs
import numpy as np

from orgsim.columns.chart import ColumnarChart
from orgsim.columns.ledger import ColumnarLedger
from orgsim.columns.rows import table as t
from orgsim.columns.rows.arrays import Ints, where
from orgsim.columns.rows.table import ABSENT, KIND, OF_POSTS, Table
from orgsim.errors import Problem
from orgsim.events import Expect
from orgsim.expectations import expectation_failed
from orgsim.fold import Steps, prove
from orgsim.index import Index, index_events
from orgsim.model import Noun, Unit
from orgsim.references import check_references
from orgsim.timeline import State, Window

MOST = 20_000
"""How many doubtful rows are judged at a time; a ledger with more is mended in rounds."""
WHOLE = 20_000
"""Up to how many events a doubtful ledger is judged as a whole."""


def problems_of(ledger: ColumnarLedger, doubtful: Ints) -> list[Problem]:
    """What is wrong with some rows: first with the events, and if nothing is, with the expectations."""
    whole = len(ledger.table) <= WHOLE
    expects = ledger.table.kind[doubtful] == KIND["expect"]
    rows = doubtful if whole else doubtful[where(~expects)][:MOST]
    problems = judged(ledger, rows) if len(doubtful) else []
    return problems if problems or whole else disappointed(ledger, doubtful[where(expects)][:MOST])


def judged(ledger: ColumnarLedger, rows: Ints) -> list[Problem]:
    """The problems of some rows, as the small form tells them, from the events around them."""
    table = ledger.table
    if len(table) <= WHOLE:
        return _proved(ledger, np.arange(len(table)), rows)
    return _proved(ledger, _around(ledger, rows), rows)


def _around(ledger: ColumnarLedger, rows: Ints) -> Ints:
    """Some rows, with all that rules look at when they judge them."""
    table, nearby = ledger.table, ledger.nearby
    people, posts = _named(table, rows, 0, table.people), _named(table, rows, table.people, table.first_unit)
    own = set(_named(table, rows, table.first_other, len(table.ids)).tolist())  # personal posts
    owners = [person for person, numbers in nearby.owned.items() if not own.isdisjoint(numbers)] if own else []
    near = nearby.rows_for(np.union1d(people, np.array(owners, np.int64)), posts)
    # Whoever an event names rests on events of their own, and so on; two steps reach all that rules look at.
    people, posts = _named(table, near, 0, table.people), _named(table, near, table.people, table.first_unit)
    units = np.union1d(nearby.units_for(np.union1d(near, rows)), nearby.all_units)
    everything = [rows, nearby.rows_for(people, posts), units, _about(table)]
    return _with_targets(ledger, np.unique(np.concatenate([part.astype(np.int64) for part in everything])))


def _proved(ledger: ColumnarLedger, around: Ints, rows: Ints) -> list[Problem]:
    """The problems of some rows, from the proof of some more."""
    events = ledger.table.events(around.tolist())
    kept = dict(zip(map(id, events), around.tolist(), strict=True))
    index = index_events(events, ledger.people, ledger.sources)
    problems = check_references(events, index)
    _, refused = prove(Steps(events), index)
    if len(around) == len(ledger.table):
        return [*problems, *refused]
    wanted = set(rows.tolist())
    places = {event.where for event in events if kept[id(event)] in wanted}
    return [problem for problem in (*problems, *refused) if problem.where in places]


@attrs.frozen
class _Day(Window):
    """The end of a day, as expectations ask it."""

    chart: ColumnarChart
    index: Index

    def get(self, id_: str) -> Noun | None:
        return self.chart.get(id_)


def disappointed(ledger: ColumnarLedger, rows: Ints) -> list[Problem]:
    """The expectations that fail, on any day since they were known on which something about them became known."""
    problems, untimely = [], where(ledger.table.known > ledger.table.day)
    for row in rows.tolist():
        event = ledger.table.event(row)
        for known in (None, event.known, *_news(ledger, row, untimely)):
            if not isinstance(event, Expect) or event.disputes is not None or not ledger.sees(event, known):
                continue
            chart = ledger.chart(event.date.day, known)
            there = event.unit is not None and isinstance(unit := chart.get(event.unit), Unit) and unit.open
            if there and event.unit is not None and event.headcount == chart.headcount(event.unit):
                continue
            refusal = expectation_failed(event, cast("State", _Day(chart, chart.index)))
            if refusal is not None:
                problems.append(Problem(event.where, refusal.rule, refusal.message, refusal.hint, refusal.related))
                break
    return problems


def _news(ledger: ColumnarLedger, row: int, untimely: Ints) -> list[date]:
    """The days after an expectation was known on which something became known of what it is about.

    `untimely` are the rows known after their day: no others can be news, unless it was known before its own day.
    """
    table, (gone, days) = ledger.table, ledger.table.gone
    until, since = table.day[row], table.known[row]
    rows = untimely if since >= until else np.arange(len(table))
    late = rows[where((table.known[rows] > since) & (table.day[rows] <= until))]
    taken = gone[where(days > since)]
    if (len(late) or len(taken)) and table.kind[row] == KIND["expect"] and table.place[row] == ABSENT:
        around = _around(ledger, np.array([row]))
        late, taken = np.intersect1d(late, around), np.intersect1d(taken, around)
    found = np.union1d(table.known[late], days[np.isin(gone, taken)])
    return [date.fromordinal(day) for day in found[where(found > since)].tolist()]


def _with_targets(ledger: ColumnarLedger, rows: Ints) -> Ints:
    """Rows with those that make the posts their lines run to, and the posts these run to, up to the top."""
    table = ledger.table
    known = np.zeros(0, np.int64)
    while True:
        to = np.unique(table.to[rows])
        to = np.setdiff1d(to[where((to >= table.people) & (to < table.first_unit))], known)
        if not len(to):
            return rows
        known = np.union1d(known, to)
        made = ledger.nearby.by_post.of_all(to)
        rows = np.union1d(rows, made[where(OF_POSTS[table.kind[made]])])


def _named(table: Table, rows: Ints, low: int, high: int) -> Ints:
    found = np.unique(np.concatenate([column[rows] for column in (table.person, table.post, table.to)]))
    return found[where((found >= low) & (found < high))]


def _about(table: Table) -> Ints:
    """Events that retract, or are retracted or disputed, as long as they are few."""
    rivals = where((table.flags & t.RIVAL) != 0)
    kinds = np.union1d(where(table.kind == KIND["retract"]), rivals)
    if len(kinds) >= MOST:
        return kinds[:0]
    disputed = {table.rest_of(row)["disputes"] for row in rivals.tolist()}
    said = zip(table.rest[0].tolist(), table.rest[1].parsed(), strict=True) if disputed else ()
    named = [row for row, one in said if one.get("id") in disputed]
    return np.unique(np.concatenate([kinds, table.gone[0], np.array(named, np.int64)]))
