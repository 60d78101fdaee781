"""Phones as they are: a real Chromium on a slow line and a slow processor, which scans while a crowd does.

A process of its own (`python -m tools.bench.browser ADDRESS SECONDS`): it says that it is ready, waits for a line, scans PROBES
times within so many seconds, each time as a browser that has never been here, and prints what it saw as JSON. It steps back
for the crowd, whose core it shares: pages can only seem slower than they are.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from time import perf_counter, sleep
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from facilitation.rehearsal.measure import spread

PROBES = 8
POLITE = 10
# « Slow 4G » as Chromium's own tools mean it: milliseconds before an answer, bytes a second; and a processor at a quarter.
SLOW_4G = {"offline": False, "latency": 562.5, "downloadThroughput": 180_000, "uploadThroughput": 84_375}
SLOWER = 4
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "locale": "fr-FR"}
ALIVE = "html[data-live=live]:not(:has(form#enter))"
# The door is at the short address.
FORUM = "**/f/*"
PATIENCE_MS = 60_000


@dataclass(frozen=True)
class Visit:
    """Seconds from the scan until one can enter; from the press on « Entrer » until the forum is there whole, with forms that
    send, and until it hears news too."""

    door: float
    inside: float
    alive: float


def visit(browser: Browser, address: str) -> Visit:
    """Scan, enter at once, look."""
    context = browser.new_context(**PHONE)
    context.set_default_timeout(PATIENCE_MS)
    try:
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW_4G)
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        scanned = perf_counter()
        page.goto(address, wait_until="load")
        enter = page.get_by_role("button", name="Entrer")
        enter.wait_for()
        pressed = perf_counter()
        enter.click()
        page.wait_for_url(FORUM, wait_until="load")
        there = perf_counter()
        page.locator(ALIVE).wait_for(state="attached")
        return Visit(pressed - scanned, there - pressed, perf_counter() - pressed)
    finally:
        context.close()


class Chromium:
    """The other process, seen from the crowd's."""

    def __init__(self, address: str, within: float) -> None:
        command = [sys.executable, "-m", "tools.bench.browser", address, str(within)]
        self._process = subprocess.Popen(  # noqa: S603  our own command
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "ready\n":
            raise RuntimeError("Chromium did not start: is CHROMIUM its path?")

    def scan(self) -> None:
        """Begin."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def seen(self) -> dict[str, Any]:
        """Wait for the last visit; `door_ms`, `inside_ms` and `alive_ms` as spreads, and how many visits they are of."""
        told, _ = self._process.communicate(timeout=PROBES * 2 * PATIENCE_MS / 1000)
        if self._process.returncode:
            raise RuntimeError(told)
        found: dict[str, Any] = json.loads(told)
        return found

    def stop(self) -> None:
        """End it, done or not."""
        self._process.kill()
        self._process.wait()


def main() -> int:
    """Visit by turns; a visit that lasts pushes the next back."""
    address, within = sys.argv[1], float(sys.argv[2])
    os.nice(POLITE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox"])
        print("ready", flush=True)
        sys.stdin.readline()
        start, visits = perf_counter(), []
        for probe in range(PROBES):
            sleep(max(0.0, start + within * probe / PROBES - perf_counter()))
            visits.append(visit(browser, address))
        browser.close()
    told = {f"{name}_ms": spread([getattr(one, name) for one in visits]) for name in ("door", "inside", "alive")}
    print(json.dumps({"probes": len(visits), **told}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
