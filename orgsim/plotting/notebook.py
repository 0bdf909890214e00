"""Charts and differences for notebooks: as lists and tables of HTML, and as a picture; every text is escaped.

The HTML is light, reads well aloud, and folds; no script, no style but colors, nothing from elsewhere.
"""

from collections.abc import Iterable
from html import escape

from orgsim.chart import OrgChart
from orgsim.differences import Change, Diff
from orgsim.plotting.chart import plot_chart
from orgsim.plotting.forest import Box, Holder, forest
from orgsim.plotting.lettering import clean
from orgsim.plotting.paper import count, house_style, long_date, svg_of

ALARM, SOFT = "#c8372d", "#808080"
"""Readable on light and on dark."""
MOST_BOXES, OPEN_LEVELS = 400, 3
MOST_CHANGES = 200
MOST_POSTS = 20_000
"""A chart of more is not drawn unasked: it would take longer than anybody waits for the last line of a cell."""
LISTED = ("retitled", "renamed", "unit-renamed", "post-changed", "unit-changed")
"""Changes that tell texts, where the others tell ids."""


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
    """What differs, as a table: the kind of change, who or what, and from what to what."""
    if not found.changes:
        return "<p>Nothing differs.</p>"
    rows = [_change(found, change) for change in found.changes[:MOST_CHANGES]]
    more = len(found.changes) - len(rows)
    note = f"<p>{_soft(f'and {more:,} more')}</p>" if more else ""
    head = (
        "<tr>"
        + "".join(f'<th style="text-align:left">{cell}</th>' for cell in ("", "who or what", "was", "is"))
        + "</tr>"
    )
    return f'<div class="orgsim"><table>{head}{"".join(rows)}</table>{note}</div>'


def _change(found: Diff, change: Change) -> str:
    was, now = ("", "")
    if not change.kind.endswith(("-opened", "-closed")):  # there the name says it all
        was, now = (", ".join(_said(found, change, part)) for part in (change.before, change.after))
    kind = change.kind + (" (first seen)" if change.first_seen else "")
    cells = (f"<b>{escape(kind)}</b>", _name(found.names.get(change.subject, change.subject)), was, now)
    return "<tr>" + "".join(f'<td style="text-align:left">{cell}</td>' for cell in cells) + "</tr>"


def _said(found: Diff, change: Change, part: Iterable[str]) -> Iterable[str]:
    if change.kind in LISTED:
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
    words += [holder.certainty] if holder.certainty not in ("stated", "reported") else []
    return _name(holder.who.name) + (f" {_soft(', '.join(words))}" if words else "")


def _name(text: str) -> str:
    """Any text, which runs in its own direction and changes that of nothing else."""
    return f"<bdi>{escape(clean(text))}</bdi>"


def _soft(text: str) -> str:
    return f'<span style="color:{SOFT}">{escape(clean(text))}</span>'
