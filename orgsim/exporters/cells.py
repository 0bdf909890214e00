"""Cells of CSV: how a value is written, and how a text is kept from being taken for a formula.

A text that a spreadsheet would calculate gets an apostrophe in front; reading takes exactly one off again.  Numbers,
dates and truths are never touched.
"""

import datetime as dt
import json
import re
from typing import Any

_FORMULA = re.compile(r"[\s']*[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212]")
"""What a spreadsheet may calculate: it looks past blanks, and its wide twins mean the same in some of them.

Apostrophes in front count too, so that one that was put there can be told from one that belongs to the text.
"""


def guarded(text: str) -> str:
    """The text as a spreadsheet shows it and does not calculate it."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text that was guarded: exactly one apostrophe less, if one was put there."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def cell(value: Any, *, raw: bool = False) -> str:
    """A value as the text of a cell; None is an empty cell."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case dt.date():
            return value.isoformat()
        case float():
            return f"{value:.9f}".rstrip("0").rstrip(".")
        case list():
            return json.dumps(value, ensure_ascii=False)
        case str() if not raw:
            return guarded(value)
        case _:
            return str(value)
