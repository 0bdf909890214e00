"""Replay in columns: from rows of events to stretches of days, by the same rules as the small form."""
