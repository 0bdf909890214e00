"""What a page shows of each post, unit and person at a moment, as small values that can be compared.

Everything that needs judgement is judged here, so that the page itself only compares.  In the values, ids and events
are numbers: places in the lists that the page has of them.
"""

import attrs

from orgsim.chart import OrgChart
from orgsim.events import Event
from orgsim.lookups import answering, by_rank, heads, manager_post, organization_of
from orgsim.model import Appointment, Person, Post, ReportingLine, Unit

POST_ASPECTS = ("post", "place", "held", "dotted")
UNIT_ASPECTS = ("unit",)
PERSON_ASPECTS = ("person",)

LINE, TOP, UNKNOWN, MEMBER = "line", "top", "unknown", "member"
"""Why a post stands below a box: a line is told, it is a top, nobody knows, or it is a seat of a body."""
HELD, ACTING, VACANT, EMPTY = "held", "acting", "vacant", "empty"
"""Who is in a post: a holder; only somebody acting; nobody; nobody, where any number of people may be."""

Value = tuple[object, ...] | None
Told = tuple[tuple[int, ...], tuple[int, ...]]
"""The events that say something, and those that say otherwise."""


@attrs.frozen
class Numbers:
    """The places of ids and events in the lists of the page; of events by `id()`, for they may be equal."""

    ids: dict[str, int]
    events: dict[int, int]

    def told(self, chart: OrgChart, *events: Event) -> Told:
        """The events that say something, and the rival accounts of them that are known."""
        rivals = [r for e in events if e.id is not None for r in chart.index.disputes.get(e.id, ()) if chart.sees(r)]
        return tuple(self.events[id(e)] for e in events), tuple(self.events[id(e)] for e in rivals)

    def post(self, chart: OrgChart, id_: str) -> tuple[Value, ...]:
        """What the post is, where it stands, who is in it, and its dotted lines."""
        post = chart.get(id_)
        if not isinstance(post, Post) or not post.open:
            return (None, None, None, None)
        dotted = tuple(self._dotted(chart, line) for line in post.lines if line.dotted)
        return self._post(chart, post), self._place(chart, post), self._held(chart, post), dotted or None

    def _post(self, chart: OrgChart, post: Post) -> Value:
        """Title, unit, organization, critical, seats, whose own post, the unit it heads, level."""
        own = self.ids[post.personal] if post.personal is not None else None
        unit, root = self.ids[post.unit], self.ids[organization_of(chart, post)]
        led = self.ids[post.heads] if post.heads is not None else None
        return (post.title, unit, root, post.critical, post.seats, own, led, post.level)

    def _place(self, chart: OrgChart, post: Post) -> Value:
        """The box it hangs below, why, since when, how sure that is, and who says so."""
        line = post.line
        if line is None:
            unit = chart.get(post.unit)
            how = MEMBER if isinstance(unit, Unit) and unit.is_body else UNKNOWN
            return (self.ids[post.unit], how, "", "", ((), ()))
        evidence = line.since.since, chart.certainty(line.event), self.told(chart, line.event)
        if line.to == "none":
            return (self.ids[post.unit], TOP, *evidence)
        if chart.index.ids.get(line.to) == "post":  # which cannot be abolished while posts report to it
            return (self.ids[line.to], LINE, *evidence)
        above = manager_post(chart, post)
        return (self.ids[above.id if above is not None else line.to], LINE, *evidence)

    def _held(self, chart: OrgChart, post: Post) -> Value:
        """The state, who answers for it, since when it is vacant and who says so, every holder, how sure vacancy is."""
        state = HELD if not post.vacant else ACTING if post.holders else EMPTY if post.seats == "any" else VACANT
        who = answering(chart, post)
        since, told, sure = "", self.told(chart), "stated"
        if post.vacant and state != EMPTY:
            since = post.vacated.date.since if post.vacated is not None else "nobody is known to have held it"
            seen, sure = [e for e in chart.expectations(post.id) if e.vacant], chart.vacancy_certainty(post)
            told = self.told(chart, *([post.vacated] if post.vacated is not None else []), *seen)
        holders = tuple(self._holder(chart, post, holder) for holder in post.holders)
        return (state, None if who is None else self.ids[who], since, told, holders, sure)

    def _holder(self, chart: OrgChart, post: Post, holder: Appointment) -> Value:
        """Person, seats, acting, on leave, since when, how sure, the last day of which it is told, who says so."""
        person = chart.get(holder.person) if holder.person is not None else None
        return (
            self.ids[holder.person] if holder.person is not None else None,
            holder.seats,
            holder.acting,
            isinstance(person, Person) and person.leave is not None,
            holder.since.since,
            chart.holding_certainty(post, holder),
            chart.last_evidence(post, holder).isoformat(),
            self.told(chart, *chart.evidence(post, holder)),
        )

    def _dotted(self, chart: OrgChart, line: ReportingLine) -> Value:
        """The box it goes to, since when, how sure that is, and who says so."""
        return (self.ids[line.to], line.since.since, chart.certainty(line.event), self.told(chart, line.event))

    def _change(self, chart: OrgChart, event: Event | None) -> Value:
        """Of the share of a full-time job, if it is not that of the hire: since when, how sure, and who says so."""
        return None if event is None else (event.date.since, chart.certainty(event), self.told(chart, event))

    def unit(self, chart: OrgChart, id_: str) -> tuple[Value, ...]:
        """Name, kind, the unit it belongs to, and the posts that head it."""
        unit = chart.get(id_)
        if not isinstance(unit, Unit) or not unit.open:
            return (None,)
        parent = self.ids[unit.parent] if unit.parent is not None else None
        return ((unit.name, unit.kind, parent, tuple(self.ids[post.id] for post in heads(chart, id_))),)

    def person(self, chart: OrgChart, id_: str) -> tuple[Value, ...]:
        """Name, employments, leave, and the posts held, the primary one first."""
        person = chart.get(id_)
        if not isinstance(person, Person) or not (person.employments or person.posts):
            return (None,)
        jobs = tuple(
            (
                self.ids[job.organization],
                job.contract == "employee",
                job.since.since,
                chart.certainty(job.event),
                self.told(chart, job.event, *([job.moved] if job.moved is not None else [])),
                job.fte,
                self._change(chart, job.changed),
            )
            for job in person.employments
        )
        leave = person.leave
        away = None
        if leave is not None:
            away = (leave.since.since, leave.reason, self.told(chart, leave.event), chart.certainty(leave.event))
        return ((person.name, jobs, away, tuple(self.ids[post.id] for post in by_rank(chart, person))),)
