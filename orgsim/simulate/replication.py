"""What one replication has brought: what happened, the vacancies there were, and the ledger of it."""

import datetime as dt
from collections.abc import Callable
from functools import cached_property, lru_cache, partial
from typing import Any, NamedTuple, Self

import attrs

from orgsim.dates import When
from orgsim.events import Appoint, Depart, Event, Hire, SourceRef, Vacate
from orgsim.ledger import Ledger
from orgsim.simulate.opening import SOURCE, future_ledger, known_when, opened
from orgsim.simulate.run import Row, Run
from orgsim.simulate.world import World


class VacancyRecord(NamedTuple):  # there are many, and nothing is made faster
    """A vacancy of a replication; times are days after the first day.

    `cause` is start, departure, promotion, created or planned; `how` it ended: promoted, hired, planned, abolished, or
    None while open.  `requisition` is when one was opened, `accepted` when the offer was.  `acting` has, for each
    person who acted, from when to when (None: to the end).
    """

    post: str
    number: int
    opened: float
    cascade: int
    cause: str
    ended: float | None
    how: str | None
    person: str | None
    requisition: float | None
    accepted: float | None
    acting: tuple[tuple[str, float, float | None], ...]


@attrs.frozen
class Replication:
    """One possible future; `written` gives its `rows`.

    `missed` counts planned events and shocks that had become impossible, `reached` whom interventions reached.
    `staff` and `seats` are the employees and the seats in play that come and go, `exits` the departures of these
    employees by reason.
    `gaps` are the times in which nobody held a post, named or not; `opening` of the staff were there at the opening.
    """

    world: World = attrs.field(repr=False)
    number: int
    written: Callable[[], list[Row]] = attrs.field(repr=False)
    vacancies: tuple[VacancyRecord, ...] = attrs.field(repr=False)
    missed: int
    reached: dict[str, int]
    staff: list[tuple[float, int]] = attrs.field(repr=False)
    seats: list[tuple[float, float]] = attrs.field(repr=False)
    exits: dict[str, int]
    gaps: dict[str, list[tuple[float, float]]] = attrs.field(repr=False)
    opening: int

    @classmethod
    def of(cls, run: Run, number: int) -> Self:
        """What a run has brought."""
        records = tuple(
            VacancyRecord(
                v.post.id, v.number, v.opened, v.cascade, v.cause, v.ended, v.how, v.person, v.requisition,
                v.accepted, tuple(map(tuple, v.acting)),
            )
            for v in run.vacancies
        )  # fmt: skip
        gaps = {post: list(spans) for post, spans in run.gaps.items()}
        for post in run.posts.values():
            if post.empty_since is not None:
                gaps.setdefault(post.id, []).append((post.empty_since, run.world.horizon))
        return cls(
            world=run.world, number=number, written=partial(list, run.rows), vacancies=records, missed=run.missed,
            reached=run.reached, staff=run.staff, seats=run.seats, exits=run.exits, gaps=gaps, opening=run.opening,
        )  # fmt: skip

    @cached_property
    def rows(self) -> list[Row]:
        """When, what, who, which post, and more: what happened, in order."""
        return self.written()

    def ledger(self) -> Ledger:
        """The past and this future as one ledger: to be charted, compared, plotted like history."""
        scenario = self.world.scenario
        variant = f", {scenario.variant}" if scenario.variant else ""
        title = f"Simulated: {scenario.title}{variant}, seed {scenario.seed}, replication {self.number}"
        return future_ledger(scenario, tuple(self._events()), title)

    def _events(self) -> list[Event]:
        scenario = self.world.scenario
        known = known_when(scenario)
        common: dict[str, Any] = {"known": known, "certainty": "expected", "source": (SourceRef(SOURCE),)}
        at_first = opened(scenario)
        begun = sum(group.count for group in scenario.population)
        found: list[Event] = []
        for time, verb, person, post, detail in self.rows:
            if verb in ("event", "create-post"):
                found.append(detail if detail.known == known else attrs.evolve(detail, known=known))
                begun -= verb == "create-post"
                continue
            first = begun >= 0 and time == 0.0 and person.endswith("/0")
            dates = at_first if first else {"date": _day(scenario.start, int(time)), **common}
            found.append(self._event(verb, person, post, detail, dates))
        return found

    def _event(self, verb: str, person: str, post: str, detail: Any, dates: dict[str, Any]) -> Event:
        if verb == "hire":
            return Hire(person=person, organization=detail, name=self._name(person), **dates)
        if verb == "depart":
            return Depart(person=person, organization=self.world.scenario.organization, reason=detail, **dates)
        if verb == "vacate":
            return Vacate(person=person, post=post, **dates)
        return Appoint(person=person, post=post, acting=verb == "act", **dates)

    def _name(self, person: str) -> str | None:
        """The name of somebody generated; others have theirs."""
        if person in self.world.names:
            return None
        if person.startswith("hire/"):
            post, _, number = person.removeprefix("hire/").rpartition("/")
            return f"{self.world.title(post)}, hire {number}"
        post = person.removesuffix("/0")
        if post not in self.world.titles:
            return person
        return f"{self.world.title(post)} {post.rpartition('/')[2]}"


@lru_cache(maxsize=1 << 14)
def _day(start: dt.date, days: int) -> When:
    return When.on(start + dt.timedelta(days))
