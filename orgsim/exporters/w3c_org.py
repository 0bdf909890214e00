"""The W3C Organization Ontology as JSON-LD: organizations, posts and memberships with their intervals, change events.

The ontology dates memberships, but not who reports to whom, who heads or who holds what: those are exported as they
are on one date, which the file names.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from orgsim.chart import OrgChart
from orgsim.dates import When, parse_when
from orgsim.events import ChangeUnit, CloseUnit, OpenUnit
from orgsim.exporters import Options
from orgsim.exporters.graph import PSEUDONYMS, title_of
from orgsim.frames import Table, appointments_table, employments_table, posts_table, units_table
from orgsim.ledger import Ledger
from orgsim.lookups import manager_post
from orgsim.model import Person

Data = dict[str, Any]
BASE = "urn:x-orgsim:"
_REDUCED = {"xsd:gYear": re.compile("[0-9]{4}"), "xsd:gYearMonth": re.compile("[0-9]{4}-[0-9]{2}")}
CONTEXT = {
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "orgsim": f"{BASE}term:",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def dump(ledger: Ledger, options: Options) -> dict[str, bytes]:
    """One file."""
    at = options.at or dt.date.today()  # noqa: DTZ011 - as `orgsim replay`
    chart = ledger.chart(at)
    about: Data = {
        "@id": f"{BASE}export",
        "@type": "dcterms:Dataset",
        "dcterms:description": f"Who reports to whom, heads and holds what: {title_of(at, options.known)}.",
        "orgsim:at": _typed("xsd:date", at.isoformat()),
    }
    if options.pseudonym_key is not None:
        about["rdfs:comment"] = PSEUDONYMS
    graph = [
        about,
        *_people(ledger, chart),
        *_units(ledger),
        *_posts(ledger, chart),
        *_memberships(ledger),
        *_changes(ledger),
    ]
    text = json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1)
    return {"org.jsonld": (text + "\n").encode()}


def _iri(what: str, id_: str) -> Data:
    return {"@id": f"{BASE}{what}:{id_}"}


def _typed(type_: str, text: str) -> Data:
    return {"@type": type_, "@value": text}


def _latest(table: Table, key: str) -> dict[str, Data]:
    """The last row of each thing."""
    return {row[key]: row for row in table.to_dicts()}


def _people(ledger: Ledger, chart: OrgChart) -> Iterator[Data]:
    heading: dict[str, list[Data]] = {}
    for post in chart.posts:
        answers = chart.holder(post.id)
        if post.heads is not None and answers is not None:
            heading.setdefault(answers, []).append(_iri("unit", post.heads))
    for id_ in ledger.index.person_ids:
        last = ledger.last(id_)
        if isinstance(last, Person):
            more: Data = {"org:headOf": heading[id_]} if id_ in heading else {}
            yield {**_iri("person", id_), "@type": "foaf:Person", "foaf:name": last.name, **more}


def _units(ledger: Ledger) -> Iterator[Data]:
    for id_, row in _latest(units_table(ledger), "unit").items():
        data: Data = {
            **_iri("unit", id_),
            "@type": "org:Organization" if row["parent"] is None else "org:OrganizationalUnit",
            "skos:prefLabel": row["name"],
            "org:classification": {**_iri("kind", row["kind"]), "skos:prefLabel": row["kind"]},
        }
        if row["parent"] is not None:
            data["org:unitOf"] = _iri("unit", row["parent"])
        yield data


def _posts(ledger: Ledger, chart: OrgChart) -> Iterator[Data]:
    there = {post.id: post for post in chart.posts}
    for id_, row in _latest(posts_table(ledger), "post").items():
        data: Data = {
            **_iri("post", id_),
            "@type": "org:Post",
            "skos:prefLabel": row["title"],
            "org:postIn": _iri("unit", row["unit"]),
        }
        post = there.get(id_)
        above = manager_post(chart, post) if post is not None else None
        if above is not None:
            data["org:reportsTo"] = _iri("post", above.id)
        holders = [holder.person for holder in post.holders if holder.person is not None] if post is not None else []
        if holders:
            data["org:heldBy"] = [_iri("person", holder) for holder in holders]
        yield data


def _memberships(ledger: Ledger) -> Iterator[Data]:
    units: dict[str, list[Data]] = {}
    for row in posts_table(ledger).to_dicts():
        units.setdefault(row["post"], []).append(row)
    jobs = _whole(employments_table(ledger).to_dicts())
    named = [row for row in appointments_table(ledger).to_dicts() if row["person"] is not None]
    for number, row in enumerate([*jobs, *named], 1):
        data: Data = {
            **_iri("membership", str(number)),
            "@type": "org:Membership",
            "org:member": _iri("person", row["person"]),
            "org:memberDuring": _interval(row),
            "orgsim:certainty": row["certainty"],
        }
        if "post" in row:
            post = next(p for p in reversed(units[row["post"]]) if p["start"] <= row["start"])
            data["org:organization"] = _iri("unit", post["unit"])
            data["org:role"] = {"@type": "org:Role", "skos:prefLabel": post["title"]}
            data["orgsim:post"] = _iri("post", row["post"])
            data["orgsim:acting"] = row["acting"]
        else:
            data["org:organization"] = _iri("unit", row["organization"])
            data["org:role"] = {"@type": "org:Role", "skos:prefLabel": row["contract"]}
            if row["reason"] is not None:
                data["orgsim:reason"] = row["reason"]
        yield data


def _whole(jobs: Iterable[Data]) -> list[Data]:
    """Each employment once: the share of a full-time job, which a membership does not tell, cuts it."""
    found: list[Data] = []
    last: dict[tuple[str, ...], Data] = {}
    for row in jobs:
        same = row["person"], row["organization"], row["contract"], row["hired"]
        before = last.get(same)
        if before is not None and before["end"] == row["start"]:
            before.update((key, row[key]) for key in ("end", "reason", "regretted"))
        else:
            found.append(row)
            last[same] = row
    return found


def _interval(row: Data) -> Data:
    """From the first day to the first day after; a beginning that is not told is left out."""
    data: Data = {"@type": "time:Interval"}
    when = parse_when(row["since"])
    if when.day != row["start"]:
        data["time:hasBeginning"] = _instant(When.on(row["start"]))
    elif not when.is_open:
        data["time:hasBeginning"] = _instant(when)
    if row["end"] is not None:
        data["time:hasEnd"] = _instant(When.on(row["end"]))
    return data


def _instant(when: When) -> Data:
    for type_, pattern in _REDUCED.items():
        if pattern.fullmatch(when.text):
            return {"@type": "time:Instant", f"time:inXSD{type_.removeprefix('xsd:g')}": _typed(type_, when.text)}
    return {"@type": "time:Instant", "time:inXSDDate": _typed("xsd:date", when.day.isoformat())}


def _changes(ledger: Ledger) -> Iterator[Data]:
    number = 0
    for event in ledger.events:
        if not isinstance(event, OpenUnit | ChangeUnit | CloseUnit) or event.disputes or not ledger.sees(event):
            continue
        number += 1
        unit = _iri("unit", event.unit)
        data: Data = {
            **_iri("change", str(number)),
            "@type": "org:ChangeEvent",
            "dcterms:date": _typed("xsd:date", event.date.day.isoformat()),
            "dcterms:description": event.kind,
        }
        if not isinstance(event, OpenUnit):
            data["org:originalOrganization"] = unit
        if isinstance(event, CloseUnit):
            if event.into is not None:
                data["org:resultingOrganization"] = _iri("unit", event.into)
        else:
            data["org:resultingOrganization"] = unit
        yield data
