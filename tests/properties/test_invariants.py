"""The guards of the property tests bite: every invariant, and the comparison with the naive ledger."""

import ast
import datetime as dt
from pathlib import Path
from typing import Any, cast

import attrs
import pytest

from orgsim import events as ev
from orgsim.chart import OrgChart
from orgsim.dates import When
from orgsim.ledger import Ledger
from tests.properties.comparing import differences
from tests.properties.invariants import INVARIANTS
from tests.properties.naive_facts import Facts


class Altered:
    """A chart that gives other answers to some questions."""

    def __init__(self, chart: OrgChart, **answers: object) -> None:
        self._chart, self._answers = chart, answers

    def __getattr__(self, name: str) -> object:
        """The altered answer, or that of the chart."""
        if name not in self._answers:
            return getattr(self._chart, name)
        answer = self._answers[name]
        return (lambda *_, **__: answer) if callable(getattr(type(self._chart), name)) else answer


@pytest.fixture(scope="module")
def chart() -> OrgChart:
    """A chart with something of everything: a personal post, a board, somebody acting, on leave, a gap."""
    on = When.on(dt.date(2024, 1, 1))
    return Ledger([
        ev.OpenUnit(date=on, unit="acme"),
        ev.OpenUnit(date=on, unit="team", parent="acme"),
        ev.OpenUnit(date=on, unit="board", parent="acme", unit_kind="board"),
        ev.CreatePost(date=on, post="ceo", unit="acme", heads="acme"),
        ev.CreatePost(date=on, post="cto", unit="team", reports_to="ceo"),
        ev.CreatePost(date=on, post="gap", unit="team", reports_to="acme"),
        ev.CreatePost(date=on, post="chair", unit="board"),
        *(ev.Hire(date=on, person=person, organization="acme") for person in ("ann", "bob", "cho")),
        ev.Appoint(date=on, person="ann", post="ceo"),
        ev.Appoint(date=on, person="ann", post="chair", primary=True),
        ev.Appoint(date=on, person="bob", post="cto"),
        ev.Appoint(date=on, person="bob", post="gap", acting=True),
        ev.Report(date=on, post="cto", to="chair", line="dotted"),
        ev.StartLeave(date=on, person="ann"),
    ]).chart(on.day)  # fmt: skip


def _post(chart: OrgChart, id_: str, **changes: Any) -> OrgChart:
    """The chart with one post changed in the list of posts."""
    return _altered(chart, posts=tuple(attrs.evolve(p, **changes) if p.id == id_ else p for p in chart.posts))


def _altered(chart: OrgChart, **answers: object) -> OrgChart:
    """The chart with other answers."""
    return cast("OrgChart", Altered(chart, **answers))


def _wrong(chart: OrgChart, name: str) -> OrgChart:
    """The chart altered so that the invariant of this name is broken."""
    ceo, ann = chart.post("ceo"), chart.person("ann")
    line = chart.post("cto").lines[0]
    match name:
        case "no_more_holders_than_seats":
            return _post(chart, "ceo", holders=ceo.holders * 2)
        case "posts_are_in_open_units":
            return _post(chart, "ceo", heads="nowhere")
        case "ids_are_one_set":
            return _post(chart, "cho/acme", id="team")
        case "people_and_posts_agree" | "whoever_holds_is_there":
            return _altered(chart, people=())
        case "primary_post_comes_first":
            return _altered(chart, posts_of=(ceo, chart.post("chair")), people=(ann,))
        case "one_answers_for_a_post":
            return _altered(chart, holder="cho")
        case "employees_hold_a_post":
            return _altered(
                chart, people=(attrs.evolve(chart.person("cho"), posts=()),), person=attrs.evolve(ann, posts=())
            )
        case "holders_are_employed":
            return _altered(chart, person=attrs.evolve(ann, employments=()))
        case "personal_posts_are_needed":
            return _post(chart, "cho/acme", holders=())
        case "employers_are_organizations":
            return _altered(chart, organizations=())
        case "only_employees_are_on_leave":
            return _altered(chart, people=(attrs.evolve(ann, employments=()),))
        case "headcounts_add_up":
            return _altered(chart, headcount=2)
        case "at_most_one_solid_line":
            return _post(chart, "cto", lines=(line, line))
        case "lines_end_somewhere":
            return _post(chart, "cto", lines=(attrs.evolve(line, to="cto"),))
        case "solid_lines_form_a_forest":
            return _altered(chart, manager_post=ceo)
        case "reports_mirror_managers":
            return _altered(chart, reports=())
        case "dotted_reports_mirror_lines":
            return _altered(chart, reports=(ceo,))
        case "chains_end":
            return _altered(chart, chain=())
        case "managers_answer_for_the_post_above":
            return _altered(chart, manager="cho")
        case "units_form_a_forest":
            return _altered(chart, units=chart.units[1:])
        case "vacancies_are_the_vacant_posts":
            return _altered(chart, vacancies=())
        case "acting_are_those_who_act":
            return _altered(chart, acting=())
        case _:
            return _altered(chart, on_leave=())


@pytest.mark.parametrize("name", [invariant.__name__ for invariant in INVARIANTS])
def test_every_invariant_bites(chart: OrgChart, name: str) -> None:
    """Each invariant holds for a good chart, and notices a chart that breaks it."""
    invariant = next(invariant for invariant in INVARIANTS if invariant.__name__ == name)
    invariant(chart)
    with pytest.raises(AssertionError):
        invariant(_wrong(chart, name))


def test_a_difference_is_noticed(chart: OrgChart) -> None:
    """A chart compared with the naive facts of another moment differs."""
    assert differences(chart, Facts(set(), set(), {}))[0].startswith("posts: ")


def _leans_on(text: str) -> set[str]:
    """The modules of the package that a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module == "orgsim":
            found |= {f"orgsim.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.startswith("orgsim")}


def test_the_naive_ledger_leans_on_nothing() -> None:
    """The naive ledger knows what events are, and nothing else of the package."""
    here = Path(__file__).parent
    for file in (here.parent / "oracle.py", *here.glob("naive_*.py")):
        assert _leans_on(file.read_text(encoding="utf-8")) <= {"orgsim.events", "orgsim.dates"}, file


def test_leaning_is_noticed() -> None:
    """Every way to import a module of the package is noticed."""
    text = "import orgsim.replay\nfrom orgsim import rules\nfrom orgsim.ledger import Ledger\n"
    assert _leans_on(text) == {"orgsim.replay", "orgsim.rules", "orgsim.ledger"}
