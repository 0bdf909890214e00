"""A tidy layout of trees: parents over the middle of their children, subtrees as close as their outlines allow.

After Reingold and Tilford, "Tidier drawings of trees", IEEE Transactions on Software Engineering 7 (1981), for boxes of
any height.  From a given level on, and where boxes have no reports of their own, they hang in lists beneath, in as many
columns as needed, as on printed org charts: else two hundred boxes would need a sheet of ten meters.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import product

import attrs

from orgsim.plotting.forest import Box

GAP_X, GAP_Y, HANG_Y, INDENT, BRANCH = 14.0, 26.0, 7.0, 13.0, 30.0
"""Points between boxes beside each other, between levels, in a list, the indent of a list, and between trees."""
SHAPE = 1.45
"""How much wider than high a picture should be."""
TALL = (160.0, 230.0, 320.0, 430.0, 560.0, 720.0, 900.0, 1150.0, 1500.0)
"""How high columns may be; the best is taken."""
Height = Callable[[Box], float]
Line = tuple[tuple[float, float], ...]


@attrs.frozen
class Place:
    """Where a box lies: its left upper corner and its size, in points from the left upper corner of the picture."""

    x: float
    y: float
    width: float
    height: float

    def moved(self, x: float, y: float = 0.0) -> "Place":
        """The same place elsewhere."""
        return attrs.evolve(self, x=self.x + x, y=self.y + y)


@attrs.frozen
class Plan:
    """Where every box lies, the lines between them, and how large the whole is."""

    places: dict[str, Place]
    lines: tuple[Line, ...]
    width: float
    height: float


@attrs.define
class _Block:
    """Boxes laid out together; `middle` is where the line from above arrives."""

    places: dict[str, Place]
    lines: list[Line]
    middle: float

    def moved(self, x: float, y: float = 0.0) -> "_Block":
        places = {id_: place.moved(x, y) for id_, place in self.places.items()}
        return _Block(places, [tuple((a + x, b + y) for a, b in line) for line in self.lines], self.middle + x)

    @property
    def height(self) -> float:
        return max((place.y + place.height for place in self.places.values()), default=0.0)

    @property
    def left(self) -> float:
        ends = [x for line in self.lines for x, _ in line]
        return min([place.x for place in self.places.values()] + ends, default=0.0)

    @property
    def right(self) -> float:
        return max((place.x + place.width for place in self.places.values()), default=0.0)


def plan(trees: Sequence[Box], width: float, height: Height) -> Plan:
    """The layout of trees beside each other that suits a page best."""
    if not trees:
        return Plan({}, (), 0, 0)
    deepest = max(map(_depth, trees))
    found = (_Layout(width, height, levels, tall).whole(trees) for levels, tall in product(range(deepest + 1), TALL))
    return min(found, key=lambda one: max(one.width / SHAPE, one.height))


def shelves(trees: Sequence[Box], width: float, height: Height, room: float) -> Plan:
    """Trees as lists in the columns that fit a width, in their order, the columns as even as can be."""
    if not trees:
        return Plan({}, (), 0, 0)
    layout = _Layout(width, height, 0, 0)
    lists = [layout.listed(tree) for tree in trees]
    wide = max(block.right for block in lists)
    most = max(int((room + GAP_X) // (wide + GAP_X)), 1)
    low, high = max(block.height for block in lists), sum(block.height + HANG_Y for block in lists)
    for _ in range(12):  # the least height at which they fit, within a few points
        middle = (low + high) / 2
        low, high = (low, middle) if len(_columns(lists, middle)) <= most else (middle, high)
    blocks = []
    for at, column in enumerate(_columns(lists, high)):
        y = 0.0
        for block in column:
            blocks.append(block.moved(at * (wide + GAP_X), y))
            y += block.height + HANG_Y
    return _plan_of(blocks)


def _depth(tree: Box) -> int:
    """How many levels hang under a box."""
    depth, level = -1, [tree]
    while level:
        depth, level = depth + 1, [below for box in level for below in box.below]
    return depth


def _plan_of(blocks: Iterable[_Block]) -> Plan:
    whole = _Block({}, [], 0)
    for block in blocks:
        whole.places |= block.places
        whole.lines += block.lines
    whole = whole.moved(-whole.left)
    return Plan(whole.places, tuple(whole.lines), whole.right, whole.height)


def _columns(blocks: Sequence[_Block], tall: float) -> list[list[_Block]]:
    """Blocks in columns of at most a height, in their order; one that is higher has a column to itself."""
    columns: list[list[_Block]] = []
    used = 0.0
    for block in blocks:
        if not columns or used + block.height > tall:
            columns.append([])
            used = 0.0
        columns[-1].append(block)
        used += block.height + HANG_Y
    return columns


@attrs.frozen
class _Layout:
    """One way to lay out: how many levels are spread, and how high a column may be."""

    width: float
    height: Height
    levels: int
    tall: float

    def whole(self, trees: Sequence[Box]) -> Plan:
        """The trees beside each other."""
        x, blocks = 0.0, []
        for tree in trees:
            block = self.block(tree, 0)
            blocks.append(block.moved(x - block.left))
            x += block.right - block.left + BRANCH
        return _plan_of(blocks)

    def block(self, box: Box, level: int) -> _Block:
        """A box over all beneath it."""
        if not box.below:
            return self._alone(box)
        if level < self.levels and any(below.below for below in box.below):
            return self._spread(box, level)
        lists = [self.listed(below) for below in box.below]
        columns = _columns(lists, self.tall)
        return self.listed(box) if len(columns) == 1 else self._hang(box, columns)

    def _alone(self, box: Box) -> _Block:
        return _Block({box.id: Place(0, 0, self.width, self.height(box))}, [], self.width / 2)

    def listed(self, box: Box) -> _Block:
        """A box with all beneath it as an indented list."""
        block = self._alone(box)
        y, spine = self.height(box) + HANG_Y, INDENT / 2
        for below in box.below:
            child = self.listed(below).moved(INDENT, y)
            at = y + min(self.height(below) / 2, 11)
            block.places |= child.places
            block.lines += [*child.lines, ((spine, self.height(box)), (spine, at), (INDENT, at))]
            y = child.height + HANG_Y
        return block

    def _spread(self, box: Box, level: int) -> _Block:
        """A box over the middle of its children, each as near to those before as the outlines allow."""
        top = self.height(box) + GAP_Y
        children: list[_Block] = []
        for below in box.below:
            child = self.block(below, level + 1).moved(0, top)
            shift = max((_clearance(before, child) for before in children), default=0.0)
            children.append(child.moved(shift))
        return self._joined(box, children, [(child.middle, top) for child in children])

    def _hang(self, box: Box, columns: list[list[_Block]]) -> _Block:
        """A box over lists in columns."""
        top = self.height(box) + GAP_Y
        x, children, ends = 0.0, [], []
        for column in columns:
            y = top
            lines: list[Line] = []
            for block in column:
                moved = block.moved(x + INDENT, y)
                at = y + min(next(iter(moved.places.values())).height / 2, 11)
                lines.append(((x + INDENT / 2, top - GAP_Y / 2), (x + INDENT / 2, at), (x + INDENT, at)))
                children.append(moved)
                y += block.height + HANG_Y
            children[-1].lines += lines
            ends.append((x + INDENT / 2, top - GAP_Y / 2))
            x = max(child.right for child in children) + GAP_X
        return self._joined(box, children, ends)

    def _joined(self, box: Box, children: Sequence[_Block], ends: Sequence[tuple[float, float]]) -> _Block:
        """A box over its children, with a bar from which a line goes down to each end."""
        middle = (ends[0][0] + ends[-1][0]) / 2
        high = self.height(box)
        bar = high + GAP_Y / 2
        root = self._alone(box).moved(middle - self.width / 2)
        lines: list[Line] = [((middle, high), (middle, bar)), ((ends[0][0], bar), (ends[-1][0], bar))]
        lines += [((x, bar), (x, y)) for x, y in ends if y > bar]
        whole = _Block(dict(root.places), lines, middle)
        for child in children:
            whole.places |= child.places
            whole.lines += child.lines
        return whole


def _clearance(before: _Block, after: _Block) -> float:
    """How far to the right a block must go so that it clears another, box by box."""
    return max(
        (
            one.x + one.width + GAP_X - two.x
            for one in before.places.values()
            for two in after.places.values()
            if one.y < two.y + two.height + HANG_Y and two.y < one.y + one.height + HANG_Y
        ),
        default=0.0,
    )
