"""What differs between two charts: every change found again by comparing what the charts show, field by field."""

import copy
import datetime as dt
import pickle
from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgsim import tracks
from orgsim.chart import OrgChart
from orgsim.differences import diff
from orgsim.ledger import Ledger
from orgsim.model import Person, Post, Unit
from orgsim.reading.reader import read_texts
from orgsim.testing import ledgers
from orgsim.timeline import PATIENCE

Shown = dict[tuple[str, str], object]
"""What a chart shows, by the kind of change that would tell of it, and by id."""
MANY = ("seats", "level", "critical", "heads", "unnamed")
"""The fields of a post whose changes are all told as `post-changed`."""
COMPARED = frozenset(
    [
        *("retitled", "moved", "re-parented", "re-lined", "post-changed", "acting", "renamed", "fte-changed"),
        *("leave-started", "leave-ended", "unit-moved", "unit-renamed", "unit-changed"),
    ]
)
"""The kinds of change that are found here by comparing field by field."""


def _charts(data: st.DataObject) -> tuple[OrgChart, OrgChart]:
    """Two charts of one ledger, of any days, as known on any days."""
    return data.draw(st.sampled_from(_pairs(data)))


def _pairs(data: st.DataObject) -> list[tuple[OrgChart, OrgChart]]:
    """Every two of some charts of one ledger: of a few days, with all that is known, and as known on a few days."""
    ledger = data.draw(ledgers())
    days, knowns = (
        [dt.date(2500, 1, 1), *sorted(found)[:: max(len(found) // 4, 1)]]
        for found in ({event.date.day for event in ledger.events}, {event.known for event in ledger.events})
    )
    charts = [ledger.chart(day) for day in days] + [ledger.chart(days[-1], known) for known in knowns[1:]]
    return list(product(charts, charts))


def _shown_of_post(post: Post) -> dict[str, object]:
    solid = [line.to for line in post.lines if not line.dotted]
    return {
        "retitled": post.title,
        "moved": post.unit,
        "re-parented": solid[0] if solid else "unknown",
        "re-lined": {line.to for line in post.lines if line.dotted},
        "seats": post.seats,
        "level": post.level,
        "critical": post.critical,
        "heads": post.heads,
        "unnamed": sum(holder.seats for holder in post.holders if holder.person is None),
    }


def _shown(chart: OrgChart) -> Shown:
    """What a chart shows of everything whose changes are told field by field."""
    found: Shown = {}
    for post in chart.posts:
        found |= {(kind, post.id): value for kind, value in _shown_of_post(post).items()}
    for unit in chart.units:
        values = {"unit-moved": unit.parent, "unit-renamed": unit.name, "unit-changed": unit.kind}
        found |= {(kind, unit.id): value for kind, value in values.items()}
    found |= {("renamed", id_): noun.name for id_, noun in chart.nouns().items() if isinstance(noun, Person)}
    return found


def _shares(chart: OrgChart) -> dict[tuple[str, str], float]:
    return {(person.id, job.organization): job.fte for person in chart.people for job in person.employments}


def _acting(chart: OrgChart) -> set[tuple[str | None, str]]:
    return {(holder.person, post.id) for post, holder in chart.acting if post.personal is None}


@given(st.data())
def test_every_field_that_differs_is_told(data: st.DataObject) -> None:
    """Titles, units, lines, settings, names, leaves and acting appointments, compared without looking at the diff."""
    for old, new in _pairs(data):
        was, now = _shown(old), _shown(new)
        expected = Counter(
            ("post-changed" if kind in MANY else kind, id_)
            for kind, id_ in was.keys() & now.keys()
            if was[kind, id_] != now[kind, id_]
        )
        before, after = _shares(old), _shares(new)
        both = before.keys() & after.keys()
        expected.update(("fte-changed", id_) for id_, place in both if before[id_, place] != after[id_, place])
        on_leave = [{person.id for person in chart.on_leave} for chart in (old, new)]
        expected.update(("leave-started", id_) for id_ in on_leave[1] - on_leave[0])
        expected.update(("leave-ended", id_) for id_ in on_leave[0] - on_leave[1])
        expected.update({("acting", person) for person, _ in _acting(old) ^ _acting(new) if person is not None})
        told = Counter(
            (change.kind, change.subject)
            for change in diff(old, new).changes
            if change.kind in COMPARED and (change.kind != "moved" or new.index.ids[change.subject] == "post")
        )
        assert told == expected


@given(st.data())
def test_every_change_is_told_with_the_day_that_made_it(data: st.DataObject) -> None:
    """It begins after the one day and by the other, and something of the subject changed on it; backwards alike."""
    ledger = data.draw(ledgers())
    days = sorted({event.date.day for event in ledger.events} | {dt.date(2500, 1, 1)})
    first, last = sorted(data.draw(st.sampled_from(days)) for _ in "ab")
    old, new = ledger.chart(first), ledger.chart(last)
    found, back = diff(old, new), diff(new, old)
    for change in found.changes:
        when = found.when.get(change)
        assert (when is None) == (change.kind == "restated")
        if when is not None:
            assert first < when.date.day <= last
            that_day = diff(ledger.chart(when.date.day - dt.timedelta(days=1)), ledger.chart(when.date.day))
            own = ledger.index.personal.keys() & that_day.nouns.keys()  # that they open or close is not told
            assert change.subject in {*own, *(one.subject for one in that_day.changes)}
    dates = [sorted(str(one.when[change]) for change in one.changes if change in one.when) for one in (found, back)]
    assert {*dates[0]} == {*dates[1]}


VAGUE = b"""\
orgsim: ledger/1
organization: acme
people:
  ann: {name: Ann}
  bob: {name: Bob}
events:
- {date: 2019-01-01, event: open-unit, unit: acme}
- {date: 2019-01-01, event: open-unit, unit: lab, parent: acme}
- {date: 2019-01-01, event: create-post, post: head, unit: acme}
- {date: 2019-01-01, event: create-post, post: aide, unit: acme, reports_to: head}
- {date: 2019-01-01, event: hire, person: ann}
- {date: 2019-01-01, event: hire, person: bob}
- {date: 2019-01-01, event: appoint, person: ann, post: head}
- {date: 2019-01-01, event: appoint, person: bob, post: aide, acting: true}
- {date: 2020, event: depart, person: ann}
- {id: over, date: 2020-02..2020-05, event: close-unit, unit: lab, certainty: reported}
- {date: 2020-04, event: vacate, person: bob, post: aide}
- {date: 2020-05-06, event: report, post: aide, to: unknown}
- {date: ..2020-06-30, event: abolish-post, post: aide}
- {date: 2020-08, known: 2020-01-01, event: start-leave, person: bob, certainty: expected}
- {date: 2020-03, known: 2020-09-01, event: close-unit, unit: lab, disputes: over}
"""
"""Every way in which something ends, on a vague day."""


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        pytest.param(
            "2019-12-31",
            "2020-09-15",
            [
                *("left 2020", "vacated 2020", "acting 2020-04", "leave-started 2020-08 [expected]"),
                *("post-closed by 2020-06-30", "unit-closed between 2020-02 and 2020-05 [disputed]"),
            ],
            id="all of it, whose ends lie in between",
        ),
        pytest.param("2020-03-01", "2020-05-06", ["acting 2020-04", "re-parented 2020-05-06"], id="a line that ends"),
        pytest.param("2020-09-15", "2020-07-15", ["leave-ended 2020-08 [expected]"], id="undone, going back"),
    ],
)
def test_what_ends_on_a_vague_day_is_told_so(first: str, last: str, told: list[str]) -> None:
    """In the words of the ledger, and not as if the day were sure."""
    ledger = read_texts([("vague.yaml", VAGUE)])
    old, new = (ledger.chart(dt.date.fromisoformat(day)) for day in (first, last))
    found = diff(old, new)
    assert [f"{change.kind} {found.when[change].words}" for change in found.changes] == told


def test_what_counts_already_and_may_be_later_is_found() -> None:
    """Who left in 2020 counts as gone in March, and may have left after that; what is only seen then does not."""
    ledger = read_texts([("vague.yaml", VAGUE)])

    def found(day: str, known: str | None = None) -> list[str]:
        events = ledger.undecided(dt.date.fromisoformat(day), dt.date.fromisoformat(known) if known else None)
        return [f"{event.date} {event.kind}" for event in events]

    assert found("2020-03-01") == ["2020 depart", "2020-02..2020-05 close-unit"]
    assert found("2020-03-01", known="2020-01-31") == ["2020 depart"]
    assert found("2020-12-30") == ["2020 depart"]
    assert found("2020-12-31") == found("2019-12-31") == []


@given(st.data())
def test_what_is_restated_shows_no_other_difference(data: st.DataObject) -> None:
    """`restated` is told of what both charts have and nothing else is told of, neither of it nor of who holds it."""
    for old, new in _pairs(data):
        found = diff(old, new)
        others = {change.subject for change in found.changes if change.kind != "restated"}
        restated = {
            id_
            for id_ in _there(old) & _there(new) - others
            if old.get(id_) != new.get(id_) and _holders(old, id_) == _holders(new, id_)
        }
        assert {change.subject for change in found.of("restated")} == restated


def _there(chart: OrgChart) -> set[str]:
    """Everything a chart shows, personal posts aside."""
    posts = {post.id for post in chart.posts if post.personal is None}
    return posts | {person.id for person in chart.people} | {unit.id for unit in chart.units}


def _holders(chart: OrgChart, id_: str) -> Counter[tuple[str | None, bool]]:
    noun = chart.get(id_)
    return Counter((holder.person, holder.acting) for holder in noun.holders) if isinstance(noun, Post) else Counter()


@given(st.data())
def test_backwards_is_forwards_turned_round(data: st.DataObject) -> None:
    """From the later chart to the earlier, the same nouns differ, and what was lost is gained."""
    old, new = _charts(data)
    there, back = diff(old, new), diff(new, old)
    assert back.nouns == {id_: (after, before) for id_, (before, after) in there.nouns.items()}
    opposites = {"joined": "left", "post-opened": "post-closed", "unit-opened": "unit-closed"}
    for kind, opposite in {**opposites, "leave-started": "leave-ended", "restated": "restated"}.items():
        assert [change.subject for change in there.of(kind)] == [change.subject for change in back.of(opposite)]


@given(st.data())
def test_what_changed_between_two_steps(data: st.DataObject) -> None:
    """What was written and undone again, or written as it was, is no change; everything else that was written is."""
    ledger = data.draw(ledgers())
    days = sorted({event.date.day for event in ledger.events} | {dt.date(2020, 1, 1)})
    old, new = sorted((ledger.chart(data.draw(st.sampled_from(days))) for _ in "ab"), key=lambda chart: chart.at)
    assert old.view is not None
    assert new.view is not None
    found = old.view[0].changed_between(old.view[1], new.view[1])
    both = {id_: (old.get(id_), new.get(id_)) for id_ in ledger.index.ids}
    assert list(found.items()) == [(id_, (was, now)) for id_, (was, now) in both.items() if was != now]


SAME_NAME = b"""\
orgsim: ledger/1
organization: acme
events:
- {date: 2020-01-01, event: open-unit, unit: acme}
- {date: 2020-01-01, event: hire, person: ann, name: Ann}
- {date: 2020-03-01, event: change-person, person: ann, name: Ann}
"""


def test_what_is_written_as_it_was_does_not_differ() -> None:
    """Called again what she is called, a person has one more alias; her own post is written, and does not differ."""
    ledger = read_texts([("same.yaml", SAME_NAME)])
    old, new = (ledger.chart(dt.date(2020, month, 15)) for month in (2, 3))
    assert old.view is not None
    assert new.view is not None
    assert len(old.view[0].tracks["ann/acme"].steps) == 2
    assert list(diff(old, new).nouns) == ["ann"]


@given(st.data())
def test_all_that_a_chart_shows_is_what_it_shows_one_by_one(data: st.DataObject) -> None:
    """Whether asked for the first time or so often that a timeline keeps it, on any day, in any order of days."""
    ledger = data.draw(ledgers())
    days = sorted({event.date.day for event in ledger.events} | {dt.date(1000, 1, 1), dt.date(2500, 1, 1)})
    for day in data.draw(st.lists(st.sampled_from(days), min_size=PATIENCE + 3, max_size=PATIENCE + 12)):
        chart = ledger.chart(day)
        nouns = [noun for id_ in ledger.index.ids if (noun := chart.get(id_)) is not None]
        assert list(chart.posts) == [noun for noun in nouns if isinstance(noun, Post) and noun.open]
        assert list(chart.units) == [noun for noun in nouns if isinstance(noun, Unit) and noun.open]
        people = [noun for noun in nouns if isinstance(noun, Person)]
        assert list(chart.people) == [person for person in people if person.employments or person.posts]


def test_what_is_kept_of_many_writes_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that is shown is kept every few writes, and before each single step what the tracks say comes out."""
    monkeypatch.setattr(tracks, "LEAST", 2)
    ledger = read_texts([("confirmed.yaml", CONFIRMED)])
    view = ledger.chart(dt.date(2024, 1, 1)).view
    assert view is not None
    found, last = view[0].tracks, view[1]
    shown = tracks.Shown(found, ledger.index.post_ids, Post)
    assert len(shown.marks) > 2
    for step in range(last + 2):
        nouns = [found[id_].before(step) for id_ in ledger.index.post_ids]
        assert shown.before(step) == tuple(noun for noun in nouns if isinstance(noun, Post) and noun.open)


@pytest.mark.parametrize(("least", "few"), [(1, 64), (2, 0), (3, 2), (10_000, 0)])
@given(data=st.data())
def test_what_differs_between_two_steps_is_what_the_tracks_say(data: st.DataObject, least: int, few: int) -> None:
    """However much is kept, and however equal versions are found."""
    ledger = data.draw(ledgers())
    view = ledger.chart(dt.date(2500, 1, 1)).view
    assert view is not None
    found, ids, last = view[0].tracks, list(ledger.index.ids), view[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tracks, "LEAST", least)
        patch.setattr(tracks, "OFTEN", len(ids) + 1)
        patch.setattr(tracks, "FEW", few)
        versions = tracks.Versions(found, ids)
    some = st.integers(-1, last + 1)
    for first, until in data.draw(st.lists(st.tuples(some, some).map(sorted), min_size=5, max_size=20)):
        pairs = {id_: tuple(found[id_].before(step) for step in (first, until)) for id_ in ids if id_ in found}
        differ = {id_: pair for id_, pair in pairs.items() if pair[0] != pair[1]}
        differing = versions.differing(first, until)
        assert list(differing.items()) == list(differ.items())
        assert list(differing) == list(differ)
        assert len(differing) == len(differ)
        assert differing.backwards() == {id_: (new, old) for id_, (old, new) in differ.items()}
        assert all(differing[id_] == pair for id_, pair in differ.items())
        assert "nobody" not in differing


@given(st.data())
def test_a_difference_is_a_value(data: st.DataObject) -> None:
    """It is equal to the same asked again, to its copy and to what comes out of a pickle, with the same names."""
    old, new = _charts(data)
    found = diff(old, new)
    for other in (diff(old, new), copy.deepcopy(found), pickle.loads(pickle.dumps(found))):  # noqa: S301 - our own
        assert other == found
        assert repr(other) == repr(found) == f"Diff(changes={found.changes!r})"
        assert other.names == found.names
        assert other.when == found.when
    assert (found == diff(new, new)) == (not found)
    assert found != found.changes


def test_a_difference_is_no_key() -> None:
    """It holds a dictionary, and so it has no hash."""
    chart = Ledger([]).chart(dt.date(2024, 1, 1))
    with pytest.raises(TypeError, match="unhashable"):
        hash(diff(chart, chart))


CONFIRMED = b"""\
orgsim: ledger/1
organization: acme
events:
- {date: 2020-01-01, event: open-unit, unit: acme}
- {date: 2020-01-01, event: create-post, post: head, unit: acme}
- {date: 2020-01-01, event: hire, person: ann}
- {date: 2020-01-01, event: hire, person: bob}
- {date: 2020-02-01, event: appoint, person: ann, post: head, acting: true}
- {date: 2020-03-01, event: appoint, person: ann, post: head}
- {date: 2020-04-01, event: start-leave, person: ann}
- {date: 2020-05-01, event: vacate, person: ann, post: head}
- {date: 2020-05-01, event: appoint, person: bob, post: head}
"""


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        pytest.param(2, 3, [("appointed", "ann"), ("acting", "ann")], id="confirmed, and else unchanged"),
        pytest.param(
            2, 4, [("appointed", "ann"), ("acting", "ann"), ("leave-started", "ann")], id="confirmed, on leave"
        ),
        pytest.param(4, 5, [("appointed", "bob"), ("vacated", "ann")], id="one person follows another"),
    ],
)
def test_a_change_of_holders_is_told_once_and_of_the_people(first: int, last: int, told: list[tuple[str, str]]) -> None:
    """Of the post itself nothing is told; a person is told of also when only the post says what changed."""
    ledger = read_texts([("confirmed.yaml", CONFIRMED)])
    old, new = (ledger.chart(dt.date(2020, month, 15)) for month in (first, last))
    assert [(change.kind, change.subject) for change in diff(old, new).changes] == told
