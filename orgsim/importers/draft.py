"""A history told as spells (from, to), turned into events in an order that a ledger accepts.

Importers say what was so, from when to when; the draft works out what must have happened: who was hired, what was
created, which lines changed, and in which order within a day.  It invents nothing: a spell without an end does not
end, a spell without a beginning is a state seen on a day.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, pairwise
from operator import attrgetter
from typing import Any

import attrs

from orgsim.dates import When
from orgsim.events import (
    AbolishPost,
    Appoint,
    ChangeEmployment,
    ChangePost,
    ChangeUnit,
    CloseUnit,
    CreatePost,
    Depart,
    EndLeave,
    Event,
    Hire,
    OpenUnit,
    Report,
    SourceRef,
    StartLeave,
    Vacate,
)
from orgsim.model import BODIES, personal_parts

FOREVER = dt.date.max

ORDER = (
    OpenUnit, ChangeUnit, CreatePost, EndLeave, Vacate, Depart, Hire, ChangeEmployment, ChangePost, Appoint, Report,
    StartLeave, AbolishPost, CloseUnit,
)  # fmt: skip
"""Within a day, what must come first; posts and units that go, those below first."""


@attrs.frozen
class Spell:
    """Something that was so in [start, end): `end` is None without an end, and `began` says how the start is told.

    `source` says who says so; `extra` goes to the first event (certainty, note, known); `ending` to the last one,
    whose date is told by `ended` where that says more than the day.
    """

    start: dt.date
    end: dt.date | None
    value: Any
    began: When | None = None
    source: tuple[SourceRef, ...] = ()
    extra: dict[str, Any] = attrs.field(factory=dict)
    ending: dict[str, Any] = attrs.field(factory=dict)
    ended: When | None = None

    @property
    def last(self) -> dict[str, Any]:
        """The fields of the event that ends it: its date as told, its source, and what `ending` says."""
        day = self.ended if self.ended is not None and self.ended.day == self.end else When.on(self.until)
        return {"date": day, "source": self.source, **self.ending}

    @property
    def when(self) -> When:
        """The start as told."""
        return self.began if self.began is not None else When.on(self.start)

    @property
    def until(self) -> dt.date:
        """The end, `date.max` when there is none."""
        return self.end if self.end is not None else FOREVER


Key = tuple[str, ...]


class Draft:
    """Spells by what they are about; `events()` gives the events.

    Spells of one subject that touch or overlap with the same value are one spell; with different values, the later
    start wins from its start on.
    """

    def __init__(self) -> None:
        """Nothing is told yet."""
        self.units: dict[str, list[Spell]] = {}
        self.posts: dict[str, list[Spell]] = {}
        self.jobs: dict[Key, list[Spell]] = {}
        self.shares: dict[Key, list[Spell]] = {}
        self.holdings: dict[Key, list[Spell]] = {}
        self.lines: dict[str, list[Spell]] = {}
        self.dotted: dict[Key, list[Spell]] = {}
        self.leaves: dict[str, list[Spell]] = {}

    def unit(self, id_: str, spell: Spell) -> None:
        """A unit was open with `value` = {name, unit_kind, parent}."""
        self.units.setdefault(id_, []).append(spell)

    def post(self, id_: str, spell: Spell) -> None:
        """A post was open with `value` = {title, unit, level, critical, heads, seats}.

        It gets the seats it ever needs; where `seats` is told, those, and no fewer than it needs at that time.
        """
        self.posts.setdefault(id_, []).append(spell)

    def employed(self, person: str, organization: str, spell: Spell) -> None:
        """A person was employed with `value` = {name, contract}; `ending` may give reason and regretted."""
        self.jobs.setdefault((person, organization), []).append(spell)

    def share(self, person: str, organization: str, spell: Spell) -> None:
        """The share of a full-time job was `value`, while a person was employed.

        The first told in an employment counts from the hire on, and each until another is told.
        """
        self.shares.setdefault((person, organization), []).append(spell)

    def holds(self, person: str, post: str, spell: Spell) -> None:
        """A person held a post with `value` = {acting, primary}."""
        self.holdings.setdefault((person, post), []).append(spell)

    def unnamed(self, post: str, spell: Spell, holder: str = "unnamed") -> None:
        """So many people who are not named (`value` = {seats}) held a post."""
        self.holdings.setdefault((f"{holder}!", post), []).append(spell)

    def reports(self, post: str, spell: Spell) -> None:
        """A post had a solid line to `value`: a post, a unit, or `none`."""
        self.lines.setdefault(post, []).append(spell)

    def dotted_line(self, post: str, to: str, spell: Spell) -> None:
        """A post had a dotted line to another."""
        self.dotted.setdefault((post, to), []).append(spell)

    def on_leave(self, person: str, spell: Spell) -> None:
        """A person was on leave with `value` = {reason}."""
        self.leaves.setdefault(person, []).append(spell)

    # -------------------------------------------------------------------------------------------------------- events

    def events(self) -> list[Event]:
        """The events, in the order of a ledger."""
        events: list[Event] = []
        for unit, spells in self.units.items():
            events += _lifecycle(unit, spells, _UNITS)
        seats = self._seats()
        for post, spells in self.posts.items():
            events += _lifecycle(post, _seated(spells, seats.get(post, {})), _POSTS)
        for (person, organization), spells in self.jobs.items():
            shares = joined(self.shares.get((person, organization), ()))
            events += _jobs(person, organization, joined(spells), shares)
        employers: dict[str, list[list[Spell]]] = {}
        for (person, _), spells in self.jobs.items():
            employers.setdefault(person, []).append(spells)
        for (person, post), spells in self.holdings.items():
            told = joined(spells)
            several = any(len(jobs) > 1 for jobs in employers.get(person, ()))
            stays = self._stays(person, post, employers) if several or _ends(told) else ()
            events += _holdings(person, post, told, stays)
        for post, spells in self.lines.items():
            told = joined(spells)
            events += _lines(post, told, self._ends(post) if _ends(told) else set())
        for (post, to), spells in self.dotted.items():
            events += _dotted(post, to, joined(spells), self._ends(post))
        for person, spells in self.leaves.items():
            events += _leaves(person, joined(spells))
        return self._sorted(events)

    def _stays(self, person: str, post: str, employers: dict[str, list[list[Spell]]]) -> Sequence[Spell]:
        """The employments whose ends vacate a post by themselves."""
        jobs = employers.get(person, [])
        unit = next((spell.value.get("unit") for spell in self.posts.get(post, ())), None)
        kinds = {spell.value.get("unit_kind") for spell in self.units.get(unit or "", ())}
        if len(jobs) != 1 or kinds & set(BODIES):
            return ()
        return joined(jobs[0])

    def _ends(self, post: str) -> set[dt.date]:
        """The days on which a post is abolished, or a personal post closes, with its lines."""
        jobs = [joined(self.jobs.get(parts, ())) for parts in personal_parts(post)]
        return {spell.until for spell in (*runs(self.posts.get(post, ())), *chain(*jobs))}

    def _seats(self) -> dict[str, dict[dt.date, int]]:
        """How many seats each post needs from each day on on which that changes, if it ever needs several."""
        changes: dict[str, dict[dt.date, int]] = {}
        several = Counter(post for _, post in self.holdings)
        for (_, post), spells in self.holdings.items():
            if several[post] == 1 and not any("seats" in spell.value for spell in spells):
                continue  # nearly always
            for spell in joined(spells):
                if not spell.value.get("acting"):
                    table, count = changes.setdefault(post, {}), spell.value.get("seats", 1)
                    table[spell.start] = table.get(spell.start, 0) + count
                    table[spell.until] = table.get(spell.until, 0) - count
        return {
            post: dict(zip(sorted(table), accumulate(table[day] for day in sorted(table)), strict=True))
            for post, table in changes.items()
        }

    def _sorted(self, events: list[Event]) -> list[Event]:
        alike: dict[type[Event], list[Any]] = {kind: [] for kind in ORDER}
        for event in events:
            alike[type(event)].append(event)
        depth = self._depths()
        alike[OpenUnit].sort(key=lambda event: depth.get(event.unit, 0))
        alike[CloseUnit].sort(key=lambda event: -depth.get(event.unit, 0))
        steps = self._steps(alike[AbolishPost])
        alike[AbolishPost].sort(key=lambda event: -steps[event.post, event.date.day])
        return sorted(chain.from_iterable(alike.values()), key=attrgetter("date.day"))

    def _steps(self, events: Iterable[AbolishPost]) -> dict[tuple[str, dt.date], int]:
        """For each post abolished on a day, how far below others abolished that day: who reports goes first."""
        gone = {(event.post, event.date.day) for event in events}
        if not gone:
            return {}
        above = {
            (post, spell.until): (spell.value, spell.until)
            for post, spells in self.lines.items()
            for spell in joined(spells)
            if (post, spell.until) in gone
        }
        found: dict[tuple[str, dt.date], int] = {}
        for item in gone:
            path = [item]
            while (up := above.get(path[-1])) in gone and up not in path and up not in found:
                path.append(up)
            start = found.get(up, -1) + 1 if up is not None else 0
            found.update({step: start + at for at, step in enumerate(reversed(path))})
        return found

    def _depths(self) -> dict[str, int]:
        """How deep each unit ever lies, so that parents open first and close last."""
        parents = {unit: {s.value.get("parent") for s in spells} for unit, spells in self.units.items()}
        depth: dict[str, int] = {}

        def of(unit: str, seen: tuple[str, ...] = ()) -> int:
            if unit not in depth:
                above = [p for p in parents.get(unit, ()) if p is not None and p not in seen]
                depth[unit] = 1 + max((of(p, (*seen, unit)) for p in above), default=-1)
            return depth[unit]

        for unit in parents:
            of(unit)
        return depth


def joined(spells: Sequence[Spell]) -> Sequence[Spell]:
    """Spells in order, without overlaps: the later start wins; touching spells of equal value become one."""
    if len(spells) == 1 and (spells[0].end is None or spells[0].end > spells[0].start):  # nearly always
        return spells
    found: list[Spell] = []
    for spell in sorted(spells, key=attrgetter("start")):
        if spell.end is not None and spell.end <= spell.start:
            continue
        if found and found[-1].until >= spell.start:
            before = found[-1]
            if before.value == spell.value:
                if spell.until > before.until:
                    found[-1] = attrs.evolve(before, end=spell.end, ending=spell.ending, ended=spell.ended)
                continue
            if before.start == spell.start:
                found.pop()
            else:
                found[-1] = attrs.evolve(before, end=spell.start)
        found.append(spell)
    return found


def runs(spells: Sequence[Spell]) -> Sequence[Spell]:
    """The stretches in which there was anything at all, whatever its value."""
    if len(spells) == 1:
        return joined(spells)
    return joined([attrs.evolve(spell, value=None) for spell in spells])


def _ends(spells: Sequence[Spell]) -> bool:
    return any(spell.end is not None for spell in spells)


def _lifecycle(id_: str, spells: list[Spell], make: "_Maker") -> Iterator[Event]:
    """Something opens, changes and closes."""
    parts = joined(spells)
    if len(spells) == 1:  # nearly always
        for part in parts:
            yield make.open(id_, part)
            if part.end is not None:
                yield make.close(id_, part)
        return
    for run in runs(spells):
        before: Spell | None = None
        for part in parts:
            if not run.start <= part.start < run.until:
                continue
            if before is None:
                yield make.open(id_, part)
            elif changes := {k: v for k, v in part.value.items() if v != before.value.get(k) and v is not None}:
                yield make.change(id_, part, changes)
            before = part
        if run.end is not None and before is not None:
            yield make.close(id_, before if before.end == run.end else attrs.evolve(before, end=run.end))


@attrs.frozen
class _Maker:
    open: Any
    change: Any
    close: Any


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


_UNITS = _Maker(
    lambda unit, s: OpenUnit(date=s.when, unit=unit, source=s.source, **_given(s.value), **s.extra),
    lambda unit, s, changes: ChangeUnit(date=s.when, unit=unit, source=s.source, **changes, **s.extra),
    lambda unit, s: CloseUnit(unit=unit, **s.last),
)
_POSTS = _Maker(
    lambda post, s: CreatePost(date=s.when, post=post, source=s.source, **_given(s.value), **s.extra),
    lambda post, s, changes: ChangePost(date=s.when, post=post, source=s.source, **changes, **s.extra),
    lambda post, s: AbolishPost(post=post, **s.last),
)


def _seated(spells: list[Spell], needs: dict[dt.date, int]) -> list[Spell]:
    """The spells of a post with the seats it needs: at the time of each where seats are told, else ever."""
    ever = max(needs.values(), default=1)
    if ever <= 1 and all(spell.value.get("seats") is None for spell in spells):
        return spells  # nearly always
    found: list[Spell] = []
    for spell in joined(spells):
        told, need = spell.value.get("seats"), ever
        if told == "any":
            found.append(spell)
            continue
        if told is not None:
            before = [day for day in needs if day <= spell.start][-1:]
            during = [*before, *(day for day in needs if spell.start < day < spell.until)]
            need = max((needs[day] for day in during), default=1)
        found.append(attrs.evolve(spell, value={**spell.value, "seats": max(told or 1, need, 1)}))
    return found


def _jobs(person: str, organization: str, spells: Sequence[Spell], shares: Sequence[Spell]) -> Iterator[Event]:
    who: dict[str, Any] = {"person": person, "organization": organization}
    for spell in spells:
        told = [share for share in shares if share.start < spell.until and spell.start < share.until]
        values = {**_given(spell.value), **({"fte": told[0].value} if told else {})}
        yield Hire(date=spell.when, source=spell.source, **who, **values, **spell.extra)
        for before, share in pairwise(told):
            if share.value != before.value:
                yield ChangeEmployment(date=share.when, source=share.source, fte=share.value, **who, **share.extra)
        if spell.end is not None:
            yield Depart(**who, **spell.last)


def _holdings(person: str, post: str, spells: Sequence[Spell], stays: Sequence[Spell]) -> Iterator[Event]:
    """Appointments, also anew where somebody departs and is hired on one day."""
    who: dict[str, Any] = {"holder": person[:-1]} if person.endswith("!") else {"person": person}
    departures = {stay.until for stay in stays}
    again = [after for before, after in pairwise(stays) if before.until == after.start]
    for spell in spells:
        values = _given(spell.value)
        yield Appoint(date=spell.when, post=post, source=spell.source, **who, **values, **spell.extra)
        for stay in again:
            if spell.start < stay.start < spell.until:
                yield Appoint(date=stay.when, post=post, source=stay.source, **who, **values, **stay.extra)
        if spell.end is not None and spell.end not in departures:
            yield Vacate(post=post, **who, **spell.last)


def _lines(post: str, spells: Sequence[Spell], ends: set[dt.date]) -> Iterator[Event]:
    for at, spell in enumerate(spells):
        yield Report(date=spell.when, post=post, to=spell.value, source=spell.source, **spell.extra)
        followed = at + 1 < len(spells) and spells[at + 1].start == spell.end
        if spell.end is not None and not followed and spell.end not in ends:
            yield Report(post=post, to="unknown", **spell.last)


def _dotted(post: str, to: str, spells: Sequence[Spell], ends: set[dt.date]) -> Iterator[Event]:
    for spell in spells:
        yield Report(date=spell.when, post=post, to=to, line="dotted", source=spell.source, **spell.extra)
        if spell.end is not None and spell.end not in ends:
            yield Report(post=post, to=to, line="dotted", end=True, **spell.last)


def _leaves(person: str, spells: Sequence[Spell]) -> Iterator[Event]:
    for spell in spells:
        yield StartLeave(date=spell.when, person=person, source=spell.source, **_given(spell.value), **spell.extra)
        if spell.end is not None:
            yield EndLeave(person=person, **spell.last)
