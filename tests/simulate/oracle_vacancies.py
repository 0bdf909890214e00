"""Vacancies in the oracle: how they open and end, promotion, and acting cover."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orgsim import events as ev
from orgsim.scenario.model import ALWAYS, CRITICAL, NEVER, Acting, Plan, Promote, Succession, Successor
from tests.simulate.oracle_calendar import ACTING, LIMIT, PROMOTION, Process

if TYPE_CHECKING:
    import simpy

    from tests.simulate.oracle import Replay
    from tests.simulate.oracle_hiring import Requisition

OTHERS = 32


@dataclass
class Cover:
    """Somebody acts for a post during a vacancy."""

    person: str
    began: float
    ended: float | None = None


@dataclass
class Vacancy:
    """The k-th vacancy of a post, and what became of it."""

    post: str
    number: int
    opened: float
    cascade: int
    cause: str
    ended: float | None = None
    how: str | None = None
    person: str | None = None
    asked: float | None = None
    accepted: float | None = None
    cover: list[Cover] = field(default_factory=list)
    cover_began: float | None = None
    cover_over: bool = False
    requisition: "Requisition | None" = None
    waits: "simpy.Event | None" = None  # a decision, for a freeze to end


class Vacancies:
    """All of them, and the successions they set off."""

    def __init__(self, replay: "Replay") -> None:
        self.replay, self.company = replay, replay.company
        self.succession = replay.company.scenario.succession or Succession()
        self.all: list[Vacancy] = []
        self.cascades = 0
        self.promoted: dict[str, float] = {}

    def open_ones(self, post: str) -> list[Vacancy]:
        """The open vacancies of a post, the oldest first."""
        return [v for v in self.all if v.post == post and v.ended is None]

    # ------------------------------------------------------------------ opening

    def open(self, post: str, cause: str, cascade: int | None = None) -> Vacancy:
        """A seat is empty: note who acts, and arrange for cover, promotion or hiring."""
        if cascade is None:
            cascade, self.cascades = self.cascades, self.cascades + 1
        number = 1 + sum(v.post == post for v in self.all)
        vacancy = Vacancy(post, number, self.company.now, cascade, cause)
        self.all.append(vacancy)
        policy = self.acting_policy(post)
        if not self.company.is_held(post):
            for holding in self.company.acting(post):
                if holding.person is not None:
                    vacancy.cover.append(Cover(holding.person, self.company.moment(holding.event)))
            self.limit_cover(vacancy, policy)
            if policy is not None and not self.company.acting(post):
                self.replay.start(self.begin_acting(vacancy, policy))
        self.arrange(vacancy)
        return vacancy

    def arrange(self, vacancy: Vacancy) -> None:
        """Promotion or hiring, or neither."""
        post, backfill = vacancy.post, self.succession.backfill
        assert backfill in {ALWAYS, CRITICAL, NEVER}
        if vacancy.cause == "promotion":
            critical = self.company.state.posts[post].critical
            if backfill == NEVER or (backfill == CRITICAL and not critical):
                return
        if self.plan(post).successors or self.looks_inside(post):
            self.replay.start(self.decide(vacancy))
        else:
            self.replay.hiring.open(vacancy)

    def plan(self, post: str) -> Plan:
        """The plan of a post, perhaps an empty one."""
        return self.succession.plans.get(post, Plan())

    def looks_inside(self, post: str) -> bool:
        """Whether others than a plan's successors are candidates."""
        promote = self.succession.promote
        return promote is not None and promote.candidates != "plan" and self.company.matches_post(promote.where, post)

    # ------------------------------------------------------------------ ending

    def end(self, vacancy: Vacancy, how: str, person: str | None = None) -> None:
        """A vacancy is over, and with it whatever was due."""
        vacancy.ended, vacancy.how, vacancy.person = self.company.now, how, person
        for cover in vacancy.cover:
            if cover.ended is None:
                cover.ended = self.company.now
        self.replay.hiring.withdraw(vacancy)

    def relieve(self, post: str, but: str | None) -> None:
        """Whoever acts for a post stops, but for one who is to hold it."""
        for holding in list(self.company.acting(post)):
            if holding.person is not None and holding.person != but:
                self.company.tell("vacate", holding.person, post)
        self.note()

    def fill(self, vacancy: Vacancy, person: str, how: str) -> None:
        """Somebody takes the seat for which a vacancy was open."""
        self.relieve(vacancy.post, person)
        self.company.tell("appoint", person, vacancy.post)
        self.note()
        self.end(vacancy, how, person)

    def note(self) -> None:
        """Note for each open vacancy who does not act any more."""
        for vacancy in self.all:
            if vacancy.ended is None:
                here = {h.person for h in self.company.acting(vacancy.post)}
                for cover in vacancy.cover:
                    if cover.ended is None and cover.person not in here:
                        cover.ended = self.company.now

    # ------------------------------------------------------------------ promotion

    def decide(self, vacancy: Vacancy) -> Process:
        """The decision comes after a while; not while promotions are frozen."""
        promote = self.succession.promote or Promote()
        post, calendar = vacancy.post, self.company.calendar
        u = self.company.u(post, "decide", vacancy.number)
        days = promote.decide_in.quantile(u) if promote.decide_in is not None else 0.0
        yield calendar.at(self.company.now + days, PROMOTION, post)
        while vacancy.ended is None and self.replay.edges.stops_promotion(post):
            vacancy.waits = calendar.event()
            yield vacancy.waits
            vacancy.waits = None
            yield calendar.at(self.company.now, PROMOTION, post)
        if vacancy.ended is not None:
            return
        for number, person in self.candidates(vacancy, promote):
            if self.company.u(post, "accept", 4096 * vacancy.number + number) < promote.accept:
                self.promote(vacancy, person)
                return
        self.replay.hiring.open(vacancy)

    def candidates(self, vacancy: Vacancy, promote: Promote) -> list[tuple[int, str]]:
        """Who may be promoted, with the number each is asked under."""
        post, plan = vacancy.post, self.plan(vacancy.post).successors
        found = [
            (number, successor.person)
            for number, successor in enumerate(plan)
            if self.may_be_promoted(successor.person, post, promote) and self.is_ready(successor, post)
        ]
        inside = self.looks_inside(post) and self.company.u(post, "internal", vacancy.number) < promote.internal
        if not inside:
            return found
        planned = {successor.person for successor in plan}
        able = [
            person
            for person in sorted(self.pool(post, promote.candidates))
            if person not in planned and self.may_be_promoted(person, post, promote)
        ]
        if promote.choose == "random" and able:
            first = int(self.company.u(post, "choose", vacancy.number) * len(able))
            able = able[first:] + able[:first]
        elif promote.choose == "tenure":
            able.sort(key=lambda person: (self.company.since[person], person))
        return found + [(len(plan) + number, person) for number, person in enumerate(able[:OTHERS])]

    def pool(self, post: str, candidates: str) -> list[str]:
        """Those who report to a post, or who hold a post of the next level below."""
        if candidates == "reports":
            return self.company.those_under(post)
        levels, level = self.company.scenario.levels, self.company.state.posts[post].level
        if level not in levels or level == levels[-1]:
            return []
        below = levels[levels.index(level) + 1]
        posts = {person: self.company.primary(person) for person in self.company.since}
        return [person for person, id_ in posts.items() if id_ and self.company.state.posts[id_].level == below]

    def may_be_promoted(self, person: str, post: str, promote: Promote) -> bool:
        """Whether somebody may be promoted to a post."""
        if not self.company.present(person):
            return False
        holding = self.company.state.holding(post, person)
        if holding is not None and not holding.acting:
            return False
        if person in self.promoted:
            since = self.company.now - self.promoted[person]
            if since < promote.stay or since == 0.0:
                return False
        return not self.company.closes_a_circle(ev.Appoint(**self.company.made(), person=person, post=post))

    def is_ready(self, successor: Successor, post: str) -> bool:
        """Whether a successor's day has come."""
        law = self.succession.readiness.get(successor.ready)
        if law is None:
            return (
                successor.ready == "now"
                and successor.ready not in self.succession.readiness
                and (successor.rated <= self.company.now)
            )
        u = self.company.u(successor.person, f"readiness/{post}", 0)
        return successor.rated + law.quantile(u) <= self.company.now

    def promote(self, vacancy: Vacancy, person: str) -> None:
        """Somebody rises, and leaves a vacancy of the same cascade behind."""
        old = self.company.primary(person)
        self.promoted[person] = self.company.now
        self.fill(vacancy, person, "promoted")
        if old is None or old == vacancy.post:
            return
        holding = self.company.state.holding(old, person)
        if holding is not None and not holding.acting:
            self.company.tell("vacate", person, old)
            if self.company.in_play(old):
                self.open(old, "promotion", vacancy.cascade)

    # ------------------------------------------------------------------ acting

    def acting_policy(self, post: str) -> Acting | None:
        """The rules of acting, if they are for this post."""
        policy = self.succession.acting
        return policy if policy is not None and self.company.matches_post(policy.where, post) else None

    def look_for_acting_anew(self, post: str) -> None:
        """Whoever acted has left: look for somebody else."""
        policy = self.acting_policy(post) if post in self.company.state.posts else None
        oldest = next(iter(self.open_ones(post)), None)
        if policy is not None and oldest is not None:
            self.replay.start(self.begin_acting(oldest, policy))

    def begin_acting(self, vacancy: Vacancy, policy: Acting) -> Process:
        """After a while somebody is asked to act, if still needed."""
        post = vacancy.post
        yield self.company.calendar.at(self.company.now + policy.after, ACTING, post)
        if vacancy.ended is not None or vacancy.cover_over:
            return
        if self.company.is_held(post) or self.company.acting(post):
            return
        for person in self.asked_to_act(post, policy):
            if self.company.present(person) and len(self.company.held(person, acting=True)) < policy.span:
                self.company.tell("act", person, post)
                self.act(vacancy, person)
                return

    def act(self, vacancy: Vacancy, person: str) -> None:
        """Somebody now acts in a vacancy."""
        vacancy.cover.append(Cover(person, self.company.now))
        self.limit_cover(vacancy, self.acting_policy(vacancy.post))

    def asked_to_act(self, post: str, policy: Acting) -> list[str]:
        """Who is asked, in this order."""
        plan, asked = self.plan(post), list[str]()
        for kind in policy.candidates:
            if kind == "emergency" and plan.emergency is not None:
                asked.append(plan.emergency)
            elif kind == "successors":
                asked += [successor.person for successor in plan.successors]
            elif kind == "deputy":
                asked += sorted(self.company.those_under(post), key=lambda p: (self.company.since[p], p))
            elif kind == "manager":
                asked += self.manager(post)
        return asked

    def manager(self, post: str) -> list[str]:
        """The first substantive holder who is employed and not on leave, up the lines."""
        for above in self.company.state.climb(post):
            if self.company.state.organization(above) != self.company.organization:
                continue
            for holding in self.company.substantive(above):
                if holding.person is not None and self.company.present(holding.person):
                    return [holding.person]
        return []

    def limit_cover(self, vacancy: Vacancy, policy: Acting | None) -> None:
        """The first day of acting starts the clock."""
        if policy is None or policy.at_most is None or not vacancy.cover or vacancy.cover_began is not None:
            return
        vacancy.cover_began = min(cover.began for cover in vacancy.cover)
        due = max(self.company.now, vacancy.cover_began + policy.at_most)
        self.replay.start(self.end_cover(vacancy, due))

    def end_cover(self, vacancy: Vacancy, due: float) -> Process:
        """Whoever acts stops when the time is over."""
        yield self.company.calendar.at(due, LIMIT, vacancy.post)
        if vacancy.ended is None:
            self.relieve(vacancy.post, None)
            vacancy.cover_over = True
