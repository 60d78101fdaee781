"""What rapporteurs of one sheet hear of one another: what one commit kept goes out as one message, framed once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gevent
from pycrdt import merge_updates

from facilitation.realtime.broadcast import Broadcast


@dataclass(frozen=True)
class Kept:
    """An update of a sheet, its number, and the socket that sent it if any."""

    number: int
    data: bytes
    sid: str | None


class Relay:
    """Speaks to those who have a sheet open. Many hands in one sheet commit together, and so are heard together."""

    def __init__(self, broadcast: Broadcast, emit: Callable[[str, str, dict[str, Any]], None]) -> None:
        self._broadcast = broadcast
        self._emit = emit
        self._waiting: dict[str, list[Kept]] = {}

    def pass_on(self, sheet: str, kept: Kept) -> None:
        """Tell everybody but who sent it, with whatever else was kept in the same turn."""
        waiting = self._waiting.setdefault(sheet, [])
        waiting.append(kept)
        if len(waiting) == 1:
            gevent.spawn(self._flush, sheet)

    def say(self, sheet: str, name: str, message: dict[str, Any], sid: str | None) -> None:
        """Tell everybody but `sid`; who lags behind is told all the same, in its turn."""
        room = room_of(sheet)
        others = [one for one in self._broadcast.present(room) if one != sid]
        for one in self._broadcast.tell_some(others, name, message):
            self._emit(one, name, message)

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
