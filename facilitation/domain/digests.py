"""What screens and the book take from a sheet: how far it is, and the few lines that stand for it."""

from collections.abc import Iterable
from typing import TypedDict

from facilitation.domain.sheets import SYNTHESIS, SYNTHESIS_PARTS, Block, Section, Sheet, is_blank, says_nothing

# How the key of a section begins that holds what a joined workshop wrote.
GUEST = "atelier-"


class Digest(TypedDict):
    """The few lines that stand for a sheet; an extract is shown under « Extrait de la fiche »."""

    extract: bool
    section: Section


def progress(sheet: Sheet, optional: Iterable[str] = ()) -> list[bool]:
    """For each section before the synthesis, whether something is written in it; blank `optional` ones are left aside."""
    told = [section for section in sheet["sections"] if section["key"] not in SYNTHESIS_PARTS]
    return [not is_blank(section) for section in told if section["key"] not in optional or not is_blank(section)]


def has_synthesis(sheet: Sheet) -> bool:
    """Whether any part of the synthesis is written."""
    return any(section["key"] in SYNTHESIS_PARTS and not is_blank(section) for section in sheet["sections"])


def digest(sheet: Sheet, chosen: str = "") -> Digest | None:
    """The synthesis with its parts; where it is empty the section `chosen`, else the last one written, else the preamble.

    None for a blank sheet.
    """
    written = [section for section in sheet["sections"] if not is_blank(section)]
    if has_synthesis(sheet):
        return {"extract": False, "section": _synthesis(sheet)}
    if written:
        return {"extract": True, "section": next((one for one in written if one["key"] == chosen), written[-1])}
    if says_nothing(sheet["preamble"]):
        return None
    return {"extract": True, "section": {"key": "preamble", "title": "", "blocks": sheet["preamble"]}}


def followed(sheet: Sheet, key: str, title: str, other: Sheet) -> Sheet:
    """A sheet after which another one's text comes, as one section under `title`; before the synthesis, which stays last."""
    blocks = [*other["preamble"]]
    for section in other["sections"]:
        if not is_blank(section):
            blocks += [{"type": "heading", "spans": [{"text": section["title"]}]}, *section["blocks"]]
    if not blocks:
        return sheet
    at = next((place for place, one in enumerate(sheet["sections"]) if one["key"] in SYNTHESIS_PARTS), len(sheet["sections"]))
    guest: Section = {"key": key, "title": title, "blocks": blocks}
    return {"preamble": sheet["preamble"], "sections": [*sheet["sections"][:at], guest, *sheet["sections"][at:]]}


def _synthesis(sheet: Sheet) -> Section:
    """The parts of the synthesis as one section, each but the first under its own heading."""
    parts = {section["key"]: section for section in sheet["sections"] if section["key"] in SYNTHESIS_PARTS}
    lead = parts.get(SYNTHESIS)
    blocks: list[Block] = [*lead["blocks"]] if lead else []
    told = [parts[key] for key in SYNTHESIS_PARTS[1:] if key in parts and not is_blank(parts[key])]
    if lead is None and len(told) == 1:
        return told[0]
    for part in told:
        blocks += [{"type": "heading", "spans": [{"text": part["title"]}]}, *part["blocks"]]
    return {"key": SYNTHESIS, "title": lead["title"] if lead else "", "blocks": blocks}
