"""Outcomes and comparisons as plain data, for JSON."""

import math
from collections.abc import Iterable
from typing import Any

from orgsim.experiments.compare import Comparison
from orgsim.experiments.intervals import Estimate, percent
from orgsim.experiments.outcome import Outcome, Summary

Data = dict[str, Any]


def outcome_data(outcome: Outcome) -> Data:
    """What was run, and what came out of each variant."""
    manifest = outcome.manifest
    return {
        "title": manifest.title,
        "scenario": manifest.scenario,
        "from": manifest.start,
        "until": manifest.end,
        "seed": manifest.seed,
        "replications": outcome.replications,
        "precise": manifest.precise,
        "digest": outcome.digest,
        "assumptions": [dict(assumption) for assumption in manifest.assumptions],
        "variants": {name: [_summary(found) for found in outcome.of(name).summary()] for name in outcome.variants},
    }


def comparisons_data(a: str, b: str, found: Iterable[Comparison]) -> Data:
    """The differences a - b, and how often a is better."""
    return {"a": a, "b": b, "measures": [_comparison(one) for one in found]}


def _summary(found: Summary) -> Data:
    quantiles = {
        percent(share): {"refused": one} if isinstance(one, str) else _estimate(one)
        for share, one in found.quantiles.items()
    }
    return {
        "measure": found.measure,
        "unit": found.unit,
        "count": found.count,
        "none": found.none,
        "mean": _estimate(found.mean),
        "quantiles": quantiles,
    }


def _comparison(found: Comparison) -> Data:
    shares = {"less": found.less, "same": found.same, "more": found.more, "better": found.better}
    return {
        "measure": found.measure,
        "unit": found.kind.unit,
        "better_is": found.kind.better,
        "pairs": found.pairs,
        "without": found.without,
        "a": _estimate(found.a),
        "b": _estimate(found.b),
        "difference": _estimate(found.difference),
        # JSON has no infinity: None is also where nothing varies, and then the difference has no width either.
        "variance_reduction": found.reduction if found.reduction != math.inf else None,
        **{name: _estimate(share) for name, share in shares.items()},
    }


def _estimate(found: Estimate | None) -> Data | None:
    return None if found is None else {"value": found.value, "low": found.low, "high": found.high}
