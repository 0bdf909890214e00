"""The terminal: things as text for stdout, and data made safe to print."""

import os
import sys
import unicodedata

from rich.console import Console, RenderableType
from rich.text import Text

PLAIN_WIDTH = 100
"""Columns when the output is no terminal, so that files and pipes look the same everywhere."""


def show(*things: RenderableType) -> str:
    """Things as text for stdout: in the terminal's width and colors, or plain and of a fixed width in a pipe."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PLAIN_WIDTH
    console = Console(width=width, highlight=False, markup=False, emoji=False)
    with console.capture() as captured:
        console.print(*things, sep="\n")
    # Tables fill their lines with spaces, which nobody wants in a file.
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def safe(text: str) -> str:
    """Text with control and direction-changing characters made visible, so that data cannot drive the terminal."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or _harmless(char) else f"\\u{ord(char):04x}" for char in text)


def _harmless(char: str) -> bool:
    # Joiners and marks inside words of many scripts are not "printable" to Python, but belong to the name.
    return char in "\u200c\u200d\u200e\u200f" or unicodedata.category(char) in ("Mn", "Mc", "Zs")


def styled(text: str, style: str = "") -> Text:
    """Safe text in a style; never markup."""
    return Text(safe(text), style=style)


def line(*words_: str | tuple[str, str]) -> Text:
    """A sentence made of safe pieces; a pair is a piece and its style."""
    found = Text()
    for word in words_:
        text, style = (word, "") if isinstance(word, str) else word
        found.append(safe(text), style=style)
    return found
