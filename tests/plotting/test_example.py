"""The example notebooks and the script say what they would say if they were run now.

Their pictures may differ between versions of matplotlib, so only that they are there is looked at.
"""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from examples.what_if import main
from tests.blessing import Golden

EXAMPLES = Path(__file__).parents[2] / "examples"
METHODS = {"text/html": "_repr_html_", "image/svg+xml": "_repr_svg_"}


def outputs(value: object) -> list[dict[str, Any]]:
    """What a notebook keeps of the value of a cell's last line."""
    if value is None:
        return []
    data = {"text/plain": repr(value)}
    data |= {form: getattr(value, method)() for form, method in METHODS.items() if hasattr(value, method)}
    lines = {form: text.splitlines(keepends=True) for form, text in data.items()}
    return [{"data": lines, "execution_count": None, "metadata": {}, "output_type": "execute_result"}]


def run(source: str, namespace: dict[str, Any]) -> object:
    """Run a cell, and give the value of its last line if that is an expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), namespace)  # noqa: S102 - our own example
    return eval(compile(ast.Expression(last.value), "cell", "eval"), namespace) if isinstance(last, ast.Expr) else None  # noqa: S307


def told(cell: dict[str, Any]) -> list[Any]:
    """What a cell says, without its pictures."""
    return [
        {form: lines for form, lines in output["data"].items() if form != "image/svg+xml"} for output in cell["outputs"]
    ]


@pytest.mark.parametrize("name", ["replay", "what-if"])
def test_the_notebook_is_executed(name: str, monkeypatch: pytest.MonkeyPatch, *, bless: bool) -> None:
    """Every cell gives what the notebook keeps, cell by cell."""
    monkeypatch.chdir(EXAMPLES)
    path = EXAMPLES / f"{name}.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    namespace: dict[str, Any] = {"__name__": "notebook"}
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(cells, 1):
        now = outputs(run("".join(cell["source"]), namespace))
        if bless:
            cell["outputs"] = [{**output, "execution_count": number} for output in now]
            cell["execution_count"] = number
        assert told({"outputs": now}) == told(cell), f"cell {number}; if that is right: make bless"
        assert all(
            ("image/svg+xml" in a["data"]) == ("image/svg+xml" in b["data"])
            for a, b in zip(now, cell["outputs"], strict=True)
        )
    if bless:
        path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    assert len(cells) >= 5


def test_the_script_prints_this(tmp_path: Path, golden: Golden, capsys: pytest.CaptureFixture[str]) -> None:
    """The script runs a scenario, looks into one future, and draws."""
    main(tmp_path)
    assert (tmp_path / "what-if.svg").read_text("utf-8").startswith("<?xml")
    golden("../../examples/what_if.txt", capsys.readouterr().out)
