"""What follows from what cannot be read: the report says it, with the remedy."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from orgsim.errors import UserError
from orgsim.importers import Imported, Options, load
from orgsim.importers.cells import Dates
from orgsim.importers.report import Place
from orgsim.importers.tabular import ImportProblem
from orgsim.importing import import_files
from orgsim.reading.reader import read_texts
from orgsim.writing import to_yaml

DAY = dt.date.fromisoformat
HERE = Place("a.csv", 2)


def imported(folder: Path, format_: str, text: str, **options: Any) -> Imported:
    """Import a table written here."""
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    found = load(format_, [path], Options(**{"organization": "acme", **options}))
    found.ledger()
    return found


def remarks(found: Imported, kind: str) -> list[str]:
    """The remarks of a kind, as lines."""
    return [str(remark) for remark in found.report.of(kind)]


def some(lines: Sequence[str], *parts: str) -> bool:
    """Whether one line has all parts."""
    return any(all(part in line for part in parts) for line in lines)


# ------------------------------------------------------------------------------------------------- shares of a full job


@pytest.mark.parametrize(
    ("share", "remedy"),
    [
        ("80", "write a percentage as '80%'"),
        ("37.5", "hours as their share of a full week"),
        ("0", "write 0.8 or 80%"),
        ("1.5", "write 0.8 or 80%"),
        ("-0.5", "write 0.8 or 80%"),
        ("abc", "write 0.8 or 80%"),
        ("300%", "write 0.8 or 80%"),
    ],
)
def test_a_share_that_is_none_counts_as_one_and_says_so(tmp_path: Path, share: str, remedy: str) -> None:
    """Nobody is made a part-timer by a guess; the remark says what is counted instead, and what to write."""
    found = imported(tmp_path, "employees", f"ID,Name,Hired,FTE\n1,Ada,2020-01-01,{share}\n")
    (job,) = found.ledger().chart(DAY("2020-01-01")).person("1").employments
    assert job.fte == 1.0
    assert some(remarks(found, "refused"), "table.csv:2 [FTE]", "counted as 1.0; ", remedy)


def test_hours_in_every_row_are_told_once(tmp_path: Path) -> None:
    """A column of hours would fill the report; each number is told with its first row and how many there are."""
    rows = "".join(f"{person},P{person},2020-01-01,{40 if person % 4 else 20}\n" for person in range(1, 9))
    told = remarks(imported(tmp_path, "employees", f"ID,Name,Hired,FTE\n{rows}"), "refused")
    assert [line.partition(":")[2].partition(" is not")[0] for line in told] == [
        "2 [FTE]: refused: '40'",
        "5 [FTE]: refused: '20'",
    ]
    assert [line.rpartition("(")[2] for line in told] == ["this and 5 more like it)", "this and 1 more like it)"]


def test_the_remedy_is_one(tmp_path: Path) -> None:
    """What the remark tells to write is read as that."""
    found = imported(tmp_path, "employees", "ID,Name,Hired,FTE\n1,Ada,2020-01-01,80%\n")
    assert found.ledger().chart(DAY("2020-01-01")).person("1").employments[0].fte == 0.8
    assert remarks(found, "refused") == []


def test_a_share_may_be_told_by_another_row(tmp_path: Path) -> None:
    """Where a person has several rows, the one that cannot be read need not be the one that counts."""
    table = "ID,Name,Effective Date,FTE\n1,Ada,2020-01-01,40\n1,Ada,2021-01-01,0.5\n"
    found = imported(tmp_path, "employees", table)
    assert found.ledger().chart(DAY("2021-01-01")).person("1").employments[0].fte == 0.5
    assert some(remarks(found, "refused"), "table.csv:2 [FTE]", "counted as 1.0 unless another row tells one")


# ----------------------------------------------------------------------------------------------------- ends and exports


def test_an_end_that_cannot_be_read_leaves_the_person_employed(tmp_path: Path) -> None:
    """The remark says that the person stays; with a status that says gone they do not, and it does not."""
    table = "ID,Name,Hired,Left,Status\n1,Ada,2016-01-01,31/12/2022 (last day),{}\n2,Ben,2016-01-01,,Active\n"
    found = imported(tmp_path, "employees", table.format("Active"), known=DAY("2024-01-31"))
    assert found.ledger().chart(DAY("2025-01-01")).person("1").employments
    assert some(remarks(found, "refused"), "table.csv:2 [Left]", "employed on and on")
    gone = imported(tmp_path, "employees", table.format("Terminated"), known=DAY("2024-01-31"))
    assert not gone.ledger().chart(DAY("2025-01-01")).person("1").employments
    assert some(remarks(gone, "refused"), "table.csv:2 [Left]")
    assert not some(remarks(gone, "refused"), "employed on and on")


@pytest.mark.parametrize(
    ("today", "taken"),
    [
        ("2026-05-01", "that of 2020-01-01, the last day in it that is not after today"),
        ("2031-01-01", "that of 2031-01-01, the last day in it;"),
        ("2010-01-01", "that of 2010-01-01, today"),
    ],
)
def test_an_export_is_never_taken_for_one_of_the_future(tmp_path: Path, today: str, taken: str) -> None:
    """A hire still to come does not date the table; where all days are still to come, it is of today."""
    table = "ID,Name,Hired,Left\n1,Ada,2015-01-01,\n2,Ben,2031-01-01,\n3,Cyd,2020-01-01,2030-12-31\n"
    found = imported(tmp_path, "employees", table, today=DAY(today))
    assert some(remarks(found, "guessed"), taken, "--known")


def test_an_id_of_two_people_is_told_with_both_names(tmp_path: Path) -> None:
    """Of two rows that cannot be one person, the report says whose id it is."""
    table = "ID,Name,Hired\n2,Ben Ray,2016-01-01\n2,Cyd Fox,2017-01-01\n"
    found = imported(tmp_path, "employees", table)
    assert some(remarks(found, "refused"), "table.csv:3", "the id '2': 'Cyd Fox' here, 'Ben Ray' there")


# --------------------------------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize("format_", ["foo", "%d/%m", "%Y", "%m/%Y", "%H:%M", "", "%A %d %B"])
def test_a_format_without_a_whole_day_is_refused(format_: str) -> None:
    """Year, month and day are needed, however they are told."""
    with pytest.raises(UserError, match=r"no date format: .*year.*month.*day"):
        Dates(format_)


@pytest.mark.parametrize(
    "format_", ["%d/%m/%Y", "%m/%d/%y", "%Y%m%d", "%d %B %Y", "%Y-%j", "%G-W%V-%u", "%d.%m.%Y %H:%M"]
)
def test_a_format_with_a_whole_day_is_taken(format_: str) -> None:
    """A day written by it is read as that day."""
    day = dt.date(2021, 12, 31)
    assert Dates(format_).read(day.strftime(format_), HERE).day == day


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("31.12.2021", r"but %d\.%m\.%Y\n  hint: give --date-format %d\.%m\.%Y$"),
        ("12/31/2021", r"but %m/%d/%Y\n  hint: give --date-format %m/%d/%Y$"),
        ("2021/12/31", r"but %Y/%m/%d\n  hint: give --date-format %Y/%m/%d$"),
        (
            "11/12/2021",
            "could be read in more than one way\n  hint: give --date-format, for example %d/%m/%Y or %m/%d/%Y",
        ),
        ("10.11.12", r"could be read in more than one way"),
    ],
)
def test_a_date_that_is_not_iso_says_in_how_many_ways_it_is_one(text: str, said: str) -> None:
    """There is no 31st month; the hint is the format that reads it."""
    with pytest.raises(ImportProblem, match=said):
        Dates(None).read(text, HERE)


@pytest.mark.parametrize("text", ["99/99/2021", "31/02/2021", "0.0.0"])
def test_a_date_in_no_way_is_none(text: str) -> None:
    """No format would read it, so none is asked for."""
    with pytest.raises(ValueError, match="is not a date"):
        Dates(None).read(text, HERE)


TABLES = {
    "employees": ("ID,Name,Hired\n1,Ada,2015/01/31\n2,Ben,2016/01/31\n", {"known": DAY("2024-01-31")}),
    "spells": ("name,post,from\nAda,ceo,2015/01/31\n", {}),
    "snapshots": ("id,name,from\n1,Ada,2015/01/31\n2,Ben,2016-01-31\n", {}),
}


@pytest.mark.parametrize("format_", TABLES)
def test_a_format_that_fits_no_date_is_told_first(tmp_path: Path, format_: str) -> None:
    """Before the dates it does not fit; with the right format nothing is refused."""
    text, options = TABLES[format_]
    found = imported(tmp_path, format_, text, date_format="%d/%m/%Y", **options)
    first, *others = remarks(found, "refused")
    assert "--date-format %d/%m/%Y fits no date of the table, such as '2015/01/31'" in first
    assert some(others, "is not a date written %d/%m/%Y, nor YYYY-MM-DD")
    assert remarks(imported(tmp_path, format_, text, date_format="%Y/%m/%d", **options), "refused") == []


def test_a_format_that_fits_some_dates_is_not_blamed(tmp_path: Path) -> None:
    """A single wrong date is that date's fault."""
    found = imported(tmp_path, "employees", "ID,Name,Hired\n1,Ada,31/01/2015\n2,Ben,soon\n", date_format="%d/%m/%Y")
    (told,) = remarks(found, "refused")
    assert "'soon'" in told
    assert "--date-format" not in told


def test_orders_of_which_nothing_is_read_say_why(tmp_path: Path) -> None:
    """The first reason, or else which columns are needed."""
    text = "date,verb,officer,post\n2015/01/31,assumes,Ada,ceo\n"
    with pytest.raises(ImportProblem, match=r"the first reason is: .*--date-format %d/%m/%Y fits no date"):
        imported(tmp_path, "orders", text, date_format="%d/%m/%Y")
    with pytest.raises(ImportProblem, match="columns such as 'date', 'verb', 'officer'"):
        imported(tmp_path, "orders", "date,verb,officer,post\n")


# ------------------------------------------------------------------------------------------------- whole tables, people


@pytest.mark.parametrize("format_", ["employees", "spells"])
def test_a_table_with_only_a_header_is_no_history(tmp_path: Path, format_: str) -> None:
    """An export without rows went wrong, whatever it is of; nothing is written."""
    with pytest.raises(ImportProblem, match="the table has no rows"):
        imported(tmp_path, format_, "ID,Name,Post,Hired,From\n")


def test_a_person_without_a_name_is_flagged(tmp_path: Path) -> None:
    """Who is only an id is called by it, unless another row tells the name."""
    text = (
        "person_id,name,post,from\n4,,clerk,2018-01-01\n5,Eve,chief,2018-01-01\n"
        "6,,guard,2018-01-01\n6,Flo,cook,2019-01-01\n"
    )
    assert remarks(imported(tmp_path, "spells", text), "flagged")[0] == (
        "table.csv:2: flagged: the row has no name; the person is called '4'"
    )
    assert not some(remarks(imported(tmp_path, "spells", text), "flagged"), "no name", "'6'")


def test_a_column_that_no_file_is_asked_for_is_said_once(tmp_path: Path) -> None:
    """A series has a file for each date; the remark names the first, and counts values and files."""
    paths = [tmp_path / f"s-2024-0{month}-01.csv" for month in (1, 2, 3)]
    for path in paths:
        path.write_text("id,name,Desk,Site\n1,Ada,0.5,\n2,Ben,1,Rome\n", encoding="utf-8")
    paths[2].write_text("id,name,Desk\n1,Ada,0.5\n2,Ben,\n", encoding="utf-8")
    found = load("snapshots", paths, Options(organization="acme"))
    assert remarks(found, "refused") == [
        f"s-2024-01-01.csv [{column}]: refused: the column is not read: the profile does not ask for its {many}"
        for column, many in (("Desk", "5 values in 3 files"), ("Site", "2 values in 2 files"))
    ]


# ------------------------------------------------------------------------------------------------------------- the top

STAFF = """\
ID,Name,Title,Hired,Left,Manager ID
1,Ada,Chief,2015-01-01,,{}
2,Ben,Head,2016-01-01,,1
3,Cyd,Clerk,2016-01-01,,2
"""


def test_the_only_post_that_can_be_the_top_is_named_with_the_remedy(tmp_path: Path) -> None:
    """Its line stays unknown; with the words of the remark in the ledger, every post has its layer."""
    found = imported(tmp_path, "employees", STAFF.format(""))
    assert some(remarks(found, "flagged"), "table.csv:2 [Manager ID]", "'post-of-1'", "'reports_to: none'")
    ledger, day = found.ledger(), DAY("2020-01-01")
    assert ledger.chart(day).post("post-of-1").line is None
    text = to_yaml(ledger).replace("post: post-of-1,", "post: post-of-1, reports_to: none,", 1)
    chart = read_texts([("ledger.yaml", text.encode())]).chart(day)
    assert [chart.layer(f"post-of-{person}") for person in (1, 2, 3)] == [0, 1, 2]
    line = chart.post("post-of-1").line
    assert line is not None
    assert line.to == "none"


def test_a_series_names_the_post_that_may_be_the_top(tmp_path: Path) -> None:
    """As a table of employees does, and the remedy is the same; a manager who is nobody makes no top."""
    text = "Snapshot Date,ID,Name,Title,Manager ID\n2020-01-01,1,Ada,Chief,{}\n2020-01-01,2,Ben,Head,1\n"
    found = imported(tmp_path, "snapshots", text.format(""))
    assert some(remarks(found, "flagged"), "table.csv:2 [Manager ID]", "'1.post'", "'reports_to: none'")
    written = to_yaml(found.ledger()).replace('post: "1.post",', 'post: "1.post", reports_to: none,', 1)
    chart = read_texts([("ledger.yaml", written.encode())]).chart(DAY("2020-01-01"))
    assert [chart.layer(f"{person}.post") for person in (1, 2)] == [0, 1]
    for other in ("99", "none"):
        found = imported(tmp_path, "snapshots", text.format(other))
        assert not some(remarks(found, "flagged"), "reports_to: none")


@pytest.mark.parametrize(
    "table",
    [
        STAFF.format("NO_MANAGER"),
        STAFF.format("99"),
        STAFF.format("") + "4,Dee,Chair,2015-01-01,,\n",
        STAFF.format("").replace("2015-01-01,", "2015-01-01,2019-01-01"),
        "ID,Name,Title,Hired,Left,Manager ID\n1,Ada,Chief,2015-01-01,,\n",
    ],
    ids=["a stated top", "an unknown manager", "two that may be it", "a chief who left", "nobody below"],
)
def test_no_top_is_named_where_it_is_not_plain(tmp_path: Path, table: str) -> None:
    """Only one open post without a manager, to which all others lead, is worth a word."""
    assert not some(remarks(imported(tmp_path, "employees", table), "flagged"), "reports_to")


# -------------------------------------------------------------------------------------------------------------- writing


def test_a_folder_that_cannot_be_made_is_named_as_the_user_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by the hidden name under which it is being written."""

    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied", str(tmp_path / ".out.abc123"))

    monkeypatch.setattr("orgsim.importing.tempfile.mkdtemp", refuse)
    table = tmp_path / "table.csv"
    table.write_text(STAFF.format(""), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        import_files("employees", [table], tmp_path / "out", {"organization": "acme"})
    assert str(caught.value) == f"{str(tmp_path / 'out')!r} cannot be written: Permission denied"
    assert caught.value.exit_code == 4
