"""How the tests of the story ask a chart, and what backs its answers."""

from collections.abc import Callable, Iterable

from orgsim import Event, OrgChart

At = Callable[..., OrgChart]
"""The chart on a day written as text; a second day is what was known then."""


def cited(events: Iterable[Event]) -> set[str]:
    """The ids of the sources that events cite."""
    return {source.id for event in events for source in event.source}


def holding(chart: OrgChart, post: str, person: str) -> list[Event]:
    """What says that a person holds a post on the day of the chart."""
    held = chart.post(post).held_by(person)
    assert held is not None, f"{person} does not hold {post} on {chart.at}"
    return chart.evidence(chart.post(post), held)


def how_sure(chart: OrgChart, post: str, person: str) -> str:
    """How sure it is that a person holds a post."""
    held = chart.post(post).held_by(person)
    assert held is not None, f"{person} does not hold {post} on {chart.at}"
    return chart.holding_certainty(chart.post(post), held)


def who(chart: OrgChart, post: str) -> list[str | None]:
    """Everybody who holds a post, acting or not; None for people not named."""
    return [held.person for held in chart.holders(post)]


def employers(chart: OrgChart, person: str) -> list[str]:
    """Where a person works."""
    return [job.organization for job in chart.person(person).employments]


def staff(chart: OrgChart, organization: str) -> set[str]:
    """Everybody who works for an organization."""
    return {person.id for person in chart.people if person.employment(organization) is not None}
