"""The headcount picture of a ledger in columns is that of its small form."""

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgsim.cli import cli
from orgsim.columns.counts.staffing import StaffingInColumns
from orgsim.columns.files.saving import save_columns
from orgsim.columns.ledger import ColumnarLedger
from orgsim.errors import UnknownIdError
from orgsim.ledger import Ledger
from orgsim.plotting.staffing import dates_of, staffing
from orgsim.reading.reader import read
from orgsim.testing import ledgers
from orgsim.writing import to_yaml
from tests.plotting.pictures import STORY, day, ledger_of

SLOWLY = list(HealthCheck)
VAGUE = """\
- {date: 2021, event: hire, person: ada, name: Ada}
- {date: 2022-03-01..2022-05-01, event: depart, person: ada}
- {date: ..2022-02-01, event: hire, person: ben, name: Ben}
- {date: 2022-06, event: hire, person: ada}
"""
BACK_AT_ONCE = """\
- {date: 2021-01-01, event: hire, person: ada, name: Ada}
- {date: 2022-01-01, event: depart, person: ada}
- {date: 2022, event: hire, person: ada}
"""
GONE_AT_ONCE = """\
- {date: 2021-01-01, event: hire, person: ada, name: Ada}
- {date: 2022, event: depart, person: ada}
- {date: 2022-01-01, event: hire, person: ada}
- {date: 2022-01-01, event: depart, person: ada}
"""
DATES = [day(text) for text in ("2020-06-01", "2021-06-01", "2022-01-15", "2022-04-01", "2022-06-01", "2023-01-01")]


def _alike(ledger: Ledger, known: dt.date | None, **asked: object) -> None:
    """Dates and lines are the same in both forms."""
    columns = ColumnarLedger.of(ledger)
    dates = dates_of(ledger, None, None, "year", known)[:100]
    assert dates_of(columns, None, None, "year", known)[:100] == dates
    dates = sorted({*dates, *(event.date.day for event in ledger.events)})
    assert staffing(columns, dates, known=known, **asked) == staffing(ledger, dates, known=known, **asked)  # type: ignore[arg-type]


@settings(max_examples=40, suppress_health_check=SLOWLY)
@given(ledgers(), st.data())
def test_lines_are_the_same(ledger: Ledger, data: st.DataObject) -> None:
    """Headcounts, bounds, names, order, dates and notes, of any ledger as known on any day."""
    known = data.draw(st.none() | st.sampled_from(sorted({e.known for e in ledger.events}))) if ledger.events else None
    _alike(ledger, known)
    for unit in ledger.index.unit_ids:
        _alike(ledger, known, units=[unit])
        _alike(ledger, known, organization=unit)


@pytest.mark.slow
@settings(max_examples=300, suppress_health_check=SLOWLY)
@given(ledgers(max_events=60), st.data())
def test_lines_are_the_same_of_larger_ledgers(ledger: Ledger, data: st.DataObject) -> None:
    """The same, of more events."""
    known = data.draw(st.none() | st.sampled_from(sorted({e.known for e in ledger.events}))) if ledger.events else None
    _alike(ledger, known)


@pytest.mark.parametrize(
    ("events", "low", "high"),
    [
        (VAGUE, [0, 0, 1, 1, 1, 2], [1, 2, 2, 2, 2, 2]),
        (BACK_AT_ONCE, [0, 1, 1, 1, 1, 1], [0, 1, 1, 1, 1, 1]),
        (GONE_AT_ONCE, [0, 1, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]),
    ],
)
def test_vague_dates_make_the_same_band(events: str, low: list[int], high: list[int]) -> None:
    """Who came in some year, left in some months, or was only seen; who was back the same day, or left it again."""
    ledger = ledger_of(events)
    assert StaffingInColumns(ColumnarLedger.of(ledger)).bounds(DATES, "acme") == (low, high)
    (line,) = staffing(ledger, DATES).lines
    assert (line.low, line.high) == (low, high)


def test_a_unit_never_opened_is_refused_alike() -> None:
    """In the same words."""
    ledger = read(STORY)
    said = []
    for one in (ledger, ColumnarLedger.of(ledger)):
        with pytest.raises(UnknownIdError) as caught:
            staffing(one, DATES, organization="openay")
        said.append(str(caught.value))
    assert said[0] == said[1]


def _drawn(source: Path, out: Path, *words: str) -> bytes:
    done = CliRunner().invoke(cli, ["plot", "headcount", str(source), "-o", str(out), *words], catch_exceptions=False)
    assert (done.exit_code, done.stdout) == (0, f"wrote {out}\n")
    return out.read_bytes()


@pytest.mark.parametrize("words", [(), ("--from", "2023-01-01", "--unit", "openai"), ("--known", "2023-11-20")])
def test_the_story_is_drawn_alike(tmp_path: Path, words: tuple[str, ...]) -> None:
    """The picture of a Parquet file has the bytes of that of the same ledger in YAML."""
    ledger = read(STORY)
    (tmp_path / "story.yaml").write_text(to_yaml(ledger), encoding="utf-8")
    save_columns(ColumnarLedger.of(ledger), tmp_path / "story.parquet")
    small = _drawn(tmp_path / "story.yaml", tmp_path / "small.svg", *words)
    assert _drawn(tmp_path / "story.parquet", tmp_path / "large.svg", "--columnar", *words) == small
    assert _drawn(tmp_path / "story.parquet", tmp_path / "again.svg", *words) == small


@settings(max_examples=5, suppress_health_check=SLOWLY)
@given(ledgers(max_events=40))
def test_any_ledger_is_drawn_alike(tmp_path_factory: pytest.TempPathFactory, ledger: Ledger) -> None:
    """Byte for byte, whatever is in it."""
    folder = tmp_path_factory.mktemp("drawn")
    (folder / "any.yaml").write_text(to_yaml(ledger), encoding="utf-8")
    save_columns(ColumnarLedger.of(ledger), folder / "any.parquet")
    small = _drawn(folder / "any.yaml", folder / "small.svg", "--every", "year")
    assert _drawn(folder / "any.parquet", folder / "large.svg", "--every", "year", "--columnar") == small
