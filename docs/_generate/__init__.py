"""Makes the generated pages of the reference from the package itself.

`PAGES` names each page and what makes it; `pytest tests/docs --bless` writes them.  Nothing here is needed to build or
to read the documentation, and nothing in the package knows of it.
"""

from collections.abc import Callable

from docs._generate import api, commands, events, transitions

PAGES: dict[str, Callable[[], str]] = {
    "cli.md": commands.page,
    "events.md": events.page,
    "python.md": api.page,
    "transitions.md": transitions.page,
}
