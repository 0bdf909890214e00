"""Pictures are files: the same bytes every time, nothing global touched, plain words when they cannot be written."""

import os
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest
from PIL import Image

from orgsim.errors import UserError
from orgsim.plotting import leadership, paper, plot_chart, plot_gaps, save_picture
from orgsim.reading.reader import read
from tests.plotting.pictures import ONE, STORY, day

KINDS = ("chart", "headcount", "gaps", "tenure", "succession", "flows")


def plot(folder: Path, kind: str, out: str, *words: str, **extra: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in a folder."""
    command = [sys.executable, "-m", "orgsim", "plot", kind, STORY, "-o", out, *words]
    environment = {**os.environ, **extra}
    return subprocess.run(command, capture_output=True, cwd=folder, env=environment, text=True, check=False, timeout=60)


@pytest.mark.parametrize("kind", KINDS)
def test_two_runs_write_the_same_bytes(kind: str, tmp_path: Path) -> None:
    """Whatever the order of sets, and whatever matplotlib is told to look like at home; and nothing is printed."""
    (tmp_path / "matplotlibrc").write_text("font.size: 31\nlines.linewidth: 9\nsvg.fonttype: none\naxes.grid: True\n")
    for ending in ("svg", "png"):
        files = []
        for seed in ("1", "2"):
            file = f"{seed}.{ending}"
            home = {"MATPLOTLIBRC": str(tmp_path)} if seed == "2" else {}
            when = ("--at", "2024-09-26") if kind in ("chart", "succession") else ()
            done = plot(tmp_path, kind, file, *when, PYTHONHASHSEED=seed, **home)
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
            files.append((tmp_path / file).read_bytes())
        assert files[0] == files[1]


def test_a_picture_has_no_date_and_no_version(tmp_path: Path) -> None:
    """Neither the day on which it was drawn nor with what."""
    for ending in ("svg", "pdf"):
        save_picture(plot_chart(ONE.chart(day("2021-01-01"))), tmp_path / f"one.{ending}")
        data = (tmp_path / f"one.{ending}").read_bytes()
        assert mpl.__version__.encode() not in data
        assert b"CreationDate" not in data
        assert b"<dc:date>" not in data
    save_picture(plot_chart(ONE.chart(day("2021-01-01"))), tmp_path / "one.png")
    assert "Software" not in Image.open(tmp_path / "one.png").info


def test_nothing_global_is_touched(tmp_path: Path) -> None:
    """Drawing and saving leave the user's settings as they were, and never load pyplot."""
    code = (
        "import matplotlib, sys, orgsim, datetime as dt\n"
        "matplotlib.rcParams['font.size'] = 17\n"
        "before = dict(matplotlib.rcParams)\n"
        f"ledger = orgsim.read({STORY!r})\n"
        "ax = orgsim.plot_chart(ledger.chart(dt.date(2024, 9, 26)))\n"
        f"orgsim.save_picture(ax, {str(tmp_path / 'x.svg')!r})\n"
        "ledger.chart(dt.date(2024, 9, 26))._repr_svg_()\n"
        "assert dict(matplotlib.rcParams) == before\n"
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
    gray = Image.open(tmp_path / "gaps.png").convert("L")
    assert min(gray.getdata()) < 60 < 240 < max(gray.getdata())


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("gaps", "x.jpg"), 2, "end its name in .svg, .png or .pdf"),
        (("gaps", "x"), 2, "cannot write a picture to 'x'"),
        (("gaps", "no/such/x.svg"), 4, "No such file"),
        (("gaps", "x.svg", "--at", "2024-01-01"), 2, "--at is not for 'gaps', which takes --from, --to"),
        (("chart", "x.svg", "--from", "2024-01-01"), 2, "--from is not for 'chart'"),
        (("gaps", "x.svg", "--post", "ceoo"), 2, "did you mean 'ceo'"),
        (("flows", "x.svg", "--from", "2024-01-01", "--to", "2023-01-01"), 2, "must begin before it ends"),
        (("gaps", "x.svg", "--from", "2030-01-01"), 2, "must begin before it ends"),
        (("headcount", "x.svg", "--from", "1000-01-01", "--every", "day"), 2, "more than 2,000 times"),
        (("chart", "x.svg", "--organization", "research-org"), 2, "no organization"),
        (("tenure", "x.svg", "--organization", "opnai"), 2, "did you mean 'openai'"),
        (("pie", "x.svg"), 2, "'pie' is not one of"),
    ],
)
def test_wrong_calls_end_in_a_sentence(words: tuple[str, ...], status: int, said: str, tmp_path: Path) -> None:
    """No traceback, and an exit code that says what kind of mistake it was."""
    kind, out, *rest = words
    done = plot(tmp_path, kind, out, *rest)
    assert done.returncode == status
    assert said in done.stderr
    assert "Traceback" not in done.stderr
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
