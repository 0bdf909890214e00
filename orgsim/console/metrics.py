"""The metrics of a period as tables for the terminal."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from orgsim.console.tables import plain_table
from orgsim.console.terminal import safe, styled

Data = dict[str, Any]
_BRIDGE = (
    ("opening", "", "at the start"),
    ("hires", "+", "hired"),
    ("first_seen", "+", "first seen there"),
    ("moves_in", "+", "moved in"),
    ("restructured_in", "+", "came with a unit"),
    ("departures", "−", "departed"),
    ("moves_out", "−", "moved out"),
    ("restructured_out", "−", "went with a unit"),
    ("closing", "=", "at the end"),
)


_HEADS = {"vacancies": "vacant posts", "vacancy_rate": "vacant seats"}
"""What columns are called beside others: a post is vacant if nobody holds it, and a part of its seats may be."""


def metrics_tables(report: Data) -> RenderableType:
    """Headcount over time, the bridge, turnover, leadership gaps, and the shape on the last day."""
    parts: list[RenderableType] = []
    whole = ", of everything and not only of the unit" if report["unit"] is not None else ""
    begins = report["begins"]
    nothing = begins is None or report["to"] <= begins
    for heading, part in (
        ("On these dates", Group(_series(report["series"]), *_beginning(report))),
        ("Headcount bridge", Text("–") if nothing else _bridge(report["bridge"])),
        ("Turnover", Text("–") if nothing else _turnover(report["turnover"])),
        (f"Leadership gaps: days of critical posts{whole}", _gaps(report["gaps"])),
        (f"On the last day{whole}", _last_day(report["last_day"])),
    ):
        parts += [Text(heading, style="bold underline"), part, Text()]
    return Group(*parts[:-1])


def _beginning(report: Data) -> Iterator[Text]:
    """That nothing is known of the first days of the period, where that is so."""
    begins = report["begins"]
    if begins is None:
        yield Text("nothing is known of any day", style="dim")
    elif report["from"] < begins:
        what = "" if report["to"] <= begins else ": it is counted as nobody in the bridge and the average"
        yield Text(f"nothing is known of the time before {begins}{what}", style="dim")


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _right(table: Table) -> Table:
    for column in table.columns[1:]:
        column.justify = "right"
    return table


def _series(series: Data) -> Table:
    names = [name for name in series if name != "dates"]
    table = plain_table("date", *(_HEADS.get(name, name.replace("_", " ")) for name in names))
    table.columns[0].no_wrap = True
    for at, date in enumerate(series["dates"]):
        shown = (_share if name.endswith("rate") else _number for name in names)
        table.add_row(date, *(show(series[name][at]) for show, name in zip(shown, names, strict=True)))
    return _right(table)


def _bridge(bridge: Data) -> Text:
    text = Text()
    for name, sign, label in _BRIDGE:
        value = bridge[name]
        if sign in ("+", "−") and value == 0:
            continue
        text.append(f" {sign} " if sign else "")
        text.append(f"{value:,}", style="bold").append(f" {label}")
    return text


def _turnover(found: Data) -> RenderableType:
    head = Text.assemble(
        (f"{found['departures']:,}", "bold"),
        f" departure{'s' * (found['departures'] != 1)}, {_number(found['average_headcount'])} employed on average: ",
        (_share(found["rate"]), "bold"),
        f" of them, {_share(found['annualized'])} a year",
    )
    reasons = [f"{count:,} {reason.replace('-', ' ')}" for reason, count in found["by_reason"].items() if count]
    reasons += [f"{found['regretted']:,} regretted"] if found["regretted"] else []
    return Group(head, Text(", ".join(reasons), style="dim")) if reasons else head


def _gaps(gaps: list[Data]) -> RenderableType:
    if not gaps:
        return Text("no critical post is open in the period; mark posts 'critical: true'", style="dim")
    table = plain_table("post", "held", "gap", "acting", "uncovered", "not known", "gaps")
    titles = Counter(post["title"] for post in gaps)
    for post in gaps:
        title = post["title"] if titles[post["title"]] == 1 else f"{post['title']} ({post['post']})"
        held, *others = (f"{post[f'{name}_days']:,}" for name in ("held", "acting", "uncovered", "unknown"))
        table.add_row(styled(title), held, _gap_days(post), *others, _stretches(post["gaps"]))
    _right(table).columns[-1].justify = "left"
    if all(post["least_gap_days"] == post["most_gap_days"] for post in gaps):
        return table
    note = (
        "days are counted from the first day that a date leaves open; a gap is between two numbers where that matters"
    )
    return Group(table, Text(note, style="dim"))


def _gap_days(post: Data) -> str:
    """The days of gaps, between bounds where a date is vague."""
    least, most = post["least_gap_days"], post["most_gap_days"]
    return f"{most:,}" if least == most else f"{least:,} to {most:,}"


def _stretches(gaps: list[Data]) -> Text:
    lines = []
    for gap in gaps:
        begun, ended = gap["told"]
        end = "open" if gap["open_at_end"] else ended or gap["to"]
        begin = "before" if gap["began_before"] else begun or gap["from"]
        acting = f" ({', '.join(safe(str(who)) for who in gap['acting_names'])} acting)" if gap["acting"] else ""
        lines.append(f"{begin} to {end}{acting}")
    return Text("\n".join(lines), style="dim")


def _last_day(found: Data) -> RenderableType:
    table = plain_table("", "of", "median", "mean", "most", "")
    for label, name in (("span of control", "span"), ("layers above a post", "layers")):
        row = found[name]
        unknown = row.get("manager_unknown")
        note = f"{unknown:,} post{'s have' if unknown > 1 else ' has'} an unknown manager" if unknown else ""
        table.add_row(label, *(_number(row[key]) for key in ("n", "median", "mean", "max")), note)
    _right(table).columns[-1].justify = "left"
    lines: list[RenderableType] = [table]
    for label, name in (("in the organization", "tenure_in_organization"), ("in post", "tenure_in_post")):
        row = found[name]
        if row["n"]:
            most = row["median_most_years"]
            upper = f" to {most:.1f}" if most is not None else " or more"
            least = row["median_least_years"]
            bound = f"{least:.1f}{upper}" if most is None or f"{least:.1f}" != f"{most:.1f}" else f"{least:.1f}"
            known = f"; of {row['at_least']} only a least is known" if row["at_least"] else ""
            lines.append(Text(f"median tenure {label}: {bound} years ({row['n']:,} tenures{known})"))
    if found["contractors"] or found["unnamed"]:
        lines.append(Text(f"besides: {found['contractors']} contractors, {found['unnamed']} holders not named"))
    return Group(*lines)
