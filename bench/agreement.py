"""Whether all engines answer alike: every answer of each is put in one form and compared with orgsim's."""

import datetime as dt
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

Ints = Any


def rows(found: Any) -> Ints:
    """The rows of any engine's answer as a matrix, in order."""
    if isinstance(found, dict) and found and not hasattr(next(iter(found.values())), "__len__"):
        found = list(found.items())
    elif isinstance(found, dict):
        found = [(key, *values) for key, values in found.items()]
    if hasattr(found, "to_numpy") and hasattr(found, "columns"):
        matrix = np.stack([np.asarray(found[name]) for name in columns_of(found)], axis=1)
    else:
        matrix = np.array(found, np.int64)
    matrix = matrix.astype(np.int64)
    return matrix[np.lexsort(matrix.T[::-1])] if len(matrix) else matrix


def columns_of(found: Any) -> list[str]:
    """The names of the columns of a table of pyarrow or Polars."""
    names: list[str] = list(found.column_names if isinstance(found, pa.Table) else found.columns)
    return names


def filled(found: Any, days: int, units: Ints) -> Ints:
    """Counts told where they change, as the count of each of some units on each day."""
    unit, month, count = (np.asarray(found[name]).astype(np.int64) for name in ("unit", "month", "count"))
    inside = np.flatnonzero(month < days)
    place = np.searchsorted(units, unit[inside])
    counts = np.full((days, len(units)), -1, np.int64)
    counts[month[inside], place] = count[inside]
    for day in range(days):
        before = counts[day - 1] if day else 0
        counts[day] = np.where(counts[day] < 0, before, counts[day])
    return counts


class Agreement:
    """orgsim's answers in the numbers of the others, to compare theirs with."""

    def __init__(self, ours: Any, given: Any) -> None:
        """`given` numbers the ids as the others do."""
        self.ours, self.given = ours, given
        table = ours.ledger.table
        ids = pa.array(list(table.ids), pa.string())
        self.number = pa.compute.index_in(ids, value_set=given.ids.cast(pa.string())).to_numpy()
        self.units = self.number[np.arange(table.first_unit, table.first_other)]

    def whole(self, chart: Any) -> Ints:
        """A whole chart; a line that ends nowhere is -1."""
        holder, to = (np.where(column < 0, -1, self.number[column]) for column in (chart.holder, chart.to))
        return rows(np.stack([self.number[chart.post], holder, to], axis=1))

    def check(self, peer: Any, days: list[dt.date], months: list[dt.date], posts: list[str]) -> None:
        """Stop if any answer differs."""
        ours, edge = self.ours, [month.toordinal() for month in months]
        for day in days[:3]:
            on = day.toordinal()
            chart = self.whole(ours.chart(day))
            if peer.name == "Raphtory":  # a graph of lines: it knows nothing of holders, nor of who has no line
                chart = rows(chart[chart[:, 2] >= 0][:, [0, 2]])
            same(peer, "chart", rows(peer.chart(on)), chart)
            for post in posts:
                chain = [self.given.numbers[above] for above in ours.chain(post, day)]
                same(peer, "chain", peer.chain(self.given.numbers[post], on), chain)
            if hasattr(peer, "layers"):
                for theirs, mine in zip(peer.layers(on), ours.layers(day), strict=True):
                    same(peer, "layers", rows(dict(theirs)), rows(dict(mine.counts)))
            if hasattr(peer, "known"):
                for known in (day, day + dt.timedelta(200), day - dt.timedelta(200)):
                    theirs = rows(peer.known(on, known.toordinal()))
                    same(peer, "known", theirs, self.whole(ours.known(day, known)))
        if hasattr(peer, "diff"):
            for first, last in pairwise(days):
                same(peer, "diff", peer.diff(first.toordinal(), last.toordinal()), ours.diff(first, last))
        if hasattr(peer, "series"):
            order = np.argsort(self.units)
            theirs = filled(peer.series(edge), len(edge), self.units[order])
            same(peer, "series", theirs, ours.series(months)[:, order])


def same(peer: Any, question: str, theirs: Any, ours: Any) -> None:
    """Stop unless two answers are equal."""
    if not np.array_equal(theirs, ours):
        raise SystemExit(f"{peer.name} and orgsim differ in {question}: {str(theirs)[:300]} / {str(ours)[:300]}")
