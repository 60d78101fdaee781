"""What anybody may ask of the socket without joining costs no memory that stays, and no work without end."""

from collections.abc import Callable
from secrets import token_hex

import pytest

from facilitation.domain.refusals import Code
from facilitation.realtime import pace
from facilitation.realtime.sockets import OPENINGS
from facilitation.services.known import LONGEST
from facilitation.store.identity import VISITOR
from tests.playing import Day
from tests.plugging import Socket
from tests.watching import refused

Plug = Callable[..., Socket]


@pytest.fixture
def _one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """No window ends while a test counts."""
    monkeypatch.setattr("facilitation.realtime.pace.WINDOW", 1e9)


def rooms(day: Day) -> set[str]:
    return {str(name) for name in day.application.socketio.server.manager.rooms.get("/", {}) if str(name).startswith(day.event_id)}


@pytest.mark.parametrize("screen", ["entry:a", "entry:", "entry:" + "a" * 900_000, "phone:a", "sheet:" + "a" * 65, "nothing"])
def test_a_screen_has_one_name(day: Day, plug: Plug, screen: str) -> None:
    phone = plug(day.bob)
    assert phone.open(screen)["code"] == "no_screen"
    assert rooms(day) == set()
    assert day.event_id not in day.application.newsroom._halls


def test_nobody_keeps_a_place_where_there_is_nothing_to_see(day: Day, plug: Plug) -> None:
    phone = plug(day.bob)
    assert phone.open("workshop:999")["code"] in {"no_screen", "not_found"}
    assert rooms(day) == set()


def test_what_nobody_looks_at_any_more_is_not_kept(day: Day, plug: Plug) -> None:
    stays, leaves = plug(day.bob), plug(day.chloe)
    stays.open("phone")
    for screen in ("wall", "agenda", "phone"):
        leaves.open(screen)
    hall = day.application.newsroom._halls[day.event_id]
    assert {key[0] for key in hall.boards} == {"phone", "wall", "agenda"}
    leaves.client.disconnect()
    assert set(hall.boards) == set(hall.audience) == {("phone", "data")}
    day.propose(day.bob, "Le car")
    assert stays.told("news")
    back = plug(day.chloe).open("wall")
    assert [item["data"]["title"] for item in back["items"] if item["kind"] == "topic"] == ["Le car"]


def test_tokens_and_sheets_that_are_nobodys_are_not_kept(day: Day, plug: Plug) -> None:
    house, event = day.house, day.house.event(day.slug)
    house.knock(day.slug, day.tokens[day.bob.device_id])
    before = house.known.kept(day.event_id)
    assert before == {("token", day.tokens[day.bob.device_id])}
    for _ in range(50):
        assert house.knock(day.slug, token_hex(16))[1] is VISITOR
        with refused(Code.NOT_FOUND):
            house.sheet_id(event, token_hex(12))
    assert house.knock(day.slug, "a" * (LONGEST + 1))[1] is VISITOR
    with refused(Code.NOT_FOUND):
        house.sheet_id(event, "a" * (LONGEST + 1))
    assert house.known.kept(day.event_id) == before


def test_the_id_of_a_sheet_is_nobodys_token(day: Day) -> None:
    workshop = day.do(day.fatou, "open_workshop", title="Le car")["id"]
    sheet = day.do(day.bob, "take_notes", workshop=workshop)["sheet"]
    event = day.house.event(day.slug)
    assert day.house.sheet_id(event, sheet) == sheet
    assert day.house.knock(day.slug, sheet)[1] is VISITOR
    with refused(Code.NOT_FOUND):
        day.house.sheet_id(event, day.tokens[day.bob.device_id])


@pytest.mark.usefixtures("_one_window")
def test_a_socket_that_asks_without_end_is_told_so_and_others_are_not(day: Day, plug: Plug) -> None:
    greedy, other = plug(day.bob), plug(day.chloe)
    assert all(greedy.open("phone")["ok"] for _ in range(OPENINGS))
    assert greedy.open("phone")["code"] == "too_fast"
    for event in ("sheet:open", "near"):
        assert {greedy.ask(event, sheet=token_hex(12), text="car").get("code") for _ in range(OPENINGS + 1)} >= {"too_fast"}
    assert other.open("phone")["ok"]
    assert day.propose(day.bob, "Le car")


@pytest.mark.usefixtures("_one_window")
def test_many_sockets_of_one_device_count_together(day: Day, plug: Plug, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("facilitation.realtime.sockets.TABS", 1)
    one, two = plug(day.bob), plug(day.bob)
    assert all(one.open("phone")["ok"] for _ in range(OPENINGS))
    assert two.open("phone")["code"] == "too_fast"


def test_a_window_ends_for_all_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "WINDOW", 1e9)
    counted = pace.Pace()
    for _ in range(3):
        counted.check("bob", 3)
    with refused(Code.TOO_FAST):
        counted.check("bob", 3)
    counted.check("chloe", 3)
    monkeypatch.setattr(pace, "WINDOW", 0.0)
    for _ in range(9):
        counted.check("bob", 1)
