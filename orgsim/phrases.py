"""Events in plain sentences, with the names people know instead of ids."""

from collections.abc import Callable, Mapping
from typing import Any

from orgsim.events import (
    Appoint,
    ChangePost,
    ChangeUnit,
    CloseUnit,
    CreatePost,
    Depart,
    Event,
    Expect,
    Hire,
    OpenUnit,
    Report,
    StartLeave,
    Vacate,
)
from orgsim.model import Noun, Person, Post, Unit
from orgsim.values import fraction

Name = Callable[[str], str]


def name_from(*sources: Callable[[str], Noun | None], names: Mapping[str, str] | None = None) -> Name:
    """A function from id to name or title; the first source that knows decides, then `names`, then the id itself."""

    def name(id_: str) -> str:
        for get in sources:
            noun = get(id_)
            if isinstance(noun, Post):
                return noun.title if noun.personal is None else f"the post of {noun.title}"
            if isinstance(noun, Person | Unit):
                return noun.name
        return (names or {}).get(id_, id_)

    return name


def phrase(event: Event, name: Name) -> str:
    """What an event says, as one sentence without its date."""
    return _PHRASES[event.kind](event, name)


def _open_unit(e: OpenUnit, name: Name) -> str:
    return f"{e.name or e.unit} opens" + (f" in {name(e.parent)}" if e.parent else "")


def _change_unit(e: ChangeUnit, name: Name) -> str:
    parts = [f"is now called {e.name}"] if e.name else []
    parts += [f"is now a {e.unit_kind}"] if e.unit_kind else []
    parts += [f"moves under {name(e.parent)}"] if e.parent else []
    return f"{name(e.unit)} {' and '.join(parts) or 'is mentioned'}"


def _close_unit(e: CloseUnit, name: Name) -> str:
    return f"{name(e.unit)} " + (f"merges into {name(e.into)}" if e.into else "closes")


def _create_post(e: CreatePost, name: Name) -> str:
    to = (
        ""
        if e.reports_to is None
        else ", at the top"
        if e.reports_to == "none"
        else f", reporting to {name(e.reports_to)}"
    )
    return f"the post {e.title or e.post} is created in {name(e.unit)}{to}"


def _change_post(e: ChangePost, name: Name) -> str:
    parts = [f"is now titled {e.title}"] if e.title else []
    parts += [f"moves to {name(e.unit)}"] if e.unit else []
    if e.reports_to is not None:
        parts.append("is now at the top" if e.reports_to == "none" else f"now reports to {name(e.reports_to)}")
    if e.seats is not None:
        parts.append(
            "now has any number of seats" if e.seats == "any" else f"now has {e.seats} seat{'s' * (e.seats != 1)}"
        )
    parts += [f"is now at level {e.level}"] if e.level else []
    parts += [f"is {'now' if e.critical else 'no longer'} critical"] if e.critical is not None else []
    if e.heads is not None:
        parts.append("no longer heads a unit" if e.heads == "none" else f"now heads {name(e.heads)}")
    return f"{name(e.post)} {' and '.join(parts) or 'is mentioned'}"


def _hire(e: Hire, name: Name) -> str:
    how = " as a contractor" if e.contract == "contractor" else ""
    share = f" ({fraction(e.fte)} FTE)" if e.fte != 1 else ""
    return f"{name(e.person)} joins {name(e.organization)}{how}{share}"


def _depart(e: Depart, name: Name) -> str:
    reason = "" if e.reason == "unknown" else f" ({e.reason.replace('-', ' ')})"
    return f"{name(e.person)} leaves {name(e.organization)}{reason}"


def _who(e: Appoint | Vacate, name: Name) -> str:
    if e.person is not None:
        return name(e.person)
    seats = getattr(e, "seats", 1)
    return "somebody" if seats == 1 else f"{seats} people not named"


def _appoint(e: Appoint, name: Name) -> str:
    return f"{_who(e, name)} becomes {'acting ' if e.acting else ''}{name(e.post)}"


def _vacate(e: Vacate, name: Name) -> str:
    return f"{_who(e, name)} is no longer {name(e.post or '')}"


def _report(e: Report, name: Name) -> str:
    who = name(e.post or e.person or "")
    how = " (dotted line)" if e.line == "dotted" else ""
    if e.end:
        return f"{who} no longer reports to {name(e.to)}{how}"
    if e.to == "none":
        return f"{who} reports to nobody"
    if e.to == "unknown":
        return f"{who}: whom they report to is no longer known"
    return f"{who} reports to {name(e.to)}{how}"


def _start_leave(e: StartLeave, name: Name) -> str:
    kind = "" if e.reason == "unknown" else f" ({e.reason})"
    return f"{name(e.person)} goes on leave{kind}"


def _expect(e: Expect, name: Name) -> str:
    if e.unit is not None:
        return f"{name(e.unit)} has {e.headcount} employees"
    if e.person is not None:
        parts = [f"reports to {_end(e.manager, name)}"] if e.manager is not None else []
        parts += [f"is employed by {_end(e.employer, name)}"] if e.employer is not None else []
        parts += ["is on leave" if e.on_leave else "is not on leave"] if e.on_leave is not None else []
        return f"{name(e.person)} {' and '.join(parts)}"
    parts = [f"is held by {name(e.holder)}{' acting' if e.acting else ''}"] if e.holder is not None else []
    parts += ["is vacant" if e.vacant else "is held"] if e.vacant is not None else []
    parts += [f"reports to {_end(e.reports_to, name)}"] if e.reports_to is not None else []
    return f"{name(e.post or '')} {' and '.join(parts)}"


def _end(id_: str, name: Name) -> str:
    return {"none": "nobody", "unknown": "somebody not known"}.get(id_) or name(id_)


_PHRASES: dict[str, Callable[[Any, Name], str]] = {
    "open-unit": _open_unit,
    "change-unit": _change_unit,
    "close-unit": _close_unit,
    "create-post": _create_post,
    "change-post": _change_post,
    "abolish-post": lambda e, name: f"the post {name(e.post)} is abolished",
    "hire": _hire,
    "depart": _depart,
    "change-employment": lambda e, name: f"{name(e.person)} now works {fraction(e.fte)} FTE for {name(e.organization)}",
    "change-person": lambda e, name: f"{name(e.person)} is now called {e.name}",
    "appoint": _appoint,
    "vacate": _vacate,
    "report": _report,
    "start-leave": _start_leave,
    "end-leave": lambda e, name: f"{name(e.person)} is back from leave",
    "retract": lambda e, _: f"{e.of!r} turns out not to hold",
    "expect": _expect,
}
