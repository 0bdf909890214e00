"""Quantities, laws and conditions of a scenario, in words."""

import datetime as dt
import math
from collections.abc import Callable, Iterable

from orgsim import laws
from orgsim.laws import DAYS_PER_YEAR, DurationLaw, HazardLaw
from orgsim.scenario.model import Where

MONTH = DAYS_PER_YEAR / 12
Name = Callable[[str], str]


def days(number: float) -> str:
    """A duration: in years or months where these are whole, else in days."""
    for unit, name in ((DAYS_PER_YEAR, "year"), (MONTH, "month")):
        count = number / unit
        if number and abs(count - round(count)) < 1e-6:  # noqa: PLR2004 - a rounding error
            return counted(round(count), name)
    return counted(round(number, 1) if number < 10 else round(number), "day")  # noqa: PLR2004 - days


def date(start: dt.date, day: float) -> str:
    """So many days after a first one, as a date; the last there is, for what lies beyond."""
    return (start + dt.timedelta(min(math.floor(day), (dt.date.max - start).days))).isoformat()


def counted(number: float, noun: str) -> str:
    """A number with its noun: 1 day, 2 days."""
    return f"{number:,g} {noun}" if number == 1 else f"{number:,g} {noun}s"


def number(value: float) -> str:
    """A number with as many digits as say something."""
    return f"{value:,.0f}" if abs(value) >= 10 or value == round(value) else f"{value:.2g}"  # noqa: PLR2004


def share(value: float) -> str:
    """A share as a percentage."""
    part = 100 * value
    text = f"{part:.1f}" if part >= 1 else f"{part:.2g}"
    return f"{text.removesuffix('.0')} %"


def listed(words: Iterable[str], last: str = "and") -> str:
    """a, b and c."""
    found = list(words)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} {last} {found[-1]}" if found else "nothing"


def duration(law: DurationLaw) -> str:
    """A law of durations."""
    match law:
        case laws.Constant():
            return days(law.days)
        case laws.ExponentialDuration():
            return f"exponential with mean {days(law.mean())}"
        case laws.LognormalDuration():
            return f"median {days(law.median)}, one in ten over {days(law.quantile(0.9))}"
        case laws.WeibullDuration():
            return f"Weibull with shape {law.shape:g} and mean {days(law.mean())}"
        case laws.UniformDuration():
            return f"{days(law.least)} to {days(law.most)} alike"
        case laws.EmpiricalDuration():
            return f"one of {len(law.values)} observed, median {days(law.quantile(0.5))}"
        case _:
            return type(law).__name__


def hazard(law: HazardLaw) -> str:
    """A law of hazards."""
    match law:
        case laws.Exponential():
            return f"{share(law.rate * DAYS_PER_YEAR)} / y"
        case laws.Weibull():
            return f"Weibull, shape {law.shape:g}, mean {days(law.mean())}"
        case laws.Lognormal():
            return f"lognormal, median {days(law.median)}, sigma {law.sigma:.2g}"
        case laws.Piecewise():
            return _rates(law)
        case _:
            return type(law).__name__


def _rates(law: laws.Piecewise) -> str:
    rates = [f"{share(rate * DAYS_PER_YEAR)} / y" for rate in law.rates]
    if len(rates) > 3:  # noqa: PLR2004 - too many to list
        return f"{rates[0]} at first, in the end {rates[-1]}"
    pieces = [f"{rate} until {days(end)}" for rate, end in zip(rates, law.starts[1:], strict=False)]
    return ", then ".join([*pieces, rates[-1]])


def where(of: Where, post: Name, person: Name, unit: Name) -> str:
    """A condition, as what completes `for`."""
    parts = []
    if of.people:
        parts.append(listed(map(person, of.people), "or"))
    if of.posts:
        parts.append(listed(map(post, of.posts), "or"))
    if of.critical is not None:
        parts.append("critical posts" if of.critical else "posts that are not critical")
    if of.levels:
        parts.append(f"level {listed(of.levels, 'or')}")
    if of.units:
        parts.append(f"in {listed(map(unit, of.units), 'or')}")
    under, over = of.tenure_under, of.tenure_over
    if under is not None and over is not None:
        parts.append(f"{days(over)} to {days(under)} there")
    elif under is not None:
        parts.append(f"less than {days(under)} there")
    elif over is not None:
        parts.append(f"{days(over)} there or longer")
    found = ", ".join(parts)
    whose = of.units and not (of.people or of.posts or of.levels or of.critical is not None)
    return f"those {found}" if whose else found
