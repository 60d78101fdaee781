"""Times walk by the server's clock, and sentences come in the reader's language."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

NOW = datetime(2026, 1, 14, 14, 0, 30, tzinfo=UTC)
CASES = [
    ("until", 24 * 60, "Encore 24 min", "24 min left"),
    ("until", 30, "Encore moins d’une minute", "Encore moins d’une minute"),
    ("until", -10, "C’est l’heure", "C’est l’heure"),
    ("until", -200, "3 min de retard", "3 min late"),
    ("until", 70 * 60, "Encore 1 h 10", "1 h 10 left"),
    ("since", -20, "à l’instant", "just now"),
    ("since", -5 * 60, "il y a 5 min", "5 min ago"),
    ("at-time", 8 * 60, "dans 8 min", "in 8 min"),
    ("at-time", 120 * 60, "dans 2 h", "in 2 h"),
    ("at-time", -10 * 60, "10 min de retard", "10 min late"),
]
ENGLISH = {"Encore {time}": "{time} left", "{time} de retard": "{time} late", "à l’instant": "just now"}
ENGLISH |= {"il y a {time}": "{time} ago", "dans {time}": "in {time}"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_durations_are_told_in_words(page: Page, hall: Any, language: str) -> None:
    times = [(kind, (NOW + timedelta(seconds=seconds)).isoformat()) for kind, seconds, *_ in CASES]
    hall.body = "".join(f'<p><time data-{kind}="{time}">…</time></p>' for kind, time in times)
    hall.live |= {"now": NOW.isoformat(), "lang": language}
    hall.words = ENGLISH if language == "en" else {}
    hall.on_open = lambda ask: {"ok": True, "version": ask["version"], "items": None, "me": None, "now": NOW.isoformat()}
    page.goto(hall.address)
    expect(page.locator("time")).to_have_text([str(case[2 if language == "fr" else 3]) for case in CASES])
