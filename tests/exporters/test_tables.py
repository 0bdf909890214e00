"""CSV out and in: the same ledger again, no formula for a spreadsheet, and a place for every mistake."""

import csv
import datetime as dt
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgsim import exporters, importers
from orgsim.data import chart_data
from orgsim.errors import OrgsimError, UserError
from orgsim.exporters.cells import cell, guarded, unguarded
from orgsim.exporters.knowledge import as_known_on
from orgsim.importers.tabular import ImportProblem
from orgsim.ledger import Ledger
from orgsim.model import Person, Source
from orgsim.reading.reader import read, read_texts
from orgsim.testing import ledgers
from tests.exporters.hostile import HOSTILE, ledger_of

TRIGGERS = "=+-@\t\r\0\uff1d\uff0b\uff0d\uff20"
STORY = Path(__file__).parents[2] / "seeds" / "openai"


def again(ledger: Ledger, folder: Path, *, raw: bool = False) -> Ledger:
    """What comes back from the tables of a ledger."""
    for name, content in exporters.dump("csv", ledger, exporters.Options(raw=raw)).items():
        (folder / name).write_bytes(content)
    return importers.load("tables", [folder]).ledger()


@given(ledgers())
def test_tables_read_back_as_the_same_ledger(ledger: Ledger) -> None:
    """Every event with every field, every person and source declared: the imported ledger equals the exported one."""
    with tempfile.TemporaryDirectory() as folder:
        assert again(ledger, Path(folder)) == ledger


@given(ledgers())
def test_yaml_reads_back_as_the_same_ledger(ledger: Ledger) -> None:
    """The exported YAML is the ledger."""
    (content,) = exporters.dump("yaml", ledger).values()
    assert read_texts([("ledger.yaml", content)]) == ledger


def test_the_packaged_story_reads_back(tmp_path: Path) -> None:
    """Quotations, aliases in three scripts, ranges, rivals and retractions survive."""
    story = read(STORY)
    assert again(story, tmp_path) == story


@pytest.mark.parametrize("raw", [False, True])
def test_hostile_names_read_back(tmp_path: Path, *, raw: bool) -> None:
    """Guarded cells lose exactly the apostrophe they got.

    Without guards only a name that begins with an apostrophe and goes on as a formula is misread.
    """
    told = [name for name in HOSTILE if not (raw and name.startswith("'="))]
    ledger = ledger_of(told)
    assert again(ledger, tmp_path, raw=raw) == ledger


def test_the_order_of_rows_is_told_by_their_numbers(tmp_path: Path) -> None:
    """A table of events that somebody sorted otherwise is still the same history."""
    ledger = ledger_of(["Ann", "Bob"])
    again(ledger, tmp_path)
    file = tmp_path / "events.csv"
    head, *rows = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([head, *reversed(rows)]) + "\n", "utf-8")
    assert importers.load("tables", [file]).ledger() == ledger


def test_derived_tables_are_named_in_the_report(tmp_path: Path) -> None:
    """What is not read is said."""
    again(ledger_of(["Ann"]), tmp_path)
    report = importers.load("tables", [tmp_path]).report
    assert {remark.place.file for remark in report.of("flagged")} == {
        f"{name}.csv" for name in ("appointments", "employments", "leaves", "lines", "posts", "units")
    }
    assert report.read == {"people": 1, "sources": 0, "events": 4}


# ------------------------------------------------------------------------------------------------------------- formulas

texts = st.text(st.sampled_from([*TRIGGERS, "'", " ", "a", "1", "\n", "−", "﹣"]), max_size=6) | st.text(max_size=8)


@given(texts)
def test_a_guarded_text_comes_back(text: str) -> None:
    """Unguarding undoes guarding, for every text."""
    assert unguarded(guarded(text)) == text


@given(texts)
def test_no_guarded_text_is_a_formula(text: str) -> None:
    """What a spreadsheet sees never begins with a sign that starts a formula, also past blanks and apostrophes."""
    assert not guarded(text).lstrip().startswith(tuple(TRIGGERS))


@given(st.dates() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.none())
def test_numbers_and_dates_are_not_guarded(value: object) -> None:
    """A negative number stays a number."""
    assert not cell(value).startswith("'")


@pytest.mark.parametrize("raw", [False, True])
def test_no_cell_of_an_export_is_a_formula(*, raw: bool) -> None:
    """No cell of any table, the header included, starts with a trigger, unless raw cells are asked for."""
    files = exporters.dump("csv", ledger_of(HOSTILE), exporters.Options(raw=raw))
    cells = [cell for content in files.values() for row in csv.reader(io.StringIO(content.decode())) for cell in row]
    assert any(cell.startswith(tuple(TRIGGERS)) for cell in cells) is raw


# ------------------------------------------------------------------------------------------------------------- mistakes


def changed(folder: Path, table: str, old: str, new: str) -> None:
    """Change one cell of an exported table."""
    file = folder / table
    text = file.read_text("utf-8")
    assert text.count(old) >= 1
    file.write_text(text.replace(old, new, 1), "utf-8")


MISTAKES = {
    "a date that is none": ("events.csv", "2024-01-01", "2024-01-32", "events.csv:2 [date]", "has 31 days"),
    "an unknown kind": ("events.csv", "open-unit", "open-units", "events.csv:2 [event]", "did you mean 'open-unit'"),
    "no number": ("events.csv", "\n1,", "\n,", "events.csv:2 [number]", "the cell is empty"),
    "a field of another kind": ("events.csv", ",hire,", ",depart,", "events.csv:3 [name]", "'depart' has no 'name'"),
    "a column that is none": ("events.csv", "certainty", "certainly", "[certainly]", "did you mean 'certainty'"),
    "no table of ours": ("people.csv", "aliases", "nicks", "[nicks]", "there is no column 'nicks'"),
    "no list": ("people.csv", '"[""A""]"', "A", "people.csv:2 [aliases]", "the cell cannot be read"),
    "no texts": ("people.csv", '"[""A""]"', "[1]", "people.csv:2 [aliases]", "it is no list of texts"),
    "an empty id": ("sources.csv", "press,", ",", "sources.csv:2 [source]", "the cell is empty"),
    "no sources": ("events.csv", '"[{""id"": ""press""}]"', "press", "events.csv:2 [source]", "cannot be read"),
    "no list of sources": (
        "events.csv",
        '"[{""id"": ""press""}]"',
        "{}",
        "events.csv:2 [source]",
        "no list of sources",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_its_place(tmp_path: Path, mistake: tuple[str, str, str, str, str]) -> None:
    """A cell that is no value of its column ends the import, with file, row and column."""
    table, old, new, place, said = mistake
    text = b"""
orgsim: ledger/1
sources: {press: {title: The press}}
people: {ann: {name: Ann, aliases: [A]}}
events:
- {date: 2024-01-01, event: open-unit, unit: acme, source: press}
- {date: 2024-01-02, event: hire, person: ann, organization: acme, name: Ann Lee}
"""
    again(read_texts([("x.yaml", text)]), tmp_path)
    changed(tmp_path, table, old, new)
    with pytest.raises(ImportProblem) as caught:
        importers.load("tables", [tmp_path]).ledger()
    assert place in str(caught.value)
    assert said in str(caught.value)


def test_events_are_needed(tmp_path: Path) -> None:
    """Tables without the history are refused, and so are files that are no tables of a ledger, or there twice."""
    again(ledger_of(["Ann"]), tmp_path)
    with pytest.raises(UserError, match=r"no events\.csv"):
        importers.load("tables", [tmp_path / "people.csv"])
    (tmp_path / "event.csv").write_text("a\n", "utf-8")
    with pytest.raises(ImportProblem, match="did you mean 'events'"):
        importers.load("tables", [tmp_path])
    with pytest.raises(ImportProblem, match="two files"):
        importers.load("tables", [tmp_path / "events.csv", tmp_path / "events.csv"])


def test_what_the_history_breaks_is_told_with_its_row(tmp_path: Path) -> None:
    """A row that makes no sense in the history is a problem of the ledger, at the row of the table."""
    again(ledger_of(["Ann", "Bob"]), tmp_path)
    changed(tmp_path, "events.csv", "person2", "person9")
    with pytest.raises(OrgsimError) as caught:
        importers.load("tables", [tmp_path]).ledger()
    places = [str(problem.where) for problem in caught.value.problems]
    assert [place.rpartition(":")[0] for place in places] == ["events.csv:8"]


def test_blanks_at_the_edges_of_a_text_come_back(tmp_path: Path) -> None:
    """A note that ends in a line break keeps it."""
    ledger = Ledger([], [Person("ann", " Ann ", note="one\n\ntwo\n")], [Source("press", title=" x\u3000")])
    assert again(ledger, tmp_path) == ledger


def test_only_what_was_known_is_exported() -> None:
    """With `known`, nothing learned later is in any file, and the charts are those of that day."""
    story = read(STORY)
    known = dt.date(2023, 11, 20)
    options = exporters.Options(known=known)
    (content,) = exporters.dump("yaml", story, options).values()
    then = read_texts([("x.yaml", content)])
    assert max(event.known for event in then.events) <= known
    assert 0 < len(then.events) < len(story.events)
    for at in (dt.date(2022, 1, 1), dt.date(2023, 11, 18), dt.date(2024, 10, 1)):
        old, new = story.chart(at, known), then.chart(at)
        assert {p.id: p for p in old.people} == {p.id: p for p in new.people}
        assert {p.id: p for p in old.posts} == {p.id: p for p in new.posts}


@given(ledgers(), st.data())
def test_any_ledger_can_be_cut_to_what_was_known(ledger: Ledger, data: st.DataObject) -> None:
    """The ledger as it was on a day is a ledger, and its charts are those that are asked for with that day."""
    known = data.draw(st.sampled_from(sorted({event.known for event in ledger.events}) or [dt.date(2024, 1, 1)]))
    then = as_known_on(ledger, known)
    assert all(event.known <= known for event in then.events)
    for at in sorted({event.date.day for event in ledger.events})[:5]:
        old, new = chart_data(ledger.chart(at, known)), chart_data(then.chart(at))
        for name in ("people", "posts", "units"):
            assert sorted(old[name], key=repr) == sorted(new[name], key=repr)
