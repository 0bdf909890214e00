"""Stretches of time laid side by side: where any of them is, where they end, and who is in force in between."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs

from orgsim.events import SourceRef
from orgsim.importers.draft import Spell
from orgsim.importers.snapshots_series import Moment, Span, Stretch


def union(spans: Iterable[Span]) -> list[Span]:
    """The times that any of them covers, in order, apart."""
    found: list[Span] = []
    for item in sorted(spans, key=lambda s: (s.first, s.until)):
        if found and item.first <= found[-1].until:
            if item.until > found[-1].until:
                found[-1] = attrs.evolve(found[-1], end=item.end)
        else:
            found.append(item)
    return found


def common(one: Span, others: Iterable[Span]) -> list[Span]:
    """The parts of a span that lie within others."""
    found = []
    for other in others:
        start = max(one.start, other.start, key=lambda m: m.day)
        until = min(one.until, other.until)
        if start.day < until:
            found.append(Span(start, one.end if one.until == until else other.end))
    return found


def within(day: dt.date, spans: Iterable[Span]) -> bool:
    """Whether any of them covers a day."""
    return any(item.covers(day) for item in spans)


def pieces(
    stretches: Sequence[Stretch], within: Iterable[Span], also: Iterable[Moment] = ()
) -> Iterator[tuple[Span, list[Stretch]]]:
    """The parts of spans in which the same stretches are in force, each with these."""
    turns: dict[dt.date, Moment] = {}
    spans = [s.span for s in stretches]
    for moment in [*(s.start for s in spans), *(s.end for s in spans if s.end is not None), *also]:
        turns.setdefault(moment.day, moment)
    days = sorted(turns)
    ordered = sorted(stretches, key=lambda s: s.span.first)
    for whole in within:
        inside = [turns[day] for day in days if whole.first < day < whole.until]
        active: list[Stretch] = []
        coming = iter(ordered)
        following = next(coming, None)
        for start, end in zip([whole.start, *inside], [*inside, whole.end], strict=True):
            active = [s for s in active if s.span.until > start.day]
            while following is not None and following.span.first <= start.day:
                if following.span.until > start.day:
                    active.append(following)
                following = next(coming, None)
            yield Span(start, end), list(active)


@attrs.frozen
class Files:
    """The documents that events cite, by the number of the file."""

    ids: Sequence[str]

    def ref(self, stretch: Stretch) -> tuple[SourceRef, ...]:
        """The row that says something."""
        record = stretch.record
        return (SourceRef(self.ids[record.file], line=record.place.row),)

    def spell(self, span: Span, value: Any, told: Stretch | None) -> Spell:
        """A spell of a draft: its events are known, and cited, as what was told."""
        start, end = span.start, span.end
        ending: dict[str, Any] = {}
        if end is not None:
            ending = _known(end)
            if end.inferred:
                ending["certainty"] = "inferred"
            if end.file is not None:
                ending["source"] = (SourceRef(self.ids[end.file]),)
        return Spell(
            start.day,
            end.day if end is not None else None,
            value,
            began=start.when,
            source=self.ref(told) if told is not None else (),
            extra=_known(start),
            ending=ending,
            ended=end.when if end is not None else None,
        )


def _known(moment: Moment) -> dict[str, Any]:
    return {"known": moment.known} if moment.known != moment.day else {}
