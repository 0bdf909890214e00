"""Results in a folder: parts while an experiment runs, tables and a manifest when it is done.

Every file is there whole or not at all, so that whatever interrupts us leaves something to go on with.  A finished
folder has no parts; its measures are one, as far as going on is concerned.
"""

import csv
import io
import math
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from orgsim.errors import MissingExtraError, UserError
from orgsim.experiments.chunks import Part
from orgsim.experiments.columns import Columns, Values, alike, as_rows, digest, without_overlap
from orgsim.experiments.manifest import Manifest, from_json
from orgsim.experiments.model import VACANCIES, csv_text
from orgsim.files import write_whole, writing

MANIFEST, PARTS, MEASURES, ROWS = "manifest.json", "parts", "measures", "vacancies"
TORN = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)
"""What reading a file that is not whole may raise."""
BATCH = 1 << 24
"""Characters of CSV that make a group of rows in Parquet."""


def prepare(folder: Path, manifest: Manifest, *, resume: bool) -> tuple[Manifest, list[Part]]:
    """Make the folder ready for an experiment; the manifest, and what is there already, if it may be resumed.

    A result that has rows keeps having them.
    """
    if not (folder / MANIFEST).exists():
        if folder.exists() and any(folder.iterdir()):
            raise UserError(f"'{folder}' has other things in it; results need a folder of their own", 4)
        (folder / PARTS).mkdir(parents=True, exist_ok=True)
        write_manifest(folder, manifest)
        return manifest, []
    if not resume:
        raise UserError(
            f"there is a result in '{folder}' already; go on with it by --resume, or name another folder", 4
        )
    old = read_manifest(folder)
    _check_same(folder, old, manifest)
    if isinstance(manifest.wanted, int) and old.complete and old.replications > manifest.wanted:
        raise UserError(
            f"the result in '{folder}' has {old.replications:,} replications, more than {manifest.wanted:,}"
        )
    manifest = attrs.evolve(manifest, rows=manifest.rows or old.rows)
    (folder / PARTS).mkdir(exist_ok=True)
    if old.complete:
        for part in _finished(folder, old):
            write_part(folder, old, part)
    write_manifest(folder, manifest)
    usable = [part for part in _parts(folder, manifest) if part.rows is not None or not manifest.rows]
    kept = (without_overlap(part for part in usable if part.variant == variant) for variant in manifest.inputs)
    return manifest, [part for parts in kept for part in parts]


def _check_same(folder: Path, old: Manifest, new: Manifest) -> None:
    """Parts of one experiment must not be mixed with those of another."""
    differ = None
    if old.seed != new.seed:
        differ = f"the seed {old.seed}, and now it is {new.seed}"
    elif old.versions.get("orgsim") != new.versions.get("orgsim"):
        differ = f"orgsim {old.versions.get('orgsim')}, and this is {new.versions.get('orgsim')}"
    for variant, found in new.inputs.items():
        if variant in old.inputs and old.inputs[variant].fingerprint != found.fingerprint:
            differ = f"another scenario: {variant!r} has changed since"
    if differ is not None:
        raise UserError(f"the result in '{folder}' is from {differ}; name another folder", 1)


# ------------------------------------------------------------------------------------------------------------- parts


def write_part(folder: Path, manifest: Manifest, part: Part) -> Part:
    """Keep a part, under the fingerprint of its variant and its replications; the part without the text of its rows."""
    file = io.BytesIO()
    arrays: dict[str, Any] = {"names": np.array(part.names, dtype=np.str_), "values": part.values}
    if part.rows is not None:
        arrays["rows"] = np.frombuffer(part.rows.encode(), dtype=np.uint8)
    np.savez(file, allow_pickle=False, **arrays)
    write_whole(_part_path(folder, manifest, part), file.getvalue())
    return _light(part)


def _light(part: Part) -> Part:
    return part if part.rows is None else attrs.evolve(part, rows="")


def _part_path(folder: Path, manifest: Manifest, part: Part) -> Path:
    return folder / PARTS / f"{_short(manifest, part.variant)}-{part.lo}-{part.hi}.npz"


def _short(manifest: Manifest, variant: str) -> str:
    return manifest.inputs[variant].fingerprint[:16]


def _parts(folder: Path, manifest: Manifest) -> Iterator[Part]:
    """Every part that can be read, without the text of its rows; one that cannot is as good as none."""
    variants = {_short(manifest, variant): variant for variant in manifest.inputs}
    for path in sorted((folder / PARTS).glob("*.npz")):
        short, _, span = path.stem.partition("-")
        lo, _, hi = span.partition("-")
        if short not in variants or not (lo.isdigit() and hi.isdigit()):
            continue
        with suppress(*TORN), np.load(io.BytesIO(path.read_bytes())) as found:
            values = found["values"]
            names = tuple(map(str, found["names"]))
            rows = "" if "rows" in found and found["rows"] is not None else None
            if values.shape == (int(hi) - int(lo), len(names)):
                yield Part(variants[short], int(lo), int(hi), names, values, rows)


# -------------------------------------------------------------------------------------------------- finished results


def finish(folder: Path, manifest: Manifest, runs: Mapping[str, Columns], parts: Iterable[Part]) -> None:
    """Write the tables and the manifest, and drop the parts, in which the rows still are."""
    shown = alike(runs)
    names = tuple(dict.fromkeys(name for columns in shown.values() for name in columns))
    lines = (
        csv_text((variant, k, *row) for k, row in enumerate(as_rows(names, columns).tolist()))
        for variant, columns in shown.items()
    )
    types = {"variant": "text", "replication": "int", **dict.fromkeys(names, "float")}
    _write_table(folder / MEASURES, types, lines)
    if manifest.rows:
        order = {variant: number for number, variant in enumerate(runs)}
        ordered = sorted(parts, key=lambda part: (order[part.variant], part.lo))
        rows = (_part_rows(folder, manifest, part) for part in ordered if part.lo < manifest.replications)
        _write_table(folder / ROWS, {"variant": "text", **VACANCIES}, rows)
    write_manifest(folder, manifest)
    shutil.rmtree(folder / PARTS, ignore_errors=True)


def _part_rows(folder: Path, manifest: Manifest, part: Part) -> str:
    """The rows of a part as lines of CSV, those of replications too many left out."""
    with np.load(_part_path(folder, manifest, part)) as found:
        rows = csv.reader(io.StringIO(found["rows"].tobytes().decode()))
    return csv_text((part.variant, *row) for row in rows if int(row[0]) < manifest.replications)


def _write_table(path: Path, types: Mapping[str, str], texts: Iterable[str]) -> None:
    """Lines of CSV as a table: Parquet where that can be written, else CSV; only one text at a time is in memory."""
    plain, packed = path.with_suffix(".csv"), path.with_suffix(".parquet")
    try:
        from pyarrow import parquet  # type: ignore[import-untyped]
    except ImportError:
        with writing(plain) as file:
            file.write(csv_text([types]).encode())
            file.writelines(text.encode() for text in texts)
        packed.unlink(missing_ok=True)
        return
    with writing(packed) as file, parquet.ParquetWriter(file, _arrow(types, "").schema, compression="zstd") as writer:
        for text in _batches(texts):
            writer.write_table(_arrow(types, text))
    plain.unlink(missing_ok=True)


def _batches(texts: Iterable[str]) -> Iterator[str]:
    """Texts put together until they are large enough to pack well."""
    held: list[str] = []
    for text in texts:
        held.append(text)
        if sum(map(len, held)) >= BATCH:
            yield "".join(held)
            held.clear()
    yield "".join(held)


def _arrow(types: Mapping[str, str], text: str) -> Any:
    """Lines of CSV as a `pyarrow.Table`; an empty cell is null."""
    from pyarrow import csv as arrow_csv
    from pyarrow import float64, int64, string

    arrow = {"text": string(), "int": int64(), "float": float64()}
    convert = arrow_csv.ConvertOptions(
        column_types={name: arrow[type_] for name, type_ in types.items()}, null_values=[""], strings_can_be_null=True
    )
    return arrow_csv.read_csv(io.BytesIO(f"{csv_text([types])}{text}".encode()), convert_options=convert)


def _read_table(path: Path) -> tuple[list[str], Iterator[list[str]]]:
    """The header and the cells of a table, as texts, whichever of the two forms it has."""
    plain, packed = path.with_suffix(".csv"), path.with_suffix(".parquet")
    if not packed.exists():
        rows = csv.reader(io.StringIO(plain.read_text("utf-8")))
        return next(rows, []), rows
    table = _parquet().read_table(packed)
    cells = zip(*(column.to_pylist() for column in table.columns), strict=True)
    return list(table.column_names), csv.reader(io.StringIO(csv_text(cells)))


def _parquet() -> Any:
    try:
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError("parquet") from None
    return parquet


def read_runs(folder: Path, manifest: Manifest) -> dict[str, Columns]:
    """The measures of a finished result; raises UserError if they are not what its manifest says."""
    try:
        runs = _read_runs(folder / MEASURES, manifest)
    except (KeyError, ValueError, IndexError, csv.Error):
        runs = {}
    if digest(runs) != manifest.digest:
        damaged = f"the measures in '{folder}' are not those that were written there"
        raise UserError(f"{damaged}; run the scenario again, into another folder", 1)
    return runs


def _read_runs(path: Path, manifest: Manifest) -> dict[str, Columns]:
    """The measures by variant, in the order in which the manifest has them."""
    header, variants, numbers = _read_packed(path) if path.with_suffix(".parquet").exists() else _read_plain(path)
    runs = {}
    for variant, said in manifest.inputs.items():
        rows = np.flatnonzero(variants == variant)
        runs[variant] = Columns(said.measures, numbers[rows][:, [header.index(name) for name in said.measures]])
    return runs


def _read_plain(path: Path) -> tuple[list[str], NDArray[np.object_], Values]:
    """The names of measures, the variant of each row, and its numbers, from CSV."""
    header, rows = _read_table(path)
    cells = list(rows)
    numbers = [[float(cell) if cell else math.nan for cell in row[2:]] for row in cells]
    shape = (len(cells), len(header) - 2)
    return header[2:], np.array([row[0] for row in cells], dtype=object), np.array(numbers).reshape(shape)


def _read_packed(path: Path) -> tuple[list[str], NDArray[np.object_], Values]:
    """The same from Parquet, without a detour through texts."""
    table = _parquet().read_table(path.with_suffix(".parquet"))
    names = table.column_names[2:]
    numbers = [table.column(name).to_numpy().astype(np.float64) for name in names]
    variants = np.array(table.column("variant").to_pylist(), dtype=object)
    return names, variants, np.stack(numbers, axis=1) if numbers else np.empty((len(variants), 0))


def _finished(folder: Path, manifest: Manifest) -> Iterator[Part]:
    """A finished result as parts to go on with."""
    texts: dict[str, str | None] = dict.fromkeys(manifest.inputs)
    if manifest.rows:
        rows = list(_read_table(folder / ROWS)[1])
        texts = {variant: csv_text(cells for of, *cells in rows if of == variant) for variant in manifest.inputs}
    for variant, columns in read_runs(folder, manifest).items():
        yield Part(variant, 0, columns.count, columns.names, columns.numbers, texts[variant])


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write `manifest.json`."""
    write_whole(folder / MANIFEST, manifest.to_json())


def read_manifest(folder: Path) -> Manifest:
    """Read `manifest.json`; raises UserError if the folder has none of ours."""
    path = folder / MANIFEST
    if not path.is_file():
        raise UserError(f"there is no result in '{folder}': it has no {MANIFEST}", 4)
    return from_json(path.read_text("utf-8"), str(path))
