"""Parquet: the same tables as CSV, with real dates and numbers."""

import io

from orgsim.errors import MissingExtraError
from orgsim.exporters import Options
from orgsim.exporters.graph import PSEUDONYMS
from orgsim.frames import tables
from orgsim.ledger import Ledger


def dump(ledger: Ledger, options: Options) -> dict[str, bytes]:
    """One file for each table."""
    try:
        from pyarrow import parquet  # type: ignore[import-untyped]
    except ImportError:
        raise MissingExtraError("parquet") from None
    files = {}
    for name, table in tables(ledger).items():
        made = table.to_arrow()
        if options.pseudonym_key is not None:
            made = made.replace_schema_metadata({"comment": PSEUDONYMS})
        content = io.BytesIO()
        parquet.write_table(made, content)
        files[f"{name}.parquet"] = content.getvalue()
    return files
