"""What measures are counted in, and which way is better.

The name of a measure is `BASE`, `BASE@DATE` for one of a series, or `BASE/ID` for one of a post or a reason.
"""

import attrs

from orgsim.simulate.measures import NAMES, OPEN

LESS, MORE = "less", "more"
BETTER = {
    **dict.fromkeys(("cost", "departures", "gap_days", "time_to_fill", "turnover"), LESS),
    **dict.fromkeys(("uncovered_days", "vacancies", "vacancy_duration", "vacancy_rate"), LESS),
    **dict.fromkeys(("headcount", "internal_fill_rate"), MORE),
    "cost/saved": None,
}
"""Which way most people would call better; the others are neither.  Salaries saved grow with the vacancies."""
_UNITS = {**NAMES, **dict(OPEN.values())}
SHARE, MONEY = "share of ", "money"
RATES = {"departures a year per person": "a year"}
"""Units that are best told as so many percent of something."""


@attrs.frozen
class Kind:
    """The unit of a measure, whether it is a share, told in percent, and which way is better, if either is."""

    unit: str = ""
    share: bool = False
    better: str | None = None


def kind_of(measure: str, currency: str | None = None) -> Kind:
    """What a measure is counted in; money is in the currency of the scenario."""
    series = measure.partition("@")[0]
    base = series.partition("/")[0]
    unit, better = _UNITS.get(series, _UNITS.get(base, "")), BETTER.get(series, BETTER.get(base))
    if unit == MONEY and currency is not None:
        unit = currency
    if unit in RATES:
        return Kind(RATES[unit], share=True, better=better)
    of = unit.removeprefix(SHARE)
    return Kind(f"of {of}" if of != unit else unit, share=of != unit, better=better)
