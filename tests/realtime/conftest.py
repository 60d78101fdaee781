"""What tests of sockets may ask for."""

from collections.abc import Callable, Iterator

import pytest

from facilitation.app import Application
from facilitation.domain.roles import Actor
from tests.playing import Day, open_application
from tests.plugging import Socket


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """One application for the whole file; each test has a forum of its own in it."""
    made = open_application(tmp_path_factory.mktemp("house"))
    yield made
    made.house.close()


@pytest.fixture
def plug(day: Day) -> Iterator[Callable[..., Socket]]:
    """Connect a device, or a visitor's where no actor is given."""
    plugged: list[Socket] = []

    def connect(actor: Actor | None = None) -> Socket:
        plugged.append(Socket(day, actor))
        return plugged[-1]

    yield connect
    for one in plugged:
        if one.client.is_connected():
            one.client.disconnect()
