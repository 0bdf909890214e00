"""Pausing Python's cycle collector while many long-lived values are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """No cyclic garbage is looked for inside.

    Events and nouns refer to each other but never in a circle; looking for circles among them again and again as
    they grow in number costs more than reading them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
