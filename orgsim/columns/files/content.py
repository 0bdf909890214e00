"""What a file holds, by its hash; a file that looks as it did when it was hashed last is not read again for that.

A look is the size of a file, when it was written and changed, and where it lies.  Nobody can set when a file was
changed, but two changes within the resolution of the clock look alike: so a look is trusted only if the file had been
left alone for a while when it was noted, by the clock of the file system itself.
"""

import hashlib
import json
import os
from pathlib import Path

import attrs

WHILE = 2_000_000_000
"""Nanoseconds a file must have been left alone; the coarsest clocks of file systems tick every two seconds."""
NOTE = "seen.json"


@attrs.frozen
class Content:
    """The hash of a file's content, how the file looked before it was hashed, and whether that is noted already."""

    hash: str
    look: tuple[int, ...]
    noted: bool


def look(path: Path) -> tuple[int, ...]:
    """How a file looks from outside."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev


def digest(path: Path) -> str:
    """The hash of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def content_of(path: Path, folder: Path) -> Content:
    """What a file holds: as noted in a folder, if it looks the same; raises OSError when it cannot be read."""
    now = look(path)
    noted = _noted(folder, now) if os.name == "posix" else None  # elsewhere the third number is when it was made
    return Content(digest(path) if noted is None else noted, now, noted is not None)


def _noted(folder: Path, now: tuple[int, ...]) -> str | None:
    try:
        note = folder / NOTE
        told = json.loads(note.read_text("utf-8"))
        left_alone = note.stat().st_mtime_ns - max(now[1:3])
        return str(told["content"]) if tuple(told["look"]) == now and left_alone > WHILE else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def note_down(folder: Path, content: Content) -> None:
    """Note what a file that looks so holds; where nothing can be noted, it is hashed again next time."""
    made = folder / f".{NOTE}.{os.getpid()}"
    try:
        made.write_text(json.dumps({"content": content.hash, "look": content.look}), encoding="utf-8")
        made.replace(folder / NOTE)
    except OSError:
        made.unlink(missing_ok=True)
