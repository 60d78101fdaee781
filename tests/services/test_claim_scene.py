"""« Tout le monde choisit »: who may take a cell when, what each screen shows before, during, blank and after."""

import pytest

from facilitation.domain.refusals import Code
from facilitation.services.screens import build_screen
from tests.playing import Day
from tests.watching import nothing_changes, refused, shown, undone_exactly


@pytest.fixture
def grid(day: Day) -> Day:
    """Bob and Chloé have a topic each; two rooms, and the slots of the day, all free."""
    day.to("topics")
    for actor, title in ((day.bob, "Le car de 7 h"), (day.chloe, "Un vélo par famille")):
        day.propose(actor, title)
    for name in ("Préau", "Cuisine"):
        day.do(day.fatou, "add_room", name=name)
    day.to("market")
    return day


def cell(day: Day, slot: int = 0, room: int = 0) -> dict[str, str]:
    return {"slot": day.forum.slots[slot]["id"], "room": day.forum.rooms[room]["id"]}


def kinds(day: Day, screen: str) -> set[str]:
    return {item.kind for item in build_screen(day.forum, screen)}


def stage(day: Day) -> str:
    return next(str(item.data["stage"]) for item in build_screen(day.forum, "phone") if item.id == "now")


def test_the_scene_opens_blanks_reveals_and_each_step_is_taken_back(grid: Day) -> None:
    for command in ("open_claim", "blank_claim", "reveal_agenda", "end_claim"):
        if command == "end_claim":
            continue
        undone_exactly(grid, grid.fatou, command)
        grid.do(grid.fatou, command)
    undone_exactly(grid, grid.fatou, "end_claim")
    for command in ("open_claim", "blank_claim", "reveal_agenda", "end_claim"):
        with refused(Code.NOT_ALLOWED), nothing_changes(grid):
            grid.do(grid.bob, command)


def test_a_grid_without_a_free_cell_is_not_opened(day: Day) -> None:
    day.to("market")
    with refused(Code.NO_FREE_CELL), nothing_changes(day):
        day.do(day.fatou, "open_claim")


def test_a_taken_cell_leaves_the_phones_and_comes_onto_the_grid_as_one_small_item(grid: Day) -> None:
    grid.do(grid.fatou, "open_claim")
    topic = grid.forum.topics[0]["id"]
    before = {item.id: item for item in build_screen(grid.forum, "phone")}
    wall = {item.id: item for item in build_screen(grid.forum, "projector")}
    grid.do(grid.bob, "host_topic", topic=topic, **cell(grid))
    after = {item.id: item for item in build_screen(grid.forum, "phone")}
    wall_after = {item.id: item for item in build_screen(grid.forum, "projector")}
    workshop = grid.forum.workshops[0]["id"]
    slot, room = cell(grid).values()
    assert before.keys() - after.keys() == {f"claim-{slot}-{room}"}
    assert {key for key in after if before.get(key) != after[key]} == {"claim-head", f"slot-{slot}", f"workshop-{workshop}"}
    assert {key for key in wall_after if wall.get(key) != wall_after[key]} == {"head", f"market-{slot}-{room}"}
    assert wall_after[f"market-{slot}-{room}"].data["title"] == "Le car de 7 h"
    assert [row["place"] for row in grid.house.me(grid.event_id, str(grid.bob.participant_id))["topics"]] == [
        {"start": grid.forum.slots[0]["start"], "room": "Préau"}
    ]


def test_the_loser_of_a_race_is_told_and_keeps_the_topic(grid: Day) -> None:
    grid.do(grid.fatou, "open_claim")
    first, second = (row["id"] for row in grid.forum.topics)
    grid.do(grid.bob, "host_topic", topic=first, **cell(grid))
    with refused(Code.CELL_TAKEN), nothing_changes(grid):
        grid.do(grid.chloe, "host_topic", topic=second, **cell(grid))
    grid.do(grid.chloe, "host_topic", topic=second, **cell(grid, room=1))
    assert len(grid.forum.workshops) == 2


def test_a_cell_is_given_back_and_another_taken_by_the_same_workshop(grid: Day) -> None:
    grid.do(grid.fatou, "open_claim")
    topic = grid.forum.topics[0]["id"]
    number = grid.do(grid.bob, "host_topic", topic=topic, **cell(grid))["number"]
    with refused(Code.TOPIC_NOT_YOURS), nothing_changes(grid):
        grid.do(grid.chloe, "leave_cell", topic=topic)
    grid.do(grid.bob, "leave_cell", topic=topic)
    assert {item.id for item in build_screen(grid.forum, "phone")} >= {"claim-{slot}-{room}".format(**cell(grid))}
    assert grid.do(grid.bob, "host_topic", topic=topic, **cell(grid, slot=1))["number"] == number
    assert len(grid.forum.workshops) == 1


def test_where_each_topic_is_a_workshop_they_too_take_their_cells(day: Day) -> None:
    day.do(day.fatou, "set_rules", mode="each")
    day.to("topics")
    topic = day.propose(day.bob, "Le car")
    day.do(day.fatou, "add_room", name="Préau")
    day.to("market")
    day.do(day.fatou, "open_claim")
    assert len(day.forum.workshops) == 1
    day.do(day.bob, "host_topic", topic=topic, **cell(day))
    assert [(row["number"], row["room"]["name"]) for row in day.forum.workshops] == [(1, "Préau")]


def test_a_group_takes_one_cell_with_all_its_topics(grid: Day) -> None:
    first, second = (row["id"] for row in grid.forum.topics)
    group = grid.do(grid.bob, "propose_group", topics=[first, second], title="Venir sans voiture")["id"]
    grid.do(grid.chloe, "agree_group", group=group)
    grid.do(grid.bob, "host_topic", topic=first, **cell(grid))
    workshop = grid.forum.workshops[0]
    assert workshop["title"] == "Venir sans voiture"
    assert sorted(workshop["hosts"]) == ["Bob", "Chloé"]
    with refused(Code.TOPIC_HAS_WORKSHOP), nothing_changes(grid):
        grid.do(grid.chloe, "host_topic", topic=second, **cell(grid, slot=1))


def test_on_a_blank_screen_nobody_claims_and_nothing_of_the_grid_is_sent(grid: Day) -> None:
    topic = grid.forum.topics[0]["id"]
    grid.do(grid.fatou, "open_claim")
    grid.do(grid.fatou, "blank_claim")
    with refused(Code.CLAIM_OVER), nothing_changes(grid):
        grid.do(grid.bob, "host_topic", topic=topic, **cell(grid))
    with refused(Code.CLAIM_OVER), nothing_changes(grid):
        grid.do(grid.bob, "leave_cell", topic=topic)
    assert stage(grid) == "curtain"
    assert kinds(grid, "projector") == {"projector_day", "projector_curtain"}


def test_the_agenda_is_on_every_screen_once_revealed(grid: Day) -> None:
    grid.do(grid.fatou, "open_claim")
    grid.do(grid.bob, "host_topic", topic=grid.forum.topics[0]["id"], **cell(grid))
    grid.do(grid.fatou, "blank_claim")
    hidden = {item.id: item for item in build_screen(grid.forum, "phone")}
    grid.do(grid.fatou, "reveal_agenda")
    assert stage(grid) == "agenda"
    # The phones have it already, out of sight: what is sent is a few words.
    now = {item.id: item for item in build_screen(grid.forum, "phone")}
    assert {key for key in now if now[key] != hidden.get(key)} == {"now", "elsewhere"}
    assert shown(grid, "projector", "projector_claim_head", "state") == ["revealed"]
    assert 1 in shown(grid, "projector", "market_cell", "number")


def test_a_silent_claim_shows_the_room_nothing_before_its_time(grid: Day) -> None:
    grid.do(grid.fatou, "open_claim", silent=True)
    grid.do(grid.bob, "host_topic", topic=grid.forum.topics[0]["id"], **cell(grid))
    assert kinds(grid, "projector") == {"projector_day", "projector_claim_head"}
    assert "workshop" not in kinds(grid, "phone")
    grid.do(grid.fatou, "blank_claim")
    assert "workshop" not in kinds(grid, "phone")
    grid.do(grid.fatou, "reveal_agenda")
    assert "workshop" in kinds(grid, "phone")


def test_the_scene_does_not_outlive_its_moment_nor_the_forum(grid: Day) -> None:
    grid.do(grid.fatou, "open_claim")
    grid.to("workshops")
    assert grid.forum.event["claiming"] == ""
    grid.do(grid.fatou, "open_claim")
    grid.do(grid.alice, "close_event")
    assert stage(grid) == "closing"


@pytest.mark.parametrize(("rooms", "size", "columns"), [(2, "words", 2), (10, "titles", 2), (14, "titles", 2), (16, None, None)])
def test_the_grid_is_cut_to_what_the_room_can_read(day: Day, rooms: int, size: str | None, columns: int | None) -> None:
    for index in range(rooms):
        day.do(day.fatou, "add_room", name=f"Salle {index}")
    day.to("market")
    day.do(day.fatou, "open_claim")
    assert shown(day, "projector", "market_corner", "size") == ([size] if size else [])
    assert shown(day, "projector", "market_corner", "columns") == ([columns] if columns else [])
    dots = sum(len(found) for found in shown(day, "projector", "market_line", "dots"))
    assert dots + len(shown(day, "projector", "market_cell", "number")) == rooms * len(day.forum.slots)
