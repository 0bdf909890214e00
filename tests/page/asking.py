"""A chart as plain data, told by the ledger and told by the rectangles of a page."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from itertools import product
from typing import Any

from orgsim.chart import OrgChart
from orgsim.ledger import Ledger
from orgsim.lookups import heads, organization_of
from orgsim.model import Appointment, Person, Post, Unit

Told = dict[str, dict[str, Any]]


def told_by_chart(chart: OrgChart) -> Told:
    """What the chart itself answers to every question that the page can answer."""
    return {
        "posts": {post.id: _post(chart, post) for post in chart.posts},
        "units": {unit.id: _unit(chart, unit) for unit in chart.units},
        "people": {person.id: _person(chart, person) for person in chart.people},
    }


def _post(chart: OrgChart, post: Post) -> dict[str, Any]:
    above, is_idle = chart.manager_post(post.id), post.seats == "any" and not post.holders
    return {
        "title": post.title,
        "unit": post.unit,
        "organization": organization_of(chart, post),
        "critical": post.critical,
        "seats": post.seats,
        "personal": post.personal,
        "heads": post.heads,
        "level": post.level,
        "reports_to": above.id if above is not None else None,
        "line": chart.line_status(post.line),
        "vacant": post.vacant,
        "vacancy_certainty": chart.vacancy_certainty(post) if post.vacant and not is_idle else "stated",
        "answers": chart.holder(post.id),
        "holders": [_holder(chart, post, holder) for holder in post.holders],
        "dotted": [line.to for line in post.lines if line.dotted],
    }


def _holder(chart: OrgChart, post: Post, holder: Appointment) -> dict[str, Any]:
    return {
        "person": holder.person,
        "seats": holder.seats,
        "acting": holder.acting,
        "on_leave": holder.person is not None and chart.person(holder.person).leave is not None,
        "since": holder.since.since,
        "certainty": chart.holding_certainty(post, holder),
        "last_evidence": chart.last_evidence(post, holder).isoformat(),
    }


def _unit(chart: OrgChart, unit: Unit) -> dict[str, Any]:
    return {
        "name": unit.name,
        "kind": unit.kind,
        "parent": unit.parent,
        "heads": [post.id for post in heads(chart, unit.id)],
    }


def _person(chart: OrgChart, person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "employers": [job.organization for job in person.employments],
        "fte": [job.fte for job in person.employments],
        "employee": any(job.contract == "employee" for job in person.employments),
        "on_leave": person.leave is not None,
        "posts": [post.id for post in chart.posts_of(person.id)],
        "manager": chart.manager(person.id),
    }


def moments(ledger: Ledger, every: int = 1) -> Iterator[tuple[dt.date, dt.date]]:
    """Every day on which something takes effect with every day on which something becomes known, and their eves."""
    days = {day for e in ledger.events for day in (e.date.day, e.date.day - dt.timedelta(days=1))}
    known = {day for e in ledger.events for day in (e.known, e.known - dt.timedelta(days=1))}
    for at, pair in enumerate(product(sorted(days), sorted(known))):
        if at % every == 0:
            yield pair


class Rectangles:
    """A page's contents, asked as its script asks them, in the plainest way."""

    def __init__(self, contents: dict[str, Any]) -> None:
        """Nothing is indexed."""
        self.contents = contents
        self.ids = contents["ids"]

    def _live(self, aspect: str, at: dt.date, known: dt.date) -> dict[int, Any]:
        days = self.contents["days"]
        on, learned = (bisect_right(days, day.isoformat()) - 1 for day in (at, known))
        facts = self.contents["facts"][aspect]
        found: dict[int, Any] = {}
        names = ("subject", "value", "since", "until", "seen", "unseen")
        for subject, value, since, until, seen, unseen in zip(*(facts[name] for name in names), strict=True):
            if since <= on < until and seen <= learned < unseen:
                assert subject not in found, "two rectangles of one subject overlap"
                found[subject] = facts["values"][value]
        return found

    def _id(self, number: int | None) -> str | None:
        return None if number is None else self.ids[number]

    def told(self, at: dt.date, known: dt.date) -> Told:
        """What the rectangles say of a date, as known on another."""
        asked = ("post", "place", "held", "dotted", "unit", "person")
        post, place, held, dotted, unit, person = (self._live(aspect, at, known) for aspect in asked)
        assert post.keys() == place.keys() == held.keys()
        return {
            "posts": {self.ids[n]: self._post(post[n], place[n], held[n], dotted.get(n) or ()) for n in post},
            "units": {
                self.ids[n]: {
                    "name": v[0],
                    "kind": v[1],
                    "parent": self._id(v[2]),
                    "heads": [self.ids[p] for p in v[3]],
                }
                for n, v in unit.items()
            },
            "people": {self.ids[n]: self._person(n, v, place, held) for n, v in person.items()},
        }

    def _above(self, place: Any) -> int | None:
        is_post = place[1] == "line" and self.contents["is"][place[0]] == "post"
        return place[0] if is_post else None

    def _post(self, post: Any, place: Any, held: Any, dotted: Any) -> dict[str, Any]:
        own = ("title", "unit", "organization", "critical", "seats", "personal", "heads", "level")
        told = dict(zip(own, post, strict=True))
        told |= {key: self._id(told[key]) for key in ("unit", "organization", "personal", "heads")}
        keys = ("person", "seats", "acting", "on_leave", "since", "certainty", "last_evidence")
        return told | {
            "reports_to": self._id(self._above(place)),
            "line": {"line": "stated", "top": "none"}.get(place[1], "unknown"),
            "vacant": held[0] != "held",
            "vacancy_certainty": held[5],
            "answers": self._id(held[1]),
            "holders": [dict(zip(keys, h[:7], strict=True)) | {"person": self._id(h[0])} for h in held[4]],
            "dotted": [self.ids[line[0]] for line in dotted],
        }

    def _person(self, number: int, person: Any, place: Any, held: Any) -> dict[str, Any]:
        name, jobs, away, posts = person
        above = self._above(place[posts[0]]) if posts else None
        manager = held[above][1] if above is not None else None
        return {
            "name": name,
            "employers": [self.ids[job[0]] for job in jobs],
            "fte": [job[5] for job in jobs],
            "employee": any(job[1] for job in jobs),
            "on_leave": away is not None,
            "posts": [self.ids[post] for post in posts],
            "manager": None if manager == number else self._id(manager),
        }
