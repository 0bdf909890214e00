"""How well a mean is known, how well it should be, and about how many replications that takes."""

import math
from collections.abc import Mapping

import attrs

from orgsim.experiments.columns import Columns, there
from orgsim.experiments.intervals import Estimate, mean_interval
from orgsim.experiments.outcome import Outcome


@attrs.frozen
class Known:
    """How well the mean of a measure is known in a variant; `share` is the half-width wanted, as a share of the mean.

    There is no mean where no replication has a number.
    """

    measure: str
    variant: str
    replications: int
    mean: Estimate | None
    share: float

    @property
    def wanted(self) -> float:
        """The half-width wanted, in the unit of the measure."""
        return self.share * abs(self.mean.value) if self.mean is not None else 0.0

    @property
    def enough(self) -> bool:
        """Whether the half-width is within the one wanted."""
        return self.mean is not None and self.mean.half_width <= self.wanted

    @property
    def needed(self) -> int | None:
        """About how many replications it takes, to two digits upward: half-widths shrink with the root of their number.

        None where there is no telling: without two numbers to take an interval of, or with a mean of zero.
        """
        if self.mean is None or not math.isfinite(self.mean.half_width) or not self.wanted:
            return None
        count = max(self.replications, self.replications * (self.mean.half_width / self.wanted) ** 2)
        digit = 10.0 ** max(math.floor(math.log10(count)) - 1, 0)
        return math.ceil(count / digit) * int(digit)


def asked_of(outcome: Outcome) -> Known | None:
    """How well the mean that was to be precise is known, where it is known the least; None if none was to be."""
    wanted = outcome.manifest.wanted
    return None if isinstance(wanted, int) else least_known(outcome.runs, wanted["measure"], wanted["half_width"])


def least_known(runs: Mapping[str, Columns], measure: str, share: float) -> Known:
    """How well the mean of a measure is known in the variant that needs the most replications."""
    found = []
    for variant, columns in runs.items():
        numbers = there(columns[measure]).tolist()
        found.append(Known(measure, variant, columns.count, mean_interval(numbers) if numbers else None, share))
    lacking = [known for known in found if not known.enough] or found
    return max(lacking, key=lambda known: math.inf if known.needed is None else known.needed)
