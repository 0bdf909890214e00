"""Replications in which nobody's fate touches another's: all seats are followed at once, without a calendar.

Where a scenario has attrition and hiring and nothing else (no limit on recruiters, no promotion, no plans, no shocks),
what happens to one seat depends on no other, so all can be followed from the first day to the horizon, in columns: the
first exits, the hires that follow them, the second exits, and so on; and all of it put in order afterwards.  The rows
are the same as those of the flows, to the last bit, and come several times sooner; should two things happen at the
same instant, whose order the calendar alone knows, the calendar is asked after all.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import repeat
from math import inf, log
from operator import itemgetter
from typing import Any, Self, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from orgsim.laws import DurationLaw, HazardLaw
from orgsim.scenario.model import Cause, Population
from orgsim.simulate.flows.attrition import Attrition
from orgsim.simulate.flows.succession import WIDTH
from orgsim.simulate.matching import Facts
from orgsim.simulate.opening import planned
from orgsim.simulate.replication import Replication, VacancyRecord
from orgsim.simulate.run import Row, Run
from orgsim.simulate.world import World

Times: TypeAlias = NDArray[np.float64]
Numbers: TypeAlias = NDArray[np.intp]
Tenure = Callable[[Run, Population, Any], float]
"""How long the holder of a post of a population has been there; of the post, its facts and rank are asked."""
_first = itemgetter(0)


@attrs.frozen
class Seat:
    """A seat and who holds it on the first day; `laws` are the hazards of whoever holds it, by cause."""

    post: str
    rank: int
    facts: Facts
    person: str
    hired: float
    counted: bool
    group: Population | None
    laws: tuple[HazardLaw | None, ...]
    fills: bool


@attrs.frozen(eq=False)
class Laws:
    """The different hazards of a cause, and which of them that of each seat is."""

    kinds: list[HazardLaw | None]
    of: Numbers

    @classmethod
    def among(cls, laws: Iterable[HazardLaw | None]) -> Self:
        """Those of seats in their order."""
        numbers: dict[HazardLaw | None, int] = {}
        of = [numbers.setdefault(law, len(numbers)) for law in laws]
        return cls(list(numbers), np.array(of, np.intp))


@attrs.frozen(eq=False)
class Seats:
    """All seats, and in columns what is asked of many at once: posts, ranks, who is counted, if anybody is hired."""

    all: list[Seat]
    posts: NDArray[np.object_]
    ranks: Numbers
    counted: NDArray[np.bool_]
    fills: NDArray[np.bool_]
    first: tuple[Laws, ...]
    later: tuple[Laws, ...]
    """The hazards by cause, of those there on the first day and of those hired."""


@attrs.frozen(eq=False)
class Exits:
    """The exits of a round: of whom, when, and of which cause; with the n-th, the n-th vacancy of a post opens."""

    seats: Numbers
    times: Times
    causes: Numbers


@attrs.frozen(eq=False)
class Fills:
    """What became of the vacancies of a round: when they were filled and offers accepted, infinity if they were not."""

    ended: Times
    accepted: Times


def is_apart(world: World) -> bool:
    """Whether what happens to each seat depends on no other."""
    if "apart" not in world.cache:
        world.cache["apart"] = _is_apart(world)
    found: bool = world.cache["apart"]
    return found


def _is_apart(world: World) -> bool:
    """Whether the scenario has nothing but attrition and hiring, and every seat one holder who holds no other."""
    s = world.scenario
    if s.succession or s.contagion or s.shocks or s.growth or s.reorganization or s.interventions or planned(s):
        return False
    if s.hiring is not None and (s.hiring.recruiters or s.hiring.freezes):
        return False
    if any(rule.where.people for cause in s.attrition for rule in cause.rules) or any(g.vacant for g in s.population):
        return False
    held = [post for person in world.people for post, acting, _ in person.posts if not acting]
    alone = all(len(person.posts) == 1 and person.personal is None for person in world.people)
    made = sum(group.count for group in s.population)
    in_play = [seed for seed in world.posts if seed.in_play]
    single = all(seed.seats == 1 and not seed.unnamed for seed in in_play)
    ids = {seed.facts.id for seed in in_play}
    return alone and single and len(held) == len(world.people) and ids.issuperset(held) and len(ids) == len(held) + made


def _seats(world: World, attrition: Attrition) -> Seats:
    hiring, groups = world.scenario.hiring, {group.id: group for group in world.scenario.population}
    facts = {seed.facts.id: seed.facts for seed in world.posts}
    found = []
    for number, opening in enumerate(world.openings):
        seed = world.people[number] if number < len(world.people) else None
        post = seed.posts[0][0] if seed is not None else opening.person.removesuffix("/0")
        group = None if seed is not None else groups[post.rpartition("/")[0]]
        fills = hiring is not None and facts[post].match(hiring.where)
        found.append(
            Seat(
                post, world.ranks[post], facts[post], opening.person, 0.0 if seed is None else seed.hired,
                seed is None or seed.counted, group, tuple(attrition.laws_of(opening.person, facts[post])), fills,
            )
        )  # fmt: skip
    return Seats(
        found,
        np.array([seat.post for seat in found], object),
        np.array([seat.rank for seat in found], np.intp),
        np.array([seat.counted for seat in found], bool),
        np.array([seat.fills for seat in found], bool),
        tuple(Laws.among(attrition.table(index)[0]) for index in range(len(attrition.causes))),
        tuple(Laws.among(seat.laws[index] for seat in found) for index in range(len(attrition.causes))),
    )


class Follower:
    """Follows all seats from one exit to the next."""

    def __init__(self, run: Run, attrition: Attrition, seats: Seats) -> None:
        """Nothing has happened yet."""
        self.run, self.seats, self.attrition = run, seats, attrition
        self.horizon = run.world.horizon
        hiring = run.scenario.hiring
        self.age = hiring.age if hiring is not None else None
        self.approve_in: DurationLaw | None = hiring.approve_in if hiring is not None else None
        self.stages = hiring.stages if hiring is not None else ()
        names = {stage.id: index for index, stage in enumerate(self.stages)}
        self.back = [names[stage.otherwise] if stage.otherwise else index for index, stage in enumerate(self.stages)]
        self.offer = max((n for n, stage in enumerate(self.stages) if stage.accept is not None), default=None)

    def first_exits(self, tenure: Tenure) -> Exits:
        """Who leaves before the horizon of those there on the first day: of a stationary few, when, and why."""
        due, why = self._nobody(len(self.seats.all))
        for index, cause in enumerate(self.attrition.causes):
            least = self.attrition.table(index)[1]
            luck = self.run.columns.column("person", self.attrition.purposes[index])
            numbers = (luck > least).nonzero()[0]
            ages = partial(self._ages, cause, index, numbers, tenure)
            waits = _waits(self.seats.first[index], numbers, luck[numbers], ages)
            _take_sooner(due, why, index, numbers, waits)
        return self._leaving(np.arange(len(due)), due, why)

    def _ages(self, cause: Cause, index: int, numbers: Numbers, tenure: Tenure, places: Numbers) -> Iterator[float]:
        """On the first day, of some of those there; worked out when asked for."""
        return (-self._origin(cause, index, number, tenure) for number in numbers[places].tolist())

    def _origin(self, cause: Cause, index: int, number: int, tenure: Tenure) -> float:
        """When the clock of somebody there on the first day began."""
        seat, posted = self.seats.all[number], self.attrition.table(index)[2][number]
        origin = self.run.world.openings[number].birth if cause.clock == "age" else None
        if origin is None:
            origin = posted if cause.clock == "post" else None
        if origin is None:
            origin = seat.hired if seat.group is None else -tenure(self.run, seat.group, seat)
        return origin

    def fill(self, number: int, exits: Exits) -> Fills:
        """What becomes of the vacancies of a number."""
        found = Fills(np.full(len(exits.seats), inf), np.full(len(exits.seats), inf))
        who = self.seats.fills[exits.seats].nonzero()[0]
        now = exits.times[who]
        if self.approve_in is not None:
            now = now + self._last(self.approve_in, "approve", exits.seats[who], number)
        waiting = [(0, 0, who, now)]
        while waiting:
            self._go_on(number, exits, found, waiting)
        return found

    def _go_on(self, number: int, exits: Exits, found: Fills, waiting: list[Any]) -> None:
        """Let some requisitions go through the stages; those refused wait to go through some once more."""
        index, rounds, who, now = waiting.pop()
        ordinal = WIDTH * number + rounds
        while index < len(self.stages) and len(who):
            stage = self.stages[index]
            now = now + self._last(stage.takes, f"stage/{stage.id}", exits.seats[who], ordinal)
            within = now < self.horizon
            who, now = who[within], now[within]
            if stage.accept is not None and len(who):
                accepted = self._drawn("post", f"accept/{stage.id}", exits.seats[who], ordinal) < stage.accept
                if rounds + 1 < WIDTH and not accepted.all():  # else given up
                    waiting.append((self.back[index], rounds + 1, who[~accepted], now[~accepted]))
                who, now = who[accepted], now[accepted]
                if index == self.offer:
                    found.accepted[who] = now
            index += 1
        within = now < self.horizon
        found.ended[who[within]] = now[within]
        if self.offer is None:
            found.accepted[who[within]] = now[within]

    def exits(self, number: int, seats: Numbers, hired: Times) -> Exits:
        """Who of those hired for the vacancies of a number leaves before the horizon, when, and why."""
        due, why = self._nobody(len(seats))
        for index, cause in enumerate(self.attrition.causes):
            ages = np.zeros(len(seats))
            if cause.clock == "age":
                if self.age is None:
                    continue
                ages = hired - (hired - self._last(self.age, "age", seats, number, family=number))
            luck = self._drawn(number, self.attrition.purposes[index], seats)
            waits = _waits(self.seats.later[index], seats, luck, partial(_at, ages))
            _take_sooner(due, why, index, np.arange(len(seats)), hired + waits)
        return self._leaving(seats, due, why)

    def _nobody(self, size: int) -> tuple[Times, Numbers]:
        return np.full(size, self.horizon), np.zeros(size, np.intp)

    def _leaving(self, seats: Numbers, due: Times, why: Numbers) -> Exits:
        leaves = due < self.horizon
        return Exits(seats[leaves], due[leaves], why[leaves])

    def _drawn(self, family: Any, purpose: str, seats: Numbers, ordinal: int = 0) -> Times:
        return self.run.columns.several(family, self.seats.ranks[seats], purpose, ordinal)

    def _last(self, law: DurationLaw, purpose: str, seats: Numbers, number: int, family: Any = "post") -> Times:
        ordinal = 0 if family == number else number
        return np.array(law.each(self._drawn(family, purpose, seats, ordinal).tolist()), np.float64)


def _waits(laws: Laws, places: Numbers, luck: Times, ages: Callable[[Numbers], Iterable[float]]) -> Times:
    """How long until each exit, from some age on."""
    budgets = np.array([-log(u) for u in luck.tolist()], np.float64)
    if len(laws.kinds) == 1 and laws.kinds[0] is not None:
        return laws.kinds[0].waits(ages(np.arange(len(places))), budgets)
    waits, of = np.full(len(places), inf), laws.of[places]
    for kind, law in enumerate(laws.kinds):
        mine = (of == kind).nonzero()[0]
        if law is not None and len(mine):
            waits[mine] = law.waits(ages(mine), budgets[mine])
    return waits


def _at(ages: Times, places: Numbers) -> list[float]:
    found: list[float] = ages[places].tolist()
    return found


def _take_sooner(due: Times, why: Numbers, index: int, places: Numbers, at: Times) -> None:
    """Where a cause strikes earlier than those before it, that is the exit."""
    sooner = at < due[places]
    due[places[sooner]] = at[sooner]
    why[places[sooner]] = index


def simulate_apart(run: Run, number: int, tenure: Tenure) -> Replication | None:
    """The replication of a run in which only the opening is told; None if what happens needs the flows."""
    attrition = Attrition(run)
    seats: Seats | None = run.world.cache.get("seats apart")
    if seats is None:
        seats = run.world.cache["seats apart"] = _seats(run.world, attrition)
    follower, told = Follower(run, attrition, seats), Told(run, seats)
    exits, vacancy = follower.first_exits(tenure), 1
    while len(exits.seats):
        fills = follower.fill(vacancy, exits)
        told.tell(vacancy, exits, fills)
        filled = fills.ended < inf
        exits = follower.exits(vacancy, exits.seats[filled], fills.ended[filled])
        vacancy += 1
    return told.replication(number)


class Told:
    """What the flows would tell, round by round, and then in order; nothing else may have happened at any instant."""

    def __init__(self, run: Run, seats: Seats) -> None:
        """Nothing yet."""
        self.run, self.seats = run, seats
        self.rounds: list[tuple[int, Exits, Fills]] = []

    def tell(self, number: int, exits: Exits, fills: Fills) -> None:
        """The exits of a round, and what became of the vacancies of that number."""
        self.rounds.append((number, exits, fills))

    def replication(self, number: int) -> Replication | None:
        """All of it in order; None if two things happened at the same instant."""
        run, scenario = self.run, self.run.scenario
        opened = np.concatenate([np.empty(0), *(exits.times for _, exits, _ in self.rounds)])
        ended = np.concatenate([np.empty(0), *(fills.ended for _, _, fills in self.rounds)])
        times = np.concatenate([opened, ended[ended < inf]])
        times.sort()
        if not np.diff(times).all():
            return None
        exits: Counter[str] = Counter()
        for at, of_round, _ in self.rounds:
            causes = of_round.causes[self._employees(at, of_round)]
            counts = np.bincount(causes, minlength=len(scenario.attrition)).tolist()
            exits.update({c.reason: count for c, count in zip(scenario.attrition, counts, strict=True) if count})
        return Replication(
            world=run.world, number=number, written=_Rows(run.world, run.rows, self.seats, self.rounds),
            vacancies=self._vacancies(opened, ended), missed=0, reached={}, staff=run.staff + self._moves(ended),
            seats=[], gaps=self._gaps(), opening=run.opening, exits=dict(exits),
        )  # fmt: skip

    def _vacancies(self, opened: Times, ended: Times) -> tuple[VacancyRecord, ...]:
        """The vacancies in the order in which they opened."""
        order, none = np.argsort(opened), np.empty(0, np.intp)
        opened, ended = opened[order], ended[order]
        seats = np.concatenate([none, *(exits.seats for _, exits, _ in self.rounds)])[order]
        numbers = np.concatenate([none, *(np.full(len(exits.seats), at) for at, exits, _ in self.rounds)])[order]
        accepted = np.concatenate([none, *(fills.accepted for _, _, fills in self.rounds)])[order]
        hires = [self.run.world.hires(at)[self.seats.ranks[exits.seats]] for at, exits, _ in self.rounds]
        people = np.concatenate([np.empty(0, object), *hires])[order]
        filled = ended < inf
        fields = zip(
            self.seats.posts[seats].tolist(),
            numbers.tolist(),
            opened.tolist(),
            range(len(opened)),
            repeat("departure"),
            _where(filled, ended),
            _where(filled, "hired"),
            _where(filled, people),
            _where(self.seats.fills[seats], opened),
            _where(accepted < inf, accepted),
            repeat(()),
        )
        return tuple(map(VacancyRecord._make, fields))

    def _gaps(self) -> dict[str, list[tuple[float, float]]]:
        """By post, when nobody held it."""
        found: dict[str, list[tuple[float, float]]] = {}
        for number, exits, fills in self.rounds:
            posts = self.seats.posts[exits.seats].tolist()
            ends = np.minimum(fills.ended, self.run.world.horizon)
            gaps = zip(exits.times.tolist(), ends.tolist(), strict=True)
            if number == 1:
                found = {post: [gap] for post, gap in zip(posts, gaps, strict=True)}
            else:
                for post, gap in zip(posts, gaps, strict=True):
                    found[post].append(gap)
        return found

    def _employees(self, number: int, exits: Exits) -> NDArray[np.bool_]:
        """Whether each who left was headcount: contractors of the first day are none, and whoever is hired is."""
        return self.seats.counted[exits.seats] | (number > 1)

    def _moves(self, ended: Times) -> list[tuple[float, int]]:
        """When the headcount fell and rose."""
        left = [exits.times[self._employees(number, exits)] for number, exits, _ in self.rounds]
        hired = ended[ended < inf]
        times = np.concatenate([hired, *left])
        order = np.argsort(times)
        return list(zip(times[order].tolist(), np.where(order < len(hired), 1, -1).tolist(), strict=True))


def _where(mask: NDArray[np.bool_], values: Any) -> list[Any]:
    """The values where something is so, None elsewhere."""
    nothing: Any = None
    found: list[Any] = np.where(mask, values, nothing).tolist()
    return found


@attrs.frozen(eq=False)
class _Rows:
    """Writes what happened, when somebody asks: an experiment counts vacancies and people, and needs no rows."""

    world: World
    opening: list[Row]
    seats: Seats
    rounds: list[tuple[int, Exits, Fills]]

    def __call__(self) -> list[Row]:
        """The opening, then everything in order."""
        scenario = self.world.scenario
        organization, reasons = scenario.organization, [cause.reason for cause in scenario.attrition]
        found: list[Row] = []
        people = [seat.person for seat in self.seats.all]
        for number, exits, fills in self.rounds:
            names = self.world.hires(number)
            happened = zip(
                exits.seats.tolist(), exits.times.tolist(), exits.causes.tolist(), fills.ended.tolist(), strict=True
            )
            for place, left, why, hired in happened:
                seat = self.seats.all[place]
                found.append((left, "depart", people[place], "", reasons[why]))
                if hired < inf:
                    person = people[place] = names[seat.rank]
                    found += ((hired, "hire", person, "", organization), (hired, "appoint", person, seat.post, None))
        found.sort(key=_first)
        return self.opening + found
