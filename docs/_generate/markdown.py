"""Pieces of Markdown that several generated pages need."""

import inspect
import re
from collections.abc import Iterable, Sequence

NOTICE = "<!-- Made from the sources by `make bless`; edit them, not this page. -->"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, one row a line."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def docstring(thing: object) -> str:
    """The docstring of a thing as Markdown paragraphs, one sentence a line; indented parts become blocks of text."""
    doc = inspect.getdoc(thing) or ""
    return "\n\n".join(map(_paragraph, re.split(r"\n\s*\n", doc.strip())))


def _paragraph(text: str) -> str:
    if text.startswith("    "):
        return f"```text\n{inspect.cleandoc(text)}\n```"
    return sentences(" ".join(text.split()))


def sentences(text: str) -> str:
    """A paragraph, one sentence a line."""
    return re.sub(r"(?<=[a-z0-9)`'\"\]][.?!]) +(?=[A-Z`])", "\n", text)


def sentence(text: str) -> str:
    """A text that begins with a capital and ends with a full stop."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."
