"""Work in a thread: its result comes back, its error too, and nothing is printed of it; work that breathes lets others in."""

import gevent
import pytest
from gevent import socket

from facilitation.domain.refusals import Code, Refusal
from facilitation.services.aside import aside, breathe
from tests.watching import refused


def refuse(_: str) -> None:
    raise Refusal(Code.EMPTY)


def test_results_and_errors_come_back_and_no_trace_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    assert aside(sorted, "bca") == ["a", "b", "c"]
    with refused(Code.EMPTY):
        aside(refuse, "Odile Quenneville")
    assert capfd.readouterr() == ("", "")


def test_who_breathes_lets_in_what_came_from_the_network() -> None:
    here, there = socket.socketpair()
    with here, there:
        heard: list[bytes] = []
        reader = gevent.spawn(lambda: heard.append(there.recv(9)))
        breathe()
        here.send(b"a vote")
        for _ in range(2):
            # Once to look at the network, once more where it is looked at last.
            breathe()
        assert heard == [b"a vote"]
        reader.join()
