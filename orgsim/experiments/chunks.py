"""The work of one worker: a run of replications of one variant, and what comes back.

A worker keeps the worlds it was given, so that a world travels and is unpacked once.  Nothing here knows who asked, how
many workers there are, or what happens to the results: a part depends on the world and the numbers of its replications.
"""

import pickle
import threading
import time
import traceback
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from orgsim.collector import paused
from orgsim.experiments.model import Model, csv_text

KEPT = 16
"""How many worlds a worker keeps: more than an experiment has variants, mostly."""
_SHIPPED: dict[str, bytes] = {}
"""Worlds that came with the worker, as they travel."""
_UNPACKED = threading.local()
"""Worlds ready for use, for each thread its own: a world may be lazy inside."""


@attrs.frozen
class Order:
    """Which world, by the digest of how it travels, and whether rows are wanted besides measures."""

    key: str
    rows: bool = False


@attrs.frozen
class Failure:
    """A replication that raised: its number, the error in a line, and where it happened."""

    replication: int
    error: str
    trace: str


@attrs.frozen(eq=False)
class Part:
    """The measures of replications [lo, hi) of a variant: a row for each replication, a column for each name."""

    variant: str
    lo: int
    hi: int
    names: tuple[str, ...]
    values: NDArray[np.float64]
    rows: str | None = None
    seconds: float = 0.0
    failure: Failure | None = None


def pack(model: Model, world: Any) -> bytes:
    """A model and a world as they travel."""
    return pickle.dumps((model, world), protocol=pickle.HIGHEST_PROTOCOL)


def ship(worlds: Mapping[str, bytes]) -> None:
    """Leave worlds with this worker."""
    _SHIPPED.update(worlds)


def hello() -> str:
    """The version of orgsim that a worker runs."""
    # The door is above us, so it is asked by name; what is installed may be older than what runs.
    return str(import_module("orgsim").__version__)


def run_chunk(order: Order, variant: str, lo: int, hi: int, load: bytes | None = None) -> Part:
    """Simulate and measure replications [lo, hi); where one raises, the part ends before it and says so.

    `load` is the packed world, where it did not come with the worker.
    """
    model, world = _world(order.key, load)
    begun = time.perf_counter()
    measured: list[Mapping[str, float]] = []
    rows: list[str] = []
    failure = None
    for k in range(lo, hi):
        try:
            with paused():  # nothing a replication leaves behind is in a circle
                replication = model.simulate(world, k)
                counted = dict(model.measure(world, replication))
                listed = csv_text(model.rows(k, world, replication)) if order.rows else ""
                del replication
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody must be told which replication it was
            failure = Failure(k, f"{type(error).__name__}: {error}", traceback.format_exc())
            break
        measured.append(counted)
        rows.append(listed)
    names, values = _table(measured)
    text = "".join(rows) if order.rows else None
    return Part(variant, lo, lo + len(measured), names, values, text, time.perf_counter() - begun, failure)


def _world(key: str, load: bytes | None) -> tuple[Model, Any]:
    kept: dict[str, tuple[Model, Any]] = _UNPACKED.__dict__
    if key not in kept:
        if len(kept) >= KEPT:
            kept.clear()
        kept[key] = pickle.loads(_SHIPPED[key] if load is None else load)  # noqa: S301 - packed by `pack`, for us
    return kept[key]


def _table(measured: list[Mapping[str, float]]) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Replications as rows, every name there is as columns, in the order in which they first come."""
    names = tuple(dict.fromkeys(name for counted in measured for name in counted))
    values = np.full((len(measured), len(names)), np.nan)
    for row, counted in zip(values, measured, strict=True):
        row[:] = [counted.get(name, np.nan) for name in names]
    return names, values
