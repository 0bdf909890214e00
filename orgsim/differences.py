"""What differs between two charts, in the words of the field: joined, left, promoted, moved, re-parented, ...

The charts may be of two dates, or of one date as known on two days.
"""

from collections.abc import Iterable, Iterator

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
TEXTS = frozenset(["retitled", "renamed", "unit-renamed", "post-changed", "unit-changed"])
"""The classes that tell what something was and is in texts, where the others tell ids."""


@attrs.frozen
class Change:
    """One difference: its kind, the id it is about, and what it was and is (ids or texts)."""

    kind: str
    subject: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    first_seen: bool = False
    """True when the sources do not tell that it began then, only that they saw it."""


@attrs.frozen
class Diff:
    """All differences from one chart to another; `apply` turns the one into the other.

    `changes` are the differences a chart shows, `restated` where only the telling differs (a date, a source);
    `nouns` are all, with what was and what is.
    """

    changes: tuple[Change, ...]
    nouns: dict[str, tuple[Noun | None, Noun | None]] = attrs.field(repr=False)
    names: dict[str, str] = attrs.field(factory=dict, eq=False, repr=False)
    """What the ids in the changes are called."""

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
    nouns: dict[str, tuple[Noun | None, Noun | None]] = {}
    for id_ in _may_differ(old, new) if among is None else among:
        before, after = old.get(id_), new.get(id_)
        if before is not after and before != after:
            nouns[id_] = (before, after)
    changes: list[Change] = []
    for id_, (before, after) in nouns.items():
        found = list(_classify(id_, before, after, old, new))
        if not found and _is_seen(before) and _is_seen(after) and _who(before) == _who(after):
            found = [Change("restated", id_)]
        changes += found
    for id_ in _confirmed(nouns.values()):
        if id_ not in nouns:  # the same person with the same posts, one of them held otherwise
            changes += _classify(id_, old.get(id_), new.get(id_), old, new)
    changes.sort(key=lambda change: KINDS.index(change.kind))
    return Diff(tuple(changes), nouns, _names(changes, old, new))


def _may_differ(old: OrgChart, new: OrgChart) -> Iterable[str]:
    """The ids that may differ: of two days of one timeline, those written between them."""
    if old.view is None or new.view is None or old.view[0] is not new.view[0]:
        return new.index.ids
    return old.view[0].written_between(*sorted((old.view[1], new.view[1])))


def _confirmed(nouns: Iterable[tuple[Noun | None, Noun | None]]) -> list[str]:
    """The people who held a post acting and hold it substantively, or the other way round."""
    found: dict[str, None] = {}
    for before, after in nouns:
        if isinstance(before, Post) and isinstance(after, Post):
            acted = {holder.person: holder.acting for holder in before.holders}
            for holder in after.holders:
                if holder.person is not None and acted.get(holder.person, holder.acting) != holder.acting:
                    found[holder.person] = None
    return list(found)


def _names(changes: Iterable[Change], old: OrgChart, new: OrgChart) -> dict[str, str]:
    """What everything in the changes that is an id is called."""
    name = name_from(new.get, old.get, names=new.index.names)
    told = {id_ for change in changes for id_ in (change.subject, *change.before, *change.after)}
    return {id_: name(id_) for id_ in sorted(told) if id_ in new.index.ids}


def _classify(id_: str, before: Noun | None, after: Noun | None, old: OrgChart, new: OrgChart) -> Iterator[Change]:
    sample = after if after is not None else before
    if isinstance(sample, Person):
        first = before if isinstance(before, Person) else Person(id_, sample.name)
        last = after if isinstance(after, Person) else Person(id_, sample.name)
        yield from _person(first, last, old, new)
    elif isinstance(sample, Post):
        first_post = before if isinstance(before, Post) and before.open else None
        last_post = after if isinstance(after, Post) and after.open else None
        yield from _post(id_, first_post, last_post)
    elif isinstance(sample, Unit):
        first_unit = before if isinstance(before, Unit) and before.open else None
        last_unit = after if isinstance(after, Unit) and after.open else None
        yield from _unit(id_, first_unit, last_unit)


def _is_seen(noun: Noun | None) -> bool:
    """Whether a chart shows a noun: personal posts are told with their people."""
    if isinstance(noun, Post):
        return noun.open and noun.personal is None
    if isinstance(noun, Unit):
        return noun.open
    return noun is not None and bool(noun.employments or noun.posts)


def _who(noun: Noun | None) -> list[tuple[str | None, bool]]:
    """Who holds a post, and how: where this differs, it is told of the people."""
    return sorted(((h.person, h.acting) for h in noun.holders), key=str) if isinstance(noun, Post) else []


def _employers(person: Person) -> tuple[str, ...]:
    return tuple(employment.organization for employment in person.employments)


def _held(person: Person, chart: OrgChart, *, acting: bool) -> dict[str, Post]:
    """The posts a person holds, personal ones aside, by id."""
    held: dict[str, Post] = {}
    for id_ in person.posts:
        post = chart.get(id_)
        holder = post.held_by(person.id) if isinstance(post, Post) else None
        if isinstance(post, Post) and holder is not None and holder.acting == acting and post.personal is None:
            held[id_] = post
    return held


def _person(before: Person, after: Person, old: OrgChart, new: OrgChart) -> Iterator[Change]:
    was, now = _employers(before), _employers(after)
    for employer in now:
        if employer not in was:
            job = after.employment(employer)
            yield Change("joined", after.id, (), (employer,), first_seen=job is not None and job.since.is_open)
    for employer in was:
        if employer not in now:
            yield Change("left", after.id, (employer,), ())
    yield from _posts_held(before, after, old, new)
    covered, covers = (_held(p, chart, acting=True) for p, chart in ((before, old), (after, new)))
    if covered.keys() != covers.keys():
        yield Change("acting", after.id, tuple(covered), tuple(covers))
    if before.leave is None and after.leave is not None:
        yield Change("leave-started", after.id)
    if before.leave is not None and after.leave is None:
        yield Change("leave-ended", after.id)
    if before.name != after.name:
        yield Change("renamed", after.id, (before.name,), (after.name,))


def _posts_held(before: Person, after: Person, old: OrgChart, new: OrgChart) -> Iterator[Change]:
    had, has = _held(before, old, acting=False), _held(after, new, acting=False)
    lost = {id_: post for id_, post in had.items() if id_ not in has}
    won = {id_: post for id_, post in has.items() if id_ not in had}
    for gained in won.values():
        # A move is from one post to another of the same employer; what is left over was vacated.
        employer = employer_of(new, gained)
        from_ = next((post for post in lost.values() if employer_of(old, post) == employer), None)
        if from_ is None:
            held = gained.held_by(after.id)
            seen = held is not None and held.since.is_open
            yield Change("appointed", after.id, (), (gained.id,), first_seen=seen)
        else:
            del lost[from_.id]
            yield Change(_direction(from_, gained, old, new), after.id, (from_.id,), (gained.id,))
    for post in lost.values():
        yield Change("vacated", after.id, (post.id,), ())


def _direction(from_: Post, to: Post, old: OrgChart, new: OrgChart) -> str:
    """`promoted` when the new post is above the old one, or nearer to the same top; else `moved`."""
    above, below = old.chain(from_.id), new.chain(to.id)
    if any(post.id == to.id for post in above):
        return "promoted"
    top_before = above[-1].id if above else from_.id
    top_after = below[-1].id if below else to.id
    return "promoted" if top_before == top_after and len(below) < len(above) else "moved"


def _post(id_: str, before: Post | None, after: Post | None) -> Iterator[Change]:
    if before is None or after is None:
        if (after or before or Post("", "", "")).personal is not None:
            return
        if after is not None:
            yield Change("post-opened", id_, (), (after.title,), first_seen=after.events[0].date.is_open)
        elif before is not None:
            yield Change("post-closed", id_, (before.title,), ())
        return
    if before.title != after.title:
        yield Change("retitled", id_, (before.title,), (after.title,))
    if before.unit != after.unit:
        yield Change("moved", id_, (before.unit,), (after.unit,))
    to_before, to_after = (post.line.to if post.line else "unknown" for post in (before, after))
    if to_before != to_after:
        yield Change("re-parented", id_, (to_before,), (to_after,))
    dotted_before, dotted_after = (tuple(x.to for x in post.lines if x.dotted) for post in (before, after))
    if set(dotted_before) != set(dotted_after):
        yield Change("re-lined", id_, dotted_before, dotted_after)
    for name in ("seats", "level", "critical", "heads"):
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield Change("post-changed", id_, (_setting(name, was),), (_setting(name, now),))
    unnamed_before, unnamed_after = (sum(h.seats for h in p.holders if h.person is None) for p in (before, after))
    if unnamed_before != unnamed_after:
        yield Change("post-changed", id_, (f"{unnamed_before} unnamed",), (f"{unnamed_after} unnamed",))


def _setting(name: str, value: object) -> str:
    """A setting of a post in words."""
    if name == "critical":
        return "critical" if value else "not critical"
    return f"no {name}" if value is None else f"{name} {value}"


def _unit(id_: str, before: Unit | None, after: Unit | None) -> Iterator[Change]:
    if before is None or after is None:
        if after is not None:
            yield Change("unit-opened", id_, (), (after.name,), first_seen=after.events[0].date.is_open)
        elif before is not None:
            yield Change("unit-closed", id_, (before.name,), ())
        return
    if before.parent != after.parent:
        yield Change("unit-moved", id_, (before.parent or "",), (after.parent or "",))
    if before.name != after.name:
        yield Change("unit-renamed", id_, (before.name,), (after.name,))
    if before.kind != after.kind:
        yield Change("unit-changed", id_, (before.kind,), (after.kind,))
