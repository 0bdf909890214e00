"""Comparisons against theory: bivariate normal measures, whose difference, reduction and chance to win are known."""

import math
from pathlib import Path
from statistics import NormalDist
from typing import Any

import attrs
import numpy as np
import pytest
from pyarrow import parquet  # type: ignore[import-untyped]
from scipy import stats

from orgsim.errors import UserError
from orgsim.experiments.columns import Columns, alike
from orgsim.experiments.compare import Comparison, beside, compare
from orgsim.experiments.data import comparisons_data, outcome_data
from orgsim.experiments.experiment import read_outcome, run_experiment
from orgsim.experiments.outcome import Outcome
from tests.experiments import toy


def run(variants: dict[str, str], **more: Any) -> Outcome:
    """A toy and variants of it, in this process."""
    made = {name: toy.scenario(words) for name, words in variants.items()}
    defaults = {"model": toy.MODEL, "executor": "serial", "replications": 2000}
    return run_experiment(toy.scenario(), variants=made, **{**defaults, **more})


def one(outcome: Outcome, variant: str, measure: str = "gap_days/ceo") -> Comparison:
    """A variant against the baseline."""
    (found,) = compare(outcome.of(variant), outcome, measure)
    return found


def test_a_paired_difference_is_scipys() -> None:
    """Mean and interval are those of the paired t test."""
    outcome = run({"b": "mean=99 noise=5"})
    a, b = outcome.of("b").measures["gap_days/ceo"], outcome.measures["gap_days/ceo"]
    low, high = stats.ttest_rel(a, b).confidence_interval(0.95)
    found = one(outcome, "b").difference
    assert (found.value, found.low, found.high) == pytest.approx(((a - b).mean(), low, high))


def test_the_reduction_of_variance_is_the_one_of_theory() -> None:
    """Spread 10 in both and noise of 2 in one: (100 + 104) / 4 = 51; the standard error of the ratio is about 2 %."""
    found = one(run({"b": "noise=2"}), "b")
    assert found.reduction == pytest.approx(51, rel=0.1)
    assert found.reduction is not None


def test_the_chance_to_be_better_is_the_one_of_theory() -> None:
    """A difference of -1 with noise of 2 is below 0 with probability Φ(1/2), and fewer gap days are better."""
    found = one(run({"b": "mean=99 noise=2"}), "b")
    true = NormalDist().cdf(0.5)
    assert found.better is not None
    assert found.better == found.less
    assert found.better.low is not None
    assert found.better.high is not None
    assert found.better.low < true < found.better.high
    assert found.same.value == 0


def test_more_headcount_is_better_and_some_things_have_no_better_side() -> None:
    """Which way is better depends on the measure; of the others it is not said."""
    outcome = run({"b": "mean=90"}, replications=50)
    assert one(outcome, "b", "headcount@2024-02-01").better == one(outcome, "b", "headcount@2024-02-01").more
    assert one(outcome, "b", "odd").better is None


def test_ties_are_told_and_are_not_better() -> None:
    """Shares of less, same and more; departures are whole numbers and often equal."""
    outcome = run({"b": "mean=96"})
    found = one(outcome, "b", "departures")
    a, b = outcome.of("b").measures["departures"], outcome.measures["departures"]
    assert found.same.value == (a == b).mean() > 0
    assert found.less.value == (a < b).mean()
    assert found.less.value + found.same.value + found.more.value == pytest.approx(1)


def test_rounding_is_no_difference() -> None:
    """0.1 + 0.2 and 0.3 tie; pairs that all differ by the same have an infinite reduction; constants have none."""
    outcome = run({"same": f"mean={100 * (0.1 + 0.2) / 0.3!r}", "shifted": "mean=93"}, replications=50)
    assert one(outcome, "same").same.value == 1
    assert one(outcome, "shifted").reduction == math.inf
    assert one(outcome, "shifted", "odd").reduction is None


def test_replications_without_a_number_are_left_out_and_counted() -> None:
    """Every third replication has no time to fill."""
    found = one(run({"b": "mean=90"}, replications=30), "b", "time_to_fill")
    assert (found.pairs, found.without) == (20, 10)


def test_of_different_numbers_of_replications_the_common_ones_count() -> None:
    """The first 50 of 80."""
    long, short = run({}, replications=80), run({"b": "noise=1"}, replications=50)
    (found,) = compare(short.of("b"), long, "gap_days/ceo")
    assert found.pairs == 50
    assert found == one(short, "b")


def test_other_seeds_are_no_pairs() -> None:
    """Replications of different luck do not belong together."""
    with pytest.raises(UserError, match="the seeds are 2 and 1, so the replications are no pairs"):
        compare(run({}, seed=2, replications=5), run({}, replications=5))


def test_one_pair_has_no_interval() -> None:
    """A single replication tells a difference, and nothing about it."""
    found = one(run({"b": "mean=99"}, replications=1), "b")
    assert found.difference.value == pytest.approx(-1)
    assert found.difference.low is None
    assert found.reduction is None


def test_independent_luck_reduces_nothing() -> None:
    """What has nothing in common has a ratio of 1: the measure of one variant against another's noise."""
    outcome = run({"a": "spread=0 noise=10"})
    assert one(outcome, "a").reduction == pytest.approx(1, abs=0.1)
    np.testing.assert_allclose(one(outcome, "a").difference.value, 0, atol=1)


def test_json_has_everything_and_no_nan() -> None:
    """Plain data that any JSON reader takes."""
    import json

    outcome = run({"b": "mean=93"}, replications=50)
    text = json.dumps(outcome_data(outcome), allow_nan=False)
    again = json.loads(text)
    assert list(again["variants"]) == ["baseline", "b"]
    assert again["variants"]["b"][0]["quantiles"]["95 %"] == {
        "refused": "the 95 % quantile needs at least 100 replications, and there are 50"
    }
    data = comparisons_data("b", "baseline", compare(outcome.of("b"), outcome))
    found = json.loads(json.dumps(data, allow_nan=False))["measures"][0]
    assert found["difference"]["value"] == pytest.approx(-7)
    assert found["better"]["value"] == 1


def columns(**numbers: float) -> Columns:
    """One replication; `departures_x` is `departures/x`."""
    names = tuple(name.replace("_", "/") for name in numbers)
    return Columns(names, np.array([list(numbers.values())]))


def test_what_only_another_world_can_have_is_zero() -> None:
    """Departures for a reason, beside the others; other measures that are not there have no number to give."""
    found = alike(
        {
            "a": columns(departures=1, departures_resignation=1, hires=4),
            "b": columns(departures=3, departures_layoff=2, departures_retirement=1, hires=4, odd=5),
        }
    )
    first = ("departures", "departures/layoff", "departures/retirement", "departures/resignation", "hires")
    assert found["a"].names == first
    assert found["b"].names == (*first, "odd")
    assert found["a"].numbers.tolist() == [[1, 0, 0, 1, 4]]
    assert found["b"].numbers.tolist() == [[3, 2, 1, 0, 4, 5]]
    assert alike(found) == found
    assert found["a"] == alike({"a": found["a"]})["a"]


def test_costs_are_zero_where_nothing_costs_anything_but_never_where_salaries_were_not_told() -> None:
    """A baseline without interventions costs nothing; one that knows no salaries does not say what vacancies cost."""
    paid, none = columns(hires=1, cost=7, cost_interventions=7), columns(hires=2)
    assert alike({"a": none, "b": paid})["a"].numbers.tolist() == [[2, 0, 0]]
    priced = columns(hires=1, cost=9, cost_vacancy=2, cost_interventions=7)
    assert alike({"a": none, "b": priced})["a"].names == ("hires",)


def leaves(world: toy.World, replication: toy.Replication) -> dict[str, float]:
    """Departures for a reason that only some worlds have."""
    found = toy.measure(world, replication)
    reason = world.words.get("reason")
    return found if reason is None else {**found, f"departures/{reason}": found["departures"]}


def test_results_of_different_reasons_are_compared() -> None:
    """Variants of one result, and two results, in every place where measures are looked for."""
    model = attrs.evolve(toy.MODEL, measure=leaves)
    outcome = run({"b": "reason=layoff"}, model=model, replications=30)
    found = one(outcome, "b", "departures/layoff")
    assert found.b.value == 0
    assert found.a.value == found.difference.value == outcome.of("b").measures["departures"].mean()
    alone = run({}, model=model, replications=30)
    assert "departures/layoff" not in alone.measures
    (found,) = compare(outcome.of("b"), alone, "departures/layoff")
    assert found.b.value == 0
    assert beside({"r": alone, "s": outcome.of("b")})["r"].measures["departures/layoff"].tolist() == [0.0] * 30


def test_a_result_with_other_reasons_in_a_variant_reads_back(tmp_path: Path) -> None:
    """With the same digest as without a folder, no empty cell for a reason, and a resumed run changes nothing."""
    model = attrs.evolve(toy.MODEL, measure=leaves)
    more = {"model": model, "replications": 30}
    plain = run({"b": "reason=layoff"}, **more)
    kept = run({"b": "reason=layoff"}, folder=tmp_path / "r", **{**more, "replications": 10})
    kept = run({"b": "reason=layoff"}, folder=tmp_path / "r", resume=True, **more)
    again = read_outcome(tmp_path / "r")
    assert kept.digest == plain.digest == again.digest
    for variant in plain.variants:
        assert again.of(variant).measures.names == plain.of(variant).measures.names
        assert np.array_equal(again.of(variant).measures.numbers, plain.of(variant).measures.numbers, equal_nan=True)
    table = parquet.read_table(tmp_path / "r" / "measures.parquet")
    assert table.column("departures/layoff").null_count == 0
