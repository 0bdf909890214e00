"""What differs between two charts in columns: how many changes of which kind, and whom they are about.

`found` says in columns what `orgsim.differences` says noun by noun; `changes` is that very function, asked of the
nouns that may differ.  Where somebody gained or lost several posts, the pairs are matched one by one.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import attrs
import numpy as np

from orgsim.changes import KINDS, Change
from orgsim.columns.days.moment import Moment
from orgsim.columns.days.states import SHOWN, prepared
from orgsim.columns.replay import relations as r
from orgsim.columns.rows.arrays import Bools, Ints, among, distinct, narrow_where, where
from orgsim.columns.rows.table import ABSENT
from orgsim.dating import Dated
from orgsim.differences import Diff, diff

if TYPE_CHECKING:
    from orgsim.columns.chart import ColumnarChart

LOW = 0xFFFFFFFF


@attrs.frozen(eq=False)
class Found:
    """Changes of one kind: whom they are about, and, of moves and lines, what was and what is."""

    kind: str
    subject: Ints
    before: Ints | None = None
    after: Ints | None = None

    def __len__(self) -> int:
        return len(self.subject)


class Side:
    """One of the two charts, with personal posts numbered alike in both."""

    def __init__(self, moment: Moment, pairs: Ints) -> None:
        """`pairs` are the personal posts of both, in order."""
        self.moment, self.base = moment, moment.relations.base
        people, organizations = moment.relations.pairs
        own = people.astype(np.int64) << 32 | organizations
        self.renumber = np.searchsorted(pairs, own) + self.base
        self.size = self.base + len(pairs)

    def array(self, values: Ints, otherwise: int = ABSENT) -> Ints:
        """A dense array over the numbers of both."""
        own = np.full(self.size - self.base, otherwise, values.dtype)
        own[self.renumber - self.base] = values[self.base :]
        return np.concatenate([values[: self.base], own])

    def numbers(self, values: Ints) -> Ints:
        """Values that may be personal posts, numbered for both."""
        own = where(values >= self.base)
        if not len(own):
            return values
        found = values.astype(np.int64)
        found[own] = self.renumber[values[own] - self.base]
        return found


class ColumnarDiff:
    """All differences from one chart to another of the same ledger."""

    def __init__(self, old: "ColumnarChart", new: "ColumnarChart", candidates: Iterable[str]) -> None:
        """`candidates` are the ids of everything that may differ."""
        self.old, self.new, self._candidates = old, new, candidates
        self.table = old.moment.table

    @cached_property
    def pairs(self) -> Ints:
        """The personal posts of both charts, in order."""
        sides = [chart.moment.relations.pairs for chart in (self.old, self.new)]
        return distinct(np.concatenate([person.astype(np.int64) << 32 | place for person, place in sides]))

    @cached_property
    def a(self) -> Side:
        """The first chart, with everything numbered as in the second."""
        return Side(self.old.moment, self.pairs)

    @cached_property
    def b(self) -> Side:
        """The second chart, with everything numbered as in the first."""
        return Side(self.new.moment, self.pairs)

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both charts."""
        return self.a, self.b

    def __bool__(self) -> bool:
        """True when a chart shows any difference."""
        return bool(self.counts)

    @cached_property
    def exact(self) -> Diff:
        """The same as values, with all nouns that differ; each is made."""
        ids = list(dict.fromkeys(self._candidates))
        for chart in (self.old, self.new):
            chart.prefetch(ids)
        return diff(self.old, self.new, ids)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every change as a value, also where only the telling differs; each is made."""
        return self.exact.changes

    @property
    def when(self) -> dict[Change, Dated]:
        """When each change was and how sure that is, of all that an event made; each is made."""
        return self.exact.when

    def of(self, kind: str) -> tuple[Change, ...]:
        """The changes of one kind; each is made."""
        return self.exact.of(kind)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many changes there are of each kind that there is."""
        counts = {kind: sum(len(one) for one in self.found if one.kind == kind) for kind in KINDS}
        return {kind: count for kind, count in counts.items() if count}

    def examples(self, kind: str, most: int) -> list[str]:
        """The ids that a few changes of a kind are about."""
        ids = [self.name(int(number)) for one in self.found if one.kind == kind for number in one.subject[:most]]
        return ids[:most]

    @cached_property
    def found(self) -> list[Found]:
        """Every change in columns, kind by kind."""
        return [*self._jobs(), *self._posts_held(), *self._people(), *self._posts(), *self._units()]

    @cached_property
    def posts(self) -> Ints:
        """The posts that only one chart has, or that another person answers for, or that report elsewhere.

        Personal posts are left out.
        """
        charts, differs = (self.old, self.new), np.zeros(self.table.first_unit - self.table.people, np.bool_)
        if self.old.known is None and self.new.known is None:
            self._compare_days(differs)
        else:
            old, new = (chart.states(SHOWN) for chart in charts)
            for name in SHOWN:
                differs |= self._odd(name, old[name], new[name])
        found = narrow_where(differs)
        found += np.int32(self.table.people)
        return found

    def _compare_days(self, differs: Bools) -> None:
        """The same of two days with all that is known: attribute by attribute, in room that the ledger keeps for it.

        To ask for such room each time would cost as much as the work: the system hands it out page by page.
        """
        ledger, days = self.old.ledger, [chart.at.toordinal() for chart in (self.old, self.new)]
        rooms = ledger.spare.pop() if ledger.spare else np.empty((2, len(differs)), np.int32)
        for name in SHOWN:
            one = prepared(ledger)[name]
            room = rooms.view(one.kept.dtype)[:, : len(differs)]
            old, new = (one.state(day, part) for day, part in zip(days, room, strict=True))
            differs |= self._odd(name, old, new)
        ledger.spare.append(rooms)

    def _odd(self, name: str, old: Ints, new: Ints) -> Bools:
        """Of which posts an attribute differs."""
        if name == "solid" and len(old) and max(old.max(), new.max()) >= len(self.table.ids):
            old, new = self.a.numbers(old), self.b.numbers(new)  # personal posts, which each numbers for itself
        differs: Bools = old != new
        return differs

    def name(self, number: int) -> str:
        """The id of a number of both charts."""
        if number < self.a.base:
            return self.table.name(number)
        pair = int(self.pairs[number - self.a.base])
        return f"{self.table.ids[pair >> 32]}/{self.table.ids[pair & LOW]}"

    # ------------------------------------------------------------------------------------------------ people

    def _jobs(self) -> Iterator[Found]:
        (before, was), (after, now) = (self._shares(side.moment) for side in self.sides)
        for kind, keys in (("joined", _only(after, before)), ("left", _only(before, after))):
            yield Found(kind, keys >> 32)
        _, old, new = np.intersect1d(before, after, assume_unique=True, return_indices=True)
        yield Found("fte-changed", before[old[where(was[old] != now[new])]] >> 32)

    def _shares(self, moment: Moment) -> tuple[Ints, Ints]:
        """Who works where, as pairs in order, and the share of a full-time job."""
        jobs, _, shares = moment.jobs
        keys = jobs.subject.astype(np.int64) << 32 | jobs.value
        if (keys[1:] > keys[:-1]).all():  # nearly always
            return keys, shares
        keys, first = np.unique(keys, return_index=True)
        return keys, shares[first]

    def _held(self, side: Side, *, acting: bool) -> Ints:
        """Who holds which post, personal ones aside, as pairs in order."""
        holds = side.moment.holds
        wanted = ((holds.how & r.IS_ACTING) != 0) == acting
        here = where(wanted & ((holds.how & r.IS_PERSONAL) == 0) & (holds.person != ABSENT))
        return distinct(holds.person[here].astype(np.int64) << 32 | holds.post[here])

    def _posts_held(self) -> Iterator[Found]:
        """Posts gained and lost, matched where the employer is the same."""
        before, after = (self._held(side, acting=False) for side in self.sides)
        lost, won = _only(before, after), _only(after, before)
        several = np.union1d(_twice(lost >> 32), _twice(won >> 32))
        odd_lost, odd_won = np.isin(lost >> 32, several), np.isin(won >> 32, several)
        plain_lost, plain_won = lost[~odd_lost], won[~odd_won]
        both, at_lost, at_won = np.intersect1d(
            plain_lost >> 32, plain_won >> 32, assume_unique=True, return_indices=True
        )
        from_, to = plain_lost[at_lost] & LOW, plain_won[at_won] & LOW
        same = self._employer(self.a, from_) == self._employer(self.b, to)
        moved = np.stack([both, from_, to], axis=1)[same]
        gone, new = np.delete(plain_lost, at_lost[same]), np.delete(plain_won, at_won[same])
        matched = [self._match(person, lost[odd_lost], won[odd_won]) for person in several.tolist()]
        moved = np.concatenate([moved, *(one[0] for one in matched)])
        gone = np.concatenate([gone, *(one[1] for one in matched)])
        new = np.concatenate([new, *(one[2] for one in matched)])
        up = self._is_up(moved[:, 1], moved[:, 2])
        for kind, chosen in (("promoted", moved[up]), ("moved", moved[~up])):
            yield Found(kind, chosen[:, 0], chosen[:, 1], chosen[:, 2])
        yield Found("appointed", new >> 32, None, new & LOW)
        yield Found("vacated", gone >> 32, gone & LOW)

    def _match(self, person: int, lost: Ints, won: Ints) -> tuple[Ints, Ints, Ints]:
        """Each gained post of a person with the first lost one of the same employer, in order of appointment."""
        gone, came = (self._in_order(side, person, keys) for side, keys in ((self.a, lost), (self.b, won)))
        moved, new = [], []
        for post in came:
            employer = self._employer(self.b, np.array([post]))
            source = next((p for p in gone if self._employer(self.a, np.array([p])) == employer), None)
            if source is None:
                new.append(person << 32 | post)
            else:
                gone.remove(source)
                moved.append((person, source, post))
        left = np.array([person << 32 | post for post in gone], np.int64)
        return np.array(moved, np.int64).reshape(-1, 3), left, np.array(new, np.int64)

    def _in_order(self, side: Side, person: int, keys: Ints) -> list[int]:
        wanted = keys[where(keys >> 32 == person)] & LOW
        holds = side.moment.holds
        here = where((holds.person == person) & np.isin(holds.post, wanted))
        posts: list[int] = holds.post[here[np.argsort(holds.order[here])]].tolist()
        return posts

    def _employer(self, side: Side, posts: Ints) -> Ints:
        unit = np.maximum(side.moment.unit[posts] - self.table.first_unit, 0)
        return np.where(side.moment.units[2][unit], ABSENT, side.moment.roots[unit])

    def _is_up(self, from_: Ints, to: Ints) -> Bools:
        """Whether each move is a promotion: to a post above, or nearer to the same top."""
        if not len(from_):
            return np.zeros(0, np.bool_)
        (depth_a, top_a), (depth_b, top_b) = self.a.moment.above, self.b.moment.above
        above, at = np.zeros(len(from_), np.bool_), from_
        for _ in range(int(depth_a[from_].max())):
            at = np.where(at == ABSENT, ABSENT, self.a.moment.boss[at])
            above |= at == to
        same_top = self.a.numbers(top_a[from_]) == self.b.numbers(top_b[to])
        up: Bools = above | (same_top & (depth_b[to] < depth_a[from_]))
        return up

    def _people(self) -> Iterator[Found]:
        before, after = (self._held(side, acting=True) for side in self.sides)
        yield Found("acting", distinct(np.setxor1d(before, after, assume_unique=True) >> 32))
        away, back = (side.moment.on_leave for side in self.sides)
        away, back = away[: self.table.people], back[: self.table.people]
        yield Found("leave-started", where(back & ~away))
        yield Found("leave-ended", where(away & ~back))
        first, last = (side.moment.person_names for side in self.sides)
        who = where((first != last) & self.a.moment.known_people & self.b.moment.known_people)
        yield Found("renamed", self._truly(who, first[who], last[who]))

    def _truly(self, subjects: Ints, first: Ints, last: Ints, people: Ints | None = None) -> Ints:
        """Those whose name or title differs: one without a number of its own is the declared one, or the id."""
        people = subjects if people is None else people
        unsure = where((first == ABSENT) | (last == ABSENT))
        same = [at for at in unsure.tolist() if self._text(first[at], people[at]) == self._text(last[at], people[at])]
        return np.delete(subjects, same)

    def _text(self, code: int, number: int) -> str:
        if code >= 0:
            return self.table.texts[int(code)]
        id_ = self.table.ids[int(number)]
        declared = self.old.index.people.get(id_)
        return declared.name if declared is not None else id_

    # ------------------------------------------------------------------------------------------------ posts, units

    def _posts(self) -> Iterator[Found]:
        before, after = (side.array(side.moment.unit) for side in self.sides)
        ordinary = np.arange(len(before)) < self.a.base
        yield Found("post-opened", where((before == ABSENT) & (after != ABSENT) & ordinary))
        yield Found("post-closed", where((before != ABSENT) & (after == ABSENT) & ordinary))
        both = (before != ABSENT) & (after != ABSENT)
        yield self._retitled(both)
        yield _changed("moved", both, before, after)
        lines = [side.array(side.numbers(side.moment.solid)) for side in self.sides]
        yield _changed("re-parented", both, *lines)
        dotted = [self._dotted_keys(side) for side in self.sides]
        relined = distinct(np.setxor1d(dotted[0], dotted[1], assume_unique=True) >> 32)
        yield Found("re-lined", relined[where(both[relined])])
        for name in ("seats", "level", "critical", "heads"):
            values = [
                side.array(
                    side.moment.seats if name == "seats" else side.moment.dense(name), 1 if name == "seats" else ABSENT
                )
                for side in self.sides
            ]
            yield _changed("post-changed", both, *values)
        yield _changed("post-changed", both, *(side.array(self._unnamed(side.moment), 0) for side in self.sides))

    def _retitled(self, both: Bools) -> Found:
        """Posts with another title; that of a personal post is its person's name."""
        first, last = (side.array(side.moment.dense("title")) for side in self.sides)
        odd = where(both & (first != last))
        odd, own = odd[where(odd < self.a.base)], self.a.base + where(both[self.a.base :])
        people = self.pairs[own - self.a.base] >> 32
        was, now = (side.moment.person_names[people] for side in self.sides)
        renamed = where(was != now)
        posts = self._truly(odd, first[odd], last[odd])
        return Found(
            "retitled", np.concatenate([posts, self._truly(own[renamed], was[renamed], now[renamed], people[renamed])])
        )

    def _dotted_keys(self, side: Side) -> Ints:
        dotted = side.moment.dotted
        subject, value = (side.numbers(column.astype(np.int64)) for column in (dotted.subject, dotted.value))
        return distinct(subject << 32 | value)

    def _unnamed(self, moment: Moment) -> Ints:
        holds = moment.holds
        here = where(holds.person == ABSENT)
        return np.bincount(holds.post[here], holds.seats[here], moment.size).astype(np.int64)

    def _units(self) -> Iterator[Found]:
        first = self.table.first_unit
        (parent_a, open_a, _), (parent_b, open_b, _) = (side.moment.units for side in self.sides)
        yield Found("unit-opened", where(open_b & ~open_a) + first)
        yield Found("unit-closed", where(open_a & ~open_b) + first)
        both = where(open_a & open_b)
        yield Found("unit-moved", both[where(parent_a[both] != parent_b[both])] + first)
        words = [side.moment.unit_words for side in self.sides]
        for at, kind in enumerate(("unit-renamed", "unit-changed")):
            odd = [unit for unit in both.tolist() if words[0][unit][at] != words[1][unit][at]]
            yield Found(kind, np.array(odd, np.int64) + first)


def _only(some: Ints, others: Ints) -> Ints:
    """The values, sorted and each once, that are not among others."""
    return some[where(~among(some, others))]


def _twice(values: Ints) -> Ints:
    """The sorted values that come more than once."""
    return np.unique(values[1:][values[1:] == values[:-1]])


def _changed(kind: str, both: Bools, first: Ints, last: Ints) -> Found:
    """Where something both charts have differs."""
    odd = where(both & (first != last))
    return Found(kind, odd, first[odd], last[odd])
