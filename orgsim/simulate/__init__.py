"""Possible futures: a scenario becomes a world, a world becomes replications, and each of those is a ledger."""
