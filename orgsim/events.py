"""The verbs of a ledger: one frozen class for each kind of event.

An event says what somebody wrote down: what changed, when it takes effect, since when it is known, and who says so.
What an event *does* is told in `replay`, what may happen in `rules`.  Each field carries the name of its type
(`id`, `when`, `yes-no`, ...) as metadata, from which the reader, the writer and the JSON Schema are made.
"""

import datetime as dt
from typing import Any, ClassVar, Literal

import attrs

from orgsim.dates import When
from orgsim.errors import Location

CERTAINTIES = ("stated", "reported", "expected", "inferred", "disputed")
REASONS = ("resignation", "dismissal", "layoff", "retirement", "death", "end-of-term", "other", "unknown")
LEAVES = ("parental", "medical", "sabbatical", "other", "unknown")
CONTRACTS = ("employee", "contractor")
UNNAMED = ("unknown", "unnamed")
RESERVED_IDS = ("none", "unknown", "unnamed", "any")

Seats = int | Literal["any"]


class BadEventError(ValueError):
    """An event whose fields do not fit together: the rule broken, a sentence and a remedy."""

    def __init__(self, rule: str, message: str, hint: str) -> None:
        """Keep the parts; `str()` is the sentence."""
        super().__init__(message)
        self.rule, self.message, self.hint = rule, message, hint


def _one_of(event: object, *names: str) -> None:
    given = [name for name in names if getattr(event, name) is not None]
    if not given:
        raise BadEventError("missing-key", f"one of {', '.join(map(repr, names))} is missing", "give one of them")
    if len(given) > 1:
        raise BadEventError("not-together", f"{' and '.join(map(repr, given))} do not go together", "keep one of them")


def _only_with(event: object, name: str, *others: str) -> None:
    if getattr(event, name) is not None and all(getattr(event, other) is None for other in others):
        needed = " or ".join(map(repr, others))
        raise BadEventError(
            "not-together", f"{name!r} means something only with {needed}", f"give {needed}, or remove it"
        )


def _f(type_: str, default: Any = None, **metadata: Any) -> Any:
    """A field of the named type; `attrs.NOTHING` as default makes it required."""
    return attrs.field(default=default, metadata={"type": type_, **metadata})


@attrs.frozen
class SourceRef:
    """Where it is said: the id of a source, and a place in it (a line, a page, a quotation)."""

    id: str = _f("id", attrs.NOTHING, doc="the id of a source")
    line: int | None = _f("positive", doc="a line of it")
    page: str | None = _f("name", doc="a page of it")
    quote: str | None = _f("text", doc="its words")


@attrs.frozen(kw_only=True)
class Event:
    """What every event has: dates, evidence, certainty, and its place in the file."""

    kind: ClassVar[str]
    date: When = _f("when", attrs.NOTHING, doc="when it takes effect: a day, a month, a year, a range, `..DAY`")
    known: dt.date = attrs.field(metadata={"type": "day", "doc": "the day from which a reader could know it"})
    announced: dt.date | None = _f("day", doc="the day it was announced")
    id: str | None = _f("id", doc="a name for this event, for `retract` and `disputes`")
    source: tuple[SourceRef, ...] = _f("sources", (), doc="who says so: one source or a list")
    certainty: str = _f("choice", "stated", options=CERTAINTIES, doc="how sure the source is")
    by: str | None = _f("name", doc="who decided")
    disputes: str | None = _f("id", doc="the id of the event this rivals; this one is then recorded, not applied")
    note: str | None = _f("text", doc="a remark")
    where: Location | None = attrs.field(default=None, eq=False, repr=False)

    @known.default
    def _known_on_the_day(self) -> dt.date:
        return self.date.day


@attrs.frozen(kw_only=True)
class OpenUnit(Event):
    """A unit comes into being; without a parent it is an organization."""

    kind = "open-unit"
    unit: str = _f("id", attrs.NOTHING, doc="the id of the unit")
    name: str | None = _f("name", doc="what it is called")
    unit_kind: str | None = _f("word", key="kind", doc="team, division, board, committee, ...")
    parent: str | None = _f("id", doc="the unit it belongs to")


@attrs.frozen(kw_only=True)
class ChangeUnit(Event):
    """A unit is renamed, becomes of another kind, or moves under another unit."""

    kind = "change-unit"
    unit: str = _f("id", attrs.NOTHING, doc="the id of the unit")
    name: str | None = _f("name", doc="its new name")
    unit_kind: str | None = _f("word", key="kind", doc="its new kind")
    parent: str | None = _f("id", doc="the unit it moves under")


@attrs.frozen(kw_only=True)
class CloseUnit(Event):
    """A unit is dissolved, or merged `into` another, which takes its posts, its units and its people."""

    kind = "close-unit"
    unit: str = _f("id", attrs.NOTHING, doc="the id of the unit")
    into: str | None = _f("id", doc="the unit that takes what it has")


@attrs.frozen(kw_only=True)
class CreatePost(Event):
    """A post comes into being, vacant."""

    kind = "create-post"
    post: str = _f("id", attrs.NOTHING, doc="the id of the post")
    title: str | None = _f("name", doc="its title")
    unit: str = _f("id", attrs.NOTHING, doc="the unit it belongs to; the file's organization if not given")
    reports_to: str | None = _f("id-or-none", doc="the post or unit it reports to; `none` for a stated top")
    seats: Seats = _f("seats", 1, doc="how many may hold it at a time: a number or `any`")
    level: str | None = _f("name", doc="its level or grade")
    critical: bool = _f("yes-no", default=False, doc="a critical post: its gaps are leadership gaps")
    heads: str | None = _f("id", doc="the unit it is the head of")


@attrs.frozen(kw_only=True)
class ChangePost(Event):
    """A post is retitled, moves to another unit or manager, or gets more or fewer seats."""

    kind = "change-post"
    post: str = _f("id", attrs.NOTHING, doc="the id of the post")
    title: str | None = _f("name", doc="its new title")
    unit: str | None = _f("id", doc="the unit it moves to")
    reports_to: str | None = _f("id-or-none", doc="the post or unit it now reports to; `none` for a stated top")
    seats: Seats | None = _f("seats", doc="how many may hold it from now on")
    level: str | None = _f("name", doc="its new level or grade")
    critical: bool | None = _f("yes-no", doc="whether it is critical from now on")
    heads: str | None = _f("id-or-none", doc="the unit it now heads; `none` for no unit")


@attrs.frozen(kw_only=True)
class AbolishPost(Event):
    """A post ceases to be; an abolished post is no vacancy."""

    kind = "abolish-post"
    post: str = _f("id", attrs.NOTHING, doc="the id of the post")


@attrs.frozen(kw_only=True)
class Hire(Event):
    """A person joins an organization, with a personal post until appointed to another."""

    kind = "hire"
    person: str = _f("id", attrs.NOTHING, doc="the id of the person")
    organization: str = _f("id", attrs.NOTHING, doc="the employer; the file's organization if not given")
    name: str | None = _f("name", doc="the person's name, if not under `people`")
    fte: float = _f("fraction", 1.0, doc="share of a full-time job, more than 0 and at most 1")
    contract: str = _f("choice", "employee", options=CONTRACTS, doc="contractors are no headcount")


@attrs.frozen(kw_only=True)
class Depart(Event):
    """A person leaves an organization and vacates every post there that needs employment.

    The date is the first day without the person.
    """

    kind = "depart"
    person: str = _f("id", attrs.NOTHING, doc="the id of the person")
    organization: str = _f("id", attrs.NOTHING, doc="the employer left; the file's organization if not given")
    reason: str = _f("choice", "unknown", options=REASONS, doc="why")
    regretted: bool | None = _f("yes-no", doc="whether the organization would have kept the person")


@attrs.frozen(kw_only=True)
class ChangeEmployment(Event):
    """Somebody employed goes on with another share of a full-time job."""

    kind = "change-employment"
    person: str = _f("id", attrs.NOTHING, doc="the id of the person")
    organization: str = _f("id", attrs.NOTHING, doc="the employer; the file's organization if not given")
    fte: float = _f("fraction", attrs.NOTHING, doc="the new share of a full-time job, more than 0 and at most 1")


@attrs.frozen(kw_only=True)
class ChangePerson(Event):
    """A person changes name."""

    kind = "change-person"
    person: str = _f("id", attrs.NOTHING, doc="the id of the person")
    name: str = _f("name", attrs.NOTHING, doc="the new name")


@attrs.frozen(kw_only=True)
class Appoint(Event):
    """A person takes a post: substantively, taking a seat, or acting, taking none."""

    kind = "appoint"
    person: str | None = _f("id", doc="the id of the person")
    holder: str | None = _f("choice", options=UNNAMED, doc="instead of a person: somebody holds it, not named")
    post: str = _f("id", attrs.NOTHING, doc="the id of the post")
    acting: bool = _f("yes-no", default=False, doc="interim or acting: covers the post without taking a seat")
    primary: bool = _f("yes-no", default=False, doc="the person's first post, for lines given between people")
    seats: int = _f("positive", 1, doc="how many people, with `holder`")

    def __attrs_post_init__(self) -> None:
        """A person or a holder who is not named."""
        _one_of(self, "person", "holder")
        if self.person is not None and self.seats != 1:
            raise BadEventError("not-together", "'seats' and 'person' do not go together", "one person takes one seat")


@attrs.frozen(kw_only=True)
class Vacate(Event):
    """A person gives up a post, and stays in the organization."""

    kind = "vacate"
    person: str | None = _f("id", doc="the id of the person")
    holder: str | None = _f("choice", options=UNNAMED, doc="instead of a person: the holders not named")
    post: str = _f("id", attrs.NOTHING, doc="the id of the post")

    def __attrs_post_init__(self) -> None:
        """A person or holders who are not named."""
        _one_of(self, "person", "holder")


@attrs.frozen(kw_only=True)
class Report(Event):
    """A reporting line: a post (or the primary post of a person) reports to a post, person or unit.

    A solid line replaces the solid line before it; dotted lines stand beside it.
    """

    kind = "report"
    post: str | None = _f("id", doc="the post that reports")
    person: str | None = _f("id", doc="or the person whose primary post reports")
    to: str = _f(
        "id-or-none",
        attrs.NOTHING,
        unknown=True,
        doc="a post, person or unit; `none` for a stated top; "
        "`unknown` when the line before is over and no other is told",
    )
    line: str = _f("choice", "solid", options=("solid", "dotted"), doc="solid or dotted")
    end: bool = _f("yes-no", default=False, doc="the line ends")
    organization: str | None = _f("id", doc="which of a person's posts is meant; the file's organization")

    def __attrs_post_init__(self) -> None:
        """From a post or a person; a stated top has no dotted line."""
        _one_of(self, "post", "person")
        if self.to in ("none", "unknown") and (self.line == "dotted" or (self.end and self.to == "unknown")):
            what = "'line: dotted'" if self.line == "dotted" else "'end'"
            message = f"'to: {self.to}' and {what} do not go together"
            raise BadEventError("not-together", message, "name the other end of the line")


@attrs.frozen(kw_only=True)
class StartLeave(Event):
    """A person goes on leave, keeping posts and employment."""

    kind = "start-leave"
    person: str = _f("id", attrs.NOTHING, doc="the id of the person")
    reason: str = _f("choice", "unknown", options=LEAVES, doc="what kind of leave")


@attrs.frozen(kw_only=True)
class EndLeave(Event):
    """A person is back from leave; the date is the first day back."""

    kind = "end-leave"
    person: str = _f("id", attrs.NOTHING, doc="the id of the person")


@attrs.frozen(kw_only=True)
class Retract(Event):
    """An earlier event turns out not to hold; it counts until this is known."""

    kind = "retract"
    of: str = _f("id", attrs.NOTHING, doc="the id of the event that does not hold")


@attrs.frozen(kw_only=True)
class Expect(Event):
    """An assertion about a date, judged at the end of that day; with a source it is evidence."""

    kind = "expect"
    post: str | None = _f("id", doc="a post, with `vacant`, `holder` or `reports_to`")
    person: str | None = _f("id", doc="a person, with `manager`, `employer` or `on_leave`")
    unit: str | None = _f("id", doc="a unit or organization, with `headcount`")
    vacant: bool | None = _f("yes-no", doc="whether the post has no substantive holder")
    holder: str | None = _f("id-or-unnamed", doc="who holds the post: a person, `unknown` or `unnamed`")
    acting: bool | None = _f("yes-no", doc="with `holder`: whether acting")
    reports_to: str | None = _f("id-or-none", unknown=True, doc="the post or unit the post reports to")
    manager: str | None = _f("id-or-none", unknown=True, doc="the person's manager")
    employer: str | None = _f("id-or-none", doc="an organization that employs the person; `none` for none")
    on_leave: bool | None = _f("yes-no", doc="whether the person is on leave")
    headcount: int | None = _f("count", doc="how many employees the unit has")

    def __attrs_post_init__(self) -> None:
        """One subject, and at least one thing expected of it."""
        _one_of(self, "post", "person", "unit")
        for subject, names in EXPECTED.items():
            if getattr(self, subject) is not None and all(getattr(self, name) is None for name in names):
                options = " or ".join(map(repr, names))
                raise BadEventError("missing-key", f"nothing is expected of the {subject}", f"give {options}")
            for name in names:
                _only_with(self, name, subject)
        _only_with(self, "acting", "holder")


EXPECTED = {
    "post": ("vacant", "holder", "reports_to"),
    "person": ("manager", "employer", "on_leave"),
    "unit": ("headcount",),
}
"""What can be expected of each subject."""


CLASSES: tuple[type[Event], ...] = (
    OpenUnit,
    ChangeUnit,
    CloseUnit,
    CreatePost,
    ChangePost,
    AbolishPost,
    Hire,
    Depart,
    ChangeEmployment,
    ChangePerson,
    Appoint,
    Vacate,
    Report,
    StartLeave,
    EndLeave,
    Retract,
    Expect,
)
KINDS: dict[str, type[Event]] = {cls.kind: cls for cls in CLASSES}
