"""What a page tells of events, sources and names: sentences, who says so, and which events each story is made of."""

from pathlib import PurePath
from typing import Any

from orgsim.events import Event, Expect, Retract
from orgsim.ledger import Ledger
from orgsim.model import Person, Post, Source
from orgsim.outstanding import confirming, is_only_expected
from orgsim.page.learning import Learning
from orgsim.phrases import phrase
from orgsim.story import names_on

_NAMES = ("person", "post", "unit", "to", "organization", "reports_to", "parent", "into", "heads", "holder", "manager")

APPLIES, RIVAL, ASSERTED, RETRACTION = "", "rival account", "assertion", "retraction"
"""What becomes of an event."""


def event_rows(ledger: Ledger, place: dict[int, int]) -> list[list[Any]]:
    """Each event as a row of texts and numbers.

    Its date in words and its day, the days from which and until which it is known, its kind, its sentence, its
    certainty, what becomes of it, the event it disputes, its note, where it stands, its sources with line, page and
    quotation, the last day it may have begun, of one whose day is not sure, and the events that confirm one that is
    only expected.  `place` numbers the days; what is never retracted is known until the number after them all.
    """
    retracted = {e.of: place[e.known.toordinal()] for e in ledger.events if isinstance(e, Retract)}
    sources = {id_: at for at, id_ in enumerate(ledger.index.sources)}
    numbers = {id(event): at for at, event in enumerate(ledger.events)}
    rivaled = {
        id(r): numbers[id(ledger.index.events[of])] for of, rivals in ledger.index.disputes.items() for r in rivals
    }
    expected = [event for event in ledger.events if is_only_expected(event)]
    found = zip(expected, confirming(expected, ledger.events), strict=True)
    confirmed = {id(event): [numbers[id(other)] for other in others] for event, others in found}
    return [
        [
            event.date.words,
            place[event.date.day.toordinal()],
            place[event.known.toordinal()],
            retracted.get(event.id or "", len(place)),
            event.kind,
            phrase(event, names_on(ledger, event)),
            event.certainty,
            _status(event),
            rivaled.get(id(event)),
            event.note or "",
            f"{PurePath(event.where.file).name}:{event.where.line}" if event.where is not None else "",
            [[sources[ref.id], ref.line, ref.page or "", ref.quote or ""] for ref in event.source],
            "" if event.date.is_exact else event.date.last.isoformat(),
            confirmed.get(id(event), []),
        ]
        for event in ledger.events
    ]


def _status(event: Event) -> str:
    if event.disputes is not None:
        return RIVAL
    return ASSERTED if isinstance(event, Expect) else RETRACTION if isinstance(event, Retract) else APPLIES


def stories(ledger: Ledger, learned: Learning) -> dict[str, list[int]]:
    """For each id the events that name it or, with all that is known, change it, in order."""
    touched: dict[str, set[int]] = {}
    numbers = {id(event): at for at, event in enumerate(ledger.events)}
    for event in ledger.events:
        for id_ in {getattr(event, name, None) for name in _NAMES} & ledger.index.ids.keys():
            touched.setdefault(str(id_), set()).add(numbers[id(event)])
    for step, writes in learned.timeline.written.items():
        item = learned.steps.order[step]
        for id_ in writes if isinstance(item, Event) else ():
            touched.setdefault(id_, set()).add(numbers[id(item)])
    return {id_: sorted(found) for id_, found in touched.items()}


def source_rows(ledger: Ledger) -> list[list[str]]:
    """Each source: its id, title, publisher, publication date, language, file, and address if it is one of the web."""
    return [_source(source) for source in ledger.index.sources.values()]


def _source(source: Source) -> list[str]:
    url = source.url if source.url is not None and source.url.lower().startswith(("https://", "http://")) else None
    day = source.published.isoformat() if source.published is not None else None
    return [text or "" for text in (source.id, source.title, source.publisher, day, source.language, source.file, url)]


def names(ledger: Ledger, id_: str) -> list[str]:
    """Every name an id ever had, the latest first; the id itself if it has none."""
    found: dict[str, None] = {}
    versions = [noun for _, noun in ledger.versions(id_) if noun is not None]
    for noun in reversed(versions):
        if isinstance(noun, Person):
            found |= dict.fromkeys((noun.name, *noun.aliases))
        else:
            found[noun.title if isinstance(noun, Post) else noun.name] = None
    return list(found) or [ledger.index.names.get(id_, id_)]
