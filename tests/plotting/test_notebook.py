"""In a notebook charts and differences show themselves: as HTML with every text escaped, and as a picture."""

import subprocess
import sys
from html.parser import HTMLParser

import pytest

from orgsim import display
from orgsim.differences import diff
from orgsim.plotting import notebook
from orgsim.plotting.notebook import chart_html, diff_html
from orgsim.reading.reader import read
from tests.plotting.pictures import EMPTY, STORY, day, hostile_ledger

ALLOWED = {"b", "bdi", "details", "div", "li", "p", "span", "summary", "table", "td", "th", "tr", "ul"}


class Reader(HTMLParser):
    """Reads HTML: its tags, attributes and text; every tag must be closed in its order."""

    def __init__(self, html: str) -> None:
        """Read it all."""
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text."""
        self.text += data


def test_a_chart_shows_itself() -> None:
    """As lists with vacancies, acting cover, leave, and those whose manager is not told."""
    chart = read(STORY).chart(day("2023-11-18"))
    html = chart._repr_html_()
    assert html is not None
    text = Reader(html).text
    assert "Chief Executive Officer · vacant since 17 Nov 2023 · Mira Murati acting" in text
    assert "whom they report to is not told" in text
    later = read(STORY).chart(day("2024-09-26"))._repr_html_()
    assert later is not None
    assert "Microsoft" in later, "every organization is shown"


def test_a_chart_has_a_picture() -> None:
    """As SVG."""
    svg = read(STORY).chart(day("2023-11-18"))._repr_svg_()
    assert svg is not None
    assert svg.startswith("<?xml")
    assert "Mira Murati, acting" in svg, "matplotlib notes each text beside its outlines"


def test_differences_show_themselves() -> None:
    """As a table in which people and posts have names."""
    ledger = read(STORY)
    found = diff(ledger.chart(day("2023-11-16")), ledger.chart(day("2023-11-18")))
    html = found._repr_html_()
    assert html is not None
    text = Reader(html).text
    assert "Sam Altman" in text
    assert "Chief Executive Officer" in text
    assert "sam-altman" not in text


def test_every_text_is_escaped() -> None:
    """Names full of markup bring no tag and no attribute of their own."""
    ledger = hostile_ledger()
    chart = ledger.chart(day("2021-03-10"))
    for html in (chart_html(chart), diff_html(diff(ledger.chart(day("2019-01-01")), chart))):
        read_ = Reader(html)
        assert read_.tags <= ALLOWED
        assert read_.attributes <= {"class", "open", "style"}
        assert "<script>alert(1)</script>" in read_.text


def test_the_guard_against_markup_bites() -> None:
    """An unescaped name would be noticed."""
    assert not Reader("<p><img src=x></img></p>").tags <= ALLOWED


def test_nothing_is_said_in_words() -> None:
    """An empty chart, and no difference."""
    chart = EMPTY.chart(day("2020-01-01"))
    assert "Nobody is employed" in chart_html(chart)
    assert "Nothing differs" in diff_html(diff(chart, chart))


def test_a_huge_chart_is_not_drawn_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell that ends with a chart of a million people answers at once."""
    monkeypatch.setattr(notebook, "MOST_POSTS", 3)
    chart = read(STORY).chart(day("2024-09-26"))
    assert chart._repr_svg_() is None
    assert "OrgChart at 2024-09-26" in Reader(chart_html(chart)).text


def test_charts_do_not_load_matplotlib() -> None:
    """Only drawing does."""
    code = (
        "import sys, orgsim, datetime as dt\n"
        f"chart = orgsim.read({STORY!r}).chart(dt.date(2024, 1, 1))\n"
        "assert 'matplotlib' not in sys.modules\n"
        "assert chart._repr_html_()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_without_a_drawer_a_notebook_takes_the_repr() -> None:
    """The layers below do not know what draws them."""
    assert display.shown("nothing.html", object()) is None
