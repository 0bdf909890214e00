"""The strategies of `orgsim.testing`: legal, rich, small when they shrink, and made of what files can hold."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from orgsim import events as ev
from orgsim.chart import OrgChart
from orgsim.dates import When, parse_when
from orgsim.ledger import Ledger
from orgsim.testing import events, ids, ledgers, names, whens
from orgsim.values import TYPES


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


def _on_some_day(recognized: Callable[[OrgChart], bool]) -> Callable[[Ledger], bool]:
    """Whether a chart is of some sort on any day on which something happens."""
    return lambda ledger: any(map(recognized, ledger.charts({event.date.day for event in ledger.events})))


def _twice(cls: type[ev.Event], *names: str) -> Callable[[Ledger], bool]:
    """Whether there are two events of a kind about the same thing."""

    def found(ledger: Ledger) -> bool:
        told = [
            tuple(getattr(e, name) for name in names) for e in ledger.events if isinstance(e, cls) and not e.disputes
        ]
        return len(told) > len(set(told))

    return found


FEATURES: dict[str, Callable[[Ledger], bool]] = {
    **{cls.kind: _has(cls) for cls in ev.CLASSES},
    "several organizations": _on_some_day(lambda chart: len(chart.organizations) > 1),
    "a merger": _has(ev.CloseUnit, into=_is_set),
    "a unit opened again": _twice(ev.OpenUnit, "unit"),
    "a post created again": _twice(ev.CreatePost, "post"),
    "a rehire": _twice(ev.Hire, "person", "organization"),
    "any number of seats": _has(ev.CreatePost, seats="any"),
    "two seats": _has(ev.CreatePost, seats=2),
    "a head": _has(ev.CreatePost, heads=_is_set),
    "acting": _has(ev.Appoint, acting=True),
    "a confirmation": _twice(ev.Appoint, "person", "post"),
    "a primary post": _has(ev.Appoint, primary=True),
    "an unnamed holder": _has(ev.Appoint, holder="unnamed"),
    "an unknown holder leaves": _has(ev.Vacate, holder="unknown"),
    "several posts for a person": _on_some_day(lambda chart: any(len(p.posts) > 1 for p in chart.people)),
    "two employers": _on_some_day(lambda chart: any(len(p.employments) > 1 for p in chart.people)),
    "a director who is not employed": _on_some_day(lambda chart: not all(p.employments for p in chart.people)),
    "a personal post beside an acting one": _on_some_day(
        lambda chart: any(post.personal and len(chart.posts_of(post.personal)) > 1 for post in chart.posts)
    ),
    "a personal post that stays": _on_some_day(lambda chart: any(p.personal and p.vacant for p in chart.posts)),
    "a contractor": _has(ev.Hire, contract="contractor"),
    "somebody told to work full time": _has(ev.ChangeEmployment, fte=1),
    "a dotted line": _has(ev.Report, line="dotted", end=False),
    "a line from a person": _has(ev.Report, person=_is_set),
    "no manager": _has(ev.Report, to="none"),
    "an unknown manager": _has(ev.Report, to="unknown"),
    "the end of a line": _has(ev.Report, end=True),
    "a line to a unit with a head": _on_some_day(
        lambda chart: any(p.line is not None and p.line.to == "acme" and chart.manager_post(p.id) for p in chart.posts)
    ),
    "a year": _has(date=lambda when: len(when.text) == 4),
    "a month": _has(date=lambda when: len(when.text) == 7),
    "a range": _has(date=lambda when: when.first is not None and ".." in when.text),
    "an open range": _has(date=lambda when: when.is_open),
    "known late": lambda ledger: any(e.known > e.date.day for e in ledger.events),
    "known before": lambda ledger: any(e.known < e.date.day for e in ledger.events),
    "known out of order": lambda ledger: any(a.known > b.known for a, b in pairwise(ledger.events)),
    "a dispute": _has(disputes=_is_set),
    "a source": _has(source=_is_set),
    "a note": _has(note=_is_set),
    "people declared": lambda ledger: bool(ledger.people),
    "forty events": lambda ledger: len(ledger.events) == 40,
}  # fmt: skip


@pytest.mark.slow
def test_every_feature_is_drawn() -> None:
    """Many ledgers together have every kind of event and every feature of a ledger, each several times."""
    seen: Counter[str] = Counter()

    @settings(max_examples=1500, derandomize=True, database=None, phases=[Phase.generate])
    @given(ledgers())
    def look(ledger: Ledger) -> None:
        seen.update(feature for feature, recognized in FEATURES.items() if recognized(ledger))

    look()
    assert {feature: seen[feature] for feature in FEATURES if seen[feature] < 3} == {}


SMALLEST = {
    "hire": 2,  # the organization must be opened
    "a source": 1,
    "retract": 2,
    "acting": 4,
    "a dotted line": 3,
}


@pytest.mark.slow
@pytest.mark.parametrize("feature", SMALLEST)
def test_examples_shrink(feature: str) -> None:
    """The smallest ledger with a feature has as few events as it needs, or two more."""
    quiet = settings(max_examples=2000, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    assert len(find(ledgers(), FEATURES[feature], settings=quiet).events) <= SMALLEST[feature] + 2


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
