"""Turnover: who left, why, and how many that is for the people there were."""

import datetime as dt

import attrs

from orgsim.events import REASONS, Depart
from orgsim.ledger import Ledger
from orgsim.metrics.bridge import bridge_of
from orgsim.metrics.formulas import annualized, rate
from orgsim.metrics.headcount import mean_headcount
from orgsim.metrics.history import History
from orgsim.metrics.spells import period
from orgsim.metrics.workforce import Workforce

INVOLUNTARY = ("dismissal", "layoff")
OTHER = ("death", "end-of-term", "other")


@attrs.frozen
class Turnover:
    """Departures in [start, end) by reason, and the average headcount they are measured by."""

    start: dt.date
    end: dt.date
    unit: str | None
    by_reason: tuple[tuple[str, int], ...]
    regretted: int
    not_regretted: int
    average: float | None
    convention: str

    @property
    def days(self) -> int:
        """The length of the period."""
        return (self.end - self.start).days

    def count(self, *reasons: str) -> int:
        """How many left for any of the reasons."""
        return sum(count for reason, count in self.by_reason if reason in reasons)

    @property
    def departures(self) -> int:
        """Everybody who left, whatever the reason."""
        return self.count(*REASONS)

    @property
    def voluntary(self) -> int:
        """Resignations; retirements are apart."""
        return self.count("resignation")

    @property
    def retirements(self) -> int:
        """Retirements."""
        return self.count("retirement")

    @property
    def involuntary(self) -> int:
        """Dismissals and layoffs."""
        return self.count(*INVOLUNTARY)

    @property
    def other(self) -> int:
        """Deaths, ends of term, and other reasons that are told."""
        return self.count(*OTHER)

    @property
    def unknown(self) -> int:
        """Departures without a reason: any of the numbers by reason may be too low by these."""
        return self.count("unknown")

    @property
    def regret_unknown(self) -> int:
        """Departures of which it is not told whether they are regretted."""
        return self.departures - self.regretted - self.not_regretted

    def rate(self, count: int | None = None) -> float | None:
        """A count (all departures, if not given) as a share of the average headcount; None when nobody was there."""
        return rate(self.departures if count is None else count, self.average)

    def annualized(self, count: int | None = None) -> float | None:
        """The same as a rate per year: x 365.25 / days."""
        return annualized(self.rate(count), self.days)


def turnover(
    ledger: Ledger,
    start: dt.date,
    end: dt.date,
    unit: str | None = None,
    *,
    known: dt.date | None = None,
    convention: str = "daily",
) -> Turnover:
    """Who left in [start, end), by reason, and the rate for the average headcount.

    Formula: departures / average headcount; annualized x 365.25 / days.  Departures are those of the bridge: people
    who leave the employment of the unit's organization, not those who move within it or are restructured.  Voluntary
    = resignation; involuntary = dismissal and layoff; retirement, other and unknown apart; regretted = those the
    ledger says the organization would have kept, whatever the reason.  The average is daily and exact, or with
    `convention="monthly"` that of month ends (see `average_headcount`).
    Unit: people; share of the average headcount (0.125 is 12.5 %), per period or per year.  None when nobody was there.
    Raises ValueError if the end is before the start, or for another convention, and UnknownIdError for an unknown unit.
    Source: SHRM, "How to determine turnover rate"; the kinds of separation as in BLS JOLTS, where retirements are not
    quits but "other separations" (JOLTS divides by employment on one day of the month, and counts transfers).
    """
    window = period(start, end)
    staff = Workforce(History(ledger, known))
    spans = [span for id_ in staff.of(unit) for span in staff.member(id_, unit)]
    mean = mean_headcount(spans, window, convention)
    left = [flow.event for flow in bridge_of(staff, window, unit).flows if isinstance(flow.event, Depart)]
    return Turnover(
        start,
        end,
        unit,
        by_reason=tuple((reason, sum(event.reason == reason for event in left)) for reason in REASONS),
        regretted=sum(event.regretted is True for event in left),
        not_regretted=sum(event.regretted is False for event in left),
        average=mean,
        convention=convention,
    )
