"""Two seeds of the torture; 200 are a command of their own (`make torture`)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.front.laptops import Room, serving
from tests.front.torture import WITHIN, play


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with serving(tmp_path_factory.mktemp("torture")) as room:
        yield room


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("seed", [2016, 2019])
def test_five_laptops_on_a_breaking_network_lose_no_letter(chromium: Browser, room: Room, seed: int) -> None:
    found = play(room, chromium, seed, steps=12)
    assert found.typed > 120
    assert found.lost == ""
    assert found.faults == []
    assert found.seconds is not None
    assert found.seconds <= WITHIN
