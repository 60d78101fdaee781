"""Where a server's time goes while a room scans, and while it votes: two flame graphs, drawn by py-spy.

Played apart from what is measured: looking costs the server a little. On some systems only root may look into a process.
"""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tools.bench.play import Run, habits
from tools.bench.servers import Ours

SPY = Path(sys.executable).with_name("py-spy")
A_SECOND, SCAN_WITHIN = 200, 30.0


def draw(phones: int, rate: float, seconds: float, seed: int, folder: Path) -> list[Path]:
    """Write `flame-scan.svg` and `flame-vote.svg`. Raises RuntimeError where py-spy may not look."""
    dice = Random(seed)  # noqa: S311  the same run each time
    folder.mkdir(parents=True, exist_ok=True)
    found = [folder / "flame-scan.svg", folder / "flame-vote.svg"]
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        server = Ours(Path(place))
        try:
            run = Run(server, deflate=False)
            with _looking(server.process.pid, found[0], f"{phones} phones scan within {SCAN_WITHIN:.0f} s"):
                run.enter(habits(phones, dice), SCAN_WITHIN)
            desks = run.desks()
            with _looking(server.process.pid, found[1], f"{phones} phones, {rate:.0f} votes a second, results live"):
                run.work(rate, seconds, dice, desks)
        finally:
            server.process.stop()
    return found


@contextmanager
def _looking(pid: int, out: Path, title: str) -> Iterator[None]:
    command = [str(SPY), "record", "--nonblocking", "--pid", str(pid), "--rate", str(A_SECOND), "--output", str(out)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as spy:  # noqa: S603
        yield
        spy.send_signal(signal.SIGINT)
        _, said = spy.communicate(timeout=60)
    if not out.exists():
        raise RuntimeError(said)
    # py-spy entitles it with its own command.
    out.write_text(out.read_text(encoding="utf-8").replace(" ".join(command), title), encoding="utf-8")
