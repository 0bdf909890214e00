"""The names of what a simulation measures."""

MEASURES = (
    "headcount",
    "vacancy_rate",
    "vacancies",
    "gap_days",
    "acting_days",
    "uncovered_days",
    "departures",
    "hires",
    "promotions",
    "time_to_fill",
    "internal_fill_rate",
    "chain_length",
    "cascade_size",
    "cost",
    "missed",
)
