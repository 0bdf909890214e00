"""Day by day, who covered a post: held, acting, uncovered, or not known.

A post nobody is seen to hold is not always a vacancy: where the ledger first meets a post, or its next holder, or its
end, as a state "since unknown" (`..DAY`), the days before are not told, and an unknown is never counted as none.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby, zip_longest

import attrs

from orgsim.events import Event
from orgsim.metrics.history import History
from orgsim.metrics.spells import Span
from orgsim.model import Appointment, Post

HELD, ACTING, UNCOVERED, UNKNOWN, CLOSED = "held", "acting", "uncovered", "unknown", "closed"
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
    """The state of a post as its holders tell it."""
    if not post.open:
        return CLOSED
    if not post.vacant:
        return HELD
    return ACTING if post.holders else UNCOVERED


def runs(history: History, post: str) -> list[Run]:
    """All days on which a post is open, in order, as runs."""
    lives: list[list[Spell]] = []
    for spell in history.spells(post, Post):
        if lives and lives[-1][-1][2].events[0] is spell[2].events[0]:
            lives[-1].append(spell)
        else:
            lives.append([spell])
    seen = _seen_vacant(history, post)
    return [run for number, life in enumerate(lives) for run in _runs(number, life, seen)]


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


def _runs(number: int, life: list[Spell], seen: dict[int, Event]) -> Iterator[Run]:
    """The runs of a post from its creation to its end."""
    groups = [list(group) for _, group in groupby(life, key=lambda spell: state_of(spell[2]))]
    after_unknown = False
    for group, after in zip_longest(groups, groups[1:]):
        start, end, post = group[0][0], group[-1][1], group[0][2]
        state, following = state_of(post), after[0][2] if after else None
        closing = _closing(following)
        opening = post.vacated or post.events[0]
        if state == UNCOVERED:
            is_first = group is groups[0] and post.events[0].date.is_open
            first, last = _told((start, end), seen, is_first=is_first, following=following)
            if first > start:
                opening = seen.get(first, opening)
            pieces = ((start, first, UNKNOWN), (first, last, UNCOVERED), (max(first, last), end, UNKNOWN))
            for begin, stop, what in pieces:
                if begin < stop:
                    yield Run(begin, stop, what, number, *((opening, closing) if what == UNCOVERED else ()))
            after_unknown = max(first, last) < end or first == end
        elif state == ACTING:
            if after_unknown:
                opening = post.holders[0].event
            yield Run(start, end, ACTING, number, opening, closing, tuple(_acting(group)))
            after_unknown = False
        elif state == HELD:
            yield Run(start, end, HELD, number)
            after_unknown = False


def _told(span: Span, seen: Iterable[int], *, is_first: bool, following: Post | None) -> Span:
    """The days of an empty stretch that are told to be empty.

    After a creation "since unknown" that is from the first assertion on; before an appointment or an abolition "since
    unknown", up to the last.
    """
    start, end = span
    inside = [day for day in seen if start <= day < end]
    first, last = start, end
    if is_first:
        first = inside[0] if inside else end
    if following is not None and _is_since_unknown(following):
        last = inside[-1] + 1 if inside else start
    return min(first, end), last


def _is_since_unknown(post: Post) -> bool:
    """Whether a post may have become so, held or closed, on any day before the one on which it was seen so."""
    if not post.open:
        return post.events[-1].date.is_open
    return any(holder.since.is_open for holder in post.holders)


def _closing(following: Post | None) -> Event | None:
    """The event that ends a run: an appointment, or what closed the post."""
    if following is None or not following.open:
        return following.events[-1] if following is not None else None
    holders = sorted(following.holders, key=lambda holder: holder.acting)
    return holders[0].event if holders else None


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
