"""Whatever order people propose, group, split, vote and take back in: votes stay by person, and an undo leaves no trace.

A few hundred histories here; `make test-histories` plays a hundred thousand.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitation.domain.groups import GroupState, Say, kept_apart, standing, weight
from facilitation.services import groups
from tests.histories.__main__ import main
from tests.histories.play import Tally, play_range, replayed
from tests.histories.player import Broken
from tests.histories.steps import Step
from tests.histories.worlds import InMemory


@given(st.dictionaries(st.sampled_from("abc"), st.sampled_from(list(Say))), st.sets(st.sampled_from("abc")))
def test_one_refusal_refuses_and_only_all_agree(answers: dict[str, Say], authors: set[str]) -> None:
    told = standing(authors, answers)
    assert (told is GroupState.REFUSED) == (Say.REFUSED in answers.values())
    if told is GroupState.AGREED:
        assert {author for author, said in answers.items() if said is Say.AGREED} >= authors


@given(st.dictionaries(st.text("ab", min_size=1, max_size=2), st.integers(1, 6)), st.integers(1, 4))
def test_nobody_weighs_more_on_a_group_than_on_one_topic(dots: dict[str, int], cap: int) -> None:
    assert len(dots) <= weight(dots, cap) <= cap * len(dots)
    assert weight(dots, 1) == len(dots)


@given(st.sets(st.sampled_from("abcd"), min_size=2), st.sampled_from("abcd"), st.sets(st.sampled_from("abcd")))
def test_a_refusal_keeps_one_topic_apart_from_those_it_did_not_join(together: set[str], own: str, others: set[str]) -> None:
    told = kept_apart([(own, frozenset(others - {own}))], together)
    assert told == (own in together and bool((others - {own}) & together))


def test_histories_keep_votes_authors_and_undo_exactly() -> None:
    tally = Tally()
    play_range(0, 400, 25, tally)
    assert (tally.histories, tally.on_sqlite) == (400, 16)
    assert tally.reordered > 100
    assert tally.swapped > 300
    assert min(tally.accepted[what] for what in ("group", "agree", "refuse", "aloud", "split", "undo", "vote", "unvote", "withdraw")) > 10


def test_a_rule_that_is_broken_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "standing", lambda owners, answers: GroupState.AGREED)
    with pytest.raises(Broken, match=r"agreed|final"):
        play_range(0, 60, 0, Tally())


def test_steps_of_different_people_commute_but_not_those_that_need_each_other() -> None:
    steps = [
        Step(0, "vote", "v1", ("t1",)), Step(1, "vote", "v2", ("t1",)), Step(2, "group", "g", ("t2", "t1")),
        Step(1, "agree", "a", ("g",)),
    ]  # fmt: skip
    one, other = replayed(steps, InMemory()), replayed([steps[2], steps[1], steps[0], steps[3]], InMemory())
    assert one is not None
    assert one == other
    assert one["groups"] == [("g", "agreed")]
    assert replayed([steps[3], *steps[:3]], InMemory()) is None


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "kept.json"
    for after in ("20", "45"):
        assert main(["--to", after, "--sqlite-every", "0", "--into", str(kept)]) == 0
    told = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [row[1] for row in told if row[0] == "histories"] == ["20", "45"]


def test_a_history_that_once_broke_holds() -> None:
    """Somebody agreed for one topic, left it, and refused for another of the same grouping: a person has one answer."""
    tally = Tally()
    play_range(42_648, 42_649, 1, tally)
    assert tally.histories == 1
