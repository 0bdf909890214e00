"""What a list of events could ever touch, found once before anything is replayed.

Nouns keep no reverse lookups (who reports to this post? which posts are in this unit?), so that a change touches
few of them.  The index answers instead with *candidates*: every id for which it could ever be true.  Whoever asks
looks at the candidates' state at the moment.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import attrs

from orgsim.events import (
    Appoint,
    ChangePost,
    ChangeUnit,
    CloseUnit,
    CreatePost,
    Event,
    Expect,
    Hire,
    OpenUnit,
    Report,
)
from orgsim.model import Person, Source, personal_post

Candidates = dict[str, dict[str, None]]
"""For an id, an ordered set of ids."""


@attrs.define
class Index:
    """Candidates by id, and what the ledger declares; built by `index_events`."""

    people: dict[str, Person]
    sources: dict[str, Source]
    events: dict[str, Event] = attrs.field(factory=dict)
    disputes: dict[str, list[Event]] = attrs.field(factory=dict)
    expectations: dict[str, list[Expect]] = attrs.field(factory=dict)
    posts_of_person: Candidates = attrs.field(factory=dict)
    posts_of_unit: Candidates = attrs.field(factory=dict)
    units_under: Candidates = attrs.field(factory=dict)
    heads_of: Candidates = attrs.field(factory=dict)
    people_of: Candidates = attrs.field(factory=dict)
    reporters: Candidates = attrs.field(factory=dict)
    ids: dict[str, str] = attrs.field(factory=dict)
    """What each id is: `person`, `post` or `unit`; the first to take it decides."""
    names: dict[str, str] = attrs.field(factory=dict)
    """The first name, title or unit name given to an id, whatever became of it."""
    personal: dict[str, str] = attrs.field(factory=dict)
    """The person behind the id of each personal post."""

    @cached_property
    def lingering(self) -> bool:
        """Whether anybody ever reports to a personal post, which may then outlast its person."""
        return any(id_ in self.reporters for id_ in self.personal)

    @cached_property
    def post_ids(self) -> list[str]:
        """Every post there may ever be, in the order first named."""
        return [id_ for id_, noun in self.ids.items() if noun == "post"]

    @cached_property
    def unit_ids(self) -> list[str]:
        """Every unit there may ever be, in the order first named."""
        return [id_ for id_, noun in self.ids.items() if noun == "unit"]

    @cached_property
    def person_ids(self) -> list[str]:
        """Every person there may ever be: those declared, then the others in the order first named."""
        return [id_ for id_, noun in self.ids.items() if noun == "person"]


def index_events(events: Iterable[Event], people: Iterable[Person] = (), sources: Iterable[Source] = ()) -> Index:
    """Read every event once and note what it could ever touch."""
    index = Index({p.id: p for p in people}, {s.id: s for s in sources})
    index.ids.update(dict.fromkeys(index.people, "person"))
    index.names.update({person.id: person.name for person in index.people.values()})
    lines: list[Report | CreatePost | ChangePost] = []
    merges: list[CloseUnit] = []
    for event in events:
        if event.id is not None:
            index.events.setdefault(event.id, event)
        if event.disputes is not None:
            index.disputes.setdefault(event.disputes, []).append(event)
        note = _NOTE.get(type(event))
        if note is not None:
            note(index, event)
        if isinstance(event, Report | CreatePost | ChangePost):
            lines.append(event)
        elif isinstance(event, CloseUnit) and event.into is not None:
            merges.append(event)
    for _ in range(len(merges) + 1):  # a unit merged into another may itself have taken what others had
        for event in lines:
            _note_line(index, event)
        news = [_note_merge(index, merge) for merge in merges]  # a list, so that every one is noted
        if not any(news):
            break
    return index


def _add(table: Candidates, key: str, id_: str) -> bool:
    known = table.get(key)
    if known is None:
        table[key] = {id_: None}
        return True
    if id_ in known:
        return False
    known[id_] = None
    return True


def _note_hire(index: Index, event: Hire) -> None:
    index.ids.setdefault(event.person, "person")
    if event.name is not None:
        index.names.setdefault(event.person, event.name)
    _note_employee(index, event.person, event.organization)


def _note_employee(index: Index, person: str, organization: str) -> bool:
    post = personal_post(person, organization)
    if post in index.personal:
        return False
    index.ids.setdefault(post, "post")
    index.personal[post] = person
    _add(index.posts_of_person, person, post)
    _add(index.posts_of_unit, organization, post)
    _add(index.people_of, organization, person)
    return True


def _note_appoint(index: Index, event: Appoint) -> None:
    if event.person is not None:
        _add(index.posts_of_person, event.person, event.post)


def _note_post(index: Index, event: CreatePost | ChangePost) -> None:
    if isinstance(event, CreatePost):
        index.ids.setdefault(event.post, "post")
        if event.title is not None:
            index.names.setdefault(event.post, event.title)
    if event.unit is not None:
        _add(index.posts_of_unit, event.unit, event.post)
    if event.heads is not None and event.heads != "none":
        _add(index.heads_of, event.heads, event.post)


def _note_unit(index: Index, event: OpenUnit | ChangeUnit) -> None:
    if isinstance(event, OpenUnit):
        index.ids.setdefault(event.unit, "unit")
        if event.name is not None:
            index.names.setdefault(event.unit, event.name)
    if event.parent is not None:
        _add(index.units_under, event.parent, event.unit)


def _note_expect(index: Index, event: Expect) -> None:
    for id_ in (event.post, event.person, event.unit):
        if id_ is not None:
            index.expectations.setdefault(id_, []).append(event)


_NOTE: dict[type[Event], Any] = {
    Hire: _note_hire,
    Appoint: _note_appoint,
    CreatePost: _note_post,
    ChangePost: _note_post,
    OpenUnit: _note_unit,
    ChangeUnit: _note_unit,
    Expect: _note_expect,
}


def _note_line(index: Index, event: Report | CreatePost | ChangePost) -> None:
    if isinstance(event, Report):
        target: str | None = event.to
        subject = event.post or event.person or ""
    else:
        target, subject = event.reports_to, event.post
    if target is not None:
        for goal in _posts(index, target):
            for post in _posts(index, subject):
                _add(index.reporters, goal, post)


def _posts(index: Index, id_: str) -> Iterable[str]:
    """The posts a line with this end may touch: lines of a personal post follow the person to a new post."""
    person = index.personal.get(id_, id_)
    return index.posts_of_person.get(person, (id_,))


def _note_merge(index: Index, merge: CloseUnit) -> bool:
    if merge.into is None:
        return False
    new = False
    for table in (index.posts_of_unit, index.units_under, index.reporters):
        for id_ in list(table.get(merge.unit, ())):
            new |= _add(table, merge.into, id_)
    for organization in _at_or_above(index, merge.into):
        for person in list(index.people_of.get(merge.unit, ())):
            new |= _note_employee(index, person, organization)
    return new


def _at_or_above(index: Index, unit: str) -> list[str]:
    """A unit and every unit it may ever be part of: one of them is the organization."""
    found = [unit]
    for below in found:
        found += [up for up, units in index.units_under.items() if below in units and up not in found]
    return found
