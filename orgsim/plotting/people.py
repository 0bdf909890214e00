"""From a ledger to the data of two pictures: who went from which organization to which, and who might follow whom.

Nothing here draws.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

from orgsim.chart import OrgChart
from orgsim.events import Event
from orgsim.ledger import Ledger
from orgsim.lookups import organization_of
from orgsim.metrics.history import History
from orgsim.metrics.spells import FOREVER
from orgsim.metrics.workforce import Job, Workforce
from orgsim.model import Post, Unit
from orgsim.plotting.data import ACTING, HELD, SURE, VACANT, Candidate, Move, Moves, Succession, SuccessionRow, Who
from orgsim.plotting.leadership import last_news
from orgsim.plotting.paper import long_date, since_words, when_words
from orgsim.plotting.witness import is_away, source_of, who_holds, who_of

SOON = 366
"""Days between leaving one organization and joining another that still make it one move."""
MOST_ROWS = 16


# ---------------------------------------------------------------------------------------------------- between employers


def moves(
    ledger: Ledger,
    start: dt.date | None = None,
    end: dt.date | None = None,
    known: dt.date | None = None,
    *,
    name: str = "",
) -> Moves:
    """Everybody who left an organization in [start, end), and where they went if they joined another within a year.

    Those who came and did not come from another organization of the ledger have no origin; of whom the sources only
    saw that they are there, nobody tells that they came.  Who is only told to have been there once left as well, and
    went to where they are told to be since the same day.  A merger is no move.
    """
    history = History(ledger, known)
    staff = Workforce(history)
    start = start or min((event.date.day for event in ledger.events), default=dt.date(2000, 1, 1))
    end = end or last_news(ledger, known) + dt.timedelta(days=1)
    window = (start.toordinal(), end.toordinal())
    names = {unit: noun.name for unit in history.index.unit_ids if isinstance(noun := ledger.last(unit), Unit)}
    found = []
    for person, jobs in _jobs(staff).items():
        who = Who(history.index.names.get(person, person), person)
        for last, first in _of_person(staff, person, jobs):
            day = last.end if last is not None else first.start if first is not None else 0
            event = _departure(staff, person, last) if last is not None else first.event if first is not None else None
            if window[0] <= day < window[1]:
                date = dt.date.fromordinal(day)
                origin, target = (job.organization if job is not None else "" for job in (last, first))
                found.append(
                    Move(
                        who=who,
                        origin=names.get(origin),
                        target=names.get(target),
                        day=date,
                        when=when_words(event.date.first, event.date.last) if event is not None else long_date(date),
                        certainty=event.certainty if event is not None else "stated",
                        undated=event is not None and event.date.is_open,
                        arrival=first.event.certainty if first is not None else "stated",
                    )
                )
    found.sort(key=lambda move: (move.day, move.who.id))
    title = "Who went from where to where"
    return Moves(
        title=title, source=source_of(ledger, name, known), known=known, start=start, end=end, moves=tuple(found)
    )


def _jobs(staff: Workforce) -> dict[str, list[Job]]:
    """Everybody's jobs; a job of no days for whoever is only told to have left, and came by the same day."""
    found = {person: list(jobs) for person, jobs in staff.jobs.items()}
    for (person, organization, day), event in staff.departures.items():
        jobs = found.setdefault(person, [])
        if not any(job.organization == organization and job.start <= day <= job.end for job in jobs):
            jobs.append(Job(organization, "employee", 1.0, day, day, event))
    return found


def _departure(staff: Workforce, person: str, job: Job) -> Event | None:
    return staff.departures.get((person, job.organization, job.end))


def _of_person(staff: Workforce, person: str, jobs: list[Job]) -> Iterator[tuple[Job | None, Job | None]]:
    """The last job a person had at an organization before leaving it, and the first at the one they went to."""
    spells: list[list[Job]] = []
    for job in jobs:  # a change of contract, or of the employer by a merger, continues what was
        before = next((s for s in spells if s[-1].end == job.start and _goes_on(staff, person, s[-1], job)), None)
        if before is not None:
            before.append(job)
        else:
            spells.append([job])
    joined: set[int] = set()
    for at, spell in enumerate(spells):
        last = spell[-1]
        if last.end >= FOREVER:
            continue
        others = (n for n, other in enumerate(spells) if n != at and n not in joined and _follows(last, other[0]))
        following = next(others, None)
        if following is not None:
            joined.add(following)
        yield last, spells[following][0] if following is not None else None
    for at, spell in enumerate(spells):
        if at not in joined and not spell[0].event.date.is_open and spell[0].start < spell[0].end:
            yield None, spell[0]


def _goes_on(staff: Workforce, person: str, last: Job, job: Job) -> bool:
    same = last.organization == job.organization or last.event is job.event
    return same and (person, last.organization, last.end) not in staff.departures


def _follows(last: Job, other: Job) -> bool:
    """Whether somebody joined another organization soon after leaving one, was soon seen there, or soon came back.

    Of somebody gone since nobody knows when, only who is seen elsewhere on that very day went there.
    """
    soon = SOON if last.start < last.end else 0
    return last.end <= other.start <= last.end + soon and other.start < other.end


# ----------------------------------------------------------------------------------------------------------- succession


def bench(
    chart: OrgChart, posts: Iterable[str] | None = None, *, organization: str | None = None, name: str = ""
) -> Succession:
    """The critical posts of a chart, or those named, with who holds them and who reports to them.

    A ledger holds no succession plans, so nobody is rated; whoever stands right beneath is who comes to mind.
    Raises UnknownIdError for a post that is not open.
    """
    if posts is None:
        if organization is not None:
            chart.unit(organization)
        rows = [p for p in chart.posts if organization in (None, organization_of(chart, p)) and p.personal is None]
        rows.sort(key=lambda post: by_rank(chart, post))
        found = [post for post in rows if post.critical]
        note = "" if found or not rows else "No post is marked critical: these are the highest."
        found = found or [post for post in rows if post.seats != "any"]
    else:
        found, note = [chart.post(id_) for id_ in posts], ""
    unrated = "The ledger holds no succession plans: shown is who reports to the post, not rated."
    return Succession(
        title="Who holds the leading posts, and who stands behind them",
        source=source_of(chart, name, chart.known),
        known=chart.known,
        at=chart.at,
        rows=tuple(row_of(chart, post) for post in found[:MOST_ROWS]),
        left_out=max(len(found) - MOST_ROWS, 0),
        note=" ".join(filter(None, (note, unrated if found else ""))),
    )


def by_rank(chart: OrgChart, post: Post) -> tuple[bool, int, bool, int]:
    """Posts of which a line is told first, up or down, the highest first; of the others those of the organization.

    A post with reports whose manager is not told is a top, after those that are stated to be one.
    """
    depth, unit = 0, chart.get(post.unit)
    while isinstance(unit, Unit) and unit.parent is not None:
        depth, unit = depth + 1, chart.get(unit.parent)
    untold = post.line is None
    return untold and not chart.reports(post.id), chart.layer(post.id), untold, depth


def row_of(chart: OrgChart, post: Post) -> SuccessionRow:
    """A post, who holds it, and who reports to it."""
    acting = post.vacant and bool(post.holders)
    holders = [h for h in post.holders if h.acting == acting]
    sure = [chart.holding_certainty(post, holder) for holder in holders]
    held = {holder.person for holder in post.holders}
    candidates = []
    for below in chart.reports(post.id):
        for holder in below.holders:
            if holder.person is not None and holder.person not in held:
                held.add(holder.person)
                candidates.append(Candidate(who=who_of(chart, holder.person), note=below.title))
    began = holders[0].since if holders else post.vacated.date if post.vacated is not None else None
    return SuccessionRow(
        post=post.id,
        title=post.title,
        state=ACTING if acting else VACANT if post.vacant else HELD,
        holders=tuple(who_holds(chart, holder) for holder in holders),
        since=since_words(began.first, began.last) if began is not None else "",
        certainty=next((one for one in sure if one not in SURE), "stated"),
        on_leave=bool(holders) and all(is_away(chart, holder) for holder in holders),
        candidates=tuple(candidates),
    )
