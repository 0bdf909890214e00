"""Histories, evidence and differences as plain data: what the commands print with `--json`."""

from collections.abc import Iterable
from typing import Any

from orgsim.diff import Diff
from orgsim.events import Event
from orgsim.phrases import Name, phrase
from orgsim.story import Entry, Evidence

Data = dict[str, Any]


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


def history_data(entries: Iterable[Entry], name: Name) -> list[Data]:
    """A history: events with their status."""
    return [{"status": entry.status, **event_data(entry.event, name)} for entry in entries]


def why_data(found: Iterable[Evidence], name: Name) -> list[Data]:
    """What is true, with certainty, last evidence, the events that say so and those that say otherwise."""
    return [
        {
            "statement": evidence.statement,
            "certainty": evidence.certainty,
            "last_evidence": evidence.last_evidence.isoformat() if evidence.last_evidence else None,
            "events": [event_data(event, name) for event in evidence.events],
            "rivals": [event_data(event, name) for event in evidence.rivals],
        }
        for evidence in found
    ]


def diff_data(found: Diff) -> list[Data]:
    """Every change: its kind, the id it is about, and what it was and is."""
    return [
        {"kind": c.kind, "subject": c.subject, "before": list(c.before), "after": list(c.after)} for c in found.changes
    ]
