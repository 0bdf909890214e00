"""What was known otherwise is what a replay of all that was seen then shows, and is told only where it differs."""

import datetime as dt
from itertools import product
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgsim.columns.days import believed
from orgsim.columns.days import states as of_days
from orgsim.columns.days.states import REDO
from orgsim.columns.files import store
from orgsim.columns.ledger import ColumnarLedger
from orgsim.columns.rows.table import ABSENT
from orgsim.ledger import Ledger
from orgsim.testing import ledgers
from tests.columns.test_states import MENDED, SETTINGS, regular
from tests.plotting.pictures import ledger_of

NAMES = (*of_days.TIMED, of_days.OPEN)
COMPANY = """
- {date: 2020-01-01, event: create-post, post: boss, unit: acme, reports_to: none}
- {date: 2020-01-01, event: create-post, post: lead, unit: acme, reports_to: none}
- {date: 2020-01-01, event: create-post, post: seat, unit: acme, reports_to: boss}
- {date: 2020-01-01, event: hire, person: ada, name: Ada, organization: acme}
- {date: 2020-01-01, event: appoint, person: ada, post: seat}
"""
LATE_LINE = "- {date: 2021-03-01, known: 2021-04-01, event: report, post: seat, to: lead}"
WRONG_LINE = """
- {date: 2021-03-01, event: report, post: seat, to: lead, id: wrong}
- {date: 2021-05-01, known: 2021-05-01, event: retract, of: wrong}
"""
LATE_END = "- {date: 2021-03-01, known: 2021-04-01, event: depart, person: ada}"
LATE_POST = "- {date: 2021-03-01, known: 2021-04-01, event: create-post, post: new, unit: acme, reports_to: boss}"
AHEAD = "- {date: 2021-04-01, known: 2021-03-01, event: report, post: seat, to: lead}"
LATE_LEAVE = "- {date: 2021-03-01, known: 2021-04-01, event: start-leave, person: ada, reason: parental}"
DEPUTY = """
- {date: 2020-02-01, event: hire, person: ben, name: Ben, organization: acme}
- {date: 2020-02-01, event: appoint, person: ben, post: seat, acting: true}
"""


def day(month: int) -> int:
    """The number of the first day of a month of 2021."""
    return dt.date(2021, month, 1).toordinal()


def told(events: str) -> dict[str, list[tuple[str, str | int, int, int, int, int]]]:
    """What was known otherwise, with ids for numbers."""
    ledger = ColumnarLedger.of(ledger_of(COMPANY + events))
    found = {}
    for name, one in ledger.believed.items():
        columns = (one.subject, one.value, one.start, one.end, one.since, one.until)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        named = ledger.table.name
        found[name] = [(named(post), named(to) if to >= 0 else to, *rest) for post, to, *rest in rows]
    return {name: rows for name, rows in found.items() if rows}


@pytest.mark.parametrize(
    ("events", "wanted"),
    [
        ("", {}),
        (AHEAD, {}),
        (LATE_LEAVE, {}),
        (LATE_LINE, {"solid": [("seat", "boss", day(3), day(4), day(3), day(4))]}),
        (WRONG_LINE, {"solid": [("seat", "lead", day(3), day(5), day(3), day(5))]}),
        (LATE_END, {"answer": [("seat", "ada", day(3), day(4), day(3), day(4))]}),
        (
            LATE_POST,
            {name: [("new", ABSENT, day(3), day(4), day(3), day(4))] for name in ("unit", "solid")},
        ),
        (DEPUTY + LATE_LEAVE, {"answer": [("seat", REDO, day(3), 3652060, day(3), day(4))]}),
    ],
)
def test_what_one_piece_of_news_makes(events: str, wanted: dict[str, list[object]]) -> None:
    """From the day of what happened until it was known, or until it was taken back, a post was otherwise."""
    assert told(events) == wanted


def replayed(ledger: ColumnarLedger, at: dt.date, known: dt.date) -> dict[str, list[object]]:
    """What every post is like, from all that is seen, replayed as a whole."""
    moment, ordinary = ledger.moment(at, known), slice(ledger.table.people, ledger.table.first_unit)
    found = {name: getattr(moment, name)[ordinary].tolist() for name in of_days.TIMED}
    return {**found, of_days.OPEN: [unit != ABSENT for unit in found["unit"]]}


@settings(SETTINGS, max_examples=40)
@given(ledgers(max_events=40).map(regular), st.sampled_from([(0, 200), (1, 8), (16, 8), (16, 200)]), st.data())
def test_states(ledger: Ledger, most: tuple[int, int], data: st.DataObject) -> None:
    """Of every post every attribute is that of the replay, whichever are asked for; nobody answers for closed ones."""
    columns = ColumnarLedger.of(ledger)
    days = sorted({day for event in ledger.events for day in (event.date.day, event.known)})
    names = data.draw(st.sampled_from([NAMES, of_days.SHOWN, *((name,) for name in NAMES)]))
    with MENDED, patch.multiple(believed, MANY=most[0], HEAVY=most[1]):
        for at, known in product(days[::2], days):
            states = columns.chart(at, known).states(names)
            wanted = replayed(columns, at, known)
            for name in names:
                either = zip(states[name].tolist(), wanted[name], wanted[of_days.OPEN], strict=True)
                assert all(one == other or (name == "answer" and not is_open) for one, other, is_open in either)


def test_little_is_left_to_be_worked_out() -> None:
    """Of what was known otherwise most is kept; with no room for any news of a post, nothing is."""
    kept = {True: 0, False: 0}

    @settings(SETTINGS, max_examples=600, derandomize=True, database=None)  # of few, one odd ledger would decide
    @given(ledgers(max_events=40).map(regular))
    def count(ledger: Ledger) -> None:
        columns = ColumnarLedger.of(ledger)
        for name in of_days.TIMED:
            for value in columns.believed[name].value.tolist():
                kept[value != REDO] += 1
        with patch.object(believed, "MANY", 0):
            left = believed.believed(columns.table, columns.nearby, columns.relations())
        assert all((left[name].value == REDO).all() for name in of_days.TIMED)

    count()
    assert kept[True] > 3 * kept[False] > 0


def test_who_holds_very_many_posts() -> None:
    """News of somebody with very many posts is not copied for each of them, which would go with the square."""
    lines = [COMPANY]
    for number in range(believed.HEAVY):
        lines.append(f"- {{date: 2020-01-01, event: create-post, post: p{number}, unit: acme, reports_to: boss}}")
        lines.append(f"- {{date: 2020-01-01, event: appoint, person: ada, post: p{number}}}")
    ledger = ColumnarLedger.of(ledger_of("\n".join([*lines, LATE_END])))
    assert set(ledger.believed["answer"].value.tolist()) == {REDO}
    for at, known in product((dt.date(2021, 2, 1), dt.date(2021, 3, 15), dt.date(2021, 4, 15)), repeat=2):
        assert ledger.chart(at, known).states(("answer",))["answer"].tolist() == replayed(ledger, at, known)["answer"]


def test_closed_posts_between_open_ones() -> None:
    """A whole chart has the open posts in order, whether or not closed ones lie between them."""
    ledger = ColumnarLedger.of(ledger_of(COMPANY + "- {date: 2021-01-01, event: abolish-post, post: lead}"))
    names = ledger.table.name
    for at, wanted in (
        (dt.date(2019, 1, 1), []),
        (dt.date(2020, 6, 1), [("boss", None, None), ("lead", None, None), ("seat", "ada", "boss")]),
        (dt.date(2021, 6, 1), [("boss", None, None), ("seat", "ada", "boss")]),
    ):
        whole = ledger.chart(at).whole
        rows = zip(whole.post.tolist(), whole.holder.tolist(), whole.to.tolist(), strict=True)
        assert [tuple(names(one) if one >= 0 else None for one in row) for row in rows] == wanted


def test_it_is_kept_with_the_ledger(tmp_path: Path) -> None:
    """A saved ledger is not searched again for what was known otherwise."""
    made = ColumnarLedger.of(ledger_of(COMPANY + LATE_LINE + "\n" + LATE_END + DEPUTY))
    store.save(made, tmp_path / "kept", "content")
    with patch("orgsim.columns.ledger.believed", side_effect=AssertionError):
        found = store.load(tmp_path / "kept", "content")
        assert found is not None
        for at, known in product((dt.date(2021, 2, 1), dt.date(2021, 3, 15), dt.date(2021, 4, 15)), repeat=2):
            states, wanted = (one.chart(at, known).states(NAMES) for one in (found, made))
            assert {name: state.tolist() for name, state in states.items()} == {
                name: state.tolist() for name, state in wanted.items()
            }
