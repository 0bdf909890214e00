"""Holding a large ledger to the rules: columns screen, and the rules judge what is doubtful.

Conditions that columns can look at prove most events: each names what an event needs, and when it was known.
"""

from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property

import numpy as np

from orgsim.columns.judging import problems_of
from orgsim.columns.ledger import ColumnarLedger
from orgsim.columns.replay.facts import Hidden, JobFacts, latest_in
from orgsim.columns.rows import table as t
from orgsim.columns.rows.arrays import (
    WORTH,
    Bools,
    Ints,
    first_of,
    in_blocks,
    order_by,
    picked,
    running_max,
    side_by_side,
    where,
)
from orgsim.columns.rows.table import ABSENT, KIND, NONE, UNKNOWN, among_kinds
from orgsim.errors import OrgsimError


def screened(ledger: ColumnarLedger) -> None:
    """Raise OrgsimError with the problems of a ledger, if there are any.

    The stretches of days of a large one, which all questions need, are worked out at the same time.
    """
    screen = Screen(ledger)
    if len(ledger) < WORTH:
        doubtful = screen.doubtful()
    else:
        screen.replay.prepare()
        doubtful, _ = side_by_side(len(ledger), screen.doubtful, screen.try_relations)
    problems = problems_of(ledger, doubtful)
    if problems:
        raise OrgsimError(problems)


class Screen:
    """What columns can prove of each visible row; the rest is doubtful."""

    def __init__(self, ledger: ColumnarLedger) -> None:
        """Nothing is looked at yet."""
        self.ledger, self.table = ledger, ledger.table
        self.replay = ledger.replay()
        rivals = (self.table.flags & t.RIVAL) != 0
        self.shown = Hidden.but(self.table, where(~rivals)) if rivals.any() else None
        self.never = len(self.table)
        self.good = np.zeros(len(self.table), np.bool_)

    def try_relations(self) -> None:
        """Make the stretches of days; of events that are not legal they may not be there, and the rules tell why."""
        with suppress(ArithmeticError, LookupError, TypeError, ValueError):
            _ = self.replay.made

    def doubtful(self) -> Ints:
        """The rows that columns cannot prove, in order."""
        table, good = self.table, self.good
        for prove_some in (self._units, self._creations, self._changes, self._jobs, self._leaves, self._holds):
            prove_some()
        self._lines()
        shares = where(table.kind == KIND["change-employment"])
        good[shares] = self._works(table.person[shares], table.place[shares], shares)[1]
        names = where(table.kind == KIND["change-person"])
        good[names] = self._hired(table.person[names], names)
        good[table.gone[0]] = self._proved_gone(table.gone[0])
        self._references()
        for number in self.ledger.core.people, self.ledger.core.posts:
            for by in self.ledger.rows:
                good[by.of_all(number)] = False
        good[where((table.flags & t.RIVAL) != 0)] = False
        good[self._of_others()] = False
        return where(~good)

    def _references(self) -> None:
        """Retractions that each name an event, once, and not before it is known; ids and sources that are in order."""
        table, (gone, days) = self.table, self.table.gone
        retracts = where(table.kind == KIND["retract"])
        in_order = (table.known[gone] <= days).all() and not (table.kind[gone] == KIND["retract"]).any()
        self.good[retracts] = bool(in_order) and len(retracts) == len(gone)
        sources = self.ledger.index.sources
        rows, said = table.rest[0].tolist(), table.rest[1].parsed()
        for row, one in zip(rows, said, strict=True):
            if "source" in one and not {source["id"] for source in one["source"]} <= sources.keys():
                self.good[row] = False
        named = [(row, one["id"]) for row, one in zip(rows, said, strict=True) if "id" in one]
        first = {id_: row for row, id_ in reversed(named)}
        if len(first) < len(named):
            self.good[[row for row, id_ in named if first[id_] != row]] = False

    def _of_others(self) -> Ints:
        """Rows that name an id nobody introduced."""
        table = self.table
        wrong = np.zeros(len(table), np.bool_)
        for column in (table.person, table.post, table.place, table.to):
            wrong |= column >= table.first_other
        return where(wrong)

    # ------------------------------------------------------------------------------------------------ what is known

    def _known_before(self, first: Bools, rows: Ints) -> Bools:
        """Of rows in groups, in order: whether all that came before was known by then."""
        known = self.table.known[rows]
        latest = latest_in(first, known)
        return np.ones(len(rows), np.bool_) if latest is known else latest <= known

    def _of_people(self, *kinds: str) -> tuple[Ints, Ints]:
        """The rows of some kinds by person, also those retracted, for they are doubtful; and the people."""
        return self.replay.facts[0].of(kinds, self.shown)

    def _of_posts(self, *kinds: str) -> tuple[Ints, Ints]:
        """The rows of some kinds by post, also those retracted; and the posts."""
        return self.replay.facts[1].of(kinds, self.shown)

    @cached_property
    def _gone_kinds(self) -> Bools:
        """Of each kind, whether any event of it is retracted."""
        kinds = np.zeros(len(KIND), np.bool_)
        kinds[self.table.kind[self.table.gone[0]]] = True
        return kinds

    def _is_gone(self, rows: Ints, *kinds: str) -> Bools:
        """Whether rows of some kinds are retracted."""
        gone = np.zeros(self.never, np.bool_)
        if not self._gone_kinds[[KIND[kind] for kind in kinds]].any():
            return gone[: len(rows)]
        gone[self.table.gone[0]] = True
        return gone[rows]

    def _proved_gone(self, rows: Ints) -> Bools:
        """A line that is retracted and touches nothing else is as good as any."""
        plain = (self.table.kind[rows] == KIND["report"]) & ((self.table.flags[rows] & t.END) == 0)
        proved: Bools = plain & self.good[rows]
        return proved

    # ------------------------------------------------------------------------------------------------ units, posts

    def _units(self) -> None:
        """Units that open once, under a unit opened before, and never change: all others are judged."""
        table = self.table
        rows = self.ledger.nearby.all_units
        rows = rows[where((table.flags[rows] & t.RIVAL) == 0)]
        order = order_by(table.place[rows])
        rows, unit = rows[order], table.place[rows[order]]
        first = first_of(unit)
        alone = first & np.append(first[1:], True)
        opened = np.full(len(table.ids) + 1, self.never, np.int32)
        known = np.full(len(table.ids) + 1, np.iinfo(np.int32).max, np.int32)
        opened[unit[alone]], known[unit[alone]] = rows[alone], table.known[rows[alone]]
        opened[-1] = known[-1] = -1
        self.unit_row, self.unit_known = opened, known
        parent = table.to[rows]
        good = (
            alone
            & (opened[parent] < rows)
            & (known[parent] <= table.known[rows])
            & ~self._is_gone(rows, "open-unit", "change-unit", "close-unit")
        )
        self.good[rows] = good & (unit < table.first_other)

    def _unit_there(self, units: Ints, rows: Ints) -> Bools:
        """Whether units were open, and known to be, at rows."""
        there: Bools = picked(self.unit_row, units) < rows
        there &= picked(self.unit_known, units) <= picked(self.table.known, rows)
        return there

    def _creations(self) -> None:
        """Posts that are created once: created where there is a unit, to report to what there is."""
        table = self.table
        kinds = "create-post", "abolish-post"
        rows, post = self._of_posts(*kinds)
        first = first_of(post)
        alone = first & np.append(first[1:], True) & (table.kind[rows] == KIND["create-post"])
        alone &= ~self._is_gone(rows, *kinds)
        self.post_row = np.full(len(table.ids) + 1, self.never, np.int32)
        self.post_known = np.full(len(table.ids) + 1, np.iinfo(np.int32).max, np.int32)
        self.post_row[post[alone]], self.post_known[post[alone]] = rows[alone], table.known[rows[alone]]
        for made in _blocks_of(rows[where(alone)]):
            to = table.to[made]
            good = self._unit_there(table.place[made], made) & self._end_there(to, made)
            self.good[made] = good & (to != table.post[made])
        self.good[table.sparse["heads"][0]] = False

    def _post_there(self, posts: Ints, rows: Ints) -> Bools:
        there: Bools = picked(self.post_row, posts) < rows
        there &= picked(self.post_known, posts) <= picked(self.table.known, rows)
        return there

    def _end_there(self, to: Ints, rows: Ints) -> Bools:
        """Whether the other end of a line is there: a post, or nothing; units and people are judged."""
        table = self.table
        is_post = (to >= table.people) & (to < table.first_unit)
        there: Bools = is_post & self._post_there(np.where(is_post, to, -1), rows)
        there |= (to == ABSENT) | (to == NONE)
        return there

    def _changes(self) -> None:
        """Changes of posts that are there: their title, level, line, or a unit of the same employer."""
        table = self.table
        constant = np.append(self.replay.structure.constant, ABSENT)
        for rows in _blocks_of(where(table.kind == KIND["change-post"])):
            post, place, to = table.post[rows], table.place[rows], table.to[rows]
            good = self._post_there(post, rows) & self._end_there(to, rows) & (to != post)
            named = place != ABSENT
            good &= ~named | self._unit_there(np.where(named, place, -1), rows)
            employer = constant[np.where(named, place, table.first_unit) - table.first_unit]
            good &= ~named | ((employer != ABSENT) & (employer == self.replay.employer(post, rows)))
            self.good[rows] = good
        for name in ("seats", "heads"):
            told = table.sparse[name][0]
            self.good[told[where(table.kind[told] == KIND["change-post"])]] = False

    # ------------------------------------------------------------------------------------------------ people

    def _jobs(self) -> None:
        """Hires and departures that alternate, in the order in which they became known."""
        table = self.table
        self.jobs = self._all_jobs()
        rows, person, place = self.jobs.row, self.jobs.person, self.jobs.place
        first, hires = self.jobs.first, self.jobs.hires
        before = np.zeros(len(rows), np.bool_)
        before[1:] = hires[:-1] & ~first[1:]
        good = (hires != before) & self._known_before(first, rows)
        good &= ~_any_in_group(first, self._is_gone(rows, "hire", "depart"))
        constant = np.append(self.replay.structure.constant, ABSENT)
        for part in in_blocks(len(rows)):
            where_ = place[part]
            is_employer = (where_ >= table.first_unit) & (constant[np.maximum(where_ - table.first_unit, -1)] == where_)
            good[part] &= is_employer & self._unit_there(np.where(is_employer, where_, -1), rows[part])
        if self.ledger.people:
            good &= ~hires | before | (person < table.declared) | (table.text[rows] != ABSENT)
        self.good[rows] = good
        # A person all of whose jobs are proved: what rests on them may be looked at in columns.
        self.bad_person = np.zeros(table.people + 1, np.bool_)
        self.bad_person[np.clip(person[where(~good)], 0, table.people)] = True
        hired = where(hires & good)
        self.first_hire = np.full(table.people + 1, self.never, np.int32)
        self.first_known = np.full(table.people + 1, np.iinfo(np.int32).max, np.int32)
        self.first_hire[person[hired][::-1]], self.first_known[person[hired][::-1]] = (
            rows[hired][::-1],
            table.known[rows[hired]][::-1],
        )

    def _hired(self, person: Ints, rows: Ints) -> Bools:
        """Whether people were introduced, and known to be, at rows."""
        person = np.where((person >= 0) & (person < self.table.people), person, self.table.people)
        known = (self.first_hire[person] < rows) & (self.first_known[person] <= self.table.known[rows])
        return known | (person < self.table.declared)

    def _all_jobs(self) -> JobFacts:
        """Hires and departures, also those retracted."""
        replay = self.replay
        if replay.hidden is None or not replay.hidden.any_of("hire", "depart"):
            return replay.job_facts
        return JobFacts(replay.facts[0], self.shown)

    def _works(self, person: Ints, place: Ints, rows: Ints) -> tuple[Ints, Bools]:
        """The last hire or departure of people at organizations before rows; whether they work there, as known then."""
        person = np.where((person >= 0) & (person < self.table.people), person, self.table.people)
        fact = self.jobs.last(person, place, rows)
        if not len(self.jobs.row):
            return fact, fact != ABSENT
        works: Bools = (fact != ABSENT) & picked(self.jobs.hires, fact) & ~picked(self.bad_person, person)
        works &= picked(self.jobs.latest, fact) <= picked(self.table.known, rows)
        return fact, works

    def _leaves(self) -> None:
        """Leaves that start and end in turn, within one employment."""
        table = self.table
        rows, person = self._of_people("start-leave", "end-leave")
        if not len(rows):
            return
        starts = table.kind[rows] == KIND["start-leave"]
        first = first_of(person)
        before = np.zeros(len(rows), np.bool_)
        before[1:] = starts[:-1] & ~first[1:]
        known = self._known_before(first, rows)
        good = (starts != before) & known
        employer = self._only_employer
        mine = employer[np.clip(person, -1, table.people)]
        fact, works = self._works(person, mine, rows)
        works &= mine != ABSENT
        good &= works
        before_fact = np.append(ABSENT, fact[:-1]) if len(fact) else fact
        good &= starts | (fact == before_fact)
        # Whoever was hired again may go on a leave though no `end-leave` was told: the departure ended the one before.
        resumed = starts & before & (fact != before_fact) & ~first
        good |= resumed & works & known
        self.good[rows] = good & ~_any_in_group(first, self._is_gone(rows, "start-leave", "end-leave"))

    @property
    def _only_employer(self) -> Ints:
        """The one organization that ever employs each person; ABSENT for several."""
        found = np.full(self.table.people + 1, ABSENT)
        found[np.minimum(self.jobs.person, self.table.people)] = self.jobs.place
        found[self.jobs.several] = ABSENT
        found[-1] = ABSENT
        return found

    def _holds(self) -> None:
        """Appointments of employees to posts with a free seat, and what ends them."""
        table = self.table
        rows, post = self._of_posts("appoint", "vacate")
        if not len(rows):
            return
        person = table.person[rows]
        appoints = table.kind[rows] == KIND["appoint"]
        good, fact = np.empty(len(rows), np.bool_), np.empty(len(rows), np.int32)
        for part in in_blocks(len(rows)):
            good[part], fact[part] = self._may_hold(rows[part], post[part], person[part])
        good &= self._one_after_another(rows, post, person, appoints, self.jobs.following(fact))
        seats = table.sparse["seats"][0]
        if len(seats):
            odd_posts = np.unique(table.post[seats])
            good &= ~np.isin(post, odd_posts[odd_posts >= 0])
        self.good[rows] = good & ~_any_in_group(first_of(post), self._is_gone(rows, "appoint", "vacate"))

    def _may_hold(self, rows: Ints, post: Ints, person: Ints) -> tuple[Bools, Ints]:
        """Whether people work where posts that are there belong, and their last hire or departure there."""
        table = self.table
        employer = self.replay.employer(np.clip(post, 0, max(table.first_unit - 1, 0)), rows)
        inside = (person >= 0) & (person < table.people) & (post >= table.people) & (post < table.first_unit)
        plain = inside & ((table.flags[rows] & t.ACTING) == 0) & (employer != ABSENT)
        fact, works = self._works(np.where(inside, person, table.people), employer, rows)
        return plain & works & self._post_there(np.where(inside, post, -1), rows), fact

    def _one_after_another(self, rows: Ints, post: Ints, person: Ints, appoints: Bools, departs: Ints) -> Bools:
        """Whether the one seat of each post is free when taken, and held when vacated, as known each time."""
        first = first_of(post)
        before = np.append(False, appoints[:-1]) & ~first
        # What ended the holding before: the row that vacates it, or the departure of its holder.
        ended = np.append(self.never, departs[:-1])
        left = before & (ended < rows)
        left_known = np.where(left, self.table.known[np.minimum(ended, self.never - 1)], 0)
        same = np.append(ABSENT, person[:-1]) == person
        free = appoints & (~before | left)
        held = ~appoints & before & same & ~left
        fits: Bools = (free | held) & self._known_before(first, rows)
        known = self.table.known[rows]
        if (left_known > known).any():
            fits &= running_max(first, left_known) <= known
        return fits

    # ------------------------------------------------------------------------------------------------ lines

    def _lines(self) -> None:
        """Solid lines from posts to posts that are there, and that can never close a circle."""
        table = self.table
        for rows in _blocks_of(where(table.kind == KIND["report"])):
            post, to = table.post[rows], table.to[rows]
            plain = ((table.flags[rows] & t.END) == 0) & (post != ABSENT) & (post != to)
            there = self._end_there(to, rows) | (to == UNKNOWN)
            organization = table.place[rows]
            plain &= (organization == ABSENT) | (
                (organization >= table.first_unit) & (organization < table.first_other)
            )
            self.good[rows] = plain & there & self._post_there(post, rows)
        drawn = among_kinds(table.kind, "create-post", "change-post", "report")
        drawn = where(drawn & (table.to >= 0) & (table.post >= 0) & ((table.flags & t.DOTTED) == 0))
        circles = drawn[where(self._may_circle(table.post[drawn], table.to[drawn]))]
        self.good[circles] = False

    def _may_circle(self, post: Ints, to: Ints) -> Bools:
        """Which lines, were all of them drawn at once, would lie on the way of a circle."""
        alive = np.ones(len(post), np.bool_)
        count = len(self.table.ids)
        while alive.any():
            here = where(alive)
            below = np.bincount(post[here], minlength=count)
            above = np.bincount(to[here], minlength=count)
            keep = (below[to[here]] > 0) & (above[post[here]] > 0)
            if keep.all():
                break
            alive[here[where(~keep)]] = False
        return alive


def _blocks_of(rows: Ints) -> Iterator[Ints]:
    """So many rows at a time."""
    return (rows[part] for part in in_blocks(len(rows)))


def _any_in_group(first: Bools, mask: Bools) -> Bools:
    """Whether anything in the same group is so; groups come one after the other, `first` says where each begins."""
    if not mask.any():
        return mask
    group = np.cumsum(first)
    found = np.zeros(int(group[-1]) + 1, np.bool_)
    found[group[where(mask)]] = True
    some: Bools = found[group]
    return some
