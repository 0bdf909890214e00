"""The ledger: a proven history of events, and the questions one can ask it about time."""

import datetime as dt
from collections.abc import Iterable, Iterator

import attrs

from orgsim.chart import OrgChart
from orgsim.collector import paused
from orgsim.errors import OrgsimError, did_you_mean
from orgsim.events import Event, Retract
from orgsim.fold import Steps, as_known, prove
from orgsim.index import Index, index_events
from orgsim.model import Noun, Person, Source
from orgsim.references import check_references
from orgsim.timeline import Timeline


def _by_day(events: Iterable[Event]) -> tuple[Event, ...]:
    return tuple(sorted(events, key=lambda event: event.date.day))


@attrs.frozen
class Ledger:
    """Events in the order in which they apply, with the people and sources they name.

    There is no invalid ledger: making one proves it at every date on which something became known, and raises
    `OrgsimError` with every problem otherwise.
    """

    events: tuple[Event, ...] = attrs.field(converter=_by_day, repr=False)
    people: tuple[Person, ...] = attrs.field(default=(), converter=tuple, repr=False)
    sources: tuple[Source, ...] = attrs.field(default=(), converter=tuple, repr=False)
    index: Index = attrs.field(init=False, eq=False, repr=False)
    _steps: Steps = attrs.field(init=False, eq=False, repr=False)
    _timelines: dict[dt.date | None, Timeline] = attrs.field(init=False, eq=False, repr=False, factory=dict)
    _retracted: dict[str, dt.date] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Prove it, or raise."""
        with paused():
            index = index_events(self.events, self.people, self.sources)
            problems = check_references(self.events, index)
            steps = Steps(self.events)
            timeline, refused = prove(steps, index)
        if problems or refused:
            raise OrgsimError([*problems, *refused])
        object.__setattr__(self, "index", index)
        object.__setattr__(self, "_steps", steps)
        object.__setattr__(self, "_retracted", {e.of: e.known for e in self.events if isinstance(e, Retract)})
        self._timelines[None] = timeline

    # -------------------------------------------------------------------------------------------------------- charts

    def chart(self, at: dt.date, known: dt.date | None = None) -> OrgChart:
        """What is true on `at`, with all that is known, or with what was known on `known`."""
        tracks = self._timeline(known).tracks
        until = self._steps.until(at)

        def get(id_: str) -> Noun | None:
            track = tracks.get(id_)
            return track.before(until) if track is not None else None

        return OrgChart(at, known, self.index, get, lambda event: self.sees(event, known))

    def charts(self, dates: Iterable[dt.date], known: dt.date | None = None) -> Iterator[OrgChart]:
        """A chart for each date, from one fold."""
        return (self.chart(at, known) for at in dates)

    def sees(self, event: Event, known: dt.date | None = None) -> bool:
        """Whether an event counts with what was known on a day: known by then, and not yet retracted."""
        retracted = self._retracted.get(event.id) if event.id is not None else None
        if known is None:
            return retracted is None
        return event.known <= known and (retracted is None or retracted > known)

    def _timeline(self, known: dt.date | None) -> Timeline:
        timeline = self._timelines.get(known)
        if timeline is None:
            if len(self._timelines) > 8:  # the one as known today, and the last few asked for
                del self._timelines[next(key for key in self._timelines if key is not None)]
            timeline = self._timelines[known] = as_known(self._steps, self.index, known or dt.date.max)
        return timeline
