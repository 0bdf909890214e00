"""Snapshots: what happened is derived by comparing one date with the next."""

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgsim.errors import UserError
from orgsim.events import Appoint, ChangePost, Depart, Event, Hire, Vacate
from orgsim.importers import Imported, Options, load
from orgsim.importers.tabular import ImportProblem
from orgsim.reading.reader import read_texts
from orgsim.writing import to_yaml

DAY = dt.date.fromisoformat
STAFF = "Employee ID,Name,Job Title,Department,Manager ID\n"
FULL = [f"{number},Person {number},Clerk,Sales,001" for number in range(10, 20)]


def imported(folder: Path, files: dict[str, str], **options: object) -> Imported:
    """Import files written here; the result is a ledger, and reads back as the same ledger."""
    paths = []
    for name, text in files.items():
        path = folder / name
        path.write_bytes(text.encode())
        paths.append(path)
    found = load("snapshots", paths, Options(**{"organization": "acme", **options}))  # type: ignore[arg-type]
    ledger = found.ledger()
    assert read_texts([("ledger.yaml", to_yaml(ledger).encode())]).events == ledger.events
    return found


def said(found: Imported, kind: str) -> list[str]:
    """The remarks of a kind, as lines."""
    return [str(remark) for remark in found.report.of(kind)]


def of(found: Imported, kind: type[Event]) -> list[Event]:
    """The events of a kind."""
    return [event for event in found.events if isinstance(event, kind)]


def when(event: Event) -> tuple[str, str]:
    """When an event took effect, and since when that is known."""
    return str(event.date), str(event.known)


TWO = {
    "staff-2024-01-31.csv": STAFF
    + "001,Ann Lee,Head,Sales,\n002,Bob Ray,Clerk,Sales,001\n003,Cyd Fox,Clerk,Sales,001\n",
    "staff-2024-02-29.csv": STAFF
    + "001,Ann Lee,Head,Sales,\n002,Bob Ray,Senior Clerk,Ops,004\n004,Dee Ash,Chief,Ops,001\n",
}


def test_changes_are_dated_between_the_snapshots_and_known_on_the_second(tmp_path: Path) -> None:
    """Joins, departures, retitlings, moves and new managers happen some day after the one and up to the other."""
    found = imported(tmp_path, TWO)
    between = ("2024-02-01..2024-02-29", "2024-02-29")
    hires = {event.person: when(event) for event in of(found, Hire) if isinstance(event, Hire)}
    assert hires == {"001": ("..2024-01-31", "2024-01-31"), "002": hires["001"], "003": hires["001"], "004": between}
    (departure,) = of(found, Depart)
    assert isinstance(departure, Depart)
    assert (departure.person, *when(departure), departure.certainty) == ("003", *between, "inferred")
    assert departure.source[0].id == "staff-2024-02-29"
    (change,) = of(found, ChangePost)
    assert isinstance(change, ChangePost)
    assert (change.title, change.unit, *when(change)) == ("Senior Clerk", "ops", *between)
    assert (change.source[0].id, change.source[0].line) == ("staff-2024-02-29", 3)
    before, after = found.ledger().charts([DAY("2024-01-31"), DAY("2024-02-29")])
    assert [chart.manager("002") for chart in (before, after)] == ["001", "004"]
    assert [chart.headcount() for chart in (before, after)] == [3, 3]
    assert before.line_status(before.posts_of("001")[0].line) == "unknown"
    early = found.ledger().chart(DAY("2024-02-15"), known=DAY("2024-02-15"))
    assert (early.manager("002"), early.headcount()) == ("001", 3)


def test_units_open_and_close_with_those_in_them(tmp_path: Path) -> None:
    """A department that nobody is in any more is closed, and one that is new is opened."""
    files = {
        "s-2024-01-01.csv": "id,name,department,division\n1,A,Sales,West\n",
        "s-2024-02-01.csv": "id,name,department\n1,A,Ops\n",
    }
    before, after = imported(tmp_path, files).ledger().charts([DAY("2024-01-01"), DAY("2024-02-01")])
    assert {unit.id: unit.parent for unit in before.units} == {"acme": None, "west": "acme", "sales": "west"}
    assert {unit.id: unit.parent for unit in after.units} == {"acme": None, "ops": "acme"}


def test_a_partial_snapshot_is_no_mass_departure(tmp_path: Path) -> None:
    """A file with far fewer rows than both neighbors is not compared; who is only in it is named."""
    rows = "\n".join(FULL)
    files = {f"s-2024-0{month}-01.csv": STAFF + rows for month in (1, 3)}
    files["s-2024-02-01.csv"] = STAFF + "\n".join([*FULL[:3], "99,Zed Only,Clerk,Sales,001"])
    found = imported(tmp_path, files)
    assert of(found, Depart) == []
    assert said(found, "refused") == [
        (
            "s-2024-02-01.csv: refused: the snapshot of 2024-02-01 has 4 entries, the one before 10, the one after 10: "
            "it is taken to be partial, and not compared"
        ),
        "s-2024-02-01.csv:5: refused: '99' is only in this partial snapshot, and is left out",
    ]


def test_a_real_layoff_is_read_as_one(tmp_path: Path) -> None:
    """Where the numbers stay low, people are gone; a last snapshot that is low is read, and flagged."""
    rows = "\n".join(FULL)
    few = STAFF + "\n".join(FULL[:4])
    stays = imported(tmp_path, {"a-2024-01-01.csv": STAFF + rows, "a-2024-02-01.csv": few, "a-2024-03-01.csv": few})
    assert len(of(stays, Depart)) == 6
    last = imported(tmp_path, {"b-2024-01-01.csv": STAFF + rows, "b-2024-02-01.csv": few})
    assert len(of(last, Depart)) == 6
    assert "has 4 entries, that of 2024-01-01 10; if it is partial, leave it out" in " ".join(said(last, "flagged"))


def test_a_new_name_of_the_same_key_is_the_same_person(tmp_path: Path) -> None:
    """A stable key decides: nobody leaves, the name changes, and that is said."""
    files = {"s-2024-01-01.csv": "github,name\nann,Ann Lee\n", "s-2024-02-01.csv": "github,name\nann,Ann Ray-Lee\n"}
    found = imported(tmp_path, files)
    before, after = found.ledger().charts([DAY("2024-01-01"), DAY("2024-02-01")])
    assert [chart.person("ann").name for chart in (before, after)] == ["Ann Lee", "Ann Ray-Lee"]
    assert said(found, "mended") == [
        "s-2024-02-01.csv:2 [name]: mended: 'ann' is called 'Ann Ray-Lee' from then on, not 'Ann Lee'"
    ]


NAMES = "name,title,manager\n"


def test_a_very_similar_name_in_the_same_place_is_guessed_to_be_the_same(tmp_path: Path) -> None:
    """Without keys, a name that is gone and one that came are one person if post, manager and nearly the name agree."""
    files = {
        "s-2024-01-01.csv": NAMES + "Ann Lee,Head,\nJon Smith,Buyer,Ann Lee\nPerson 12,Clerk,Ann Lee\n",
        "s-2024-02-01.csv": NAMES + "Ann Lee,Head,\nJohn Smith,Buyer,Ann Lee\nPerson 13,Clerk,Ann Lee\n",
    }
    found = imported(tmp_path, files)
    assert [remark for remark in said(found, "guessed") if "under a new name" in remark] == [
        "s-2024-02-01.csv:3 [name]: guessed: 'John Smith' is taken for 'Jon Smith' under a new name"
    ]
    assert [event.person for event in of(found, Depart) if isinstance(event, Depart)] == ["person-12"]
    assert found.ledger().chart(DAY("2024-02-01")).person("jon-smith").name == "John Smith"


def test_rows_without_a_key_are_known_by_name(tmp_path: Path) -> None:
    """A row without a key is the only one of that name with a key, or else a person of that name; both are said."""
    files = {
        "s-2024-01-01.csv": "id,name\n1,Ann Lee\n2,Bob Ray\n",
        "s-2024-02-01.csv": "id,name\n,Ann Lee\n2,Bob Ray\n,New Joe\n,\n",
    }
    found = imported(tmp_path, files)
    assert of(found, Depart) == []
    assert {person.id for person in found.people} == {"1", "2", "new-joe"}
    assert said(found, "guessed") == [
        "s-2024-02-01.csv:2 [name]: guessed: a row without a key: taken for the only 'Ann Lee' with one"
    ]
    assert said(found, "flagged") == [
        (
            "s-2024-02-01.csv:4 [name]: flagged: a row without a key: 'New Joe' is a person by that name, "
            "for nobody with a key has that name"
        )
    ]


def test_of_two_rows_with_one_key_the_first_counts(tmp_path: Path) -> None:
    """The second is refused, with both rows named, and whether it says the same."""
    found = imported(tmp_path, {"s-2024-01-01.csv": "id,name,title\n1,A,Clerk\n1,A,Boss\n1,A,Clerk\n"})
    assert said(found, "refused") == [
        "s-2024-01-01.csv:3: refused: '1' is there twice, and says two things; s-2024-01-01.csv:2 counts",
        "s-2024-01-01.csv:4: refused: '1' is there twice, and says the same; s-2024-01-01.csv:2 counts",
    ]
    assert found.ledger().chart(DAY("2024-01-01")).posts_of("1")[0].title == "Clerk"


POSTS = "id,name,position,post id,reports to post,interim\n"


def test_posts_with_keys_are_held_vacated_and_vacant(tmp_path: Path) -> None:
    """A post is there while held, listed or reported to; a row without a person is a vacant post."""
    files = {
        "s-2024-01-01.csv": POSTS
        + "1,A,Chief,ceo,none,\n2,B,Finance,cfo,ceo,\n3,C,Clerk,,cfo,\n,Vacant,Law,clo,ceo,\n",
        "s-2024-02-01.csv": POSTS + "1,A,Chief,ceo,none,\n3,C,Clerk,,cfo,\n",
        "s-2024-03-01.csv": POSTS + "1,A,Chief,ceo,none,\n1,A,Interim Finance,cfo,ceo,yes\n3,C,Clerk,,cfo,\n",
    }
    found = imported(tmp_path, files)
    charts = [found.ledger().chart(DAY(f"2024-0{month}-01")) for month in (1, 2, 3)]
    assert [sorted(post.id for post in chart.vacancies) for chart in charts] == [["clo"], ["cfo"], ["cfo"]]
    assert [chart.holder("cfo") for chart in charts] == ["2", None, "1"]
    assert [chart.manager("3") for chart in charts] == ["2", None, "1"]
    assert charts[2].holders("cfo")[0].acting
    assert charts[2].post("cfo").title == "Finance"  # a title of the post, not of whoever acts
    assert [post.id for post in charts[1].chain("3")] == ["cfo", "ceo"]  # the line outlives the holder
    assert charts[0].line_status(charts[0].post("ceo").line) == "none"
    assert [line for line in said(found, "flagged") if "vacant" in line] == [
        (
            "s-2024-01-01.csv:4 [reports to post]: flagged: 1 entry reports to 'cfo', which nobody holds "
            "from 2024-01-02 to 2024-02-02: the post is vacant"
        )
    ]


def test_a_post_with_two_holders_has_two_seats_for_that_time(tmp_path: Path) -> None:
    """Two substantive holders need two seats, no longer than they both hold it; it is flagged."""
    one = POSTS + "1,A,Chief,ceo,none,\n"
    both = one + "2,B,Chief,ceo,none,\n"
    found = imported(tmp_path, {"s-2024-01-01.csv": one, "s-2024-02-01.csv": both, "s-2024-03-01.csv": one})
    charts = [found.ledger().chart(DAY(f"2024-0{month}-01")) for month in (1, 2, 3)]
    assert [chart.post("ceo").seats for chart in charts] == [1, 2, 1]
    assert said(found, "flagged") == [
        (
            "s-2024-02-01.csv:3 [post id]: flagged: 'ceo' is held by 1 and 2 from 2024-01-02 to 2024-02-02: "
            "it has 2 seats for that time"
        )
    ]


def test_a_line_to_what_was_never_a_post_is_unknown(tmp_path: Path) -> None:
    """It is flagged, with the post that may be meant; a post that reports to itself is flagged too."""
    text = POSTS + "1,A,Chief,ceo,none,\n2,B,Clerk,,CEO,\n3,C,Clerk,,nobody,\n4,D,Law,clo,clo,\n"
    found = imported(tmp_path, {"s-2024-01-01.csv": text})
    chart = found.ledger().chart(DAY("2024-01-01"))
    assert [chart.line_status(chart.posts_of(person)[0].line) for person in "234"] == ["unknown"] * 3
    assert [line.partition("flagged: ")[2] for line in said(found, "flagged")] == [
        "'CEO' is no post that anybody ever holds; is 'ceo' meant? The manager is unknown",
        "'nobody' is no post that anybody ever holds; the manager is unknown",
        "'clo' would report to itself; its manager is unknown",
    ]


def test_a_circle_of_lines_is_broken_where_it_closes(tmp_path: Path) -> None:
    """The line that closes a circle is not taken over, which is flagged."""
    files = {
        "s-2024-01-01.csv": STAFF + "1,A,Chief,X,\n2,B,Clerk,X,1\n3,C,Clerk,X,2\n",
        "s-2024-02-01.csv": STAFF + "1,A,Chief,X,3\n2,B,Clerk,X,1\n3,C,Clerk,X,2\n",
    }
    found = imported(tmp_path, files)
    chart = found.ledger().chart(DAY("2024-02-01"))
    assert [chart.manager(person) for person in "123"] == [None, "1", "2"]
    (line,) = said(found, "flagged")
    assert "reporting lines run in a circle from 2024-01-02 on: '1.post' → '3.post' → '2.post' → '1.post'" in line


def test_managers_are_found_by_key_or_by_name(tmp_path: Path) -> None:
    """A manager is named by key or by a name that only one has; whoever is nobody, or oneself, is flagged."""
    text = "id,name,manager\n1,Ann Lee,\n2,Bob Ray,ann lee\n3,Cyd Fox,Nobody\n4,Dee Ash,Dee Ash\n5,Bob Ray,Bob Ray\n"
    found = imported(tmp_path, {"s-2024-01-01.csv": text})
    chart = found.ledger().chart(DAY("2024-01-01"))
    assert [chart.manager(person) for person in "12345"] == [None, "1", None, None, None]
    assert [remark.message for remark in found.report.of("flagged")] == [
        "'Nobody' is nobody in these files, or several; the manager is unknown",
        "reports to themselves; the manager is unknown",
        "'Bob Ray' is nobody in these files, or several; the manager is unknown",
    ]


def test_what_no_field_asks_for_is_counted_and_said(tmp_path: Path) -> None:
    """A column that the profile does not map is refused once, with the number of values."""
    found = imported(tmp_path, {"s-2024-01-01.csv": "id,name,Shoe Size\n1,A,44\n2,B,\n3,C,45\n"})
    assert said(found, "refused") == [
        "s-2024-01-01.csv [Shoe Size]: refused: the column is not read: the profile does not ask for its 2 values"
    ]


# -------------------------------------------------------------------------------------------------------------- dates


def test_the_date_is_in_the_name_in_a_column_or_given(tmp_path: Path) -> None:
    """One file may hold several dates; a file without any is of the day that the user says."""
    column = "snapshot date,id,name\n31/01/2024,1,A\n31/01/2024,2,B\n29/02/2024,1,A\n"
    found = imported(tmp_path, {"all.csv": column}, date_format="%d/%m/%Y")
    assert [str(event.date) for event in of(found, Depart)] == ["2024-02-01..2024-02-29"]
    given_ = imported(tmp_path, {"now.csv": "id,name\n1,A\n"}, known=DAY("2024-05-01"))
    assert [str(event.date) for event in of(given_, Hire)] == ["..2024-05-01"]
    compact = imported(tmp_path, {"now_20240131_v2.csv": "id,name\n1,A\n"})
    assert [str(event.date) for event in of(compact, Hire)] == ["..2024-01-31"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("staff.csv", "id,name\n1,A\n", "nothing says what date the snapshot is of"),
        ("s-2024-01-01-to-2024-02-01.csv", "id,name\n1,A\n", "two dates"),
        ("s-2024-13-01.csv", "id,name\n1,A\n", "there is no month 13"),
        ("s.csv", "date,id,name\n01/02/2024,1,A\n", "could be read in more than one way"),
        ("s.csv", "date,id,name\nsoon,1,A\n", "'soon' is not a date"),
        ("s-2024-01-01.csv", "colour,size\nred,4\n", "the header fits no table of the profile"),
        ("s-2024-01-01.csv", "id,name\n", "there are no rows"),
        ("s-2024-01-01.csv", "id,name,title\n,,Boss\n", "nothing in the files that a ledger could hold"),
        ("s-2024-01-01.csv", 'id,name\n1,"A\n', "not CSV"),
        ("s-2024-01-01.csv", "id,name\n1,A\0B\n", "NUL"),
        ("s-2024-01-01.csv", "id,name\n1," + "A" * 2**21 + "\n", "longer than"),
        ("s-2024-01-01.yaml", "a: [1\n", "not YAML"),
        ("s-2024-01-01.yaml", "[" * 10_000, "nesting is deeper"),
        ("s-2024-01-01.yaml", "people: []\n", "nothing in the file fits the profile"),
        ("s-2024-01-01.json", "{", "not JSON"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(tmp_path: Path, name: str, text: str, message: str) -> None:
    """Hostile and broken files end in one message that names the file."""
    with pytest.raises(ImportProblem, match=message) as raised:
        imported(tmp_path, {name: text})
    assert str(raised.value).startswith(name)


def test_another_encoding_is_said(tmp_path: Path) -> None:
    """Windows' own encoding is a problem with its row, and read where the user names it."""
    (tmp_path / "s-2024-01-01.csv").write_bytes("id,name\n1,Zoë\n".encode("cp1252"))
    paths = [tmp_path / "s-2024-01-01.csv"]
    with pytest.raises(ImportProblem, match=r"s-2024-01-01\.csv:2: the line is not utf-8"):
        load("snapshots", paths, Options())
    assert load("snapshots", paths, Options(encoding="cp1252")).people[0].name == "Zoë"


def test_names_and_ids_are_texts(tmp_path: Path) -> None:
    """Names such as NA and ids such as 001 and 3e5 stay what they are; hidden characters do not."""
    rows = ["001,NA", "3e5,None", "1,nan", "none,true", "x\u202ey,Zoë\u200b Ø", "李,李雷", "a/b,Ann\u2028Lee"]
    found = imported(tmp_path, {"s-2024-01-01.csv": "id,name\n" + "\n".join(rows) + "\n"})
    people = {person.name: person.id for person in found.people}
    assert [people[name] for name in ("NA", "None", "nan")] == ["001", "3e5", "1"]
    assert {"true", "Zoë Ø", "李雷", "Ann Lee"} < set(people)
    assert len(set(people.values())) == 7


def test_ids_do_not_depend_on_the_order_of_rows_and_files(tmp_path: Path) -> None:
    """Rows and files in another order give the same charts with the same ids."""
    header, *rows = TWO["staff-2024-01-31.csv"].splitlines()
    rows += ["5,Sales,Clerk,Sales,001", "Sales,Eve,Clerk,001,001"]
    plain = {**TWO, "staff-2024-01-31.csv": "\n".join([header, *rows])}
    rows.reverse()
    mixed = {"staff-2024-02-29.csv": TWO["staff-2024-02-29.csv"], "staff-2024-01-31.csv": "\n".join([header, *rows])}
    (tmp_path / "mixed").mkdir()
    one, other = imported(tmp_path, plain), imported(tmp_path / "mixed", mixed)
    for day in (DAY("2024-01-31"), DAY("2024-02-29")):
        charts = [found.ledger().chart(day) for found in (one, other)]
        told = [{p.id: ([h.person for h in p.holders], p.line and p.line.to) for p in c.posts} for c in charts]
        assert told[0] == told[1]
        assert {unit.id for unit in charts[0].units} == {unit.id for unit in charts[1].units}


# -------------------------------------------------------------------------------------------------------------- spells


def test_rows_with_from_and_to_are_read_as_they_stand(tmp_path: Path) -> None:
    """The same profiles read state tables: a row of a day or less is refused, an overlap is cut, a gap is closed."""
    text = (
        "entry,person,role,reports_to,post,interim,from,to,left_censored\n"
        "e1,p1,Chief,none,ceo,0,2024-01-01,2024-03-01,1\n"
        "e1,p1,Chief,none,ceo,0,2024-03-04,,0\n"
        "e2,p2,Clerk,ceo,,0,2024-02-01,2024-02-01,0\n"
        "e2,p2,Clerk,ceo,,0,2024-02-01,2024-04-01,0\n"
        "e2,p2,Senior Clerk,ceo,,0,2024-03-15,2024-05-01,0\n"
        "e3,p3,Clerk,ceo,,0,2024-05-01,2024-04-01,0\n"
        "e4,p4,Clerk,ceo,,0,yesterday,,0\n"
    )
    found = imported(tmp_path, {"entries.csv": text}, profile="sourcegraph-entries", gap_days=5)
    assert [(event.person, *when(event)) for event in of(found, Hire) if isinstance(event, Hire)] == [
        ("p1", "..2024-01-01", "2024-01-01"),
        ("p2", "2024-02-01", "2024-02-01"),
    ]
    chart = found.ledger().chart(DAY("2024-03-20"))
    assert (chart.posts_of("p2")[0].title, chart.manager("p2")) == ("Senior Clerk", "p1")
    assert [str(remark.place) for remark in found.report.of("refused")] == [
        "entries.csv:4 [to]",
        "entries.csv:7 [to]",
        "entries.csv:8",
    ]
    assert [str(remark.place) for remark in found.report.of("mended")] == ["entries.csv:3", "entries.csv:6"]


def test_where_one_ends_and_another_begins_the_new_one_dates_the_change(tmp_path: Path) -> None:
    """A post takes the title of its next holder when that row says it begins, not when the row before ends."""
    text = "person,role,post,from,to\np1,Chief,ceo,2023-01-01,2024-03-01\np2,Boss,ceo,2024-03,\n"
    assert [when(event) for event in of(imported(tmp_path, {"staff.csv": text}), ChangePost)] == [
        ("2024-03", "2024-03-01")
    ]


# --------------------------------------------------------------------------------------------------------------- trees

TEAM = {
    "team-2022-03-31.yml": """\
e1: {name: Ann Lee, role: CEO, reports_to: none, manager_role_slug: ceo}
e2: {name: Bob Ray, role: VP Sales, reports_to: ceo, manager_role_slug: vp_sales}
e3: {name: Cyd Fox, role: Clerk, reports_to: vp_sales}
e3: {name: Someone Else, role: Clerk, reports_to: ceo}
""",
    "team-2022-06-30.yml": """\
e1: &one {name: Ann Lee, role: CEO, reports_to: none, manager_role_slug: ceo}
e9:
  <<: *one
  role: Interim VP Sales (and CEO)
  reports_to: ceo
  manager_role_slug: vp_sales
  hide_on_team_page: true
e3: {name: Cyd Fox, role: Senior Clerk, reports_to: vp_sales}
""",
}


def test_a_team_page_with_entries_and_slugs(tmp_path: Path) -> None:
    """Entries are posts unless they hold one; several of one name are one person; an interim is acting."""
    found = imported(tmp_path, TEAM, profile="sourcegraph-team", organization=None)
    before, after = found.ledger().charts([DAY("2022-03-31"), DAY("2022-06-30")])
    assert [chart.headcount("sourcegraph") for chart in (before, after)] == [3, 2]
    assert [chart.manager("cyd-fox") for chart in (before, after)] == ["bob-ray", "ann-lee"]
    assert after.holders("vp_sales")[0].acting
    assert (after.post("vp_sales").title, after.post("e3").title) == ("VP Sales", "Senior Clerk")
    assert said(found, "refused") == [
        "team-2022-03-31.yml:4: refused: the key 'e3' is given twice; the first counts",
        "team-2022-06-30.yml:7 [*/hide_on_team_page]: refused: it is not read: the profile does not ask for its value",
    ]
    assert said(found, "guessed") == [
        "team-2022-06-30.yml:1 [name]: guessed: the entries e1, e9 are called 'Ann Lee': taken for one person",
        "team-2022-06-30.yml:3 [role]: guessed: 'Interim VP Sales (and CEO)' is acting, for the word 'interim'",
    ]


SIGS = {
    "sigs-2018-01-15-09110abf0796.yaml": """\
sigs:
- name: Network
  dir: sig-network
  leads:
  - {name: Ann Lee, github: AnnLee}
  - {name: Bob Ray, github: bob, company: Acme}
workinggroups:
- name: Apply
  dir: wg-apply
  leads: [{name: Cyd Fox, github: cyd}]
""",
    "sigs-2020-01-15-3da1fd9e4272.yaml": """\
sigs:
- name: Network
  dir: sig-network
  charter_link:
  leadership:
    chairs: [{github: annlee, name: Ann Ray-Lee}]
    tech_leads: [{github: bob, name: Bob Ray}]
    emeritus_leads: [{github: dee, name: Dee Ash}]
  subprojects: [{name: dns, owners: [http://localhost]}]
workinggroups:
- name: Naming
  dir: wg-naming
  leadership: {chairs: [{github: cyd, name: Cyd Fox}]}
  stakeholder_sigs: [Network, Networking]
committees:
- {name: Steering, dir: committee-steering, leadership: {chairs: [{github: bob, name: Bob Ray}]}}
""",
}


def test_the_dialects_of_groups_and_their_leads(tmp_path: Path) -> None:
    """Leads became chairs, tech leads and emeritus leads; groups open and close; keys are one whatever their case."""
    found = imported(tmp_path, SIGS, profile="kubernetes-sigs", organization=None)
    before, after = found.ledger().charts([DAY("2018-01-15"), DAY("2020-01-15")])

    def told(chart: object) -> dict[str, list[str | None]]:
        return {post.id: [h.person for h in post.holders] for post in chart.posts}  # type: ignore[attr-defined]

    assert told(before) == {"sig-network.chair": ["annlee", "bob"], "wg-apply.chair": ["cyd"]}
    assert told(after) == {
        "sig-network.chair": ["annlee"],
        "sig-network.tech_lead": ["bob"],
        "sig-network.emeritus": ["dee"],
        "wg-naming.chair": ["cyd"],
        "committee-steering.chair": ["bob"],
    }
    assert {unit.id for unit in after.units} == {
        *("kubernetes", "sig-network", "sig-network.dns", "wg-naming", "committee-steering")
    }
    assert [line.to for line in after.post("wg-naming.chair").lines] == ["sig-network"]
    assert (after.headcount(), after.person("annlee").name) == (0, "Ann Ray-Lee")
    refused = said(found, "refused")
    assert refused[-1] == (
        "sigs-2020-01-15-3da1fd9e4272.yaml:14: refused: there is no unit called 'Networking' at that time; "
        "the line is left out"
    )
    assert [line.partition("[")[2].partition("]")[0] for line in refused[:-1]] == [
        "sigs/*/leads/*/company",
        "sigs/*/subprojects/*/owners",
    ]


def test_json_and_a_profile_of_ones_own(tmp_path: Path) -> None:
    """A profile of the user maps any tree; every kind of record, and constants, may stand in it."""
    profile = tmp_path / "mine.yaml"
    profile.write_text(
        "orgsim: import-profile/1\nformat: snapshots\norganization: acme\ntables:\n"
        "- kind: entries\n  at: teams/*/members/*\n  fields: {person: mail, name: name, title: =Member, "
        "unit: ../../id, unit_name: ../../label, manager: ../../lead}\n"
    )
    members = [{"mail": "ann@acme.example", "name": "Ann Lee"}, {"mail": "bob@acme.example", "name": "Bob Ray"}]
    data = {"teams": [{"id": "t1", "label": "Team One", "lead": "ann@acme.example", "members": members}]}
    found = imported(tmp_path, {"s-2024-01-01.json": json.dumps(data)}, profile=str(profile))
    chart = found.ledger().chart(DAY("2024-01-01"))
    assert chart.unit("t1").name == "Team One"
    (bob,) = [person for person in chart.people if person.name == "Bob Ray"]
    manager = chart.manager(bob.id)
    assert manager is not None
    assert chart.person(manager).name == "Ann Lee"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x: 1", "no profile of snapshots"),
        ("orgsim: import-profile/1\nformat: snapshots", "a list of tables"),
        ("orgsim: import-profile/1\nformat: snapshots\ntabels: []", "did you mean 'tables'"),
        ("orgsim: import-profile/1\nformat: snapshots\ntables: [{kind: entris}]", "no known kind"),
        ("orgsim: import-profile/1\nformat: snapshots\ntables: [{kind: entries, fields: {title: x}}]", "too little"),
        ("orgsim: import-profile/1\nformat: snapshots\ntables: [{kind: units, fields: {unit: [[x]]}}]", "be a text"),
        ("a: [", "not YAML"),
    ],
)
def test_a_wrong_profile_is_told(tmp_path: Path, text: str, message: str) -> None:
    """What is wrong with a profile is said with its name."""
    (tmp_path / "mine.yaml").write_text(text)
    with pytest.raises(ImportProblem, match=message):
        imported(tmp_path, {"s-2024-01-01.csv": "id\n1\n"}, profile=str(tmp_path / "mine.yaml"))


def test_an_unknown_profile_is_told(tmp_path: Path) -> None:
    """The packaged ones are named."""
    with pytest.raises(UserError, match="did you mean 'kubernetes-sigs'"):
        imported(tmp_path, {"s-2024-01-01.csv": "id\n1\n"}, profile="kubernetes-sig")


def test_units_that_lie_in_each_other_are_put_at_the_top(tmp_path: Path) -> None:
    """A circle of units, in one snapshot or over time, is flagged and broken, and so is a nesting without end."""
    rows = ["1,A,X,Y", "2,B,Y,X", *(f"{number},P{number},U{number},U{number + 1}" for number in range(3, 90))]
    found = imported(tmp_path, {"s-2024-01-01.csv": "id,name,department,division\n" + "\n".join(rows) + "\n"})
    chart = found.ledger().chart(DAY("2024-01-01"))
    assert (chart.unit("x").parent, chart.unit("y").parent) == ("acme", "x")
    assert [remark.message for remark in found.report.of("flagged")] == [
        "the unit 'U40' would lie too deep; it is put under the organization",
        "the unit 'X' would lie in itself; it is put under the organization",
    ]


CELLS = {
    "employee id": ["1", "001", "2", "3", "none", "a b", "", "é", "x.y", "acme"],
    "name": ["Ann Lee", "Ann Leigh", "Bob", "NA", "vacant", "Zoë Ø", "", "none", "a/b", "\u200b"],
    "title": ["Boss", "Interim boss", ""],
    "post id": ["ceo", "cfo", "", "none", "1", "Sales"],
    "reports to post": ["ceo", "cfo", "", "none", "Sales", "Ceo"],
    "manager id": ["1", "2", "3", "none", "", "é"],
    "department": ["Sales", "sales", "", "ceo", "Ann Lee", "acme"],
    "division": ["Sales", "Ops", "", "1"],
    "acting": ["yes", "no", "maybe", ""],
    "from": ["2024-01-01", "2024-01-05", "2024-02", "2024-03-01", ""],
    "to": ["2024-01-05", "2024-03-01", "2024-06-01", "", "9999-12-31"],
}
ROW = st.tuples(*(st.sampled_from(cells) for cells in CELLS.values()))


@given(st.lists(st.lists(ROW, max_size=8), min_size=1, max_size=4), st.booleans(), st.booleans())
def test_any_tables_give_a_ledger(tables: list[list[tuple[str, ...]]], spells: bool, reverse: bool) -> None:  # noqa: FBT001
    """Whatever the cells say, the result is a ledger or a message; the order of files makes no difference."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, rows in enumerate(tables[:1] if spells else tables, 1):
            path = Path(folder) / ("spells.csv" if spells else f"s-2024-0{number}-01.csv")
            path.write_text("\n".join(",".join(row) for row in (tuple(CELLS), *rows)), encoding="utf-8")
            paths.append(path)
        try:
            found = load("snapshots", paths[::-1] if reverse else paths, Options(organization="acme"))
        except ImportProblem:
            return
        found.ledger()
        again = load("snapshots", paths, Options(organization="acme"))
        assert (again.events, again.people) == (found.events, found.people)


def test_an_import_is_known_when_it_is_published(tmp_path: Path) -> None:
    """With `known`, nothing of the files is known before that day."""
    found = imported(tmp_path, TWO, known=DAY("2024-06-01"))
    assert {event.known for event in found.events} == {DAY("2024-06-01")}
    assert [source.published for source in found.sources] == [DAY("2024-06-01")] * 2


def test_a_person_changes_posts(tmp_path: Path) -> None:
    """Another post key of the same person is a vacated post and an appointment, and the old post closes."""
    one = POSTS + "1,A,Chief,ceo,none,\n2,B,Finance,cfo,ceo,\n"
    two = POSTS + "1,A,Chief,ceo,none,\n2,B,Law,clo,ceo,\n"
    found = imported(tmp_path, {"s-2024-01-01.csv": one, "s-2024-02-01.csv": two})
    moved = [
        e for e in found.events if isinstance(e, Appoint | Vacate) and e.person == "2" and e.date.first is not None
    ]
    assert [(event.kind, event.post, str(event.date)) for event in moved] == [
        ("vacate", "cfo", "2024-01-02..2024-02-01"),
        ("appoint", "clo", "2024-01-02..2024-02-01"),
    ]
    assert {post.id for post in found.ledger().chart(DAY("2024-02-01")).posts} == {"ceo", "clo"}
