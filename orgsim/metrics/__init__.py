"""What can be counted in a ledger or a chart without simulating anything.

One module for each metric; each public function says what it counts, by which formula, in which unit, and where the
formula comes from.  Periods are half-open, `[start, end)`; `known` asks for what was known on a day.  Rates are shares,
and None where they are undefined.
"""

from orgsim.metrics.bridge import Bridge, Flow, bridge
from orgsim.metrics.formulas import Distribution
from orgsim.metrics.gaps import Cover, Gap, PostGaps, gaps
from orgsim.metrics.headcount import Headcount, average_headcount, headcount, headcount_by_unit
from orgsim.metrics.series import MEASURES, Series, series
from orgsim.metrics.shape import Layer, Layers, Span, Spans, layers, spans
from orgsim.metrics.tenure import Tenure, Tenures, TenureSummary, summarize, tenure
from orgsim.metrics.turnover import Turnover, turnover
from orgsim.metrics.vacancy import VacancyRate, vacancy_rate

__all__ = [
    "MEASURES",
    "Bridge",
    "Cover",
    "Distribution",
    "Flow",
    "Gap",
    "Headcount",
    "Layer",
    "Layers",
    "PostGaps",
    "Series",
    "Span",
    "Spans",
    "Tenure",
    "TenureSummary",
    "Tenures",
    "Turnover",
    "VacancyRate",
    "average_headcount",
    "bridge",
    "gaps",
    "headcount",
    "headcount_by_unit",
    "layers",
    "series",
    "spans",
    "summarize",
    "tenure",
    "turnover",
    "vacancy_rate",
]
