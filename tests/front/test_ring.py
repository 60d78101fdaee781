"""The ring has one rule, told twice: in Python for the first paint, in the browser as people come."""

from itertools import pairwise
from math import hypot
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from facilitation.domain.ring import dots, seats, worth

COUNTS = [0, 1, 2, 7, 35, 36, 37, 87, 88, 125, 200, 201, 1500, 2001, 10_000]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("is_open", [False, True])
def test_no_two_dots_touch_nor_share_a_colour_with_their_neighbour(count: int, *, is_open: bool) -> None:
    ring = seats(count, is_open=is_open)
    assert len(ring) == -(-count // worth(count)) + is_open <= 201
    assert ring == seats(dots(count), is_open=is_open)
    assert [seat.colour for seat in ring].count(None) == is_open
    assert all(hypot(seat.x, seat.y) + seat.r <= 100 for seat in ring)
    assert all(hypot(one.x - other.x, one.y - other.y) > one.r + other.r for i, one in enumerate(ring) for other in ring[:i])
    assert all(one.colour != other.colour for one, other in pairwise(ring))


@pytest.mark.parametrize(("count", "people"), [(1, 1), (200, 1), (201, 10), (2000, 10), (2001, 100)])
def test_beyond_two_hundred_a_dot_stands_for_ten(count: int, people: int) -> None:
    assert worth(count) == people


def test_the_browser_seats_people_as_the_server_does(page: Page, hall: Any) -> None:
    page.goto(hall.address)
    told = page.evaluate(
        "counts => import('/src/seats.js').then(({ seats }) => counts.flatMap((n) => [seats(n), seats(n, true)]))", COUNTS
    )
    ours = [seats(count, is_open=is_open) for count in COUNTS for is_open in (False, True)]
    assert told == [[vars(seat) for seat in ring] for ring in ours]


def test_a_newcomer_travels_to_a_seat_and_the_ring_is_whole_again(page: Page, hall: Any) -> None:
    hall.body = '<p data-slot="count"></p><svg class="ring" data-count="7" data-follow="people"></svg>'
    page.goto(hall.address)
    page.wait_for_selector("html[data-live=live]")
    expect(page.locator("circle")).to_have_count(7)
    html = '<span id="people" data-at="1" data-count="8">8</span>'
    hall.news(1, 2, {"id": "people", "slot": "count", "at": 1, "html": html})
    last = page.locator("circle").last
    goal = seats(8)[-1]
    expect(last).to_have_attribute("cx", f"{goal.x:g}")
    expect(last).to_have_attribute("cy", f"{goal.y:g}")
    assert page.locator("circle").count() == 8


def test_an_open_seat_fills_with_its_reader(page: Page, hall: Any) -> None:
    hall.body = '<svg class="ring" viewBox="-100 -100 200 200" data-count="7" data-open></svg>'
    page.emulate_media(reduced_motion="reduce")
    page.goto(hall.address)
    expect(page.locator("circle.open")).to_have_count(1)
    places = page.locator("circle").evaluate_all("dots => dots.map((dot) => dot.getAttribute('cx'))")
    page.evaluate("() => { const ring = document.querySelector('svg'); delete ring.dataset.open; ring.dataset.count = 8; }")
    expect(page.locator("circle.open")).to_have_count(0)
    assert page.locator("circle").evaluate_all("dots => dots.map((dot) => dot.getAttribute('cx'))") == places
