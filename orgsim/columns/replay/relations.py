"""Replay in columns: what the events of some rows make, as stretches of days.

It says in columns what `orgsim.replay` says noun by noun, for all that is regular: who is employed where, who holds
what, which lines run where.  Lines between people, lines of personal posts and mergers are not told here but by
`irregular`, with the handlers themselves.  The rows are taken to be legal; `screen` looks at that.
"""

from functools import cached_property, partial

import attrs
import numpy as np

from orgsim.columns.replay.atwork import Employment, units_told
from orgsim.columns.replay.spells import (
    OneByOne,
    Spells,
    best_over_time,
    from_sets,
    joined,
    overlapping,
    sorted_spells,
)
from orgsim.columns.replay.structure import Structure
from orgsim.columns.replay.timeline import Timeline
from orgsim.columns.rows import table as t
from orgsim.columns.rows.arrays import (
    Bools,
    Ints,
    first_of,
    group_edges,
    is_sorted,
    next_of,
    order_by,
    order_within,
    running_max,
    side_by_side,
    spread,
    where,
)
from orgsim.columns.rows.table import ABSENT, KIND, NONE, UNKNOWN
from orgsim.metrics.spells import FOREVER

IS_ACTING, IS_PRIMARY, IS_PERSONAL, IS_UNNAMED, IS_VAGUE = 1, 2, 4, 8, 16
ANY, NOT_GIVEN = 0, -9
"""`seats: any`, and seats that an event does not tell."""


@attrs.define(eq=False)
class Holds:
    """Who holds what: of each post the person (ABSENT where not named) from day to day, and how.

    `order` is the row at which the person first got it, `mark` that at which it was marked primary (ABSENT: never).
    """

    post: Ints
    start: Ints
    end: Ints
    person: Ints
    row: Ints
    how: Ints
    seats: Ints
    order: Ints
    mark: Ints

    def __len__(self) -> int:
        return len(self.post)

    def take(self, places: Ints) -> "Holds":
        """Some of the holdings."""
        return Holds(*(getattr(self, name)[places] for name in HOLD))

    def at(self, day: int) -> Ints:
        """The places of the holdings of a day."""
        return where((self.start <= day) & (self.end > day))


HOLD = tuple(field.name for field in attrs.fields(Holds))


def holds_sorted(*several: Holds) -> Holds:
    """Holdings together, sorted by post and by when they began, those without a day left out."""

    def column(name: str) -> Ints:
        return np.concatenate([getattr(one, name) for one in several], dtype=np.int32, casting="same_kind")

    keep = where(column("start") < column("end"))
    post, order = column("post")[keep], column("order")[keep]
    if not is_sorted(post, order):
        keep = keep[order_by(post, order)]
    return Holds(*(column(name)[keep] for name in HOLD))


@attrs.define(eq=False)
class Relations:
    """All stretches of days: what is true of whom, from when to when.

    Personal posts have numbers from `base` on: pair i of `pairs` (person, organization) has the number base + i.
    """

    base: int
    pairs: tuple[Ints, Ints]
    structure: Structure
    jobs: Spells
    """Of people, the organizations they work for."""
    contract: Ints
    """Of each stretch of `jobs`, whether it is a contractor's."""
    fte: Ints
    """Of each stretch of `jobs`, the share of a full-time job."""
    holds: Holds
    unit: Spells
    """Of posts, the unit; it is told as long as they are open."""
    solid: Spells
    """Of posts, the post or unit that the solid line runs to, or NONE."""
    dotted: Spells
    """Of posts, each post or unit that a dotted line runs to."""
    leaves: Spells
    """Of people, 1 while on leave."""
    seats: Spells
    """Of posts with another number of seats than one, that number, or ANY."""
    critical: Spells
    """Of critical posts, 1."""
    heads: Spells
    """Of posts, the unit they head."""
    title: Spells
    """Of posts, the text of the title; as in `level`, that of the level, and in `name` of people, that of the name."""
    level: Spells
    name: Spells
    primary: Spells
    """Of people, the post that is their first."""
    answer: Spells
    """Of posts, the person who answers for them."""
    introduced: Ints
    """Of each person, the day of the first hire; 0 for those declared."""
    made_edges: dict[str, Ints] = attrs.field(factory=dict, kw_only=True)
    """Where the stretches of each subject begin, of the attributes asked for one by one."""

    timelines: dict[str, Timeline] = attrs.field(factory=dict, kw_only=True)
    """Of the attributes that whole charts show, all changes by day."""

    made_one_by_one: dict[str, OneByOne] = attrs.field(factory=dict, kw_only=True)

    def one_by_one(self, name: str) -> OneByOne:
        """An attribute asked subject by subject."""
        found = self.made_one_by_one.get(name)
        if found is None:
            found = self.made_one_by_one[name] = OneByOne(getattr(self, name), self.all_edges(name))
        return found

    def all_edges(self, name: str) -> Ints:
        """Where the stretches of each subject begin, and where the last end."""
        found = self.made_edges.get(name)
        if found is None:
            found = self.made_edges[name] = group_edges(getattr(self, name).subject, self.size)
        return found

    @property
    def size(self) -> int:
        """How many numbers of people, posts, units and personal posts there are."""
        return self.base + len(self.pairs[0])


class Replay(Employment):
    """The making of relations from the visible rows of a table."""

    def _attribute(self, at: Ints, post: Ints, value: Ints, given: Bools) -> Spells:
        if not (value != ABSENT).any():
            return from_sets(self.steps, post[:0], at[:0], value[:0])
        keep = where(given)
        return from_sets(self.steps, post[keep], at[keep], value[keep])

    def attributes(self) -> dict[str, Spells]:
        """What posts are like: unit (while open), title, level, seats and what they head, where not the usual."""
        at, post = self.of_posts("create-post", "change-post", "abolish-post")
        attribute = partial(self._attribute, at, post)
        kind, flags = self.get("kind", at), self.get("flags", at)
        created, gone = kind == KIND["create-post"], kind == KIND["abolish-post"]
        resets = created | gone
        unit, text = self.get("place", at), self.get("text", at)
        level, given = self.sparse("level", at, ABSENT), self.sparse("seats", at, NOT_GIVEN)
        seats = np.where(given == -1, ANY, np.where(given > 1, given, ABSENT))
        critical = np.where(flags & t.CRITICAL, 1, ABSENT)
        return {
            "unit": attribute(unit, units_told(kind, unit)[0]),
            "title": attribute(text, (text != ABSENT) | resets),
            "level": attribute(level.astype(np.int32), (level != ABSENT) | resets),
            "seats": attribute(seats, resets | (given != NOT_GIVEN)),
            "critical": attribute(critical, resets | ((flags & (t.CRITICAL | t.UNCRITICAL)) != 0)),
            "heads": self._heads(at, resets),
        }

    def _heads(self, at: Ints, resets: Bools) -> Spells:
        """What posts head; a unit that closes is headed by none any more."""
        heads = self.sparse("heads", at, ABSENT).astype(np.int32)
        given = where((heads != ABSENT) | resets) if (heads != ABSENT).any() else at[:0]
        post, row, unit = self.get("post", at[given]), at[given], np.where(heads == NONE, ABSENT, heads)[given]
        end = next_of(first_of(post), row, self.never)
        keep = where(unit != ABSENT)
        post, row, unit, end = post[keep], row[keep], unit[keep], end[keep]
        closed = self.of("close-unit")
        if len(closed) and len(unit):
            end = np.minimum(end, self._next(self.get("place", closed), closed, unit, row))
        return self.steps.spells(post, row, end, unit)

    def _next(self, subject: Ints, row: Ints, wanted: Ints, after: Ints) -> Ints:
        """The first row of each wanted subject after a row, or never."""
        keys = np.sort(subject.astype(np.int64) * (self.never + 1) + row)
        mine = wanted.astype(np.int64) * (self.never + 1)
        place = np.searchsorted(keys, mine + after, side="right")
        found = keys[np.minimum(place, len(keys) - 1)] if len(keys) else mine
        good = (place < len(keys)) & (found - mine <= self.never)
        return np.where(good, found - mine, self.never)

    # -------------------------------------------------------------------------------------------------- who holds what

    @cached_property
    def hold_rows(self) -> tuple[Holds, Ints]:
        """Named holdings from row to row, and the place of the job each rests on (ABSENT for seats on bodies)."""
        rows, person = self.of_people("appoint", "vacate")
        post = self.get("post", rows)
        order = order_within(person, post)
        if order is not None:
            rows, person, post = rows[order], person[order], post[order]
        kind, flags = self.get("kind", rows), self.get("flags", rows)
        appoints = kind == KIND["appoint"]
        first = first_of(person, post)
        employer = self.employer(post, rows)
        job = self.job_at(person, employer, rows)
        job[employer == ABSENT] = ABSENT
        ends = self.job_rows[3]
        job_end = np.append(ends, self.never)[job]  # the last is for ABSENT
        end = np.minimum(next_of(first, rows, self.never), job_end)
        begins = first.copy()
        begins[1:] |= ~appoints[:-1] | (end[:-1] != rows[1:])  # else an acting holder is confirmed
        keep, marks = where(appoints), appoints & ((flags & t.PRIMARY) != 0)
        start = rows[keep].astype(np.int32)
        order_row, mark = start, np.full(len(keep), ABSENT, np.int32)
        if not begins[keep].all():
            order_row = rows[np.maximum.accumulate(np.where(begins, np.arange(len(rows)), 0))][keep].astype(np.int32)
        if marks.any():
            mark = running_max(begins, np.where(marks, rows, -1))[keep].astype(np.int32)
        how = np.where(flags[keep] & t.ACTING, IS_ACTING, 0) | np.where(mark >= 0, IS_PRIMARY, 0)
        ends, seats = end[keep].astype(np.int32), np.ones(len(keep), np.int32)
        held = Holds(post[keep], start, ends, person[keep], start, how.astype(np.int32), seats, order_row, mark)
        return held, job[keep].astype(np.int32)

    def in_days(self, holds: Holds) -> Holds:
        """Holdings from row to row, from day to day."""
        start, end = self.steps.days(holds.start), self.steps.days(holds.end)
        return Holds(holds.post, start, end, *(getattr(holds, name) for name in HOLD[3:]))

    def unnamed(self) -> Holds:
        """Holdings of people who are not named, from row to row."""
        rows = self.of("appoint", "vacate")
        rows = rows[where(self.get("person", rows) == ABSENT)]
        kind, post, flags = (self.get(name, rows) for name in ("kind", "post", "flags"))
        vague = (flags & t.VAGUE) != 0
        group = post.astype(np.int64) * 2 + vague
        given, taken = where(kind == KIND["appoint"]), where(kind == KIND["vacate"])
        end = self._next(group[taken], rows[taken], group[given], rows[given])
        how = IS_UNNAMED | np.where(vague, IS_VAGUE, 0)[given]
        acting = np.where(flags & t.ACTING, IS_ACTING, 0)[given]
        primary = np.where(flags & t.PRIMARY, IS_PRIMARY, 0)[given]
        seats, nobody = self.sparse("seats", rows[given], 1), np.full(len(given), ABSENT)
        start = rows[given]
        return Holds(post[given], start, end, nobody, start, how | acting | primary, seats, start, nobody)

    def _personal(self) -> tuple[Holds, tuple[Ints, Ints], Spells]:
        """Personal posts: while employed and without another post of the organization; numbered from the base on."""
        held, job = self.hold_rows
        person, organization, _, _ = self.job_rows
        job_of, given, taken = self._without_posts(job, held)
        keep = where(self.steps.days(given) < self.steps.days(taken))
        job_of, given, taken = job_of[keep], given[keep], taken[keep]
        who, where_ = person[job_of], organization[job_of]
        key = who.astype(np.int64) << 32 | where_
        pairs, number = np.unique(key, return_inverse=True)
        post = len(self.table.ids) + number
        nothing, given = np.full(len(post), ABSENT), np.where(given >= self.never, 0, given)
        own = Holds(post, given, taken, who, given, nothing * 0 + IS_PERSONAL, nothing * 0 + 1, given, nothing)
        pairs_of = ((pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32))
        return own, pairs_of, self.steps.spells(post, given, taken, where_)

    def _without_posts(self, job: Ints, held: Holds) -> tuple[Ints, Ints, Ints]:
        """Jobs, by place, from row to row as long as none of their holders' posts rests on them."""
        _, _, start, end = self.job_rows
        counts = where(job != ABSENT)
        owner, begin, until = job[counts], held.start[counts], held.end[counts]
        order = order_within(held.person[counts], owner * np.int64(self.never + 1) + begin)
        if order is not None:
            owner, begin, until = owner[order], begin[order], until[order]
        first = first_of(owner)
        reach = running_max(first, until)
        following = np.minimum(next_of(first, begin, self.never + 1), end[owner]) if len(owner) else begin
        earliest, heads = end.copy(), where(first)
        earliest[owner[heads]] = begin[heads]
        between, before = where(following > reach), where(earliest > start)
        return (
            np.concatenate([before, owner[between]]),
            np.concatenate([start[before], reach[between]]),
            np.concatenate([earliest[before], following[between]]),
        )

    # --------------------------------------------------------------------------------------------------------- lines

    def solid(self) -> Spells:
        """The solid line of each post: to a post, a unit, or NONE for a stated top."""
        at, post = self.of_posts("create-post", "change-post", "abolish-post", "report")
        told, value = lines_told(self.get("kind", at), self.get("to", at), self.get("flags", at))
        here = where(told)
        return from_sets(self.steps, post[here], at[here], value[here])

    def dotted(self) -> Spells:
        """Dotted lines, one to each other end."""
        if not (self.table.flags & t.DOTTED).any():
            return self.steps.spells(*(self.rows[:0] for _ in range(4)))
        rows, _ = self.of_posts("report")
        rows = rows[where((self.get("flags", rows) & t.DOTTED) != 0)]
        post, to = self.get("post", rows), self.get("to", rows)
        order = order_by(post, to)
        rows, post, to = rows[order], post[order], to[order]
        end = next_of(first_of(post, to), rows, self.never)
        keep = where((self.get("flags", rows) & t.END) == 0)
        post, to, rows, end = post[keep], to[keep], rows[keep], end[keep]
        gone = self.of("abolish-post")
        end = np.minimum(end, self._next(self.get("post", gone), gone, post, rows))
        return self.steps.spells(post, rows, end, to)

    # ----------------------------------------------------------------------------------------------------- all of it

    @cached_property
    def made(self) -> Relations:
        """All stretches of days, one by one, for the rules are looked at meanwhile."""
        found = self.relations()
        self.__dict__.pop("spells_at_work", None)  # it takes much room, and nobody else asks for it
        return found

    def relations(self, *, alone: bool = False) -> Relations:
        """All stretches of days; `alone`, if nothing else is being done meanwhile, so that two threads are quicker."""
        rows = self.never if alone else 0
        jobs, shares = self.stretches_at_work()
        contract = self.table.flags[jobs.row] & t.CONTRACTOR if len(jobs) else jobs.row
        held, told = lambda: self.hold_rows[0], lambda: (self.attributes(), self.solid(), self.dotted(), self.names())
        named, (posts, solid, dotted, names) = side_by_side(rows, held, told)
        own, pairs, homes = self._personal()
        holds = holds_sorted(*(self.in_days(one) for one in (named, self.unnamed(), own)))
        del named, self.__dict__["hold_rows"]  # they take much room, and nobody else asks for them
        leaves = self.leaves()
        primary, answer = side_by_side(
            rows, lambda: primary_posts(holds, self.never), lambda: answering(holds, leaves, self.never)
        )
        unit = joined(posts.pop("unit"), homes)
        return Relations(
            base=len(self.table.ids),
            pairs=pairs,
            structure=self.structure,
            jobs=jobs,
            contract=(contract != 0).astype(np.int8),
            fte=shares,
            holds=holds,
            unit=unit,
            solid=solid,
            dotted=dotted,
            leaves=leaves,
            name=names,
            primary=primary,
            answer=answer,
            introduced=self.introduced(),
            title=posts["title"],
            level=posts["level"],
            seats=posts["seats"],
            critical=posts["critical"],
            heads=posts["heads"],
        )


def lines_told(kind: Ints, to: Ints, flags: Ints) -> tuple[Bools, Ints]:
    """Which events of posts tell their solid line, and where it runs; ABSENT where it is over, or not known."""
    told = (kind == KIND["create-post"]) | (kind == KIND["abolish-post"]) | (to != ABSENT)
    over = (to == UNKNOWN) | ((kind == KIND["report"]) & ((flags & t.END) != 0))
    return told & ((flags & t.DOTTED) == 0), np.where(over, ABSENT, to)


def primary_posts(holds: Holds, never: int) -> Spells:
    """The primary post of each person: the last marked, then substantive, acting, personal; then the earliest."""
    some = Spells(holds.person, holds.start, holds.end, holds.post, holds.row)
    named = holds.person != ABSENT
    here = where(named)

    def rank(places: Ints) -> Ints:
        how, mark, order = (column[here][places] for column in (holds.how, holds.mark, holds.order))
        tier = 1 + np.where(how & IS_ACTING, 1, 0) + np.where(how & IS_PERSONAL, 2, 0)
        return np.where(mark >= 0, never - mark, tier * np.int64(never + 1) + order)

    return best_over_time(some if len(here) == len(named) else some.take(here), rank)


def answering(holds: Holds, leaves: Spells, never: int) -> Spells:
    """Who answers for each post: the first substantive holder not on leave, else who acts, else who is on leave."""
    named = holds.person != ABSENT
    some = holds if named.all() else holds.take(where(named))
    shared = overlapping(some.post, some.start, some.end)
    if not shared.any():
        return sorted_spells(some.post, some.start, some.end, some.person, some.row)
    alone, some = some.take(where(~shared)), some.take(where(shared))
    acting = (some.how & IS_ACTING) != 0
    span = never + 1
    covers, here = some.take(where(acting)), some.take(where(~acting))
    pieces = [
        (covers.post, covers.start, covers.end, covers.person, covers.row, span + covers.order),
        _by_presence(here, leaves, span),
    ]
    *columns, rank = (np.concatenate(column) for column in zip(*pieces, strict=True))
    best = best_over_time(Spells(*columns), lambda places: rank[places])
    return joined(sorted_spells(alone.post, alone.start, alone.end, alone.person, alone.row), best)


def _by_presence(here: Holds, leaves: Spells, span: int) -> tuple[Ints, ...]:
    """Holdings cut where the holder goes on leave and comes back; away, they rank behind those who act."""
    low = np.searchsorted(leaves.subject, here.person, side="left")
    high = np.searchsorted(leaves.subject, here.person, side="right")
    owner, offset = spread(2 * (high - low) + 1)
    leave, away = low[owner] + offset // 2, offset % 2 == 1
    edges_in = np.append(leaves.start, FOREVER)
    edges_out = np.append(leaves.end, FOREVER)
    before = np.where(offset == 0, 0, np.where(away, edges_in[leave], edges_out[leave - 1]))
    last = offset == 2 * (high - low)[owner]
    after = np.where(last, FOREVER, np.where(away, edges_out[leave], edges_in[leave]))
    start, end = np.maximum(before, here.start[owner]), np.minimum(after, here.end[owner])
    keep = where(start < end)
    own, start, end = owner[keep], start[keep], end[keep]
    rank = np.where(away[keep], 2 * span, 0) + here.order[own]
    return here.post[own], start, end, here.person[own], here.row[own], rank
