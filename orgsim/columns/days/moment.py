"""A day in columns: the value of everything on one day, worked out when asked and kept.

Numbers stand for ids throughout: people, then posts, then units, then personal posts from `base` on.
"""

from collections.abc import Callable
from functools import cached_property

import numpy as np

from orgsim.columns.days.lines import Lines, lines
from orgsim.columns.replay import relations as r
from orgsim.columns.replay.relations import Holds, Relations
from orgsim.columns.replay.spells import Spells, value_before
from orgsim.columns.rows.arrays import Bools, Ints, first_of, order_by, where
from orgsim.columns.rows.table import ABSENT, KIND, Table


class Moment:
    """What relations say of one day."""

    def __init__(self, table: Table, relations: Relations | Callable[[], Relations], day: int) -> None:
        """Nothing is worked out yet; neither are the relations, if they come as a function."""
        self.table, self.day = table, day
        self._relations = relations

    @property
    def relations(self) -> Relations:
        """All stretches of days."""
        found = self._relations
        if not isinstance(found, Relations):  # a cached property would take a lock, which is slower
            found = self._relations = found()
        return found

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return self.relations.size

    def dense(self, name: str) -> Ints:
        """The value of an attribute for each number; ABSENT where there is none."""
        spells: Spells = getattr(self.relations, name)
        made = self.relations.timelines.get(name)
        if made is None:
            return spells.dense(self.day, self.size)
        values = np.full(self.size, ABSENT, np.int32)
        own, told = self._personal(name)
        values[own] = told
        values[self.table.people : self.table.first_unit] = made.state(self.day)
        return values

    def _personal(self, name: str) -> tuple[Ints, Ints]:
        """The personal posts that have an attribute, in order, and its value; they are in no timeline."""
        spells: Spells = getattr(self.relations, name)
        first = int(np.searchsorted(spells.subject, np.int32(self.relations.base)))  # their stretches are the last
        here = first + where((spells.start[first:] <= self.day) & (spells.end[first:] > self.day))
        return spells.subject[here], spells.value[here]

    @cached_property
    def lines(self) -> Lines:
        """The open posts and the lines between them."""
        low, high = self.table.people, self.table.first_unit
        timelines = self.relations.timelines
        if "unit" in timelines and "solid" in timelines:
            units, solid = timelines["unit"].state(self.day), timelines["solid"].state(self.day)
        else:
            units, solid = self.unit[low:high], self.solid[low:high]
        own, places = self._personal("unit")
        named, to = self._personal("solid")
        of_own = np.full(len(own), ABSENT, np.int32)
        of_own[np.searchsorted(own, named)] = to
        return lines(low, units, solid, (own, places, of_own), (high, self.first_heads))

    def value_of(self, name: str, number: int) -> int:
        """The value of one number, found among its own stretches."""
        return self.relations.one_by_one(name).at(number, self.day)

    def posts_above(self, post: int) -> list[int]:
        """The posts above one, from the next one up to the top."""
        relations, first = self.relations, self.table.first_unit
        lines, base = relations.one_by_one("solid"), relations.base
        found, to = lines.follow(post, self.day, first)
        while to >= first:  # a line to a unit runs to its head, and other lines to personal posts
            if to < base and (to := int(self.first_heads[to - first])) == ABSENT:
                break
            more, after = lines.follow(to, self.day, first)
            found += [to, *more]
            to = after
        return found

    @cached_property
    def held(self) -> Ints:
        """The places of the holdings of the day."""
        return self.relations.holds.at(self.day)

    @cached_property
    def holds(self) -> Holds:
        """The holdings of the day, by post and in order of appointment."""
        return self.relations.holds.take(self.held)

    @cached_property
    def _acts(self) -> Bools:
        """Of each holding of the day, whether somebody acts."""
        acts: Bools = (self.relations.holds.how[self.held] & r.IS_ACTING) != 0
        return acts

    @cached_property
    def acted(self) -> Ints:
        """The places of the holdings of the day in which somebody acts."""
        return self.held[where(self._acts)]

    @cached_property
    def owned(self) -> Ints:
        """The places of the substantive holdings of the day."""
        return self.held[where(~self._acts)] if self._acts.any() else self.held

    @cached_property
    def jobs(self) -> tuple[Spells, Ints, Ints]:
        """The jobs of the day, whether each is a contractor's, and its FTE."""
        here = self.relations.jobs.at(self.day)
        return self.relations.jobs.take(here), self.relations.contract[here], self.relations.fte[here]

    @cached_property
    def dotted(self) -> Spells:
        """The dotted lines of the day."""
        return self.relations.dotted.take(self.relations.dotted.at(self.day))

    # -------------------------------------------------------------------------------------------------- attributes

    @cached_property
    def unit(self) -> Ints:
        """Of each open post, personal ones included, the unit."""
        return self.dense("unit")

    @cached_property
    def solid(self) -> Ints:
        """Of each post, where its solid line runs: a post, a unit, NONE, or ABSENT for unknown."""
        return self.dense("solid")

    @cached_property
    def answer(self) -> Ints:
        """Of each post, who answers for it."""
        return self.dense("answer")

    @cached_property
    def primary(self) -> Ints:
        """Of each person, the primary post."""
        return self.dense("primary")

    @cached_property
    def seats(self) -> Ints:
        """Of each post, how many seats: 0 for any number."""
        seats = np.ones(self.size, np.int32)
        seats[self.seats_told.subject] = self.seats_told.value
        return seats

    @cached_property
    def seats_told(self) -> Spells:
        """The posts with another number of seats than one."""
        return self.relations.seats.take(self.relations.seats.at(self.day))

    @cached_property
    def on_leave(self) -> Bools:
        """Of each person, whether on leave."""
        away: Bools = self.dense("leaves") != ABSENT
        return away

    @cached_property
    def open_posts(self) -> Ints:
        """The numbers of the open posts, personal ones included."""
        return where(self.unit != ABSENT)

    @cached_property
    def present(self) -> Bools:
        """Of each number, whether it is a person who is employed or holds a post."""
        found = np.zeros(self.size, np.bool_)
        found[self.jobs[0].subject] = True
        held = self.holds.person
        found[held[where(held != ABSENT)]] = True
        return found

    @cached_property
    def taken(self) -> Ints:
        """Of each post, how many seats have a substantive holder."""
        here = self.owned
        post, seats = self.relations.holds.post[here], self.relations.holds.seats[here]
        taken = np.bincount(post, minlength=self.size)
        odd = where(seats != 1)  # few, and weights for all of them take long
        np.add.at(taken, post[odd], seats[odd] - 1)
        return taken

    @cached_property
    def vacant(self) -> Ints:
        """The numbers of the open posts without a substantive holder, `seats: any` aside."""
        open_ = self.open_posts
        return open_[where((self.taken[open_] == 0) & (self.seats[open_] != r.ANY))]

    # -------------------------------------------------------------------------------------------------- units

    @cached_property
    def units(self) -> tuple[Ints, Bools, Bools]:
        """Of each unit, from the first number of units on: its parent, whether it is open, whether it is a body."""
        tree = self.relations.structure
        first, last = self.table.first_unit, len(self.table.ids)
        numbers = np.arange(first, last)
        never = self.last_row
        at = np.full(len(numbers), never, np.int64)
        rows = np.arange(len(tree.unit))
        place = value_before((tree.unit, tree.row, rows), numbers, at, len(self.table))
        have = place != ABSENT
        if not have.any():
            return np.full(len(numbers), ABSENT, np.int32), have, have
        parent = np.where(have, tree.parent[place], ABSENT)
        return parent, have & (tree.open[place] == 1), have & (tree.body[place] == 1)

    @property
    def last_row(self) -> int:
        """The last row of the day."""
        return int(np.searchsorted(self.table.day, np.int32(self.day), side="right")) - 1

    @cached_property
    def unit_words(self) -> dict[int, tuple[str, str]]:
        """Of each unit, from the first number of units on: its name and kind."""
        tree, words = self.relations.structure, dict[int, tuple[str, str]]()
        last = self.last_row
        for unit, row, name, kind in zip(tree.unit.tolist(), tree.row.tolist(), tree.name, tree.kind, strict=True):
            if row <= last:
                words[unit - self.table.first_unit] = tree.names[name], tree.kinds[kind]
        return words

    @cached_property
    def person_names(self) -> Ints:
        """Of each person, the number of the text of the name; ABSENT where none was told by an event."""
        return self.dense("name")[: self.table.people]

    @cached_property
    def known_people(self) -> Bools:
        """Of each person, whether the ledger knew of them: declared, or hired by then."""
        return self.relations.introduced <= self.day

    @cached_property
    def roots(self) -> Ints:
        """Of each unit, from the first number of units on: the organization."""
        first = self.table.first_unit
        parent = self.units[0]
        root = np.arange(len(parent)) + first
        for _ in range(len(parent)):
            above = parent[root - first]
            if (above == ABSENT).all():
                break
            root = np.where(above == ABSENT, root, above)
        return root

    def within(self, unit: int) -> Bools:
        """Of each unit, from the first number of units on: whether it is a unit or lies below it."""
        first = self.table.first_unit
        parent = self.units[0]
        at = np.arange(len(parent)) + first
        inside: Bools = at == unit
        for _ in range(len(parent)):
            at = np.where(at == ABSENT, ABSENT, parent[np.maximum(at - first, 0)])
            if (at == ABSENT).all():
                break
            inside |= at == unit
        return inside

    @cached_property
    def first_heads(self) -> Ints:
        """Of each unit, from the first number of units on: the post that heads it, the one created first."""
        spells = self.relations.heads
        here = spells.take(spells.at(self.day))
        heads = np.full(len(self.table.ids) - self.table.first_unit, ABSENT, np.int32)
        if not len(here):
            return heads
        here = here.take(where(self.unit[here.subject] != ABSENT))
        heads[here.value - self.table.first_unit] = here.subject
        several = here.take(where(np.bincount(here.value, minlength=len(self.table.ids))[here.value] > 1))
        pairs = zip(several.subject.tolist(), several.value.tolist(), strict=True)
        ranks = {post: (self._created(post), self.name(post)) for post in several.subject.tolist()}
        for post, unit in sorted(pairs, key=lambda pair: ranks[pair[0]], reverse=True):  # the first one is put last
            heads[unit - self.table.first_unit] = post
        return heads

    def _created(self, post: int) -> int:
        """The day on which a post was created, or created again."""
        lives = self.relations.unit
        low, high = np.searchsorted(lives.subject, [post, post + 1])
        at = int(np.searchsorted(lives.start[low:high], self.day, side="right")) - 1 + int(low)
        while at > low and lives.end[at - 1] == lives.start[at] and not self._begins(at):
            at -= 1
        return int(lives.start[at])

    def _begins(self, at: int) -> bool:
        """Whether a stretch of a post is the first since it was created."""
        rows = self.relations.unit.row
        return bool(self.table.kind[rows[at]] == _CREATE and rows[at] != rows[at - 1])

    # -------------------------------------------------------------------------------------------------- lines

    @cached_property
    def boss(self) -> Ints:
        """Of each post, the post it reports to, lines to units resolved to their heads; ABSENT for none."""
        boss = np.full(self.size, ABSENT, np.int32)
        boss[self.lines.post] = np.append(self.lines.post, np.int32(ABSENT))[self.lines.above]
        return boss

    @cached_property
    def manager(self) -> Ints:
        """Of each person, who they report to; nobody is their own manager."""
        people = self.table.people
        primary = self.primary[:people]
        above = np.where(primary == ABSENT, ABSENT, self.boss[primary])
        found = np.where(above == ABSENT, ABSENT, self.answer[above])
        return np.where(found == np.arange(people), ABSENT, found)

    @cached_property
    def above(self) -> tuple[Ints, Ints]:
        """Of each open post, how many posts are above it, and the topmost of them (itself, if none)."""
        count, top = np.zeros(self.size, np.int32), np.arange(self.size, dtype=np.int32)
        depth, topmost = self.lines.climbed
        count[self.lines.post], top[self.lines.post] = depth, self.lines.post[topmost]
        return count, top

    # -------------------------------------------------------------------------------------------------- counts

    def headcount(self, unit: int | None = None) -> int:
        """Employees, each once: of everything, of an organization, or of a unit with all below it."""
        return len(self.employees(unit))

    def employees(self, unit: int | None = None) -> Ints:
        """The numbers of the employees of a unit, each once and in order."""
        jobs, contract, _ = self.jobs
        here = where(contract == 0)
        person, organization = jobs.subject[here], jobs.value[here]
        if unit is not None:
            first = self.table.first_unit
            root = int(self.roots[unit - first])
            person = person[where(organization == root)]
            if unit != root:
                primary = self.primary[person]
                person, primary = person[where(primary != ABSENT)], primary[where(primary != ABSENT)]
                place = self.unit[primary]
                person = person[where((place != ABSENT) & self.within(unit)[np.maximum(place - first, 0)])]
        if (person[1:] > person[:-1]).all():
            return person
        order = order_by(person)
        return person[order][where(first_of(person[order]))]

    def name(self, number: int) -> str:
        """The id of a number."""
        if number < self.relations.base:
            return self.table.name(number)
        people, organizations = self.relations.pairs
        at = number - self.relations.base
        return f"{self.table.ids[int(people[at])]}/{self.table.ids[int(organizations[at])]}"

    def names(self, numbers: Ints) -> list[str]:
        """The ids of several numbers."""
        return [self.name(number) for number in numbers.tolist()]


_CREATE = KIND["create-post"]
