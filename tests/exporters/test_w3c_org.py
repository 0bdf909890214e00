"""The W3C Organization Ontology: parsed by rdflib, and asked in its own language what the ledger says."""

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import ORG, SKOS, XSD

from orgsim import exporters
from orgsim.events import ChangeUnit, CloseUnit, OpenUnit
from orgsim.frames import appointments_table, employments_table, posts_table
from orgsim.ledger import Ledger
from orgsim.reading.reader import read
from orgsim.testing import ledgers
from tests.exporters.hostile import HOSTILE, ledger_of

STORY = read(Path(__file__).parents[2] / "seeds" / "openai")
AT = dt.date(2024, 9, 26)
# rdflib's reader of JSON-LD uses what rdflib itself calls old.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
TIME = Namespace("http://www.w3.org/2006/time#")
OURS = "urn:x-orgsim:"


def parsed(ledger: Ledger, at: dt.date = AT) -> Graph:
    """The exported triples."""
    (content,) = exporters.dump("org", ledger, exporters.Options(at=at)).values()
    return Graph().parse(data=content.decode(), format="json-ld")


@given(ledgers(max_events=20))
@settings(max_examples=20)
def test_every_fact_is_there_once(ledger: Ledger) -> None:
    """As many posts, memberships and change events as the ledger has, whatever the ledger."""
    graph = parsed(ledger)
    held = [row for row in appointments_table(ledger).to_dicts() if row["person"] is not None]
    jobs = [(row["person"], row["hired"], row["start"], row["end"]) for row in employments_table(ledger).to_dicts()]
    parts = Counter((*same, start) for *same, start, _ in jobs) & Counter((*same, end) for *same, _, end in jobs)
    members = len(held) + len(jobs) - parts.total()  # a membership tells no share of a full-time job
    assert len(set(graph.subjects(RDF.type, ORG.Membership))) == members
    assert len(list(graph.subject_objects(ORG.memberDuring))) == members
    assert len(set(graph.subjects(RDF.type, ORG.Post))) == len(set(posts_table(ledger).columns["post"]))
    changes = [e for e in ledger.events if isinstance(e, OpenUnit | ChangeUnit | CloseUnit) and not e.disputes]
    wanted = sum(ledger.sees(event) for event in changes)
    assert len(set(graph.subjects(RDF.type, ORG.ChangeEvent))) == wanted


def test_who_reports_to_whom_and_heads_what() -> None:
    """The relations of the date are those of the chart of that date."""
    graph, chart = parsed(STORY), STORY.chart(AT)
    assert {(str(a), str(b)) for a, b in graph.subject_objects(ORG.reportsTo)} == {
        (f"{OURS}post:{post.id}", f"{OURS}post:{above.id}")
        for post in chart.posts
        if (above := chart.manager_post(post.id)) is not None
    }
    assert {(str(a), str(b)) for a, b in graph.subject_objects(ORG.headOf)} == {
        (f"{OURS}person:{holder}", f"{OURS}unit:{post.heads}")
        for post in chart.posts
        if post.heads is not None and (holder := chart.holder(post.id)) is not None
    }
    assert {(str(a), str(b)) for a, b in graph.subject_objects(ORG.heldBy)} == {
        (f"{OURS}post:{post.id}", f"{OURS}person:{held.person}")
        for post in chart.posts
        for held in post.holders
        if held.person is not None
    }


def test_a_query_finds_who_held_a_post_and_when() -> None:
    """Intervals run from the first day to the first day after; months stay months."""
    found: Any = parsed(STORY).query(
        """
        SELECT ?person ?start ?end WHERE {
          ?m a org:Membership ; org:member ?person ; <urn:x-orgsim:term:post> <urn:x-orgsim:post:ceo> ;
             org:memberDuring ?i .
          OPTIONAL { ?i time:hasBeginning/time:inXSDDate ?start }
          OPTIONAL { ?i time:hasEnd/time:inXSDDate ?end }
        }""",
        initNs={"org": ORG, "time": TIME},
    )
    rows = {
        (str(person).rpartition(":")[2], *(day.toPython() if day is not None else None for day in days))
        for person, *days in found
    }
    wanted = {
        (row["person"], None if row["since"].startswith("..") else row["start"], row["end"])
        for row in appointments_table(STORY).to_dicts()
        if row["post"] == "ceo"
    }
    assert rows == wanted
    kinds = {value.datatype for value in parsed(STORY).objects() if isinstance(value, Literal)}
    assert {XSD.date, XSD.gYear, XSD.gYearMonth, XSD.boolean} <= kinds


def test_units_have_their_place() -> None:
    """Organizations are organizations, units belong to their parent."""
    graph = parsed(STORY)
    openai, engineering = URIRef(f"{OURS}unit:openai"), URIRef(f"{OURS}unit:engineering")
    assert (openai, RDF.type, ORG.Organization) in graph
    assert (engineering, RDF.type, ORG.OrganizationalUnit) in graph
    assert (engineering, ORG.unitOf, openai) in graph


def test_hostile_names_are_only_literals() -> None:
    """Names come back byte for byte as labels; ids are made of ids only."""
    graph = parsed(ledger_of(HOSTILE))
    labels = {str(label) for label in graph.objects(None, SKOS.prefLabel)}
    assert set(HOSTILE) <= labels
