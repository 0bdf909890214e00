"""One replication while it runs: the organization, the calendar, luck, and what has happened so far.

Here is what a single thing that happens does to posts and people, and the line it writes.  When and why things happen
is told by the flows (attrition, hiring, ...), which hang themselves on the hooks below.
"""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from orgsim.events import Event
from orgsim.model import personal_post
from orgsim.simulate.draws import Luck
from orgsim.simulate.kernel import Calendar
from orgsim.simulate.luck import Columns
from orgsim.simulate.matching import Facts, match_person
from orgsim.simulate.state import PersonState, PostState, Vacancy
from orgsim.simulate.world import World, ancestors

Factor = Callable[[PersonState, str, float], float]
"""Multiplies the hazard of a person for a reason: given the factor so far, it returns the new one."""
Row = tuple[float, str, str, str, Any]
"""When, what, who, which post, and more: the organization, the reason, or the event itself."""


class Run:
    """The state of one replication.

    Hooks are called in the order in which flows were installed: `joined(person)` and `gone(person)` when somebody is
    employed or not any more, `leaving(person, reason)` just before, `acted(vacancy)` when somebody acts by plan,
    `opened(vacancy)` and `ended(vacancy)`, `uncovered(vacancy)` when whoever acted has left.
    """

    def __init__(self, world: World, replication: int) -> None:
        """The organization on the first day, before any flow."""
        self.world = world
        self.scenario = world.scenario
        self.calendar = Calendar(world.horizon)
        self.luck = Luck(self.scenario.seed, replication)
        self.columns = Columns(self.luck, world)
        self.rows: list[Row] = []
        self.vacancies: list[Vacancy] = []
        self.missed = 0
        self.staff: list[tuple[float, int]] = []  # employees who come and go, contractors aside
        self.seats: list[tuple[float, float]] = []  # seats in play that come and go
        self.exits: dict[str, int] = {}  # departures of employees by reason
        self.gaps: dict[str, list[tuple[float, float]]] = {}  # from when to when nobody held a post
        self.opening = 0  # how many of the staff were there at the opening
        self.reached: dict[str, int] = {}  # how many people interventions reached
        self.cascades = 0
        self.joined: list[Callable[[PersonState], None]] = []
        self.gone: list[Callable[[PersonState], None]] = []
        self.leaving: list[Callable[[PersonState, str], None]] = []
        self.noticed: list[Callable[[PersonState, bool], None]] = []
        self.acted: list[Callable[[Vacancy], None]] = []
        self.changed: dict[PersonState, bool] = {}  # whose hazard changed just now, and whether their post did
        self.opened: list[Callable[[Vacancy], None]] = []
        self.ended: list[Callable[[Vacancy], None]] = []
        self.uncovered: list[Callable[[Vacancy], None]] = []
        self.factors: list[Factor] = []
        self.only: dict[Factor, frozenset[str]] = {}  # reasons a factor is about, where not all
        self.parents = world.parents
        self.bodies = world.bodies
        self.dotted = set(world.dotted)
        self.heads = {unit: list(posts) for unit, posts in world.heads.items()}
        self.outsiders = dict(world.outsiders)
        self.away = set(world.away)
        self.known = set(world.names)  # everybody there ever was
        self.elsewhere = {post: dict(people) for post, people in world.elsewhere.items()}
        self.nobody = Facts("", self.scenario.organization, frozenset({self.scenario.organization}))
        self.posts: dict[str, PostState] = {}
        self.closed: dict[str, PostState] = {}
        self.people: dict[str, PersonState] = {}

    # -------------------------------------------------------------------------------------------------- looking around

    @property
    def now(self) -> float:
        """The present instant."""
        return self.calendar.now

    def facts(self, person: PersonState) -> Facts:
        """The facts of the primary post; without one, the organization's."""
        return person.primary.facts if person.primary is not None else self.nobody

    def matches(self, where: Any, person: PersonState) -> bool:
        """Whether a person is meant."""
        primary = person.primary
        facts = self.nobody if primary is None else primary.facts
        sure = facts.decide(where)
        return match_person(where, person.id, facts, self.calendar.now - person.hired) if sure is None else sure

    def group(self, where: Any) -> list[PersonState]:
        """Everybody who is meant."""
        key, found = id(where), []
        for person in self.people.values():
            primary = person.primary
            sure = None if primary is None else primary.facts.sure.get(key)
            if self.matches(where, person) if sure is None else sure:
                found.append(person)
        return found

    def at_level(self, level: str) -> list[PersonState]:
        """The people whose primary post has a level."""
        return [person for person in self.people.values() if self.facts(person).level == level]

    def holders_of(self, post: PostState) -> list[PersonState]:
        """Who holds a post substantively and is employed by the organization, also on a board."""
        if post.home:
            return post.holders
        return [self.people[id_] for id_ in self.held_elsewhere(post) if id_ in self.people]

    def holding(self, post: str) -> list[PersonState]:
        """The same of the post of an id; nobody, if there is none."""
        found = self.posts.get(post)
        return [] if found is None else self.holders_of(found)

    def held_elsewhere(self, post: PostState) -> list[str]:
        """Who holds a post substantively that is not home."""
        return [id_ for id_, acting in self.elsewhere.get(post.id, {}).items() if not acting]

    def resolve(self, target: str | None) -> PostState | None:
        """The post at the other end of a line; of a unit, the post that heads it."""
        if target is None:
            return None
        post = self.posts.get(target)
        if post is None:
            leaders = [self.posts[id_] for id_ in self.heads.get(target, ()) if self.posts[id_].open]
            post = min(leaders, key=lambda head: (head.created, head.id), default=None)
        return post if post is not None and post.open else None

    def circles(self, post: PostState, target: str) -> bool:
        """Whether a line from a post to another, or to a unit, would close a circle."""
        at, seen = self.resolve(target), {post}
        while at is not None and at not in seen:
            seen.add(at)
            at = at.boss
        return at is post

    def employer(self, unit: str) -> str | None:
        """The organization that employs whoever holds a post of a unit; None for boards and committees."""
        if unit in self.bodies:
            return None
        parent = self.parents.get(unit)
        while parent is not None:
            unit, parent = parent, self.parents.get(parent)
        return unit

    def draw(self, vacancy: Vacancy, purpose: str, ordinal: int) -> float:
        """A uniform number of a vacancy's post."""
        return self.columns.post(vacancy.post.rank, purpose, ordinal)

    def luck_of(self, person: PersonState, purpose: str) -> float:
        """A uniform number of a person, drawn with those of all their like where there are many."""
        number = person.number
        if number is None:
            return self.luck.uniform(person.id, purpose)
        if number.__class__ is int:
            return self.columns.person(number, purpose)
        return self.columns.hire(number, purpose)

    # ------------------------------------------------------------------------------------------------------ structure

    def draw_line(self, post: PostState, target: str | None) -> None:
        """Let a post report to another post, to a unit, or to nobody known."""
        post.target = target
        self.relink(post)

    def relink(self, post: PostState) -> None:
        """Find again where the line of a post leads."""
        boss = self.resolve(post.target)
        if boss is not post.boss:
            before, post.boss = post.boss, None
            if before is not None:
                before.reports.pop(post, None)
                self.close_if_idle(before)
            if boss is not None:
                self.link(post, boss)

    def link(self, post: PostState, boss: PostState) -> None:
        """Let a line without an end lead to a post."""
        post.boss = boss
        boss.reports[post] = None

    def close_if_idle(self, post: PostState) -> None:
        """The personal post of somebody gone stays while others report to it, and closes with the last of them."""
        there = post.holders or self.elsewhere.get(post.id)
        if post.personal is not None and post.open and not there and not post.reports:
            if any(to == post.id for _, to in self.dotted):
                return
            post.open = False
            self.posts.pop(post.id, None)
            self.draw_line(post, None)
            self.end_dotted({line for line in self.dotted if post.id in line})

    def end_dotted(self, lines: set[tuple[str, str]]) -> None:
        """Dotted lines end; a personal post that only stood because of them closes."""
        self.dotted -= lines
        for _, to in sorted(lines):
            if to in self.posts:
                self.close_if_idle(self.posts[to])

    def relink_all(self) -> None:
        """Find again where every line leads, after units or their heads have changed."""
        for post in list(self.posts.values()):
            self.relink(post)

    def change_facts(self, post: PostState, **changes: Any) -> None:
        """Give a post other facts, and let everybody notice whose primary post it is."""
        old = post.facts
        unit = changes.get("unit", old.unit)
        post.facts = Facts(
            old.id, unit, ancestors(unit, self.parents), changes.get("level", old.level),
            critical=changes.get("critical", old.critical), title=changes.get("title", old.title),
        )  # fmt: skip
        for person in (*post.holders, *post.actors):
            if person.primary is post:
                self.changed[person] = True

    def notice(self, people: Iterable[PersonState]) -> None:
        """Let clocks know that the hazard of some people may have changed: they are seen anew when this is over."""
        for person in people:
            self.changed.setdefault(person, False)

    def settle_changes(self) -> None:
        """When one thing has happened with all that follows, those whose post or hazard it changed are seen anew."""
        changed = list(self.changed.items())
        self.changed.clear()
        if len(self.noticed) == 1:
            hook = self.noticed[0]
            for person, moved in changed:
                hook(person, moved)
            return
        for person, moved in changed:
            for hook in self.noticed:
                hook(person, moved)

    # --------------------------------------------------------------------------------------------- people and posts

    def write(self, verb: str, person: str, post: str, detail: Any = None, event: Event | None = None) -> None:
        """Record what happened; what was planned, as it was planned."""
        if event is not None:
            verb, detail = "event", event
        self.rows.append((self.calendar.now, verb, person, post, detail))

    def hire(self, person: PersonState, event: Event | None = None) -> None:
        """Somebody is employed, and has no post yet."""
        id_, only = person.id, self.nobody.units
        self.write("hire", id_, "", self.scenario.organization, event)
        self.people[id_] = person
        self.known.add(id_)
        if person.counted:
            self.staff.append((self.calendar.now, 1))
        self.outsiders[id_] = self.outsiders[id_] | only if id_ in self.outsiders else only

    def fill(self, person: PersonState, vacancy: Vacancy) -> None:
        """Somebody is hired from outside for a vacancy: employed and appointed, and then everybody notices."""
        post = vacancy.post
        self.hire(person)
        self.end(vacancy, "hired", person.id)
        self.release_actors(post)
        self.write("appoint", person.id, post.id)
        person.posts.append(post)
        post.holders.append(person)
        person.since[post] = self.calendar.now
        person.primary = post
        for hook in self.joined:
            hook(person)

    def settle(self, person: PersonState) -> None:
        """After a hire and its appointment: without one, a personal post; then everybody notices."""
        self._home(person)
        person.primary = person.choose_primary()
        for hook in self.joined:
            hook(person)

    def appoint(self, person: PersonState, post: PostState, event: Event | None = None) -> None:
        """Somebody takes a seat; whoever acts stops, the person keeps everything else."""
        self.release_actors(post, person)
        self.write("appoint", person.id, post.id, None, event)
        if post in person.acting:
            person.acting.remove(post)
            post.actors.remove(person)
            self.changed[person] = True
        person.posts.append(post)
        post.holders.append(person)
        person.since[post] = self.calendar.now
        if person.personal is not None:
            self._leave_personal(person, post)
        self._choose(person)

    def act(self, person: PersonState, post: PostState, event: Event | None = None) -> None:
        """Somebody acts for a post."""
        self.write("act", person.id, post.id, None, event)
        person.acting.append(post)
        post.actors.append(person)
        person.since[post] = self.now
        own = person.personal
        if own is not None and not self.has_lines(own):
            self._leave_personal(person, post)
        self._choose(person)

    def vacate(self, person: PersonState, post: PostState, event: Event | None = None) -> None:
        """Somebody gives up a post, held or acted for; what becomes of the seat is the caller's business."""
        self.write("vacate", person.id, post.id, None, event)
        self._drop(person, post)
        self._home(person)
        self._choose(person)

    def release_actors(self, post: PostState, keep: PersonState | None = None) -> None:
        """Whoever acts for a post stops, in the order of their appointment."""
        for actor in list(post.actors) if post.actors else ():
            if actor is not keep:
                self.vacate(actor, post)
        for vacancy in post.vacancies:
            self.end_acting(vacancy, None)

    def depart(self, person: PersonState, reason: str, to: str | None = None, event: Event | None = None) -> None:
        """Somebody leaves the organization, for a reason of the ledger's; the seats become vacancies of one cascade.

        With `to`, they are hired by another organization; `event` is the planned event, if it was one.
        """
        for hook in self.leaving:
            hook(person, reason)
        self.write("depart", person.id, "", reason, event)
        employers = self.outsiders.pop(person.id, frozenset()) - self.nobody.units
        if not employers:
            self.away.discard(person.id)  # a leave ends with the last employment
        if to is not None and to not in employers:
            self.write("hire", person.id, "", to)
            employers |= {to}
        if employers:
            self.outsiders[person.id] = employers
        person.employed = False
        if person.counted:
            self.exits[reason] = self.exits.get(reason, 0) + 1
            self.staff.append((self.calendar.now, -1))
        del self.people[person.id]
        seats, covered = _in_order(person.posts), _in_order(person.acting)
        for post in (*seats, *covered):
            self._drop(person, post)
        own, person.primary = person.personal, None
        if own is not None:
            own.holders.clear()
            self.close_if_idle(own)
        for left in self.gone:
            left(person)
        if covered:
            self._look_for_cover(person, covered)
        cascade = None
        for post in seats:
            if post.in_play and post.open:
                cascade = self.open(post, "departure", cascade).cascade

    def _look_for_cover(self, person: PersonState, posts: list[PostState]) -> None:
        for post in posts:
            for vacancy in post.vacancies:
                self.end_acting(vacancy, person.id)
            for hook in self.uncovered if post.vacancies else ():
                hook(post.vacancies[0])

    def end_acting(self, vacancy: Vacancy, person: str | None) -> None:
        """Somebody, or everybody, stops acting in a vacancy."""
        for row in vacancy.acting:
            if row[2] is None and (person is None or row[0] == person):
                row[2] = self.now

    def _drop(self, person: PersonState, post: PostState) -> None:
        if person.acting and post in person.acting:
            person.acting.remove(post)
            post.actors.remove(person)
        else:
            person.posts.remove(post)
            post.holders.remove(person)
        person.since.pop(post, None)
        if person.marked:
            person.marked = tuple(id_ for id_ in person.marked if id_ != post.id)

    def _home(self, person: PersonState) -> None:
        if not person.posts and not person.acting and person.personal is None:
            organization = self.scenario.organization
            facts = Facts(personal_post(person.id, organization), organization, self.nobody.units)
            before = self.posts.get(personal_post(person.id, self.scenario.organization))
            if before is not None:  # somebody is back whose personal post stood because others report to it
                person.personal = before
                before.holders.append(person)
                return
            own = person.personal = self.posts[facts.id] = PostState(facts, 0, 1, home=True, in_play=False)
            own.personal = person.id
            own.holders.append(person)

    def has_lines(self, post: PostState) -> bool:
        """Whether any line begins or ends at a post."""
        return bool(post.target is not None or post.reports or any(post.id in line for line in self.dotted))

    def _leave_personal(self, person: PersonState, post: PostState) -> None:
        own, person.personal = person.personal, None
        if own is not None:
            self.hand_over(own, post)

    def hand_over(self, own: PostState, post: PostState) -> None:
        """The lines of a personal post follow to the first other post, which keeps its own (as in `replay`)."""
        own.open = False
        del self.posts[own.id]
        if post.boss is own:
            self.draw_line(post, None)
        for below in list(own.reports):
            self.draw_line(below, post.id)
        if post.target is None and own.target != post.id:
            self.draw_line(post, own.target)
        self.draw_line(own, None)
        for below_id, to in list(self.dotted):
            if own.id in (below_id, to):
                self.dotted.discard((below_id, to))
                moved = (post.id if below_id == own.id else below_id, post.id if to == own.id else to)
                if moved[0] != moved[1]:
                    self.dotted.add(moved)

    def would_circle(self, person: PersonState, post: PostState) -> bool:
        """Whether lines would run in a circle if those of a personal post followed to another."""
        own = person.personal
        if own is None or (own.target is None and not own.reports):
            return False
        keeps = post.target is not None and post.boss is not own
        at = post.boss if keeps else own.boss if own.target != post.id else None
        seen: set[PostState] = set()
        while at is not None and at not in seen:
            if at is own or at is post:
                return True
            seen.add(at)
            at = at.boss
        return False

    def _choose(self, person: PersonState) -> None:
        primary = person.choose_primary()
        if primary is not person.primary:
            person.primary = primary
            self.changed[person] = True

    # ------------------------------------------------------------------------------------------------------- vacancies

    def open(self, post: PostState, cause: str, cascade: int | None = None) -> Vacancy:
        """A seat is free; with no cascade given, a new one begins.  Whoever acts already, acts in this vacancy."""
        if cascade is None:
            cascade = self.cascades
            self.cascades += 1
        post.number += 1
        now = self.calendar.now
        vacancy = Vacancy(post, post.number, now, cascade, cause)
        if not post.held:
            if post.actors:
                vacancy.acting.extend([person.id, person.since[post], None] for person in post.actors)
                vacancy.acting_since = min(row[1] for row in vacancy.acting)
            if post.empty_since is None:
                post.empty_since = now
        post.vacancies.append(vacancy)
        self.vacancies.append(vacancy)
        for hook in self.opened:
            hook(vacancy)
        return vacancy

    def end(self, vacancy: Vacancy, how: str, person: str | None = None) -> None:
        """A vacancy is over; whatever was due for it is void."""
        now = self.calendar.now
        vacancy.ended, vacancy.how, vacancy.person = now, how, person
        post = vacancy.post
        post.vacancies.remove(vacancy)
        if post.empty_since is not None and (how != "abolished" or not post.vacancies):
            self.gaps.setdefault(post.id, []).append((post.empty_since, now))
            post.empty_since = None
        if vacancy.acting:
            self.end_acting(vacancy, None)
        for hook in self.ended:
            hook(vacancy)

    def dissolve(self) -> None:
        """Let go of everything: posts and people hold each other, and would wait for the collector of cycles."""
        for post in (*self.posts.values(), *self.closed.values()):
            del post.boss, post.reports, post.holders, post.actors, post.vacancies
        for person in self.people.values():
            person.clocks = None
        self.__dict__.clear()


def _in_order(posts: list[PostState]) -> list[PostState]:
    """Posts in the order of their ids."""
    return sorted(posts, key=_id) if len(posts) > 1 else list(posts)


_id = attrgetter("id")
