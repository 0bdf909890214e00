"""The strategies of `orgsim.testing`: legal, rich, small when they shrink, and made of what files can hold."""

import datetime as dt
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from orgsim import events as ev
from orgsim.dates import When, parse_when
from orgsim.ledger import Ledger
from orgsim.testing import events, ids, ledgers, names, whens
from orgsim.values import TYPES

QUIET = settings(max_examples=5000, database=None, derandomize=True, suppress_health_check=list(HealthCheck))


def _has(*kinds: type[ev.Event], **fields: object) -> Callable[[Ledger], bool]:
    """Whether a ledger has an event of one of the kinds, with these fields; by default one that is applied."""
    wanted = {"disputes": None, **fields}

    def found(ledger: Ledger) -> bool:
        return any(
            isinstance(event, kinds or ev.Event) and all(_fits(event, name, value) for name, value in wanted.items())
            for event in ledger.events
        )

    return found


def _fits(event: ev.Event, name: str, value: object) -> bool:
    given = getattr(event, name, None)
    return bool(value(given)) if callable(value) else given == value


def _is_set(value: object) -> bool:
    return value not in (None, (), False)


def _most(ledger: Ledger, count: Callable[[Ledger, dt.date], int]) -> int:
    return max((count(ledger, event.date.day) for event in ledger.events), default=0)


FEATURES: dict[str, tuple[int, Callable[[Ledger], bool]]] = {
    # the feature: in how few events it shrinks, and how it is recognized
    **{cls.kind: (6, _has(cls)) for cls in ev.CLASSES},
    "several organizations": (2, lambda ledger: _most(ledger, lambda x, day: len(x.chart(day).organizations)) > 1),
    "a merger": (4, _has(ev.CloseUnit, into=_is_set)),
    "a unit opened again": (3, lambda x: max(Counter(e.unit for e in x.events if isinstance(e, ev.OpenUnit)).values(), default=0) > 1),
    "any number of seats": (2, _has(ev.CreatePost, seats="any")),
    "two seats": (2, _has(ev.CreatePost, seats=2)),
    "a head": (2, _has(ev.CreatePost, heads=_is_set)),
    "acting": (4, _has(ev.Appoint, acting=True)),
    "a primary post": (4, _has(ev.Appoint, primary=True)),
    "an unnamed holder": (3, _has(ev.Appoint, holder="unnamed")),
    "an unknown holder leaves": (5, _has(ev.Vacate, holder="unknown")),
    "several posts for a person": (6, lambda x: _most(x, lambda y, day: max((len(p.posts) for p in y.chart(day).people), default=0)) > 1),
    "two employers": (4, lambda x: _most(x, lambda y, day: max((len(p.employments) for p in y.chart(day).people), default=0)) > 1),
    "a director who is not employed": (4, lambda x: _most(x, lambda y, day: sum(not p.employments for p in y.chart(day).people)) > 0),
    "a contractor": (2, _has(ev.Hire, contract="contractor")),
    "a rehire": (4, lambda x: max(Counter((e.person, e.organization) for e in x.events if isinstance(e, ev.Hire)).values(), default=0) > 2),
    "a dotted line": (4, _has(ev.Report, line="dotted", end=False)),
    "a line from a person": (3, _has(ev.Report, person=_is_set)),
    "no manager": (3, _has(ev.Report, to="none")),
    "an unknown manager": (3, _has(ev.Report, to="unknown")),
    "the end of a line": (4, _has(ev.Report, end=True)),
    "a year": (2, _has(date=lambda when: len(when.text) == 4)),
    "a month": (2, _has(date=lambda when: len(when.text) == 7)),
    "a range": (2, _has(date=lambda when: when.first is not None and ".." in when.text)),
    "an open range": (1, _has(date=lambda when: when.is_open)),
    "known late": (2, lambda x: any(e.known > e.date.day for e in x.events)),
    "known before": (2, lambda x: any(e.known < e.date.day for e in x.events)),
    "known out of order": (4, lambda x: any(a.date.day < b.date.day and a.known > b.known for a in x.events for b in x.events)),
    "a retraction": (3, _has(ev.Retract)),
    "a dispute": (2, _has(disputes=_is_set)),
    "a source": (1, _has(source=_is_set)),
    "a note": (1, _has(note=_is_set)),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_is_drawn_and_shrinks(feature: str) -> None:
    """Every kind of event and every feature of a ledger is drawn, and shrinks to few events."""
    few, recognized = FEATURES[feature]
    assert len(find(ledgers(), recognized, settings=QUIET).events) <= few + 2


@given(ledgers(max_events=7))
def test_a_ledger_has_no_more_events_than_asked_for(ledger: Ledger) -> None:
    """`max_events` is kept."""
    assert len(ledger.events) <= 7


@given(events())
def test_events_make_a_ledger(told: list[ev.Event]) -> None:
    """The events alone are legal, with nobody declared."""
    assert set(Ledger(told).events) == set(told)


@given(ids())
def test_ids_are_ids(text: str) -> None:
    """What is drawn as an id is one in a file."""
    assert TYPES["id"].parse(text) == text


@given(names())
def test_names_are_names(text: str) -> None:
    """What is drawn as a name is one in a file."""
    assert TYPES["name"].parse(text) == text


@given(whens(dt.date(2020, 2, 1), dt.date(2020, 4, 1)))
def test_dates_are_read_as_they_are_written(when: When) -> None:
    """What is drawn as a date is what its text says, in force between the days asked for."""
    assert parse_when(when.text) == when
    assert dt.date(2020, 2, 1) <= when.day <= dt.date(2020, 4, 1)


@given(st.data())
def test_dates_reach_both_ends_of_the_calendar(data: st.DataObject) -> None:
    """Dates may be asked for on any day of the calendar."""
    for day in (dt.date(1, 1, 1), dt.date(9998, 12, 31)):
        assert data.draw(whens(day, day)).day == day
