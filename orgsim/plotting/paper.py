"""What all pictures share: the sheet, its colors, a pen that writes any text, the head and the foot, and saving.

The colors differ in lightness too, and no meaning hangs on color alone, so that a picture reads in gray and for those
who see few colors.  Nothing here knows what is drawn.
"""

import datetime as dt
import io
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import floor, isfinite, log10
from pathlib import Path
from typing import Any

import attrs
from matplotlib import rc_context, rcParamsDefault
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from orgsim.errors import UserError
from orgsim.plotting.data import Picture, Who
from orgsim.plotting.lettering import (
    LEFT_TO_RIGHT,
    NO_BREAK,
    clean,
    directed,
    drawable,
    families,
    fitted,
    has_bold,
    readable,
    script_of,
    undrawable,
    width_of,
    wrapped,
)

INK, SOFT, LINE, GRID, PAPER = "#1a1a1a", "#595959", "#8a8a8a", "#dedede", "#ffffff"
HELD, COVER, ALARM, WASH = "#bcd3e6", "#f0b254", "#b3261e", "#f3f3f3"
"""Held posts, acting cover, whatever is missing, and a background for what stands apart."""
HUES = ("#0b5c94", "#c2560c", "#007a5c", "#8a4d7f", "#6b6b00", "#3d8fc9", "#4a4a4a")
"""Lines, after Okabe and Ito's colors for the color-blind, dark enough to write with on white."""

TITLE, BODY, SMALL = 13.0, 8.5, 7.0
"""Sizes of letters, in points."""
FORMATS: Mapping[str, Mapping[str, Any]] = {
    ".svg": {"metadata": {"Date": None, "Creator": "orgsim"}},
    ".png": {"metadata": {"Software": None}, "dpi": 160},
    ".pdf": {"metadata": {"CreationDate": None, "Creator": "orgsim", "Producer": None}},
}
POINTS = 72.0
LARGEST = 65_000
"""What the libraries that write bitmaps can hold, in pixels each way."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOTE, HEADING = "_note", "_heading"
"""The marks of texts that say what the picture could not show, and of its title."""


# -------------------------------------------------------------------------------------------------------------- sheets


def sheet(
    width: float, height: float, *, left: float = 12, right: float = 12, top: float = 12, bottom: float = 12
) -> Axes:
    """Axes of a width and height in points on a new figure, with margins around."""
    whole, high = left + width + right, bottom + height + top
    figure = Figure(figsize=(whole / POINTS, high / POINTS), facecolor=PAPER)
    axes = figure.add_axes((left / whole, bottom / high, width / whole, height / high))
    axes.set_facecolor(PAPER)
    return axes


def size_of(ax: Axes) -> tuple[float, float]:
    """The width and height of axes, in points."""
    figure = ax.get_figure(root=True)
    wide, high = figure.get_size_inches() if figure is not None else (1, 1)
    box = ax.get_position()
    return float(wide * box.width * POINTS), float(high * box.height * POINTS)


def bare(ax: Axes) -> None:
    """Axes without frame and ticks."""
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)


@contextmanager
def house_style() -> Iterator[None]:
    """While it lasts, matplotlib's own defaults instead of the user's: so that a command draws the same everywhere."""
    with rc_context({key: value for key, value in rcParamsDefault.items() if not key.startswith("backend")}):
        yield


def save_picture(ax: Axes, path: Path | str) -> None:
    """Write the figure of some axes as SVG, PNG or PDF, by the ending of the name: the same bytes every time.

    Raises `UserError` for another ending or a bitmap too large, and OSError when the file cannot be written.
    """
    ending = check_ending(path)
    figure = _figure(ax)
    if ending == ".png" and max(figure.get_size_inches()) * FORMATS[ending]["dpi"] > LARGEST:
        raise UserError("the picture is too large for PNG; write it as .svg or .pdf")
    _write(ax, path, ending)


def svg_of(ax: Axes) -> str:
    """The figure of some axes as the text of an SVG file."""
    buffer = io.BytesIO()
    _write(ax, buffer, ".svg")
    return buffer.getvalue().decode()


@attrs.frozen(repr=False)
class Shown:
    """A picture for a notebook, which asks it for its SVG."""

    svg: str

    def __repr__(self) -> str:
        """Where no picture can be shown."""
        return "<a picture>"

    def _repr_svg_(self) -> str:
        return self.svg


def shown(ax: Axes) -> Shown:
    """The figure of some axes as the last line of a notebook's cell."""
    return Shown(svg_of(ax))


def _figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes belong to no figure")
    return figure


def _write(ax: Axes, to: Path | str | io.BytesIO, ending: str) -> None:
    options = dict(FORMATS[ending])
    if ending != ".png":  # a title for those who hear the picture, and for the window that shows it
        options["metadata"] = {
            **options["metadata"],
            "Title": next(_marked(ax, HEADING), "A picture of an organization"),
        }
    # Glyphs as outlines look the same on every machine; the salt makes the ids within the file the same every time.
    with rc_context({"svg.hashsalt": "orgsim", "svg.fonttype": "path", "pdf.fonttype": 42, "savefig.bbox": None}):
        _figure(ax).savefig(to, format=ending[1:], **options)


def check_ending(path: Path | str) -> str:
    """The ending of a picture's name; `UserError` when nothing is written so."""
    ending = Path(path).suffix.lower()
    if ending not in FORMATS:
        *some, last = FORMATS
        what = f"as {ending!r}" if ending else f"to {str(path)!r}"
        raise UserError(f"cannot write a picture {what}; end its name in {', '.join(some)} or {last}")
    return ending


def notes_of(ax: Axes) -> list[str]:
    """What the picture says of itself that it could not show."""
    return list(_marked(ax, NOTE))


def _marked(ax: Axes, mark: str) -> Iterator[str]:
    return (text.get_text().removeprefix(LEFT_TO_RIGHT) for text in ax.texts if text.get_label() == mark)


# ---------------------------------------------------------------------------------------------------------------- pens


class Pen:
    """Writes on axes: any text, in fonts that have its letters, never as a formula; remembers what it could not."""

    def __init__(self, ax: Axes) -> None:
        """Nothing is written yet."""
        self.ax = ax
        self.width, self.height = size_of(ax)
        self._missing: dict[str, int] = {}

    def write(self, x: float, y: float, text: str, size: float = BODY, **options: Any) -> Text:
        """Write one line at a place in the units of the axes (or of `transform`), vertically centered if not told."""
        shown = directed(self.drawn(text))
        bold = options.pop("bold", False) and has_bold(shown)
        options = {"color": INK, "ha": "left", "va": "center_baseline", **options}
        return self.ax.text(
            *(x, y, shown),
            fontsize=size,
            fontfamily=list(families(shown)),
            fontweight="bold" if bold else "normal",
            parse_math=False,
            usetex=False,
            **options,
        )

    def beside(self, x: float, y: float, text: str, size: float = BODY, **options: Any) -> Text:
        """Write at a place in points from the lower left corner of the axes, which may lie outside them."""
        place = (x / self.width, y / self.height)
        return self.write(*place, text, size, transform=self.ax.transAxes, clip_on=False, **options)

    def drawn(self, text: str) -> str:
        """A text as it will be drawn; letters that no font has are replaced, and remembered."""
        self.see(text)
        return drawable(text)

    def name(self, who: Who) -> str:
        """A name, or the id where no font has its letters, which is remembered."""
        self.see(who.name)
        return readable(who.name, who.id)

    def fit(self, text: str, width: float, size: float = BODY, *, bold: bool = False) -> str:
        """As much of a text as fits a width in points."""
        return fitted(self.drawn(text), width, size, bold=bold)

    def wrap(self, text: str, width: float, size: float, lines: int, *, bold: bool = False) -> list[str]:
        """A text in lines of a width in points."""
        return wrapped(self.drawn(text), width, size, lines, bold=bold)

    def see(self, text: str) -> None:
        """Remember the letters of a text that cannot be drawn."""
        for char in sorted(undrawable(clean(text))):
            if unicodedata.category(char)[0] in "LNS":
                script = script_of(char) if unicodedata.category(char)[0] != "S" else "emoji"
                self._missing[script] = self._missing.get(script, 0) + 1

    def missing(self) -> str:
        """Which letters could not be drawn, in a sentence; empty when all could."""
        if not self._missing:
            return ""
        scripts = sorted(self._missing)
        some = ", ".join(scripts[:3]) + (" and others" if len(scripts) > 3 else "")  # noqa: PLR2004 - in one line
        return f"No installed font has the letters of some names ({some}): shown by id, or without them."

    # ------------------------------------------------------------------------------------------------- head and foot

    def head(self, title: str, below: str = "", *, left: float = 0, up: float = 0) -> None:
        """Write a title, and a line under it, above the axes; `up` is how far above, in points."""
        room = self.width - left
        if below:
            self.beside(left, self.height + up + 6, self.fit(below, room), BODY, color=SOFT, va="bottom")
        if title:
            size = TITLE if width_of(clean(title), TITLE, bold=True) <= room else TITLE - 3
            y = self.height + up + (21 if below else 6)
            self.beside(left, y, self.fit(title, room, size, bold=True), size, bold=True, va="bottom", label=HEADING)

    def foot(self, picture: Picture, *notes: str, left: float = 0, right: float = 0, down: float = 0) -> None:
        """Write the source, what was known when, and notes beneath the axes.

        `down` is how far beneath, `left` and `right` how far beyond the edges of the axes, in points.
        """
        room, y = self.width - left + right, -down - 6
        known = f"as known on {long_date(picture.known)}" if picture.known else "with all that is known"
        source = f"Source: {picture.source}, {known}." if picture.source else f"Shown {known}."
        for text in (*filter(None, notes), source):
            for line in self.wrap(text, room, SMALL, 3):
                self.beside(left, y, line, SMALL, color=SOFT, va="top")
                y -= 10
        missing = self.missing()
        if missing:
            self.beside(left, y, self.fit(missing, room, SMALL), SMALL, color=ALARM, va="top", label=NOTE)

    def sentence(self, text: str) -> None:
        """Say in the middle of empty axes why there is nothing to see."""
        bare(self.ax)
        for at, line in enumerate(self.wrap(text, self.width * 0.8, BODY + 1.5, 4)):
            self.beside(self.width / 2, self.height / 2 - 15 * at, line, BODY + 1.5, color=SOFT, ha="center")


def foot_room(*notes: str, width: float, source: str = "") -> float:
    """How many points the foot needs under the axes."""
    lines = [
        wrapped(clean(text), width, SMALL, 3) for text in (*filter(None, notes), f"{source} as known on 25 Sep 2024")
    ]
    return 16.0 + 10 * sum(map(len, lines)) + 10


# ------------------------------------------------------------------------------------------------------------- numbers


def round_step(width: float, most: int) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that divides a width into at most so many steps."""
    if not isfinite(width):
        raise ValueError("a picture has no room for a number that is infinite or none at all")
    raw = width / most
    if raw <= 0:
        return 1.0
    power = 10.0 ** floor(log10(raw))
    return next((factor * power for factor in (1, 2, 5) if factor * power >= raw * (1 - 1e-9)), 10 * power)


# --------------------------------------------------------------------------------------------------------------- words


def long_date(day: dt.date) -> str:
    """A day in words, whatever the locale: 17 Nov 2023."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def when_words(first: dt.date | None, last: dt.date) -> str:
    """Bounds of a date as short as they can be said: 17 Nov 2023, May 2024, by 20 Nov 2023."""
    if first is None:
        return f"by {long_date(last)}"
    if first == last:
        return long_date(first)
    after = last + dt.timedelta(days=1) if last < dt.date.max else last
    if first.day == 1 and after.day == 1 and (first.year, first.month) == (last.year, last.month):
        return f"{MONTHS[first.month - 1]} {first.year}"
    if first.day == first.month == after.day == after.month == 1:
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{long_date(last)}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]}–{long_date(last)}"
    return f"{long_date(first)}–{long_date(last)}"


def since_words(first: dt.date | None, last: dt.date) -> str:
    """Since when something is so, in words that no reader takes for a period: since some day from 17 to 20 Nov 2023."""
    if first is None:
        return f"since unknown, seen {long_date(last)}"
    earliest, dash, latest = when_words(first, last).partition("–")
    if not dash:
        return f"since {earliest}"
    return f"since some day from {earliest.replace(' ', NO_BREAK)} {f'to {latest}'.replace(' ', NO_BREAK)}"


def span_of(start: dt.date, end: dt.date) -> str:
    """A half-open period in words, by its first and last day."""
    last = end - dt.timedelta(days=1) if end > start else end
    if (start.year, start.month, start.day) == (last.year, last.month, last.day):
        return long_date(start)
    if (start.year, start.month) == (last.year, last.month):
        return f"{start.day} to {long_date(last)}"
    if start.year == last.year:
        return f"{start.day} {MONTHS[start.month - 1]} to {long_date(last)}"
    return f"{long_date(start)} to {long_date(last)}"


def count(number: float, noun: str, plural: str | None = None) -> str:
    """A number with its noun: 1 day, 12 days."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
