"""The storyteller: from strings of bytes to a legal list of events.

A story is told in chapters, one for each day on which something happens.  Whatever happens in a later chapter becomes
known no earlier than what happened before, so what is known on a date is always a beginning of the story.  Three
things may be told otherwise, because nothing rests on them: small news that is learned late, rival accounts, and
rumors, which happen in a copy of the world and are retracted before the next chapter becomes known.
"""

import datetime as dt
from typing import Any

import attrs

from orgsim import events as ev
from orgsim.dates import When
from orgsim.testing.moves import MOVES, Cast, Dice
from orgsim.testing.world import World

Chapter = tuple[bytes, list[bytes], list[bytes]]
"""The dice of a day, of what happens on it, and of a rumor."""

_LATE = (0, 0, 0, 1, 7, 30, -20, 400)  # days from an event to its being known
_PAUSES = (1, 2, 7, 30, 90, 365)
_SMALL_NEWS = {
    ev.ChangePerson: {"person", "name"},
    ev.ChangeEmployment: {"person", "organization", "fte"},
    ev.ChangeUnit: {"unit", "name"},
    ev.ChangePost: {"post", "title", "level", "critical"},
}


class Story:
    """Tells chapter after chapter; `events` is what it told so far."""

    def __init__(self, cast: Cast, first_day: dt.date, name: str) -> None:
        self.cast, self.name = cast, name
        self.world = World()
        self.events: list[ev.Event] = []
        self.day = first_day
        self.known = dt.date.min
        self.ids = 0

    def tell(self, chapter: Chapter, most: int) -> None:
        """Tell one day, with at most so many events."""
        header, moves, rumor = chapter
        dice = Dice(header)
        if self.events:
            self.day = _later(self.day, dice)
        self.known = max(self.known, self.day + dt.timedelta(days=dice.pick(_LATE)))
        asserted: list[Dice] = []
        for data in moves:
            own = Dice(data)
            if own.chance(12):
                asserted.append(own)
            elif (event := self._move(own, most)) is not None:
                self._say(event, own, most)
        for own in asserted:
            self._expect(own, most)
        # What is asserted of this day must stay so; where nothing is, a rumor may begin on it.
        self._rumor([Dice(data) for data in rumor], most, self.day + dt.timedelta(days=bool(asserted)))

    def _say(self, event: ev.Event, dice: Dice, most: int) -> None:
        """Record an event, perhaps as learned late, perhaps with a rival account."""
        if _is_small(event) and dice.chance(3):
            event = attrs.evolve(event, known=self.known + dt.timedelta(days=dice.roll(60)))
        if dice.chance(8) and len(self.events) + 1 < most:
            event = attrs.evolve(event, id=self._new_id())
            rival = attrs.evolve(event, id=None, disputes=event.id, certainty="disputed")
            shift = dt.timedelta(days=dice.roll(40) - 20)
            self.events.append(attrs.evolve(rival, date=When.on(rival.date.day + shift)))
        self.events.append(event)

    def _expect(self, dice: Dice, most: int) -> None:
        """Assert something that is so at the end of the day."""
        facts = list(self.world.facts())
        if facts and len(self.events) < most:
            self.events.append(self._event(ev.Expect, dict(dice.pick(facts)), dice, self.day))

    def _rumor(self, dice: list[Dice], most: int, day: dt.date) -> None:
        """Tell what did not happen, in a copy of the world, and retract it."""
        truth, told = self.world.copy(), list[ev.Event]()
        for own in dice:
            day += dt.timedelta(days=own.roll(3))
            event = self._move(own, most - 2 * len(told) - 1, day)
            if event is not None:
                told.append(attrs.evolve(event, id=self._new_id()))
        self.world = truth
        if told:
            self.known += dt.timedelta(days=dice[0].roll(40))
            for event in told:
                on = When.on(self.known)
                self.events += [event, ev.Retract(of=event.id or "", date=on, known=self.known)]

    def _move(self, dice: Dice, most: int, day: dt.date | None = None) -> ev.Event | None:
        """The event that the dice choose, or the next that is possible; it has happened in the world."""
        if len(self.events) >= most:
            return None
        start = dice.roll(len(MOVES))
        for move in MOVES[start:] + MOVES[:start]:
            found = move(self.world, dice, self.cast)
            if found is not None:
                event = self._event(*found, dice, day or self.day)
                after = self.world.copy()
                after.apply(event)
                if not after.has_cycle():
                    self.world = after
                    return event
        return None

    def _event(self, cls: type[ev.Event], fields: dict[str, Any], dice: Dice, day: dt.date) -> ev.Event:
        """An event with its date in one of the ways to write it, and its evidence."""
        given = {name: value for name, value in fields.items() if value is not None}
        if self.known != day:
            given["known"] = self.known
        if dice.chance(4):
            given["certainty"] = dice.pick(ev.CERTAINTIES)
            given["by"] = dice.maybe(self.cast.names, 2)
            given["note"] = dice.maybe(self.cast.names, 2)
            given["announced"] = dice.maybe((day,), 2)
        if self.cast.sources and dice.chance(3):
            given["source"] = (ev.SourceRef(dice.pick(self.cast.sources), line=dice.maybe((1, 137), 2)),)
        return cls(date=_written(day, dice), **given)

    def _new_id(self) -> str:
        self.ids += 1
        return f"{self.name}-{self.ids}"


def _is_small(event: ev.Event) -> bool:
    """Whether nothing rests on an event."""
    names = _SMALL_NEWS.get(type(event))
    own = attrs.fields_dict(type(event)).keys() - attrs.fields_dict(ev.Event).keys()
    return names is not None and all(getattr(event, name) is None for name in own - names)


def _later(day: dt.date, dice: Dice) -> dt.date:
    """A later day, rather often the first of a month or a year."""
    day += dt.timedelta(days=dice.pick(_PAUSES))
    match dice.roll(5):
        case 3:
            return (day.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
        case 4:
            return dt.date(day.year + 1, 1, 1)
        case _:
            return day


def _written(day: dt.date, dice: Dice) -> When:
    """A date in force from a day: exact, or reduced, or a range, or open."""
    match dice.roll(8):
        case 4 | 5 if (day.month, day.day) == (1, 1):
            return When(day, day.replace(month=12, day=31), f"{day.year:04}")
        case 4 | 5 | 6 if day.day == 1:
            last = (day + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
            return When(day, last, f"{day.year:04}-{day.month:02}")
        case 6:
            last = day + dt.timedelta(days=1 + dice.roll(10))
            return When(day, last, f"{day}..{last}")
        case 7:
            return When(None, day, f"..{day}")
        case _:
            return When.on(day)
