"""The organization in the middle of a replication: posts, people and vacancies that change as time passes.

These are the only mutable nouns of the package; they live as long as a replication.  What happens, and when, is told
in the flows; here is how one thing that happened changes posts and people.
"""

from typing import Any

from orgsim.simulate.matching import Facts


class PostState:
    """A post: who holds it, who acts, whom it reports to, its open vacancies."""

    __slots__ = (
        *("actors", "boss", "created", "empty_since", "facts", "holders", "home", "id", "in_play", "number", "open"),
        *("personal", "rank", "reports", "seats", "target", "unnamed", "vacancies"),
    )

    def __init__(self, facts: Facts, rank: int, seats: float, *, home: bool, in_play: bool) -> None:
        """A post without people."""
        self.facts = facts
        self.id = facts.id
        self.rank = rank
        self.seats = seats
        self.home = home
        self.in_play = in_play
        self.unnamed: dict[str, int] = {}  # seats by the word for who holds them; 0: acting
        self.target: str | None = None  # a post, a unit or `none`, as the line was given; None: not known
        self.personal: str | None = None  # whose own post this is
        self.created = 0
        self.boss: PostState | None = None  # where the line leads
        self.reports: dict[PostState, None] = {}
        self.holders: list[PersonState] = []
        self.actors: list[PersonState] = []
        self.vacancies: list[Vacancy] = []
        self.number = 0  # how many vacancies there were
        self.open = True
        self.empty_since: float | None = None  # since when nobody holds it

    @property
    def taken(self) -> int:
        """How many seats somebody holds, named or not."""
        return len(self.holders) + (sum(self.unnamed.values()) if self.unnamed else 0)

    @property
    def held(self) -> bool:
        """Whether anybody holds it substantively, named or not."""
        return bool(self.holders or (self.unnamed and any(self.unnamed.values())))

    @property
    def acted(self) -> bool:
        """Whether anybody acts for it while nobody holds it, named or not."""
        return bool(self.actors or self.unnamed)

    @property
    def free(self) -> float:
        """How many seats nobody holds."""
        return self.seats - self.taken


class PersonState:
    """Somebody employed by the organization; times are engine times."""

    __slots__ = (
        "acting", "birth", "clocks", "counted", "effects", "employed", "hired", "id", "leave", "marked", "number",
        "personal", "posts", "primary", "promoted", "since",
    )  # fmt: skip

    def __init__(self, id_: str, hired: float, birth: float | None = None, *, counted: bool = True) -> None:
        """Somebody without a post."""
        self.id = id_
        self.hired = hired
        self.birth = birth
        self.counted = counted  # contractors are no headcount
        self.employed = True
        self.leave = False
        self.posts: list[PostState] = []  # held substantively
        self.acting: list[PostState] = []
        self.since: dict[PostState, float] = {}  # in order of appointment; who is confirmed keeps the place
        self.marked: tuple[str, ...] = ()
        self.personal: PostState | None = None
        self.primary: PostState | None = None
        self.promoted = -1e9
        self.clocks: Any = []  # of the flow of attrition; None: as on the first day
        self.effects: Any = None  # of the flow of contagion
        self.number: Any = None  # where the person's draws are

    @property
    def posted(self) -> float:
        """Since when the primary post is held; without one, since when employed."""
        return self.hired if self.primary is None else self.since[self.primary]

    @property
    def node(self) -> PostState | None:
        """The post by which lines find the person."""
        return self.primary or self.personal

    def choose_primary(self) -> PostState | None:
        """The post marked primary last, else the first held, else the first acted for."""
        if len(self.since) == 1:
            return next(iter(self.since))
        for id_ in reversed(self.marked):
            for post in self.since:
                if post.id == id_:
                    return post
        if self.posts:
            return next(post for post in self.since if post in self.posts)
        return next(iter(self.since), None)


class Vacancy:
    """A seat that became free: the `number`-th of its post, in a cascade, and what became of it.

    `acting` has rows [person, begin, end], end None while it lasts; `fill` is how it is being filled.
    """

    __slots__ = (
        "accepted", "acting", "acting_since", "cascade", "cause", "ended", "fill", "how", "number", "opened", "over",
        "person", "post", "requisition",
    )  # fmt: skip

    def __init__(self, post: PostState, number: int, opened: float, cascade: int, cause: str) -> None:
        """An open vacancy."""
        self.post = post
        self.number = number
        self.opened = opened
        self.cascade = cascade
        self.cause = cause
        self.ended: float | None = None
        self.how: str | None = None
        self.person: str | None = None
        self.requisition: float | None = None
        self.accepted: float | None = None
        self.acting: list[list[Any]] = []
        self.acting_since: float | None = None
        self.over = False  # whether acting has reached its limit
        self.fill: Any = None
