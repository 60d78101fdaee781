"""The verdict on votes beside a book: the median of the pairs, every vote, and nothing shown by an idle half."""

from typing import Any

import pytest

from tools.beside import verdict


def pair(off: float, on: float, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    half = {"votes": 140, "lost": 0, "lag": 1.0, "void": False, "books": 0}
    return {**half, "p95": off}, {**half, "p95": on, "books": 3, **more}


HELD = [pair(10, 12), pair(10, 29), pair(60, 88)]


@pytest.mark.parametrize(
    ("pairs", "held"),
    [
        (HELD, True),
        # One bad pair is not the median; two are.
        ([*HELD, pair(10, 200)], True),
        ([pair(10, 31), pair(10, 12), pair(60, 95)], False),
        ([*HELD, pair(10, 12, lost=1)], False),
        ([*HELD, pair(10, 12, books=0)], False),
        ([*HELD, pair(10, 0, votes=0)], False),
        ([pair(10, 12, void=True), pair(10, 12, void=True), pair(10, 12)], False),
    ],
)
def test_a_promise_is_held_or_not(pairs: list[tuple[dict[str, Any], dict[str, Any]]], held: bool) -> None:
    assert verdict(pairs)[0] is held
    assert ("pas tenu" in verdict(pairs)[1]) == (pairs[0][1]["p95"] == 31)
