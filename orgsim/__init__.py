"""orgsim: a dated, sourced history of who holds which post and who reports to whom, replayed at any date.

    import datetime as dt
    import orgsim

    ledger = orgsim.read("seeds/openai")
    chart = ledger.chart(dt.date(2023, 11, 18), known=dt.date(2023, 11, 20))
    chart.holder("ceo")

Everything public is importable from here, and loaded when first used, so that importing orgsim costs nothing.
"""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from orgsim.display import DRAWERS

__version__ = "0.1.0"

if TYPE_CHECKING:
    from orgsim.changes import Change
    from orgsim.chart import OrgChart
    from orgsim.columns.files.opening import columns_from, open_columns
    from orgsim.columns.files.saving import save_columns
    from orgsim.columns.ledger import ColumnarLedger
    from orgsim.data import chart_data
    from orgsim.dates import When, parse_day, parse_when
    from orgsim.dating import Dated
    from orgsim.differences import Diff, diff
    from orgsim.errors import Location, OrgsimError, Problem, UnknownIdError
    from orgsim.events import (
        AbolishPost,
        Appoint,
        ChangeEmployment,
        ChangePerson,
        ChangePost,
        ChangeUnit,
        CloseUnit,
        CreatePost,
        Depart,
        EndLeave,
        Event,
        Expect,
        Hire,
        OpenUnit,
        Report,
        Retract,
        SourceRef,
        StartLeave,
        Vacate,
    )
    from orgsim.experiments.compare import Comparison, compare
    from orgsim.experiments.experiment import read_outcome, run_experiment
    from orgsim.experiments.intervals import Estimate
    from orgsim.experiments.outcome import Outcome, Summary
    from orgsim.ledger import Ledger
    from orgsim.model import Appointment, Employment, Leave, Person, Post, ReportingLine, Source, Unit
    from orgsim.page import GapBar, Outlook, write_page
    from orgsim.phrases import name_from, phrase
    from orgsim.plotting import (
        plot_chart,
        plot_compare,
        plot_fan,
        plot_flows,
        plot_gaps,
        plot_headcount,
        plot_succession,
        plot_tenure,
        save_picture,
    )
    from orgsim.reading.reader import read, read_texts
    from orgsim.reading.scenario import read_scenario, read_variants
    from orgsim.scenario.model import Scenario
    from orgsim.schema import ledger_schema, scenario_schema
    from orgsim.story import Entry, Evidence, history, why
    from orgsim.writing import event_line, to_yaml

_HOMES = {
    "chart": ("OrgChart",),
    "columns.ledger": ("ColumnarLedger",),
    "columns.files.opening": ("columns_from", "open_columns"),
    "columns.files.saving": ("save_columns",),
    "data": ("chart_data",),
    "dates": ("When", "parse_day", "parse_when"),
    "changes": ("Change",),
    "dating": ("Dated",),
    "differences": ("Diff", "diff"),
    "errors": ("Location", "OrgsimError", "Problem", "UnknownIdError"),
    "events": (
        *("AbolishPost", "Appoint", "ChangeEmployment", "ChangePerson", "ChangePost", "ChangeUnit", "CloseUnit"),
        *("CreatePost", "Depart", "EndLeave", "Event", "Expect", "Hire", "OpenUnit", "Report", "Retract", "SourceRef"),
        *("StartLeave", "Vacate"),
    ),
    "experiments.compare": ("Comparison", "compare"),
    "experiments.experiment": ("read_outcome", "run_experiment"),
    "experiments.intervals": ("Estimate",),
    "experiments.outcome": ("Outcome", "Summary"),
    "ledger": ("Ledger",),
    "model": ("Appointment", "Employment", "Leave", "Person", "Post", "ReportingLine", "Source", "Unit"),
    "page": ("GapBar", "Outlook", "write_page"),
    "phrases": ("name_from", "phrase"),
    "plotting": (
        *("plot_chart", "plot_compare", "plot_fan", "plot_flows", "plot_gaps", "plot_headcount", "plot_succession"),
        *("plot_tenure", "save_picture"),
    ),
    "reading.reader": ("read", "read_texts"),
    "reading.scenario": ("read_scenario", "read_variants"),
    "scenario.model": ("Scenario",),
    "schema": ("ledger_schema", "scenario_schema"),
    "story": ("Entry", "Evidence", "history", "why"),
    "writing": ("event_line", "to_yaml"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AbolishPost",
    "Appoint",
    "Appointment",
    "Change",
    "ChangeEmployment",
    "ChangePerson",
    "ChangePost",
    "ChangeUnit",
    "CloseUnit",
    "ColumnarLedger",
    "Comparison",
    "CreatePost",
    "Dated",
    "Depart",
    "Diff",
    "Employment",
    "EndLeave",
    "Entry",
    "Estimate",
    "Event",
    "Evidence",
    "Expect",
    "GapBar",
    "Hire",
    "Leave",
    "Ledger",
    "Location",
    "OpenUnit",
    "OrgChart",
    "OrgsimError",
    "Outcome",
    "Outlook",
    "Person",
    "Post",
    "Problem",
    "Report",
    "ReportingLine",
    "Retract",
    "Scenario",
    "Source",
    "SourceRef",
    "StartLeave",
    "Summary",
    "Unit",
    "UnknownIdError",
    "Vacate",
    "When",
    "chart_data",
    "columns_from",
    "compare",
    "diff",
    "event_line",
    "history",
    "ledger_schema",
    "name_from",
    "open_columns",
    "parse_day",
    "parse_when",
    "phrase",
    "plot_chart",
    "plot_compare",
    "plot_fan",
    "plot_flows",
    "plot_gaps",
    "plot_headcount",
    "plot_succession",
    "plot_tenure",
    "read",
    "read_outcome",
    "read_scenario",
    "read_texts",
    "read_variants",
    "run_experiment",
    "save_columns",
    "save_picture",
    "scenario_schema",
    "to_yaml",
    "why",
    "write_page",
]


def _drawer(name: str) -> Callable[[Any], str | None]:
    """A function of `orgsim.plotting.notebook`, loaded when first used."""

    def draw(value: Any) -> str | None:
        drawn: str | None = getattr(import_module("orgsim.plotting.notebook"), name)(value)
        return drawn

    return draw


for _form in ("chart.html", "chart.svg", "diff.html", "outcome.html", "outcome.svg", "comparisons.html"):
    DRAWERS[_form] = _drawer(_form.replace(".", "_"))


def __getattr__(name: str) -> object:
    """Load what is asked for from where it lives."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'orgsim' has no attribute {name!r}")
    return getattr(import_module(f"orgsim.{home}"), name)


def __dir__() -> list[str]:
    """What can be asked for."""
    return [*__all__, "__version__"]
