"""What `orgsim explain` says is true: numbers against closed forms, people counted by hand, words to read."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from orgsim.cli import cli
from orgsim.laws import Constant, DurationLaw, ExponentialDuration, UniformDuration
from orgsim.reading.scenario import read_all, read_scenario
from orgsim.scenario.briefing import briefing
from orgsim.scenario.differing import differing
from orgsim.scenario.filling import time_to_fill, visits
from orgsim.scenario.model import Hiring, Stage
from tests.scenario.files import scenario, write

YEAR = 365.25


def brief(folder: Path, body: str) -> dict[str, Any]:
    """The briefing on a scenario with this body."""
    return briefing(scenario(folder, body))


# ----------------------------------------------------------------------------------------------------- time to fill


def stages(**laws: DurationLaw) -> tuple[Stage, ...]:
    """Stages by name."""
    return tuple(Stage(name, law) for name, law in laws.items())


def test_one_stage_is_its_own_law() -> None:
    """An exponential stage has the median ln 2 times its mean, and a p90 of ln 10 times."""
    found = time_to_fill(Hiring(stages(s=ExponentialDuration(45))))
    assert found.mean == pytest.approx(45)
    assert found.median == pytest.approx(45 * math.log(2), rel=0.01)
    assert found.p90 == pytest.approx(45 * math.log(10), rel=0.01)


def test_stages_follow_each_other() -> None:
    """Two uniform stages add up to a triangle: its p90 is 2 - sqrt(0.2) of 2."""
    found = time_to_fill(Hiring(stages(a=UniformDuration(0, 10), b=UniformDuration(0, 10)), approve_in=Constant(7)))
    assert found.median == pytest.approx(17, rel=0.01)
    assert found.p90 == pytest.approx(7 + 10 * (2 - math.sqrt(0.2)), rel=0.01)


def test_a_refused_offer_begins_again() -> None:
    """A geometric number of exponential stages is exponential, with the mean divided by the chance."""
    stage = Stage("s", ExponentialDuration(30), accept=0.4, recruiter=True)
    found = time_to_fill(Hiring((stage,)))
    assert found.mean == pytest.approx(75)
    assert found.recruiter == pytest.approx(75)
    assert found.offers == pytest.approx(2.5)
    assert found.median == pytest.approx(75 * math.log(2), rel=0.01)
    assert found.p90 == pytest.approx(75 * math.log(10), rel=0.01)


def test_going_back_repeats_what_lies_between() -> None:
    """With 78 % accepted, search and offer come 1 / 0.78 times, and notice once."""
    chain = (
        Stage("search", Constant(30), recruiter=True),
        Stage("offer", Constant(5), recruiter=True, accept=0.78, otherwise="search"),
        Stage("notice", Constant(60)),
    )
    assert visits(Hiring(chain)) == pytest.approx([1 / 0.78, 1 / 0.78, 1])
    found = time_to_fill(Hiring(chain))
    assert found.median == pytest.approx(95, rel=0.01)
    assert found.p90 == pytest.approx(95 + 35, rel=0.01)  # 0.22 are refused once or more, 0.0484 twice or more
    assert found.recruiter == pytest.approx(35 / 0.78)


# ------------------------------------------------------------------------------------------------------------- people


def test_everybody_falls_under_the_first_rule_that_matches(tmp_path: Path) -> None:
    """Ada and Ben are critical, Eva is four months there; whom none matches is told."""
    body = """\
        attrition:
          resignation:
            rules:
            - {where: {critical: true}, hazard: {weibull: {shape: 2, scale: 10 y}}}
            - {where: {tenure: {over: 1 y}}, hazard: 5 % / y}
          retirement: {clock: age, rules: [{hazard: 1 % / y}]}
        people: {eva: {born: 1980-01-01}}
        """
    resignation, retirement = brief(tmp_path, body)["attrition"]
    assert [rule["names"] for rule in resignation["rules"]] == [["Ada Rossi", "Ben Okafor"], []]
    assert resignation["matched_by_none"]["names"] == ["Eva Lindt"]
    assert resignation["rules"][0]["yearly"] is None
    ages = resignation["rules"][0]["yearly_by_age"]
    assert ages["5 y"] == pytest.approx(1 - math.exp(-(0.36 - 0.25)))
    assert resignation["rules"][1]["yearly"] == pytest.approx(1 - math.exp(-0.05))
    assert retirement["rules"][0]["names"] == ["Eva Lindt"]
    assert retirement["without_birth"]["names"] == ["Ada Rossi", "Ben Okafor"]


def test_causes_compete(tmp_path: Path) -> None:
    """With rates of 10 % and 5 %, 1 - exp(-0.15) of all leave within a year."""
    found = brief(tmp_path, "attrition: {resignation: 10 % / y, dismissal: 5 % / y}\n")["departures_first_year"]
    assert found["expected"] == pytest.approx(3 * (1 - math.exp(-0.15)))
    assert found["people"] == 3


def test_a_stationary_population_is_as_old_as_in_the_long_run(tmp_path: Path) -> None:
    """Of exponential tenures with rate 1 / y, a share exp(-2) is over two years; vacant is D / (D + M)."""
    body = """\
        population:
        - {id: rep, count: 1000, unit: sales, tenure: stationary, vacant: stationary, source: assumed}
        attrition:
          resignation: {rules: [{where: {tenure: {over: 2 y}}, hazard: 100 % / y}, {hazard: 100 % / y}]}
        hiring: {stages: [{id: s, takes: {exponential: 1 y}}]}
        """
    found = brief(tmp_path, body)
    assert found["population"][0]["people"] == pytest.approx(500)
    old = found["attrition"][0]["rules"][0]["people"] - 2  # Ada and Ben
    assert old == pytest.approx(500 * math.exp(-2), abs=10)


def test_the_load_of_recruiters_is_arrivals_times_work(tmp_path: Path) -> None:
    """A thousand seats at 15 % a year and 45 days each keep 18.48 recruiters busy: of 20, a warning is due."""
    body = """\
        population: [{id: rep, count: 1000, unit: sales, source: assumed}]
        attrition: {resignation: 15 % / y}
        hiring:
          recruiters: [{id: a, count: 20, where: {unit: sales, critical: false}}, {id: b, count: 1}]
          stages: [{id: s, takes: 45 d, recruiter: true}, {id: t, takes: 30 d}]
        """
    first, second = brief(tmp_path, body)["hiring"]["pools"]
    assert first["load"] == pytest.approx(1001 * 0.15 / YEAR * 45)  # with the head of sales
    assert first["overloaded"]
    assert second["requisitions_per_year"] == pytest.approx(2 * 0.15)
    assert not second["overloaded"]


def test_plans_are_looked_at_together(tmp_path: Path) -> None:
    """Who is ready when, who is on several plans, and which critical posts have none."""
    write(tmp_path, "")
    found = briefing(read_scenario(tmp_path / "exit.yaml"))["succession"]
    assert [(s["person"], s["ready_by"]) for s in found["plans"][0]["successors"]] == [
        ("Ben Okafor", "2025-01-01"),
        ("Eva Lindt", "2026-04-01"),  # a year and a half after the first of October 2024
    ]
    assert found["on_several_plans"] == {"Eva Lindt": ["Chief Executive", "Chief Operating Officer"]}
    assert found["critical_without_plan"] == ["Chief Technology Officer"]


# -------------------------------------------------------------------------------------------------------- differences


def differences(folder: Path, **variants: str) -> Mapping[str, list[str]]:
    """In what variants of the example differ."""
    write(folder, "")
    path = folder / "exit.yaml"
    text = path.read_text("utf-8").partition("variants:")[0]
    path.write_text(f"{text}variants:\n" + "".join(f"  {name}: {what}\n" for name, what in variants.items()), "utf-8")
    base, others = read_all(path)
    return {name: differing(base, other) for name, other in others.items()}


def test_a_variant_is_told_by_what_is_different(tmp_path: Path) -> None:
    """Nothing more than what differs, and instead of what."""
    found = differences(
        tmp_path,
        same="{title: The chief executive goes}",
        period="{until: 2026-01-01}",
        freeze="{hiring: {freezes: [{id: spring, until: 2025-06-01, pending: suspend}]}}",
        stage="{hiring: {stages: [{id: search, takes: 20 d}]}}",
        nobody="{shocks: []}",
        hazard="{attrition: {resignation: {rules: [{hazard: 9 % / y}]}, death: 1 % / y}}",
        plan="{succession: {plans: {ceo: {successors: [eva]}}, backfill: never}}",
        other="{shocks: [{id: offer, probability: 100 %}]}",
    )
    assert found == {
        "same": [],
        "period": ["until: 2026-01-01 instead of 2027-01-01"],
        "freeze": [
            "hiring.freezes spring.until: 2025-06-01 instead of 2025-07-01",
            "hiring.freezes spring.pending: suspend instead of pause",
        ],
        "stage": ["hiring.stages search.takes: 20 days instead of median 35 days, one in ten over 75 days"],
        "nobody": ["shocks offer: none"],
        "hazard": [
            (
                "attrition resignation.rules: law 9 % / y instead of law Weibull, shape 0.8, mean 8 years, where level "
                "executive, law 30 % / y, where less than 1 year there and law 15 % / y"
            ),
            "attrition death: reason death, rules law 1 % / y",
        ],
        "plan": [
            "succession.plans ceo.successors ben: none",
            "succession.plans ceo.successors eva.ready: now instead of soon",
            "succession.plans ceo.successors eva.rated: 2025-01-01 instead of 2024-10-01",
            "succession.backfill: never instead of always",
        ],
        "other": ["shocks offer.probability: 100 % instead of 70 %"],
    }


# ------------------------------------------------------------------------------------------------------- the command


def run(*words: str) -> tuple[int, str]:
    """What the command says."""
    done = CliRunner().invoke(cli, words, env={"COLUMNS": "100"})
    return done.exit_code, done.output


def test_names_cannot_drive_the_terminal(tmp_path: Path) -> None:
    """Markup and marks of direction in a title are shown, not obeyed."""
    path = write(tmp_path, "story: 'a [bold]b[/bold] \u200f'\n")
    code, output = run("explain", str(path))
    assert code == 0
    assert "[bold]b[/bold]" in output


def test_an_overload_is_said(tmp_path: Path) -> None:
    """When recruiters are nearly all busy, there is a sentence about it."""
    body = """\
        population: [{id: rep, count: 1000, unit: sales, source: assumed}]
        attrition: {resignation: 15 % / y}
        hiring:
          recruiters: [{id: a, count: COUNT}]
          stages: [{id: s, takes: 45 d, recruiter: true}]
        """
    for count, sentence in ((20, "More than 90 %: expect"), (15, "More than there are: expect"), (30, "")):
        code, output = run("explain", str(write(tmp_path, body.replace("COUNT", str(count)))))
        assert code == 0
        assert sentence in output
        assert bool(sentence) == ("expect requisitions to queue" in output)


def test_a_wrong_call_is_told(tmp_path: Path) -> None:
    """A variant that is not there is a wrong call."""
    write(tmp_path, "")
    code, output = run("explain", str(tmp_path / "exit.yaml"), "--variant", "no-plan")
    assert code == 2
    assert "did you mean 'no-plans'?" in output
    assert run("explain", "")[0] == 2


def test_json_has_it_all(tmp_path: Path) -> None:
    """The JSON is the briefing, with the variants unless one is asked for."""
    import json

    write(tmp_path, "")
    code, output = run("explain", str(tmp_path / "exit.yaml"), "--json")
    assert code == 0
    data = json.loads(output)
    assert list(data["variants"]) == ["no-freeze", "three-recruiters", "no-plans"]
    assert data["digest"] == read_scenario(tmp_path / "exit.yaml").digest
    assert (
        json.loads(run("explain", str(tmp_path / "exit.yaml"), "--json", "--variant", "no-plans")[1])["variant"]
        == "no-plans"
    )
