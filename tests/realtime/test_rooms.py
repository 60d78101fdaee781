"""Who is in which room: as Socket.IO's own list says it, without asking every room when somebody leaves."""

from random import Random
from typing import Any

from bidict import bidict
from socketio import Server
from socketio.manager import Manager

from facilitation.realtime.rooms import Rooms


def managed(manager: Manager) -> Manager:
    Server(client_manager=manager, async_mode="threading")
    return manager


class Untouched(bidict[str, str]):
    """A room that nobody may be looked for in."""

    def __contains__(self, _key: Any) -> bool:
        raise AssertionError


def seen(manager: Manager, phones: list[str]) -> Any:
    rooms = {room: dict(found.items()) for room, found in manager.rooms.get("/", {}).items()}
    waiting = (manager.pending_connect, manager.pending_disconnect, manager.callbacks)
    return rooms, {phone: set(manager.get_rooms(phone, "/")) for phone in phones}, waiting


def come(ours: Manager, theirs: Manager, line: str) -> str:
    """Somebody new, under one name in both."""
    sid = str(ours.pre_connect(line, "/"))
    theirs.basic_enter_room(sid, "/", None, eio_sid=line)
    theirs.basic_enter_room(sid, "/", sid, eio_sid=line)
    theirs.pending_connect.setdefault("/", []).append(sid)
    return sid


def act(manager: Manager, what: str, sid: str, room: str) -> None:
    if what in {"enter", "leave"}:
        getattr(manager, f"{what}_room")(sid, "/", room)
    elif what == "close":
        manager.close_room(room, "/")
    elif what == "ask":
        manager.callbacks[sid] = {1: print}
    elif what == "again":
        manager.disconnect(sid, "/")
    elif what == "go":
        manager.pre_disconnect(sid, "/")
        manager.disconnect(sid, "/")
    else:
        manager.connect(sid, "/")


def test_rooms_are_those_of_socketio_whatever_phones_do() -> None:
    dice = Random(5)
    for _ in range(60):
        ours, theirs = managed(Rooms()), managed(Manager())
        both, phones, gone = (ours, theirs), [come(ours, theirs, "first")], ["nobody"]
        for step in range(80):
            what = dice.choice(["come", "come", "enter", "enter", "leave", "close", "ask", "connect", "go", "again"])
            if what == "come" or not phones:
                phones.append(come(ours, theirs, f"line{step}"))
                continue
            sid, room = dice.choice(gone if what == "again" else phones), dice.choice(["hall", "desk", "wall"])
            for manager in both:
                if what != "connect" or manager.is_pre_connected(sid, "/"):
                    act(manager, what, sid, room)
            if what == "go":
                phones.remove(sid)
                gone.append(sid)
            assert seen(ours, phones) == seen(theirs, phones)


def test_who_leaves_is_looked_for_only_where_they_are() -> None:
    rooms = managed(Rooms())
    sid = rooms.connect("line", "/")
    rooms.enter_room(sid, "/", "hall")
    rooms.rooms["/"]["elsewhere"] = Untouched({"other": "line2"})
    rooms.pre_disconnect(sid, "/")
    rooms.disconnect(sid, "/")
    assert set(rooms.rooms["/"]) == {"elsewhere"}


def test_nothing_is_kept_of_those_who_left() -> None:
    rooms = managed(Rooms())
    for turn in range(50):
        sid = rooms.connect(f"line{turn}", "/")
        rooms.enter_room(sid, "/", "hall")
        rooms.disconnect(sid, "/")
    assert (rooms.rooms, rooms._inside, rooms.pending_connect, rooms.pending_disconnect) == ({}, {}, {}, {})
