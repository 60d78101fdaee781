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


def versions(log: Iterable[Written]) -> list[Version]:
    """The log in spans of a few minutes, oldest first: a pause ends one, and so does what stands apart.

    So does a great deletion, before it, and small ones that add up, before the first of them: what somebody wipes out
    seconds after it was typed is in the version before.
    """
    spans: list[list[Written]] = []
    gone, since = 0, 0
    for update in log:
        last = spans[-1] if spans else None
        if last is None or update.apart or last[-1].apart or _is_over(last, update) or update.erased >= FEW:
            spans.append([update])
            gone = 0
            continue
        last.append(update)
        if update.erased:
            since = since if gone else len(last) - 1
            gone += update.erased
        if gone >= FEW:
            spans.append(last[since:])
            del last[since:]
            gone = 0
    return [Version(span[-1].number, span[-1].at, sorted({one.writer for one in span if one.writer})) for span in spans]


def _is_over(span: list[Written], update: Written) -> bool:
    return update.at - span[-1].at > PAUSE or update.at - span[0].at > SPAN
