"""Seconds of processor that a process and all it started have used so far."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def used(root: int) -> float:
    """By this process, by those of its descendants that live, and by those it has waited for."""
    parents: dict[int, list[int]] = {}
    spent: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # A name may hold spaces and brackets; what follows its last bracket does not.
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        pid = int(path.parent.name)
        parents.setdefault(int(fields[1]), []).append(pid)
        spent[pid] = sum(int(one) for one in fields[11:15]) / TICKS
    found, waiting = 0.0, [root]
    while waiting:
        pid = waiting.pop()
        found += spent.get(pid, 0.0)
        waiting += parents.get(pid, [])
    return found


def renders(root: int) -> bool:
    """Whether a child of this process lays out documents."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
            command = (path.parent / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(parent) == root and b"facilitation.publishing.render" in command:
            return True
    return False
