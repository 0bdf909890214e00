"""What the people of a table amount to as a history: units, posts, employments, holdings, lines, leaves."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from orgsim.dates import When
from orgsim.events import ChangePerson, Event
from orgsim.importers import tops
from orgsim.importers.cells import folded, seen_on
from orgsim.importers.draft import Draft, Spell
from orgsim.importers.employees.lines import MANAGER, TOP, UNKNOWN, Lines, Piece
from orgsim.importers.employees.people import FOREVER, Member, State, Stay
from orgsim.importers.employees.positions import one_after_the_other
from orgsim.importers.employees.records import Record
from orgsim.importers.naming import Ids
from orgsim.importers.report import ImportReport
from orgsim.model import Person, personal_post

Path = tuple[str, ...]
NOTHING: dict[str, Any] = {}
"""Nothing more to tell, shared by all of whom nothing is told."""


@attrs.define(eq=False)
class History:
    """Builds the events of an organization from its members."""

    organization: str
    members: list[Member]
    report: ImportReport
    known: dt.date | None
    draft: Draft = attrs.field(factory=Draft)
    ids: Ids = attrs.field(factory=Ids)
    people: dict[str, str] = attrs.field(factory=dict)
    """The id of each person, by key."""
    _contracts: dict[str, dict[str, Any]] = attrs.field(factory=dict)
    """Kinds of contract, one mapping for all who have the same."""
    _extras: dict[dt.date, dict[str, Any]] = attrs.field(factory=dict)
    _units: dict[Path, tuple[str, str]] = attrs.field(factory=dict)
    """The kind and the name of each unit."""
    _paths: dict[tuple[tuple[str, str], ...], Path] = attrs.field(factory=lambda: {(): ()})
    """The path of the units that a row names."""
    _variants: set[tuple[Path, str]] = attrs.field(factory=set)
    _posts: dict[str, list[State]] = attrs.field(factory=dict)
    _lasting: set[str] = attrs.field(factory=set)
    """The posts that survive their holders."""
    _drawn: set[int] = attrs.field(factory=set)
    """The `id()` of every piece of a line that is told where its post is created."""

    def events(self) -> tuple[list[Event], list[Person]]:
        """The events in order, and the people."""
        seats = self._seats()
        self._name_everything(seats)
        self._settle_posts(seats)
        pieces = Lines(self.members, self._lasting, self.report).work_out()
        self._mention_top(pieces)
        self._open_organization()
        self._open_units()
        for post, states in self._posts.items():
            line = self._first_line(post, states[0], pieces.get(post, ()))
            self._open_post(post, states, line)
        renamed: list[Event] = []
        people = []
        for member in self.members:
            self._employ(member)
            people.append(
                Person(
                    self.people[member.key],
                    member.states[0].record.name if member.states else member.stays[0].record.name,
                )
            )
            renamed += self._renamed(member, people[-1].name)
        for post, found in pieces.items():
            self._draw(post, found)
        events = self.draft.events()
        if renamed:
            events = sorted([*events, *renamed], key=lambda event: event.date.day)
        return events, people

    def counts(self) -> dict[str, int]:
        """How much of what there is."""
        stays = [stay for member in self.members for stay in member.stays]
        return {
            "employments": len(stays),
            "departures": sum(stay.end != FOREVER for stay in stays),
            "posts": len(self._posts),
            "units": len(self._units),
        }

    # --------------------------------------------------------------------------------------------------------- ids

    def _seats(self) -> set[str]:
        """The positions that are posts, held by one after the other."""
        positions: dict[str, list[State]] = {}
        for member in self.members:
            for state in member.states:
                if state.record.position is not None:
                    positions.setdefault(state.record.position, []).append(state)
        return {name for name, states in positions.items() if one_after_the_other(name, states, self.report)}

    def _name_everything(self, seats: set[str]) -> None:
        """Ids for all people, posts and units, from their own keys."""
        self.ids.want(
            "organization", (self.organization,), self.organization, self.members[0].records[0].place, given=True
        )
        for member in self.members:
            place = member.records[0].place
            self.ids.want("person", (member.key,), member.key, place, given=True)
            for state in member.states:
                record = state.record
                if record.position in seats:
                    self.ids.want("position", (record.position,), f"post-{record.position}", record.place, given=True)
                else:
                    self.ids.want("post of", (member.key,), f"post-of-{member.key}", place, given=True)
                if record.units and record.units not in self._paths:
                    self._note_units(state)
        for path in self._units:
            text = " ".join(self._units[path[:at]][1] for at in range(1, len(path) + 1))
            plain = text if any(char.isalpha() for char in text) else f"unit {text}"
            self.ids.want("unit", path, plain, self.members[0].records[0].place)
        self.ids.settle(self.report)
        self.organization = self.ids.of("organization", (self.organization,))
        for member in self.members:
            self.people[member.key] = id_ = self.ids.of("person", (member.key,))
            if id_ != member.key and any(state.record.name != member.key for state in member.states):
                self.report.mended(member.records[0].place, f"the id {member.key!r} becomes {id_!r}")

    def _note_units(self, state: State) -> None:
        """The units a row names: names that differ only in case and blanks are one unit."""
        path: Path = ()
        for kind, name in state.record.units:
            path = (*path, folded(name) or name)
            known = self._units.setdefault(path, (kind, name))
            if known[1] != name and (path, name) not in self._variants:
                self._variants.add((path, name))
                message = f"the unit {name!r} is called {known[1]!r} elsewhere; it is one unit"
                self.report.mended(state.record.place, message)
        self._paths[state.record.units] = path

    def _settle_posts(self, seats: set[str]) -> None:
        """Give every state its post."""
        self._lasting = {self.ids.of("position", (name,)) for name in seats}
        for member in self.members:
            own = any(s.record.title or s.record.units or s.record.position for s in member.states)
            for state in member.states:
                if state.record.position in seats:
                    state.post = self.ids.of("position", (state.record.position,))
                elif own:
                    state.post = self.ids.of("post of", (member.key,))
                else:
                    state.post = personal_post(self.people[member.key], self.organization)
                    continue
                self._posts.setdefault(state.post, []).append(state)
        for states in self._posts.values():
            if len(states) > 1:
                states.sort(key=lambda s: (s.start, *s.record.order))

    # ------------------------------------------------------------------------------------------------------ drafting

    def _extra(self, day: dt.date) -> dict[str, Any]:
        """When it became known, and whether it was still to come then."""
        if self.known is None:
            return {}
        found = self._extras.get(day)
        if found is None:
            found = {"known": self.known} | ({"certainty": "expected"} if day > self.known else {})
            self._extras[day] = found
        return found

    def _open_organization(self) -> None:
        first = min(
            (stay for member in self.members for stay in member.stays), key=lambda stay: (stay.start, stay.record.row)
        )
        value = {"name": None, "unit_kind": None, "parent": None}
        began = seen_on(first.start)
        extra = self._extra(first.start)
        self.draft.unit(self.organization, Spell(first.start, None, value, began, first.record.source, extra))

    def _open_units(self) -> None:
        first: dict[Path, State] = {}
        for states in self._posts.values():
            for state in states:
                path = self._paths[state.record.units]
                if path and (path not in first or state.start < first[path].start):
                    first[path] = state
        for path, state in list(first.items()):
            for at in range(1, len(path)):
                if path[:at] not in first or state.start < first[path[:at]].start:
                    first[path[:at]] = state
        for path, state in first.items():
            kind, name = self._units[path]
            parent = self.ids.of("unit", path[:-1]) if len(path) > 1 else self.organization
            value = {"name": name, "unit_kind": kind, "parent": parent}
            self.draft.unit(self.ids.of("unit", path), self._spell(state, None, value, _existed(state)))

    def _first_line(self, post: str, state: State, pieces: Sequence[Piece]) -> str | None:
        """Whom a post reports to from its beginning on, if that can be said when it is created; it is then drawn."""
        piece = pieces[0] if pieces else None
        if piece is None or piece.state is not state or piece.start != state.start or piece.to == UNKNOWN:
            return None
        followed = len(pieces) > 1 and pieces[1].start == piece.end and pieces[1].to != UNKNOWN
        above = self._posts.get(piece.to)
        there = piece.to == TOP or (above is not None and above[0].start < piece.start)
        if (
            not there
            or piece.began != (_existed(state) if post in self._lasting else state.began)
            or not (piece.end == FOREVER or followed)
        ):
            return None
        self._drawn.add(id(piece))
        return piece.to

    def _open_post(self, post: str, states: list[State], line: str | None) -> None:
        """A position is there from its first holder on; a post of somebody's own while they hold it."""
        title = unit = level = None
        lasting = post in self._lasting
        for at, state in enumerate(states):
            record = state.record
            path = self._paths[record.units]
            title = record.title or title or (record.position if lasting else record.name)
            unit = self.ids.of("unit", path) if path else unit or self.organization
            level = record.level or level
            value = {"title": title, "unit": unit, "level": level}
            if line is not None and at == 0:
                value["reports_to"] = line
            began = _existed(state) if lasting and at == 0 else state.began
            self.draft.post(post, self._spell(state, None if lasting else _day(state.end), value, began))

    def _spell(self, state: State, end: dt.date | None, value: Any, began: When | None = None) -> Spell:
        extra = self._extra(state.start)
        ending = self._extra(state.end) if end is not None else NOTHING
        source = state.record.source
        return Spell(state.start, end, value, began or state.began, source, extra, ending)

    def _employ(self, member: Member) -> None:
        person = self.people[member.key]
        for stay in member.stays:
            during = [state for state in member.states if stay.start <= state.start < stay.end]
            if all(state.record is not stay.record for state in during):  # it only tells of the hire
                hired = State(stay.start, stay.began, stay.end, stay.start, stay.record, dated=True)
                during.insert(0, hired)
            self._shares(person, during)
            spell = Spell(
                stay.start, _day(stay.end), self._contract(during), stay.began, stay.record.source,
                self._extra(stay.start), self._departure(stay) if stay.end != FOREVER else NOTHING, stay.ended,
            )  # fmt: skip
            self.draft.employed(person, self.organization, spell)
        for state in member.states:
            if state.post in self._posts:
                self.draft.holds(person, state.post, self._spell(state, _day(state.end), NOTHING))
            if state.record.leave:
                self._on_leave(person, state)

    def _shares(self, person: str, during: Sequence[State]) -> None:
        """The shares of a full-time job that the rows of an employment tell."""
        told: dict[dt.date, Record] = {}
        for state in during:
            record, fte = state.record, state.record.fte
            if fte is None:
                continue
            first = told.setdefault(state.start, record)
            if first is record:
                self.draft.share(person, self.organization, self._spell(state, _day(state.end), fte))
            elif first.fte != fte:
                message = f"says {fte:g}, where row {first.row} says {first.fte:g} of the same day; that counts"
                self.report.refused(record.at("fte"), message)

    def _contract(self, during: Sequence[State]) -> dict[str, Any]:
        """The kind of contract told first in an employment: another one would be another employment."""
        told: str | None = None
        for record in (state.record for state in during):
            told = told or record.contract
            if record.contract not in (None, told):
                message = f"changes to {record.contract}; kept as {told}, for that would be another employment"
                self.report.refused(record.at("contract"), message)
        return self._contracts.setdefault(told, {"contract": told}) if told is not None else NOTHING

    def _departure(self, stay: Stay) -> dict[str, Any]:
        record = stay.last
        note = (
            {}
            if record.reason_told is None or record.reason_told.casefold() == record.reason
            else {"note": record.reason_told}
        )
        return {"reason": record.reason, "source": record.source, **note, **self._extra(stay.end)}

    def _on_leave(self, person: str, state: State) -> None:
        if state.dated:
            self.draft.on_leave(person, self._spell(state, _day(state.end), {"reason": None}))
        elif state.start <= state.seen < state.end:
            source = state.record.source
            extra = self._extra(state.seen)
            self.draft.on_leave(person, Spell(state.seen, None, {"reason": None}, seen_on(state.seen), source, extra))

    def _renamed(self, member: Member, name: str) -> Iterator[Event]:
        """People whose later rows tell another name."""
        for state in member.states:
            if state.record.name != name:
                name = state.record.name
                extra = self._extra(state.start)
                source = state.record.source
                yield ChangePerson(date=state.began, person=self.people[member.key], name=name, source=source, **extra)

    def _mention_top(self, pieces: Mapping[str, Sequence[Piece]]) -> None:
        """An empty cell never makes a top; where only one post can be it, say how to make it one."""
        there = {post for post, states in self._posts.items() if post in self._lasting or states[-1].end == FOREVER}
        above = {post: pieces[post][-1] for post in there if pieces.get(post)}
        lines = {post: piece.to for post, piece in above.items() if piece.end == FOREVER and piece.to != UNKNOWN}
        top = tops.only_top(there, lines)
        records = [state.record for state in self._posts.get(top or "", ())]
        if top and not any(record.manager_id or record.manager_name or record.top for record in records):
            self.report.flagged(records[-1].at(*MANAGER), tops.remark(top))

    def _draw(self, post: str, pieces: list[Piece]) -> None:
        for piece in pieces:
            if piece.to == UNKNOWN or id(piece) in self._drawn:
                continue
            ending = self._extra(piece.end) if piece.end != FOREVER else NOTHING
            source, extra = piece.state.record.source, self._extra(piece.start)
            self.draft.reports(post, Spell(piece.start, _day(piece.end), piece.to, piece.began, source, extra, ending))


def _day(end: dt.date) -> dt.date | None:
    return None if end == FOREVER else end


def _existed(state: State) -> When:
    """Since when something a row names is there: it may have been there before."""
    return seen_on(state.start) if state.began.is_exact else state.began
