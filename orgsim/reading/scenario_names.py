"""Whether what a scenario names is there: posts, people, units, levels, stages, causes; and whether days lie in it.

Names may be those of the opening chart, of populations and growth, and of what planned events create.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import attrs

from orgsim.chart import OrgChart
from orgsim.errors import Location, Problem, did_you_mean
from orgsim.events import REASONS, CreatePost, Hire, OpenUnit
from orgsim.lookups import employer_of, organization_of, root_of
from orgsim.reading.scenario_shapes import Entry, Reference
from orgsim.scenario.model import Scenario
from orgsim.simulate.opening import add_period, growth_posts, planned

MADE = "hire"
"""What the ids of simulated hires begin with."""


@attrs.frozen
class Names:
    """What there is to name, by kind."""

    scenario: Scenario
    chart: OrgChart
    known: dict[str, set[str]]


def names_of(scenario: Scenario, chart: OrgChart) -> Names:
    """Everything a scenario may name."""
    employer = scenario.organization
    ours = [post for post in chart.posts if organization_of(chart, post) == employer]
    playing = {post.id for post in ours if employer_of(chart, post) and post.personal is None and post.seats != "any"}
    posts, units = {post.id for post in ours}, {u.id for u in chart.units if root_of(chart, u.id) == employer}
    people = {person.id for person in chart.people if person.employment(employer)}
    levels = {post.level for post in ours if post.level is not None}
    organizations = {unit.id for unit in chart.organizations if not unit.is_body} - {employer}
    for event in planned(scenario):
        if isinstance(event, CreatePost):
            posts.add(event.post)
            playing |= {event.post} if event.seats != "any" else set()
            levels |= {event.level} if event.level is not None else set()
        elif isinstance(event, Hire) and event.organization == employer:
            people.add(event.person)
        elif isinstance(event, OpenUnit):
            (units if event.parent is not None else organizations).add(event.unit)
    for group in scenario.population:
        made = [f"{group.id}/{number}" for number in range(1, group.count + 1)]
        posts.update(made)
        playing.update(made)
        people.update(f"{post}/0" for post in made)
        levels |= {group.level} if group.level is not None else set()
    grown = {post for growth in scenario.growth for _, post in growth_posts(growth)}
    known = {
        "post": posts | grown,
        "plan-post": playing | grown,
        "person": people,
        "anybody": people | set(chart.index.person_ids),
        "unit": units,
        "organization": organizations,
        "level": set(scenario.levels) or levels,
        "own-level": set(scenario.levels),
        **_parts(scenario),
    }
    known["number"] = set(_numbers(scenario, known["plan-post"]))
    return Names(scenario, chart, known)


def _parts(scenario: Scenario) -> dict[str, set[str]]:
    """The names a scenario gives to its own parts."""
    return {
        "cause": {cause.reason for cause in scenario.attrition},
        "stage": {stage.id for stage in scenario.hiring.stages} if scenario.hiring is not None else set(),
        "label": set(scenario.succession.readiness) if scenario.succession is not None else set(),
        "measure": set(measures()),
    }


STOCKS = ("headcount", "vacancies", "vacancy_rate")
"""Measures that are counted on days, and so have a number for each day."""
_BY_POST = ("gap_days", "acting_days", "uncovered_days")


def measures() -> list[str]:
    """The names of what a simulation measures."""
    from orgsim.simulate.measures import NAMES  # not before it is needed: it brings the engine

    return list(NAMES)


def _numbers(scenario: Scenario, posts: set[str]) -> Iterator[str]:
    """The names of single numbers of a replication: of a day, of a post, or of all."""
    day, times, dates = scenario.start, 0, [scenario.end - dt.timedelta(1)]
    while day < scenario.end:
        dates.append(day)
        times += 1
        day = add_period(scenario.start, scenario.report.every, times)
    for name in measures():
        if name in STOCKS:
            yield from (f"{name}@{date}" for date in dates)
        else:
            yield name
        if name in _BY_POST:
            yield from (f"{name}/{post}" for post in posts)
    yield from (f"departures/{reason}" for reason in REASONS)


def judged(references: list[Reference], names: Names) -> Iterator[Problem]:
    """A problem for each name that is not there, and each day that does not lie in the scenario."""
    for reference in references:
        if reference.kind == "day":
            yield from outside_period(reference, names)
        elif reference.kind == "own-level" and not names.scenario.levels:
            continue
        elif reference.id not in names.known[reference.kind]:
            yield _TELL[reference.kind](reference, names)


def outside_period(reference: Reference, names: Names) -> Iterator[Problem]:
    """What a scenario dates lies between its first day and its last."""
    first, end = names.scenario.start.isoformat(), names.scenario.end.isoformat()
    if first <= reference.id < end:
        return
    when = "has not begun" if reference.id < first else "is over"
    message = f"on {reference.id} the scenario {when}"
    yield Problem(reference.where, "outside-period", message, f"write a day from {first} on and before {end}")


def no_such_post(reference: Reference, names: Names) -> Problem:
    """A post is open on the first day, or comes by events, growth or a population; on a plan, it can be vacant."""
    id_, chart = reference.id, names.chart
    day = names.scenario.start
    if id_ in names.known["post"]:
        message, hint = (
            f"post {id_!r} never falls vacant",
            "leave it out: it is on a body, personal, or has any number of seats",
        )
    elif id_ in {post.id for post in chart.posts}:
        message, hint = f"post {id_!r} is not one of {names.scenario.organization!r}", "name a post of the organization"
    elif id_ in chart.index.post_ids:
        message, hint = f"post {id_!r} is not open on {day}", "name an open post, or create it under 'events:'"
    else:
        message = f"there is no post {id_!r} on {day}"
        hint = did_you_mean(id_, names.known[reference.kind]) or "'orgsim find' finds ids by title"
    return Problem(reference.where, "no-such-post", message, hint)


def no_such_person(reference: Reference, names: Names) -> Problem:
    """A person is employed on the first day, or hired by events, or a holder in a population."""
    id_ = reference.id
    if id_ in names.chart.index.person_ids and reference.kind == "person":
        message = f"{id_!r} is not employed by {names.scenario.organization!r} on {names.scenario.start}"
        hint = "name somebody who is, or hire them under 'events:'"
    else:
        message = f"there is no person {id_!r}"
        hint = did_you_mean(id_, names.known[reference.kind]) or "'orgsim find' finds ids by name"
    return Problem(reference.where, "no-such-person", message, hint)


def no_such_unit(reference: Reference, names: Names) -> Problem:
    """A unit is open on the first day, in the organization, or comes by events."""
    id_, scenario = reference.id, names.scenario
    what = "unit" if reference.kind == "unit" else "other organization"
    of = f" of {scenario.organization!r}" if reference.kind == "unit" else ""
    hint = did_you_mean(id_, names.known[reference.kind]) or f"name an open one{of}, or open it under 'events:'"
    return Problem(reference.where, "no-such-unit", f"there is no {what} {id_!r}{of} on {scenario.start}", hint)


def no_such_level(reference: Reference, names: Names) -> Problem:
    """A level is one of `levels`; without these, one that a post has."""
    levels = names.scenario.levels or sorted(names.known["level"])
    hint = did_you_mean(reference.id, levels)
    hint = hint or (f"the levels are {', '.join(levels)}" if levels else "give posts levels, or remove this")
    return Problem(reference.where, "no-such-level", f"there is no level {reference.id!r}", hint)


def no_such_cause(reference: Reference, names: Names) -> Problem:
    """A hazard can be multiplied only if `attrition` has one for the cause."""
    causes = sorted(names.known["cause"])
    hint = f"give it one, or name one of {', '.join(causes)}" if causes else "give it one under 'attrition:'"
    message = f"there is no hazard of {reference.id!r} to multiply"
    return Problem(reference.where, "no-such-cause", message, hint)


def no_such_stage(reference: Reference, names: Names) -> Problem:
    """A stage is one of `hiring`."""
    stages = sorted(names.known["stage"])
    hint = did_you_mean(reference.id, stages)
    hint = hint or (f"the stages are {', '.join(stages)}" if stages else "give 'hiring' stages first")
    return Problem(reference.where, "no-such-stage", f"there is no stage {reference.id!r}", hint)


def no_such_label(reference: Reference, names: Names) -> Problem:
    """A successor is ready `now`, or by a label that `readiness` explains."""
    hint = did_you_mean(reference.id, {"now", *names.known["label"]})
    hint = hint or f"explain it under 'readiness:', for example {reference.id}: {{uniform: [1 y, 2 y]}}"
    return Problem(reference.where, "no-such-label", f"'readiness' does not say what {reference.id!r} means", hint)


def no_such_measure(reference: Reference, names: Names) -> Problem:
    """A measure is one of those that are known; a single number of one is of a day, a post, or all."""
    id_, known = reference.id, measures()
    hint = did_you_mean(id_, names.known[reference.kind]) or f"the measures are {', '.join(known)}"
    if id_ in STOCKS:
        hint = f"it is counted on days: write for example {id_}@{names.scenario.end - dt.timedelta(1)}"
    return Problem(reference.where, "no-such-measure", f"there is no measure {reference.id!r}", hint)


_TELL: dict[str, Callable[[Reference, Names], Problem]] = {
    "post": no_such_post,
    "plan-post": no_such_post,
    "person": no_such_person,
    "anybody": no_such_person,
    "unit": no_such_unit,
    "organization": no_such_unit,
    "level": no_such_level,
    "own-level": no_such_level,
    "cause": no_such_cause,
    "stage": no_such_stage,
    "label": no_such_label,
    "measure": no_such_measure,
    "number": no_such_measure,
}


# ------------------------------------------------------------------------------------- what several parts say together


def together(root: Entry, names: Names) -> Iterator[Problem]:
    """What is wrong between the parts of a scenario."""
    scenario = names.scenario
    for item in root["contagion"] or ():
        if "cause" not in item and "resignation" not in names.known["cause"]:
            yield no_such_cause(Reference("cause", "resignation", item.where), names)
    yield from _ids_in_use(root, names)
    yield from _needs_levels(root, scenario)
    yield from _stages_in_order(root)
    yield from _stationary(root, scenario)


def _ids_in_use(root: Entry, names: Names) -> Iterator[Problem]:
    taken: dict[str, Location | None] = dict.fromkeys(names.chart.index.ids)
    for item in (*(root["population"] or ()), *(root["growth"] or ())):
        yield from id_in_use(item, taken)


def id_in_use(item: Entry, taken: dict[str, Location | None]) -> Iterator[Problem]:
    """Populations and growth have ids that nothing else has."""
    id_, where = item["id"], item.places["id"]
    count = item["count"] or item["add"]
    clash = next((name for name in (id_, *(f"{id_}/{n}" for n in range(1, count + 1))) if name in taken), None)
    if clash is None and id_ != MADE:
        taken[id_] = where
        return
    what = f"{clash!r} is an id already" if clash is not None else f"the ids of hires begin with {MADE!r}"
    first = taken.get(clash) if clash is not None else None
    yield Problem(where, "id-in-use", what, "choose another id", (first,) if first is not None else ())


def _needs_levels(root: Entry, scenario: Scenario) -> Iterator[Problem]:
    if scenario.levels:
        return
    promote = root["succession"]["promote"] if "succession" in root else None
    hiring = root["hiring"]
    for entry, key, value in ((promote, "candidates", "below"), (hiring, "order", "level")):
        if entry is not None and value in (entry[key] or ()):
            yield levels_missing(entry.places[key], value)


def levels_missing(where: Location, value: str) -> Problem:
    """What goes by levels needs their order."""
    return Problem(
        where,
        "levels-missing",
        f"{value!r} goes by levels, whose order is not told",
        "add 'levels: [...]', the highest first",
    )


def _stages_in_order(root: Entry) -> Iterator[Problem]:
    stages = root["hiring"]["stages"] if "hiring" in root else ()
    ids = [stage["id"] for stage in stages]
    for at, stage in enumerate(stages):
        if stage["else"] in ids[at + 1 :]:
            yield stage_ahead(stage)


def stage_ahead(stage: Entry) -> Problem:
    """What does not succeed goes back, not ahead."""
    message = f"{stage['else']!r} comes after {stage['id']!r}"
    return Problem(stage.places["else"], "stage-ahead", message, "name this stage or one before it")


def _stationary(root: Entry, scenario: Scenario) -> Iterator[Problem]:
    for item in root["population"] or ():
        if item["tenure"] == "stationary" and not scenario.attrition:
            yield not_stationary(
                item.places["tenure"], "nobody ever leaves, so tenure has no equilibrium", "give 'attrition'"
            )
        if item["vacant"] == "stationary":
            why = _why_not_stationary(scenario)
            if why is not None:
                yield not_stationary(item.places["vacant"], why, "give a share, for example 3 %")


def not_stationary(where: Location, why: str, hint: str) -> Problem:
    """An equilibrium can be worked out only where posts fill independently of each other and people leave."""
    return Problem(where, "not-stationary", why, hint)


def _why_not_stationary(scenario: Scenario) -> str | None:
    hiring: Any = scenario.hiring
    if hiring is None or not scenario.attrition:
        return "without attrition and hiring there is no equilibrium of vacancies"
    if len(hiring.stages) != 1 or hiring.recruiters or hiring.approve_in or hiring.stages[0].accept is not None:
        return "the equilibrium is known only with one stage, without recruiters, approval and 'accept'"
    return None
