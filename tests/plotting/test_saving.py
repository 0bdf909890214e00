"""Pictures are files: the same bytes every time, nothing global touched, plain words when they cannot be written."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib as mpl
import pytest
from PIL import Image

from orgsim import cli
from orgsim.errors import UserError
from orgsim.plotting import leadership, paper, plot_chart, plot_gaps, save_picture
from orgsim.reading.reader import read
from tests.plotting.pictures import HOSTILE, ONE, STORY, day, hostile_ledger

KINDS = ("chart", "headcount", "gaps", "tenure", "succession", "flows")


ALL = """\
import sys
from orgsim.cli import cli
for kind in {kinds!r}:
    for ending in ("svg", "png"):
        when = ["--at", "2024-09-26"] if kind in ("chart", "succession") else []
        cli.main(["plot", kind, {story!r}, "-o", f"{{sys.argv[1]}}-{{kind}}.{{ending}}", *when], standalone_mode=False)
"""


@pytest.mark.slow
def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    """Whatever the order of sets, and whatever matplotlib is told to look like at home; and only files are told of."""
    (tmp_path / "matplotlibrc").write_text("font.size: 31\nlines.linewidth: 9\nsvg.fonttype: none\naxes.grid: True\n")
    code = ALL.format(kinds=KINDS, story=STORY)
    for seed, home in (("1", {}), ("2", {"MATPLOTLIBRC": str(tmp_path)})):
        environment = {**os.environ, "PYTHONHASHSEED": seed, **home}
        command = [sys.executable, "-c", code, seed]
        done = subprocess.run(command, capture_output=True, cwd=tmp_path, env=environment, text=True, check=False)
        told = "".join(f"wrote {seed}-{kind}.{ending}\n" for kind in KINDS for ending in ("svg", "png"))
        assert (done.returncode, done.stdout, done.stderr) == (0, told, "")
    for kind in KINDS:
        for ending in ("svg", "png"):
            one, other = (tmp_path / f"{seed}-{kind}.{ending}" for seed in (1, 2))
            assert one.read_bytes() == other.read_bytes(), kind


def test_the_pictures_of_the_documentation_are_those_that_make_draws() -> None:
    """Every picture a page shows is there, and `make pictures` draws every one that is there."""
    root = Path(__file__).parents[2]
    drawn = set(re.findall(r"docs/pictures/(\S+)", (root / "Makefile").read_text("utf-8")))
    pages = [root / "README.md", *(root / "docs").rglob("*.md")]
    shown = {name for page in pages for name in re.findall(r"pictures/([\w.-]+\.svg)\)", page.read_text("utf-8"))}
    assert shown <= drawn
    assert drawn == {file.name for file in (root / "docs" / "pictures").iterdir()}


def test_a_picture_has_no_date_and_no_version(tmp_path: Path) -> None:
    """Neither the day on which it was drawn nor with what."""
    for ending in ("svg", "pdf"):
        save_picture(plot_chart(ONE.chart(day("2021-01-01"))), tmp_path / f"one.{ending}")
        data = (tmp_path / f"one.{ending}").read_bytes()
        assert mpl.__version__.encode() not in data
        assert b"CreationDate" not in data
        assert b"<dc:date>" not in data
    save_picture(plot_chart(ONE.chart(day("2021-01-01"))), tmp_path / "one.png")
    with Image.open(tmp_path / "one.png") as image:
        assert "Software" not in image.info


def test_a_picture_tells_its_title(tmp_path: Path) -> None:
    """To those who hear it: SVG has an element for that, and a hostile title is text there too."""
    for ledger, at, title in ((ONE, "2021-01-01", "Acme"), (hostile_ledger(), "2021-01-01", HOSTILE[0])):
        save_picture(plot_chart(ledger.chart(day(at)), organization="acme"), tmp_path / "x.svg")
        root = ET.parse(tmp_path / "x.svg").getroot()  # noqa: S314 - we wrote it a moment ago
        assert root.findtext("{http://www.w3.org/2000/svg}title") == title


def test_nothing_global_is_touched(tmp_path: Path) -> None:
    """Drawing and saving leave the user's settings as they were, and never load pyplot."""
    code = (
        "import matplotlib, sys, orgsim, datetime as dt\n"
        "matplotlib.rcParams['font.size'] = 17\n"
        "def settings():  # asking for the backend would choose one, and load pyplot\n"
        "    return {key: value for key, value in matplotlib.rcParams.copy().items() if key != 'backend'}\n"
        "before = settings()\n"
        f"ledger = orgsim.read({STORY!r})\n"
        "ax = orgsim.plot_chart(ledger.chart(dt.date(2024, 9, 26)))\n"
        f"orgsim.save_picture(ax, {str(tmp_path / 'x.svg')!r})\n"
        "ledger.chart(dt.date(2024, 9, 26))._repr_svg_()\n"
        "after = settings()\n"
        "assert after == before, [key for key in after if after[key] != before[key]]\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_gray_is_enough(tmp_path: Path) -> None:
    """Held, acting and vacant differ in lightness or have an outline that does, and every text can be read in gray."""

    def lightness(color: str) -> float:
        channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue  # relative luminance, WCAG 2.1

    def contrast(one: str, other: str) -> float:
        high, low = sorted((lightness(one), lightness(other)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    for text in (paper.INK, paper.SOFT, paper.ALARM, *paper.HUES):
        assert contrast(text, paper.PAPER) >= (4.5 if text in (paper.INK, paper.SOFT, paper.ALARM) else 3)
    for fill in (paper.HELD, paper.COVER, paper.WASH):
        assert contrast(paper.INK, fill) >= 7
        assert contrast(paper.ALARM, fill) >= 3, "the outline of a gap is seen beside any bar"
    save_picture(plot_gaps(leadership(read(STORY))), tmp_path / "gaps.png")
    with Image.open(tmp_path / "gaps.png") as image:
        darkest, lightest = image.convert("L").getextrema()
    assert (darkest, lightest) == (26, 255), "from ink to paper"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("gaps", "x.jpg"), (2, "end its name in .svg, .png or .pdf")),
        (("gaps", "x"), (2, "cannot write a picture to 'x'")),
        (("gaps", "no/such/x.svg"), (4, "No such file")),
        (("gaps", "x.svg", "--at", "2024-01-01"), (2, "--at is not for 'gaps', which takes --from, --to")),
        (("chart", "x.svg", "--from", "2024-01-01"), (2, "--from is not for 'chart'")),
        (("gaps", "x.svg", "--post", "ceoo"), (2, "did you mean 'coo' or 'ceo'?")),
        (("flows", "x.svg", "--from", "2024-01-01", "--to", "2023-01-01"), (2, "must begin before it ends")),
        (("headcount", "x.svg", "--from", "1000-01-01", "--every", "day"), (2, "more than 2,000 times")),
        (("chart", "x.svg", "--organization", "research-org"), (2, "no organization")),
        (("tenure", "x.svg", "--organization", "opnai"), (2, "did you mean 'openai'")),
        (("pie", "x.svg"), (2, "'pie' is not one of")),
    ],
)
def test_wrong_calls_end_in_a_sentence(
    words: tuple[str, ...],
    expected: tuple[int, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No traceback, and an exit code that says what kind of mistake it was."""
    kind, out, *rest = words
    status, said = expected
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["orgsim", "plot", kind, STORY, "-o", out, *rest])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == status
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("x*"))


def test_what_could_not_be_drawn_is_said_on_stderr(tmp_path: Path) -> None:
    """One note, and the picture is written all the same."""
    ledger = tmp_path / "l.yaml"
    ledger.write_text(
        "orgsim: ledger/1\norganization: acme\nevents:\n"
        "- {date: 2020-01-01, event: open-unit, unit: acme, name: Acme}\n"
        "- {date: 2020-01-01, event: hire, person: ko, name: \U00010000\U00010001}\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "orgsim", "plot", "chart", str(ledger), "-o", "x.svg", "--at", "2020-02-01"]
    done = subprocess.run(command, capture_output=True, cwd=tmp_path, text=True, check=False, timeout=60)
    assert done.returncode == 0
    assert (tmp_path / "x.svg").exists()
    if done.stderr:  # a font here may have Linear B
        assert done.stderr.startswith("orgsim: note: No installed font")
        assert done.stderr.count("\n") == 1


def test_a_bitmap_too_large_is_refused(tmp_path: Path) -> None:
    """With the way out."""
    ax = paper.sheet(40_000, 100)
    with pytest.raises(UserError, match=r"\.svg or \.pdf"):
        save_picture(ax, tmp_path / "x.png")
