"""What is so in the oracle's organization, and the contract's questions about it.

The facts are those of the naive ledger in `tests.oracle`, to which every event of the replication is told; here is
what the contract asks beyond: primary posts, who reports to whom, whom a condition matches, and exact times.
"""

import copy
from typing import Any

from orgsim import events as ev
from orgsim.scenario.model import Scenario, Where
from orgsim.simulate.draws import Luck
from orgsim.simulate.opening import simulated
from tests.oracle import Oracle
from tests.properties.naive_facts import Holding
from tests.simulate.oracle_calendar import Calendar

Row = tuple[float, str, str, str, Any]


def as_event(row: Row, scenario: Scenario) -> ev.Event:
    """The event of the ledger that a row stands for."""
    t, verb, person, post, detail = row
    on = simulated(scenario, t)
    match verb:
        case "hire":
            return ev.Hire(**on, person=person, organization=detail, name=person)
        case "depart":
            return ev.Depart(**on, person=person, organization=scenario.organization, reason=detail)
        case "appoint" | "act":
            return ev.Appoint(**on, person=person, post=post, acting=verb == "act")
        case "vacate":
            return ev.Vacate(**on, person=person, post=post)
        case _:
            found: ev.Event = detail
            return found


class Company:
    """The state of the world, the rows that made it, and the luck of the replication."""

    def __init__(self, scenario: Scenario, replication: int) -> None:
        self.scenario, self.organization = scenario, scenario.organization
        self.calendar = Calendar()
        self.luck = Luck(scenario.seed, replication)
        people = [(person.id, person.name) for person in scenario.ledger.people]
        self.state = Oracle(scenario.ledger.events, people).state(scenario.start, scenario.known)
        self.rows: list[Row] = []
        self.missed = 0
        self.moments: dict[int, tuple[ev.Event, float]] = {}  # when events of the replication happened
        self.primaries: dict[str, str | None] = {}  # remembered until something happens
        self.since: dict[str, float] = {}  # when those employed by the organization were
        for id_, person in self.state.people.items():
            if self.organization in person.jobs:
                self.since[id_] = float((person.jobs[self.organization][1] - scenario.start).days)

    # ------------------------------------------------------------------ time and luck

    @property
    def now(self) -> float:
        """The time."""
        return float(self.calendar.now)

    def made(self) -> dict[str, Any]:
        """What every event has that is made now: its date, and where it comes from."""
        return simulated(self.scenario, self.now)

    def u(self, entity: str, purpose: str, ordinal: int = 0) -> float:
        """A uniform number."""
        return self.luck.uniform(entity, purpose, ordinal)

    def moment(self, event: ev.Event) -> float:
        """When an event happened: exactly, or on its day for what happened before the start."""
        if id(event) in self.moments:
            return self.moments[id(event)][1]
        return float((event.date.day - self.scenario.start).days)

    # ------------------------------------------------------------------ telling

    def tell(self, verb: str, person: str = "", post: str = "", detail: object = None) -> None:
        """Something happens: a row, and its effect."""
        row = (self.now, verb, person, post, detail)
        event = as_event(row, self.scenario)
        self.rows.append(row)
        self.state.apply(event)
        self.primaries.clear()
        self.moments[id(event)] = (event, self.now)
        if isinstance(event, ev.Hire) and event.organization == self.organization:
            self.since[event.person] = self.now
        if isinstance(event, ev.Depart) and event.organization == self.organization:
            del self.since[event.person]

    def tell_event(self, event: ev.Event) -> None:
        """Something planned happens as it was written."""
        self.tell("event", getattr(event, "person", None) or "", getattr(event, "post", None) or "", event)

    def refuses(self, event: ev.Event) -> bool:
        """Whether the rules of the ledger refuse an event now, or it closes a circle of lines."""
        if self.state.against(event) or self.closes_a_circle(event):
            return True
        ends = [end for name in ("post", "reports_to", "to") if (end := getattr(event, name, None)) in self.state.posts]
        if any(self.state.posts[end].personal and not self.is_ours(end) for end in ends):
            return True
        if isinstance(event, ev.Report):
            people = [id_ for id_ in (event.person, event.to) if id_ in self.state.people]
            return any(self.line_post(person) is None for person in people if person is not None)
        return isinstance(event, ev.ChangePerson) and not self.state.people[event.person].jobs

    def closes_a_circle(self, event: ev.Event) -> bool:
        """Whether lines would run in a circle after an event."""
        after = copy.deepcopy(self.state)
        after.apply(event)
        return any(after.in_a_cycle(post) for post in after.posts)

    # ------------------------------------------------------------------ posts

    def in_play(self, post: str) -> bool:
        """Whether a post is simulated: open, of the organization, with a number of seats, an ordinary one."""
        if post not in self.state.posts:
            return False
        seen = self.state.posts[post]
        return self.is_ours(post) and isinstance(seen.seats, int) and not seen.personal

    def is_ours(self, post: str) -> bool:
        """Whether a post is of the organization, boards and committees aside."""
        return self.state.organization(post) == self.organization and not self.state.is_body(
            self.state.posts[post].unit
        )

    def substantive(self, post: str) -> list[Holding]:
        """The substantive holders of a post, in order of appointment."""
        return [h for h in self.state.posts[post].holders if not h.acting]

    def acting(self, post: str) -> list[Holding]:
        """Whoever acts for a post, in order of appointment."""
        return [h for h in self.state.posts[post].holders if h.acting]

    def is_held(self, post: str) -> bool:
        """Whether anybody holds a post substantively, named or not."""
        return bool(self.substantive(post))

    def level_of(self, post: str) -> int:
        """The number of a post's level, from the highest; without one, after the last."""
        levels = self.scenario.levels
        level = self.state.posts[post].level
        return levels.index(level) if level in levels else len(levels)

    # ------------------------------------------------------------------ people

    def held(self, person: str, *, acting: bool) -> list[str]:
        """The ordinary posts of the organization that a person holds, in order of appointment."""
        found = []
        for post in self.state.held(person):
            holding = self.state.holding(post, person)
            if self.is_ours(post) and not self.state.posts[post].personal and holding and holding.acting == acting:
                found.append(post)
        return found

    def primary(self, person: str) -> str | None:
        """The primary post, looked up once until something happens."""
        if person not in self.primaries:
            self.primaries[person] = self.look_for_primary(person)
        return self.primaries[person]

    def look_for_primary(self, person: str) -> str | None:
        """The post marked primary last; else the first held substantively; else the first acting."""
        firm, temporary = self.held(person, acting=False), self.held(person, acting=True)
        marked = []
        for post in firm + temporary:
            holding = self.state.holding(post, person)
            if holding is not None and holding.primary:
                marked.append((holding.marked, post))
        if marked:
            return max(marked)[1]
        return (firm + temporary + [""])[0] or None

    def line_post(self, person: str) -> str | None:
        """The post by which a person reports and is reported to: the primary, else the personal one."""
        personal = f"{person}/{self.organization}"
        own = personal in self.state.posts and self.state.holding(personal, person) is not None
        return self.primary(person) or (personal if own else None)

    def above(self, person: str) -> str | None:
        """The post a person's post reports to."""
        post = self.line_post(person)
        return self.state.manager_post(post) if post is not None else None

    def those_under(self, post: str) -> list[str]:
        """The people employed whose post reports to a post."""
        return sorted(person for person in self.since if self.above(person) == post)

    def present(self, person: str | None) -> bool:
        """Whether somebody is employed by the organization and not on leave."""
        return person in self.since and not self.state.people[person].on_leave

    # ------------------------------------------------------------------ conditions

    def matches_post(self, where: Where, post: str) -> bool:
        """Whether a condition holds for a post."""
        if where.people or where.tenure_under is not None or where.tenure_over is not None:
            return False
        seen = self.state.posts[post]
        return self._holds(where, post, seen.unit, seen.level, critical=seen.critical)

    def matches_seat(self, where: Where, person: str) -> bool:
        """Whether a condition holds for a person, whatever it says of tenure."""
        if where.people and person not in where.people:
            return False
        post = self.primary(person)
        if post is None:
            return self._holds(where, None, self.organization, None, critical=False)
        seen = self.state.posts[post]
        return self._holds(where, post, seen.unit, seen.level, critical=seen.critical)

    def matches(self, where: Where, person: str) -> bool:
        """Whether a condition holds for a person."""
        tenure = self.now - self.since[person]
        return self.matches_seat(where, person) and within(where, tenure)

    def _holds(self, where: Where, post: str | None, unit: str, level: str | None, *, critical: bool) -> bool:
        return (
            (not where.posts or post in where.posts)
            and (not where.units or any(u in self.state.units and self.state.lies_in(unit, u) for u in where.units))
            and (not where.levels or level in where.levels)
            and (where.critical is None or where.critical == critical)
        )


def within(where: Where, tenure: float) -> bool:
    """Whether a condition on tenure holds."""
    long_enough = where.tenure_over is None or tenure >= where.tenure_over
    return long_enough and (where.tenure_under is None or tenure < where.tenure_under)
