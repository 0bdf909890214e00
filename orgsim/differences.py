"""What differs between two charts, in the words of the field: joined, left, promoted, moved, re-parented, ...

The charts may be of two dates, or of one date as known on two days.  Which nouns differ is found at once; what that
means in these words, when somebody asks.
"""

from collections.abc import Iterable
from functools import cached_property
from operator import attrgetter

import attrs

from orgsim.chart import OrgChart
from orgsim.display import shown
from orgsim.lookups import employer_of
from orgsim.model import Noun, Person, Post, Unit
from orgsim.phrases import name_from

KINDS = (
    "joined",
    "left",
    "promoted",
    "moved",
    "appointed",
    "vacated",
    "acting",
    "leave-started",
    "leave-ended",
    "renamed",
    "post-opened",
    "post-closed",
    "retitled",
    "re-parented",
    "re-lined",
    "post-changed",
    "unit-opened",
    "unit-closed",
    "unit-moved",
    "unit-renamed",
    "unit-changed",
    "restated",
)
"""Every class of change, in the order in which they are told."""
_PLACE = {kind: place for place, kind in enumerate(KINDS)}
TEXTS = frozenset(["retitled", "renamed", "unit-renamed", "post-changed", "unit-changed"])
"""The classes that tell what something was and is in texts, where the others tell ids."""

_FIELDS = ("title", "unit", "seats", "level", "critical", "heads")
_values = attrgetter(*_FIELDS)
_KIND_OF = {"title": "retitled", "unit": "moved"}
"""The classes of change of some fields of a post; of all others, `post-changed`."""
_NOBODY = Person("", "")
"""Stands for a person who is not known yet: without employments or posts."""
Pair = tuple[Noun | None, Noun | None]
"""What something was, and what it is; None where it is not there."""
Charts = tuple[OrgChart, OrgChart]
"""The old one and the new one."""


@attrs.frozen
class Change:
    """One difference: its kind, the id it is about, and what it was and is (ids or texts)."""

    kind: str
    subject: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    first_seen: bool = False
    """True when the sources do not tell that it began then, only that they saw it."""


@attrs.frozen(eq=False, repr=False)
class Diff:
    """All differences from one chart to another; `apply` turns the one into the other.

    `nouns` are all that differ, with what was and what is.
    """

    nouns: dict[str, Pair]
    _charts: Charts

    @property
    def changes(self) -> tuple[Change, ...]:
        """The differences a chart shows, and `restated` where only the telling differs (a date, a source)."""
        return self._changes

    @property
    def names(self) -> dict[str, str]:
        """What the ids in the changes are called."""
        return self._names

    @cached_property
    def _changes(self) -> tuple[Change, ...]:
        old, new = charts = _at_hand(self._charts, self.nouns)
        told: list[Change] = []
        confirmed: list[str] = []
        for id_, (before, after) in self.nouns.items():
            if isinstance(before, Post) and isinstance(after, Post):
                _post(told, before, after)
                confirmed += _confirmed(before, after)
            else:
                _other(told, id_, (before, after), charts)
        for id_ in dict.fromkeys(confirmed):
            if id_ not in self.nouns:  # the same person with the same posts, one of them held otherwise
                _other(told, id_, (old.get(id_), new.get(id_)), charts)
        told.sort(key=lambda change: _PLACE[change.kind])
        return tuple(told)

    @cached_property
    def _names(self) -> dict[str, str]:
        old, new = self._charts
        name = name_from(new.get, old.get, names=new.index.names)
        told = {id_ for change in self.changes for id_ in (change.subject, *change.before, *change.after)}
        return {id_: name(id_) for id_ in sorted(told) if id_ in new.index.ids}

    def __eq__(self, other: object) -> bool:
        """Whether the same nouns differ, and the same is told of them."""
        if not isinstance(other, Diff):
            return NotImplemented
        return self.nouns == other.nouns and self.changes == other.changes

    __hash__ = None  # type: ignore[assignment] # as of everything with a dictionary in it

    def __repr__(self) -> str:
        """All changes."""
        return f"Diff(changes={self.changes!r})"

    def __getstate__(self) -> tuple[object, ...]:
        """What a pickle or a copy keeps: what is told, without the charts."""
        return self.nouns, self.changes, self.names

    def __setstate__(self, state: tuple[object, ...]) -> None:
        """From a pickle or a copy."""
        for name, value in zip(("nouns", "_changes", "_names"), state, strict=True):
            object.__setattr__(self, name, value)

    def __bool__(self) -> bool:
        """True when anything differs."""
        return bool(self.nouns)

    def _repr_html_(self) -> str | None:
        """For notebooks: a table."""
        return shown("diff.html", self)

    def of(self, kind: str) -> tuple[Change, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.changes if change.kind == kind)

    def apply(self, chart: OrgChart) -> OrgChart:
        """The chart with every difference made."""

        def get(id_: str) -> Noun | None:
            return self.nouns[id_][1] if id_ in self.nouns else chart.get(id_)

        return attrs.evolve(chart, get=get, view=None)


def diff(old: OrgChart, new: OrgChart, among: Iterable[str] | None = None) -> Diff:
    """What differs from `old` to `new`, two charts of one ledger; of all nouns, or among some ids."""
    pairs = _may_differ(old, new) if among is None else ((id_, (old.get(id_), new.get(id_))) for id_ in among)
    nouns: dict[str, Pair] = {}
    for id_, pair in pairs:
        before, after = pair
        if not (before is after or before == after):
            nouns[id_] = pair
    return Diff(nouns, (old, new))


def _may_differ(old: OrgChart, new: OrgChart) -> Iterable[tuple[str, Pair]]:
    """What may differ, by id: of two days of one timeline, what was written between them."""
    if old.view is None or new.view is None or old.view[0] is not new.view[0]:
        return ((id_, (old.get(id_), new.get(id_))) for id_ in new.index.ids)
    (timeline, first), (_, last) = old.view, new.view
    if first <= last:
        return timeline.written_between(first, last)
    return ((id_, (before, after)) for id_, (after, before) in timeline.written_between(last, first))


def _at_hand(charts: Charts, nouns: dict[str, Pair]) -> Charts:
    """The same charts, which have the nouns that differ at hand."""

    def had(id_: str) -> Noun | None:
        return nouns[id_][0] if id_ in nouns else get_old(id_)

    def has(id_: str) -> Noun | None:
        return nouns[id_][1] if id_ in nouns else get_new(id_)

    old, new = charts
    get_old, get_new = old.get, new.get
    return attrs.evolve(old, get=had), attrs.evolve(new, get=has)


def _other(told: list[Change], id_: str, pair: Pair, charts: Charts) -> None:
    """Tell what there is to tell of a person or a unit, or of a post that one of the charts does not have."""
    before, after = pair
    noun = before if after is None else after
    if isinstance(noun, Person):
        was, now = before if isinstance(before, Person) else None, after if isinstance(after, Person) else None
        _person(told, id_, (was, now), charts)
    elif isinstance(noun, Post):
        _opened_or_closed(told, noun, is_new=noun is after)
    elif isinstance(noun, Unit):
        first, last = (unit if isinstance(unit, Unit) and unit.open else None for unit in (before, after))
        _unit(told, id_, first, last)


# ------------------------------------------------------------------------------------------------------------- people


def _person(told: list[Change], id_: str, pair: tuple[Person | None, Person | None], charts: Charts) -> None:
    before, after = pair[0] or _NOBODY, pair[1] or _NOBODY
    start = len(told)
    if before.employments is not after.employments:  # what no event touched is the same object
        _jobs(told, id_, before, after)
    (had, covered), (has, covers) = _held(before, charts[0]), _held(after, charts[1])
    if had.keys() != has.keys():
        _posts_held(told, id_, (had, has), charts)
    if covered.keys() != covers.keys():
        told.append(Change("acting", id_, tuple(covered), tuple(covers)))
    if before.leave is None and after.leave is not None:
        told.append(Change("leave-started", id_))
    if before.leave is not None and after.leave is None:
        told.append(Change("leave-ended", id_))
    if before is _NOBODY or after is _NOBODY:
        return
    if before.name != after.name:
        told.append(Change("renamed", id_, (before.name,), (after.name,)))
    if len(told) == start and _is_seen(before) and _is_seen(after) and before != after:
        told.append(Change("restated", id_))


def _is_seen(person: Person) -> bool:
    """Whether a chart shows a person."""
    return bool(person.employments or person.posts)


def _jobs(told: list[Change], id_: str, before: Person, after: Person) -> None:
    for job in after.employments:
        employer = job.organization
        if before.employment(employer) is None:
            told.append(Change("joined", id_, (), (employer,), job.since.is_open))
    for job in before.employments:
        employer = job.organization
        if after.employment(employer) is None:
            told.append(Change("left", id_, (employer,)))


def _held(person: Person, chart: OrgChart) -> tuple[dict[str, Post], dict[str, Post]]:
    """The posts a person holds, personal ones aside, by id: substantively, and acting."""
    held: dict[str, Post] = {}
    covered: dict[str, Post] = {}
    for id_ in person.posts:
        post = chart.get(id_)
        if isinstance(post, Post) and post.personal is None:
            holder = post.held_by(person.id)
            if holder is not None:
                (covered if holder.acting else held)[id_] = post
    return held, covered


def _posts_held(told: list[Change], id_: str, held: tuple[dict[str, Post], dict[str, Post]], charts: Charts) -> None:
    """Tell which posts a person gained and lost; had, and has."""
    had, has = held
    lost = {post_id: post for post_id, post in had.items() if post_id not in has}
    for to, gained in has.items():
        if to in had:
            continue
        from_ = _left_for(gained, lost, charts) if lost else None
        if from_ is None:
            holder = gained.held_by(id_)
            told.append(Change("appointed", id_, (), (to,), holder is not None and holder.since.is_open))
        else:
            del lost[from_.id]
            told.append(Change(_direction(from_, gained, charts), id_, (from_.id,), (to,)))
    told += [Change("vacated", id_, (from_id,)) for from_id in lost]


def _left_for(gained: Post, lost: dict[str, Post], charts: Charts) -> Post | None:
    """The post that was left for another one: a move is within one employer, what is left over was vacated."""
    old, new = charts
    employer = employer_of(new, gained)
    return next((post for post in lost.values() if employer_of(old, post) == employer), None)


def _direction(from_: Post, to: Post, charts: Charts) -> str:
    """`promoted` when the new post is above the old one, or nearer to the same top; else `moved`."""
    above, below = charts[0].chain(from_.id), charts[1].chain(to.id)
    if any(post.id == to.id for post in above):
        return "promoted"
    top_before = above[-1].id if above else from_.id
    top_after = below[-1].id if below else to.id
    return "promoted" if top_before == top_after and len(below) < len(above) else "moved"


# ------------------------------------------------------------------------------------------------------- posts, units


def _post(told: list[Change], before: Post, after: Post) -> None:
    if not (before.open and after.open):
        _opened_or_closed(told, after if after.open else before, is_new=after.open)
        return
    start = len(told)
    if _values(before) != _values(after):
        _fields(told, before, after)
    if before.lines is not after.lines:
        _lines(told, before, after)
    untouched = before.holders is after.holders
    if not untouched:
        was, now = _unnamed(before), _unnamed(after)
        if was != now:
            told.append(Change("post-changed", after.id, (f"{was} unnamed",), (f"{now} unnamed",)))
    if len(told) == start and before.personal is None and (untouched or _held_alike(before, after)):
        told.append(Change("restated", after.id))


def _fields(told: list[Change], before: Post, after: Post) -> None:
    for name, was, now in zip(_FIELDS, _values(before), _values(after), strict=True):
        if was != now:
            kind = _KIND_OF.get(name, "post-changed")
            told.append(Change(kind, after.id, (_words(name, was),), (_words(name, now),)))


def _words(name: str, value: object) -> str:
    """A field of a post in words."""
    if name in _KIND_OF:
        return str(value)
    if name == "critical":
        return "critical" if value else "not critical"
    return f"no {name}" if value is None else f"{name} {value}"


def _opened_or_closed(told: list[Change], post: Post, *, is_new: bool) -> None:
    """Tell of a post that only one of the charts shows; personal posts are told with their people."""
    if post.personal is not None or not post.open:
        return
    if is_new:
        told.append(Change("post-opened", post.id, (), (post.title,), post.events[0].date.is_open))
    else:
        told.append(Change("post-closed", post.id, (post.title,)))


def _lines(told: list[Change], before: Post, after: Post) -> None:
    (was, dotted), (now, dotted_now) = _ends(before), _ends(after)
    if was != now:
        told.append(Change("re-parented", after.id, (was,), (now,)))
    if dotted != dotted_now and set(dotted) != set(dotted_now):
        told.append(Change("re-lined", after.id, dotted, dotted_now))


def _ends(post: Post) -> tuple[str, tuple[str, ...]]:
    """Where the solid line of a post ends, and where the dotted ones."""
    solid = post.line
    dotted = tuple([line.to for line in post.lines if line.dotted]) if len(post.lines) > 1 or solid is None else ()
    return solid.to if solid is not None else "unknown", dotted


def _unnamed(post: Post) -> int:
    """How many seats are held by people who are not named."""
    seats = 0
    for holder in post.holders:
        if holder.person is None:
            seats += holder.seats
    return seats


def _held_alike(before: Post, after: Post) -> bool:
    """Whether the same people hold a post in the same way: where this differs, it is told of the people."""
    if len(before.holders) != len(after.holders):
        return False
    was, now = (sorted([(h.person or "", h.acting) for h in post.holders]) for post in (before, after))
    return was == now


def _confirmed(before: Post, after: Post) -> list[str]:
    """The people who held a post acting and hold it substantively, or the other way round."""
    found: list[str] = []
    if before.holders is after.holders:
        return found
    for holder in after.holders:
        if holder.person is not None:
            held = before.held_by(holder.person)
            if held is not None and held.acting != holder.acting:
                found.append(holder.person)
    return found


def _unit(told: list[Change], id_: str, before: Unit | None, after: Unit | None) -> None:
    if before is None or after is None:
        if after is not None:
            told.append(Change("unit-opened", id_, (), (after.name,), after.events[0].date.is_open))
        elif before is not None:
            told.append(Change("unit-closed", id_, (before.name,)))
        return
    start = len(told)
    if before.parent != after.parent:
        told.append(Change("unit-moved", id_, (before.parent or "",), (after.parent or "",)))
    if before.name != after.name:
        told.append(Change("unit-renamed", id_, (before.name,), (after.name,)))
    if before.kind != after.kind:
        told.append(Change("unit-changed", id_, (before.kind,), (after.kind,)))
    if len(told) == start:
        told.append(Change("restated", id_))
