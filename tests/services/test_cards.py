"""Paper cards: a number and a code each, on the wall once, whoever holds them, as the name on them says."""

import pytest

from facilitation.domain.refusals import Code
from facilitation.store.identity import VISITOR
from facilitation.store.secrets import codes_of
from tests.playing import Day
from tests.watching import nothing_changes, refused


@pytest.fixture
def codes(day: Day) -> list[str]:
    return codes_of(day.do(day.fatou, "make_cards", count=3)["batch"], 3)


def test_a_card_lands_on_the_wall_once_with_its_number_and_its_author_as_written(day: Day, codes: list[str]) -> None:
    written = f"{codes[1][:4]}-{codes[1][4:8]}-{codes[1][8:]}".lower()
    answer = day.do(VISITOR, "put_card", code=written, title="Un banc au soleil", details=["Où ?"], name="Mme Roux")
    assert (answer["number"], answer["card"], answer["held"]) == (1, 2, False)
    topic = day.forum.topics[0]
    assert (topic["title"], topic["authors"], topic["card"], topic["details"]) == ("Un banc au soleil", ["Mme Roux"], 2, ["Où ?"])
    with refused(Code.CARD_USED), nothing_changes(day):
        day.do(day.bob, "put_card", code=codes[1], title="Encore")


def test_a_card_without_a_name_is_nobodys_and_one_s_own_card_is_one_s_own(day: Day, codes: list[str]) -> None:
    day.do(day.fatou, "put_card", code=codes[0], title="Sans nom")
    day.do(day.bob, "put_card", code=codes[1], title="Le mien", name="Robert", mine=True)
    assert [row["authors"] for row in day.forum.topics] == [[], ["Bob"]]
    assert [row["title"] for row in day.house.me(day.event_id, str(day.bob.participant_id))["topics"]] == ["Le mien"]
    assert day.forum.joined == 2


def test_a_stranger_s_card_is_read_first_where_the_forum_reads(day: Day, codes: list[str]) -> None:
    day.do(day.fatou, "set_rules", review=True)
    assert day.do(VISITOR, "put_card", code=codes[0], title="À lire")["held"]
    assert not day.do(day.fatou, "put_card", code=codes[1], title="Lu")["held"]


def test_wrong_codes_codes_of_ballots_and_empty_cards_change_nothing(day: Day, codes: list[str]) -> None:
    ballot = codes_of(day.do(day.fatou, "make_voting_codes", count=1)["batch"], 1)[0]
    for code in ("", "ABCD-EFGH-JKLM", ballot):
        with refused(Code.WRONG_CODE), nothing_changes(day):
            day.do(VISITOR, "put_card", code=code, title="Rien")
    with refused(Code.EMPTY), nothing_changes(day):
        day.do(VISITOR, "put_card", code=codes[0], title=" ")


def test_numbers_go_on_from_one_printing_to_the_next(day: Day, codes: list[str]) -> None:
    assert day.do(day.fatou, "make_cards", count=2)["first"] == 4


def test_one_s_own_card_counts_in_one_s_cap(day: Day, codes: list[str]) -> None:
    day.do(day.fatou, "set_rules", topic_cap=1)
    day.propose(day.bob, "Le premier")
    with refused(Code.TOO_MANY_TOPICS), nothing_changes(day):
        day.do(day.bob, "put_card", code=codes[0], title="Le second", mine=True)
    day.do(day.bob, "put_card", code=codes[0], title="Celui de ma voisine", name="Mme Roux")
