"""What common luck does to a comparison: one post more, or one named departure, in a company of 500."""

from pathlib import Path

import pytest

from orgsim.experiments.compare import compare, reduction
from orgsim.experiments.experiment import run_experiment
from orgsim.reading.scenario import read_scenario, read_variants

LEDGER = """\
orgsim: ledger/1
organization: acme
events:
- {date: 2023-01-01, event: open-unit, unit: acme, name: Acme}
- {date: 2023-01-01, event: create-post, post: ceo, title: Chief Executive, reports_to: none, critical: true}
- {date: 2023-01-01, event: hire, person: ada}
- {date: 2023-01-01, event: appoint, person: ada, post: ceo}
"""
SCENARIO = """\
orgsim: scenario/1
title: Luck
ledger: ledger.yaml
from: 2024-01-01
until: 2026-01-01
replications: 100
seed: 1
population:
- {id: staff, count: 500, unit: acme, reports_to: ceo, source: made up, tenure: stationary}
attrition: {resignation: {rules: [{hazard: 15 % / y}]}}
hiring:
  recruiters: [{id: all, count: 12}]
  stages: [{id: search, takes: {lognormal: {median: 45 d, p90: 100 d}}, recruiter: true}]
report: {every: year}
variants:
  added: {growth: [{id: more, add: 1, like: staff/1, from: 2024-01-01}]}
  leaves: {shocks: [{id: goes, date: 2024-04-10, person: staff/7/0}]}
"""


@pytest.mark.slow
def test_common_luck_saves_hundreds_of_times_the_replications(tmp_path: Path) -> None:
    """The variance of a difference is at least 500 times smaller for a post, and 100 times for a departure.

    The same for independent seeds, simulated, is what the ratio says it is.
    """
    (tmp_path / "ledger.yaml").write_text(LEDGER)
    (tmp_path / "luck.yaml").write_text(SCENARIO)
    scenario, variants = read_scenario(tmp_path / "luck.yaml"), read_variants(tmp_path / "luck.yaml")
    outcome = run_experiment(scenario, variants=variants)
    apart = run_experiment(scenario, seed=2).measures["departures"].tolist()
    for name, least in (("added", 500), ("leaves", 100)):
        (found,) = compare(outcome.of(name), outcome, "departures")
        assert found.reduction is not None
        assert found.reduction >= least
        ours = outcome.of(name).measures["departures"].tolist()
        independent = reduction(ours, apart, [a - b for a, b in zip(ours, apart, strict=True)])
        assert independent == pytest.approx(1, abs=0.4)
