"""Letters: which installed fonts have those of a name, how wide a text is, and how to shorten it.

Names are any text.  What no font can draw is never drawn as an empty box without a word: the caller puts an id in its
place and says so.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from matplotlib import get_data_path
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.textpath import text_to_path

BASE = "DejaVu Sans"
"""Comes with matplotlib, so that a picture with Latin, Greek or Cyrillic names looks the same on every machine."""
FIRST_TRIED = (
    *("Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans CJK KR", "Source Han Sans", "Hiragino Sans", "PingFang SC"),
    *("Yu Gothic", "Microsoft YaHei", "Malgun Gothic", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Thai"),
    *("Noto Sans Devanagari", "Noto Sans Symbols2", "Noto Emoji", "Arial Unicode MS", "Segoe UI"),
)
"""Fonts worth looking at before all others, because names look good in them."""
LONGEST = 300
MARKS = 4
_REPLACEMENT = "\ufffd"
NO_BREAK = "\u00a0"
_WORD = re.compile(rf"[\S{NO_BREAK}]+")
LEFT_TO_RIGHT = "\u200e"
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """A text that can be drawn in one line: no controls, surrogates or marks that turn the direction, no piles."""
    kept: list[str] = []
    marks = 0
    for char in text[: 4 * LONGEST]:
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if char in _TURNING or marks > MARKS:
            continue
        if category == "Cs" or _is_no_character(char):
            kept.append(_REPLACEMENT)
        elif category in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        else:
            kept.append(char)
    line = " ".join("".join(kept).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def directed(text: str) -> str:
    """The text, kept running from left to right as a line where it begins with a name that runs the other way."""
    turns = any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)
    return LEFT_TO_RIGHT + text if turns else text


@lru_cache(maxsize=2048)
def families(text: str) -> tuple[str, ...]:
    """The fonts that together have the letters of a text, the usual one first."""
    found = [BASE]
    missing = _letters(text) - _has(BASE)
    if missing:
        for family in _families():
            if missing & _has(family):
                found.append(family)
                missing -= _has(family)
            if not missing:
                break
    return tuple(found)


@lru_cache(maxsize=2048)
def undrawable(text: str) -> frozenset[str]:
    """The letters of a text that no installed font has."""
    missing = _letters(text)
    for family in families(text):
        missing -= _has(family)
    return frozenset(map(chr, missing))


def script_of(char: str) -> str:
    """What a letter belongs to, in a word: CJK, ARABIC, HANGUL, ..."""
    return unicodedata.name(char, "unnamed").split()[0].replace("-", " ").title().replace("Cjk", "Chinese")


def drawable(text: str) -> str:
    """A text as it will be drawn: in one line, with a box for each letter that no font has."""
    text = clean(text)
    letters = undrawable(text)
    return (clean(without(text, letters)) or "□") if letters else text


def readable(name: str, id_: str) -> str:
    """A name, or the id where no font has its letters; signs that are no letters are left out."""
    text = clean(name)
    letters = undrawable(text)
    if not letters:
        return text or clean(id_)
    if id_ and any(unicodedata.category(char)[0] in "LN" for char in letters):
        return drawable(id_)
    return clean(without(text, letters).replace("□", "")) or drawable(id_) or "□"


def without(text: str, letters: frozenset[str]) -> str:
    """The text with a box for each letter that cannot be drawn; signs without a shape of their own just go."""
    kept = (char if char not in letters else "" if _is_formless(char) else "□" for char in text)
    return "".join(kept)


@lru_cache(maxsize=8192)
def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is as it will be drawn, in points."""
    text = drawable(text)
    if not text:
        return 0.0
    weight = "bold" if bold and has_bold(text) else "normal"
    font = FontProperties(family=list(families(text)), size=size, weight=weight)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def fitted(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, or as much of its beginning as fits a width in points, with an ellipsis."""
    if width_of(text, size, bold=bold) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(text[:middle].rstrip() + "…", size, bold=bold) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…" if low else ""


def wrapped(text: str, width: float, size: float, lines: int, *, bold: bool = False) -> list[str]:
    """The text in at most so many lines of a width, broken between words; the last is cut where needed.

    A no-break space keeps words together.
    """
    words = _WORD.findall(text)
    found: list[str] = []
    while words and len(found) < lines - 1:
        count = 1
        while count < len(words) and width_of(" ".join(words[: count + 1]), size, bold=bold) <= width:
            count += 1
        line = " ".join(words[:count])
        if width_of(line, size, bold=bold) > width:  # a single long word, or a script without spaces
            head = fitted(line, width, size, bold=bold).removesuffix("…") or line[:1]
            words = [line[len(head) :].lstrip(), *words[1:]]
            found.append(head.rstrip())
            continue
        found.append(line)
        words = words[count:]
    rest = " ".join(words)
    return [*found, fitted(rest, width, size, bold=bold)] if rest else found


def _letters(text: str) -> frozenset[int]:
    return frozenset(ord(char) for char in text if not char.isspace())


def _is_no_character(char: str) -> bool:
    """Whether Unicode keeps a code point free for ever; XML refuses some of them."""
    return ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF  # noqa: PLR2004 - as the standard has them


def _is_formless(char: str) -> bool:
    return unicodedata.category(char) in ("Cf", "Mn") or "VARIATION SELECTOR" in unicodedata.name(char, "")


@lru_cache(maxsize=1024)
def _has(family: str) -> frozenset[int]:
    """The letters a font has."""
    try:
        return frozenset(get_font(_files()[family]).get_charmap())
    except (OSError, RuntimeError):  # a file that is no longer there, or that freetype cannot read
        return frozenset()


def has_bold(text: str) -> bool:
    """Whether all fonts of a text come in bold too."""
    return all(family == BASE or family in _bold() for family in families(text))


@lru_cache(maxsize=1)
def _families() -> tuple[str, ...]:
    """Every installed font but the usual one, those that suit names first."""
    names = _files().keys()
    first = [name for name in FIRST_TRIED if name in names]
    others = sorted(names - {BASE, *first}, key=lambda name: ("Sans" not in name, "Mono" in name, name))
    return (*first, *others)


@lru_cache(maxsize=1)
def _files() -> dict[str, str]:
    """The file of each upright font of normal weight, by family."""
    found: dict[str, str] = {}
    for entry in sorted(fontManager.ttflist, key=lambda entry: entry.fname):
        if entry.style == "normal" and entry.weight in (400, "normal", "regular") and _suits(entry.name, entry.fname):
            found.setdefault(entry.name, entry.fname)
    return found


@lru_cache(maxsize=1)
def _bold() -> frozenset[str]:
    return frozenset(e.name for e in fontManager.ttflist if e.style == "normal" and e.weight in (700, "bold"))


def _suits(name: str, file: str) -> bool:
    """Whether a font is for text: not matplotlib's for formulas, nor color bitmaps, nor boxes for every letter."""
    formulas = Path(file).is_relative_to(get_data_path()) and name != BASE
    return not formulas and "Color" not in name and "LastResort" not in name.replace(" ", "")
