"""Orders: dated documents that say who assumes a post, continues in it, or relinquishes it.

One table holds the postings, a row for each verb; another, if there is one, the orders, whose category tells which
are full lists.  The orders are replayed day after day in `orders_replay`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs

from orgsim.errors import shown
from orgsim.events import SourceRef
from orgsim.importers import Imported, Options
from orgsim.importers.cells import NO_END, Dates, folded
from orgsim.importers.columns import find_columns, read_profile
from orgsim.importers.naming import Key, sources_of
from orgsim.importers.orders_replay import Order, Posting, Replay
from orgsim.importers.report import ImportReport, Place
from orgsim.importers.tabular import ImportProblem, Row, read_table
from orgsim.importers.tenures import Tenures

POSTINGS = {
    "date": ("date", "order date", "effective date"),
    "order": ("order_id", "order", "document"),
    "detail": ("detail_idx",),
    "verb": ("verb", "action"),
    "person_id": ("officer_id", "person_id"),
    "person": ("officer", "person", "name"),
    "post": ("post_id", "post"),
    "unit": ("department", "unit", "ministry"),
    "title": ("role", "title", "position"),
    "category": ("category",),
}
ORDERS = {
    "order": ("order_id", "order", "document"),
    "category": ("category", "kind", "type"),
    "date": ("date", "order date"),
    "postings": ("postings",),
}
VERBS = {
    "assumes": ("assumes", "assume", "assumed", "appointed", "appoints", "appoint", "joins"),
    "continues": ("continues", "continue", "continued", "remains", "retains", "holds"),
    "relinquishes": ("relinquishes", "relinquish", "relinquished", "resigns", "vacates", "leaves", "ceases"),
}
_VERB = {word: verb for verb, words in VERBS.items() for word in words}
COLUMNS = "a table of postings has rows, and columns such as 'date', 'verb', 'officer', 'department' and 'role'"
FULL_LISTS = frozenset({"councilofministers", "full", "fulllist", "completelist", "complete"})


def load(paths: Sequence[Path], options: Options) -> Imported:
    """Import tables of orders and their postings."""
    report = ImportReport()
    sources = sources_of(paths, None)
    reader = _Reader(options, report)
    postings = []
    for path, source in zip(paths, sources, strict=True):
        rows = reader.rows(path)
        if reader.is_postings(path, rows):
            postings.append((rows, source.id))
        else:
            reader.read_orders(rows)
    for rows, id_ in postings:  # when all orders are known
        reader.read_postings(rows, id_)
    place = Place(paths[0].name if paths else "-")
    reader.dates.tell(report, place)
    if not reader.postings:
        refused = report.of("refused")
        reason = f"the first reason is: {refused[0]}" if postings and refused else COLUMNS
        raise ImportProblem(place, "no posting can be read", reason)
    reader.compare_counts()
    Replay(reader.tenures, reader.orders, reader.postings).run()
    return reader.tenures.imported(sources)


@attrs.define
class _Told:
    """What the table of orders says of one."""

    place: Place
    category: str
    date: str
    postings: str


class _Reader:
    """Reads rows into orders and postings."""

    def __init__(self, options: Options, report: ImportReport) -> None:
        self.options, self.report = options, report
        self.profile = read_profile("orders", options.profile, {**POSTINGS, **ORDERS, "organization": ()})
        self.tenures = Tenures(options, report, one_post_each=False)
        self.dates = Dates(options.date_format)
        self.told: dict[str, _Told] = {}
        self.orders: dict[str, Order] = {}
        self.postings: list[Posting] = []

    def rows(self, path: Path) -> list[Row]:
        return list(read_table(path, encoding=self.options.encoding, delimiter=self.options.delimiter))

    def is_postings(self, path: Path, rows: list[Row]) -> bool:
        """Whether a table has verbs."""
        if not rows:
            self.report.flagged(Place(path.name, 1), "there is no row")
            return False
        names = {folded(column) for column in rows[0].cells}
        verbs = self.profile.columns.get("verb") or POSTINGS["verb"]
        return any(folded(name) in names for name in verbs)

    def _columns(self, rows: list[Row], aliases: Mapping[str, Sequence[str]], needed: Sequence[str]) -> dict[str, str]:
        file = rows[0].place.file
        columns = find_columns(list(rows[0].cells), self.profile, aliases, file=file, report=self.report, rows=rows)
        for meaning in needed:
            if meaning not in columns:
                hint = f"call a column {aliases[meaning][0]!r}, or give --profile; there is {', '.join(rows[0].cells)}"
                raise ImportProblem(Place(file, 1), f"no column says the {meaning}", hint)
        return columns

    # ----------------------------------------------------------------------------------------------------------- orders

    def read_orders(self, rows: list[Row]) -> None:
        """Which orders there are, and which of them are full lists."""
        if not rows:
            return
        columns = self._columns(rows, ORDERS, ("order", "category"))
        for row in rows:
            self.report.count("orders")
            cells = {meaning: row[column] for meaning, column in columns.items()}
            order = cells["order"]
            if not order or order in self.told:
                self.report.refused(row.place, f"the order {shown(order)} is there twice" if order else "it has no id")
                continue
            self.told[order] = _Told(row.place, cells["category"], cells.get("date", ""), cells.get("postings", ""))

    def compare_counts(self) -> None:
        """The table of orders says how many postings each has."""
        read = Counter(posting.order for posting in self.postings)
        for order, told in self.told.items():
            if told.postings and told.postings != str(read[order]):
                message = f"the order has {told.postings} postings, and {read[order]} are read"
                self.report.flagged(attrs.evolve(told.place, column="postings"), message)

    # --------------------------------------------------------------------------------------------------------- postings

    def read_postings(self, rows: list[Row], source: str) -> None:
        """Who assumes, continues and relinquishes."""
        columns = self._columns(rows, POSTINGS, ("date", "verb"))
        for row in rows:
            self.report.count("postings")
            try:
                self._posting(
                    row, {m: row[c] for m, c in columns.items()}, SourceRef(source, line=row.place.row), columns
                )
            except ValueError as error:
                self.report.refused(row.place, str(error))

    def _posting(self, row: Row, cells: dict[str, str], ref: SourceRef, columns: Mapping[str, str]) -> None:
        place = row.place
        verb = _VERB.get(folded(cells["verb"]))
        if verb is None:
            raise ValueError(f"{shown(cells['verb'])} is no verb of an order; there is {', '.join(VERBS)}")
        when = self.dates.read(cells["date"], row.at(columns["date"]))
        if not when.is_exact or when.day.year >= NO_END:
            raise ValueError(f"an order has a day, not {when.words}")
        name = self.tenures.name(cells.get("person", ""), row.at(columns.get("person", "person")))
        id_ = cells.get("person_id", "")
        if not id_ and not name:
            raise ValueError("the row names nobody")
        order = cells.get("order") or str(when)
        told = self.told.get(order)
        if told is None and self.told:
            self.report.flagged(place, f"the order {shown(order)} is not in the table of orders")
        elif told is not None and told.date and told.date != cells["date"]:
            self.report.flagged(place, f"the order is of {told.date}, the posting of {cells['date']}, which counts")
        category = cells.get("category") or (told.category if told is not None else "")
        found = self.orders.setdefault(
            f"{when} {order}", Order(order, when, folded(category) in FULL_LISTS, place, ref)
        )
        person: Key = ("id", id_) if id_ else ("name", name)
        self.tenures.person(person, name, place, given=bool(id_))
        office, post = self._post(row, cells, ref, columns)
        any_role = "title" in columns and not cells["title"]
        self.postings.append(Posting(person, office, post, verb, found.id, when, place, ref, any_role))

    def _post(self, row: Row, cells: dict[str, str], ref: SourceRef, columns: Mapping[str, str]) -> tuple[Key, Key]:
        """The office, and the post in it: an office has a post for each role."""
        organization = self._organization(row.place, ref)
        unit = self.tenures.name(cells.get("unit", ""), row.at(columns.get("unit", "unit")))
        title = self.tenures.name(cells.get("title", ""), row.at(columns.get("title", "title")))
        office = cells.get("post") or unit
        if not office and not title:
            raise ValueError("the row names no post")
        if not title and "title" in columns:
            self.report.flagged(row.at(columns["title"]), "the role is not told")
        above = organization
        if unit:
            above = ("unit", office)
            self.tenures.unit(above, unit, row.place, ref, above=organization)
        key = ("post", office, title)
        name = title or ("role not told" if unit else office)
        self.tenures.post(key, name, above, row.place, ref, text=f"{unit} {name}")
        return ("office", office), key

    def _organization(self, place: Place, ref: SourceRef) -> Key:
        id_, name = self.options.organization, self.profile.values.get("organization")
        if id_ is None and name is None:
            hint = "give --organization ID, or a profile with 'values: {organization: NAME}'"
            raise ImportProblem(place, "the organization is not told", hint)
        key = ("organization", id_ or name or "")
        self.tenures.unit(key, name or id_ or "", place, ref, text=key[1], fixed=id_ is not None)
        return key
