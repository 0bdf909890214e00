"""From the entries of a scenario file to the frozen values of `scenario.model`: dates become days, names stay.

Only called with entries in which nothing is wrong; whether what they name is there is judged in `scenario_names`.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import attrs

from orgsim.reading.scenario_shapes import Entry
from orgsim.scenario import model
from orgsim.simulate.opening import add_period

Items = tuple[Entry, ...]


@attrs.frozen
class Period:
    """The days of a scenario."""

    start: dt.date
    end: dt.date

    def day(self, day: dt.date) -> float:
        """A date as days after the first day."""
        return float((day - self.start).days)

    @property
    def horizon(self) -> float:
        """The days in all."""
        return self.day(self.end)


def where(entry: Entry | None) -> model.Where:
    """A condition on posts or people."""
    if entry is None:
        return model.EVERYWHERE
    tenure = entry["tenure"]
    return model.Where(
        posts=(*(entry["post"] or ()), *(entry["posts"] or ())),
        people=(*(entry["person"] or ()), *(entry["people"] or ())),
        units=(*(entry["unit"] or ()), *(entry["units"] or ())),
        levels=(*(entry["level"] or ()), *(entry["levels"] or ())),
        critical=entry["critical"],
        tenure_under=tenure["under"] if tenure is not None else None,
        tenure_over=tenure["over"] if tenure is not None else None,
    )


def _matched(entry: Entry, *others: str) -> dict[str, Any]:
    """The `where` of an entry, if given, beside other keys."""
    return {**({"where": where(entry["where"])} if "where" in entry else {}), **entry.given(*others)}


def assumptions(items: tuple[Entry | str, ...]) -> Iterator[model.Assumption]:
    """What is taken for granted."""
    for item in items:
        yield model.Assumption(item) if isinstance(item, str) else model.Assumption(item["text"], item["source"])


def attrition(causes: dict[str, Any]) -> Iterator[model.Cause]:
    """The causes of departure with their rules."""
    for reason, cause in causes.items():
        if not isinstance(cause, Entry):
            yield model.Cause(reason, (model.Rule(cause),))
            continue
        rules = tuple(model.Rule(rule["hazard"], **_matched(rule, "source")) for rule in cause["rules"])
        yield model.Cause(reason, rules, **cause.given("clock"))


def contagion(items: Items) -> Iterator[model.Contagion]:
    """What exits do to others."""
    for item in items:
        yield model.Contagion(
            lasting=item["for"],
            of=where(item["of"]),
            **item.given("id", "times", "hits", "exits", "cause", "after", "combine", "at_most", "source"),
        )


def shocks(items: Items, period: Period) -> Iterator[model.Shock]:
    """Exits whatever the hazards say."""
    for item in items:
        date = item["date"]
        window = (period.day(date["from"]), period.day(date["to"])) if isinstance(date, Entry) else period.day(date)
        yield model.Shock(
            day=window,
            group=where(item["where"]) if "where" in item else None,
            **item.given("id", "post", "person", "share", "probability", "reason", "notice", "to", "source"),
        )


def succession(entry: Entry, period: Period) -> model.Succession:
    """Plans, readiness, promotion, acting."""
    plans = {post: _plan(plan, period) for post, plan in (entry["plans"] or {}).items()}
    readiness = {label: None if law == "never" else law for label, law in (entry["readiness"] or {}).items()}
    found: dict[str, Any] = entry.given("backfill")
    if entry["promote"] is not None:
        keys = ("candidates", "internal", "choose", "decide_in", "accept", "stay")
        found["promote"] = model.Promote(**_matched(entry["promote"], *keys))
    if entry["acting"] is not None:
        found["acting"] = model.Acting(**_matched(entry["acting"], "after", "candidates", "at_most", "span"))
    return model.Succession(plans=plans, readiness=readiness, **found)


def _plan(entry: Entry, period: Period) -> model.Plan:
    successors = []
    for item in entry["successors"] or ():
        if isinstance(item, str):
            successors.append(model.Successor(item))
            continue
        rated = period.day(item["rated"]) if "rated" in item else 0.0
        successors.append(model.Successor(item["person"], item["ready"] or "now", rated))
    return model.Plan(tuple(successors), entry["emergency"])


def hiring(entry: Entry, period: Period) -> model.Hiring:
    """Stages, recruiters, freezes."""
    stages = [
        model.Stage(otherwise=stage["else"], **stage.given("id", "takes", "recruiter", "accept"))
        for stage in entry["stages"]
    ]
    pools = [model.Recruiters(**_matched(pool, "id", "count")) for pool in entry["recruiters"] or ()]
    freezes = [
        model.Freeze(
            start=period.day(freeze["from"]),
            end=period.day(freeze["until"] or period.end),
            excepted=where(freeze["except"]) if "except" in freeze else None,
            promotions=freeze["promotions"] != "stop",
            **freeze.given("id", "pending", "source"),
        )
        for freeze in entry["freezes"] or ()
    ]
    return model.Hiring(
        stages=tuple(stages),
        recruiters=tuple(pools),
        freezes=tuple(freezes),
        **_matched(entry, "approve_in", "order", "age"),
    )


def growth(items: Items, period: Period) -> Iterator[model.Growth]:
    """New posts, with the days on which they come."""
    for item in items:
        first = item["from"]
        dates = [first]
        if "every" in item:
            last = min(item["until"] or period.end, period.end)
            while (date := add_period(first, item["every"], len(dates))) < last:
                dates.append(date)
        days = tuple(period.day(date) for date in dates)
        yield model.Growth(days=days, **item.given("id", "add", "like", "under", "unit", "source"))


def reorganization(items: Items, period: Period) -> Iterator[model.Reorganization]:
    """What moves and closes."""
    for item in items:
        yield model.Reorganization(
            day=period.day(item["date"]),
            units=tuple((moved["unit"], moved["under"]) for moved in item["units"] or ()),
            posts=tuple((moved["post"], moved["under"]) for moved in item["posts"] or ()),
            close=tuple(
                model.Closing(post) if isinstance(post, str) else model.Closing(**post.given("post", "holder"))
                for post in item["close"] or ()
            ),
            **item.given("id", "source"),
        )


def interventions(items: Items, period: Period) -> Iterator[model.Intervention]:
    """What is done, and what it costs."""
    for item in items:
        start = period.day(item["from"])
        end = start + item["for"] if "for" in item else period.day(item["until"] or period.end)
        given = _matched(item, "id", "hazards", "stages", "cost_per_person", "cost", "source")
        yield model.Intervention(start=start, end=end, **given)


def cost(entry: Entry) -> model.Cost:
    """Salaries and shares of them."""
    salaries = tuple(model.Salary(**_matched(salary, "amount")) for salary in entry["salaries"])
    return model.Cost(salaries=salaries, **entry.given("currency", "vacancy", "acting", "hire", "source"))


def replications(value: int | Entry) -> int | model.Precision:
    """A number, or a precision."""
    if isinstance(value, int):
        return value
    until = value["until"]
    return model.Precision(until["measure"], until["half_width"], value["least"], value["most"])


def report(entry: Entry) -> model.Reporting:
    """What to report."""
    found = entry.given("every", "measures")
    if "posts" in entry:
        found["posts"] = where(entry["posts"])
    if "quantiles" in entry:
        found["quantiles"] = tuple(sorted(set(entry["quantiles"])))
    return model.Reporting(**found)


def parts(root: Entry, period: Period) -> dict[str, Any]:
    """Every part of a scenario but its events, by the name of its field."""
    found: dict[str, Any] = root.given("title", "story", "known", "seed")
    found["levels"] = root["levels"] or ()
    found["assumptions"] = tuple(assumptions(root["assumptions"] or ()))
    found["born"] = {person: entry["born"] for person, entry in (root["people"] or {}).items()}
    keys = ("id", "count", "unit", "source", "title", "reports_to", "level", "critical", "tenure", "vacant")
    found["population"] = tuple(model.Population(**group.given(*keys)) for group in root["population"] or ())
    found["attrition"] = tuple(attrition(root["attrition"] or {}))
    found["contagion"] = tuple(contagion(root["contagion"] or ()))
    found["shocks"] = tuple(shocks(root["shocks"] or (), period))
    found["growth"] = tuple(growth(root["growth"] or (), period))
    found["reorganization"] = tuple(reorganization(root["reorganization"] or (), period))
    found["interventions"] = tuple(interventions(root["interventions"] or (), period))
    found["succession"] = succession(root["succession"], period) if "succession" in root else None
    found["hiring"] = hiring(root["hiring"], period) if "hiring" in root else None
    found["cost"] = cost(root["cost"]) if "cost" in root else None
    if "replications" in root:
        found["replications"] = replications(root["replications"])
    if "report" in root:
        found["report"] = report(root["report"])
    return found
