"""Replications in which nobody's fate touches another's: all seats are followed at once, without a calendar.

Where a scenario has attrition and hiring and nothing else (no limit on recruiters, no promotion, no plans, no shocks),
what happens to one seat depends on no other, so all can be followed from the first day to the horizon, in columns: the
first exits, the hires that follow them, the second exits, and so on; and all of it put in order afterwards.  The rows
are the same as those of the flows, to the last bit, and come several times sooner; should two things happen at the
same instant, whose order the calendar alone knows, the flows are asked after all.
"""

from collections import Counter
from collections.abc import Callable
from itertools import compress, repeat
from math import inf, log
from operator import itemgetter
from typing import Any, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from orgsim.laws import DurationLaw, Exponential, HazardLaw
from orgsim.scenario.model import Cause, Population
from orgsim.simulate.flows.attrition import Attrition
from orgsim.simulate.flows.succession import WIDTH
from orgsim.simulate.matching import Facts
from orgsim.simulate.opening import planned
from orgsim.simulate.replication import Replication, VacancyRecord
from orgsim.simulate.run import Run
from orgsim.simulate.world import World

Times: TypeAlias = NDArray[np.float64]
Numbers: TypeAlias = NDArray[np.intp]
Tenure = Callable[[Run, Population, Any], float]
"""How long the holder of a post of a population has been there; of the post, its facts and rank are asked."""
_first, _opened = itemgetter(0), itemgetter(2)


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
class Seats:
    """All seats, and in columns what is asked of many at once: the ranks of their posts, whether anybody is hired."""

    all: list[Seat]
    ranks: Numbers
    fills: NDArray[np.bool_]
    laws: tuple[list[HazardLaw | None], ...]


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
        np.array([seat.rank for seat in found], np.intp),
        np.array([seat.fills for seat in found], bool),
        tuple([seat.laws[index] for seat in found] for index in range(len(attrition.causes))),
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
            laws, least, _, _ = self.attrition.table(index)
            luck = self.run.columns.column("person", self.attrition.purposes[index])
            numbers = (luck > least).nonzero()[0]
            waits = [
                law.wait(0.0 if law.__class__ is Exponential else -self._origin(cause, index, number, tenure), -log(u))
                if (law := laws[number]) is not None
                else inf
                for number, u in zip(numbers.tolist(), luck[numbers].tolist(), strict=True)
            ]
            _take_sooner(due, why, index, numbers, np.array(waits, np.float64))
        return self._leaving(np.arange(len(due)), due, why)

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
        places = seats.tolist()
        for index, cause in enumerate(self.attrition.causes):
            laws = self.seats.laws[index]
            ages: Any = repeat(0.0)
            if cause.clock == "age":
                if self.age is None:
                    continue
                ages = (hired - (hired - self._last(self.age, "age", seats, number, family=number))).tolist()
            luck = self._drawn(number, self.attrition.purposes[index], seats).tolist()
            waits = [
                inf if (law := laws[seat]) is None else law.wait(age, -log(u))
                for seat, age, u in zip(places, ages, luck, strict=False)
            ]
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
        return np.array([law.quantile(u) for u in self._drawn(family, purpose, seats, ordinal).tolist()], np.float64)


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
    """What the flows would tell, round by round, and then in order."""

    def __init__(self, run: Run, seats: Seats) -> None:
        """Nothing yet."""
        self.run, self.seats = run, seats
        self.rows: list[Any] = []
        self.moves: list[tuple[float, int]] = []
        self.times: list[Times] = []
        self.reasons: Counter[str] = Counter()
        self.vacancies: list[Any] = []
        self.posts = [seat.post for seat in seats.all]
        self.people: list[Any] = [seat.person for seat in seats.all]
        self.uncounted = {seat.person for seat in seats.all if not seat.counted} if run.world.people else set()

    def tell(self, number: int, exits: Exits, fills: Fills) -> None:
        """The exits and hires of a round: their rows, and the fields of their vacancies."""
        run, organization, people = self.run, self.run.scenario.organization, self.people
        reasons = [cause.reason for cause in run.scenario.attrition]
        places, opened, ended = exits.seats.tolist(), exits.times.tolist(), fills.ended.tolist()
        posts = [self.posts[place] for place in places]
        leavers = [people[place] for place in places]
        self.rows += [
            (now, "depart", person, "", reasons[why])
            for now, person, why in zip(opened, leavers, exits.causes.tolist(), strict=True)
        ]
        self.moves += [(now, -1) for now, person in zip(opened, leavers, strict=True) if person not in self.uncounted]
        filled = (fills.ended < inf).tolist()
        self.times += [exits.times, fills.ended[fills.ended < inf]]
        self.reasons.update([reasons[why] for why in exits.causes.tolist()])
        hired = [f"hire/{post}/{number}" if some else None for post, some in zip(posts, filled, strict=True)]
        for place, person, post, now in compress(zip(places, hired, posts, ended, strict=True), filled):
            people[place] = person
            self.rows += ((now, "hire", person, "", organization), (now, "appoint", person, post, None))
        self.moves += [(now, 1) for now in compress(ended, filled)]
        asked = self.seats.fills[exits.seats].tolist()
        self.vacancies += [
            (post, number, begin, 0, "departure", end if person else None, "hired" if person else None, person,
             begin if wanted else None, accepted if accepted < inf else None, ())
            for post, begin, end, person, wanted, accepted
            in zip(posts, opened, ended, hired, asked, fills.accepted.tolist(), strict=True)
        ]  # fmt: skip

    def replication(self, number: int) -> Replication | None:
        """All of it in order; None if two things happened at the same instant."""
        run, horizon = self.run, self.run.world.horizon
        self.rows.sort(key=_first)
        self.moves.sort(key=_first)
        self.vacancies.sort(key=_opened)
        if not np.diff(np.sort(np.concatenate([np.empty(0), *self.times]))).all():
            return None
        gaps: dict[str, list[tuple[float, float]]] = {}
        records = []
        for cascade, fields in enumerate(self.vacancies):
            vacancy = VacancyRecord._make((*fields[:3], cascade, *fields[4:]))
            records.append(vacancy)
            gap = (vacancy.opened, horizon if vacancy.ended is None else vacancy.ended)
            gaps.setdefault(vacancy.post, []).append(gap)
        return Replication(
            world=run.world, number=number, rows=run.rows + self.rows, vacancies=tuple(records), missed=0, reached={},
            staff=run.staff + self.moves, seats=[], gaps=gaps, opening=run.opening,
            exits=dict(self.reasons),
        )  # fmt: skip
