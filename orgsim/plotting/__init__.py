"""Pictures of ledgers and of plain numbers, with matplotlib: figures are made and returned, nothing global is touched.

Each `plot_...` takes data and an optional `ax`, and returns the `Axes`; `save_picture` writes the figure.  The data are
plain values: `leadership`, `staffing`, `stays`, `moves` and `bench` make them from a ledger or a chart, `futures` and
`contrasts` from results of simulations, `plans` from a scenario.
"""

from orgsim.plotting.chart import plot_chart
from orgsim.plotting.compare import plot_compare
from orgsim.plotting.data import (
    Candidate,
    Comparison,
    Comparisons,
    Contrast,
    Fan,
    Fans,
    Leadership,
    Line,
    Move,
    Moves,
    Period,
    PostRow,
    Series,
    Stay,
    Stays,
    Stretch,
    Succession,
    SuccessionRow,
    Who,
)
from orgsim.plotting.fan import plot_fan
from orgsim.plotting.flows import plot_flows
from orgsim.plotting.gaps import plot_gaps
from orgsim.plotting.headcount import plot_headcount
from orgsim.plotting.leadership import leadership
from orgsim.plotting.paper import house_style, notes_of, save_picture, shown, svg_of
from orgsim.plotting.people import bench, moves
from orgsim.plotting.plans import plans
from orgsim.plotting.results import contrasts, futures
from orgsim.plotting.staffing import staffing
from orgsim.plotting.stays import stays
from orgsim.plotting.succession import plot_succession
from orgsim.plotting.tenure import plot_tenure

__all__ = [
    "Candidate",
    "Comparison",
    "Comparisons",
    "Contrast",
    "Fan",
    "Fans",
    "Leadership",
    "Line",
    "Move",
    "Moves",
    "Period",
    "PostRow",
    "Series",
    "Stay",
    "Stays",
    "Stretch",
    "Succession",
    "SuccessionRow",
    "Who",
    "bench",
    "contrasts",
    "futures",
    "house_style",
    "leadership",
    "moves",
    "notes_of",
    "plans",
    "plot_chart",
    "plot_compare",
    "plot_fan",
    "plot_flows",
    "plot_gaps",
    "plot_headcount",
    "plot_succession",
    "plot_tenure",
    "save_picture",
    "shown",
    "staffing",
    "stays",
    "svg_of",
]
