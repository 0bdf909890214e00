"""A scenario file reads as the frozen values that engine and experiments work with."""

import datetime as dt
from pathlib import Path

import pytest

from orgsim.errors import OrgsimError
from orgsim.events import CreatePost
from orgsim.laws import Constant, Exponential, UniformDuration
from orgsim.reading.scenario import UnknownVariantError, read_scenario, read_variants
from orgsim.scenario import model
from orgsim.scenario.model import Scenario, Where
from tests.scenario.files import HEAD, problems, scenario, shown, told, write


def example(folder: Path) -> Scenario:
    """The longer scenario of the documentation."""
    write(folder, "")
    return read_scenario(folder / "exit.yaml")


def test_what_is_left_out_is_as_the_page_says(tmp_path: Path) -> None:
    """A scenario needs a title, a ledger and a period; all else has a default."""
    found = scenario(tmp_path, "")
    assert (found.title, found.organization, found.horizon) == ("A test", "acme", 730)
    assert (found.seed, found.replications, found.known, found.variant) == (0, 1000, None, None)
    assert (found.attrition, found.events, found.succession, found.hiring) == ((), (), None, None)
    assert found.report == model.Reporting("month", Where(critical=True), (), (0.05, 0.5, 0.95))


def test_dates_are_days_after_the_first(tmp_path: Path) -> None:
    """Windows include their last day, freezes and interventions do not; what lasts counts from its first day."""
    found = example(tmp_path)
    assert found.shocks == (model.Shock("offer", (59.0, 150.0), person="ada", probability=0.7, notice=30.0),)
    assert found.hiring is not None
    assert found.hiring.freezes == (
        model.Freeze("spring", 90.0, 181.0, Where(levels=("executive",)), source="the budget"),
    )
    assert (found.interventions[0].start, found.interventions[0].end) == (31.0, 31.0 + 365.25)
    assert found.succession is not None
    assert found.succession.plans["ceo"].successors == (
        model.Successor("ben"),
        model.Successor("eva", "soon", -92.0),
    )


def test_the_parts_of_the_example(tmp_path: Path) -> None:
    """What the file says is what the values say."""
    found = example(tmp_path)
    assert found.assumptions == (
        model.Assumption("The offer is real", "the press"),
        model.Assumption("Nobody follows her"),
    )
    assert found.born == {"ada": dt.date(1961, 3, 5)}
    assert found.succession is not None
    assert found.succession.readiness == {"soon": UniformDuration(365.25, 730.5)}
    assert found.hiring is not None
    assert found.hiring.recruiters == (model.Recruiters("sales", 2, Where(units=("sales",))),)
    assert found.hiring.approve_in == Constant(7)
    assert [(s.id, s.recruiter, s.accept, s.otherwise) for s in found.hiring.stages] == [
        ("search", True, None, None),
        ("offer", True, 0.78, "search"),
        ("notice", False, None, None),
    ]
    (cause,) = found.attrition
    assert cause.rules[1] == model.Rule(Exponential(0.3 / 365.25), Where(tenure_under=365.25), "exit interviews")
    (event,) = found.events
    assert isinstance(event, CreatePost)
    assert (event.post, event.unit, event.date.text) == ("coo", "acme", "2025-02-01")
    assert found.cost == model.Cost(
        "EUR", (model.Salary(250000, Where(levels=("executive",))), model.Salary(60000)), vacancy=0.6, hire=0.21
    )


@pytest.mark.parametrize("measure", ["gap_days", "gap_days/ceo", "headcount@2025-02-01", "departures/death"])
def test_a_precision_is_of_a_single_number(tmp_path: Path, measure: str) -> None:
    """Of a day, a post, a cause, or of all."""
    body = f"replications: {{least: 5, most: 9, until: {{measure: {measure}, half_width: 5 %}}}}\n"
    assert scenario(tmp_path, body).replications == model.Precision(measure, 0.05, 5, 9)


def test_growth_comes_on_the_same_day_of_each_period(tmp_path: Path) -> None:
    """Months that are too short end growth's day early; the last period ends before `until`."""
    found = scenario(
        tmp_path, "growth:\n- {id: rep, add: 2, like: cto, from: 2025-01-31, every: month, until: 2025-05-31}\n"
    )
    days = [dt.date(2025, 1, 1) + dt.timedelta(day) for day in found.growth[0].days]
    assert [day.isoformat() for day in days] == ["2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30"]
    once = scenario(tmp_path, "growth:\n- {id: rep, add: 2, like: cto, from: 2025-01-31}\n")
    assert once.growth[0].days == (30.0,)


def test_names_of_what_is_to_come_are_valid(tmp_path: Path) -> None:
    """Posts and people of populations, growth and planned events can be named everywhere."""
    body = """\
        population:
        - {id: rep, count: 3, unit: sales, title: Rep, reports_to: head-of-sales, source: assumed}
        growth:
        - {id: more, add: 2, like: rep/1, from: 2025-03-01, every: year}
        events:
        - {date: 2025-01-01, event: open-unit, unit: north, name: North, parent: sales}
        - {date: 2025-02-01, event: create-post, post: coo, title: Operations, level: executive, reports_to: ceo}
        - {date: 2025-02-01, event: hire, person: kim, name: Kim}
        attrition:
          resignation:
            rules: [{where: {posts: [rep/3, more/4, coo], unit: north, person: [kim, rep/1/0]}, hazard: 1 % / y}]
        succession: {plans: {coo: {successors: [kim]}, more/1: {successors: [rep/2/0]}}}
        """
    assert told(tmp_path, body) == []


WRONG = {
    "person who has left": ("shocks:\n- {id: x, date: 2025-03-01, person: zoe}\n", ["no-such-person 2:37"]),
    "post beyond the growth": ("shocks:\n- {id: x, date: 2025-03-01, post: more/3}\n", ["no-such-post 2:35"]),
    "organization itself": ("shocks:\n- {id: x, date: 2025-03-01, post: ceo, to: acme}\n", ["no-such-unit 2:44"]),
    "contagion without attrition": ("contagion:\n- {id: x, times: 2, for: 9 d}\n", ["no-such-cause 2:3"]),
    "successor twice": ("succession: {plans: {ceo: {successors: [ben, ben]}}}\n", ["id-given-twice 1:28"]),
    "population like growth": (
        (
            "growth: [{id: x, add: 1, like: cto, from: 2025-02-01}]\n"
            "population: [{id: x, count: 1, unit: acme, source: assumed}]\n"
        ),
        ["id-in-use 1:15"],
    ),
    "population like hires": ("population: [{id: hire, count: 1, unit: acme, source: assumed}]\n", ["id-in-use 1:19"]),
    "level not listed": (
        "levels: [top]\nhiring: {stages: [{id: s, takes: 1 d}], where: {level: executive}}\n",
        ["no-such-level 2:56"],
    ),
    "order without levels": ("hiring: {stages: [{id: s, takes: 1 d}], order: [level]}\n", ["levels-missing 1:48"]),
    "expectation": ("events:\n- {date: 2025-03-01, event: expect, post: ceo, vacant: true}\n", ["not-planned 2:3"]),
    "event too early": ("events:\n- {date: 2024-12-31, event: depart, person: ben}\n", ["not-planned 2:3"]),
    "merger": ("events:\n- {date: 2025-03-01, event: close-unit, unit: acme, into: sales}\n", ["not-planned 2:3"]),
    "event on the last day": ("events:\n- {date: 2027-01-01, event: depart, person: ben}\n", ["not-planned 2:3"]),
    "event that cannot happen": (
        "events:\n- {date: 2025-03-01, event: abolish-post, post: cto}\n",
        ["post-is-held 2:3"],
    ),
    "unknown source": (
        "events:\n- {date: 2025-03-01, event: depart, person: ben, source: d1}\n",
        ["unknown-source 2:3"],
    ),
    "reorganization in a circle": (
        "reorganization:\n- {id: x, date: 2025-03-01, posts: [{post: ceo, under: cto}]}\n",
        ["reporting-cycle 2:3"],
    ),
    "two clocks": (
        "attrition: {resignation: {clock: age, rules: [{where: {tenure: {under: 1 y}}, hazard: 1 % / y}]}}\n",
        ["not-together 1:27"],
    ),
    "tenure of posts": (
        "hiring: {stages: [{id: s, takes: 1 d}], where: {tenure: {under: 1 y}}}\n",
        ["unknown-key 1:49"],
    ),
    "post and person": ("shocks: [{id: x, date: 2025-03-01, post: ceo, person: ada}]\n", ["not-together 1:47"]),
    "nobody": ("shocks: [{id: x, date: 2025-03-01}]\n", ["missing-key 1:10"]),
    "share of a person": ("shocks: [{id: x, date: 2025-03-01, person: ada, share: 5 %}]\n", ["not-together 1:49"]),
    "limit below": (
        """\
attrition: {resignation: 1 % / y}
contagion: [{id: x, times: 2, for: 9 d, combine: multiply, at_most: 0.5}]
""",
        ["not-together 2:60"],
    ),
    "else without accept": ("hiring: {stages: [{id: s, takes: 1 d, else: s}]}\n", ["not-together 1:39"]),
    "until without every": (
        "growth: [{id: x, add: 1, like: cto, from: 2025-02-01, until: 2025-03-01}]\n",
        ["not-together 1:55"],
    ),
    "intervention of nothing": ("interventions: [{id: x, from: 2025-02-01}]\n", ["missing-key 1:17"]),
    "least above most": (
        "replications: {least: 9, most: 5, until: {measure: cost, half_width: 5 %}}\n",
        ["not-together 1:16"],
    ),
    "population where nothing is yet": (
        (
            "population: [{id: rep, count: 9, unit: north, source: assumed}]\n"
            "events: [{date: 2025-01-01, event: open-unit, unit: north, parent: acme}]\n"
        ),
        ["unknown-unit 1:14"],
    ),
    "growth without end": (
        "growth: [{id: x, add: 99999, like: cto, from: 2025-02-01, every: month}]\n",
        ["too-many-posts 1:23"],
    ),
    "stock without a day": (
        "replications: {least: 5, most: 9, until: {measure: headcount, half_width: 5 %}}\n",
        ["no-such-measure 1:52"],
    ),
    "several at once": (
        "seed: x\nlevels: []\nattrition: {resign: 5 % / y}\nhiring: {stages: []}\n",
        ["bad-seed 1:7", "missing-value 2:9", "no-such-cause 3:13", "missing-value 4:18"],
    ),
}


@pytest.mark.parametrize(("body", "found"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_told_where_it_stands(tmp_path: Path, body: str, found: list[str]) -> None:
    """Each mistake is told once, at the very word or entry."""
    assert told(tmp_path, body) == found


def test_problems_of_the_ledger_are_told_in_the_ledger(tmp_path: Path) -> None:
    """A ledger that is wrong is told beside what is wrong with the scenario."""
    found = problems(tmp_path, "seed: x\n", ledger_yaml="orgsim: ledger/1\nevnts: []\n")
    places = [(Path(p.where.file).name, p.rule) for p in found if p.where is not None]
    assert places == [("ledger.yaml", "unknown-key"), ("scenario.yaml", "bad-seed")]


def test_what_was_known_counts(tmp_path: Path) -> None:
    """With `known`, the ledger is what was known that day."""
    ledger = shown()["ledger.yaml"] + "- {date: 2024-12-01, known: 2025-06-01, event: depart, person: ben}\n"
    body = "shocks: [{id: x, date: 2025-03-01, person: ben}]\n"
    assert told(tmp_path, body, ledger_yaml=ledger) == ["no-such-person 1:44"]
    assert told(tmp_path, f"known: 2025-01-01\n{body}", ledger_yaml=ledger) == []


def test_a_scenario_that_is_not_there(tmp_path: Path) -> None:
    """The file itself is opened like any file; a variant that is not there is a wrong call."""
    with pytest.raises(FileNotFoundError):
        read_scenario(tmp_path / "nothing.yaml")
    write(tmp_path, "")
    with pytest.raises(UnknownVariantError, match="did you mean 'no-plans'"):
        read_scenario(tmp_path / "exit.yaml", "no-plan")
    assert read_variants(write(tmp_path, "")) == {}


@pytest.mark.parametrize("text", ["", "# only a remark\n", "- a\n", "orgsim: ledger/1\n", "\x00", "a: [", "\ufeff"])
def test_what_is_no_scenario_is_told(tmp_path: Path, text: str) -> None:
    """An empty file, a list, a ledger: each is told, and what to write instead speaks of scenarios."""
    path = write(tmp_path, text, head="")
    with pytest.raises(OrgsimError) as error:
        read_scenario(path)
    assert "ledger/1'" not in "".join(p.hint or "" for p in error.value.problems)


def test_the_head_of_these_tests_is_right(tmp_path: Path) -> None:
    """Lines are counted from the first of the body."""
    assert HEAD.count("\n") == 5
    assert told(tmp_path, "x: 1\n") == ["unknown-key 1:1"]
