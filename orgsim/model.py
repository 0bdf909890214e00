"""The nouns of an organization: what is true at a moment.

Frozen values without behavior beyond looking at themselves.  Each remembers the events that made it.  Whether a
change is allowed is told in `rules`; how events become nouns, in `replay`.
"""

import datetime as dt
from collections.abc import Iterator
from operator import attrgetter
from typing import Any, TypeVar

import attrs

from orgsim.dates import When
from orgsim.events import Event, Seats

BODIES = ("board", "committee")
"""Kinds of unit whose members need no employment and are no headcount."""


@attrs.frozen
class Source:
    """A document that events cite."""

    id: str
    title: str | None = attrs.field(default=None, metadata={"type": "name"})
    file: str | None = attrs.field(default=None, metadata={"type": "name"})
    url: str | None = attrs.field(default=None, metadata={"type": "name"})
    published: dt.date | None = attrs.field(default=None, metadata={"type": "day"})
    publisher: str | None = attrs.field(default=None, metadata={"type": "name"})
    language: str | None = attrs.field(default=None, metadata={"type": "name"})
    note: str | None = attrs.field(default=None, metadata={"type": "text"})


@attrs.frozen
class Employment:
    """A person in an organization, from `since` on; `fte` is the share of a full-time job.

    `moved` is the merger by which the organization became the employer, `changed` what last changed the share.
    """

    organization: str
    since: When
    fte: float
    contract: str
    event: Event
    moved: Event | None = None
    changed: Event | None = None


@attrs.frozen
class Leave:
    """A person on leave, from `since` on."""

    since: When
    reason: str
    event: Event


@attrs.frozen
class Person:
    """A human being: employments, the ids of the posts held (in order of appointment), and leave.

    `marked` are the posts marked primary, the last mark last.
    """

    id: str
    name: str = attrs.field(metadata={"type": "name"})
    aliases: tuple[str, ...] = attrs.field(default=(), metadata={"type": "names"})
    note: str | None = attrs.field(default=None, metadata={"type": "text"})
    employments: tuple[Employment, ...] = ()
    posts: tuple[str, ...] = ()
    leave: Leave | None = None
    marked: tuple[str, ...] = ()

    def employment(self, organization: str) -> Employment | None:
        """The employment in one organization, or None."""
        for employment in self.employments:
            if employment.organization == organization:
                return employment
        return None


@attrs.frozen
class Appointment:
    """Somebody holds a post: a person, or `seats` people who are not named (`person` is None)."""

    person: str | None
    since: When
    acting: bool
    primary: bool
    seats: int
    holder: str | None
    event: Event


@attrs.frozen
class ReportingLine:
    """A line from a post to `to`: a post, a unit, or `none` for a stated top."""

    to: str
    dotted: bool
    since: When
    event: Event


@attrs.frozen
class Post:
    """A seat, or several, that exists whether or not anyone holds it.

    `personal` names the person whose own post it is; `vacated` is the event that last emptied a seat.
    """

    id: str
    title: str
    unit: str
    seats: Seats = 1
    level: str | None = None
    critical: bool = False
    heads: str | None = None
    personal: str | None = None
    holders: tuple[Appointment, ...] = ()
    lines: tuple[ReportingLine, ...] = ()
    vacated: Event | None = None
    open: bool = True
    events: tuple[Event, ...] = ()

    @property
    def taken(self) -> int:
        """How many seats have a substantive holder."""
        return sum(holder.seats for holder in self.holders if not holder.acting)

    @property
    def vacant(self) -> bool:
        """True when no seat has a substantive holder; acting cover does not fill a post."""
        return all(holder.acting for holder in self.holders)

    @property
    def line(self) -> ReportingLine | None:
        """The solid line, or None when the manager is not known."""
        for line in self.lines:
            if not line.dotted:
                return line
        return None

    def held_by(self, person: str) -> Appointment | None:
        """How a person holds this post, or None."""
        for holder in self.holders:
            if holder.person == person:
                return holder
        return None


@attrs.frozen
class Unit:
    """A division, team, board or committee; without a parent it is an organization."""

    id: str
    name: str
    kind: str
    parent: str | None = None
    open: bool = True
    events: tuple[Event, ...] = ()

    @property
    def is_body(self) -> bool:
        """True for a board or committee, whose members need no employment."""
        return self.kind in BODIES


Noun = Person | Post | Unit


_Value = TypeVar("_Value")
_GET: dict[type[Any], tuple["attrgetter[Any]", dict[str, int]]] = {}


def changed(value: _Value, **changes: Any) -> _Value:
    """A copy of a noun with some fields changed: what `attrs.evolve` does, at half the cost."""
    cls = type(value)
    known = _GET.get(cls)
    if known is None:
        names = [field.name for field in attrs.fields(cls)]  # type: ignore[arg-type]
        known = _GET[cls] = (attrgetter(*names), {name: at for at, name in enumerate(names)})
    get, places = known
    values = list(get(value))
    for name, new in changes.items():
        values[places[name]] = new
    return cls(*values)


def personal_post(person: str, organization: str) -> str:
    """The id of the post a person has in an organization while appointed to no other."""
    return f"{person}/{organization}"


def personal_parts(post: str) -> Iterator[tuple[str, str]]:
    """Every person and organization whose personal post an id may be; their own ids may have slashes as well."""
    for at, character in enumerate(post):
        if character == "/":
            yield post[:at], post[at + 1 :]
