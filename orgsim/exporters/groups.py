"""Headcount in groups, published so that nobody can be told from it.

A number smaller than `min_group` is hidden, and so is one that changes by less between any two of the dates, since the
difference is a group too.  A group is decided on once for all dates: it is shown on all of them or on none.  Where the
total is shown, enough groups are hidden beside it that what it leaves for all hidden ones obeys the same rules, so that
no sum and no difference tells a small number.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import attrs

from orgsim.chart import OrgChart
from orgsim.errors import UserError, did_you_mean
from orgsim.exporters import GROUPS, Options
from orgsim.frames import Table, table
from orgsim.ledger import Ledger
from orgsim.lookups import by_rank, root_of
from orgsim.report import dates_between

Cell = tuple[str, ...]
Counts = Mapping[Cell, Sequence[int]]
"""How many people each group has on each date."""
MOST_DATES = 1000


@attrs.frozen
class Shown:
    """What may be published: the groups whose numbers are shown, and whether the totals are."""

    cells: frozenset[Cell]
    total: bool


def dump(ledger: Ledger, options: Options) -> dict[str, bytes]:
    """One file."""
    return {"groups.csv": groups_table(ledger, options).to_csv(raw=options.raw).encode()}


def groups_table(ledger: Ledger, options: Options) -> Table:
    """One row for each date and group, and one for the total; where `hidden`, the number is not told."""
    for name in options.group_by:
        if name not in GROUPS:
            raise UserError(f"there is no group {name!r}; {did_you_mean(name, GROUPS) or 'it is ' + ', '.join(GROUPS)}")
    dates = _dates(ledger, options)
    counts = counted(ledger, dates, options.group_by)
    shown = suppressed(counts, options.min_group)
    types = {"date": "date", **dict.fromkeys(options.group_by, "text"), "total": "bool"}
    return table("groups", {**types, "headcount": "int", "hidden": "bool"}, _rows(dates, counts, shown, options))


def _rows(dates: Sequence[dt.date], counts: Counts, shown: Shown, options: Options) -> Iterator[tuple[object, ...]]:
    nothing = (None,) * len(options.group_by)
    for at, date in enumerate(dates):
        for cell in sorted(counts):
            values = tuple(part or None for part in cell)
            yield date, *values, False, counts[cell][at] if cell in shown.cells else None, cell not in shown.cells
        total = sum(numbers[at] for numbers in counts.values()) if shown.total else None
        yield date, *nothing, True, total, not shown.total


def _dates(ledger: Ledger, options: Options) -> list[dt.date]:
    days = [event.date.day for event in ledger.events]
    if not days:
        raise UserError("the ledger is empty", exit_code=1)
    end = options.end or dt.date.today()  # noqa: DTZ011 - as `orgsim metrics`
    start = options.start or min(days)
    if start > end:
        raise UserError(f"the period must begin before it ends: {start} is after {end}")
    dates: list[dt.date] = []
    for date in dates_between(start, end, options.every):
        if len(dates) == MOST_DATES:
            raise UserError(f"there are more than {MOST_DATES} dates; name a longer step with --every")
        dates.append(date)
    return dates


def counted(ledger: Ledger, dates: Sequence[dt.date], group_by: Sequence[str]) -> Counts:
    """Employments by group on each date; a person whom several organizations employ counts in each of them.

    Contractors, who are no headcount, are counted only where `contract` tells them apart.
    """
    found: dict[Cell, list[int]] = {}
    for at, chart in enumerate(ledger.charts(dates)):
        for cell, number in _on(chart, group_by).items():
            found.setdefault(cell, [0] * len(dates))[at] = number
    return found


def _on(chart: OrgChart, group_by: Sequence[str]) -> Counter[Cell]:
    found: Counter[Cell] = Counter()
    for person in chart.people:
        posts = by_rank(chart, person)
        for job in person.employments:
            if job.contract != "employee" and "contract" not in group_by:
                continue
            post = next((post for post in posts if root_of(chart, post.unit) == job.organization), None)
            about = {
                "organization": job.organization,
                "unit": post.unit if post is not None else job.organization,
                "level": post.level if post is not None else None,
                "contract": job.contract,
            }
            found[tuple(about[name] or "" for name in group_by)] += 1
    return found


def suppressed(counts: Counts, least: int) -> Shown:
    """Which groups may be shown, and whether the total may."""
    shown = {cell for cell, numbers in counts.items() if _tells_nobody(numbers, least)}
    hidden = sorted(counts.keys() - shown)
    if not _tells_nobody(_sums(counts, counts), least):
        return Shown(frozenset(shown), total=False)
    # What the total leaves is the sum of all hidden groups.  The groups that add least to what is lost go first, those
    # of one size together, so that nobody who knows this rule can tell which were small.
    spare = sorted(shown, key=lambda cell: (sum(counts[cell]), cell))
    while hidden and not _may_be_left(_sums(counts, hidden), len(hidden), least):
        if not spare:
            return Shown(frozenset(), total=False)
        size = sum(counts[spare[0]])
        while spare and sum(counts[spare[0]]) == size:
            hidden.append(spare.pop(0))
    return Shown(frozenset(spare), total=True)


def _sums(counts: Counts, cells: Sequence[Cell] | Mapping[Cell, Sequence[int]]) -> list[int]:
    return [sum(numbers) for numbers in zip(*(counts[cell] for cell in cells), strict=True)]


def _tells_nobody(numbers: Sequence[int], least: int) -> bool:
    """No number is small, and no two differ by few; nobody at all is no small number."""
    kinds = sorted({0, *numbers})
    return all(after - before >= least for before, after in pairwise(kinds))


def _may_be_left(numbers: Sequence[int], groups: int, least: int) -> bool:
    """As for a group, and enough for every hidden one, so that their sum settles none of them."""
    return groups > 1 and min(numbers) >= least * groups and _tells_nobody(numbers, least)
