"""The commands of scenarios: what they say, what may happen, and how futures compare."""

from typing import TYPE_CHECKING

import click

from orgsim.cli.common import JSON, print_json, show

if TYPE_CHECKING:
    from orgsim.scenario.model import Scenario

SCENARIO = click.argument("scenario", type=click.Path())
VARIANT = click.option("--variant", metavar="NAME", help="This variant; the scenario itself if not given.")


def read(path: str, variant: str | None = None) -> "Scenario":
    """The scenario of a path, or a variant of it; problems are raised."""
    from orgsim.reading.scenario import UnknownVariantError, read_scenario

    try:
        return read_scenario(named(path), variant)
    except UnknownVariantError as error:
        raise click.UsageError(str(error)) from None


def named(path: str) -> str:
    """The path of a scenario, which must say something."""
    if not path:
        raise click.UsageError("the name of the scenario is empty; name a file")
    return path


@click.command()
@SCENARIO
@VARIANT
@JSON
def explain(scenario: str, variant: str | None, *, as_json: bool) -> None:
    """What a scenario says, in words and numbers: whom each rule hits, how high hazards are, what is assumed."""
    from orgsim.reading.scenario import read_all
    from orgsim.scenario.briefing import briefing
    from orgsim.scenario.differing import differing

    if variant is not None:
        found = briefing(read(scenario, variant))
    else:
        base, variants = read_all(named(scenario))
        found = briefing(base)
        found["variants"] = {name: differing(base, other) for name, other in variants.items()}
    if as_json:
        print_json(found)
        return
    from orgsim.console.explain import briefing_text

    show(briefing_text(found))
