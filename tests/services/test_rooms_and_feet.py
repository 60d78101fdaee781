"""Rooms and what they have; workshops that move, span, are split in two or cancelled; and who is in which room, without names."""

from typing import Any

import pytest

from facilitation.domain.refusals import Code
from facilitation.services.papers import papers
from facilitation.services.proceedings import book
from facilitation.services.screens import build_screen
from facilitation.services.screens.agenda import free_cells
from facilitation.services.timetabling import case_of
from tests.playing import Day
from tests.watching import archive, nothing_changes, refused, rows, shown, undone_exactly

VIDEO = "https://visio.example.org/preau"


@pytest.fixture
def placed(market: Day) -> Day:
    """Three workshops in the first cells: slot 1 in both rooms, then slot 2 in the first."""
    market.do(market.fatou, "keep_topics", topics=[row["id"] for row in market.forum.topics])
    market.do(market.fatou, "fill_grid")
    return market


def ids(day: Day) -> list[str]:
    return [str(row["id"]) for row in day.forum.workshops]


def number_of(day: Day, workshop: str) -> int:
    return next(int(row["number"]) for row in day.forum.workshops if row["id"] == workshop)


def me(day: Day, who: Any) -> dict[str, Any]:
    return day.house.me(day.event_id, str(who.participant_id))


def told_in_the_book(day: Day) -> dict[str, Any]:
    return book(day.forum, [], [], day.house.clock())


# --- Rooms


def test_what_a_room_has_is_told_where_people_look(placed: Day) -> None:
    room = placed.forum.rooms[0]["id"]
    known: dict[str, Any] = {"equipment": "tableau, prises", "step_free": True, "video": VIDEO}
    undone_exactly(placed, placed.fatou, "edit_room", room=room, name="Préau", capacity=12, **known)
    placed.do(placed.fatou, "edit_room", room=room, name="Préau", capacity=12, **known)
    placed.do(placed.fatou, "edit_room", room=room, name="Le préau", capacity=10)
    assert {key: placed.forum.rooms[0][key] for key in known} == known
    assert shown(placed, "agenda", "workshop", "video") == [VIDEO, "", VIDEO]
    assert shown(placed, "agenda", "workshop", "step_free") == [True, False, True]
    assert shown(placed, "cockpit", "cockpit_room", "equipment") == ["tableau, prises", ""]
    door = papers(placed.forum, "http://forum.local/x", "http://forum.local/f/x/salle")["doors"][0]
    assert (door["step_free"], door["equipment"], door["capacity"]) == (True, "tableau, prises", 10)
    assert door["address"] == f"http://forum.local/f/x/salle/{room}"
    assert told_in_the_book(placed)["agenda"]["places"][0] == {"capacity": 10, **known}
    assert b"tableau, prises" in archive(placed)


@pytest.mark.parametrize("video", ["javascript:alert(1)", "ftp://ailleurs", "visio.example.org", 'https://x"onload=', "https://x y"])
def test_a_link_that_is_no_web_address_is_refused(placed: Day, video: str) -> None:
    with refused(Code.BAD_PAYLOAD), nothing_changes(placed):
        placed.do(placed.fatou, "add_room", name="Cave", video=video)


# --- Workshops


def test_a_workshop_of_two_slots_keeps_both_cells(placed: Day) -> None:
    first, second, third = ids(placed)
    slots, rooms = [row["id"] for row in placed.forum.slots], [row["id"] for row in placed.forum.rooms]
    with refused(Code.CELL_TAKEN), nothing_changes(placed):
        placed.do(placed.fatou, "place_workshop", workshop=first, slot=slots[0], room=rooms[0], span=2)
    undone_exactly(placed, placed.fatou, "place_workshop", workshop=second, slot=slots[0], room=rooms[1], span=2)
    placed.do(placed.fatou, "place_workshop", workshop=second, slot=slots[0], room=rooms[1], span=2)
    assert free_cells(placed.forum) == []
    with refused(Code.CELL_TAKEN), nothing_changes(placed):
        placed.do(placed.fatou, "place_workshop", workshop=third, slot=slots[1], room=rooms[1])
    with refused(Code.NOT_ENOUGH_SLOTS), nothing_changes(placed):
        placed.do(placed.fatou, "place_workshop", workshop=first, slot=slots[1], room=rooms[0], span=2)
    with placed.house.reading() as connection:
        assert len(case_of(placed.forum, connection, afresh=False).problem.pinned) == 4
    until = next(item.data["until"] for item in build_screen(placed.forum, "agenda") if item.id == f"workshop-{second}")
    last = placed.forum.slots[1]
    assert until == last["start"] + last["minutes"]
    booked = next(row for row in told_in_the_book(placed)["workshops"] if row["number"] == number_of(placed, second))
    assert booked["until"] == placed.forum.instant(until)
    # The second half is taken by its hosts, too.
    placed.do(placed.fatou, "take_notes", workshop=second)
    placed.do(placed.fatou, "take_notes", workshop=third)
    assert [item for item in build_screen(placed.forum, "cockpit") if item.id.startswith("wait-double")]


def test_a_workshop_of_two_slots_stands_in_both_on_the_wall(placed: Day) -> None:
    second = ids(placed)[1]
    slots, rooms = [row["id"] for row in placed.forum.slots], [row["id"] for row in placed.forum.rooms]
    placed.do(placed.fatou, "place_workshop", workshop=second, slot=slots[0], room=rooms[1], span=2)
    number = number_of(placed, second)
    wall = [item.data["cells"][1] for item in build_screen(placed.forum, "projector") if item.kind == "projector_row"]
    assert [(cell["number"], cell["goes_on"]) for cell in wall] == [(number, False), (number, True)]
    placed.do(placed.fatou, "add_room", name="La Serre")
    serre = placed.forum.rooms[-1]["id"]
    placed.do(placed.fatou, "place_workshop", workshop=ids(placed)[2], slot=slots[1], room=serre)
    cells = {item.id: item.data for item in build_screen(placed.forum, "projector") if item.kind == "projector_cell"}
    assert [data["goes_on"] for data in cells.values() if data["number"] == number] == [False, True]
    placed.do(placed.fatou, "go_to_moment", leaving=placed.forum.event["moment_id"], to=slots[1])
    going = [item.data["number"] for item in build_screen(placed.forum, "projector") if item.kind == "projector_sheet"]
    assert number in going
    # Who goes there has nothing to choose for the second slot: the phone is told which other slots it takes.
    told = next(item.data for item in build_screen(placed.forum, "agenda") if item.id == f"workshop-{second}")
    assert told["further"] == [slots[1]]


def test_twins_share_topics_and_hosts_and_nothing_else(placed: Day) -> None:
    first = ids(placed)[0]
    undone_exactly(placed, placed.fatou, "twin_workshop", workshop=first)
    made = placed.do(placed.fatou, "twin_workshop", workshop=first)
    assert made["placed"]
    one, twin = (next(row for row in placed.forum.workshops if row["id"] == found) for found in (first, made["id"]))
    assert (one["title"], one["hosts"]) == (twin["title"], twin["hosts"])
    assert [row["id"] for row in one["topics"]] == [row["id"] for row in twin["topics"]]
    assert one["moment_id"] != twin["moment_id"]
    sheets = {placed.do(placed.bob, "take_notes", workshop=row["id"])["sheet"] for row in (one, twin)}
    assert len(sheets) == 2
    told = {row["number"]: row["twins"] for row in told_in_the_book(placed)["workshops"]}
    assert (told[one["number"]], told[twin["number"]]) == ([twin["number"]], [one["number"]])
    # The topic's own author is told of the first.
    assert placed.forum.topics[0]["workshop"]["number"] == one["number"]


def test_a_twin_without_a_free_cell_waits_for_one(placed: Day) -> None:
    placed.do(placed.fatou, "twin_workshop", workshop=ids(placed)[0])
    assert placed.do(placed.fatou, "twin_workshop", workshop=ids(placed)[0])["placed"] is False


def test_handing_over_keeps_those_who_stay_themselves(placed: Day) -> None:
    first = ids(placed)[0]
    placed.do(placed.fatou, "edit_workshop", workshop=first, title="Le car", hosts=["Bob", "Mme Roux"])
    held = {row["name"]: row["participant_id"] for row in rows(placed, "host") if row["workshop_id"] == first}
    assert held == {"": placed.bob.participant_id, "Mme Roux": None}
    placed.do(placed.fatou, "edit_workshop", workshop=first, title="Le car", hosts=["Mme Roux"])
    assert placed.forum.workshops[0]["hosts"] == ["Mme Roux"]


def test_those_who_go_are_told_of_moves_and_cancellations_once(placed: Day) -> None:
    first, second, _ = ids(placed)
    for workshop in (first, second):
        placed.do(placed.chloe, "join_workshop", workshop=workshop)
    assert me(placed, placed.chloe)["notices"] == []
    free = free_cells(placed.forum)[0]
    placed.do(placed.fatou, "place_workshop", workshop=first, slot=free[0]["id"], room=free[1]["id"])
    placed.do(placed.fatou, "cancel_workshop", workshop=second)
    notices = me(placed, placed.chloe)["notices"]
    assert {(row["id"], row["state"]) for row in notices} == {(first, "planned"), (second, "cancelled")}
    assert me(placed, placed.bob)["notices"] == []
    for workshop in (first, second):
        placed.do(placed.chloe, "note_change", workshop=workshop)
    assert me(placed, placed.chloe)["notices"] == []
    assert me(placed, placed.chloe)["workshops"] == [first]


# --- The law of two feet


def test_one_device_counts_once_in_a_slot_where_it_was_last(placed: Day) -> None:
    first, second, third = ids(placed)
    for _ in range(2):
        placed.do(placed.bob, "be_here", workshop=first)
    placed.do(placed.chloe, "be_here", workshop=first)
    assert [row["here"] for row in placed.forum.workshops] == [2, 0, 0]
    placed.do(placed.bob, "be_here", workshop=second)
    placed.do(placed.bob, "be_here", workshop=third)
    assert [row["here"] for row in placed.forum.workshops] == [1, 1, 1]


def test_nothing_kept_says_who_is_where(placed: Day) -> None:
    before = len(rows(placed, "change"))
    placed.do(placed.bob, "be_here", workshop=ids(placed)[0])
    line = rows(placed, "change")[before]
    assert (line["participant_id"], line["actor"], line["rows"]) == (None, "", [])
    assert len(rows(placed, "presence")) == 1
    for kept in rows(placed, "presence"):
        assert placed.bob.participant_id not in kept.values()
        assert placed.bob.device_id not in kept.values()
    last = max(rows(placed, "operation"), key=lambda row: row["number"])
    assert last["scope"] not in {placed.bob.participant_id, placed.bob.device_id}


def test_heads_are_on_the_cockpit_and_on_the_projector_only_if_wished(placed: Day) -> None:
    placed.to("workshops")
    placed.do(placed.bob, "be_here", workshop=ids(placed)[0])
    assert shown(placed, "cockpit", "cockpit_room", "here_now") == [1, 0]
    assert shown(placed, "projector", "projector_sheet", "here_now") == [None, None]
    undone_exactly(placed, placed.fatou, "show_heads", on=True)
    placed.do(placed.fatou, "show_heads", on=True)
    assert shown(placed, "projector", "projector_sheet", "here_now") == [1, 0]
    with refused(Code.NOT_ALLOWED):
        placed.do(placed.bob, "show_heads", on=True)


def test_a_door_shows_the_workshop_of_the_present_slot(placed: Day) -> None:
    room = placed.forum.rooms[0]["id"]

    def number() -> int:
        return int(next(item.data["workshop"]["number"] for item in build_screen(placed.forum, f"door:{room}") if item.id == "door"))

    assert number() == 1
    placed.to("workshops")
    assert number() == 1
    placed.do(placed.fatou, "go_to_moment", to=placed.forum.slots[1]["id"], leaving=placed.forum.event["moment_id"])
    assert number() == 3
    with refused(Code.NO_SCREEN):
        build_screen(placed.forum, "door:" + "0" * 24)
