"""The tables: against charts day by day, and as other libraries take them."""

import datetime as dt
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd  # type: ignore[import-untyped]
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from orgsim import exporters, frames
from orgsim.chart import OrgChart
from orgsim.errors import MissingExtraError
from orgsim.frames import Table, tables
from orgsim.ledger import Ledger
from orgsim.model import Unit
from orgsim.reading.reader import read
from orgsim.testing import ledgers

STORY = read(Path(__file__).parents[2] / "seeds" / "openai")
AT = dt.date(2024, 9, 26)


def there(table: Table, at: dt.date) -> list[dict[str, object]]:
    """The rows that hold on a day."""
    return [row for row in table.to_dicts() if row["start"] <= at and (row["end"] is None or at < row["end"])]


def facts_of(chart: OrgChart) -> dict[str, list[tuple[object, ...]]]:
    """What a chart says, as rows of the tables without their dates."""
    posts, people = chart.posts, chart.people
    lines = [(p.id, line.to, "dotted" if line.dotted else "solid") for p in posts for line in p.lines]
    found: dict[str, list[tuple[object, ...]]] = {
        "units": [(u.id, u.name, u.kind, u.parent) for u in chart.units],
        "posts": [(p.id, p.title, p.unit, str(p.seats), p.level, p.critical, p.heads, p.personal) for p in posts],
        "appointments": [
            (p.id, h.person, h.holder, h.seats, h.acting, h.primary, p.personal is not None)
            for p in posts
            for h in p.holders
        ],
        "lines": list(lines),
        "employments": [(p.id, e.organization, e.contract, e.fte) for p in people for e in p.employments],
        "leaves": [(p.id, p.leave.reason) for p in chart.on_leave if p.leave is not None],
    }
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


@given(st.data())
def test_the_rows_of_a_day_are_the_chart_of_that_day(data: st.DataObject) -> None:
    """On any date, with what was known on any day, the tables hold what the chart says, no row more or less."""
    ledger = data.draw(ledgers())
    known = data.draw(st.sampled_from([None, *sorted({event.known for event in ledger.events})]))
    made = tables(ledger, known)
    days = sorted({e.date.day + dt.timedelta(days=off) for e in ledger.events for off in (-1, 0, 1)})
    for at in data.draw(st.lists(st.sampled_from(days), max_size=4)) if days else []:
        for name, rows in facts_of(ledger.chart(at, known)).items():
            width = len(rows[0]) if rows else 0
            assert sorted((tuple(row.values())[:width] for row in there(made[name], at)), key=repr) == rows, name


@given(ledgers())
def test_rows_have_days_and_do_not_overlap(ledger: Ledger) -> None:
    """A row ends after it begins, and the rows of one post or unit follow each other."""
    made = tables(ledger)
    for name in ("units", "posts", "employments", "appointments", "lines", "leaves"):
        for row in made[name].to_dicts():
            assert row["end"] is None or row["start"] < row["end"]
    for name, key in (("units", "unit"), ("posts", "post"), ("leaves", "person")):
        rows = made[name].to_dicts()
        for before, after in pairwise(rows):
            if before[key] == after[key]:
                assert before["end"] is not None
                assert before["end"] <= after["start"]


def test_the_end_of_an_employment_tells_why() -> None:
    """Reasons of departures stand in the row that they end."""
    rows = frames.employments_table(STORY).to_dicts()
    murati = [row for row in rows if row["person"] == "mira-murati"]
    assert [row["reason"] for row in murati] == ["resignation"]


def test_since_keeps_the_words_of_the_source() -> None:
    """A beginning that is not told is a day seen, and its words say so."""
    rows = frames.appointments_table(STORY).to_dicts()
    row = next(row for row in rows if row["post"] == "cso-strategy")
    assert (row["start"], row["since"]) == (dt.date(2024, 9, 25), "..2024-09-25")


def test_events_have_every_field_of_every_kind() -> None:
    """One row for each event, in order, retracted ones too; with `known`, those known by then."""
    made = frames.events_table(STORY)
    assert len(made) == len(STORY.events)
    assert made.columns["event"] == [event.kind for event in STORY.events]
    assert made.columns["day"] == [event.date.day for event in STORY.events]
    then = frames.events_table(STORY, dt.date(2023, 11, 20))
    assert then.columns["date"] == [e.date.text for e in STORY.events if e.known <= dt.date(2023, 11, 20)]
    assert "<Table events: " in repr(made)


# ---------------------------------------------------------------------------------------------------- other libraries


@given(ledgers(max_events=15))
def test_every_library_sees_the_same_rows(ledger: Ledger) -> None:
    """Arrow, polars and pandas hold the values of the table, with real dates, and None where nothing is told."""
    for table in tables(ledger).values():
        rows = table.to_dicts()
        assert table.to_arrow().to_pylist() == rows
        assert table.to_polars().to_dicts() == rows
        frame = table.to_pandas()
        assert list(frame.columns) == list(table.columns)
        for name, column in table.columns.items():
            seen = [None if not isinstance(v, list) and pd.isna(v) else v for v in frame[name]]
            if table.types[name] == "date":
                seen = [v.date() if v is not None else None for v in seen]
            assert seen == column, name


def test_the_arrow_stream_needs_no_knowledge_of_us() -> None:
    """Polars and pyarrow take a table through the Arrow C stream alone."""
    table = frames.appointments_table(STORY)
    assert pl.DataFrame(table).to_dicts() == table.to_dicts()
    assert pa.table(table).to_pylist() == table.to_dicts()


def test_types_are_real() -> None:
    """Dates are dates, truths are truths, also where a column is empty."""
    made = frames.leaves_table(Ledger([])).to_arrow()
    assert made.schema.field("start").type == pa.date32()
    frame = frames.appointments_table(STORY).to_pandas()
    assert frame["start"].dt.year.max() >= 2024
    assert str(frame["acting"].dtype) == "boolean"
    assert frame[frame["end"].isna()]["post"].str.contains("ceo").any()


def test_parquet_files_are_the_tables(tmp_path: Path) -> None:
    """Each file of the Parquet export holds the rows and types of the table of its name; twice, the same bytes."""
    files = exporters.dump("parquet", STORY)
    assert files == exporters.dump("parquet", STORY)
    made = tables(STORY)
    assert sorted(files) == sorted(f"{name}.parquet" for name in made)
    for name, table in made.items():
        (tmp_path / "x.parquet").write_bytes(files[f"{name}.parquet"])
        again = parquet.read_table(tmp_path / "x.parquet")
        assert again.to_pylist() == table.to_dicts()
        assert again.schema == table.to_arrow().schema


def test_a_chart_becomes_a_networkx_graph() -> None:
    """Posts are nodes by id, lines are edges from the post that reports; spans are degrees."""
    chart = STORY.chart(AT)
    graph: Any = frames.to_networkx(chart)
    assert isinstance(graph, nx.MultiDiGraph)
    assert graph.graph == {"at": "2024-09-26", "known": ""}
    assert graph.nodes["ceo"]["people"] == "sam-altman"
    for post in chart.posts:
        solid = [line for line in _lines(graph, post.id) if line == "solid"]
        assert len(solid) == chart.span(post.id)
    assert not [unit for unit in graph.nodes if isinstance(chart.get(unit), Unit) and graph.out_degree(unit)]
    assert len(frames.to_networkx(chart, top_levels=1)) < len(graph)


def _lines(graph: Any, node: str) -> list[str]:
    return [data["line"] for _, _, data in graph.in_edges(node, data=True)]


@pytest.mark.parametrize("library", ["pyarrow", "pandas", "polars", "networkx"])
def test_a_missing_library_is_named(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library, the extra that brings it is told."""
    monkeypatch.setitem(__import__("sys").modules, library, None)
    table = frames.leaves_table(STORY)
    calls: dict[str, Callable[[], object]] = {
        "pyarrow": lambda: exporters.dump("parquet", STORY),
        "pandas": table.to_pandas,
        "polars": table.to_polars,
        "networkx": lambda: frames.to_networkx(STORY.chart(AT)),
    }
    with pytest.raises(MissingExtraError, match=r"orgsim\[(parquet|pandas|polars|networkx)\]"):
        calls[library]()
