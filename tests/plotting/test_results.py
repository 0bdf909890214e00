"""Pictures of results: what they show is what the outcome says, and what cannot be said is said in words."""

import datetime as dt
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner

from orgsim.cli import cli
from orgsim.cli.pictures import plot
from orgsim.errors import UnknownIdError
from orgsim.experiments.compare import compare
from orgsim.experiments.experiment import run_experiment
from orgsim.experiments.outcome import Outcome
from orgsim.plotting import Comparison as Shown
from orgsim.plotting import (
    Comparisons,
    Contrast,
    Fan,
    Fans,
    Period,
    contrasts,
    futures,
    plans,
    plot_compare,
    plot_fan,
    plot_succession,
)
from orgsim.plotting.notebook import comparisons_html, outcome_html, outcome_svg
from orgsim.reading.scenario import read_scenario, read_variants
from tests.experiments import toy
from tests.plotting.pictures import HOSTILE, WORSE, marked, outside, overlaps, said

AUTUMN = Path(__file__).parents[2] / "scenarios" / "autumn-2024.yaml"
LEDGER = """\
orgsim: ledger/1
organization: acme
events:
- {date: 2020-01-01, event: open-unit, unit: acme, name: Acme}
- {date: 2020-01-01, event: create-post, post: ceo, title: Chief Executive, reports_to: none, critical: true}
- {date: 2020-01-01, event: create-post, post: cto, title: Chief Technology Officer, reports_to: ceo, critical: true}
- {date: 2020-01-01, event: hire, person: ada, name: Ada Rossi}
- {date: 2020-01-01, event: hire, person: ben, name: Ben Okafor}
- {date: 2020-01-01, event: hire, person: cyd, name: Cyd Lindqvist}
- {date: 2020-01-01, event: appoint, person: ada, post: ceo}
- {date: 2020-01-01, event: appoint, person: ben, post: cto}
- {date: 2023-06-01, event: depart, person: cyd}
"""
SCENARIO = """\
orgsim: scenario/1
title: Leaders leave
ledger: ledger.yaml
from: 2024-01-01
until: 2025-01-01
replications: 100
seed: 1
attrition: {resignation: {rules: [{hazard: 50 % / y}]}}
succession:
  plans: {ceo: {successors: [{person: ben, ready: soon, rated: 2023-05-01}], emergency: ben}, cto: {successors: [ben]}}
  readiness: {soon: {uniform: [1 y, 2 y]}}
hiring: {stages: [{id: search, takes: {lognormal: {median: 60 d, p90: 130 d}}}]}
variants:
  stay: {interventions: [{id: bonus, from: 2024-03-01, until: 2024-09-01, hazards: {resignation: 0.2}}]}
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger, a scenario and a result."""
    folder = tmp_path_factory.mktemp("company")
    (folder / "ledger.yaml").write_text(LEDGER)
    (folder / "exits.yaml").write_text(SCENARIO)
    run(folder, 100, folder / "result")
    return folder


def run(company: Path, replications: int, folder: Path | None = None) -> Outcome:
    """The scenario and its variant, so many times."""
    path = company / "exits.yaml"
    return run_experiment(
        read_scenario(path),
        variants=read_variants(path),
        executor="serial",
        replications=replications,
        folder=folder,
    )


@pytest.fixture(scope="module")
def outcome(company: Path) -> Outcome:
    """A hundred futures."""
    return run(company, 100)


def test_a_fan_shows_quantiles_after_history(outcome: Outcome) -> None:
    """Quantiles are those of the outcome, and the history steps on the day when three in the ledger became two."""
    data = futures(outcome, "headcount")
    told = outcome.fan("headcount", [0.05, 0.5, 0.95])
    assert data.fans[0].dates == told.dates
    assert {q: data.fans[0].quantiles[q] for q in told.quantiles} == told.quantiles
    past = dict(data.fans[0].history)
    assert past == {dt.date(2023, 1, 1): 3, dt.date(2023, 6, 1): 2, dt.date(2024, 1, 1): 2}
    ax = plot_fan(data)
    (history, again) = marked(ax, "history")
    assert list(history.get_ydata()) == list(again.get_ydata()) == list(past.values())
    assert history.get_drawstyle() == again.get_drawstyle() == "steps-post"
    words = " ".join(said(ax))
    assert "Source: 100 replications of exits.yaml with seed 1, from ledger" in words
    assert "simulated from 1 Jan 2024" in words


def test_variants_stand_above_each_other(outcome: Outcome) -> None:
    """They need no color: each has its panel, its name, and the baseline's median dashed; periods are marked."""
    ax = plot_fan(futures(outcome, "vacancies"))
    medians = marked(ax, "median")
    heights = [line.get_transform().transform((0, 0))[1] for line in medians]
    assert heights[0] > heights[1]
    (dashed,) = marked(ax, "usual")
    assert list(dashed.get_ydata()) == list(medians[0].get_ydata())[-len(dashed.get_ydata()) :]
    assert {"baseline", "stay", "bonus"} <= set(said(ax))
    assert marked(ax, "period bonus")
    assert overlaps(ax) == []
    assert outside(ax) == []


def test_one_variant_alone(outcome: Outcome) -> None:
    """Only what is asked for is drawn, and a rate is in percent."""
    data = futures(outcome, "vacancy_rate", ["stay"])
    assert [fan.name for fan in data.fans] == ["stay"]
    assert max(data.fans[0].quantiles[0.95]) in (50.0, 100.0)
    assert "% of seats" in data.fans[0].unit


def test_one_replication_has_no_interval(company: Path) -> None:
    """The future itself is drawn, and it is said that there is no interval; a comparison says so too."""
    one = run(company, 1)
    ax = plot_fan(futures(one, "headcount"))
    assert marked(ax, "path")
    assert not marked(ax, "band")
    assert any("no quantile and no interval can be given" in word for word in said(ax))
    blocks = contrasts([("stay", one.of("stay"))], ("baseline", one), ["departures"])
    ax = plot_compare(blocks)
    assert not marked(ax, "interval")
    assert any("no interval can be given" in word for word in said(ax))
    assert "there is no interval" in outcome_html(one) or "is the same" in outcome_html(one)


def test_few_replications_tell_few_quantiles(company: Path) -> None:
    """With twenty, the quantiles of 5 % are left out, and that is said."""
    data = futures(run(company, 20), "headcount")
    assert sorted(data.fans[0].quantiles) == [0.25, 0.5, 0.75]
    assert any("20 replications are too few" in word for word in said(plot_fan(data)))


def test_no_history_where_it_would_mislead(company: Path) -> None:
    """With people whom the ledger does not name there is none, nor where only those are told who stayed."""
    scenario = read_scenario(company / "exits.yaml")
    text = (company / "ledger.yaml").read_text()
    (company / "stayed.yaml").write_text(text[: text.index("- {date: 2023-06-01")])
    (company / "exits-stayed.yaml").write_text(SCENARIO.replace("ledger.yaml", "stayed.yaml"))
    stayed = run_experiment(read_scenario(company / "exits-stayed.yaml"), executor="serial", replications=20)
    (fan,) = futures(stayed).fans
    assert (fan.history, "nobody who left before" in fan.note) == ((), True)
    more = attrs.evolve(scenario, start=dt.date(2023, 1, 1))
    assert futures(run_experiment(more, executor="serial", replications=20)).fans[0].history == ()


def test_a_result_whose_scenario_has_changed_is_drawn_without_history(company: Path, tmp_path: Path) -> None:
    """Its numbers stand, and the picture says what is missing."""
    from orgsim.experiments.experiment import read_outcome

    for name in ("ledger.yaml", "exits.yaml"):
        (tmp_path / name).write_text((company / name).read_text())
    run(tmp_path, 20, tmp_path / "result")
    (tmp_path / "exits.yaml").write_text(SCENARIO.replace("50 %", "40 %"))
    data = futures(read_outcome(tmp_path / "result"))
    assert data.fans[0].quantiles
    assert any("has changed since" in word for word in said(plot_fan(data)))


def test_a_comparison_shows_paired_differences(outcome: Outcome) -> None:
    """Differences, intervals, chances and what pairing saved are those of `compare`."""
    data = contrasts([("stay", outcome.of("stay"))], ("baseline", outcome), ["departures", "gap_days"])
    found = compare(outcome.of("stay"), outcome, "departures", "gap_days")
    for block, one in zip(data.comparisons, found, strict=True):
        (row,) = block.rows
        assert (row.difference, row.low, row.high) == (one.difference.value, one.difference.low, one.difference.high)
        assert (row.better, row.variance_reduction) == (one.better and one.better.value, one.reduction)
    ax = plot_compare(data)
    assert len(marked(ax, "interval stay")) == 2
    assert {"Departures", "Gap days", "stay"} <= set(said(ax))
    assert overlaps(ax) == []
    assert outside(ax) == []


def test_names_that_are_not_there(outcome: Outcome) -> None:
    """A measure, a series, a variant: each is refused in a sentence with those there are."""
    with pytest.raises(UnknownIdError, match="over time there are headcount, vacancies, vacancy_rate"):
        futures(outcome, "gap_days")
    with pytest.raises(UnknownIdError, match="there are headcount, departures"):
        contrasts([("stay", outcome.of("stay"))], ("baseline", outcome), ["happiness"])
    with pytest.raises(UnknownIdError, match="variant"):
        futures(outcome, "headcount", ["go"])


def test_nothing_to_show_is_said() -> None:
    """No variant, no replication, no measure."""
    assert any("no future to show" in word for word in said(plot_fan(Fans(fans=()))))
    assert any("nothing to compare" in word for word in said(plot_compare(Comparisons(comparisons=()))))


@pytest.mark.parametrize("name", [*HOSTILE, *WORSE])
def test_any_name_of_a_variant_and_a_period(name: str) -> None:
    """Names never break a picture."""
    dates = [dt.date(2024, 1, 1), dt.date(2024, 6, 1)]
    fan = Fan(dates=dates, quantiles={0.5: [1, 2]}, name=name, periods=[Period(dates[0], dates[1], name)], note=name)
    for ax in (
        plot_fan(Fans(title=name, fans=(fan, fan))),
        plot_compare(
            Comparisons(
                title=name,
                comparisons=tuple(
                    Shown(measure=name, unit=name, rows=(Contrast(name=name, difference=1, low=None, high=None),))
                    for _ in range(2)
                ),
            )
        ),
    ):
        assert outside(ax) == []


def test_words_on_a_fan_hide_no_band(outcome: Outcome) -> None:
    """From when it is simulated stands on the bands without a box of its own."""
    ax = plot_fan(futures(outcome, "vacancies"))
    words = [text for text in ax.texts if "simulated from" in text.get_text()]
    assert len(words) == 1
    assert words[0].get_bbox_patch() is None


def test_plans_are_drawn_with_ranks_ratings_and_cover(company: Path) -> None:
    """Columns are the labels of the plans; whoever is on two plans is marked; cover in an emergency is named."""
    data = plans(read_scenario(company / "exits.yaml"))
    assert data.grades == ("ready now", "soon")
    assert [(row.post, row.candidates[0].readiness) for row in data.rows] == [("ceo", "soon"), ("cto", "ready now")]
    words = said(plot_succession(data))
    spaced = {word.replace("  ", " ") for word in words}
    assert {"rated 1 May 2023", "1 Ben Okafor ×2", "in an emergency: Ben Okafor ×2"} <= spaced


def test_plans_are_told_to_be_of_the_scenario() -> None:
    """No document of the ledger names a successor: the scenario assumes them, in whatever words."""
    ax = plot_succession(plans(read_scenario(AUTUMN, "named-successors")))
    words = " ".join(said(ax))
    assert "Who is on a plan, and how ready, is assumed by the scenario. The rest is told by the ledger." in words
    assert words.count("no plan") == 4, "a post without a plan is not one that nobody is ready for"
    assert "nobody" not in said(ax)
    assert overlaps(ax) == []
    assert outside(ax) == []


def test_without_plans_nobody_is_judged() -> None:
    """A scenario without plans is drawn as a ledger is: with whoever reports to a post, not rated."""
    ax = plot_succession(plans(read_scenario(AUTUMN)))
    words = said(ax)
    assert any("The scenario holds no succession plans: shown is who reports" in word for word in words)
    assert "right beneath, not rated" in words
    assert not any("ready now" in word for word in words)
    assert "nobody" not in words


def test_notebooks_show_results(outcome: Outcome) -> None:
    """An outcome as a table and a fan, a comparison as a table, each number with its interval."""
    assert "Leaders leave" in outcome_html(outcome)
    assert "Departures" in outcome_html(outcome)
    assert (outcome_svg(outcome) or "").startswith("<?xml")
    html = comparisons_html(compare(outcome.of("stay"), outcome, "departures"))
    assert "<bdi>stay</bdi>" in html
    assert "better in" in html
    assert outcome._repr_html_ is not None


def searches(world: toy.World, replication: toy.Replication) -> dict[str, float]:
    """Searches of which so many are open at the end, and two measures that are the same."""
    days = toy.measure(world, replication)["gap_days/ceo"]
    still = {"time_to_fill/open": world.word("open") + 1e-3 * (replication.k % 2)}
    stocks = {f"headcount@2024-{month}-01": days + int(month) for month in ("01", "12")}
    return {**stocks, "gap_days": days, "uncovered_days": days, "time_to_fill": days + replication.k, **still}


@pytest.mark.parametrize("still", [0.01, 0.25])
def test_notebooks_show_no_measure_twice_and_tell_what_was_still_open_in_a_note(still: float) -> None:
    """As the terminal does; unless it is asked for."""
    model, open_ = attrs.evolve(toy.MODEL, measure=searches), f"open={still}"
    variants = {"more": toy.scenario(f"mean=90 noise=2 open={2 * still}")}
    found = run_experiment(toy.scenario(open_, replications=40), variants=variants, model=model, executor="serial")
    more = found.of("more")
    for html, shares in (
        (outcome_html(found), f"{100 * still:.0f} %"),
        (comparisons_html(compare(more, found)), f"{100 * still:.0f} % (baseline) and {200 * still:.0f} % (more)"),
    ):
        assert "<bdi>Time to fill</bdi>" in html
        assert "<bdi>Time to fill, open</bdi>" not in html
        assert "<bdi>Uncovered days</bdi>" not in html
        assert "The same: Uncovered days as Gap days." in html
        told = f"Time to fill: only of what ended; on average {shares} were still open at the end." in html
        assert told == (still > 0.05)
    asked = compare(more, found, "uncovered_days", "time_to_fill/open")
    assert "<bdi>Time to fill, open</bdi>" in comparisons_html(asked)
    assert "<bdi>Uncovered days</bdi>" in comparisons_html(asked)


CALLS = {
    "a fan": (("fan", "result"), 0, ""),
    "a comparison": (("compare", "result", "--measure", "gap_days"), 0, ""),
    "plans": (("succession", "exits.yaml", "--variant", "stay"), 0, ""),
    "no such measure": (("fan", "result", "--measure", "gap_days"), 2, "over time there are headcount"),
    "no such variant": (("fan", "result", "--variant", "sty"), 2, "did you mean 'stay'"),
    "two results": (("fan", "result", "result"), 2, "drawn of one result"),
    "an option of others": (("compare", "result", "--at", "2024-01-01"), 2, "which takes --measure, --variant"),
    "a date for plans": (("succession", "exits.yaml", "--at", "2024-01-01"), 2, "'succession' of a scenario"),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_command_draws_or_says_why_not(name: str, company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kind of source with its options."""
    words, code, text = CALLS[name]
    monkeypatch.chdir(company)
    picture = company / f"{name.replace(' ', '-')}.svg"
    done = CliRunner().invoke(plot, [*words, "-o", picture.name])
    assert done.exit_code == code, done.output
    assert text in done.output
    assert picture.exists() == (code == 0)


def test_a_picture_that_is_there_is_not_drawn_over(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless that is asked for, as with every other file that is written."""
    monkeypatch.chdir(company)
    (company / "mine.svg").write_text("mine")
    words = ["plot", "fan", "result", "-o", "mine.svg"]
    refused = CliRunner().invoke(cli, words)
    assert isinstance(refused.exception, FileExistsError)
    assert "--force writes over it" in str(refused.exception)
    assert (company / "mine.svg").read_text() == "mine"
    assert CliRunner().invoke(cli, [*words, "--force"]).exit_code == 0
    assert (company / "mine.svg").read_text().startswith("<?xml")
