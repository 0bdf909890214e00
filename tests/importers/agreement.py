"""How far a replay of orders agrees with tenures that others published: in person-post-days, by year and by cause."""

import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs

from orgsim.events import Appoint, Depart, Event, Vacate
from orgsim.importers import Imported

Key = tuple[str, str, str]
"""An officer, a post and a role."""
LAST = dt.date(1999, 12, 31).toordinal()


@attrs.frozen
class Span:
    """From a day up to another, without it; and why it ends."""

    key: Key
    start: int
    end: int
    why: str = ""


def rows(path: Path) -> list[dict[str, str]]:
    """A table, with nothing of ours."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ordinal(day: str) -> int:
    """A day as a number; of none, the day after the last."""
    return dt.date.fromisoformat(day).toordinal() if day else LAST + 1


def key_of(row: dict[str, str]) -> Key:
    """Who and what a row is about."""
    return row["officer_id"], row["post_id"], row["role"]


def published(path: Path) -> list[Span]:
    """The tenures as published."""
    found = (
        Span(key_of(row), ordinal(row["from"]), ordinal(row["to"]), "order" if row["end_order"] else "")
        for row in rows(path)
    )
    return [span for span in found if span.start < span.end]


def of_ledger(imported: Imported, postings: list[dict[str, str]]) -> list[Span]:
    """The appointments of the ledger; what they are about is told by the row of the posting they cite."""
    held: dict[tuple[str, str], Appoint] = {}
    found: list[Span] = []

    def end(holding: tuple[str, str], event: Event | None) -> None:
        appointed = held.pop(holding)
        line = appointed.source[0].line
        assert line is not None
        why = "" if event is None else "list" if event.certainty == "inferred" else "order"
        until = event.date.day.toordinal() if event is not None else LAST + 1
        found.append(Span(key_of(postings[line - 2]), appointed.date.day.toordinal(), until, why))

    for event in imported.ledger().events:
        if isinstance(event, Appoint) and event.person is not None:
            held[event.person, event.post] = event
        elif isinstance(event, Vacate) and event.person is not None:
            end((event.person, event.post), event)
        elif isinstance(event, Depart):
            for holding in [holding for holding in held if holding[0] == event.person]:
                end(holding, event)
    for holding in list(held):
        end(holding, None)
    return found


def days(spans: Iterable[Span]) -> dict[Key, set[int]]:
    """Every day of every key."""
    found: dict[Key, set[int]] = {}
    for span in spans:
        found.setdefault(span.key, set()).update(range(span.start, min(span.end, LAST + 1)))
    return found


def year(day: int) -> int:
    """The year of a numbered day."""
    return dt.date.fromordinal(day).year


def by_year(ours: dict[Key, set[int]], theirs: dict[Key, set[int]]) -> dict[int, tuple[int, int]]:
    """For each year, the person-post-days that both have, and those that either has."""
    both, either = Counter[int](), Counter[int]()
    for key in ours.keys() | theirs.keys():
        mine, other = ours.get(key, set()), theirs.get(key, set())
        both.update(map(year, mine & other))
        either.update(map(year, mine | other))
    return {at: (both[at], either[at]) for at in sorted(either)}


def share(found: dict[int, tuple[int, int]]) -> float:
    """The share of all person-post-days that agree."""
    return sum(both for both, _ in found.values()) / sum(either for _, either in found.values())


def merged(spans: Iterable[Span]) -> set[tuple[Key, int, int]]:
    """Spans with those that touch or overlap made one."""
    found: dict[Key, list[tuple[int, int]]] = {}
    for span in sorted(spans, key=lambda s: (s.key, s.start)):
        same = found.setdefault(span.key, [])
        if same and same[-1][1] >= span.start:
            same[-1] = (same[-1][0], max(same[-1][1], span.end))
        else:
            same.append((span.start, span.end))
    return {(key, start, end) for key, same in found.items() for start, end in same}


def runs(found: set[int]) -> Iterator[tuple[int, int]]:
    """Stretches of days: the first, and the one after the last."""
    start = before = None
    for day in sorted(found):
        if before is None or day != before + 1:
            if start is not None and before is not None:
                yield start, before + 1
            start = day
        before = day
    if start is not None and before is not None:
        yield start, before + 1


def causes(ours: list[Span], theirs: list[Span]) -> Counter[str]:
    """Why the two differ, in person-post-days."""
    found: Counter[str] = Counter()
    mine, other = days(ours), days(theirs)
    for key in mine.keys() | other.keys():
        here, there = mine.get(key, set()), other.get(key, set())
        for start, end in runs(here - there):
            found[_missing(Span(key, start, end), other, theirs, PUBLISHED)] += end - start
        for start, end in runs(there - here):
            found[_missing(Span(key, start, end), mine, ours, REPLAYED)] += end - start
    return found


PUBLISHED = {
    "role": "only in the orders: published in another role",
    "list": "only in the orders: published as ended with a government, without an order",
    "order": "only in the orders: published as ended by an order",
    "begins": "only in the orders: published as beginning later",
    "other": "only in the orders: not published at all",
}
REPLAYED = {
    "role": "only published: in another role in the orders",
    "list": "only published: left out of a full list of the orders",
    "order": "only published: relinquished in the orders",
    "begins": "only published: beginning later in the orders",
    "other": "only published: not in the orders",
}


def _missing(stretch: Span, there: dict[Key, set[int]], spans: list[Span], names: dict[str, str]) -> str:
    """Why a stretch of one account is not in the other."""
    key, start, end = stretch.key, stretch.start, stretch.end
    roles = (found for other, found in there.items() if other[:2] == key[:2] and other != key)
    if len(set(range(start, end)) & set().union(*roles)) * 2 > end - start:
        return names["role"]
    mine = [span for span in spans if span.key == key]
    ended = next((span for span in mine if span.end == start), None)
    if ended is not None:
        return names["order" if ended.why == "order" else "list"]
    return names["begins" if any(span.start == end for span in mine) else "other"]


def table(found: dict[int, tuple[int, int]]) -> str:
    """The shares by year as a table of Markdown, ten years a row."""
    lines = ["| | " + " | ".join(f"…{digit}" for digit in range(10)) + " |", "|---|" + "---|" * 10]
    for decade in sorted({at // 10 for at in found}):
        cells = (found.get(decade * 10 + digit) for digit in range(10))
        told = (f"{cell[0] / cell[1]:.3f}" if cell is not None else "" for cell in cells)
        lines.append(f"| {decade}… | " + " | ".join(told) + " |")
    return "\n".join(lines)


def cause_table(found: Counter[str], total: int) -> str:
    """The causes as a table of Markdown, the largest first."""
    lines = ["| cause | share of all person-post-days |", "|---|---|"]
    return "\n".join([*lines, *(f"| {cause} | {size / total:.3f} |" for cause, size in found.most_common())])
