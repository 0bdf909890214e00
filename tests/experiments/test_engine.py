"""Experiments with the real engine: one digest however it is done, and rows that agree with the measures."""

import pickle
from collections import Counter
from pathlib import Path

import attrs
import pytest

from orgsim.experiments import store
from orgsim.experiments.experiment import run_experiment
from orgsim.experiments.fingerprint import fingerprint
from orgsim.experiments.kinds import LESS, kind_of
from orgsim.experiments.model import engine
from orgsim.reading.scenario import read_scenario, read_variants
from orgsim.scenario.model import Scenario
from orgsim.simulate.measures import NAMES

SCENARIO = Path(__file__).parents[2] / "scenarios" / "autumn-2024.yaml"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """A packaged scenario."""
    return attrs.evolve(read_scenario(SCENARIO), replications=24)


@pytest.fixture(scope="module")
def variants() -> dict[str, Scenario]:
    """Its variants."""
    return read_variants(SCENARIO)


@pytest.mark.parametrize(("executor", "chunk"), [("processes", 5), ("threads", 1), ("threads", None)])
def test_one_digest(scenario: Scenario, variants: dict[str, Scenario], executor: str, chunk: int | None) -> None:
    """Worlds travel, and threads share nothing that would matter."""
    expected = run_experiment(scenario, variants=variants, executor="serial").digest
    found = run_experiment(scenario, variants=variants, executor=executor, chunk=chunk, jobs=2)
    assert found.digest == expected


def test_rows_agree_with_measures(scenario: Scenario, tmp_path: Path) -> None:
    """Fills by promotion and from outside, and what follows from them, counted from the rows of each replication."""
    outcome = run_experiment(scenario, executor="serial", folder=tmp_path, rows=True)
    header, cells = store._read_table(tmp_path / "vacancies")
    rows = [dict(zip(header, row, strict=True)) for row in cells]
    assert rows
    promoted = Counter(int(row["replication"]) for row in rows if row["how"] == "promoted")
    assert [promoted[k] for k in range(24)] == outcome.measures["promotions"].tolist()
    cascades = {(row["replication"], row["cascade"]) for row in rows}
    sizes = [
        sum(row["replication"] == str(k) for row in rows) / sum(of == str(k) for of, _ in cascades) for k in range(24)
    ]
    assert sizes == pytest.approx(outcome.measures["cascade_size"].tolist(), nan_ok=True)
    for row in rows:
        until = float(row["ended"]) if row["ended"] else float(scenario.horizon)
        assert 0 <= float(row["acting_days"]) <= until - float(row["opened"]) + 1e-9


def test_every_measure_has_a_kind(scenario: Scenario) -> None:
    """A unit for each, and a currency for money."""
    model = engine()
    world = model.compile(scenario)
    for name in model.measure(world, model.simulate(world, 0)):
        assert kind_of(name).unit, name
    assert set(map(str, NAMES)) >= {"headcount", "gap_days", "cost"}
    assert kind_of("cost/hire", "EUR").unit == "EUR"
    assert kind_of("vacancy_rate@2025-01-01").share


def test_what_is_better_of_a_part_is_that_of_the_whole_or_its_own() -> None:
    """Less cost is better, of every kind but salaries saved; and fewer searches that go on."""
    assert kind_of("cost/vacancy").better == kind_of("departures/layoff").better == LESS
    assert kind_of("cost/saved", "EUR").better is None
    assert kind_of("time_to_fill/open").better == LESS
    assert (kind_of("time_to_fill/open").unit, kind_of("time_to_fill").unit) == ("of searches", "days")


def test_a_world_and_a_scenario_travel(scenario: Scenario) -> None:
    """What comes out of a copy is the same."""
    model = engine()
    world = model.compile(scenario)
    again = model.compile(pickle.loads(pickle.dumps(scenario)))  # noqa: S301 - our own
    for k in range(3):
        expected = model.measure(world, model.simulate(world, k))
        assert model.measure(again, model.simulate(again, k)) == pytest.approx(expected, nan_ok=True, rel=0, abs=0)


def test_a_fingerprint_tells_scenarios_apart(scenario: Scenario, variants: dict[str, Scenario]) -> None:
    """What changes what happens changes it; words, the seed and the number of replications do not."""
    prints = {fingerprint(one) for one in (scenario, *variants.values(), attrs.evolve(scenario, end=scenario.start))}
    assert len(prints) == len(variants) + 2
    same = attrs.evolve(scenario, title="Another", seed=3, replications=5, story="", digest="", variant="x")
    assert fingerprint(same) == fingerprint(scenario) == fingerprint(read_scenario(SCENARIO))
    fewer = attrs.evolve(scenario, ledger=attrs.evolve(scenario.ledger, events=scenario.ledger.events[:-1]))
    assert fingerprint(fewer) != fingerprint(scenario)
