"""What typing is held to, and the sentences about what was not kept."""

from collections.abc import Sequence
from typing import Any

# p95 in milliseconds: of a key to its sight, and of how much longer that may take than on the reference.
TYPING_MS, BEHIND_MS = 100.0, 30.0


def unkept(runs: Sequence[dict[str, Any]]) -> list[str]:
    """What our server did not keep, and runs that say nothing."""
    broken = [f"{run['work']}, {run['server']}: void" for run in runs if run["void"]]
    for run in runs:
        if run["server"] != "facilitation":
            continue
        said = []
        if run["kept"] < run["keys"]:
            said.append(f"{run['keys'] - run['kept']} keys are not on disk")
        if run["seen"] < run["expected"]:
            said.append(f"{run['expected'] - run['seen']} sights of {run['expected']} never came")
        if run["refused"]:
            said.append(f"{run['refused']} refused")
        p95 = run["typing_ms"]["p95"]
        if not run["void"] and p95 > TYPING_MS:
            said.append(f"p95 {p95:g} ms, at most {TYPING_MS:g}")
        theirs = _theirs(run, runs)
        if not run["void"] and run["compared"] and theirs is not None and p95 > theirs + BEHIND_MS:
            said.append(f"p95 {p95:g} ms, at most {BEHIND_MS:g} behind hocuspocus ({theirs:g})")
        broken += [f"{run['work']}: {one}" for one in said]
    return broken


def _theirs(run: dict[str, Any], runs: Sequence[dict[str, Any]]) -> float | None:
    alike = (one for one in runs if one["work"] == run["work"] and one["server"] == "hocuspocus" and not one["void"])
    return next((float(one["typing_ms"]["p95"]) for one in alike), None)
