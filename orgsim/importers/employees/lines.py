"""Reporting lines between posts, worked out of who was whose manager: in order, without circles.

A line told between people belongs to the posts they hold.  Where the manager has left, the line stays with a post that
survives its holder; where there is no such post, nobody knows.
"""

import datetime as dt
from itertools import groupby

import attrs

from orgsim.dates import When
from orgsim.errors import shown
from orgsim.importers.cells import ONE_DAY, some_day
from orgsim.importers.employees.managers import Managers
from orgsim.importers.employees.people import FOREVER, Member, State
from orgsim.importers.report import ImportReport

UNKNOWN = "unknown"
TOP = "none"
MANAGER = ("manager_id", "manager_name", "manager")


@attrs.define(eq=False)
class Piece:
    """A post reported to another (or to `none`, or to nobody knows whom) in [start, end)."""

    post: str
    to: str
    start: dt.date
    end: dt.date
    began: When
    state: State


class Lines:
    """The pieces of all lines, by post."""

    def __init__(self, members: list[Member], lasting: set[str], report: ImportReport) -> None:
        """`lasting` are the posts that survive their holders."""
        self.members = members
        self.lasting = lasting
        self.report = report
        self.managers = Managers(members, report)
        self.pieces: dict[str, list[Piece]] = {}

    def work_out(self) -> dict[str, list[Piece]]:
        """The pieces of each post, in order, none of them part of a circle."""
        for member in self.members:
            for state in member.states:
                self._of_state(state)
        for post, pieces in self.pieces.items():
            self.pieces[post] = self._in_order(pieces)
        self._break_circles()
        return self.pieces

    # ---------------------------------------------------------------------------------------------- lines of a row

    def _of_state(self, state: State) -> None:
        record = state.record
        end = FOREVER if state.post in self.lasting else state.end
        if record.top:
            self._add(Piece(state.post, TOP, state.start, end, state.began, state))
            return
        manager = self.managers.of(record, lambda member: _together(member, state))
        if manager is None:
            self._add(Piece(state.post, UNKNOWN, state.start, end, state.began, state))
            return
        if not _together(manager, state):
            self._absent(state, manager)
            self._add(Piece(state.post, UNKNOWN, state.start, end, state.began, state))
            return
        self._to_manager(state, manager, end)

    def _to_manager(self, state: State, manager: Member, end: dt.date) -> None:
        """A piece for each post the manager held at the time."""
        at = state.start
        for held in manager.states:
            start, until = max(state.start, held.start), min(state.end, held.end)
            if start >= until:
                continue
            if held.post == state.post:
                message = f"{shown(manager.records[-1].name)} holds the same post; it cannot report to itself"
                self.report.flagged(state.record.at(*MANAGER), message)
                continue
            if start > at:
                self._add(Piece(state.post, UNKNOWN, at, start, state.began, state))
            self._add(Piece(state.post, held.post, start, until, self._since(state, held, start), state))
            at = until
        if at == state.start:
            self._add(Piece(state.post, UNKNOWN, state.start, end, state.began, state))
        elif at < state.end:
            self._orphaned(state, manager, at, end)
        elif end > at:
            self._stretch(state, end)

    def _since(self, state: State, held: State, start: dt.date) -> When:
        """Since when a line ran: as vague as what is told of the two ends."""
        if state.dated:
            return state.began if start == state.start else held.began
        if start == state.start:
            return state.began
        return some_day(start, max(start, state.seen))

    def _orphaned(self, state: State, manager: Member, at: dt.date, end: dt.date) -> None:
        """The manager held no post any more, while the row still names them."""
        last = self.pieces[state.post][-1]
        stays = last.to in self.lasting
        gone = not manager.employed_on(at)
        if state.dated and gone:
            what = "the line stays with the post" if stays else "the manager is unknown from then on"
            message = f"the manager {shown(manager.records[-1].name)} is gone from {at} on, before this ends; {what}"
            self.report.flagged(state.record.at(*MANAGER), message)
        if stays and gone:
            self._stretch(state, end)
        else:
            self._add(Piece(state.post, UNKNOWN, at, end, When.on(at), state))

    def _stretch(self, state: State, end: dt.date) -> None:
        """The line of a post that survives its holder stays, as long as the post at its other end does."""
        last = self.pieces[state.post][-1]
        if last.to in self.lasting:
            last.end = end
        else:
            self._add(Piece(state.post, UNKNOWN, last.end, end, When.on(last.end), state))

    def _absent(self, state: State, manager: Member) -> None:
        gone = [stay for stay in manager.stays if stay.end <= state.seen]
        told = (
            f"left on {gone[-1].end - ONE_DAY} (last day)"
            if gone
            else f"is employed from {manager.stays[0].start} on only"
        )
        message = f"the manager {shown(manager.records[-1].name)} {told}; the manager stays unknown"
        self.report.flagged(state.record.at(*MANAGER), message)

    def _add(self, piece: Piece) -> None:
        if piece.start < piece.end:
            self.pieces.setdefault(piece.post, []).append(piece)

    # ------------------------------------------------------------------------------------------------------- order

    def _in_order(self, pieces: list[Piece]) -> list[Piece]:
        """Pieces of one post one after the other: the later one counts from its start on."""
        if len(pieces) == 1:
            return pieces
        found: list[Piece] = []
        for piece in sorted(pieces, key=lambda p: (p.start, p.to == UNKNOWN)):
            before = found[-1] if found else None
            if before is not None and before.end > piece.start:
                at_once = before.state.end > piece.start and before.state is not piece.state
                if at_once and before.to != piece.to and UNKNOWN not in (piece.to, before.to):
                    which = "the later one counts" if before.start < piece.start else "the first counts"
                    message = (
                        f"the post {piece.post!r} has two holders and, by row {before.state.record.row}, "
                        f"another manager at the same time; {which}"
                    )
                    self.report.flagged(piece.state.record.place, message)
                if at_once and (piece.to in (UNKNOWN, before.to) or before.start == piece.start):
                    if piece.end > before.end:
                        piece.start, piece.began = before.end, When.on(before.end)
                        found.append(piece)
                    continue
                before.end = piece.start
                if before.end <= before.start:
                    found.pop()
            found.append(piece)
        return found

    # ----------------------------------------------------------------------------------------------------- circles

    def _break_circles(self) -> None:
        """At the end of no day may a post report to itself by way of others: the line begun last is left out."""
        up: dict[str, Piece] = {}
        changes = [
            (piece.start, 1, piece)
            for pieces in self.pieces.values()
            for piece in pieces
            if piece.to not in (TOP, UNKNOWN)
        ]
        changes += [(piece.end, 0, piece) for _, _, piece in changes]
        changes.sort(key=lambda change: (change[0], change[1], change[2].post, change[2].to))
        for _, today in groupby(changes, key=lambda change: change[0]):
            begun: list[Piece] = []
            for _, begins, piece in today:
                if begins:
                    up[piece.post] = piece
                    begun.append(piece)
                elif up.get(piece.post) is piece:
                    del up[piece.post]
            sound: set[str] = set()
            for piece in begun:
                self._check(piece, up, sound)

    def _check(self, piece: Piece, up: dict[str, Piece], sound: set[str]) -> None:
        path: dict[str, None] = {}
        at = piece.post
        while at in up and at not in sound and at not in path:
            path[at] = None
            at = up[at].to
        if at in path:
            names = list(path)
            circle = [*names[names.index(at) :], at]
            last = max((up[post] for post in circle[:-1]), key=lambda p: (p.start, p.post))
            shown_circle = " > ".join(circle if len(circle) < 8 else [*circle[:7], "..."])  # noqa: PLR2004 - enough to see it
            message = f"managers run in a circle from {last.start} on: {shown_circle}; this manager stays unknown"
            self.report.flagged(last.state.record.at(*MANAGER), message)
            del up[last.post]
            last.to = UNKNOWN
        sound.update(path)


def _together(manager: Member, state: State) -> bool:
    """Whether somebody was there to be the manager when the row was so."""
    if state.dated:
        return any(stay.start < state.end and state.start < stay.end for stay in manager.stays)
    return manager.employed_on(state.seen)
