"""`make bench-sheets`: rapporteurs who type, on our server and on Hocuspocus, by the same definitions, in one run.

The server has one core and the crowd the other. `typing_ms` goes from the instant a key is due to its sight on another client;
editors tell of their cursors meanwhile. Prints a table and what was not kept (tools/bench_sheets/held.py); `--out` keeps the
figures as JSON. A run whose own lag passes 5 ms at p95 is void and says so.
"""

import argparse
import gc
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tools.bench_sheets.crowd import play
from tools.bench_sheets.held import unkept
from tools.bench_sheets.servers import Hocuspocus, Ours
from tools.bench_sheets.work import Key, typed

SERVERS: dict[str, type[Ours | Hocuspocus]] = {"facilitation": Ours, "hocuspocus": Hocuspocus}
COLUMNS = ("work", "server", "p50", "p95", "p99", "max", "seen", "kept", "CPU %", "lag p95")
PROBES = 10


@dataclass(frozen=True)
class Work:
    """`writers` who type `rate` keys a second each, in `sheets` sheets, and `phones` that read them.

    `compared` works may not be much slower than the reference; of the others the ratio is printed.
    """

    title: str
    sheets: int
    writers: int
    rate: float
    phones: int = 0
    compared: bool = False


WORKS = {
    "alone": Work("40 sheets, one typist each", 40, 40, 20.0, compared=True),
    "together": Work("30 typists in one sheet", 1, 30, 20.0, compared=True),
    "crowded": Work("100 typists in one sheet, ten probes", 1, 100, 5.0),
    "read": Work("40 sheets and 1,000 phones", 40, 40, 20.0, 1000),
}


def measure(name: str, work: Work, seconds: float, seed: int) -> dict[str, Any]:
    """One run; latencies in milliseconds."""
    firsts, keys = typed(work.writers, work.rate, seconds, seed)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        server = SERVERS[name](Path(folder), work.sheets)
        try:
            writers = [server.sit(writer % work.sheets, writer) for writer in range(work.writers)]
            # Alone in a sheet nobody would see the keys: somebody reads along on a second laptop.
            along = [server.sit(one, work.writers + one) for one in range(work.sheets)] if work.sheets > 1 else []
            probes = along or writers[:PROBES]
            phones = [server.read(one % work.sheets) for one in range(work.phones)] if isinstance(server, Ours) else []
            for writer, first in zip(writers, firsts, strict=True):
                writer.wire.send(writer.told(Key(0.0, 0, first, (0, 0))))
            quiet = {id(probe) for probe in probes}
            others = [seat.wire for seat in writers if id(seat) not in quiet] + phones
            wires = [*others, *(probe.wire for probe in probes)]
            for wire in wires:
                wire.release()
            processor, _ = server.process.cost()
            gc.collect()
            gc.disable()
            found = play(keys, writers, probes, others)
            gc.enable()
            spent, resident = server.process.cost()
            refused = sum(wire.refused for wire in wires)
            for wire in wires:
                wire.close()
        finally:
            server.process.stop()
        kept = server.kept(work.sheets)
    took = keys[-1].due
    return {
        "work": work.title, "server": name, **{key: value for key, value in asdict(work).items() if key != "title"},
        "seconds": seconds, "keys": len(keys), **asdict(found), "kept": kept, "refused": refused, "void": found.void,
        "cpu_percent": round(100 * (spent - processor) / took), "rss_mb": round(resident, 1),
    }  # fmt: skip


def row(run: dict[str, Any]) -> tuple[Any, ...]:
    """A line of the table."""
    took = run["typing_ms"]
    return (
        run["work"], run["server"] + (" (VOID)" if run["void"] else ""), took["p50"], took["p95"], took["p99"], took["max"],
        f"{run['seen']}/{run['expected']}", f"{run['kept']}/{run['keys']}", run["cpu_percent"], run["lag_p95_ms"],
    )  # fmt: skip


def verdicts(runs: list[dict[str, Any]]) -> list[str]:
    """Our p95 beside the other's, for each work both did."""
    found = []
    for work in dict.fromkeys(run["work"] for run in runs):
        by_name = {run["server"]: run["typing_ms"]["p95"] for run in runs if run["work"] == work and not run["void"]}
        if len(by_name) == len(SERVERS):
            ours, theirs = by_name["facilitation"], by_name["hocuspocus"]
            found.append(f"{work}: p95 {ours} ms, {theirs} ms for hocuspocus, ratio {ours / max(theirs, 0.1):.1f}")
    return found


def main() -> int:
    """Play each work on each server in turn, so that both meet the same machine; 1 where a run is void or a bound not kept."""
    parser = argparse.ArgumentParser(prog="tools.bench_sheets", description="Mesure la frappe, à côté de Hocuspocus.")
    parser.add_argument("--works", nargs="*", choices=sorted(WORKS), default=list(WORKS))
    parser.add_argument("--servers", nargs="*", choices=sorted(SERVERS), default=list(SERVERS))
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--seed", type=int, default=2016)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {1})
    runs = []
    print(" | ".join(COLUMNS), flush=True)
    for work in asked.works:
        for name in asked.servers:
            if WORKS[work].phones and name != "facilitation":
                continue
            runs.append(measure(name, WORKS[work], asked.seconds, asked.seed))
            print(" | ".join(str(value) for value in row(runs[-1])), flush=True)
    print(*verdicts(runs), sep="\n")
    if asked.out:
        asked.out.write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")
    broken = unkept(runs)
    print("\n".join(f"NOT KEPT: {one}" for one in broken) or "All is kept.")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
