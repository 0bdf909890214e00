"""Reading scenario files: from YAML to `Scenario`, or every problem with its place.

First the shape of the file, of those beneath it and of its variants is judged, and the ledger read; only if all that
is right, what the scenario names; and only then whether the ledger, with what is planned, can happen.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

from orgsim.chart import OrgChart
from orgsim.collector import paused
from orgsim.errors import Location, OrgsimError, Problem, did_you_mean
from orgsim.events import CloseUnit, Event, Expect, Retract
from orgsim.ledger import Ledger
from orgsim.reading.compose import Mapping, Node
from orgsim.reading.scenario_build import Period, parts
from orgsim.reading.scenario_files import Files, merged
from orgsim.reading.scenario_names import judged, names_of, together
from orgsim.reading.scenario_root import SCENARIO, VARIANT
from orgsim.reading.scenario_shapes import BAD, Entry, Walker
from orgsim.scenario.model import Scenario
from orgsim.simulate.opening import settled_ledger

MAX_POSTS = 1_000_000


class UnknownVariantError(ValueError):
    """A scenario is asked for a variant that it does not have; `str()` says which there are."""


def read_scenario(path: str | Path, variant: str | None = None) -> Scenario:
    """The scenario in a file, or one of its variants.

    Raises `OrgsimError` with every problem of the file and of all variants; OSError when the file itself cannot be
    read, and `UnknownVariantError` when there is no such variant.
    """
    base, variants = read_all(path)
    if variant is None:
        return base
    if variant not in variants:
        hint = did_you_mean(variant, variants) or (f"there are {', '.join(variants)}" if variants else "there are none")
        raise UnknownVariantError(f"the scenario has no variant {variant!r}; {hint}")
    return variants[variant]


def read_variants(path: str | Path) -> dict[str, Scenario]:
    """The variants of a scenario file by name, in the order written, each a whole scenario; raises the same."""
    return read_all(path)[1]


def read_all(path: str | Path) -> tuple[Scenario, dict[str, Scenario]]:
    """A scenario and its variants by name, read at once; raises the same."""
    path, files = str(path), Files()
    with paused():
        root = files.tree(path)
        if root is None:
            raise OrgsimError(files.problems)
        pair = root.items.pop("variants", None)
        base = _Reading(files, path, root).read()
        problems = [*files.problems, *base.problems]
        read: dict[str, _Reading] = {}
        for name, node in _variants(files, pair, problems).items():
            told = len(files.problems)
            reading = _Reading(files, path, merged(root, node), name).read(base.scenario)
            found = [problem for problem in files.problems[told:] + reading.problems if problem not in problems]
            own = None if base.scenario is not None else set(_lines(node))
            problems += [_in_variant(name, own, problem) for problem in found]
            read[name] = reading
    if problems or base.scenario is None:
        raise OrgsimError(problems)
    digest = files.digest()
    scenarios = {name: reading.scenario for name, reading in read.items() if reading.scenario is not None}
    return (
        attrs.evolve(base.scenario, digest=digest),
        {name: attrs.evolve(scenario, digest=digest) for name, scenario in scenarios.items()},
    )


def _in_variant(name: str, own: set[int] | None, problem: Problem) -> Problem:
    """A problem with the variant in which it was found, unless it may be of the scenario itself.

    `own` are the lines of the variant where the scenario could not be read to its end, else None.
    """
    if own is not None and problem.where is not None and problem.where.line not in own:
        return problem
    return attrs.evolve(problem, message=f"in the variant {name!r}: {problem.message}")


def _lines(node: Node) -> Iterator[int]:
    """The numbers of the lines on which a node and what it holds begin."""
    if node.start_mark is not None:
        yield node.start_mark.line + 1
    children = node.items.values() if isinstance(node, Mapping) else [(None, one) for one in getattr(node, "items", ())]
    for _, child in children:
        yield from _lines(child)


def _variants(files: Files, pair: Any, problems: list[Problem]) -> dict[str, Mapping]:
    """The nodes of the variants by name, with unknown keys told; what else is wrong in them shows in the whole."""
    if pair is None:
        return {}
    walker = Walker(files)
    node = pair[1]
    if not isinstance(node, Mapping):
        walker.misfit(node, "write one 'NAME: {...}' for each")
        problems += walker.problems
        return {}
    found: dict[str, Mapping] = {}
    for name, (place, content) in node.items.items():
        SCENARIO.keys["variants"].kind.keys.read(walker, place, place)  # type: ignore[attr-defined]
        if not isinstance(content, Mapping):
            walker.misfit(content, "write a variant as a mapping of what is different")
            continue
        good = Mapping(content)
        good.refused = content.refused
        for word, item in content.items.items():
            if word in VARIANT.keys:
                good.items[word] = item
            else:
                hint = did_you_mean(word, VARIANT.keys) or f"the keys are {', '.join(VARIANT.keys)}"
                hint = "remove it: a variant has the same luck and format" if word in SCENARIO.keys else hint
                walker.tell(item[0], "unknown-key", f"a variant has no key {word!r}", hint)
        found[name] = good
    problems += walker.problems
    return found


class _Reading:
    """One scenario, or one variant of it, on the way from nodes to values."""

    def __init__(self, files: Files, path: str, root: Mapping, variant: str | None = None) -> None:
        self.walker = Walker(files)
        self.path, self.root, self.variant = path, root, variant
        self.scenario: Scenario | None = None

    @property
    def problems(self) -> list[Problem]:
        """What is wrong so far."""
        return self.walker.problems

    def read(self, base: Scenario | None = None) -> "_Reading":
        """Go as far as there are no problems; what the base has in common has been proven with it."""
        told = len(self.walker.files.problems)
        entry = SCENARIO.entry(self.walker, self.root)
        ledger = self._ledger()
        if entry is BAD or ledger is None or len(self.walker.files.problems) > told:
            return self
        chart = ledger.chart(entry["from"], entry["known"])
        organization = self._organization(entry, chart)
        if organization is None:
            return self
        events = self._events(entry, organization, {unit.id for unit in chart.organizations})
        period = Period(entry["from"], entry["until"])
        if self.problems:
            return self
        scenario = Scenario(
            ledger=ledger, organization=organization, start=period.start, end=period.end, events=tuple(events),
            variant=self.variant, where=Location(self.path, 1, 1), **parts(entry, period),
        )  # fmt: skip
        self.problems.extend(too_many_posts(scenario, entry))
        if self.problems:
            return self
        names = names_of(scenario, chart)
        self.problems.extend([*judged(self.walker.references, names), *together(entry, names)])
        if not self.problems and (base is None or _settled(base) != _settled(scenario)):
            self.problems.extend(_cannot_happen(scenario, entry))
        self.scenario = scenario
        return self

    def _ledger(self) -> Ledger | None:
        pair = self.root.items.get("ledger")
        node: Any = pair[1] if pair is not None else None
        if not getattr(node, "value", None):
            return None
        return self.walker.files.ledger(node)

    def _organization(self, entry: Entry, chart: OrgChart) -> str | None:
        """The organization: the one named, or the only one."""
        there = [unit.id for unit in chart.organizations if not unit.is_body]
        named: str | None = entry["organization"]
        if named is None and len(there) == 1:
            return there[0]
        if named in there:
            return named
        if named is None:
            key, message = "from", f"the ledger has {len(there) or 'no'} organizations on {chart.at}"
            hint = f"add 'organization: ...', one of {', '.join(there)}"
        else:
            key, message = "organization", f"there is no organization {named!r} on {chart.at}"
            hint = did_you_mean(named, there) or f"there are {', '.join(there)}"
        hint = hint if there else "begin later, or name another ledger"
        self.problems.append(Problem(entry.places[key], "no-organization", message, hint))
        return None

    def _events(self, entry: Entry, organization: str, organizations: set[str]) -> list[Event]:
        found = []
        for node in entry["events"] or ():
            event = self.walker.event(node, organization)
            if event is not None:
                found.append(event)
                self.problems.extend(not_planned(event, entry["from"], entry["until"]))
                self.problems.extend(_merges(event, organizations))
        return found


def too_many_posts(scenario: Scenario, root: Entry) -> list[Problem]:
    """Populations and growth have no more than a million posts in all."""
    sizes = [group.count for group in scenario.population] + [item.add * len(item.days) for item in scenario.growth]
    if sum(sizes) <= MAX_POSTS:
        return []
    items = (*(root["population"] or ()), *(root["growth"] or ()))
    size, item = max(zip(sizes, items, strict=True), key=lambda pair: pair[0])
    message = f"{sum(sizes):,} posts of populations and growth, {size:,} of them here, are more than {MAX_POSTS:,}"
    where = item.places["count" if "count" in item else "add"]
    return [Problem(where, "too-many-posts", message, "let one post stand for several")]


def not_planned(event: Event, start: dt.date, end: dt.date) -> list[Problem]:
    """A planned event changes something, on a plain day of the scenario."""
    if isinstance(event, Retract | Expect):
        message, hint = f"{event.kind!r} is about what is known, not about what happens", "put it into the ledger"
    elif event.disputes is not None:
        message, hint = "a plan disputes nothing", "remove 'disputes'"
    elif not event.date.is_exact or event.date.text != event.date.day.isoformat():
        message, hint = f"{event.date.text!r} is not a day", "write one day: a simulation needs to know when"
    elif not start <= event.date.day < end:
        when = "has not begun" if event.date.day < start else "is over"
        message, hint = f"on {event.date.text} the scenario {when}", f"write a day from {start} on and before {end}"
    else:
        return []
    return [Problem(event.where, "not-planned", message, hint)]


def _merges(event: Event, organizations: set[str]) -> list[Problem]:
    """Organizations do not merge in a simulation: whom they employ, by luck, could not follow."""
    if not isinstance(event, CloseUnit) or event.into is None or event.unit not in organizations:
        return []
    message = f"{event.unit!r} is an organization, and mergers of organizations are not simulated"
    hint = "plan what follows from it: units and posts that are opened, people who are hired"
    return [Problem(event.where, "not-planned", message, hint)]


def _settled(scenario: Scenario) -> tuple[object, ...]:
    """Everything that does not depend on luck."""
    planned = (scenario.events, scenario.population, scenario.growth, scenario.reorganization)
    return id(scenario.ledger), scenario.organization, scenario.start, scenario.end, scenario.known, planned


def _cannot_happen(scenario: Scenario, root: Entry) -> list[Problem]:
    """Why the ledger is not valid with all that is settled; what has no line of its own is told where it is planned."""
    try:
        settled_ledger(scenario)
    except OrgsimError as error:
        lost = [attrs.evolve(p, where=_place(p, root, scenario)) for p in error.problems if p.where is None]
        first = {problem.where: problem for problem in reversed(lost)}  # not one for each post of a population
        return [*first.values(), *(problem for problem in error.problems if problem.where is not None)]
    return []


def _place(problem: Problem, root: Entry, scenario: Scenario) -> Location | None:
    """Where the thing that a problem names is planned."""
    for part in ("population", "growth", "reorganization"):
        for item in root[part] or ():
            moved = [*(item["units"] or ()), *(item["posts"] or ())]
            ids = [item["id"], item["unit"], item["reports_to"], item["like"], item["under"]]
            ids += [move["unit"] or move["post"] for move in moved]
            if any(f"{id_!r}" in problem.message or f"'{id_}/" in problem.message for id_ in ids if id_):
                where: Location = item.where
                return where
    return scenario.where
