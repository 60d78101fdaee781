"""Two servers on one database, with a real Redis between them: what one commits the other tells, and Redis may go."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "play",
    [
        "a_commit_of_another_process_costs_a_reading_of_what_it_changed_only",
        "many_commits_heard_at_once_are_told_once_and_whole",
        "redis_that_goes_is_said_on_the_cockpit_and_over_by_itself",
        "what_nobody_expected_ends_neither_ear_nor_sweep",
    ],
)
def test_two_servers_and_their_redis(play: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.realtime.together", play, str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stderr[-3000:]
