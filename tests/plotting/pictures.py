"""What the tests of pictures share: small ledgers, and a look at what was drawn."""

import datetime as dt
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from orgsim.ledger import Ledger
from orgsim.reading.reader import read_texts

STORY = str(Path(__file__).parents[2] / "seeds" / "openai")
HEAD = "orgsim: ledger/1\norganization: acme\nevents:\n"
OPEN = "- {date: 2020-01-01, event: open-unit, unit: acme, name: Acme}\n"


def day(text: str) -> dt.date:
    """A date."""
    return dt.date.fromisoformat(text)


def ledger_of(events: str) -> Ledger:
    """A ledger of one organization, acme, with these lines of events."""
    return read_texts([("ledger.yaml", (HEAD + OPEN + events).encode())])


EMPTY = read_texts([("ledger.yaml", b"orgsim: ledger/1\nevents: []\n")])
ONE = ledger_of(
    """\
- {date: 2020-01-01, event: create-post, post: ceo, title: Chief, reports_to: none, critical: true}
- {date: 2020-02-01, event: hire, person: ada, name: Ada Rossi}
- {date: 2020-02-01, event: appoint, person: ada, post: ceo}
"""
)
HOSTILE = (
    "$x_i^2$ & Co. $",
    r"A$AP \frac{1}{2} Rocky",
    "マーク・チェン",
    "王秀英",
    "محمد بن سلمان",
    "יעל כהן",
    "ฉัตรชัย สุขใจ",
    "👩‍💻 Ada 👍🏽",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "--> & ]]> </svg>",
    "e" + "\u0301" * 60,
    "a\u0335" * 80,
    "Wolfeschlegelsteinhausenbergerdorff " * 8,
    "ونستون" * 30,
    "{0} %s %(x)d {x}",
    "_" * 200,
    "\\",
    "ﷺ﷽",
)

WORSE = ("\u202eevil\u202c", "\ud800 half a pair", "line\nbreak\x00\x1b[31m", "", "   ", "\u200b")
"""What no ledger lets in, and plain data may hold."""


def hostile_ledger() -> Ledger:
    """A company in which everybody's name, and every title, has broken software."""
    from orgsim.dates import When
    from orgsim.events import Appoint, CreatePost, Depart, Event, Hire, OpenUnit

    start = When.on(day("2020-01-01"))
    events: list[Event] = [OpenUnit(date=start, unit="acme", name=HOSTILE[0])]
    events += [OpenUnit(date=start, unit="other", name=HOSTILE[4])]
    for at, name in enumerate(HOSTILE):
        post, person = f"post-{at}", f"person-{at}"
        to = "none" if at == 0 else f"post-{(at - 1) // 4}"
        known: dict[str, Any] = {"unit": "acme", "critical": at < 12}
        events += [
            CreatePost(date=start, post=post, title=name, reports_to=to, **known),
            Hire(date=When.on(day("2020-02-01")), person=person, name=name, organization="acme"),
            Appoint(date=When.on(day("2020-02-01")), person=person, post=post, acting=at % 5 == 3),
        ]
    for at in range(0, len(HOSTILE), 3):
        gone = When.on(day("2021-03-01") + dt.timedelta(days=at))
        events.append(Depart(date=gone, person=f"person-{at}", organization="acme"))
        if at % 2:
            events.append(Hire(date=gone, person=f"person-{at}", organization="other"))
    return Ledger(events)


# ------------------------------------------------------------------------------------------------------------ looking


def figure_of(ax: Axes) -> Figure:
    """The figure of some axes, with a canvas to draw it on."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    FigureCanvasAgg(figure)
    return figure


def texts(ax: Axes) -> list[Text]:
    """Every text that shows."""
    return [text for text in ax.texts if text.get_visible() and text.get_text().strip()]


def said(ax: Axes) -> list[str]:
    """What the picture says, text by text, without marks of direction."""
    return [text.get_text().replace("\u200e", "").strip() for text in texts(ax)]


def marked(ax: Axes, start: str) -> list[Any]:
    """The artists whose mark begins so, in the axes and those set into them."""
    every: Iterator[Artist] = (artist for one in (ax, *ax.child_axes) for artist in one.get_children())
    return [artist for artist in every if str(artist.get_label()).startswith(f"_{start}")]


def mark_of(artist: Artist) -> str:
    """The mark of an artist."""
    return str(artist.get_label()).removeprefix("_")


def overlaps(ax: Axes) -> list[tuple[str, str]]:
    """Every two texts whose boxes overlap by more than a point each way."""
    figure = figure_of(ax)
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    point = figure.dpi / 72
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts(ax)]
    return [(one, other) for (one, a), (other, b) in combinations(boxes, 2) if _overlap(a, b, point)]


def outside(ax: Axes) -> list[str]:
    """Every text that runs over the edge of the sheet."""
    figure = figure_of(ax)
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    sheet = figure.bbox
    found = []
    for text in texts(ax):
        box = text.get_window_extent(renderer)
        if box.x0 < sheet.x0 - 1 or box.x1 > sheet.x1 + 1 or box.y0 < sheet.y0 - 1 or box.y1 > sheet.y1 + 1:
            found.append(text.get_text())
    return found


def _overlap(a: Bbox, b: Bbox, point: float) -> bool:
    wide = min(a.x1, b.x1) - max(a.x0, b.x0)
    high = min(a.y1, b.y1) - max(a.y0, b.y0)
    return bool(wide > point and high > 2 * point)
