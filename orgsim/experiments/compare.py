"""Two variants on the same luck, compared replication by replication.

What happens by chance alike in both falls out of the difference; how much that helps is measured, never assumed.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import attrs
import numpy as np

from orgsim.display import shown
from orgsim.errors import UserError
from orgsim.experiments.columns import alike
from orgsim.experiments.intervals import Estimate, mean_interval, share_interval, variance
from orgsim.experiments.kinds import LESS, Kind, kind_of
from orgsim.experiments.outcome import Outcome

CLOSE = 1e-9
"""Numbers that differ by this share or less are the same."""


@attrs.frozen
class Comparison:
    """A measure in `a` and in `b`, over the replications that both have.

    `difference` is the mean of a - b with Student's interval over pairs.  `reduction` is (Var a + Var b) / Var(a - b):
    without the common luck, so many times more replications would be needed; infinite if all pairs differ by the same,
    None if nothing varies.
    `less`, `same` and `more` are the shares of pairs in which a is below, equal to and above b.
    """

    measure: str
    kind: Kind
    pairs: int
    without: int
    """How many replications have no number in one of the two, and are left out."""
    a: Estimate
    b: Estimate
    difference: Estimate
    reduction: float | None
    less: Estimate
    same: Estimate
    more: Estimate

    @property
    def better(self) -> Estimate | None:
        """The chance that a is better than b, where the measure has a better side; ties are not better."""
        if self.kind.better is None:
            return None
        return self.less if self.kind.better == LESS else self.more


class Comparisons(list[Comparison]):
    """Comparisons of the same two outcomes, which know how these are called and show themselves in a notebook."""

    def __init__(self, found: Iterable[Comparison], a: str, b: str) -> None:
        """What was found, and the names of the two."""
        super().__init__(found)
        self.a, self.b = a, b

    def _repr_html_(self) -> str | None:
        return shown("comparisons.html", self)


def compare(a: Outcome, b: Outcome, *measures: str) -> Comparisons:
    """Compare the measures given, or all that both have; of different numbers of replications, those in common.

    Raises UserError for outcomes that do not share their luck.
    """
    check_pairs(a, b)
    a, b = beside({"a": a, "b": b}).values()
    names = measures or tuple(name for name in a.measures if name in b.measures)
    found = (_compare(a, b, name) for name in names)
    called = (a.variant, b.variant) if a.variant != b.variant else (a.manifest.title, b.manifest.title)
    return Comparisons((comparison for comparison in found if comparison is not None), *called)


def beside(outcomes: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """Outcomes with the same measures, as far as what one of them does not know of can only be 0 in it."""
    runs = alike({name: outcome.measures for name, outcome in outcomes.items()})
    return {
        name: attrs.evolve(outcome, runs={**outcome.runs, outcome.variant: runs[name]})
        for name, outcome in outcomes.items()
    }


def check_pairs(a: Outcome, b: Outcome) -> int:
    """How many replications two outcomes have in common; raises UserError where they cannot be paired."""
    if a.manifest.seed != b.manifest.seed:
        raise UserError(
            f"the seeds are {a.manifest.seed} and {b.manifest.seed}, so the replications are no pairs;"
            " run both with the same --seed",
            1,
        )
    if not (count := min(a.replications, b.replications)):
        raise UserError("one of the two has no replications", 1)
    return count


def _compare(a: Outcome, b: Outcome, measure: str) -> Comparison | None:
    count = check_pairs(a, b)
    ours, theirs = a.measures[measure][:count], b.measures[measure][:count]
    both = ~(np.isnan(ours) | np.isnan(theirs))
    pairs = int(both.sum())
    if not pairs:
        return None
    left, right = ours[both].tolist(), theirs[both].tolist()
    differences = [_difference(x, y) for x, y in zip(left, right, strict=True)]
    signs = [(difference > 0) - (difference < 0) for difference in differences]
    return Comparison(
        measure,
        kind_of(measure, a.manifest.currency),
        pairs,
        count - pairs,
        mean_interval(left),
        mean_interval(right),
        mean_interval(differences),
        reduction(left, right, differences),
        *(share_interval(signs.count(sign), pairs) for sign in (-1, 0, 1)),
    )


def _difference(x: float, y: float) -> float:
    """X - y; what is equal to nine digits differs by rounding only, and that is no difference."""
    return 0.0 if math.isclose(x, y, rel_tol=CLOSE) else x - y


def reduction(a: Sequence[float], b: Sequence[float], differences: Sequence[float]) -> float | None:
    """How many times smaller the variance of the difference is for pairs than for independent runs."""
    if len(a) == 1:
        return None
    apart, together = variance(a) + variance(b), variance(differences)
    if together <= CLOSE**2 * apart:  # every pair differs by the same, but for rounding
        return math.inf if apart > 0 else None
    return apart / together
