"""Experiments: many replications of a scenario and of its variants, kept, summarized and compared."""
