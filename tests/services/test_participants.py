"""Joining, names, and who a device is."""

import pytest

from facilitation.domain.refusals import Code
from facilitation.domain.roles import Role
from facilitation.services.screens import SCREENS, build_screen
from facilitation.store.identity import VISITOR
from tests.playing import Day
from tests.watching import nothing_changes, refused, rows, undone_exactly


def test_joining_takes_a_seat_with_or_without_a_name(day: Day) -> None:
    zoe, nobody = day.join("Zoé", "Mairie"), day.join()
    assert (zoe.name, zoe.roles) == ("Zoé", frozenset({Role.PARTICIPANT}))
    assert (nobody.name, nobody.roles) == ("", frozenset({Role.PARTICIPANT}))
    assert day.forum.joined == 4


def test_joining_again_on_the_same_device_is_the_same_person(day: Day) -> None:
    answer = day.do(day.bob, "join", name="Bob Martin")
    assert answer["participant"] == day.bob.participant_id
    assert day.again(day.bob).name == "Bob Martin"
    assert day.forum.joined == 2


def test_a_second_send_of_the_same_joining_gives_the_same_key(day: Day) -> None:
    first = day.do(VISITOR, "join", op="0123456789abcdef", name="Zoé")
    second = day.do(VISITOR, "join", op="0123456789abcdef", name="Zoé")
    assert first == second
    assert day.forum.joined == 3


def test_nobody_joins_while_entries_are_paused_but_the_team(day: Day) -> None:
    day.do(day.fatou, "set_rules", joining_paused=True)
    with refused(Code.JOINING_PAUSED), nothing_changes(day):
        day.join("Zoé")
    assert day.do(day.fatou, "join")["participant"] == day.fatou.participant_id


def test_a_profile_is_changed_by_its_owner(day: Day) -> None:
    day.do(day.bob, "edit_profile", name="Robert", organisation="Vélo pour tous", listed=True)
    assert day.again(day.bob).name == "Robert"
    assert {row["name"] for row in day.forum.people} == {"Chloé", "Robert"}


def test_nobody_is_listed_without_a_name(day: Day) -> None:
    day.do(day.bob, "edit_profile", name="", listed=True)
    assert [row["listed"] for row in rows(day, "participant") if row["id"] == day.bob.participant_id] == [False]


def listed(day: Day) -> list[str]:
    return sorted(row["name"] for row in rows(day, "participant") if row["listed"])


def test_the_door_lists_who_gives_a_name_there_and_asks_once(day: Day) -> None:
    zoe, quiet = day.join("Zoé"), day.join()
    day.do(VISITOR, "join", name="Yves", listed=False)
    assert listed(day) == ["Bob", "Chloé", "Zoé"]
    day.do(zoe, "edit_profile", name="Zoé", listed=False)
    day.do(day.again(zoe), "join", name="Zoé Lafleur")
    day.do(day.again(quiet), "join", name="Karim")
    assert listed(day) == ["Bob", "Chloé", "Karim"]


def test_somebody_of_the_team_is_listed_when_they_give_their_name_at_the_door(day: Day) -> None:
    day.do(day.fatou, "join")
    assert "Fatou" not in listed(day)
    day.do(day.alice, "join", name="Alice Morel")
    assert "Alice Morel" in listed(day)


def test_a_visitor_has_no_profile(day: Day) -> None:
    with refused(Code.NOT_JOINED), nothing_changes(day):
        day.do(VISITOR, "edit_profile", name="Zoé")


def everything_shown(day: Day) -> str:
    """The data of every screen the room may open."""
    sheets = [f"{name}:{row['id']}" for row in day.forum.sheets for name in ("sheet", "remarks")]
    topics = [f"topic:{row['number']}" for row in day.forum.topics]
    rooms = [f"{name}:{row['id']}" for row in day.forum.rooms for name in ("door", "seat")]
    workshops = [f"workshop:{row['number']}" for row in day.forum.workshops]
    alone = [name for name in SCREENS if name not in {"sheet", "topic", "cockpit", "remarks", "door", "seat", "workshop"}]
    names = [*alone, *sheets, *topics, *rooms, *workshops]
    return "\n".join(str(build_screen(day.forum, name)) for name in names)


@pytest.mark.parametrize("kind", ["topics", "market", "workshops", "restitution", "circle", "closing"])
def test_a_hidden_name_is_nowhere(market: Day, kind: str) -> None:
    day = market
    day.do(day.bob, "edit_profile", name="Barnabé Tison", organisation="Les Amis du Rail", listed=True)
    day.do(day.fatou, "keep_topics", topics=[row["id"] for row in day.forum.topics])
    day.do(day.fatou, "fill_grid")
    workshop = day.forum.workshops[0]["id"]
    sheet = day.do(day.bob, "take_notes", workshop=workshop)["sheet"]
    day.do(day.bob, "write_remark", sheet=sheet, text="Le car part à 8 h")
    day.do(day.fatou, "set_talk", workshop=workshop, speaker="Barnabé Tison")
    day.do(day.bob, "engage", text="Relancer la mairie")
    pledged = day.do(day.chloe, "engage", text="Compter les vélos")["id"]
    day.do(day.bob, "join_engagement", engagement=pledged)
    day.to(kind)
    shown = everything_shown(day)
    day.do(day.fatou, "hide_name", participant=day.bob.participant_id)
    hidden = everything_shown(day)
    assert "Barnabé Tison" in shown
    assert "Barnabé Tison" not in hidden
    assert "Les Amis du Rail" not in hidden


def test_hiding_a_name_is_taken_back_exactly(day: Day) -> None:
    undone_exactly(day, day.fatou, "hide_name", participant=day.bob.participant_id)
    day.do(day.fatou, "hide_name", participant=day.bob.participant_id)
    undone_exactly(day, day.fatou, "restore_name", participant=day.bob.participant_id)


def test_a_participant_hides_nobody(day: Day) -> None:
    with refused(Code.NOT_ALLOWED), nothing_changes(day):
        day.do(day.bob, "hide_name", participant=day.chloe.participant_id)
