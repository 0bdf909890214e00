"""People leave: competing causes, each with a budget that is spent at the speed of the hazard.

A person has, for each cause, a budget drawn from the exponential law with mean 1.  While the hazard is h, h is spent a
day, and the person leaves when the budget is spent: exact for any hazard, also one that changes while it runs, and the
draw stays the same whatever changes (the inverse of the integrated hazard; Cinlar, *Introduction to Stochastic
Processes*, 1975, on the time change of a Poisson process).
"""

import math
from itertools import pairwise
from math import log
from typing import Any

from orgsim.laws import Exponential, HazardLaw, Spliced
from orgsim.scenario.model import Cause, Rule
from orgsim.simulate.kernel import EXIT, NEVER
from orgsim.simulate.matching import Facts
from orgsim.simulate.run import Factor, Run
from orgsim.simulate.state import PersonState

_NO_HAZARD = Exponential(0.0)
SAFETY = 1.0 - 1e-9
LITTLE = 1e-9
Multipliers = tuple[list[list[Factor]], list[tuple[int, str, list[Factor]]]]
Table = tuple[list[HazardLaw | None], Any, list[float | None], list[float | None]]
"""By number of the person: the law, the least uniform number that lasts, since when in the post, the whole hazard."""


class Clock:
    """A budget, the speed at which it is spent, and when it will be.

    What is `left` was so at `planned`; `past` tells at which factor it was spent since, as (until when, factor): where
    even the highest of these factors, `most`, would not spend the budget before the horizon, that is left for later.
    `total` is what the law spends from `planned` to the horizon at the factor 1, None if not known.
    """

    __slots__ = (
        "alarm", "cause", "factor", "law", "left", "most", "origin", "past", "person", "planned", "total",
    )  # fmt: skip

    def __init__(  # noqa: PLR0917 - made by the thousand, and names cost time
        self, person: Any, cause: int, left: float, law: HazardLaw | None, origin: float, planned: float
    ) -> None:
        """A budget of which nothing is spent yet."""
        self.person = person
        self.cause = cause
        self.left = left
        self.law = law
        self.factor = 1.0
        self.most = 1.0
        self.origin = origin
        self.planned = planned
        self.total: float | None = None
        self.past: list[tuple[float, float]] | None = None
        self.alarm: Any = NEVER  # what is due; of the flow


class Attrition:
    """The clocks of everybody."""

    def __init__(self, run: Run) -> None:
        """Follow who is employed and which posts they hold."""
        self.run = run
        self.causes = run.scenario.attrition
        self.purposes = [f"attrition/{cause.reason}" for cause in self.causes]
        self._uniforms: list[Any] = [None] * len(self.causes)
        self._tables: list[Table] = []
        self._special = frozenset(who for cause in self.causes for rule in cause.rules for who in rule.where.people)
        self._known = -1  # how many factors there were
        self._factors: Multipliers = ([], [])
        if self.causes:
            run.joined.append(self.begin)
            run.noticed.append(self.replan)
            run.gone.append(self.stop)

    # ----------------------------------------------------------------------------------------------------- the opening

    def open(self) -> None:
        """Give clocks to those on the first day who leave before the horizon if nothing changes; others need none."""
        starters, people = self.run.world.starters, self.run.people
        for index, cause in enumerate(self.causes):
            self._tables.append(self.table(index))
            least = self._tables[index][1]
            uniforms = self.run.columns.column("person", f"attrition/{cause.reason}")
            self._uniforms[index] = uniforms.data
            for number in (uniforms > least).nonzero()[0].tolist():
                person = people.get(starters[number])
                if person is not None:
                    self._start(self._opening_clock(person, index))

    def _opening_clock(self, person: PersonState, index: int) -> Clock:
        """The clock somebody had on the first day."""
        number: int = person.number
        laws, _, posted, totals = self._tables[index]
        kind = self.causes[index].clock
        origin = person.birth if kind == "age" else posted[number] if kind == "post" else None
        if person.clocks is None:
            person.clocks = [None] * len(self.causes)
        origin = person.hired if origin is None else origin
        left = -log(self._uniforms[index][number])
        clock = person.clocks[index] = Clock(person, index, left, laws[number], origin, 0.0)
        clock.total = totals[number]
        return clock

    def _is_as_at_first(self, person: PersonState, index: int, law: HazardLaw | None, origin: float) -> bool:
        laws, _, posted, _ = self._tables[index]
        kind = self.causes[index].clock
        return law is laws[person.number] and (kind != "post" or origin == posted[person.number])

    def table(self, index: int) -> Table:
        """For everybody on the first day: the law, the uniform number under which it lasts, and since when in the post.

        Of those whose tenure is a matter of luck, that number is known only if their hazard does not depend on it.
        """
        import numpy as np

        run, world, cause = self.run, self.run.world, self.causes[index]
        found: Table | None = world.cache.get(("attrition", index))
        if found is None:
            laws: list[HazardLaw | None] = []
            least, posted, totals = np.ones(len(world.starters)), [], []
            for number, opening in enumerate(world.openings):
                facts = opening.facts or run.nobody
                law, total = self._law_of(opening.person, facts, index), None
                if cause.clock == "age" and opening.birth is None:
                    law = None
                origin = {"organization": opening.hired, "post": opening.posted, "age": opening.birth}[cause.clock]
                if isinstance(law, Exponential):
                    origin = 0.0
                if law is not None:
                    total = law.between(-origin, world.horizon - origin) if origin is not None else None
                    least[number] = math.exp(-total) * SAFETY if total is not None else 0.0
                laws.append(law)
                posted.append(opening.posted)
                totals.append(total)
            found = world.cache["attrition", index] = (laws, least, posted, totals)
        return found

    # ---------------------------------------------------------------------------------------------------------- clocks

    def begin(self, person: PersonState) -> None:
        """Start the clocks of somebody who was just employed."""
        run = self.run
        now, factors, laws = run.calendar.now, self._multipliers()[0], self._laws(person)
        run.changed.pop(person, None)
        clocks = person.clocks = []
        for index, cause in enumerate(self.causes):
            origin, law = self._origin(person, cause), laws[index]
            if origin is None:
                origin, law = 0.0, None
            clock = Clock(person, index, -log(run.luck_of(person, self.purposes[index])), law, origin, now)
            if factors[index]:
                factor = 1.0
                for multiply in factors[index]:
                    factor = multiply(person, cause.reason, factor)
                clock.factor = clock.most = factor
            clocks.append(clock)
            self._start(clock)

    def _start(self, clock: Clock) -> None:
        """Put the exit on the calendar, if it comes before the horizon."""
        clock.alarm = NEVER
        law, factor = clock.law, clock.factor
        if law is not None and factor > 0.0:
            delay = law.wait(clock.planned - clock.origin, clock.left / factor)
            clock.alarm = self.run.calendar.after(delay, EXIT, 0, self._leave, clock)

    def _leave(self, clock: Clock) -> None:
        self.run.depart(clock.person, self.causes[clock.cause].reason)

    def stop(self, person: PersonState) -> None:
        """Stop the clocks of somebody who left."""
        for clock in person.clocks or ():
            if clock is not None and clock.alarm is not NEVER:
                self.run.calendar.cancel(clock.alarm)
        person.clocks = ()

    def replan(self, person: PersonState, moved: bool) -> None:  # noqa: FBT001 - a hook has no names
        """Something about the person changed: where the speed of a clock did, spend what is due and go on."""
        if not person.employed:
            return
        if moved:
            self._move(person)
            return
        for index, reason, factors in self._multipliers()[1]:
            factor = 1.0
            for multiply in factors:
                factor = multiply(person, reason, factor)
            clock = None if person.clocks is None else person.clocks[index]
            if factor != (1.0 if clock is None else clock.factor):
                self._hasten(clock or self._opening_clock(person, index), factor)

    def _move(self, person: PersonState) -> None:
        """Go on by another law or from another origin, where these or the factor have changed."""
        laws, multipliers = self._laws(person), self._multipliers()[0]
        for index, cause in enumerate(self.causes):
            factor = 1.0
            for multiply in multipliers[index]:
                factor = multiply(person, cause.reason, factor)
            origin, law = self._origin(person, cause), laws[index]
            if origin is None:
                origin, law = 0.0, None
            clock = None if person.clocks is None else person.clocks[index]
            if clock is None:
                if factor == 1.0 and self._is_as_at_first(person, index, law, origin):
                    continue
                clock = self._opening_clock(person, index)
            if origin != clock.origin or not (law is clock.law or law == clock.law):
                self._change(clock, law, origin, factor)
            elif factor != clock.factor:
                self._hasten(clock, factor)

    def _hasten(self, clock: Clock, factor: float) -> None:
        """Go on at another factor; if the budget lasts to the horizon in any case, only note that."""
        law = clock.law
        if clock.alarm is NEVER and law is not None:
            clock.most = max(clock.most, factor)
            total = clock.total
            if total is None:
                planned, origin = clock.planned, clock.origin
                total = clock.total = law.between(planned - origin, self.run.world.horizon - origin)
            if clock.left * SAFETY - LITTLE > clock.most * total:
                if clock.past is None:
                    clock.past = []
                clock.past.append((self.run.calendar.now, clock.factor))
                clock.factor = factor
                return
        self._change(clock, law, clock.origin, factor)

    def _change(self, clock: Clock, law: HazardLaw | None, origin: float, factor: float) -> None:
        """Spend what is due so far, and go on at another speed."""
        now = self.run.calendar.now
        settle(clock, now)
        if clock.alarm is not NEVER:
            self.run.calendar.cancel(clock.alarm)
        clock.law, clock.factor, clock.origin = law, factor, origin
        clock.most, clock.total = factor, None
        self._start(clock)

    # ---------------------------------------------------------------------------------------------------------- hazard

    def _multipliers(self) -> Multipliers:
        """What multiplies the hazard of each cause, and which causes have such; anew when a flow adds something."""
        run = self.run
        if self._known != len(run.factors):
            self._known = len(run.factors)
            found = [
                [factor for factor in run.factors if factor not in run.only or cause.reason in run.only[factor]]
                for cause in self.causes
            ]
            some = [(index, self.causes[index].reason, factors) for index, factors in enumerate(found) if factors]
            self._factors = found, some
        return self._factors

    def _origin(self, person: PersonState, cause: Cause) -> float | None:
        if cause.clock == "organization":
            return person.hired
        return person.posted if cause.clock == "post" else person.birth

    def _laws(self, person: PersonState) -> tuple[HazardLaw | None, ...]:
        primary = person.primary
        return self.laws_of(person.id, self.run.nobody if primary is None else primary.facts)

    def laws_of(self, person: str, facts: Facts) -> tuple[HazardLaw | None, ...]:
        """The law of each cause for whoever holds a post."""
        key = id(self.causes)
        if key in facts.kept and person not in self._special:
            found: tuple[HazardLaw | None, ...] = facts.kept[key]
            return found
        found = tuple(self._law_of(person, facts, index) for index in range(len(self.causes)))
        if person not in self._special:
            facts.kept[key] = found
        return found

    def _law_of(self, person: str, facts: Facts, index: int) -> HazardLaw | None:
        cause = self.causes[index]
        key: Any = id(cause)
        if person in self._special:
            key = key, person
        try:
            found: HazardLaw | None = facts.kept[key]
        except KeyError:
            found = facts.kept[key] = law_for(cause, person, facts)
        return found


def settle(clock: Clock, now: float) -> None:
    """Take from a budget everything that was spent since the clock was planned."""
    for until, factor in clock.past or ():
        spend(clock, factor, until)
    clock.past = None
    spend(clock, clock.factor, now)


def spend(clock: Clock, factor: float, until: float) -> None:
    """Take from a budget what was spent at a factor since the clock was planned."""
    if clock.law is not None:
        origin = clock.origin
        clock.left = max(0.0, clock.left - factor * clock.law.between(clock.planned - origin, until - origin))
    clock.planned = until


def law_for(cause: Cause, person: str, facts: Facts) -> HazardLaw | None:
    """The hazard of a cause for whoever holds a post: the first rule that matches; by tenure, if rules ask for it."""
    rules: list[Rule] = []
    for rule in cause.rules:
        if _may_match(rule, person, facts):
            rules.append(rule)
            if rule.where.tenure_under is None and rule.where.tenure_over is None:
                break
    bounds = sorted({0.0} | {b for rule in rules for b in (rule.where.tenure_under, rule.where.tenure_over) if b})
    stretches = [(bound, _first(rules, bound)) for bound in bounds]
    joined = [stretches[0], *(after for before, after in pairwise(stretches) if after[1] is not before[1])]
    if len(joined) == 1:
        rule_of_all = joined[0][1]
        return rule_of_all.law if rule_of_all is not None else None
    starts, parts = zip(*joined, strict=True)
    return Spliced(starts, tuple(part.law if part is not None else _NO_HAZARD for part in parts))


def _may_match(rule: Rule, person: str, facts: Facts) -> bool:
    return (not rule.where.people or person in rule.where.people) and facts.place(rule.where)


def _first(rules: list[Rule], tenure: float) -> Rule | None:
    for rule in rules:
        under, over = rule.where.tenure_under, rule.where.tenure_over
        if (under is None or tenure < under) and (over is None or tenure >= over):
            return rule
    return None
