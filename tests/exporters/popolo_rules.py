"""The rules of Popolo's JSON Schemas (draft 3), written down from the published schemas as data of our own.

For each class: its properties and what they may hold.  The schemas forbid no further properties, and want an id or a
label nowhere but in other names and links.
"""

import re
from collections.abc import Iterator
from typing import Any

# text: a text or null; date: a reduced date or null; a class in brackets: a list of it; a class: an object or null.
_COMMON = {"created_at": "text", "updated_at": "text", "sources": ["link"], "links": ["link"]}
_CONTACT = {"contact_details": ["contact_detail"]}
CLASSES: dict[str, dict[str, Any]] = {
    "person": {
        **dict.fromkeys(("id", "name", "family_name", "given_name", "additional_name", "honorific_prefix"), "text"),
        **dict.fromkeys(("honorific_suffix", "patronymic_name", "sort_name", "email", "gender", "image"), "text"),
        **dict.fromkeys(("summary", "biography", "national_identity"), "text"),
        **dict.fromkeys(("birth_date", "death_date"), "date"),
        "other_names": ["other_name"],
        "identifiers": ["identifier"],
        "memberships": ["membership"],
        **_COMMON,
        **_CONTACT,
    },
    "organization": {
        **dict.fromkeys(("id", "name", "classification", "parent_id", "area_id", "image"), "text"),
        **dict.fromkeys(("founding_date", "dissolution_date"), "date"),
        "parent": "organization",
        "other_names": ["other_name"],
        "identifiers": ["identifier"],
        "memberships": ["membership"],
        "posts": ["post"],
        **_COMMON,
        **_CONTACT,
    },
    "post": {
        **dict.fromkeys(("id", "label", "role", "organization_id", "area_id"), "text"),
        **dict.fromkeys(("start_date", "end_date"), "date"),
        "organization": "organization",
        "other_label": ["text"],
        "memberships": ["membership"],
        **_COMMON,
        **_CONTACT,
    },
    "membership": {
        **dict.fromkeys(("id", "label", "role", "person_id", "organization_id", "post_id"), "text"),
        **dict.fromkeys(("on_behalf_of_id", "area_id"), "text"),
        **dict.fromkeys(("start_date", "end_date"), "date"),
        "person": "person",
        "organization": "organization",
        "post": "post",
        "on_behalf_of": "organization",
        **_COMMON,
        **_CONTACT,
    },
    "other_name": {
        **dict.fromkeys(("name", "family_name", "given_name", "note"), "text"),
        **dict.fromkeys(("start_date", "end_date"), "date"),
    },
    "identifier": {"identifier": "text", "scheme": "text"},
    "link": {"url": "text", "note": "text"},
    "contact_detail": {"type": "text", "value": "text", "label": "text", "note": "text"},
}
REQUIRED = {"other_name": "name", "identifier": "identifier", "link": "url"}
LISTS = {"persons": "person", "organizations": "organization", "posts": "post", "memberships": "membership"}
DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")


def violations(data: Any) -> Iterator[str]:
    """What in a document of several classes breaks the rules."""
    for name, what in LISTS.items():
        for at, thing in enumerate(data.get(name, [])):
            yield from _object(thing, what, f"{name}[{at}]")
    yield from _references(data)


def _object(thing: Any, what: str, place: str) -> Iterator[str]:
    if not isinstance(thing, dict):
        yield f"{place}: no object"
        return
    needed = REQUIRED.get(what)
    if needed is not None and not isinstance(thing.get(needed), str):
        yield f"{place}: {needed} is missing"
    for name, rule in CLASSES[what].items():
        if name in thing:
            yield from _value(thing[name], rule, f"{place}.{name}")


def _value(value: Any, rule: Any, place: str) -> Iterator[str]:
    match rule:
        case [inner]:
            if not isinstance(value, list):
                yield f"{place}: no list"
                return
            for at, item in enumerate(value):
                yield from _value(item, inner, f"{place}[{at}]")
        case "text" | "date":
            if value is not None and not isinstance(value, str):
                yield f"{place}: no text"
            elif rule == "date" and value is not None and not DATE.fullmatch(value):
                yield f"{place}: no reduced date"
        case _:
            if value is not None:
                yield from _object(value, rule, place)


def _references(data: Any) -> Iterator[str]:
    """Ids name one thing, and what an id leads to is there."""
    ids = {}
    for name, what in LISTS.items():
        found = [thing["id"] for thing in data.get(name, [])]
        if len(found) != len(set(found)):
            yield f"{name}: an id is there twice"
        ids[what] = set(found)
    for name in LISTS:
        for at, thing in enumerate(data.get(name, [])):
            for key, what in (("person_id", "person"), ("organization_id", "organization"), ("post_id", "post")):
                if thing.get(key) is not None and thing[key] not in ids[what]:
                    yield f"{name}[{at}].{key}: there is no {what} {thing[key]!r}"
            if thing.get("parent_id") is not None and thing["parent_id"] not in ids["organization"]:
                yield f"{name}[{at}].parent_id: there is no organization {thing['parent_id']!r}"
