"""How theory is judged: a number found by simulation beside the exact one, and the error it would have noticed.

It knows nothing of organizations.
"""

import math
from collections.abc import Sequence

import attrs
import numpy as np

MOST = 4.0
"""So many standard errors from the exact value, and something is wrong: by chance once in 15,000 times."""


@attrs.frozen
class Finding:
    """What was found, its standard error, and the exact value."""

    theory: str
    what: str
    exact: float
    found: float
    error: float

    @property
    def z(self) -> float:
        """How many standard errors lie between."""
        return (self.found - self.exact) / self.error

    @property
    def sees(self) -> float:
        """The smallest bias, as a share of the exact value, that four standard errors tell from luck."""
        return MOST * self.error / abs(self.exact)

    def row(self) -> str:
        """The line of the table in the documentation."""
        exact, found = f"{self.exact:.8g}", f"{self.found:.5g}"
        return f"| {self.theory} | {self.what} | {exact} | {found} | {self.z:+.2f} | {100 * self.sees:.2g} % |"


@attrs.frozen
class Equality:
    """Something that holds to the last bit, and in how many cases it was seen to."""

    theory: str
    what: str
    cases: str

    def row(self) -> str:
        """The line of the table in the documentation."""
        return f"| {self.theory} | {self.what} | equal | equal in {self.cases} | | any |"


@attrs.frozen
class AtLeast:
    """Something that must be at least so large."""

    theory: str
    what: str
    least: float
    found: float = attrs.field()

    @found.validator
    def _enough(self, _: object, found: float) -> None:
        assert found >= self.least, f"{self.what}: {found:.3g}, not {self.least:g}"

    def row(self) -> str:
        """The line of the table in the documentation."""
        return f"| {self.theory} | {self.what} | at least {self.least:g} | {self.found:.3g} | | |"


@attrs.frozen
class Near:
    """Something without an exact value, but known from elsewhere within a bound."""

    theory: str
    what: str
    known: float
    found: float
    within: float

    def __attrs_post_init__(self) -> None:
        assert abs(self.found - self.known) <= self.within, f"{self.what}: {self.found:.3g}, not {self.known:.3g}"

    def row(self) -> str:
        """The line of the table in the documentation."""
        return f"| {self.theory} | {self.what} | {self.known:+g} within {self.within:g} | {self.found:+.3g} | | |"


Row = Finding | Equality | AtLeast | Near
"""Whatever the documentation tells of."""


def judge(
    theory: str, what: str, exact: float, values: Sequence[float], *, sees: float, deviation: float | None = None
) -> Finding:
    """Compare the mean of independent values with the exact one, as sharply as said, and fail if it is too far off.

    `deviation` is the exact standard deviation of one value, where it is known.
    """
    column = np.asarray(values, np.float64)
    each = float(column.std(ddof=1))
    if each > 0.0 and deviation is not None:
        each = deviation
    return weigh(Finding(theory, what, exact, float(column.mean()), each / math.sqrt(len(column))), sees)


def judge_variance(
    theory: str, what: str, exact: float, values: Sequence[float], *, about: float, sees: float
) -> Finding:
    """Compare the mean square of independent values, about their exact mean, with their exact variance."""
    return judge(theory, what, exact, (np.asarray(values, np.float64) - about) ** 2, sees=sees)  # type: ignore[arg-type]


def judge_ratio(
    theory: str, what: str, exact: float, above: Sequence[float], below: Sequence[float], *, sees: float
) -> Finding:
    """Compare a ratio of two means over independent replications; its error is that of the residuals."""
    a, b = np.asarray(above, np.float64), np.asarray(below, np.float64)
    ratio = float(a.sum() / b.sum())
    error = float((a - ratio * b).std(ddof=1)) / (float(b.mean()) * math.sqrt(len(a)))
    return weigh(Finding(theory, what, exact, ratio, error), sees)


def weigh(finding: Finding, sees: float) -> Finding:
    """Fail if a finding is too far from the exact value, or too blurred to see a bias as small as said."""
    assert finding.error > 0.0, f"{finding.what}: the same every time"
    assert abs(finding.z) < MOST, (
        f"{finding.what}: found {finding.found:.6g}, exact {finding.exact:.6g}, {finding.z:+.1f} sigma"
    )
    assert finding.sees <= sees, f"{finding.what}: sees a bias of {finding.sees:.3g}, not {sees:g}"
    return finding
