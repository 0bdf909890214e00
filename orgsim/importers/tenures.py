"""Who held what from when to when, told in any format, made into a draft: the part that importers of tenures share.

Importers say who there is and who held what; here the spells of one person in one post are joined, cover is told from
holding, employment is taken from the posts held, and everything gets its id.  What is done with what was told is
remarked.  Nothing here reads files.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import attrs

from orgsim.dates import When
from orgsim.events import Event, SourceRef
from orgsim.importers import Imported, Options
from orgsim.importers.cells import seen_on
from orgsim.importers.draft import FOREVER, Draft, Spell
from orgsim.importers.naming import Ids, Key, check_id, tidy
from orgsim.importers.report import ImportReport, Place
from orgsim.model import BODIES, Person, Source

FEW = 5


@attrs.frozen
class Tenure:
    """A person holds a post in [start, end); told at `place`."""

    person: Key
    post: Key
    start: When
    end: When | None
    place: Place
    source: SourceRef
    acting: bool = False
    on_leave: bool = False
    reason: str = "unknown"
    note: str | None = None
    ending: str | None = None
    """A remark about its end."""
    closing: Mapping[str, Any] = attrs.field(factory=dict)
    """More fields of the event that ends it, such as another source."""
    contract: str | None = None
    """The kind of contract, of an employment."""
    fte: float | None = None
    """The share of a full-time job, of an employment."""

    @property
    def until(self) -> dt.date:
        """The first day on which it no longer holds."""
        return self.end.day if self.end is not None else FOREVER

    @property
    def row(self) -> str:
        """How to name it in a remark about another one."""
        return f"row {self.place.row}" if self.place.row is not None else str(self.place)


@attrs.define
class _Noun:
    """What is told of an organization, unit or post: its name, where it belongs, and since when it is seen."""

    name: str
    above: Key | None
    place: Place
    source: SourceRef
    note: str | None = None
    kind: str | None = None
    told: dict[dt.date, str] = attrs.field(factory=dict)
    since: When | None = None
    listed: bool = False
    """Whether the source tells of it by itself, not only with somebody in it."""
    more: Mapping[str, Any] = attrs.field(factory=dict)
    """More fields of a post: seats, level and so on."""

    def seen(self, since: When | None) -> None:
        """It is there at least since then."""
        if since is not None and (self.since is None or since.day < self.since.day):
            self.since = since


@attrs.define
class _Someone:
    names: Counter[str]
    place: Place
    aliases: tuple[str, ...] = ()
    note: str | None = None


class Tenures:
    """Collects what is told, then makes the import."""

    def __init__(self, options: Options, report: ImportReport, *, one_post_each: bool = True) -> None:
        """Nothing is told yet; `one_post_each` if it is worth a remark that somebody holds two posts at a time."""
        check_id(options.organization)
        self.options, self.report = options, report
        self.one_post_each = one_post_each
        self.ids = Ids()
        self.people: dict[Key, _Someone] = {}
        self.units: dict[Key, _Noun] = {}
        self.posts: dict[Key, _Noun] = {}
        self.tenures: list[Tenure] = []
        self.jobs: list[tuple[Tenure, Key]] = []
        self.draft = Draft()

    # ---------------------------------------------------------------------------------------------------- what is told

    def name(self, text: str, place: Place) -> str:
        """A name tidied, with a remark where that changed it."""
        clean = tidy(text)
        if clean != text:
            self.report.mended(place, f"{text[:60]!r} is written {clean[:60]!r}")
        return clean

    def person(
        self, key: Key, name: str, place: Place, *, given: bool, aliases: tuple[str, ...] = (), note: str | None = None
    ) -> None:
        """There is a person of this name; `given` when the key is an id of the source."""
        someone = self.people.get(key)
        if someone is None:
            someone = self.people[key] = _Someone(Counter(), place, aliases, note)
            self.ids.want("person", key, key[-1] if given else name, place, given=given)
        if name:
            someone.names[name] += 1

    def unit(
        self,
        key: Key,
        name: str,
        place: Place,
        source: SourceRef,
        *,
        above: Key | None = None,
        text: str = "",
        given: bool = False,
        fixed: bool = False,
        kind: str | None = None,
        note: str | None = None,
        since: When | None = None,
        listed: bool = False,
    ) -> None:
        """There is a unit; an organization when there is nothing above."""
        if key not in self.units:
            self.units[key] = _Noun(name, above, place, source, note, kind, listed=listed)
            self.ids.want("unit", key, text or name, place, given=given, fixed=fixed)
        self.units[key].seen(since)

    def post(
        self,
        key: Key,
        title: str,
        unit: Key,
        place: Place,
        source: SourceRef,
        *,
        text: str = "",
        given: bool = False,
        note: str | None = None,
        since: When | None = None,
        listed: bool = False,
        fixed: bool = False,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """There is a post in a unit."""
        if key not in self.posts:
            self.posts[key] = _Noun(title, unit, place, source, note, listed=listed, more=more or {})
            self.ids.want("post", key, text or title, place, given=given, fixed=fixed)
        self.posts[key].seen(since)

    def held(self, tenure: Tenure) -> None:
        """A person held a post."""
        self.tenures.append(tenure)

    def works(self, tenure: Tenure, organization: Key) -> None:
        """A person was employed in an organization, whatever post was held."""
        self.jobs.append((tenure, organization))

    # ---------------------------------------------------------------------------------------------- what is made of it

    def imported(self, sources: Sequence[Source], gap_days: int = 0) -> Imported:
        """Everything as events."""
        self.ids.settle(self.report)
        by_holding: dict[tuple[Key, Key], list[Tenure]] = {}
        for tenure in self.tenures:
            by_holding.setdefault((tenure.person, tenure.post), []).append(tenure)
        held = [t for tenures in by_holding.values() for t in self._one_holding(tenures, gap_days)]
        self._places(held)
        self._holdings(held)
        self._employment(held)
        self._leaves()
        self._seats(held)
        events: list[Event] = self.draft.events()
        if self.options.known is not None:
            events = [attrs.evolve(event, known=self.options.known) for event in events]
        people = [self._person(key) for key in sorted(self.people, key=lambda key: self.ids.of("person", key))]
        return Imported(events, people, sources, self.report)

    def _person(self, key: Key) -> Person:
        someone, id_ = self.people[key], self.ids.of("person", key)
        names = sorted(someone.names, key=lambda name: (-someone.names[name], -len(name), name))
        if len(names) > 1:
            self.report.mended(someone.place, f"{id_!r} is written in {len(names)} ways; named {names[0]!r}")
        aliases = dict.fromkeys((*names[1:], *someone.aliases))
        return Person(id_, names[0] if names else id_, tuple(n for n in aliases if n != names[0]), someone.note)

    def _one_holding(self, tenures: list[Tenure], gap_days: int) -> list[Tenure]:
        """The spells of one person in one post: joined, and cover only where the post is not held."""
        substantive = self._joined([t for t in tenures if not t.acting], gap_days)
        acting: list[Tenure] = []
        for cover in self._joined([t for t in tenures if t.acting], gap_days):
            rest: list[Tenure] = [cover]
            for own in substantive:
                rest = [part for piece in rest for part in _without(piece, own)]
            if rest != [cover]:
                self.report.mended(
                    cover.place, "acting is left out for the time in which the same person holds the post"
                )
            acting += rest
        return [*substantive, *acting]

    def _joined(self, tenures: list[Tenure], gap_days: int) -> list[Tenure]:
        found: list[Tenure] = []
        for tenure in sorted(tenures, key=lambda t: (t.start.day, t.until, t.reason, t.note or "", str(t.place))):
            before = found[-1] if found else None
            gap = (tenure.start.day - before.until).days if before is not None and before.until != FOREVER else -1
            if before is None or gap > gap_days:
                found.append(tenure)
                continue
            if gap > 0:
                message = f"joined to the spell of {before.row}: {gap} days between them"
            else:
                message = f"joined to the spell of {before.row}, which it {'touches' if gap == 0 else 'overlaps'}"
            self.report.mended(tenure.place, message)
            if tenure.note is not None and tenure.note != before.note:
                self.report.refused(tenure.place, f"the note of the joined spell: {tenure.note}")
            if tenure.until > before.until:
                found[-1] = attrs.evolve(before, **_end_of(tenure))
        return found

    def _places(self, held: Iterable[Tenure]) -> None:
        """Posts and units are there from the first day on which anybody is seen in them, or it is told."""
        first: dict[Key, dt.date] = {}
        for tenure in held:
            first[tenure.post] = min(first.get(tenure.post, FOREVER), tenure.start.day)
        opened: dict[Key, dt.date] = {}
        for key, post in self.posts.items():
            day = min(first.get(key, FOREVER), post.since.day if post.since is not None else FOREVER)
            above = post.above
            if day == FOREVER or above is None:
                continue
            began = self._began(post, day)
            value = {"title": post.name or None, "unit": self.ids.of("unit", above), **post.more}
            extra = _given(note=post.note)
            self.draft.post(
                self.ids.of("post", key), Spell(day, None, value, began=began, source=(post.source,), extra=extra)
            )
            _opens(above, day, opened, self.units)
        for job, organization in self.jobs:
            _opens(organization, job.start.day, opened, self.units)
        for key, unit in self.units.items():
            if unit.since is not None:
                _opens(key, unit.since.day, opened, self.units)
        for key, day in opened.items():
            self._unit(key, day)
        gone = [post for key, post in self.posts.items() if post.since is None and key not in first]
        gone += [unit for key, unit in self.units.items() if key not in opened]
        for noun in (noun for noun in gone if noun.listed):
            self.report.refused(
                noun.place, f"{noun.name[:60]!r} is not in the ledger: since when it is there is not told"
            )
        for what, nouns in (("people", self.people), ("posts", self.posts), ("units", self.units)):
            self.report.count(what, len(nouns))

    def _began(self, noun: _Noun, day: dt.date) -> When:
        """When it began: as told, or nobody knows when; it cannot be later than somebody is seen in it."""
        if noun.since is None:
            return seen_on(day)
        if noun.since.day == day:
            return noun.since
        if noun.since.is_open:
            return seen_on(day)
        self.report.flagged(noun.place, f"it is told to begin on {noun.since}, and somebody is in it on {day}")
        return seen_on(day)

    def _unit(self, key: Key, day: dt.date) -> None:
        unit = self.units[key]
        began = self._began(unit, day)
        above = self.ids.of("unit", unit.above) if unit.above is not None else None
        value = {"name": unit.name or None, "unit_kind": unit.kind, "parent": above}
        extra = _given(note=unit.note)
        self.draft.unit(
            self.ids.of("unit", key), Spell(day, None, value, began=began, source=(unit.source,), extra=extra)
        )

    def _is_body(self, post: Key) -> bool:
        above = self.posts[post].above
        return above is not None and self.units[above].kind in BODIES

    def _root(self, post: Key) -> Key:
        above = self.posts[post].above
        while above is not None and (up := self.units[above].above) is not None:
            above = up
        return above or ()

    def _holdings(self, held: Iterable[Tenure]) -> None:
        for tenure in held:
            ending = tenure.ending
            if ending is None and tenure.reason != "unknown":
                ending = (
                    f"reason: {tenure.reason}"  # where giving up the post is no departure, which has a field for it
                )
            spell = _spell(
                tenure, {"acting": tenure.acting}, note=tenure.note, ending={**tenure.closing, **_given(note=ending)}
            )
            self.draft.holds(self.ids.of("person", tenure.person), self.ids.of("post", tenure.post), spell)

    def _employment(self, held: Iterable[Tenure]) -> None:
        """Who holds a post of an organization that is no body is employed there; as long as any post is held."""
        jobs: dict[tuple[Key, Key], list[Tenure]] = {}
        for tenure in held:
            if not self._is_body(tenure.post):
                jobs.setdefault((tenure.person, self._root(tenure.post)), []).append(tenure)
        for job, organization in self.jobs:
            jobs.setdefault((job.person, organization), []).append(job)
        for (person, organization), tenures in jobs.items():
            order = sorted(tenures, key=lambda t: (t.start.day, t.until, t.post))
            job = order[0]
            for tenure in order[1:]:
                if tenure.start.day > job.until:
                    self._employed(person, organization, job, order)
                    job = tenure
                    continue
                if tenure.until == job.until and "unknown" not in {tenure.reason, job.reason} != {job.reason}:
                    self.report.flagged(tenure.place, f"the reason is {tenure.reason!r}, in {job.row} {job.reason!r}")
                if (tenure.until, tenure.reason != "unknown") > (job.until, job.reason != "unknown"):
                    job = attrs.evolve(job, **_end_of(tenure))
            self._employed(person, organization, job, order)
        for job, organization in self.jobs:
            if job.fte is not None:
                ids = self.ids.of("person", job.person), self.ids.of("unit", organization)
                self.draft.share(*ids, _spell(job, job.fte, note=None, ending={}))

    def _employed(self, person: Key, organization: Key, job: Tenure, told: Iterable[Tenure]) -> None:
        for part in _contracts(job, told):
            ending = {**part.closing, "reason": part.reason, **_given(note=part.ending)}
            spell = _spell(part, _given(contract=part.contract), note=None, ending=ending)
            self.draft.employed(self.ids.of("person", person), self.ids.of("unit", organization), spell)

    def _leaves(self) -> None:
        for tenure in self.tenures:
            if not tenure.on_leave:
                continue
            if self._is_body(tenure.post):
                self.report.refused(tenure.place, "leave from a board or committee, which employs nobody")
                continue
            person = self.ids.of("person", tenure.person)
            self.draft.on_leave(person, _spell(tenure, {"reason": "unknown"}, note=None, ending={}))

    def _seats(self, held: Iterable[Tenure]) -> None:
        """Say where several hold one post at a time, and where one person holds several."""
        by_post: dict[Key, list[Tenure]] = {}
        by_person: dict[Key, list[Tenure]] = {}
        for tenure in held:
            by_person.setdefault(tenure.person, []).append(tenure)
            if not tenure.acting:
                by_post.setdefault(tenure.post, []).append(tenure)
        for post, tenures in by_post.items():
            most, when = _most(tenures)
            if most > 1:
                message = (
                    f"{most} people hold {self.ids.of('post', post)!r} at a time, as on {when}; it gets {most} seats"
                )
                self.report.flagged(tenures[0].place, message)
        for tenures in by_person.values() if self.one_post_each else ():
            for before, after in pairwise(sorted(tenures, key=lambda t: (t.start.day, t.until, t.post))):
                if after.start.day < before.until and not (after.acting or before.acting):
                    person, other = self.ids.of("person", after.person), self.ids.of("post", before.post)
                    message = f"{person!r} holds this post and {other!r} ({before.row}) at a time"
                    self.report.flagged(after.place, message)


def _given(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _end_of(tenure: Tenure) -> dict[str, Any]:
    return {"end": tenure.end, "reason": tenure.reason, "ending": tenure.ending, "closing": tenure.closing}


def _contracts(job: Tenure, told: Iterable[Tenure]) -> Iterator[Tenure]:
    """The parts of an employment, one for each kind of contract told in it."""
    last = job
    for tenure in told:
        if tenure.contract is None or not job.start.day <= tenure.start.day < job.until:
            continue
        if job.contract not in (None, tenure.contract):
            yield attrs.evolve(job, end=tenure.start, reason=last.reason, ending=last.ending, closing=last.closing)
            job = attrs.evolve(job, start=tenure.start, place=tenure.place, source=tenure.source)
        job, last = attrs.evolve(job, contract=tenure.contract), tenure
    yield job


def _opens(key: Key, day: dt.date, opened: dict[Key, dt.date], units: dict[Key, _Noun]) -> None:
    """A unit is open from a day on, and so is everything above it."""
    at: Key | None = key
    while at is not None:
        opened[at] = min(opened.get(at, FOREVER), day)
        at = units[at].above


def _spell(tenure: Tenure, value: Any, *, note: str | None, ending: dict[str, Any]) -> Spell:
    return Spell(
        tenure.start.day,
        tenure.end.day if tenure.end is not None else None,
        value,
        began=tenure.start,
        source=(tenure.source,),
        extra=_given(note=note),
        ending=ending,
        ended=tenure.end,
    )


def _without(tenure: Tenure, other: Tenure) -> list[Tenure]:
    """What is left of a spell outside another one."""
    if other.start.day >= tenure.until or other.until <= tenure.start.day:
        return [tenure]
    parts = []
    if tenure.start.day < other.start.day:
        parts.append(attrs.evolve(tenure, end=When.on(other.start.day), reason="unknown", ending=None, closing={}))
    if other.end is not None and other.until < tenure.until:
        parts.append(attrs.evolve(tenure, start=When.on(other.until)))
    return parts


def _most(tenures: Iterable[Tenure]) -> tuple[int, dt.date]:
    """The most at a time, and the first day of that."""
    changes: Counter[dt.date] = Counter()
    for tenure in tenures:
        changes[tenure.start.day] += 1
        changes[tenure.until] -= 1
    now, most, when = 0, 0, FOREVER
    for day in sorted(changes):
        now += changes[day]
        if now > most:
            most, when = now, day
    return most, when
