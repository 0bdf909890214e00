"""A result on disk: what is in the folder, that it reads back to the last bit, and that nothing is ever half there."""

import csv
import json
import math
import os
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import orgsim
from orgsim.errors import MissingExtraError, UserError
from orgsim.experiments import store
from orgsim.experiments.experiment import read_outcome, run_experiment
from orgsim.experiments.outcome import Outcome
from orgsim.files import write_whole
from tests.experiments import toy


@pytest.fixture(params=["parquet", "csv"])
def form(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With the extra for Parquet, and without."""
    form: str = request.param
    if form == "csv":
        monkeypatch.setitem(sys.modules, "pyarrow", None)
    return form


def run(folder: Path, **more: Any) -> Outcome:
    """A toy and a variant, in this process."""
    variants = {"more, or less": toy.scenario("mean=107")}
    defaults = {"model": toy.MODEL, "executor": "serial", "variants": variants, "chunk": 6}
    return run_experiment(toy.scenario(), folder=folder, **{**defaults, **more})


def test_a_result_reads_back_to_the_last_bit(tmp_path: Path, form: str) -> None:
    """Names, numbers, NaN, variants and the digest, whichever form the table has."""
    outcome = run(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json", f"measures.{form}"]
    again = read_outcome(tmp_path)
    assert again.digest == outcome.digest
    assert again.manifest == outcome.manifest
    for variant in outcome.variants:
        assert again.of(variant).measures.names == outcome.of(variant).measures.names
        np.testing.assert_array_equal(again.of(variant).measures.numbers, outcome.of(variant).measures.numbers)


def test_measures_are_a_plain_table(tmp_path: Path, form: str) -> None:
    """A row for each variant and replication, which others read without knowing us."""
    outcome = run(tmp_path)
    if form == "csv":
        rows = list(csv.DictReader((tmp_path / "measures.csv").read_text().splitlines()))
        gaps = [float(row["gap_days/ceo"]) for row in rows if row["variant"] == "more, or less"]
        fills = [float(row["time_to_fill"]) if row["time_to_fill"] else math.nan for row in rows[:20]]
    else:
        import polars as pl

        table = pl.read_parquet(tmp_path / "measures.parquet")
        assert table["replication"].to_list() == [*range(20), *range(20)]
        gaps = table.filter(variant="more, or less")["gap_days/ceo"].to_list()
        fills = [math.nan if value is None else value for value in table["time_to_fill"].to_list()[:20]]
    assert gaps == outcome.of("more, or less").measures["gap_days/ceo"].tolist()
    np.testing.assert_array_equal(fills, outcome.measures["time_to_fill"])


def test_rows_are_in_order_however_they_came(tmp_path: Path, form: str) -> None:
    """Every vacancy of every replication, by variant and replication."""
    run(tmp_path, rows=True, chunk=3, executor="threads", jobs=3)
    header, cells = store._read_table(tmp_path / "vacancies")
    rows = list(cells)
    expected = [
        (variant, k, number)
        for variant in ("baseline", "more, or less")
        for k in range(20)
        for number in (1, 2, 3)
        if k % number == 0
    ]
    assert [(row[0], int(row[1]), int(row[3])) for row in rows] == expected
    assert header[:4] == ["variant", "replication", "post", "number"]
    assert (tmp_path / f"vacancies.{form}").exists()
    luck = toy.simulate(toy.compile_world(toy.scenario()), 0).normal
    assert float(rows[0][header.index("opened")]) == luck, "floats come back to the last bit"
    assert rows[0][header.index("ended")] == ""


def test_ledgers_are_ledgers(tmp_path: Path) -> None:
    """A replication that is asked for is written as YAML, for each variant, and reads back."""
    run(tmp_path, ledgers=(3, 5))
    assert {path.name for path in tmp_path.glob("ledger*")} == {
        *("ledger-3.yaml", "ledger-5.yaml", "ledger-3-more, or less.yaml", "ledger-5-more, or less.yaml")
    }
    assert orgsim.read(tmp_path / "ledger-5.yaml").events[-1].person == "p5"  # type: ignore[attr-defined]


def test_a_manifest_says_how_it_came_about(tmp_path: Path) -> None:
    """Versions, platform, inputs, seed, replications, command and time; and only it has a time in it."""
    outcome = run(tmp_path)
    found = json.loads((tmp_path / "manifest.json").read_text())
    assert found["orgsim"] == "result/1"
    assert set(found["versions"]) == {"python", "orgsim", "attrs", "numpy", "simpy"}
    assert found["seed"] == 1
    assert found["replications"] == 20
    assert found["digest"] == outcome.digest
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", found["started"])
    assert [len(one["fingerprint"]) for one in found["inputs"].values()] == [64, 64]
    assert found["argv"]
    assert found["platform"]


def test_two_runs_differ_in_the_manifest_only(tmp_path: Path, form: str) -> None:
    """The tables of two runs are the same bytes."""
    for name in ("a", "b"):
        run(tmp_path / name, rows=True, chunk=1 if name == "a" else 20)
    for name in (f"measures.{form}",):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_without_the_extra_a_parquet_table_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says which extra."""
    run(tmp_path)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"orgsim\[parquet\]"):
        read_outcome(tmp_path)


def test_what_is_no_result_is_said(tmp_path: Path) -> None:
    """No manifest, one of something else, of another version, broken; numbers that somebody changed."""
    with pytest.raises(UserError, match=r"it has no manifest\.json"):
        read_outcome(tmp_path)
    run(tmp_path / "r")
    manifest = tmp_path / "r" / "manifest.json"
    good = manifest.read_text()
    for text, said in (
        ("[1]", "is no manifest"),
        ("{", "is no manifest"),
        ("{}", "of no format of orgsim"),
        ('{"orgsim": "result/2"}', "of result/2, and this version reads result/1"),
        ('{"orgsim": "result/1", "inputs": {}}', "not as orgsim writes it"),
        (good.replace('"digest": "', '"digest": "0'), "not those that were written there"),
    ):
        manifest.write_text(text)
        with pytest.raises(UserError, match=said):
            read_outcome(tmp_path / "r")


def test_numbers_that_somebody_changed_are_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell that is another number, no number, a column or a row that is gone."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    run(tmp_path)
    table = tmp_path / "measures.csv"
    good = table.read_text()
    lines = good.splitlines(keepends=True)
    for text in (
        good.replace(",0.0,", ",0.5,", 1),
        good.replace(",0.0,", ",zero,", 1),
        good.replace("departures", "leavers"),
        "".join(lines[:-1]),
        good.replace("baseline,", "basis,"),
        "",
        "\n",
        good[:20],
        good.replace("\n", "\0\n"),
        good.replace("replication", '"replication'),
    ):
        assert text != good
        table.write_text(text)
        with pytest.raises(UserError, match="not those that were written there; run the scenario again"):
            read_outcome(tmp_path)
        with pytest.raises(UserError, match="not those that were written there; run the scenario again"):
            run(tmp_path, resume=True)


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing fails, the old file stays, and nothing else is left."""
    path = tmp_path / "file"
    write_whole(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
