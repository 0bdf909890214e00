"""An invented company of any size, as the columns of a ledger: ten years of hiring, moving, reorganizing and leaving.

Run as a script, it writes one: `python bench/company.py PEOPLE FILE.parquet`.
"""

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
FIRST = 16071  # 2014-01-01, in days since 1970
DAYS, SPAN, TEAM = 3653, 7, 100
YEAR = 365.25


class Company:
    """An invented company of `n` seats over ten years; every column is drawn at once."""

    def __init__(self, n: int, seed: int) -> None:
        """Seats form a tree of span seven; a seat is created after the one it reports to."""
        self.n, self.random = n, np.random.default_rng(seed)
        self.parts: list[dict[str, Ints]] = []
        seats = np.arange(n)
        self.created = np.where(seats < 0.8 * n, 0, (seats / n - 0.8) / 0.2 * (DAYS - 200)).astype(np.int64)
        self.parent = np.where(seats > 0, (seats - 1) // SPAN, -1)
        self.teams = max(n // TEAM, 1)
        edges = np.cumsum([0, *(SPAN**k for k in range(20))])
        self.level = np.searchsorted(edges, seats, side="right") - 1
        self.first, self.last = edges[self.level], np.minimum(edges[self.level + 1], n)

    def put(self, kind: str, rank: int, day: Ints, **columns: Ints) -> None:
        """Events of one kind; `rank` orders those of one day."""
        keep = np.flatnonzero(day < DAYS)
        part = {name: np.asarray(values)[keep] for name, values in columns.items()}
        order = part.pop("seat", np.zeros(len(keep), np.int64))
        known = part.pop("known", day[keep])
        size = len(keep)
        self.parts.append(
            {
                "event": np.full(size, KINDS.index(kind)),
                "rank": np.full(size, rank),
                "order": order,
                "day": day[keep],
                "known": known,
                **part,
            }
        )

    def late(self, day: Ints, most: Ints | int = 90) -> Ints:
        """When things become known: 85 in 100 on the day, 7 up to 60 days ahead, 8 up to 90 days late."""
        luck = self.random.random(len(day))
        ahead = np.maximum(day - self.random.integers(1, 60, len(day)), 0)
        behind = day + np.minimum(self.random.integers(1, 90, len(day)), most)
        return np.where(luck < 0.07, ahead, np.where(luck < 0.15, behind, day))

    def people(self) -> None:
        """Tenures: people come, move between seats, leave, and sometimes come back."""
        seat, start, end = self.tenures()
        count = len(seat)
        ends, starts = np.argsort(end, kind="stable"), np.argsort(start, kind="stable")
        moves, returns = self.random.random(count) < 0.12, self.random.random(count) < 0.06
        before = np.full(count, -1)
        after = np.full(count, -1)
        waiting: list[int] = []
        place = 0
        lucky = self.random.random(count) < 0.25
        for tenure in starts.tolist():
            while place < count and end[ends[place]] <= start[tenure]:
                if (moves[ends[place]] or returns[ends[place]]) and end[ends[place]] < DAYS:
                    waiting.append(int(ends[place]))
                place += 1
            if waiting and start[tenure] > 0 and lucky[tenure]:
                source = waiting.pop()
                gap = start[tenure] - end[source]
                if (moves[source] and gap < 60) or (not moves[source] and gap > 60):
                    before[tenure], after[source] = source, tenure
        root = np.arange(count)
        chain = before.copy()
        while (chain >= 0).any():
            root = np.where(chain >= 0, chain, root)
            chain = np.where(chain >= 0, before[np.maximum(chain, 0)], -1)
        first = before < 0
        number = np.cumsum(first) - 1
        person = number[root]
        moved = (after >= 0) & moves
        came = first | ~moves[np.maximum(before, 0)]
        self.put("hire", 5, start[came], person=person[came], seat=seat[came], name=person[came])
        self.put("appoint", 6, start, person=person, post=seat, seat=seat)
        gone = ~moved
        again = np.where(after >= 0, start[np.maximum(after, 0)], DAYS * 2)
        room = np.minimum(again, self.free_after(seat, start)) - end
        known = np.maximum(self.late(end, np.maximum(room, 0)), start)
        self.put("depart", 3, end[gone], known=known[gone], person=person[gone], seat=seat[gone])
        self.put("vacate", 3, end[moved], person=person[moved], post=seat[moved], seat=seat[moved])
        self.leaves(person, start, end)
        self.count = int(number[-1]) + 1

    def tenures(self) -> tuple[Ints, Ints, Ints]:
        """Who sits where, one after the other, about seven years each."""
        seats, start = np.arange(self.n), self.created + self.random.integers(0, 30, self.n) * (self.created > 0)
        found = []
        while len(seats):
            length = np.maximum(self.random.exponential(5.5 * YEAR, len(seats)).astype(np.int64), 30)
            found.append((seats, start, start + length))
            following = start + length + self.random.integers(1, 90, len(seats))
            keep = np.flatnonzero(following < DAYS)
            seats, start = seats[keep], following[keep]
        seat, start, end = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.lexsort((start, seat))
        return seat[order], start[order], end[order]

    def free_after(self, seat: Ints, start: Ints) -> Ints:
        """When the next holder of the same seat comes."""
        following = np.full(len(seat), DAYS * 2)
        same = seat[1:] == seat[:-1]
        following[:-1][same] = start[1:][same]
        return following

    def leaves(self, person: Ints, start: Ints, end: Ints) -> None:
        """One tenure in three has a leave of some months."""
        away = np.flatnonzero((self.random.random(len(person)) < 0.33) & (end - start > 400))
        begin = start[away] + 30 + (self.random.random(len(away)) * (end - start - 350)[away]).astype(np.int64)
        back = begin + self.random.integers(20, 300, len(away))
        known = np.maximum(self.late(begin, 15), start[away])
        self.put("start-leave", 4, begin, known=known, person=person[away], seat=away)
        self.put("end-leave", 4, back, known=np.maximum(back, known), person=person[away], seat=away)

    def seats(self) -> None:
        """Seats are created, move between managers and teams, and change level."""
        everyone = np.arange(self.n)
        self.put(
            "create-post", 1, self.created, post=everyone, team=everyone % self.teams, boss=self.parent, seat=everyone
        )
        self.lines()
        for share, kind in ((0.6, "team"), (0.3, "level")):
            seat = np.flatnonzero(np.ones(int(self.n * share))) % self.n
            day = (
                self.created[seat] + 1 + (self.random.random(len(seat)) * (DAYS - self.created[seat])).astype(np.int64)
            )
            value = self.random.integers(0, self.teams if kind == "team" else 9, len(seat))
            known = np.maximum(self.late(day), self.created[seat])
            self.put("change-post", 2, day, known=known, post=seat, seat=seat, **{kind: value})

    def lines(self) -> None:
        """Twice in ten years a seat gets another manager of the same level; one in fifty is first recorded wrong."""
        seat = np.tile(np.arange(1, self.n), 2)
        day = self.created[seat] + 1 + (self.random.random(len(seat)) * (DAYS - self.created[seat])).astype(np.int64)
        boss = self.other_boss(seat, day)
        known = np.maximum(self.late(day), np.maximum(self.created[seat], self.created[boss]))  # not before they were
        self.put("report", 2, day, known=known, post=seat, boss=boss, seat=seat)
        wrong = np.flatnonzero((self.random.random(len(seat)) < 0.02) & (day < DAYS))
        mended = np.maximum(known, day)[wrong] + self.random.integers(1, 400, len(wrong))
        number = np.arange(len(wrong))
        mistaken = self.other_boss(seat[wrong], np.minimum(day, known)[wrong])
        self.put(
            "report", 2, day[wrong], known=known[wrong], post=seat[wrong], boss=mistaken, seat=seat[wrong], id=number
        )
        self.put("retract", 0, np.minimum(mended, DAYS - 1), known=mended, of=number)

    def other_boss(self, seat: Ints, day: Ints) -> Ints:
        """Another seat of the level above."""
        boss = self.parent[seat]
        low, high = self.first[boss], self.last[boss]
        other = np.clip(boss + self.random.integers(-20, 21, len(seat)), low, high - 1)
        return np.where(self.created[other] <= day, other, boss)

    def table(self) -> pa.Table:
        """All events in the order of their days, as a table of texts, dates and numbers."""
        self.seats()
        self.people()
        names = sorted({name for part in self.parts for name in part})
        columns = {
            name: np.concatenate([part.get(name, np.full(len(part["day"]), -1)) for part in self.parts])
            for name in names
        }
        order = np.lexsort((columns["order"], columns["rank"], columns["day"]))
        columns = {name: column[order] for name, column in columns.items()}
        return arrow(columns, self.n, self.count, self.teams)


KINDS = (
    *("open-unit", "create-post", "change-post", "hire", "depart", "appoint"),
    *("vacate", "report", "start-leave", "end-leave", "retract"),
)


def texts(codes: Ints, prefix: str, size: int) -> pa.Array:
    """Numbers as ids, each id once in a dictionary."""
    ids = pa.array([f"{prefix}{number}" for number in range(size)])
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32(), mask=codes < 0), ids)


def arrow(columns: dict[str, Ints], seats: int, people: int, teams: int) -> pa.Table:
    """The events as the columns of a ledger in Parquet."""
    kind = columns["event"]
    is_line = np.isin(kind, [KINDS.index("report")])
    created = kind == KINDS.index("create-post")
    top = created & (columns["boss"] < 0)
    company = np.where(np.isin(kind, [KINDS.index("hire"), KINDS.index("depart")]), 0, -1)
    head = teams + 1
    opens = {
        "event": pa.DictionaryArray.from_arrays(pa.array(np.zeros(head, np.int32)), pa.array(KINDS)),
        "date": pa.array(np.full(head, FIRST, np.int32), pa.date32()),
        "known": pa.array(np.full(head, FIRST, np.int32), pa.date32()),
        "unit": pa.array(["acme", *(f"team-{number}" for number in range(teams))]).dictionary_encode(),
        "parent": pa.array([None, *["acme"] * teams]).dictionary_encode(),
    }
    body = {
        "event": pa.DictionaryArray.from_arrays(pa.array(kind, pa.int32()), pa.array(KINDS)),
        "date": pa.array((columns["day"] + FIRST).astype(np.int32), pa.date32()),
        "known": pa.array((columns["known"] + FIRST).astype(np.int32), pa.date32()),
        "person": texts(columns["person"], "p", people),
        "name": texts(columns["name"], "Person ", people),
        "post": texts(columns["post"], "seat-", seats),
        "unit": texts(columns["team"], "team-", teams),
        "organization": pa.DictionaryArray.from_arrays(
            pa.array(company, pa.int32(), mask=company < 0), pa.array(["acme"])
        ),
        "to": texts(np.where(is_line, columns["boss"], -1), "seat-", seats),
        "reports_to": pa.DictionaryArray.from_arrays(
            pa.array(np.where(top, seats, np.where(created, columns["boss"], -1)), pa.int32(), mask=~created),
            pa.array([*(f"seat-{number}" for number in range(seats)), "none"]),
        ),
        "level": texts(columns["level"], "L", 9),
        "id": texts(columns["id"], "w", int(columns["id"].max(initial=0)) + 1),
        "of": texts(columns["of"], "w", int(columns["of"].max(initial=0)) + 1),
    }
    both = [pa.table(opens), pa.table(body)]
    return pa.concat_tables(both, promote_options="default").unify_dictionaries().combine_chunks()


def company(people: int, seed: int = 1) -> pa.Table:
    """The events of a company of so many seats."""
    return Company(people, seed).table()


if __name__ == "__main__" and len(sys.argv) > 2:
    import pyarrow.parquet

    made = company(int(sys.argv[1]))
    pyarrow.parquet.write_table(made, Path(sys.argv[2]), compression="zstd", store_schema=False)
