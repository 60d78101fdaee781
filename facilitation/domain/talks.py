"""The restitution: workshops speak one after the other, each for a time."""

from enum import StrEnum


class TalkState(StrEnum):
    """Where a workshop is in the restitution."""

    WAITING = "waiting"
    ON = "on"
    DONE = "done"
    PASSED = "passed"


def share(minutes: int, count: int) -> int:
    """The whole minutes of each of `count` workshops where nobody said otherwise; at least one."""
    return max(1, minutes // max(1, count))
