"""Which few days of a picture of gaps are worth showing once more at a scale at which they can be read.

Nothing here draws.
"""

import datetime as dt
from collections.abc import Sequence

import attrs

from orgsim.plotting.data import ACTING, GAP, Leadership, PostRow, Stretch
from orgsim.plotting.paper import when_words

TOO_SHORT = 46.0
"""Points that a gap needs, or it is shown once more in days; one that lasts needs twice as many."""
MOST_LENSES, MOST_ROWS, LEAST_ZOOM = 2, 8, 3
"""How many lenses there are, of how many rows, and how much larger they must show."""
HEAD, FOOT, ROW = 44.0, 10.0, 20.0
"""The heights of a lens, in points."""


@attrs.frozen
class Lens:
    """A few days to be shown large, and the rows in which something happens."""

    start: dt.date
    end: dt.date
    first: dt.date
    last: dt.date
    why: str
    rows: tuple[PostRow, ...]

    @property
    def height(self) -> float:
        """The points it needs."""
        return HEAD + ROW * len(self.rows) + FOOT


def lenses_of(data: Leadership, width: float) -> list[Lens]:
    """The days worth showing large on axes of a width in points: where gaps are too short, the close ones together."""
    days = max((data.end - data.start).days, 1)
    short = []
    for row in data.rows:
        for gap in row.gaps:
            # A post that was created empty and filled later is no crisis.
            after_somebody = gap[0] is not row.stretches[0] or gap[0].state == ACTING
            enough = TOO_SHORT * (2 if gap[-1].goes_on else 1)
            if after_somebody and (gap[-1].end - gap[0].start).days * width / days < enough:
                short.append(gap)
    groups: list[list[tuple[Stretch, ...]]] = []
    reach = dt.date.min
    for gap in sorted(short, key=lambda gap: gap[0].start):
        if groups and (gap[0].start - reach).days <= 3:  # noqa: PLR2004 - closer than the margin of a lens
            groups[-1].append(gap)
        else:
            groups.append([gap])
            reach = dt.date.min
        reach = max(reach, _settled(gap))
    found = [lens for group in groups if (lens := _lens(data, group)) is not None]
    if len(found) > MOST_LENSES:  # the most telling; their order stays
        best = sorted(found, key=lambda lens: -len(lens.rows))[:MOST_LENSES]
        found = [lens for lens in found if lens in best]
    return found


def _settled(gap: tuple[Stretch, ...]) -> dt.date:
    """When a gap is over; one that lasts, when it had begun for certain."""
    return max(gap[0].latest, gap[0].start) + dt.timedelta(days=1) if gap[-1].goes_on else gap[-1].end


def _lens(data: Leadership, group: Sequence[tuple[Stretch, ...]]) -> Lens | None:
    first, last = min(gap[0].start for gap in group), max(map(_settled, group))
    margin = dt.timedelta(days=max(3, (last - first).days // 3))
    start, end = max(first - margin, data.start), min(last + margin, data.end)
    if (end - start).days * LEAST_ZOOM > (data.end - data.start).days:
        return None
    rows = tuple(
        row
        for row in data.rows
        if any(_happens(stretch, first, last) for stretch in row.stretches)
        or (row.ends is not None and first <= row.ends[0] <= last)
    )
    if len(rows) > MOST_ROWS:
        return None
    reasons: dict[str, list[str]] = {}
    for gap in group:
        if gap[0].why:
            day = when_words(gap[0].start, max(gap[0].start, gap[0].latest))
            reasons.setdefault(day.removesuffix(f" {first.year}"), []).append(gap[0].why)
    why = " ".join(f"{day}: {'; '.join(dict.fromkeys(whys))}." for day, whys in reasons.items())
    return Lens(start, end, first, last, why, rows)


def _happens(stretch: Stretch, first: dt.date, last: dt.date) -> bool:
    """Whether something about a post changes or is not sure in these days."""
    if stretch.state in GAP:
        return first <= stretch.start <= last or (first <= stretch.end <= last and not stretch.goes_on)
    if stretch.certainty == "disputed":
        return stretch.start <= last and first < stretch.end
    return first <= stretch.start <= last and stretch.earliest is not None and stretch.earliest >= first
