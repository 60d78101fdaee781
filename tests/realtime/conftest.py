"""What tests of sockets may ask for."""

from collections.abc import Callable, Iterator

import pytest

from facilitation.domain.roles import Actor
from tests.playing import Day
from tests.plugging import Socket


@pytest.fixture
def plug(day: Day) -> Iterator[Callable[..., Socket]]:
    """Connect a device, or a visitor's where no actor is given."""
    plugged: list[Socket] = []

    def connect(actor: Actor | None = None) -> Socket:
        plugged.append(Socket(day, actor))
        return plugged[-1]

    yield connect
    for one in plugged:
        one.client.disconnect()
