"""Two more engines: plain Python, which goes through the events one by one, and a database for graphs in time."""

import pyarrow as pa
from engines import Polars
from given import END, Given

Stretch = tuple[int, int, int, int]
"""From when to when, who held a seat, and where it reported."""


class Plain:
    """For each seat a list of its stretches, walked.  Made by a loop that knows nothing of orgsim or of tables."""

    name = "plain Python"

    def __init__(self, events: pa.Table) -> None:
        """Go through the events in their order."""
        self.given = Given(events)
        names = ("event", "day", "person", "post", "to", "reports_to", "id", "of")
        columns = (self.given.events[name].to_pylist() for name in names)
        rows = list(zip(*columns, strict=True))
        taken_back = {of for *_, of in rows if of is not None}
        self.now: dict[int, tuple[int, int, int]] = {}
        self.seats: dict[int, list[Stretch]] = {}
        post_of: dict[int, int] = {}
        for kind, day, person, post, to, first_to, id_, _ in rows:
            if kind == "create-post":
                self.now[post] = day, -1, first_to
                self.seats[post] = []
            elif kind == "report" and id_ not in taken_back:
                self._put(post, day, boss=to)
            elif kind == "appoint":
                post_of[person] = post
                self._put(post, day, holder=person)
            elif kind in ("vacate", "depart") and person in post_of:
                self._put(post_of.pop(person), day, holder=-1)
        for post, (start, *rest) in self.now.items():
            self.seats[post].append((start, END, *rest))

    def _put(self, post: int, day: int, holder: int | None = None, boss: int | None = None) -> None:
        start, held, line = self.now[post]
        if start < day:
            self.seats[post].append((start, day, held, line))
        self.now[post] = day, held if holder is None else holder, line if boss is None else boss

    def _at(self, post: int, day: int) -> tuple[int, int] | None:
        for start, end, holder, boss in self.seats.get(post, ()):
            if start <= day < end:
                return holder, boss
        return None

    def chart(self, day: int) -> dict[int, tuple[int, int]]:
        """Every seat, who holds it and where it reports."""
        return {post: now for post in self.seats if (now := self._at(post, day)) is not None}

    def chain(self, post: int, day: int) -> list[int]:
        """The seats above one."""
        found = []
        while (now := self._at(post, day)) is not None and now[1] >= 0:
            post = now[1]
            found.append(post)
        return found

    def diff(self, first: int, last: int) -> int:
        """How many seats have another holder or line, or came or went."""
        old, new = self.chart(first), self.chart(last)
        return sum(old.get(post) != new.get(post) for post in old.keys() | new.keys())


class Raphtory:
    """A graph in time: seats report to seats by edges that begin and end.  Polars works out when."""

    name = "Raphtory"

    def __init__(self, events: pa.Table) -> None:
        """Edges are added and deleted on their days, all at once."""
        import polars as pl
        from raphtory import PersistentGraph

        polars = Polars(events)
        c, self.given = pl.col, polars.given
        same = (c("post") == c("post").shift(1)) & (c("boss") == c("boss").shift(1))
        follows = c("post") == c("post").shift(-1)
        end = pl.when(follows).then(c("day").shift(-1)).otherwise(END).cast(pl.Int64)
        lines = polars.lines.filter(c("until") == END).with_columns(end=end).filter(c("day") < c("end"))
        lines = lines.filter(~same.fill_null(value=False)).with_columns(end=end)
        lines = lines.filter(c("boss") >= 0).with_columns(c("day").cast(pl.Int64))
        self.graph = PersistentGraph()
        self.graph.load_edges(lines.select("day", "post", "boss"), "day", "post", "boss")
        over = lines.filter(c("end") < END).select("end", "post", "boss")
        self.graph.load_edge_deletions(over, "end", "post", "boss")

    def chart(self, day: int) -> list[tuple[int, int]]:
        """Every line of a day."""
        found: list[tuple[int, int]] = self.graph.at(day).edges.id.collect()
        return found

    def chain(self, post: int, day: int) -> list[int]:
        """The seats above one."""
        found: list[int] = []
        at = self.graph.at(day)
        while above := at.node(post).out_neighbours.id.collect():
            (post,) = above
            found.append(post)
        return found
