"""An experiment as its caller sees it: counts, stages, seeds, variants, folders, and what is said when it cannot be."""

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest

from orgsim.errors import Location, UnknownIdError, UserError
from orgsim.experiments.columns import Columns
from orgsim.experiments.experiment import (
    Interrupted,
    PoisonedError,
    Progress,
    read_outcome,
    run_experiment,
    stages,
)
from orgsim.experiments.intervals import mean_interval
from orgsim.experiments.outcome import Outcome
from orgsim.experiments.precision import asked_of, least_known
from orgsim.scenario.model import Precision, Scenario
from tests.experiments import toy


def run(scenario: Scenario | None = None, **more: Any) -> Outcome:
    """Run a toy in this process."""
    return run_experiment(scenario or toy.scenario(), **{"model": toy.MODEL, "executor": "serial", **more})


def interrupted_after(count: int) -> Callable[[Progress], None]:
    """A progress that is Ctrl-C when so many replications are done."""

    def stop(progress: Progress) -> None:
        if progress.done >= count:
            raise KeyboardInterrupt

    return stop


# ------------------------------------------------------------------------------------------------------- what comes out


def test_every_replication_is_simulated_and_measured() -> None:
    """The columns are the measures of replications 0, 1, 2, ..., and a replication can be had again."""
    outcome = run(replications=30)
    world = toy.compile_world(toy.scenario())
    expected = [toy.measure(world, toy.simulate(world, k)) for k in range(30)]
    assert outcome.replications == 30
    assert outcome.measures["gap_days/ceo"].tolist() == [found["gap_days/ceo"] for found in expected]
    assert tuple(outcome.measures) == tuple(expected[0])
    assert outcome.replication(17) == toy.simulate(world, 17)
    assert outcome.ledger(17).events[-1].person == "p17"  # type: ignore[attr-defined]


def test_variants_share_the_luck_of_the_baseline() -> None:
    """A variant that adds 7 to a measure differs by 7 in every replication, whatever seed its own scenario has."""
    outcome = run(variants={"more": toy.scenario("mean=107", seed=99)}, seed=5)
    assert outcome.variants == ("baseline", "more")
    difference = outcome.of("more").measures["gap_days/ceo"] - outcome.measures["gap_days/ceo"]
    assert difference == pytest.approx(np.full(20, 7.0))
    assert outcome.manifest.seed == 5
    assert outcome.of("more").replication(3) == toy.simulate(toy.compile_world(toy.scenario(seed=5)), 3)


def test_more_replications_begin_with_the_same_ones() -> None:
    """The first 20 of 50 replications are the 20 of a shorter run."""
    short, long = run(replications=20), run(replications=50)
    assert short.measures["gap_days/ceo"].tolist() == long.measures["gap_days/ceo"][:20].tolist()


def test_a_summary_says_what_the_replications_say() -> None:
    """Mean and quantiles with intervals, their unit, and how many replications have no number."""
    outcome = run(replications=300)
    found = {one.measure: one for one in outcome.summary()}
    gap, fill = found["gap_days/ceo"], found["time_to_fill"]
    assert gap.mean == mean_interval(outcome.measures["gap_days/ceo"].tolist())
    assert (gap.unit, gap.count, gap.none) == ("days", 300, 0)
    assert (fill.count, fill.none) == (200, 100)
    there = np.sort(outcome.measures["time_to_fill"])[:200]
    median = fill.quantiles[0.5]
    assert not isinstance(median, str)
    assert median.value == there[99]


def test_a_summary_refuses_quantiles_of_too_few() -> None:
    """Twenty replications say something of the median, and nothing of the 5 % that are worst."""
    (found,) = run().summary(["gap_days/ceo"])
    assert found.quantiles[0.95] == "the 95 % quantile needs at least 100 replications, and there are 20"
    assert not isinstance(found.quantiles[0.5], str)


def test_a_fan_is_a_series_by_date() -> None:
    """Each date with its mean and quantiles, in the order of dates."""
    outcome = run(replications=200)
    fan = outcome.fan("headcount")
    assert [date.isoformat() for date in fan.dates] == ["2024-01-01", "2024-02-01", "2024-03-01"]
    assert fan.mean[1] == pytest.approx(outcome.measures["headcount@2024-02-01"].mean())
    assert fan.quantiles[0.05][2] == np.sort(outcome.measures["headcount@2024-03-01"])[9]
    assert outcome.series() == ("headcount",)
    with pytest.raises(ValueError, match="needs at least 500"):
        outcome.fan("headcount", [0.99])
    with pytest.raises(UnknownIdError, match="no series 'headcont'; did you mean 'headcount'"):
        outcome.fan("headcont")


def test_wrong_names_are_told_with_what_is_close() -> None:
    """Of a measure and of a variant."""
    outcome = run(variants={"retention": toy.scenario("mean=1")})
    with pytest.raises(UnknownIdError, match="no measure 'gap_days/cto'; did you mean 'gap_days/ceo'"):
        outcome.measures["gap_days/cto"]
    with pytest.raises(UnknownIdError, match="no variant 'retension'; did you mean 'retention'"):
        outcome.of("retension")
    with pytest.raises(ValueError, match="numbered from 0"):
        outcome.replication(-1)


# --------------------------------------------------------------------------------------------------------- how many


def test_stages_double_until_the_most() -> None:
    """Whether it is enough is asked after least, twice, four times as many ..., and most."""
    assert list(stages(Precision("cost", 0.01, 400, 6400))) == [400, 800, 1600, 3200, 6400]
    assert list(stages(Precision("cost", 0.01, 400, 1000))) == [400, 800, 1000]
    assert list(stages(Precision("cost", 0.01, 400, 400))) == [400]
    assert list(stages(1000)) == [1000]


@pytest.mark.parametrize(("half_width", "count", "precise"), [(0.1, 20, True), (0.02, 160, True), (0.001, 200, False)])
def test_it_runs_until_it_is_precise(half_width: float, count: int, *, precise: bool) -> None:
    """A mean of 100 with a standard deviation of 10 is within 2 % after about (1.96 · 10 / 2)² ≈ 96 replications."""
    wanted = Precision("gap_days/ceo", half_width, 20, 200)
    outcome = run(toy.scenario(replications=wanted))
    assert (outcome.replications, outcome.manifest.precise) == (count, precise)
    mean = outcome.summary(["gap_days/ceo"])[0].mean
    assert mean is not None
    assert (mean.half_width <= half_width * mean.value) == precise


@pytest.mark.parametrize("spread", [10, 20, 40])
def test_the_replications_told_to_be_needed_are_about_enough(spread: int) -> None:
    """That is (1.96 · spread / wanted)² for a normal measure; run so often, it is about as well known as wanted."""
    wanted = Precision("gap_days/ceo", 0.01, 20, 200)
    known = asked_of(run(toy.scenario(f"spread={spread}", replications=wanted)))
    assert known is not None
    assert not known.enough
    assert known.needed == pytest.approx((1.96 * spread / 1) ** 2, rel=0.25)
    again = run(toy.scenario(f"spread={spread}"), replications=known.needed)
    mean = mean_interval(again.measures["gap_days/ceo"].tolist())
    assert mean.half_width == pytest.approx(0.01 * mean.value, rel=0.1)


def test_what_is_needed_is_told_of_the_variant_that_needs_most() -> None:
    """Which may be one whose mean is smaller; nothing is told where there is no number, one only, or a mean of zero."""
    columns = {
        "quiet": [100.0, 101, 99, 100],
        "small": [1.0, 2, 0, 1],
        "loud": [100.0, 150, 50, 100],
    }
    runs = {name: Columns(("cost",), np.array(values)[:, None]) for name, values in columns.items()}
    assert least_known(runs, "cost", 0.01).variant == "small"
    assert least_known({"quiet": runs["quiet"]}, "cost", 0.02).enough
    for values in ([math.nan, math.nan], [3.0, math.nan], [-1.0, 1.0]):
        known = least_known({**runs, "odd": Columns(("cost",), np.array(values)[:, None])}, "cost", 0.01)
        assert (known.variant, known.needed, known.enough) == ("odd", None, False)


def test_every_variant_must_be_precise() -> None:
    """A variant that varies more makes all run longer."""
    wanted = Precision("gap_days/ceo", 0.1, 20, 200)
    outcome = run(toy.scenario(replications=wanted), variants={"wild": toy.scenario("spread=40")})
    assert outcome.replications > 20
    assert outcome.of("wild").replications == outcome.replications


@pytest.mark.parametrize("chunk", [1, 7, 250])
def test_when_to_stop_depends_on_no_chunk(chunk: int) -> None:
    """Chunks end where stages end, so that the decision is always about the same replications."""
    wanted = Precision("gap_days/ceo", 0.02, 20, 200)
    assert run(toy.scenario(replications=wanted), chunk=chunk, executor="threads", jobs=3).replications == 160


def test_precision_in_an_unknown_measure_is_refused_at_once() -> None:
    """After the first replication, and not after the last."""
    wanted = Precision("gap_days/cto", 0.02, 20, 200)
    with pytest.raises(UserError, match=r"no measure 'gap_days/cto'.*did you mean 'gap_days/ceo'"):
        run(toy.scenario(replications=wanted))


def test_wrong_calls() -> None:
    """No replications, a variant that is called like the baseline, rows without a folder, an unknown engine."""
    with pytest.raises(ValueError, match="at least one replication, not 0"):
        run(replications=0)
    with pytest.raises(ValueError, match="'baseline' is the scenario itself"):
        run(variants={"baseline": toy.scenario()})
    with pytest.raises(ValueError, match="name one"):
        run(rows=True)
    with pytest.raises(UserError, match="no engine 'proceses'; the engines are 'processes'"):
        run(executor="proceses")


# ----------------------------------------------------------------------------------------------- going wrong, going on


def test_an_interrupted_run_goes_on(tmp_path: Path) -> None:
    """What is done is kept and not done again, and the digest is that of a run without interruption."""
    trace = tmp_path / "trace"
    scenario = toy.scenario(f"trace={trace}", replications=40)
    folder = tmp_path / "result"
    with pytest.raises(Interrupted) as stopped:
        run(scenario, folder=folder, chunk=4, progress=interrupted_after(16))
    assert (stopped.value.done, stopped.value.total, stopped.value.folder) == (16, 40, folder)
    with pytest.raises(UserError, match="is not finished; go on with it: orgsim run SCENARIO"):
        read_outcome(folder)
    outcome = run(scenario, folder=folder, resume=True)
    assert outcome.digest == run(toy.scenario(replications=40)).digest
    done = [int(line.split()[0]) for line in trace.read_text().splitlines()]
    assert sorted(done) == list(range(40))
    assert not (folder / "parts").exists()


def test_a_part_that_is_torn_is_done_again(tmp_path: Path) -> None:
    """A file that cannot be read is as good as none."""
    folder = tmp_path / "result"
    with pytest.raises(Interrupted):
        run(folder=folder, chunk=2, progress=interrupted_after(10))
    first, second, third, *_ = sorted((folder / "parts").iterdir())
    first.write_bytes(first.read_bytes()[:-40])
    second.write_bytes(b"")
    third.write_bytes(third.read_bytes().replace(b"gap", b"gab"))
    (folder / "parts" / "something-else.npz").write_bytes(b"hello")
    assert run(folder=folder, resume=True).digest == run().digest


def test_more_replications_can_be_asked_for_later(tmp_path: Path) -> None:
    """A finished result goes on to more, with only those that are missing; it does not go back to fewer."""
    trace = tmp_path / "trace"
    scenario = toy.scenario(f"trace={trace}")
    folder = tmp_path / "result"
    run(scenario, folder=folder, replications=10, rows=True)
    later = {"more": toy.scenario("mean=107")}
    outcome = run(scenario, folder=folder, replications=25, resume=True, variants=later)
    assert [int(line.split()[0]) for line in trace.read_text().splitlines()] == list(range(25))
    assert outcome.digest == run(replications=25, variants=later).digest == read_outcome(folder).digest
    assert read_outcome(folder).manifest.rows, "a result that has rows keeps having them"
    with pytest.raises(UserError, match="has 25 replications, more than 10"):
        run(scenario, folder=folder, replications=10, resume=True)


def test_a_result_is_not_mixed_with_another(tmp_path: Path) -> None:
    """Another scenario, seed or version is refused, and so is a folder with other things."""
    folder = tmp_path / "result"
    run(folder=folder)
    with pytest.raises(UserError, match="already; go on with it by --resume"):
        run(folder=folder)
    with pytest.raises(UserError, match="another scenario: 'baseline' has changed since; name another folder"):
        run(toy.scenario("mean=1"), folder=folder, resume=True)
    with pytest.raises(UserError, match="from the seed 1, and now it is 2"):
        run(folder=folder, resume=True, seed=2)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["versions"]["orgsim"] = "0.0.1"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UserError, match=r"from orgsim 0\.0\.1, and this is"):
        run(folder=folder, resume=True)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("Dear all")
    with pytest.raises(UserError, match="has other things in it"):
        run(folder=tmp_path / "other")


def test_poisoned_replications_are_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    """Which replication of which variant, why, how to run it alone, and where the others are."""
    scenario = attrs.evolve(toy.scenario("raise=7"), where=Location("exits.yaml", 1, 1))
    with pytest.raises(PoisonedError) as caught:
        run(scenario, variants={"fine": toy.scenario()}, folder=tmp_path / "result", seed=3)
    assert caught.value.exit_code == 70
    assert str(caught.value) == (
        "replication 7 of 'baseline' fails: ZeroDivisionError: nothing goes into 7;"
        f" 39 others are kept in '{tmp_path / 'result'}'\n"
        "run the first alone with: orgsim run exits.yaml --seed 3 --only 7"
    )
    (one,) = caught.value.poisoned
    assert (one.variant, one.replication) == ("baseline", 7)
    assert "in simulate" in (one.trace or "")


def test_poisoned_without_a_file_is_run_in_python() -> None:
    """A scenario made in Python has no command."""
    with pytest.raises(PoisonedError, match=re.escape("orgsim.simulate.engine.simulate(compile_world(scenario), 7)")):
        run(toy.scenario("raise=7"))


def test_a_scenario_that_cannot_be_compiled_is_told_before_anything_runs(tmp_path: Path) -> None:
    """The error is that of the compiler, and no folder is made."""
    with pytest.raises(ValueError, match="dictionary update sequence"):
        run(variants={"wrong": toy.scenario("what")}, folder=tmp_path / "result")
    assert not (tmp_path / "result").exists()


def test_progress_is_told(tmp_path: Path) -> None:
    """How many are done of how many, growing to all, also when some were there already."""
    told: list[Progress] = []
    with pytest.raises(Interrupted) as stopped:
        run(folder=tmp_path / "r", chunk=5, progress=interrupted_after(5))
    assert stopped.value.done == 10, "the other chunk under way was done as well"
    run(folder=tmp_path / "r", resume=True, chunk=5, progress=told.append, variants={"more": toy.scenario("mean=1")})
    assert [(one.done, one.total) for one in told] == [(done, 40) for done in range(15, 41, 5)]
    assert told[-1] == Progress(40, 40, 20, 20, here=30, size=30 * 7 * 8)
