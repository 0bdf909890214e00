"""Everything a page holds, as mappings, lists, texts and numbers: rectangles, events, sources, names.

Days are numbers: places in the sorted list of all days on which anything differs, on either axis of time.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from orgsim.events import ChangePost, CreatePost
from orgsim.ledger import Ledger
from orgsim.metrics.covering import HELD, runs
from orgsim.metrics.history import History
from orgsim.metrics.spells import FOREVER
from orgsim.model import Post
from orgsim.page.data import Outlook, outlook_data
from orgsim.page.evidence import event_rows, names, source_rows, stories
from orgsim.page.facts import PERSON_ASPECTS, POST_ASPECTS, UNIT_ASPECTS, Numbers
from orgsim.page.learning import Changes, LearnedHistory, Learning
from orgsim.page.rectangles import Aspect, Point, Watch

MOST_LEADERS = 24
"""How many posts the strip shows where a ledger calls none critical."""

Contents = dict[str, Any]


def contents(ledger: Ledger, result: Outlook | None = None) -> Contents:
    """All that the page needs to answer for any date, as known on any date."""
    ids = {id_: at for at, id_ in enumerate(ledger.index.ids)}
    numbers = Numbers(ids, {id(event): at for at, event in enumerate(ledger.events)})
    leaders = leading_posts(ledger)
    learning = Learning(ledger)
    aspects = _learn(learning, numbers, leaders)
    days = _days(ledger, aspects.values())
    place = {day: at for at, day in enumerate(days)}
    told = stories(ledger, learning)
    return {
        "title": _title(ledger),
        "days": [dt.date.fromordinal(day).isoformat() for day in days],
        "ids": list(ids),
        "is": list(ledger.index.ids.values()),
        "names": [names(ledger, id_) for id_ in ids],
        "leaders": [ids[id_] for id_ in leaders],
        "facts": {name: _columns(aspect, place) for name, aspect in aspects.items()},
        "events": event_rows(ledger, place),
        "stories": [told.get(id_, []) for id_ in ids],
        "sources": source_rows(ledger),
        "result": outlook_data(result) if result is not None else None,
    }


def leading_posts(ledger: Ledger) -> list[str]:
    """The posts ever called critical; where there are none, the first of those that are tops or head a unit."""
    critical: dict[str, None] = {}
    tops: dict[str, None] = {}
    for event in ledger.events:
        if isinstance(event, CreatePost | ChangePost):
            if event.critical:
                critical[event.post] = None
            if event.reports_to == "none" or event.heads not in {None, "none"}:
                tops[event.post] = None
    return list(critical) or list(tops)[:MOST_LEADERS]


def _title(ledger: Ledger) -> str:
    """The organization that employs most people over time."""
    employed = sorted(ledger.index.people_of.items(), key=lambda item: -len(item[1]))
    return names(ledger, employed[0][0])[0] if employed else "Organization"


def _learn(learning: Learning, numbers: Numbers, leaders: list[str]) -> dict[str, Aspect]:
    """The rectangles of every aspect."""
    aspects = {name: Aspect() for name in (*POST_ASPECTS, *UNIT_ASPECTS, *PERSON_ASPECTS, "cover")}
    watches = []
    kinds = (("post", numbers.post, POST_ASPECTS), ("unit", numbers.unit, UNIT_ASPECTS))
    for noun, facts, asked in (*kinds, ("person", numbers.person, PERSON_ASPECTS)):
        ids = {id_: numbers.ids[id_] for id_, what in learning.ledger.index.ids.items() if what == noun}
        watches.append(Watch(learning, facts, [aspects[name] for name in asked], ids))
    for changes in learning.days():
        for watch in watches:
            watch.learn(changes)
        _cover(learning, changes, leaders, aspects["cover"], numbers)
    return aspects


def _cover(learning: Learning, changes: Changes, leaders: list[str], aspect: Aspect, numbers: Numbers) -> None:
    """Who covered each leading post, day by day, as the gaps are counted."""
    for id_ in leaders:
        expected = {id(event) for event in learning.ledger.index.expectations.get(id_, ())}
        if id_ in changes or not expected.isdisjoint(changes):
            points = list(_covered(LearnedHistory(learning), id_, numbers))
            aspect.learn(numbers.ids[id_], 0, [(0, None), *points], learning.known.toordinal())


def _covered(history: History, id_: str, numbers: Numbers) -> Iterable[Point]:
    """From a day on: the state of the post, who holds it or acts in it, and how many are not named."""
    spells = list(history.spells(id_, Post))
    end = 0
    for run in runs(history, id_):
        if 0 < end < run.start:
            yield end, None
        end = run.end
        for since, until, post in spells:
            first = max(since, run.start)
            if first < min(until, run.end):
                who = [h for h in post.holders if h.acting == (run.state != HELD)]
                named = tuple(numbers.ids[h.person] for h in who if h.person is not None)
                yield first, (run.state, named, sum(h.seats for h in who if h.person is None))
    if end < FOREVER:
        yield end, None


def _days(ledger: Ledger, aspects: Iterable[Aspect]) -> list[int]:
    days = {day.toordinal() for e in ledger.events for day in (e.date.day, e.known)}
    for aspect in aspects:
        for r in aspect.rectangles:
            days.update((r.since, r.until, r.seen, r.unseen))
    return sorted(days - {FOREVER})


def _columns(aspect: Aspect, place: dict[int, int]) -> Contents:
    """Rectangles as columns of numbers; what has no end ends after the last day."""
    rectangles, never = aspect.rectangles, len(place)
    return {
        "values": aspect.values,
        "subject": [r.subject for r in rectangles],
        "value": [r.value for r in rectangles],
        "since": [place[r.since] for r in rectangles],
        "until": [place.get(r.until, never) for r in rectangles],
        "seen": [place[r.seen] for r in rectangles],
        "unseen": [place.get(r.unseen, never) for r in rectangles],
    }
