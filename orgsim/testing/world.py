"""A small world in which stories are told: what is so after some events, as far as the next move must know it.

Plain and mutable, made to be copied.  It does not know which moves are legal, and asks nothing of the package but
what the events are; so it is a third opinion beside the package and its tests.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from orgsim import events as ev
from orgsim.model import BODIES


@dataclass
class Seat:
    """Somebody who holds a post: a person's id, `unnamed` or `unknown`; `primary` counts appointments, 0 for not."""

    who: str
    acting: bool
    seats: int = 1
    primary: int = 0

    @property
    def named(self) -> bool:
        """Whether it is a person."""
        return self.who not in ev.UNNAMED


@dataclass
class Post:
    """An open post; `owner` is the person whose personal post it is, `lines` are pairs of target and dotted."""

    unit: str
    seats: ev.Seats = 1
    heads: str | None = None
    owner: str | None = None
    holders: list[Seat] = field(default_factory=list)
    lines: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def taken(self) -> int:
        """How many seats are taken."""
        return sum(seat.seats for seat in self.holders if not seat.acting)

    @property
    def solid(self) -> str | None:
        """The other end of the solid line."""
        return next((to for to, dotted in self.lines if not dotted), None)

    def copy(self) -> "Post":
        """Another post like it."""
        holders = [Seat(s.who, s.acting, s.seats, s.primary) for s in self.holders]
        return Post(self.unit, self.seats, self.heads, self.owner, holders, list(self.lines))


@dataclass
class World:
    """Open units (kind and parent), open posts, employments, leaves, and what used to be."""

    units: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    jobs: dict[str, dict[str, str]] = field(default_factory=dict)  # person to organization to contract
    held: dict[str, list[str]] = field(default_factory=dict)  # person to posts, in order of appointment
    leave: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    abolished: set[str] = field(default_factory=set)
    appointments: int = 0

    def copy(self) -> "World":
        """Another world like it."""
        return World(
            dict(self.units),
            {id_: post.copy() for id_, post in self.posts.items()},
            {id_: dict(jobs) for id_, jobs in self.jobs.items()},
            {id_: list(posts) for id_, posts in self.held.items()},
            set(self.leave),
            set(self.closed),
            set(self.abolished),
            self.appointments,
        )

    # ------------------------------------------------------------------ units

    def path(self, unit: str) -> list[str]:
        """A unit, its parent, and so on to the organization."""
        parent = self.units[unit][1]
        return [unit] if parent is None else [unit, *self.path(parent)]

    def root(self, unit: str) -> str:
        """The organization of a unit."""
        return self.path(unit)[-1]

    def is_body(self, unit: str) -> bool:
        """Whether it is a board or committee."""
        return self.units[unit][0] in BODIES

    def posts_in(self, unit: str) -> list[str]:
        """The posts of a unit."""
        return [id_ for id_, post in self.posts.items() if post.unit == unit]

    def staff(self, organization: str) -> list[str]:
        """Who is employed by an organization."""
        return [person for person, jobs in self.jobs.items() if organization in jobs]

    # ------------------------------------------------------------------ lines

    def lines_to(self, target: str) -> list[str]:
        """The posts with a line to a post or unit."""
        return [id_ for id_, post in self.posts.items() if any(to == target for to, _ in post.lines)]

    def heads_of(self, unit: str) -> list[str]:
        """The posts that head a unit."""
        return [id_ for id_, post in self.posts.items() if post.heads == unit]

    def above(self, post: str) -> list[str]:
        """The posts that another may report to: for a line to a unit, any of its heads."""
        to = self.posts[post].solid
        return [] if to is None else [to] if to in self.posts else self.heads_of(to)

    def has_cycle(self) -> bool:
        """Whether any post may report to itself by way of others."""
        done: set[str] = set()

        def visit(post: str, trail: tuple[str, ...]) -> bool:
            if post in trail:
                return True
            if post in done:
                return False
            found = any(visit(other, (*trail, post)) for other in self.above(post))
            done.add(post)
            return found

        return any(visit(post, ()) for post in self.posts)

    # ------------------------------------------------------------------ people

    def seat(self, post: str, person: str) -> Seat:
        """How a person holds a post."""
        return next(seat for seat in self.posts[post].holders if seat.who == person)

    def posts_of(self, person: str, organization: str | None = None) -> list[str]:
        """The posts of a person (in an organization), the primary one first."""

        def order(post: str) -> tuple[int, int]:
            seat = self.seat(post, person)
            return -seat.primary, 2 if self.posts[post].owner else int(seat.acting)

        held = self.held.get(person, [])
        return sorted((p for p in held if organization in (None, self.root(self.posts[p].unit))), key=order)

    def meant(self, person: str, organization: str | None) -> str | None:
        """The post that a line from or to a person means; None if there is none, or it is ambiguous."""
        for posts in (self.posts_of(person, organization) if organization else [], self.posts_of(person)):
            if posts and (organization in {self.root(self.posts[p].unit) for p in posts}):
                return posts[0]
        if not posts:
            return None
        several = len({self.root(self.posts[p].unit) for p in posts}) > 1
        return None if several and not self.seat(posts[0], person).primary else posts[0]

    def answers(self, post: str) -> str | None:
        """Who answers for a post."""
        named = [seat for seat in self.posts[post].holders if seat.named]
        order = sorted(named, key=lambda seat: (2 if seat.who in self.leave else 0) if not seat.acting else 1)
        return order[0].who if order else None

    def manager(self, person: str) -> str:
        """The id of a person's manager, `none` for a stated top, or `unknown`."""
        posts = self.posts_of(person)
        solid = self.posts[posts[0]].solid if posts else None
        if solid in (None, "none"):
            return solid or "unknown"
        above = self.above(posts[0])
        who = self.answers(above[0]) if above else None
        return who if who not in (None, person) else "unknown"

    # ------------------------------------------------------------------ what events do

    def apply(self, event: ev.Event) -> None:
        """Do what a legal event does."""
        match event:
            case ev.OpenUnit():
                self.units[event.unit] = (event.unit_kind or "", event.parent)
                self.closed.discard(event.unit)
            case ev.ChangeUnit():
                kind, parent = self.units[event.unit]
                self.units[event.unit] = (event.unit_kind or kind, event.parent or parent)
            case ev.CloseUnit():
                self._close(event.unit, event.into)
            case ev.CreatePost():
                self.posts[event.post] = Post(event.unit, event.seats, event.heads)
                self.abolished.discard(event.post)
                self._draw(event.post, event.reports_to)
            case ev.ChangePost():
                post = self.posts[event.post]
                post.unit, post.seats = event.unit or post.unit, event.seats or post.seats
                post.heads = None if event.heads == "none" else event.heads or post.heads
                self._draw(event.post, event.reports_to)
            case ev.AbolishPost():
                del self.posts[event.post]
                self.abolished.add(event.post)
            case ev.Hire():
                self.jobs.setdefault(event.person, {})[event.organization] = event.contract
                self._settle(event.person, event.organization)
            case ev.Depart():
                self._depart(event.person, event.organization)
            case ev.Appoint():
                self._appoint(event)
            case ev.Vacate():
                self._leave_post(event.post, event.person or event.holder or "")
                if event.person is not None:
                    self._settle(event.person, self.root(self.posts[event.post].unit))
            case ev.Report():
                self._report(event)
            case ev.StartLeave():
                self.leave.add(event.person)
            case ev.EndLeave():
                self.leave.discard(event.person)
            case _:
                pass
        while left := [i for i, p in self.posts.items() if p.owner and not p.holders and not self.lines_to(i)]:
            del self.posts[left[0]]

    def ends(self, post: str | None, person: str | None, organization: str | None, to: str) -> tuple[str, str]:
        """Both ends of a line, people resolved to posts; they must resolve."""
        source = post or self.meant(person or "", organization) or ""
        target = self.meant(to, self.root(self.posts[source].unit)) if to in self.held else to
        return source, target or ""

    def _report(self, event: ev.Report) -> None:
        id_, to = self.ends(event.post, event.person, event.organization, event.to)
        post, dotted = self.posts[id_], event.line == "dotted"
        if to == "unknown":
            post.lines = [line for line in post.lines if line[1]]
        elif event.end:
            post.lines.remove((to, dotted))
        else:
            self._draw(id_, to, dotted=dotted)

    def _draw(self, post: str, to: str | None, *, dotted: bool = False) -> None:
        if to is not None:
            lines = self.posts[post].lines
            lines[:] = [line for line in lines if line[1] != dotted or (dotted and line[0] != to)]
            lines.append((to, dotted))

    def _take(self, post: str, seat: Seat) -> None:
        self.posts[post].holders.append(seat)
        if seat.named and post not in self.held.setdefault(seat.who, []):
            self.held[seat.who].append(post)

    def _leave_post(self, post: str, who: str) -> None:
        holders = self.posts[post].holders
        holders[:] = [seat for seat in holders if seat.who != who]
        if who not in ev.UNNAMED:
            self.held[who].remove(post)

    def _ordinary(self, person: str, organization: str) -> list[str]:
        mine = self.posts_of(person, organization)
        return [p for p in mine if not self.posts[p].owner and not self.is_body(self.posts[p].unit)]

    def _settle(self, person: str, organization: str) -> None:
        """Give an employee without a post of the organization a personal one."""
        if organization in self.jobs.get(person, {}) and not self._ordinary(person, organization):
            personal = f"{person}/{organization}"
            post = self.posts.setdefault(personal, Post(organization, owner=person))
            if not post.holders:
                self._take(personal, Seat(person, acting=False))

    def _depart(self, person: str, organization: str) -> None:
        del self.jobs[person][organization]
        if not self.jobs[person]:
            self.leave.discard(person)
        for id_ in self.posts_of(person, organization):
            if self.posts[id_].owner or not self.is_body(self.posts[id_].unit):
                self._leave_post(id_, person)

    def _appoint(self, event: ev.Appoint) -> None:
        self.appointments += 1
        post, who = self.posts[event.post], event.person or event.holder or ""
        primary = self.appointments if event.primary else 0
        if event.person is not None:
            primary = primary or max((seat.primary for seat in post.holders if seat.who == who), default=0)
            post.holders[:] = [seat for seat in post.holders if seat.who != who]
        self._take(event.post, Seat(who, event.acting, event.seats, primary))
        personal = f"{event.person}/{self.root(post.unit)}"
        if event.person is None or personal not in self.posts or self.is_body(post.unit):
            return
        if not event.acting or not (self.posts[personal].lines or self.lines_to(personal)):
            self._follow(personal, event.post)

    def _follow(self, old: str, new: str) -> None:
        """Close a post; its lines follow to another, where that has none of its own."""
        gone, after = self.posts.pop(old), self.posts[new]
        for seat in gone.holders:
            self.held[seat.who].remove(old)
        self._redirect(old, new)
        for to, dotted in gone.lines:
            if to != new and ((to, dotted) not in after.lines if dotted else after.solid is None):
                after.lines.append((to, dotted))

    def _redirect(self, old: str, new: str) -> None:
        for id_, post in self.posts.items():
            moved = [(new if to == old else to, dotted) for to, dotted in post.lines]
            post.lines = [line for line in dict.fromkeys(moved) if line[0] != id_]

    def _close(self, unit: str, into: str | None) -> None:
        if into is not None:
            target = self.root(into)
            for id_ in self.posts_in(unit):
                self.posts[id_].unit = into
            self.units = {u: (kind, into if parent == unit else parent) for u, (kind, parent) in self.units.items()}
            self._redirect(unit, into)
            for person in self.staff(unit):
                self.jobs[person][target] = self.jobs[person].pop(unit)
                self._rename(person, unit, target)
        for id_ in self.heads_of(unit):
            self.posts[id_].heads = None
        del self.units[unit]
        self.closed.add(unit)

    def _rename(self, person: str, unit: str, target: str) -> None:
        """Give a personal post the name of the organization that now employs the person."""
        old, new = f"{person}/{unit}", f"{person}/{target}"
        if old in self.posts:
            self.posts[new] = self.posts.pop(old)
            self.posts[new].unit = target
            self.held[person] = [new if id_ == old else id_ for id_ in self.held[person]]
            self._redirect(old, new)

    def facts(self) -> Iterator[dict[str, object]]:
        """What may rightly be expected at this moment, as the fields of an `expect`."""
        for id_, post in self.posts.items():
            yield {"post": id_, "vacant": post.taken == 0}
            yield {"post": id_, "reports_to": post.solid or "unknown"}
            for seat in post.holders:
                yield {"post": id_, "holder": seat.who}
                yield {"post": id_, "holder": seat.who, "acting": seat.acting}
        for id_, jobs in self.jobs.items():
            yield {"person": id_, "employer": next(iter(jobs), "none")}
            yield {"person": id_, "on_leave": id_ in self.leave}
            if not any(self.heads_of(unit)[1:] for unit in self.units):
                yield {"person": id_, "manager": self.manager(id_)}
        for id_, (_, parent) in self.units.items():
            if parent is None:
                employees = [person for person in self.staff(id_) if self.jobs[person][id_] == "employee"]
                yield {"unit": id_, "headcount": len(employees)}
