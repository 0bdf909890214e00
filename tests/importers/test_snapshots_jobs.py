"""Snapshots with dates of hire and shares of a full-time job: what they tell, and what contradicts what was seen."""

import datetime as dt
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgsim.events import Appoint, ChangeEmployment, Depart, Hire, OpenUnit, Report, SourceRef
from orgsim.importers import Imported
from orgsim.importers.tabular import ImportProblem
from orgsim.metrics import bridge, headcount
from tests.importers.test_snapshots import imported, of, said, when

DAY = dt.date.fromisoformat
DAYS = ("2024-01-31", "2024-02-29", "2024-03-31")
HEADER = "Employee ID,Name,Job Title,FTE,Hire Date\n"


def series(folder: Path, *rows: str, **options: object) -> Imported:
    """The import of as many snapshots; of each, the rows are parted by semicolons, and Ann is always there."""
    ann = "001,Ann Lee,Head,1,2015-03-01"
    texts = [HEADER + "\n".join([ann, *filter(None, row.split(";"))]) + "\n" for row in rows]
    return imported(folder, {f"staff-{day}.csv": text for day, text in zip(DAYS, texts, strict=False)}, **options)


def hires(found: Imported, person: str = "002") -> list[tuple[str, str]]:
    """When somebody was hired, and since when that is known."""
    return [when(event) for event in of(found, Hire) if isinstance(event, Hire) and event.person == person]


def test_who_is_in_the_first_snapshot_was_hired_on_the_date_of_hire(tmp_path: Path) -> None:
    """The hire is dated truly, the organization is there by then, and since when a post is held stays vague."""
    found = series(tmp_path, "002,Bob Ray,Clerk,,2020-06", "002,Bob Ray,Clerk,,2020-06")
    assert hires(found, "001") == [("2015-03-01", "2024-01-31")]
    assert hires(found) == [("2020-06", "2024-01-31")]
    assert [when(event) for event in of(found, Appoint)] == [("..2024-01-31", "2024-01-31")] * 2
    assert [when(event) for event in of(found, OpenUnit)] == [("..2015-03-01", "2024-01-31")]
    assert [row.headcount for row in headcount(found.ledger(), [DAY("2019-01-01"), DAY("2021-01-01")])] == [1, 2]
    (remark,) = said(found, "flagged")
    assert remark.startswith("staff-2024-01-31.csv [Hire Date]: flagged: before 2024-01-31 only those are counted")


def test_who_is_new_was_hired_on_the_date_of_hire(tmp_path: Path) -> None:
    """Between two snapshots, the date of hire says the day; the post began on it or later."""
    found = series(tmp_path, "", "002,Bob Ray,Clerk,,2024-02-15")
    assert hires(found) == [("2024-02-15", "2024-02-29")]
    assert when(of(found, Appoint)[-1]) == ("2024-02-15..2024-02-29", "2024-02-29")


def test_a_line_to_a_new_manager_begins_with_their_hire(tmp_path: Path) -> None:
    """The rows differ by a manager who was hired between the snapshots: until then the line is as before."""
    head = "Employee ID,Name,Manager ID,Hire Date\n001,Ann Lee,,2015-03-01\n"
    before, after = "002,Bob Ray,001,2020-06-15\n", "002,Bob Ray,004,2020-06-15\n004,Dee Ash,001,2024-02-15\n"
    files = {"staff-2024-01-31.csv": head + before, "staff-2024-02-29.csv": head + after}
    found = imported(tmp_path, files)
    lines = [
        (str(event.date), event.to) for event in found.events if isinstance(event, Report) and event.post == "002.post"
    ]
    assert lines == [("..2024-01-31", "001.post"), ("2024-02-15..2024-02-29", "004.post")]
    assert not any("is not there" in line for line in said(found, "flagged"))


def test_a_start_date_in_a_snapshot_is_that_of_the_hire(tmp_path: Path) -> None:
    """The column is read, and nothing is said of it; where rows say from when to when, it says just that."""
    text = "Employee ID,Name,Start Date\n001,Ann Lee,2015-03-01\n"
    found = imported(tmp_path, {"staff-2024-01-31.csv": text})
    assert hires(found, "001") == [("2015-03-01", "2024-01-31")]
    assert said(found, "refused") == []
    assert hires(imported(tmp_path, {"rows.csv": text}), "001") == [("2015-03-01", "2015-03-01")]


def test_rows_with_from_and_to_may_have_a_date_of_hire(tmp_path: Path) -> None:
    """The first state begins later than the employment."""
    text = "Employee ID,Name,Job Title,From,To,Hire Date\n001,Ann Lee,Head,2020-01-01,,2015-03-01\n"
    found = imported(tmp_path, {"rows.csv": text})
    assert hires(found, "001") == [("2015-03-01", "2015-03-01")]
    assert [when(event) for event in of(found, Appoint)] == [("2020-01-01", "2020-01-01")]
    assert said(found, "flagged") == []


def test_a_new_date_of_hire_is_a_rehire(tmp_path: Path) -> None:
    """Somebody seen twice with a new date of hire in between left, and was hired on it."""
    found = series(tmp_path, "002,Bob Ray,Clerk,,2020-06-15", "002,Bob Ray,Clerk,,2024-02-20")
    assert hires(found) == [("2020-06-15", "2024-01-31"), ("2024-02-20", "2024-02-29")]
    (gone,) = of(found, Depart)
    assert (when(gone), gone.certainty) == (("2024-02-01..2024-02-20", "2024-02-29"), "inferred")
    assert bridge(found.ledger(), DAY("2024-02-01"), DAY("2024-03-01")).departures == 1


@pytest.mark.parametrize(
    ("rows", "place", "words", "hired"),
    [
        (
            ("", "002,Bob Ray,Clerk,,2023-05-01"),
            "staff-2024-02-29.csv:3",
            "hired on 2023-05-01, but not in the snapshot of 2024-01-31; counted from 2024-02-01..2024-02-29 on",
            "2024-02-01..2024-02-29",
        ),
        (
            ("002,Bob Ray,Clerk,,2024-02-12", "002,Bob Ray,Clerk,,2024-02-12"),
            "staff-2024-01-31.csv:3",
            "hired on 2024-02-12, after the snapshot of 2024-01-31; who is in a snapshot counts",
            "..2024-01-31",
        ),
        (
            ("002,Bob Ray,Clerk,,", "002,Bob Ray,Clerk,,2024-02-12"),
            "staff-2024-02-29.csv:3",
            "hired on 2024-02-12, but seen on 2024-01-31 already, which counts",
            "..2024-01-31",
        ),
        (
            ("002,Bob Ray,Clerk,,2020-06-15", "002,Bob Ray,Clerk,,2021-06-15"),
            "staff-2024-02-29.csv:3",
            "hired on 2021-06-15 here, but on 2020-06-15 in a snapshot before, which counts: correct one of them",
            "2020-06-15",
        ),
    ],
)
def test_a_date_of_hire_that_contradicts_what_was_seen_is_told(
    tmp_path: Path, rows: tuple[str, str], place: str, words: str, hired: str
) -> None:
    """What was seen counts; the remark has its place, and says what to do."""
    found = series(tmp_path, *rows)
    (remark,) = [line for line in said(found, "flagged") if line.startswith(f"{place} [Hire Date]: flagged: {words}")]
    assert "correct" in remark
    assert [date for date, _ in hires(found)] == [hired]


def test_who_comes_back_with_the_old_date_of_hire_was_gone(tmp_path: Path) -> None:
    """Missing in a snapshot is a departure, whatever the date of hire; that is flagged."""
    found = series(tmp_path, "002,Bob Ray,Clerk,,2020-06-15", "", "002,Bob Ray,Clerk,,2020-06-15")
    assert [date for date, _ in hires(found)] == ["2020-06-15", "2024-03-01..2024-03-31"]
    assert any("not in the snapshot of 2024-02-29" in line for line in said(found, "flagged"))


def test_every_date_that_is_none_is_told(tmp_path: Path) -> None:
    """All of them at once, each with its place; one that could be two days needs the format."""
    found = series(tmp_path, "002,Bob Ray,Clerk,,soon;003,Cyd Fox,Clerk,,9999-12-31;004,Dee Ash,Clerk,,n/a")
    assert [line.partition(" is")[0] for line in said(found, "refused")] == [
        "staff-2024-01-31.csv:3 [Hire Date]: refused: 'soon'",
        "staff-2024-01-31.csv:4 [Hire Date]: refused: '9999-12-31'",
    ]
    with pytest.raises(ImportProblem, match=r"staff-2024-01-31.csv:3 \[Hire Date\].*more than one way"):
        series(tmp_path, "002,Bob Ray,Clerk,,01/02/2020")
    assert hires(series(tmp_path, "002,Bob Ray,Clerk,,01/02/2020", date_format="%d/%m/%Y"))[0][0] == "2020-02-01"


def shares(found: Imported) -> list[tuple[str, str, str, float]]:
    """Who changed to which share of a full-time job, when, and since when that is known."""
    return [(e.person, *when(e), e.fte) for e in of(found, ChangeEmployment) if isinstance(e, ChangeEmployment)]


def test_a_share_of_a_full_time_job_changes_between_two_snapshots(tmp_path: Path) -> None:
    """The FTE by hand; who changes it goes on, in the post and in tenure, and an empty cell changes nothing."""
    found = series(
        tmp_path, *(f"002,Bob Ray,Clerk,{fte},2020-06-15;003,Cyd Fox,Clerk,50%," for fte in ("1", "0.8", ""))
    )
    ledger = found.ledger()
    dates = [DAY(day) for day in ("2024-01-31", "2024-02-01", "2024-03-31")]
    assert [row.fte for row in headcount(ledger, dates)] == pytest.approx([2.5, 2.3, 2.3])
    assert [row.headcount for row in headcount(ledger, dates)] == [3, 3, 3]
    assert of(found, Depart) == []
    assert shares(found) == [("002", "2024-02-01..2024-02-29", "2024-02-29", 0.8)]
    assert of(found, ChangeEmployment)[0].source == (SourceRef("staff-2024-02-29", line=3),)
    assert said(found, "refused") == []
    (job,) = ledger.chart(DAY("2024-03-31")).person("002").employments
    assert (str(job.since), len(of(found, Appoint))) == ("2020-06-15", 3)


def test_a_share_told_late_counts_from_the_beginning(tmp_path: Path) -> None:
    """An empty cell is no other share; what is none is refused once, with what to write; a rehire has its own."""
    found = series(tmp_path, "002,Bob Ray,Clerk,,", "002,Bob Ray,Clerk,0.6,", "002,Bob Ray,Clerk,40,")
    assert [event.fte for event in of(found, Hire) if isinstance(event, Hire)] == [1.0, 0.6]
    (remark,) = said(found, "refused")
    assert remark == (
        "staff-2024-03-31.csv:3 [FTE]: refused: '40' is not a share of a full-time job; counted as told otherwise, "
        "or as 1.0; write a percentage as '40%', and hours as their share of a full week"
    )
    again = series(tmp_path, "002,Bob Ray,Clerk,0.6,2020-06-15", "002,Bob Ray,Clerk,0.8,2024-02-12")
    assert [event.fte for event in of(again, Hire) if isinstance(event, Hire)] == [1.0, 0.6, 0.8]


def test_of_two_rows_the_first_goes_on_to_count(tmp_path: Path) -> None:
    """Two posts of one person: what the first row says counts, also when it changes, and when only the title does."""
    rows = ("desk,Clerk,0.5;lab,Porter,0.8", "desk,Chief,0.5;lab,Porter,0.8", "desk,Chief,0.6;lab,Porter,0.8")
    texts = ["\n".join(f"002,Bob Ray,{cell}" for cell in row.split(";")) for row in (*rows, "lab,Porter,0.8")]
    header = "Employee ID,Name,Position ID,Job Title,FTE\n"
    days = (*DAYS, "2024-04-30")
    found = imported(tmp_path, {f"s-{day}.csv": header + text for day, text in zip(days, texts, strict=True)})
    assert [event.fte for event in of(found, Hire) if isinstance(event, Hire)] == [0.5]
    assert shares(found) == [
        ("002", "2024-03-01..2024-03-31", "2024-03-31", 0.6),
        ("002", "2024-04-01..2024-04-30", "2024-04-30", 0.8),
    ]
    assert said(found, "refused") == [
        "s-2024-01-31.csv:3 [FTE]: refused: says 0.8, where s-2024-01-31.csv:2 says 0.5 of the same person; that counts"
    ]


@given(st.lists(st.tuples(*[st.sampled_from([None, "", "1", "0.5", "0.8"])] * 2), min_size=1, max_size=3))
def test_on_the_day_of_a_snapshot_fte_is_what_its_rows_say(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str | None, ...]]
) -> None:
    """Counted row by row: who tells none has that told before while there, else that told after, else a whole one."""
    others = [f"01{n},Other {n},Clerk,1,2015-03-01" for n in range(3)]
    rows = [
        ";".join([*others, *(f"00{n},P {n},Clerk,{fte}," for n, fte in enumerate(each, 2) if fte is not None)])
        for each in told
    ]
    found = series(tmp_path_factory.mktemp("drawn"), *rows)
    sums = [4.0] * len(told)
    for of_person in zip(*told, strict=True):
        for there, run in groupby(enumerate(of_person), lambda item: item[1] is not None):
            stay = list(run)
            share = next((float(fte) for _, fte in stay if fte), 1.0)
            for at, fte in stay if there else ():
                share = float(fte or share)
                sums[at] += share
    counted = headcount(found.ledger(), [DAY(day) for day in DAYS[: len(told)]])
    assert [row.fte for row in counted] == pytest.approx(sums)


def test_members_have_no_date_of_hire(tmp_path: Path) -> None:
    """A profile of those who need no employment cannot ask for one."""
    (tmp_path / "own.yaml").write_text(
        "orgsim: import-profile/1\nformat: snapshots\nemployed: 'false'\n"
        "tables:\n- {kind: entries, fields: {name: name, hired: since}}\n"
    )
    with pytest.raises(ImportProblem, match="'hired' and 'fte' are of those who are employed"):
        series(tmp_path, "", profile=str(tmp_path / "own.yaml"))


dates = st.sampled_from(["", "2015", "2024-01-20", "2024-02", "2024-02-01", "2024-02-14", "2024-03-09", "2024-04-02"])
cells = st.none() | st.tuples(st.sampled_from(["", "1", "0.5"]), dates)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=3))
def test_any_dates_and_shares_give_a_ledger(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[tuple[str, str] | None, ...]]
) -> None:
    """Whatever is told: a ledger, in which on the day of each snapshot those are employed who are in it."""
    rows = [
        ";".join(f"00{n},P {n},Clerk,{cell[0]},{cell[1]}" for n, cell in enumerate(each, 2) if cell) for each in told
    ]
    found = series(tmp_path_factory.mktemp("drawn"), *rows)
    sizes = [1 + sum(cell is not None for cell in each) for each in told]
    partial = {n for n in range(1, len(sizes) - 1) if sizes[n] < 0.5 * min(sizes[n - 1], sizes[n + 1])}
    for n, (size, day) in enumerate(zip(sizes, DAYS, strict=False)):
        assert n in partial or found.ledger().chart(DAY(day)).headcount("acme") == size
