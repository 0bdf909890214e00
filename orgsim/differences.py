"""What differs between two charts, in the words of the field: joined, left, promoted, moved, re-parented, ...

The charts may be of two dates, or of one date as known on two days.  Which nouns differ is found at once; what that
means in these words, when somebody asks.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

import attrs

from orgsim.changes import FIELDS, KIND_OF, KINDS, Change, count_unnamed, share, values_of, words
from orgsim.chart import OrgChart
from orgsim.dating import Dated, dated
from orgsim.display import shown
from orgsim.lookups import employer_of, manager_post
from orgsim.model import Appointment, Noun, Person, Post, Unit
from orgsim.phrases import name_from
from orgsim.timeline import Timeline
from orgsim.tracks import Differing, Pair

_PLACE = {kind: place for place, kind in enumerate(KINDS)}

_NOBODY = Person("", "")
"""Stands for a person who is not known yet: without employments or posts."""
Charts = tuple[OrgChart, OrgChart]
"""The old one and the new one."""


Told = list[Change]


@attrs.frozen(eq=False, repr=False)
class Diff:
    """All differences from one chart to another; `apply` turns the one into the other.

    `nouns` are all that differ, with what was and what is.
    """

    nouns: Mapping[str, Pair]
    _charts: Charts

    @property
    def changes(self) -> tuple[Change, ...]:
        """The differences a chart shows, and `restated` where only the telling differs (a date, a source)."""
        return self._changes

    @property
    def when(self) -> dict[Change, Dated]:
        """When each change was and how sure that is, of all that an event made."""
        return self._when

    @property
    def names(self) -> dict[str, str]:
        """What the ids in the changes are called."""
        return self._names

    @cached_property
    def _changes(self) -> tuple[Change, ...]:
        told: Told = []
        confirmed: list[str] = []
        nouns = dict(self.nouns.items())
        old, new = sides = Side(self._charts[0], nouns, 0), Side(self._charts[1], nouns, 1)
        for id_, pair in nouns.items():
            before, after = pair
            noun = before if after is None else after
            if isinstance(noun, Person):
                _person(told, id_, pair, sides)
            elif isinstance(before, Post) and isinstance(after, Post):
                _post(told, before, after)
                if before.holders and after.holders and before.holders is not after.holders:
                    confirmed += _confirmed(before, after)
            elif isinstance(noun, Post):
                _opened_or_closed(told, noun, is_new=noun is after)
            else:
                _unit(told, id_, pair)
        for id_ in dict.fromkeys(confirmed):
            if id_ not in nouns:  # the same person with the same posts, one of them held otherwise
                _person(told, id_, (old.get(id_), new.get(id_)), sides)
        told.sort(key=_place)
        return tuple(told)

    @cached_property
    def _when(self) -> dict[Change, Dated]:
        found = ((change, dated(change, *self._charts)) for change in self.changes)
        return {change: when for change, when in found if when is not None}

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
        return dict(self.nouns.items()), self.changes, self.when, self.names

    def __setstate__(self, state: tuple[object, ...]) -> None:
        """From a pickle or a copy."""
        for name, value in zip(("nouns", "_changes", "_when", "_names"), state, strict=True):
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
    if among is None and old.view is not None and new.view is not None and old.view[0] is new.view[0]:
        return Diff(_between(old.view[0], old.view[1], new.view[1]), (old, new))
    nouns: dict[str, Pair] = {}
    for id_ in new.index.ids if among is None else among:
        before, after = old.get(id_), new.get(id_)
        if not (before is after or before == after):
            nouns[id_] = (before, after)
    return Diff(nouns, (old, new))


def _between(timeline: Timeline, old: int, new: int) -> Differing:
    """What differs between two steps of one timeline: what was written between them."""
    return timeline.changed_between(old, new) if old <= new else timeline.changed_between(new, old).backwards()


Held = dict[str, Appointment]
"""How somebody holds some posts, by the ids of the posts."""


_NOTHING: tuple[Held, Held] = {}, {}


class Side:
    """One of the two charts, which has the nouns that differ at hand and keeps what it found."""

    __slots__ = ("_above", "_chart", "_employers", "_nouns", "_which", "index")

    def __init__(self, chart: OrgChart, nouns: dict[str, Pair], which: int) -> None:
        """`which` of each pair is of this chart."""
        self.index = chart.index
        self._chart, self._nouns, self._which = chart, nouns, which
        self._employers: dict[str, str | None] = {}
        self._above: dict[str, tuple[str, ...]] = {}

    def get(self, id_: str) -> Noun | None:
        """The noun of that id, or None."""
        pair = self._nouns.get(id_)
        return self._chart.get(id_) if pair is None else pair[self._which]

    def held(self, person: Person) -> tuple[Held, Held]:
        """How a person holds posts, personal ones aside: substantively, and acting."""
        held: Held = {}
        covered: Held = {}
        for id_ in person.posts:
            pair = self._nouns.get(id_)
            post = self._chart.get(id_) if pair is None else pair[self._which]
            if isinstance(post, Post) and post.personal is None:
                for holder in post.holders:
                    if holder.person == person.id:
                        (covered if holder.acting else held)[id_] = holder
                        break
        return held, covered

    def employer(self, post: str) -> str | None:
        """The organization that must employ whoever holds a post."""
        noun = self.get(post)
        if not isinstance(noun, Post):
            return None
        if noun.unit not in self._employers:
            self._employers[noun.unit] = employer_of(self, noun)
        return self._employers[noun.unit]

    def above(self, post: str) -> tuple[str, ...]:
        """The ids of the posts above a post, from the next one up to the top."""
        below: list[str] = []
        at = self.get(post)
        while isinstance(at, Post) and at.id not in self._above:
            below.append(at.id)
            at = manager_post(self, at)
        found = (at.id, *self._above[at.id]) if at is not None else ()
        for id_ in reversed(below):
            self._above[id_] = found
            found = (id_, *found)
        return self._above[post]


Sides = tuple[Side, Side]
"""The old one and the new one."""


def _place(change: Change) -> int:
    """Where a change is told among others."""
    return _PLACE[change.kind]


# ------------------------------------------------------------------------------------------------------------- people


def _person(told: Told, id_: str, pair: Pair, sides: Sides) -> None:
    start = len(told)
    before = pair[0] if isinstance(pair[0], Person) else _NOBODY
    after = pair[1] if isinstance(pair[1], Person) else _NOBODY
    if before.employments is not after.employments:  # what no event touched is the same object
        _jobs(told, id_, before, after)
    had, covered = sides[0].held(before) if before.posts else _NOTHING
    has, covers = sides[1].held(after) if after.posts else _NOTHING
    if (had or has) and had.keys() != has.keys():
        _posts_held(told, id_, had, has, sides)
    if (covered or covers) and covered.keys() != covers.keys():
        told.append(Change("acting", id_, tuple(covered), tuple(covers)))
    if before.leave is not after.leave:
        if before.leave is None:
            told.append(Change("leave-started", id_))
        elif after.leave is None:
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


def _jobs(told: Told, id_: str, before: Person, after: Person) -> None:
    was, now = before.employments, after.employments
    for job in now:
        employer = job.organization
        old = before.employment(employer) if was else None
        if old is None:
            told.append(Change("joined", id_, (), (employer,), job.since.is_open))
        elif old.fte != job.fte:
            told.append(Change("fte-changed", id_, share(old), share(job)))
    for job in was:
        employer = job.organization
        if not now or after.employment(employer) is None:
            told.append(Change("left", id_, (employer,)))


def _posts_held(told: Told, id_: str, had: Held, has: Held, sides: Sides) -> None:
    """Tell which posts a person gained and lost."""
    lost = [post for post in had if post not in has] if had else []
    for to, holder in has.items():
        if to in had:
            continue
        from_ = _left_for(to, lost, sides) if lost else None
        if from_ is None:
            told.append(Change("appointed", id_, (), (to,), holder.since.is_open))
        else:
            lost.remove(from_)
            told.append(Change(_direction(from_, to, sides), id_, (from_,), (to,)))
    if lost:
        told += [Change("vacated", id_, (post,)) for post in lost]


def _left_for(gained: str, lost: list[str], sides: Sides) -> str | None:
    """The post that was left for another one: a move is within one employer, what is left over was vacated."""
    old, new = sides
    employer = new.employer(gained)
    for post in lost:
        if old.employer(post) == employer:
            return post
    return None


def _direction(from_: str, to: str, sides: Sides) -> str:
    """`promoted` when the new post is above the old one, or nearer to the same top; else `moved`."""
    above, below = sides[0].above(from_), sides[1].above(to)
    if to in above:
        return "promoted"
    top_before = above[-1] if above else from_
    top_after = below[-1] if below else to
    return "promoted" if top_before == top_after and len(below) < len(above) else "moved"


# ------------------------------------------------------------------------------------------------------- posts, units


def _post(told: Told, before: Post, after: Post) -> None:
    if not (before.open and after.open):
        _opened_or_closed(told, after if after.open else before, is_new=after.open)
        return
    start = len(told)
    if (  # no more than identity, which is quick: most posts keep all of these
        before.title is not after.title
        or before.unit is not after.unit
        or before.seats is not after.seats
        or before.level is not after.level
        or before.critical is not after.critical
        or before.heads is not after.heads
    ):
        _fields(told, before, after)
    if before.lines is not after.lines:
        _lines(told, before, after)
    untouched = before.holders is after.holders
    if not untouched:
        _unnamed(told, before, after)
    if len(told) == start and before.personal is None and (untouched or _held_alike(before, after)):
        told.append(Change("restated", after.id))


def _fields(told: Told, before: Post, after: Post) -> None:
    for name, was, now in zip(FIELDS, values_of(before), values_of(after), strict=True):
        if was != now:
            kind = KIND_OF.get(name, "post-changed")
            told.append(Change(kind, after.id, (words(name, was),), (words(name, now),)))


def _opened_or_closed(told: Told, post: Post, *, is_new: bool) -> None:
    """Tell of a post that only one of the charts shows; personal posts are told with their people."""
    if post.personal is not None or not post.open:
        return
    if is_new:
        told.append(Change("post-opened", post.id, (), (post.title,), post.events[0].date.is_open))
    else:
        told.append(Change("post-closed", post.id, (post.title,)))


def _lines(told: Told, before: Post, after: Post) -> None:
    was, now = before.line, after.line
    end, end_now = was.to if was is not None else "unknown", now.to if now is not None else "unknown"
    if end != end_now:
        told.append(Change("re-parented", after.id, (end,), (end_now,)))
    if len(before.lines) > (was is not None) or len(after.lines) > (now is not None):
        dotted, dotted_now = (tuple([line.to for line in post.lines if line.dotted]) for post in (before, after))
        if set(dotted) != set(dotted_now):
            told.append(Change("re-lined", after.id, dotted, dotted_now))


def _unnamed(told: Told, before: Post, after: Post) -> None:
    """Tell how many seats are held by people who are not named."""
    was, now = count_unnamed(before), count_unnamed(after)
    if was != now:
        told.append(Change("post-changed", after.id, (f"{was} unnamed",), (f"{now} unnamed",)))


def _held_alike(before: Post, after: Post) -> bool:
    """Whether the same people hold a post in the same way: where this differs, it is told of the people."""
    if len(before.holders) != len(after.holders):
        return False
    was, now = (sorted([(h.person or "", h.acting) for h in post.holders]) for post in (before, after))
    return was == now


def _confirmed(before: Post, after: Post) -> list[str]:
    """The people who held a post acting and hold it substantively, or the other way round."""
    found: list[str] = []
    for holder in after.holders:
        if holder.person is not None:
            held = before.held_by(holder.person)
            if held is not None and held.acting != holder.acting:
                found.append(holder.person)
    return found


def _unit(told: Told, id_: str, pair: Pair) -> None:
    before, after = (unit if isinstance(unit, Unit) and unit.open else None for unit in pair)
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
