"""Day by day, who covered a post: held, acting, uncovered, or not known.

A post nobody is seen to hold is not always a vacancy: where the ledger first meets a post, or its next holder, as a
state "since unknown" (`..DAY`), the days before are not told, and an unknown is never counted as none.
"""

from collections.abc import Iterable, Iterator, Sequence

import attrs

from orgsim.events import Event
from orgsim.metrics.history import History, Version
from orgsim.metrics.spells import Span
from orgsim.model import Appointment, Post

HELD, ACTING, UNCOVERED, UNKNOWN = "held", "acting", "uncovered", "unknown"
GAP = (ACTING, UNCOVERED)

Spell = tuple[int, int, Post]


@attrs.frozen
class Acting:
    """Days on which somebody acted in a post; `person` is None, and `holder` says why, where nobody is named."""

    person: str | None
    holder: str | None
    start: int
    end: int


@attrs.frozen
class Run:
    """Days in a row on which a post is in one state, and the events between which they lie.

    `life` counts how often the post has been created: a post created again is new, even on the same day.
    """

    start: int
    end: int
    state: str
    life: int
    opening: Event | None = None
    closing: Event | None = None
    acting: tuple[Acting, ...] = ()


def state_of(post: Post) -> str:
    """The state of an open post as its holders tell it."""
    if not post.vacant:
        return HELD
    return ACTING if post.holders else UNCOVERED


def runs(history: History, post: str) -> list[Run]:
    """All days on which a post is open, in order, as runs."""
    versions = history.versions(post, Post)
    seen = _seen_vacant(history, post)
    lives: list[list[Spell]] = []
    for spell in history.posts([post]):
        if lives and lives[-1][-1][1] == spell[0] and lives[-1][-1][2].events[0] is spell[2].events[0]:
            lives[-1].append(spell)
        else:
            lives.append([spell])
    return [run for number, life in enumerate(lives) for run in _runs(_Life(number, life, versions, seen))]


def gap_rows(found: Iterable[Run]) -> list[list[Run]]:
    """The runs without a substantive holder, those together that follow each other."""
    rows: list[list[Run]] = []
    for run in found:
        if run.state not in GAP:
            continue
        if rows and rows[-1][-1].end == run.start and rows[-1][-1].life == run.life:
            rows[-1].append(run)
        else:
            rows.append([run])
    return rows


def _seen_vacant(history: History, post: str) -> dict[int, Event]:
    """The days for which the ledger asserts that the post is vacant, in order."""
    ledger, known = history.ledger, history.known
    expected = sorted(history.index.expectations.get(post, ()), key=lambda event: event.date.day)
    return {e.date.day.toordinal(): e for e in expected if e.vacant and e.disputes is None and ledger.sees(e, known)}


@attrs.frozen
class _Life:
    """A post from its creation to its end, and what is told of it."""

    number: int
    spells: list[Spell]
    versions: Sequence[Version[Post]]
    seen: dict[int, Event]


def _runs(life: _Life) -> Iterator[Run]:
    groups: list[list[Spell]] = []
    for spell in life.spells:
        if groups and state_of(groups[-1][-1][2]) == state_of(spell[2]):
            groups[-1].append(spell)
        else:
            groups.append([spell])
    after_unknown = False
    for at, group in enumerate(groups):
        following = groups[at + 1][0] if at + 1 < len(groups) else None
        start, end, post = group[0][0], group[-1][1], group[0][2]
        closing = _closing(following, end, life.versions)
        state = state_of(post)
        if state == HELD:
            yield Run(start, end, HELD, life.number)
        elif state == ACTING:
            opening = post.holders[0].event if after_unknown else _opening(start, life.versions)
            yield Run(start, end, ACTING, life.number, opening, closing, tuple(_acting(group)))
        else:
            is_first = at == 0 and post.events[0].date.is_open
            first, last = _told((start, end), life.seen, is_first=is_first, following=following)
            opening = _opening(start, life.versions) if first == start else life.seen.get(first)
            pieces = ((start, first, UNKNOWN), (first, last, UNCOVERED), (max(first, last), end, UNKNOWN))
            for begin, stop, what in pieces:
                if begin < stop:
                    events = (opening, closing) if what == UNCOVERED else ()
                    yield Run(begin, stop, what, life.number, *events)
                    after_unknown = what == UNKNOWN
            continue
        after_unknown = False


def _told(span: Span, seen: Iterable[int], *, is_first: bool, following: Spell | None) -> Span:
    """The days of an empty stretch that are told to be empty.

    After a creation "since unknown" that is from the first assertion on, before an appointment "since unknown" up to
    the last.
    """
    start, end = span
    inside = [day for day in seen if start <= day < end]
    first, last = start, end
    if is_first:
        first = inside[0] if inside else end
    if following is not None and any(_since_unknown(holder, end) for holder in following[2].holders):
        last = inside[-1] + 1 if inside else start
    return min(first, end), last


def _since_unknown(holder: Appointment, day: int) -> bool:
    return holder.since.is_open and holder.since.day.toordinal() == day


def _opening(start: int, versions: Sequence[Version[Post]]) -> Event | None:
    """The event since which nobody holds the post: what emptied the last seat, or made the post."""
    found: Event | None = None
    held = True
    for _, day, post in versions:
        if day > start:
            break
        empty = post.open and post.vacant
        if empty and held:
            found = post.vacated or post.events[0]
        held = not empty
    return found


def _closing(following: Spell | None, end: int, versions: Sequence[Version[Post]]) -> Event | None:
    """The event that ends a run: an appointment, or what closed the post."""
    if following is not None:
        holders = sorted(following[2].holders, key=lambda holder: holder.acting)
        return holders[0].event if holders else None
    closed = [post for _, day, post in versions if day == end and not post.open]
    return closed[-1].events[-1] if closed else None


def _acting(group: list[Spell]) -> Iterator[Acting]:
    """Who acted, each in one stretch for each appointment."""
    running: dict[int, tuple[Appointment, int, int]] = {}
    for start, end, post in group:
        for holder in post.holders:
            key = id(holder.event)
            since = running[key][1] if key in running else start
            running[key] = (holder, since, end)
    for holder, start, end in running.values():
        yield Acting(holder.person, holder.holder, start, end)
