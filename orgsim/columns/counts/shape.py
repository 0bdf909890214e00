"""The shape of a day in columns: spans of control, layers and tenure as distributions.

The definitions are those of `orgsim.metrics`: here they are counted for everybody at once, and nobody is listed.
"""

from math import inf

import attrs
import numpy as np

from orgsim.columns.days.moment import Moment
from orgsim.columns.replay import relations as r
from orgsim.columns.rows.arrays import Bools, Ints, where
from orgsim.columns.rows.table import ABSENT, NONE
from orgsim.dates import When
from orgsim.metrics.formulas import Distribution
from orgsim.metrics.tenure import TenureSummary, summary


@attrs.frozen
class SpanCounts:
    """How many manager posts have which span, and how many posts have no manager post, by why."""

    distribution: Distribution
    tops: int
    unknown: int
    headless: int
    members: int


@attrs.frozen
class LayerCounts:
    """How many posts are in which layer, and how many are at least so deep, because the topmost is not known."""

    distribution: Distribution
    unknown: Distribution
    members: int


def counted(values: Ints) -> Distribution:
    """The distribution of many whole numbers."""
    if len(values) and values.min() >= 0 and values.max() < max(len(values), MOST):
        counts = np.bincount(values)
        found = where(counts > 0)
        counts = counts[found]
    else:
        found, counts = np.unique(values, return_counts=True)
    return Distribution(tuple(zip(found.tolist(), counts.tolist(), strict=True)))


MOST = 10_000
"""Numbers below are counted one by one, which is quicker than sorting them."""


def _why_none(moment: Moment) -> tuple[Bools, Bools, Bools]:
    """Of the posts without a post above: which are tops, which are seats on bodies without a line, which unknown."""
    first, last = moment.table.first_unit, len(moment.table.ids)
    body = moment.units[2]
    lines = moment.lines
    solid, unit = lines.solid[lines.tops], lines.unit[lines.tops]
    to_unit = (solid >= first) & (solid < last)
    to_body = np.zeros(len(solid), np.bool_)
    if len(body):
        to_body = to_unit & body[np.where(to_unit, solid - first, 0)]
    lineless = solid == ABSENT
    member = lineless & body[unit - first] if len(solid) else lineless
    return (solid == NONE) | to_body, member, lineless & ~member


def seats_of(moment: Moment, posts: Ints) -> Ints:
    """How many seats posts have; those of a post without a limit are the ones taken."""
    seats = moment.seats[posts]
    return np.where(seats == r.ANY, moment.taken[posts], seats) if (seats == r.ANY).any() else seats


def spans(moment: Moment, *, vacancies: bool = True) -> SpanCounts:
    """How many seats report to each post that any post reports to; as `metrics.spans`."""
    lines = moment.lines
    seats = lines.below
    if len(moment.seats_told) or not vacancies:
        weights = seats_of(moment, lines.post) if vacancies else moment.taken[lines.post]
        seats = np.bincount(lines.above, weights, len(lines.post) + 1)[:-1].astype(np.int64)
    managers = where(lines.below > 0)
    top, member, unknown = _why_none(moment)
    headless = len(top) - int(top.sum()) - int(member.sum()) - int(unknown.sum())
    counts = counted(seats[managers])
    return SpanCounts(
        counts, tops=int(top.sum()), unknown=int(unknown.sum()), headless=headless, members=int(member.sum())
    )


def layers(moment: Moment, *, vacancies: bool = True) -> LayerCounts:
    """How many posts stand above each post; as `metrics.layers`."""
    lines = moment.lines
    depth, top = lines.climbed
    is_top, member, _ = _why_none(moment)
    known, counts = np.zeros(len(lines.post), np.bool_), lines.open.copy()
    known[lines.tops] = is_top
    members = lines.tops[where(member & (lines.below[lines.tops] == 0))]
    counts[members] = False
    if not vacancies:
        counts &= moment.taken[lines.post] > 0
    sure = counts & known[top]
    return LayerCounts(counted(depth[where(sure)]), counted(depth[where(counts & ~sure)]), len(members))


def tenure_in_organization(moment: Moment) -> TenureSummary:
    """How long people have been employed, as `metrics.tenure` has it, summarized."""
    return _summary(moment, moment.jobs[0].row)


def tenure_in_post(moment: Moment) -> TenureSummary:
    """How long people have held their posts, personal ones aside, as `metrics.tenure` has it, summarized."""
    holds = moment.holds
    here = where((holds.person != ABSENT) & ((holds.how & r.IS_PERSONAL) == 0))
    return _summary(moment, holds.row[here])


def _summary(moment: Moment, rows: Ints) -> TenureSummary:
    least, most = _bounds(moment, rows)
    bounded = most[where(most >= 0)]
    unbounded = ((inf, len(rows) - len(bounded)),) if len(bounded) < len(rows) else ()
    return summary(
        counted(least), Distribution((*counted(bounded).counts, *unbounded)), exact=int((least == most).sum())
    )


def _bounds(moment: Moment, rows: Ints) -> tuple[Ints, Ints]:
    """The shortest and the longest each length may be, in days; -1 where it has no bound."""
    table, day = moment.table, moment.day
    length = day - table.day[rows].astype(np.int64)
    least, most = length.copy(), length.copy()
    vague = table.vague_rows
    for at in where(np.isin(rows, list(vague))).tolist() if vague else ():
        when: When = vague[int(rows[at])]
        least[at] = max(0, day - when.last.toordinal())
        most[at] = -1 if when.first is None else day - when.first.toordinal()
    return least, most
