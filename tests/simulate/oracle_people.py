"""People in the oracle: the clocks of their exits, contagion, and shocks."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orgsim import events as ev
from orgsim.laws import Exponential, HazardLaw, Spliced
from orgsim.scenario.model import Cause, Contagion, Shock
from tests.simulate.oracle_calendar import CONTAGION, EXIT, SHOCK, Process
from tests.simulate.oracle_facts import within

if TYPE_CHECKING:
    from tests.simulate.oracle import Replay


@dataclass
class Clock:
    """What one cause has left of a person's budget, and under which hazard it is being spent."""

    budget: float
    law: HazardLaw | None = None
    factor: float = 1.0
    began: float | None = None
    changed: float = 0.0
    turn: int = 0


class People:
    """Everybody's clocks."""

    def __init__(self, replay: "Replay") -> None:
        self.replay, self.company = replay, replay.company
        self.scenario = replay.company.scenario
        self.clocks: dict[tuple[str, str], Clock] = {}
        self.effects: dict[tuple[str, int], int] = {}  # person and entry: how many effects last
        self.born = {id_: float((day - self.scenario.start).days) for id_, day in self.scenario.born.items()}
        for number, shock in enumerate(self.scenario.shocks):
            replay.start(self.shock(number, shock))

    # ------------------------------------------------------------------ hazards

    def look(self) -> None:
        """Start the clocks of newcomers, and see whose hazard is another than before."""
        here = set(self.company.since)
        for person, reason in list(self.clocks):
            if person not in here:
                self.clocks.pop((person, reason)).turn += 1
        for person in self.company.since:
            for cause in self.scenario.attrition:
                key = (person, cause.reason)
                if key not in self.clocks:
                    budget = -math.log(self.company.u(person, f"attrition/{cause.reason}", 0))
                    self.clocks[key] = Clock(budget, changed=self.company.now, turn=-1)
                self.compare(person, cause, self.clocks[key])

    def compare(self, person: str, cause: Cause, clock: Clock) -> None:
        """If rule, factor or beginning changed: spend what was to spend, and let the exit be due anew."""
        law = self.hazard(person, cause)
        factor, began = self.factor(person, cause.reason), self.began(person, cause)
        if clock.turn >= 0 and (law, factor, began) == (clock.law, clock.factor, clock.began):
            return
        now = self.company.now
        if clock.law is not None and clock.began is not None:
            spent = clock.factor * clock.law.between(clock.changed - clock.began, now - clock.began)
            clock.budget = max(0.0, clock.budget - spent)
        clock.law, clock.factor, clock.began = law, factor, began
        clock.changed, clock.turn = now, clock.turn + 1
        if law is not None and began is not None and factor != 0.0:
            days = law.wait(now - began, clock.budget / factor)
            if days < math.inf:
                self.replay.start(self.exit(person, cause.reason, clock, now + days))

    def exit(self, person: str, reason: str, clock: Clock, when: float) -> Process:
        """Wait until the budget is spent, unless something changes before."""
        turn = clock.turn
        yield self.company.calendar.at(when, EXIT)
        if clock.turn == turn:
            self.leave(person, reason)

    def hazard(self, person: str, cause: Cause) -> HazardLaw | None:
        """The law of the first rule that matches, or of several, spliced by tenure."""
        found = []
        for number, rule in enumerate(cause.rules):
            if self.company.matches_seat(rule.where, person):
                found.append((number, rule))
                if rule.where.tenure_under is None and rule.where.tenure_over is None:
                    break
        if not found:
            return None
        bounds = {0.0}
        for _, rule in found:
            bounds |= {float(b) for b in (rule.where.tenure_under, rule.where.tenure_over) if b}
        stretches: list[tuple[float, int]] = []
        for bound in sorted(bounds):
            number = next((n for n, rule in found if within(rule.where, bound)), -1)
            if not stretches or stretches[-1][1] != number:
                stretches.append((bound, number))
        laws = tuple(cause.rules[n].law if n >= 0 else Exponential(0.0) for _, n in stretches)
        return laws[0] if len(laws) == 1 else Spliced(tuple(start for start, _ in stretches), laws)

    def factor(self, person: str, reason: str) -> float:
        """The product of what interventions and contagion do to a hazard."""
        product = 1.0
        for number, intervention in enumerate(self.scenario.interventions):
            helps = number in self.replay.edges.helping and reason in intervention.hazards
            if helps and self.company.matches(intervention.where, person):
                product *= intervention.hazards[reason]
        for number, entry in enumerate(self.scenario.contagion):
            times = self.effects.get((person, number), 0)
            if times and entry.cause == reason:
                product *= strength(entry, times)
        return product

    def began(self, person: str, cause: Cause) -> float | None:
        """When the clock of a cause began for a person."""
        clock = clock_of(cause)
        if clock == "age":
            return self.born.get(person)
        if clock == "post":
            post = self.company.primary(person)
            holding = self.company.state.holding(post, person) if post is not None else None
            if holding is not None:
                return self.company.moment(holding.event)
        return self.company.since[person]

    # ------------------------------------------------------------------ exits

    def leave(
        self,
        person: str,
        reason: str,
        to: str | None = None,
        closing: str | None = None,
        planned: ev.Depart | None = None,
    ) -> None:
        """Somebody leaves, perhaps as planned; no vacancy opens for a post that is being closed."""
        company, vacancies = self.company, self.replay.vacancies
        self.set_off(person, reason)
        acted = sorted(company.held(person, acting=True))
        held = sorted(post for post in company.held(person, acting=False) if company.in_play(post))
        if planned is not None:
            company.tell_event(planned)
        else:
            company.tell("depart", person, "", reason)
        if to is not None and to not in company.state.people[person].jobs:
            company.tell("hire", person, "", to)
        vacancies.note()
        for post in acted:
            vacancies.look_for_acting_anew(post)
        cascade: int | None = None
        for post in held:
            if post != closing:
                cascade = vacancies.open(post, "departure", cascade).cascade

    def set_off(self, person: str, reason: str) -> None:
        """Contagion by an exit, before anything changes."""
        for number, entry in enumerate(self.scenario.contagion):
            if (not entry.exits or reason in entry.exits) and self.company.matches(entry.of, person):
                self.replay.start(self.contagion(number, entry, self.hit(entry.hits, person)))

    def hit(self, hits: str, person: str) -> list[str]:
        """The people an exit touches."""
        post, above = self.company.line_post(person), self.company.above(person)
        if hits == "manager":
            holders = self.company.substantive(above) if above is not None else []
            return [h.person for h in holders if h.person is not None][:1]
        middle = post if hits == "reports" else above
        return [p for p in self.company.those_under(middle) if p != person] if middle is not None else []

    def contagion(self, number: int, entry: Contagion, people: list[str]) -> Process:
        """An effect begins later, on those still there, and ends."""
        yield self.company.calendar.at(self.company.now + entry.after, CONTAGION, 1)
        there = [person for person in people if person in self.company.since]
        for person in there:
            self.effects[person, number] = self.effects.get((person, number), 0) + 1
        yield self.company.calendar.at(self.company.now + entry.lasting, CONTAGION, 0)
        for person in there:
            self.effects[person, number] -= 1

    # ------------------------------------------------------------------ shocks

    def shock(self, number: int, shock: Shock) -> Process:
        """A shock happens or not, on its day; its people leave when the notice is over."""
        company, entity = self.company, f"shock/{shock.id}"
        if company.u(entity, "happens", 0) >= shock.probability:
            return
        if isinstance(shock.day, tuple):
            first, last = shock.day
            when = first + company.u(entity, "day", 0) * (last + 1 - first)
        else:
            when = shock.day
        yield company.calendar.at(when, SHOCK, number)
        people = self.named(shock)
        if not people and shock.group is None:
            company.missed += 1
        for person in people:
            self.replay.start(self.notice(shock, person))

    def named(self, shock: Shock) -> list[str]:
        """Whom a shock means when it happens."""
        company = self.company
        if shock.group is not None:
            group = sorted(person for person in company.since if company.matches(shock.group, person))
            return [person for person in group if company.u(person, f"shock/{shock.id}", 0) < shock.share]
        if shock.person is not None:
            return [shock.person] if shock.person in company.since else []
        if shock.post not in company.state.posts:
            return []
        return [h.person for h in company.substantive(shock.post) if h.person in company.since]

    def notice(self, shock: Shock, person: str) -> Process:
        """Somebody named by a shock leaves when the notice is over, if still there."""
        yield self.company.calendar.at(self.company.now + shock.notice, EXIT)
        if person in self.company.since:
            self.leave(person, shock.reason, shock.to)
        else:
            self.company.missed += 1


def clock_of(cause: Cause) -> str:
    """The clock of a cause; with conditions on tenure, that of the organization."""
    wheres = [rule.where for rule in cause.rules]
    tenured = any(where.tenure_under is not None or where.tenure_over is not None for where in wheres)
    return "organization" if tenured else cause.clock


def strength(entry: Contagion, number: int) -> float:
    """The factor of so many effects of one entry on one person."""
    if entry.combine == "max":
        return entry.times
    power = float(entry.times**number)
    if entry.at_most is None:
        return power
    return min(power, entry.at_most) if entry.times >= 1.0 else max(power, entry.at_most)
