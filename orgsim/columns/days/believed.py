"""What was known otherwise: of which posts, on which days, as known on which days, a chart is not the plain one.

Where news came late, or was taken back, a day looked otherwise in between.  For each post that such news touches, what
was seen is replayed for every stretch of days of knowing over which it stays the same: the post is copied so many
times, and all copies are replayed at once, as if they were posts of a table of their own.
"""

import attrs
import numpy as np

from orgsim.columns.days.states import (
    OF_ANSWERS,
    OF_HOLDERS,
    OF_JOBS,
    OF_LEAVES,
    OF_LINES,
    REDO,
    Believed,
    of_several,
    ordinary,
)
from orgsim.columns.replay.atwork import units_told
from orgsim.columns.replay.nearby import Nearby
from orgsim.columns.replay.relations import Holds, Relations, Replay, lines_told
from orgsim.columns.replay.spells import overlapping
from orgsim.columns.rows import table as t
from orgsim.columns.rows.arrays import (
    Bools,
    Ints,
    distinct,
    first_of,
    next_of,
    order_by,
    side_by_side,
    spread,
    times,
    where,
)
from orgsim.columns.rows.pool import Pool
from orgsim.columns.rows.table import ABSENT, KIND, OF_UNITS, Table
from orgsim.metrics.spells import FOREVER

MANY, HEAVY = 16, 200
"""A post that more pieces of such news touch, or that rests on more rows, is worked out when it is asked for."""
_LOW = 0xFFFFFFFF


@attrs.frozen(eq=False)
class News:
    """Of rows that were once seen otherwise: what they are about, and from when up to when that was so.

    A row learned late is not seen until then; one that is retracted is seen until then.
    """

    row: Ints
    subject: Ints
    day: Ints
    since: Ints
    until: Ints

    def take(self, places: Ints) -> "News":
        """Some of it."""
        return News(*(getattr(self, field.name)[places] for field in attrs.fields(News)))

    def about(self, owner: Ints, subject: Ints) -> "News":
        """The same of other subjects, `owner` telling whose news is theirs."""
        return attrs.evolve(self.take(owner), subject=subject)


@attrs.frozen(eq=False)
class Copies:
    """Posts from `start` on, as known from `since` up to `until`: what was seen of them is the same all the while."""

    post: Ints
    start: Ints
    since: Ints
    until: Ints

    def __len__(self) -> int:
        return len(self.post)

    def seen(self, events: "_Events", owner: Ints, rows: Ints) -> Ints:
        """The places of the rows, each of a copy, that count: seen when it begins, or on their day if that is later."""
        table, how = events.table, events.how[rows]
        day = table.day[rows]
        then = np.maximum(self.since[owner], day)
        here = where((day < self.until[owner]) & (table.known[rows] <= then) & (how != _RIVAL))
        gone, days = table.gone
        back = where(how[here] == _GONE)
        lasts = days[np.searchsorted(gone, rows[here[back]].astype(gone.dtype))] > then[here[back]]
        return np.delete(here, back[where(~lasts)])


class _Events:
    """The events, with what of them is looked up by row."""

    def __init__(self, table: Table, nearby: Nearby, relations: Relations) -> None:
        self.table, self.nearby, self.relations = table, nearby, relations
        self.how = ((table.flags & t.RIVAL) != 0).astype(np.int8) * _RIVAL
        """Of each row whether it is retracted or a rival account; these never count."""
        gone = table.gone[0]
        self.how[gone[where(self.how[gone] != _RIVAL)]] = _GONE


_GONE, _RIVAL = 1, 2


def believed(table: Table, nearby: Nearby, relations: Relations) -> dict[str, Believed]:
    """What was known otherwise of the unit, the solid line and who answers; and of which units anything was."""
    events = _Events(table, nearby, relations)
    news = _news(events)
    kind = table.kind[news.row]
    units = news.take(where(OF_UNITS[kind]))
    lines = news.take(where(OF_LINES[kind] & ordinary(table, table.post[news.row])))
    lines = attrs.evolve(lines, subject=table.post[lines.row])
    told, answer = side_by_side(len(table), lambda: _of_lines(events, lines), lambda: _of_answers(events, news, lines))
    return {"units": _sorted(_redone(units)), **told, "answer": answer}


def _news(events: _Events) -> News:
    """What became known late, or was taken back; the subject is a unit, if it is about one."""
    table, (gone, days) = events.table, events.table.gone
    late = where(table.known > table.day)
    late = late[where(events.how[late] == 0)]
    gone, days = gone[here := where(events.how[gone] == _GONE)], days[here]
    rows = np.concatenate([late, gone]).astype(np.int32)
    day = table.day[rows]
    since = np.concatenate([day[: len(late)], np.maximum(table.known[gone], table.day[gone])])
    until = np.concatenate([table.known[late], days]).astype(np.int32)
    kind = table.kind[rows]
    counts = (since < until) & (kind != KIND["retract"]) & (kind != KIND["expect"])
    return News(rows, table.place[rows], day, since, until).take(where(counts))


def _redone(news: News) -> tuple[Ints, ...]:
    """Columns of `Believed` for what is worked out when it is asked for."""
    value, end = np.full(len(news.row), REDO, np.int32), np.full(len(news.row), FOREVER, np.int32)
    return news.subject, value, news.day, end, news.since, news.until


def _sorted(*parts: tuple[Ints, ...]) -> Believed:
    columns = [np.concatenate(column).astype(np.int32, copy=False) for column in zip(*parts, strict=True)]
    order = order_by(columns[2])
    return Believed(*(column[order] for column in columns))


# ------------------------------------------------------------------------------------------------------- copies


def _copies(news: News) -> Copies:
    """Each post once for every stretch of days of knowing between two pieces of news, if anything differed then."""
    alone = times(news.subject) == 1
    one, more = news.take(where(alone)), _pieces(news.take(where(~alone)))
    columns = ((one.subject, more.post), (one.day, more.start), (one.since, more.since), (one.until, more.until))
    return Copies(*(np.concatenate(both) for both in columns))


def _pieces(news: News) -> Copies:
    """The same, of posts with several pieces of news."""
    post = news.subject.astype(np.int64) << 32
    begins, ends = post | news.since, post | news.until
    edges = distinct(np.concatenate([begins, ends]))
    low = np.searchsorted(edges, begins)
    owner, offset = spread(np.searchsorted(edges, ends) - low)
    start = np.full(len(edges), FOREVER, np.int32)
    np.minimum.at(start, low[owner] + offset, news.day[owner])
    here = where(start < FOREVER)
    numbers = edges[here] >> 32, start[here], edges[here] & _LOW, edges[np.minimum(here + 1, len(edges) - 1)] & _LOW
    return Copies(*(column.astype(np.int32) for column in numbers))


def _covered(copies: Copies, owner: Ints, day: Ints, value: Ints) -> tuple[Ints, ...]:
    """Columns of `Believed` that cover all days of copies, from what their values become, in order."""
    every = np.arange(len(copies))
    day = np.concatenate([copies.start, np.maximum(day, copies.start[owner])])
    owner, value = np.concatenate([every, owner]), np.concatenate([np.full(len(every), ABSENT, np.int32), value])
    order = order_by(owner)
    owner, day, value = owner[order], day[order], value[order]
    lasts = where(first_of(owner[::-1], day[::-1])[::-1])  # of one day, the last counts
    owner, start, value = owner[lasts], day[lasts], value[lasts]
    end = next_of(first_of(owner), start, ABSENT)
    end = np.where(end == ABSENT, copies.until[owner], end)
    return copies.post[owner], value, start, end, copies.since[owner], copies.until[owner]


# ------------------------------------------------------------------------------------------------ lines and units


def _told(table: Table, name: str, rows: Ints) -> tuple[Bools, Ints]:
    """Which events of posts tell their unit or solid line, and what it is."""
    kind = table.kind[rows]
    if name == "solid":
        return lines_told(kind, table.to[rows], table.flags[rows])
    told, unit = units_told(kind, table.place[rows])
    return told & (kind != KIND["report"]), unit


def _of_lines(events: _Events, news: News) -> dict[str, Believed]:
    """The unit and the solid line."""
    found = {}
    for name in ("unit", "solid"):
        told = news.take(where(_told(events.table, name, news.row)[0]))
        often = times(told.subject) > MANY
        copies = _copies(told.take(where(~often)))
        found[name] = _sorted(_told_otherwise(events, name, copies), _redone(told.take(where(often))))
    return found


def _told_otherwise(events: _Events, name: str, copies: Copies) -> tuple[Ints, ...]:
    table = events.table
    owner, rows = events.nearby.by_post.of_each(copies.post)
    here = where(OF_LINES[table.kind[rows]])
    owner, rows = owner[here], rows[here]
    told, value = _told(table, name, rows)
    here = where(told)
    owner, rows, value = owner[here], rows[here], value[here]
    here = copies.seen(events, owner, rows)
    return _covered(copies, owner[here], table.day[rows[here]], value[here])


# ----------------------------------------------------------------------------------------------------- who answers


def _of_answers(events: _Events, news: News, lines: News) -> Believed:
    """Who held posts; where several do at once, or employers change, that is worked out when it is asked for."""
    table = events.table
    kind, post = table.kind[news.row], table.post[news.row]
    own = where(OF_HOLDERS[kind] & ordinary(table, post) & (table.person[news.row] != ABSENT))
    held = _joined(news.about(own, post[own]), _of_people(events, news.take(where(OF_JOBS[kind]))))
    away = _of_people(events, news.take(where(OF_LEAVES[kind])))
    moved = lines.take(where(_told(table, "unit", lines.row)[0]))
    moved = moved.take(where(np.isin(moved.subject, _several(events, moved.subject))))
    often = held.subject[where(times(held.subject) > MANY)]
    hard = np.unique(np.concatenate([often, _heavy(events, held.subject), _several(events, held.subject)]))
    copies = _copies(held.take(where(~np.isin(held.subject, hard))))
    holds = _held(events, copies)
    tangled = np.unique(copies.post[holds.post[where(overlapping(holds.post, holds.start, holds.end))]])
    hard, shared = np.union1d(hard, tangled), _shared(events.relations.holds, distinct(away.subject))
    covered = _covered(copies, *_steps(holds.take(where(~np.isin(copies.post, tangled)[holds.post]))))
    kept = where(~np.isin(covered[0], tangled))
    again = held.take(where(np.isin(held.subject, hard)))
    leaves = away.take(where(np.isin(away.subject, np.union1d(hard, shared))))
    return _sorted(tuple(column[kept] for column in covered), _redone(_joined(again, leaves, moved)))


def _several(events: _Events, posts: Ints) -> Ints:
    return of_several(events.table, events.nearby, events.relations, posts)


def _heavy(events: _Events, posts: Ints) -> Ints:
    """Of some posts those that rest on so many rows, of their own and of whoever they name, that copies cost much."""
    table, by_post, by_person = events.table, events.nearby.by_post, events.nearby.by_person
    most = int(np.diff(by_person.edges).max(initial=0))
    posts = distinct(posts)
    posts = posts[where((by_post.edges[posts + 1] - by_post.edges[posts]) * (1 + most) > HEAVY)]
    owner, rows = by_post.of_each(posts)
    named = where(table.person[rows] != ABSENT)
    people = table.person[rows[named]]
    theirs = np.bincount(owner[named], by_person.edges[people + 1] - by_person.edges[people], len(posts))
    return posts[where(np.bincount(owner, minlength=len(posts)) + theirs > HEAVY)]


def _joined(*several: News) -> News:
    return News(*(np.concatenate([getattr(one, field.name) for one in several]) for field in attrs.fields(News)))


def _of_people(events: _Events, news: News) -> News:
    """News of people as news of the posts to which they were ever appointed."""
    table = events.table
    owner, rows = events.nearby.by_person.of_each(table.person[news.row])
    here = where((table.kind[rows] == KIND["appoint"]) & ordinary(table, table.post[rows]))
    return news.about(owner[here], table.post[rows[here]])


def _shared(holds: Holds, posts: Ints) -> Ints:
    """Of some posts those that several ever held at once."""
    low, high = (np.searchsorted(holds.post, posts.astype(holds.post.dtype), side=side) for side in ("left", "right"))
    owner, offset = spread(high - low)
    here = low[owner] + offset
    here = here[where(holds.person[here] != ABSENT)]
    post = holds.post[here]
    return np.unique(post[where(overlapping(post, holds.start[here], holds.end[here]))])


def _held(events: _Events, copies: Copies) -> Holds:
    """Who held the copies from day to day; the number of a copy is that of its post.  Sorted by copy and day."""
    table, nearby = events.table, events.nearby
    owner, rows = nearby.by_post.of_each(copies.post)
    here = where(OF_ANSWERS[table.kind[rows]])
    owner, rows = owner[here], rows[here]
    here = copies.seen(events, owner, rows)
    owner, rows = owner[here], rows[here]
    named = where((table.person[rows] != ABSENT) & OF_HOLDERS[table.kind[rows]])
    keys = owner[named] << 32 | table.person[rows[named]]
    pairs = distinct(keys)  # each holder of each copy counts as somebody else
    someone, theirs = nearby.by_person.of_each(pairs & _LOW)
    here = where(OF_JOBS[table.kind[theirs]])
    someone, theirs = someone[here], theirs[here]
    here = copies.seen(events, pairs[someone] >> 32, theirs)
    someone, theirs = someone[here], theirs[here]
    person = np.full(len(rows) + len(theirs), ABSENT)
    person[named], person[len(rows) :] = np.searchsorted(pairs, keys), someone
    post = np.concatenate([owner, np.full(len(theirs), ABSENT)])
    made = _Made(np.concatenate([rows, theirs]), person, post, (len(pairs), len(copies)))
    found = made.holds(table, events.relations)
    return attrs.evolve(found, person=(pairs[found.person] & _LOW).astype(np.int32))


@attrs.frozen(eq=False)
class _Made:
    """A table of its own: rows of another, with other people and posts."""

    row: Ints
    person: Ints
    post: Ints
    sizes: tuple[int, int]

    def holds(self, table: Table, relations: Relations) -> Holds:
        """Who held which post from day to day, by post; posts are numbered from 0."""
        people, posts = self.sizes
        more = people + posts - table.first_unit  # units have other numbers here
        constant = relations.structure.constant
        order = order_by(self.row) if len(self.row) else self.row
        rows, post = self.row[order], self.post[order]
        places = table.place[rows]
        made = attrs.evolve(
            table,
            ids=Pool(np.zeros(0, np.uint8), np.broadcast_to(np.int64(0), len(table.ids) + more + 1)),
            sizes=(people, posts, table.sizes[2]),
            **{name: getattr(table, name)[rows] for name in ("kind", "day", "flags")},
            person=self.person[order],
            post=np.where(post == ABSENT, ABSENT, post + people),
            place=np.where(places < 0, places, places + more),
        )
        told = attrs.evolve(relations.structure, constant=np.where(constant < 0, constant, constant + more))
        replay = Replay(made, np.arange(len(rows)), told)
        found = replay.in_days(replay.hold_rows[0])
        found = found.take(where(found.start < found.end))
        found = attrs.evolve(found, post=found.post - people)
        return found.take(order_by(found.post, found.start)) if len(found) else found


def _steps(holds: Holds) -> tuple[Ints, Ints, Ints]:
    """Of holdings of which no two overlap, in order: the post, the day, and who holds it from then on."""
    ends = where((holds.end < FOREVER) & (next_of(first_of(holds.post), holds.start, FOREVER) != holds.end))
    post = np.concatenate([holds.post, holds.post[ends]])
    day, value = np.concatenate([holds.start, holds.end[ends]]), np.concatenate([holds.person, ends * 0 + ABSENT])
    order = order_by(post, day) if len(post) else post
    return post[order], day[order], value[order].astype(np.int32)
