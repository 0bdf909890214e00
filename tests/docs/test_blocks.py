"""Every fenced block of the README and the documentation says what is true."""

import shutil
from pathlib import Path

import pytest

from tests.docs.blocks import Page

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted(page for page in (ROOT / "docs").rglob("*.md") if "_build" not in page.relative_to(ROOT).parts),
]
# What a page finds in its directory, as a reader does in a copy of the repository.
AT_HAND = ("scenarios", "seeds")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_page(page: Path, tmp_path: Path, *, bless: bool) -> None:
    """Every block of the page runs, and prints what the page says."""
    for folder in AT_HAND:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    running = Page(page, tmp_path)
    running.run(bless=bless)
    if running.problems:
        told = "\n\n".join(running.problems)
        pytest.fail(f"{told}\n\nIf outputs changed rightly: make bless", pytrace=False)


def problems(folder: Path, text: str, *, bless: bool = False) -> list[str]:
    """Run a page with this text and return what was wrong with it."""
    page = folder / "page.md"
    page.write_text(text, "utf-8")
    directory = folder / "work"
    directory.mkdir(exist_ok=True)
    running = Page(page, directory)
    running.run(bless=bless)
    return running.problems


RIGHT = {
    "output": "```console\n$ echo one; echo two\none\ntwo\n```",
    "spaces at the end": "```console\n$ printf 'one  \\n\\n'\none\n```",
    "wildcard": "```console\n$ seq 9\n1\n...\n8\n9\n```",
    "wildcard for nothing": "```console\n$ seq 2\n1\n...\n2\n```",
    "no output": "```console\n$ true\n\n$ true\n```",
    "errors too": "```console\n$ echo no >&2; exit 3\nno\n$ echo $?\n3\n```",
    "long command": "```console\n$ echo one \\\n    two\none two\n```",
    "width": "```console\n$ echo $COLUMNS $NO_COLOR $TZ\n100 1 UTC\n```",
    "written file": "```yaml\n# file: a/b.yaml\nx: 1\n```\n\n```console\n$ tail -1 a/b.yaml\nx: 1\n```",
    "python": "```python\nx = 1\n```\n\n```python\n>>> x\n1\n>>> y = 2\n```\n\n```python\nassert y == 2\n```",
    "in a list": "- so:\n\n  ```console\n  $ echo one\n  one\n  ```",
    "in a note": "````{note}\n```console\n$ echo one\none\n```\n````",
    "shown": "```text\nanything\n```\n\n```bash skip\nrm x\n```\n\n```yaml\nx: [1]\n```",
}

WRONG = {
    "output": "```console\n$ echo one\ntwo\n```",
    "missing output": "```console\n$ echo one\n```",
    "too much output": "```console\n$ true\none\n```",
    "letter case": "```console\n$ echo One\none\n```",
    "wildcard": "```console\n$ seq 9\n1\n...\n7\n```",
    "no command": "```console\nhello\n```",
    "no language": "```\nhello\n```",
    "unknown language": "```ruby\nputs 1\n```",
    "unknown word": "```console skip\n$ echo one\n```",
    "untagged bash": "```bash\nrm x\n```",
    "bad yaml": "```yaml\nx: [1\n```",
    "failing python": "```python\nassert 1 == 2\n```",
    "failing doctest": "```python\n>>> 1 + 1\n3\n```",
    "in a list": "- so:\n\n  ```console\n  $ echo one\n  two\n  ```",
    "in a note": "````{note}\n```console\n$ echo one\ntwo\n```\n````",
    "hidden code": "```{code-block} console\n$ echo one\ntwo\n```",
    "file outside": "```yaml\n# file: ../x.yaml\nx: 1\n```",
    "never closed": "```text\nhello",
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT.keys())
def test_right_pages_pass(tmp_path: Path, text: str) -> None:
    """A page that tells the truth has no problem."""
    assert problems(tmp_path, text) == []


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG.keys())
def test_wrong_pages_fail(tmp_path: Path, text: str) -> None:
    """A page that says something untrue, or hides code from the tests, is caught once."""
    assert len(problems(tmp_path, text)) == 1


def test_problems_name_the_line(tmp_path: Path) -> None:
    """A problem names the page, the line of the fence, and both outputs."""
    (problem,) = problems(tmp_path, "# A\n\n```console\n$ echo one\ntwo\n```\n")
    assert problem.startswith(f"{tmp_path / 'page.md'}:3: ")
    assert "-two\n+one" in problem


def test_python_problems_name_the_line(tmp_path: Path) -> None:
    """An error in Python is reported with its line in the page."""
    (problem,) = problems(tmp_path, "# A\n\n```python\nx = 1\n1 / 0\n```\n")
    assert "line 5" in problem
    assert "ZeroDivisionError" in problem


def test_blessing_rewrites_outputs_only(tmp_path: Path) -> None:
    """Blessing replaces wrong outputs in place and leaves everything else as it was."""
    text = (
        "# A\n\n```console\n$ echo one\ntwo\n\n$ seq 9\n1\n...\n```\n\n"
        "- b:\n\n  ```console\n  $ echo three\n  ```\n\nThe end.\n"
    )
    blessed = (
        "# A\n\n```console\n$ echo one\none\n\n$ seq 9\n1\n...\n```\n\n"
        "- b:\n\n  ```console\n  $ echo three\n  three\n  ```\n\nThe end.\n"
    )
    assert problems(tmp_path, text, bless=True) == []
    assert (tmp_path / "page.md").read_text("utf-8") == blessed
    assert problems(tmp_path, blessed) == []
