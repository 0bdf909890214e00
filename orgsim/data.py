"""Charts, histories, evidence and differences as plain data: what the commands print with `--json`."""

from collections.abc import Callable, Iterable
from typing import Any

from orgsim.chart import OrgChart
from orgsim.differences import Diff
from orgsim.events import Event
from orgsim.lookups import answering, heads, manager_post, organization_of, root_of
from orgsim.model import Appointment, Person, Post, ReportingLine, Unit
from orgsim.phrases import Name, phrase
from orgsim.story import Entry, Evidence

Data = dict[str, Any]


def chart_data(chart: OrgChart) -> Data:
    """The whole chart as mappings, lists, texts, numbers and None, ready for JSON."""
    return {
        "at": chart.at.isoformat(),
        "known": chart.known.isoformat() if chart.known else None,
        "organizations": [unit.id for unit in chart.organizations],
        "people": [_person(chart, person) for person in chart.people],
        "posts": [_post(chart, post) for post in chart.posts],
        "units": [_unit(chart, unit) for unit in chart.units],
    }


def _person(chart: OrgChart, person: Person) -> Data:
    posts = chart.posts_of(person.id)
    above = manager_post(chart, posts[0]) if posts else None
    return {
        "id": person.id,
        "name": person.name,
        "employers": [job.organization for job in person.employments],
        "fte": [job.fte for job in person.employments],
        "posts": [post.id for post in posts],
        "manager": chart.manager(person.id),
        "manager_post": above.id if above is not None else None,
        "lines": [line for post in posts for line in _lines(chart, post)],
        "on_leave": person.leave is not None,
    }


def _lines(chart: OrgChart, post: Post) -> list[Data]:
    lines = [_line(chart, post, line) for line in post.lines]
    return lines if post.line is not None else [_line(chart, post, None), *lines]


def _line(chart: OrgChart, post: Post, line: ReportingLine | None) -> Data:
    to = chart.get(line.to) if line is not None else None
    unit = to if isinstance(to, Unit) else None
    above = next(iter(heads(chart, unit.id)), None) if unit is not None else to
    return {
        "post": post.id,
        "to_post": above.id if isinstance(above, Post) else None,
        "to_person": answering(chart, above) if isinstance(above, Post) else None,
        "kind": "dotted" if line is not None and line.dotted else "solid",
        "status": chart.line_status(line),
    }


def _post(chart: OrgChart, post: Post) -> Data:
    above = manager_post(chart, post)
    return {
        "id": post.id,
        "title": post.title,
        "unit": post.unit,
        "organization": organization_of(chart, post),
        "critical": post.critical,
        "reports_to": above.id if above is not None else None,
        "seats": post.seats,
        "vacant": post.vacant,
        "holders": [data for holder in post.holders for data in [_holder(chart, post, holder)] * holder.seats],
    }


def _holder(chart: OrgChart, post: Post, holder: Appointment) -> Data:
    evidence = chart.evidence(post, holder)
    return {
        "person": holder.person,
        "acting": holder.acting,
        "since": None if holder.since.is_open else holder.since.text,
        "last_evidence": chart.last_evidence(post, holder).isoformat(),
        "sources": list(dict.fromkeys(source.id for event in evidence for source in event.source)),
        "certainty": chart.holding_certainty(post, holder),
    }


def _unit(chart: OrgChart, unit: Unit) -> Data:
    return {
        "id": unit.id,
        "name": unit.name,
        "kind": unit.kind,
        "parent": unit.parent,
        "organization": root_of(chart, unit.id),
        "heads": [post.id for post in heads(chart, unit.id)],
    }


def event_data(event: Event, name: Name) -> Data:
    """One event: its dates as written, a sentence, its evidence, and where it stands."""
    return {
        "id": event.id,
        "event": event.kind,
        "date": event.date.text,
        "known": event.known.isoformat(),
        "says": phrase(event, name),
        "certainty": event.certainty,
        "disputes": event.disputes,
        "sources": [{"id": s.id, "line": s.line, "page": s.page, "quote": s.quote} for s in event.source],
        "note": event.note,
        "where": str(event.where) if event.where is not None else None,
    }


def history_data(entries: Iterable[Entry], names: Callable[[Event], Name]) -> list[Data]:
    """A history: events with their status."""
    return [{"status": entry.status, **event_data(entry.event, names(entry.event))} for entry in entries]


def why_data(found: Iterable[Evidence], names: Callable[[Event], Name]) -> list[Data]:
    """What is true, with certainty, last evidence, the events that say so and those that say otherwise."""
    return [
        {
            "statement": evidence.statement,
            "certainty": evidence.certainty,
            "last_evidence": evidence.last_evidence.isoformat() if evidence.last_evidence else None,
            "events": [event_data(event, names(event)) for event in evidence.events],
            "rivals": [event_data(event, names(event)) for event in evidence.rivals],
        }
        for evidence in found
    ]


def diff_data(found: Diff) -> list[Data]:
    """Every change: its kind, the id it is about, what it was and is, and when, as far as the ledger tells."""
    dated = ((change, found.when.get(change)) for change in found.changes)
    return [
        {
            "kind": change.kind,
            "subject": change.subject,
            "before": list(change.before),
            "after": list(change.after),
            "first_seen": change.first_seen,
            "date": when.date.text if when is not None else None,
            "certainty": when.certainty if when is not None else None,
        }
        for change, when in dated
    ]
