"""Hypothesis strategies for those who test what they build on ledgers: `pip install orgsim[testing]`.

`ledgers()` draws legal ledgers that use every kind of event and every feature of a ledger, `events()` the list of
events of one; `ids()`, `names()` and `whens()` draw their parts.  Failing examples shrink to few, plain events.

    from hypothesis import given
    from orgsim.testing import ledgers

    @given(ledgers(max_events=20))
    def test_my_report_never_fails(ledger):
        my_report(ledger)

Histories are legal by construction; they are not filtered.  A history is one story, or several that have nothing to
do with each other, so that things become known in every order.
"""

import datetime as dt
from typing import Any

import attrs
from hypothesis import strategies as st

from orgsim.dates import When
from orgsim.events import RESERVED_IDS, Event
from orgsim.ledger import Ledger
from orgsim.model import Person, Source
from orgsim.testing.moves import Cast
from orgsim.testing.story import Chapter, Story

__all__ = ["events", "ids", "ledgers", "names", "whens"]

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_FIRST, _LAST = dt.date(1, 1, 1), dt.date(9998, 12, 31)
_HARD_NAMES = (
    "Zoë O'Neil-Strauß",
    "マーク・チェン",
    "王秀英",
    "محمد بن سلمان",
    "יעל כהן",
    "ฉัตรชัย สุขใจ",
    "👩‍💻 Ada",
    "$x_i^2$ & Co.",
    '<b>"Bobby"; -- {0} %s</b>',
    "NO",
    "2024-02-30",
    "~",
    "- [a, b]: #c",
    "e\u0301 \u00e9",
)
"""Names that have broken software: scripts, directions, markup, YAML, accents in two ways."""


def ids() -> st.SearchStrategy[str]:
    """Ids of people, posts, units, sources and events."""
    rest = st.text(_LETTERS + "._/-", max_size=12)
    return st.builds(str.__add__, st.sampled_from(_LETTERS), rest).filter(lambda id_: id_ not in RESERVED_IDS)


def names() -> st.SearchStrategy[str]:
    """Names and titles: one line of any text that shows, in any script."""
    # No controls, separators, surrogates or unassigned code points; and of the invisible ones only joiners in emoji.
    shown = st.characters(categories=("L", "M", "N", "P", "S"))
    return st.text(shown, min_size=1, max_size=30) | st.sampled_from(_HARD_NAMES)


@st.composite
def whens(draw: st.DrawFn, min_day: dt.date = _FIRST, max_day: dt.date = _LAST) -> When:
    """Dates in every way of writing them, in force from a day between two days."""
    day = draw(st.dates(min_day, max_day))
    ways = [When.on(day), When(None, day, f"..{day}")]
    if day < _LAST:
        last = draw(st.dates(day, min(_LAST, day + dt.timedelta(days=1000))))
        ways.append(When(day, last, f"{day}..{last}"))
    if (first := day.replace(day=1)) >= min_day:
        last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        ways.append(When(first, last, f"{day.year:04}-{day.month:02}"))
    if (first := day.replace(month=1, day=1)) >= min_day:
        ways.append(When(first, day.replace(month=12, day=31), f"{day.year:04}"))
    return draw(st.sampled_from(ways))


def events(max_events: int = 40) -> st.SearchStrategy[list[Event]]:
    """Lists of events that make a legal ledger without people and sources declared."""
    return _histories(max_events, declared=False).map(lambda history: history["events"])


def ledgers(max_events: int = 40) -> st.SearchStrategy[Ledger]:
    """Legal ledgers, some of which declare their people and sources."""
    either = st.booleans().flatmap(lambda declared: _histories(max_events, declared=declared))
    return either.map(lambda history: Ledger(**history))


# ------------------------------------------------------------------ how they are made

_PLAIN = (
    Cast(
        organizations=("acme", "umbrella", "initech"),
        units=("sales", "research", "board", "labs", "audit"),
        posts=("ceo", "cto", "rep", "chair", "dean", "aide", "clerk"),
        people=("ann", "bob", "cho", "dee", "eli", "fay"),
        names=("Ann", "Head", "Lab"),
    ),
    Cast(
        organizations=("globex", "hooli"),
        units=("north", "council"),
        posts=("boss", "seat", "guard"),
        people=("gus", "hal", "ivy"),
        names=("Gus", "Guard", "North"),
    ),
    Cast(
        organizations=("wayne",),
        units=("cave",),
        posts=("lead", "pilot"),
        people=("jan", "kim"),
        names=("Jan", "Lead", "Cave"),
    ),
)
_DICE = 24  # bytes for each move, more than any uses


def _all_chapters() -> st.SearchStrategy[list[Chapter]]:
    move = st.binary(min_size=_DICE, max_size=_DICE)
    header = st.binary(min_size=4, max_size=4)
    nothing: list[bytes] = []
    rumor = st.just(nothing) | st.lists(move, max_size=2)
    return st.lists(st.tuples(header, st.lists(move, min_size=1, max_size=12), rumor))


# Made once, because making strategies takes longer than drawing from them.
_CHAPTERS = _all_chapters()
_ODD_NAMES = st.none() | st.lists(names(), min_size=1, max_size=4).map(tuple)
_FIRST_DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2026, 1, 1))
_NUMBERS = st.sampled_from((1, 1, 1, 2, 3))


@st.composite
def _histories(draw: st.DrawFn, max_events: int, *, declared: bool) -> dict[str, Any]:
    """The arguments of a ledger."""
    told: list[Event] = []
    people: list[Person] = []
    odd = draw(_ODD_NAMES)
    sources = ("report", "press") if declared else ()
    for number, plain in enumerate(_PLAIN[: draw(_NUMBERS)]):
        cast = attrs.evolve(plain, names=odd or plain.names, sources=sources, declared=declared)
        story = Story(cast, draw(_FIRST_DAYS), f"e{number}")
        if len(told) < max_events:
            for chapter in draw(_CHAPTERS):
                story.tell(chapter, max_events - len(told))
        told += story.events
        if declared:
            people += [Person(id_, cast.names[i % len(cast.names)]) for i, id_ in enumerate(cast.people)]
    return {"events": told, "people": people, "sources": [Source(id_, title=f"The {id_}") for id_ in sources]}
