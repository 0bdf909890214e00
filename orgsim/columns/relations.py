"""Replay in columns: what the events of some rows make, as stretches of days.

It says in columns what `orgsim.replay` says noun by noun, for all that is regular: who is employed where, who holds
what, which lines run where.  Lines between people, lines of personal posts and mergers are not told here but by
`irregular`, with the handlers themselves.  The rows are taken to be legal; `screen` looks at that.
"""

from functools import cached_property

import attrs
import numpy as np

from orgsim.columns import table as t
from orgsim.columns.arrays import (
    FOREVER,
    Bools,
    Ints,
    first_of,
    group_edges,
    is_sorted,
    next_of,
    order_by,
    running_max,
    spread,
    where,
)
from orgsim.columns.spells import (
    OneByOne,
    Spells,
    Steps,
    best_over_time,
    from_sets,
    joined,
    overlapping,
    unions,
    value_before,
)
from orgsim.columns.structure import MIXED, Structure, structure
from orgsim.columns.table import ABSENT, KIND, NONE, UNKNOWN, Table
from orgsim.columns.timeline import Timeline

IS_ACTING, IS_PRIMARY, IS_PERSONAL, IS_UNNAMED, IS_VAGUE = 1, 2, 4, 8, 16
ANY, NOT_GIVEN = 0, -9
"""`seats: any`, and seats that an event does not tell."""
FEW = 8
"""Where the posts are more than so many times the rows, what is asked of all posts is asked of those named only."""


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
    columns = [np.concatenate([getattr(one, name) for one in several]) for name in HOLD]
    keep = where(columns[1] < columns[2])
    both = Holds(*(column[keep].astype(np.int32, copy=False) for column in columns))
    return both if is_sorted(both.post, both.order) else both.take(order_by(both.post, both.order))


@attrs.define(eq=False)
class Relations:
    """All stretches.  The subjects of jobs are people, of their value the organization; `more` are the personal posts.

    Personal posts have numbers from `base` on: pair i of `pairs` (person, organization) has the number base + i.
    """

    base: int
    pairs: tuple[Ints, Ints]
    structure: Structure
    jobs: Spells
    contract: Ints
    fte: Ints
    holds: Holds
    unit: Spells
    solid: Spells
    dotted: Spells
    leaves: Spells
    seats: Spells
    critical: Spells
    heads: Spells
    title: Spells
    level: Spells
    name: Spells
    primary: Spells
    answer: Spells
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


class Replay:
    """The making of relations from the visible rows of a table."""

    def __init__(self, table: Table, rows: Ints, structure_: Structure | None = None) -> None:
        """`rows` come in order, without retractions, expectations and rival accounts."""
        self.table, self.rows, self.never = table, rows, len(table)
        self.steps = Steps(table.day, self.never)
        self.structure = structure(table, rows) if structure_ is None else structure_
        self._whole = len(rows) == len(table)
        self._kind = table.kind if self._whole else table.kind[rows]

    def of(self, *kinds: str) -> Ints:
        """The rows of events of some kinds."""
        first, *others = kinds
        wanted = self._kind == KIND[first]
        for other in others:  # a few comparisons are quicker than a look-up
            wanted |= self._kind == KIND[other]
        here = where(wanted)
        return here if self._whole else self.rows[here].astype(np.intp)

    def get(self, name: str, rows: Ints) -> Ints:
        """A column at some rows."""
        values: Ints = getattr(self.table, name)[rows]
        return values

    def sparse(self, name: str, rows: Ints, otherwise: float) -> Ints:
        """A column of which few rows have a value."""
        have, values = self.table.sparse[name]
        if not len(have):
            return np.full(len(rows), otherwise, values.dtype if len(values) else np.int32)
        place = np.minimum(np.searchsorted(have, rows.astype(np.int32)), len(have) - 1)
        return np.where(have[place] == rows, values[place], otherwise)

    # ------------------------------------------------------------------------------------------------------- posts

    @cached_property
    def unit_sets(self) -> tuple[Ints, Ints, Ints]:
        """Post, row, unit: ABSENT where the post is abolished; sorted by post and row."""
        at = self.of("create-post", "change-post", "abolish-post")
        told, _ = units_told(self.get("kind", at), self.get("place", at))
        at = at[where(told)]
        post, unit = self.get("post", at), self.get("place", at)
        order = order_by(post)
        return post[order], at[order], unit[order]

    @cached_property
    def _employer_of_post(self) -> Ints:
        post, _, unit = self.unit_sets
        found = np.full(self.table.posts, ABSENT, np.int32)
        keep = where(unit != ABSENT)
        employer = self.structure.constant[unit[keep] - self.table.posts]
        found[post[keep]] = employer  # the last one, and MIXED if any other differs from it
        odd = where((found[post[keep]] != employer) | (employer == MIXED))
        found[post[keep][odd]] = MIXED
        return found

    def employer(self, posts: Ints, rows: Ints) -> Ints:
        """The organization that employs the holders of posts at rows; ABSENT for boards and committees."""
        found = np.full(len(posts), ABSENT, np.int32)
        ours = where((posts >= 0) & (posts < self.table.posts))
        if len(self.rows) * FEW < self.table.posts:  # not worth an array over all posts
            unit = value_before(self.unit_sets, posts[ours], rows[ours], self.never)
            found[ours] = np.where(unit == ABSENT, ABSENT, self.structure.constant[unit - self.table.posts])
        else:
            found[ours] = self._employer_of_post[posts[ours]]
        mixed = where(found == MIXED)
        if len(mixed):
            unit = value_before(self.unit_sets, posts[mixed], rows[mixed], self.never)
            found[mixed] = self.structure.employer_at(unit, rows[mixed], self.never)
        return found

    def _attribute(self, value: Ints, given: Bools, at: Ints) -> Spells:
        keep = where(given)
        return from_sets(self.steps, self.get("post", at[keep]), at[keep], value[keep])

    def attributes(self) -> dict[str, Spells]:
        """What posts are like: unit (while open), title, level, seats and what they head, where not the usual."""
        at = self.of("create-post", "change-post", "abolish-post")
        kind, flags = self.get("kind", at), self.get("flags", at)
        created, gone = kind == KIND["create-post"], kind == KIND["abolish-post"]
        resets = created | gone
        unit, text = self.get("place", at), self.get("text", at)
        level, given = self.sparse("level", at, ABSENT), self.sparse("seats", at, NOT_GIVEN)
        seats = np.where(given == -1, ANY, np.where(given > 1, given, ABSENT))
        critical = np.where(flags & t.CRITICAL, 1, ABSENT)
        return {
            "unit": self._attribute(unit, units_told(kind, unit)[0], at),
            "title": self._attribute(text, (text != ABSENT) | resets, at),
            "level": self._attribute(level.astype(np.int32), (level != ABSENT) | resets, at),
            "seats": self._attribute(seats, resets | (given != NOT_GIVEN), at),
            "critical": self._attribute(critical, resets | ((flags & (t.CRITICAL | t.UNCRITICAL)) != 0), at),
            "heads": self._heads(at, resets),
        }

    def _heads(self, at: Ints, resets: Bools) -> Spells:
        """What posts head; a unit that closes is headed by none any more."""
        heads = self.sparse("heads", at, ABSENT).astype(np.int32)
        given = where((heads != ABSENT) | resets) if (heads != ABSENT).any() else at[:0]
        post, row, unit = self.get("post", at[given]), at[given], np.where(heads == NONE, ABSENT, heads)[given]
        order = order_by(post, row)
        post, row, unit = post[order], row[order], unit[order]
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

    # ------------------------------------------------------------------------------------------------------- people

    @cached_property
    def job_rows(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Person, organization, first row, row of the departure; sorted in this order."""
        rows = self.of("hire", "depart")
        person, organization, hires = self.get("person", rows), self.get("place", rows), self.get("kind", rows)
        order = order_by(person, organization)
        person, organization, rows = person[order], organization[order], rows[order]
        end = next_of(first_of(person, organization), rows, self.never)
        hired = where(hires[order] == KIND["hire"])
        return person[hired], organization[hired], rows[hired], end[hired]

    @cached_property
    def _job_keys(self) -> Ints:
        person, organization, start, _ = self.job_rows
        return self._job_key(person, organization) + start

    def _job_key(self, person: Ints, organization: Ints) -> Ints:
        units = len(self.table.ids) - self.table.posts + 1
        local = np.maximum(organization - self.table.posts, 0)
        keys: Ints = (person.astype(np.int64) * units + local) * (self.never + 1)
        return keys

    def job_at(self, person: Ints, organization: Ints, rows: Ints) -> Ints:
        """The place of the job each person has with an organization at a row, or ABSENT."""
        if not len(self._job_keys):
            return np.full(len(person), ABSENT, np.int64)
        key = self._job_key(person, organization)
        place = np.searchsorted(self._job_keys, key + rows, side="right") - 1
        found = np.maximum(place, 0)
        people, organizations, _, end = self.job_rows
        good = (place >= 0) & (people[found] == person) & (organizations[found] == organization) & (end[found] > rows)
        return np.where(good, found, ABSENT)

    @cached_property
    def spells_at_work(self) -> tuple[Ints, Ints, Ints]:
        """Person, first row, last row: employed by any organization."""
        person, _, start, end = self.job_rows
        return unions(person, start, end)

    def leaves(self) -> Spells:
        """Who is on leave; a leave ends with the last employment."""
        rows = self.of("start-leave", "end-leave")
        person, starts = self.get("person", rows), self.get("kind", rows) == KIND["start-leave"]
        order = order_by(person)
        person, rows = person[order], rows[order]
        end = next_of(first_of(person), rows, self.never)
        begun = where(starts[order])
        person, rows, end = person[begun], rows[begun], end[begun]
        gone = value_before(self.spells_at_work, person, rows, self.never)
        return self.steps.spells(person, rows, np.where(gone == ABSENT, end, np.minimum(end, gone)), rows * 0 + 1)

    def names(self) -> Spells:
        """What people are called, where a hire or a change of name tells it."""
        at = self.of("hire", "change-person")
        at = at[where(self.get("text", at) != ABSENT)]
        return from_sets(self.steps, self.get("person", at), at, self.get("text", at))

    def _introduced(self) -> Ints:
        person, _, start, _ = self.job_rows
        days = np.full(self.table.people, FOREVER, np.int32)
        np.minimum.at(days, person, self.steps.days(start))
        days[: self.table.declared] = 0
        return days

    # -------------------------------------------------------------------------------------------------- who holds what

    @cached_property
    def hold_rows(self) -> tuple[Holds, Ints]:
        """Named holdings from row to row, and the place of the job each rests on (ABSENT for seats on bodies)."""
        rows = self.of("appoint", "vacate")
        rows = rows[where(self.get("person", rows) != ABSENT)]
        person, post, kind, flags = (self.get(name, rows) for name in ("person", "post", "kind", "flags"))
        order = order_by(person, post)
        rows, person, post, flags = rows[order], person[order], post[order], flags[order]
        appoints = kind[order] == KIND["appoint"]
        first = first_of(person, post)
        employer = self.employer(post, rows)
        job = self.job_at(person, employer, rows)
        job[employer == ABSENT] = ABSENT
        ends = self.job_rows[3]
        job_end = np.where(job == ABSENT, self.never, ends[np.maximum(job, 0)]) if len(ends) else rows * 0 + self.never
        end = np.minimum(next_of(first, rows, self.never), job_end)
        begins = first.copy()
        begins[1:] |= ~appoints[:-1] | (end[:-1] != rows[1:])  # else an acting holder is confirmed
        order_row = running_max(begins, np.where(begins, rows, -1))
        mark = running_max(begins, np.where(appoints & ((flags & t.PRIMARY) != 0), rows, -1))
        how = np.where(flags & t.ACTING, IS_ACTING, 0) | np.where(mark >= 0, IS_PRIMARY, 0)
        keep = where(appoints)
        columns = (post, rows, end, person, rows, how, rows * 0 + 1, order_row, mark)
        return Holds(*(column[keep] for column in columns)), job[keep]

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
        person, organization, start, end = self.job_rows
        counts = where(job != ABSENT)
        owner = np.concatenate([np.arange(len(start)), job[counts]])
        begin = np.concatenate([start, held.start[counts]])
        until = np.concatenate([start, held.end[counts]])
        order = order_by(owner, begin)
        owner, begin, until = owner[order], begin[order], until[order]
        first = first_of(owner)
        reach = running_max(first, until)
        following = np.minimum(next_of(first, begin, self.never + 1), end[owner] if len(end) else begin)
        free = where(following > reach)
        free = free[where(self.steps.days(reach[free]) < self.steps.days(following[free]))]
        job_of, given, taken = owner[free], reach[free], following[free]
        who, where_ = person[job_of], organization[job_of]
        key = who.astype(np.int64) << 32 | where_
        pairs, number = np.unique(key, return_inverse=True)
        post = len(self.table.ids) + number
        nothing, given = np.full(len(post), ABSENT), np.where(given >= self.never, 0, given)
        own = Holds(post, given, taken, who, given, nothing * 0 + IS_PERSONAL, nothing * 0 + 1, given, nothing)
        pairs_of = ((pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32))
        return own, pairs_of, self.steps.spells(post, given, taken, where_)

    # --------------------------------------------------------------------------------------------------------- lines

    def solid(self) -> Spells:
        """The solid line of each post: to a post, a unit, or NONE for a stated top."""
        at = self.of("create-post", "change-post", "abolish-post", "report")
        told, value = lines_told(self.get("kind", at), self.get("to", at), self.get("flags", at))
        return self._attribute(value, told & (self.get("post", at) != ABSENT), at)

    def dotted(self) -> Spells:
        """Dotted lines, one to each other end."""
        rows = self.of("report")
        rows = rows[where(((self.get("flags", rows) & t.DOTTED) != 0) & (self.get("post", rows) != ABSENT))]
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

    def relations(self) -> Relations:
        """All stretches of days."""
        person, organization, start, end = self.job_rows
        jobs = self.steps.spells(person, start, end, organization)
        contract = self.table.flags[jobs.row] & t.CONTRACTOR if len(jobs) else jobs.row
        named, _ = self.hold_rows
        own, pairs, homes = self._personal()
        holds = holds_sorted(*(self.in_days(one) for one in (named, self.unnamed(), own)))
        posts, leaves = self.attributes(), self.leaves()
        unit = joined(posts.pop("unit"), homes)
        return Relations(
            base=len(self.table.ids),
            pairs=pairs,
            structure=self.structure,
            jobs=jobs,
            contract=(contract != 0).astype(np.int8),
            fte=self.sparse("fte", jobs.row, 1.0),
            holds=holds,
            unit=unit,
            solid=self.solid(),
            dotted=self.dotted(),
            leaves=leaves,
            name=self.names(),
            primary=primary_posts(holds, self.never),
            answer=answering(holds, leaves, self.never),
            introduced=self._introduced(),
            title=posts["title"],
            level=posts["level"],
            seats=posts["seats"],
            critical=posts["critical"],
            heads=posts["heads"],
        )


def units_told(kind: Ints, place: Ints) -> tuple[Bools, Ints]:
    """Which events of posts tell their unit, and what it is; ABSENT where the post is abolished."""
    return (kind == KIND["abolish-post"]) | (place != ABSENT), place


def lines_told(kind: Ints, to: Ints, flags: Ints) -> tuple[Bools, Ints]:
    """Which events of posts tell their solid line, and where it runs; ABSENT where it is over, or not known."""
    told = (kind == KIND["create-post"]) | (kind == KIND["abolish-post"]) | (to != ABSENT)
    over = (to == UNKNOWN) | ((kind == KIND["report"]) & ((flags & t.END) != 0))
    return told & ((flags & t.DOTTED) == 0), np.where(over, ABSENT, to)


def primary_posts(holds: Holds, never: int) -> Spells:
    """The primary post of each person: the last marked, then substantive, acting, personal; then the earliest."""
    named = where(holds.person != ABSENT)
    some = holds.take(named)
    tier = 1 + np.where(some.how & IS_ACTING, 1, 0) + np.where(some.how & IS_PERSONAL, 2, 0)
    span = np.int64(never + 1)
    rank = np.where(some.mark >= 0, never - some.mark, tier * span + some.order)
    return best_over_time(Spells(some.person, some.start, some.end, some.post, some.row), rank)


def answering(holds: Holds, leaves: Spells, never: int) -> Spells:
    """Who answers for each post: the first substantive holder not on leave, else who acts, else who is on leave."""
    some = holds.take(where(holds.person != ABSENT))
    shared = overlapping(some.post, some.start, some.end)
    alone, some = some.take(where(~shared)), some.take(where(shared))
    acting = (some.how & IS_ACTING) != 0
    span = never + 1
    covers, here = some.take(where(acting)), some.take(where(~acting))
    pieces = [
        (alone.post, alone.start, alone.end, alone.person, alone.row, alone.order),
        (covers.post, covers.start, covers.end, covers.person, covers.row, span + covers.order),
        _by_presence(here, leaves, span),
    ]
    *columns, rank = (np.concatenate(column) for column in zip(*pieces, strict=True))
    return best_over_time(Spells(*columns), rank)


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
