"""Reporting lines made safe: only between posts that are there, and never in a circle."""

import datetime as dt
from collections.abc import Mapping, Sequence

import attrs

from orgsim.importers.report import ImportReport
from orgsim.importers.snapshots_posts import TOP, Holding
from orgsim.importers.snapshots_series import Span, Stretch
from orgsim.importers.snapshots_spans import common


@attrs.define(eq=False)
class Line:
    """A post reports to another (or `none`) for a time; `told` by a holder, or only not yet over."""

    post: str
    to: str
    span: Span
    told: bool
    by: Holding

    @property
    def stretch(self) -> Stretch:
        """Where it is said."""
        return self.by.stretch


def clipped(lines: Sequence[Line], open_: Mapping[str, list[Span]]) -> list[Line]:
    """The parts of lines in which the post above is there."""
    found = []
    for line in lines:
        parts = [line.span] if line.to == TOP else common(line.span, open_.get(line.to, ()))
        found += [attrs.evolve(line, span=part) for part in parts]
    return found


def uncircled(lines: Sequence[Line], names: Mapping[str, str], report: ImportReport) -> list[Line]:
    """The lines without those that close a circle: first those that nobody tells any more, then the latest."""
    turns: dict[dt.date, list[Line]] = {}
    ends: dict[dt.date, list[Line]] = {}
    for line in lines:
        turns.setdefault(line.span.first, []).append(line)
        ends.setdefault(line.span.until, []).append(line)
    now: dict[str, Line] = {}
    kept: list[Line] = []
    cut: dict[int, Line] = {}
    for day in sorted({*turns, *ends}):
        for line in ends.get(day, ()):
            if now.get(line.post) is line:
                del now[line.post]
        new = turns.get(day, [])
        for line in new:
            now[line.post] = line
            kept.append(line)
        for line in sorted(new, key=lambda item: item.post):
            while circle := _circle(line.post, now):
                worst = max(circle, key=lambda item: (not item.told, item.span.first, item.post))
                del now[worst.post]
                cut[id(worst)] = _until(worst, line)
                told = " → ".join(names.get(item.post, item.post) for item in [*circle, circle[0]])
                report.flagged(
                    worst.stretch.record.at("reports_to"),
                    f"reporting lines run in a circle from {day} on: {told}; "
                    f"the manager of {names.get(worst.post, worst.post)} is unknown from then on",
                )
    found = [cut.get(id(line), line) for line in kept]
    return [line for line in found if line.span.first < line.span.until]


def _until(line: Line, other: Line) -> Line:
    """A line that ends where another begins."""
    return attrs.evolve(line, span=Span(line.span.start, other.span.start))


def _circle(post: str, now: Mapping[str, Line]) -> list[Line]:
    path: list[Line] = []
    at = post
    while (line := now.get(at)) is not None:
        path.append(line)
        at = line.to
        if at == post:
            return path
        if len(path) > len(now):
            return []  # a circle further up, which its own lines find
    return []
