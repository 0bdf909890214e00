"""The result of a simulation as a page shows it: a fan of headcount after what it was, and days of gaps in all."""

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence

from orgsim.experiments.columns import there
from orgsim.experiments.intervals import share_interval
from orgsim.experiments.outcome import Outcome
from orgsim.metrics import headcount
from orgsim.page.data import GapBar, Outlook
from orgsim.scenario.model import Scenario

_BEFORE = 24
"""How many months of history stand before the fan."""
_BARS = 8


def outlook_of(outcome: Outcome, measure: str = "headcount") -> Outlook:
    """The fan of a series of a result, with the days without a holder of all posts reported, as shares of futures.

    Raises UnknownIdError for a series there is not, and ValueError where replications are too few for the quantiles.
    """
    fan = outcome.fan(measure)
    scenario = outcome.origin.scenarios[outcome.variant]
    days = [float(value) for value in there(outcome.measures["gap_days"])] if "gap_days" in outcome.measures else []
    variant = "" if outcome.variant == outcome.variants[0] else f", {outcome.variant}"
    return Outlook(
        title=f"{outcome.manifest.title}{variant}",
        measure=f"{measure.replace('_', ' ')}, {fan.unit}",
        dates=fan.dates,
        quantiles=tuple(sorted(fan.quantiles.items())),
        # The people of a population are in the future only: what came before would be no match for it.
        history=tuple(_history(scenario)) if measure == "headcount" and not scenario.population else (),
        gaps=tuple(gap_bars(days)),
        note=f"{outcome.replications:,} replications, seed {outcome.manifest.seed}; simulated from {scenario.start}",
    )


def _history(scenario: Scenario) -> Iterator[tuple[dt.date, float]]:
    """The headcount on the first of each month before the scenario begins, as known when it does."""
    month = scenario.start.year * 12 + scenario.start.month - 1
    dates = [dt.date(number // 12, number % 12 + 1, 1) for number in range(month - _BEFORE, month + 1)]
    dates = [date for date in dates if date < scenario.start]
    for row in headcount(scenario.ledger, dates, scenario.organization, known=scenario.known):
        yield row.at, float(row.headcount)


def gap_bars(days: Sequence[float]) -> Iterator[GapBar]:
    """How many futures have so many days of gaps in all: shares with Wilson's interval, in bars of a round width."""
    if not days:
        return
    width = next(step for step in _round_steps() if step * _BARS > max(days))
    for number in range(int(max(days) // width) + 1):
        low = number * width
        hits = sum(low <= day < low + width for day in days)
        found = share_interval(hits, len(days))
        lowest, highest = found.low or 0.0, 1.0 if found.high is None else found.high
        yield GapBar(low, low + width, found.value, min(lowest, found.value), max(highest, found.value))


def _round_steps() -> Iterator[int]:
    return (digit * 10**power for power in itertools.count() for digit in (1, 2, 5))
