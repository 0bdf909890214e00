"""Outcomes and comparisons as tables for the terminal: every number with its unit and its interval."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.table import Table
from rich.text import Text

from orgsim.console.tables import plain_table
from orgsim.console.terminal import styled
from orgsim.experiments.compare import Comparison, compare
from orgsim.experiments.intervals import Estimate, percent
from orgsim.experiments.kinds import kind_of
from orgsim.experiments.outcome import Outcome, Summary
from orgsim.experiments.precision import Known, asked_of
from orgsim.experiments.shown import distinct, shown_measures, still_open

MOST = 40
"""How many measures a table shows."""
HUGE = 1_000_000
PADDING, UNIT_AND_NAME = 2, 2
"""Spaces between two columns; how many columns hold no numbers."""
LUCK = "luck: how many times more replications would tell as much if the two did not share their luck"
MISSED = "missed: planned events and shocks that were no longer possible when their day came"
INTERVALS = "±, and in brackets: 95 % intervals, Student's for means, of order statistics for quantiles"


def outcome_tables(outcome: Outcome) -> RenderableType:
    """What was run, the baseline, what the variants change, what was assumed."""
    parts: list[RenderableType] = [_head(outcome), Text(), *_summary_table(outcome)]
    for variant in outcome.variants[1:]:
        parts += [Text(), comparison_tables(outcome.of(variant), outcome, variant, outcome.variant, brief=True)]
    if len(outcome.variants) > 1:
        parts.append(styled(LUCK, "dim"))
    if outcome.manifest.assumptions:
        parts += [Text(), Text("Assumed", style="bold underline")]
        for one in outcome.manifest.assumptions:
            parts.append(styled(f"· {one['text']}").append_text(styled(f"  {one['source']}", "dim")))
    parts += [Text(), Text(f"digest {outcome.digest[:16]}", style="dim")]
    return Group(*parts)


def _head(outcome: Outcome) -> Text:
    manifest = outcome.manifest
    each = f" of each of {len(outcome.variants)} variants" if len(outcome.variants) > 1 else ""
    text = styled(manifest.title, "bold").append("\n")
    text.append(f"{manifest.start} to {manifest.end} · {outcome.replications:,} replications{each}")
    text.append(f" · seed {manifest.seed}")
    known = asked_of(outcome)
    if known is not None:
        text.append("\n").append_text(styled(_precision(known, outcome), "" if known.enough else "yellow"))
    return text


def _precision(known: Known, outcome: Outcome) -> str:
    """Whether a mean is known as well as asked; if not, how well it is, and what it takes."""
    measure, share = known.measure, f"±{percent(known.share)} of its mean"
    if known.enough:
        return f"precise enough: {measure} within {share}"
    line = _line(measure, measure, outcome)
    where = f" in {known.variant!r}" if len(outcome.variants) > 1 else ""
    if known.mean is None:
        return f"not precise enough yet: {measure} has no number in any replication{where}"
    wanted = _number(known.wanted, line, _digits(Estimate(known.wanted), line.factor))
    takes = f"; that takes about {known.needed:,} replications" if known.needed is not None else ""
    is_ = f"{measure} is {_mean(known.mean, line)} {line.unit}{where}"
    return f"not precise enough yet: {is_}, and {share} was asked for, which is ±{wanted}{takes}"


def measures_table(found: Mapping[str, float], currency: str | None) -> Table:
    """The measures of a single replication."""
    table = plain_table("measure", "", "")
    table.columns[2].justify = "right"
    for name, value in found.items():
        kind = kind_of(name, currency)
        line = _Line(name, name, f"% {kind.unit}", 100) if kind.share else _Line(name, name, kind.unit)
        shown = "–" if math.isnan(value) else _number(value, line, _digits(Estimate(value), line.factor))
        table.add_row(styled(name), styled(line.unit, "dim"), shown)
    return table


# ------------------------------------------------------------------------------------------------------ what is shown


@attrs.frozen
class _Line:
    """A measure that is shown: its name as printed, its unit, and what its numbers are multiplied by."""

    measure: str
    label: str
    unit: str
    factor: float = 1.0


def _lines(outcomes: Sequence[Outcome], names: Sequence[str]) -> tuple[list[_Line], list[str]]:
    """How measures are shown, and notes: on which date stocks are, and which measures only repeat another."""
    outcome = outcomes[0]
    apart, twins = distinct(outcomes, names)
    dated = {series for series in outcome.series() if sum(name.startswith(f"{series}@") for name in names) == 1}

    def label(name: str) -> str:
        series = name.partition("@")[0]
        return series if series in dated else name

    lines = [_line(name, label(name), *outcomes) for name in apart]
    dates = sorted({name.partition("@")[2] for name in names if name.partition("@")[0] in dated})
    stocks = ", ".join(line.label for line in lines if line.label in dated)
    notes = [f"on {date}: {stocks}" for date in dates[:1] if stocks]
    repeated = "; ".join(f"{', '.join(map(label, others))} as {label(name)}" for name, others in twins.items())
    return lines, [*notes, f"the same: {repeated}"] if repeated else notes


def _line(name: str, label: str, *outcomes: Outcome) -> _Line:
    currency = outcomes[0].manifest.currency
    kind = kind_of(name, currency)
    if kind.share:
        return _Line(name, label, f"% {kind.unit}", 100)
    if currency is not None and kind.unit == currency:
        largest = max(abs(outcome.measures[name]).max(initial=0.0) for outcome in outcomes)
        for word, size in (("million", HUGE), ("thousand", 1000)):
            if largest >= 100 * size:
                return _Line(name, label, f"{word} {currency}", 1 / size)
    return _Line(name, label, kind.unit)


# ----------------------------------------------------------------------------------------------------------- outcomes


def _summary_table(outcome: Outcome) -> list[RenderableType]:
    names = shown_measures(outcome)
    lines, notes = _lines([outcome], names)
    found = {one.measure: one for one in outcome.summary([line.measure for line in lines])}
    moving = [line for line in lines if not _still(found[line.measure])]
    shares = outcome.manifest.quantiles
    table = _Fitted(outcome.variant, "mean", *map(percent, shares), least=3)
    refused: dict[str, None] = {}
    for line in moving[:MOST]:
        one = found[line.measure]
        table.add_row(
            styled(line.label),
            styled(line.unit, "dim"),
            _mean(one.mean, line),
            *(_estimate(estimate, line) for estimate in one.quantiles.values()),
        )
        refused |= {said: None for said in one.quantiles.values() if isinstance(said, str)}
        notes += [f"no number in {one.none:,} of {one.none + one.count:,}: {line.label}"] if one.none else []
    notes += still_open({outcome.variant: outcome}, names)
    notes += [MISSED] if any(line.measure == "missed" for line in moving) else []
    notes += _listed("always", (_constant(found[line.measure], line) for line in lines if line not in moving))
    notes += [*list(refused)[: 2 * len(shares)], *_more(len(moving)), INTERVALS]
    return [table, *(styled(note, "dim") for note in notes)]


def _still(one: Summary) -> bool:
    """Whether every replication that has a number has the same."""
    return one.mean is None or (one.count > 1 and one.mean.half_width == 0)


def _constant(one: Summary, line: _Line) -> str:
    return f"{line.label} {_mean(one.mean, line).partition(' ')[0]}" if one.mean else f"no {line.label}"


def _listed(label: str, names: Iterable[str]) -> list[str]:
    text = ", ".join(names)
    return [f"{label}: {text}"] if text else []


def _more(count: int) -> list[str]:
    return [f"and {count - MOST} more measures; --json has all"] if count > MOST else []


# -------------------------------------------------------------------------------------------------------- comparisons


def comparison_tables(
    a: Outcome, b: Outcome, name_a: str, name_b: str, measures: Sequence[str] = (), *, brief: bool = False
) -> RenderableType:
    """What is different in `a`, on the same luck as `b`: the difference, how often it is better, what pairing did.

    `brief` leaves out what has been said above.
    """
    lines, notes = _lines([b, a], [name for name in shown_measures(b, measures) if name in a.measures])
    notes = [] if brief else notes
    found = {one.measure: one for one in compare(a, b, *(line.measure for line in lines))} if lines else {}
    moved = [line for line in lines if line.measure in found and found[line.measure].same.value < 1]
    head = styled(f"{name_a} − {name_b}", "bold underline")
    if a.replications != b.replications:
        common = min(a.replications, b.replications)
        head.append(f"  the first {common:,} replications of {a.replications:,} and {b.replications:,}", style="dim")
    if not moved:
        return Group(head, Text("No replication differs in any of these measures."))
    table = _Fitted("", name_b, name_a, "difference", "% better", "% same", "luck", least=5)
    for line in moved[:MOST]:
        one = found[line.measure]
        table.add_row(styled(line.label), styled(line.unit, "dim"), *_comparison(one, line))
        notes += [f"no number in one of the two in {one.without:,}: {line.label}"] if one.without else []
    notes += still_open({name_b: b, name_a: a}, [line.measure for line in moved])
    notes += _listed("no difference", (line.label for line in lines if line not in moved))
    return Group(
        head,
        table,
        *(styled(note, "dim") for note in [*notes, *_more(len(moved)), *([] if brief else [LUCK])]),
    )


def _comparison(one: Comparison, line: _Line) -> Iterator[RenderableType]:
    digits = _digits(one.difference, line.factor)
    clear = (one.difference.low or 0) > 0 or (one.difference.high or 0) < 0
    yield _number(one.b.value, line, digits)
    yield _number(one.a.value, line, digits)
    yield Text(_mean(one.difference, line, sign=True), style="bold" if clear else "")
    yield "–" if one.better is None else _estimate(one.better, _SHARE, digits=0)
    yield f"{100 * one.same.value:.0f}" if one.same.value else "–"
    yield _times(one.reduction)


_SHARE = _Line("", "", "%", 100)


def _times(reduction: float | None) -> str:
    if reduction is None:
        return "–"
    if reduction > HUGE:
        return f"> ×{HUGE:,}"
    return f"×{reduction:,.0f}" if reduction >= 10 else f"×{reduction:.1f}"  # noqa: PLR2004 - two digits are enough


# ------------------------------------------------------------------------------------------------------------ numbers


def _mean(found: Estimate | None, line: _Line, *, sign: bool = False) -> str:
    """A mean with half the width of its interval, which lies evenly around it."""
    if found is None:
        return "–"
    digits = _digits(found, line.factor)
    value = _number(found.value, line, digits, sign=sign)
    return f"{value} ±{_number(found.half_width, line, digits)}" if found.low is not None else value


def _estimate(found: Estimate | str, line: _Line, digits: int | None = None) -> str:
    """A number with its interval in brackets; a dash for one that is refused."""
    if isinstance(found, str) or found.low is None or found.high is None:
        return "–"
    digits = _digits(found, line.factor) if digits is None else digits
    value, low, high = (_number(number, line, digits) for number in (found.value, found.low, found.high))
    return f"{value} ({low}–{high})"


def _digits(found: Estimate, factor: float) -> int:
    """So many decimals that the interval is told in one or two digits; none for whole numbers."""
    numbers = [factor * number for number in (found.value, found.low, found.high) if number is not None]
    if all(number == round(number) for number in numbers):
        return 0
    width = factor * found.half_width
    if not 0 < width < math.inf:
        width = abs(numbers[0]) / 10
    return min(max(0, -math.floor(math.log10(width))), 6)


def _number(value: float, line: _Line, digits: int, *, sign: bool = False) -> str:
    scaled = round(line.factor * value, digits) + 0.0
    return f"{scaled:{'+' if sign and scaled else ''},.{digits}f}".replace("-", "−")


class _Fitted:
    """A table of measures: names, units, numbers.

    Where there is no room, names are broken between their parts, then cells between numbers; numbers stay whole, and
    in the end the last columns are left out.
    """

    def __init__(self, *headers: str, least: int) -> None:
        """There are no rows yet; so many columns stay, whatever the room."""
        self.rows: list[tuple[RenderableType, ...]] = [(headers[0], "", *headers[1:])]
        self._least = least

    def add_row(self, *cells: RenderableType) -> None:
        """A measure more."""
        self.rows.append(cells)

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Decide by the width there is."""
        columns = list(zip(*self.rows, strict=True))
        most = [max(cell_len(str(cell)) for cell in column) for column in columns]
        least = [max(cell_len(part) for cell in column for part in str(cell).split() or [""]) for column in columns]
        least[0] = max(cell_len(part) for name in columns[0] for part in _parts(name))
        count = len(columns)
        while count > self._least and sum(least[:count]) + PADDING * (count - 1) > options.max_width:
            count -= 1
        widths = _widths(most[:count], least[:count], options.max_width - PADDING * (count - 1))
        head, *rows = ((_broken(name, widths[0]), *cells[: count - 1]) for name, *cells in self.rows)
        table = plain_table(*map(str, head))
        for place, column in enumerate(table.columns):
            column.width = widths[place]
            column.justify = "left" if place < UNIT_AND_NAME else "right"
        for row in rows:
            table.add_row(*row)
        yield table
        left_out = ", ".join(str(header) for header in self.rows[0][count:])
        if left_out:
            yield styled(f"no room for {left_out}: widen the terminal, or ask for --json", "dim")


def _widths(most: list[int], least: list[int], room: int) -> list[int]:
    """Widths of columns that fill a room at most: the names become narrower first, then whatever is widest."""
    widths = list(most)
    widths[0] -= max(0, min(widths[0] - least[0], sum(widths) - room))
    while sum(widths) > room:
        place = max(range(len(widths)), key=lambda place: (widths[place] > least[place], widths[place]))
        if widths[place] <= least[place]:
            break
        widths[place] -= 1
    return widths


_PARTS = re.compile(r"[^/_\- ]*[/_\- ]?")
"""Of a name, what is not broken: up to and with a stroke, a dash, an underscore or a space."""


def _parts(name: RenderableType) -> list[str]:
    return _PARTS.findall(str(name))


def _broken(name: RenderableType, room: int) -> RenderableType:
    """A name in lines that are no longer than the room, as far as its parts are not."""
    if not isinstance(name, str | Text) or cell_len(str(name)) <= room:
        return name
    lines = [""]
    for part in _parts(name):
        if cell_len(lines[-1] + part.rstrip()) > room and lines[-1].strip():
            lines.append("")
        lines[-1] += part
    text = "\n".join(lines)
    return Text(text, name.style) if isinstance(name, Text) else text
