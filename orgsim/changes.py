"""What a difference between two charts is told in: the classes of changes, and the words for settings of a post."""

from operator import attrgetter

import attrs

from orgsim.model import Employment, Post
from orgsim.values import fraction

KINDS = (
    "joined",
    "left",
    "fte-changed",
    "promoted",
    "moved",
    "appointed",
    "vacated",
    "acting",
    "leave-started",
    "leave-ended",
    "renamed",
    "post-opened",
    "post-closed",
    "retitled",
    "re-parented",
    "re-lined",
    "post-changed",
    "unit-opened",
    "unit-closed",
    "unit-moved",
    "unit-renamed",
    "unit-changed",
    "restated",
)
"""Every class of change, in the order in which they are told."""
TEXTS = frozenset(["retitled", "renamed", "unit-renamed", "post-changed", "unit-changed"])
"""The classes that tell what something was and is in texts, where the others tell ids."""

FIELDS = ("title", "unit", "seats", "level", "critical", "heads")
values_of = attrgetter(*FIELDS)
KIND_OF = {"title": "retitled", "unit": "moved"}
"""The classes of change of some fields of a post; of all others, `post-changed`."""


@attrs.frozen
class Change:
    """One difference: its kind, the id it is about, and what it was and is (ids or texts)."""

    kind: str
    subject: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    first_seen: bool = False
    """True when the sources do not tell that it began then, only that they saw it."""


def words(name: str, value: object) -> str:
    """A field of a post in words."""
    if name in KIND_OF:
        return str(value)
    if name == "critical":
        return "critical" if value else "not critical"
    return f"no {name}" if value is None else f"{name} {value}"


def words_of(post: Post) -> set[str]:
    """What the changes of a post are told in: all its settings, and how many hold it who are not named."""
    settings = {words(name, value) for name, value in zip(FIELDS, values_of(post), strict=True) if name not in KIND_OF}
    return {*settings, f"{count_unnamed(post)} unnamed"}


def share(job: Employment) -> tuple[str, str]:
    """For whom somebody works, and with which share of a full-time job."""
    return job.organization, f"{fraction(job.fte)} FTE"


def count_unnamed(post: Post) -> int:
    """How many people who are not named hold a post."""
    count = 0
    for holder in post.holders:
        if holder.person is None:
            count += holder.seats
    return count
