"""What an import read, mended, guessed and refused, with the place of each: nothing is dropped without a word."""

from collections import Counter
from collections.abc import Iterable

import attrs

KINDS = ("refused", "flagged", "guessed", "mended")
"""Not taken over; taken over, but look at it; inferred, not told; written in another way than told."""


@attrs.frozen
class Place:
    """Where in what was imported: a file, a row (the first line of a file is row 1), a column by its name."""

    file: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """`people.csv:17 [Hire Date]`."""
        row = f":{self.row}" if self.row is not None else ""
        column = f" [{self.column}]" if self.column is not None else ""
        return f"{self.file}{row}{column}"


@attrs.frozen
class Remark:
    """One thing worth knowing about an import: what was done, with what, where."""

    kind: str
    place: Place
    message: str

    def __str__(self) -> str:
        """One line."""
        return f"{self.place}: {self.kind}: {self.message}"


@attrs.define
class ImportReport:
    """Counts of what was read, and remarks in the order of reading."""

    read: Counter[str] = attrs.field(factory=Counter)
    remarks: list[Remark] = attrs.field(factory=list)

    def count(self, what: str, by: int = 1) -> None:
        """So many more `rows`, `people`, `posts`, ... were read."""
        self.read[what] += by

    def refused(self, place: Place, message: str) -> None:
        """Something is not in the ledger."""
        self.remarks.append(Remark("refused", place, message))

    def flagged(self, place: Place, message: str) -> None:
        """Something is in the ledger and looks wrong."""
        self.remarks.append(Remark("flagged", place, message))

    def guessed(self, place: Place, message: str) -> None:
        """Something is in the ledger that was inferred, not told."""
        self.remarks.append(Remark("guessed", place, message))

    def mended(self, place: Place, message: str) -> None:
        """Something is in the ledger in another form than told."""
        self.remarks.append(Remark("mended", place, message))

    def of(self, kind: str) -> list[Remark]:
        """The remarks of one kind."""
        return [remark for remark in self.remarks if remark.kind == kind]

    def text(self, remarks: Iterable[Remark] | None = None) -> str:
        """The whole report as lines: counts, then the remarks by kind."""
        lines = [f"{count:,} {what} read" for what, count in self.read.items()]
        lines += [f"{len(found):,} {kind}" for kind in KINDS if (found := self.of(kind))]
        chosen = list(self.remarks if remarks is None else remarks)
        for kind in KINDS:
            told = [str(remark) for remark in chosen if remark.kind == kind]
            lines += ["", *told] if told else []
        return "\n".join(lines) + "\n"


class Tally:
    """Remarks that would be the same for many rows: told once, with the first place and how many."""

    def __init__(self, report: ImportReport) -> None:
        """Nothing is noted yet."""
        self.report = report
        self._first: dict[tuple[str, str], Place] = {}
        self._count: Counter[tuple[str, str]] = Counter()

    def note(self, kind: str, place: Place, message: str) -> None:
        """Something of which there may be many."""
        self._first.setdefault((kind, message), place)
        self._count[kind, message] += 1

    def tell(self) -> None:
        """Put all of it into the report."""
        for (kind, message), place in self._first.items():
            rows = self._count[kind, message]
            many = f" (this and {rows - 1:,} more like it)" if rows > 1 else ""
            getattr(self.report, kind)(place, f"{message}{many}")
        self._first.clear()
        self._count.clear()
