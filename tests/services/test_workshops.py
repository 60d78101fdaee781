"""Topics become workshops in rooms and slots; hosts; full rooms that refuse nobody."""

from facilitation.domain.refusals import Code
from facilitation.services.proceedings import book
from tests.playing import Day
from tests.watching import last_change, nothing_changes, refused, rows, shown, undone_exactly


def cells(day: Day) -> list[tuple[str, str]]:
    """The rooms and the slots of the day, by id."""
    return [(slot["id"], room["id"]) for slot in day.forum.slots for room in day.forum.rooms]


def placed(day: Day) -> list[tuple[int, str | None, str | None]]:
    return [(row["number"], row["moment_id"], row["room_id"]) for row in day.forum.workshops]


def topics(day: Day) -> list[str]:
    return [str(row["id"]) for row in day.forum.topics]


def test_kept_topics_become_workshops_hosted_by_their_authors(market: Day) -> None:
    market.do(market.fatou, "keep_topics", topics=topics(market)[:2])
    assert [(row["number"], row["title"], row["hosts"]) for row in market.forum.workshops] == [
        (1, "Le car de 7 h", ["Bob"]), (2, "Un vélo par famille", ["Chloé"]),
    ]  # fmt: skip
    undone_exactly(market, market.fatou, "keep_topics", topics=topics(market)[2:])


def test_an_author_without_a_name_does_not_host_by_name(market: Day) -> None:
    quiet = market.propose(market.bob, "Sans nom", named=False)
    market.do(market.fatou, "keep_topics", topics=[quiet])
    assert [row["hosts"] for row in market.forum.workshops] == [[]]


def test_the_team_adds_one_of_its_own(market: Day) -> None:
    market.do(market.fatou, "open_workshop", title="Carte des chemins", hosts=["Mme Roux"])
    assert [(row["title"], row["hosts"]) for row in market.forum.workshops] == [("Carte des chemins", ["Mme Roux"])]
    with refused(Code.EMPTY), nothing_changes(market):
        market.do(market.fatou, "open_workshop")
    with refused(Code.NOT_ALLOWED), nothing_changes(market):
        market.do(market.bob, "open_workshop", title="La mienne")


def test_the_grid_is_filled_slot_by_slot_and_taken_back_exactly(market: Day) -> None:
    market.do(market.fatou, "keep_topics", topics=topics(market))
    undone_exactly(market, market.fatou, "fill_grid")
    assert market.do(market.fatou, "fill_grid") == {"placed": 3, "left": 0}
    assert [(slot, room) for _, slot, room in placed(market)] == cells(market)[:3]


def test_a_cell_holds_one_workshop(market: Day) -> None:
    market.do(market.fatou, "keep_topics", topics=topics(market))
    first, second = (row["id"] for row in market.forum.workshops[:2])
    slot, room = cells(market)[0]
    market.do(market.fatou, "place_workshop", workshop=first, slot=slot, room=room)
    with refused(Code.CELL_TAKEN), nothing_changes(market):
        market.do(market.fatou, "place_workshop", workshop=second, slot=slot, room=room)
    undone_exactly(market, market.fatou, "place_workshop", workshop=first, slot=cells(market)[1][0], room=cells(market)[1][1])


def test_a_move_is_not_taken_back_into_a_cell_that_was_taken_since(market: Day) -> None:
    market.do(market.fatou, "keep_topics", topics=topics(market))
    first, second = (row["id"] for row in market.forum.workshops[:2])
    (slot, room), (other_slot, other_room) = cells(market)[:2]
    market.do(market.fatou, "place_workshop", workshop=first, slot=slot, room=room)
    market.do(market.fatou, "place_workshop", workshop=first, slot=other_slot, room=other_room)
    moved = last_change(market)
    market.do(market.fatou, "place_workshop", workshop=second, slot=slot, room=room)
    with refused(Code.CHANGED_SINCE), nothing_changes(market):
        market.do(market.fatou, "undo", change=moved)


def test_only_workshop_slots_and_rooms_that_are_there_take_one(market: Day) -> None:
    market.do(market.fatou, "keep_topics", topics=topics(market)[:1])
    workshop = market.forum.workshops[0]["id"]
    (slot, room), meal = cells(market)[0], next(row["id"] for row in market.forum.moments if row["kind"] == "meal")
    with refused(Code.NOT_A_SLOT), nothing_changes(market):
        market.do(market.fatou, "place_workshop", workshop=workshop, slot=meal, room=room)
    market.do(market.fatou, "remove_room", room=room)
    market.do(market.fatou, "remove_moment", moment=slot)
    for where in ({"slot": slot}, {"room": room}):
        with refused(Code.NOT_FOUND), nothing_changes(market):
            market.do(market.fatou, "place_workshop", workshop=workshop, **where)


def test_an_author_hosts_their_own_topic_in_a_free_cell(market: Day) -> None:
    topic, (slot, room) = topics(market)[0], cells(market)[0]
    with refused(Code.TOPIC_NOT_YOURS), nothing_changes(market):
        market.do(market.chloe, "host_topic", topic=topic, slot=slot, room=room)
    market.do(market.bob, "host_topic", topic=topic, slot=slot, room=room)
    assert placed(market) == [(1, slot, room)]
    with refused(Code.TOPIC_HAS_WORKSHOP), nothing_changes(market):
        market.do(market.bob, "host_topic", topic=topic, slot=slot, room=cells(market)[1][1])
    with refused(Code.CELL_TAKEN), nothing_changes(market):
        market.do(market.bob, "host_topic", topic=topics(market)[2], slot=slot, room=room)


def test_rooms_are_added_changed_and_removed_exactly(market: Day) -> None:
    room = market.forum.rooms[0]["id"]
    undone_exactly(market, market.fatou, "add_room", name="Grange", capacity=40)
    undone_exactly(market, market.fatou, "edit_room", room=room, name="Grand préau", capacity=12)
    undone_exactly(market, market.fatou, "remove_room", room=room)
    with refused(Code.NOT_ALLOWED), nothing_changes(market):
        market.do(market.bob, "add_room", name="Cave")


def test_a_room_in_use_stays(market: Day) -> None:
    market.do(market.fatou, "keep_topics", topics=topics(market)[:1])
    market.do(market.fatou, "fill_grid")
    with refused(Code.ROOM_IN_USE), nothing_changes(market):
        market.do(market.fatou, "remove_room", room=market.forum.workshops[0]["room_id"])


def test_a_workshop_is_not_put_back_into_a_room_that_went(market: Day) -> None:
    market.do(market.fatou, "keep_topics", topics=topics(market)[:1])
    market.do(market.fatou, "fill_grid")
    workshop = market.forum.workshops[0]
    market.do(market.fatou, "cancel_workshop", workshop=workshop["id"])
    cancelled = last_change(market)
    market.do(market.fatou, "remove_room", room=workshop["room_id"])
    with refused(Code.CHANGED_SINCE), nothing_changes(market):
        market.do(market.fatou, "undo", change=cancelled)


def test_titles_hosts_and_cancelling_are_taken_back_exactly(market: Day) -> None:
    market.do(market.fatou, "keep_topics", topics=topics(market)[:1])
    market.do(market.fatou, "fill_grid")
    workshop = market.forum.workshops[0]["id"]
    undone_exactly(market, market.fatou, "edit_workshop", workshop=workshop, title="Cars et trains", hosts=["Zoé"])
    undone_exactly(market, market.fatou, "cancel_workshop", workshop=workshop)
    market.do(market.fatou, "cancel_workshop", workshop=workshop)
    undone_exactly(market, market.fatou, "restore_workshop", workshop=workshop)


def test_a_full_room_refuses_nobody(market: Day) -> None:
    market.do(market.fatou, "edit_room", room=market.forum.rooms[0]["id"], name="Placard", capacity=1)
    market.do(market.fatou, "keep_topics", topics=topics(market)[:1])
    market.do(market.fatou, "fill_grid")
    workshop = market.forum.workshops[0]["id"]
    for actor in (market.bob, market.chloe, market.fatou, market.bob):
        market.do(actor, "join_workshop", workshop=workshop)
    assert market.forum.workshops[0]["joined"] == 3
    market.do(market.bob, "leave_workshop", workshop=workshop)
    assert market.forum.workshops[0]["joined"] == 2


def test_somebody_joined_so_the_workshop_stays(market: Day) -> None:
    market.do(market.fatou, "keep_topics", topics=topics(market)[:1])
    kept = last_change(market)
    market.do(market.bob, "join_workshop", workshop=market.forum.workshops[0]["id"])
    with refused(Code.CHANGED_SINCE), nothing_changes(market):
        market.do(market.fatou, "undo", change=kept)


def test_the_number_of_a_workshop_taken_back_is_not_given_again(market: Day) -> None:
    market.do(market.fatou, "keep_topics", topics=topics(market)[:2])
    market.do(market.fatou, "undo", change=last_change(market))
    market.do(market.fatou, "keep_topics", topics=topics(market)[:1])
    assert [row["number"] for row in rows(market, "workshop")] == [3]


def test_a_hidden_topic_leaves_no_number_in_agenda_and_book(market: Day) -> None:
    first, second = (row["id"] for row in market.forum.topics[:2])
    market.do(market.fatou, "open_workshop", topics=[first, second], title="Les deux")
    market.do(market.fatou, "hide_topic", topic=first)
    assert shown(market, "agenda", "workshop", "topics") == [[2]]
    assert [one["from_topics"] for one in book(market.forum, [], [], market.house.clock())["workshops"]] == [[2]]
