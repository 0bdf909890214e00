"""One self-contained HTML page that replays a ledger: dates, what was known when, stories, gaps, differences.

Python writes facts as rectangles of dates and known dates; the script on the page filters and compares them, and knows
no rule of the domain.  The page makes no request, and its Content-Security-Policy names its only script and style by
their hashes.
"""

import base64
import hashlib
import html
import json
from pathlib import Path
from string import Template
from typing import Any

from orgsim.collector import paused
from orgsim.ledger import Ledger
from orgsim.page.contents import contents
from orgsim.page.data import GapBar, Outlook

__all__ = ["GapBar", "Outlook", "write_page"]

_PARTS = Path(__file__).parent / "parts"
_SCRIPTS = (
    "facts.js",
    "dom.js",
    "layout.js",
    "tree.js",
    "time.js",
    "strip.js",
    "story.js",
    "compare.js",
    "outlook.js",
    "page.js",
)
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def write_page(ledger: Ledger, result: Outlook | None = None) -> str:
    """The page of a ledger, and of a simulation's result if given, as the text of one HTML file.

    The same ledger gives the same bytes.
    """
    with paused():
        found = contents(ledger, result)
    style = _part("page.css")
    script = '"use strict";\n{\n' + "\n".join(_part(name) for name in _SCRIPTS) + "}\n"
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return Template(_part("page.html")).substitute(
        policy=policy, title=html.escape(found["title"]), style=style, script=script, data=embedded(found)
    )


def embedded(data: Any) -> str:
    """Data as JSON that no browser takes for markup or for the end of a line of script."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(_ESCAPES)


def _part(name: str) -> str:
    return (_PARTS / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """The hash of an inline element as a Content-Security-Policy writes it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
