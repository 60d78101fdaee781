"""A phone says « reçu » only of what the disk holds: before the flush it is kept on the phone, and no power cut loses it."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser, expect

from facilitation.rehearsal.facilitator import create_by_web
from facilitation.rehearsal.faults.host import Host, Nursery
from facilitation.rehearsal.faults.witness import Disk
from tests.e2e.conftest import HOST

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """A machine whose power can be cut."""
    nursery = Nursery()
    made = Host(nursery, tmp_path / "log", witness=True)
    made.start()
    yield made
    made.stop()
    nursery.close()


def test_received_is_said_after_the_flush_and_outlives_a_power_cut(host: Host, browser: Browser) -> None:
    team = create_by_web(host.url, "Mobilités")
    team.browser.close()
    context = browser.new_context(locale="fr-FR", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"http://{HOST}:{host.port}/{team.slug}")
    with page.expect_navigation():
        page.get_by_role("button", name="Entrer").first.click()
    page.goto(f"http://{HOST}:{host.port}/f/{team.slug}/mur")
    page.locator("html[data-live=live]").wait_for()
    # The disk takes its time: what is typed is the phone's until it has been flushed.
    host.controls.set(flush=1.5)
    before = host.flushed()
    page.locator("#title").fill("Un car à 17 h 30")
    page.get_by_role("button", name="Publier ce sujet").click()
    state = page.locator(".thumb .state")
    expect(state).to_have_text("gardé sur cet appareil")
    # Read first, asked after: what was read before a flush that has not yet come was read too early to be « reçu ».
    seen: list[str] = []
    said = state.inner_text()
    while host.flushed() == before:
        seen.append(said)
        said = state.inner_text()
    assert set(seen) == {"gardé sur cet appareil"}
    assert len(seen) > 5
    expect(state).to_have_text("reçu")
    host.mend()
    # The disk keeps nothing more: the phone does, and gives it over when all is well, after a power cut too.
    host.controls.set(disk=Disk.UNFLUSHED)
    page.locator("#title").fill("Des vélos en libre accès")
    page.get_by_role("button", name="Publier ce sujet").click()
    expect(state).to_have_text("gardé sur cet appareil")
    host.cut_power(Random(7))
    host.mend()
    host.start()
    # The screen comes whole after such a return: the topic on the wall says it, whatever became of the form.
    second = page.locator(".wall .topic", has_text="Des vélos en libre accès")
    expect(second).to_contain_text("reçu")
    page.reload()
    for title in ("Un car à 17 h 30", "Des vélos en libre accès"):
        expect(page.locator(".wall .topic", has_text=title)).to_have_count(1)
    context.close()
