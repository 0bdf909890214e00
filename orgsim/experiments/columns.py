"""The measures of all replications of a variant as columns, put together from parts in whatever order they came."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from orgsim.errors import UnknownIdError, did_you_mean
from orgsim.experiments.chunks import Part
from orgsim.simulate.measures import COSTS, NOT_THERE, PRICED

Values = NDArray[np.float64]


@attrs.frozen(eq=False, repr=False)
class Columns(Mapping[str, Values]):
    """A column of numbers for each measure, one for each replication, in the order of replications; NaN is none."""

    names: tuple[str, ...]
    numbers: Values
    """A row for each replication, a column for each measure."""

    def __attrs_post_init__(self) -> None:
        """Nobody changes a result by accident."""
        self.numbers.flags.writeable = False

    def __getitem__(self, name: str) -> Values:
        """The numbers of a measure; raises UnknownIdError, with what is close."""
        try:
            return self.numbers[:, self.names.index(name)]
        except ValueError:
            hint = did_you_mean(name, self.names) or f"measures are {', '.join(self.names[:8])} ..."
            raise UnknownIdError(f"there is no measure {name!r}; {hint}") from None

    def __contains__(self, name: object) -> bool:
        """Whether there is such a measure."""
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self.names)

    def __len__(self) -> int:
        """How many measures there are."""
        return len(self.names)

    def __repr__(self) -> str:
        """One line: the size."""
        return f"<Columns: {self.count} replications of {len(self)} measures>"

    @property
    def count(self) -> int:
        """How many replications there are."""
        return len(self.numbers)

    def first(self, count: int) -> "Columns":
        """The first replications only."""
        return Columns(self.names, self.numbers[:count])


def there(numbers: Values) -> Values:
    """The numbers that are some: without NaN."""
    return numbers[~np.isnan(numbers)]


def varies(numbers: Values) -> bool:
    """Whether there are two different numbers."""
    found = there(numbers)
    return bool(found.size and found.min() < found.max())


def alike(runs: Mapping[str, Columns]) -> dict[str, Columns]:
    """The columns of several worlds, with those that others have and that can only be 0 in the one.

    In one nobody retires, so no departure is a retirement; in one there is no intervention, so it costs nothing.
    """
    priced = any(PRICED in columns for columns in runs.values())
    order: list[str] = []
    for columns in runs.values():
        at = 0
        for name in columns:
            if name not in order:
                order.insert(at, name)
            at = order.index(name) + 1
    wanted = [name for name in order if name.startswith(NOT_THERE) or (name in COSTS and not priced)]
    return {variant: _filled(columns, wanted, order) for variant, columns in runs.items()}


def _filled(columns: Columns, wanted: Sequence[str], order: Sequence[str]) -> Columns:
    missing = set(wanted) - set(columns.names)
    if not missing:
        return columns
    names = tuple(name for name in order if name in columns or name in missing)
    zeros = np.zeros(columns.count)
    return Columns(names, np.stack([columns.get(name, zeros) for name in names], axis=1))


def join(parts: Iterable[Part]) -> Columns:
    """The columns of parts that together are replications 0, 1, 2, ... without a gap."""
    ordered = sorted(parts, key=lambda part: part.lo)
    at = 0
    for part in ordered:
        if part.lo != at:
            raise ValueError(f"replications {at} to {part.lo - 1} are missing, or there are others twice")
        at = part.hi
    names = tuple(dict.fromkeys(name for part in ordered for name in part.names))
    values = np.full((at, len(names)), np.nan)
    for part in ordered:
        values[part.lo : part.hi, [names.index(name) for name in part.names]] = part.values
    return Columns(names, values + 0.0)  # there is but one zero


def digest(runs: Mapping[str, Columns]) -> str:
    """SHA-256 over all measures of all variants in the order of replications: what a result is, and nothing else."""
    found = hashlib.sha256()
    for variant in sorted(runs):
        columns = runs[variant]
        found.update(json.dumps([variant, columns.count, columns.names]).encode())
        found.update(_bits(columns.numbers))
    return found.hexdigest()


def _bits(values: Values) -> bytes:
    """The numbers as little-endian bytes, every NaN as the same one."""
    return np.where(np.isnan(values), np.nan, values).astype("<f8").tobytes()


def missing(parts: Iterable[Part], count: int) -> list[tuple[int, int]]:
    """The spans of replications below `count` that no part has."""
    gaps = []
    at = 0
    for part in sorted(parts, key=lambda part: part.lo):
        if part.lo > at:
            gaps.append((at, min(part.lo, count)))
        at = max(at, part.hi)
        if at >= count:
            return gaps
    return [*gaps, (at, count)]


def without_overlap(parts: Iterable[Part]) -> list[Part]:
    """Parts that share no replication, of those that may; they agree where they overlap, so any will do."""
    kept: list[Part] = []
    for part in sorted(parts, key=lambda part: (part.lo, -part.hi)):
        if not kept or part.lo >= kept[-1].hi:
            kept.append(part)
    return kept


def as_rows(names: Sequence[str], columns: Columns) -> Values:
    """The numbers with one column for each of the names, NaN where there is no such measure."""
    found = np.full((columns.count, len(names)), np.nan)
    for at, name in enumerate(names):
        if name in columns:
            found[:, at] = columns[name]
    return found
