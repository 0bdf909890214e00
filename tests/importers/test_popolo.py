"""Popolo JSON: persons, organizations, posts, memberships, and the extensions of EveryPolitician."""

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from orgsim.chart import OrgChart
from orgsim.events import Appoint, ChangeEmployment, Depart, Hire
from orgsim.exporters import dump
from orgsim.importers import Imported, Options, load
from orgsim.importers.tabular import ImportProblem
from orgsim.ledger import Ledger
from orgsim.metrics import headcount
from orgsim.reading.reader import read, read_texts
from orgsim.testing import ledgers

DAY = dt.date.fromisoformat
HOUSE = {"id": "house", "name": "The House", "classification": "legislature"}
REDS = {"id": "RED", "name": "Reds", "classification": "party"}
ADA = {"id": "p1", "name": "Ada Rossi"}
BEN = {"id": "p2", "name": "Ben Okafor"}
TERM = {"id": "term/1", "name": "1st", "start_date": "2000-01-01", "end_date": "2003-12-31"}


def popolo(folder: Path, options: Options | None = None, **data: Any) -> Imported:
    """Import a document written here."""
    path = folder / "popolo.json"
    document = {"persons": [ADA, BEN], "organizations": [HOUSE, REDS], "events": [TERM], **data}
    path.write_text(json.dumps(document), "utf-8")
    imported = load("popolo", [path], options)
    imported.ledger()
    return imported


def member(**fields: Any) -> dict[str, Any]:
    """A membership of Ada in the house."""
    return {"person_id": "p1", "organization_id": "house", "role": "member", **fields}


def told(imported: Imported, kind: str) -> list[str]:
    """The remarks of a kind, without the file, as lines."""
    return [f"{remark.place.column}: {remark.message}" for remark in imported.report.of(kind)]


def sitting(imported: Imported, day: str) -> dict[str, list[str]]:
    """Who holds what on a day, by post."""
    chart = imported.ledger().chart(DAY(day))
    return {p.id: [h.person or "" for h in p.holders] for p in chart.posts if p.holders}


def test_a_membership_is_a_seat_until_its_last_day(tmp_path: Path) -> None:
    """The end is the last day in; a legislature employs nobody."""
    imported = popolo(tmp_path, memberships=[member(start_date="2001-01-01", end_date="2001-12-31")])
    assert sitting(imported, "2001-12-31") == {"house-member": ["p1"]}
    assert sitting(imported, "2002-01-01") == {}
    assert imported.ledger().chart(DAY("2001-12-31")).headcount() == 0
    assert "organizations[0].classification: 'legislature' is a committee, whose members are not employed" in told(
        imported, "mended"
    )


def test_a_membership_without_dates_has_those_of_its_term(tmp_path: Path) -> None:
    """Each date by itself, and it is said that it is the term's."""
    both = popolo(tmp_path, memberships=[member(legislative_period_id="term/1")])
    assert sitting(both, "2000-01-01") == sitting(both, "2003-12-31") == {"house-member": ["p1"]}
    assert sitting(both, "2004-01-01") == {}
    assert told(both, "guessed") == [
        "memberships[0]: start_date is that of 'term/1': 2000-01-01",
        "memberships[0]: end_date is that of 'term/1': 2003-12-31",
    ]
    own = popolo(tmp_path, memberships=[member(legislative_period_id="term/1", start_date="2002-06-01")])
    assert sitting(own, "2002-05-31") == {}
    assert sitting(own, "2003-12-31") == {"house-member": ["p1"]}


def test_a_party_is_a_group_in_the_house(tmp_path: Path) -> None:
    """Whom somebody sits for is the unit of the post; changing sides is changing posts."""
    imported = popolo(
        tmp_path,
        memberships=[
            member(start_date="2001-01-01", end_date="2001-12-31", on_behalf_of_id="RED"),
            member(start_date="2002-01-01", on_behalf_of_id="GRAY"),
        ],
    )
    assert sitting(imported, "2001-12-31") == {"house-red-member": ["p1"]}
    assert sitting(imported, "2002-01-01") == {"house-gray-member": ["p1"]}
    chart = imported.ledger().chart(DAY("2002-01-01"))
    assert (chart.unit("house-red").name, chart.unit("house-red").parent) == ("Reds", "house")
    assert "memberships[1].on_behalf_of_id: there is no organization 'GRAY'; the id is its name" in told(
        imported, "flagged"
    )


def test_area_and_term_are_in_the_note(tmp_path: Path) -> None:
    """What a ledger has no field for is not lost."""
    areas = [{"id": "north", "name": "The North"}]
    imported = popolo(tmp_path, areas=areas, memberships=[member(legislative_period_id="term/1", area_id="north")])
    (seat,) = [event for event in imported.events if isinstance(event, Appoint)]
    assert seat.note == "area: The North; term: 1st"
    assert seat.source[0].page == "memberships[0]"


def test_a_membership_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    """As with a replaced member whose end lies before the term begins."""
    imported = popolo(tmp_path, memberships=[member(legislative_period_id="term/1", end_date="1999-12-28")])
    assert "memberships[0]: it ends before it begins: from 2000-01-01, to 1999-12-28" in told(imported, "refused")


def test_posts_are_posts(tmp_path: Path) -> None:
    """A membership in a post holds it, and is no seat besides."""
    posts = [{"id": "speaker", "label": "Speaker", "organization_id": "house", "start_date": "1999-01-01"}]
    imported = popolo(tmp_path, posts=posts, memberships=[member(post_id="speaker", start_date="2001-01-01")])
    assert sitting(imported, "2001-01-01") == {"speaker": ["p1"]}
    assert imported.ledger().chart(DAY("2000-01-01")).post("speaker").vacant


def test_members_of_other_organizations_are_employed(tmp_path: Path) -> None:
    """A company is no body, which is a guess and said so; units below belong to it."""
    organizations = [
        {"id": "sales", "name": "Sales", "classification": "team", "parent_id": "acme"},
        {"id": "acme", "name": "Acme", "classification": "company"},
    ]
    memberships = [{"person_id": "p1", "organization_id": "sales", "role": "clerk", "start_date": "2001-01-01"}]
    imported = popolo(tmp_path, organizations=organizations, memberships=memberships)
    assert imported.ledger().chart(DAY("2001-01-01")).headcount("acme") == 1
    assert "organizations[1].classification: members of 'company' are taken for employees" in told(imported, "guessed")


def test_names_and_identifiers_are_kept(tmp_path: Path) -> None:
    """Other names are aliases, identifiers a note; what is not read is told, once a field."""
    person = {
        **ADA,
        "other_names": [{"name": "A. Rossi"}, {"note": "x"}],
        "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
        "gender": "female",
    }
    imported = popolo(tmp_path, persons=[person, {**BEN, "gender": "male"}])
    ada = imported.people[0]
    assert (ada.aliases, ada.note) == (("A. Rossi",), "wikidata: Q1")
    assert "persons.gender: it is not read, in 2 places" in told(imported, "refused")


def test_memberships_may_stand_inside_persons(tmp_path: Path) -> None:
    """As Popolo allows."""
    inside = {key: value for key, value in member(start_date="2001-01-01").items() if key != "person_id"}
    imported = popolo(tmp_path, persons=[{**ADA, "memberships": [inside]}])
    assert sitting(imported, "2001-01-01") == {"house-member": ["p1"]}


def test_an_unknown_beginning_is_a_state_seen(tmp_path: Path) -> None:
    """Held on its last day, or on the day the file is of; else refused."""
    imported = popolo(tmp_path, memberships=[member(end_date="2001-12-31")])
    assert [str(e.date) for e in imported.events if isinstance(e, Appoint)] == ["..2001-12-31"]
    assert "give --known" in told(popolo(tmp_path, memberships=[member()]), "refused")[0]
    known = popolo(tmp_path, Options(known=DAY("2005-05-05")), memberships=[member()])
    assert [str(e.date) for e in known.events if isinstance(e, Appoint)] == ["..2005-05-05"]


def test_what_points_nowhere_is_told(tmp_path: Path) -> None:
    """Persons, organizations, posts, terms and parents that are not there."""
    organizations = [HOUSE, {"id": "a", "name": "A", "parent_id": "b"}, {"id": "b", "name": "B", "parent_id": "a"}]
    imported = popolo(
        tmp_path,
        organizations=[*organizations, {"id": "c", "name": "C", "parent_id": "zz"}, HOUSE],
        posts=[{"id": "x", "label": "X", "organization_id": "zz"}],
        memberships=[
            member(person_id="p9", start_date="2001-01-01"),
            member(organization_id="zz", start_date="2001-01-01"),
            member(post_id="x", start_date="2001-01-01", legislative_period_id="term/9"),
            member(start_date="soon"),
            member(person_id=None),
            "text",
        ],
    )
    text = "\n".join(told(imported, "flagged") + told(imported, "refused"))
    for part in (
        "there is no person 'p9'",
        "there is no organization 'zz'",
        "post 'x': its organization is not there",
        "there is no event 'term/9'",
        "is part of itself",
        "the id 'house' is there twice",
        "'soon' is not a date",
        "it names no person",
        "it is no object",
    ):
        assert part in text, part


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not JSON"),
        (b"[]", "no Popolo"),
        (b'{"persons": {}}', "no Popolo"),
        (b'{"persons": [], "memberships": {"a": 1}}', "no list"),
        (b'{"persons": [', "popolo.json:1.*not JSON"),
        (b'{"persons": [{"id": "\xf8"}]}', "UTF-8|utf-8"),
        (b'{"persons": [], "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "deep|nesting"),
        (b'{"persons": [{"id": "a\x00"}]}', "popolo.json"),
    ],
)
def test_files_that_are_none_end_in_a_place(tmp_path: Path, content: bytes, message: str) -> None:
    """A file that cannot be read at all is told with its place and a remedy."""
    path = tmp_path / "popolo.json"
    path.write_bytes(content)
    with pytest.raises(ImportProblem, match=message):
        load("popolo", [path])


def test_ambiguous_dates_need_a_format(tmp_path: Path) -> None:
    """01/02/2024 is refused for the whole file until somebody says what it means."""
    with pytest.raises(ImportProblem, match="--date-format"):
        popolo(tmp_path, memberships=[member(start_date="01/02/2024")])
    imported = popolo(tmp_path, Options(date_format="%d/%m/%Y"), memberships=[member(start_date="01/02/2024")])
    assert sitting(imported, "2024-02-01")


def test_what_orgsim_exports_comes_back(tmp_path: Path) -> None:
    """The story of OpenAI, through Popolo: who works there, holds what, and reports to whom, on every day."""
    story = read(Path(__file__).parents[2] / "seeds" / "openai")
    path = tmp_path / "popolo.json"
    path.write_bytes(dump("popolo", story)["popolo.json"])
    again = load("popolo", [path]).ledger()
    days = sorted({event.date.day for event in story.events})
    assert len(days) > 20
    for day in days:
        assert facts(again.chart(day)) == facts(story.chart(day)), day


def facts(chart: OrgChart) -> tuple[int, set[str], set[tuple[str, str, bool]], set[tuple[str, str, bool]]]:
    """Headcount, people, holders and lines; personal posts, and what runs to them, aside."""
    posts = [post for post in chart.posts if post.personal is None]
    holders = {(p.id, h.person, h.acting) for p in posts for h in p.holders if h.person is not None}
    lines = {(p.id, line.to, line.dotted) for p in posts for line in p.lines if "/" not in line.to}
    return chart.headcount(), {person.id for person in chart.people}, holders, lines


JOBS = """
orgsim: ledger/1
organization: house
events:
- {date: 2020-01-01, event: open-unit, unit: house, name: The House}
- {date: 2020-01-01, event: hire, person: p1, name: Ada Rossi, fte: 0.5}
- {date: 2020-01-01, event: create-post, post: clerk, title: Clerk}
- {date: 2020-01-02, event: appoint, person: p1, post: clerk}
- {date: 2020-06, event: change-employment, person: p1, fte: 0.8}
- {date: 2020-07-01, event: hire, person: p2, name: Ben Okafor, contract: contractor, fte: 0.4}
- {date: 2021-01-01, event: change-employment, person: p1, fte: 1}
- {date: 2021-02-01, event: depart, person: p2, reason: end-of-term}
- {date: 2021-02-01, event: hire, person: p2}
- {date: 2022-01-01, event: depart, person: p1, reason: retirement}
"""


def test_shares_and_contracts_come_back(tmp_path: Path) -> None:
    """A membership for each share; read back, one employment whose share changes, and one for each contract."""
    ledger = read_texts([("jobs.yaml", JOBS.encode())])
    path = tmp_path / "popolo.json"
    path.write_bytes(dump("popolo", ledger)["popolo.json"])
    found = load("popolo", [path])
    jobs = (Hire, ChangeEmployment, Depart)
    told = [
        (e.kind, e.person, str(e.date), getattr(e, "fte", None), getattr(e, "contract", None))
        for events in (ledger.events, found.events)
        for e in sorted((e for e in events if isinstance(e, jobs)), key=lambda e: (e.date.day, e.person, e.kind))
    ]
    assert told[: len(told) // 2] == told[len(told) // 2 :]
    assert len(told) == 2 * 7
    assert {(e.person, e.reason) for e in found.events if isinstance(e, Depart)} == {
        ("p2", "end-of-term"),
        ("p1", "retirement"),
    }
    assert [line for line in told_all(found) if "orgsim" in line] == []


def test_a_share_that_is_none_is_left_out(tmp_path: Path) -> None:
    """The employment is read, and the report says what of it is not."""
    firm = {"id": "firm", "name": "Firm", "classification": "organization"}
    job = {"person_id": "p1", "organization_id": "firm", "role": "employee", "start_date": "2001-01-01"}
    found = popolo(tmp_path, organizations=[firm], memberships=[{**job, "orgsim": {"fte": "half"}}])
    assert found.ledger().chart(DAY("2001-01-01")).headcount("firm") == 1
    assert any(line.startswith("memberships[0].orgsim: ") for line in told(found, "refused"))


@given(ledgers())
def test_fte_and_headcount_come_back(tmp_path_factory: pytest.TempPathFactory, ledger: Ledger) -> None:
    """Whatever the ledger: as many work there, for as many full-time jobs, on every day, where its own keys hold."""
    path = tmp_path_factory.mktemp("any") / "popolo.json"
    path.write_bytes(dump("popolo", ledger)["popolo.json"])
    found = load("popolo", [path])
    assume(not any("does not hold together" in line for line in told_all(found)))
    days = sorted({event.date.day + dt.timedelta(off) for event in ledger.events for off in (-1, 0)})
    before, after = (headcount(one, days) for one in (ledger, found.ledger()))
    assert [row.headcount for row in after] == [row.headcount for row in before]
    assert [row.fte for row in after] == pytest.approx([row.fte for row in before])


def test_what_orgsim_added_is_left_out_where_it_does_not_hold(tmp_path: Path) -> None:
    """A line to a post that is not there, in a file that somebody changed, is told, and the rest is read."""
    posts = [{"id": "a", "label": "A", "organization_id": "house", "start_date": "2000-01-01"}]
    line = {"to": "zz", "start_date": "2000-01-01"}
    for told in ({"lines": [line]}, {"lines": [{**line, "to": "a"}]}, {"heads": "zz"}, {"seats": "many"}):
        imported = popolo(
            tmp_path,
            posts=[{**posts[0], "orgsim": told}],
            memberships=[{"person_id": "p1", "organization_id": "house", "post_id": "a", "start_date": "2001-01-01"}],
        )
        assert [h.person for h in imported.ledger().chart(DAY("2001-01-01")).post("a").holders] == ["p1"]
        assert any("orgsim" in line or "number" in line for line in told_all(imported))


def told_all(imported: Imported) -> list[str]:
    """All remarks."""
    return [str(remark) for remark in imported.report.remarks]


IDS = st.sampled_from(["p1", "p2", "house", "RED", "a", "none", "", "é", "\ud800", "007", 7, None])
DATES = st.sampled_from(["2001-01-01", "2001-01-03", "2001", "2001-02", "", "soon", None, "9999-12-31"])
MEMBERSHIPS = st.lists(
    st.fixed_dictionaries(
        {"person_id": IDS, "organization_id": IDS},
        optional={
            "role": IDS,
            "post_id": IDS,
            "on_behalf_of_id": IDS,
            "legislative_period_id": st.just("term/1"),
            "start_date": DATES,
            "end_date": DATES,
            "area_id": IDS,
        },
    ),
    max_size=6,
)
NOUNS = st.lists(
    st.fixed_dictionaries(
        {"id": IDS},
        optional={"name": IDS, "classification": IDS, "parent_id": IDS, "founding_date": DATES, "organization_id": IDS},
    ),
    max_size=4,
)


@given(memberships=MEMBERSHIPS, organizations=NOUNS, posts=NOUNS, known=st.sampled_from([None, DAY("2001-01-02")]))
def test_any_document_gives_a_ledger(
    tmp_path_factory: pytest.TempPathFactory,
    memberships: list[Any],
    organizations: list[Any],
    posts: list[Any],
    known: dt.date | None,
) -> None:
    """Whatever a document says, what is taken over holds together, and the report can be written."""
    folder = tmp_path_factory.mktemp("any")
    organizations = [HOUSE, *organizations]
    imported = popolo(folder, Options(known=known), memberships=memberships, organizations=organizations, posts=posts)
    imported.report.text().encode()


# --------------------------------------------------------------------------------------------------------------- data


@pytest.mark.data
def test_the_answers_about_estonia_are_reproduced(data_folder: Path) -> None:
    """Every reference answer that a ledger or the report can give."""
    folder = data_folder / "popolo-estonia"
    answers = json.loads((folder / "answers.json").read_text("utf-8"))
    imported = load("popolo", [folder / "estonia-popolo.json"])
    ledger, counts = imported.ledger(), imported.report.read
    dates = [
        f"memberships with {what} of their own"
        for what in ("start_date", "end_date", "start_date and end_date", "neither date")
    ]

    def people(day: str) -> list[str]:
        return [h.person for post in ledger.chart(DAY(day)).posts for h in post.holders if h.person is not None]

    def seats(day: str) -> dict[str, int]:
        chart = ledger.chart(DAY(day))
        found = Counter(post.unit for post in chart.posts for _ in post.holders)
        return {unit.removeprefix("riigikogu-").upper(): count for unit, count in found.items()}

    terms = Counter(
        (e.person, (e.note or "").rpartition("term: ")[2]) for e in imported.events if isinstance(e, Appoint)
    )
    in_12 = {person for person, term in terms if term == "12th Riigikogu"}
    in_13 = {person for person, term in terms if term == "13th Riigikogu"}
    # Those whose membership ends before the term begins are told in the report, not in the ledger.
    raw = json.loads((folder / "estonia-popolo.json").read_text("utf-8"))["memberships"]
    refused = [r.place.column or "" for r in imported.report.of("refused") if "ends before it begins" in r.message]
    replaced = {raw[int(column.removeprefix("memberships[").removesuffix("]"))]["person_id"] for column in refused}
    days = ("2011-04-30", "2013-01-01", "2014-06-30", "2015-06-30", "2016-01-01")
    ours = {
        "01": [
            counts["persons"],
            {name: counts[f"organizations ({name})"] for name in ("legislature", "party")},
            counts["memberships"],
            counts["posts of the file"],
        ],
        "02": [counts[name] for name in dates],
        "03": [len(set(people(day))) for day in days],
        "04": seats("2013-01-01"),
        "05": seats("2015-06-30"),
        "06": sum(count >= 3 for (_, term), count in terms.items() if term == "12th Riigikogu"),
        "07": len(in_12 & (in_13 | replaced)),
        "08": len(refused),
        "09": sum(len(people(str(day))) - len(set(people(str(day)))) for day in _days(imported)),
        "10": len(people("2015-03-26")),
    }
    assert ours == {name[:2]: answer for name, answer in answers.items()}


def _days(imported: Imported) -> list[dt.date]:
    """Every day on which anybody takes a seat: two seats of one person at a time begin on such a day."""
    return sorted({event.date.day for event in imported.events if isinstance(event, Appoint)})
