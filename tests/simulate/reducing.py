"""A drawn scenario that shows a mistake, made small: parts are left out while the mistake still shows.

Hypothesis would get there too, in minutes; this takes seconds, for it knows what a scenario is made of.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import attrs

from orgsim.errors import OrgsimError
from orgsim.ledger import Ledger
from orgsim.scenario.model import Scenario
from orgsim.simulate.opening import settled_ledger

Shows = Callable[[Scenario], bool]
PARTS = ("events", "population", "attrition", "contagion", "shocks", "growth", "reorganization", "interventions")


def shorter(values: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The tuple without one value, for each, the last first."""
    for at in reversed(range(len(values))):
        yield values[:at] + values[at + 1 :]


def smaller(scenario: Scenario) -> Iterator[Scenario]:
    """Scenarios that lack one thing, or end sooner."""
    evolve = attrs.evolve
    for days in (scenario.horizon // 2, scenario.horizon - 30, scenario.horizon - 1):
        if 0 < days < scenario.horizon:
            yield evolve(scenario, end=scenario.start + dt.timedelta(days=days))
    for name in ("hiring", "succession"):
        if getattr(scenario, name) is not None:
            yield evolve(scenario, **{name: None})
    for name in PARTS:
        for values in shorter(getattr(scenario, name)):
            yield evolve(scenario, **{name: values})
    if scenario.hiring is not None:
        for name in ("freezes", "recruiters"):
            for values in shorter(getattr(scenario.hiring, name)):
                yield evolve(scenario, hiring=evolve(scenario.hiring, **{name: values}))
    if scenario.succession is not None:
        for name in ("promote", "acting"):
            if getattr(scenario.succession, name) is not None:
                yield evolve(scenario, succession=evolve(scenario.succession, **{name: None}))
    ledger = scenario.ledger
    for events in shorter(ledger.events):
        try:
            yield evolve(scenario, ledger=Ledger(events, ledger.people, ledger.sources))
        except OrgsimError:
            continue


def is_legal(scenario: Scenario) -> bool:
    """Whether what is settled can happen."""
    try:
        settled_ledger(scenario)
    except OrgsimError:
        return False
    return True


def reduced(scenario: Scenario, shows: Shows) -> Scenario:
    """The scenario without all that the mistake does not need."""
    found: Scenario | None = scenario
    while found is not None:
        scenario = found
        found = next((each for each in smaller(scenario) if is_legal(each) and shows(each)), None)
    return scenario
