"""The whole chart as known on a day is mended from a plain one; it is the chart that the small form makes."""

import datetime as dt
from collections import Counter
from itertools import product
from typing import Any
from unittest.mock import patch

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgsim.columns.days import states as of_days
from orgsim.columns.days.moment import Moment
from orgsim.columns.ledger import ColumnarLedger
from orgsim.errors import OrgsimError
from orgsim.events import Event
from orgsim.ledger import Ledger
from orgsim.testing import ledgers
from tests.columns.comparing import name, posts
from tests.columns.test_screen import numbered

SETTINGS = settings(max_examples=60, suppress_health_check=list(HealthCheck))
MENDED = patch.object(of_days, "SPARED", 0)
"""However much differs, the plain chart is mended and not made anew."""


def told(moment: Moment, whole: Any) -> dict[str | None, tuple[str | None, str | None]]:
    """A whole chart by the ids of its posts: who answers for each, and where it reports."""
    rows = zip(whole.post.tolist(), whole.holder.tolist(), whole.to.tolist(), strict=True)
    return {name(moment, post): (name(moment, holder), name(moment, to)) for post, holder, to in rows}


def regular(ledger: Ledger) -> Ledger:
    """What is left of a ledger without lines between people, named personal posts and mergers, and is legal."""
    people = ledger.index.person_ids
    events = []
    for event in ledger.events:
        named = [getattr(event, key, None) or "" for key in ("post", "to", "reports_to")]
        between = event.kind == "report" and (event.person or event.to in people)  # type: ignore[attr-defined]
        merger = event.kind == "close-unit" and event.into  # type: ignore[attr-defined]
        if not (between or merger or any("/" in id_ for id_ in named)):
            events.append(event)
    events = numbered(events)
    while True:
        try:
            return Ledger(tuple(events), people=ledger.people, sources=ledger.sources)
        except OrgsimError as error:
            refused = {problem.where for problem in error.problems}
            events = [event for event in events if event.where not in refused]


@SETTINGS
@given(ledgers(max_events=40))
def test_every_day_as_known_on_every_day(ledger: Ledger) -> None:
    """Mended charts are those of the small form, before, on and after the day of knowing."""
    ledger = regular(ledger)
    columns = ColumnarLedger.of(ledger)
    happens, known = ({pick(event) for event in ledger.events} for pick in (_day, _known))
    with MENDED:
        for at, learned_on in product(sorted(happens), sorted(known)[::2]):
            chart = columns.chart(at, learned_on)
            assert told(chart.moment, chart.whole) == posts(ledger.chart(at, learned_on)), (at, learned_on)


def test_charts_are_mended() -> None:
    """Most of the charts above are mended; where a unit changes, all is made anew."""
    mended = Counter[bool]()

    @settings(SETTINGS, derandomize=True, database=None)
    @given(ledgers(max_events=40))
    def count(ledger: Ledger) -> None:
        columns = ColumnarLedger.of(regular(ledger))
        for at, known in product({*map(_day, columns.events)}, {*map(_known, columns.events)}):
            with patch.object(columns, "moment", wraps=columns.moment) as anew, MENDED:
                of_days.states(columns, at, known)
            mended[not anew.called] += 1

    count()
    assert mended[True] > 3 * mended[False] > 0


def _day(event: Event) -> dt.date:
    return event.date.day


def _known(event: Event) -> dt.date:
    return event.known


@SETTINGS
@given(st.lists(st.tuples(st.integers(0, 99), st.integers(-9, 9)), max_size=900), st.booleans(), st.data())
def test_untimely_rows(days: list[tuple[int, int]], late: bool, data: st.DataObject) -> None:  # noqa: FBT001
    """Rows on the wrong side of a day of knowing are found as a look at every row finds them."""
    days.sort()
    known = np.array([day + delay for day, delay in days], np.int32)
    odd = np.array([delay > 0 if late else delay < 0 for _, delay in days], np.bool_)
    rows = np.flatnonzero(odd).astype(np.int32)
    first, last = sorted(data.draw(st.tuples(st.integers(0, len(days)), st.integers(0, len(days)))))
    learned_on = data.draw(st.integers(-10, 110))
    found = of_days.Untimely(known, rows, late=late).beyond(first, last, learned_on).tolist()
    wrong = known > learned_on if late else known <= learned_on
    assert found == [row for row in range(first, last) if odd[row] and wrong[row]]
