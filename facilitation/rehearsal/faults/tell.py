"""One storm for the organiser: what broke, whether anything was lost, and how to see it again."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from facilitation.rehearsal.cases import Case
from facilitation.rehearsal.faults.host import Nursery
from facilitation.rehearsal.faults.play import Weathered, weather
from facilitation.rehearsal.faults.witness import NoWitness, is_possible

MOST_SAID = 12


def weathered(case: Case, phones: int, seed: int, kinds: list[str], scale: float, out: Path, again: str) -> int:
    """Play it and say it; 1 when anything was lost. Raises NoWitness where the disk cannot be watched and has to be."""
    if {"power", "disk"} & set(kinds) and not is_possible():
        raise NoWitness("sous ce Python, rien ne peut regarder ce que SQLite met sur le disque : essayez sans power ni disk.")
    out.mkdir(parents=True, exist_ok=True)
    nursery = Nursery()
    try:
        found = weather(case, phones, seed, kinds, scale, nursery, out / "serveur.log")
    finally:
        nursery.close()
    (out / "pannes.json").write_text(json.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n", "utf-8")
    print(in_words(found, again), file=sys.stderr)
    return 1 if found.losses else 0


def in_words(found: Weathered, again: str) -> str:
    """What happened, in French."""
    lines = [
        f"Pannes : {', '.join(str(fault) for fault in found.faults)}.",
        f"{found.accepted} choses reçues, {found.refused} refusées, {found.keys} frappes, en {found.seconds:.1f} s.",
    ]
    if not found.losses:
        return "\n".join([*lines, "Rien ne s’est perdu, rien n’a été compté deux fois, chaque écran est celui qu’on recharge."])
    more = len(found.losses) - MOST_SAID
    lines += ["Quelque chose ne tient pas :", *(f"  - {loss}" for loss in found.losses[:MOST_SAID])]
    return "\n".join([*lines, *([f"  - et {more} autres"] if more > 0 else []), f"Pour le revoir : {again}"])
