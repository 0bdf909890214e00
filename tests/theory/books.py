"""A second set of books: who is employed and who holds what, told by the rows of a replication alone.

It knows the words of the rows, and nothing of how they came about.
"""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from orgsim.events import AbolishPost, Appoint, ChangePost, CreatePost, Depart, Hire, Vacate
from orgsim.simulate.replication import Replication
from orgsim.simulate.run import Row

FREED = ("departure", "promotion", "planned")
"""The causes of vacancies that open where somebody sat before."""


class Books:
    """Stocks as the rows tell them; every entry that cannot be is an error."""

    def __init__(self, found: Replication) -> None:
        """The opening."""
        world = found.world
        self.people = {person.id for person in world.people}
        self.counted = {person.id for person in world.people if person.counted}
        self.seats = {post.facts.id: int(post.seats) for post in world.posts if post.in_play}
        self.holders: dict[str, list[str]] = {post: [] for post in self.seats}
        self.acting: dict[str, list[str]] = {post: [] for post in self.seats}
        for person in world.people:
            for post, acting, _ in person.posts:
                (self.acting if acting else self.holders)[post].append(person.id)
        for group in world.scenario.population:  # what a population brings is told by rows
            for number in range(1, group.count + 1):
                del self.seats[f"{group.id}/{number}"]
        self.hires = self.exits = 0
        self.freed: list[tuple[float, str]] = []
        """When which seat was given up, in order."""
        self.created: Counter[tuple[float, str]] = Counter()

    def vacant(self, post: str) -> int:
        """The seats of a post that nobody holds."""
        return self.seats[post] - len(self.holders[post])

    def enter(self, row: Row) -> None:
        """Write one row into the books."""
        time, verb, person, post, detail = row
        if verb == "event":
            self._event(time, detail)
        elif verb == "create-post":
            self._create(time, post, 1)
        elif verb == "hire":
            self._hire(person)
        elif verb == "depart":
            self._depart(time, person)
        elif verb == "vacate":
            self._vacate(time, person, post)
        else:
            self._appoint(person, post, acting=verb == "act")

    def _event(self, time: float, event: object) -> None:
        match event:
            case Hire():
                self._hire(event.person)
            case Depart():
                self._depart(time, event.person)
            case Appoint(person=str(person)):
                self._appoint(person, event.post, acting=event.acting)
            case Vacate(person=str(person)):
                self._vacate(time, person, event.post)
            case CreatePost():
                self._create(time, event.post, int(event.seats))
            case ChangePost(seats=int(count)):
                self.created[time, event.post] += max(0, count - self.seats[event.post])
                self.seats[event.post] = count
            case AbolishPost():
                assert not self.holders.pop(event.post)
                assert not self.acting.pop(event.post)
                del self.seats[event.post]
            case _:  # units, lines, leaves
                pass

    def _create(self, time: float, post: str, count: int) -> None:
        assert post not in self.seats
        self.seats[post] = count
        self.holders[post], self.acting[post] = [], []
        self.created[time, post] += count

    def _hire(self, person: str) -> None:
        assert person not in self.people
        self.people.add(person)
        self.hires += 1

    def _depart(self, time: float, person: str) -> None:
        self.people.remove(person)
        self.exits += 1
        for post in sorted(post for post, who in self.holders.items() if person in who):
            self.holders[post].remove(person)
            self.freed.append((time, post))
        for who in self.acting.values():
            if person in who:
                who.remove(person)

    def _vacate(self, time: float, person: str, post: str) -> None:
        if person in self.acting[post]:
            self.acting[post].remove(person)
        else:
            self.holders[post].remove(person)
            self.freed.append((time, post))

    def _appoint(self, person: str, post: str, *, acting: bool) -> None:
        assert person in self.people
        if acting:
            assert person not in self.holders[post]
            self.acting[post].append(person)
            return
        assert self.vacant(post) > 0, f"{person} takes a seat of {post} that is taken"
        assert person not in self.holders[post]
        if person in self.acting[post]:
            self.acting[post].remove(person)
        self.holders[post].append(person)


def instants(rows: list[Row]) -> Iterator[tuple[float, list[Row]]]:
    """The rows, instant by instant."""
    some: list[Row] = []
    for row in rows:
        if some and row[0] != some[0][0]:
            yield some[0][0], some
            some = []
        some.append(row)
    if some:
        yield some[0][0], some


def check_conservation(found: Replication) -> None:
    """People in less people out are the staff; seats are held or vacant; whoever sits, sits alone.

    Vacancies as the engine tells them stand on one side, holders as the rows tell them on the other.
    """
    books = Books(found)
    first = len(books.people)
    opened: dict[float, Counter[str]] = {}
    for vacancy in found.vacancies:
        opened.setdefault(vacancy.opened, Counter())[vacancy.post] += 1
        if vacancy.ended is not None:
            opened.setdefault(vacancy.ended, Counter())[vacancy.post] -= 1
    vacant: Counter[str] = Counter()
    seen = set()
    for time, rows in instants(found.rows):
        for row in rows:
            books.enter(row)
        vacant.update(opened.get(time, Counter()))
        if time == 0.0:
            vacant.update(dict.fromkeys(books.seats, 0))
        seen.add(time)
        assert {post: books.vacant(post) for post in books.seats} == {post: vacant[post] for post in books.seats}, time
    assert set(opened) <= seen | {0.0}  # no vacancy opens or ends where no row says why
    assert len(books.people) == first + books.hires - books.exits
    staff = sum(person.counted for person in found.world.people) + sum(change for _, change in found.staff)
    assert staff == len(books.people)


def check_causes(found: Replication) -> None:
    """Every vacancy has one cause that the rows know, and cascades part the vacancies among themselves."""
    books = Books(found)
    for row in found.rows:
        books.enter(row)
    start = Counter(v.post for v in found.vacancies if v.cause == "start")
    assert all(v.opened == 0.0 for v in found.vacancies if v.cause == "start")
    assert sum(start.values()) >= 1
    # Of seats that are given up, those of posts about to close leave no vacancy; every vacancy has its seat.
    closing = {row[4].post for row in found.rows if isinstance(row[4], AbolishPost)}
    freed = Counter((time, post) for time, post in books.freed)
    told = Counter((v.opened, v.post) for v in found.vacancies if v.cause in FREED)
    assert not told - freed
    assert {post for _, post in freed - told} <= closing
    made = Counter((v.opened, v.post) for v in found.vacancies if v.cause == "created")
    assert not made - books.created
    roots = [v for v in found.vacancies if v.cause != "promotion"]
    assert (
        {v.cascade for v in found.vacancies}
        == {v.cascade for v in roots}
        == set(range(len({v.cascade for v in roots})))
    )
    # A vacancy by promotion opens when another of its cascade ends by promotion: one for one.
    promoted = Counter((v.ended or 0.0, v.cascade) for v in found.vacancies if v.how == "promoted")
    followed = Counter((v.opened, v.cascade) for v in found.vacancies if v.cause == "promotion")
    assert not followed - promoted


def check_little(found: Replication) -> None:
    """The integral of vacant seats, by the rows, is the sum of the waits of vacancies: with fractions, exactly."""
    books, horizon = Books(found), Fraction(found.world.horizon)
    area, number, at = Fraction(0), None, Fraction(0)
    for time, rows in instants(found.rows):
        if number is not None:
            area += number * (Fraction(time) - at)
        for row in rows:
            books.enter(row)
        number, at = sum(books.vacant(post) for post in books.seats), Fraction(time)
    area += (number or 0) * (horizon - at)
    waits = sum((horizon if v.ended is None else Fraction(v.ended)) - Fraction(v.opened) for v in found.vacancies)
    assert area == waits
