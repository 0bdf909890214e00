"""What is true in the naive ledger: plain nouns, and every question a chart answers, by looking at all of them.

Written from `docs/reference/ledger.md` alone; part of `tests.oracle`.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from orgsim import events as ev

BODIES = ("board", "committee")


@dataclass
class Holding:
    """Somebody holds a post; `turn` and `marked` count appointments: the first, and the last primary one."""

    person: str | None
    holder: str | None
    acting: bool
    primary: bool
    seats: int
    turn: int
    marked: int
    event: ev.Event


@dataclass
class Line:
    """A line to a post, a unit or `none`."""

    to: str
    dotted: bool


@dataclass
class Post:
    """An open post; an abolished one is not kept."""

    unit: str
    title: str
    created: dt.date
    seats: int | str = 1
    level: str | None = None
    critical: bool = False
    heads: str | None = None
    personal: str | None = None
    holders: list[Holding] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass
class Unit:
    """An open unit; a closed one is not kept."""

    name: str
    kind: str
    parent: str | None


@dataclass
class Person:
    """A person: organization to (contract, since, share of a full-time job), and whether on leave."""

    name: str
    jobs: dict[str, tuple[str, dt.date, float]] = field(default_factory=dict)
    on_leave: bool = False


class Facts:
    """What is true at a moment, and every question a chart answers."""

    def __init__(self, opened: set[str], personal: set[str], people: dict[str, str]) -> None:
        self.personal = personal  # the id of every personal post that the ledger may need at any time
        self.opened = opened  # every unit that the ledger opens at any time
        self.people = {id_: Person(name) for id_, name in people.items()}
        self.posts: dict[str, Post] = {}
        self.units: dict[str, Unit] = {}
        self.abolished: set[str] = set()
        self.closed: set[str] = set()
        self.turn = 0

    # ------------------------------------------------------------------ units

    def root(self, unit: str) -> str:
        """The organization a unit belongs to."""
        parent = self.units[unit].parent
        return unit if parent is None else self.root(parent)

    def lies_in(self, unit: str, other: str) -> bool:
        """Whether a unit is another, or below it."""
        parent = self.units[unit].parent
        return unit == other or (parent is not None and self.lies_in(parent, other))

    def is_body(self, unit: str) -> bool:
        """Whether a unit is a board or a committee."""
        return self.units[unit].kind in BODIES

    def head(self, unit: str) -> str | None:
        """The post that heads a unit."""
        heads = [(post.created, id_) for id_, post in self.posts.items() if post.heads == unit]
        return min(heads)[1] if heads else None

    # ------------------------------------------------------------------ posts

    def organization(self, post: str) -> str:
        """The organization a post belongs to."""
        return self.root(self.posts[post].unit)

    def holding(self, post: str, person: str) -> Holding | None:
        """How a person holds a post."""
        return next((h for h in self.posts[post].holders if h.person == person), None)

    def taken(self, post: str) -> int:
        """How many seats have a substantive holder."""
        return sum(h.seats for h in self.posts[post].holders if not h.acting)

    def solid(self, post: str) -> Line | None:
        """The solid line of a post."""
        return next((line for line in self.posts[post].lines if not line.dotted), None)

    def ends_at(self, line: Line) -> str | None:
        """The post a line runs to, which for a line to a unit is its head."""
        return line.to if line.to in self.posts else self.head(line.to) if line.to in self.units else None

    def manager_post(self, post: str) -> str | None:
        """The post another reports to."""
        line = self.solid(post)
        return self.ends_at(line) if line is not None else None

    def answers(self, post: str) -> str | None:
        """Who answers for a post."""
        named = [h for h in self.posts[post].holders if h.person is not None]
        substantive = [h.person for h in named if not h.acting]
        present = [id_ for id_ in substantive if id_ is not None and not self.people[id_].on_leave]
        acting = [h.person for h in named if h.acting]
        order = present + acting + substantive
        return order[0] if order else None

    def climb(self, post: str) -> Iterator[str]:
        """The posts above a post; endless if there is a cycle."""
        above = self.manager_post(post)
        while above is not None:
            yield above
            above = self.manager_post(above)

    def in_a_cycle(self, post: str) -> bool:
        """Whether a post reports to itself by way of others."""
        above, seen = self.manager_post(post), set[str]()
        while above is not None and above not in seen:
            if above == post:
                return True
            seen.add(above)
            above = self.manager_post(above)
        return False

    def reports(self, post: str, *, dotted: bool = False) -> list[str]:
        """The posts with a line to a post."""
        return [
            id_
            for id_, other in self.posts.items()
            if any(line.dotted == dotted and self.ends_at(line) == post for line in other.lines)
        ]

    def vacant(self, post: str) -> bool:
        """Whether a post has no substantive holder."""
        return self.taken(post) == 0

    # ------------------------------------------------------------------ people

    def held(self, person: str, organization: str | None = None) -> list[str]:
        """The posts of a person, in order of appointment."""
        mine = [
            (h.turn, id_)
            for id_ in self.posts
            if (h := self.holding(id_, person)) is not None and organization in (None, self.organization(id_))
        ]
        return [id_ for _, id_ in sorted(mine)]

    def primary(self, person: str, organization: str | None = None) -> str | None:
        """The primary post of a person (among those of an organization)."""
        held = self.held(person, organization)
        marked = [(h.marked, id_) for id_ in held if (h := self.holding(id_, person)) is not None and h.primary]
        if marked:
            return max(marked)[1]
        for rank in range(3):
            for id_ in held:
                if self.rank(person, id_) == rank:
                    return id_
        return None

    def rank(self, person: str, post: str) -> int:
        """Substantive before acting before personal."""
        holding = self.holding(post, person)
        return 2 if self.posts[post].personal else 1 if holding and holding.acting else 0

    def resolve(self, person: str, organization: str | None) -> tuple[str | None, str | None]:
        """The post a line means by a person, or the rule that refuses."""
        if organization is not None and self.held(person, organization):
            return self.primary(person, organization), None
        held = self.held(person)
        if not held:
            return None, "has-no-post"
        first = self.primary(person)
        marked = first is not None and (h := self.holding(first, person)) is not None and h.primary
        if len({self.organization(id_) for id_ in held}) > 1 and not marked:
            return None, "ambiguous-person"
        return first, None

    def manager(self, person: str) -> str | None:
        """Who a person reports to."""
        first = self.primary(person)
        above = self.manager_post(first) if first is not None else None
        who = self.answers(above) if above is not None else None
        return None if who == person else who

    def accountable_manager(self, person: str) -> str | None:
        """The first who answers, up the chain."""
        first = self.primary(person)
        if first is not None:
            for above in self.climb(first):
                who = self.answers(above)
                if who not in (None, person):
                    return who
        return None

    def staff(self, unit: str | None = None) -> list[str]:
        """The employees who make up the headcount of an organization, another unit, or all."""
        found = []
        for id_, person in self.people.items():
            employers = [org for org, (contract, *_) in person.jobs.items() if contract == "employee"]
            if unit is None:
                counts = bool(employers)
            elif self.units[unit].parent is None:
                counts = unit in employers
            else:
                first = self.primary(id_)
                lies = first is not None and self.lies_in(self.posts[first].unit, unit)
                counts = lies and self.root(unit) in employers
            if counts:
                found.append(id_)
        return found

    # ------------------------------------------------------------------ expectations

    def fails(self, event: ev.Expect) -> bool:
        """Whether an assertion is wrong at the end of its day."""
        if event.post is not None:
            return self.post_fails(event, event.post)
        if event.person is not None:
            return self.person_fails(event, event.person)
        return event.headcount is not None and len(self.staff(event.unit)) != event.headcount

    def post_fails(self, event: ev.Expect, post: str) -> bool:
        """Whether something is wrongly expected of a post."""
        wrong = event.vacant is not None and event.vacant != self.vacant(post)
        if event.holder is not None:
            found = [h for h in self.posts[post].holders if event.holder in (h.person, h.holder)]
            wrong |= not any(event.acting in (None, h.acting) for h in found)
        if event.reports_to is not None:
            line = self.solid(post)
            wrong |= event.reports_to != ("unknown" if line is None else line.to)
        return wrong

    def person_fails(self, event: ev.Expect, id_: str) -> bool:
        """Whether something is wrongly expected of a person."""
        person, first = self.people[id_], self.primary(id_)
        wrong = event.on_leave is not None and event.on_leave != person.on_leave
        if event.employer is not None:
            wrong |= bool(person.jobs) if event.employer == "none" else event.employer not in person.jobs
        if event.manager is not None:
            line = self.solid(first) if first is not None else None
            top = line is not None and line.to == "none"
            wrong |= event.manager != (self.manager(id_) or ("none" if top else "unknown"))
        return wrong
