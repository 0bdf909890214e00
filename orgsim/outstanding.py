"""What was only expected: events announced for a day that has come, while nothing tells that they came about.

An assertion confirms what agrees with it, for the ledger is proven; so does an event that could not have happened
otherwise, as leaving a post confirms having held it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from orgsim.events import Event, Expect, Retract

_SAME_POST, _SAME_JOB = ("post", "person"), ("person", "organization")
_LATER: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "hire": (("depart", _SAME_JOB), ("change-employment", _SAME_JOB)),
    "depart": (("hire", _SAME_JOB),),
    "appoint": (("vacate", _SAME_POST),),
    "vacate": (("appoint", _SAME_POST),),
    "start-leave": (("end-leave", ("person",)),),
    "end-leave": (("start-leave", ("person",)),),
    "create-post": tuple((kind, ("post",)) for kind in ("appoint", "vacate", "change-post", "abolish-post", "report")),
    "abolish-post": (("create-post", ("post",)),),
    "open-unit": tuple((kind, ("unit",)) for kind in ("change-unit", "close-unit", "create-post")),
    "close-unit": (("open-unit", ("unit",)),),
}
"""Of each kind of event, which kinds could not follow without it, and what both must name."""

_SEEN: dict[str, Callable[[Any, Expect], bool]] = {
    "hire": lambda e, seen: e.person == seen.person and seen.employer == e.organization,
    "depart": lambda e, seen: e.person == seen.person and seen.employer is not None,
    "appoint": lambda e, seen: e.post == seen.post and seen.holder in {e.person, e.holder} - {None},
    "vacate": lambda e, seen: e.post == seen.post and (seen.vacant is True or seen.holder is not None),
    "start-leave": lambda e, seen: e.person == seen.person and seen.on_leave is True,
    "end-leave": lambda e, seen: e.person == seen.person and seen.on_leave is False,
    "report": lambda e, seen: (
        e.post == seen.post and e.person == seen.person and {seen.reports_to, seen.manager} != {None}
    ),
    "create-post": lambda e, seen: e.post == seen.post,
    "open-unit": lambda e, seen: e.unit == seen.unit,
}
"""Of each kind of event, which assertions say the same."""


def confirms(other: Event, event: Event) -> bool:
    """Whether one event tells, as more than expected, that another came about: on its day or after it."""
    if other.certainty == "expected" or other.disputes is not None or other.date.day < event.date.day:
        return False
    if isinstance(other, Expect):
        says = _SEEN.get(event.kind)
        return bool(says is not None and says(event, other))
    return any(
        other.kind == kind and all(getattr(other, name) == getattr(event, name) for name in names)
        for kind, names in _LATER.get(event.kind, ())
    )


def ids_of(event: Event) -> list[str]:
    """The person, post and unit that an event names."""
    found = (getattr(event, name, None) for name in ("person", "post", "unit"))
    return [id_ for id_ in found if id_ is not None]


def confirming(expected: Sequence[Event], others: Iterable[Event]) -> Iterator[list[Event]]:
    """For each of some events the others that tell, as more than expected, that it came about."""
    wanted = {id_ for event in expected for id_ in ids_of(event)}
    naming: dict[str, list[Event]] = {}
    for other in others:
        for id_ in ids_of(other):
            if id_ in wanted:
                naming.setdefault(id_, []).append(other)
    for event in expected:
        found = {id(other): other for id_ in ids_of(event) for other in naming.get(id_, ())}
        yield [other for other in found.values() if confirms(other, event)]


def is_only_expected(event: Event) -> bool:
    """Whether an event that takes effect is only expected."""
    return event.certainty == "expected" and event.disputes is None and not isinstance(event, Expect | Retract)


def outstanding(events: Iterable[Event], others: Iterable[Event]) -> tuple[Event, ...]:
    """Of some events, those only expected and confirmed by none of the others."""
    expected = [event for event in events if is_only_expected(event)]
    return tuple(event for event, by in zip(expected, confirming(expected, others), strict=True) if not by)
