"""The largest book the project promises, and what it costs: `python -m tools.giant [FOLDER]` prints seconds, pages, megabytes."""

import resource
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import pypdf

from facilitation.markdown import blocks
from facilitation.publishing.formats import QUICK
from facilitation.publishing.jobs import Limits, Worker
from facilitation.rehearsal.invention import invent

PEOPLE, TOPICS, WORKSHOPS, SHEETS, ENGAGEMENTS, SEED = 2108, 600, 232, 150, 2000, 1
AT = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
LIMITS = Limits(seconds=300)


def giant() -> dict[str, Any]:
    """The book of an invented forum of 2,108 people; of its 232 workshops, 150 have sheets."""
    case = invent(PEOPLE, TOPICS, WORKSHOPS, ENGAGEMENTS, SEED)
    workshops = [_workshop(one, written=index < SHEETS) for index, one in enumerate(case["workshops"])]
    became = {number: one["number"] for one in workshops for number in one["from_topics"]}
    engagements = [
        {"person": one["person"], "organisation": "", "items": [{"text": text, "joined": []} for text in one["items"]]}
        for one in case["engagements"]
    ]  # fmt: skip
    return {
        "format": "facilitation-book", "version": 1, "language": case["language"],
        "edition": {"number": 0, "state": "draft", "made_at": AT.isoformat(), "change": 1},
        "forum": {
            **{name: case[name] for name in ("title", "meeting", "date", "host", "organisers", "facilitators")},
            "theme": blocks(case["theme_markdown"]), "objectives": blocks(case["objectives_markdown"]), "logos": [],
        },
        "figures": {
            "participants": PEOPLE, "topics": TOPICS, "workshops": WORKSHOPS, "engagements": ENGAGEMENTS,
            "people_engaged": len(engagements),
        },
        "topics": [
            {**one, "authors": [], "votes": one["number"] * 7 % 90, "outcome": _outcome(became.get(one["number"]))}
            for one in case["topics"]
        ],
        "vote": {"mode": "dots", "voters": 1900, "dots": 5700, "per_person": 3, "keep": WORKSHOPS, "closed": True, "late": []},
        "agenda": {
            "slots": [{"title": f"Ateliers {slot}"} for slot in range(1, 9)],
            "rooms": [f"Salle {room}" for room in range(1, 30)],
            "cells": [
                {"slot": index // 29, "room": index % 29, "workshop": one["number"]} for index, one in enumerate(workshops)
            ],
        },
        "workshops": workshops, "engagements": engagements,
        "closing": [{"title": word["by"], "sheet": {"preamble": blocks(word["markdown"]), "sections": []}}
                    for word in case["closing_words"]],
        "people": [{"name": one["person"], "organisation": ""} for one in engagements],
    }  # fmt: skip


def _outcome(workshop: int | None) -> dict[str, Any]:
    return {"kind": "workshop" if workshop else "wall", "workshop": workshop, "with": []}


def _workshop(one: Mapping[str, Any], *, written: bool) -> dict[str, Any]:
    sections = [
        {"key": f"k{index}", "title": section["heading"], "blocks": blocks(section["markdown"])}
        for index, section in enumerate(one["sections"])
    ]
    sheet = {"preamble": blocks(one.get("preamble", "")), "sections": sections}
    about = {name: one[name] for name in ("number", "title", "from_topics", "rapporteurs")}
    return {**about, "hosts": [], "state": "held", "sheet": sheet if written else None}


def main() -> int:
    book = giant()
    with tempfile.TemporaryDirectory() as place, Worker() as worker, Worker() as quick:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(place)
        for one in (worker, quick):
            one.warm()

        def made(by: Worker, kind: str) -> None:
            out, began = folder / f"compte-rendu.{kind}", perf_counter()
            by.make({"book": book, "format": kind, "out": str(out)}, limits=LIMITS)
            took = perf_counter() - began
            pages = f", {(count := len(pypdf.PdfReader(out).pages))} pages, {count / took:.1f} pages/s" if kind == "pdf" else ""
            print(f"{kind:8} {took:6.1f} s, {out.stat().st_size / 1e6:.1f} Mo{pages}", flush=True)

        def several(by: Worker, kinds: list[str]) -> None:
            for kind in kinds:
                made(by, kind)

        # As the desk does: what is quick has a process of its own, and never waits behind the PDF.
        began = perf_counter()
        with ThreadPoolExecutor(2) as pool:
            for asked in (pool.submit(several, worker, ["pdf"]), pool.submit(several, quick, [*QUICK])):
                asked.result()
        total = perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"tous les formats, sur deux processus : {total:.1f} s ; mémoire du plus gros au plus : {peak:.0f} Mio")
    return 0


if __name__ == "__main__":
    sys.exit(main())
