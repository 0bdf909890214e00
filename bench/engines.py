"""The engines beside which orgsim is measured, each as it would be used: given the same events, asked the same.

Each is given intervals of days, worked out once from the events with plain numpy, so that none pays for our way of
writing them down; orgsim is given the events.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

import numpy as np

Rows = dict[str, Any]
Answer = Callable[..., Any]
END = 3652060


class Polars:
    """Filters, joins and groups of data frames."""

    name = "Polars"

    def __init__(self, tables: Rows) -> None:
        """Text ids are categories, sorted as they come."""
        import polars as pl

        self.pl = pl
        self.seats = pl.DataFrame(tables["seats"])
        self.staff = pl.DataFrame(tables["staff"])
        self.past = pl.DataFrame(tables["past"])

    def _on(self, frame: Any, day: int) -> Any:
        c = self.pl.col
        return frame.filter((c("start") <= day) & (c("end") > day))

    def chart(self, day: int) -> Any:
        """Every seat, who holds it and where it reports."""
        return self._on(self.seats, day).select("post", "holder", "boss")

    def chain(self, post: int, day: int) -> list[int]:
        """The seats above one."""
        found = []
        c = self.pl.col
        while post >= 0:
            row = self.seats.filter((c("post") == post) & (c("start") <= day) & (c("end") > day))
            post = int(row["boss"][0])
            if post >= 0:
                found.append(post)
        return found

    def diff(self, first: int, last: int) -> int:
        """How many seats have another holder or line, or came or went."""
        old, new = self.chart(first), self.chart(last)
        both = old.join(new, on="post", how="full")
        return int(
            both.filter(
                self.pl.col("holder").ne_missing(self.pl.col("holder_right"))
                | self.pl.col("boss").ne_missing(self.pl.col("boss_right"))
            ).height
        )

    def series(self, days: list[int]) -> Any:
        """The headcount of each unit on each day."""
        pl = self.pl
        frame = pl.DataFrame({"day": days}).with_columns(pl.col("day").cast(pl.Int32))
        edges = [
            self.staff.select("unit", pl.col(edge).alias("at")).with_columns(
                pl.col("at").alias("day"), pl.lit(sign).alias("step")
            )
            for edge, sign in (("start", 1), ("end", -1))
        ]
        steps = pl.concat(edges).with_columns(
            pl.Series("month", np.searchsorted(np.array(days), pl.concat(edges)["day"].to_numpy()))
        )
        counts = steps.group_by("unit", "month").agg(pl.col("step").sum())
        del frame
        return counts.sort("unit", "month").with_columns(pl.col("step").cum_sum().over("unit").alias("count"))

    def layers(self, day: int) -> dict[int, int]:
        """How many seats are how deep."""
        pl = self.pl
        now = self.chart(day).select("post", "boss")
        layer, depth, found = now.filter(pl.col("boss") < 0).select("post"), 0, {}
        while layer.height:
            found[depth] = layer.height
            layer = now.join(layer, left_on="boss", right_on="post", how="inner").select("post")
            depth += 1
        return found

    def known(self, day: int, learned: int) -> Any:
        """The lines of a day as known on a day: of each seat the last that was known and not taken back."""
        pl = self.pl
        seen = self.past.filter((pl.col("day") <= day) & (pl.col("known") <= learned) & (pl.col("until") > learned))
        return seen.group_by("post").agg(pl.col("boss").last())


class Duck:
    """SQL over columns."""

    name = "DuckDB"

    def __init__(self, tables: Rows) -> None:
        """Tables in memory, in two threads."""
        import duckdb
        import polars as pl

        self.db = duckdb.connect(config={"threads": 2})
        for name, columns in tables.items():
            frame = pl.DataFrame(columns).to_arrow()
            self.db.register("given", frame)
            self.db.execute(f"create table {name} as select * from given")  # noqa: S608 - our own names
            self.db.unregister("given")

    def _all(self, query: str, *values: int) -> list[Any]:
        rows: list[Any] = self.db.execute(query, list(values)).fetchall()
        return rows

    def chart(self, day: int) -> Any:
        """Every seat, who holds it and where it reports."""
        return self.db.execute(f"select post, holder, boss {ON}", [day, day]).to_arrow_table()

    def chain(self, post: int, day: int) -> list[int]:
        """The seats above one."""
        return [row[0] for row in self._all(CHAIN, post, day, day, day, day)]

    def diff(self, first: int, last: int) -> int:
        """How many seats have another holder or line, or came or went."""
        return int(self._all(DIFF, first, first, last, last)[0][0])

    def series(self, days: list[int]) -> Any:
        """The headcount of each unit on each day."""
        values = ", ".join(f"({day})" for day in days)
        query = f"""with days(day) as (values {values}), steps as (
            select unit, (select count(*) from days where days.day < e.at) as month, sum(step) as step from (
                select unit, start as at, 1 as step from staff union all select unit, "end", -1 from staff
            ) e group by all
        ) select unit, month, sum(step) over (partition by unit order by month) as count from steps"""  # noqa: S608
        return self.db.execute(query).to_arrow_table()

    def layers(self, day: int) -> dict[int, int]:
        """How many seats are how deep."""
        return {int(row[0]): int(row[1]) for row in self._all(LAYERS, day, day)}

    def known(self, day: int, learned: int) -> Any:
        """The lines of a day as known on a day: of each seat the last that was known and not taken back."""
        return self.db.execute(
            "select post, arg_max(boss, row) as boss from past where day <= ? and known <= ? and until > ? "
            "group by post",
            [day, learned, learned],
        ).to_arrow_table()


class Lite:
    """SQL over rows, with indexes that cover the questions."""

    name = "SQLite"

    def __init__(self, tables: Rows) -> None:
        """Tables in memory."""
        self.db = sqlite3.connect(":memory:")
        for name, columns in tables.items():
            names = ", ".join(f'"{column}"' for column in columns)
            self.db.execute(f"create table {name} ({names})")
            marks = ", ".join("?" * len(columns))
            rows = zip(*(column.tolist() for column in columns.values()), strict=True)
            self.db.executemany(f"insert into {name} values ({marks})", rows)  # noqa: S608 - our own names
        self.db.execute('create index by_post on seats (post, start, "end", boss)')
        self.db.execute('create index by_start on seats (start, "end", post, holder, boss)')
        self.db.execute("create index of_post on past (post, row, day, known, until, boss)")
        self.db.execute("analyze")

    def chart(self, day: int) -> Any:
        """Every seat, who holds it and where it reports."""
        return self.db.execute(f"select post, holder, boss {ON}", [day, day]).fetchall()

    def chain(self, post: int, day: int) -> list[int]:
        """The seats above one."""
        return [row[0] for row in self.db.execute(INDEXED, [post, day, day, day, day])]

    def diff(self, first: int, last: int) -> int:
        """How many seats have another holder or line, or came or went."""
        return int(self.db.execute(EXCEPT, [first, first, last, last]).fetchone()[0])

    def layers(self, day: int) -> dict[int, int]:
        """How many seats are how deep."""
        return {int(row[0]): int(row[1]) for row in self.db.execute(LAYERS, [day, day])}

    def known(self, day: int, learned: int) -> Any:
        """The lines of a day as known on a day: of each seat the last that was known and not taken back."""
        query = """select post, boss, max(row) from past
            where day <= ? and known <= ? and until > ? group by post"""
        return self.db.execute(query, [day, learned, learned]).fetchall()


ON = 'from seats where start <= ? and "end" > ?'
CHAIN = """with recursive up(post) as (
    select boss from seats where post = ? and start <= ? and "end" > ?
    union all select s.boss from up join seats s on s.post = up.post and s.start <= ? and s."end" > ?
    where s.boss >= 0
) select post from up where post >= 0"""
INDEXED = CHAIN.replace("join seats s on", "cross join seats s indexed by by_post on").replace(
    "from seats where", "from seats indexed by by_post where"
)
# Left to itself, SQLite takes the index by dates here, which is a thousand times slower.
DIFF = """with a as (select post, holder, boss ON_DAY), b as (select post, holder, boss ON_DAY)
    select count(*) from a full join b on a.post = b.post
    where a.holder is distinct from b.holder or a.boss is distinct from b.boss""".replace("ON_DAY", ON)
# SQLite joins what has no index row by row; sets are what it is quick at.
EXCEPT = """with a as materialized (select post, holder, boss ON_DAY),
    b as materialized (select post, holder, boss ON_DAY)
    select count(distinct post) from (
        select * from (select * from a except select * from b)
        union all select * from (select * from b except select * from a)
    )""".replace("ON_DAY", ON)
LAYERS = """with recursive now as materialized (select post, boss ON_DAY), down(post, depth) as (
    select post, 0 from now where boss < 0
    union all select now.post, depth + 1 from down join now on now.boss = down.post
) select depth, count(*) from down group by depth""".replace("ON_DAY", ON)


class Plain:
    """Plain Python: for each seat a list of its stretches, walked."""

    name = "plain Python"

    def __init__(self, tables: Rows) -> None:
        """One list for each seat."""
        self.seats: dict[int, list[tuple[int, int, int, int]]] = {}
        columns = [tables["seats"][name].tolist() for name in ("post", "start", "end", "holder", "boss")]
        for post, *rest in zip(*columns, strict=True):
            self.seats.setdefault(post, []).append((rest[0], rest[1], rest[2], rest[3]))

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
    """A graph in time: seats report to seats by edges that begin and end."""

    name = "Raphtory"

    def __init__(self, tables: Rows) -> None:
        """Edges are added and deleted on their days."""
        from raphtory import PersistentGraph

        lines = tables["seats"]
        self.graph = PersistentGraph()
        rows = zip(*(lines[name].tolist() for name in ("post", "start", "end", "boss")), strict=True)
        for post, start, end, boss in rows:
            if boss >= 0:
                self.graph.add_edge(start, post, boss)
                if end < END:
                    self.graph.delete_edge(end, post, boss)

    def chart(self, day: int) -> Any:
        """Every line of a day."""
        return self.graph.at(day).edges.id.collect()


ENGINES: tuple[type[Any], ...] = (Polars, Duck, Lite, Plain, Raphtory)
