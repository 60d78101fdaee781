"""What every test may ask for: the browser, the shared folder; and the rule that, in CI, no test hides."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from facilitation.app import Application
from tests.patience import BROWSER_WAITS
from tests.playing import Day, open_application

ROOT = Path(__file__).resolve().parents[1]
SHARED_ABSENT = "shared folder absent"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


# --- What lies on this machine


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The browser's program; `make test` finds it or installs it, and names it in CHROMIUM."""
    named = os.environ.get("CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.fail("Chromium is not on this machine: run `make test`, or set CHROMIUM to its path.")
    return Path(found)


@pytest.fixture(scope="session")
def chromium(chromium_path: Path) -> Iterator[Browser]:
    """One browser for the whole run. It finds forum.test on this machine: a name that is not local, over plain HTTP."""
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--host-resolver-rules=MAP forum.test 127.0.0.1"]
        expect.set_options(timeout=BROWSER_WAITS)
        browser = playwright.chromium.launch(executable_path=chromium_path, args=options)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real cases beside the project; a clone alone has none."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(SHARED_ABSENT)
    return folder


# --- FACILITATION_NO_SKIPS=1: any skip but "shared folder absent" is a failure

skipped: dict[str, str] = {}


def note_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if reason != SHARED_ABSENT:
            skipped[report.nodeid] = reason


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    note_skip(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    note_skip(report)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if skipped and os.environ.get("FACILITATION_NO_SKIPS") == "1":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if skipped and os.environ.get("FACILITATION_NO_SKIPS") == "1":
        terminalreporter.section("skipped where nothing may be skipped", red=True)
        for test, reason in skipped.items():
            terminalreporter.line(f"{test}: {reason}", red=True)


# --- A forum in process


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    """The whole application on a fresh SQLite file, without a server."""
    made = open_application(tmp_path)
    yield made
    made.house.close()


@pytest.fixture
def day(application: Application) -> Day:
    """A forum with its cast, before anybody did anything."""
    return Day(application)
