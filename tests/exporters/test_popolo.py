"""Popolo JSON: valid by the published rules, and who held what from when to when as the ledger has it."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from orgsim import exporters, importers
from orgsim.frames import appointments_table, employments_table
from orgsim.ledger import Ledger
from orgsim.reading.reader import read, read_texts
from orgsim.testing import ledgers
from tests.exporters.hostile import HOSTILE, ledger_of
from tests.exporters.popolo_rules import violations

STORY = read(Path(__file__).parents[2] / "seeds" / "openai")


def popolo(ledger: Ledger) -> Any:
    """The exported document."""
    (content,) = exporters.dump("popolo", ledger).values()
    return json.loads(content)


@given(ledgers())
def test_every_export_is_valid(ledger: Ledger) -> None:
    """Whatever the ledger, the rules hold, and every id leads somewhere."""
    assert list(violations(popolo(ledger))) == []


def test_hostile_names_are_only_names() -> None:
    """Names come back byte for byte, and the document stays valid."""
    data = popolo(ledger_of(HOSTILE))
    assert list(violations(data)) == []
    assert [person["name"] for person in data["persons"]] == list(HOSTILE)
    assert [post["label"] for post in data["posts"] if "/" not in post["id"]] == list(HOSTILE)


@given(ledgers())
def test_memberships_are_the_spells_of_the_ledger(ledger: Ledger) -> None:
    """A membership for each stretch somebody is named in a post or an employment, with its end; acting is told."""
    rows = [r for r in appointments_table(ledger).to_dicts() if r["person"] is not None and not r["personal"]]
    wanted = [(r["person"], r["post"], r["end"], r["acting"]) for r in rows]
    wanted += [(r["person"], None, r["end"], False) for r in employments_table(ledger).to_dicts()]
    found = [
        (
            m["person_id"],
            m.get("post_id"),
            dt.date.fromisoformat(m["end_date"]) + dt.timedelta(days=1) if "end_date" in m else None,
            m.get("orgsim", {}).get("acting", False),
        )
        for m in popolo(ledger)["memberships"]
    ]
    assert sorted(found, key=repr) == sorted(wanted, key=repr)


def test_dates_are_as_exact_as_they_are_told() -> None:
    """A month stays a month; a beginning that is not told is left out, and its words stand beside."""
    found = {(m["person_id"], m.get("post_id")): m for m in popolo(STORY)["memberships"]}
    kwon = found["jason-kwon", "cso-strategy"]
    assert "start_date" not in kwon
    assert kwon["orgsim"]["since"] == "..2024-09-25"
    months = [m for m in found.values() if len(m.get("start_date", "")) == 7]
    assert months
    assert all("since" not in m.get("orgsim", {}) for m in months)


def test_what_popolo_has_no_property_for_is_an_extension() -> None:
    """Why an employment ended, how sure it is, former titles and lines stand under `orgsim`."""
    text = b"""
orgsim: ledger/1
organization: acme
events:
- {date: 2020-01-01, event: open-unit, unit: acme, name: Acme}
- {date: 2020-02-01, event: change-unit, unit: acme, name: Acme Ltd.}
- {date: 2020-01-01, event: hire, person: ann, name: Ann Day, fte: 0.5}
- {date: 2020-01-01, event: create-post, post: ceo, title: Boss, reports_to: none, level: L9}
- {date: 2020-01-02, event: appoint, person: ann, post: ceo, acting: true, certainty: reported}
- {date: 2021-01-01, event: change-post, post: ceo, title: CEO}
- {date: 2021-01-02, event: change-person, person: ann, name: Ann Lee}
- {date: 2022-01-01, event: depart, person: ann, reason: retirement}
- {date: 2022-01-01, event: abolish-post, post: ceo}
- {date: 2023-01-01, event: create-post, post: ceo, title: CEO}
"""
    data = popolo(read_texts([("x.yaml", text)]))
    assert data["persons"] == [
        {"id": "ann", "name": "Ann Lee", "other_names": [{"name": "Ann Day", "end_date": "2021-01-01"}]}
    ]
    assert data["organizations"] == [
        {
            "id": "acme",
            "name": "Acme Ltd.",
            "other_names": [{"name": "Acme", "end_date": "2020-01-31"}],
            "classification": "organization",
            "founding_date": "2020-01-01",
        }
    ]
    (post,) = (post for post in data["posts"] if post["id"] == "ceo")
    assert post == {
        "id": "ceo",
        "label": "CEO",
        "organization_id": "acme",
        "start_date": "2020-01-01",
        "orgsim": {
            "titles": [{"value": "Boss", "end_date": "2020-12-31"}],
            "gaps": [{"start_date": "2022-01-01", "end_date": "2022-12-31"}],
            "lines": [{"to": "none", "start_date": "2020-01-01", "end_date": "2021-12-31"}],
        },
    }
    job, held = data["memberships"]
    assert job["orgsim"] == {"fte": 0.5, "reason": "retirement"}
    assert (job["start_date"], job["end_date"], job["role"]) == ("2020-01-01", "2021-12-31", "employee")
    assert held["orgsim"] == {"certainty": "reported", "acting": True}
    assert (held["start_date"], held["end_date"], held["role"]) == ("2020-01-02", "2021-12-31", "Boss")


def test_an_employment_is_cut_where_its_share_changes() -> None:
    """A membership for each share of a full-time job, each with its own beginning in the words of the ledger."""
    text = b"""
orgsim: ledger/1
organization: acme
events:
- {date: 2020-01-01, event: open-unit, unit: acme}
- {date: 2020-01-01, event: hire, person: ann, fte: 0.5}
- {date: 2020-06, event: change-employment, person: ann, fte: 0.8, certainty: reported}
- {date: 2020-12-01..2020-12-31, event: change-employment, person: ann, fte: 1}
- {date: 2022-01-01, event: depart, person: ann, reason: retirement}
"""
    jobs = popolo(read_texts([("x.yaml", text)]))["memberships"]
    assert [(m["start_date"], m["end_date"], m["orgsim"]) for m in jobs] == [
        ("2020-01-01", "2020-05-31", {"fte": 0.5}),
        ("2020-06", "2020-11-30", {"certainty": "reported", "fte": 0.8}),
        ("2020-12-01", "2021-12-31", {"since": "2020-12-01..2020-12-31", "reason": "retirement"}),
    ]


def test_who_held_what_comes_back(tmp_path: Path) -> None:
    """Read back, everybody named is in the same posts from the same day to the same day, if the beginning is told."""

    def held(ledger: Ledger) -> set[tuple[Any, ...]]:
        rows = appointments_table(ledger).to_dicts()
        return {(r["person"], r["post"], r["start"], r["end"], r["since"]) for r in rows if not r["personal"]}

    file = tmp_path / "popolo.json"
    file.write_bytes(exporters.dump("popolo", STORY)["popolo.json"])
    again = {row[:4] for row in held(importers.load("popolo", [file]).ledger())}
    vague = {row[:2] for row in held(STORY) if row[0] is None or row[4].startswith("..")}
    told = {row[:4] for row in held(STORY) if row[:2] not in vague}
    assert len(told) > 15
    assert told - again == set()


WRONG = {
    "a number for a name": ({"persons": [{"id": "a", "name": 1}]}, "no text"),
    "a date of another form": ({"memberships": [{"id": "m", "start_date": "1.1.2020"}]}, "no reduced date"),
    "a nameless name": ({"persons": [{"id": "a", "other_names": [{}]}]}, "name is missing"),
    "no list": ({"persons": [{"id": "a", "other_names": {}}]}, "no list"),
    "no object": ({"posts": [{"id": "p", "organization": "x"}]}, "no object"),
    "nobody": ({"memberships": [{"id": "m", "person_id": "a"}]}, "there is no person 'a'"),
    "no parent": ({"organizations": [{"id": "m", "parent_id": "a"}]}, "there is no organization 'a'"),
    "twice": ({"persons": [{"id": "a"}, {"id": "a"}]}, "an id is there twice"),
}


@pytest.mark.parametrize(("data", "said"), WRONG.values(), ids=WRONG.keys())
def test_the_rules_bite(data: dict[str, Any], said: str) -> None:
    """A document that breaks a rule is told so, once."""
    (problem,) = violations(data)
    assert said in problem
