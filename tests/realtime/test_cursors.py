"""Cursors of a sheet: the last of each hand, said to all in one message; what says nothing is heard by nobody."""

from collections.abc import Callable

import gevent
import pytest

from facilitation.realtime import cursors
from facilitation.realtime.broadcast import Broadcast
from facilitation.realtime.cursors import MalformedCursors
from facilitation.realtime.relay import Relay
from tests.playing import Day
from tests.plugging import Socket

Plug = Callable[..., Socket]
GONE = b"null"


@pytest.fixture
def sheet(day: Day) -> str:
    plenary = next(row["id"] for row in day.forum.moments if row["kind"] == "plenary")
    return str(day.do(day.bob, "take_notes", moment=plenary)["sheet"])


def at(hand: int, clock: int, place: str = "é") -> bytes:
    return cursors.written({hand: (clock, b'{"cursor":"%s"}' % place.encode())})


def heard(socket: Socket, hands: set[int]) -> tuple[int, cursors.Hands]:
    """How many messages a socket got until it has heard of these hands, and what they came to."""
    count, known = 0, dict[int, cursors.State]()
    with gevent.Timeout(60):
        while not hands <= known.keys():
            gevent.sleep(0.01)
            for told in socket.client.get_received():
                if told["name"] == "sheet:awareness":
                    count += 1
                    cursors.add(known, cursors.read(told["args"][0]["update"]))
    return count, known


def test_many_moves_of_many_hands_go_out_as_few_messages(day: Day, plug: Plug, sheet: str) -> None:
    writers = [plug(day.alice) for _ in range(5)]
    reader = plug(day.bob)
    for one in (*writers, reader):
        one.ask("sheet:open", sheet=sheet, schema=1, vector=b"\x00")
    for clock in range(1, 9):
        for hand, one in enumerate(writers):
            one.ask("sheet:awareness", sheet=sheet, update=at(hand, clock))
    writers[0].ask("sheet:awareness", sheet=sheet, update=at(99, 1))
    count, known = heard(reader, {99})
    # Forty-one moves; the machine may be slow between them, but never so slow that each has a message of its own.
    assert count < 41
    assert {hand: clock for hand, (clock, _) in known.items()} == {0: 8, 1: 8, 2: 8, 3: 8, 4: 8, 99: 1}


def test_what_is_said_in_one_turn_goes_out_as_one_message(day: Day, plug: Plug, sheet: str) -> None:
    reader = plug(day.bob)
    reader.ask("sheet:open", sheet=sheet, schema=1, vector=b"\x00")
    socketio = day.application.socketio
    relay = Relay(Broadcast(socketio), lambda sid, name, message: socketio.emit(name, message, to=sid))
    for clock in (2, 1):
        for hand in range(30):
            relay.show(sheet, at(hand, clock), f"socket {hand}")
    assert heard(reader, {29}) == (1, dict.fromkeys(range(30), (2, b'{"cursor":"\xc3\xa9"}')))


def test_who_moves_alone_is_not_told_of_it(day: Day, plug: Plug, sheet: str) -> None:
    writer, reader = plug(day.alice), plug(day.bob)
    for one in (writer, reader):
        one.ask("sheet:open", sheet=sheet, schema=1, vector=b"\x00")
    writer.ask("sheet:awareness", sheet=sheet, update=at(7, 1))
    assert heard(reader, {7})[0] == 1
    assert [one["name"] for one in writer.client.get_received()] == []


def test_the_last_word_counts_and_leaving_is_said_under_a_known_clock() -> None:
    known: cursors.Hands = {}
    for update in (at(1, 3, "a"), at(1, 2, "b"), at(1, 3, "c")):
        cursors.add(known, cursors.read(update))
    assert known == {1: (3, b'{"cursor":"a"}')}
    cursors.add(known, {1: (3, GONE)})
    assert cursors.read(cursors.written(known)) == {1: (3, GONE)}


MALFORMED = {
    "nothing": b"", "cut short": at(1, 1)[:-1], "more than it said": at(1, 1) + b"\x00", "hands without end": b"\xff\xff\x7f",
    "a number without end": b"\x01" + b"\xff" * 12, "no JSON": b"\x01\x01\x01\x02{]", "not a number": b"\x01\x01\x01\x03NaN",
    "no object": b"\x01\x01\x01\x012", "no text": b"\x01\x01\x01\x02\xff\xfe", "deep": b"\x01\x01\x01\xa0\x1f" + b"[" * 4000,
}  # fmt: skip


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_malformed_reaches_nobody(day: Day, plug: Plug, sheet: str, name: str) -> None:
    with pytest.raises(MalformedCursors):
        cursors.read(MALFORMED[name])
    writer, reader = plug(day.alice), plug(day.bob)
    reader.ask("sheet:open", sheet=sheet, schema=1, vector=b"\x00")
    for update in (MALFORMED[name], at(4, 1)):
        writer.ask("sheet:awareness", sheet=sheet, update=update)
    assert heard(reader, {4})[0] == 1


def test_a_crowd_of_invented_hands_is_bounded() -> None:
    known: cursors.Hands = {}
    for hand in range(5000):
        cursors.add(known, {hand: (1, b"{}")})
    assert len(known) == cursors.MOST_HANDS
