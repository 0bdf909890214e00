"""Tables of employees: one row per person, or per person and effective date, as personnel systems export them."""

import csv
import datetime as dt
import random
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from orgsim.errors import MissingExtraError, OrgsimError, UserError
from orgsim.events import ChangeEmployment, ChangePerson, ChangePost, Depart, Hire, StartLeave
from orgsim.importers import Imported, Options, load
from orgsim.importers.employees.profile import find_profile, packaged
from orgsim.importers.tabular import ImportProblem
from orgsim.importing import import_files
from orgsim.metrics import headcount
from orgsim.reading.reader import read_texts
from orgsim.writing import to_yaml

DAY = dt.date.fromisoformat


def imported(folder: Path, text: str, *, encoding: str = "utf-8", **options: Any) -> Imported:
    """Import a table written here; the ledger holds together and reads back as the same."""
    path = folder / "people.csv"
    path.write_bytes(text.encode(encoding))
    found = load("employees", [path], Options(**{"organization": "acme", **options}))
    ledger = found.ledger()
    assert read_texts([("ledger.yaml", to_yaml(ledger).encode())]).events == ledger.events
    return found


def remarks(found: Imported, kind: str) -> list[str]:
    """The remarks of a kind, as lines."""
    return [str(remark) for remark in found.report.of(kind)]


def employed(found: Imported, day: str) -> set[str]:
    """Who is employed on a day."""
    ledger = found.ledger()
    people = (ledger.chart(DAY(day)).person(person.id) for person in found.people)
    return {person.id for person in people if person.employments}


def manager(found: Imported, person: str, day: str) -> str | None:
    """The manager of a person on a day."""
    return found.ledger().chart(DAY(day)).manager(person)


# ------------------------------------------------------------------------------------------------- one row per person


ONE_EACH = """\
Employee ID,Name,Hire Date,Termination Date,Termination Reason,Manager ID,Job Title,Department,Division,Location
0001,Ada Rossi,2015-01-01,,,NO_MANAGER,Chief Executive,Management,,Rome
0002,Ben Okafor,2016-03-01,2020-06-30,Resignation,0001,Head of Sales,Sales,EMEA,Lagos
0003,Cleo Martin,2018-05-01,,,0001,Head of Sales,Sales,EMEA,Lyon
0004,Dan Ito,2019-02-01,2020-01-15,sold his soul,0002,Seller,Sales,EMEA,Kyoto
"""


def test_a_row_tells_an_employment(tmp_path: Path) -> None:
    """From the day of hire to the day before the first day without; ids keep their zeros."""
    found = imported(tmp_path, ONE_EACH)
    assert employed(found, "2014-12-31") == set()
    assert employed(found, "2019-06-01") == {"0001", "0002", "0003", "0004"}
    assert employed(found, "2020-06-29") == {"0001", "0002", "0003"}
    assert employed(found, "2020-06-30") == {"0001", "0003"}


def test_an_inclusive_end_is_the_last_day(tmp_path: Path) -> None:
    """With `end_inclusive`, who left on a day was there on that day."""
    found = imported(tmp_path, ONE_EACH, end_inclusive=True)
    assert employed(found, "2020-06-30") == {"0001", "0002", "0003"}
    assert employed(found, "2020-07-01") == {"0001", "0003"}


def test_a_state_without_history_keeps_its_bounds(tmp_path: Path) -> None:
    """What the row tells was so on the day of the export, since some day from the hire on."""
    found = imported(tmp_path, ONE_EACH, known=DAY("2024-01-31"))
    chart = found.ledger().chart(DAY("2020-01-01"))
    assert str(chart.post("post-of-0003").holders[0].since) == "2018-05-01..2024-01-31"
    assert str(chart.post("post-of-0002").holders[0].since) == "2016-03-01..2020-06-29"
    assert str(chart.person("0003").employments[0].since) == "2018-05-01"
    assert {event.known for event in found.events} == {DAY("2024-01-31")}


def test_without_a_day_of_export_the_last_day_in_the_table_is_guessed(tmp_path: Path) -> None:
    """The guess is told, with the remedy."""
    found = imported(tmp_path, ONE_EACH)
    assert any("that of 2020-06-30" in line and "--known" in line for line in remarks(found, "guessed"))


def test_units_are_a_hierarchy(tmp_path: Path) -> None:
    """A department lies in its division, and the division in the organization."""
    found = imported(tmp_path, ONE_EACH)
    chart = found.ledger().chart(DAY("2019-06-01"))
    assert (chart.unit("emea-sales").name, chart.unit("emea-sales").parent) == ("Sales", "emea")
    assert (chart.unit("emea").kind, chart.unit("emea").parent) == ("division", "acme")
    assert chart.unit("management").parent == "acme"
    assert chart.post("post-of-0003").unit == "emea-sales"


def test_reasons_are_mapped_and_kept(tmp_path: Path) -> None:
    """A reason the profile knows becomes one of ours; any other is `other`, with its words, and is told."""
    found = imported(tmp_path, ONE_EACH)
    left = {event.person: event for event in found.events if isinstance(event, Depart)}
    assert (left["0002"].reason, left["0002"].note) == ("resignation", None)
    assert (left["0004"].reason, left["0004"].note) == ("other", "sold his soul")
    assert left["0004"].source[0].line == 5
    assert any("people.csv:5 [Termination Reason]" in line for line in remarks(found, "guessed"))


def test_what_is_not_read_is_said(tmp_path: Path) -> None:
    """A column without a place in a ledger is named."""
    found = imported(tmp_path, ONE_EACH)
    assert remarks(found, "refused") == [
        "people.csv:1 [Location]: refused: the column is not read: a ledger has no place for it"
    ]


def test_a_table_without_leavers_is_flagged(tmp_path: Path) -> None:
    """Nobody ever left: perhaps the export leaves leavers out, as Personio's does."""
    table = "ID,First name,Last name,Hire date\n1,Ada,Rossi,01.02.2020\n"
    found = imported(tmp_path, table, profile="personio")
    assert any("Personio leaves inactive people out" in line for line in remarks(found, "flagged"))
    assert not any("ever left" in line for line in remarks(imported(tmp_path, ONE_EACH), "flagged"))


def test_somebody_may_come_back(tmp_path: Path) -> None:
    """Rows of one id whose dates follow each other are employments of one person."""
    found = imported(tmp_path, "ID,Name,Hired,Left\n7,Ada,2020-01-01,2020-06-01\n7,Ada,2021-01-01,\n")
    assert [employed(found, day) for day in ("2020-05-31", "2020-06-01", "2021-01-01")] == [{"7"}, set(), {"7"}]
    assert sum(isinstance(event, Hire) for event in found.events) == 2


def test_a_short_gap_is_no_departure_if_the_user_says_so(tmp_path: Path) -> None:
    """`gap_days` joins employments close to each other, and says so."""
    table = "ID,Name,Hired,Left\n7,Ada,2020-01-01,2020-06-01\n7,Ada,2020-06-03,2021-01-01\n"
    assert employed(imported(tmp_path, table), "2020-06-02") == set()
    found = imported(tmp_path, table, gap_days=2)
    assert employed(found, "2020-06-02") == {"7"}
    assert any("people.csv:3" in line and "2 days" in line for line in remarks(found, "mended"))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("7,Ada,2020-01-01,2019-01-01", "people.csv:3: refused: left on 2019-01-01, hired on 2020-01-01"),
        ("7,Ada,2020-01-01,2020-01-01", "people.csv:3: refused: left on the day of hire"),
        (",Ada,2020-01-01,", "people.csv:3: refused: the row has no id"),
        ("7,Ada,2020-01-01,\n7,Ada,2021-01-01,", "people.csv:4: refused: employed from 2021-01-01, but row 3"),
        ("7,Ada,2020-01-01,\n7,Ada,2020-01-01,2021-01-01", "people.csv:4: refused: employed from 2020-01-01"),
        ("7,Ada,9999-12-31,2021-01-01", "people.csv:3 [Hired]: refused: '9999-12-31' is no date"),
        ("7,Ada,2020-02-30,2021-01-01", "people.csv:3 [Hired]: refused: "),
        ("7,Ada,2020-01-01,soon", "people.csv:3 [Left]: refused: "),
    ],
)
def test_rows_that_contradict_themselves_are_refused(tmp_path: Path, rows: str, said: str) -> None:
    """The row and the column are named, and nothing is made up instead."""
    found = imported(tmp_path, f"ID,Name,Hired,Left\n1,Zoe,2019-01-01,2019-06-01\n{rows}\n")
    assert any(line.startswith(said) for line in remarks(found, "refused"))


def test_the_same_row_twice_is_read_once(tmp_path: Path) -> None:
    """An equal row is no contradiction."""
    found = imported(tmp_path, "ID,Name,Hired,Left\n7,Ada,2020-01-01,\n7,Ada,2020-01-01,\n")
    assert remarks(found, "mended") == ["people.csv:3: mended: the row says the same as row 2; it is read once"]


def test_a_missing_hire_is_unknown_not_made_up(tmp_path: Path) -> None:
    """Who has no date of hire is seen on the day of the export, or on the last day, since unknown."""
    table = "ID,Name,Hired,Left\n7,Ada,,2021-01-01\n8,Ben,,\n"
    found = imported(tmp_path, table, known=DAY("2024-01-31"))
    hires = {event.person: str(event.date) for event in found.events if isinstance(event, Hire)}
    assert hires == {"7": "..2020-12-31", "8": "..2024-01-31"}


def test_gone_without_a_date_is_gone_by_the_export(tmp_path: Path) -> None:
    """A status that says gone, without a date, ends the employment by the day of the export, since unknown."""
    table = "ID,Name,Hired,Left,Status\n7,Ada,2020-01-01,,Terminated\n8,Ben,2020-01-01,,Active\n"
    found = imported(tmp_path, table, known=DAY("2024-01-31"))
    (left,) = [event for event in found.events if isinstance(event, Depart)]
    assert str(left.date) == "..2024-01-31"
    assert any("people.csv:2" in line for line in remarks(found, "flagged"))


def test_leave_contracts_and_shares(tmp_path: Path) -> None:
    """A status of leave, a contractor and a share of a full-time job are carried; nonsense is refused."""
    table = (
        "ID,Name,Hired,Status,FTE,Employment Type\n7,Ada,2020-01-01,On Leave,50%,Full-Time\n"
        '8,Ben,2020-01-01,Active,"0,8",Contractor\n9,Cleo,2020-01-01,Active,7,Wizard\n'
    )
    found = imported(tmp_path, table, known=DAY("2024-01-31"))
    hires = {event.person: event for event in found.events if isinstance(event, Hire)}
    assert [(hires[key].fte, hires[key].contract) for key in "789"] == [
        (0.5, "employee"),
        (0.8, "contractor"),
        (1.0, "employee"),
    ]
    assert [event.person for event in found.events if isinstance(event, StartLeave)] == ["7"]
    assert [line for line in remarks(found, "refused") if line.startswith("people.csv:4 [FTE]: ")] == [
        (
            "people.csv:4 [FTE]: refused: '7' is not a share of a full-time job; counted as 1.0; "
            "write a percentage as '7%', and hours as their share of a full week"
        )
    ]
    assert any("'Wizard' is taken for an employee" in line for line in remarks(found, "guessed"))


def test_what_is_still_to_come_is_expected(tmp_path: Path) -> None:
    """An employment that begins or ends after the export is known from the export on, as expected."""
    found = imported(tmp_path, "ID,Name,Hired,Left\n7,Ada,2020-01-01,2025-01-01\n", known=DAY("2024-01-31"))
    (left,) = [event for event in found.events if isinstance(event, Depart)]
    assert (left.known, left.certainty) == (DAY("2024-01-31"), "expected")


# ------------------------------------------------------------------------------------------------------------ managers


def test_managers_by_name_in_another_order(tmp_path: Path) -> None:
    """`Last, First` and `First Last`, padded, with middle names or accents left out, are one person."""
    table = (
        "Employee_Name,EmpID,DateofHire,ManagerName\n"
        '"Roup, Simon J  ",1,2015-01-01,\n'
        '"Núñez, José",2,2015-01-01,Simon Roup\n'
        '"Ait Sidi, Karthikeyan   ",3,2015-01-01, jose  NUNEZ \n'
    )
    found = imported(tmp_path, table)
    assert (manager(found, "2", "2016-01-01"), manager(found, "3", "2016-01-01")) == ("1", "2")
    assert found.ledger().chart(DAY("2016-01-01")).person("3").name == "Karthikeyan Ait Sidi"
    assert any("people.csv:3 [ManagerName]" in line and "Simon J Roup" in line for line in remarks(found, "guessed"))
    assert any("'Last, First'" in line and "2 more" in line for line in remarks(found, "mended"))


MANAGED = "ID,Name,Hired,Left,Manager ID,Manager Name\n1,Ann Lee,2015-01-01,,,\n2,Ann Lee,2015-01-01,{},,\n"


def test_a_name_that_two_people_have_is_nobody(tmp_path: Path) -> None:
    """Of two with the same name none is chosen, unless only one of them was there."""
    found = imported(tmp_path, MANAGED.format("") + "3,Ben,2016-01-01,,,Ann Lee\n")
    assert manager(found, "3", "2016-06-01") is None
    assert found.ledger().chart(DAY("2016-06-01")).post("3/acme").line is None
    assert any(
        "people.csv:4 [Manager Name]" in line and "2 people ('1', '2')" in line for line in remarks(found, "flagged")
    )
    found = imported(tmp_path, MANAGED.format("2015-06-01") + "3,Ben,2016-01-01,,,Ann Lee\n")
    assert manager(found, "3", "2016-06-01") == "1"
    assert any("the only one of 2 who was there" in line for line in remarks(found, "guessed"))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("3,Ben,2016-01-01,,99,", "'99' is not among the people"),
        ("3,Ben,2016-01-01,,,Zed", "'Zed' is not among the people"),
        ("3,Ben,2016-01-01,,3,", "their own manager"),
        ("3,Ben,2016-01-01,,2,", "left on 2015-05-31 (last day)"),
        ("3,Ben,2016-01-01,,1,Ben", "is that of 'Ann Lee', the name 'Ben' that of id '3'"),
    ],
)
def test_managers_who_cannot_be_stay_unknown(tmp_path: Path, row: str, said: str) -> None:
    """Not in the table, oneself, gone before, or contradicted: flagged, and no line is drawn."""
    found = imported(tmp_path, MANAGED.format("2015-06-01") + row + "\n")
    assert any(said in line and "people.csv:4 [Manager" in line for line in remarks(found, "flagged"))
    assert found.ledger().chart(DAY("2016-06-01")).post("3/acme").line is None


def test_an_unknown_manager_is_not_a_top(tmp_path: Path) -> None:
    """Only a word that says so makes a top; an empty cell says nothing."""
    found = imported(tmp_path, ONE_EACH)
    chart = found.ledger().chart(DAY("2019-06-01"))
    line = chart.post("post-of-0001").line
    assert line is not None
    assert line.to == "none"
    other = imported(tmp_path, ONE_EACH.replace("NO_MANAGER", ""))
    assert other.ledger().chart(DAY("2019-06-01")).post("post-of-0001").line is None


def test_the_id_beside_a_name_is_read(tmp_path: Path) -> None:
    """A manager told as `Name (id)` is the one of that id; so is one told by e-mail."""
    table = (
        "Employee ID,Name,Email,Hired,Manager\n1,Ann Lee,ann@a,2015-01-01,\n2,Ann Lee,al@a,2015-01-01,\n"
        "3,Ben,b@a,2015-01-01,Ann Lee (2)\n4,Cleo,c@a,2015-01-01,ANN@a\n"
    )
    found = imported(tmp_path, table)
    assert (manager(found, "3", "2015-01-01"), manager(found, "4", "2015-01-01")) == ("2", "1")


def test_managers_in_a_circle_are_flagged(tmp_path: Path) -> None:
    """The line that began last is left out, whatever the order of the rows."""
    header, *rows = (
        "ID,Name,Title,Hired,Manager ID",
        "1,Ann,Boss,2015-01-01,3",
        "2,Ben,Boss,2016-01-01,1",
        "3,Cleo,Boss,2017-01-01,2",
    )
    for order in (rows, rows[::-1]):
        found = imported(tmp_path, "\n".join((header, *order)) + "\n")
        assert sum("circle" in line for line in remarks(found, "flagged")) == 1
        assert manager(found, "2", "2018-01-01") == "1"


# ----------------------------------------------------------------------------------------------------------- positions


def test_a_position_survives_its_holder(tmp_path: Path) -> None:
    """Vacant between two holders, with whoever reports to it; the second is not taken to have it before."""
    table = (
        "ID,Name,Position ID,Title,Hired,Left,Manager ID\n1,Ada,P1,Chief,2010-01-01,2015-01-01,\n"
        "2,Ben,P1,Chief,2016-01-01,,\n3,Cleo,P2,Seller,2011-01-01,,2\n"
        "4,Dan,P3,Buyer,2010-01-01,2014-01-01,1\n5,Eve,P3,Buyer,2012-01-01,,2\n"
    )
    found = imported(tmp_path, table, known=DAY("2020-01-01"))
    ledger = found.ledger()
    assert [h.person for h in ledger.chart(DAY("2014-12-31")).post("post-P1").holders] == ["1"]
    assert ledger.chart(DAY("2015-06-01")).post("post-P1").vacant
    assert manager(found, "3", "2016-06-01") == "2"
    (held,) = ledger.chart(DAY("2014-06-01")).post("post-P3").holders
    assert (held.person, str(held.since)) == ("5", "2014-01-01..2020-01-01")
    assert any("people.csv:6" in line and "row 5" in line for line in remarks(found, "guessed"))


def test_two_in_one_position_are_flagged(tmp_path: Path) -> None:
    """The post gets the seats it needs."""
    table = "ID,Name,Position ID,Hired\n1,Ada,P1,2010-01-01\n2,Ben,P1,2011-01-01\n"
    found = imported(tmp_path, table)
    assert found.ledger().chart(DAY("2012-01-01")).post("post-P1").seats == 2
    assert any("[Position ID]" in line and "2 seats" in line for line in remarks(found, "flagged"))


def test_a_position_of_many_is_a_kind_of_job(tmp_path: Path) -> None:
    """An id that more than a few hold at a time does not name a post; each gets a post of their own."""
    rows = "".join(f"{n},P{n},19,Technician,2010-01-01\n" for n in range(1, 7))
    found = imported(tmp_path, f"ID,Name,Position ID,Title,Hired\n{rows}")
    chart = found.ledger().chart(DAY("2012-01-01"))
    assert chart.post("post-of-3").title == "Technician"
    assert any("held by 6 people at a time" in line for line in remarks(found, "flagged"))


# ------------------------------------------------------------------------------------------------- rows by date


DATED = """\
Employee ID,Name,Effective Date,Sequence,Hire Date,Status,Job Title,Department,Manager ID
1,Ada Rossi,2015-01-01,1,2015-01-01,Active,Chief,Management,NO_MANAGER
2,Ben Okafor,2016-01-01,1,2016-01-01,Active,Seller,Sales,1
2,Ben Okafor,2018-01-01,1,2016-01-01,Active,Clerk,Sales,1
2,Ben Okafor,2018-01-01,2,2016-01-01,Active,Senior Seller,Sales,3
3,Cleo Martin,2017-01-01,1,2017-01-01,Active,Head of Sales,Sales,1
3,Cleo Rossi,2019-01-01,1,2017-01-01,Active,Head of Sales,Sales,1
2,Ben Okafor,2019-06-01,1,2016-01-01,On Leave,Senior Seller,Marketing,3
2,Ben Okafor,2019-09-01,1,2016-01-01,Active,Senior Seller,Marketing,3
3,Cleo Rossi,2020-01-01,1,2017-01-01,Terminated,Head of Sales,Sales,1
2,Ben Okafor,2021-01-01,1,2016-01-01,Terminated,Senior Seller,Marketing,3
2,Ben Okafor,2022-01-01,1,2022-01-01,Active,Adviser,Management,1
"""


def test_rows_by_date_are_changes(tmp_path: Path) -> None:
    """Titles, units, managers and names change on their days; of one day, the last in sequence counts."""
    found = imported(tmp_path, DATED)
    ledger = found.ledger()

    def at(day: str) -> tuple[str, str]:
        post = ledger.chart(DAY(day)).post("post-of-2")
        return post.title, post.unit

    assert [at(day) for day in ("2017-12-31", "2018-01-01", "2019-06-01")] == [
        ("Seller", "sales"),
        ("Senior Seller", "sales"),
        ("Senior Seller", "marketing"),
    ]
    assert [manager(found, "2", day) for day in ("2017-12-31", "2018-01-01", "2019-12-31", "2020-01-01")] == [
        "1",
        "3",
        "3",
        None,
    ]
    assert [event.name for event in found.events if isinstance(event, ChangePerson)] == ["Cleo Rossi"]
    assert ledger.chart(DAY("2019-07-01")).person("2").leave is not None
    assert ledger.chart(DAY("2019-09-01")).person("2").leave is None
    assert any("people.csv:4" in line and "row 5" in line for line in remarks(found, "mended"))
    assert any("people.csv:9" in line and "is gone from 2020-01-01" in line for line in remarks(found, "flagged"))


def test_rows_by_date_end_and_begin_employments(tmp_path: Path) -> None:
    """A row that says gone ends the employment on its day; a later one begins another."""
    found = imported(tmp_path, DATED)
    days = ("2020-12-31", "2021-01-01", "2022-01-01")
    assert ["2" in employed(found, day) for day in days] == [True, False, True]
    (last,) = [event for event in found.events if isinstance(event, Depart) and event.person == "2"]
    assert last.source[0].line == 11


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    """Rows by date give the same history in any order, but for the lines they cite."""
    header, *rows = DATED.splitlines()

    def events(order: list[str]) -> list[str]:
        found = imported(tmp_path, "\n".join((header, *order)) + "\n")
        return sorted(
            f"{type(e).__name__} {e.date} {getattr(e, 'person', '')} {getattr(e, 'post', '')}" for e in found.events
        )

    assert events(rows) == events(rows[::-1])


def test_two_rows_of_one_day_need_an_order(tmp_path: Path) -> None:
    """Without a sequence the second is refused, not chosen."""
    table = "ID,Name,Effective Date,Title\n1,Ada,2015-01-01,Boss\n1,Ada,2015-01-01,Chief\n"
    found = imported(tmp_path, table)
    assert any("people.csv:3" in line and "which comes last" in line for line in remarks(found, "refused"))


def test_a_share_that_changes_is_told_from_the_day_of_its_row_on(tmp_path: Path) -> None:
    """By hand: a cell that says the same, or nothing, is no change; what is to come after the export is expected."""
    shares = {"2015-01-01": "", "2015-07-01": "1", "2016-01-01": "0.5", "2017-01-01": "", "2018-01-01": "0.5"}
    table = "".join(f"1,Ada,{day},{fte}\n" for day, fte in {**shares, "2024-03-01": "0.75"}.items())
    found = imported(tmp_path, "ID,Name,Effective Date,FTE\n" + table, known=DAY("2024-01-31"))
    days = ("2015-01-01", "2015-12-31", "2016-01-01", "2018-06-01", "2024-02-29", "2024-03-01")
    counted = headcount(found.ledger(), list(map(DAY, days)))
    assert [row.fte for row in counted] == [1, 1, 0.5, 0.5, 0.5, 0.75]
    changes = [event for event in found.events if isinstance(event, ChangeEmployment)]
    assert [(str(e.date), str(e.known), e.certainty, e.source[0].line) for e in changes] == [
        ("2016-01-01", "2024-01-31", "stated", 4),
        ("2024-03-01", "2024-01-31", "expected", 7),
    ]
    assert remarks(found, "refused") == []


def test_rows_of_one_day_with_two_shares_and_another_contract_are_told(tmp_path: Path) -> None:
    """The row of the hire counts, as does the contract told first: another one would be another employment."""
    table = (
        "ID,Name,Hired,Effective Date,FTE,Employment Type\n1,Ada,2015-01-01,,0.5,Contractor\n"
        "1,Ada,,2015-01-01,0.8,Contractor\n1,Ada,,2016-01-01,1,Full-Time\n"
    )
    found = imported(tmp_path, table)
    assert [(e.fte, e.contract) for e in found.events if isinstance(e, Hire)] == [(0.5, "contractor")]
    assert [(str(e.date), e.fte) for e in found.events if isinstance(e, ChangeEmployment)] == [("2016-01-01", 1)]
    assert [line for line in remarks(found, "refused") if "[FTE]" in line or "[Employment Type]" in line] == [
        "people.csv:3 [FTE]: refused: says 0.8, where row 2 says 0.5 of the same day; that counts",
        (
            "people.csv:4 [Employment Type]: refused: changes to employee; kept as contractor, "
            "for that would be another employment"
        ),
    ]


def test_rows_that_are_joined_to_one_employment_may_tell_two_shares(tmp_path: Path) -> None:
    """The share of the later row began on some day from its hire to the export, as its title did."""
    table = "ID,Name,Hired,Left,FTE,Title\n1,Ada,2015-01-01,2016-01-03,1,A\n1,Ada,2016-01-03,,0.5,B\n"
    found = imported(tmp_path, table, known=DAY("2024-01-31"))
    (change,) = [event for event in found.events if isinstance(event, ChangeEmployment)]
    (titled,) = [event for event in found.events if isinstance(event, ChangePost)]
    assert (change.fte, change.date, change.known, change.source) == (0.5, titled.date, titled.known, titled.source)


def test_spells_with_ends_leave_gaps(tmp_path: Path) -> None:
    """Where no date of hire is told, who has no row is not employed."""
    table = (
        "ID,Name,Valid From,Valid To,Title\n1,Ada,2015-01-01,2015-06-30,A\n"
        "1,Ada,2015-07-01,2015-12-31,B\n1,Ada,2017-01-01,9999-12-31,C\n"
    )
    found = imported(tmp_path, table, end_inclusive=True)
    days = ("2015-06-30", "2015-07-01", "2015-12-31", "2016-01-01", "2017-01-01")
    assert [bool(employed(found, day)) for day in days] == [True, True, True, False, True]
    assert sum(isinstance(event, ChangePost) for event in found.events) == 1


# ------------------------------------------------------------------------------------------- against plain Python


def invented(seed: int) -> list[dict[str, str]]:
    """A table of a hundred people, some of them gone, whose managers were hired before them."""
    luck = random.Random(seed)  # noqa: S311 - nothing secret
    rows: list[dict[str, str]] = []
    for at in range(100):
        hired = DAY("2010-01-01") + dt.timedelta(days=at * 30 + luck.randrange(20))
        left = hired + dt.timedelta(days=luck.randrange(30, 2000)) if luck.random() < 0.4 else None
        boss = luck.choice(rows)["Employee ID"] if rows and luck.random() < 0.9 else ""
        rows.append({
            "Employee ID": f"{at:04}",
            "Name": f"Person {at}",
            "Hire Date": str(hired),
            "Termination Date": str(left or ""),
            "Manager ID": boss,
            "Job Title": luck.choice(["Seller", "Buyer", "Clerk"]),
            "Department": luck.choice(["Sales", "Finance"]),
        })  # fmt: skip
    return rows


@pytest.mark.parametrize("seed", range(4))
def test_charts_agree_with_plain_python_on_the_rows(tmp_path: Path, seed: int) -> None:
    """Headcounts on many days; units, titles and managers on the day of the export and on last days."""
    rows = invented(seed)
    with (tmp_path / "people.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    export = "2020-01-01"
    found = load("employees", [tmp_path / "people.csv"], Options(organization="acme", known=DAY(export)))
    ledger = found.ledger()

    def there(row: dict[str, str], day: str) -> bool:
        return row["Hire Date"] <= day and (not row["Termination Date"] or day < row["Termination Date"])

    for month in range(120):
        day = f"{2010 + month // 12}-{month % 12 + 1:02}-15"
        assert ledger.chart(DAY(day)).headcount("acme") == sum(there(row, day) for row in rows)
    by_id = {row["Employee ID"]: row for row in rows}
    for row in rows:
        end = row["Termination Date"]
        seen = min(export, str(DAY(end) - dt.timedelta(days=1))) if end else export
        if not there(row, seen):
            continue
        chart = ledger.chart(DAY(seen))
        post = chart.post(f"post-of-{row['Employee ID']}")
        boss = by_id.get(row["Manager ID"])
        assert (post.title, chart.unit(post.unit).name) == (row["Job Title"], row["Department"])
        assert chart.manager(row["Employee ID"]) == (boss["Employee ID"] if boss and there(boss, seen) else None)


# ------------------------------------------------------------------------------------------------------------ profiles


def test_every_packaged_profile_is_read() -> None:
    """The data files are sound."""
    assert packaged() == ["bamboohr", "generic", "personio", "successfactors", "workday"]
    assert [find_profile(name).headers for name in packaged()] == [1, 1, 1, 2, 1]


def test_successfactors_has_two_rows_of_headers(tmp_path: Path) -> None:
    """Keys, then labels; `NO_MANAGER` is a top, 9999-12-31 no end, and ends are last days."""
    table = (
        "user-id,start-date,end-date,seq-number,emplStatus,event-reason,job-title,department,position,manager-id\n"
        "User ID,Start Date,End Date,Sequence,Status,Event Reason,Title,Department,Position,Manager\n"
        "001,2015-01-01,9999-12-31,1,A,HIRNEW,Chief,Board,P1,NO_MANAGER\n"
        "002,2016-01-01,2017-12-31,1,A,HIRNEW,Seller,Sales,P2,001\n"
        "002,2018-01-01,2018-12-31,1,A,PROMO,Head,Sales,P3,001\n"
        "002,2019-01-01,9999-12-31,1,T,TERVRES,Head,Sales,P3,001\n"
    )
    found = imported(tmp_path, table, profile="successfactors")
    ledger = found.ledger()
    assert employed(found, "2018-12-31") == {"001", "002"}
    assert employed(found, "2019-01-01") == {"001"}
    assert [h.person for h in ledger.chart(DAY("2018-06-01")).post("post-P3").holders] == ["002"]
    line = ledger.chart(DAY("2018-06-01")).post("post-P1").line
    assert line is not None
    assert line.to == "none"
    (left,) = [event for event in found.events if isinstance(event, Depart)]
    assert (left.reason, left.note) == ("resignation", "TERVRES")


def test_bamboohr_names_managers_and_ends_on_last_days(tmp_path: Path) -> None:
    """`Reporting to` is a name; the history of jobs may lie in a second file."""
    people = tmp_path / "employees.csv"
    people.write_text(
        "Employee #,First Name,Last Name,Hire Date,Termination Date,Reporting to,Job Title,Department\n"
        "1,Ada,Rossi,2015-01-01,,,Chief,Board\n2,Ben,Okafor,2016-01-01,2020-06-30,Ada Rossi,Head,Sales\n",
        encoding="utf-8",
    )
    jobs = tmp_path / "jobs.csv"
    jobs.write_text(
        "Employee #,Effective Date,Job Title,Department,Reporting to\n2,2016-01-01,Seller,Sales,Ada Rossi\n"
        "2,2018-01-01,Head,Sales,Ada Rossi\n",
        encoding="utf-8",
    )
    found = load("employees", [people, jobs], Options(organization="acme", profile="bamboohr"))
    assert "2" in employed(found, "2020-06-30")
    assert "2" not in employed(found, "2020-07-01")
    chart = found.ledger().chart(DAY("2017-01-01"))
    assert (chart.post("post-of-2").title, chart.manager("2")) == ("Seller", "1")
    assert {ref.id for event in found.events for ref in event.source} == {"employees", "jobs"}


def test_workday_units_lose_the_name_of_their_leader(tmp_path: Path) -> None:
    """`Sales (Ben Okafor)` is the unit Sales, whoever leads it, and this is told."""
    table = (
        "Employee ID,Worker,Hire Date,Termination Date,Supervisory Organization,Position ID,Business Title,Manager\n"
        "001,Ada Rossi (001),2015-01-01,,Board (Ada Rossi),P1,Chief,\n"
        "002,Ben Okafor (002),2016-01-01,2020-06-30,Sales (Ben Okafor),P2,Head,Ada Rossi (001)\n"
    )
    found = imported(tmp_path, table, profile="workday")
    chart = found.ledger().chart(DAY("2020-06-30"))
    assert chart.unit(chart.post("post-P2").unit).name == "Sales"
    assert chart.manager("002") == "001"
    assert any("parentheses" in line for line in remarks(found, "mended"))


@pytest.mark.parametrize(
    "header",
    [
        "ID;First name;Last name;Hire date;Termination date;Supervisor;Position;Department",
        "Personalnummer;Vorname;Nachname;Einstellungsdatum;Austrittsdatum;Vorgesetzte/r;Stelle;Abteilung",
        "Matricule;Prénom;Nom;Date d'embauche;Date de départ;Responsable;Poste;Département",
        "Número de empleado;Nombre;Apellidos;Fecha de contratación;Fecha de baja;Superior;Puesto;Departamento",
        "Matricola;Nome;Cognome;Data di assunzione;Data di cessazione;Responsabile;Posizione;Reparto",
        (
            "Personeelsnummer;Voornaam;Achternaam;Datum indiensttreding;Datum uitdiensttreding;"
            "Leidinggevende;Functie;Afdeling"
        ),
    ],
)
def test_personio_speaks_six_languages(tmp_path: Path, header: str) -> None:
    """The headers are those of the company's language; dates are day, month, year; the file has a mark."""
    rows = "\n007;Ada;Rossi;01.02.2015;;;Chefin;Leitung\n"
    rows += "008;Ben;Okafor;13.04.2016;30.06.2020;Ada Rossi;Verkäufer;Vertrieb\n"
    found = imported(tmp_path, "\ufeff" + header + rows, profile="personio")
    assert employed(found, "2020-06-30") == {"007", "008"}
    assert employed(found, "2020-07-01") == {"007"}
    chart = found.ledger().chart(DAY("2018-01-01"))
    assert (chart.manager("008"), chart.post("post-of-008").title) == ("007", "Verkäufer")
    assert remarks(found, "refused") == []


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    """A file that extends a packaged profile says only what differs."""
    profile = tmp_path / "ours.yaml"
    profile.write_text(
        'orgsim: employees/1\nextends: generic\nend_inclusive: true\ndate_formats: ["%m/%d/%y"]\n'
        "columns: {hired: [Began], left: [Ceased]}\n"
        "units:\n- {kind: guild, columns: [Guild]}\ntops: [The Board]\n",
        encoding="utf-8",
    )
    table = "ID,Name,began,CEASED,guild,Manager\n1,Ada,1/2/20,2/3/20,Smiths,The Board\n"
    found = imported(tmp_path, table, profile=str(profile))
    assert employed(found, "2020-02-03") == {"1"}
    assert employed(found, "2020-02-04") == set()
    chart = found.ledger().chart(DAY("2020-01-02"))
    assert (chart.unit("smiths").kind, chart.post("post-of-1").lines[0].to) == ("guild", "none")


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("orgsim: employees/1\ncolums: {id: [A]}\n", "unknown-key", 2),
        ("orgsim: employees/1\ncolumns: {identity: [A]}\n", "unknown-key", 2),
        ("orgsim: employees/1\nheaders: two\n", "bad-number", 2),
        ("orgsim: employees/1\nheaders: ²\n", "bad-number", 2),
        ("orgsim: employees/1\nend_inclusive: yes\n", "bad-yes-no", 2),
        ("orgsim: employees/1\nextends: sap\n", "unknown-profile", 2),
        ("orgsim: employees/1\ndate_formats: ['%Q']\n", "bad-date-format", 2),
        ("orgsim: employees/1\nreasons: {quit: [A]}\n", "unknown-key", 2),
        ("orgsim: employees/1\nunits: [{kind: board, columns: [A]}]\n", "bad-word", 2),
        ("orgsim: employees/1\nunits: [{kind: '', columns: [A]}]\n", "bad-word", 2),
        ("orgsim: employees/1\nunits: [{kind: team}]\n", "missing-key", 2),
        ("orgsim: employees/1\nunits: team\n", "wrong-shape", 2),
        ("orgsim: employees/1\ntitle:\n", "empty-value", 2),
        ("orgsim: employees/1\nevents:\n- 1\n", "unknown-key", 2),
        ("orgsim: ledger/1\n", "bad-format", 1),
        ("title: A\n", "missing-key", 1),
        ("orgsim: employees/1\ntitle: &a A\n", "anchor", 2),
    ],
)
def test_a_profile_is_read_strictly(tmp_path: Path, text: str, rule: str, line: int) -> None:
    """What is unknown or does not fit is a problem with its place."""
    path = tmp_path / "ours.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OrgsimError) as caught:
        find_profile(str(path))
    where = caught.value.problems[0].where
    assert where is not None
    assert (caught.value.problems[0].rule, where.line, where.file) == (rule, line, str(path))


def test_an_unknown_profile_is_a_wrong_call() -> None:
    """The message names those there are."""
    with pytest.raises(UserError, match="did you mean 'workday'"):
        find_profile("workdy")


# ------------------------------------------------------------------------------------------------ names and ids


def test_names_and_ids_that_look_like_nothing_survive(tmp_path: Path) -> None:
    """`NA`, `None`, `nan`, `3e5`, `001` and `=1+1` are names and ids like any other."""
    names = ("NA", "None", "nan", "NULL", "3e5", "=1+1", "O'Neil", "李雷", "N/A", "Inf")
    rows = "".join(f"{at:03},{name},2015-01-01,{name} Title\n" for at, name in enumerate(names))
    found = imported(tmp_path, f"ID,Name,Hired,Title\n{rows}")
    assert [person.name for person in found.people] == list(names)
    assert [person.id for person in found.people] == [f"{at:03}" for at in range(len(names))]
    chart = found.ledger().chart(DAY("2015-01-01"))
    assert [chart.post(f"post-of-{at:03}").title for at in range(len(names))] == [f"{name} Title" for name in names]


def test_ids_that_cannot_be_ids_are_told(tmp_path: Path) -> None:
    """Reserved words, blanks and slashes give other ids, the same whatever the order of the rows."""
    rows = ["none,Ada,2015-01-01", "E 1,Ben,2015-01-01", "A/B,Cleo,2015-01-01", "acme,Dan,2015-01-01"]
    ids = []
    for order in (rows, rows[::-1]):
        found = imported(tmp_path, "\n".join(("ID,Name,Hired", *order)) + "\n")
        ids.append({person.name: person.id for person in found.people})
        assert sum("becomes" in line for line in remarks(found, "mended")) == 4
    assert ids[0] == ids[1]
    assert len(set(ids[0].values())) == 4


def test_too_little_memory_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table larger than the memory ends in a sentence, and leaves no half of a ledger."""

    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("orgsim.importing.importers.load", full)
    with pytest.raises(UserError, match="not enough memory"):
        import_files("employees", [tmp_path / "people.csv"], tmp_path / "out", {})
    assert list(tmp_path.iterdir()) == []


def test_without_ids_people_are_told_apart_by_name(tmp_path: Path) -> None:
    """The id is made of the name."""
    found = imported(tmp_path, "Name,Hired,Manager\nAda Rossi,2015-01-01,\nBen Okafor,2015-01-01,Ada Rossi\n")
    assert manager(found, "ben-okafor", "2015-01-01") == "ada-rossi"
    assert any("told apart by name" in line for line in remarks(found, "flagged"))


def test_units_written_in_two_ways_are_one(tmp_path: Path) -> None:
    """Case and blanks do not make another unit; the other spelling is told."""
    found = imported(tmp_path, "ID,Name,Hired,Department\n1,A,2015-01-01,R&D\n2,B,2015-01-01,r & d\n")
    assert found.report.read["units"] == 1
    assert any("people.csv:3" in line and "'R&D' elsewhere" in line for line in remarks(found, "mended"))


# --------------------------------------------------------------------------------------------------------- hostile


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "people.csv:1: the file is empty"),
        (b"ID,Name,Hired\n", "people.csv: the table has no rows"),
        (b"a,b\n1,2\n", "people.csv:1: no column names the people"),
        (b"ID,Name\n1,Ada\n", "people.csv:1: no column tells when people were hired"),
        (b'ID,Name,Hired\n1,"Ada,2015-01-01\n', "people.csv:2: not CSV"),
        (b"ID,Name,Hired\n1,A\0da,2015-01-01\n", "people.csv:2: the line has a NUL byte"),
        ("ID,Name,Hired\n1,José,2015-01-01\n".encode("cp1252"), "people.csv:2: the line is not utf-8"),
        (b"ID,Name,Hired\n1," + b"x" * 2_000_000 + b",2015-01-01\n", "people.csv:2: the line is longer"),
        (b"ID,Name,Hired\n1,Ada,01/02/2024\n", "people.csv:2 [Hired]: '01/02/2024'"),
        (b"ID,Name,Hired\n1,Ada,x\n", "people.csv: no row has a date"),
        (b"ID,Name,Hired,Left\n1,Ada,2015-01-01,2014-01-01\n", "people.csv: of nobody is it told"),
    ],
)
def test_broken_files_end_in_a_located_message(tmp_path: Path, text: bytes, said: str) -> None:
    """The place, what is wrong, and a remedy; never a traceback."""
    path = tmp_path / "people.csv"
    path.write_bytes(text)
    with pytest.raises(ImportProblem) as caught:
        load("employees", [path], Options(organization="acme"))
    assert str(caught.value).startswith(said)
    assert "hint: " in str(caught.value)


def test_another_encoding_and_another_order_of_dates_are_told(tmp_path: Path) -> None:
    """With the encoding and the format given, the same file is read."""
    table = "ID;Name;Hired\n1;José;01/02/2024\n"
    found = imported(tmp_path, table, encoding="utf-8", date_format="%d/%m/%Y")
    assert str(found.events[1].date) == "2024-02-01"
    (tmp_path / "people.csv").write_bytes(table.encode("cp1252"))
    options = Options(organization="acme", encoding="cp1252", date_format="%m/%d/%Y")
    found = load("employees", [tmp_path / "people.csv"], options)
    assert (found.people[0].name, str(found.events[1].date)) == ("José", "2024-01-02")


@pytest.mark.parametrize("organization", ["a/b", "none", "", "x" * 100])
def test_a_wrong_organization_is_a_wrong_call(tmp_path: Path, organization: str) -> None:
    """An id that cannot be one is refused before anything is read; without one, a name is guessed and told."""
    path = tmp_path / "people.csv"
    path.write_text(ONE_EACH, encoding="utf-8")
    if organization:
        with pytest.raises(UserError, match="--organization"):
            load("employees", [path], Options(organization=organization))
    else:
        assert any("--organization" in line for line in remarks(load("employees", [path], Options()), "guessed"))


# ------------------------------------------------------------------------------------------------------ spreadsheets


def workbook(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """A spreadsheet with one sheet."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("People")
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_a_spreadsheet_is_a_table(tmp_path: Path) -> None:
    """Dates are dates, numbers are texts, and numbers as ids are flagged for the zeros they may have lost."""
    rows: list[list[object]] = [
        ["ID", "Name", "Hired", "Left", "Salary"],
        [7, "Ada", dt.datetime(2015, 1, 1), None, 1.5],  # noqa: DTZ001 - as the library gives it
        [None, None, None, None, None],
        ["008", "NA", "2016-01-01", dt.date(2020, 1, 1), 2],
    ]
    found = load("employees", [workbook(tmp_path / "people.xlsx", rows)], Options(organization="acme"))
    found.ledger()
    assert [(p.id, p.name) for p in found.people] == [("7", "Ada"), ("008", "NA")]
    assert employed(found, "2019-12-31") == {"7", "008"}
    assert employed(found, "2020-01-01") == {"7"}
    assert any("people.xlsx:2 [ID]" in line and "numbers" in line for line in remarks(found, "flagged"))
    assert {ref.line for event in found.events for ref in event.source} == {2, 4}


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    """An archive with these members, compressed as well as can be."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_bomb_is_refused_at_once(tmp_path: Path) -> None:
    """A small archive that unpacks to a huge sheet is measured, not unpacked."""
    start = workbook(tmp_path / "small.xlsx", [["ID"], [1]])
    with zipfile.ZipFile(start) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["xl/worksheets/sheet1.xml"] = b"<sheetData>" + b"<row/>" * 10_000_000
    bomb = zipped(tmp_path / "bomb.xlsx", members)
    began = time.perf_counter()
    with pytest.raises(ImportProblem, match="more than 100 times what is stored"):
        load("employees", [bomb], Options())
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and nothing more",
        b"not an archive at all",
        b"",
    ],
)
def test_what_is_no_spreadsheet_is_refused(tmp_path: Path, content: bytes) -> None:
    """Whatever a broken file makes of the library, the user reads a sentence."""
    path = tmp_path / "people.xlsx"
    path.write_bytes(content)
    with pytest.raises(ImportProblem, match=r"people\.xlsx: this is no spreadsheet"):
        load("employees", [path], Options())


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">
<c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"""


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (ENTITIES, "no spreadsheet that can be read"),
        (b"<worksheet><sheetData><row r='1'><c", "no spreadsheet that can be read"),
        (None, "no spreadsheet that can be read"),
    ],
)
def test_hostile_sheets_are_refused(tmp_path: Path, sheet: bytes | None, said: str) -> None:
    """Entities, torn markup and missing parts end in a message."""
    start = workbook(tmp_path / "small.xlsx", [["ID", "Name", "Hired"], [1, "Ada", "2015-01-01"]])
    with zipfile.ZipFile(start) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    if sheet is None:
        del members["xl/workbook.xml"]
    else:
        members["xl/worksheets/sheet1.xml"] = sheet
    with pytest.raises(ImportProblem, match=said):
        load("employees", [zipped(tmp_path / "people.xlsx", members)], Options())


def test_too_wide_and_too_long_sheets_are_refused(tmp_path: Path) -> None:
    """A cell far away does not make a table of empty cells."""
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    cell = b'<c r="%s" t="inlineStr"><is><t>x</t></is></c>'
    start = workbook(tmp_path / "small.xlsx", [["ID"], [1]])
    with zipfile.ZipFile(start) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for place, row, said in ((b"XFD1", b"1", "16,384 cells"), (b"A900000", b"900000", "rows")):
        content = head + b'<row r="%s">' % row + cell % place + b"</row></sheetData></worksheet>"
        members["xl/worksheets/sheet1.xml"] = content
        with pytest.raises(ImportProblem, match=said):
            load("employees", [zipped(tmp_path / "people.xlsx", members)], Options())


def test_without_the_extra_the_message_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library is not installed, the user reads what to install."""
    path = workbook(tmp_path / "people.xlsx", [["ID"], [1]])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtraError, match=r"orgsim\[xlsx\]") as caught:
        load("employees", [path], Options())
    assert caught.value.extra == "xlsx"


# ---------------------------------------------------------------------------------------------------------- at random


ODD = (
    "",
    "Ada Rossi",
    "Rossi, Ada",
    "NA",
    "nan",
    "none",
    "=1",
    "x" * 1500,
    "Lee, Ann B.",
    "Ann Lee",
    "a\nb",
    "O, P, Jr.",
    "0",
    "acme",
)


def odd_table(luck: random.Random) -> list[dict[str, str]]:
    """Rows of which hardly one makes sense."""

    def day() -> str:
        return str(DAY("2015-01-01") + dt.timedelta(days=luck.randrange(60 if luck.random() < 0.7 else 2000)))

    def cell(*more: str) -> str:
        return luck.choice([*more, day(), day(), day()])

    ids = ["none", "E 1", "acme", "A/B", *("0" * luck.randrange(3) + str(n) for n in range(luck.randrange(1, 12)))]
    wide = luck.randrange(16)
    rows = []
    for _ in range(luck.randrange(1, 40)):
        row = {
            "ID": luck.choice([*ids, ""]),
            "Name": luck.choice(ODD),
            "Hired": cell("", "2015", "2015-02", "2024-02-30", "9999-12-31", "..2015-03-01", "x"),
            "Left": cell("", "", "", "9999-12-31", "N/A-StillEmployed", "9998-12-31", "x"),
            "Manager ID": luck.choice([*ids, "", "NO_MANAGER", "zzz"]),
            "Manager Name": luck.choice([*ODD, "", ""]),
            "Status": luck.choice(["", "Active", "Terminated", "On Leave"]),
            "FTE": luck.choice(["", "1", "0.5", "50%", "2", "x"]),
        }
        if wide & 1:
            row["Position ID"] = luck.choice(["", "P1", "P1", "P2", "P 2", "0", "none"])
        if wide & 2:
            row |= {"Title": luck.choice(ODD), "Department": luck.choice(["", "Sales", "sales ", "R&D", "100", "财务"])}
        if wide & 4:
            row |= {"Effective Date": cell(""), "Sequence": luck.choice(["", "1", "2", "x"])}
        if wide & 8:
            row["Valid To"] = cell("", "9999-12-31")
        rows.append(row)
    return rows


@pytest.mark.parametrize("start", range(0, 120, 20))
def test_whatever_a_table_says_the_ledger_holds_together(tmp_path: Path, start: int) -> None:
    """Odd tables end in a sound ledger, the same every time, or in a located message."""
    path = tmp_path / "people.csv"
    for seed in range(start, start + 20):
        luck = random.Random(seed)  # noqa: S311 - nothing secret
        rows = odd_table(luck)
        with path.open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, list(rows[0]))
            table.writeheader()
            table.writerows(rows)
        known = DAY("2018-01-01") if luck.random() < 0.3 else None
        options = Options(
            organization="acme", known=known, end_inclusive=luck.random() < 0.5, gap_days=luck.choice([0, 5])
        )
        try:
            first, second = (load("employees", [path], options) for _ in range(2))
        except ImportProblem:
            continue
        first.ledger()
        assert list(first.events) == list(second.events)
        assert first.report.text() == second.report.text()
