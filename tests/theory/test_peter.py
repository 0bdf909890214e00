"""V21: the Peter principle, an example with a rule of its own for whom to promote, gives the published picture."""

import math

import pytest

from examples.peter_principle import expected, gains, main
from orgsim.normal import survival
from tests.blessing import Golden
from tests.theory.conftest import Told
from tests.theory.judging import Near

KNOWN = {
    ("Peter", "best"): -7.69,
    ("Peter", "worst"): 12.46,
    ("Peter", "anybody"): 2.26,
    ("common sense", "best"): 9.16,
    ("common sense", "worst"): -1.25,
    ("common sense", "anybody"): 3.55,
}
"""Points of efficiency in a replication by another hand (30 runs of 600 years, each known to 0.15)."""


@pytest.mark.slow
def test_peter_principle(
    told: Told, golden: Golden, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promoting the best ruins the organization under the Peter hypothesis, and serves it under common sense."""
    found = gains()
    assert found.keys() == KNOWN.keys()
    for (hypothesis, rule), known in KNOWN.items():
        gain = found[hypothesis, rule]
        assert gain * known > 0.0
        told(Near("V21", f"points of efficiency, {rule} promoted, {hypothesis}", known, gain, 1.0))
    for hypothesis, order in (("Peter", ("best", "anybody", "worst")), ("common sense", ("worst", "anybody", "best"))):
        values = [found[hypothesis, rule] for rule in order]
        assert values == sorted(values)
    monkeypatch.setattr("examples.peter_principle.gains", lambda: found)
    main()
    golden("../../examples/peter_principle.txt", capsys.readouterr().out)


def test_first_day() -> None:
    """The expectation of the first day is the mean of a normal law between two bounds, in closed form."""

    def density(x: float) -> float:
        return math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)

    low, high = (1.0 - 7.0) / 2.0, (10.0 - 7.0) / 2.0
    between = survival(low) - survival(high)
    assert expected() == pytest.approx(7.0 + 2.0 * (density(low) - density(high)) / between, abs=1e-4)
