"""Laws read from scenarios have the parameters that their names promise; the truth is in closed form."""

import math
from pathlib import Path

import pytest

from orgsim.laws import DurationLaw, HazardLaw
from tests.scenario.files import scenario, told

YEAR = 365.25


def takes(folder: Path, law: str) -> DurationLaw:
    """The law of a stage."""
    hiring = scenario(
        folder, f"hiring: {{stages: [{{id: s, takes: {law}}}]}}\n", times_csv="duration\n# seen\n30 d\n10 d\n"
    ).hiring
    assert hiring is not None
    return hiring.stages[0].takes


def hazard(folder: Path, law: str) -> HazardLaw:
    """The law of a cause."""
    table = "from,rate\n0 y,20 % / y\n1 y,10 % / y\n"
    return scenario(folder, f"attrition: {{resignation: {law}}}\n", rates_csv=table).attrition[0].rules[0].law


@pytest.mark.parametrize(
    ("law", "at", "days"),
    [
        ("90 d", 0.3, 90),
        ("{exponential: {mean: 45 d}}", 0.5, 45 * math.log(2)),
        ("{exponential: 45 d}", 0.5, 45 * math.log(2)),
        ("{lognormal: {median: 60 d, p90: 130 d}}", 0.5, 60),
        ("{lognormal: {median: 60 d, p90: 130 d}}", 0.9, 130),
        ("{lognormal: {median: 60 d, sigma: 1}}", 0.9, 60 * math.exp(1.2815515655446004)),
        ("{weibull: {shape: 2, scale: 50 d}}", 1 - math.exp(-1), 50),
        ("{uniform: [20 d, 40 d]}", 0.25, 25),
        ("{empirical: [30 d, 10 d]}", 0.25, 10),
        ("{empirical: times.csv}", 0.75, 30),
    ],
)
def test_a_duration_law_has_the_quantiles_it_says(tmp_path: Path, law: str, at: float, days: float) -> None:
    """The median is the median, one in ten is over the p90, and so on."""
    assert takes(tmp_path, law).quantile(at) == pytest.approx(days, rel=1e-9)


@pytest.mark.parametrize(
    ("law", "age", "yearly"),
    [
        ("15 % / y", 0, 1 - math.exp(-0.15)),
        ("{annual_probability: 15 %}", 3, 0.15),
        ("{weibull: {shape: 1, mean: 5 y}}", 2, 1 - math.exp(-0.2)),
        ("{weibull: {shape: 2, scale: 2 y}}", 1, 1 - math.exp(-(1 - 0.25))),
        ("{lognormal: {median: 1 y, p90: 3 y}}", 0, 0.5),
        ("{piecewise: [{until: 1 y, rate: 20 % / y}, {rate: 10 % / y}]}", 0.5, 1 - math.exp(-0.15)),
        ("{table: rates.csv}", 0.5, 1 - math.exp(-0.15)),
        ("{rules: [{hazard: 15 % / y}]}", 0, 1 - math.exp(-0.15)),
    ],
)
def test_a_hazard_law_has_the_yearly_chance_it_says(tmp_path: Path, law: str, age: float, yearly: float) -> None:
    """A rate is instantaneous, an annual probability is what it says, the others follow."""
    assert hazard(tmp_path, law).yearly(age * YEAR) == pytest.approx(yearly, rel=1e-9)


def test_a_weibull_law_has_the_mean_it_is_given(tmp_path: Path) -> None:
    """The scale follows from mean and shape by the gamma function."""
    assert takes(tmp_path, "{weibull: {shape: 0.8, mean: 60 d}}").mean() == pytest.approx(60)


@pytest.mark.parametrize(
    ("law", "rule"),
    [
        ("{lognormal: {median: 60 d}}", "bad-law"),
        ("{lognormal: {median: 60 d, p90: 130 d, sigma: 1}}", "bad-law"),
        ("{lognormal: {median: 60 d, p90: 60 d}}", "bad-law"),
        ("{lognormal: {median: 1 d, p90: 9999 d}}", "bad-law"),
        ("{weibull: {shape: 0.01, mean: 60 d}}", "bad-law"),
        ("{weibull: {shape: 1}}", "bad-law"),
        ("{weibull: {mean: 60 d}}", "missing-key"),
        ("{uniform: [40 d, 20 d]}", "bad-law"),
        ("{uniform: [40 d]}", "bad-law"),
        ("{uniform: 40 d}", "wrong-shape"),
        ("{empirical: []}", "missing-value"),
        ("{exponential: 0 d}", "bad-duration"),
        ("{}", "bad-law"),
        ("[]", "wrong-shape"),
        ("15 % / y", "bad-duration"),
        ("{exponential: 45 d, uniform: [20 d, 40 d]}", "bad-law"),
    ],
)
def test_a_law_that_is_none_is_told(tmp_path: Path, law: str, rule: str) -> None:
    """Parameters that are missing, too many, or do not fit are told once."""
    found = told(tmp_path, f"hiring: {{stages: [{{id: s, takes: {law}}}]}}\n")
    assert [problem.split()[0] for problem in found] == [rule]


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("from;rate\n0 y;1 % / y\n", 1),
        ("", 1),
        ("from,rate\n", 1),
        ("from,rate\n0 y\n", 2),
        ("# seen\nfrom,rate\n\n0 y,1 % / y\n1,1 % / y\n", 5),
    ],
)
def test_a_table_that_is_none_is_told_with_its_line(tmp_path: Path, table: str, line: int) -> None:
    """Problems of a table point into the table."""
    body = "attrition: {resignation: {table: rates.csv}}\n"
    found = told(tmp_path, body, rates_csv=table)
    assert found == [f"bad-table {line - 5}:1"]
