"""What a rule says when it refuses: an event cannot apply, why, and what to do."""

from collections.abc import Callable
from typing import Any

import attrs

from orgsim.errors import Location
from orgsim.events import Event
from orgsim.timeline import State


@attrs.frozen
class Refusal:
    """Why an event cannot apply: the rule, a sentence, a remedy, places that matter, and the ids it is about."""

    rule: str
    message: str
    hint: str | None = None
    related: tuple[Location, ...] = ()
    about: tuple[str, ...] = ()


FEW = 5
Rule = Callable[[Any, State], Refusal | None]


def places(*events: Event | None) -> tuple[Location, ...]:
    """Where the events stand, those that stand in a file."""
    return tuple(event.where for event in events if event is not None and event.where is not None)


def some(ids: list[str]) -> str:
    """A few ids in words."""
    return ", ".join(map(repr, ids[:FEW])) + (f" and {len(ids) - FEW} more" if len(ids) > FEW else "")
