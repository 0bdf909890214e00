"""The ledger a scenario begins with: what is known of the past, and everything in the future that is settled."""

import calendar
import datetime as dt
import math
from collections.abc import Iterator
from typing import Any

import attrs

from orgsim.chart import OrgChart
from orgsim.dates import parse_when
from orgsim.events import Appoint, ChangeUnit, CreatePost, Event, Expect, Hire, Report, Retract, SourceRef
from orgsim.ledger import Ledger
from orgsim.model import Person, Post, Source
from orgsim.scenario.model import Growth, Population, Scenario

SOURCE = "simulation"
"""The id of the source that simulated events cite."""


def history(scenario: Scenario) -> tuple[Event, ...]:
    """The events of the ledger in force on the first day, as known; also those retracted meanwhile, which do not count.

    What a ledger asserts about the first day itself is left out: the simulation may change that day.
    """
    known = scenario.known or dt.date.max
    kept = [
        event
        for event in scenario.ledger.events
        if event.known <= known
        and (event.date.day <= scenario.start or isinstance(event, Retract))  # what is retracted never was so
        and not (isinstance(event, Expect) and event.date.day == scenario.start)
    ]
    ids = {event.id for event in kept if event.id is not None}
    return tuple(
        event
        for event in kept
        if (event.disputes is None or event.disputes in ids)
        and not (isinstance(event, Retract) and event.of not in ids)
    )


def announced(scenario: Scenario) -> tuple[Event, ...]:
    """The events of the ledger that lie ahead on the first day and were known by then: they are planned."""
    day = min(scenario.start, scenario.known or scenario.start)
    return tuple(
        event
        for event in scenario.ledger.events
        if scenario.start < event.date.day < scenario.end
        and scenario.ledger.sees(event, day)
        and event.disputes is None
        and not isinstance(event, Expect | Retract)
    )


def planned(scenario: Scenario) -> tuple[Event, ...]:
    """What is announced, then what the scenario plans; by day, within a day in this order."""
    return tuple(sorted((*announced(scenario), *scenario.events), key=lambda event: event.date.day))


def known_when(scenario: Scenario) -> dt.date:
    """The day from which simulated events are known: the first day, or when the last of the past became known."""
    found: dt.date | None = scenario.kept.get("known")
    if found is None:
        found = scenario.kept["known"] = max((scenario.start, *(event.known for event in history(scenario))))
    return found


def add_period(start: dt.date, every: str, times: int) -> dt.date:
    """A date so many weeks, months, quarters or years later; the last day of a month that is too short."""
    if every == "week":
        return start + dt.timedelta(weeks=times)
    months = start.month - 1 + times * {"month": 1, "quarter": 3, "year": 12}[every]
    year, month = start.year + months // 12, months % 12 + 1
    return dt.date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def population_posts(group: Population, scenario: Scenario) -> tuple[CreatePost, ...]:
    """The posts of people nobody names."""
    found: tuple[CreatePost, ...] | None = scenario.kept.get(f"population {group.id}")
    if found is None:
        common = dated(scenario, scenario.start)  # since when they exist does not matter; whether they are vacant does
        found = scenario.kept[f"population {group.id}"] = tuple(
            CreatePost(
                post=f"{group.id}/{number}", title=group.title, unit=group.unit, reports_to=group.reports_to,
                level=group.level, critical=group.critical, **common,
            )
            for number in range(1, group.count + 1)
        )  # fmt: skip
    return found


def growth_posts(growth: Growth) -> Iterator[tuple[float, str]]:
    """The days and ids of the posts to come."""
    numbers = iter(range(1, growth.add * len(growth.days) + 1))
    for day in growth.days:
        for _ in range(growth.add):
            yield day, f"{growth.id}/{next(numbers)}"


def simulated(scenario: Scenario, time: float) -> dict[str, Any]:
    """What every simulated event has: its day, when it is known, a source and a certainty."""
    return dated(scenario, scenario.start + dt.timedelta(math.floor(time)))


def opened(scenario: Scenario) -> dict[str, Any]:
    """The same, of what is there on the first day already."""
    return {**dated(scenario, scenario.start), "date": parse_when(f"..{scenario.start}")}


def dated(scenario: Scenario, day: dt.date) -> dict[str, Any]:
    """What every simulated event of a day has."""
    return {
        "date": parse_when(day.isoformat()), "known": known_when(scenario), "certainty": "expected",
        "source": (SourceRef(SOURCE),),
    }  # fmt: skip


def future_ledger(scenario: Scenario, events: tuple[Event, ...], title: str) -> Ledger:
    """The past, and events after it."""
    ledger = scenario.ledger
    source = Source(SOURCE, title=title)
    people: tuple[Person, ...] = ledger.people
    return Ledger((*history(scenario), *events), people, (*ledger.sources, source))


def settled(scenario: Scenario, chart: OrgChart) -> tuple[Event, ...]:
    """Every event that does not depend on luck: populations, what is planned, reorganizations, growth."""
    found: list[Event] = []
    for group in scenario.population:
        for post in population_posts(group, scenario):
            person = f"{post.post}/0"
            name = f"{group.title or group.id} {post.post.rpartition('/')[2]}"
            found += [
                post,
                Hire(person=person, organization=scenario.organization, name=name, **opened(scenario)),
                Appoint(person=person, post=post.post, **opened(scenario)),
            ]
    found += planned(scenario)
    for change in scenario.reorganization:
        on = simulated(scenario, change.day)
        found += [ChangeUnit(unit=unit, parent=parent, **on) for unit, parent in change.units]
        found += [Report(post=post, to=boss, **on) for post, boss in change.posts]
    for growth in scenario.growth:
        like = chart.get(growth.like)
        unit = growth.unit or (like.unit if isinstance(like, Post) else scenario.organization)
        for day, post_id in growth_posts(growth):
            on = simulated(scenario, day)
            found.append(CreatePost(post=post_id, unit=unit, reports_to=growth.under, **on))
    return tuple(found)


def settled_ledger(scenario: Scenario) -> Ledger:
    """The ledger in which only what is settled happens; raises OrgsimError where that is impossible.

    Posts that a reorganization closes are left out here: whoever holds them then is a matter of luck.
    """
    chart = scenario.ledger.chart(scenario.start, scenario.known)
    known = known_when(scenario)
    events = tuple(attrs.evolve(event, known=known) for event in settled(scenario, chart))
    return future_ledger(scenario, events, scenario.title)
