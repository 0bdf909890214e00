"""What goes out comes back: writing and reading, differences and their application, a chart and its JSON."""

import datetime as dt
import json

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgsim.changes import KINDS
from orgsim.data import chart_data
from orgsim.differences import diff
from orgsim.ledger import Ledger
from orgsim.model import Person, Post
from orgsim.phrases import name_from, phrase
from orgsim.reading.reader import read_texts
from orgsim.story import history, names_on, why
from orgsim.testing import ledgers
from orgsim.writing import to_yaml

AGAIN = b"""
orgsim: ledger/1
organization: acme
people:
  ben: {name: Ben}
events:
- {date: 2020-01-01, event: open-unit, unit: acme, name: Acme}
- {date: 2020-01-01, event: create-post, post: seat, title: Rep}
- {date: 2020-01-01, event: hire, person: ben}
- {date: 2020-01-01, event: appoint, person: ben, post: seat}
- {date: 2021-01-01, event: depart, person: ben}
- {date: 2021-01-01, event: abolish-post, post: seat}
- {date: 2022-01-01, event: create-post, post: seat, title: Manager}
- {date: 2022-01-01, event: hire, person: ben}
- {date: 2022-01-01, event: appoint, person: ben, post: seat}
- {date: 2023-01-01, event: change-post, post: seat, title: Director}
"""


def _days(ledger: Ledger) -> st.SearchStrategy[dt.date]:
    """Days on which something happens, the days around them, and a day far away."""
    edges = {event.date.day + dt.timedelta(days=off) for event in ledger.events for off in (-1, 0, 1)}
    return st.sampled_from(sorted(edges | {dt.date(2500, 1, 1)}))


def _knowns(ledger: Ledger) -> st.SearchStrategy[dt.date | None]:
    return st.sampled_from([None, *sorted({event.known for event in ledger.events})])


def test_a_post_that_begins_anew_is_called_by_its_new_name() -> None:
    """Its old title, of before it closed, is told of the days of then; a new title on the day is told of the post."""
    ledger = read_texts([("again.yaml", AGAIN)])
    said = [phrase(entry.event, names_on(ledger, entry.event)) for entry in history(ledger, "ben")]
    assert said == [
        "Ben joins Acme", "Ben becomes Rep", "Ben leaves Acme", "Ben joins Acme", "Ben becomes Manager",
    ]  # fmt: skip
    told = [phrase(entry.event, names_on(ledger, entry.event)) for entry in history(ledger, "seat")]
    assert told[-1] == "Manager is now titled Director"


@given(ledgers())
def test_writing_and_reading_gives_the_same_ledger(ledger: Ledger) -> None:
    """The text of a ledger reads back as an equal ledger, and writes the same text again."""
    text = to_yaml(ledger)
    again = read_texts([("again.yaml", text.encode())])
    assert again == ledger
    assert to_yaml(again) == text


@given(ledgers(max_events=12))
def test_other_parsers_read_the_same_texts(ledger: Ledger) -> None:
    """PyYAML's own loader, with all its guessing, sees names, ids and notes as the texts they are."""
    import yaml

    loaded = yaml.load(to_yaml(ledger), Loader=yaml.CSafeLoader)
    for event, data in zip(ledger.events, loaded.get("events", []), strict=True):
        for field in attrs.fields(type(event)):
            if field.metadata.get("type") in ("id", "name", "text"):
                key = str(field.metadata.get("key", field.name))
                assert data.get(key) == getattr(event, field.name)


@given(st.data())
def test_a_difference_applied_to_the_old_chart_gives_the_new_one(data: st.DataObject) -> None:
    """`diff(a, b).apply(a)` is b, for any two dates and any two days of knowledge."""
    ledger = data.draw(ledgers())
    old = ledger.chart(data.draw(_days(ledger)), data.draw(_knowns(ledger)))
    new = ledger.chart(data.draw(_days(ledger)), data.draw(_knowns(ledger)))
    found = diff(old, new)
    assert found.apply(old).nouns() == new.nouns()
    assert chart_data(found.apply(attrs.evolve(old, at=new.at, known=new.known, sees=new.sees))) == chart_data(new)


@given(st.data())
def test_a_difference_of_two_days_looks_where_something_happened(data: st.DataObject) -> None:
    """What is found by looking only at what was written between two days is what is found by looking at everything."""
    ledger = data.draw(ledgers())
    days = sorted({event.date.day for event in ledger.events} | {dt.date(2020, 1, 1)})
    known = data.draw(st.none() | st.sampled_from(days))
    old, new = (ledger.chart(data.draw(st.sampled_from(days)), known) for _ in "ab")
    assert diff(old, new) == diff(old, new, among=ledger.index.ids)


@given(st.data())
def test_every_visible_difference_is_told(data: st.DataObject) -> None:
    """Joined and left, opened and closed, held and vacated: recounted from both charts without looking at the diff."""
    ledger = data.draw(ledgers())
    old, new = (ledger.chart(data.draw(_days(ledger))) for _ in range(2))
    found = diff(old, new)
    assert {change.kind for change in found.changes} <= set(KINDS)

    def jobs(people: tuple[Person, ...]) -> set[tuple[str, str]]:
        return {(person.id, job.organization) for person in people for job in person.employments}

    def told(kind: str, *, after: bool) -> set[tuple[str, str]]:
        return {(c.subject, part) for c in found.of(kind) for part in (c.after if after else c.before)}

    assert told("joined", after=True) == jobs(new.people) - jobs(old.people)
    assert told("left", after=False) == jobs(old.people) - jobs(new.people)

    def open_posts(posts: tuple[Post, ...]) -> set[str]:
        return {post.id for post in posts if post.personal is None}

    assert {c.subject for c in found.of("post-opened")} == open_posts(new.posts) - open_posts(old.posts)
    assert {c.subject for c in found.of("post-closed")} == open_posts(old.posts) - open_posts(new.posts)
    units = [{unit.id for unit in chart.units} for chart in (old, new)]
    assert {c.subject for c in found.of("unit-opened")} == units[1] - units[0]
    assert {c.subject for c in found.of("unit-closed")} == units[0] - units[1]
    held = [
        {(p.id, h.person) for p in c.posts if not p.personal for h in p.holders if not h.acting} for c in (old, new)
    ]
    gained = {
        (post, c.subject) for kind in ("appointed", "promoted", "moved") for c in found.of(kind) for post in c.after
    }
    subjects = {person.id for person in (*old.people, *new.people)}
    assert {pair for pair in gained if pair[1] in subjects} == {
        pair for pair in held[1] - held[0] if pair[1] is not None
    }


@given(ledgers())
def test_no_difference_between_a_chart_and_itself(ledger: Ledger) -> None:
    """A chart differs from itself in nothing."""
    for event in ledger.events[:3]:
        chart = ledger.chart(event.date.day)
        assert not diff(chart, ledger.chart(event.date.day))


@given(st.data())
def test_every_question_has_an_answer(data: st.DataObject) -> None:
    """Charts become JSON, every event a sentence, everything there has evidence and a history, at any date."""
    ledger = data.draw(ledgers())
    chart = ledger.chart(data.draw(_days(ledger)), data.draw(_knowns(ledger)))
    json.dumps(chart_data(chart))
    name = name_from(chart.get, names=chart.index.names)
    for event in ledger.events:
        assert phrase(event, name)
    for id_ in [*(p.id for p in chart.people), *(p.id for p in chart.posts), *(u.id for u in chart.units)]:
        assert why(chart, id_)
        assert isinstance(chart.get(id_), Person) or history(ledger, id_, chart.known)


def test_an_id_that_is_nowhere_is_refused() -> None:
    """Asking for the history or the evidence of an unknown id says so."""
    ledger = Ledger([])
    with pytest.raises(KeyError, match="no person, post or unit 'nobody'"):
        history(ledger, "nobody")
    with pytest.raises(KeyError, match="'nobody' on 2024-01-01"):
        why(ledger.chart(dt.date(2024, 1, 1)), "nobody")
