"""The organograms of a body, one after the other: what changed between them, as a draft.

A change between two snapshots happened on some day between them, and is known since the later one.  Nothing here
reads files.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import Any

import attrs

from orgsim.errors import shown
from orgsim.events import SourceRef
from orgsim.importers import Imported, Options
from orgsim.importers.cells import between, seen_on
from orgsim.importers.draft import Draft, Spell
from orgsim.importers.naming import Ids, Key, check_id, digest
from orgsim.importers.report import ImportReport, Place
from orgsim.model import Person, Source

TOP = "XX"
FAR_FEWER = 2
MOST = 999_999_999


@attrs.frozen(kw_only=True)
class Senior:
    """A row of senior posts: who holds it is named, unnamed, unknown or vacant; or the post is eliminated."""

    place: Place = attrs.field(kw_only=False)
    source: SourceRef = attrs.field(kw_only=False)
    post: str
    state: str
    people: tuple[str, ...]
    above: str
    title: str
    unit: str
    grade: str
    profession: str
    fte: Decimal | None
    note: str | None


@attrs.frozen(kw_only=True)
class Junior:
    """A row of junior counts: so many full-time equivalents of a grade and title under a senior post."""

    place: Place = attrs.field(kw_only=False)
    source: SourceRef = attrs.field(kw_only=False)
    above: str
    title: str
    unit: str
    grade: str
    profession: str
    fte: Decimal


@attrs.define
class Snapshot:
    """The organogram of a body on a day."""

    body: str
    day: dt.date
    seniors: list[Senior] = attrs.field(factory=list)
    juniors: list[Junior] = attrs.field(factory=list)
    organizations: Counter[str] = attrs.field(factory=Counter)
    parents: Counter[str] = attrs.field(factory=Counter)
    carried: bool = False
    """Whether the junior staff is that of the snapshot before, for there is none of this day."""


@attrs.define
class State:
    """A post in a snapshot."""

    title: str
    unit: str
    level: str
    seats: int
    source: SourceRef
    place: Place
    note: str | None = None
    people: tuple[str, ...] = ()
    unnamed: int = 0
    unknown: int = 0
    line: Key | str | None = None


@attrs.frozen
class Share:
    """A share of a full-time job, if told; and where."""

    fte: Decimal | None = Decimal(0)
    source: tuple[SourceRef, ...] = ()


@attrs.define
class _Body:
    """What is found of one body: its posts in each snapshot."""

    name: str
    title: str
    days: list[dt.date]
    states: list[dict[Key, State]]
    fte: list[dict[str, Share]]
    parent: str | None
    source: SourceRef


class Series:
    """All snapshots of all bodies."""

    def __init__(self, options: Options, report: ImportReport, snapshots: Sequence[Snapshot]) -> None:
        """Order them by body and day."""
        check_id(options.organization)
        self.options, self.report = options, report
        told = (snapshot for snapshot in snapshots if snapshot.seniors or snapshot.juniors)
        self.snapshots = sorted(told, key=lambda s: (s.body, s.day))
        self.ids = Ids()
        self.draft = Draft()

    def imported(self, sources: Sequence[Source]) -> Imported:
        """Everything as events."""
        by_body: dict[str, list[Snapshot]] = {}
        for snapshot in self.snapshots:
            by_body.setdefault(snapshot.body, []).append(snapshot)
        bodies = [self._body(name, self._whole(found)) for name, found in by_body.items()]
        self.ids.settle(self.report)
        people: dict[str, Person] = {}
        for body in bodies:
            people |= self._draft(body)
        self.report.count("bodies", len(bodies))
        self.report.count("snapshots", len(self.snapshots))
        self.report.count("people", len(people))
        events = self.draft.events()
        if self.options.known is not None:
            events = [attrs.evolve(event, known=self.options.known) for event in events]
        return Imported(events, [people[id_] for id_ in sorted(people)], sources, self.report)

    # -------------------------------------------------------------------------------------------------------- one body

    def _whole(self, snapshots: list[Snapshot]) -> list[Snapshot]:
        """Snapshots with both kinds of rows: a file that is missing is no mass departure."""
        if not any(snapshot.seniors for snapshot in snapshots):
            return snapshots
        whole: list[Snapshot] = []
        for snapshot in snapshots:
            before = whole[-1].juniors if whole else []
            if not snapshot.seniors:
                message = (
                    f"{snapshot.body}: there are junior posts of {snapshot.day} and no senior ones; they are left out"
                )
                self.report.refused(snapshot.juniors[0].place, message)
                continue
            if before and not snapshot.juniors:
                message = (
                    f"{snapshot.body}: there are senior posts of {snapshot.day} and no junior ones; kept as before"
                )
                self.report.flagged(snapshot.seniors[0].place, message)
                snapshot.juniors, snapshot.carried = before, True
            whole.append(snapshot)
        return whole

    def _body(self, name: str, snapshots: list[Snapshot]) -> _Body:
        for before, after in pairwise(snapshots):
            if len(after.seniors) * FAR_FEWER < len(before.seniors):
                place = (after.seniors or after.juniors)[0].place
                message = (
                    f"{len(after.seniors)} senior posts on {after.day}, far fewer than {len(before.seniors)} before"
                )
                self.report.flagged(place, message)
        organizations, parents = Counter[str](), Counter[str]()
        for snapshot in snapshots:
            organizations += snapshot.organizations
            parents += snapshot.parents
        first = (snapshots[0].seniors or snapshots[0].juniors)[0]
        title = _commonest(organizations, first.place, "the organisation", self.report) or name
        parent = _commonest(parents, first.place, "the parent department", self.report)
        self.ids.want("unit", (name,), name, first.place, given=True, fixed=name == self.options.organization)
        states = [self._states(snapshot) for snapshot in snapshots]
        return _Body(
            name,
            title,
            [snapshot.day for snapshot in snapshots],
            states,
            [self._shares(snapshot) for snapshot in snapshots],
            parent if parent != title else None,
            first.source,
        )

    def _shares(self, snapshot: Snapshot) -> dict[str, Share]:
        """For each person, the share of a full-time job: of several posts, their sum, at most one."""
        shares: dict[str, Share] = {}
        rows = {(s.post, s.people, s.fte): s for s in reversed(snapshot.seniors) if s.state == "named"}
        for row in reversed(rows.values()):
            for person in row.people:
                before = shares.get(person, Share())
                told = None if row.fte is None or before.fte is None else min(Decimal(1), before.fte + row.fte)
                shares[person] = Share(told, (*before.source, row.source))
        return shares

    def _states(self, snapshot: Snapshot) -> dict[Key, State]:
        by_ref: dict[str, list[Senior]] = {}
        gone: dict[str, Place] = {}
        for senior in snapshot.seniors:
            if senior.state == "eliminated":
                gone[senior.post] = senior.place
                self.report.count("senior posts eliminated")
            else:
                by_ref.setdefault(senior.post, []).append(senior)
        states: dict[Key, State] = {}
        keys: dict[str, list[Key]] = {}
        for ref, rows in by_ref.items():
            for key, same in self._posts(snapshot.body, ref, rows).items():
                states[key] = self._state(key, same)
                keys.setdefault(ref, []).append(key)
                self.ids.want("post", key, ".".join(key), same[0].place, given=True)
                for row in same:
                    for person in row.people:
                        self.ids.want("person", (snapshot.body, person), person, row.place)
        self._unite(snapshot, states, keys, by_ref, gone)
        self._juniors(snapshot, states, keys, gone)
        for (body, *_), state in list(states.items()):
            if state.unit:
                self.ids.want("unit", (body, state.unit), f"{body} {state.unit}", state.place)
        return states

    def _posts(self, body: str, ref: str, rows: list[Senior]) -> dict[Key, list[Senior]]:
        """The rows of a reference: one post, held by several, if they agree; else several posts."""
        kinds = sorted({(row.title, row.unit, row.above) for row in rows})
        if len(kinds) == 1:
            return {(body, ref): rows}
        self.report.flagged(
            rows[1].place, f"{len(kinds)} different posts have the reference {shown(ref)}; they are kept apart"
        )
        keys = {kind: (body, ref, digest(kind, 6)) for kind in kinds}
        return {keys[kind]: [row for row in rows if (row.title, row.unit, row.above) == kind] for kind in kinds}

    def _state(self, key: Key, rows: list[Senior]) -> State:
        """A post: rows that say the same name again are one, other rows are further seats."""
        seen: dict[object, Senior] = {}
        for row in rows:
            if row.state == "named" and row.people in seen:
                self.report.mended(row.place, f"the row says again what row {seen[row.people].place.row} says")
            else:
                seen[row.people if row.state == "named" else row.place] = row
        rows = list(seen.values())
        first = min(rows, key=lambda row: (row.grade, row.profession, row.people))
        if len(rows) > 1:
            self.report.flagged(
                rows[1].place, f"{len(rows)} rows have the reference {shown(key[1])}: a post with {len(rows)} seats"
            )
            if len({row.grade for row in rows}) > 1:
                grades = ", ".join(sorted({row.grade for row in rows}))
                self.report.mended(rows[1].place, f"of its grades, {grades}, the first is its level")
        people = tuple(dict.fromkeys(person for row in rows for person in row.people))
        told = [f"profession: {first.profession}" if first.profession else None, *(row.note for row in rows)]
        empty = sum(row.state != "named" for row in rows)
        return State(
            first.title,
            first.unit,
            first.grade,
            len(people) + empty,
            first.source,
            first.place,
            note="; ".join(filter(None, told)) or None,
            people=people,
            unnamed=sum(row.state == "unnamed" for row in rows),
            unknown=sum(row.state == "unknown" for row in rows),
        )

    # ----------------------------------------------------------------------------------------------------------- lines

    def _unite(
        self,
        snapshot: Snapshot,
        states: dict[Key, State],
        keys: dict[str, list[Key]],
        by_ref: dict[str, list[Senior]],
        gone: dict[str, Place],
    ) -> None:
        """Draw the lines of the senior posts."""
        for key, state in states.items():
            row = next(r for r in by_ref[key[1]] if (r.title, r.unit) == (state.title, state.unit))
            if row.above.upper() == TOP:
                state.line = "none"
            else:
                state.line = self._above(row.above, row.place, keys, gone)
            if state.line == key:
                self.report.flagged(
                    row.place, f"post {shown(row.post)} reports to itself; whom it reports to is not known"
                )
                state.line = None
        for circle in _circles(states):
            told = ", ".join(shown(key[1]) for key in circle)
            self.report.flagged(
                by_ref[circle[0][1]][0].place, f"the posts {told} report to each other in a circle; no line is drawn"
            )
            for key in circle:
                states[key].line = None
        tops = [key[1] for key, state in states.items() if state.line == "none"]
        if snapshot.seniors and len(tops) != 1:
            told = ", ".join(map(shown, tops)) or "none"
            self.report.flagged(snapshot.seniors[0].place, f"{snapshot.day}: {len(tops)} posts are at the top: {told}")

    def _above(self, ref: str, place: Place, keys: dict[str, list[Key]], gone: dict[str, Place]) -> Key | None:
        """The post that a reference means, or None with a remark."""
        if ref not in keys:
            alike = [other for other in keys if other.casefold() == ref.casefold()]
            if len(alike) == 1:
                self.report.mended(place, f"it reports to {shown(ref)}, which is {shown(alike[0])}")
                ref = alike[0]
        found = keys.get(ref, [])
        if len(found) == 1:
            return found[0]
        why = (
            "which is eliminated" if ref in gone else "which several posts are called" if found else "which is no post"
        )
        message = f"it reports to {shown(ref)}, {why}" if ref else "whom it reports to is not told"
        self.report.flagged(place, message)
        return None

    # --------------------------------------------------------------------------------------------------------- juniors

    def _juniors(
        self, snapshot: Snapshot, states: dict[Key, State], keys: dict[str, list[Key]], gone: dict[str, Place]
    ) -> None:
        """Junior staff: a post for each title, grade and unit under a senior post, held by so many not named."""
        groups: dict[Key, list[Junior]] = {}
        for junior in snapshot.juniors:
            parts = (junior.above, junior.unit, junior.grade, junior.title, junior.profession)
            groups.setdefault((snapshot.body, junior.above, digest(parts, 10)), []).append(junior)
        for key, rows in groups.items():
            first = rows[0]
            for row in rows[1:] if not snapshot.carried else ():
                self.report.mended(row.place, f"counted with row {first.place.row}, which says the same of others")
            total = sum((row.fte for row in rows), Decimal(0))
            count = int(total.to_integral_value(ROUND_CEILING))
            if count > MOST:
                self.report.refused(first.place, f"{total} posts are too many")
                continue
            if total != count and not snapshot.carried:
                message = f"{total} full-time equivalents are at least {count} {'person' if count == 1 else 'people'}"
                self.report.mended(first.place, message)
            self.report.count("junior posts", 0 if snapshot.carried else count)
            profession = f"; profession: {first.profession}" if first.profession else ""
            title = first.title or first.grade or "not told"
            states[key] = State(
                *(title, first.unit, first.grade, count, first.source, first.place),
                note=f"full-time equivalents: {total}{profession}",
                unnamed=count,
                line=self._above(first.above, first.place, keys, gone),
            )
            self.ids.want("post", key, ".".join(key), first.place, given=True)

    # ----------------------------------------------------------------------------------------------------------- draft

    def _draft(self, body: _Body) -> dict[str, Person]:
        """The spells of a body; gives its people."""
        root = self.ids.of("unit", (body.name,))
        note = f"parent department: {body.parent}" if body.parent else None
        first = body.days[0]
        self.draft.unit(
            root,
            Spell(
                *(first, None, {"name": body.title, "parent": None}),
                began=seen_on(first),
                source=(body.source,),
                extra={"note": note} if note else {},
            ),
        )
        seats: Counter[Key] = Counter()
        for states in body.states:
            for key, state in states.items():
                seats[key] = max(seats[key], state.seats)
        for at, shares in enumerate(body.fte):
            for name, share in shares.items():
                if share.fte is not None:
                    spell = _spell(body.days, at, float(share.fte), share.source)
                    self.draft.share(self.ids.of("person", (body.name, name)), root, spell)
        people: dict[str, Person] = {}
        for at, states in enumerate(body.states):
            for key, state in states.items():
                for name in state.people:
                    self._want_person(body, name, people)
                self._post(body, at, key, state, seats=seats[key])
        return people

    def _want_person(self, body: _Body, name: str, people: dict[str, Person]) -> None:
        id_ = self.ids.of("person", (body.name, name))
        people[id_] = Person(id_, name)

    def _post(self, body: _Body, at: int, key: Key, state: State, *, seats: int) -> None:
        """Everything about a post in one snapshot."""

        def spell(value: Any, note: str | None = None) -> Spell:
            return _spell(body.days, at, value, (state.source,), note)

        draft, root = self.draft, self.ids.of("unit", (body.name,))
        unit = root
        if state.unit:
            unit = self.ids.of("unit", (body.name, state.unit))
            draft.unit(unit, spell({"name": state.unit, "parent": root}))
        post = self.ids.of("post", key)
        value = {"title": state.title, "unit": unit, "level": state.level or None, "seats": seats}
        draft.post(post, spell({k: v for k, v in value.items() if v}, state.note))
        if state.line is not None:
            draft.reports(post, spell("none" if isinstance(state.line, str) else self.ids.of("post", state.line)))
        for name in state.people:
            person = self.ids.of("person", (body.name, name))
            draft.employed(person, root, spell({}))
            draft.holds(person, post, spell({"acting": False}))
        for holder, count in (("unnamed", state.unnamed), ("unknown", state.unknown)):
            if count:
                draft.unnamed(post, spell({"seats": count}), holder)


def _spell(
    days: Sequence[dt.date], at: int, value: Any, source: tuple[SourceRef, ...], note: str | None = None
) -> Spell:
    """What a snapshot says holds from some day after the one before, until some day before the next."""
    day = days[at]
    began = seen_on(day) if at == 0 else between(days[at - 1], day)
    ended = between(day, days[at + 1]) if at + 1 < len(days) else None
    return Spell(
        began.day,
        ended.day if ended is not None else None,
        value,
        began=began,
        source=source,
        extra={"known": day, **({"note": note} if note else {})},
        ending={"known": days[at + 1]} if ended is not None else {},
        ended=ended,
    )


def _commonest(told: Counter[str], place: Place, what: str, report: ImportReport) -> str | None:
    names = sorted((name for name in told if name), key=lambda name: (-told[name], name))
    if len(names) > 1:
        report.mended(place, f"{what} is written in {len(names)} ways; kept as {shown(names[0])}")
    return names[0] if names else None


def _circles(states: dict[Key, State]) -> Iterable[list[Key]]:
    """The circles in which posts report to each other."""
    done: set[Key] = set()
    for start in states:
        path: list[Key] = []
        at: Key | str | None = start
        while isinstance(at, tuple) and at not in done:
            done.add(at)
            path.append(at)
            at = states[at].line if at in states else None
        if isinstance(at, tuple) and at in path:
            yield path[path.index(at) :]
