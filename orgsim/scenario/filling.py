"""How long hiring takes in all, and how busy recruiters are: worked out from the stages, without a simulation.

The time to fill is a sum over a chain of stages that may go back; its law follows from those of the stages by Fourier
transforms on a grid of days.  Waiting for recruiters, freezes and interventions are not in it.
"""

import math
from typing import TYPE_CHECKING, Any

import attrs

from orgsim.laws import DurationLaw
from orgsim.scenario.model import Hiring

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GRID, POINTS = 1 << 14, 4096
_PER_MEAN = 400


@attrs.frozen
class TimeToFill:
    """Days from the vacancy to the hire, and of these the days that keep a recruiter busy (in the mean)."""

    mean: float
    median: float
    p90: float
    recruiter: float
    offers: float


def visits(hiring: Hiring) -> list[float]:
    """How often a requisition is in each stage, in the mean: the fundamental matrix of the chain of stages."""
    import numpy as np

    count = len(hiring.stages)
    moves = np.zeros((count, count))
    for stage, (ahead, back, accept) in enumerate(_moves(hiring)):
        moves[stage, back] += 1 - accept
        if ahead < count:
            moves[stage, ahead] += accept
    found: list[float] = np.linalg.solve(np.eye(count) - moves.T, np.eye(count)[0]).tolist()
    return found


def _moves(hiring: Hiring) -> list[tuple[int, int, float]]:
    """For each stage: the next, the one to go back to, and the chance to go on."""
    ids = [stage.id for stage in hiring.stages]
    return [
        (at + 1, ids.index(stage.otherwise) if stage.otherwise else at, 1.0 if stage.accept is None else stage.accept)
        for at, stage in enumerate(hiring.stages)
    ]


def time_to_fill(hiring: Hiring) -> TimeToFill:
    """The law of the time to fill if recruiters are free at once."""
    import numpy as np

    often = visits(hiring)
    approval = hiring.approve_in.mean() if hiring.approve_in is not None else 0.0
    mean = approval + math.fsum(n * s.takes.mean() for n, s in zip(often, hiring.stages, strict=True))
    busy = math.fsum(n * s.takes.mean() for n, s in zip(often, hiring.stages, strict=True) if s.recruiter)
    offers = math.fsum(n for n, s in zip(often, hiring.stages, strict=True) if s.accept is not None)
    if not mean:
        return TimeToFill(0.0, 0.0, 0.0, 0.0, offers)
    step = mean / _PER_MEAN
    spectra = [_spectrum(stage.takes, step) for stage in hiring.stages]
    size = GRID // 2 + 1
    system = np.zeros((size, len(spectra), len(spectra)), complex)
    system[:] = np.eye(len(spectra))
    for stage, (ahead, back, accept) in enumerate(_moves(hiring)):
        system[:, back, stage] -= (1 - accept) * spectra[stage]
        if ahead < len(spectra):
            system[:, ahead, stage] -= accept * spectra[stage]
    entering = np.zeros((size, len(spectra), 1), complex)
    entering[:, 0, 0] = _spectrum(hiring.approve_in, step) if hiring.approve_in is not None else 1.0
    last = hiring.stages[-1].accept
    through = np.linalg.solve(system, entering)[:, -1, 0] * spectra[-1] * (1.0 if last is None else last)
    below = np.cumsum(np.fft.irfft(through, GRID))
    median, p90 = (float(np.searchsorted(below, q)) * step for q in (0.5, 0.9))
    return TimeToFill(mean, median, p90, busy, offers)


def _spectrum(law: DurationLaw, step: float) -> "NDArray[np.complex128]":
    """The transform of a law on the grid; what lies beyond it counts at its end."""
    import numpy as np

    at: Any = law.quantiles((np.arange(POINTS) + 0.5) / POINTS)
    cells = np.minimum(np.rint(at / step), GRID - 1).astype(np.intp)
    return np.fft.rfft(np.bincount(cells, minlength=GRID) / POINTS)
