"""What a replication costs is worked out by hand: whose salary counts, from when, and up to when."""

from pathlib import Path

import pytest

from orgsim.scenario.briefing import briefing
from orgsim.scenario.model import Scenario
from orgsim.simulate.engine import compile_world, simulate
from orgsim.simulate.measures import measure
from tests.scenario.files import scenario

YEAR = 365.25
LEDGER = """
orgsim: ledger/1
organization: acme
people: {ada: {name: Ada}, ben: {name: Ben}}
events:
- {date: 2020-01-01, event: open-unit, unit: acme, name: Acme}
- {date: 2020-01-01, event: open-unit, unit: shop, name: Shop, parent: acme}
- {date: 2020-01-01, event: open-unit, unit: lab, name: Lab, parent: acme}
- {date: 2020-01-01, event: create-post, post: ceo, title: Chief, level: exec, reports_to: none}
- {date: 2020-01-01, event: create-post, post: rep, title: Representative, unit: shop, level: staff, reports_to: ceo}
- {date: 2020-01-01, event: hire, person: ada}
- {date: 2020-01-01, event: appoint, person: ada, post: ceo}
- {date: 2020-01-01, event: hire, person: ben}
- {date: 2020-01-01, event: appoint, person: ben, post: rep}
"""
PAY = """
hiring: {stages: [{id: search, takes: 100 d}]}
cost:
  currency: EUR
  salaries: [{where: {level: exec}, amount: 200000}, {where: {unit: lab}, amount: 90000}, {amount: 50000}]
  vacancy: 50 % / y
  hire: 20 %
"""


def read(folder: Path, body: str) -> Scenario:
    """A scenario of two posts, two years, and searches of a hundred days."""
    return scenario(folder, PAY + body, ledger_yaml=LEDGER)


def costs(folder: Path, body: str) -> dict[str, float]:
    """The costs of the only thing that can happen in it."""
    world = compile_world(read(folder, body))
    return {name: value for name, value in measure(world, simulate(world, 0)).items() if name.startswith("cost")}


def expected(salary: float, days: float = 100, hired: float | None = None) -> dict[str, float]:
    """What a vacancy of so many days costs, and a hire at its end."""
    vacancy, hire = 0.5 * salary * days / YEAR, 0.2 * (salary if hired is None else hired)
    return {
        "cost": vacancy + hire, "cost/vacancy": vacancy, "cost/acting": 0.0, "cost/hire": hire,
        "cost/saved": 2 * vacancy, "cost/interventions": 0.0,
    }  # fmt: skip


COO = "{date: 2025-02-01, event: create-post, post: coo, title: Operations, level: exec, reports_to: ceo}"
BEN = "{date: 2025-03-01, event: depart, person: ben}"
MOVE = "reorganization: [{id: r, date: 2025-02-01, units: [{unit: shop, under: lab}]}]"


@pytest.mark.parametrize(
    ("body", "salary"),
    [
        (f"events: [{BEN}]", 50_000),
        (f"events: [{COO}]", 200_000),
        ("events: [{date: 2025-02-01, event: create-post, post: x, unit: lab, level: y, reports_to: ceo}]", 90_000),
        ("events: [{date: 2025-02-01, event: create-post, post: x, level: y, reports_to: ceo}]", 50_000),
        ("growth: [{id: g, add: 1, like: ceo, under: ceo, from: 2025-02-01}]", 200_000),
        ("growth: [{id: g, add: 1, like: rep, from: 2025-02-01}]", 50_000),
        ("growth: [{id: g, add: 1, like: rep, unit: lab, from: 2025-02-01}]", 90_000),
        (f"events: [{{date: 2025-02-01, event: change-post, post: rep, level: exec}}, {BEN}]", 200_000),
        (f"events: [{{date: 2025-02-01, event: change-post, post: rep, unit: lab}}, {BEN}]", 90_000),
        (f"events: [{{date: 2025-02-01, event: change-unit, unit: shop, parent: lab}}, {BEN}]", 90_000),
        (f"events: [{{date: 2025-02-01, event: close-unit, unit: shop, into: lab}}, {BEN}]", 90_000),
        (f"{MOVE}\nevents: [{BEN}]", 90_000),
        (f"events: [{BEN}, {{date: 2025-12-01, event: change-post, post: rep, level: exec}}]", 50_000),
    ],
)  # fmt: skip
def test_a_salary_is_that_of_the_post_as_it_is(tmp_path: Path, body: str, salary: float) -> None:
    """Posts of the opening, to come, and changed: by level and unit on the day, whoever planned them."""
    assert costs(tmp_path, body) == pytest.approx(expected(salary))


def test_announced_posts_are_paid_like_planned_ones(tmp_path: Path) -> None:
    """What the ledger announced on the first day costs what the scenario would have planned."""
    ahead = LEDGER + f"- {COO.replace('{', '{known: 2024-12-01, ')}\n"
    world = compile_world(scenario(tmp_path, PAY, ledger_yaml=ahead))
    assert measure(world, simulate(world, 0))["cost"] == pytest.approx(expected(200_000)["cost"])


def test_a_salary_changes_while_a_post_is_vacant(tmp_path: Path) -> None:
    """Of a hundred vacant days, the 31 of March are paid as staff, the others and the hire as the head it became."""
    found = costs(tmp_path, f"events: [{BEN}, {{date: 2025-04-01, event: change-post, post: rep, level: exec}}]")
    assert found == pytest.approx(expected((31 * 50_000 + 69 * 200_000) / 100, hired=200_000))


def test_a_grown_post_is_found_by_its_own_id_and_by_its_likes(tmp_path: Path) -> None:
    """A salary may be given for either; the first rule counts."""
    for post in ("g/1", "rep"):
        pay = PAY.replace("salaries: [", f"salaries: [{{where: {{post: [{post}]}}, amount: 70000}}, ")
        body = "growth: [{id: g, add: 1, like: rep, from: 2025-02-01}]"
        world = compile_world(scenario(tmp_path, pay + body, ledger_yaml=LEDGER))
        assert measure(world, simulate(world, 0))["cost"] == pytest.approx(expected(70_000)["cost"])


def test_without_salaries_only_interventions_cost(tmp_path: Path) -> None:
    """No kind of cost is told to be nothing where it is not known; and without an intervention there is no cost."""
    hiring = PAY.partition("cost:")[0]
    body = hiring + "interventions: [{id: i, from: 2026-01-01, for: 1 y, stages: {search: 0.9}, cost: 1000}]"
    for more, names in ((body, {"cost", "cost/interventions"}), ("", set())):
        world = compile_world(scenario(tmp_path, more, ledger_yaml=LEDGER))
        assert {name for name in measure(world, simulate(world, 0)) if name.startswith("cost")} == names


@pytest.mark.parametrize(
    ("lasts", "share"), [("for: 4 y", 365 / (4 * YEAR)), ("until: 2026-07-01", 1.0), ("until: 2027-01-01", 1.0)]
)
def test_explain_says_what_a_run_charges(tmp_path: Path, lasts: str, share: float) -> None:
    """An intervention that outlasts the scenario is charged in proportion, and explained so, with all it costs."""
    pay = "stages: {search: 0.9}, cost: 1000, cost_per_person: 50"
    body = f"interventions: [{{id: i, from: 2026-01-01, {lasts}, {pay}}}]"
    (told,) = briefing(read(tmp_path, body))["interventions"]
    assert told["cost"] == 1100
    assert told["cost_charged"] == pytest.approx(1100 * share)
    assert costs(tmp_path, body)["cost/interventions"] == pytest.approx(told["cost_charged"])
