"""Runs the fenced blocks of a Markdown page and compares what they print.

All blocks of a page share one directory and one Python namespace, so that a page can tell
a story. What a block means is told by the words after its fence; CONTRIBUTING.md lists them.
"""

import contextlib
import doctest
import io
import os
import re
import subprocess
import sys
import textwrap
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.blessing import differences

# Languages that are only shown; every other one must be run or refused.
SHOWN = frozenset({"csv", "diff", "json", "make", "text", "toml"})
# Languages that can write a file of the page's directory.
WRITTEN = frozenset({"python", "text", "toml", "yaml"})
# Ways to show code that would escape this module.
HIDING = frozenset({"{code}", "{code-block}", "{sourcecode}", "{parsed-literal}"})

FENCE = re.compile(r"(?P<indent> *)(?P<fence>`{3,}|~{3,}) *(?P<info>[^`]*)")
FILE = re.compile(r"# file: (?P<name>\S+)")
LONGEST_COMMAND = 120  # seconds


@dataclass(frozen=True)
class Block:
    """A fenced block: where its content begins, what its fence says, and its lines."""

    start: int  # index of the first line of content in the page
    indent: str
    info: tuple[str, ...]
    lines: tuple[str, ...]
    closed: bool = True


def blocks(lines: list[str], offset: int = 0) -> Iterator[Block]:
    """Find the fenced blocks, also those inside directives such as notes."""
    at = 0
    while at < len(lines):
        opening = FENCE.fullmatch(lines[at].rstrip())
        at += 1
        if opening is None:
            continue
        fence, indent = opening["fence"], opening["indent"]
        closing = re.compile(rf" *{re.escape(fence[0])}{{{len(fence)},}} *")
        start = at
        while at < len(lines) and not closing.fullmatch(lines[at]):
            at += 1
        info = tuple(opening["info"].split())
        content = lines[start:at]
        if info and info[0].startswith("{") and info[0] not in HIDING:
            yield from blocks(content, offset + start)
        else:
            bare = tuple(line.removeprefix(indent) for line in content)
            yield Block(offset + start, indent, info, bare, closed=at < len(lines))
        at += 1


def steps(lines: tuple[str, ...]) -> list[tuple[list[str], list[str]]]:
    """Split a console session into commands, each with the output that follows it."""
    found: list[tuple[list[str], list[str]]] = []
    for line in lines:
        if found and not found[-1][1] and found[-1][0][-1].endswith("\\"):
            found[-1][0].append(line)
        elif line.startswith("$ "):
            found.append(([line], []))
        elif found:
            found[-1][1].append(line)
        else:
            message = "a console block begins with a line '$ COMMAND'"
            raise ValueError(message)
    return found


def trimmed(lines: list[str]) -> list[str]:
    """The lines without what nobody sees: spaces at their ends, empty ones at the end."""
    return "\n".join(line.rstrip() for line in lines).rstrip("\n").splitlines()


def matches(expected: list[str], actual: list[str]) -> bool:
    """Whether the output is as expected, where a line `...` stands for any lines."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line + "\n") for line in trimmed(expected))
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in trimmed(actual))) is not None


def environment() -> dict[str, str]:
    """The surroundings of a command: the same on every machine."""
    quiet = {"CLICOLOR_FORCE", "FORCE_COLOR", "ORGSIM_DATA", "PYTHONPATH", "PYTHONWARNINGS"}
    kept = {name: value for name, value in os.environ.items() if name not in quiet}
    return kept | {
        "COLUMNS": "100",
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",  # errors and results in the order a reader sees
        "PYTHONUTF8": "1",
        "TZ": "UTC",
    }


@dataclass
class Page:
    """A page being run in a directory; `problems` says what was wrong and where."""

    path: Path
    directory: Path
    problems: list[str] = field(default_factory=list)
    namespace: dict[str, object] = field(default_factory=lambda: {"__name__": "page"})
    status: int = 0  # exit status of the command before, so that `echo $?` works

    def run(self, *, bless: bool = False) -> None:
        """Run every block; when blessing, write the outputs back into the page."""
        lines = self.path.read_text("utf-8").splitlines()
        rewritten: list[tuple[Block, list[str]]] = []
        for block in blocks(lines):
            match block.info:
                case _ if not block.closed:
                    self._problem(block, "the block is never closed")
                case ():
                    self._problem(block, "give the block a language")
                case ("console",):
                    rewritten.append((block, self._console(block, bless=bless)))
                case (language,) if language in WRITTEN and self._wrote(block):
                    pass
                case ("python",):
                    self._python(block)
                case ("yaml",):
                    self._yaml(block)
                case ("bash", "skip"):
                    pass
                case ("bash",):
                    self._problem(block, "say ```bash skip, or run it as ```console")
                case (language,) if language in SHOWN:
                    pass
                case info:
                    self._problem(block, f"cannot run or show '{' '.join(info)}'")
        if bless:
            self._rewrite(lines, rewritten)

    def _problem(self, block: Block, message: str) -> None:
        self.problems.append(f"{self.path}:{block.start}: {message}")

    def _rewrite(self, lines: list[str], rewritten: list[tuple[Block, list[str]]]) -> None:
        before = list(lines)
        # From the end, so that the places of earlier blocks stay right.
        for block, said in reversed(rewritten):
            stop = block.start + len(block.lines)
            lines[block.start : stop] = [(block.indent + line).rstrip() for line in said]
        if lines != before:
            self.path.write_text("\n".join(lines) + "\n", "utf-8", newline="\n")

    def _wrote(self, block: Block) -> bool:
        """Write the block to the file it names, the naming line included."""
        named = FILE.fullmatch(block.lines[0]) if block.lines else None
        if named is None:
            return False
        file = (self.directory / named["name"]).resolve()
        if not file.is_relative_to(self.directory.resolve()):
            self._problem(block, f"'{named['name']}' is outside the page's directory")
            return True
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(block.lines) + "\n", "utf-8", newline="\n")
        return True

    def _yaml(self, block: Block) -> None:
        """A fragment is not run, but it must at least be YAML."""
        try:
            for _ in yaml.parse("\n".join(block.lines), yaml.SafeLoader):
                pass
        except yaml.YAMLError as error:
            self._problem(block, f"this is not YAML: {error}")

    def _console(self, block: Block, *, bless: bool) -> list[str]:
        """Run a session; what it should have looked like is the answer."""
        said: list[str] = []
        try:
            session = steps(block.lines)
        except ValueError as error:
            self._problem(block, str(error))
            return list(block.lines)
        for command, expected in session:
            actual = self._command("\n".join(command).removeprefix("$ "))
            said += command
            if matches(expected, actual):
                said += expected
                continue
            # Empty lines that set the next command off belong to the page, not to the output.
            said += trimmed(actual) + [""] * (len(expected) - len(trimmed(expected)))
            if not bless:
                shown = differences("\n".join(trimmed(expected)), "\n".join(trimmed(actual)), command[0])
                self._problem(block, f"the output is another\n{shown}")
        return said

    def _command(self, command: str) -> list[str]:
        """Run one command in the page's directory; the answer is all it printed."""
        try:
            done = subprocess.run(
                ["bash", "-c", f"(exit {self.status})\n{command}"],  # noqa: S607
                cwd=self.directory,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=LONGEST_COMMAND,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return [f"(still running after {LONGEST_COMMAND} seconds)"]
        self.status = done.returncode
        return done.stdout.decode("utf-8", "replace").splitlines()

    def _python(self, block: Block) -> None:
        """Run Python in the page's directory and namespace."""
        code = textwrap.dedent("\n".join(block.lines)) + "\n"
        name = str(self.path)
        with contextlib.chdir(self.directory):
            if re.search(r"^>>> ", code, re.MULTILINE):
                test = doctest.DocTestParser().get_doctest(code, self.namespace, name, name, block.start)
                told: list[str] = []
                runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
                runner.run(test, out=told.append, clear_globs=False)
                self.namespace.update(test.globs)
                if runner.failures:
                    self._problem(block, "".join(told))
                return
            try:
                # The empty lines make the line numbers of errors those of the page.
                program = compile("\n" * block.start + code, name, "exec")
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(program, self.namespace)  # noqa: S102
            except Exception:  # noqa: BLE001 - whatever a page does wrong is its problem
                self._problem(block, traceback.format_exc(limit=-1))
