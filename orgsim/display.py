"""How values show themselves in a notebook: by what draws them, which the door tells; nothing here knows pictures."""

from collections.abc import Callable
from typing import Any

DRAWERS: dict[str, Callable[[Any], str | None]] = {}
"""What draws each value in each form; `orgsim/__init__.py` fills it with functions that load what they need."""


def shown(form: str, value: object) -> str | None:
    """A value drawn in a form, such as `chart.html`; None where nothing draws it, and a notebook takes the `repr`."""
    draw = DRAWERS.get(form)
    return draw(value) if draw is not None else None
