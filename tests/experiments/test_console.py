"""Tables in narrow terminals and with hostile words: nothing is cut off, and data is never markup."""

import math
import re
from pathlib import Path
from types import SimpleNamespace

import attrs
import pytest

from orgsim.console.outcome import comparison_tables, outcome_tables
from orgsim.console.progress import progress_bar, too_large
from orgsim.console.terminal import show
from orgsim.experiments.experiment import Progress, run_experiment
from orgsim.experiments.outcome import Outcome
from orgsim.scenario.model import Assumption, Cost, Precision, Reporting
from tests.experiments import toy


@pytest.fixture
def outcome() -> Outcome:
    """A toy with a variant, an assumption and words that are meant to be markup."""
    scenario = toy.scenario(replications=150, assumptions=(Assumption("[bold]All\x1b[31m leave[/]", "a [red] guess"),))
    scenario = attrs.evolve(scenario, title="A [blink]toy[/blink] \x07")
    return run_experiment(scenario, variants={"b": toy.scenario("mean=93")}, model=toy.MODEL, executor="serial")


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_nothing_is_cut_off(outcome: Outcome, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """No line is longer than the width, no number is broken, and nothing is left out unless a line says so."""
    monkeypatch.setenv("COLUMNS", str(width))
    text = show(outcome_tables(outcome))
    assert max(map(len, text.splitlines())) <= width
    monkeypatch.setenv("COLUMNS", "300")
    wide = show(outcome_tables(outcome))
    assert ("no room for" in text) == (width < 80)
    if width >= 80:
        assert sorted(re.sub(r"\s", "", text)) == sorted(re.sub(r"\s", "", wide))
    if width >= 60:
        assert set(re.findall(r"[\d.,]+", text)) <= set(re.findall(r"[\d.,]+", wide))


def test_words_are_never_markup(outcome: Outcome) -> None:
    """Brackets are shown, and control characters are spelled out."""
    text = show(outcome_tables(outcome))
    assert "A [blink]toy[/blink] \\u0007" in text
    assert "[bold]All\\u001b[31m leave[/]  a [red] guess" in text
    assert "\x1b" not in text


def test_a_scenario_may_choose_what_is_shown() -> None:
    """Names, names of series, or what stands before a post."""
    for chosen, shown, hidden in (
        (("gap_days",), "gap_days/ceo", "departures"),
        (("headcount",), "headcount", "departures"),
        (("headcount@2024-02-01",), "2024-02-01", "2024-03-01"),
    ):
        scenario = toy.scenario(replications=20, report=Reporting(measures=chosen))
        text = show(outcome_tables(run_experiment(scenario, model=toy.MODEL, executor="serial")))
        assert shown in text
        assert hidden not in text


def no_number(_world: toy.World, _replication: toy.Replication) -> dict[str, float]:
    """A measure that no replication has."""
    return {"gap_days/ceo": math.nan}


def test_precision_is_told() -> None:
    """Whether it was reached, and in what; if not, how wide the interval is, may be, and what that takes."""
    for half_width, said in (
        (0.1, "precise enough: gap_days/ceo within ±10 % of its mean"),
        (0.001, r"not precise enough yet: gap_days/ceo is \d+ ±3 days, and ±0.1 % of its mean was asked for, which is"),
        (0.001, r"which is ±0\.\d+; that takes about \d\d,000 replications"),
    ):
        scenario = toy.scenario(replications=Precision("gap_days/ceo", half_width, 20, 40))
        text = show(outcome_tables(run_experiment(scenario, model=toy.MODEL, executor="serial")))
        assert re.search(said, " ".join(text.split()))
    scenario = toy.scenario(replications=Precision("gap_days/ceo", 0.1, 1, 1))
    nothing = run_experiment(scenario, model=attrs.evolve(toy.MODEL, measure=no_number), executor="serial")
    assert "gap_days/ceo has no number in any replication" in show(outcome_tables(nothing))


@pytest.mark.parametrize(
    ("mean", "shown"), [(123456789, "million EUR +123.45"), (2345678, "thousand EUR +2,345"), (2345, "EUR +2,3")]
)
def test_large_amounts_are_in_thousands_or_millions(mean: int, shown: str) -> None:
    """Of money only, so that the numbers can be read."""
    scenario = toy.scenario(f"mean={mean}", replications=20, cost=Cost("EUR", ()))
    outcome = run_experiment(scenario, model=attrs.evolve(toy.MODEL, measure=toy.costs), executor="serial")
    assert re.search(f"cost +{shown}", show(outcome_tables(outcome)))


def test_common_replications_are_told() -> None:
    """Of two results with different numbers, how many count."""
    long, short = (run_experiment(toy.scenario(), model=toy.MODEL, executor="serial", replications=n) for n in (30, 20))
    text = show(comparison_tables(short, long, "short", "long"))
    assert "short − long  the first 20 replications of 20 and 30" in text
    assert "No replication differs in any of these measures." in text


@pytest.mark.parametrize(
    ("here", "total", "size", "said"),
    [
        (100, 86_000, 800, None),
        (100, 10**6, 800, "1,000,000 replications take about 12 more days; Ctrl-C stops"),
        (100, 129_000, 800, "about 1 more day;"),
        (100, 80_000, 8 * 10**6, "take 6 GB of memory and disk, where there are 5; Ctrl-C stops"),
        (1, 10**9, 1000, "take about 1,157,407 more days and 1,000 GB of memory and disk, where there are 5;"),
    ],
)
def test_what_would_take_days_or_more_room_than_there_is_is_told(
    here: int, total: int, size: int, said: str | None
) -> None:
    """By plain proportion: 100 replications in 100 seconds are 86,400 in a day."""
    found = too_large(Progress(here, total, total, total, here=here, size=size), 100.0, 5e9)
    assert (said is None and found is None) or (said is not None and found is not None and said in found)


def test_the_pace_is_that_of_what_was_done_now() -> None:
    """And not of what was there before an interruption."""
    state = Progress(1_000_100, 2_000_100, 2_000_100, 2_000_100, here=100, size=800)
    assert "about 12 more days" in (too_large(state, 100.0, 5e9) or "")


def test_it_is_told_once_and_also_in_a_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After ten seconds, when the pace is known; a small experiment says nothing."""
    seconds = iter(range(0, 1000, 4))
    monkeypatch.setattr("orgsim.console.progress.time", SimpleNamespace(monotonic=lambda: next(seconds)))
    for total, times in ((10**9, 1), (1000, 0)):
        with progress_bar(tmp_path) as tell:
            said = []
            for done in range(1, 9):
                tell(Progress(done, total, total, total, here=done, size=8 * done))
                said.append(capsys.readouterr().err)
        assert [text.count("note: at this pace") for text in said] == [0, 0, times, 0, 0, 0, 0, 0]
        assert "".join(said).count("\n") == times


def searches(world: toy.World, _: toy.Replication) -> dict[str, float]:
    """Searches that take longer by and by, and how many have not ended."""
    return {"time_to_fill": world.word("mean", 100), "time_to_fill/open": world.word("noise", 0)}


@pytest.mark.parametrize(("a", "b", "said"), [(0.46, 0.04, "46 % (long) and 4 % (short)"), (0.04, 0.0, None)])
def test_searches_that_go_on_are_told(a: float, b: float, said: str | None) -> None:
    """Where more than one in twenty is open at the end, a note under the time to fill says so, and no row does."""
    model = attrs.evolve(toy.MODEL, measure=searches)
    long, short = (
        run_experiment(toy.scenario(f"noise={share} mean={mean}"), model=model, executor="serial", replications=20)
        for share, mean in ((a, 90), (b, 80))
    )
    text = " ".join(show(outcome_tables(long)).split())
    note = "time_to_fill: only of what ended; on average"
    assert "time_to_fill/open" not in text
    assert (f"{note} 46 % were still open at the end" in text) == (note in text) == bool(said)
    both = " ".join(show(comparison_tables(long, short, "long", "short")).split())
    assert (note in both) == bool(said)
    assert said is None or f"{note} {' and '.join(reversed(said.split(' and ')))} were still open" in both
    assert "% of searches" in show(comparison_tables(long, short, "long", "short", ["time_to_fill/open"]))
