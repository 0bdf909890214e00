"""Charts, differences and results for notebooks: as lists and tables of HTML, and as a picture; texts are escaped.

The HTML is light, reads well aloud, and folds; no script, no style but colors, nothing from elsewhere.
"""

from collections.abc import Iterable, Mapping
from html import escape

import attrs

from orgsim.changes import TEXTS, Change
from orgsim.chart import OrgChart
from orgsim.differences import Diff
from orgsim.experiments.columns import varies
from orgsim.experiments.compare import Comparison, Comparisons
from orgsim.experiments.intervals import Estimate, percent
from orgsim.experiments.kinds import Kind, kind_of
from orgsim.experiments.outcome import Outcome, Summary
from orgsim.experiments.shown import ONLY_NOTED, distinct, open_notes, shown_measures, still_open
from orgsim.plotting.chart import plot_chart
from orgsim.plotting.compare import rounded
from orgsim.plotting.data import SURE
from orgsim.plotting.fan import plot_fan
from orgsim.plotting.forest import Box, Holder, forest
from orgsim.plotting.lettering import clean
from orgsim.plotting.paper import count, house_style, long_date, svg_of
from orgsim.plotting.results import futures, words_of
from orgsim.simulate.measures import OPEN

ALARM, SOFT = "#c8372d", "#808080"
"""Readable on light and on dark."""
MOST_BOXES, OPEN_LEVELS = 400, 3
MOST_CHANGES = 200
MOST_POSTS = 20_000
"""A chart of more is not drawn unasked: it would take longer than anybody waits for the last line of a cell."""
MOST_MEASURES = 24
"""Rows of a table of results; `summary()` has them all."""


def chart_html(chart: OrgChart) -> str:
    """A chart as nested lists that fold, one for each organization that has anybody or any post."""
    if len(chart.index.post_ids) > MOST_POSTS:
        return f"<pre>{escape(repr(chart))}</pre>"
    known = f", as known on {long_date(chart.known)}" if chart.known else ""
    parts = [f"<p><b>{long_date(chart.at)}</b>{known}</p>"]
    for unit in chart.organizations:
        found = forest(chart, unit.id, MOST_BOXES)
        if not found.people and not found.posts and not found.trees and not found.apart:
            continue
        size = (
            f"{count(found.people, 'person', 'people')} employed, {count(found.posts, 'post')}, {found.vacant} vacant"
        )
        parts.append(f"<p><b>{_name(found.organization)}</b> {_soft(size)}</p>")
        parts.append(_list(found.trees, 0))
        if found.apart:
            parts += [
                f"<p>{_soft('whom they report to is not told')}</p>" if found.trees else "",
                _list(found.apart, 0),
            ]
    if len(parts) == 1:
        parts.append("<p>Nobody is employed, and no post is open.</p>")
    return f'<div class="orgsim">{"".join(parts)}</div>'


def chart_svg(chart: OrgChart) -> str | None:
    """A chart as a picture; None of one too large to draw unasked."""
    if len(chart.index.post_ids) > MOST_POSTS:
        return None
    with house_style():
        return svg_of(plot_chart(chart))


def diff_html(found: Diff) -> str:
    """What differs, as a table: the kind of change, who or what, from what to what, and when."""
    if not found.changes:
        return "<p>Nothing differs.</p>"
    rows = [_change(found, change) for change in found.changes[:MOST_CHANGES]]
    more = len(found.changes) - len(rows)
    note = f"<p>{_soft(f'and {more:,} more')}</p>" if more else ""
    head = (
        "<tr>"
        + "".join(f'<th style="text-align:left">{cell}</th>' for cell in ("", "who or what", "was", "is", "when"))
        + "</tr>"
    )
    return f'<div class="orgsim"><table>{head}{"".join(rows)}</table>{note}</div>'


def _change(found: Diff, change: Change) -> str:
    was, now = ("", "")
    if not change.kind.endswith(("-opened", "-closed")):  # there the name says it all
        was, now = (", ".join(_said(found, change, part)) for part in (change.before, change.after))
    kind = change.kind + (" (first seen)" if change.first_seen else "")
    when = found.when.get(change)
    told = escape(when.words) if when is not None else ""
    cells = (f"<b>{escape(kind)}</b>", _name(found.names.get(change.subject, change.subject)), was, now, told)
    return "<tr>" + "".join(f'<td style="text-align:left">{cell}</td>' for cell in cells) + "</tr>"


def _said(found: Diff, change: Change, part: Iterable[str]) -> Iterable[str]:
    if change.kind in TEXTS:
        return [_name(text) for text in part]
    words = {"none": "nobody", "unknown": "not known"}
    return [words.get(id_) or _name(found.names.get(id_, id_)) for id_ in part]


def _list(boxes: Iterable[Box], level: int) -> str:
    items = "".join(f"<li>{_box(box, level)}</li>" for box in boxes)
    return f'<ul style="list-style:none;padding-left:1.2em;margin:0">{items}</ul>' if items else ""


def _box(box: Box, level: int) -> str:
    says = _says(box)
    if box.folded:
        says += " " + _soft(f"+ {count(box.folded, 'post')} beneath")
    seats = _list(box.seats, level + 1)
    if not box.below and not seats:
        return says
    is_open = " open" if level < OPEN_LEVELS else ""
    return f"<details{is_open}><summary>{says}</summary>{seats}{_list(box.below, level + 1)}</details>"


def _says(box: Box) -> str:
    """A box in one line: title, holders, what is missing."""
    title = _name(box.title)
    parts = [f"<b>{title}</b>" if box.critical or box.is_unit else title] if box.title else []
    if box.vacant:
        since = f" {escape(box.since)}" if box.since else ""
        parts.append(f'<b style="color:{ALARM}">vacant</b>{since}')
    names = [_holder(holder) for holder in box.holders]
    names += [_soft(f"{count(box.unnamed, 'person', 'people')} not named")] if box.unnamed else []
    parts += [", ".join(names)] if names else []
    parts += [_soft(note) for note in box.notes]
    return " · ".join(parts) or _soft("nobody")


def _holder(holder: Holder) -> str:
    words = [word for word, so in (("acting", holder.acting), ("on leave", holder.on_leave)) if so]
    words += [holder.certainty] if holder.certainty not in SURE else []
    return _name(holder.who.name) + (f" {_soft(', '.join(words))}" if words else "")


def _name(text: str) -> str:
    """Any text, which runs in its own direction and changes that of nothing else."""
    return f"<bdi>{escape(clean(text))}</bdi>"


def _soft(text: str) -> str:
    return f'<span style="color:{SOFT}">{escape(clean(text))}</span>'


# ------------------------------------------------------------------------------------------------------------ results


def outcome_html(outcome: Outcome) -> str:
    """What the replications of a variant say: means and quantiles with their intervals; of a series the last date."""
    names = shown_measures(outcome)
    apart, twins = distinct([outcome], [name for name in names if varies(outcome.measures[name])])
    runs, seed = count(outcome.replications, "replication"), outcome.manifest.seed
    head = f"<p><b>{_name(outcome.manifest.title)}</b> {_soft(f'{outcome.variant}, {runs}, seed {seed}')}</p>"
    if not apart:
        return f'<div class="orgsim">{head}<p>Every measure is the same in every replication.</p></div>'
    shares = [percent(share) for share in outcome.manifest.quantiles]
    rows = [_summary(one) for one in outcome.summary(apart[:MOST_MEASURES])]
    notes = ["In brackets: 95 % intervals." if outcome.replications > 1 else "Of one replication there is no interval."]
    notes += _more(len(apart) - len(rows))
    notes += [_same(twins)] if twins else []
    notes += [f"{note}." for note in still_open({outcome.variant: outcome}, names, words_of)]
    return f'<div class="orgsim">{head}{_table(["", "", "mean", *shares], rows)}{_notes(notes)}</div>'


def outcome_svg(outcome: Outcome) -> str | None:
    """The fan of the first measure that is counted over time; None where there is none."""
    series = outcome.series()
    if not series:
        return None
    with house_style():
        return svg_of(plot_fan(futures(outcome, series[0], [outcome.variant])))


def comparisons_html(found: Comparisons) -> str:
    """How two outcomes differ, with intervals, and how often the first is better; of whole series the last date."""
    if not found:
        return "<p>No replication has any of these measures in both.</p>"
    last = {one.measure.partition("@")[0]: one for one in found}
    everything = len(found) > len(last)
    differ = [one for one in last.values() if one.same.value < 1] if everything else found
    if not differ:
        return "<p>No replication differs in any of these measures.</p>"
    seen: dict[Comparison, str] = {}
    twins: dict[str, list[str]] = {}
    for one in differ if everything else ():
        if one.measure not in ONLY_NOTED:
            first = seen.setdefault(attrs.evolve(one, measure="", kind=Kind()), one.measure)
            twins.setdefault(first, []).append(one.measure)
    apart = [one for one in differ if one.measure in twins] if everything else differ
    heads = ["", "", found.b, found.a, "difference", "better in", "same in"]
    rows = [_compared(one) for one in apart[:MOST_MEASURES]]
    repeated = {first: others[1:] for first, others in twins.items() if others[1:]}
    notes = ["In brackets: 95 % intervals, on the same luck."]
    notes += _more(len(apart) - len(rows))
    notes += [_same(repeated)] if repeated else []
    notes += [f"{note}." for note in open_notes(_open_in(found), words_of)] if everything else []
    return f'<div class="orgsim">{_table(heads, rows)}{_notes(notes)}</div>'


def _open_in(found: Comparisons) -> dict[str, dict[str, float]]:
    """For measures of what ended, how much had not, in both."""
    by_name = {one.measure: one for one in found}
    both = {name: by_name[measure] for name, (measure, _) in OPEN.items() if {name, measure} <= by_name.keys()}
    return {name: {found.b: one.b.value, found.a: one.a.value} for name, one in both.items()}


def _same(twins: Mapping[str, Iterable[str]]) -> str:
    """Which measures have the numbers of another."""
    said = (f"{' and '.join(map(words_of, others))} as {words_of(first)}" for first, others in twins.items())
    return f"The same: {'; '.join(said)}."


def _more(left: int) -> list[str]:
    return [f"And {count(left, 'more measure')}."] if left else []


def _notes(notes: Iterable[str]) -> str:
    return "".join(f"<p>{_soft(note)}</p>" for note in notes)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Rows of cells that are HTML already, the first two of words, the others of numbers."""
    head = "".join(f'<th style="text-align:{_side(at)}">{_name(cell)}</th>' for at, cell in enumerate(heads))
    lines = ("".join(f'<td style="text-align:{_side(at)}">{cell}</td>' for at, cell in enumerate(row)) for row in rows)
    return f"<table><tr>{head}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def _side(at: int) -> str:
    return "left" if at <= 1 else "right"


def _summary(one: Summary) -> list[str]:
    kind = kind_of(one.measure)
    unit = f"% {kind.unit}" if kind.share else one.unit
    numbers = [one.mean, *one.quantiles.values()]
    return [_name(words_of(one.measure)), _soft(unit), *(_told(number, share=kind.share) for number in numbers)]


def _compared(one: Comparison) -> list[str]:
    share = one.kind.share
    unit = f"% {one.kind.unit}" if share else one.kind.unit
    means = [_told(Estimate(mean.value), share=share, like=one.difference) for mean in (one.b, one.a)]
    clear = (one.difference.low or 0) > 0 or (one.difference.high or 0) < 0
    difference = ("+" if one.difference.value > 0 else "") + _told(one.difference, share=share)
    better = _told(one.better, share=True, like=Estimate(0, 0, 1)) if one.better is not None else "–"
    same = _told(Estimate(one.same.value), share=True, like=Estimate(0, 0, 1))
    words = [_name(words_of(one.measure)), _soft(unit)]
    return [
        *words,
        *means,
        f"<b>{difference}</b>" if clear else difference,
        f"{better} %" if one.better is not None else better,
        f"{same} %",
    ]


def _told(found: Estimate | str | None, *, share: bool, like: Estimate | None = None) -> str:
    """A number with its interval, to the digits of that interval or of another; a dash where there is none."""
    if found is None or isinstance(found, str):
        return "–"
    factor = 100.0 if share else 1.0
    wide = like if like is not None else found
    low, high = (wide.low, wide.high) if wide.low is not None and wide.high is not None else (0.0, 0.0)
    width = factor * (high - low)
    numbers = [factor * number for number in (found.value, found.low, found.high) if number is not None]
    width = width if any(number != round(number) for number in numbers) else 0.0
    value = rounded(factor * found.value, width)
    if found.low is None or found.high is None:
        return value
    ends = (" to " if found.low < 0 else "–").join(rounded(factor * end, width) for end in (found.low, found.high))
    return f"{value} {_soft(f'({ends})')}"
