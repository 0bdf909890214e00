"""Replications in which the structure stands still: what the flows tell, to the last bit, in half the time.

Where posts, units and lines stay as they are and everybody holds one post, whatever depends on a post alone is looked
up by its rank, a vacancy is its own event on the calendar, and nobody has a clock until something changes its speed.
Whatever a scenario says beyond that, it leaves to the flows.
"""
