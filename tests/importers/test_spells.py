"""Spells: who held what from when to when, as told row by row."""

import csv
import datetime as dt
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgsim.errors import UserError
from orgsim.events import Depart, Vacate
from orgsim.importers import Imported, Options, load
from orgsim.importers.tabular import ImportProblem

DAY = dt.date.fromisoformat
ACME = Options(organization="acme")


def spells(folder: Path, text: str, options: Options = ACME) -> Imported:
    """Import a table written here."""
    path = folder / "spells.csv"
    path.write_bytes(text.encode())
    imported = load("spells", [path], options)
    imported.ledger()
    return imported


def told(imported: Imported, kind: str) -> list[str]:
    """The remarks of a kind about rows, as lines."""
    return [str(remark) for remark in imported.report.of(kind)]


def holders(imported: Imported, post: str, day: str) -> list[str | None]:
    """Who holds a post on a day."""
    return [holder.person for holder in imported.ledger().chart(DAY(day)).post(post).holders]


HEADER = "person,person_id,post,title,unit,organization,from,to,acting,on_leave,reason\n"


def test_a_row_is_a_person_in_a_post_from_a_day_to_a_day(tmp_path: Path) -> None:
    """The last day is the day before `to`; who holds a post is employed as long as any post is held."""
    imported = spells(tmp_path, HEADER + "Ada Rossi,007,ceo,Chief,Board Office,,2020-01-01,2021-01-01,,,Retirement\n")
    assert holders(imported, "ceo", "2020-01-01") == ["007"]
    assert holders(imported, "ceo", "2020-12-31") == ["007"]
    assert holders(imported, "ceo", "2021-01-01") == []
    chart = imported.ledger().chart(DAY("2020-06-01"))
    assert chart.person("007").name == "Ada Rossi"
    assert chart.post("ceo").unit == "board-office"
    (departure,) = [event for event in imported.events if isinstance(event, Depart)]
    assert (departure.reason, str(departure.date)) == ("retirement", "2021-01-01")
    assert departure.source[0].line == 2


def test_headers_have_many_names(tmp_path: Path) -> None:
    """Columns are known by usual headers, whatever their case, blanks and order."""
    imported = spells(tmp_path, "End Date;Job Title;Full Name;START_DATE\n;Treasurer;Ben Okafor;2020-01-01\n")
    assert holders(imported, "treasurer", "2030-01-01") == ["ben-okafor"]


def test_columns_that_are_not_read_are_told(tmp_path: Path) -> None:
    """A column without a meaning is in the report."""
    imported = spells(tmp_path, "name,post,from,to,shoe size\nAda,ceo,2020-01-01,,39\n")
    assert told(imported, "refused") == ["spells.csv:1 [shoe size]: refused: the column is not read"]


def test_ends_may_be_inclusive(tmp_path: Path) -> None:
    """With `end_inclusive` the end is the last day, and a spell of one day is one."""
    text = "name,post,from,to\nAda,ceo,2020-01-01,2020-01-31\nBen,cfo,2020-02-02,2020-02-02\n"
    imported = spells(tmp_path, text, Options(organization="acme", end_inclusive=True))
    assert holders(imported, "ceo", "2020-01-31") == ["ada"]
    assert holders(imported, "ceo", "2020-02-01") == []
    assert holders(imported, "cfo", "2020-02-02") == ["ben"]
    exclusive = spells(tmp_path, text)
    assert told(exclusive, "refused") == [
        "spells.csv:3: refused: it ends on the day it begins: from 2020-02-02, to 2020-02-02"
    ]


def test_a_spell_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    """Nothing is swapped."""
    imported = spells(tmp_path, "name,post,from,to\nAda,ceo,2020-05-01,2020-01-31\n")
    assert told(imported, "refused") == [
        "spells.csv:2: refused: it ends before it begins: from 2020-05-01, to 2020-01-31"
    ]
    assert not [event for event in imported.events if event.kind == "appoint"]


def test_small_gaps_are_joined_and_said(tmp_path: Path) -> None:
    """Spells with at most `gap_days` between them are one."""
    text = "name,post,from,to\nAda,ceo,2020-01-01,2020-02-01\nAda,ceo,2020-02-08,2020-03-01\n"
    apart = spells(tmp_path, text, Options(organization="acme", gap_days=6))
    assert holders(apart, "ceo", "2020-02-03") == []
    joined = spells(tmp_path, text, Options(organization="acme", gap_days=7))
    assert holders(joined, "ceo", "2020-02-03") == ["ada"]
    assert told(joined, "mended") == ["spells.csv:3: mended: joined to the spell of row 2: 7 days between them"]


def test_overlapping_spells_of_one_person_in_one_post_are_one(tmp_path: Path) -> None:
    """They are joined, whatever their order in the file."""
    rows = ["Ada,ceo,2020-01-01,2020-06-01", "Ada,ceo,2020-03-01,2020-09-01", "Ada,ceo,2020-04-01,2020-05-01"]
    for order in (rows, rows[::-1]):
        imported = spells(tmp_path, "\n".join(["name,post,from,to", *order]) + "\n")
        assert holders(imported, "ceo", "2020-08-31") == ["ada"]
        assert holders(imported, "ceo", "2020-09-01") == []
        assert len(told(imported, "mended")) == 2


def test_cover_is_not_counted_while_the_person_holds_the_post(tmp_path: Path) -> None:
    """Acting for oneself is no cover: before and after it is."""
    text = "name,post,from,to,acting\nAda,ceo,2020-01-01,2021-01-01,yes\nAda,ceo,2020-03-01,2020-05-01,no\n"
    imported = spells(tmp_path, text)
    ledger = imported.ledger()
    acting = {day: ledger.chart(DAY(day)).post("ceo").holders[0].acting for day in ("2020-02-01", "2020-04-01")}
    assert acting == {"2020-02-01": True, "2020-04-01": False}
    assert ledger.chart(DAY("2020-06-01")).post("ceo").holders[0].acting
    assert len(told(imported, "mended")) == 1


def test_leave_is_leave(tmp_path: Path) -> None:
    """A spell marked as leave keeps the post, and the person is away."""
    text = "name,post,from,to,on leave\nAda,ceo,2020-01-01,2020-03-01,\nAda,ceo,2020-03-01,2020-04-01,yes\n"
    ledger = spells(tmp_path, text).ledger()
    assert [person.id for person in ledger.chart(DAY("2020-03-01")).on_leave] == ["ada"]
    assert not ledger.chart(DAY("2020-02-29")).on_leave


def test_reasons_are_mapped_and_kept(tmp_path: Path) -> None:
    """A known word is a reason; another one is `other`, with the word in a note; on moving it is a note."""
    text = (
        "name,post,from,to,reason\nAda,ceo,2020-01-01,2020-02-01,Died\nBen,cfo,2020-01-01,2020-02-01,Abducted\n"
        "Cleo,cto,2020-01-01,2020-02-01,resigned\nCleo,coo,2020-01-01,,\n"
    )
    imported = spells(tmp_path, text)
    departures = {event.person: (event.reason, event.note) for event in imported.events if isinstance(event, Depart)}
    assert departures == {"ada": ("death", None), "ben": ("other", "reason: Abducted")}
    (vacate,) = [event for event in imported.events if isinstance(event, Vacate)]
    assert vacate.note == "reason: resignation"
    assert told(imported, "mended") == [
        "spells.csv:3 [reason]: mended: 'Abducted' is the reason 'other', with a note",
    ]


def test_an_unknown_beginning_is_a_state_seen(tmp_path: Path) -> None:
    """Without `from`, the post was held on the last day before `to`, or on the day the file tells of."""
    ended = spells(tmp_path, "name,post,from,to\nAda,ceo,,2020-02-01\n")
    assert [str(event.date) for event in ended.events if event.kind == "appoint"] == ["..2020-01-31"]
    text = "name,post,from,to\nAda,ceo,,\n"
    assert "neither a beginning nor an end is told" in told(spells(tmp_path, text), "refused")[0]
    known = spells(tmp_path, text, Options(organization="acme", known=DAY("2022-01-01")))
    (appointed,) = [event for event in known.events if event.kind == "appoint"]
    assert (str(appointed.date), appointed.known) == ("..2022-01-01", DAY("2022-01-01"))


def test_dates_may_be_vague_and_ends_far_away(tmp_path: Path) -> None:
    """A year stays a year; the year 9999, `present` and `NA` are no end."""
    text = "name,post,from,to\nAda,ceo,2019,2021-05\nBen,cfo,2019,9999-12-31\nCleo,cto,2019,present\nDina,coo,2019,NA\n"
    imported = spells(tmp_path, text)
    assert {str(event.date) for event in imported.events if event.kind == "appoint"} == {"2019"}
    assert [str(event.date) for event in imported.events if event.kind == "depart"] == ["2021-05"]


def test_ambiguous_dates_need_a_format(tmp_path: Path) -> None:
    """01/02/2024 is refused for the whole file until somebody says what it means."""
    text = "name,post,from,to\nAda,ceo,01/02/2024,\nBen,cfo,31/01/2024,\n"
    with pytest.raises(ImportProblem, match=r"spells\.csv:2 \[from\].*more than one way[\s\S]*--date-format"):
        spells(tmp_path, text)
    imported = spells(tmp_path, text, Options(organization="acme", date_format="%d/%m/%Y"))
    assert holders(imported, "ceo", "2024-02-01") == ["ada"]
    american = spells(tmp_path, text, Options(organization="acme", date_format="%m/%d/%Y"))
    assert told(american, "refused") == [
        "spells.csv:3: refused: 'from': '31/01/2024' is not a date written %m/%d/%Y, nor YYYY-MM-DD"
    ]
    with pytest.raises(UserError, match="no date format"):
        spells(tmp_path, text, Options(organization="acme", date_format="%Q"))


def test_names_that_look_like_nothing_are_names(tmp_path: Path) -> None:
    """A person may be called NA, None or nan; 001 is not 1; ids differ by more than their names."""
    text = "name,person_id,post,from,to\nNA,001,a,2020-01-01,\nNone,1,b,2020-01-01,\nnan,1e5,c,2020-01-01,\n"
    imported = spells(tmp_path, text)
    assert {person.id: person.name for person in imported.people} == {"001": "NA", "1": "None", "1e5": "nan"}
    plain = spells(tmp_path, "name,post,from,to\nNone,a,2020-01-01,\nUnknown,b,2020-01-01,\n李小龍,c,2020-01-01,\n")
    assert {person.name for person in plain.people} == {"None", "Unknown", "李小龍"}


def test_ids_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    """Where two names give one id, each gets its own, the same whatever comes first; and it is said."""
    rows = ["Åsa Berg,ceo,2020-01-01,", "Asa Berg,cfo,2020-01-01,", "Ben,asa-berg,2020-01-01,", "Cleo,Ben,2020-01-01,"]
    first: dict[str, str] = {}
    for seed in range(4):
        random.Random(seed).shuffle(rows)  # noqa: S311 - an order, not a secret
        imported = spells(tmp_path, "\n".join(["name,post,from,to", *rows]) + "\n")
        names = {person.name: person.id for person in imported.people}
        assert names == (first or names)
        first = names
        assert len(set(names.values())) == 4
    assert any("several things would have the id 'asa-berg'" in line for line in told(imported, "mended"))


def test_one_name_in_two_rows_is_a_guess(tmp_path: Path) -> None:
    """Without ids a name is a person, which is said; and where that person holds two posts at a time, that too."""
    imported = spells(tmp_path, "name,post,from,to\nAda,ceo,2020-01-01,\nAda,cfo,2020-02-01,\n")
    assert told(imported, "guessed") == ["spells.csv:3: guessed: 'Ada' is taken for the person of row 2, by the name"]
    assert told(imported, "flagged") == ["spells.csv:3: flagged: 'ada' holds this post and 'ceo' (row 2) at a time"]


def test_two_in_one_post_get_two_seats(tmp_path: Path) -> None:
    """A handover that overlaps is flagged, and both hold the post."""
    text = "name,post,from,to\nAda,ceo,2020-01-01,2020-03-01\nBen,ceo,2020-02-15,\n"
    imported = spells(tmp_path, text)
    assert holders(imported, "ceo", "2020-02-20") == ["ada", "ben"]
    assert told(imported, "flagged") == [
        "spells.csv:2: flagged: 2 people hold 'ceo' at a time, as on 2020-02-15; it gets 2 seats"
    ]


def test_a_vacancy_is_nobody(tmp_path: Path) -> None:
    """`Vacant` in place of a name makes no person."""
    imported = spells(tmp_path, "name,post,from,to\nVacant,ceo,2020-01-01,2020-03-01\nBen,ceo,2020-03-01,\n")
    assert [person.id for person in imported.people] == ["ben"]
    assert len(told(imported, "mended")) == 1


def test_rows_without_what_matters_are_refused(tmp_path: Path) -> None:
    """A row needs somebody, something and a date that is one."""
    text = "name,post,from,to\n,ceo,2020-01-01,\nAda,,2020-01-01,\nAda,ceo,soon,\nAda,ceo,2020-02-30,\n"
    assert [line.split(":")[1] for line in told(spells(tmp_path, text), "refused")] == ["2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"name,post,from,to\nAda,ceo,2020-01-01,\x00\n", r"spells.csv:2.*NUL"),
        (b'name,post,from,to\n"Ada,ceo,2020-01-01,\n', "not CSV"),
        (b"name,post,from,to\nAda Br\xf8gger,ceo,2020-01-01,\n", r"spells.csv:2.*not utf-8"),
        (b"name,post,from,to\n" + b"x" * 2**21, "longer than"),
        (b"who,what,when\n1,2,3\n", "no column says who"),
        (b"name,post\nAda,ceo\n", "no column says when"),
        (b"name,name,from,post\nAda,Ada,2020-01-01,ceo\n", "two columns"),
        (b"name,post,from\nAda,ceo,2020-01-01,x,y\n", "cells"),
    ],
)
def test_files_that_are_none_end_in_a_place(tmp_path: Path, content: bytes, message: str) -> None:
    """A file that cannot be read at all is told with its place and a remedy."""
    path = tmp_path / "spells.csv"
    path.write_bytes(content)
    with pytest.raises(ImportProblem, match=message):
        load("spells", [path], ACME)


def test_an_encoding_can_be_given(tmp_path: Path) -> None:
    """What is not UTF-8 is read when the user says what it is."""
    path = tmp_path / "spells.csv"
    path.write_bytes(b"name;post;from\nAda Br\xf8gger;ceo;2020-01-01\n")
    imported = load("spells", [path], Options(organization="acme", encoding="cp1252"))
    assert imported.people[0].name == "Ada Brøgger"


def test_the_organization_must_be_told(tmp_path: Path) -> None:
    """By a column or by the user."""
    with pytest.raises(ImportProblem, match="the organization is not told"):
        spells(tmp_path, "name,post,from\nAda,ceo,2020-01-01\n", Options())


@pytest.mark.parametrize(
    "text",
    [
        "x: 1",
        "orgsim: import-profile/1\nformat: spells\ncolumns: {whom: [name]}",
        "orgsim: import-profile/1\nformat: spells\ncolumns: [name]",
        "orgsim: import-profile/1\nformat: spells\nvalues: {title: [a]}",
        "orgsim: import-profile/1\nformat: spells\nreasons: {Died: gone}",
        "orgsim: import-profile/1\nformat: spells\nother: 1",
        "orgsim: import-profile/1\nformat: spells\ncolumns: {person: [whom]}",
        "a: [",
    ],
)
def test_profiles_are_checked(tmp_path: Path, text: str) -> None:
    """A profile that is none, or does not fit the file, is told."""
    path = tmp_path / "profile.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ImportProblem):
        spells(tmp_path, HEADER + "Ada,,ceo,,,,2020-01-01,,,,\n", Options(profile=str(path), organization="acme"))


def test_an_unknown_profile_is_told(tmp_path: Path) -> None:
    """With the ones there are."""
    with pytest.raises(UserError, match="canadian-senators"):
        spells(tmp_path, HEADER, Options(profile="canadian-senator"))


CELLS = st.sampled_from(
    ["", "Ada", "Ben", "ada", "vacant", "NA", "007", "a/b", "none", "x" * 90, "é", "\u200b", "Ada\xa0B"]
)
DATES = st.sampled_from(
    ["", "2020-01-01", "2020-01-02", "2020-01-05", "2020", "2020-02", "..2020-01-04", "9999", "soon"]
)
FLAGS = st.sampled_from(["", "", "yes", "perhaps"])
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS, CELLS, DATES, DATES, FLAGS, FLAGS, CELLS), max_size=8)


@given(rows=ROWS, inclusive=st.booleans(), gap=st.integers(0, 3), known=st.sampled_from([None, DAY("2020-01-03")]))
def test_any_table_gives_a_ledger(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, ...]],
    gap: int,
    known: dt.date | None,
    *,
    inclusive: bool,
) -> None:
    """Whatever the rows say, what is taken over holds together, the order changes no id; no row is no table."""
    options = Options(organization="acme", end_inclusive=inclusive, gap_days=gap, known=known)
    folder = tmp_path_factory.mktemp("any")
    lines = [",".join(row) for row in rows]
    if not any(map(any, rows)):
        with pytest.raises(ImportProblem, match="the table has no rows"):
            spells(folder, HEADER + "\n".join(lines) + "\n", options)
        return
    imported = spells(folder, HEADER + "\n".join(lines) + "\n", options)
    again = spells(folder, HEADER + "\n".join(reversed(lines)) + "\n", options)
    assert {person.id for person in imported.people} == {person.id for person in again.people}


# --------------------------------------------------------------------------------------------------------------- data


def raw(path: Path) -> list[dict[str, str]]:
    """The rows of a file, with nothing of ours."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.data
def test_the_senators_in_force_equal_the_table(data_folder: Path) -> None:
    """On any day as many senators of each province as rows in force; reasons of departures as told."""
    path = data_folder / "leader-tenure" / "canadian_senators.csv"
    imported = load("spells", [path], Options(profile="canadian-senators"))
    ledger = imported.ledger()
    rows = [row for row in raw(path) if row["from"] != row["to"]]
    days = [dt.date(year, 5, 1) for year in range(1867, 2020, 4)] + [DAY("1867-10-23"), DAY("1867-10-24")]
    for day in days:
        now = [
            (row["province"], row["name"])
            for row in rows
            if row["from"] <= str(day) and (row["observed"] == "0" or str(day) < row["to"])
        ]
        chart = ledger.chart(day)
        found = [
            (ledger.chart(day).unit(post.unit).name, chart.person(holder.person).name)
            for post in chart.posts
            for holder in post.holders
            if holder.person is not None
        ]
        assert sorted(found) == sorted(now)
        assert chart.headcount() == len({name for _, name in now})
    ends: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        ends.setdefault(row["name"], []).append(row)
    # Who gives up one seat while a senator of that name keeps another has not departed.
    gone = Counter(
        row["reason"].casefold()
        for row in rows
        if row["observed"] == "1"
        and not any(o["from"] <= row["to"] < o["to"] for o in ends[row["name"]] if o is not row)
    )
    assert Counter(event.reason for event in imported.events if isinstance(event, Depart)) == gone
    assert sum(gone.values()) == 829
    assert len(imported.report.of("refused")) == 2 + 3
    assert len([r for r in imported.report.of("mended") if "last day told of" in r.message]) == 99


@pytest.mark.data
def test_the_ministers_in_force_equal_the_table(data_folder: Path) -> None:
    """On any day the ministers of each ministry are the rows in force."""
    path = data_folder / "leader-tenure" / "chilean_ministers.csv"
    imported = load("spells", [path], Options(profile="chilean-ministers"))
    ledger = imported.ledger()
    rows = raw(path)
    for number in range(0, 24 * 365, 61):
        day = dt.date(1990, 3, 11) + dt.timedelta(days=number)
        now = {
            (row["ministry"], "".join(row["name"].split()))
            for row in rows
            if row["start_minister"] <= str(day) < row["end_minister"]
        }
        chart = ledger.chart(day)
        found = {
            (chart.unit(post.unit).name, "".join(chart.person(holder.person).name.split()))
            for post in chart.posts
            for holder in post.holders
            if holder.person is not None
        }
        assert found == now
    assert not [r for r in imported.report.of("refused") if r.place.column is None and "note" not in r.message]
