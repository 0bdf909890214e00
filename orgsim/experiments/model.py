"""What an experiment repeats: a scenario is compiled once, simulated many times, and each time measured.

Everything here must be found by its name in another process.  It must not know how replications are spread.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from orgsim.scenario.model import Scenario

Row = tuple[Any, ...]


@attrs.frozen
class Model:
    """How a scenario becomes numbers; the functions are those of a module, so that they can travel by name."""

    compile: Callable[[Scenario], Any]
    """A world, made once and never changed; it must pickle."""
    simulate: Callable[[Any, int], Any]
    """One replication of a world, by its number."""
    measure: Callable[[Any, Any], Mapping[str, float]]
    """What is counted in a replication; the same names each time."""
    rows: Callable[[int, Any, Any], Iterable[Row]]
    """One row for each vacancy, in the columns of `VACANCIES`, given the number of the replication."""


def engine() -> Model:
    """The simulation of this package."""
    from orgsim.simulate.engine import compile_world, simulate
    from orgsim.simulate.measures import measure

    return Model(compile_world, simulate, measure, vacancy_rows)


VACANCIES = {
    "replication": "int",
    "post": "text",
    "number": "int",
    "cause": "text",
    "cascade": "int",
    "opened": "float",
    "ended": "float",
    "how": "text",
    "requisition": "float",
    "accepted": "float",
    "person": "text",
    "acting_days": "float",
    "acting": "text",
}
"""The columns of the rows on request, with their types; moments are days after the first, None is an empty cell."""


def vacancy_rows(k: int, world: Any, replication: Any) -> Iterator[Row]:
    """A row for each vacancy; acting counts while the vacancy is open and the scenario lasts."""
    for found in replication.vacancies:
        until = float(world.scenario.horizon) if found.ended is None else found.ended
        spans = [
            (max(begin, found.opened), until if end is None else min(end, until)) for _, begin, end in found.acting
        ]
        yield (
            *(k, found.post, found.number, found.cause, found.cascade, found.opened, found.ended, found.how),
            *(found.requisition, found.accepted, found.person),
            sum(max(0.0, end - begin) for begin, end in spans),
            " ".join(person for person, _, _ in found.acting) or None,
        )


def csv_text(rows: Iterable[Iterable[Any]]) -> str:
    """Rows as lines of CSV; floats in full, so that they read back to the last bit; None and NaN are empty."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([_cell(value) for value in row] for row in rows)
    return file.getvalue()


def _cell(value: Any) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN is the only value that is not itself
        return ""
    return repr(value) if isinstance(value, float) else str(value)
