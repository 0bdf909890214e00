"""What a scenario says, as frozen values: who may leave, who succeeds, how posts are filled, what is planned.

Quantities are in the units of the engine: days, rates per day, shares between 0 and 1, amounts in one currency.
Reading scenarios from YAML is the reader's business; running them, the simulation's.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs

from orgsim.errors import Location
from orgsim.events import Event
from orgsim.laws import DurationLaw, HazardLaw
from orgsim.ledger import Ledger

ALWAYS, CRITICAL, NEVER = "always", "critical", "never"


@attrs.frozen
class Where:
    """Which posts, or which people by the post they hold, something is about; every condition given must hold.

    A person is matched by the *primary* post.  `unit` includes all units below it.  `tenure_under` and `tenure_over`
    (days in the organization, half-open: under 365 means less than 365, over 365 means 365 or more) match people only.
    """

    posts: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    critical: bool | None = None
    tenure_under: float | None = None
    tenure_over: float | None = None


EVERYWHERE = Where()


@attrs.frozen
class Assumption:
    """Something the scenario takes for granted, and where it comes from."""

    text: str
    source: str | None = None


@attrs.frozen
class Population:
    """People the documents count but do not name: `count` posts `ID/1`, `ID/2`, ... with a person each.

    `tenure` is the law of the days they have been there; `"stationary"`: the age of a renewal process in equilibrium,
    under the attrition rules; `"new"`: all begin on the first day.  `vacant` is the share of posts that are vacant at
    the start, or `"stationary"`.
    """

    id: str
    count: int
    unit: str
    source: str
    title: str | None = None
    reports_to: str | None = None
    level: str | None = None
    critical: bool = False
    tenure: DurationLaw | str = "new"
    vacant: float | str = 0.0


@attrs.frozen
class Rule:
    """One rule of a cause of attrition: whom it is about, and the hazard law by the cause's clock."""

    law: HazardLaw
    where: Where = EVERYWHERE
    source: str | None = None


@attrs.frozen
class Cause:
    """A cause of departure (a reason of the ledger): its rules, the first that matches counts.

    `clock` is what the law's time runs on: `organization` (days employed), `post` (days in the primary post) or `age`.
    """

    reason: str
    rules: tuple[Rule, ...]
    clock: str = "organization"


@attrs.frozen
class Contagion:
    """An exit multiplies the hazard of others: `after` days later, for `lasting` days."""

    id: str
    times: float
    lasting: float
    hits: str = "reports"  # reports | peers | manager
    exits: tuple[str, ...] = ()  # reasons that set it off; none given: all
    of: Where = EVERYWHERE
    cause: str = "resignation"  # whose hazard it multiplies
    after: float = 0.0
    combine: str = "max"  # max | multiply
    at_most: float | None = None
    source: str | None = None


@attrs.frozen
class Shock:
    """An exit that happens whatever the clocks say: of a post's holders, a person, or a share of a group.

    `day` is a number of days after the start, or two for a uniform window [first, last + 1).
    """

    id: str
    day: float | tuple[float, float]
    post: str | None = None
    person: str | None = None
    group: Where | None = None
    share: float = 1.0
    probability: float = 1.0
    reason: str = "resignation"
    notice: float = 0.0
    to: str | None = None
    source: str | None = None


@attrs.frozen
class Successor:
    """A person on the plan of a post: how ready, and when that was rated (days after the start; negative: before)."""

    person: str
    ready: str = "now"
    rated: float = 0.0


@attrs.frozen
class Plan:
    """The succession plan of a post: successors by rank, and who steps in in an emergency."""

    successors: tuple[Successor, ...] = ()
    emergency: str | None = None


@attrs.frozen
class Promote:
    """How posts without successors on a plan are filled from within, and how a promotion is decided.

    `candidates`: `reports` (who holds a post reporting to it), `below` (who holds a post of the next level), or `plan`
    (nobody but the plan's successors).  `internal` is the chance that candidates other than a plan's are looked at.
    """

    where: Where = EVERYWHERE
    candidates: str = "plan"
    internal: float = 1.0
    choose: str = "tenure"  # tenure | random
    decide_in: DurationLaw | None = None
    accept: float = 1.0
    stay: float = 365.0  # days after a promotion during which somebody is not promoted again


@attrs.frozen
class Acting:
    """Acting cover for vacant posts: who may give it, in which order, when it begins and how long it may last."""

    where: Where = attrs.field(factory=lambda: Where(critical=True))
    after: float = 0.0
    candidates: tuple[str, ...] = ("emergency", "successors", "deputy", "manager")
    at_most: float | None = None
    span: int = 1


@attrs.frozen
class Succession:
    """Plans on posts, promotion, acting cover.  Readiness is a law of days after the rating; None is never."""

    plans: Mapping[str, Plan] = attrs.field(factory=dict)
    readiness: Mapping[str, DurationLaw | None] = attrs.field(factory=dict)
    promote: Promote | None = None
    acting: Acting | None = None
    backfill: str = ALWAYS  # whether posts that a promotion vacates are filled again: always | critical | never


@attrs.frozen
class Recruiters:
    """A pool of recruiters, each of whom works on one requisition at a time; the first pool that matches a post."""

    id: str
    count: int
    where: Where = EVERYWHERE


@attrs.frozen
class Stage:
    """A stage of hiring: how long it takes, whether it holds a recruiter, how often it succeeds, where else to go."""

    id: str
    takes: DurationLaw
    recruiter: bool = False
    accept: float | None = None
    otherwise: str | None = None  # the stage to go back to; None: this one again


@attrs.frozen
class Freeze:
    """A hiring freeze [start, end), in days after the start, and what happens to work in flight.

    `pause`: running stages end, no stage begins; `continue`: what is being worked on goes on, nothing new begins;
    `cancel`: what is in flight is thrown back into the queue; `suspend`: everything stops and later resumes.
    """

    id: str
    start: float
    end: float
    excepted: Where | None = None
    pending: str = "pause"
    promotions: bool = True  # whether promotions go on
    source: str | None = None


@attrs.frozen
class Hiring:
    """How posts are filled from outside."""

    stages: tuple[Stage, ...]
    where: Where = EVERYWHERE
    recruiters: tuple[Recruiters, ...] = ()
    approve_in: DurationLaw | None = None
    order: tuple[str, ...] = ("age",)  # of: critical, level, age
    freezes: tuple[Freeze, ...] = ()
    age: DurationLaw | None = None


@attrs.frozen
class Growth:
    """`add` new posts at each of `days`, like an existing post: `ID/1`, `ID/2`, ..."""

    id: str
    add: int
    like: str
    days: tuple[float, ...]
    under: str | None = None
    unit: str | None = None
    source: str | None = None


@attrs.frozen
class Closing:
    """A post that is closed; its holders are redeployed (they keep their employment) or laid off."""

    post: str
    holder: str = "redeploy"  # redeploy | layoff


@attrs.frozen
class Reorganization:
    """Units and posts that move under others, and posts that close, on one day."""

    id: str
    day: float
    units: tuple[tuple[str, str], ...] = ()  # unit, new parent
    posts: tuple[tuple[str, str], ...] = ()  # post, new manager post
    close: tuple[Closing, ...] = ()
    source: str | None = None


@attrs.frozen
class Intervention:
    """Something done for a time, at a cost: it multiplies hazards of a group, or the duration of hiring stages."""

    id: str
    start: float
    end: float
    where: Where = EVERYWHERE
    hazards: Mapping[str, float] = attrs.field(factory=dict)  # cause -> factor
    stages: Mapping[str, float] = attrs.field(factory=dict)  # stage -> factor, for stages that begin meanwhile
    cost_per_person: float = 0.0  # for everyone in the group on the first day
    cost: float = 0.0  # in all
    source: str | None = None


@attrs.frozen
class Salary:
    """The yearly salary of a group; the first that matches counts."""

    amount: float
    where: Where = EVERYWHERE


@attrs.frozen
class Cost:
    """What things cost: shares of a salary, per year (vacancy, acting) or once (a hire)."""

    currency: str
    salaries: tuple[Salary, ...]
    vacancy: float = 0.0
    acting: float = 0.0
    hire: float = 0.0
    source: str | None = None


@attrs.frozen
class Precision:
    """Run until the interval of the mean of a measure is this narrow (half-width as a share of the mean)."""

    measure: str
    half_width: float
    least: int
    most: int


@attrs.frozen
class Reporting:
    """What to report: how often stocks are counted, for which posts gaps, which measures and quantiles."""

    every: str = "month"  # week | month | quarter | year
    posts: Where = attrs.field(factory=lambda: Where(critical=True))
    measures: tuple[str, ...] = ()
    quantiles: tuple[float, ...] = (0.05, 0.5, 0.95)


@attrs.frozen(kw_only=True)
class Scenario:
    """A what-if: the chart of a ledger on the first day, and what may happen until the last, exclusive."""

    title: str
    ledger: Ledger = attrs.field(repr=False)
    organization: str
    start: dt.date
    end: dt.date
    known: dt.date | None = None
    seed: int = 0
    replications: int | Precision = 1000
    story: str = ""
    assumptions: tuple[Assumption, ...] = ()
    levels: tuple[str, ...] = ()  # from the highest down
    born: Mapping[str, dt.date] = attrs.field(factory=dict)
    population: tuple[Population, ...] = ()
    attrition: tuple[Cause, ...] = ()
    contagion: tuple[Contagion, ...] = ()
    shocks: tuple[Shock, ...] = ()
    events: tuple[Event, ...] = ()
    succession: Succession | None = None
    hiring: Hiring | None = None
    growth: tuple[Growth, ...] = ()
    reorganization: tuple[Reorganization, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    cost: Cost | None = None
    report: Reporting = Reporting()
    variant: str | None = None
    digest: str = ""  # SHA-256 of what was read: the scenario, its base, tables and ledger
    where: Location | None = attrs.field(default=None, eq=False, repr=False)
    kept: dict[str, Any] = attrs.field(init=False, factory=dict, eq=False, repr=False)
    """For what depends on nothing but the scenario, and is worked out once."""

    @property
    def horizon(self) -> int:
        """How many days the scenario lasts."""
        return (self.end - self.start).days
