"""What a scenario says, worked out for a person: whom each rule hits, how high hazards are, how long filling takes.

Plain data for `orgsim explain --json`; how it looks in a terminal is told in `console.explain`.  Numbers are about
the first day and expectations from it; nothing is simulated.
"""

import math
from typing import Any

from orgsim.laws import DAYS_PER_YEAR, HazardLaw
from orgsim.scenario import briefing_filling, words
from orgsim.scenario.model import Cause, Precision, Rule, Scenario, Where
from orgsim.scenario.staff import Member, exits, heads, hit, members, rule_of
from orgsim.simulate.costs import charged
from orgsim.simulate.matching import Facts
from orgsim.simulate.opening import planned
from orgsim.simulate.world import World, compile_world

Data = dict[str, Any]
AGES = {
    "organization": (0, 1, 2, 5, 10),
    "post": (0, 1, 2, 5, 10),
    "age": (30, 40, 50, 60, 65),
}
"""At which years of each clock a hazard is told that changes with it."""


class Briefing:
    """A scenario with the people and posts of its first day."""

    def __init__(self, scenario: Scenario) -> None:
        """Work out who is there."""
        self.scenario = scenario
        self.world: World = compile_world(scenario)
        self.people: list[Member] = members(self.world)
        self.posts: dict[str, Facts] = {post.facts.id: post.facts for post in self.world.posts if post.in_play}
        self._chart = scenario.ledger.chart(scenario.start, scenario.known)
        self._units = {unit.id: unit.name for unit in self._chart.units}

    # --------------------------------------------------------------------------------------------------------- words

    def person(self, id_: str) -> str:
        """The name of a person."""
        return self.world.names.get(id_, id_)

    def post(self, id_: str) -> str:
        """The title of a post."""
        title = self.world.title(id_)
        return id_ if id_.rpartition("/")[2].isdigit() else title

    def where(self, where: Where | None, everything: str = "") -> str:
        """A condition in words."""
        return words.where(where, self.post, self.person, self._unit) or everything if where is not None else everything

    def _unit(self, id_: str) -> str:
        return self._units.get(id_, id_)

    def day(self, day: float) -> str:
        """A day of the scenario as a date."""
        return words.date(self.scenario.start, day)

    # --------------------------------------------------------------------------------------------------------- parts

    def data(self) -> Data:
        """Everything."""
        scenario = self.scenario
        return {
            "title": scenario.title,
            "variant": scenario.variant,
            "story": scenario.story,
            "period": {"from": scenario.start.isoformat(), "until": scenario.end.isoformat(), "days": scenario.horizon},
            "opening": self._opening(),
            "replications": self._replications(),
            "seed": scenario.seed,
            "report": self._report(),
            "assumptions": [{"text": a.text, "source": a.source} for a in scenario.assumptions],
            "population": [self._population(group) for group in scenario.population],
            "attrition": [self._cause(cause) for cause in scenario.attrition],
            "departures_first_year": self._departures(),
            "contagion": [self._contagion(item) for item in scenario.contagion],
            "shocks": [self._shock(item) for item in scenario.shocks],
            "events": self._events(),
            "succession": briefing_filling.succession(self),
            "hiring": briefing_filling.hiring(self),
            "growth": [self._growth(item) for item in scenario.growth],
            "reorganization": [self._reorganization(item) for item in scenario.reorganization],
            "interventions": [self._intervention(item) for item in scenario.interventions],
            "cost": self._cost(),
            "without_source": self._without_source(),
            "digest": scenario.digest,
        }

    def _opening(self) -> Data:
        scenario = self.scenario
        vacant = [post for post in self.world.posts if post.in_play and self.is_vacant(post.facts.id)]
        return {
            "organization": self._unit(scenario.organization),
            "known": scenario.known.isoformat() if scenario.known is not None else None,
            "people": heads(self.people),
            "named": sum(member.named for member in self.people),
            "posts": len(self.posts),
            "vacant": [self.post(post.facts.id) for post in vacant],
            "critical": sum(facts.critical for facts in self.posts.values()),
            "critical_vacant": [self.post(post.facts.id) for post in vacant if post.facts.critical],
        }

    def holders(self, post: str) -> list[str]:
        """Who holds a post substantively."""
        noun: Any = self._chart.get(post)
        return [h.person for h in getattr(noun, "holders", ()) if not h.acting and h.person]

    def is_vacant(self, post: str) -> bool:
        """Whether a post of the chart has no substantive holder."""
        noun: Any = self._chart.get(post)
        return bool(getattr(noun, "vacant", False))

    def _replications(self) -> Data:
        count = self.scenario.replications
        if isinstance(count, Precision):
            return {"least": count.least, "most": count.most, "measure": count.measure, "half_width": count.half_width}
        return {"least": count, "most": count, "measure": None, "half_width": None}

    def _report(self) -> Data:
        report = self.scenario.report
        return {
            "every": report.every, "measures": list(report.measures), "quantiles": list(report.quantiles),
            "posts": self.where(report.posts, "all posts"),
            "count": sum(facts.match(report.posts) for facts in self.posts.values()),
        }  # fmt: skip

    def _population(self, group: Any) -> Data:
        tenure = group.tenure if isinstance(group.tenure, str) else words.duration(group.tenure)
        return {
            "id": group.id, "count": group.count, "title": group.title, "unit": self._unit(group.unit),
            "level": group.level, "tenure": tenure, "source": group.source,
            "people": heads([m for m in self.people if m.facts.id.startswith(f"{group.id}/")]),
        }  # fmt: skip

    # ----------------------------------------------------------------------------------------------------- attrition

    def _cause(self, cause: Cause) -> Data:
        falling: dict[int, list[Member]] = {at: [] for at in range(len(cause.rules))}
        unmatched, ageless = [], []
        for member in self.people:
            rule = rule_of(member, cause)
            if member.clock(cause) is None:
                ageless.append(member)
            elif rule is None:
                unmatched.append(member)
            else:
                falling[cause.rules.index(rule)].append(member)
        return {
            "cause": cause.reason,
            "clock": cause.clock,
            "rules": [self._rule(rule, cause, falling[at], at) for at, rule in enumerate(cause.rules)],
            "matched_by_none": self._counted(unmatched),
            "without_birth": self._counted(ageless),
        }

    def _rule(self, rule: Rule, cause: Cause, falling: list[Member], at: int) -> Data:
        now = [(m.weight, rule.law.yearly(max(m.clock(cause) or 0.0, 0.0))) for m in falling]
        total = math.fsum(weight for weight, _ in now)
        varies = _varies(rule.law)
        return {
            "number": at + 1,
            "where": self.where(rule.where, "everybody" if at == 0 else "everybody else"),
            "hazard": words.hazard(rule.law),
            "yearly": None if varies else rule.law.yearly(0.0),
            "yearly_by_age": {f"{y} y": rule.law.yearly(y * DAYS_PER_YEAR) for y in AGES[cause.clock]}
            if varies
            else {},
            "yearly_now": math.fsum(weight * chance for weight, chance in now) / total if total else None,
            **self._counted(falling),
            "source": rule.source,
        }

    def _counted(self, people: list[Member]) -> Data:
        named = [self.person(member.person) for member in people if member.named]
        return {"people": heads(people), "names": named}

    def _departures(self) -> Data:
        lasting = min(DAYS_PER_YEAR, float(self.scenario.horizon))
        expected = math.fsum(m.weight * -math.expm1(-exits(m, self.scenario, lasting)) for m in self.people)
        return {"days": lasting, "expected": expected, "people": heads(self.people)}

    def _contagion(self, item: Any) -> Data:
        return {
            "id": item.id, "exits": list(item.exits), "of": self.where(item.of, "anybody"), "hits": item.hits,
            "cause": item.cause, "times": item.times, "after": item.after, "for": item.lasting,
            "combine": item.combine, "at_most": item.at_most, "source": item.source,
            "setting_off": self._counted(hit(self.people, item.of)),
        }  # fmt: skip

    def _shock(self, item: Any) -> Data:
        window = item.day if isinstance(item.day, tuple) else (item.day, item.day)
        who = self.post(item.post) if item.post else self.person(item.person) if item.person else self.where(item.group)
        group = hit(self.people, item.group) if item.group is not None else []
        return {
            "id": item.id, "from": self.day(window[0]), "to": self.day(window[1]), "who": who,
            "is": "post" if item.post else "person" if item.person else "group", "share": item.share,
            "people": heads(group) * item.share if item.group is not None else 1, "probability": item.probability,
            "reason": item.reason, "notice": item.notice, "join": item.to, "source": item.source,
        }  # fmt: skip

    def _events(self) -> list[Data]:
        """What is planned: by the scenario, and by the ledger, whose announcements were known on the first day."""
        own = {id(event) for event in self.scenario.events}
        return [
            {
                "date": event.date.text,
                "event": event.kind,
                "what": self._what(event),
                "announced": id(event) not in own,
            }
            for event in planned(self.scenario)
        ]

    def _what(self, event: Any) -> str:
        from orgsim.phrases import phrase

        return phrase(event, lambda id_: self.world.names.get(id_) or self.world.titles.get(id_) or self._unit(id_))

    # -------------------------------------------------------------------------------------------------------- changes

    def _growth(self, item: Any) -> Data:
        return {
            "id": item.id, "add": item.add, "dates": [self.day(day) for day in item.days],
            "posts": item.add * len(item.days), "like": self.post(item.like),
            "under": self.post(item.under) if item.under else None,
            "unit": self._unit(item.unit) if item.unit else None, "source": item.source,
        }  # fmt: skip

    def _reorganization(self, item: Any) -> Data:
        return {
            "id": item.id, "date": self.day(item.day),
            "units": [f"{self._unit(unit)} moves under {self._unit(under)}" for unit, under in item.units],
            "posts": [f"{self.post(post)} comes to report to {self.post(under)}" for post, under in item.posts],
            "close": [
                f"{self.post(c.post)} closes, its holders are {'laid off' if c.holder == 'layoff' else 'redeployed'}"
                for c in item.close
            ],
            "source": item.source,
        }  # fmt: skip

    def _intervention(self, item: Any) -> Data:
        people = heads(hit(self.people, item.where))
        cost = item.cost + item.cost_per_person * people
        return {
            "id": item.id, "from": self.day(item.start), "until": self.day(item.end),
            "where": self.where(item.where, "everybody"), "people": people, "hazards": dict(item.hazards),
            "stages": dict(item.stages), "cost": cost, "cost_charged": charged(item, self.world.horizon) * cost,
            "cost_per_person": item.cost_per_person, "source": item.source,
        }  # fmt: skip

    def _cost(self) -> Data | None:
        cost = self.scenario.cost
        if cost is None:
            return None
        return {
            "currency": cost.currency, "vacancy": cost.vacancy, "acting": cost.acting, "hire": cost.hire,
            "salaries": [{"where": self.where(s.where, "any post"), "amount": s.amount} for s in cost.salaries],
            "source": cost.source,
        }  # fmt: skip

    def _without_source(self) -> list[str]:
        """What is assumed without saying why."""
        scenario = self.scenario
        found = [f"{c.reason} rule {at}" for c in scenario.attrition for at, r in enumerate(c.rules, 1) if not r.source]
        parts: dict[str, Any] = {
            "contagion": scenario.contagion,
            "shock": scenario.shocks,
            "freeze": scenario.hiring.freezes if scenario.hiring is not None else (),
            "growth": scenario.growth,
            "reorganization": scenario.reorganization,
            "intervention": scenario.interventions,
        }
        found += [f"{name} {item.id!r}" for name, items in parts.items() for item in items if not item.source]
        return found + (["cost"] if scenario.cost is not None and not scenario.cost.source else [])


def _varies(law: HazardLaw) -> bool:
    """Whether a hazard changes with age."""
    first = law.yearly(0.0)
    return any(abs(law.yearly(y * DAYS_PER_YEAR) - first) > 1e-9 for y in (1, 2, 5, 10, 30, 50, 65))  # noqa: PLR2004


def briefing(scenario: Scenario) -> Data:
    """What a scenario says, as plain data."""
    return Briefing(scenario).data()
