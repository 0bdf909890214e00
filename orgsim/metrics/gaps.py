"""Leadership gaps: for how long critical posts had no substantive holder, and who acted meanwhile."""

import datetime as dt
from collections.abc import Iterable

import attrs

from orgsim.dates import When
from orgsim.events import Event
from orgsim.ledger import Ledger
from orgsim.metrics.covering import ACTING, GAP, HELD, UNCOVERED, UNKNOWN, Run, gap_rows, runs
from orgsim.metrics.history import History
from orgsim.metrics.spells import Span, days_within, joined, overlap, period
from orgsim.model import Post


@attrs.frozen
class Cover:
    """Somebody acted in a post in [start, end); `person` is None where the ledger does not name them."""

    person: str | None
    holder: str | None
    start: dt.date
    end: dt.date


@attrs.frozen
class Gap:
    """A stretch [start, end) without a substantive holder.

    `began_before` and `open_at_end` say that the gap is longer than the stretch shown.  `opening` and `closing` are
    the events around the gap, with how sure they are; None where none is told.
    """

    post: str
    start: dt.date
    end: dt.date
    acting_days: int
    uncovered_days: int
    acting: tuple[Cover, ...]
    began_before: bool
    open_at_end: bool
    opening: Event | None = attrs.field(repr=False)
    opening_certainty: str | None
    closing: Event | None = attrs.field(repr=False)
    closing_certainty: str | None

    @property
    def days(self) -> int:
        """The length of the stretch."""
        return (self.end - self.start).days

    @property
    def least_days(self) -> int:
        """The fewest days it may have lasted: `days`, but for the days by which its beginning may have been later."""
        opening = self.told[0]
        begun = opening.last if opening is not None else self.start
        return max((self.end - begun).days, 0)

    @property
    def most_days(self) -> int:
        """The most days it may have lasted, by the last day on which it may have ended."""
        closing = self.told[1]
        return ((closing.last if closing is not None else self.end) - self.start).days

    @property
    def told(self) -> tuple[When | None, When | None]:
        """When it begins and ends as the ledger tells it; None where something else bounds the stretch."""
        opening, closing = self.opening, self.closing
        begins = opening is not None and not self.began_before and opening.date.day == self.start
        ends = closing is not None and not self.open_at_end and closing.date.day == self.end
        return (opening.date if opening and begins else None, closing.date if closing and ends else None)


@attrs.frozen
class PostGaps:
    """The days of a post in a period by state; they add up to `open_days`."""

    post: str
    title: str
    held_days: int
    acting_days: int
    uncovered_days: int
    unknown_days: int
    gaps: tuple[Gap, ...]

    @property
    def gap_days(self) -> int:
        """Days without a substantive holder: acting and uncovered."""
        return self.acting_days + self.uncovered_days

    @property
    def open_days(self) -> int:
        """Days on which the post was open (and critical, if the posts were not named)."""
        return self.held_days + self.gap_days + self.unknown_days


def gaps(
    ledger: Ledger,
    start: dt.date,
    end: dt.date,
    posts: Iterable[str] | None = None,
    known: dt.date | None = None,
) -> tuple[PostGaps, ...]:
    """For each critical post, or each post named, how long it had no substantive holder in [start, end).

    Formula: gap days = acting days + uncovered days, over the days on which the post is open (and critical, if the
    posts are not named).  *Acting*: no substantive holder, somebody acts.  *Uncovered*: nobody.  A post with several
    seats is held while any is taken; holders who are not named hold it, and so do those on leave.  *Unknown*, and no
    gap, are days without a holder before an appointment or abolition "since unknown" (`..DAY`), or after a creation
    "since unknown" and before the first holder, as far as no `expect` says that the post is vacant.
    Unit: days.  Raises ValueError if the end is before the start, UnknownIdError for a post never created.
    Source: vacancy duration, from vacated to the next substantive start; acting apart as in the Federal Vacancies
    Reform Act's counting of acting service.  It is not time to fill, which begins with a requisition.
    """
    window = period(start, end)
    history = History(ledger, known)
    ids = history.index.post_ids if posts is None else [history.require(id_, Post) for id_ in posts]
    found = (of_post(history, id_, window, critical_only=posts is None) for id_ in ids)
    return tuple(one for one in found if one is not None)


def critical_spans(history: History, post: str) -> list[Span]:
    """When a post was open and critical."""
    return joined((start, end) for start, end, noun in history.posts([post]) if noun.critical)


def of_post(history: History, id_: str, window: Span, *, critical_only: bool) -> PostGaps | None:
    """The gaps of one post in a window; with `critical_only`, of the days on which it is critical, None without any."""
    windows = overlap([window], critical_spans(history, id_)) if critical_only else [window]
    if not windows and critical_only:
        return None
    covering = runs(history, id_)
    days = {
        state: sum(
            days_within([(run.start, run.end)], span) for run in covering if run.state == state for span in windows
        )
        for state in (HELD, ACTING, UNCOVERED, UNKNOWN)
    }
    titles = [noun.title for begun, _, noun in history.posts([id_]) if begun < max(window[1], window[0] + 1)]
    return PostGaps(
        id_,
        titles[-1] if titles else id_,
        days[HELD],
        days[ACTING],
        days[UNCOVERED],
        days[UNKNOWN],
        tuple(gap for group in gap_rows(covering) for span in windows if (gap := _gap(history, id_, group, span))),
    )


def _gap(history: History, post: str, group: list[Run], window: Span) -> Gap | None:
    first, last = max(group[0].start, window[0]), min(group[-1].end, window[1])
    if first >= last:
        return None
    inside = (first, last)
    covers = [
        Cover(who.person, who.holder, _date(max(who.start, first)), _date(min(who.end, last)))
        for run in group
        for who in run.acting
        if who.start < last and first < who.end
    ]
    days = {
        state: sum(days_within([(run.start, run.end)], inside) for run in group if run.state == state) for state in GAP
    }
    goes_on = group[-1].end > last
    opening, closing = group[0].opening, None if goes_on else group[-1].closing
    return Gap(
        post,
        _date(first),
        _date(last),
        acting_days=days[ACTING],
        uncovered_days=days[UNCOVERED],
        acting=tuple(covers),
        began_before=group[0].start < first,
        open_at_end=goes_on,
        opening=opening,
        opening_certainty=_certainty(history, opening),
        closing=closing,
        closing_certainty=_certainty(history, closing),
    )


def _date(day: int) -> dt.date:
    return dt.date.fromordinal(day)


def _certainty(history: History, event: Event | None) -> str | None:
    if event is None:
        return None
    return history.ledger.chart(event.date.day, history.known).certainty(event)
