"""The finished index of a large ledger, kept beside it: arrays in files, which are looked at where they lie.

The folder `NAME.index` holds one file of numpy for each array, and a description that names the content it was made
of.  Nothing is pickled; an index of other content, or of another version, is made anew.  Files appear whole or not at
all: the folder is written under another name and then renamed.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import attrs
import numpy as np

from orgsim.columns.days.staff import Changes
from orgsim.columns.days.states import OPEN, TIMED, Believed, prepared
from orgsim.columns.files.saving import declared, header_of
from orgsim.columns.ledger import ColumnarLedger
from orgsim.columns.replay.irregular import Core
from orgsim.columns.replay.nearby import Nearby, Rows
from orgsim.columns.replay.relations import Holds, Relations
from orgsim.columns.replay.spells import Spells
from orgsim.columns.replay.structure import Structure
from orgsim.columns.replay.timeline import Timeline
from orgsim.columns.rows.arrays import Ints
from orgsim.columns.rows.pool import Pool
from orgsim.columns.rows.table import SPARSE, Table

VERSION = 6
"""To be raised whenever an array means something else."""
_SPELLS = tuple(field.name for field in attrs.fields(Relations) if field.type is Spells)
_BELIEVED = tuple(field.name for field in attrs.fields(Believed))


def folder_of(path: Path) -> Path:
    """Where the index of a ledger lies."""
    return path.with_name(path.name + ".index")


class _Arrays:
    """Arrays by name, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, array: Ints) -> None:
        np.save(self.folder / f"{name}.npy", np.ascontiguousarray(array), allow_pickle=False)

    def get(self, name: str) -> Ints:
        path = self.folder / f"{name}.npy"
        # What is small is read, for a file that is looked at stays open.
        small = path.stat().st_size < SMALL
        array: Ints = np.load(path, mmap_mode=None if small else "r", allow_pickle=False)
        return array.view(np.ndarray)

    def put_fields(self, name: str, value: Any) -> None:
        """The fields of a value that are arrays."""
        for field in _array_fields(type(value)):
            self.put(f"{name}-{field}", getattr(value, field))

    def get_fields(self, name: str, cls: type[Any]) -> dict[str, Any]:
        """The same, of a value of a class."""
        return {field: self.get(f"{name}-{field}") for field in _array_fields(cls)}

    def put_pool(self, name: str, pool: Pool, *, ordered: bool = False) -> None:
        self.put(f"{name}-buffer", pool.buffer)
        self.put(f"{name}-offsets", pool.offsets)
        if ordered:
            order = pool.sorted().order
            self.put(f"{name}-order", np.zeros(0, np.int32) if order is None else order)

    def get_pool(self, name: str, *, ordered: bool = False) -> Pool:
        order = self.get(f"{name}-order") if ordered else None
        return Pool(self.get(f"{name}-buffer"), self.get(f"{name}-offsets"), order)

    def put_edges(self, name: str, edges: Ints) -> None:
        """Where groups begin, half as wide as they are worked out: there are never so many rows."""
        self.put(f"{name}-edges", edges.astype(np.int32))

    def put_rows(self, name: str, rows: Rows) -> None:
        self.put(f"{name}-rows", rows.rows)
        self.put_edges(name, rows.edges)

    def get_rows(self, name: str) -> Rows:
        return Rows.made(self.get(f"{name}-rows"), self.get(f"{name}-edges"))


SMALL = 1 << 15


def _array_fields(cls: type[Any]) -> list[str]:
    return [field.name for field in attrs.fields(cls) if field.type == Ints]


def save(ledger: ColumnarLedger, folder: Path, content: str) -> None:
    """Write the index of a ledger whose file has some content."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        _put(ledger, _Arrays(made), content)
        if folder.exists():
            shutil.rmtree(folder)
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _put(ledger: ColumnarLedger, arrays: _Arrays, content: str) -> None:
    table, relations = ledger.table, ledger.relations()
    arrays.put_fields("table", table)
    for name in SPARSE:
        for part, array in zip(("rows", "values"), table.sparse[name], strict=True):
            arrays.put(f"sparse-{name}-{part}", array)
    arrays.put_pool("ids", table.ids, ordered=True)
    arrays.put_pool("texts", table.texts)
    arrays.put("rest-rows", table.rest[0])
    arrays.put_pool("rest", table.rest[1])
    for part, array in zip(("rows", "days"), table.gone, strict=True):
        arrays.put(f"gone-{part}", array)
    for name in _SPELLS:
        arrays.put_fields(name, getattr(relations, name))
    arrays.put_fields("holds", relations.holds)
    arrays.put_fields("relations", relations)
    for part, array in zip(("people", "organizations"), relations.pairs, strict=True):
        arrays.put(f"pairs-{part}", array)
    arrays.put_fields("tree", relations.structure)
    for name in EDGED:
        arrays.put_edges(name, relations.all_edges(name))
    _put_by_day(ledger, arrays)
    nearby = ledger.nearby
    for name in ROWS:
        arrays.put_rows(name, getattr(nearby, name))
    arrays.put("all-units", nearby.all_units)
    arrays.put("core-people", ledger.core.people)
    arrays.put("core-posts", ledger.core.posts)
    text = json.dumps(_description(ledger, content), ensure_ascii=False)
    with (arrays.folder / "index.json").open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _put_by_day(ledger: ColumnarLedger, arrays: _Arrays) -> None:
    """What whole charts and headcounts are made of."""
    ledger.prepare()
    for name, one in prepared(ledger).items():
        arrays.put_fields(f"time-{name}", one)
    arrays.put_fields("changes", ledger.staff().own_changes)
    for name, found in ledger.believed.items():
        arrays.put(f"believed-{name}", np.stack([getattr(found, column) for column in _BELIEVED]))


def _description(ledger: ColumnarLedger, content: str) -> dict[str, Any]:
    """What is no array."""
    table, relations, nearby = ledger.table, ledger.relations(), ledger.nearby
    return {
        "version": VERSION,
        "numpy": np.__version__.split(".")[0],
        "content": content,
        "sizes": table.sizes,
        "declared": table.declared,
        "file": table.file,
        "base": relations.base,
        "kinds": relations.structure.kinds,
        "names": relations.structure.names,
        "people": [declared(person) for person in ledger.people],
        "sources": [declared(source) for source in ledger.sources],
        "merges": nearby.merges,
        "owned": {str(person): numbers for person, numbers in nearby.owned.items()},
    }


EDGED = ("solid", "primary", "answer", "unit")
ROWS = ("by_person", "by_post", "by_unit", "to_people")


def load(folder: Path, content: str, file: str | None = None) -> ColumnarLedger | None:
    """The ledger of an index, if it was made of this content by this version; nothing is read that is not asked for.

    `file` is how the file of the ledger is called now.
    """
    try:
        told: dict[str, Any] = json.loads((folder / "index.json").read_text("utf-8"))
        if told["version"] != VERSION or told["content"] != content:
            return None
        return _get(_Arrays(folder), {**told, "file": file or told["file"]})
    except (OSError, ValueError, KeyError):  # no index, or a broken one: it is made anew
        return None


def _get(arrays: _Arrays, told: dict[str, Any]) -> ColumnarLedger:
    table = _table(arrays, told)
    declares = {name.encode(): json.dumps(told[name]).encode() for name in ("people", "sources")}
    ledger = ColumnarLedger(table, *header_of(declares))
    ledger.believed = {name: Believed(*arrays.get(f"believed-{name}")) for name in ("units", *TIMED)}
    ledger.adopt(
        _relations(arrays, told),
        Core(arrays.get("core-people"), arrays.get("core-posts")),
        Nearby.made(
            table,
            {name: arrays.get_rows(name) for name in ROWS},
            arrays.get("all-units"),
            merges=told["merges"],
            owned={int(person): numbers for person, numbers in told["owned"].items()},
        ),
    )
    changes = arrays.get_fields("changes", Changes)
    ledger.staff().own_changes = Changes(table.first_other - table.first_unit, **changes)
    return ledger


def _table(arrays: _Arrays, told: dict[str, Any]) -> Table:
    people, posts, units = told["sizes"]
    return Table(
        arrays.get_pool("ids", ordered=True),
        (people, posts, units),
        arrays.get_pool("texts"),
        **arrays.get_fields("table", Table),
        sparse={name: (arrays.get(f"sparse-{name}-rows"), arrays.get(f"sparse-{name}-values")) for name in SPARSE},
        rest=(arrays.get("rest-rows"), arrays.get_pool("rest")),
        gone=(arrays.get("gone-rows"), arrays.get("gone-days")),
        declared=told["declared"],
        file=told["file"],
    )


def _relations(arrays: _Arrays, told: dict[str, Any]) -> Relations:
    tree, spells = (arrays.get_fields(name, cls) for name, cls in (("tree", Structure), ("relations", Relations)))
    spells |= {name: Spells(**arrays.get_fields(name, Spells)) for name in _SPELLS}
    people = told["sizes"][0]
    return Relations(
        base=told["base"],
        pairs=(arrays.get("pairs-people"), arrays.get("pairs-organizations")),
        structure=Structure(**tree, kinds=tuple(told["kinds"]), names=tuple(told["names"])),
        holds=Holds(**arrays.get_fields("holds", Holds)),
        **spells,
        timelines={name: Timeline(people, **arrays.get_fields(f"time-{name}", Timeline)) for name in (*TIMED, OPEN)},
        made_edges={name: arrays.get(f"{name}-edges") for name in EDGED},
    )
