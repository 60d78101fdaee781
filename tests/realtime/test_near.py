"""Topics near the one being typed, over the socket: for those who are in, and nothing of it is kept."""

from collections.abc import Callable

from tests.playing import Day
from tests.plugging import Socket
from tests.watching import nothing_changes

Plug = Callable[..., Socket]


def test_what_is_near_comes_with_how_many_are_with_it(day: Day, plug: Plug) -> None:
    first, second = day.propose(day.bob, "Garder la poste ouverte"), day.propose(day.chloe, "La poste du bourg, ouverte le samedi")
    group = day.do(day.bob, "propose_group", topics=[first, second])["id"]
    day.do(day.chloe, "agree_group", group=group)
    with nothing_changes(day):
        answer = plug(day.bob).ask("near", text="rouvrir la poste")
    assert [(one["number"], one["people"]) for one in answer["near"]] == [(1, 2), (2, 2)]
    assert plug(day.fatou).ask("near", text="rien de tel")["near"] == []


def test_strangers_and_nonsense_get_no_suggestion(day: Day, plug: Plug) -> None:
    day.propose(day.bob, "Garder la poste ouverte")
    assert plug().ask("near", text="garder la poste")["code"] == "not_joined"
    socket = plug(day.bob)
    odd: list[object] = [None, [], {"a": 1}, "\ud800", "é" * 100_000]
    for text in odd:
        assert socket.ask("near", text=text)["ok"]


def test_who_asks_without_end_is_told_to_wait(day: Day, plug: Plug) -> None:
    socket = plug(day.bob)
    answers = [socket.ask("near", text="poste")["ok"] for _ in range(60)]
    assert answers[:40] == [True] * 40
    assert not any(answers[40:])
