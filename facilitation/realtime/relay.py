"""What rapporteurs of one sheet hear of one another: what one commit kept goes out as one message, framed once; cursors too."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gevent
from pycrdt import merge_updates

from facilitation.realtime import cursors
from facilitation.realtime.broadcast import Broadcast

# Seconds from one message about a sheet's cursors to the next: as often as a laptop tells of its own.
PACE = 0.1


@dataclass(frozen=True)
class Kept:
    """An update of a sheet, its number, and the socket that sent it if any."""

    number: int
    data: bytes
    sid: str | None


@dataclass
class Moved:
    """Who has moved in a sheet since it was last told: all, those of this process, and the sockets that said so."""

    all: cursors.Hands = field(default_factory=dict)
    here: cursors.Hands = field(default_factory=dict)
    sids: set[str | None] = field(default_factory=set)


Aware = Callable[[str, bytes], None]


class Relay:
    """Speaks to those who have a sheet open. Many hands in one sheet commit together, and so are heard together."""

    def __init__(self, broadcast: Broadcast, emit: Callable[[str, str, dict[str, Any]], None]) -> None:
        self._broadcast = broadcast
        self._emit = emit
        self._waiting: dict[str, list[Kept]] = {}
        self._moved: dict[str, Moved] = {}
        self.elsewhere: Aware = _nowhere

    def pass_on(self, sheet: str, kept: Kept) -> None:
        """Tell everybody but who sent it, with whatever else was kept in the same turn."""
        waiting = self._waiting.setdefault(sheet, [])
        waiting.append(kept)
        if len(waiting) == 1:
            gevent.spawn(self._flush, sheet)

    def show(self, sheet: str, data: bytes, sid: str | None) -> None:
        """Tell where hands are: at once where the sheet was still, else with all who move within PACE.

        `sid` is the socket that says so, None what another process heard. Raises MalformedCursors.
        """
        hands = cursors.read(data)
        moved = self._moved.get(sheet)
        if moved is None:
            moved = self._moved[sheet] = Moved()
            gevent.spawn(self._follow, sheet)
        cursors.add(moved.all, hands)
        if sid is not None:
            cursors.add(moved.here, hands)
        moved.sids.add(sid)

    def say(self, sheet: str, name: str, message: dict[str, Any], sid: str | None) -> None:
        """Tell everybody but `sid`; who lags behind is told all the same, in its turn."""
        room = room_of(sheet)
        others = [one for one in self._broadcast.present(room) if one != sid]
        for one in self._broadcast.tell_some(others, name, message):
            self._emit(one, name, message)

    def _follow(self, sheet: str) -> None:
        try:
            while (moved := self._moved[sheet]).sids:
                self._moved[sheet] = Moved()
                # Where several moved, each hears itself too, and knows that it is old.
                sid = moved.sids.pop() if len(moved.sids) == 1 else None
                self.say(sheet, "sheet:awareness", {"sheet": sheet, "update": cursors.written(moved.all)}, sid)
                if moved.here:
                    self.elsewhere(sheet, cursors.written(moved.here))
                gevent.sleep(PACE)
        finally:
            del self._moved[sheet]

    def _flush(self, sheet: str) -> None:
        kept = sorted(self._waiting.pop(sheet), key=lambda one: one.number)
        # Numbers follow one another for each sheet, but another commit may have come between.
        for run in _runs(kept):
            first, last = run[0], run[-1]
            data = first.data if len(run) == 1 else merge_updates(*(one.data for one in run))
            message = {"sheet": sheet, "first": first.number, "number": last.number, "update": data}
            self.say(sheet, "sheet:update", message, first.sid if len(run) == 1 else None)


def _runs(kept: list[Kept]) -> list[list[Kept]]:
    runs: list[list[Kept]] = []
    for one in kept:
        if runs and one.number == runs[-1][-1].number + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def room_of(sheet_id: str) -> str:
    """The room of those who have a sheet open."""
    return f"sheet/{sheet_id}"


def _nowhere(_sheet: str, _data: bytes) -> None:
    """There is no other process."""
