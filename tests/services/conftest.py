"""Verbs are tried on one open house; each test has a forum of its own in it, and forums do not see each other."""

from collections.abc import Iterator

import pytest

from facilitation.app import Application
from tests.playing import Clock, Day, open_application


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """One application for the whole file."""
    made = open_application(tmp_path_factory.mktemp("house"))
    yield made
    made.house.close()


@pytest.fixture
def clock(application: Application) -> Iterator[Clock]:
    """A time that moves only when told to."""
    made, usual = Clock(), application.house.clock
    application.house.clock = application.house.dispatch.clock = made
    yield made
    application.house.clock = application.house.dispatch.clock = usual


@pytest.fixture
def market(day: Day) -> Day:
    """Three topics, two rooms, and the day at the marketplace."""
    day.to("topics")
    for actor, title in ((day.bob, "Le car de 7 h"), (day.chloe, "Un vélo par famille"), (day.bob, "La salle des fêtes")):
        day.propose(actor, title)
    for name in ("Préau", "Cuisine"):
        day.do(day.fatou, "add_room", name=name)
    day.to("market")
    return day


