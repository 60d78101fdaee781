"""Making a screen of many items takes breath: others have their turn, and those who come meanwhile get the same screen."""

import gevent
import pytest

from facilitation.web import render
from tests.playing import Day


@pytest.fixture
def wall(day: Day, monkeypatch: pytest.MonkeyPatch) -> Day:
    monkeypatch.setattr(render, "BREATH", 0.0)
    for number in range(12):
        day.propose(day.bob, f"Sujet {number}")
    return day


def test_others_have_their_turn_and_the_screen_is_made_once(wall: Day) -> None:
    renderer, forum = wall.application.flask.extensions["renderer"], wall.forum
    turns = 0

    def answer() -> None:
        nonlocal turns
        while not all(one.ready() for one in makers):
            turns += 1
            gevent.sleep(0)

    makers = [gevent.spawn(renderer.shown, forum, "wall", "fr") for _ in range(3)]
    gevent.joinall([*makers, gevent.spawn(answer)], raise_error=True, timeout=60)
    assert turns >= 12
    assert len({id(one.value) for one in makers}) == 1


def test_what_was_read_before_does_not_take_the_place_of_what_was_read_since(wall: Day) -> None:
    renderer, before = wall.application.flask.extensions["renderer"], wall.forum
    slow = gevent.spawn(renderer.shown, before, "wall", "fr")
    gevent.sleep(0)
    topic = wall.propose(wall.bob, "Arrivé depuis")
    after = wall.forum
    quick = gevent.spawn(renderer.shown, after, "wall", "fr")
    gevent.joinall([slow, quick], raise_error=True, timeout=60)
    assert (slow.value.version, quick.value.version) == (before.version, after.version)
    assert [topic in str(one.value.rendered) for one in (slow, quick)] == [False, True]
    assert renderer.shown(after, "wall", "fr") is quick.value
    renderer.shown(before, "wall", "fr")
    assert renderer.shown(after, "wall", "fr") is quick.value
