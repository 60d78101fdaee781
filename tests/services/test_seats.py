"""The laptop that stays in a room: its code, the sheet of the workshop held there, and who writes."""

import pytest

from facilitation.domain.refusals import Code
from facilitation.domain.roles import Actor, Role
from facilitation.services.screens import build_screen
from facilitation.services.seats import code_of
from facilitation.store.identity import VISITOR
from tests.playing import Clock, Day
from tests.watching import nothing_changes, refused, rows, shown, undone_exactly


@pytest.fixture
def room(market: Day) -> str:
    """Two workshops in one room, one after the other; the day is still at the marketplace."""
    market.do(market.fatou, "keep_topics", topics=[row["id"] for row in market.forum.topics[:2]])
    room = str(market.forum.rooms[0]["id"])
    for workshop, slot in zip(market.forum.workshops, market.forum.slots, strict=False):
        market.do(market.fatou, "place_workshop", workshop=workshop["id"], room=room, slot=slot["id"])
    return room


def code(day: Day, room: str) -> str:
    day.do(day.fatou, "give_room_codes", room=room)
    link = next(row for row in reversed(day.forum.links) if row["room_id"] == room and row["revoked_at"] is None)
    return code_of(day.house.key, link)


def sits(day: Day, typed: str) -> Actor:
    return day.with_token(day.do(VISITOR, "use_code", code=typed)["token"])


def to_slot(day: Day, index: int) -> None:
    day.do(day.fatou, "go_to_moment", to=day.forum.slots[index]["id"], leaving=day.forum.event["moment_id"])


def writers(day: Day) -> list[list[str]]:
    return [row["rapporteurs"] for row in sorted(day.forum.sheets, key=lambda row: int(row["workshop"]["number"]))]


def test_a_code_typed_once_opens_each_sheet_of_the_room_in_turn(market: Day, room: str) -> None:
    laptop = sits(market, code(market, room).lower())
    assert (laptop.roles, laptop.participant_id) == (frozenset({Role.SEAT}), None)
    first, second = market.forum.workshops[:2]
    to_slot(market, 0)
    sheet = market.do(laptop, "write_here", workshop=first["id"], name="Anne")["sheet"]
    laptop = market.again(laptop)
    assert laptop.sheets == {sheet}
    assert Role.PARTICIPANT not in laptop.roles
    with refused(Code.ROOM_MOVED_ON), nothing_changes(market):
        market.do(laptop, "write_here", workshop=second["id"], name="Anne")
    to_slot(market, 1)
    market.do(laptop, "write_here", workshop=second["id"])
    assert writers(market) == [["Anne"], []]
    # Letters kept on this laptop since the first workshop still have somewhere to go.
    assert sheet in market.again(laptop).sheets
    assert len(market.again(laptop).sheets) == 2


def test_the_same_name_stays_one_person_and_another_is_another(market: Day, room: str) -> None:
    laptop = sits(market, code(market, room))
    first, second = market.forum.workshops[:2]
    to_slot(market, 0)
    market.do(laptop, "write_here", workshop=first["id"], name="Bob")
    anne = market.again(laptop).participant_id
    assert anne != market.bob.participant_id
    to_slot(market, 1)
    market.do(market.again(laptop), "write_here", workshop=second["id"], name="Bob")
    assert market.again(laptop).participant_id == anne


def test_the_screen_waits_for_the_next_workshop_and_moves_with_the_day(market: Day, room: str) -> None:
    screen = f"seat:{room}"
    first, second = (row["number"] for row in market.forum.workshops[:2])
    assert (shown(market, screen, "seat", "now"), shown(market, screen, "seat", "next")[0]["number"]) == ([None], first)
    to_slot(market, 0)
    assert shown(market, screen, "seat", "now")[0]["number"] == first
    sheet = market.do(market.bob, "take_notes", workshop=market.forum.workshops[0]["id"])["sheet"]
    assert "held_now" not in {item.kind for item in build_screen(market.forum, f"remarks:{sheet}")}
    to_slot(market, 1)
    assert shown(market, f"remarks:{sheet}", "held_now", "number") == [second]
    market.to("closing")
    assert (shown(market, screen, "seat", "now"), shown(market, screen, "seat", "next")) == ([None], [None])


def test_the_next_writer_goes_on_at_the_same_laptop(market: Day, room: str) -> None:
    laptop = sits(market, code(market, room))
    to_slot(market, 0)
    sheet = market.do(laptop, "write_here", workshop=market.forum.workshops[0]["id"], name="Anne")["sheet"]
    market.do(market.again(laptop), "hand_over", sheet=sheet, name="Bob")
    assert writers(market) == [["Bob"]]
    assert market.again(laptop).sheets == {sheet}
    assert market.again(laptop).participant_id != market.bob.participant_id
    assert market.again(market.bob).sheets == frozenset()


def test_a_code_taken_back_lets_go_of_its_laptops_and_keeps_what_they_wrote(market: Day, room: str) -> None:
    typed = code(market, room)
    laptop = sits(market, typed)
    to_slot(market, 0)
    market.do(laptop, "write_here", workshop=market.forum.workshops[0]["id"], name="Anne")
    undone_exactly(market, market.fatou, "take_back_room_code", room=room)
    assert market.again(laptop).sheets
    market.do(market.fatou, "take_back_room_code", room=room)
    assert market.again(laptop).roles == {Role.VISITOR}
    assert writers(market) == [["Anne"]]
    with refused(Code.WRONG_CODE), nothing_changes(market):
        sits(market, typed)
    assert code(market, room) != typed


def test_a_code_lives_for_the_day_it_is_typed(clock: Clock, market: Day, room: str) -> None:
    typed = code(market, room)
    clock.later(2 * 24 * 60)
    sits(market, typed)
    clock.later(15 * 60)
    sits(market, typed)
    clock.later(61)
    with refused(Code.CODE_EXPIRED), nothing_changes(market):
        sits(market, typed)
    assert code(market, room) != typed


def test_codes_are_the_team_s_one_a_room_and_stored_nowhere(market: Day, room: str) -> None:
    with refused(Code.NOT_ALLOWED), nothing_changes(market):
        market.do(market.bob, "give_room_codes")
    assert len(market.do(market.fatou, "give_room_codes")["rooms"]) == len(market.forum.rooms)
    assert market.do(market.fatou, "give_room_codes")["rooms"] == []
    typed = code(market, room)
    assert typed not in str([rows(market, table) for table in ("link", "change", "operation")])
    with refused(Code.NOT_ALLOWED), nothing_changes(market):
        market.do(market.bob, "write_here", workshop=market.forum.workshops[0]["id"])
