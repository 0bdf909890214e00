"""The commands of many replications: run a scenario, compare what came out."""

import shlex
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orgsim.cli.common import FROM_ZERO, INTERRUPTED, JSON, fail, number, out, print_json, show
from orgsim.cli.simulation import SCENARIO, read

if TYPE_CHECKING:
    from orgsim.experiments.outcome import Outcome
    from orgsim.scenario.model import Scenario


@click.command()
@SCENARIO
@number("--replications", help="How many; as many as the scenario says if not given.")
@number("--seed", type=FROM_ZERO, help="The seed; the scenario's if not given.")
@click.option(
    "--variant", "variants", metavar="NAME", multiple=True, help="This variant; may be repeated, and all if not given."
)
@number("--jobs", help="How many workers; as many as there are cores if not given.")
@click.option("--engine", metavar="ENGINE", default="processes", help="`processes`, `threads` or `dask://HOST:PORT`.")
@out("a folder for the result", required=False)
@click.option("--resume", is_flag=True, help="Go on with the result in that folder.")
@click.option("--rows", is_flag=True, help="Also write a table of all vacancies.")
@number("--ledger", type=FROM_ZERO, multiple=True, help="Also write this replication as a ledger; may be repeated.")
@number("--only", type=FROM_ZERO, help="Run this replication alone, and keep nothing.")
@JSON
def run(scenario: str, *, only: int | None, as_json: bool, **options: Any) -> None:
    """Simulate a scenario and its variants many times, on the same luck, and say what came out."""
    from orgsim.reading.scenario import read_variants

    base = read(scenario)
    variants = _chosen(read_variants(scenario), options["variants"])
    if only is not None:
        _alone(base, variants, only, options, as_json=as_json)
        return
    if options["out"] is None and (options["rows"] or options["ledger"] or options["resume"]):
        raise click.UsageError("--rows, --ledger and --resume go with --out: name a folder for the result")
    outcome = _run(scenario, base, variants, options)
    if as_json:
        from orgsim.experiments.data import outcome_data

        print_json(outcome_data(outcome))
        return
    from orgsim.console.outcome import outcome_tables
    from orgsim.experiments.precision import asked_of

    show(outcome_tables(outcome))
    if options["out"] is not None:
        click.echo(f"the result is in {options['out']}")
    known = asked_of(outcome)
    if known is not None and not known.enough and known.needed is not None:
        click.echo(f"go on with:\n  {_command(scenario, {**options, 'replications': known.needed})}")


def _chosen(variants: "Mapping[str, Scenario]", names: tuple[str, ...]) -> "dict[str, Scenario]":
    """The variants asked for; `baseline` is always there, and asking for it alone leaves the others out."""
    from orgsim.errors import did_you_mean

    for name in names:
        if name not in variants and name != "baseline":
            hint = did_you_mean(name, variants) or f"there are {', '.join(['baseline', *variants])}"
            raise click.UsageError(f"the scenario has no variant {name!r}; {hint}")
    return {name: found for name, found in variants.items() if not names or name in names}


def _run(scenario: str, base: "Scenario", variants: "Mapping[str, Scenario]", options: dict[str, Any]) -> "Outcome":
    """Run it, in a folder of our own if none was named: whatever happens, what is done can be gone on with."""
    from orgsim.console.progress import progress_bar
    from orgsim.experiments.experiment import Interrupted, PoisonedError, run_experiment

    named = options["out"] is not None
    folder = options["out"] if named else Path(tempfile.mkdtemp(prefix="orgsim-"))
    kept = named
    try:
        with progress_bar(folder) as advance:
            return run_experiment(
                base,
                variants=variants,
                executor=options["engine"],
                progress=advance,
                folder=folder,
                ledgers=options["ledger"],
                **{name: options[name] for name in ("jobs", "replications", "seed", "resume", "rows")},
            )
    except Interrupted as stopped:
        kept = kept or stopped.done > 0
        if not stopped.done:
            fail("interrupted, before any replication was done", INTERRUPTED)
        fail(
            f"interrupted; {stopped.done:,} of {stopped.total:,} replications are kept, go on with:\n"
            f"  {_command(scenario, {**options, 'out': folder})}",
            INTERRUPTED,
        )
    except PoisonedError:
        kept = True
        raise
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def _command(scenario: str, options: dict[str, Any]) -> str:
    """The command that goes on with what is in the folder; without one, from the beginning."""
    words = ["orgsim", "run", scenario]
    words += ["--out", str(options["out"]), "--resume"] if options["out"] is not None else []
    for name in ("replications", "seed", "jobs"):
        words += [f"--{name}", str(options[name])] if options[name] is not None else []
    words += ["--engine", options["engine"]] if options["engine"] != "processes" else []
    words += [word for name in options["variants"] for word in ("--variant", name)]
    words += ["--rows"] if options["rows"] else []
    words += [word for k in options["ledger"] for word in ("--ledger", str(k))]
    return shlex.join(words)


def _alone(
    base: "Scenario", variants: "Mapping[str, Scenario]", k: int, options: dict[str, Any], *, as_json: bool
) -> None:
    """Run one replication here, so that what goes wrong in it can be seen."""
    import attrs

    from orgsim.experiments.model import engine

    if len(options["variants"]) > 1:
        raise click.UsageError("--only goes with one --variant")
    scenario = variants.get(options["variants"][0], base) if options["variants"] else base
    model = engine()
    world = model.compile(scenario if options["seed"] is None else attrs.evolve(scenario, seed=options["seed"]))
    found = dict(model.measure(world, model.simulate(world, k)))
    if as_json:
        print_json({name: None if value != value else value for name, value in found.items()})  # noqa: PLR0124 - NaN
        return
    from orgsim.console.outcome import measures_table

    show(measures_table(found, scenario.cost.currency if scenario.cost is not None else None))


@click.command()
@click.argument("results", metavar="RESULT...", nargs=-1, required=True, type=click.Path())
@click.option(
    "--measure", "measures", metavar="NAME", multiple=True, help="This measure; may be repeated, and all if not given."
)
@JSON
def compare(results: tuple[str, ...], *, measures: tuple[str, ...], as_json: bool) -> None:
    """Compare the variants of a result with its baseline, or several results with the first, on the same luck."""
    from orgsim.experiments.compare import beside
    from orgsim.experiments.experiment import read_outcome

    outcomes = beside({name: read_outcome(name) for name in results})
    first_name, first = next(iter(outcomes.items()))
    if len(results) > 1:
        pairs = [(name, other, first_name, first) for name, other in outcomes.items() if name != first_name]
    else:
        pairs = [(name, first.of(name), first.variant, first) for name in first.variants[1:]]
    if not pairs:
        raise click.UsageError("the result has no variants; name another result to compare it with")
    asked = _measures(first, measures)
    if as_json:
        from orgsim.experiments.compare import compare as compared
        from orgsim.experiments.data import comparisons_data

        print_json([comparisons_data(a, b, compared(ours, theirs, *asked)) for a, ours, b, theirs in pairs])
        return
    from orgsim.console.outcome import comparison_tables

    for at, (name, ours, other, theirs) in enumerate(pairs):
        click.echo("\n" if at else "", nl=False)
        show(comparison_tables(ours, theirs, name, other, measures, brief=at > 0))


def _measures(outcome: "Outcome", asked: tuple[str, ...]) -> list[str]:
    """The measures that are called so, or whose names begin so up to their date or post."""
    from orgsim.errors import did_you_mean

    names = {measure: {measure, *measure.split("@")[:1], *measure.split("/")[:1]} for measure in outcome.measures}
    known = set().union(*names.values())
    for name in asked:
        if name not in known:
            hint = did_you_mean(name, known) or "--json shows what there is"
            raise click.UsageError(f"there is no measure {name!r}; {hint}")
    return [measure for measure, called in names.items() if called & set(asked)]
