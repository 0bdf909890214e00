"""What orgsim itself adds to Popolo under the key `orgsim`: read back where an import has a place for it.

Nothing here knows how Popolo is read otherwise.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from orgsim.dates import When, parse_when
from orgsim.events import REASONS, SourceRef
from orgsim.importers.cells import day_after, seen_on
from orgsim.importers.draft import Spell
from orgsim.values import TYPES

KEY = "orgsim"
CARRIED = {
    "posts": {"seats", "level", "critical", "heads", "lines", "personal"},
    "memberships": {"acting", "since", "reason", "fte"},
}
EMPLOYED = ("employee", "contractor")


def is_own(data: Mapping[str, Any]) -> bool:
    """Whether a document was exported by orgsim, with more than Popolo can say."""
    lists = (value for value in data.values() if isinstance(value, list))
    return KEY in data or any(isinstance(item, dict) and KEY in item for items in lists for item in items)


def own(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is under the key of an object."""
    found = item.get(KEY)
    return found if isinstance(found, dict) else {}


def not_carried(name: str, item: Mapping[str, Any]) -> list[str]:
    """The keys of orgsim in an object that an import has no place for."""
    return [key for key in own(item) if key not in CARRIED.get(name, ())]


def more_of_post(item: Mapping[str, Any]) -> dict[str, Any]:
    """Seats, level, head and whether it is critical; raises ValueError for what is none."""
    told = own(item)
    more: dict[str, Any] = {}
    if isinstance(told.get("seats"), str):
        more["seats"] = TYPES["seats"].parse(told["seats"])
    for key, type_ in (("level", "name"), ("heads", "id")):
        if isinstance(told.get(key), str):
            more[key] = TYPES[type_].parse(told[key])
    if told.get("critical") == "true":
        more["critical"] = True
    return more


def since_of(item: Mapping[str, Any], start: When | None) -> When | None:
    """When it began in the words of the ledger, where they say more than the start."""
    told = own(item).get("since")
    when = parse_when(told) if isinstance(told, str) else None
    return when if when is not None and (start is None or when.day == start.day) else start


def terms_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """Contract, share of a full-time job and reason of the end of an employment; raises ValueError for no share."""
    reason = own(item).get("reason")
    fte = TYPES["fraction"].parse(str(own(item).get("fte", 1)))
    return {"contract": item["role"], "fte": fte, "reason": reason if reason in REASONS else "unknown"}


def lines_of(item: Mapping[str, Any], source: SourceRef) -> Iterator[tuple[str, bool, Spell]]:
    """To whom a post reports, and whether the line is dotted."""
    lines = own(item).get("lines")
    for line in lines if isinstance(lines, list) else ():
        if not isinstance(line, dict) or not isinstance(line.get("to"), str):
            continue
        to = TYPES["id-or-none"].parse(line["to"])
        told = line.get("since") or line.get("start_date")
        start = line.get("start_date")
        began = parse_when(told) if isinstance(told, str) else None
        day = parse_when(start).day if isinstance(start, str) else began.day if began is not None else None
        if day is None:
            continue
        end = line.get("end_date")
        until = day_after(parse_when(end)).day if isinstance(end, str) else None
        exact = began if began is not None and began.day == day else seen_on(day)
        yield to, line.get("dotted") == "true", Spell(day, until, to, began=exact, source=(source,))
