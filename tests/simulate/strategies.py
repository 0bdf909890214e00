"""Small scenarios at random, with everything a scenario may say: for properties, and for comparing engines.

Numbers are chosen to collide: whole days, zero delays, the same days again and again, so that the order at one
instant matters.
"""

import datetime as dt
from typing import Any

import attrs
from hypothesis import assume
from hypothesis import strategies as st

from orgsim import events as ev
from orgsim import laws
from orgsim.dates import When
from orgsim.ledger import Ledger
from orgsim.scenario import model as m
from orgsim.testing import ledgers
from tests.oracle import Oracle
from tests.properties.naive_effects import State
from tests.simulate.strategy_events import LEVELS, ORGANIZATION, Dice, history, is_legal, ordinary, people, propose

START = dt.date(2025, 1, 1)
DAYS = (0.0, 1.0, 10.0, 30.0, 30.5, 60.0, 100.0, 365.0)
REASONS = ("resignation", "dismissal", "retirement")
SHARES = (1.0, 0.5, 0.9, 0.1, 0.0)


@st.composite
def scenarios(draw: st.DrawFn) -> m.Scenario:
    """Scenarios on ledgers made here, or on those of `orgsim.testing`."""
    dice = Dice(draw)
    if dice.chance(4):
        ledger = draw(ledgers(30))
        days = sorted({event.date.day for event in ledger.events}) or [START]
        start, organization = dice.pick(days), ""
    else:
        start, organization = START, ORGANIZATION
        ledger = Ledger(history(dice, start, 25))
    known = dice.pick((None, None, start, start + dt.timedelta(days=300)))
    end = start + dt.timedelta(days=dice.pick((365, 30, 730, 1500)))
    state = Oracle(ledger.events, [(p.id, p.name) for p in ledger.people]).state(start, known)
    if not organization:
        roots = [id_ for id_, unit in state.units.items() if unit.parent is None and not state.is_body(id_)]
        assume(roots)
        organization = dice.pick(roots)
    return Drawing(dice, state, ledger, organization=organization, start=start, end=end, known=known).scenario()


class Drawing:
    """The parts of one scenario."""

    def __init__(self, dice: Dice, state: State, ledger: Ledger, **about: Any) -> None:
        """About: the organization, the first day, the end, and what is known."""
        self.dice, self.state, self.ledger = dice, state, ledger
        self.organization: str = about["organization"]
        self.start: dt.date = about["start"]
        self.end: dt.date = about["end"]
        self.known: dt.date | None = about["known"]
        self.stationary = dice.chance(5)  # populations that have always been like this
        self.posts, self.people = ordinary(state), people(state)
        self.units = [unit for unit in state.units if state.root(unit) == self.organization]
        roots = [id_ for id_, unit in state.units.items() if unit.parent is None and not state.is_body(id_)]
        self.others = [id_ for id_ in roots if id_ != self.organization]
        self.teams = [unit for unit in self.units if not state.is_body(unit)]

    def scenario(self) -> m.Scenario:
        """All of it; each part may be missing."""
        dice = self.dice
        population = tuple(self.population(n) for n in range(dice.number(0, 2)))
        self.posts += [f"{group.id}/{n}" for group in population for n in (1, 2)]
        self.people += [f"{group.id}/1/0" for group in population]
        events, reorganization, growth = self.settled(population)
        self.posts += [post for post in ordinary(self.state) if post not in self.posts]
        self.people += [person for person in self.state.people if person not in self.people]
        hiring = self.steady() if self.stationary else None if dice.chance(4) else self.hiring()
        return m.Scenario(
            title="Drawn",
            ledger=self.ledger,
            organization=self.organization,
            start=self.start,
            end=self.end,
            known=self.known,
            seed=dice.number(0, 3),
            levels=LEVELS,
            born={p: self.start - dt.timedelta(days=dice.number(7000, 25000)) for p in dice.some(self.people, 3)},
            population=population,
            attrition=tuple(self.cause(reason) for reason in REASONS[: dice.pick((1, 2, 3, 0)) or self.stationary]),
            contagion=tuple(self.contagion(n) for n in range(dice.number(0, 2))),
            shocks=tuple(self.shock(n) for n in range(dice.number(0, 3))),
            events=events,
            succession=None if dice.chance(4) else self.succession(),
            hiring=hiring,
            growth=growth,
            reorganization=reorganization,
            interventions=tuple(self.intervention(n) for n in range(dice.number(0, 2))),
        )

    # ------------------------------------------------------------------ small things

    def day(self) -> float:
        """A day of the scenario, rather often the same."""
        horizon = (self.end - self.start).days
        return float(self.dice.pick((10, 0, 1, 30, 60, self.dice.number(0, horizon))) % horizon)

    def first(self) -> float:
        """The first day of something that may have begun before."""
        return self.day() - self.dice.pick((0.0, 0.0, 0.0, 20.0))

    def duration(self) -> laws.DurationLaw:
        """How long something takes."""
        mean = self.dice.pick((10.0, 30.0, 3.0, 100.0))
        return self.dice.pick(
            (
                laws.Constant(mean),
                laws.Constant(0.0),
                laws.ExponentialDuration(mean),
                laws.LognormalDuration(mean, 0.7),
                laws.WeibullDuration(0.8, mean),
                laws.UniformDuration(0.0, mean),
                laws.EmpiricalDuration((0.0, 10.0, 10.0, mean + 20.0)),
            )
        )

    def hazard(self, clock: str) -> laws.HazardLaw:
        """A law under which people leave soon; by the clock of age, soon after they grow up, not daily."""
        mean = self.dice.pick((200.0, 500.0, 50.0, 3000.0))
        if clock == "age":
            mean = self.dice.pick((mean, 20_000.0))
            rising = laws.Weibull(2.5, 20_000.0)
        else:
            rising = laws.Weibull(2.5, mean)
        return self.dice.pick(
            (
                laws.Exponential(1 / mean),
                laws.Weibull(0.8, mean),
                rising,
                laws.Lognormal(mean, 1.2),
                laws.Piecewise((0.0, 365.0, 2000.0, 15000.0), (2 / mean, 0.0, 1 / mean, 5 / mean)),
            )
        )

    def posted(self) -> m.Where:
        """A condition on posts."""
        dice = self.dice
        if dice.chance(2):
            return m.EVERYWHERE
        return m.Where(
            posts=dice.some(self.posts) if dice.chance(3) else (),
            units=dice.some(self.units, 1) if dice.chance(3) else (),
            levels=dice.some(LEVELS) if dice.chance(3) else (),
            critical=dice.maybe((True, False), 3),
        )

    def who(self, *, tenured: bool = True) -> m.Where:
        """A condition on people."""
        dice, where = self.dice, self.posted()
        if dice.chance(2):
            return where
        return m.Where(
            posts=where.posts,
            people=dice.some(self.people) if dice.chance(4) else (),
            units=where.units,
            levels=where.levels,
            critical=where.critical,
            tenure_under=dice.maybe((365.0, 400.0, 2100.0), 4) if tenured else None,
            tenure_over=dice.maybe((365.0, 200.0, 2000.0), 4) if tenured else None,
        )

    # ------------------------------------------------------------------ people

    def population(self, number: int) -> m.Population:
        """A handful of people whom nobody names."""
        dice = self.dice
        tenures: tuple[laws.DurationLaw | str, ...] = ("new", laws.UniformDuration(0.0, 3000.0), laws.Constant(365.0))
        shares: tuple[float | str, ...] = (0.0, 0.5, 1.0)
        if self.stationary:
            tenures, shares = ("stationary", *tenures[:1]), ("stationary", 0.5)
        return m.Population(
            id=f"staff{number}",
            count=dice.number(1, 3),
            unit=dice.pick(self.teams),
            source="drawn",
            reports_to=dice.maybe([*(post for post in self.posts if post in self.state.posts), *self.units, "none"]),
            level=dice.maybe(LEVELS),
            critical=dice.chance(3),
            tenure=dice.pick(tenures),
            vacant=dice.pick(shares),
        )

    def cause(self, reason: str) -> m.Cause:
        """Why people leave."""
        dice = self.dice
        clock = dice.pick(("organization", "post") if self.stationary else ("organization", "post", "age"))
        rules = [
            m.Rule(self.hazard(clock), self.who(tenured=clock == "organization")) for _ in range(dice.number(0, 3))
        ]
        return m.Cause(
            reason,
            (*rules, m.Rule(self.hazard(clock))) if self.stationary or dice.chance(2) or not rules else tuple(rules),
            clock,
        )

    def contagion(self, number: int) -> m.Contagion:
        """Exits that make others leave or stay."""
        dice = self.dice
        times, cap = dice.pick(((3.0, 4.0), (0.5, None), (0.5, 0.3), (1.1, None), (1.1, 1.2), (0.0, None)))
        return m.Contagion(
            id=f"wave{number}",
            times=times,
            lasting=dice.pick((90.0, 30.0, 365.0)),
            hits=dice.pick(("reports", "peers", "manager")),
            exits=dice.some(("resignation", "layoff", "dismissal")),
            of=self.who(),
            cause=dice.pick(REASONS),
            after=dice.pick((0.0, 14.0, 30.0)),
            combine=dice.pick(("max", "multiply")),
            at_most=cap,
        )

    def shock(self, number: int) -> m.Shock:
        """An exit whatever the clocks say."""
        dice, first = self.dice, self.day()
        meant: dict[str, Any] = dice.pick(
            ({"post": dice.pick(self.posts)}, {"person": dice.pick(self.people)}, {"group": self.who()})
        )
        days: tuple[float | tuple[float, float], ...] = (first, (first, first + dice.number(0, 20)))
        return m.Shock(
            id=f"shock{number}",
            day=dice.pick(days),
            share=dice.pick(SHARES),
            probability=dice.pick(SHARES),
            reason=dice.pick(("resignation", "death")),
            notice=dice.pick((0.0, 30.0)),
            to=dice.maybe(self.others),
            **meant,
        )  # fmt: skip

    def intervention(self, number: int) -> m.Intervention:
        """Something done for a time."""
        dice, first = self.dice, self.first()
        return m.Intervention(
            id=f"help{number}",
            start=first,
            end=first + dice.pick((30.0, 10.0, 200.0)),
            where=self.posted() if dice.chance(2) else self.who(tenured=False),
            hazards={reason: dice.pick((0.5, 0.0, 2.0)) for reason in dice.some(REASONS, 3)},
            stages={stage: dice.pick((0.5, 0.0, 2.0)) for stage in dice.some(("search", "offer"), 2)},
        )

    # ------------------------------------------------------------------ posts

    def succession(self) -> m.Succession:
        """Plans, promotion and acting."""
        dice, labels = self.dice, ("now", "soon", "never")
        plans = {
            post: m.Plan(
                tuple(
                    m.Successor(person, dice.pick(labels), dice.pick((-100.0, 0.0, 50.0)))
                    for person in dice.some(self.people, 3)
                ),
                dice.maybe(self.people),
            )
            for post in dice.some(self.posts, 3)
        }
        readiness: dict[str, laws.DurationLaw | None] = {"soon": self.duration(), "never": None}
        if dice.chance(3):
            readiness["now"] = self.duration()
        promote = m.Promote(
            where=self.posted(),
            candidates=dice.pick(("reports", "below", "plan")),
            internal=dice.pick(SHARES),
            choose=dice.pick(("tenure", "random")),
            decide_in=dice.pick((None, self.duration())),
            accept=dice.pick(SHARES),
            stay=dice.pick((365.0, 30.0, 0.0)),
        )
        acting = m.Acting(
            where=self.posted(),
            after=dice.pick((0.0, 3.0, 30.0)),
            candidates=dice.draw(st.permutations(("emergency", "successors", "deputy", "manager")).map(tuple)),
            at_most=dice.maybe((10.0, 30.0, 90.0)),
            span=dice.number(1, 2),
        )
        return m.Succession(
            plans=plans,
            readiness=readiness,
            promote=None if dice.chance(4) else promote,
            acting=None if dice.chance(4) else acting,
            backfill=dice.pick((m.ALWAYS, m.CRITICAL, m.NEVER)),
        )

    def hiring(self) -> m.Hiring:
        """Stages, recruiters and freezes."""
        dice = self.dice
        offers = dice.pick((None, 0.5, 0.1))
        stages = (
            m.Stage("search", self.duration(), recruiter=dice.chance(2)),
            m.Stage("offer", self.duration(), dice.chance(2), offers, dice.maybe(("search", "offer", "notice"))),
            m.Stage("notice", self.duration(), accept=dice.pick((None, None, 0.8))),
        )[: dice.number(1, 3)]
        names = {stage.id for stage in stages}
        stages = tuple(s if s.otherwise in names else m.Stage(s.id, s.takes, s.recruiter, s.accept) for s in stages)
        pools = tuple(m.Recruiters(f"pool{n}", dice.number(1, 2), self.posted()) for n in range(dice.number(0, 2)))
        return m.Hiring(
            stages=stages,
            where=self.posted(),
            recruiters=pools,
            approve_in=dice.pick((None, self.duration())),
            order=dice.draw(st.permutations(("critical", "level", "age")).map(tuple))[: dice.number(1, 3)],
            freezes=tuple(self.freeze(n) for n in range(dice.number(0, 3))),
            age=dice.pick((None, laws.UniformDuration(7000.0, 20000.0))),
        )

    def steady(self) -> m.Hiring:
        """Hiring whose durations are known beforehand."""
        takes = self.dice.pick((laws.ExponentialDuration(30.0), laws.LognormalDuration(60.0, 0.6), laws.Constant(30.0)))
        freezes = tuple(self.freeze(n) for n in range(self.dice.number(0, 2)))
        return m.Hiring(stages=(m.Stage("search", takes),), freezes=freezes)

    def freeze(self, number: int) -> m.Freeze:
        """A hiring freeze."""
        dice, first = self.dice, self.first()
        return m.Freeze(
            id=f"freeze{number}",
            start=first,
            end=first + dice.pick((30.0, 10.0, 50.0)),
            excepted=self.posted() if dice.chance(2) else None,
            pending=dice.pick(("pause", "continue", "cancel", "suspend")),
            promotions=dice.chance(2),
        )

    # ------------------------------------------------------------------ what is settled

    def settled(
        self, population: tuple[m.Population, ...]
    ) -> tuple[tuple[ev.Event, ...], tuple[m.Reorganization, ...], tuple[m.Growth, ...]]:
        """Planned events, reorganizations and growth that are legal if nothing else happens, day after day."""
        for group in population:
            for number in range(1, group.count + 1):
                self.populate(group, f"{group.id}/{number}")
        dice, days = self.dice, (self.end - self.start).days
        events, changes, growths = list[ev.Event](), list[m.Reorganization](), list[m.Growth]()
        ahead = self.announced()
        planned = sorted(self.day() for _ in range(dice.number(0, 8)))
        for day in range(days) if ahead or planned else ():
            for event in [e for e in ahead if (e.date.day - self.start).days == day]:
                assume(is_legal(self.state, event))
                self.state.apply(event)
            if day not in planned:
                continue
            for _ in range(planned.count(day)):
                self.plan(float(day), events)
            if dice.chance(3):
                changes += self.reorganize(float(day), len(changes))
            if dice.chance(3):
                self.grow(float(day), growths)
        return tuple(events), tuple(changes), tuple(growths)

    def plan(self, day: float, events: list[ev.Event]) -> None:
        """One more planned event, if it is legal."""
        on = When.on(self.start + dt.timedelta(days=day))
        event = propose(self.dice, self.state, {"date": on}, self.organization)
        if is_legal(self.state, event):
            self.state.apply(event)
            events.append(event)

    def populate(self, group: m.Population, post: str) -> None:
        """The post and person of a population, if none is vacant."""
        on: dict[str, Any] = {"date": When.on(self.start)}
        line: dict[str, Any] = {"unit": group.unit, "reports_to": group.reports_to}
        self.state.apply(ev.CreatePost(**on, **line, post=post, level=group.level, critical=group.critical))
        self.state.apply(ev.Hire(**on, person=f"{post}/0", organization=self.organization, name=post))
        self.state.apply(ev.Appoint(**on, person=f"{post}/0", post=post))

    def announced(self) -> list[ev.Event]:
        """What the ledger knows on the first day of the days to come."""
        counted = Oracle(self.ledger.events).counted(min(self.start, self.known or self.start))
        ahead = [event for event in counted if self.start < event.date.day < self.end]
        return [event for event in ahead if not isinstance(event, ev.Expect | ev.Retract)]

    def reorganize(self, day: float, number: int) -> list[m.Reorganization]:
        """Units and posts that move, and posts that close."""
        dice, state = self.dice, self.state
        on: dict[str, Any] = {"date": When.on(self.start + dt.timedelta(days=day))}
        units, posts, close = list[tuple[str, str]](), list[tuple[str, str]](), list[m.Closing]()
        open_posts = [post for post in ordinary(state) if post in state.posts]
        for _ in range(dice.number(0, 1)):
            unit, parent = dice.pick([*state.units]), dice.pick([*state.units])
            moved = ev.ChangeUnit(**on, unit=unit, parent=parent)
            if is_legal(state, moved):
                state.apply(moved)
                units.append((unit, parent))
        for _ in range(dice.number(0, 2) if open_posts else 0):
            post, to = dice.pick(open_posts), dice.pick(open_posts)
            drawn = ev.Report(**on, post=post, to=to)
            if is_legal(state, drawn):
                state.apply(drawn)
                posts.append((post, to))
        for post in dice.some([post for post in open_posts if self.is_ours(post)]):
            self.close(post, on)
            close.append(m.Closing(post, dice.pick(("redeploy", "layoff"))))
        change = m.Reorganization(f"change{number}", day, tuple(units), tuple(posts), tuple(close))
        return [change] if units or posts or close else []

    def is_ours(self, post: str) -> bool:
        """Whether a post is one of the organization's own."""
        unit = self.state.posts[post].unit
        return self.state.root(unit) == self.organization and not self.state.is_body(unit)

    def close(self, post: str, on: dict[str, Any]) -> None:
        """A post is emptied and gone."""
        state = self.state
        above = state.manager_post(post) or "unknown"
        for id_, other in list(state.posts.items()):
            for line in list(other.lines):
                if line.to == post:
                    more: dict[str, Any] = {"line": "dotted", "end": True} if line.dotted else {}
                    state.apply(ev.Report(**on, post=id_, to=post if line.dotted else above, **more))
        for holding in list(state.posts[post].holders):
            state.apply(ev.Vacate(**on, person=holding.person, holder=holding.holder, post=post))
        state.apply(ev.AbolishPost(**on, post=post))

    def grow(self, day: float, growths: list[m.Growth]) -> None:
        """More posts like one, or more of the same again."""
        dice, state = self.dice, self.state
        there = [post for post in ordinary(state) if post in state.posts]
        like = dice.maybe([post for post in there if self.is_ours(post)], 1)
        if like is None:
            return
        number = dice.number(0, len(growths))
        if number < len(growths):
            growth = growths[number]
            if not {growth.like, growth.under or growth.like} <= {*there} or growth.days[-1] == day:
                return
            growths[number] = growth = attrs.evolve(growth, days=(*growth.days, day))
        else:
            unit = dice.maybe([unit for unit in self.teams if unit in state.units], 4)
            growth = m.Growth(f"grown{number}", dice.number(1, 2), like, (day,), dice.maybe(there, 3), unit)
            growths.append(growth)
        line = state.solid(growth.like)
        on: dict[str, Any] = {
            "date": When.on(self.start + dt.timedelta(days=day)),
            "unit": growth.unit or state.posts[growth.like].unit,
            "reports_to": growth.under or (line.to if line is not None else None),
        }
        made = growth.add * (len(growth.days) - 1)
        for n in range(made + 1, made + growth.add + 1):
            state.apply(ev.CreatePost(**on, post=f"{growth.id}/{n}"))
