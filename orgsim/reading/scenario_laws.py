"""Laws of durations and hazards as a scenario writes them.

A law is a quantity (`90 d`, `15 % / y`) or a mapping of one name to its parameters.  Tables are CSV files; a problem in
one is told with its line.
"""

import csv
import math
from collections.abc import Callable, Iterator
from typing import Any

import attrs
from yaml.events import ScalarEvent

from orgsim import laws
from orgsim.errors import Location, Problem, did_you_mean, shown
from orgsim.reading.compose import Mapping, Node, Sequence
from orgsim.reading.scenario_files import beside
from orgsim.reading.scenario_shapes import BAD, Entry, Form, Key, KeysError, Kind, Many, Schema, Value, Walker
from orgsim.reading.scenario_values import duration, rate
from orgsim.values import BadValueError

Z90 = 1.2815515655446004
"""The normal quantile at 0.9."""
MAX_SIGMA, LEAST_SHAPE = 5, 0.1


def _one_of(entry: Entry, *keys: str) -> None:
    """Exactly one of two parameters is given."""
    given = [key for key in keys if key in entry]
    if len(given) != 1:
        said = f"{' or '.join(map(repr, keys))} is missing" if not given else "both are given"
        raise KeysError(
            "bad-law", f"of {' and '.join(map(repr, keys))}, {said}", "give exactly one of them", *given[1:]
        )


def _spread(entry: Entry) -> None:
    _one_of(entry, "p90", "sigma")
    if "p90" in entry and entry["p90"] <= entry["median"]:
        hint = "give the duration that only one in ten exceeds"
        raise KeysError("bad-law", "the 'p90' is not longer than the 'median'", hint, "p90")
    if _sigma(entry) > MAX_SIGMA:
        hint = f"give a sigma of at most {MAX_SIGMA}; a p90 of four times the median is a wide spread already"
        raise KeysError("bad-law", "the law is spread beyond all reason", hint, "p90" if "p90" in entry else "sigma")


def _mean_or_scale(entry: Entry) -> None:
    _one_of(entry, "mean", "scale")
    if not LEAST_SHAPE <= entry["shape"] <= 1 / LEAST_SHAPE:
        raise KeysError("bad-law", "the 'shape' is beyond all reason", "give a shape between 0.1 and 10", "shape")


MEAN = Form(
    "an exponential law",
    "A law without memory.",
    {"mean": Key(Value("positive-duration"), "The mean duration.", required=True)},
    short=Value("positive-duration"),
)
LOGNORMAL = Form(
    "a lognormal law",
    "A lognormal law: by its median, and the duration that one in ten exceeds or the sigma of its logarithm.",
    {
        "median": Key(Value("positive-duration"), "Half take longer.", required=True),
        "p90": Key(Value("positive-duration"), "One in ten takes longer."),
        "sigma": Key(Value("positive-factor"), "The standard deviation of the logarithm, instead of `p90`."),
    },
    check=_spread,
)
WEIBULL = Form(
    "a Weibull law",
    "A Weibull law: with a shape below 1 the hazard falls with time, above 1 it rises.",
    {
        "shape": Key(Value("positive-factor"), "The shape.", required=True),
        "mean": Key(Value("positive-duration"), "The mean duration."),
        "scale": Key(Value("positive-duration"), "The scale, instead of `mean`: 63.2 % are over by then."),
    },
    check=_mean_or_scale,
)
PIECE = Form(
    "a piece",
    "A constant rate up to an age.",
    {
        "until": Key(Value("positive-duration"), "The age at which the piece ends; the last piece has none."),
        "rate": Key(Value("rate"), "The rate.", required=True),
    },
)


def _scale(entry: Entry) -> float:
    scale: float = entry["scale"] if "scale" in entry else entry["mean"] / math.gamma(1 + 1 / entry["shape"])
    return scale


def _sigma(entry: Entry) -> float:
    return float(entry["sigma"]) if "sigma" in entry else math.log(entry["p90"] / entry["median"]) / Z90


Made = Callable[[Walker, Any, Any], Any]


def _uniform(at: Walker, node: Any, ends: Any) -> Any:
    least, most = ends if len(ends) == 2 else (0.0, -1.0)  # noqa: PLR2004 - two ends
    if most < least:
        at.tell(node, "bad-law", "a uniform law has two ends, the shorter first", "write uniform: [20 d, 40 d]")
        return BAD
    return laws.UniformDuration(least, most)


def _empirical(at: Walker, node: Any, values: Any) -> Any:  # noqa: ARG001
    return laws.EmpiricalDuration(tuple(sorted(values)))


def _piecewise(at: Walker, node: Any, pieces: Any) -> Any:
    ends = [piece["until"] for piece in pieces]
    good = ends[-1:] == [None] and None not in ends[:-1] and ends[:-1] == sorted(set(ends[:-1]))
    if not good:
        message = "the pieces do not cover every age once"
        hint = "give each piece but the last an 'until', each longer than the one before"
        at.tell(node, "bad-law", message, hint)
        return BAD
    return laws.Piecewise((0.0, *ends[:-1]), tuple(piece["rate"] for piece in pieces))


# --------------------------------------------------------------------------------------------------------- tables


@attrs.frozen
class TableFile(Kind):
    """A CSV file with a header; each cell is a quantity with its unit."""

    columns: dict[str, Callable[[str], float]]

    def read(self, at: Walker, key: ScalarEvent, node: Node) -> Any:
        """The rows, as tuples; BAD after telling what is wrong, with lines of the file."""
        name = at.scalar(key, node, str)
        if name is BAD or not isinstance(node, ScalarEvent):
            return BAD
        text = at.files.table(node)
        if text is None:
            return BAD
        before = len(at.problems)
        file = beside(node)
        rows = list(self._rows(at, file, text))
        if len(at.problems) == before and not rows:
            self._wrong(at, file, 1, "the table has no rows", "give at least one row below the header")
        return rows if len(at.problems) == before else BAD

    def _rows(self, at: Walker, file: str, text: str) -> Iterator[tuple[float, ...]]:
        lines = ["" if line.startswith("#") else line for line in text.splitlines()]
        reader = csv.reader(lines)
        header = next(([cell.strip() for cell in row] for row in reader if row), [])
        if header != list(self.columns):
            wanted = ",".join(self.columns)
            self._wrong(
                at, file, 1, f"the header is {shown(','.join(header))}", f"begin the table with the line {wanted}"
            )
            return
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                message = f"the row has {len(row)} cells instead of {len(header)}"
                self._wrong(at, file, reader.line_num, message, "give one cell for each column")
                continue
            try:
                yield tuple(parse(cell.strip()) for parse, cell in zip(self.columns.values(), row, strict=True))
            except BadValueError as error:
                self._wrong(at, file, reader.line_num, error.message, error.hint)

    def _wrong(self, at: Walker, file: str, line: int, message: str, hint: str | None) -> None:
        at.problems.append(Problem(Location(file, line, 1), "bad-table", message, hint))

    def schema(self) -> Schema:
        """The name of a file."""
        return {"description": f"A CSV file with the columns {', '.join(self.columns)}.", "type": "string"}


def _table(at: Walker, node: Any, rows: Any) -> Any:
    starts, rates = zip(*rows, strict=True)
    if starts[0] != 0 or list(starts) != sorted(set(starts)):
        hint = "begin with the row '0 y,...' and let 'from' rise from row to row"
        at.tell(node, "bad-law", "the rows of the table do not begin at 0 and rise", hint)
        return BAD
    return laws.Piecewise(starts, rates)


@attrs.frozen
class Observed(Kind):
    """Durations that were observed: a list, or a CSV file with the column `duration`."""

    def read(self, at: Walker, key: ScalarEvent, node: Node) -> Any:
        """The durations."""
        if isinstance(node, Sequence):
            return Many(Value("duration"), empty=False).read(at, key, node)
        rows = TableFile({"duration": duration}).read(at, key, node)
        return BAD if rows is BAD else tuple(row[0] for row in rows)

    def schema(self) -> Schema:
        """Either."""
        return {"anyOf": [Many(Value("duration"), empty=False).schema(), {"type": "string"}]}


# ----------------------------------------------------------------------------------------------------------- laws


@attrs.frozen
class LawKind(Kind):
    """A law: a quantity, a word, or a mapping of one of the names to its parameters."""

    what: str
    example: str
    quantity: str
    simple: Callable[[float], Any]
    named: dict[str, tuple[Kind, Made]]
    words: tuple[str, ...] = ()

    def read(self, at: Walker, key: ScalarEvent, node: Node) -> Any:
        """The law, or one of the words."""
        if isinstance(node, ScalarEvent) and node.value in self.words:
            return node.value
        if isinstance(node, ScalarEvent):
            value = Value(self.quantity).read(at, key, node)
            return BAD if value is BAD else self.simple(value)
        if not isinstance(node, Mapping):
            return at.misfit(node, f"write {self.what} as {self.example}")
        for word, (place, _) in node.items.items():
            if word not in self.named:
                hint = did_you_mean(word, self.named) or f"the laws are {', '.join(self.named)}"
                at.tell(place, "unknown-law", f"there is no law {shown(word)} for {self.what}", hint)
                return BAD
        if len(node.items) != 1:
            if not node.refused:
                hint = f"give one of {', '.join(self.named)}"
                at.tell(node, "bad-law", f"{self.what} is one law, not {len(node.items)}", hint)
            return BAD
        ((word, (place, value)),) = node.items.items()
        kind, make = self.named[word]
        read = kind.read(at, place, value)
        return BAD if read is BAD or node.refused else make(at, value, read)

    def schema(self) -> Schema:
        """A reference to the definition."""
        there = {"$ref": f"#/definitions/{self.name}"}
        return {"anyOf": [{"enum": list(self.words)}, there]} if self.words else there

    @property
    def name(self) -> str:
        """The name of the definition."""
        return self.what.removeprefix("a ") + "-law"

    def definition(self) -> Schema:
        """A quantity, or an object with one of the names."""
        named: Schema = {
            "type": "object",
            "properties": {word: kind.schema() for word, (kind, _) in self.named.items()},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        }
        return {
            "description": f"The law of {self.what}: {self.example}.",
            "anyOf": [Value(self.quantity).schema(), named],
        }


def _exponential(at: Walker, node: Any, mean: Any) -> Any:  # noqa: ARG001
    return laws.ExponentialDuration(mean["mean"] if isinstance(mean, Entry) else mean)


def _annual(at: Walker, node: Any, chance: float) -> Any:  # noqa: ARG001
    return laws.Exponential(-math.log1p(-chance) / laws.DAYS_PER_YEAR)


_DURATIONS: dict[str, tuple[Kind, Made]] = {
    "exponential": (MEAN, _exponential),
    "lognormal": (LOGNORMAL, lambda _at, _node, e: laws.LognormalDuration(e["median"], _sigma(e))),
    "weibull": (WEIBULL, lambda _at, _node, e: laws.WeibullDuration(e["shape"], _scale(e))),
    "uniform": (Many(Value("duration")), _uniform),
    "empirical": (Observed(), _empirical),
}
_HAZARDS: dict[str, tuple[Kind, Made]] = {
    "annual_probability": (Value("yearly-chance"), _annual),
    "weibull": (WEIBULL, lambda _at, _node, e: laws.Weibull(e["shape"], _scale(e))),
    "lognormal": (LOGNORMAL, lambda _at, _node, e: laws.Lognormal(e["median"], _sigma(e))),
    "piecewise": (Many(PIECE, empty=False), _piecewise),
    "table": (TableFile({"from": duration, "rate": rate}), _table),
}
_A_DURATION = "90 d, or for example {lognormal: {median: 60 d, p90: 130 d}}"
_A_HAZARD = "15 % / y, or for example {weibull: {shape: 0.8, mean: 5 y}}"

LAW = LawKind("a duration", _A_DURATION, "duration", laws.Constant, _DURATIONS)
LAW_OR_NEVER = attrs.evolve(LAW, words=("never",))
TENURE = attrs.evolve(LAW, words=("new", "stationary"))
HAZARD = LawKind("a hazard", _A_HAZARD, "rate", laws.Exponential, _HAZARDS)
LAWS = (LAW, HAZARD)
PARTS = (MEAN, LOGNORMAL, WEIBULL, PIECE)
"""The forms that laws are made of, for the schema."""
