"""Whether two scenarios are the same one: a digest of everything that a simulation may depend on.

Unlike the digest of the files a scenario was read from, it also tells scenarios apart that were made or changed in
Python, and does not change with comments or spaces.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from orgsim.scenario.model import Scenario

WITHOUT = ("assumptions", "digest", "replications", "seed", "source", "story", "title", "variant")
"""Fields that change no event, or that a result states by itself."""


def fingerprint(scenario: Scenario) -> str:
    """SHA-256 of the scenario and its ledger; the seed and the number of replications do not count."""
    found = hashlib.sha256()
    for text in _texts(scenario):
        found.update(text.encode())
        found.update(b"\0")
    return found.hexdigest()


def _texts(value: Any) -> Iterator[str]:
    """A value as texts that are equal only for equal values, in an order that no hash decides."""
    match value:
        case float():
            yield value.hex()
        case str() | int() | dt.date() | None:
            yield f"{type(value).__name__} {value}"
        case Mapping():
            yield f"mapping {len(value)}"
            for key in sorted(value):
                yield from _texts(key)
                yield from _texts(value[key])
        case tuple() | list():
            yield f"list {len(value)}"
            for item in value:
                yield from _texts(item)
        case _:
            yield type(value).__name__
            for field in attrs.fields(type(value)):
                content = getattr(value, field.name)
                if field.init and field.eq and content != field.default and field.name not in WITHOUT:
                    yield field.name
                    yield from _texts(content)
            yield "end"
