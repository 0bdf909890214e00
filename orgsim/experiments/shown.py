"""Which measures are shown, in the terminal and in a notebook, and what must be said with them."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from orgsim.experiments.columns import there, varies
from orgsim.experiments.outcome import Outcome
from orgsim.simulate.measures import OPEN

NOTICED = 0.05
"""Which share of searches may be open at the end without a word."""
ONLY_NOTED = frozenset(measure for measure, _ in OPEN.values())
"""Measures that are told in a note, unless they are asked for."""


def shown_measures(outcome: Outcome, asked: Sequence[str] = ()) -> list[str]:
    """The measures a table shows: those asked for here or in the scenario; of a series, the last date only."""
    wanted = list(asked) or list(outcome.manifest.shown)
    names = [name for name in outcome.measures.names if name in wanted or name not in ONLY_NOTED]
    last = {name.partition("@")[0]: name for name in names}
    if not wanted:
        return [name for name in names if last[name.partition("@")[0]] == name]
    exact = set(wanted)
    bases = {last.get(series, series) for series in last if series in exact or series.partition("/")[0] in exact}
    return [name for name in names if name in exact or name in bases]


def distinct(outcomes: Sequence[Outcome], names: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    """The measures that say something of their own, and by one of these, those with the same number everywhere."""
    seen: dict[bytes, str] = {}
    twins: dict[str, list[str]] = {}
    apart = []
    for name in names:
        column = np.concatenate([one.measures[name] for one in outcomes])
        first = seen.setdefault(column.tobytes(), name)
        if first != name and varies(column):
            twins.setdefault(first, []).append(name)
        else:
            apart.append(name)
    return apart, twins


def still_open(outcomes: Mapping[str, Outcome], names: Sequence[str], words: Callable[[str], str] = str) -> list[str]:
    """Notes on the measures of what ended, if much had not ended; the outcomes by what they are called."""
    shares: dict[str, dict[str, float]] = {}
    for name, (measure, _) in OPEN.items():
        if name in names:
            columns = {called: one.measures[measure] for called, one in outcomes.items() if measure in one.measures}
            found = {called: there(column) for called, column in columns.items()}
            shares[name] = {called: float(column.mean()) for called, column in found.items() if column.size}
    return open_notes(shares, words)


def open_notes(shares: Mapping[str, Mapping[str, float]], words: Callable[[str], str] = str) -> list[str]:
    """What to say of measures with these mean shares still open, by what the outcomes are called."""
    alike: dict[str, list[str]] = {}
    for name, by_outcome in shares.items():
        if max(by_outcome.values(), default=0.0) > NOTICED:
            of = {called: f" ({called})" if len(by_outcome) > 1 else "" for called in by_outcome}
            told = " and ".join(f"{100 * share:.0f} %{of[called]}" for called, share in by_outcome.items())
            alike.setdefault(told, []).append(words(name))
    return [
        f"{', '.join(found)}: only of what ended; on average {told} were still open at the end"
        for told, found in alike.items()
    ]
