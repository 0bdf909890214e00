"""What is counted in a replication, in whole days: the same numbers as the metrics of its ledger, without replaying it.

Stocks (`headcount@2025-03-01`) are those of the chart of that day.  Days of a post (`gap_days/cto`) are days of the
scenario on which the chart shows no substantive holder, with somebody acting (`acting_days`) or nobody
(`uncovered_days`).  Without `/POST` they are the sums over the posts of the report.
"""

import datetime as dt
import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

from orgsim.events import Appoint, Depart, Vacate
from orgsim.laws import DAYS_PER_YEAR
from orgsim.metrics.spells import Span, joined, overlap
from orgsim.simulate.costs import costs
from orgsim.simulate.opening import planned
from orgsim.simulate.replication import Replication, VacancyRecord
from orgsim.simulate.world import World

NAMES = {
    "headcount": "people",
    "vacancies": "seats",
    "vacancy_rate": "share of seats",
    "departures": "people",
    "turnover": "departures a year per person",
    "hires": "people",
    "promotions": "people",
    "gap_days": "days",
    "acting_days": "days",
    "uncovered_days": "days",
    "time_to_fill": "days",
    "vacancy_duration": "days",
    "internal_fill_rate": "share of fills",
    "chain_length": "vacancies",
    "cascade_size": "vacancies",
    "cost": "money",
    "missed": "events",
}
"""Every measure, with its unit."""
NOT_THERE, COSTS, PRICED = "departures/", ("cost", "cost/interventions"), "cost/vacancy"
"""What is 0 in a world that does not know of it: departures for a reason, and costs where no salaries are told."""
OPEN = {
    "time_to_fill": ("time_to_fill/open", "share of searches"),
    "vacancy_duration": ("vacancy_duration/open", "share of vacancies"),
}
"""Measures of what ended before the horizon: the measure of how much was still open by then, with its unit."""


def measure(world: World, replication: Replication) -> dict[str, float]:
    """Every measure of a replication, by name; NaN where there is nothing to take a mean of.

    The names and their order depend on the world only.
    """
    days = world.report_days
    dates = [(world.scenario.start + dt.timedelta(day)).isoformat() for day in days]
    gaps = gap_spans(world, replication)
    return {
        **_people(world, replication, days, dates),
        **_seats(world, replication, days, dates),
        **_gaps(gaps),
        **_fills(replication.vacancies),
        **(costs(world, replication) if world.scenario.cost is not None or world.scenario.interventions else {}),
        "missed": float(replication.missed),
    }


# -------------------------------------------------------------------------------------------------------------- stocks


def _stock(changes: Iterable[tuple[float, float]], opening: float) -> tuple[list[int], list[float]]:
    """The days on which a stock changes, and the stock at the end of each, after that of the opening."""
    by_day: dict[int, float] = {}
    for time, change in changes:
        by_day[int(time)] = by_day.get(int(time), 0) + change
    days = sorted(by_day)
    return days, list(accumulate((by_day[day] for day in days), initial=opening))


def _people(world: World, replication: Replication, days: Sequence[int], dates: Sequence[str]) -> dict[str, float]:
    """Headcount, departures by reason, turnover, hires, promotions: of employees, for contractors are no headcount."""
    at, stocks = _stock(replication.staff, sum(person.counted for person in world.people))
    edges = [0, *at, int(world.horizon)]
    person_days = math.fsum(
        stock * (after - before) for stock, (before, after) in zip(stocks, pairwise(edges), strict=True)
    )
    departures = sum(replication.exits.values())
    newcomers = sum(change > 0 for _, change in replication.staff[replication.opening :])
    return {
        **{f"headcount@{date}": stocks[bisect_right(at, day)] for day, date in zip(days, dates, strict=True)},
        "departures": float(departures),
        **{f"departures/{reason}": float(replication.exits.get(reason, 0)) for reason in _reasons(world)},
        "turnover": departures / person_days * DAYS_PER_YEAR if person_days else math.nan,
        "hires": float(newcomers),
        "promotions": float(sum(vacancy.how == "promoted" for vacancy in replication.vacancies)),
    }


def _reasons(world: World) -> list[str]:
    """Every reason for which somebody may leave: by a cause, a shock, a planned event, or a post that closes."""
    found: list[str] | None = world.cache.get("reasons")
    if found is None:
        scenario = world.scenario
        reasons = {cause.reason for cause in scenario.attrition} | {shock.reason for shock in scenario.shocks}
        left = (event for event in planned(scenario) if isinstance(event, Depart))
        reasons |= {event.reason for event in left if event.organization == scenario.organization}
        if any(closing.holder == "layoff" for change in scenario.reorganization for closing in change.close):
            reasons.add("layoff")
        found = world.cache["reasons"] = sorted(reasons)
    return found


def _seats(world: World, replication: Replication, days: Sequence[int], dates: Sequence[str]) -> dict[str, float]:
    """Vacant seats, and their share of all seats in play."""
    changes = [(vacancy.opened, 1.0) for vacancy in replication.vacancies]
    changes += [(vacancy.ended, -1.0) for vacancy in replication.vacancies if vacancy.ended is not None]
    vacant_at, vacant = _stock(changes, 0.0)
    seats_at, seats = _stock(replication.seats, sum(seed.seats for seed in world.posts if seed.in_play))
    found: dict[str, float] = {}
    for day, date in zip(days, dates, strict=True):
        empty, total = vacant[bisect_right(vacant_at, day)], seats[bisect_right(seats_at, day)]
        found[f"vacancies@{date}"] = empty
        found[f"vacancy_rate@{date}"] = empty / total if total else math.nan
    return found


# ---------------------------------------------------------------------------------------------------------------- gaps


def gap_spans(world: World, replication: Replication) -> dict[str, tuple[list[Span], list[Span]]]:
    """For each post of the report, the spans of days without a substantive holder, and those of them somebody acts.

    A post with several seats is held while any is; then its vacancies are no gap.
    """
    acting: dict[str, list[Span]] = {post: [] for post in world.reported}
    last = int(world.horizon)
    for vacancy in replication.vacancies:
        if vacancy.acting and vacancy.post in acting:
            acting[vacancy.post] += [
                (max(0, int(begin)), last if end is None else int(end)) for _, begin, end in vacancy.acting
            ]
    for post, span in _unnamed(world, replication):
        if post in acting:
            acting[post].append(span)
    found = {}
    for post, covered in acting.items():
        empty = _joined((int(begin), int(end)) for begin, end in replication.gaps.get(post, ()))
        found[post] = (empty, overlap(empty, _joined(covered)) if covered else [])
    return found


def _unnamed(world: World, replication: Replication) -> Iterator[tuple[str, Span]]:
    """The spans of days in which somebody acted whom nobody names: only planned events and the opening say so."""
    began = {(seed.facts.id, word): 0 for seed in world.posts for word, seats in seed.unnamed.items() if not seats}
    if not began and not any(isinstance(event, Appoint) and event.acting for event in planned(world.scenario)):
        return
    for time, verb, _, post, event in replication.rows:
        if verb == "event" and isinstance(event, Appoint | Vacate) and event.holder is not None:
            begin = began.pop((post, event.holder), None)
            if begin is not None:
                yield post, (begin, int(time))
            if isinstance(event, Appoint) and event.acting:
                began[post, event.holder] = int(time)
    for (post, _), begin in began.items():
        yield post, (begin, int(world.horizon))


def _joined(spans: Iterable[Span]) -> list[Span]:
    return joined((start, end) for start, end in spans if start < end)


def _gaps(gaps: dict[str, tuple[list[Span], list[Span]]]) -> dict[str, float]:
    total: dict[str, float] = {"gap_days": 0.0, "acting_days": 0.0, "uncovered_days": 0.0}
    by_post: dict[str, float] = {}
    for post, (empty, covered) in gaps.items():
        days, acting = _days(empty), _days(covered)
        for name, value in (("gap_days", days), ("acting_days", acting), ("uncovered_days", days - acting)):
            by_post[f"{name}/{post}"] = value
            total[name] += value
    return {**total, **by_post}


def _days(spans: Iterable[Span]) -> float:
    return float(sum(end - start for start, end in spans))


# --------------------------------------------------------------------------------------------------------------- fills


def _fills(vacancies: Sequence[VacancyRecord]) -> dict[str, float]:
    """How vacancies were filled, how long that took, and how they followed from one another."""
    accepted = [v.accepted - v.requisition for v in vacancies if v.accepted is not None and v.requisition is not None]
    filled = [v for v in vacancies if v.how in ("promoted", "hired", "planned") and v.ended is not None]
    promoted = sum(v.how == "promoted" for v in filled)
    hired = sum(v.how == "hired" for v in filled)
    chains = sum(v.cause != "promotion" for v in vacancies)
    opened = [v for v in vacancies if v.ended is None]
    searched = sum(v.requisition is not None and v.accepted is None for v in opened)
    return {
        "time_to_fill": _mean(accepted),
        "vacancy_duration": _mean([v.ended - v.opened for v in filled if v.ended is not None]),
        "internal_fill_rate": promoted / (promoted + hired) if promoted + hired else math.nan,
        "chain_length": len(vacancies) / chains if chains else math.nan,
        "cascade_size": len(vacancies) / len({v.cascade for v in vacancies}) if vacancies else math.nan,
        "time_to_fill/open": _share(searched, len(accepted)),
        "vacancy_duration/open": _share(len(opened), len(filled)),
    }


def _share(part: int, rest: int) -> float:
    return part / (part + rest) if part + rest else math.nan


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else math.nan
