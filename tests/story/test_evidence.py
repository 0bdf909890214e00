"""The story against the documents it was read from, and against the register of their facts.

Documents and register lie in the folder above the real data; where they are not at hand, only the README is checked
against the ledger.
"""

import datetime as dt
import re
from typing import Any

import pytest

from orgsim import CreatePost, Event, Ledger, OpenUnit, parse_when

Tables = dict[str, dict[str, str]]

ONE_DAY = dt.timedelta(days=1)
FACTS, CONTRADICTIONS, KNOWN = (
    "Every fact of the register",
    "Every contradiction of the register",
    "When a fact is known",
)
CERTAINTY = {"reported-by-insiders": "reported"}


def _named(cell: str) -> list[str]:
    return re.findall("`([^`]+)`", cell)


# -------------------------------------------------------------------------------------------- the README and the ledger


def test_the_table_names_events_of_the_ledger(tables: Tables, story: Ledger) -> None:
    """Every event the README names for a fact is in the ledger, or a dash says that there is none."""
    for fact, cell in tables[FACTS].items():
        assert cell == "—" or set(_named(cell)) <= set(story.index.events), fact
        assert _named(cell) or cell == "—", fact


def test_the_table_of_known_dates_names_events_of_the_ledger(tables: Tables, story: Ledger) -> None:
    """Every event for which the README explains a known date is in the ledger."""
    named = [id_ for cell in tables[KNOWN] for id_ in _named(cell)]
    assert named
    assert set(named) <= set(story.index.events)


def test_every_event_belongs_to_a_fact(tables: Tables, story: Ledger) -> None:
    """Every event of the ledger has an id, and the README says which fact it models."""
    named = {id_ for cell in tables[FACTS].values() for id_ in _named(cell)}
    assert {event.id for event in story.events} == named


def test_every_event_cites_words_of_a_line(story: Ledger) -> None:
    """Every event cites a line of a document and some words of it, short ones."""
    for event in story.events:
        assert event.source, event.id
        for source in event.source:
            assert source.line is not None, event.id
            assert source.quote is not None, event.id
            assert len(source.quote) <= 100, event.id


def test_general_knowledge_is_marked(story: Ledger) -> None:
    """A note tells days that no source of its event tells only after the words 'Outside the documents'."""
    for event in story.events:
        inside = (event.note or "").split("utside the documents")[0]
        days = re.findall("[0-9]{4}-[0-9]{2}-[0-9]{2}", inside)
        assert set(days) <= {event.announced.isoformat()} if event.announced else not days, event.id


# ------------------------------------------------------------------------------------------------ against the documents


@pytest.mark.data
def test_every_quotation_is_verbatim(story: Ledger, documents: dict[str, list[str]]) -> None:
    """The words an event cites stand in that line of that document."""
    wrong = [
        (event.id, source.id, source.line)
        for event in story.events
        for source in event.source
        if source.quote is None or source.line is None or source.quote not in documents[source.id][source.line - 1]
    ]
    assert not wrong


@pytest.mark.data
def test_the_lines_of_notes_exist(story: Ledger, documents: dict[str, list[str]]) -> None:
    """A note that refers to a line of a document refers to a line that is there and not empty."""
    notes = [event.note for event in story.events] + [person.note for person in story.people]
    lines = [
        (id_, int(line)) for note in notes if note for id_, line in re.findall(r"(d00[0-4]) line\s+([0-9]+)", note)
    ]
    assert lines
    assert all(documents[id_][line - 1].strip() for id_, line in lines)


# ------------------------------------------------------------------------------------------------- against the register


@pytest.mark.data
def test_every_fact_is_accounted_for(tables: Tables, facts: dict[str, Any]) -> None:
    """The README has a row for every fact of the register, in its order, and for nothing else."""
    assert [id_ for fact in tables[FACTS] for id_ in _named(fact)] == [fact["id"] for fact in facts["events"]]


@pytest.mark.data
def test_every_contradiction_is_accounted_for(tables: Tables, facts: dict[str, Any]) -> None:
    """The README has a row for every contradiction of the register, in its order."""
    assert list(tables[CONTRADICTIONS]) == [contradiction["id"] for contradiction in facts["contradictions"]]


@pytest.mark.data
def test_ids_are_those_of_the_register(story: Ledger, facts: dict[str, Any]) -> None:
    """People, posts, teams and organizations have the ids of the register."""
    known = {
        "person": {person["id"] for person in facts["people"]},
        "post": {post["id"] for post in facts["posts"]},
        "unit": {unit["id"] for name in ("teams", "organisations") for unit in facts[name]},
    }
    ours = {id_: noun for id_, noun in story.index.ids.items() if id_ not in story.index.personal}
    assert not [id_ for id_, noun in ours.items() if id_ not in known[noun]]


@pytest.mark.data
def test_ids_of_events_begin_with_a_fact(story: Ledger, facts: dict[str, Any]) -> None:
    """An event is named after its fact or group of facts, with a suffix where there are several."""
    names = {fact[key] for fact in facts["events"] for key in ("id", "group") if key in fact}
    for event in story.events:
        parts = (event.id or "").split(".")
        assert any(".".join(parts[:n]) in names for n in range(1, len(parts) + 1)), event.id


@pytest.mark.data
def test_people_have_names_of_the_register(story: Ledger, facts: dict[str, Any]) -> None:
    """Names are the register's, and aliases forms that stand in the documents."""
    known = {person["id"]: person for person in facts["people"]}
    for person in story.people:
        assert person.name == known[person.id]["name"]
        assert set(person.aliases) <= set(known[person.id]["distinct_forms"])


@pytest.mark.data
def test_posts_belong_to_the_organization_of_the_register(story: Ledger, facts: dict[str, Any]) -> None:
    """Every post was created in its organization, board posts in the board."""
    known = {post["id"]: post["org"] for post in facts["posts"]}
    parents = {event.unit: event.parent for event in story.events if isinstance(event, OpenUnit)}
    for event in story.events:
        if isinstance(event, CreatePost):
            unit: str | None = event.unit
            above = set()
            while unit is not None:
                above.add(unit)
                unit = parents[unit]
            assert known[event.post] in above, event.id


EXCEPTIONS = {
    "pachocki-gpt4-lead": "held before he resigned, so seen on the eve of the 17th",
    "schulman-left": "not before he announced it",
    "schulman-joins-anthropic": "not before he announced it",
    "zoph-reports-to-mcgrew": "throughout his career, so from his joining on",
    "cto-vacant": "asserted for the day on which the document appeared",
    "old-board-gone": "the board still acts on 2023-11-20; it is called old on 2024-10-04",
    "altman-joins-microsoft": "claimed for that day, and retracted",
    "brockman-joins-microsoft": "claimed for that day, and retracted",
    "altman-leads-microsoft-ai-team": "announced for that day, and retracted",
}
"""Events whose dates differ from the bounds of their facts by more than a day, and why."""


def _window(fact: dict[str, Any]) -> tuple[dt.date | None, dt.date | None]:
    effective = fact["effective"]
    date = parse_when(effective["date"]) if effective["date"] else None
    first, last = (parse_when(effective[key]) if key in effective else date for key in ("not_before", "not_after"))
    return first.first if first else None, last.last if last else None


def _sharper(event: Event, fact: dict[str, Any]) -> bool:
    first, last = _window(fact)
    when = event.date
    if fact["date_means"] == "state_observed":
        return not ((when.is_open or when.is_exact) and (last is None or when.last <= last))
    early = when.is_open if first is None else when.first is not None and abs(when.first - first) <= ONE_DAY
    return not (early and (last is None or abs(when.last - last) <= ONE_DAY))


@pytest.mark.data
def test_dates_are_no_sharper_than_the_facts(story: Ledger, facts: dict[str, Any]) -> None:
    """An event has the bounds of its fact, or those of the eve or the day after; a state without a start stays open."""
    events = story.index.events
    both = [(events[fact["id"]], fact) for fact in facts["events"] if fact["id"] in events]
    assert len(both) > 90
    assert {event.id for event, fact in both if _sharper(event, fact)} == set(EXCEPTIONS)


@pytest.mark.data
def test_certainty_is_that_of_the_fact(story: Ledger, facts: dict[str, Any]) -> None:
    """An event is as certain as the fact it models."""
    events = story.index.events
    for fact in facts["events"]:
        if fact["id"] in events:
            certainty = fact["certainty"]
            assert events[fact["id"]].certainty == CERTAINTY.get(certainty, certainty), fact["id"]


@pytest.mark.data
def test_known_dates_differ_from_the_register_only_where_the_readme_says_why(
    story: Ledger, facts: dict[str, Any], tables: Tables
) -> None:
    """An event is known when its fact was first recorded, but for those of which the README tells why."""
    explained = {id_ for cell in tables[KNOWN] for id_ in _named(cell)}
    events = story.index.events
    differ = {
        fact["id"]
        for fact in facts["events"]
        if fact["id"] in events and events[fact["id"]].known.isoformat() != fact["first_recorded"]
    }
    assert differ <= explained
    assert {id_ for id_ in explained if id_ in {fact["id"] for fact in facts["events"]}} == differ


@pytest.mark.data
def test_the_sources_are_those_of_the_register(story: Ledger, facts: dict[str, Any]) -> None:
    """Every source has the file and the date of its document; where none is printed, the earliest day it can be of."""
    known = {document["id"]: document for document in facts["documents"]}
    assert {source.id for source in story.sources} == set(known)
    for source in story.sources:
        document = known[source.id]
        printed = document["publication_date"]
        assert source.file == document["file"]
        assert source.published is not None
        assert source.published.isoformat() == (printed or document["publication_date_bounds"]["not_before"])
        assert printed or "inferred" in (source.note or "")
