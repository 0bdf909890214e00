"""Ledgers in columns survive files: Parquet, CSV, and the index beside them."""

import datetime as dt
import os
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings

from orgsim.columns.files import content, opening, store
from orgsim.columns.files.filling import columns_to_table
from orgsim.columns.files.opening import columns_from, fitting, open_columns
from orgsim.columns.files.parquet import Columns, ParquetColumns
from orgsim.columns.files.saving import header_of, save_columns
from orgsim.columns.ledger import ColumnarLedger
from orgsim.dates import When
from orgsim.errors import OrgsimError, UserError
from orgsim.events import Hire, OpenUnit
from orgsim.ledger import Ledger
from orgsim.testing import ledgers
from tests.columns import comparing

QUICK = settings(max_examples=25, suppress_health_check=list(HealthCheck))
CSV = """event,date,known,unit,parent,person,post,organization,reports_to,name,to
open-unit,2024-01-01,,acme,,,,,,Acme,
open-unit,2024-01-01,,sales,acme,,,,,,
create-post,2024-01-01,,acme,,,ceo,,none,,
create-post,2024-01-01,,sales,,,rep,,ceo,,
hire,2024-01-02,,,,ada,,acme,,Ada Rossi,
appoint,2024-01-02,,,,ada,ceo,,,,
hire,2024-02,2024-03-01,,,bob,,acme,,Bob,
appoint,2024-03-01,,,,bob,rep,,,,
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for files."""
    return tmp_path_factory.mktemp("columns")


@QUICK
@given(ledgers())
def test_parquet_keeps_everything(folder: Path, ledger: Ledger) -> None:
    """A ledger saved as Parquet is the same when it is read again: events, people, sources and order."""
    path = folder / "ledger.parquet"
    save_columns(ColumnarLedger.of(ledger), path)
    columns = Columns(ParquetColumns(path))
    people, sources = header_of(columns.metadata)
    table = columns_to_table(columns, people)
    assert (tuple(people), tuple(sources)) == (ledger.people, ledger.sources)
    assert tuple(table.events(range(len(table)))) == ledger.events


@QUICK
@given(ledgers())
def test_an_index_answers_as_the_ledger_does(folder: Path, ledger: Ledger) -> None:
    """The ledger of an index answers like the one it was made of; of other content there is none."""
    store.save(ColumnarLedger.of(ledger), folder / "index", "this")
    found = store.load(folder / "index", "this")
    assert store.load(folder / "index", "that") is None
    assert found is not None
    if ledger.events:
        for question in (comparing.charts, comparing.differences, comparing.counted, comparing.histories):
            assert comparing.wrong(question(ledger, found)) == []


@QUICK
@given(ledgers())
def test_a_stream_makes_the_same_ledger(folder: Path, ledger: Ledger) -> None:
    """Events in any order of days, one by one, make the ledger that they make together; either form is saved alike."""
    latest_first = sorted(ledger.events, key=lambda event: -event.date.day.toordinal())
    columns = columns_from(iter(latest_first), ledger.people, ledger.sources)
    found = tuple(columns.events), columns.people, columns.sources
    assert found == (ledger.events, ledger.people, ledger.sources)
    paths = folder / "one.parquet", folder / "other.parquet"
    save_columns(ledger, paths[0])
    save_columns(ColumnarLedger.of(ledger), paths[1])
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_stream_is_held_to_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values of another type, and events that cannot happen, are refused with every problem, in every batch."""
    monkeypatch.setattr(opening, "BATCH", 2)
    day = When.on(dt.date(2024, 1, 1))
    opened = OpenUnit(date=day, unit="acme")
    wrong = [Hire(date=day, person=person, organization="acme") for person in ("a b", "ada", "c d")]
    for events, rules in (([opened, *wrong], ["bad-id", "bad-id"]), ([*wrong[1:2]], ["unknown-unit"])):
        with pytest.raises(OrgsimError) as caught:
            columns_from(iter(events))
        with pytest.raises(OrgsimError) as small:
            Ledger(tuple(events))
        assert [problem.rule for problem in caught.value.problems] == rules
        assert {str(problem) for problem in caught.value.problems} == {str(one) for one in small.value.problems}


def test_csv(tmp_path: Path) -> None:
    """A CSV with a column for each key is a ledger; a reduced date is kept as it is written."""
    path = tmp_path / "ledger.csv"
    path.write_text(CSV, encoding="utf-8")
    ledger = fitting(path)
    assert isinstance(ledger, Ledger)
    assert str(ledger.events[6].date) == "2024-02"
    columns = fitting(path, columnar=True)
    assert isinstance(columns, ColumnarLedger)
    assert comparing.wrong(comparing.charts(ledger, columns)) == []


BAD = {
    "an unknown kind": ("appoint,2024-03-01", "apoint,2024-03-01", "unknown-event-kind", 9),
    "no date": ("hire,2024-01-02", "hire,", "missing-key", 6),
    "a bad date": ("hire,2024-01-02", "hire,2024-02-30", "bad-date", 6),
    "a bad id": ("ada,,acme,,Ada", "a da,,acme,,Ada", "bad-id", 6),
    "a key of other kinds": ("ada,ceo,,,,", "ada,ceo,,,,rep", "unknown-key", 7),
    "a full post": ("bob,rep", "bob,ceo", "post-is-full", 9),
    "nobody hired": ("hire,2024-02,2024-03-01,,,bob", "hire,2024-02,2024-03-01,,,bab", "unknown-person", 9),
    "known too late": ("hire,2024-02,2024-03-01", "hire,2024-02,2024-04-01", "unknown-person", 9),
    "a circle": ("acme,,,ceo,,none", "acme,,,ceo,,ceo", "reports-to-itself", 4),
}


@pytest.mark.parametrize(("old", "new", "rule", "line"), BAD.values(), ids=BAD.keys())
def test_problems_keep_their_line(tmp_path: Path, old: str, new: str, rule: str, line: int) -> None:
    """What is wrong in a large file is told with its line, in the words of the small form."""
    path = tmp_path / "ledger.csv"
    assert old in CSV
    path.write_text(CSV.replace(old, new), encoding="utf-8")
    with pytest.raises(OrgsimError) as caught:
        open_columns(path)
    problem = caught.value.problems[0]
    assert problem.where is not None
    assert (problem.rule, problem.where.line) == (rule, line)


def test_a_table_of_something_else_is_told_where_to_go(tmp_path: Path) -> None:
    """Whoever gives the export of a personnel system as a ledger needs one sentence, and not one for each column."""
    path = tmp_path / "staff.csv"
    path.write_text("Employee ID,Full Name,Level\n1,Ada Rossi,L1\n", encoding="utf-8")
    with pytest.raises(OrgsimError) as caught:
        open_columns(path)
    (problem,) = caught.value.problems
    assert (problem.rule, problem.where and problem.where.line) == ("missing-key", 1)
    assert "orgsim import" in (problem.hint or "")


EVENTS: dict[str, list[Any]] = {
    "event": ["open-unit", "create-post", "hire"],
    "date": ["2024-01-01"] * 3,
    "unit": ["acme", "acme", None],
    "post": [None, "ceo", None],
    "person": [None, None, "ada"],
    "organization": [None, None, "acme"],
}


def _parquet(path: Path, **columns: Any) -> Path:
    pyarrow.parquet.write_table(pa.table({**EVENTS, **columns}), path)
    return path


@pytest.mark.parametrize(
    ("columns", "field", "value"),
    [
        ({"date": pa.array([dt.datetime(2024, 1, 1)] * 3)}, "date", When.on(dt.date(2024, 1, 1))),  # noqa: DTZ001
        ({"date": pa.array([dt.date(2024, 1, 1)] * 3, pa.date64())}, "date", When.on(dt.date(2024, 1, 1))),
        ({"seats": pa.array([None, 2, None])}, "seats", 2),
        ({"critical": pa.array([None, True, None])}, "critical", True),
        ({"title": pa.array([None, "Chief", None], pa.large_string())}, "title", "Chief"),
        ({"title": pa.array([None, "Chief", None]).dictionary_encode()}, "title", "Chief"),
        ({"title": pa.chunked_array([[None, "Chief"], ["x"][:0], [None]], pa.string())}, "title", "Chief"),
    ],
    ids=["midnights", "days in milliseconds", "numbers", "truths", "long texts", "a dictionary", "in pieces"],
)
def test_columns_of_other_types_are_read(tmp_path: Path, columns: dict[str, Any], field: str, value: Any) -> None:
    """Whatever tools write for a date, a number or a text is read as what it says."""
    ledger = open_columns(_parquet(tmp_path / "ledger.parquet", **columns))
    assert getattr(list(ledger.events)[1], field) == value


def test_a_row_of_parquet_is_told_by_its_number(tmp_path: Path) -> None:
    """The first row is 1, for no line of names stands above it; an hour of a day is no date."""
    path = _parquet(tmp_path / "ledger.parquet", date=pa.array([None, dt.datetime(2024, 1, 1, 8), None]))  # noqa: DTZ001
    with pytest.raises(OrgsimError) as caught:
        open_columns(path)
    found = [(problem.rule, problem.where and problem.where.line) for problem in caught.value.problems]
    assert found == [("missing-key", 1), ("bad-date", 2), ("missing-key", 3)]


@pytest.mark.parametrize("name", ["unit", "event"])
def test_a_column_given_twice_is_refused(tmp_path: Path, name: str) -> None:
    """Which of the two is meant, nobody can tell."""
    (tmp_path / "ledger.csv").write_text(CSV.replace(",to\n", f",{name}\n"), encoding="utf-8")
    table = pa.table(EVENTS).append_column(name, pa.array(["x"] * 3))
    pyarrow.parquet.write_table(table, tmp_path / "ledger.parquet")
    for path in tmp_path.glob("ledger.*"):
        with pytest.raises(OrgsimError) as caught:
            open_columns(path)
        assert [problem.rule for problem in caught.value.problems] == ["duplicate-key"]


def test_an_index_is_kept_and_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large file gets an index; while its content is the same, the file itself is not read again."""
    monkeypatch.setattr(opening, "SAVED", 1)
    path = tmp_path / "ledger.csv"
    path.write_text(CSV, encoding="utf-8")
    open_columns(path)
    with monkeypatch.context() as patched:
        patched.setattr(opening, "read_ledger", lambda _: pytest.fail("the file was read"))
        assert len(open_columns(path)) == CSV.count("\n") - 1
    path.write_text(CSV.replace("Bob", "Rob"), encoding="utf-8")
    assert open_columns(path).events is not None
    (store.folder_of(path) / "ids-offsets.npy").write_bytes(b"broken")
    assert len(open_columns(path)) == CSV.count("\n") - 1


def _rewritten(path: Path) -> None:
    """Other content of the same size, and the old time of writing."""
    before = path.stat()
    path.write_text(CSV.replace("Bob", "Rob"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


@pytest.mark.skipif(os.name != "posix", reason="only there nobody can set when a file was changed")
def test_a_file_that_looks_the_same_is_not_hashed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only one that was left alone for a while; and whoever changes it and hides that is noticed."""
    monkeypatch.setattr(opening, "SAVED", 1)
    path = tmp_path / "ledger.csv"
    path.write_text(CSV, encoding="utf-8")
    hashed: list[Path] = []
    digest = content.digest

    def counted(path: Path) -> str:
        hashed.append(path)
        return digest(path)

    monkeypatch.setattr(content, "digest", counted)
    for _ in range(2):
        open_columns(path)
    assert len(hashed) == 2, "it was written just now, so a change might look the same"
    monkeypatch.setattr(content, "WHILE", -1)
    for _ in range(2):
        assert open_columns(path).chart(dt.date(2024, 3, 1)).person("bob").name == "Bob"
    assert len(hashed) == 2
    _rewritten(path)
    for _ in range(2):
        assert open_columns(path).chart(dt.date(2024, 3, 1)).person("bob").name == "Rob"
    assert len(hashed) == 3
    (store.folder_of(path) / content.NOTE).write_text("[]", encoding="utf-8")
    open_columns(path)
    assert len(hashed) == 4


def test_an_index_tells_where_its_file_is_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger that was moved with its index is told by its new name, and its index still used."""
    monkeypatch.setattr(opening, "SAVED", 1)
    path = tmp_path / "ledger.csv"
    path.write_text(CSV, encoding="utf-8")
    open_columns(path)
    moved = path.rename(tmp_path / "other.csv")
    store.folder_of(path).rename(store.folder_of(moved))
    monkeypatch.setattr(opening, "read_ledger", lambda _: pytest.fail("the file was read"))
    places = [event.where for event in open_columns(moved).events]
    assert [(place.file, place.line) for place in places if place] == [(str(moved), line) for line in range(2, 10)]


def test_what_cannot_be_read(tmp_path: Path) -> None:
    """A file that is not there, or is no table, is refused with a sentence."""
    (tmp_path / "x.parquet").write_bytes(b"nothing")
    for name in ("none.parquet", "x.parquet"):
        with pytest.raises(UserError):
            open_columns(tmp_path / name)


def test_nothing_is_pickled(tmp_path: Path) -> None:
    """The arrays of an index are numbers."""
    path = tmp_path / "ledger.csv"
    path.write_text(CSV, encoding="utf-8")
    store.save(open_columns(path), tmp_path / "index", "x")
    for file in (tmp_path / "index").glob("*.npy"):
        assert np.load(file, allow_pickle=False).dtype.kind in "iufb"
