"""Any name can be drawn in any picture: no exception, no warning, nothing off the sheet; what cannot is said."""

import datetime as dt
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes

from orgsim.ledger import Ledger
from orgsim.plotting import (
    Comparison,
    Contrast,
    Fan,
    Line,
    Series,
    Who,
    bench,
    leadership,
    lettering,
    moves,
    notes_of,
    plot_chart,
    plot_compare,
    plot_fan,
    plot_flows,
    plot_gaps,
    plot_headcount,
    plot_succession,
    plot_tenure,
    save_picture,
    staffing,
    stays,
)
from orgsim.plotting.lettering import (
    clean,
    directed,
    drawable,
    families,
    fitted,
    readable,
    undrawable,
    width_of,
    wrapped,
)
from orgsim.plotting.paper import Pen, sheet
from tests.plotting.pictures import HOSTILE, WORSE, day, hostile_ledger, outside, overlaps, said

DATES = [dt.date(2020, month, 1) for month in range(1, 13)]
DRAWN: dict[str, Callable[[Ledger], Axes]] = {
    "chart": lambda ledger: plot_chart(ledger.chart(day("2021-03-10"))),
    "headcount": lambda ledger: plot_headcount(staffing(ledger, DATES)),
    "gaps": lambda ledger: plot_gaps(leadership(ledger)),
    "tenure": lambda ledger: plot_tenure(stays(ledger)),
    "succession": lambda ledger: plot_succession(bench(ledger.chart(day("2021-03-10")))),
    "flows": lambda ledger: plot_flows(moves(ledger)),
}


@pytest.fixture(scope="module")
def hostile() -> Ledger:
    """A company in which every name has broken software."""
    return hostile_ledger()


@pytest.mark.parametrize("kind", DRAWN)
def test_hostile_names_are_drawn(kind: str, hostile: Ledger, tmp_path: Path) -> None:
    """Formulas, markup, scripts of all directions and piles of accents; warnings are errors in these tests."""
    ax = DRAWN[kind](hostile)
    assert outside(ax) == []
    assert overlaps(ax) == []
    for ending in ("svg", "png"):
        save_picture(ax, tmp_path / f"{kind}.{ending}")
    root = ET.parse(tmp_path / f"{kind}.svg").getroot()  # noqa: S314 - we wrote it a moment ago
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not tags & {"script", "img", "image", "foreignObject", "a"}


@pytest.mark.parametrize("name", [*HOSTILE, *WORSE])
def test_plain_data_may_hold_anything(name: str, tmp_path: Path) -> None:
    """Also what no ledger lets in: halves of characters, controls, marks that turn the direction, nothing at all."""
    fan = Fan(dates=DATES, quantiles={0.5: [1.0] * 12}, title=name, unit=name, source=name)
    rows = (Contrast(name=name, difference=1, low=0.5, high=2),)
    comparison = Comparison(rows=rows, title=name, measure=name, unit=name, baseline=name)
    series = Series(dates=DATES, lines=(Line(name=name, values=[1] * 12),), title=name, unit=name, note=name)
    for at, ax in enumerate((plot_fan(fan), plot_compare(comparison), plot_headcount(series))):
        save_picture(ax, tmp_path / f"{at}.svg")
        ET.parse(tmp_path / f"{at}.svg")  # noqa: S314 - we wrote it a moment ago
        assert outside(ax) == []


def test_dollars_are_no_formulas() -> None:
    """`$x_i^2$` is drawn as written."""
    pen = Pen(sheet(200, 100))
    text = pen.write(0, 0, "$x_i^2$ and \\frac")
    assert text.get_text() == "$x_i^2$ and \\frac"
    assert not text.get_parse_math()


def test_what_no_font_has_is_said_once() -> None:
    """A name in a script without a font is shown by its id, with one note for the whole picture."""
    pen = Pen(sheet(400, 100))
    linear_b = "\U00010000\U00010001"
    if not undrawable(linear_b):
        pytest.skip("a font here has Linear B")
    assert pen.name(Who(linear_b, "ko-no-so")) == "ko-no-so"
    assert pen.name(Who(f"Ada {linear_b}", "ada")) == "ada"
    assert pen.name(Who("Ada", "ada")) == "Ada"
    from orgsim.plotting.data import Picture

    pen.foot(Picture(source="a ledger"))
    (note,) = notes_of(pen.ax)
    assert "Linear" in note
    assert "by id" in note


def test_emoji_are_left_out_of_names_where_no_font_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name without its picture is still the name."""
    monkeypatch.setattr(lettering, "undrawable", lambda text: frozenset(char for char in text if char == "👩"))
    assert lettering.readable("👩 Ada", "ada") == "Ada"


def test_another_font_is_found_for_letters_the_usual_one_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first font that has them is taken, besides the usual one."""
    has = {
        "DejaVu Sans": frozenset(map(ord, "Ada")),
        "Other": frozenset(map(ord, "xyz")),
        "Kana": frozenset(map(ord, "マ")),
    }
    monkeypatch.setattr(lettering, "_families", lambda: ("Other", "Kana"))
    monkeypatch.setattr(lettering, "_has", has.__getitem__)
    families.cache_clear()
    undrawable.cache_clear()
    try:
        assert families("Ada マ") == ("DejaVu Sans", "Kana")
        assert undrawable("Ada マ王") == {"王"}
    finally:
        families.cache_clear()
        undrawable.cache_clear()


def test_lines_run_from_left_to_right() -> None:
    """A line that begins with an Arabic name still has the name on its left; a Latin line has no mark."""
    assert directed("محمد, acting").startswith("\u200e")
    assert directed("Ada, acting") == "Ada, acting"


@given(st.text(max_size=60))
def test_any_text_becomes_one_line(text: str) -> None:
    """Without controls, halves, or marks that turn the direction; and cleaning twice changes nothing."""
    line = clean(text)
    assert clean(line) == line
    assert not any(char in "\n\r\t\x00\u202e\u2066" or "\ud800" <= char <= "\udfff" for char in line)


@given(st.text("abcdefgh XYZ.ij", max_size=60), st.floats(30, 200))
def test_what_is_fitted_fits(text: str, width: float) -> None:
    """A text cut to a width is not wider, and one that fits is not cut."""
    text = clean(text)
    short = fitted(text, width, 8)
    assert width_of(short, 8) <= width
    assert short == text or width_of(text, 8) > width
    lines = wrapped(text, width, 8, 2)
    assert len(lines) <= 2
    assert all(width_of(line, 8) <= width for line in lines)


def test_piles_of_accents_are_cut() -> None:
    """At most four marks stay on a letter."""
    assert clean("e" + "\u0301" * 60) == "e" + "\u0301" * 4
    assert len(clean("a" * 5000)) == 300


def test_long_names_end_with_an_ellipsis(hostile: Ledger) -> None:
    """And none is drawn over the edge of its box."""
    assert any(word.startswith("Wolfeschlegel") and word.endswith("…") for word in said(DRAWN["succession"](hostile)))
    assert drawable("") == ""
    assert readable("", "ada") == "ada"
