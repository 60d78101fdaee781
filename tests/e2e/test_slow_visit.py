"""The measure of a page on a slow line (`make bench-browser`) gets in as people do, and its line is slow."""

import pytest
from playwright.sync_api import Browser

from tests.e2e.conftest import Forum
from tools.bench.browser import SLOW_4G, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_visit_enters_the_forum_over_a_line_that_is_slow(chromium: Browser, forum: Forum) -> None:
    found = visit(chromium, f"{forum.server.address}/{forum.slug}")
    assert [row["joined_at"] is not None for row in forum.rows("participant")].count(True) == 1
    # At least two answers one after the other, whatever the machine: the page and what it names, the seat and its page.
    assert found.alive >= found.inside
    assert min(found.door, found.inside) > 2 * SLOW_4G["latency"] / 1000
