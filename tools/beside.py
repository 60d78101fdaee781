"""Votes while a book is being made: `make beside` plays the same fifty phones with and without a renderer on the server's own
core, in alternating pairs, and prints each p95 and the median of their ratios."""

import argparse
import json
import os
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from facilitation.publishing.jobs import RenderError, Worker
from facilitation.rehearsal.measure import VOID_ABOVE_MS, percentile
from tools.bench.play import Run
from tools.bench.servers import Ours

DEMO = Path(__file__).parents[1] / "exports" / "demo" / "compte-rendu.json"
# A vote may take half as long again, or this much longer in ms, whichever is more.
FACTOR, ALLOWANCE_MS = 1.5, 20.0


class Press(threading.Thread):
    """Makes one PDF after the other, as the server's own worker does, until it is stopped."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.made = 0
        self._out = folder / "compte-rendu.pdf"
        self._book = json.loads(DEMO.read_text("utf-8"))
        self._over = threading.Event()
        here = os.sched_getaffinity(0)
        # The worker inherits the core it is started on: the server's.
        os.sched_setaffinity(0, {0})
        self._worker = Worker()
        self._worker.warm()
        os.sched_setaffinity(0, here)

    def run(self) -> None:
        while not self._over.is_set():
            try:
                self._worker.render(self._book, "pdf", self._out)
            except RenderError:
                return
            self.made += 1

    def stop(self) -> None:
        """End it, whatever it is at."""
        self._over.set()
        self._worker.close()
        self.join()


def half(phones: int, rate: float, seconds: float, seed: int, *, rendering: bool) -> dict[str, Any]:
    """One server, its votes with or without a book made beside it; times in ms."""
    with tempfile.TemporaryDirectory(prefix="beside-") as folder, ExitStack() as over:
        server = Ours(Path(folder))
        over.callback(server.process.stop)
        run = Run(server, deflate=False)
        run.enter(["drain"] * phones)
        press = Press(Path(folder)) if rendering else None
        if press is not None:
            over.callback(press.stop)
            press.start()
        run.crowd.lags.clear()
        run.work(rate, seconds, Random(seed), [])  # noqa: S311  the same run each time
        kept = [sent.answered - sent.due for sent in run.sent if sent.answered and sent.answer.get("ok")]
        lag_ms = percentile(run.crowd.lags, 0.95) * 1000
        for phone in run.phones:
            phone.close()
        return {
            "p95": round(percentile(kept, 0.95) * 1000, 1), "votes": len(kept), "lost": len(run.sent) - len(kept),
            "lag": round(lag_ms, 1), "void": lag_ms > VOID_ABOVE_MS, "books": press.made if press else 0,
        }  # fmt: skip


def main() -> int:
    """Exits 1 where a vote is lost or the median pair is slower than allowed."""
    parser = argparse.ArgumentParser(prog="tools.beside", description="Mesure les votes pendant que le compte-rendu se fabrique.")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--phones", type=int, default=50)
    parser.add_argument("--rate", type=float, default=10.0, help="votes par seconde")
    parser.add_argument("--seconds", type=float, default=14.0)
    asked = parser.parse_args()
    os.sched_setaffinity(0, {1} if (os.cpu_count() or 1) > 1 else {0})
    pairs = []
    print("paire | sans, p95 ms | pendant, p95 ms | comptes-rendus | perdus | retard du banc, ms", flush=True)
    for number in range(asked.pairs):
        # Each pair begins with the other half, so that neither always meets the fresher machine.
        order = (False, True) if number % 2 == 0 else (True, False)
        found = {on: half(asked.phones, asked.rate, asked.seconds, 2016 + number, rendering=on) for on in order}
        off, on = found[False], found[True]
        pairs.append((off, on))
        void = " | nul" if off["void"] or on["void"] else ""
        told = [number + 1, off["p95"], on["p95"], on["books"], off["lost"] + on["lost"], f"{off['lag']} et {on['lag']}{void}"]
        print(" | ".join(map(str, told)), flush=True)
    print(verdict(pairs)[1])
    return 0 if verdict(pairs)[0] else 1


def verdict(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> tuple[bool, str]:
    """Whether the promise is held by pairs of halves, without and with a book being made; and the sentence that says so."""
    over = median(on["p95"] - max(FACTOR * off["p95"], off["p95"] + ALLOWANCE_MS) for off, on in pairs)
    ratio = median(on["p95"] / max(off["p95"], 0.1) for off, on in pairs)
    lost = sum(one["lost"] for pair in pairs for one in pair)
    # A half in which nobody voted, or no book was made, has shown nothing.
    idle = [pair for pair in pairs if not all(one["votes"] for one in pair) or not pair[1]["books"]]
    void = [pair for pair in pairs if any(one["void"] for one in pair)]
    held = over <= 0 and not lost and not idle and 2 * len(void) <= len(pairs)
    said = f"médiane : {ratio:.2f} fois ; {'tenu' if over <= 0 else 'pas tenu'} (1,5 fois ou +20 ms) ; {lost} votes perdus"
    return held, said + (f" ; {len(void)} paires nulles" if void else "") + (f" ; {len(idle)} pour rien" if idle else "")


if __name__ == "__main__":
    raise SystemExit(main())
