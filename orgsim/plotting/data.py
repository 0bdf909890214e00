"""What the pictures show, as plain values: whoever has such numbers can draw them, from a ledger or not.

Dates are days, periods half-open.  Every value carries its title, its source and the `known` date for the foot of the
picture.  Nothing here knows ledgers or matplotlib.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

import attrs

HELD, ACTING, VACANT, UNKNOWN = "held", "acting", "vacant", "unknown"
GAP = (ACTING, VACANT)
SURE = ("stated", "reported")
"""What is as certain as this needs no word."""
Number = float | None


@attrs.frozen(kw_only=True)
class Picture:
    """What every picture says about itself: a title, where the data come from, and what was known when."""

    title: str = ""
    source: str = ""
    known: dt.date | None = None


# ----------------------------------------------------------------------------------------------------- who held what


@attrs.frozen
class Who:
    """Somebody in a picture: a name, and what stands for it where no font has its letters."""

    name: str
    id: str = ""


@attrs.frozen(kw_only=True)
class Stretch:
    """A post in one state in [start, end): `held`, `acting`, `vacant`, or `unknown` where nothing is told.

    It began some day from `earliest` to `latest`; `earliest` is None where the sources saw it and do not tell since
    when.  `why` says in words what made it so.
    """

    start: dt.date
    end: dt.date
    state: str
    who: tuple[Who, ...] = ()
    certainty: str = "stated"
    on_leave: bool = False
    earliest: dt.date | None
    latest: dt.date
    why: str = ""
    goes_on: bool = False
    """True when it lasts beyond the picture."""


@attrs.frozen(kw_only=True)
class PostRow:
    """One post over time; `ends` are the first and the last day on which it may have been closed."""

    post: str
    title: str
    stretches: tuple[Stretch, ...]
    ends: tuple[dt.date, dt.date] | None = None

    @property
    def gaps(self) -> tuple[tuple[Stretch, ...], ...]:
        """The stretches without a substantive holder, those together that follow each other."""
        groups: list[list[Stretch]] = []
        for stretch in self.stretches:
            if stretch.state not in GAP:
                continue
            if groups and groups[-1][-1].end == stretch.start:
                groups[-1].append(stretch)
            else:
                groups.append([stretch])
        return tuple(map(tuple, groups))


@attrs.frozen(kw_only=True)
class Leadership(Picture):
    """Who held which post from `start` to `end`; `left_out` posts are not shown, nothing is told after `told_until`."""

    start: dt.date
    end: dt.date
    rows: tuple[PostRow, ...]
    left_out: int = 0
    note: str = ""
    told_until: dt.date | None = None


# ------------------------------------------------------------------------------------------------------- numbers


@attrs.frozen(kw_only=True)
class Line:
    """One value a date; with `low` and `high`, between what bounds it may lie."""

    name: str
    values: Sequence[Number]
    low: Sequence[Number] | None = None
    high: Sequence[Number] | None = None


@attrs.frozen(kw_only=True)
class Series(Picture):
    """Lines over the same dates; `unit` says what is counted.  The first line is the whole when `has_total`.

    `exact` when no value changes on a day that is not among the dates: then lines are drawn as steps.
    """

    dates: Sequence[dt.date]
    lines: tuple[Line, ...]
    unit: str = "people"
    has_total: bool = True
    note: str = ""
    exact: bool = False


@attrs.frozen
class Period:
    """Days to be marked in a picture, [start, end), and what they are called."""

    start: dt.date
    end: dt.date
    label: str


@attrs.frozen(kw_only=True)
class Fan(Picture):
    """Quantiles of a simulated measure on dates, by probability, after what happened before them.

    `quantiles` maps 0.05, 0.5, 0.95, ... to a value a date; `ranges` holds the interval of each on the last date.
    `history` are pairs of a date and a value, drawn as steps where it is `exact`: no other day has a change.
    `paths` are single futures, drawn where they are too few for quantiles.
    """

    dates: Sequence[dt.date]
    quantiles: Mapping[float, Sequence[float]]
    history: Sequence[tuple[dt.date, float]] = ()
    exact: bool = False
    unit: str = ""
    replications: int | None = None
    name: str = ""
    """What it is called among others: the name of a variant."""
    ranges: Mapping[float, tuple[float, float]] = attrs.field(factory=dict)
    paths: Sequence[Sequence[float]] = ()
    periods: Sequence[Period] = ()
    note: str = ""


@attrs.frozen(kw_only=True)
class Fans(Picture):
    """The same measure in several variants, the one they are compared with first; drawn above each other."""

    fans: tuple[Fan, ...]
    left_out: int = 0


@attrs.frozen(kw_only=True)
class Contrast:
    """One variant against the baseline: the mean of the paired differences and its interval, None where there is none.

    `better` is the probability that a single future is better than the baseline's on the same luck, with its interval,
    and `same` that it is no different; `variance_reduction` says how many times more independent replications the same
    precision would have taken.
    """

    name: str
    difference: float
    low: float | None
    high: float | None
    better: float | None = None
    better_range: tuple[float, float] | None = None
    same: float | None = None
    variance_reduction: float | None = None


@attrs.frozen(kw_only=True)
class Comparison(Picture):
    """Variants against a baseline; `goal` says whether `less` or `more` of the measure is better."""

    rows: tuple[Contrast, ...]
    measure: str
    unit: str = ""
    baseline: str = "baseline"
    goal: str | None = None
    level: float = 0.95
    note: str = ""


@attrs.frozen(kw_only=True)
class Comparisons(Picture):
    """Several measures compared, each on a scale of its own; `left_out` says in words which are not shown."""

    comparisons: tuple[Comparison, ...]
    left_out: str = ""


@attrs.frozen(kw_only=True)
class Stay:
    """How long somebody stayed, in years, between two bounds; `ended` is False while they are still there."""

    least: float
    most: float
    years: float
    ended: bool
    name: str = ""


@attrs.frozen(kw_only=True)
class Stays(Picture):
    """Stays, those that ended and those that go on; `left_out` of unknown beginning are not among them."""

    stays: tuple[Stay, ...]
    left_out: int = 0
    what: str = "in the organization"
    level: float = 0.95


# -------------------------------------------------------------------------------------------------- people and posts

READINESS = ("ready now", "1-2 years", "3+ years", "not rated")


@attrs.frozen(kw_only=True)
class Candidate:
    """Somebody who might follow; `readiness` is one of the grades of the picture, `note` says more.

    `rank` is the place on the plan, from 1; None without a plan.
    """

    who: Who
    readiness: str = "not rated"
    note: str = ""
    rank: int | None = None


@attrs.frozen(kw_only=True)
class SuccessionRow:
    """A post, who holds it, and who might follow; the certainty is that of the holding.

    `emergency` is whoever steps in at once; `planned` is False where others have a plan and this post has none.
    """

    post: str
    title: str
    state: str
    holders: tuple[Who, ...] = ()
    since: str = ""
    certainty: str = "stated"
    on_leave: bool = False
    candidates: tuple[Candidate, ...] = ()
    emergency: Who | None = None
    planned: bool = True


@attrs.frozen(kw_only=True)
class Succession(Picture):
    """Posts with their incumbents and their bench on a date.

    Without plans the candidates are those who report to the post, and `note` says so.  `grades` are the columns of a
    plan, the readiest first; those of `READINESS` that are needed if there are none.
    """

    at: dt.date
    rows: tuple[SuccessionRow, ...]
    left_out: int = 0
    note: str = ""
    grades: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Move:
    """Somebody who went from one organization to another; None stands for one the ledger does not tell.

    `when` is the day as far as it is told: `May 2024`; `undated` when it may have been any day before.  The certainty
    is that of the departure, `arrival` that of coming to the other.
    """

    who: Who
    origin: str | None
    target: str | None
    day: dt.date
    when: str = ""
    certainty: str = "stated"
    arrival: str = "stated"
    undated: bool = False


@attrs.frozen(kw_only=True)
class Moves(Picture):
    """Everybody who went between organizations in [start, end)."""

    start: dt.date
    end: dt.date
    moves: tuple[Move, ...]
