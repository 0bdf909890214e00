"""One chart asked beside the naive facts of the same moment: every question, and every difference in the answers."""

from collections.abc import Callable, Iterator
from typing import Any

from orgsim.chart import OrgChart
from tests.properties.naive_facts import Facts

Pair = tuple[str, Callable[[], Any], Any]
"""A question, how the chart answers it, and the naive answer."""


def differences(chart: OrgChart, facts: Facts) -> list[str]:
    """Where a chart answers otherwise than the naive ledger; first only what exists, then everything about it."""
    for questions in (_what_exists, _everything):
        found = [f"{what}: {answer!r}, not {naive!r}" for what, answer, naive in _asked(questions(chart, facts))]
        if found:
            return found
    return []


def _asked(pairs: Iterator[Pair]) -> Iterator[tuple[str, Any, Any]]:
    for what, ask, naive in pairs:
        answer = ask()
        if answer != naive:
            yield what, answer, naive


def _ids(nouns: Any) -> list[str]:
    return sorted(noun.id for noun in nouns)


def _what_exists(chart: OrgChart, facts: Facts) -> Iterator[Pair]:
    roots = [id_ for id_, unit in facts.units.items() if unit.parent is None]
    there = [id_ for id_, person in facts.people.items() if person.jobs or facts.held(id_)]
    yield "posts", lambda: _ids(chart.posts), sorted(facts.posts)
    yield "units", lambda: _ids(chart.units), sorted(facts.units)
    yield "organizations", lambda: _ids(chart.organizations), sorted(roots)
    yield "people", lambda: _ids(chart.people), sorted(there)


def _everything(chart: OrgChart, facts: Facts) -> Iterator[Pair]:
    for id_ in facts.units:
        yield from _of_unit(chart, facts, id_)
    for id_ in facts.posts:
        yield from _of_post(chart, facts, id_)
    for id_, person in facts.people.items():
        if person.jobs or facts.held(id_):
            yield from _of_person(chart, facts, id_)
    gaps = [id_ for id_, post in facts.posts.items() if facts.vacant(id_) and post.seats != "any"]
    acting = [(id_, str(h.person)) for id_, post in facts.posts.items() for h in post.holders if h.acting]
    away = [id_ for id_, person in facts.people.items() if person.on_leave]
    yield "vacancies", lambda: _ids(chart.vacancies), sorted(gaps)
    yield "acting", lambda: sorted((post.id, str(held.person)) for post, held in chart.acting), sorted(acting)
    yield "on leave", lambda: _ids(chart.on_leave), sorted(away)
    yield "headcount", chart.headcount, len(facts.staff())


def _of_unit(chart: OrgChart, facts: Facts, id_: str) -> Iterator[Pair]:
    unit, naive = chart.unit(id_), facts.units[id_]
    yield f"unit {id_}", lambda: (unit.name, unit.parent, unit.is_body), (naive.name, naive.parent, facts.is_body(id_))
    yield f"headcount of {id_}", lambda: chart.headcount(id_), len(facts.staff(id_))


def _of_post(chart: OrgChart, facts: Facts, id_: str) -> Iterator[Pair]:
    post, naive = chart.post(id_), facts.posts[id_]
    same = ("unit", "title", "seats", "level", "critical", "heads", "personal")
    held = ("person", "holder", "acting", "primary", "seats")
    yield f"post {id_}", lambda: [getattr(post, name) for name in same], [getattr(naive, name) for name in same]
    holders = [tuple(getattr(h, name) for name in held) for h in naive.holders]
    yield f"holders of {id_}", lambda: [tuple(getattr(h, n) for n in held) for h in chart.holders(id_)], holders
    since = [h.event.date for h in naive.holders]
    yield f"since of {id_}", lambda: [h.since for h in chart.holders(id_)], since
    lines = sorted((line.to, line.dotted) for line in naive.lines)
    yield f"lines of {id_}", lambda: sorted((line.to, line.dotted) for line in post.lines), lines
    yield f"vacant {id_}", lambda: (post.vacant, post.taken), (facts.vacant(id_), facts.taken(id_))
    yield f"who answers for {id_}", lambda: chart.holder(id_), facts.answers(id_)
    yield f"manager post of {id_}", lambda: _id(chart.manager_post(id_)), facts.manager_post(id_)
    yield f"chain of {id_}", lambda: [above.id for above in chart.chain(id_)], list(facts.climb(id_))
    yield f"layer of {id_}", lambda: chart.layer(id_), len(list(facts.climb(id_)))
    yield f"reports of {id_}", lambda: _ids(chart.reports(id_)), sorted(facts.reports(id_))
    yield f"span of {id_}", lambda: chart.span(id_), len(facts.reports(id_))
    dotted = sorted(facts.reports(id_, dotted=True))
    yield f"dotted reports of {id_}", lambda: _ids(chart.reports(id_, dotted=True)), dotted


def _of_person(chart: OrgChart, facts: Facts, id_: str) -> Iterator[Pair]:
    person, naive, held = chart.person(id_), facts.people[id_], facts.held(id_)
    first = facts.primary(id_)
    jobs = sorted((organization, *job) for organization, job in naive.jobs.items())
    yield f"name of {id_}", lambda: person.name, naive.name
    yield (
        f"employments of {id_}",
        lambda: sorted((job.organization, job.contract, job.since.day, job.fte) for job in person.employments),
        jobs,
    )
    yield f"leave of {id_}", lambda: person.leave is not None, naive.on_leave
    yield f"posts of {id_}", lambda: list(person.posts), held
    yield f"primary post of {id_}", lambda: [post.id for post in chart.posts_of(id_)][:1], [first] if first else []
    yield f"all posts of {id_}", lambda: _ids(chart.posts_of(id_)), sorted(held)
    yield f"manager of {id_}", lambda: chart.manager(id_), facts.manager(id_)
    yield f"accountable manager of {id_}", lambda: chart.accountable_manager(id_), facts.accountable_manager(id_)
    chain = list(facts.climb(first)) if first else []
    yield f"chain of {id_}", lambda: [above.id for above in chart.chain(id_)], chain
    reports = sorted({below for post in held for below in facts.reports(post)})
    yield f"reports of {id_}", lambda: sorted(set(_ids(chart.reports(id_)))), reports


def _id(noun: Any) -> str | None:
    return None if noun is None else str(noun.id)
