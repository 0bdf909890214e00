"""The engines beside which orgsim is measured, each as it is quickest: given the same events, asked the same.

Each derives from the events the tables its answers need, in its own way, with expressions or with window functions,
and sorts and indexes them; none checks a rule.  What they answer holds for this company only: a seat has one holder,
nobody acts, nobody has two seats, and units do not move.
"""

import sqlite3
from typing import Any

import pyarrow as pa
from given import END, Given

Frame = Any
Found = dict[str, Any]
Counts = dict[int, int]


class Polars:
    """Data frames, sorted by seat and row, so that what is last of a seat is found by a look at the next row."""

    name = "Polars"

    def __init__(self, events: pa.Table) -> None:
        """The lines, the holders, the intervals of both, and the steps by which the headcount of units changes."""
        import polars as pl

        self.pl, self.given = pl, Given(events)
        self.events = pl.from_arrow(self.given.events)
        told = pl.concat([self._lines(), self._holders()], how="diagonal").sort("post", "row")
        self.lines, self.holders = told.filter(pl.col("kind") == 0), told.filter(pl.col("kind") == 1)
        self.seats = self._intervals(told.filter(pl.col("until") == END))
        self.steps = self._steps()

    def _of(self, *kinds: str) -> Frame:
        return self.events.filter(self.pl.col("event").is_in(list(kinds)))

    def _lines(self) -> Frame:
        c = self.pl.col
        taken_back = self._of("retract").select(id="of", until="known")
        rows = self._of("create-post", "report").join(taken_back, on="id", how="left", maintain_order="left")
        boss, until = self.pl.coalesce("to", "reports_to"), c("until").fill_null(END)
        return rows.select("post", "row", "day", "known", until, boss=boss, kind=self.pl.lit(0))

    def _holders(self) -> Frame:
        """Who depart leave the seat to which they were appointed last."""
        pl, c = self.pl, self.pl.col
        rows = self._of("appoint", "vacate", "depart").sort("person", "row")
        last = (c("event").shift(1) == "appoint") & (c("person").shift(1) == c("person"))
        held = pl.when(c("event") != "depart").then(c("post")).when(last).then(c("post").shift(1))
        holder = pl.when(c("event") == "appoint").then(c("person")).otherwise(-1)
        found = rows.select("row", "day", "known", post=held, holder=holder, until=pl.lit(END), kind=pl.lit(1))
        return found.drop_nulls("post")

    def _next_day(self, subject: str) -> Any:
        c = self.pl.col
        return self.pl.when(c(subject).shift(-1) == c(subject)).then(c("day").shift(-1)).otherwise(END)

    def _intervals(self, told: Frame) -> Frame:
        """A seat is created with a line and without a holder; what a row does not tell is as before."""
        pl, c = self.pl, self.pl.col
        begins = c("post").shift(1).ne_missing(c("post"))
        filled = told.with_columns(
            c("boss").forward_fill(), holder=pl.when(begins).then(-1).otherwise(c("holder")).forward_fill()
        )
        found = filled.select("post", start="day", end=self._next_day("post"), holder="holder", boss="boss")
        return found.filter(c("start") < c("end"))

    def _steps(self) -> Frame:
        """Who holds a seat belongs to its unit, and who is employed to the organization."""
        pl, c = self.pl, self.pl.col
        held = self.holders.select("post", "holder", start="day", end=self._next_day("post"))
        placed = self._of("create-post", "change-post").drop_nulls("unit").sort("post", "row")
        placed = placed.select("post", "unit", begin="day", until=self._next_day("post"))
        both = held.filter(c("holder") >= 0).join(placed, on="post")
        spans = [both.select("unit", start=pl.max_horizontal("start", "begin"), end=pl.min_horizontal("end", "until"))]
        jobs = self._of("hire", "depart").sort("person", "row").with_columns(end=self._next_day("person"))
        spans.append(jobs.filter(c("event") == "hire").select(unit="organization", start="day", end="end"))
        staff = pl.concat(spans).filter(c("start") < c("end"))
        steps = [staff.select("unit", day=edge, step=pl.lit(sign)) for edge, sign in (("start", 1), ("end", -1))]
        found = pl.concat(steps).filter(c("day") < END)
        return found.group_by("unit", "day").agg(c("step").sum()).sort("day")

    def _on(self, day: int) -> Any:
        c = self.pl.col
        return (c("start") <= day) & (c("end") > day)

    def chart(self, day: int) -> Frame:
        """Every seat, who holds it and where it reports."""
        return self.seats.filter(self._on(day)).select("post", "holder", "boss")

    def chain(self, post: int, day: int) -> list[int]:
        """The seats above one, each found by a search among the sorted."""
        found: list[int] = []
        posts, starts, ends, bosses = (self.seats[name] for name in ("post", "start", "end", "boss"))
        while post >= 0:
            rows = range(posts.search_sorted(post, "left"), posts.search_sorted(post, "right"))
            post = next(bosses[row] for row in rows if starts[row] <= day < ends[row])
            found.append(post)
        return found[:-1]

    def diff(self, first: int, last: int) -> int:
        """How many seats have another holder or line, or came or went: the rows of one day, not of both, side by side.

        The old row of a seat, if there is one, comes just before the new one.
        """
        c = self.pl.col
        odd = self.seats.filter(self._on(first) ^ self._on(last))
        again = c("post") == c("post").shift(1)
        same = again & (c("holder") == c("holder").shift(1)) & (c("boss") == c("boss").shift(1))
        seats, equal = odd.select((~again).fill_null(value=True).sum(), same.sum().alias("same")).row(0)
        return int(seats - equal)

    def series(self, days: list[int]) -> Found:
        """The headcount of each unit after each day on which it is another than before."""
        pl, c = self.pl, self.pl.col
        at = pl.Series(days, dtype=pl.Int32).search_sorted(self.steps["day"], "left")
        key, size = c("unit").cast(pl.Int64) * (len(days) + 1) + at, len(days) + 1
        sums = self.steps.select("step", key=key).group_by("key").agg(c("step").sum()).sort("key")
        counts = sums.select("key", count=c("step").cum_sum().over(c("key") // size))
        return {"unit": counts["key"] // size, "month": counts["key"] % size, "count": counts["count"]}

    def layers(self, day: int) -> tuple[Counts, Counts]:
        """How many seats are how deep, and how many have how many seats below."""
        c = self.pl.col
        now = self.chart(day)
        layer, rest, depth, deep = now.filter(c("boss") < 0), now.filter(c("boss") >= 0), 0, {}
        spans = rest["boss"].value_counts(sort=False, name="span").group_by("span").len()
        while layer.height:
            deep[depth] = layer.height
            below = rest.select(c("boss").is_in(layer["post"].implode()))["boss"]
            layer, rest, depth = rest.filter(below), rest.filter(~below), depth + 1
        return deep, dict(spans.rows())

    def known(self, day: int, learned: int) -> Frame:
        """The chart of a day as known on a day: of each seat the last line and holder known and not taken back."""
        c = self.pl.col
        seen = (c("day") <= day) & (c("known") <= learned) & (c("until") > learned)
        last = c("post").shift(-1).ne_missing(c("post"))
        lines = self.lines.filter(seen).filter(last).select("post", "boss")
        holders = self.holders.filter(seen).filter(last).select("post", "holder")
        return lines.join(holders, on="post", how="left").select("post", c("holder").fill_null(-1), "boss")


class Duck:
    """SQL over columns."""

    name = "DuckDB"

    def __init__(self, events: pa.Table) -> None:
        """Tables in memory, sorted by seat, in two threads."""
        import duckdb

        self.given = Given(events)
        self.db = duckdb.connect(config={"threads": 2})
        self.db.register("events", self.given.events)
        filled = "last_value(boss ignore nulls) over w as boss, coalesce(last_value(holder ignore nulls) over w, -1)"
        for query in (*tables("greatest", "least"), SEATS.replace("FILLED", f"{filled} as holder")):
            self.db.execute(query)
        self.db.unregister("events")

    def _all(self, query: str, *values: int) -> list[Any]:
        rows: list[Any] = self.db.execute(query, list(values)).fetchall()
        return rows

    def chart(self, day: int) -> Found:
        """Every seat, who holds it and where it reports."""
        return self.db.sql(f"select post, holder, boss {ON}", params=[day, day]).to_arrow_table()

    def chain(self, post: int, day: int) -> list[int]:
        """The seats above one, each asked for: a recursive query would look at all seats."""
        found: list[int] = []
        while post >= 0:
            ((post,),) = self._all(f"select boss {ON} and post = ?", day, day, post)
            found.append(post)
        return found[:-1]

    def diff(self, first: int, last: int) -> int:
        """How many seats have another holder or line, or came or went."""
        return int(self._all(DIFF.replace("?", "$"), first, last)[0][0])

    def series(self, days: list[int]) -> Found:
        """The headcount of each unit after each day on which it is another than before."""
        return self.db.sql(series(days)).to_arrow_table()

    def layers(self, day: int) -> tuple[Counts, Counts]:
        """How many seats are how deep, and how many have how many seats below."""
        return dict(self._all(LAYERS, day, day)), dict(self._all(SPANS, day, day))

    def known(self, day: int, learned: int) -> Found:
        """The chart of a day as known on a day: of each seat the last line and holder known and not taken back."""
        query = """select post, coalesce(arg_max(holder, row) filter (holder is not null), -1) as holder,
            arg_max(boss, row) filter (boss is not null) as boss
            from told where day <= ? and known <= ? and until > ? group by post"""
        return self.db.sql(query, params=[day, learned, learned]).to_arrow_table()


class Lite:
    """SQL over rows, with indexes that cover the questions."""

    name = "SQLite"

    def __init__(self, events: pa.Table) -> None:
        """Tables in memory."""
        self.given = Given(events)
        self.db = sqlite3.connect(":memory:")
        events = self.given.events
        names = ", ".join(f'"{name}"' for name in events.column_names)
        self.db.execute(f"create table events ({names})")
        marks = ", ".join("?" * events.num_columns)
        for part in events.to_batches(BATCH):
            rows = zip(*(column.to_pylist() for column in part.columns), strict=True)
            self.db.executemany(f"insert into events values ({marks})", rows)  # noqa: S608 - our own names
        self.db.execute("create index by_kind on events (event, post, row)")
        filled = """max(boss) over (partition by post, lines) as boss,
            coalesce(max(holder) over (partition by post, holders), -1) as holder"""
        counted = "(select *, count(boss) over w as lines, count(holder) over w as holders from told WHERE WINDOW) told"
        counted = counted.replace("WHERE", f"where until = {END}").replace("WINDOW", WINDOW)
        for query in (*tables("max", "min"), SEATS.replace("FILLED", filled).replace("from told", f"from {counted}")):
            self.db.execute(query)
            for name, index in INDEXES.items():
                if f"table {index.split()[0]} " in query:
                    self.db.execute(f"create index {name} on {index}")
        self.db.execute("drop table events")
        self.db.execute("analyze")

    def chart(self, day: int) -> list[Any]:
        """Every seat, who holds it and where it reports."""
        return self.db.execute(f"select post, holder, boss {ON}", [day, day]).fetchall()

    def chain(self, post: int, day: int) -> list[int]:
        """The seats above one, each looked up in the index."""
        return [row[0] for row in self.db.execute(CHAIN, [post, day])][1:]

    def diff(self, first: int, last: int) -> int:
        """How many seats have another holder or line, or came or went."""
        return int(self.db.execute(DIFF, [first, last]).fetchone()[0])

    def series(self, days: list[int]) -> Found:
        """The headcount of each unit after each day on which it is another than before."""
        rows = self.db.execute(series(days)).fetchall()
        return dict(zip(("unit", "month", "count"), zip(*rows, strict=True), strict=True))

    def layers(self, day: int) -> tuple[Counts, Counts]:
        """How many seats are how deep, and how many have how many seats below."""
        return dict(self.db.execute(LAYERS, [day, day])), dict(self.db.execute(SPANS, [day, day]))

    def known(self, day: int, learned: int) -> list[Any]:
        """The chart of a day as known on a day: of each seat the last line and holder known and not taken back."""
        return self.db.execute(KNOWN, [day, learned]).fetchall()


BATCH = 100_000
"""How many rows are made into Python's values at a time."""
INDEXES = {
    "by_id": 'taken_back ("of", known)',
    "by_place": 'placed (post, start, "end", unit)',
    "lines": "told (post, row, day, known, until, boss) where boss is not null",
    "holders_of": "told (post, row, day, known, until, holder) where holder is not null",
    "by_day": "steps (day, unit, step)",
    "by_post": 'seats (post, start, "end", boss)',
    "by_start": 'seats (start, "end", post, holder, boss)',
}
"""By which columns SQLite looks rows up; the others need no index."""
WINDOW = "window w as (partition by post order by row)"


def tables(greatest: str, least: str) -> tuple[str, ...]:
    """The tables of what was told of each seat, and of the steps by which the headcount of units changes."""
    until = f'lead(day, 1, {END}) over (partition by SUBJECT order by row) as "end"'
    of_post, of_person = (until.replace("SUBJECT", subject) for subject in ("post", "person"))
    return (
        """create table holders as select post, row, day, known, holder from (
            select row, day, known, case event when 'appoint' then person else -1 end as holder,
                case when event <> 'depart' then post
                    when lag(event) over w = 'appoint' then lag(post) over w end as post
            from events where event in ('appoint', 'vacate', 'depart') window w as (partition by person order by row)
        ) found where post is not null""",
        """create table taken_back as select "of", known from events where event = 'retract'""",
        f"""create table told as select * from (
            select e.post, e.row, e.day, e.known, coalesce(back.known, {END}) as until,
                coalesce(e."to", e.reports_to) as boss, null as holder
            from events e left join taken_back back on back."of" = e.id
            where e.event in ('create-post', 'report')
            union all select post, row, day, known, {END}, null, holder from holders
        ) found order by post, row""",  # noqa: S608 - our own words
        f"""create table placed as select post, unit, day as start, {of_post} from events
            where event in ('create-post', 'change-post') and unit is not null""",  # noqa: S608
        f"""create table steps as with held as (select post, holder, day as start, {of_post} from holders),
            jobs as (select event, organization as unit, day as start, {of_person} from events
                where event in ('hire', 'depart')),
            staff as (
                select unit, {greatest}(h.start, p.start) as start, {least}(h."end", p."end") as "end"
                from held h join placed p on p.post = h.post where holder >= 0
                union all select unit, start, "end" from jobs where event = 'hire')
            select unit, day, cast(sum(step) as integer) as step from (
                select unit, start as day, 1 as step from staff where start < "end"
                union all select unit, "end", -1 from staff where start < "end" and "end" < {END}
            ) edges group by unit, day order by day""",  # noqa: S608
    )


SEATS = f"""create table seats as select * from (
    select post, day as start, lead(day, 1, {END}) over w as "end", FILLED from told where until = {END} {WINDOW}
) found where start < "end" order by post, start"""  # noqa: S608
ON = 'from seats where start <= ? and "end" > ?'
CHAIN = """with recursive up(post) as (select ?1 union all
    select (select boss from seats indexed by by_post where seats.post = up.post and start <= ?2 and "end" > ?2)
    from up where up.post >= 0
) select post from up where post >= 0"""
# A join would make SQLite look at every seat for a filter that it does not need.
# Of each seat the rows of one of the days, and not of both: one row, or two that differ.
DIFF = """select count(*) from (
    select post from seats where (start <= ?1 and "end" > ?1) <> (start <= ?2 and "end" > ?2)
    group by post having count(*) = 1 or min(holder) <> max(holder) or min(boss) <> max(boss))"""
LAYERS = """with recursive now as materialized (select post, boss ON_DAY), down(post, depth) as (
    select post, 0 from now where boss < 0
    union all select now.post, depth + 1 from down join now on now.boss = down.post
) select depth, count(*) from down group by depth""".replace("ON_DAY", ON)
SPANS = f"""select span, count(*) from (select count(*) as span {ON} and boss >= 0 group by boss) found
    group by span"""  # noqa: S608
# Beside a maximum, SQLite gives what else the row of the maximum has.
KNOWN = """select lines.post, coalesce(holder, -1), lines.boss
    from (select post, boss, max(row) from told where boss is not null and SEEN group by post) lines
    left join (select post, holder, max(row) from told where holder is not null and SEEN group by post) holders
    on holders.post = lines.post""".replace("SEEN", "day <= ?1 and known <= ?2 and until > ?2")


def series(days: list[int]) -> str:
    """The query for the headcount of each unit on some days."""
    edges = ", ".join(f"({month}, {day})" for month, day in enumerate(days))
    return f"""with edges(month, day) as (values {edges}), periods as materialized (
        select steps.day, min(edges.month) as month from (select distinct day from steps) steps
        join edges on steps.day <= edges.day group by steps.day
    ), sums as (
        select unit, month, sum(step) as step from steps join periods on periods.day = steps.day group by unit, month
    ) select unit, month, sum(step) over (partition by unit order by month) as count from sums"""  # noqa: S608
