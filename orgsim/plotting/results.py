"""From the results of simulations to the data of two pictures: what may come, and what differs.  Nothing here draws."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import attrs

from orgsim.chart import OrgChart
from orgsim.errors import OrgsimError, UnknownIdError, UserError, did_you_mean
from orgsim.events import Depart, Vacate
from orgsim.experiments.columns import there
from orgsim.experiments.compare import Comparison as Compared
from orgsim.experiments.compare import compare
from orgsim.experiments.intervals import least_count, quantile_interval
from orgsim.experiments.kinds import Kind, kind_of
from orgsim.experiments.outcome import Outcome
from orgsim.lookups import employer_of
from orgsim.metrics.formulas import rate
from orgsim.metrics.headcount import headcount
from orgsim.metrics.vacancy import is_established, seats_of
from orgsim.plotting.data import Comparison, Comparisons, Contrast, Fan, Fans, Period
from orgsim.plotting.paper import count, long_date
from orgsim.plotting.staffing import days_of_change
from orgsim.plotting.witness import called, source_of
from orgsim.scenario.model import Scenario
from orgsim.simulate.opening import add_period

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles of a fan, besides those that the scenario asks for."""
MOST_PANELS, MOST_BLOCKS = 8, 6
LEAST_PAST = 365
"""Days of history that are shown at least."""
TELLING = ("gap_days", "uncovered_days", "headcount", "vacancies", "departures", "time_to_fill", "cost", "hires")
"""What a comparison shows if nothing is asked for, as far as it differs."""


def words_of(measure: str) -> str:
    """The name of a measure in words: `Gap days, ceo`, `Headcount on 31 Dec 2025`."""
    base, _, day = measure.partition("@")
    base, _, id_ = base.partition("/")
    found = base.replace("_", " ").capitalize()
    return found + (f", {id_}" if id_ else "") + (f" on {long_date(dt.date.fromisoformat(day))}" if day else "")


# ----------------------------------------------------------------------------------------------------------- the fan


def futures(outcome: Outcome, measure: str = "headcount", variants: Sequence[str] = ()) -> Fans:
    """A measure of an outcome over time in the variants named, or in all, after what the ledger tells of the past.

    Only quantiles are given that the replications can tell; where they are too few for any, they are given themselves.
    Raises UnknownIdError for a measure that is not counted over time, or a variant that is not there.
    """
    if measure not in outcome.series():
        there_are = f"over time there are {', '.join(outcome.series()) or 'none'}"
        hint = "; ".join(filter(None, (there_are, did_you_mean(measure, outcome.series()))))
        raise UnknownIdError(f"{measure!r} is not counted over time; {hint}")
    chosen = [outcome.of(name) for name in variants or outcome.variants]
    scenarios, note = _scenarios(outcome)
    fans = [_fan(one, measure, scenarios.get(one.variant), note) for one in chosen[:MOST_PANELS]]
    if len(fans) == 1 and not variants:
        fans[0] = attrs.evolve(fans[0], name="")  # it stands alone
    scenario = scenarios.get(chosen[0].variant)
    return Fans(
        title=outcome.manifest.title,
        source=_source(outcome, scenario),
        known=scenario.known if scenario is not None else None,
        fans=tuple(fans),
        left_out=max(len(chosen) - MOST_PANELS, 0),
    )


def _scenarios(outcome: Outcome) -> tuple[Mapping[str, Scenario], str]:
    """The scenarios of an outcome, or why they cannot be had again."""
    try:
        return outcome.origin.scenarios, ""
    except (OrgsimError, UserError) as error:
        return {}, f"No history: {str(error).splitlines()[0]}."


def _source(outcome: Outcome, scenario: Scenario | None) -> str:
    """How often what was simulated, with which seed, from which ledger."""
    manifest = outcome.manifest
    file = f" of {Path(manifest.scenario).name}" if manifest.scenario else ""
    runs = f"{count(outcome.replications, 'replication')}{file} with seed {manifest.seed}"
    ledger = source_of(scenario.ledger, called(scenario.ledger), scenario.known) if scenario is not None else ""
    return ", from ".join(filter(None, (runs, ledger)))


def _fan(outcome: Outcome, measure: str, scenario: Scenario | None, note: str) -> Fan:
    """One variant; dates on which no replication has a number are left out."""
    kind = kind_of(measure, outcome.manifest.currency)
    factor = 100.0 if kind.share else 1.0
    found = {}
    for name in outcome.measures:
        if name.partition("@")[0] == measure and "@" in name:
            numbers = factor * outcome.measures[name]
            if there(numbers).size:
                found[dt.date.fromisoformat(name.partition("@")[2])] = numbers
    ordered = [sorted(there(numbers).tolist()) for numbers in found.values()]
    least = min(map(len, ordered), default=0)
    wanted = sorted({*SHARES, *outcome.manifest.quantiles})
    shares = [share for share in wanted if least_count(share) <= least]
    rows = {share: [quantile_interval(values, share) for values in ordered] for share in shares}
    last = {share: row[-1] for share, row in rows.items()}
    past, why = _history(scenario, measure, factor, ordered[0]) if scenario is not None and ordered else (NOTHING, note)
    return Fan(
        name=outcome.variant,
        unit=f"{words_of(measure)}, in {_unit(kind)}",
        dates=tuple(found),
        quantiles={share: tuple(one.value for one in row) for share, row in rows.items()},
        ranges={q: (one.low, one.high) for q, one in last.items() if one.low is not None and one.high is not None},
        paths=() if rows else tuple(zip(*(numbers.tolist() for numbers in found.values()), strict=True)),
        history=past.values,
        exact=past.exact,
        replications=outcome.replications,
        periods=tuple(_periods(scenario)) if scenario is not None else (),
        note=" ".join(filter(None, (_refused(set(wanted) - set(shares), least), why))),
    )


def _unit(kind: Kind) -> str:
    return f"% {kind.unit}" if kind.share else kind.unit


def _refused(shares: set[float], runs: int) -> str:
    """Which quantiles so few replications cannot tell."""
    if not shares or not runs:
        return ""
    if min(shares, key=lambda share: abs(share - 0.5)) == 0.5:  # noqa: PLR2004 - the median
        lines = "it is drawn itself" if runs == 1 else "each is drawn itself"
        return f"Of {count(runs, 'simulated future')} no quantile and no interval can be given: {lines}."
    return f"For quantiles further out, {count(runs, 'replication')} are too few."


def _periods(scenario: Scenario) -> Iterable[Period]:
    """What the scenario does at known times: freezes, interventions, shocks."""
    freezes = scenario.hiring.freezes if scenario.hiring is not None else ()
    found = [("hiring freeze" if len(freezes) == 1 else f"freeze {one.id}", one.start, one.end) for one in freezes]
    found += [(one.id, one.start, one.end) for one in scenario.interventions]
    for shock in scenario.shocks:
        first, end = shock.day if isinstance(shock.day, tuple) else (shock.day, shock.day)
        found.append((shock.id, first, end + (first < end)))
    for label, first, end in found:
        start, stop = (scenario.start + dt.timedelta(days=min(day, scenario.horizon)) for day in (first, end))
        yield Period(start, stop, label)


# ---------------------------------------------------------------------------------------------------------- the past


@attrs.frozen
class History:
    """What a measure was on dates; `exact` if nothing changes on another day."""

    values: tuple[tuple[dt.date, float], ...] = ()
    exact: bool = False


NOTHING = History()


def _history(scenario: Scenario, measure: str, factor: float, opening: Sequence[float]) -> tuple[History, str]:
    """What the ledger tells of a measure until the scenario begins, or why it cannot be put before what is simulated.

    That is so where the scenario begins with others than the ledger names, and where the ledger tells only of those
    who are still there.
    """
    start, known = scenario.start, scenario.known
    told = [event for event in scenario.ledger.events if known is None or event.known <= known]
    before = [event for event in told if event.date.day <= start]
    gone = [event.date.day for event in before if isinstance(event, Depart | Vacate)]
    if not gone or (start - min(gone)).days < 1:
        return NOTHING, f"No history: the ledger tells of nobody who left before {long_date(start)}."
    days = max(scenario.horizon, LEAST_PAST)
    first = max(start - dt.timedelta(days=days), min(event.date.day for event in before))
    months = (add_period(start, "month", -back) for back in range(days // 28 + 1))
    dates, exact = days_of_change(scenario.ledger, min(day for day in months if day >= first), start, known)
    numbers = _told(scenario, measure, dates)
    now = numbers[-1]
    if now is None or not opening[0] <= factor * now <= opening[-1]:
        has = "has no such number" if now is None else f"counts {factor * now:,.4g}"
        begins = f"the simulation begins with {opening[0]:,.4g}"
        return NOTHING, f"No history: on {long_date(start)} the ledger {has}, and {begins}."
    pairs = zip(dates, numbers, strict=True)
    return History(tuple((day, factor * n) for day, n in pairs if n is not None), exact), ""


def _told(scenario: Scenario, measure: str, dates: Sequence[dt.date]) -> list[float | None]:
    """A measure of stocks in the ledger of a scenario; those of the organization on days before it was are none."""
    ledger, unit, known = scenario.ledger, scenario.organization, scenario.known
    if measure == "headcount":
        return [row.headcount for row in headcount(ledger, dates, unit, known=known)]
    if measure not in ("vacancies", "vacancy_rate"):
        return [None] * len(dates)
    seats = [_seats(chart, unit) for chart in ledger.charts(dates, known)]
    return [vacant if measure == "vacancies" else rate(vacant, all_) for vacant, all_ in seats]


def _seats(chart: OrgChart, organization: str) -> tuple[int, int]:
    """The vacant seats and all seats of an organization, as the simulation counts them: without boards."""
    posts = [post for post in chart.posts if is_established(post) and employer_of(chart, post) == organization]
    counts = [(seats_of(post), post.taken) for post in posts]
    return sum(max(seats - taken, 0) for seats, taken in counts), sum(seats for seats, _ in counts)


# ----------------------------------------------------------------------------------------------------- the comparison


def contrasts(
    pairs: Sequence[tuple[str, Outcome]], baseline: tuple[str, Outcome], measures: Sequence[str] = ()
) -> Comparisons:
    """How outcomes, each with its name, differ from one: in the measures named, or in the most telling that differ.

    A measure is named in full, or without its date, for the last, or without its post, for all.  Raises UnknownIdError
    for one that is not there, and UserError for outcomes that do not share their luck.
    """
    called, base = baseline
    names = _measures(base, measures)
    found = {name: compare(one, base, *_common(one, base, names)) for name, one in pairs}
    blocks = []
    for measure in names:
        rows = [(name, one) for name, all_ in found.items() for one in all_ if one.measure == measure]
        if rows and (measures or any(one.same.value < 1 for _, one in rows)):
            blocks.append(_block(called, base, measure, rows))
    shown = blocks if measures else blocks[:MOST_BLOCKS]
    scenario = _scenarios(base)[0].get(base.variant)
    return Comparisons(
        title=base.manifest.title,
        source=_source(base, scenario),
        known=scenario.known if scenario is not None else None,
        comparisons=tuple(shown),
        left_out=", ".join(one.measure for one in blocks[len(shown) :]),
    )


def _common(one: Outcome, base: Outcome, names: Iterable[str]) -> list[str]:
    return [name for name in names if name in one.measures and name in base.measures]


def _measures(base: Outcome, asked: Sequence[str]) -> list[str]:
    """Measures by their names: in full, without the date for the last, without the post for all posts."""
    last = {name.partition("@")[0]: name for name in base.measures}
    if not asked:
        wanted = [*base.manifest.shown] or [*TELLING]
        return [last.get(name, name) for name in wanted if name in last or name in base.measures]
    found: dict[str, None] = {}
    for name in asked:
        of_posts = [measure for measure in base.measures if measure.startswith(f"{name}/")]
        here = [name] if name in base.measures else [last[name]] if name in last else of_posts
        if not here:
            known = list(dict.fromkeys(measure.partition("@")[0].partition("/")[0] for measure in base.measures))
            there_are = f"there are {', '.join(known)}"
            hint = "; ".join(filter(None, (there_are, did_you_mean(name, dict.fromkeys([*base.measures, *known])))))
            raise UnknownIdError(f"there is no measure {name!r}; {hint}")
        found |= dict.fromkeys(here)
    return list(found)


def _block(called: str, base: Outcome, measure: str, rows: Sequence[tuple[str, Compared]]) -> Comparison:
    """One measure in all variants."""
    kind = kind_of(measure, base.manifest.currency)
    factor = 100.0 if kind.share else 1.0
    alone = any(one.difference.low is None for _, one in rows)
    return Comparison(
        measure=words_of(measure),
        unit="percentage points" if kind.share else kind.unit,
        baseline=called,
        goal=kind.better,
        rows=tuple(_contrast(name, one, factor) for name, one in rows),
        note="Of one pair no interval can be given." if alone else "",
    )


def _contrast(name: str, one: Compared, factor: float) -> Contrast:
    difference, better = one.difference, one.better
    bounds = (better.low, better.high) if better is not None else (None, None)
    return Contrast(
        name=name,
        difference=factor * difference.value,
        low=None if difference.low is None else factor * difference.low,
        high=None if difference.high is None else factor * difference.high,
        better=better.value if better is not None else None,
        better_range=None if bounds[0] is None or bounds[1] is None else (bounds[0], bounds[1]),
        same=one.same.value,
        variance_reduction=one.reduction,
    )
