"""The commands `run` and `compare` as a person meets them, on a small company."""

import json
import math
import re
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Protocol

import pytest

import orgsim
from orgsim.cli import main
from orgsim.experiments import store
from orgsim.experiments.chunks import Part
from orgsim.experiments.manifest import Manifest
from tests.blessing import Golden

LEDGER = """\
orgsim: ledger/1
organization: acme
events:
- {date: 2023-01-01, event: open-unit, unit: acme, name: Acme}
- {date: 2023-01-01, event: create-post, post: ceo, title: Chief Executive, reports_to: none, critical: true}
- {date: 2023-01-01, event: create-post, post: cto, title: Chief Technology Officer, reports_to: ceo, critical: true}
- {date: 2023-01-01, event: hire, person: ada, name: Ada Rossi}
- {date: 2023-01-01, event: hire, person: ben, name: Ben Okafor}
- {date: 2023-01-01, event: appoint, person: ada, post: ceo}
- {date: 2023-01-01, event: appoint, person: ben, post: cto}
"""
SCENARIO = """\
orgsim: scenario/1
title: "Leaders [leave]"
ledger: ledger.yaml
from: 2024-01-01
until: 2025-01-01
replications: 60
seed: 1
assumptions: [{text: "One in four leaves within a year.", source: made up}]
attrition: {resignation: {rules: [{hazard: {annual_probability: 25 %}}]}}
hiring: {stages: [{id: search, takes: {lognormal: {median: 60 d, p90: 130 d}}}]}
shocks: [{id: gone, date: 2024-06-01, post: cto, probability: 10 %}]
variants:
  retention: {interventions: [{id: stay, from: 2024-01-01, for: 1 y, hazards: {resignation: 0.5}}]}
  none-goes: {attrition: {resignation: {rules: [{hazard: 0 % / y}]}}}
"""


class Run(Protocol):
    """Calls the command."""

    def __call__(self, *words: str, code: int = 0) -> str:
        """What it prints, on both streams, when it ends with this code."""


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a ledger and a scenario."""
    (tmp_path / "ledger.yaml").write_text(LEDGER)
    (tmp_path / "exits.yaml").write_text(SCENARIO)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(company: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in that folder, in this process and a plain terminal of 100 columns."""
    assert company.exists()
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")

    def call(*words: str, code: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["orgsim", *words])
        try:
            main()
            found: object = 0
        except SystemExit as end:
            found = end.code
        out, err = capsys.readouterr()
        assert found == code, out + err
        return out + err

    return call


def test_run_and_compare_print_this(run: Run, golden: Golden) -> None:
    """Whole tables, read by a person before they were blessed; the digest is left out."""
    run_words = ("run", "exits.yaml", "--engine", "threads", "--replications", "200", "--out", "result")
    said = re.sub(r"digest [0-9a-f]{16}", "digest ...", run(*run_words))
    golden(
        "experiments.txt",
        f"$ orgsim {' '.join(run_words)}\n{said}\n$ orgsim compare result\n{run('compare', 'result')}",
    )


def test_json_is_json(run: Run) -> None:
    """Of a run and of a comparison, with every measure; the default engine is processes."""
    found = json.loads(run("run", "exits.yaml", "--json", "--out", "result", "--jobs", "1"))
    assert list(found["variants"]) == ["baseline", "retention", "none-goes"]
    assert found["replications"] == 60
    assert found["variants"]["none-goes"][0]["measure"] == "headcount@2024-01-01"
    one, two = json.loads(run("compare", "result", "--json", "--measure", "departures"))
    assert (one["a"], one["b"], two["a"]) == ("retention", "baseline", "none-goes")
    assert [measure["measure"] for measure in one["measures"]] == ["departures", "departures/resignation"]


def test_only_runs_one_replication(run: Run, company: Path) -> None:
    """Its measures are those of the same number in the result."""
    run("run", "exits.yaml", "--engine", "threads", "--out", "result")
    alone = json.loads(run("run", "exits.yaml", "--only", "7", "--variant", "retention", "--json"))
    outcome = orgsim.read_outcome(company / "result").of("retention")
    assert {name: value for name, value in alone.items() if value is not None} == {
        name: column[7] for name, column in outcome.measures.items() if not math.isnan(column[7])
    }
    assert "gap_days/cto" in run("run", "exits.yaml", "--only", "7")


def test_ledgers_and_rows_are_written(run: Run, company: Path) -> None:
    """A ledger for each variant that `check` finds nothing wrong with, and a table of vacancies."""
    words = ("run", "exits.yaml", "--engine", "threads", "--out", "result", "--variant", "retention")
    assert run(*words, "--ledger", "3", "--rows").endswith("the result is in result\n")
    assert {path.name for path in (company / "result").iterdir()} == {
        *("manifest.json", "measures.parquet", "vacancies.parquet", "ledger-3.yaml", "ledger-3-retention.yaml"),
    }
    assert run("check", "result/ledger-3.yaml") == ""


MISTAKES = {
    "unknown engine": (("run", "exits.yaml", "--engine", "ray"), 2, "no engine 'ray'; the engines are"),
    "unknown variant": (("run", "exits.yaml", "--variant", "retension"), 2, "did you mean 'retention'"),
    "rows without a folder": (("run", "exits.yaml", "--rows"), 2, "--rows, --ledger and --resume go with --out"),
    "no replications": (("run", "exits.yaml", "--replications", "0"), 2, "0 is not in the range x>=1"),
    "only and two variants": (
        ("run", "exits.yaml", "--only", "1", "--variant", "retention", "--variant", "none-goes"),
        2,
        "--only goes with one --variant",
    ),
    "no result": (("compare", "."), 4, "there is no result in '.'"),
    "no scenario": (("run", "exit.yaml"), 4, "No such file"),
    "a ledger": (("run", "ledger.yaml"), 1, "a scenario needs the key 'title'"),
}


@pytest.mark.parametrize(("words", "code", "said"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistakes_are_told(run: Run, words: tuple[str, ...], code: int, said: str) -> None:
    """A sentence and a code, before anything runs."""
    assert said in run(*words, code=code)


def test_results_that_cannot_be_compared_say_why(run: Run) -> None:
    """A result alone without variants, other seeds, an unknown measure."""
    for seed in ("1", "2"):
        words = ("run", "exits.yaml", "--engine", "threads", "--replications", "5", "--variant", "baseline")
        run(*words, "--seed", seed, "--out", seed)
    assert "the result has no variants; name another" in run("compare", "1", code=2)
    assert "the seeds are 2 and 1" in run("compare", "1", "2", code=1)
    assert "did you mean 'gap_days'" in run("compare", "1", "2", "--measure", "gap_dais", code=2)


def test_a_result_gives_any_replication_again(run: Run, company: Path) -> None:
    """Read back from the folder, through the file it was made from; not when that has changed since."""
    run("run", str(company / "exits.yaml"), "--engine", "threads", "--out", "result", "--ledger", "4")
    outcome = orgsim.read_outcome(company / "result")
    for variant, name in (("baseline", "ledger-4.yaml"), ("retention", "ledger-4-retention.yaml")):
        assert orgsim.to_yaml(outcome.of(variant).ledger(4)) == (company / "result" / name).read_text()
    (company / "exits.yaml").write_text(SCENARIO.replace("25 %", "26 %"))
    with pytest.raises(orgsim.errors.UserError, match="has changed since the result was made: 'baseline' is another"):
        orgsim.read_outcome(company / "result").ledger(4)
    (company / "exits.yaml").rename(company / "elsewhere.yaml")
    with pytest.raises(orgsim.errors.UserError, match="cannot be read: No such file or directory; look where"):
        orgsim.read_outcome(company / "result").ledger(4)


def test_a_run_that_is_not_precise_prints_the_command_that_goes_on(run: Run, company: Path) -> None:
    """Word for word, with a folder and without; what is there is gone on with."""
    until = "{least: 10, most: 20, until: {measure: gap_days, half_width: 30 %}}"
    text = SCENARIO.partition("variants:")[0].replace("replications: 60", f"replications: {until}")
    (company / "precise.yaml").write_text(text)
    words = ("run", "precise.yaml", "--engine", "threads")
    whole = run(*words)
    first, command = run(*words, "--out", "result").splitlines()[-2:]
    assert whole.splitlines()[-2:] == [first, command.replace(" --out result --resume", "")]
    assert first == "go on with:"
    said = run(*shlex.split(command)[1:])
    assert f" {shlex.split(command)[command.split().index('--replications') + 1]} replications" in said
    assert "go on with" not in said


def test_without_a_folder_nothing_is_left(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither after a run nor after a mistake; only what was interrupted is kept, where the command says."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    run("run", "exits.yaml", "--engine", "threads", "--replications", "5")
    run("run", "exits.yaml", "--engine", "ray", code=2)
    assert list(temporary.iterdir()) == []


def test_an_interrupted_run_prints_the_command_that_goes_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Word for word; and going on gives what would have been."""
    kept = store.write_part

    def stop(folder: Path, manifest: Manifest, part: Part) -> Part:
        if part.lo > 2:
            raise KeyboardInterrupt
        return kept(folder, manifest, part)

    words = (
        "run",
        "exits.yaml",
        "--engine",
        "threads",
        "--jobs",
        "1",
        "--replications",
        "30",
        "--variant",
        "retention",
    )
    monkeypatch.setattr(store, "write_part", stop)
    said = run(*words, code=130)
    monkeypatch.setattr(store, "write_part", kept)
    first, command = said.splitlines()
    assert re.fullmatch(r"orgsim: error: interrupted; \d+ of 60 replications are kept, go on with:", first)
    assert run(*shlex.split(command)[1:]).splitlines()[:-1] == run(*words).splitlines()
