"""People leave, and make others leave: the clocks, contagion and interventions of the flows, on standing ground."""

from collections.abc import Callable
from heapq import heapify, heappush
from math import log
from operator import attrgetter
from typing import Any

from orgsim.laws import HazardLaw
from orgsim.scenario.model import Contagion, Where
from orgsim.simulate.flows.attrition import LITTLE, SAFETY, Attrition, Clock, settle
from orgsim.simulate.flows.contagion import strength
from orgsim.simulate.kernel import CONTAGION_BEGINS, CONTAGION_ENDS, EXIT, PRIORITY
from orgsim.simulate.standing.organization import Organization, Person, end_acting

Hit = tuple[int, list[Person]]
_EXIT = 1 + EXIT * PRIORITY
_id = attrgetter("id")


class Exit:
    """An exit that is due; without callbacks, it is cancelled."""

    __slots__ = ("callbacks", "cause", "person")
    _ok = True
    _value = None

    def __init__(self, callbacks: Any, person: Person, cause: int) -> None:
        """Of somebody, for the cause of that number."""
        self.callbacks = callbacks
        self.person = person
        self.cause = cause


class Leaving:
    """The clocks of everybody, and what happens when one has run down; `opened` hears of each vacancy."""

    def __init__(self, organization: Organization, attrition: Attrition) -> None:
        """Nobody has a clock yet."""
        self.org = organization
        self.attrition = attrition
        scenario = organization.world.scenario
        self.horizon = organization.world.horizon
        self.causes = scenario.attrition
        self.reasons = [cause.reason for cause in self.causes]
        self.kinds = [cause.clock for cause in self.causes]
        self.purposes = attrition.purposes
        self.entries = scenario.contagion
        self.infects: list[list[tuple[int, Contagion]]] = [
            [(n, entry) for n, entry in enumerate(self.entries) if entry.cause == reason] for reason in self.reasons
        ]
        touched = {reason for each in scenario.interventions for reason in each.hazards}
        self.changes = [reason in touched for reason in self.reasons]
        # Of each entry, the causes of which it alone makes the factor; None where it is not alone.
        self._steady: list[list[int] | None] = [
            [n for n, infects in enumerate(self.infects) if infects] if len(self.entries) == 1 and not touched else None
            for _ in self.entries
        ]
        self._strengths: list[list[float]] = [[1.0] for _ in self.entries]
        self.varies = [n for n in range(len(self.causes)) if self.infects[n] or self.changes[n]]
        self.force: dict[str, list[tuple[Where, float]]] = {}  # of interventions, by reason
        self.opened: Callable[[Any], None] = _nothing
        self.uncovered: Callable[[Any], None] = _nothing
        self._due = (self._leave,)
        organization.depart = self.depart_among
        self._heap, self._numbers = organization.calendar.open
        self._uniforms: list[Any] = []
        self._tables: list[Any] = []

    # ---------------------------------------------------------------------------------------------------------- clocks

    def open(self) -> None:
        """Let those leave who do so before the horizon if nothing changes; clocks are made when something does."""
        starters, people, heap = self.org.world.starters, self.org.people, self._heap
        for index, purpose in enumerate(self.purposes):
            table = self.attrition.table(index)
            uniforms = self.org.columns.column("person", purpose)
            self._tables.append(table)
            self._uniforms.append(uniforms.data)
            for number in (uniforms > table[1]).nonzero()[0].tolist():
                law, person = table[0][number], people[starters[number]]
                if law is not None:
                    due = law.wait(-self._opening_origin(person, index), -log(self._uniforms[index][number]))
                    if due < self.horizon:
                        if person.clocks is None:
                            person.clocks = [None] * len(self.kinds)
                        exit_ = person.clocks[index] = Exit(self._due, person, index)
                        heap.append((due, _EXIT, next(self._numbers), exit_))
        heapify(heap)

    def begin(self, person: Person, now: float) -> None:
        """Let somebody who was just hired leave in time; the same."""
        rank, columns = person.rank, self.org.columns
        clocks: list[Any] = [None] * len(self.kinds)
        person.clocks = clocks
        for index, law in enumerate(self.org.tables.laws[rank]):
            if self.force and (factor := self._factor(person, index)) != 1.0:
                clock = clocks[index] = self._clock(person, index)
                clock.factor = clock.most = factor
                self._start(clock, now)
            elif law is not None:
                origin = person.birth if self.kinds[index] == "age" else now
                if origin is not None:
                    due = now + law.wait(now - origin, -log(columns.hire(person.number, self.purposes[index])))
                    if due < self.horizon:
                        exit_ = clocks[index] = Exit(self._due, person, index)
                        heappush(self._heap, (due, _EXIT, next(self._numbers), exit_))

    def _clock(self, person: Person, index: int) -> Clock:
        """The clock of somebody whose hazard has not changed so far."""
        if person.clocks is None:
            person.clocks = [None] * len(self.kinds)
        number, exit_ = person.number, person.clocks[index]
        if number.__class__ is int:
            laws, _, _, totals = self._tables[index]
            left, origin = -log(self._uniforms[index][number]), self._opening_origin(person, index)
            clock = Clock(person, index, left, laws[number], origin, 0.0)
            clock.total = totals[number]
        else:
            law, hired = self.org.tables.laws[number[0]][index], person.hired
            birth = person.birth if self.kinds[index] == "age" else hired
            left = -log(self.org.columns.hire(number, self.purposes[index]))
            clock = Clock(person, index, left, None if birth is None else law, birth or 0.0, hired)
        clock.alarm = exit_
        person.clocks[index] = clock
        return clock

    def _opening_origin(self, person: Person, index: int) -> float:
        kind = self.kinds[index]
        origin = person.birth if kind == "age" else self._tables[index][2][person.number] if kind == "post" else None
        return person.hired if origin is None else origin

    def _origin(self, person: Person, index: int) -> float | None:
        kind = self.kinds[index]
        return person.hired if kind == "organization" else person.posted if kind == "post" else person.birth

    def _start(self, clock: Clock, now: float) -> None:
        """Put the exit on the calendar, if it comes before the horizon."""
        law, factor = clock.law, clock.factor
        clock.alarm = None
        if law is not None and factor > 0.0:
            due = now + law.wait(clock.planned - clock.origin, clock.left / factor)
            if due < self.horizon:
                clock.alarm = Exit(self._due, clock.person, clock.cause)
                heappush(self._heap, (due, _EXIT, next(self._numbers), clock.alarm))

    def _factor(self, person: Person, index: int) -> float:
        """What interventions and contagion make of a hazard."""
        factor = 1.0
        for where, times in self.force.get(self.reasons[index], ()) if self.force else ():
            if self.org.matches(where, person, self.org.calendar.now):
                factor *= times
        if person.effects:
            for number, entry in self.infects[index]:
                count = person.effects[number]
                if count:
                    factor *= strength(entry, count)
        return factor

    def replan(self, person: Person, now: float) -> None:
        """The hazard may have changed: where the speed of a clock did, spend what is due and go on."""
        for index in self.varies:
            self._speed(person, index, self._factor(person, index), now)

    def _speed(self, person: Person, index: int, factor: float, now: float) -> None:
        clock = None if person.clocks is None else person.clocks[index]
        if clock.__class__ is Clock:
            if factor != clock.factor:
                self._hasten(clock, factor, now)
        elif factor != 1.0:
            self._hasten(self._clock(person, index), factor, now)

    def move(self, person: Person, now: float) -> None:
        """The post has changed: go on by another law or from another origin, where these or the factor have changed."""
        laws = self.org.tables.laws[person.rank]
        for index, kind in enumerate(self.kinds):
            factor, law, origin = self._factor(person, index), laws[index], self._origin(person, index)
            if origin is None:
                origin, law = 0.0, None
            clock = None if person.clocks is None else person.clocks[index]
            if clock.__class__ is not Clock:
                number = person.number
                if clock is None and number.__class__ is int and factor == 1.0:
                    first, _, posted, _ = self._tables[index]
                    if law is first[number] and (kind != "post" or origin == posted[number]):
                        continue
                clock = self._clock(person, index)
            if origin != clock.origin or not (law is clock.law or law == clock.law):
                self._change(clock, law, origin, factor, now)
            elif factor != clock.factor:
                self._hasten(clock, factor, now)

    def _hasten(self, clock: Clock, factor: float, now: float) -> None:
        """Go on at another factor; if the budget lasts to the horizon in any case, only note that."""
        law = clock.law
        if clock.alarm is None and law is not None:
            most = clock.most = max(factor, clock.most)
            total = clock.total
            if total is None:
                planned, origin = clock.planned, clock.origin
                total = clock.total = law.between(planned - origin, self.horizon - origin)
            if clock.left * SAFETY - LITTLE > most * total:
                if clock.past is None:
                    clock.past = []
                clock.past.append((now, clock.factor))
                clock.factor = factor
                return
        self._change(clock, law, clock.origin, factor, now)

    def _change(self, clock: Clock, law: HazardLaw | None, origin: float, factor: float, now: float) -> None:
        """Spend what is due so far, and go on at another speed."""
        settle(clock, now)
        if clock.alarm is not None:
            clock.alarm.callbacks = ()
        clock.law, clock.factor, clock.origin = law, factor, origin
        clock.most, clock.total = factor, None
        self._start(clock, now)

    # ----------------------------------------------------------------------------------------------------------- exits

    def _leave(self, exit_: Exit) -> None:
        self.depart(exit_.person, self.reasons[exit_.cause])

    def depart_among(self, person: Person, reason: str, _to: str | None = None) -> None:
        """One of several leaves at an instant, so that what follows must wait for its turn."""
        self.org.alone = False
        self.depart(person, reason)
        self.org.alone = True

    def depart(self, person: Person, reason: str) -> None:
        """Somebody leaves; the seat becomes a vacancy."""
        org, rank = self.org, person.rank
        now = org.calendar.now
        hits = self._spread(person, reason, now) if org.tables.spreads[rank] else ()
        org.rows.append((now, "depart", person.id, "", reason))
        person.employed = False
        if person.counted:
            org.exits[reason] += 1
            org.staff.append((now, -1))
        del org.people[person.id]
        org.holder[rank] = None
        self._stop(person)
        if person.acting:
            self._uncover(person, now)
        for hit in hits:
            self._infect(hit)
        self.opened(org.open(rank, now, "departure"))

    def _stop(self, person: Person) -> None:
        """Stop the clocks of somebody who left."""
        for clock in person.clocks or ():
            exit_ = clock.alarm if clock.__class__ is Clock else clock
            if exit_ is not None:
                exit_.callbacks = ()
        person.clocks = None

    def _uncover(self, person: Person, now: float) -> None:
        """Whoever leaves acts for nobody any more."""
        org, posts = self.org, sorted(person.acting or ())
        for rank in posts:
            org.actors[rank].remove(person)
        person.acting = None
        for rank in posts:
            vacancy = org.vacancy[rank]
            if vacancy is not None:
                end_acting(vacancy, now, person.id)
                self.uncovered(vacancy)

    # ------------------------------------------------------------------------------------------------------- contagion

    def _spread(self, person: Person, reason: str, now: float) -> list[Hit]:
        """Find whom an exit hits, before it changes anything; returns what happens next in any case."""
        hits: list[Hit] = []
        for index, entry in self.org.tables.spreads[person.rank]:
            if (not entry.exits or reason in entry.exits) and self.org.matches(entry.of, person, now):
                people = self._targets(entry, person)
                if people and entry.after == 0.0 and self.org.is_next():
                    hits.append((index, people))
                elif people:
                    self.org.calendar.after(entry.after, CONTAGION_BEGINS, index, self._infect, (index, people))
        return hits

    def _targets(self, entry: Contagion, person: Person) -> list[Person]:
        tables, boss = self.org.tables, self.org.tables.boss[person.rank]
        if entry.hits == "manager":
            manager = self.org.holder[boss] if boss >= 0 else None
            return [] if manager is None else [manager]
        around = person.rank if entry.hits == "reports" else boss
        if around < 0:
            return []
        found = self.org.holders(tables.reports[around])
        if entry.hits != "reports":
            found = [who for who in found if who is not person]
        found.sort(key=_id)
        return found

    def _infect(self, hit: Hit) -> None:
        index, people = hit
        people = [person for person in people if person.employed]
        self.org.calendar.after(self.entries[index].lasting, CONTAGION_ENDS, index, self._heal, (index, people))
        self._affect(people, index, +1)

    def _heal(self, hit: Hit) -> None:
        index, people = hit
        self._affect([person for person in people if person.employed], index, -1)

    def _affect(self, people: list[Person], index: int, by: int) -> None:
        now, steady, strengths = self.org.calendar.now, self._steady[index], self._strengths[index]
        for person in people:
            effects = person.effects
            if effects is None:
                effects = person.effects = [0] * len(self.entries)
            count = effects[index] = effects[index] + by
            if steady is None:
                self.replan(person, now)
                continue
            while count >= len(strengths):
                strengths.append(strength(self.entries[index], len(strengths)))
            factor = strengths[count]
            for cause in steady:
                self._speed(person, cause, factor, now)


def _nothing(_vacancy: Any) -> None:
    """Nobody listens."""
