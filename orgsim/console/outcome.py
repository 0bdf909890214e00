"""Outcomes and comparisons as tables for the terminal: every number with its unit and its interval."""

import math
from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from orgsim.console.tables import plain_table
from orgsim.console.terminal import styled
from orgsim.experiments.compare import Comparison, compare
from orgsim.experiments.intervals import Estimate, percent
from orgsim.experiments.kinds import Kind, kind_of
from orgsim.experiments.outcome import Outcome, Summary

MOST = 40
"""How many measures a table shows, unless they are asked for."""
HUGE = 1_000_000
WIDEST = 36
"""Columns that names of measures may take before they are broken."""
LUCK = "luck: how many times more replications would tell as much if the two did not share their luck"


def outcome_tables(outcome: Outcome) -> RenderableType:
    """What was run, the baseline, what the variants change, what was assumed."""
    parts: list[RenderableType] = [_head(outcome), Text(), *_summary_table(outcome)]
    for variant in outcome.variants[1:]:
        parts += [Text(), comparison_tables(outcome.of(variant), outcome, variant, outcome.variant)]
    if outcome.manifest.assumptions:
        parts += [Text(), Text("Assumed", style="bold underline")]
        for one in outcome.manifest.assumptions:
            parts.append(styled(f"· {one['text']}").append_text(styled(f"  {one['source']}", "dim")))
    return Group(*parts)


def _head(outcome: Outcome) -> Text:
    manifest = outcome.manifest
    each = f" of each of {len(outcome.variants)} variants" if len(outcome.variants) > 1 else ""
    text = styled(manifest.title, "bold").append("\n")
    text.append(f"{manifest.start} to {manifest.end} · {outcome.replications:,} replications{each}")
    text.append(f" · seed {manifest.seed} · digest {outcome.digest[:12]}", style="dim")
    if not isinstance(manifest.wanted, int):
        wanted = f"{manifest.wanted['measure']} within ±{percent(manifest.wanted['half_width'])} of its mean"
        said = f"precise enough: {wanted}" if manifest.precise else f"not precise enough yet: {wanted}"
        text.append("\n").append_text(styled(said, "" if manifest.precise else "yellow"))
    return text


def shown_measures(outcome: Outcome, asked: Sequence[str] = ()) -> list[str]:
    """The measures a table shows: those asked for here or in the scenario, else all but earlier dates of series."""
    wanted = list(asked) or list(outcome.manifest.shown)
    names = outcome.measures.names
    if wanted:
        return [name for name in names if name in wanted or name.partition("@")[0].partition("/")[0] in wanted]
    last = {name.partition("@")[0]: name for name in names}
    return [name for name in names if last[name.partition("@")[0]] == name]


# ----------------------------------------------------------------------------------------------------------- outcomes


def _summary_table(outcome: Outcome) -> list[RenderableType]:
    names, twins = _distinct(outcome, shown_measures(outcome))
    found = outcome.summary(names)
    moving = [one for one in found if one.mean is not None and not _fixed(one)]
    shares = outcome.manifest.quantiles
    table = _table([outcome.variant, *(one.measure for one in moving[:MOST])], "mean", *map(percent, shares))
    for one in moving[:MOST]:
        kind = kind_of(one.measure, outcome.manifest.currency)
        cells = (_estimate(found, kind) for found in (one.mean, *one.quantiles.values()))
        table.add_row(styled(one.measure), styled(kind.unit, "dim"), *cells)
    notes = [f"no number in {one.none:,} of {one.none + one.count:,}: {one.measure}" for one in moving if one.none]
    notes += _listed("never a number", (one.measure for one in found if one.mean is None))
    notes += _listed("always the same", (_constant(one) for one in found if _fixed(one)))
    notes += [f"the same as {name}: {', '.join(others)}" for name, others in twins.items()]
    notes += sorted({said for one in moving for said in one.quantiles.values() if isinstance(said, str)})[: len(shares)]
    notes += _more(len(moving))
    return [table, *(styled(note, "dim") for note in notes)]


def _distinct(outcome: Outcome, names: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    """The measures that tell something new, and of the others, which measures they always equal."""
    seen: dict[bytes, str] = {}
    twins: dict[str, list[str]] = {}
    for name in names:
        numbers = outcome.measures[name]
        first = seen.setdefault(numbers.tobytes(), name)
        if first != name and numbers.min() < numbers.max():
            twins.setdefault(first, []).append(name)
    again = {name for others in twins.values() for name in others}
    return [name for name in names if name not in again], twins


def _fixed(one: Summary) -> bool:
    """Whether the measure is the same in every replication."""
    return one.count > 1 and one.none == 0 and one.mean is not None and one.mean.half_width == 0


def _constant(one: Summary) -> str:
    return f"{one.measure} {_estimate(one.mean, kind_of(one.measure)).partition(' (')[0]}"


def _listed(label: str, names: Iterable[str]) -> list[str]:
    text = ", ".join(names)
    return [f"{label}: {text}"] if text else []


def _more(count: int) -> list[str]:
    return [f"and {count - MOST} more measures; --json has all"] if count > MOST else []


# -------------------------------------------------------------------------------------------------------- comparisons


def comparison_tables(a: Outcome, b: Outcome, name_a: str, name_b: str, measures: Sequence[str] = ()) -> RenderableType:
    """What is different in `a`, on the same luck as `b`: the difference, how often it is better, what pairing did."""
    names = [name for name in shown_measures(b, measures) if name in a.measures]
    found = compare(a, b, *names) if names else []
    moved = [one for one in found if one.same.value < 1]
    head = styled(f"{name_a} − {name_b}", "bold underline")
    if a.replications != b.replications:
        common = min(a.replications, b.replications)
        head.append(f"  the first {common:,} replications of {a.replications:,} and {b.replications:,}", style="dim")
    if not moved:
        return Group(head, Text("No replication differs in any of these measures."))
    table = _table(
        ["", *(one.measure for one in moved[:MOST])], name_b, name_a, "difference", "better in", "same", "luck"
    )
    for one in moved[:MOST]:
        table.add_row(styled(one.measure), styled(one.kind.unit, "dim"), *_comparison(one))
    notes = [f"no number in one of the two in {one.without:,}: {one.measure}" for one in moved if one.without]
    notes += _listed("no difference", (one.measure for one in found if one.same.value == 1))
    notes += [*_more(len(moved)), LUCK]
    return Group(head, table, *(styled(note, "dim") for note in notes))


def _comparison(one: Comparison) -> Iterable[RenderableType]:
    digits = _digits(one.difference, one.kind)
    clear = (one.difference.low or 0) > 0 or (one.difference.high or 0) < 0
    yield _number(one.b.value, one.kind, digits)
    yield _number(one.a.value, one.kind, digits)
    yield Text(_estimate(one.difference, one.kind, sign=True), style="bold" if clear else "")
    yield "–" if one.better is None else _share(one.better)
    yield f"{100 * one.same.value:.0f} %" if one.same.value else "–"
    yield _times(one.reduction)


def _share(share: Estimate) -> str:
    low, high = (round(100 * bound) for bound in (share.low or 0.0, share.high or 0.0))
    return f"{100 * share.value:.0f} % ({low}–{high})"


def _times(reduction: float | None) -> str:
    if reduction is None:
        return "–"
    if reduction > HUGE:
        return f"> ×{HUGE:,}"
    return f"×{reduction:,.0f}" if reduction >= 10 else f"×{reduction:.1f}"  # noqa: PLR2004 - two digits are enough


# ------------------------------------------------------------------------------------------------------------ numbers


def _estimate(found: Estimate | str | None, kind: Kind, *, sign: bool = False) -> str:
    """A number with its interval: `39.4 (39.0–39.7)`."""
    if found is None or isinstance(found, str):
        return "–"
    digits = _digits(found, kind)
    value = _number(found.value, kind, digits, sign=sign)
    if found.low is None or found.high is None:
        return value
    low, high = (_number(bound, kind, digits, sign=sign).removesuffix(" %") for bound in (found.low, found.high))
    return f"{value} ({low}{' – ' if sign else '–'}{high})"


def _digits(found: Estimate, kind: Kind) -> int:
    """So many decimals that the interval is told in one or two digits; none for whole numbers."""
    scale = 100 if kind.share else 1
    numbers = [scale * number for number in (found.value, found.low, found.high) if number is not None]
    if all(number == round(number) for number in numbers):
        return 0
    width = scale * found.half_width
    if not 0 < width < math.inf:
        width = abs(numbers[0]) / 100
    return min(max(0, -math.floor(math.log10(width))), 6)


def _number(value: float, kind: Kind, digits: int, *, sign: bool = False) -> str:
    scaled = round(100 * value if kind.share else value, digits) + 0.0
    text = f"{scaled:{'+' if sign and scaled else ''},.{digits}f}".replace("-", "−")
    return f"{text} %" if kind.share else text


def _table(first: Sequence[str], *headers: str) -> Table:
    """A table of measures: names, which are not broken unless they are very long, units, numbers."""
    table = plain_table(first[0], "", *headers)
    table.columns[0].min_width = min(max(map(len, first)), WIDEST)
    for column in table.columns[2:]:
        column.justify = "right"
        column.no_wrap = True
    return table
