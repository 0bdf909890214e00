"""YAML: the ledger itself, in one file."""

from orgsim.exporters import Options
from orgsim.exporters.graph import PSEUDONYMS
from orgsim.ledger import Ledger
from orgsim.writing import to_yaml


def dump(ledger: Ledger, options: Options) -> dict[str, bytes]:
    """One file that reads back as the same ledger."""
    remark = f"# {PSEUDONYMS}\n" if options.pseudonym_key is not None else ""
    return {"ledger.yaml": (remark + to_yaml(ledger)).encode()}
