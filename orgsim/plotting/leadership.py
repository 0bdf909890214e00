"""From a ledger to who held which leading post when: the data of the gaps picture.

Which days are a gap is told by the metrics; this adds the names, how sure they are, and since when.  Nothing here
draws.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

import attrs

from orgsim.chart import OrgChart
from orgsim.dates import When
from orgsim.events import Event
from orgsim.ledger import Ledger
from orgsim.lookups import organization_of
from orgsim.metrics import covering
from orgsim.metrics.covering import Run, runs
from orgsim.metrics.gaps import critical_spans
from orgsim.metrics.history import History
from orgsim.metrics.spells import Span, overlap
from orgsim.model import Person, Post, Unit
from orgsim.phrases import phrase
from orgsim.plotting.data import ACTING, HELD, SURE, UNKNOWN, VACANT, Leadership, PostRow, Stretch
from orgsim.plotting.witness import is_away, source_of, who_holds
from orgsim.story import names_on

MOST_ROWS = 24
LEAD, AFTER = (14, 70), dt.timedelta(days=10)
"""How many days before the first gap the picture begins, at least and at most; how much it shows after the last news.

Only if nobody says: before a gap a quarter of the days that follow it, after the last news a twelfth of those before.
"""
_STATES = {
    covering.HELD: HELD,
    covering.ACTING: ACTING,
    covering.UNCOVERED: VACANT,
    covering.UNKNOWN: UNKNOWN,
}


def leadership(
    ledger: Ledger,
    start: dt.date | None = None,
    end: dt.date | None = None,
    posts: Iterable[str] | None = None,
    known: dt.date | None = None,
    *,
    organization: str | None = None,
    name: str = "",
) -> Leadership:
    """Who held each critical post, or each post named, in [start, end), with the gaps and how sure they are.

    Without dates, from a little before the first gap to the last day the ledger tells of.  Where no post is critical,
    those at the top are shown.  Raises UnknownIdError for a post never created, ValueError for a period that ends
    before it begins.
    """
    history = History(ledger, known)
    told = last_news(ledger, known)
    chosen, note = _chosen(history, posts, organization)
    covered = {id_: runs(history, id_) for id_ in chosen}
    if start is None:
        start = min(_begin(told, covered.values()), end or told)
    end = end or max(told + max(AFTER, (told - start) // 12), start + AFTER)
    if end < start:
        raise ValueError(f"the period ends on {end}, before it begins on {start}")
    whose = _whose(ledger, chosen, end)
    rows = [_Row(history, id_, start, end).row(covered[id_]) for id_ in chosen]
    shown = [row for row in rows if row.stretches]
    if posts is None and len(shown) > MOST_ROWS:  # those with a gap matter most; the order stays
        keep = sorted(shown, key=lambda row: not row.gaps)[:MOST_ROWS]
        shown, left = [row for row in shown if row in keep], len(shown) - MOST_ROWS
    else:
        left = 0
    return Leadership(
        title=f"Who held the leading posts of {whose}" if whose else "Who held the leading posts",
        source=source_of(ledger, name, known),
        known=known,
        start=start,
        end=end,
        rows=tuple(shown),
        left_out=left,
        note=note,
        told_until=told if start < told < end else None,
    )


def last_news(ledger: Ledger, known: dt.date | None) -> dt.date:
    """The last day on which something became known; what is dated later is only expected."""
    days = [event.known for event in ledger.events if known is None or event.known <= known]
    return max(days, default=dt.date(2000, 1, 1))


def _begin(told: dt.date, covered: Iterable[list[Run]]) -> dt.date:
    """A little before the first gap; else when the ledger begins to tell of the posts."""
    every = [run for found in covered for run in found]
    gaps = [run.start for run in every if run.state in covering.GAP]
    if gaps:
        lead = min(max((told.toordinal() - min(gaps)) // 4, LEAD[0]), LEAD[1])
        return dt.date.fromordinal(max(1, min(gaps) - lead))
    starts = [run.start for run in every]
    return dt.date.fromordinal(max(1, min(starts))) if starts else told


def _whose(ledger: Ledger, posts: Iterable[str], end: dt.date) -> str:
    """The organization of the posts, or how many there are."""
    chart = ledger.chart(end)
    found = {organization_of(chart, post) for id_ in posts if isinstance(post := ledger.last(id_), Post)}
    if len(found) == 1:
        unit = ledger.last(*found)
        return unit.name if isinstance(unit, Unit) else next(iter(found))
    return f"{len(found)} organizations" if found else ""


def _chosen(history: History, posts: Iterable[str] | None, organization: str | None) -> tuple[list[str], str]:
    """The posts to show, the highest first, and a note when none is marked critical."""
    if posts is not None:
        return [history.require(id_, Post) for id_ in posts], ""
    ranks = _Ranks.of(history)
    open_posts = {id_: post for id_, post in ranks.posts.items() if post.personal is None}
    if organization is not None:
        history.require(organization, Unit)
        open_posts = {id_: p for id_, p in open_posts.items() if _root(history, p.unit) == organization}
    found = [id_ for id_ in open_posts if critical_spans(history, id_)]
    if found:
        return sorted(found, key=lambda id_: ranks.of_post(open_posts[id_])), ""
    found = [id_ for id_, post in open_posts.items() if post.seats != "any" and not _is_body(history, post)]
    found.sort(key=lambda id_: (ranks.is_loose(open_posts[id_]), ranks.of_post(open_posts[id_])))
    which = f"{MOST_ROWS} highest of {len(found):,}" if len(found) > MOST_ROWS else "highest"
    return found[:MOST_ROWS], f"No post is marked critical: these are the {which}." if found else ""


def _is_body(history: History, post: Post) -> bool:
    unit = history.ledger.last(post.unit)
    return isinstance(unit, Unit) and unit.is_body


def _root(history: History, unit: str) -> str:
    """The organization a unit belonged to last."""
    seen: set[str] = set()
    while unit not in seen:
        seen.add(unit)
        noun = history.ledger.last(unit)
        if not isinstance(noun, Unit) or noun.parent is None:
            break
        unit = noun.parent
    return unit


@attrs.frozen
class _Ranks:
    """How high each post stood while it was open: a closed post has no line any more, and would look like a top."""

    history: History
    posts: Mapping[str, Post]
    """Each as it last was while its manager was told; as it last was while open, if that was never told."""
    managers: frozenset[str]
    """The posts and units that anybody ever reported to."""

    @classmethod
    def of(cls, history: History) -> "_Ranks":
        """One walk through all posts."""
        found: dict[str, Post] = {}
        managers: set[str] = set()
        for _, _, post in history.posts():
            if post.line is not None:
                managers.add(post.line.to)
            if post.line is not None or post.id not in found or found[post.id].line is None:
                found[post.id] = post
        return cls(history, found, frozenset(managers))

    def is_loose(self, post: Post) -> bool:
        """Whether nobody tells where a post stands: neither its manager nor anybody beneath it."""
        return post.line is None and post.id not in self.managers and post.heads not in self.managers

    def of_post(self, post: Post) -> tuple[int, int, bool]:
        """Nearest to the top first: by posts above where that is told, then by how deep the unit lies."""
        above, at = 0, post
        while at.line is not None and above < MOST_ROWS and at.line.to in self.posts:
            above, at = above + 1, self.posts[at.line.to]
        depth, unit = 0, self.history.ledger.last(post.unit)
        while isinstance(unit, Unit) and unit.parent is not None and depth < MOST_ROWS:
            depth, unit = depth + 1, self.history.ledger.last(unit.parent)
        return depth if post.line is None else max(above, depth), above, post.line is None


@attrs.frozen
class _Row:
    """One post being read from the ledger."""

    history: History
    post: str
    start: dt.date
    end: dt.date

    def row(self, covered: list[Run]) -> PostRow:
        window = [(self.start.toordinal(), self.end.toordinal())]
        found: list[Stretch] = []
        for run in covered:
            for first, last in overlap([(run.start, run.end)], window):
                found += (
                    self._held(run, first, last) if run.state != covering.UNCOVERED else self._empty(run, first, last)
                )
        noun = next((post for begun, _, post in reversed(list(self.history.posts([self.post])))), None)
        closed = self.history.ledger.last(self.post)
        ends = None
        if covered and isinstance(closed, Post) and not closed.open and found and not found[-1].goes_on:
            when = closed.events[-1].date
            ends = (when.day, when.last)
        return PostRow(post=self.post, title=noun.title if noun else self.post, stretches=tuple(found), ends=ends)

    def _empty(self, run: Run, first: int, last: int) -> Iterator[Stretch]:
        """A vacancy, since the event that made it."""
        opening = run.opening
        began = opening.date if opening is not None and opening.date.day.toordinal() == run.start else None
        chart = self._chart(first)
        certainty = chart.certainty(opening) if opening is not None and began is not None else "stated"
        when = began or When.on(dt.date.fromordinal(run.start))
        why = self._say(opening) if opening is not None else ""
        yield self._stretch(first, last, VACANT, run, when, certainty=certainty, why=why)

    def _held(self, run: Run, first: int, last: int) -> Iterator[Stretch]:
        """A stretch for each set of holders, cut again where leave or certainty changes."""
        before: Stretch | None = None
        for day, after in pairwise([*sorted(self._cuts(first, last)), last]):
            chart = self._chart(day)
            post = chart.get(self.post)
            if run.state == covering.UNKNOWN or not isinstance(post, Post):
                found = self._stretch(day, after, UNKNOWN, run, When.on(dt.date.fromordinal(run.start)))
            else:
                found = self._holding(chart, post, run, (day, after))
            if before is not None and _same(before, found, "state", "who"):  # they go on; what follows began before
                found = attrs.evolve(found, earliest=before.earliest, latest=before.latest)
                if _same(before, found, "certainty", "on_leave"):
                    before = attrs.evolve(before, end=found.end, goes_on=found.goes_on)
                    continue
            if before is not None:
                yield before
            before = found
        if before is not None:
            yield before

    def _holding(self, chart: OrgChart, post: Post, run: Run, days: Span) -> Stretch:
        holders = [h for h in post.holders if h.acting == (run.state == covering.ACTING)]
        sure = [chart.holding_certainty(post, holder) for holder in holders]
        latest = max(holders, key=lambda holder: holder.since.day)
        opens_gap = run.state == covering.ACTING and days[0] == run.start and run.opening is not None
        return self._stretch(
            *(*days, _STATES[run.state], run, latest.since),
            who=tuple(who_holds(chart, holder) for holder in holders),
            certainty=next((one for one in sure if one not in SURE), "stated"),
            on_leave=all(is_away(chart, holder) for holder in holders),
            why=self._say(run.opening if opens_gap and run.opening is not None else latest.event),
        )

    def _cuts(self, first: int, last: int) -> set[int]:
        """The days on which something about the holders may change."""
        days = {first}
        for begun, _, post in self.history.posts([self.post]):
            days.add(begun)
            for holder in post.holders:
                if holder.person is not None:
                    days |= {start for start, _, _ in self.history.spells(holder.person, Person)}
        for event in self.history.index.expectations.get(self.post, ()):
            days.add(event.date.day.toordinal())
        return {day for day in days if first <= day < last}

    def _stretch(self, first: int, last: int, state: str, run: Run, when: When, **more: object) -> Stretch:
        return Stretch(
            start=dt.date.fromordinal(first),
            end=dt.date.fromordinal(last),
            state=state,
            earliest=when.first,
            latest=when.last,
            goes_on=run.end > last and last == self.end.toordinal(),
            **more,  # type: ignore[arg-type]
        )

    def _chart(self, day: int) -> OrgChart:
        return self.history.ledger.chart(dt.date.fromordinal(day), self.history.known)

    def _say(self, event: Event) -> str:
        return phrase(event, names_on(self.history.ledger, event, self.history.known))


def _same(one: Stretch, other: Stretch, *names: str) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in names)
