"""The table of events, one row for each, and the numbers and texts of which it is made."""
