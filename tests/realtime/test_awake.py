"""Whose page of a sheet is open: told to the cockpits by its beat, for as long as somebody waits for a synthesis."""

from collections.abc import Callable, Iterator

import pytest

from facilitation.domain.sheets import SCHEMA
from facilitation.keeping import Keeper
from tests.playing import Clock, Day
from tests.plugging import Socket

Plug = Callable[..., Socket]


@pytest.fixture
def clock(day: Day) -> Iterator[Clock]:
    made, house = Clock(), day.house
    usual, house.clock = house.clock, made
    house.dispatch.clock = made
    yield made
    house.clock = house.dispatch.clock = usual


@pytest.fixture
def sheet(clock: Clock, day: Day, monkeypatch: pytest.MonkeyPatch) -> str:
    """The sheet of a workshop that has begun, which Bob is to write."""
    monkeypatch.setattr("facilitation.keeping.ROUND_EVERY", 0.0)
    room = day.do(day.fatou, "add_room", name="Préau")["id"]
    workshop = day.do(day.fatou, "open_workshop", title="Le car de 7 h", room=room, slot=day.forum.slots[0]["id"])["id"]
    day.to("workshops")
    return str(day.do(day.bob, "take_notes", workshop=workshop)["sheet"])


def test_the_desk_hears_who_sleeps_and_who_wakes(clock: Clock, day: Day, plug: Plug, sheet: str) -> None:
    keeper, cockpit, laptop = Keeper(day.application), plug(day.fatou), plug(day.bob)
    assert cockpit.open("cockpit", lang="fr")["asleep"] == []
    asked = {"sheet": sheet, "schema": SCHEMA, "vector": b"\x00"}
    assert laptop.ask("sheet:open", **asked)["may"] == "write"

    def told() -> list[list[tuple[int, list[str], str]]]:
        keeper.tick()
        return [[(one["number"], one["names"], one["since"]) for one in message["asleep"]] for message in cockpit.told("asleep")]

    for _ in range(3):
        clock.later(1)
        laptop.ask("sheet:awareness", sheet=sheet)
        assert told() == []
    last = clock.at.isoformat()
    clock.later(1)
    assert told() == [[(1, ["Bob"], last)]]
    clock.later(5)
    assert told() == [[(1, ["Bob"], last)]]
    # Who comes to the cockpit now is told at once; a reader's page wakes nobody.
    assert [one["since"] for one in plug(day.alice).open("cockpit", lang="fr")["asleep"]] == [last]
    plug(day.chloe).ask("sheet:awareness", sheet=sheet)
    assert len(told()) == 1
    laptop.ask("sheet:awareness", sheet=sheet)
    assert told()[1:] == [[]]


def test_nobody_is_called_before_their_workshop_or_without_a_pen(clock: Clock, day: Day, plug: Plug, sheet: str) -> None:
    cockpit = plug(day.fatou)

    def asleep() -> list[int]:
        return [one["number"] for one in cockpit.open("cockpit", lang="fr")["asleep"]]

    assert asleep() == []
    clock.later(2)
    assert asleep() == [1]
    day.to("welcome")
    assert asleep() == []
    day.to("workshops")
    assert asleep() == [1]
    day.do(day.again(day.bob), "put_pen_down", sheet=sheet)
    assert asleep() == []
