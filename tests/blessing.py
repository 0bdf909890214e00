"""Comparing text with a golden file, and accepting new text; knows nothing of orgsim."""

from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

import pytest


def differences(expected: str, actual: str, name: str) -> str:
    """The lines in which two texts differ, as a unified diff."""
    return "\n".join(
        unified_diff(
            expected.splitlines(),
            actual.splitlines(),
            fromfile=f"{name} (expected)",
            tofile=f"{name} (now)",
            lineterm="",
        )
    )


@dataclass(frozen=True)
class Golden:
    """Compares text with files beside a test, or rewrites those files when blessing."""

    folder: Path
    bless: bool

    def __call__(self, path: Path | str, text: str) -> None:
        """Fail unless the file, relative to the test's own folder, is exactly the text."""
        file = self.folder / path
        expected = file.read_bytes().decode() if file.exists() else None
        if text == expected:
            return
        if self.bless:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
            return
        if expected is None:
            shown = f"there is no file {file}"
        else:
            # A diff of lines is empty when only the ends of lines differ.
            shown = differences(expected, text, file.name) or (f"{file} differs in line endings only")
        pytest.fail(f"{shown}\n\nIf what it says now is right: make bless", pytrace=False)
