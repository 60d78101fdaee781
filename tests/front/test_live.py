"""A page whose screen could not be opened just now asks again by itself."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.front.conftest import UP_TO_DATE


@pytest.mark.parametrize("code", ["not_kept", "too_fast", "broken"])
def test_a_screen_refused_for_now_is_asked_for_again(page: Page, hall: Any, code: str) -> None:
    refusals = [{"ok": False, "code": code, "text": "Pas maintenant.", "fields": {}}]
    hall.on_open = lambda ask: refusals.pop() if refusals else UP_TO_DATE | {"version": ask["version"]}
    page.goto(hall.address)
    page.wait_for_selector("html[data-live=away]")
    page.wait_for_selector("html[data-live=live]")
    assert len(hall.opened) == 2
