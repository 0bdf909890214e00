"""What measures are counted in, and which way is better.

The name of a measure is `BASE`, `BASE@DATE` for one of a series, or `BASE/POST` for one of a post.
"""

import attrs

LESS, MORE = "less", "more"


@attrs.frozen
class Kind:
    """The unit of a measure, how its numbers are written, and which way is better, if either is."""

    unit: str = ""
    better: str | None = None
    share: bool = False
    """Whether it is a share, best written in percent."""


KINDS = {
    "acting_days": Kind("days", LESS),
    "cascade_size": Kind("vacancies", LESS),
    "chain_length": Kind("vacancies", LESS),
    "cost": Kind("", LESS),
    "departures": Kind("people", LESS),
    "gap_days": Kind("days", LESS),
    "headcount": Kind("people", MORE),
    "hires": Kind("people"),
    "internal_fill_rate": Kind("", MORE, share=True),
    "missed": Kind("events"),
    "promotions": Kind("people"),
    "time_to_fill": Kind("days", LESS),
    "turnover": Kind("a year", LESS, share=True),
    "uncovered_days": Kind("days", LESS),
    "vacancies": Kind("posts", LESS),
    "vacancy_days": Kind("days", LESS),
    "vacancy_rate": Kind("", LESS, share=True),
}


def base_of(measure: str) -> str:
    """The name without date or post."""
    return measure.partition("@")[0].partition("/")[0]


def kind_of(measure: str, currency: str | None = None) -> Kind:
    """What a measure is counted in; costs in the currency of the scenario."""
    base = base_of(measure)
    found = KINDS.get(base) or KINDS.get(base.removesuffix("_mean").removesuffix("_max")) or Kind()
    if currency and base.partition("_")[0] == "cost":
        found = attrs.evolve(found, unit=currency, better=LESS)
    return found
