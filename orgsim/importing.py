"""What the commands `import` and `export` do between reading and writing: whole files, or none."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from orgsim import exporters, importers
from orgsim.collector import paused
from orgsim.errors import UserError
from orgsim.files import write_whole
from orgsim.ledger import Ledger
from orgsim.writing import ledger_lines

SHOWN = 20
SHORTEST_KEY = 16


def import_files(format_: str, files: Sequence[Path], out: Path, options: Mapping[str, Any]) -> str:
    """Import files into a new folder with `ledger.yaml` and `report.txt`; give what to tell the user."""
    try:
        return _import_files(format_, files, out, options)
    except MemoryError:
        pass  # and let go of whatever filled the memory
    raise UserError("there is not enough memory for these files; import fewer rows at a time", exit_code=4)


def _import_files(format_: str, files: Sequence[Path], out: Path, options: Mapping[str, Any]) -> str:
    if out.exists():
        raise UserError(f"{str(out)!r} is there already; name a folder that is not", exit_code=4)
    with paused():  # from the first row to the last line, nearly everything made is kept
        imported = importers.load(format_, files, importers.Options(**options))
        ledger = imported.ledger()
        _write_folder(out, ledger, imported.report.text())
    remarks = imported.report.remarks
    text = imported.report.text(remarks[:SHOWN])
    more = f"... and {len(remarks) - SHOWN:,} more in {out / 'report.txt'}\n" if len(remarks) > SHOWN else ""
    return f"{text}{more}wrote {len(ledger.events):,} events to {out / 'ledger.yaml'}\n"


def _write_folder(out: Path, ledger: Ledger, report: str) -> None:
    """The folder with its files, there whole or not at all; raises `UserError` where it cannot be written."""
    try:
        _write_whole_folder(out, ledger, report)
    except OSError as error:  # which names a folder that the user knows nothing of
        raise UserError(f"{str(out)!r} cannot be written: {error.strerror or error}", exit_code=4) from None


def _write_whole_folder(out: Path, ledger: Ledger, report: str) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}."))
    try:
        with (unfinished / "ledger.yaml").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(ledger_lines(ledger))
        (unfinished / "report.txt").write_text(report, encoding="utf-8", newline="\n")
        unfinished.chmod(0o755)
        unfinished.rename(out)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def export_files(
    format_: str, ledger: Ledger, out: Path | None, *, key_file: Path | None, force: bool, options: Mapping[str, Any]
) -> str:
    """Export a ledger to a file or a folder, or give the text where there is no `out` and one text file."""
    key = _key(key_file, out) if key_file is not None else None
    files = exporters.dump(format_, ledger, exporters.Options(pseudonym_key=key, **options))
    if out is None:
        if len(files) > 1:
            raise UserError(f"{format_!r} is {len(files)} files; name a folder with -o")
        content = next(iter(files.values()))
        try:
            return content.decode()
        except UnicodeDecodeError:
            raise UserError(f"{format_!r} is no text; name a file with -o") from None
    targets = {out if len(files) == 1 and not out.is_dir() else out / name: content for name, content in files.items()}
    there = [str(path) for path in targets if path.exists()]
    if there and not force:
        raise UserError(f"{there[0]!r} is there already; --force writes over it", exit_code=4)
    for path, content in targets.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    return "".join(f"wrote {path}\n" for path in targets)


def _key(path: Path, out: Path | None) -> bytes:
    """The key of pseudonyms, which is worth nothing if it is short or lies beside what it protects."""
    key = path.read_bytes().strip()
    if len(key) < SHORTEST_KEY:
        hint = "make one with: head -c 32 /dev/urandom | base64"
        raise UserError(f"the key in {str(path)!r} is shorter than {SHORTEST_KEY} bytes; {hint}", exit_code=1)
    if out is not None and path.resolve().is_relative_to(out.resolve()):
        raise UserError(f"the key {str(path)!r} would be published with the export; keep it elsewhere")
    return key
