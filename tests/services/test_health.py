"""What does not work is told from several threads at once, and none takes back what another said."""

import sys
import threading
from collections.abc import Iterator

import pytest

from facilitation.services.health import Health, Trouble


@pytest.fixture
def _quick_turns() -> Iterator[None]:
    """Threads take turns at every chance."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_quick_turns")
def test_what_one_thread_says_no_other_takes_back() -> None:
    health, ended = Health(), threading.Event()

    def write() -> None:
        while not ended.is_set():
            health.wrote("disk")
            health.wrote(None)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for one in writers:
        one.start()
    lost = 0
    for _ in range(3000):
        health.fails(Trouble.BACKUP)
        lost += Trouble.BACKUP not in health.troubles
        health.works(Trouble.BACKUP)
        lost += Trouble.BACKUP in health.troubles
    ended.set()
    for one in writers:
        one.join()
    assert lost == 0
