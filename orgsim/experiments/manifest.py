"""What a result says of itself: what was run, with which versions and inputs, when, where, and how far it got.

Moments and places stand here only; no digest depends on them.
"""

import datetime as dt
import json
import platform
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import attrs

from orgsim.errors import UserError
from orgsim.experiments.chunks import hello
from orgsim.scenario.model import Precision, Scenario

FORMAT = "result/1"
LIBRARIES = ("attrs", "numpy", "simpy")
"""What a result may depend on, besides Python and orgsim."""


def _tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


@attrs.frozen
class Input:
    """A variant: the fingerprint of its scenario, the digest of the files it was read from, what was measured."""

    fingerprint: str
    digest: str = ""
    measures: tuple[str, ...] = attrs.field(default=(), converter=_tuple)


@attrs.frozen(kw_only=True)
class Manifest:
    """The contents of `manifest.json`."""

    title: str
    inputs: Mapping[str, Input]
    """The variants by name, the baseline first."""
    seed: int
    start: str
    end: str
    replications: int = 0
    """How many there are, of each variant."""
    wanted: int | Mapping[str, Any]
    """How many were asked for, or until which precision."""
    precise: bool | None = None
    """Whether that precision was reached; None where none was asked for."""
    complete: bool = False
    digest: str = ""
    scenario: str | None = None
    """The file it was read from, as it was named."""
    quantiles: tuple[float, ...] = attrs.field(default=(0.05, 0.5, 0.95), converter=_tuple)
    shown: tuple[str, ...] = attrs.field(default=(), converter=_tuple)
    """The measures the scenario wants to see; none: all."""
    currency: str | None = None
    assumptions: tuple[Mapping[str, str], ...] = attrs.field(default=(), converter=_tuple)
    rows: bool = False
    versions: Mapping[str, str]
    platform: str
    argv: tuple[str, ...] = attrs.field(default=(), converter=_tuple)
    engine: str = ""
    started: str = ""
    seconds: float = 0.0

    def to_json(self) -> str:
        """The text of the file."""
        data = {"orgsim": FORMAT, **attrs.asdict(self)}
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def from_json(text: str, name: str) -> Manifest:
    """Read the text of a file; raises UserError where it is no manifest of ours."""
    try:
        data = dict(json.loads(text))
        found = data.pop("orgsim", None)
    except (TypeError, ValueError):
        raise UserError(f"{name} is no manifest of a result; run the scenario again, into another folder", 1) from None
    if found != FORMAT:
        raise UserError(f"{name} is of {found or 'no format of orgsim'}, and this version reads {FORMAT}", 1)
    try:
        inputs = {variant: Input(**content) for variant, content in data.pop("inputs").items()}
        return Manifest(inputs=inputs, **data)
    except (AttributeError, KeyError, TypeError):
        raise UserError(f"{name} is not as orgsim writes it; run the scenario again", 1) from None


def versions() -> dict[str, str]:
    """The versions of Python, orgsim and what it counts on."""
    found = {"python": platform.python_version(), "orgsim": hello()}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "unknown"
    return found


def begin(scenario: Scenario, inputs: Mapping[str, Input], *, engine: str, rows: bool) -> Manifest:
    """The manifest of an experiment that begins now."""
    wanted = scenario.replications
    return Manifest(
        title=scenario.title,
        inputs=inputs,
        seed=scenario.seed,
        start=scenario.start.isoformat(),
        end=scenario.end.isoformat(),
        wanted=attrs.asdict(wanted) if isinstance(wanted, Precision) else wanted,
        scenario=scenario.where.file if scenario.where is not None else None,
        quantiles=scenario.report.quantiles,
        shown=scenario.report.measures,
        currency=scenario.cost.currency if scenario.cost is not None else None,
        assumptions=tuple(attrs.asdict(assumption) for assumption in scenario.assumptions),
        rows=rows,
        versions=versions(),
        platform=platform.platform(),
        argv=tuple(sys.argv),
        engine=engine,
        started=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    )
