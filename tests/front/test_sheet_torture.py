"""Two seeds of the torture; 200 are a command of their own (`make torture`), which also holds them to five seconds.

Here the clock is left out: how soon all are equal again says more of a busy machine than of the sheet.
"""

import pytest
from playwright.sync_api import Browser

from tests.front.laptops import Room
from tests.front.torture import play


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize(("seed", "reshaping"), [(2016, True), (2019, False)])
def test_five_laptops_on_a_breaking_network_lose_no_letter(chromium: Browser, room: Room, seed: int, reshaping: bool) -> None:
    found = play(room, chromium, seed, steps=12, reshaping=reshaping)
    assert found.typed > 120
    assert found.lost == ""
    # Lines that two people split, list or move at once may be there twice; what is only typed and erased never is.
    assert reshaping or found.doubled == ""
    assert found.faults == []
    assert found.seconds is not None
