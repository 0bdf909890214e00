"""When each change between two charts was, as the ledger tells it: a day, or no more than a month or a range.

The event behind a change is found in the versions of what it is about: the last one by which it became as it is.
"""

from collections.abc import Callable, Iterator

import attrs

from orgsim.changes import Change, words_of
from orgsim.chart import OrgChart
from orgsim.dates import When
from orgsim.events import Event
from orgsim.model import Noun, Person, Post, Unit

Look = Callable[[Noun], object]
"""What a change tells of a noun."""


@attrs.frozen
class Dated:
    """When a change was, and how sure the event is that made it."""

    date: When
    certainty: str

    @property
    def words(self) -> str:
        """For a column: `2020`, `between 2018 and 2019 [expected]`."""
        return self.date.words + (f" [{self.certainty}]" if self.certainty != "stated" else "")


def dated(change: Change, old: OrgChart, new: OrgChart) -> Dated | None:
    """When a change from one chart to another was; None where no event made it (a retraction, a restatement)."""
    later, told = (old, change.before) if old.at > new.at else (new, change.after)
    found = [event for id_, look in _looks(change, told) if (event := _maker(later, id_, look)) is not None]
    last = max(found, key=lambda event: (event.date.last, event.date.day), default=None)
    return Dated(last.date, later.certainty(last)) if last is not None else None


def _maker(chart: OrgChart, id_: str, look: Look) -> Event | None:
    """The last event by which what is looked at became otherwise than it was; what a day undoes again is nothing."""
    maker, last, day = None, None, None
    writer, now = maker, last
    for event, noun in chart.written(id_):
        if event is not None and event.date.day != day:
            maker, day = (writer if now != last else maker), event.date.day
            last = now
        seen = look(noun) if noun is not None else None
        if seen != now:
            writer, now = event, seen
    return writer if now != last else maker


def _looks(change: Change, told: tuple[str, ...]) -> Iterator[tuple[str, Look]]:
    """Where to look, and for what; `told` is the later side of the change."""
    subject, both = change.subject, (*change.before, *change.after)
    if change.kind in {"joined", "left"}:
        yield subject, _employed(both[0])
    elif change.kind in _HOLDING:
        for post in set(change.before) ^ set(change.after):
            yield post, _held_by(subject, acting=change.kind == "acting")
        if change.kind == "moved":  # of a post, to another unit
            yield subject, lambda noun: noun.unit if isinstance(noun, Post) else None
    elif change.kind == "fte-changed":
        yield subject, _share_at(told[0])
    elif change.kind == "post-changed":
        yield subject, lambda noun: told[0] in words_of(noun) or None if isinstance(noun, Post) else None
    elif change.kind in _LOOKS:
        yield subject, _LOOKS[change.kind]


_HOLDING = {"promoted", "moved", "appointed", "vacated", "acting"}


def _employed(organization: str) -> Look:
    return lambda noun: True if isinstance(noun, Person) and noun.employment(organization) is not None else None


def _share_at(organization: str) -> Look:
    """How much of a full-time job a person has with an organization."""

    def look(noun: Noun) -> object:
        job = noun.employment(organization) if isinstance(noun, Person) else None
        return job.fte if job is not None else None

    return look


def _held_by(person: str, *, acting: bool) -> Look:
    """Whether a person holds a post so; no is as before there was a post."""

    def look(noun: Noun) -> object:
        holder = noun.held_by(person) if isinstance(noun, Post) else None
        return True if holder is not None and holder.acting == acting else None

    return look


def _line(noun: Noun) -> object:
    return noun.line.to if isinstance(noun, Post) and noun.line is not None else None


def _dotted(noun: Noun) -> object:
    return {line.to for line in noun.lines if line.dotted} or None if isinstance(noun, Post) else None


def _open(noun: Noun) -> object:
    return noun.open or None if isinstance(noun, Post | Unit) else None


def _away(noun: Noun) -> object:
    return True if isinstance(noun, Person) and noun.leave is not None else None


_LOOKS: dict[str, Look] = {
    **dict.fromkeys(("leave-started", "leave-ended"), _away),
    **dict.fromkeys(("post-opened", "post-closed", "unit-opened", "unit-closed"), _open),
    "renamed": lambda noun: getattr(noun, "name", None),
    "retitled": lambda noun: getattr(noun, "title", None),
    "re-parented": _line,
    "re-lined": _dotted,
    "unit-moved": lambda noun: getattr(noun, "parent", None),
    "unit-renamed": lambda noun: getattr(noun, "name", None),
    "unit-changed": lambda noun: getattr(noun, "kind", None),
}
