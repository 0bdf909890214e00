"""The commands of scenarios: what they say, what may happen, and how futures compare."""

from typing import TYPE_CHECKING

import click

from orgsim.cli.common import JSON, print_json, show

if TYPE_CHECKING:
    from orgsim.scenario.model import Scenario

SCENARIO = click.argument("scenario", type=click.Path())
VARIANT = click.option("--variant", metavar="NAME", help="One of the variants of the scenario.")


def read(path: str, variant: str | None = None) -> "Scenario":
    """The scenario of a path, or a variant of it; problems are raised."""
    from orgsim.reading.scenario import read_scenario

    if not path:
        raise click.UsageError("the name of the scenario is empty; name a file")
    try:
        return read_scenario(path, variant)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


@click.command()
@SCENARIO
@VARIANT
@JSON
def explain(scenario: str, variant: str | None, *, as_json: bool) -> None:
    """What a scenario says, in words and numbers: whom each rule hits, how high hazards are, what is assumed."""
    from orgsim.reading.scenario import read_variants
    from orgsim.scenario.briefing import briefing
    from orgsim.scenario.differing import differing

    base = read(scenario)
    found = briefing(base if variant is None else read(scenario, variant))
    if variant is None:
        found["variants"] = {name: differing(base, other) for name, other in read_variants(scenario).items()}
    if as_json:
        print_json(found)
        return
    from orgsim.console.explain import briefing_text

    show(briefing_text(found))
