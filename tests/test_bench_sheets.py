"""What the load on sheets replays is what it looks for, alone or merged as servers relay it; what it then says of a server."""

from itertools import pairwise
from typing import Any

import pytest
from pycrdt import merge_updates

from facilitation.domain.sheets import text_of
from facilitation.realtime import cursors
from facilitation.store.documents import Document
from tools.bench_sheets.held import unkept
from tools.bench_sheets.work import PACE, marks_of, moves, typed


def test_every_letter_replayed_has_a_mark_of_its_own_also_once_merged() -> None:
    firsts, keys = typed(writers=3, rate=20, seconds=2, seed=2016)
    assert len({key.mark for key in keys}) == len(keys) == 120
    assert [key.due for key in keys] == sorted(key.due for key in keys)
    assert set(marks_of(merge_updates(*(key.update for key in keys)))) == {key.mark for key in keys}
    # Two letters of one hand with one missing between them, and the beginning of another's paragraph.
    mine = [key for key in keys if key.writer == 0]
    some = merge_updates(mine[3].update, mine[5].update, firsts[1])
    assert set(marks_of(some)) == {mine[3].mark, mine[5].mark}


def test_what_is_replayed_is_text_that_a_sheet_keeps() -> None:
    firsts, keys = typed(writers=2, rate=20, seconds=1, seed=2016)
    read = Document(*firsts, *(key.update for key in keys)).read()
    assert [len(text_of(block)) for block in read["preamble"]] == [20, 20]


def test_cursors_follow_their_keys_at_most_ten_times_a_second() -> None:
    _, keys = typed(writers=2, rate=20, seconds=2, seed=2016)
    said = moves(keys)
    for writer in (0, 1):
        mine = [move for move in said if move.writer == writer]
        assert min(late.due - early.due for early, late in pairwise(mine)) >= PACE - 1e-9
        # The last key is told of too, within the pace.
        last = max(key.due for key in keys if key.writer == writer)
        assert last < mine[-1].due <= last + PACE
        assert [list(cursors.read(one.update)) for one in mine] == [[1 + writer]] * len(mine)
        assert [clock for one in mine for clock, _ in cursors.read(one.update).values()] == list(range(1, len(mine) + 1))


def run(**other: Any) -> dict[str, Any]:
    p95 = other.pop("p95", 20.0)
    return {"work": "together", "server": "facilitation", "keys": 9, "kept": 9, "seen": 90, "expected": 90, "refused": 0,
            "void": False, "compared": True, "typing_ms": {"p95": p95}, **other}  # fmt: skip


def test_a_server_that_keeps_its_bounds_is_not_complained_of() -> None:
    assert unkept([run(p95=100.0)]) == []
    assert unkept([run(p95=55.0), run(server="hocuspocus", p95=25.0)]) == []
    # What the reference does is its own affair, and so is a work that is not compared.
    assert unkept([run(compared=False, p95=90.0), run(server="hocuspocus", p95=25.0, kept=1, seen=2)]) == []


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"p95": 100.5}, "p95 100.5 ms, at most 100"),
        ({"p95": 55.5}, "p95 55.5 ms, at most 30 behind hocuspocus (25)"),
        ({"kept": 8}, "1 keys are not on disk"),
        ({"seen": 88}, "2 sights of 90 never came"),
        ({"refused": 3}, "3 refused"),
    ],
)
def test_each_bound_that_is_not_kept_is_said(other: dict[str, Any], said: str) -> None:
    theirs = [] if other.get("p95", 0) > 100 else [run(server="hocuspocus", p95=25.0)]
    assert unkept([run(**other), *theirs]) == [f"together: {said}"]


def test_a_void_run_of_either_is_said() -> None:
    assert unkept([run(void=True, p95=400.0), run(server="hocuspocus", void=True)]) == [
        "together, facilitation: void", "together, hocuspocus: void"
    ]  # fmt: skip
