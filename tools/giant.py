"""The largest book the project promises, and what it costs: `make giant` prints seconds, pages and memory beside two yardsticks.
Each run adds a line to one sheet, as a late rapporteur does, and makes every format again."""

import argparse
import copy
import importlib.util
import io
import json
import re
import resource
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import pypdf
from weasyprint import CSS, HTML

from facilitation.markdown import blocks
from facilitation.publishing.book import read
from facilitation.publishing.jobs import Limits, Worker
from facilitation.publishing.kinds import QUICK
from facilitation.publishing.pages import single_file
from facilitation.publishing.sheet_html import texts
from facilitation.rehearsal.invention import invent

PEOPLE, TOPICS, WORKSHOPS, SHEETS, ENGAGEMENTS, SEED = 2108, 600, 232, 150, 2000, 1
AT = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
LIMITS = Limits(seconds=300)
_STYLE = re.compile("<style>.*?</style>", re.DOTALL)
_PLAIN = "@page { size: A4; margin: 25mm } body { font: 11pt/1.4 serif } h2 { break-before: page }"


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


def once(book: Mapping[str, Any], folder: Path) -> dict[str, float]:
    """Every format made once as the desk does, the PDF by one process and the rest by another. Seconds of the clock by format and
    for `tous`, seconds of work for `travail`, pages, and mebibytes of the larger process."""
    told: dict[str, float] = {}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with Worker() as worker, Worker() as quick:
        for one in (worker, quick):
            one.warm()

        def several(by: Worker, kinds: list[str]) -> None:
            for kind in kinds:
                began = perf_counter()
                by.make({"book": book, "format": kind, "out": str(folder / f"compte-rendu.{kind}")}, limits=LIMITS)
                told[kind] = perf_counter() - began

        began = perf_counter()
        with ThreadPoolExecutor(2) as pool:
            for asked in (pool.submit(several, worker, ["pdf"]), pool.submit(several, quick, [*QUICK])):
                asked.result()
        told["tous"] = perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    told["travail"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told["pages"] = len(pypdf.PdfReader(folder / "compte-rendu.pdf").pages)
    told["Mio"] = after.ru_maxrss / 1024
    return told


def changed(book: dict[str, Any], turn: int) -> dict[str, Any]:
    """The book after one more line in one sheet."""
    again = copy.deepcopy(book)
    line = {"type": "paragraph", "spans": [{"text": f"Une dernière idée, la {turn}e."}]}
    again["workshops"][turn]["sheet"]["preamble"].append(line)
    return again


def plain(book: Mapping[str, Any]) -> tuple[int, float]:
    """The yardstick: the same words through the same printer with a plain style sheet; pages, seconds of work."""
    began = process_time()
    laid = HTML(string=_STYLE.sub("", single_file(read(book)))).render(stylesheets=[CSS(string=_PLAIN)])
    laid.write_pdf(pdf_variant="pdf/ua-1")
    return len(laid.pages), process_time() - began


def typeset(book: Mapping[str, Any]) -> tuple[int, float] | None:
    """The other yardstick, where it is installed: the sheets through typst, no engine of ours; pages, seconds of work."""
    if importlib.util.find_spec("typst") is None:
        return None
    typst = importlib.import_module("typst")
    lines = ['#set page(paper: "a4")', '#set text(lang: "fr")']
    for workshop in book["workshops"]:
        lines += ["#pagebreak(weak: true)", f"= #{json.dumps(workshop['title'], ensure_ascii=False)}"]
        sheet = workshop["sheet"] or {"preamble": [], "sections": []}
        for blocks_of in (sheet["preamble"], *(one["blocks"] for one in sheet["sections"])):
            lines += [f"- #{json.dumps(text, ensure_ascii=False)}" for text in texts(blocks_of)]
    began = process_time()
    made = typst.compile("\n".join(lines).encode())
    return len(pypdf.PdfReader(io.BytesIO(made)).pages), process_time() - began


def main() -> int:
    parser = argparse.ArgumentParser(prog="tools.giant", description="Mesure le plus gros compte-rendu.")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--into", type=Path, help="garder les fichiers ici")
    asked = parser.parse_args()
    book, runs = giant(), []
    with tempfile.TemporaryDirectory() as place:
        folder = asked.into or Path(place)
        for turn in range(asked.runs):
            runs.append(once(changed(book, turn), folder))
            print(f"{turn + 1}. " + ", ".join(f"{name} {value:.1f}" for name, value in runs[-1].items()), flush=True)
    for name in runs[0]:
        values = sorted(run[name] for run in runs)
        print(f"{name:8} {values[0]:8.1f} {median(values):8.1f} {values[-1]:8.1f}   (le moins, le milieu, le plus)")
    pages = runs[0]["pages"]
    print(f"PDF : {pages / median(run['pdf'] for run in runs):.1f} pages par seconde")
    for called, found in (("feuille de style toute simple", plain(book)), ("typst, fiches seules", typeset(book))):
        told = f"{found[0]} pages, {found[0] / found[1]:.1f} par seconde de travail" if found else "absent de cette machine"
        print(f"repère, {called} : {told}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
