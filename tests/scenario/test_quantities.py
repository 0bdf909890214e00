"""Quantities read as they are meant, and whatever could be meant in two ways is refused."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgsim.reading import scenario_values as values
from orgsim.reading.scenario_values import QUANTITIES
from orgsim.values import BadValueError

READ: dict[str, dict[str, float]] = {
    "duration": {
        "90 d": 90, "90d": 90, "1 day": 1, "2 weeks": 14, "12 w": 84, "12 m": 365.25, "6 months": 182.625, "2 y": 730.5,
        "0 d": 0, "1.5 y": 547.875,
    },
    "share": {"15 %": 0.15, "15%": 0.15, "0 %": 0, "100 %": 1, "0.5 %": 0.005},
    "percent": {"150 %": 1.5},
    "rate": {"15 % / y": 0.15 / 365.25, "15%/y": 0.15 / 365.25, "1 % / d": 0.01, "200 % / y": 2 / 365.25},
    "yearly": {"60 % / y": 0.6, "5 % / m": 0.6, "10 % / y": 0.1},
    "factor": {"0.7": 0.7, "0": 0, "3": 3},
    "amount": {"15000": 15000, "0.5": 0.5},
    "seed": {"0": 0, "20260105": 20260105, "9223372036854775807": 2**63 - 1},
}  # fmt: skip
REFUSED = {
    "duration": [
        "90",
        "-90 d",
        "nan",
        "inf d",
        "1e3 d",
        "12:30",
        "1_000 d",
        "d",
        "",
        "90 h",
        "1,5 d",
        "٣ d",
        "90 d ",
        "1001 y",
    ],
    "positive-duration": ["0 d", "0.0 y"],
    "share": ["15", "0.15", "101 %", "-1 %", "nan %", "1e1 %", "%", "15 % / y", "15 pct"],
    "chance": ["0 %"],
    "yearly-chance": ["100 %", "110 %"],
    "part": ["0 %", "100 %"],
    "rate": ["15 %", "15", "15 / y", "-15 % / y", "nan % / y", "15 % / h", "15 % y", "0.15"],
    "factor": ["-1", "nan", "inf", "1e3", "70 %", "1,5", "0x10", "+1", ".5"],
    "positive-factor": ["0"],
    "amount": ["-5", "15 000", "15,000", "15000 EUR", "1e4"],
    "currency": ["euros", "eur", "€", "EURO"],
    "seed": ["1e3", "-1", "9223372036854775808", "0x10", "1.5", ""],
    "cause": ["resign", "", "Resignation"],
}


@pytest.mark.parametrize(("kind", "text", "value"), [(k, t, v) for k, row in READ.items() for t, v in row.items()])
def test_a_quantity_reads_as_what_it_says(kind: str, text: str, value: float) -> None:
    """Durations are days, shares fractions, rates per day."""
    assert QUANTITIES[kind].parse(text) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, row in REFUSED.items() for text in row])
def test_what_is_none_is_refused_with_a_remedy(kind: str, text: str) -> None:
    """A missing unit, a sign, an exponent, not-a-number: each is told, with what to write."""
    with pytest.raises(BadValueError) as refused:
        QUANTITIES[kind].parse(text)
    assert refused.value.hint


@pytest.mark.parametrize("parse", [values.duration, values.share, values.rate, values.yearly, values.factor])
@given(text=st.one_of(st.text(max_size=12), st.from_regex(r"[-+0-9.eE_ %/dwmynaif:]{0,14}", fullmatch=True)))
def test_any_text_is_a_finite_number_from_0_on_or_refused(parse: Callable[[str], float], text: str) -> None:
    """No text whatever gives a negative, infinite or undefined quantity."""
    try:
        number = parse(text)
    except BadValueError:
        return
    assert math.isfinite(number)
    assert number >= 0
