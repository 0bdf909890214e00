"""The tree of a large chart in the terminal, folded: the upper layers, and below them how many posts there are.

Only the posts that are shown are made.
"""

from typing import Any

import numpy as np
from rich.text import Text
from rich.tree import Tree

from orgsim.chart import OrgChart
from orgsim.columns.chart import ColumnarChart
from orgsim.columns.lazyindex import number_of
from orgsim.columns.rows.table import ABSENT
from orgsim.console.terminal import styled
from orgsim.console.tree import Drawing, chart_trees, organizations
from orgsim.model import Unit

ROOM, WIDE, LOOSE = 60, 8, 5
"""About how many posts are shown; how many below one; and how many of those whose manager is not known."""


def trees_of(chart: OrgChart, organization: str | None = None, *, full: bool = False) -> list[Tree]:
    """One tree for each organization, or for the one given; that of a large chart is folded."""
    if full or not isinstance(chart, ColumnarChart):
        return chart_trees(chart, organization, full=full)
    drawings = [_Folded(chart, unit) for unit in organizations(chart, organization)]
    return [drawing.tree() for drawing in drawings if len(drawing.numbers) or organization is not None]


class _Folded(Drawing):
    """One organization of a large chart being drawn."""

    chart: ColumnarChart

    def __init__(self, chart: ColumnarChart, unit: Unit) -> None:
        self.chart, self.unit = chart, unit
        self.moment = chart.moment
        moment, first = self.moment, self.moment.table.first_unit
        root = number_of(moment, unit.id)
        posts = moment.open_posts
        self.numbers = posts[np.flatnonzero(moment.roots[moment.unit[posts] - first] == root)]
        inside = np.zeros(moment.size, bool)
        inside[self.numbers] = True
        boss = moment.boss[self.numbers]
        # Who reports to another organization stands at the top.
        boss = np.where((boss >= 0) & inside[boss], boss, ABSENT)
        alone = self.numbers[np.flatnonzero(boss == ABSENT)]
        self.tops_of = alone[np.flatnonzero(moment.solid[alone] != ABSENT)]
        self.loose = alone[np.flatnonzero(moment.solid[alone] == ABSENT)]
        order = np.argsort(boss, kind="stable")
        self.by_boss, self.bosses = self.numbers[order], boss[order]
        self.below_count = self._sizes()

    def _sizes(self) -> Any:
        """How many posts there are below each."""
        moment = self.moment
        sizes = np.zeros(moment.size, np.int64)
        depth = moment.above[0][self.numbers]
        for level in range(int(depth.max(initial=0)), 0, -1):
            here = self.numbers[np.flatnonzero(depth == level)]
            np.add.at(sizes, moment.boss[here], sizes[here] + 1)
        return sizes

    def _reports(self, number: int) -> Any:
        low, high = np.searchsorted(self.bosses, [number, number + 1])
        found = self.by_boss[low:high]
        # The largest part first; of equals, the one created first.
        return found[np.argsort(-self.below_count[found], kind="stable")]

    def tree(self) -> Tree:
        tree = Tree(self._summary(), guide_style="dim")
        leaders = self.loose[np.argsort(-self.below_count[self.loose], kind="stable")]
        tops = self.tops_of[np.argsort(-self.below_count[self.tops_of], kind="stable")]
        shown = self._chosen(tops if len(tops) else leaders)
        self.chart.prefetch(self.moment.names(np.array(sorted(shown), np.int64)))
        self._grow(tree, tops if len(tops) else leaders, shown)
        if len(tops) and len(leaders):
            node = tree.add(Text("whom they report to is not known", style="dim italic"))
            self._grow(node, leaders, set(leaders[:LOOSE].tolist()))
        return tree

    def _chosen(self, tops: Any) -> set[int]:
        """The posts that are shown: layer by layer, the larger parts, while there is room."""
        chosen: set[int] = set()
        layer = tops[:WIDE].tolist()
        while layer and len(chosen) + len(layer) <= ROOM:
            chosen.update(layer)
            layer = [below for number in layer for below in self._reports(number)[:WIDE].tolist()]
        return chosen or set(tops[:WIDE].tolist())

    def _grow(self, node: Tree, posts: Any, shown: set[int]) -> None:
        here = [number for number in posts.tolist() if number in shown]
        for number in here:
            post = self.chart.post(self.moment.name(number))
            reports = self._reports(number)
            text, left = self._post(post), int(self.below_count[number])
            if len(reports) and not any(below in shown for below in reports.tolist()):
                text.append(f"  … {left:,} below", style="dim")
                node.add(text)
                continue
            self._grow(node.add(text), reports, shown)
        rest = len(posts) - len(here)
        if rest and here:
            below = int(self.below_count[[n for n in posts.tolist() if n not in shown]].sum())
            more = f"… {rest:,} more post{'s' * (rest > 1)}"
            node.add(Text(more + (f", {below:,} below them" if below else ""), style="dim"))

    def _summary(self) -> Text:
        people = self.chart.headcount(self.unit.id)
        moment = self.moment
        posts = self.numbers[np.flatnonzero(self.numbers < moment.relations.base)]
        vacant = int(((moment.taken[posts] == 0) & (moment.seats[posts] != 0)).sum())
        text = styled(self.unit.name, "bold")
        return text.append(f"  {people:,} employed · {len(posts):,} posts · {vacant:,} vacant", style="dim")
