"""Everyone takes a cell at once, from real threads on one SQLite file: none is taken twice, and no vote passes its limits."""

import threading
from collections import Counter
from typing import Any

from facilitation.domain.refusals import Code, Refusal
from tests.playing import Day
from tests.watching import rows


def all_at_once(calls: list[Any]) -> list[Code | None]:
    """Start every call at the same instant; what each was refused for."""
    ready, told = threading.Barrier(len(calls)), [None] * len(calls)

    def run(index: int) -> None:
        ready.wait()
        try:
            calls[index]()
        except Refusal as refusal:
            told[index] = refusal.code  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(told)


def test_no_cell_is_taken_twice_by_forty_authors_at_once(day: Day) -> None:
    day.to("topics")
    people = [day.join() for _ in range(40)]
    topics = [day.propose(person, f"Sujet {index}") for index, person in enumerate(people)]
    rooms = [day.do(day.fatou, "add_room", name=f"Salle {index}")["id"] for index in range(3)]
    day.to("market")
    slots = [row["id"] for row in day.forum.slots]
    cells = [(slot, room) for slot in slots for room in rooms]

    def claim(index: int) -> Any:
        slot, room = cells[index % len(cells)]
        return lambda: day.do(people[index], "host_topic", topic=topics[index], slot=slot, room=room)

    told = all_at_once([claim(index) for index in range(40)])
    assert Counter(told) == {None: len(cells), Code.CELL_TAKEN: 40 - len(cells)}
    placed = [(row["moment_id"], row["room_id"]) for row in day.forum.workshops if row["state"] == "planned"]
    assert sorted(placed) == sorted(cells)


def test_one_topic_claimed_from_many_devices_becomes_one_workshop(day: Day) -> None:
    day.to("topics")
    topic = day.propose(day.bob, "Le car")
    rooms = [day.do(day.fatou, "add_room", name=f"Salle {index}")["id"] for index in range(6)]
    day.to("market")
    slot = day.forum.slots[0]["id"]
    calls = [
        lambda room=room: day.do(day.bob, "host_topic", topic=topic, slot=slot, room=room) for room in rooms
    ]  # fmt: skip
    assert Counter(all_at_once(calls)) == {None: 1, Code.TOPIC_HAS_WORKSHOP: 5}
    assert len(day.forum.workshops) == 1


def test_dots_sent_at_once_never_pass_the_hand_nor_the_cap(day: Day) -> None:
    day.do(day.fatou, "set_rules", dots=4, cap=2)
    topics = [day.propose(day.bob, f"Sujet {index}") for index in range(3)]
    day.to("vote")
    calls = [lambda topic=topic: day.do(day.chloe, "place_dot", topic=topic) for topic in topics for _ in range(8)]
    told = Counter(all_at_once(calls))
    assert told[None] == 4
    assert set(told) <= {None, Code.NO_DOTS_LEFT, Code.TOPIC_CAP}
    assert max(Counter(row["topic_id"] for row in rows(day, "vote")).values()) <= 2
    assert len(rows(day, "ballot")) == 1


def test_a_printed_code_used_by_many_at_once_serves_once(day: Day) -> None:
    from facilitation.store.secrets import codes_of

    code = codes_of(day.do(day.fatou, "make_voting_codes", count=1)["batch"], 1)[0]
    people = [day.join() for _ in range(12)]
    told = all_at_once([lambda person=person: day.do(person, "use_voting_code", code=code) for person in people])
    assert Counter(told) == {None: 1, Code.BALLOT_CODE_USED: 11}
    assert len(rows(day, "voter")) == 1


def test_a_cell_wanted_by_authors_facilitators_and_long_workshops_goes_to_one(day: Day) -> None:
    topics = [day.propose(day.bob, f"Sujet {index}") for index in range(4)]
    room = day.do(day.fatou, "add_room", name="Préau")["id"]
    made = [day.do(day.fatou, "open_workshop", title=f"Atelier {index}")["id"] for index in range(4)]
    day.to("market")
    slots = [row["id"] for row in day.forum.slots]
    calls = [lambda topic=topic: day.do(day.bob, "host_topic", topic=topic, slot=slots[1], room=room) for topic in topics]
    calls += [
        lambda workshop=workshop: day.do(day.fatou, "place_workshop", workshop=workshop, slot=slots[0], room=room, span=2)
        for workshop in made
    ]
    told = Counter(all_at_once(calls))
    taken = [slot for row in day.forum.workshops if row["state"] == "planned" and row["room_id"] for slot in row["taken"]]
    assert sorted(taken) in ([slots[1]], sorted(slots))
    assert told == {None: 1, Code.CELL_TAKEN: 7}


def test_going_and_being_there_are_counted_once_from_many_devices_at_once(day: Day) -> None:
    day.do(day.fatou, "add_room", name="Préau")
    day.do(day.fatou, "add_room", name="Cuisine")
    workshops = [day.do(day.fatou, "open_workshop", title=title)["id"] for title in ("Le car", "Le vélo")]
    day.do(day.fatou, "fill_grid")
    all_at_once([lambda: day.do(day.bob, "join_workshop", workshop=workshops[0]) for _ in range(8)])
    assert len(rows(day, "attendance")) == 1
    all_at_once([lambda one=one: day.do(day.bob, "be_here", workshop=one) for one in workshops * 6])
    assert len(rows(day, "presence")) == 1


def test_no_vote_slips_in_while_the_round_closes_and_is_sealed(day: Day) -> None:
    topic = day.propose(day.bob, "Le car")
    people = [day.join() for _ in range(20)]
    day.to("vote")
    calls = [lambda person=person: day.do(person, "place_dot", topic=topic) for person in people]

    def close() -> None:
        day.do(day.fatou, "close_vote")
        day.do(day.fatou, "seal_vote")

    told = Counter(all_at_once([*calls[:10], close, *calls[10:]]))
    assert set(told) <= {None, Code.VOTE_NOT_OPEN, Code.ROUND_SEALED}
    assert len(rows(day, "vote")) == told[None] - 1
    assert rows(day, "ballot_holder") == []
