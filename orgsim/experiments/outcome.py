"""What came out of an experiment: measures by variant and replication, what they say, and any replication again."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from orgsim.display import shown
from orgsim.errors import UnknownIdError, did_you_mean
from orgsim.experiments.columns import Columns, alike, there
from orgsim.experiments.intervals import Estimate, mean_interval, quantile_interval
from orgsim.experiments.kinds import kind_of
from orgsim.experiments.manifest import Manifest
from orgsim.experiments.model import Model
from orgsim.ledger import Ledger
from orgsim.scenario.model import Scenario

BASELINE = "baseline"
"""The name of the scenario itself among its variants."""


@attrs.frozen
class Summary:
    """What the replications say of a measure: its mean and quantiles with their intervals.

    `count` replications have it and `none` have not, such as a time to fill where nothing was filled.  A quantile that
    too few replications can tell is a sentence that says so.
    """

    measure: str
    unit: str
    count: int
    none: int
    mean: Estimate | None
    quantiles: Mapping[float, Estimate | str]


@attrs.frozen
class Fan:
    """A measure over time: for each date the mean, and the quantiles."""

    measure: str
    unit: str
    dates: tuple[dt.date, ...]
    mean: tuple[float, ...]
    quantiles: Mapping[float, tuple[float, ...]]


@attrs.frozen(eq=False)
class Origin:
    """Where an outcome comes from, so that any replication can be had again."""

    make_model: Callable[[], Model]
    make_scenarios: Callable[[], Mapping[str, Scenario]]
    _worlds: dict[str, Any] = attrs.field(factory=dict, init=False)

    @cached_property
    def model(self) -> Model:
        """How the scenarios are simulated."""
        return self.make_model()

    @cached_property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The scenarios by the name of their variant."""
        return self.make_scenarios()

    def world(self, variant: str) -> Any:
        """The compiled world of a variant, made when first asked for."""
        if variant not in self._worlds:
            self._worlds[variant] = self.model.compile(self.scenarios[variant])
        return self._worlds[variant]


@attrs.frozen(eq=False, repr=False)
class Outcome:
    """The measures of many replications of a scenario, looked at for one of its variants; `of` looks at another."""

    manifest: Manifest
    runs: Mapping[str, Columns] = attrs.field(converter=alike)
    """The measures of each variant, the baseline first; 0 for what only others can have."""
    variant: str
    origin: Origin

    def __repr__(self) -> str:
        """One line: the title, the variant, the size."""
        return f"<Outcome of {self.manifest.title!r}, {self.variant}: {self.replications} replications>"

    def _repr_html_(self) -> str | None:
        return shown("outcome.html", self)

    def _repr_svg_(self) -> str | None:
        return shown("outcome.svg", self)

    @property
    def variants(self) -> tuple[str, ...]:
        """The names of all variants, the baseline first."""
        return tuple(self.runs)

    @property
    def measures(self) -> Columns:
        """The measures of this variant: a column for each, a number for each replication."""
        return self.runs[self.variant]

    @property
    def replications(self) -> int:
        """How many replications there are."""
        return self.measures.count

    @property
    def digest(self) -> str:
        """SHA-256 over all measures of all variants in the order of replications."""
        return self.manifest.digest

    def of(self, variant: str) -> "Outcome":
        """The same outcome, looked at for another variant; raises UnknownIdError if there is none such."""
        if variant not in self.runs:
            hint = did_you_mean(variant, self.runs) or f"the variants are {', '.join(self.runs)}"
            raise UnknownIdError(f"there is no variant {variant!r}; {hint}")
        return attrs.evolve(self, variant=variant)

    def replication(self, k: int) -> Any:
        """Replication k of this variant, simulated again: the same, to the last bit."""
        if k < 0:
            raise ValueError(f"replications are numbered from 0, and {k} is none")
        return self.origin.model.simulate(self.origin.world(self.variant), k)

    def ledger(self, k: int) -> Ledger:
        """The history and simulated future of replication k as a ledger."""
        found: Ledger = self.replication(k).ledger()
        return found

    def summary(self, measures: Sequence[str] = ()) -> list[Summary]:
        """What the replications say of the measures given, or of all."""
        return [self._summary(name) for name in measures or self.measures.names]

    def _summary(self, measure: str) -> Summary:
        ordered = np.sort(there(self.measures[measure])).tolist()
        unit = kind_of(measure, self.manifest.currency).unit
        none = self.replications - len(ordered)
        quantiles = {share: _quantile(ordered, share) for share in self.manifest.quantiles}
        return Summary(measure, unit, len(ordered), none, mean_interval(ordered) if ordered else None, quantiles)

    def series(self) -> tuple[str, ...]:
        """The measures that are counted at several dates."""
        return tuple(dict.fromkeys(name.partition("@")[0] for name in self.measures if "@" in name))

    def fan(self, measure: str, quantiles: Sequence[float] | None = None) -> Fan:
        """A measure of a series over time; raises ValueError where the replications are too few for a quantile."""
        dated = [name for name in self.measures if name.partition("@")[0] == measure and "@" in name]
        if not dated:
            hint = did_you_mean(measure, self.series()) or f"series are {', '.join(self.series()) or 'none'}"
            raise UnknownIdError(f"there is no series {measure!r}; {hint}")
        ordered = [np.sort(there(self.measures[name])).tolist() for name in dated]
        shares = self.manifest.quantiles if quantiles is None else quantiles
        return Fan(
            measure,
            kind_of(measure, self.manifest.currency).unit,
            tuple(dt.date.fromisoformat(name.partition("@")[2]) for name in dated),
            tuple(float(np.mean(values)) for values in ordered),
            {share: tuple(quantile_interval(values, share).value for values in ordered) for share in shares},
        )


def _quantile(ordered: list[float], share: float) -> Estimate | str:
    try:
        return quantile_interval(ordered, share)
    except ValueError as error:
        return str(error)
