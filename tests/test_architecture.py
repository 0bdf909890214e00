"""The shape of the package: who may import whom, how large things may be, what stays light.

Each guard is a function from source texts to problems, so that each is itself tested to bite.
"""

import ast
import io
import subprocess
import sys
import tokenize
from collections.abc import Callable, Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "orgsim"

# A module's layer; a row for a folder holds for all modules in it that have none of their own.
# Imports point down or sideways, and never in a circle.
LAYERS: dict[str, float] = {
    # 0: nouns, verbs, problems
    "collector": 0,
    "dates": 0,
    "display": 0,
    "errors": 0,
    "events": 0,
    "excerpt": 0,
    "files": 0,
    "model": 0,
    "normal": 0,
    "transitions": 0,
    "values": 0,
    # 1: what is true at a date
    "changes": 1,
    "chart": 1,
    "dating": 1,
    "differences": 1,
    "expectations": 1,
    "fold": 1,
    "hierarchy": 1,
    "index": 1,
    "laws": 1,
    "lookups": 1,
    "outstanding": 1,
    "phrases": 1,
    "references": 1,
    "replay": 1,
    "rules": 1,
    "timeline": 1,
    "tracks": 1,
    # 2: what a caller holds
    "ledger": 2,
    "scenario": 2,
    # 3: what can be computed from it
    "columns.rows": 3.1,
    "columns.replay": 3.2,
    "columns.days": 3.3,
    "columns": 3.4,
    "columns.counts": 3.5,
    "columns.files": 3.6,
    "columns.counts.report": 4,
    "metrics": 3,
    "simulate": 3,
    "story": 3,
    # 4: the same as plain data, or many times over
    "data": 4,
    "experiments": 4,
    "report": 4,
    "scenario.briefing": 4,
    "scenario.briefing_filling": 4,
    "scenario.staff": 4,
    # 5: files, in and out
    "experiments.experiment": 5,
    "experiments.store": 5,
    "exporters": 5,
    "frames": 5,
    "importers": 5,
    "reading": 5,
    "schema": 5,
    "writing": 5,
    # 6: pictures
    "page": 6,
    "plotting": 6,
    # 6: the door, `import orgsim`
    "orgsim": 6,
    # 7: what a person uses
    "__main__": 7,
    "cli": 7,
    "console": 7,
    "importing": 6,
    "starter": 7,
    "testing": 7,
}

# The only modules or folders that may import an outside library.
HOMES = {
    "click": {"cli"},
    "distributed": {"experiments.cluster"},
    "hypothesis": {"testing"},
    "matplotlib": {"plotting"},
    "networkx": {"frames"},
    "numpy": {"columns", "console.folding", "experiments", "laws", "normal", "scenario.filling", "simulate"},
    "openpyxl": {"importers.spreadsheet"},
    "pandas": {"frames"},
    "polars": {"frames"},
    "pyarrow": {"columns.files.parquet", "experiments.store", "exporters.parquet", "frames"},
    "rich": {"console"},
    "simpy": {"simulate.kernel"},
    "yaml": {"reading"},
}
# At home everywhere: our values are made of it.
EVERYWHERE = {"attrs"}

LONGEST_MODULE = 400  # lines of code; blank lines, comments and docstrings are free
LONGEST_FUNCTION = 45

# What `import orgsim` must not load, for it is slow and mostly not needed.
HEAVY = {
    "click",
    "defusedxml",
    "distributed",
    "hypothesis",
    "matplotlib",
    "networkx",
    "numpy",
    "openpyxl",
    "pandas",
    "polars",
    "pyarrow",
    "rich",
    "simpy",
    "yaml",
}


# ------------------------------------------------------------------ reading sources


def sources(package: Path) -> dict[str, str]:
    """The text of every module, by its dotted name within the package."""
    found = {}
    for file in sorted(package.rglob("*.py")):
        parts = file.relative_to(package).with_suffix("").parts
        if parts[-1] == "__init__":
            parts = parts[:-1]
        found[".".join(parts) or "orgsim"] = file.read_text("utf-8")
    return found


def covering(rows: Collection[str], name: str) -> str | None:
    """The row for a module, or else for the nearest folder around it."""
    while name and name not in rows:
        name = name.rpartition(".")[0]
    return name or None


def layer_of(name: str) -> float | None:
    """The layer of a module, or nothing if the table does not tell."""
    row = covering(LAYERS, name)
    return None if row is None else LAYERS[row]


def imports(text: str) -> Iterator[tuple[int, str]]:
    """Every name that is imported anywhere in a module, absolute, with its line."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            for alias in node.names:
                yield node.lineno, f"{start}.{alias.name}"


def inner(modules: Mapping[str, str], target: str) -> str:
    """The module of ours that an imported name, `orgsim.…`, stands in."""
    return covering(modules, target.removeprefix("orgsim").removeprefix(".")) or "orgsim"


def is_ours(target: str) -> bool:
    """Whether an imported name belongs to the package."""
    return target.partition(".")[0] == "orgsim"


# ------------------------------------------------------------------ the guards


def layer_problems(modules: Mapping[str, str]) -> Iterator[str]:
    """Find modules without a layer and imports that point up."""
    for name, text in modules.items():
        layer = layer_of(name)
        if layer is None:
            yield f"give {name} a layer"
            continue
        for line, target in imports(text):
            if target.startswith("."):
                yield f"{name}:{line}: write the import of {target} in full"
            elif is_ours(target):
                below = inner(modules, target)
                other = layer_of(below)
                if other is not None and other > layer:
                    yield f"{name}:{line}: layer {layer} imports {below} of layer {other}"


def circle_problems(modules: Mapping[str, str]) -> Iterator[str]:
    """Find a circle of imports, the first there is."""
    graph = {
        name: {inner(modules, target) for _, target in imports(text) if is_ours(target)}
        for name, text in modules.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield f"imports go in a circle: {' -> '.join(reversed(error.args[1]))}"


def home_problems(modules: Mapping[str, str]) -> Iterator[str]:
    """Find outside libraries that are used away from their home."""
    for name, text in modules.items():
        for line, target in imports(text):
            library = target.partition(".")[0]
            if not library or library in sys.stdlib_module_names | EVERYWHERE | {"orgsim"}:
                continue
            homes = HOMES.get(library)
            if homes is None:
                yield f"{name}:{line}: give {library} a home"
            elif covering(homes, name) is None:
                yield f"{name}:{line}: {library} is at home in {', '.join(sorted(homes))}"


def docstring_problems(modules: Mapping[str, str]) -> Iterator[str]:
    """Find modules that do not say what they are for."""
    for name, text in modules.items():
        if not ast.get_docstring(ast.parse(text)):
            yield f"{name}: say in a docstring what the module is for"


def code_lines(text: str) -> set[int]:
    """The numbers of the lines that hold code: not blank, comment or docstring."""
    free = {
        tokenize.COMMENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
        tokenize.INDENT,
        tokenize.NEWLINE,
        tokenize.NL,
    }
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in free:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        # A text that stands alone is documentation, wherever it stands.
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            lines.difference_update(range(node.lineno, (node.end_lineno or 0) + 1))
    return lines


def size_problems(modules: Mapping[str, str]) -> Iterator[str]:
    """Find modules and functions that are too long to be read at once."""
    for name, text in modules.items():
        lines = code_lines(text)
        if len(lines) > LONGEST_MODULE:
            yield f"{name}: {len(lines)} lines of code; split it below {LONGEST_MODULE}"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                long = len(lines & set(range(node.lineno, (node.end_lineno or 0) + 1)))
                if long > LONGEST_FUNCTION:
                    yield (
                        f"{name}:{node.lineno}: {node.name} has {long} lines of code; split it below {LONGEST_FUNCTION}"
                    )


def loaded_by(statement: str) -> set[str]:
    """The heavy libraries that a statement loads in a fresh interpreter."""
    asked = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", asked],
        capture_output=True,
        check=True,
        cwd=PACKAGE.parent,
        text=True,
    )
    return HEAVY & set(done.stdout.split())


# ------------------------------------------------------------------ the package obeys


Guard = Callable[[Mapping[str, str]], Iterator[str]]
GUARDS: dict[str, Guard] = {
    "layers": layer_problems,
    "circles": circle_problems,
    "homes": home_problems,
    "docstrings": docstring_problems,
    "sizes": size_problems,
}


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS.keys())
def test_the_package_obeys(guard: Guard) -> None:
    """No module of the package breaks this rule."""
    modules = sources(PACKAGE)
    assert "orgsim" in modules, "the guard looks at nothing"
    assert "\n".join(guard(modules)) == ""


def test_the_door_is_light() -> None:
    """Importing orgsim loads none of the heavy libraries."""
    assert loaded_by("import orgsim") == set()


# ------------------------------------------------------------------ the guards bite


DOC = '"""A module."""\n'
LONG = "x = 1\n" * (LONGEST_MODULE + 1)
LONG_BODY = "    x = 1\n" * LONGEST_FUNCTION

BAD = {
    "unknown module": ("layers", {"nobody": DOC}, "give nobody a layer"),
    "upward import": (
        "layers",
        {"events": "import orgsim.cli", "cli": DOC},
        "events:1: layer 0 imports cli of layer 7",
    ),
    "upward import from": (
        "layers",
        {"events": "from orgsim import cli", "cli": DOC},
        "events:1: layer 0 imports cli of layer 7",
    ),
    "upward import of a name": (
        "layers",
        {"events": "from orgsim.reading.shape import f", "reading.shape": DOC},
        "events:1: layer 0 imports reading.shape of layer 5",
    ),
    "upward import inside a function": (
        "layers",
        {"events": "def f():\n    from orgsim.cli import main", "cli": DOC},
        "events:2: layer 0 imports cli of layer 7",
    ),
    "import of the door": (
        "layers",
        {"events": "from orgsim import __version__", "orgsim": DOC},
        "events:1: layer 0 imports orgsim of layer 6",
    ),
    "relative import": (
        "layers",
        {"events": "from . import cli", "cli": DOC},
        "events:1: write the import of ..cli in full",
    ),
    "circle": (
        "circles",
        {"dates": "import orgsim.events", "events": "from orgsim.dates import x"},
        "imports go in a circle: dates -> events -> dates",
    ),
    "library away from home": (
        "homes",
        {"ledger": "import yaml"},
        "ledger:1: yaml is at home in reading",
    ),
    "library away from home, in part": (
        "homes",
        {"reading.shape": "from rich.table import Table"},
        "reading.shape:1: rich is at home in console",
    ),
    "unknown library": ("homes", {"ledger": "import django"}, "give django a home"),
    "no docstring": ("docstrings", {"ledger": "x = 1"}, "ledger: say in a docstring"),
    "long module": ("sizes", {"ledger": LONG}, "ledger: 401 lines of code"),
    "long function": (
        "sizes",
        {"ledger": f"def f():\n{LONG_BODY}"},
        "ledger:1: f has 46 lines of code",
    ),
}


@pytest.mark.parametrize(("guard", "modules", "said"), BAD.values(), ids=BAD.keys())
def test_guards_bite(guard: str, modules: dict[str, str], said: str) -> None:
    """A module that breaks the rule is reported once, with its name."""
    (problem,) = GUARDS[guard](modules)
    assert said in problem


GOOD = {
    "downward": {"cli": f"{DOC}from orgsim.events import x", "events": DOC},
    "sideways": {"dates": DOC, "events": f"{DOC}from orgsim.dates import x"},
    "at home": {"reading": DOC, "reading.text": f"{DOC}import yaml\nimport attrs\nimport os"},
    "free lines": {"ledger": DOC + "# why\n\n" * LONGEST_MODULE},
}


@pytest.mark.parametrize("modules", GOOD.values(), ids=GOOD.keys())
def test_guards_let_good_modules_pass(modules: dict[str, str]) -> None:
    """A module that keeps all the rules is not reported by any guard."""
    assert [said for guard in GUARDS.values() for said in guard(modules)] == []


def test_the_weight_guard_bites() -> None:
    """Loading a heavy library is noticed."""
    assert loaded_by("import yaml") == {"yaml"}
