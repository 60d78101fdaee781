"""What the load on sheets replays is what it looks for, alone or merged as servers relay it."""

from pycrdt import merge_updates

from facilitation.domain.sheets import text_of
from facilitation.store.documents import Document
from tools.bench_sheets.work import marks_of, typed


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
