"""Tenure: how long people have been in their posts and in their organizations, with what is known of the beginning."""

import datetime as dt
from collections.abc import Iterable
from math import inf

import attrs

from orgsim.chart import OrgChart
from orgsim.dates import When
from orgsim.metrics.formulas import Distribution, years


@attrs.frozen
class Tenure:
    """How long a person has held a post, or been employed by an organization (`of`), on a date.

    The length lies between `least` and `most` days: they differ where the beginning is told as a month, a year or a
    range; `most` is None where it is not told at all ("at least").
    """

    person: str
    of: str
    since: When
    least: int
    most: int | None
    acting: bool = False
    contractor: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether the beginning is one day."""
        return self.least == self.most

    @property
    def is_at_least(self) -> bool:
        """Whether the beginning is not told, so that the length is bounded only from below."""
        return self.most is None

    @property
    def least_years(self) -> float:
        """The shortest length there may be, in years of 365.25 days."""
        return years(self.least)

    @property
    def most_years(self) -> float | None:
        """The longest length there may be, in years of 365.25 days; None where the beginning is not told."""
        return None if self.most is None else years(self.most)


@attrs.frozen
class TenureSummary:
    """Many tenures in a few numbers, in days; `at_least` of the `n` are bounded only from below."""

    n: int
    exact: int
    at_least: int
    least: Distribution

    median_least: float | None
    """The median if each were as short as it may be."""

    median_most: float | None
    """The median if each were as long as it may be; None where that has no bound."""

    @property
    def ranged(self) -> int:
        """How many have two bounds that differ."""
        return self.n - self.exact - self.at_least


@attrs.frozen
class Tenures:
    """The tenures of a chart."""

    at: dt.date
    in_organization: tuple[Tenure, ...]
    in_post: tuple[Tenure, ...]


def tenure(chart: OrgChart) -> Tenures:
    """How long each person has been in each organization that employs them, and in each post they hold.

    Formula: days from the first day to the date of the chart: 0 on the first day.  In the organization, from the last
    hire on; an employment before that is not added, one taken over in a merger of organizations is.  In the post, from
    the last appointment on: who acted first counts from being confirmed.  Personal posts are no posts here.  Leave
    counts.  A beginning told as a range gives two bounds, one "since unknown" (`..DAY`) only the lower.
    Unit: days; years are days / 365.25.
    Source: length of service, ISO 30414; in post and in organization kept apart.
    """
    in_organization = [
        _tenure(chart.at, person.id, job.organization, job.since, contractor=job.contract != "employee")
        for person in chart.people
        for job in person.employments
    ]
    in_post = [
        _tenure(chart.at, holder.person, post.id, holder.since, acting=holder.acting)
        for post in chart.posts
        for holder in post.holders
        if holder.person is not None and post.personal is None
    ]
    return Tenures(chart.at, tuple(in_organization), tuple(in_post))


def summarize(tenures: Iterable[Tenure]) -> TenureSummary:
    """The distribution of tenures, and how many of them are bounded only from below.

    Formula: the medians of the lower and of the upper bounds; the median lies between them.  A length without an upper
    bound counts as longer than any other, so `median_most` is None when too many are.
    Unit: days.  Source: own; the usual average over known beginnings alone is too short or too long, nobody knows.
    """
    every = list(tenures)
    most = Distribution.of(inf if one.most is None else one.most for one in every)
    return summary(Distribution.of(one.least for one in every), most, exact=sum(one.is_exact for one in every))


def summary(least: Distribution, most: Distribution, *, exact: int) -> TenureSummary:
    """The same of lengths that are counted already; in `most`, infinity stands for no bound."""
    median = most.median
    return TenureSummary(
        n=least.n,
        exact=exact,
        at_least=dict(most.counts).get(inf, 0),
        least=least,
        median_least=least.median,
        median_most=None if median == inf else median,
    )


def _tenure(
    at: dt.date, person: str, of: str, since: When, *, acting: bool = False, contractor: bool = False
) -> Tenure:
    most = None if since.first is None else (at - since.first).days
    # A range may end after the chart's date: then the first day may have been today.
    least = max(0, (at - since.last).days)
    return Tenure(person, of, since, least, most, acting, contractor)
