"""Popolo JSON: persons, organizations, posts and memberships, the exchange format of parliaments and cabinets.

What Popolo has no property for stands under the key `orgsim` of each object.  A membership without a post is an
employment.  An end date is the last day, as who exchanges Popolo expects, where a ledger has the first day after.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from orgsim.dates import parse_when
from orgsim.exporters import Options
from orgsim.exporters.graph import PSEUDONYMS
from orgsim.frames import appointments_table, employments_table, lines_table, posts_table, units_table
from orgsim.ledger import Ledger
from orgsim.model import Person

Data = dict[str, Any]
_REDUCED = re.compile("[0-9]{4}(-[0-9]{2}){0,2}")


def dump(ledger: Ledger, options: Options) -> dict[str, bytes]:
    """One file."""
    about = _given(
        known=options.known.isoformat() if options.known else None,
        comment=PSEUDONYMS if options.pseudonym_key is not None else None,
    )
    data: Data = {
        "persons": list(_persons(ledger)),
        "organizations": list(_organizations(ledger)),
        "posts": list(_posts(ledger)),
        "memberships": list(_memberships(ledger)),
    }
    if about:
        data["orgsim"] = about
    return {"popolo.json": (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()}


def _given(**values: Any) -> Data:
    return {name: value for name, value in values.items() if value not in (None, False, [], {})}


def _date(day: dt.date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _last(end: dt.date | None) -> str | None:
    return (end - dt.timedelta(days=1)).isoformat() if end is not None else None


def _since(row: Data) -> Data:
    """When something began, as exactly as it is told and Popolo can say it; the words of the source otherwise."""
    when = parse_when(row["since"])
    if when.day != row["start"]:  # another id or place for what began before
        return {"start_date": _date(row["start"]), "since": row["since"]}
    if _REDUCED.fullmatch(when.text):
        return {"start_date": when.text}
    return {"start_date": None if when.is_open else _date(when.day), "since": row["since"]}


def _persons(ledger: Ledger) -> Iterator[Data]:
    for id_ in ledger.index.person_ids:
        versions = [(day, noun) for day, noun in ledger.versions(id_) if isinstance(noun, Person)]
        if not versions:
            continue
        latest = versions[-1][1]
        names = _names((noun.name, day) for day, noun in versions)
        aliases = [{"name": name} for name in latest.aliases if name not in [n["name"] for n in names]]
        yield {"id": id_, "name": latest.name, **_given(other_names=[*names, *aliases])}


def _names(spells: Iterable[tuple[str, dt.date]]) -> list[Data]:
    """Former names, each with its last day."""
    found: list[Data] = []
    before: str | None = None
    for name, start in spells:
        if before is not None and name != before:
            found.append({"name": before, "end_date": _last(start)})
        before = name
    return found


def _by_id(rows: Iterable[Data], key: str) -> dict[str, list[Data]]:
    found: dict[str, list[Data]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def _organizations(ledger: Ledger) -> Iterator[Data]:
    for id_, rows in _by_id(units_table(ledger).to_dicts(), "unit").items():
        last = rows[-1]
        yield {
            "id": id_,
            "name": last["name"],
            **_given(
                other_names=_names((row["name"], row["start"]) for row in rows),
                classification=last["kind"],
                parent_id=last["parent"],
                founding_date=_date(rows[0]["start"]),
                dissolution_date=_last(last["end"]),
                orgsim=_given(parents=_changes(rows, "parent"), gaps=_gaps(rows)),
            ),
        }


def _posts(ledger: Ledger) -> Iterator[Data]:
    lines = _by_id(lines_table(ledger).to_dicts(), "post")
    for id_, rows in _by_id(posts_table(ledger).to_dicts(), "post").items():
        last = rows[-1]
        told = [
            {"to": line["to"], **_since(line), **_given(end_date=_last(line["end"]), dotted=line["line"] == "dotted")}
            for line in lines.get(id_, ())
        ]
        more = _given(
            seats=last["seats"] if last["seats"] != "1" else None,
            level=last["level"],
            critical=last["critical"],
            heads=last["heads"],
            personal=last["personal"],
            titles=_changes(rows, "title"),
            units=_changes(rows, "unit"),
            gaps=_gaps(rows),
            lines=told,
        )
        yield {
            "id": id_,
            "label": last["title"],
            "organization_id": last["unit"],
            **_given(start_date=_date(rows[0]["start"]), end_date=_last(last["end"]), orgsim=more),
        }


def _changes(rows: list[Data], column: str) -> list[Data]:
    """What a property was and until when, where it changed."""
    return [
        {"value": row[column], "end_date": _last(after["start"])}
        for row, after in pairwise(rows)
        if row[column] != after[column]
    ]


def _gaps(rows: list[Data]) -> list[Data]:
    """When something that was opened again was not there."""
    return [
        {"start_date": _date(row["end"]), "end_date": _last(after["start"])}
        for row, after in pairwise(rows)
        if row["end"] != after["start"]
    ]


def _memberships(ledger: Ledger) -> Iterator[Data]:
    jobs = employments_table(ledger).to_dicts()
    units = _by_id(posts_table(ledger).to_dicts(), "post")
    number = 0
    for row in [*jobs, *appointments_table(ledger).to_dicts()]:
        if row["person"] is None or row.get("personal"):
            continue  # nobody is named; or it says no more than the employment
        number += 1
        since = _since(row)
        told = since.pop("since", None)
        certainty = row["certainty"] if row["certainty"] != "stated" else None
        membership: Data = {"id": f"m{number}", "person_id": row["person"]}
        if "post" in row:
            post = next(p for p in reversed(units[row["post"]]) if p["start"] <= row["start"])
            membership |= {"organization_id": post["unit"], "post_id": row["post"], "role": post["title"]}
            more = _given(since=told, certainty=certainty, acting=row["acting"], primary=row["primary"])
        else:
            membership |= {"organization_id": row["organization"], "role": row["contract"]}
            fte = row["fte"] if row["fte"] != 1 else None
            more = _given(since=told, certainty=certainty, fte=fte, reason=row["reason"])
        yield {**membership, **_given(**since, end_date=_last(row["end"]), orgsim=more)}
