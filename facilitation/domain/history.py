"""The history of a sheet: which moments of a day of writing are worth going back to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

SPAN = timedelta(minutes=4)
PAUSE = timedelta(minutes=2)


@dataclass(frozen=True)
class Written:
    """An update of a sheet: its number, when it came, and whose it is; `apart` stands for itself, as a restoration does."""

    number: int
    at: datetime
    writer: str | None = None
    apart: bool = False


@dataclass(frozen=True)
class Version:
    """A sheet after its first `number` updates, and who wrote since the version before."""

    number: int
    at: datetime
    writers: list[str] = field(default_factory=list)


def versions(log: Iterable[Written]) -> list[Version]:
    """The log in spans of a few minutes, oldest first: a pause ends one, and so does what stands apart."""
    spans: list[list[Written]] = []
    for update in log:
        last = spans[-1] if spans else None
        if last is None or update.apart or last[-1].apart or update.at - last[-1].at > PAUSE or update.at - last[0].at > SPAN:
            spans.append([update])
        else:
            last.append(update)
    return [Version(span[-1].number, span[-1].at, sorted({one.writer for one in span if one.writer})) for span in spans]


def newest_first(found: list[Version]) -> list[tuple[Version, int]]:
    """Each version with the number of the one before it (0 for the first), the newest first."""
    befores = [0, *(one.number for one, _ in pairwise(found))]
    return list(zip(found, befores, strict=True))[::-1] if found else []
