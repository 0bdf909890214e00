"""The ledger: a proven history of events, and the questions one can ask it about time."""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Iterator
from functools import partial
from operator import attrgetter
from typing import TypeVar

import attrs

from orgsim.chart import OrgChart
from orgsim.collector import paused
from orgsim.errors import OrgsimError
from orgsim.events import Event, Expect, Retract
from orgsim.fold import Steps, as_known, prove
from orgsim.index import Index, index_events
from orgsim.model import Noun, Person, Post, Source
from orgsim.outstanding import outstanding
from orgsim.references import check_references, check_values
from orgsim.timeline import Timeline

_Declared = TypeVar("_Declared", Person, Source)
KEPT = 8
"""How many timelines a ledger keeps: the one with all that is known, and the last few asked for."""


def _folded(text: str) -> str:
    """Text for comparing names: case and width do not matter."""
    return unicodedata.normalize("NFKC", text).casefold()


def _plain(text: str) -> str:
    """Text for finding names as they are typed: marks on letters do not matter either, nor strokes through them."""
    letters = (_letter(char) for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return unicodedata.normalize("NFKC", "".join(letters)).casefold()


def _letter(char: str) -> str:
    """The letter without its stroke, for which Unicode tells no parts: its name does."""
    bare, with_, _ = ("", "", "") if char.isascii() else unicodedata.name(char, "").partition(" WITH ")
    try:
        return unicodedata.lookup(bare) if with_ and bare.startswith("LATIN") else char
    except KeyError:  # a letter that is none without its stroke
        return char


def _by_day(events: Iterable[Event]) -> tuple[Event, ...]:
    return tuple(sorted(events, key=attrgetter("date.day")))


def _people(people: Iterable[Person]) -> tuple[Person, ...]:
    return _each_once(tuple(people))


def _sources(sources: Iterable[Source]) -> tuple[Source, ...]:
    return _each_once(tuple(sources))


def _each_once(nouns: tuple[_Declared, ...]) -> tuple[_Declared, ...]:
    if len({noun.id for noun in nouns}) < len(nouns):
        raise ValueError("a person or a source is declared twice")  # a file tells where; this is a wrong call
    return nouns


@attrs.frozen
class Ledger:
    """Events in the order in which they apply, with the people and sources they name.

    There is no invalid ledger: making one proves it at every date on which something became known, and raises
    `OrgsimError` with every problem otherwise.
    """

    events: tuple[Event, ...] = attrs.field(converter=_by_day, repr=False)
    people: tuple[Person, ...] = attrs.field(default=(), converter=_people, repr=False)
    sources: tuple[Source, ...] = attrs.field(default=(), converter=_sources, repr=False)
    index: Index = attrs.field(init=False, eq=False, repr=False)
    _steps: Steps = attrs.field(init=False, eq=False, repr=False)
    _timelines: dict[dt.date | None, Timeline] = attrs.field(init=False, eq=False, repr=False, factory=dict)
    _retracted: dict[str, dt.date] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Prove it, or raise."""
        with paused():
            made = [event for event in self.events if event.where is None]
            wrong = check_values([*made, *self.people, *self.sources])
            if wrong:
                raise OrgsimError(wrong)
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
        for day in (at, known):
            if day is not None and (not isinstance(day, dt.date) or isinstance(day, dt.datetime)):
                raise TypeError(f"a chart is of a day, a datetime.date, not of {day!r}")
        timeline = self._timeline(known)
        tracks = timeline.tracks
        until = self._steps.until(at)

        def get(id_: str) -> Noun | None:
            track = tracks.get(id_)
            return track.before(until) if track is not None else None

        sees = partial(self.sees, known=known)
        return OrgChart(at, known, self.index, get, sees, view=(timeline, until))

    def charts(self, dates: Iterable[dt.date], known: dt.date | None = None) -> Iterator[OrgChart]:
        """A chart for each date, from one fold."""
        return (self.chart(at, known) for at in dates)

    def sees(self, event: Event, known: dt.date | None = None) -> bool:
        """Whether an event counts with what was known on a day: known by then, and not yet retracted."""
        retracted = self._retracted.get(event.id) if event.id is not None else None
        if known is None:
            return retracted is None
        return event.known <= known and (retracted is None or retracted > known)

    def undecided(self, day: dt.date, known: dt.date | None = None) -> tuple[Event, ...]:
        """The events that count by the end of a day and may be later: their vague dates begin by then and end after."""
        around = (e for e in self.events if e.date.first is not None and e.date.first <= day < e.date.last)
        aside = (Expect, Retract)
        return tuple(e for e in around if e.disputes is None and not isinstance(e, aside) and self.sees(e, known))

    def outstanding(self, day: dt.date, known: dt.date | None = None) -> tuple[Event, ...]:
        """The events that are only expected and count by the end of a day, while nothing tells that they came about."""
        seen = [event for event in self.events if event.date.day <= day and self.sees(event, known)]
        return outstanding(seen, seen)

    def versions(self, id_: str, known: dt.date | None = None) -> Iterator[tuple[dt.date, Noun | None]]:
        """Every value a person, post or unit had, with the day it had it first; of one day, the last counts.

        People declared in the ledger are there from `date.min` on.
        """
        track = self._timeline(known).tracks.get(id_)
        last: tuple[dt.date, Noun | None] | None = None
        for step, noun in zip(track.steps, track.values, strict=True) if track is not None else ():
            item = self._steps.order[step] if step >= 0 else None
            day = item.date.day if isinstance(item, Event) else dt.date.min
            if last is not None and last[0] != day:
                yield last
            last = (day, noun)
        if last is not None:
            yield last

    def touching(self, id_: str, known: dt.date | None = None) -> set[int]:
        """The `id()` of every event that changed a person, post or unit."""
        track = self._timeline(known).tracks.get(id_)
        steps = track.steps if track is not None else []
        return {id(self._steps.order[step]) for step in steps if step >= 0}

    def last(self, id_: str) -> Noun | None:
        """The last value a person, post or unit had, whatever became of it."""
        values = [noun for _, noun in self.versions(id_) if noun is not None]
        return values[-1] if values else None

    def find(self, text: str) -> list[tuple[str, str, str]]:
        """Every id whose id, name, title or alias contains a text, whatever its case: (id, noun, name).

        Diacritics do not matter (`jose` finds José); who has the text just so comes first.
        """
        wanted, plain = _folded(text), _plain(text)
        exact, found = [], []
        for id_, noun in self.index.ids.items():
            if id_ in self.index.personal:
                continue  # found as the person
            names = self._names(id_)
            row = (id_, noun, names[0] if names else id_)
            if any(wanted in _folded(name) for name in (id_, *names)):
                exact.append(row)
            elif plain and any(plain in _plain(name) for name in (id_, *names)):
                found.append(row)
        return exact + found

    def _names(self, id_: str) -> list[str]:
        """Every name a noun ever had, the latest first."""
        track = self._timeline(None).tracks.get(id_)
        names: dict[str, None] = {}
        for noun in reversed(track.values if track is not None else []):
            if isinstance(noun, Person):
                names |= dict.fromkeys((noun.name, *noun.aliases))
            elif noun is not None:
                names[noun.title if isinstance(noun, Post) else noun.name] = None
        return list(names)

    def _timeline(self, known: dt.date | None) -> Timeline:
        timeline = self._timelines.get(known)
        if timeline is None:
            if len(self._timelines) > KEPT:
                del self._timelines[next(key for key in self._timelines if key is not None)]
            timeline = self._timelines[known] = as_known(self._steps, self.index, known or dt.date.max)
        return timeline
