"""The numbers of a report, counted in a ledger in columns."""

import datetime as dt
from collections.abc import Sequence

import numpy as np

from orgsim.columns.counts import measures
from orgsim.columns.counts.flows import Flows, bridge_from, turnover_from
from orgsim.columns.counts.shape import layers, spans, tenure_in_organization, tenure_in_post
from orgsim.columns.excerpt import gaps_of
from orgsim.columns.ledger import ColumnarLedger
from orgsim.metrics.spells import period
from orgsim.report import MEASURES, Counted, Period, known_from


def counted(
    ledger: ColumnarLedger, within: Period, dates: Sequence[dt.date], unit: str | None, known: dt.date | None
) -> Counted:
    """The numbers of a period, and those of a table on these dates; as `report.counted`."""
    start, end = within
    last = end - dt.timedelta(days=1)
    flows, moment = Flows(ledger, period(start, end), unit, known), ledger.moment(last, known)
    found = spans(moment)
    seen = ledger.seen(np.arange(len(ledger.table.day)), known)
    first = dt.date.fromordinal(int(ledger.table.day[seen.argmax()])) if seen.any() else None
    return Counted(
        begins=known_from(ledger, first, unit, known),
        series=measures.several(ledger, MEASURES, dates, unit, known),
        bridge=bridge_from(flows, start, end, unit),
        turnover=turnover_from(flows, start, end, unit),
        gaps=gaps_of(ledger, start, end, None, known),
        headcount=measures.headcount(ledger, [last], unit, known=known)[0],
        spans=found.distribution,
        manager_unknown=found.unknown,
        tops=found.tops,
        layers=layers(moment).distribution,
        in_organization=tenure_in_organization(moment),
        in_post=tenure_in_post(moment),
    )
