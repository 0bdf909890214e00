"""What a scenario says, for who knows simulations and wants numbers, a ledger and a picture from a few lines of Python.

    python what_if.py [FOLDER]

It runs 200 possible years after September 2024, with and without named successors, prints what they have in common,
looks into one of them, and draws the headcount into the folder.
"""

import datetime as dt
import sys
import tempfile
from pathlib import Path

import orgsim
from orgsim.plotting import futures

SCENARIO = Path(__file__).parents[1] / "scenarios" / "autumn-2024.yaml"
MEASURES = ["headcount@2025-09-25", "departures", "gap_days", "uncovered_days"]


def main(folder: Path) -> None:
    """Run, print, look into one future, draw."""
    # A scenario is a value; so are its variants, and both run on the same luck.
    scenario = orgsim.read_scenario(SCENARIO)
    variants = orgsim.read_variants(SCENARIO)
    outcome = orgsim.run_experiment(scenario, variants=variants, replications=200, executor="threads")

    print(f"{scenario.title}: {outcome.replications} replications, seed {scenario.seed}")
    for one in outcome.summary(MEASURES):
        if one.mean is not None:
            print(f"  {one.measure:22} mean {one.mean.value:6.1f}  ({one.mean.low:.1f} to {one.mean.high:.1f})")

    print("with named successors, on the same luck:")
    for found in orgsim.compare(outcome.of("named-successors"), outcome, "gap_days", "uncovered_days"):
        difference = found.difference
        print(f"  {found.measure:22} {difference.value:+7.1f}  ({difference.low:.1f} to {difference.high:.1f})", end="")
        if found.better is not None:
            print(f", better in {found.better.value:.0%} of futures")

    # Any replication can be had again: as a ledger, with the history before it, like any other ledger.
    day = dt.date(2025, 6, 1)
    ledger = outcome.ledger(7)
    chart = ledger.chart(day)
    print(f"{day} in replication 7:")
    for post in ("ceo", "cto", "chief-scientist", "svp-research"):
        holders = chart.post(post).holders
        names = [f"{chart.person(one.person).name}{', acting' * one.acting}" for one in holders if one.person]
        print(f"  {chart.post(post).title:35} {'; '.join(names) or 'vacant'}")

    picture = folder / "what-if.svg"
    orgsim.save_picture(orgsim.plot_fan(futures(outcome, "headcount")), picture)
    print(f"wrote {picture.name}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.gettempdir()))
