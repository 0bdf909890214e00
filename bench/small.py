"""The small form of a ledger, asked beside naive replays of the same events.

    python bench/small.py [PEOPLE]

A bare loop goes through the events up to a day and keeps who holds each post and where it reports; from two days it
finds the posts that differ.  A telling loop keeps all that a difference tells, and tells it in the words of
`orgsim.diff`.  Both hold for a company as simple as this one only, and all answers are compared before anything is
timed.  Ratios are medians of paired runs in one process, in CPU time.
"""

import datetime as dt
import gc
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable

from company import company

from orgsim.changes import Change
from orgsim.columns.files.filling import columns_to_table
from orgsim.columns.files.parquet import Columns
from orgsim.columns.ledger import ColumnarLedger
from orgsim.differences import diff
from orgsim.events import (
    Appoint,
    ChangePost,
    CreatePost,
    Depart,
    EndLeave,
    Event,
    Hire,
    Report,
    StartLeave,
    Vacate,
)
from orgsim.ledger import Ledger

PEOPLE, RUNS, SEED = 1_000, 15, 8
DAYS = [dt.date(2015, 2, 1), dt.date(2016, 3, 1), dt.date(2018, 7, 15), dt.date(2019, 5, 1), dt.date(2021, 11, 30)]
Days = list[tuple[dt.date, dt.date]]


def _random_days() -> Days:
    """Pairs of days of the ten years, each in order."""
    chance = random.Random(SEED)  # noqa: S311 - a benchmark
    days = [dt.date(2014, 1, 2) + dt.timedelta(days=chance.randrange(3_650)) for _ in range(20)]
    return [(min(pair), max(pair)) for pair in zip(days[::2], days[1::2], strict=True)]


SPANS: dict[str, Days] = {
    **{
        name: [(day, day + dt.timedelta(days=days)) for day in DAYS]
        for name, days in (("a day", 1), ("a month", 30), ("a year", 365))
    },
    "two random days": _random_days(),
    "ten years": [(dt.date(2014, 1, 2), dt.date(2023, 12, 31))],
}


# ------------------------------------------------------------------------------------------------------- a bare loop


Bare = tuple[dict[str, str | None], dict[str, str | None], dict[str, str]]


def replayed(events: Iterable[Event], day: dt.date) -> Bare:
    """Who holds each post, where it reports, and which post each person holds: a plain loop up to a day."""
    holder: dict[str, str | None] = {}
    boss: dict[str, str | None] = {}
    held: dict[str, str] = {}
    for event in events:
        if event.date.day > day:
            break
        kind = type(event)  # quicker than isinstance
        if kind is Report:
            if event.id is None:  # those with an id are retracted in the end
                boss[event.post] = event.to
        elif kind is Appoint:
            holder[event.post], held[event.person] = event.person, event.post
        elif kind is Vacate or kind is Depart:
            post = held.pop(event.person, None)
            if post is not None:
                holder[post] = None
        elif kind is CreatePost:
            boss[event.post], holder[event.post] = event.reports_to, None
    return holder, boss, held


def chain(state: Bare, person: str) -> list[str]:
    """The posts above the one a person holds."""
    _, boss, held = state
    found, at = [], boss.get(held[person])
    while at is not None and at != "none":
        found.append(at)
        at = boss.get(at)
    return found


def differing(one: Bare, other: Bare) -> set[str]:
    """The posts with another holder or line, or that came or went."""
    (holder, boss, _), (holder_now, boss_now, _) = one, other
    posts = holder.keys() | holder_now.keys()
    return {post for post in posts if holder.get(post) != holder_now.get(post) or boss.get(post) != boss_now.get(post)}


# ---------------------------------------------------------------------------------------------------- a telling loop


Facts = dict[str, list[object]]
"""Of each post or person, what is so and the events that say it; those are compared to know what is only restated."""
Told = tuple[str, str, tuple[object, ...], tuple[object, ...]]
UNIT, LEVEL, BOSS, HOLDER, LINE, APPOINTED, EMPTIED, CHANGED, CREATED = range(9)
JOB, POST, LEAVE = range(3)
NOBODY: list[object] = [None, None, None]


def known(events: Iterable[Event], day: dt.date) -> tuple[Facts, Facts]:
    """All facts about posts and people on a day."""
    posts: Facts = {}
    people: Facts = {}
    for event in events:
        if event.date.day > day:
            break
        kind = type(event)
        if kind is Report:
            if event.id is None:
                post = posts[event.post]
                post[BOSS], post[LINE] = event.to, event
        elif kind is Appoint:
            post = posts[event.post]
            post[HOLDER], post[APPOINTED] = event.person, event
            people[event.person][POST] = event.post
        elif kind is Vacate or kind is Depart:
            person = people[event.person]
            if person[POST] is not None:
                post = posts[person[POST]]
                post[HOLDER], post[APPOINTED], post[EMPTIED] = None, None, event
            if kind is Depart:
                person[JOB], person[LEAVE] = None, None
            person[POST] = None
        elif kind is Hire:
            people[event.person] = [event, None, None]
        elif kind is StartLeave:
            people[event.person][LEAVE] = event
        elif kind is EndLeave:
            people[event.person][LEAVE] = None
        elif kind is ChangePost:
            post = posts[event.post]
            post[UNIT], post[LEVEL] = event.unit or post[UNIT], event.level or post[LEVEL]
            post[CHANGED] = event
        elif kind is CreatePost:
            posts[event.post] = [event.unit, event.level, event.reports_to, None, event, None, None, None, event]
    return posts, people


def told(old: tuple[Facts, Facts], new: tuple[Facts, Facts]) -> list[Told]:
    """Every change from one day to another: its kind, the id it is about, and what it was and is."""
    found: list[Told] = []
    for id_, after in new[0].items():
        before = old[0].get(id_)
        if before is None:
            found.append(("post-opened", id_, (), (after[CREATED].title or id_,)))
        elif before != after:
            found += _of_post(id_, before, after)
    for id_, after in new[1].items():
        before = old[1].get(id_, NOBODY)
        if before != after:
            found += _of_person(id_, before, after, old[0], new[0])
    return found


def _of_post(id_: str, before: list, after: list) -> list[Told]:
    found = []
    if before[UNIT] != after[UNIT]:
        found.append(("moved", id_, (before[UNIT],), (after[UNIT],)))
    if before[LEVEL] != after[LEVEL]:
        levels = [f"level {post[LEVEL]}" if post[LEVEL] else "no level" for post in (before, after)]
        found.append(("post-changed", id_, (levels[0],), (levels[1],)))
    if before[BOSS] != after[BOSS]:
        found.append(("re-parented", id_, (before[BOSS],), (after[BOSS],)))
    if not found and before[HOLDER] == after[HOLDER]:
        found.append(("restated", id_, (), ()))
    return found


def _of_person(id_: str, before: list, after: list, old: Facts, new: Facts) -> list[Told]:
    found = []
    if before[JOB] is None and after[JOB] is not None:
        found.append(("joined", id_, (), ("acme",)))
    if before[JOB] is not None and after[JOB] is None:
        found.append(("left", id_, ("acme",), ()))
    was, is_ = before[POST], after[POST]
    if was != is_:
        if was is None:
            found.append(("appointed", id_, (), (is_,)))
        elif is_ is None:
            found.append(("vacated", id_, (was,), ()))
        else:
            found.append((_direction(was, is_, old, new), id_, (was,), (is_,)))
    if before[LEAVE] is None and after[LEAVE] is not None:
        found.append(("leave-started", id_, (), ()))
    if before[LEAVE] is not None and after[LEAVE] is None:
        found.append(("leave-ended", id_, (), ()))
    return found or [("restated", id_, (), ())]


def _direction(was: str, is_: str, old: Facts, new: Facts) -> str:
    above, below = _above(was, old), _above(is_, new)
    same_top = (above or [was])[-1] == (below or [is_])[-1]
    return "promoted" if is_ in above or (same_top and len(below) < len(above)) else "moved"


def _above(post: str, posts: Facts) -> list[str]:
    found = []
    while (post := posts[post][BOSS]) != "none":
        found.append(post)
    return found


# ------------------------------------------------------------------------------------------------------------ asking


def made(people: int) -> Ledger:
    """The small form of an invented company."""
    columns = ColumnarLedger(columns_to_table(Columns(company(people, SEED)), file="company"))
    return Ledger(tuple(columns.events), people=columns.people, sources=columns.sources)


def lines(ledger: Ledger, day: dt.date) -> dict[str, tuple[str | None, str | None]]:
    """Of every post, personal ones aside, who holds it and where it reports."""
    return {
        post.id: (post.holders[0].person if post.holders else None, post.line.to if post.line else None)
        for post in ledger.chart(day).posts
        if post.personal is None
    }


def checked(ledger: Ledger) -> list[str]:
    """Somebody for each day; stop if a loop and the ledger do not agree."""
    people, events = [], ledger.events
    for day in DAYS:
        holder, boss, held = state = replayed(events, day)
        if lines(ledger, day) != {post: (holder[post], boss[post]) for post in holder}:
            raise SystemExit("the charts differ")
        people.append(sorted(held)[len(held) // 2])
        if [post.id for post in ledger.chart(day).chain(people[-1])] != chain(state, people[-1]):
            raise SystemExit("the chains differ")
    for days in SPANS.values():
        for first, last in days:
            found = diff(ledger.chart(first), ledger.chart(last))
            ours = sorted((one.kind, one.subject, one.before, one.after) for one in found.changes)
            if ours != sorted(told(known(events, first), known(events, last))):
                raise SystemExit("the changes differ")
            if not found.nouns.keys() >= differing(replayed(events, first), replayed(events, last)):
                raise SystemExit("the posts that differ differ")
    return people


def timed(work: Callable[[], object]) -> float:
    """Seconds of CPU of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def ratio(theirs: Callable[[], object], ours: Callable[[], object]) -> float:
    """How many times longer theirs takes: the median of paired runs."""
    gc.collect()
    return statistics.median(timed(theirs) / timed(ours) for _ in range(RUNS))


def ask(ledger: Ledger, people: list[str]) -> None:
    """A chart and a chain of each day, beside the bare loop."""
    events, pairs = ledger.events, list(zip(DAYS, people, strict=True))
    asks: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "the chain of a person": (
            lambda: [chain(replayed(events, day), person) for day, person in pairs],
            lambda: [ledger.chart(day).chain(person) for day, person in pairs],
        ),
        "a chart, and who holds one post": (
            lambda: [replayed(events, day)[0]["seat-0"] for day in DAYS],
            lambda: [ledger.chart(day).holder("seat-0") for day in DAYS],
        ),
        "a chart, and all its posts": (
            lambda: [replayed(events, day) for day in DAYS],
            lambda: [ledger.chart(day).posts for day in DAYS],
        ),
        "a chart, and who holds every post and where it reports, in a dictionary": (
            lambda: [replayed(events, day) for day in DAYS],
            lambda: [lines(ledger, day) for day in DAYS],
        ),
    }
    print("a bare loop / orgsim:")
    for name, (loop, ours) in asks.items():
        print(f"{ratio(loop, ours):10.2f}  {name}")


def compare(ledger: Ledger) -> None:
    """A difference of each span: what differs, beside the bare loop, and every change, beside both loops."""
    events = ledger.events
    for name, days in SPANS.items():

        def bare(days: Days = days) -> object:
            return [differing(replayed(events, a), replayed(events, b)) for a, b in days]

        def telling(days: Days = days) -> object:
            return [told(known(events, a), known(events, b)) for a, b in days]

        def found(days: Days = days) -> object:
            return [set(diff(ledger.chart(a), ledger.chart(b)).nouns) for a, b in days]

        def classified(days: Days = days) -> list[tuple[Change, ...]]:
            return [diff(ledger.chart(a), ledger.chart(b)).changes for a, b in days]

        count = sum(map(len, classified())) / len(days)
        print(f"the difference of {name}, {count:,.0f} changes:")
        print(f"{ratio(bare, found):10.2f}  a bare loop / what differs")
        print(f"{ratio(bare, classified):10.2f}  a bare loop / every change")
        print(f"{ratio(telling, classified):10.2f}  a telling loop / every change")


def main() -> None:
    """Check, then measure."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    ledger = made(people)
    persons = checked(ledger)
    print(f"a ledger of {people:,} people and {len(ledger.events):,} events")
    ask(ledger, persons)
    compare(ledger)


if __name__ == "__main__":
    main()
