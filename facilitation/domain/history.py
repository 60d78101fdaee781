"""The history of a sheet: which moments of a day of writing are worth going back to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SPAN = timedelta(minutes=4)
PAUSE = timedelta(minutes=2)
# Letters that may go without the sheet being kept as it was before: half a line.
FEW = 40


@dataclass(frozen=True)
class Written:
    """An update of a sheet: its number, when it came, whose it is, and how many letters it took away.

    `apart` stands for itself, as a restoration does.
    """

    number: int
    at: datetime
    writer: str | None = None
    apart: bool = False
    erased: int = 0


@dataclass(frozen=True)
class Version:
    """A sheet after its first `number` updates, and who wrote since the version before."""

    number: int
    at: datetime
    writers: list[str] = field(default_factory=list)


class Spans:
    """A log in spans of a few minutes: a pause ends one, and so does what stands apart.

    So does a great deletion, before it, and small ones that add up, before the first of them: what somebody wipes out
    seconds after it was typed is in the version before.
    """

    def __init__(self) -> None:
        self._over: list[Version] = []
        self._open: list[Written] = []
        self._gone = self._since = 0

    def add(self, update: Written) -> None:
        """The log goes on with this one."""
        last = self._open
        if not last or update.apart or last[-1].apart or _is_over(last, update) or update.erased >= FEW:
            self._end(last)
            self._open, self._gone = [update], 0
            return
        last.append(update)
        if update.erased:
            self._since = self._since if self._gone else len(last) - 1
            self._gone += update.erased
        if self._gone >= FEW:
            self._end(last[: self._since])
            self._open, self._gone = last[self._since :], 0

    def versions(self) -> list[Version]:
        """Where each ends, oldest first; that of the last one moves on while it is written."""
        return [*self._over, *([_end_of(self._open)] if self._open else [])]

    def _end(self, span: list[Written]) -> None:
        if span:
            self._over.append(_end_of(span))


def versions(log: Iterable[Written]) -> list[Version]:
    """The versions of a log in order, oldest first."""
    spans = Spans()
    for update in log:
        spans.add(update)
    return spans.versions()


def _end_of(span: list[Written]) -> Version:
    return Version(span[-1].number, span[-1].at, sorted({one.writer for one in span if one.writer}))


def _is_over(span: list[Written], update: Written) -> bool:
    return update.at - span[-1].at > PAUSE or update.at - span[0].at > SPAN
