"""The golden files themselves are tested: a comparison that cannot fail is none."""

from pathlib import Path

import pytest

from tests.blessing import Golden


def test_equal_text_passes(tmp_path: Path) -> None:
    """Text that equals its file passes in silence."""
    (tmp_path / "a.txt").write_text("one\ntwo\n")
    Golden(tmp_path, bless=False)("a.txt", "one\ntwo\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\nthree\n", "-two\n+three"),
        ("one\ntwo", "line endings only"),
        ("one\r\ntwo\r\n", "line endings only"),
    ],
)
def test_different_text_fails(tmp_path: Path, text: str, shown: str) -> None:
    """Any difference fails, shows itself and names the command that accepts it."""
    (tmp_path / "a.txt").write_text("one\ntwo\n")
    with pytest.raises(pytest.fail.Exception) as failure:
        Golden(tmp_path, bless=False)("a.txt", text)
    assert shown in str(failure.value)
    assert "make bless" in str(failure.value)


def test_a_missing_file_fails(tmp_path: Path) -> None:
    """A golden file that nobody blessed yet is a failure, not a pass."""
    with pytest.raises(pytest.fail.Exception, match="there is no file"):
        Golden(tmp_path, bless=False)("new/a.txt", "one\n")


def test_blessing_writes_the_file(tmp_path: Path) -> None:
    """Blessing writes exactly the text, and then the comparison passes."""
    Golden(tmp_path, bless=True)("new/a.txt", "日本\n")
    Golden(tmp_path, bless=False)("new/a.txt", "日本\n")
    assert (tmp_path / "new" / "a.txt").read_bytes() == "日本\n".encode()
