"""The normal law: its quantiles, one at a time and in columns, and its hazard, to full precision in both tails.

It knows numbers only.  Quantiles are Wichura's algorithm AS241 (Applied Statistics 37, 1988, pages 477-484), in the
version PPND16 for double precision: Python's own for single numbers, the same polynomials here for columns.
"""

from math import erfc, exp, expm1, log, log1p, pi, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

quantile = NormalDist().inv_cdf
"""The quantile of the standard normal law at a number in (0, 1)."""

# Numerators and denominators, from the highest power down.
_MIDDLE = (
    (
        2.5090809287301226727e3,
        3.3430575583588128105e4,
        6.7265770927008700853e4,
        4.5921953931549871457e4,
        1.3731693765509461125e4,
        1.9715909503065514427e3,
        1.3314166789178437745e2,
        3.3871328727963666080e0,
    ),
    (
        5.2264952788528545610e3,
        2.8729085735721942674e4,
        3.9307895800092710610e4,
        2.1213794301586595867e4,
        5.3941960214247511077e3,
        6.8718700749205790830e2,
        4.2313330701600911252e1,
        1.0,
    ),
)
_NEAR = (
    (
        7.74545014278341407640e-4,
        2.27238449892691845833e-2,
        2.41780725177450611770e-1,
        1.27045825245236838258e0,
        3.64784832476320460504e0,
        5.76949722146069140550e0,
        4.63033784615654529590e0,
        1.42343711074968357734e0,
    ),
    (
        1.05075007164441684324e-9,
        5.47593808499534494600e-4,
        1.51986665636164571966e-2,
        1.48103976427480074590e-1,
        6.89767334985100004550e-1,
        1.67638483018380384940e0,
        2.05319162663775882187e0,
        1.0,
    ),
)
_FAR = (
    (
        2.01033439929228813265e-7,
        2.71155556874348757815e-5,
        1.24266094738807843860e-3,
        2.65321895265761230930e-2,
        2.96560571828504891230e-1,
        1.78482653991729133580e0,
        5.46378491116411436990e0,
        6.65790464350110377720e0,
    ),
    (
        2.04426310338993978564e-15,
        1.42151175831644588870e-7,
        1.84631831751005468180e-5,
        7.86869131145613259100e-4,
        1.48753612908506148525e-2,
        1.36929880922735805310e-1,
        5.99832206555887937690e-1,
        1.0,
    ),
)
_EDGE, _EDGE_SQUARED, _TURN, _SHIFT = 0.425, 0.180625, 5.0, 1.6
_HALF = sqrt(0.5)


def quantiles(u: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """The quantiles of the standard normal law at a column of numbers in (0, 1)."""
    import numpy as np

    q = u - 0.5
    r = _EDGE_SQUARED - q * q
    found = np.polyval(_MIDDLE[0], r) * q / np.polyval(_MIDDLE[1], r)
    tails = np.flatnonzero(np.abs(q) > _EDGE)
    side, u = q[tails], u[tails]
    r = np.sqrt(-np.log(np.where(side < 0.0, u, 1.0 - u)))
    near = np.polyval(_NEAR[0], r - _SHIFT) / np.polyval(_NEAR[1], r - _SHIFT)
    far = np.polyval(_FAR[0], r - _TURN) / np.polyval(_FAR[1], r - _TURN)
    found[tails] = np.copysign(np.where(r <= _TURN, near, far), side)
    return found


def survival(z: float) -> float:
    """The chance that a standard normal number is above `z`."""
    return 0.5 * erfc(z * _HALF)


_SERIES = 25.0  # from here on, terms that the series leaves out are below 1e-13
_DEEP = 300.0  # exp(-300) is still a normal number of the machine


def hazard(z: float) -> float:
    """The cumulative hazard of the standard normal law, -ln(1 - Phi(z))."""
    if z < 0.0:
        return -log1p(-survival(-z))
    if z < _SERIES:
        return -log(survival(z))
    # Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.12.
    w = 1.0 / (z * z)
    return 0.5 * z * z + log(z * sqrt(2.0 * pi)) - log1p(-w * (1.0 - 3.0 * w * (1.0 - 5.0 * w * (1.0 - 7.0 * w))))


def hazard_inverse(total: float) -> float:
    """The number at which the cumulative hazard of the standard normal law is `total`, which is above 0."""
    if total < 0.5:  # noqa: PLR2004
        return quantile(-expm1(-total))
    if total < _DEEP:
        return -quantile(exp(-total))
    z = sqrt(2.0 * total)
    for _ in range(4):  # Newton's method: out there, the hazard rate is z + 1/z but for terms of z^-3
        z -= (hazard(z) - total) / (z + 1.0 / z)
    return z
