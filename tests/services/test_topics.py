"""Proposing, mending, withdrawing, hiding; and reading before showing."""

from facilitation.domain.refusals import Code
from facilitation.services.screens import build_screen
from facilitation.store.identity import VISITOR
from tests.playing import Day
from tests.watching import nothing_changes, refused, rows, shown, undone_exactly


def wall(day: Day) -> list[str]:
    return shown(day, "wall", "topic", "title")



def test_a_topic_may_come_with_a_long_list_of_details(day: Day) -> None:
    details = [f"Question {number} ?" for number in range(1, 61)]
    day.propose(day.bob, "Le car", details=details)
    assert day.forum.topics[0]["details"] == details
    with refused(Code.TOO_LONG), nothing_changes(day):
        day.propose(day.bob, "Le car", details=[*details, "Et encore ?"])


def test_topics_fall_onto_the_wall_newest_first_and_numbered(day: Day) -> None:
    day.propose(day.bob, "Le car de 7 h", details=["Où ?", ""])
    day.propose(day.chloe, "Un vélo par famille")
    assert wall(day) == ["Un vélo par famille", "Le car de 7 h"]
    assert [(row["number"], row["details"], row["authors"]) for row in day.forum.topics] == [
        (1, ["Où ?"], ["Bob"]), (2, [], ["Chloé"]),
    ]  # fmt: skip


def test_late_topics_are_welcome_all_day(day: Day) -> None:
    for kind in ("welcome", "vote", "workshops", "closing"):
        day.to(kind)
        day.propose(day.bob, f"Pendant {kind}")
    assert len(wall(day)) == 4


def test_a_visitor_proposes_nothing(day: Day) -> None:
    with refused(Code.NOT_JOINED), nothing_changes(day):
        day.propose(VISITOR, "Sans être entré")


def test_empty_and_endless_titles_are_refused_field_by_field(day: Day) -> None:
    for title, code in (("", Code.EMPTY), (" \u202e\n ", Code.EMPTY), ("a" * 10_000, Code.TOO_LONG)):
        with refused(code), nothing_changes(day):
            day.propose(day.bob, title)


def test_words_are_kept_as_they_were_typed(day: Day) -> None:
    for title in ("<b>Gras</b> & « guillemets »", "كيف نتنقل ؟", "🚲🚲 vélos", "'; DROP TABLE topic; --"):
        day.propose(day.bob, title)
        assert wall(day)[0] == title


def test_a_topic_without_a_name_names_nobody(day: Day) -> None:
    day.propose(day.bob, "Sans nom", named=False)
    assert [row["authors"] for row in day.forum.topics] == [[]]
    assert "Bob" not in str(build_screen(day.forum, "wall"))


def test_the_team_proposes_for_somebody_without_a_phone(day: Day) -> None:
    day.propose(day.fatou, "Le marché", on_behalf="Mme Roux")
    day.propose(day.bob, "Pas pour une autre", on_behalf="Mme Roux")
    assert [row["authors"] for row in day.forum.topics] == [["Mme Roux"], ["Bob"]]


def test_an_author_changes_and_withdraws_their_own(day: Day) -> None:
    mine = day.propose(day.bob, "Le car")
    day.do(day.bob, "edit_topic", topic=mine, title="Le car de 7 h")
    assert [(row["title"], row["original"]) for row in day.forum.topics] == [("Le car de 7 h", None)]
    day.do(day.bob, "withdraw_topic", topic=mine)
    assert wall(day) == []
    with refused(Code.TOPIC_GONE), nothing_changes(day):
        day.do(day.bob, "edit_topic", topic=mine, title="Encore")


def test_nobody_else_does(day: Day) -> None:
    mine = day.propose(day.bob, "Le car")
    for command, more in (("edit_topic", {"title": "Autre"}), ("withdraw_topic", {})):
        with refused(Code.TOPIC_NOT_YOURS), nothing_changes(day):
            day.do(day.chloe, command, topic=mine, **more)
    with refused(Code.TOPIC_NOT_YOURS), nothing_changes(day):
        day.do(day.fatou, "withdraw_topic", topic=mine)


def test_what_the_team_edits_keeps_its_original_which_its_author_sees(day: Day) -> None:
    mine = day.propose(day.bob, "Le car", details=["Où ?"])
    day.do(day.fatou, "edit_topic", topic=mine, title="Le bus")
    day.do(day.alice, "edit_topic", topic=mine, title="L’autocar")
    own = day.house.me(day.event_id, str(day.bob.participant_id))["topics"]
    assert [(row["title"], row["original"]) for row in own] == [("L’autocar", {"title": "Le car", "details": ["Où ?"]})]
    assert wall(day) == ["L’autocar"]


def test_what_is_hidden_is_not_sent_and_comes_back_exactly(day: Day) -> None:
    mine = day.propose(day.bob, "Le car")
    undone_exactly(day, day.fatou, "hide_topic", topic=mine)
    day.do(day.fatou, "hide_topic", topic=mine)
    assert "Le car" not in str(build_screen(day.forum, "wall"))
    assert [row["state"] for row in day.house.me(day.event_id, str(day.bob.participant_id))["topics"]] == ["hidden"]
    undone_exactly(day, day.fatou, "restore_topic", topic=mine)


def test_with_reading_first_a_topic_shows_once_the_team_has_read_it(day: Day) -> None:
    day.do(day.fatou, "set_rules", review=True)
    answer = day.do(day.bob, "propose_topic", title="À lire d’abord")
    day.do(day.fatou, "propose_topic", title="De l’équipe")
    assert answer["held"] is True
    assert wall(day) == ["De l’équipe"]
    day.do(day.fatou, "restore_topic", topic=answer["id"])
    assert wall(day) == ["De l’équipe", "À lire d’abord"]


def test_a_held_topic_becomes_no_workshop(day: Day) -> None:
    day.do(day.fatou, "set_rules", review=True)
    held = day.propose(day.bob, "À lire d’abord")
    for command in ("keep_topics", "open_workshop"):
        with refused(Code.TOPIC_GONE), nothing_changes(day):
            day.do(day.fatou, command, topics=[held])


def test_numbers_of_withdrawn_topics_are_not_given_again(day: Day) -> None:
    first = day.propose(day.bob, "Un")
    day.do(day.bob, "withdraw_topic", topic=first)
    day.propose(day.bob, "Deux")
    assert [row["number"] for row in sorted(rows(day, "topic"), key=lambda row: row["number"])] == [1, 2]


def test_a_person_has_so_many_topics_on_the_wall_where_the_forum_says_so(day: Day) -> None:
    for _ in range(3):
        day.propose(day.bob, "Autant qu’on veut")
    undone_exactly(day, day.fatou, "set_rules", topic_cap=2)
    day.do(day.fatou, "set_rules", topic_cap=2)
    with refused(Code.TOO_MANY_TOPICS), nothing_changes(day):
        day.propose(day.bob, "Un de plus")
    first = day.propose(day.chloe, "Le car")
    day.propose(day.chloe, "Le vélo")
    with refused(Code.TOO_MANY_TOPICS), nothing_changes(day):
        day.propose(day.chloe, "Le train")
    day.do(day.chloe, "withdraw_topic", topic=first)
    assert day.propose(day.chloe, "Le train")
    assert day.propose(day.fatou, "Pour Mme Roux", on_behalf="Mme Roux")
