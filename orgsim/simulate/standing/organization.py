"""People and vacancies where the structure stands still, and what a single thing that happens does to them."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from orgsim.simulate.draws import Luck
from orgsim.simulate.kernel import Calendar
from orgsim.simulate.luck import Columns
from orgsim.simulate.matching import match_person
from orgsim.simulate.run import Row, Run
from orgsim.simulate.standing.tables import Tables
from orgsim.simulate.world import World


class Person:
    """Somebody employed; `rank` is that of the post held, `acting` are those of the posts acted for."""

    __slots__ = (
        "acting", "birth", "clocks", "counted", "effects", "employed", "hired", "id", "leave", "number", "posted",
        "promoted", "rank",
    )  # fmt: skip

    def __init__(  # noqa: PLR0917 - made by the thousand, and names cost time
        self, id_: str, rank: int, number: Any, hired: float, posted: float, birth: float | None,
        counted: bool = True, leave: bool = False,  # noqa: FBT001, FBT002
    ) -> None:  # fmt: skip
        """Somebody who holds a post."""
        self.id = id_
        self.rank = rank
        self.number = number  # where the person's draws are
        self.hired = hired
        self.posted = posted
        self.birth = birth
        self.counted = counted
        self.leave = leave
        self.employed = True
        self.promoted = -1e9
        self.clocks: Any = None  # by cause: None or an exit that is due, as long as nothing has changed
        self.effects: list[int] | None = None
        self.acting: list[int] | None = None


class Rare:
    """What few vacancies have: whoever acts, and what a freeze has done to the requisition."""

    __slots__ = ("__dict__",)
    acting: list[list[Any]] | None = None
    acting_since: float | None = None
    over = False  # whether acting has reached its limit
    waits: int | None = None  # the stage that may not begin yet
    left: float | None = None  # of what is suspended


class Vacancy(Rare):
    """A seat that became free, the requisition for it, and the event that is due next for it.

    `how` it ended and with which `person` is there when it has ended; `stage` is -1 until the first has begun.
    """

    __slots__ = (
        "accepted", "callbacks", "cascade", "cause", "due", "ended", "held", "how", "number", "opened", "person",
        "rank", "refused", "requisition", "round", "stage",
    )  # fmt: skip
    how: str
    person: str
    refused: bool | None  # whether the stage ends in a refusal; None if not known yet
    callbacks: Any
    _ok = True
    _value = None

    def __init__(self, rank: int, number: int, opened: float, cascade: int, cause: str) -> None:
        """An open vacancy."""
        self.rank = rank
        self.number = number
        self.opened = opened
        self.cascade = cascade
        self.cause = cause
        self.ended: float | None = None
        self.requisition: float | None = None
        self.accepted: float | None = None
        self.stage = -1
        self.round = 0
        self.held = False  # a recruiter
        self.due: float | None = None


class Organization:
    """The state of one replication; `holder` and `vacancy` are by the rank of the post."""

    def __init__(self, run: Run, tables: Tables) -> None:
        """Nobody is there yet."""
        self.world: World = run.world
        self.scenario = run.scenario
        self.tables = tables
        self.luck: Luck = run.luck
        self.columns: Columns = run.columns
        self.calendar: Calendar = run.calendar
        self._heap = run.calendar.open[0]
        self.posts = run.world.ids
        size = len(self.posts)
        self.holder: list[Person | None] = [None] * size
        self.vacancy: list[Vacancy | None] = [None] * size
        self.count = [0] * size
        self.people: dict[str, Person] = {}
        self.actors: dict[int, list[Person]] = {}
        self.vacancies: list[Vacancy] = []
        self.rows: list[Row] = run.rows
        self.staff = run.staff
        self.exits: Counter[str] = Counter()
        self.reached: dict[str, int] = {}
        succession = run.scenario.succession
        self.acts = succession is not None and succession.acting is not None
        self.alone = False  # whether only one thing happens at an instant
        self.missed = 0
        self.cascades = 0
        self.depart: Callable[[Person, str, str | None], None]  # of the clocks

    def matches(self, where: Any, person: Person, now: float) -> bool:
        """Whether a person is meant."""
        facts = self.tables.facts[person.rank]
        sure = facts.decide(where)
        return match_person(where, person.id, facts, now - person.hired) if sure is None else sure

    def group(self, where: Any) -> list[Person]:
        """Everybody who is meant."""
        now = self.calendar.now
        return [person for person in self.people.values() if self.matches(where, person, now)]

    def holders(self, ranks: tuple[int, ...]) -> list[Person]:
        """Who holds some posts."""
        holder = self.holder
        return [person for person in [holder[rank] for rank in ranks] if person is not None]

    def is_next(self) -> bool:
        """Whether what is due now happens next: nothing else happens at this instant."""
        heap = self._heap
        return self.alone and not (heap and heap[0][0] == self.calendar.now)

    def holding(self, post: str) -> list[Person]:
        """Who holds the post of an id; nobody, if there is none."""
        rank = self.world.ranks.get(post)
        return self.holders(() if rank is None else (rank,))

    def luck_of(self, person: Person, purpose: str) -> float:
        """A uniform number of a person."""
        number = person.number
        if number.__class__ is int:
            return self.columns.person(number, purpose)
        return self.columns.hire(number, purpose)

    def draw(self, vacancy: Vacancy, purpose: str, ordinal: int) -> float:
        """A uniform number of a vacancy's post."""
        return self.columns.post(vacancy.rank, purpose, ordinal)

    def open(self, rank: int, now: float, cause: str, cascade: int | None = None) -> Vacancy:
        """A seat is free; with no cascade given, a new one begins."""
        if cascade is None:
            cascade = self.cascades
            self.cascades += 1
        number = self.count[rank] = self.count[rank] + 1
        vacancy = self.vacancy[rank] = Vacancy(rank, number, now, cascade, cause)
        self.vacancies.append(vacancy)
        return vacancy

    def end(self, vacancy: Vacancy, now: float, how: str, person: str) -> None:
        """A vacancy is over."""
        vacancy.ended, vacancy.how, vacancy.person = now, how, person
        self.vacancy[vacancy.rank] = None
        if self.acts and vacancy.acting is not None:
            end_acting(vacancy, now, None)

    def release_actors(self, rank: int, now: float, keep: Person | None = None) -> None:
        """Whoever acts for a post stops, in the order of their appointment."""
        actors = self.actors.pop(rank, None)
        for actor in actors or ():
            if actor is not keep:
                self.rows.append((now, "vacate", actor.id, self.posts[rank], None))
            actor.acting.remove(rank)  # type: ignore[union-attr]
        vacancy = self.vacancy[rank]
        if vacancy is not None and vacancy.acting is not None:
            end_acting(vacancy, now, None)


def end_acting(vacancy: Vacancy, now: float, person: str | None) -> None:
    """Somebody, or everybody, stops acting in a vacancy."""
    for row in vacancy.acting or ():
        if row[2] is None and (person is None or row[0] == person):
            row[2] = now
