"""The metrics of a period in one piece, as plain data: what `report.metrics_report` says, of a ledger in columns."""

import datetime as dt

from orgsim.columns import measures
from orgsim.columns.excerpt import gaps_of
from orgsim.columns.flows import Flows, bridge_from, turnover_from
from orgsim.columns.ledger import ColumnarLedger
from orgsim.columns.shape import layers, spans, tenure_in_organization, tenure_in_post
from orgsim.metrics.spells import period
from orgsim.report import (
    MEASURES,
    Data,
    bridge_data,
    dates_between,
    distribution_data,
    gaps_data,
    tenure_data,
    too_many_dates,
    turnover_data,
)


def metrics_report(
    ledger: ColumnarLedger,
    start: dt.date,
    end: dt.date,
    *,
    every: str,
    unit: str | None = None,
    known: dt.date | None = None,
) -> Data:
    """Every metric of the period [start, end), ready for JSON; spans, layers and tenure on its last day."""
    too_many_dates(start, end, every)
    last = end - dt.timedelta(days=1)
    dates = list(dates_between(start, last, every))
    on_last_day = measures.headcount(ledger, [last], unit, known=known)[0]
    flows, moment = Flows(ledger, period(start, end), unit, known), ledger.moment(last, known)
    found = spans(moment)
    return {
        "from": start.isoformat(),
        "to": end.isoformat(),
        "known": known.isoformat() if known else None,
        "unit": unit,
        "series": {
            "dates": [date.isoformat() for date in dates],
            **measures.several(ledger, MEASURES, dates, unit, known),
        },
        "bridge": bridge_data(bridge_from(flows, start, end, unit)),
        "turnover": turnover_data(turnover_from(flows, start, end, unit)),
        "gaps": [gaps_data(post) for post in gaps_of(ledger, start, end, None, known)],
        "last_day": {
            "contractors": on_last_day.contractors,
            "unnamed": on_last_day.unnamed,
            "span": {
                **distribution_data(found.distribution),
                "manager_unknown": found.unknown,
                "tops": found.tops,
            },
            "layers": distribution_data(layers(moment).distribution),
            "tenure_in_organization": tenure_data(tenure_in_organization(moment)),
            "tenure_in_post": tenure_data(tenure_in_post(moment)),
        },
    }
