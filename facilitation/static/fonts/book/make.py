"""Makes the book's faces from the unpacked sources: `python make.py FOLDER_OF_SOURCE_SERIF FOLDER_OF_BRICOLAGE`."""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.woff2 import WOFF2FlavorData
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent
# Latin with what French texts hold beside it: spaces, dashes, quotes, arrows, comparisons, dots and ticks.
LETTERS = [
    *range(0x20, 0x7F), *range(0xA0, 0x180), 0x218, 0x219, 0x21A, 0x21B, 0x2BB, 0x2BC, 0x2C6, 0x2DA, 0x2DC, 0x1E9E, 0x2009, 0x200A,
    0x200B, *range(0x2010, 0x2015), *range(0x2018, 0x201F), 0x2020, 0x2021, 0x2022, 0x2026, 0x202F, 0x2030, 0x2032, 0x2033, 0x2039,
    0x203A, 0x2044, 0x2060, 0x2070, *range(0x2074, 0x207A), 0x20AC, 0x2116, 0x2122, *range(0x2190, 0x2194), *range(0x2196, 0x219A),
    0x21D2, 0x2212, 0x2215, 0x221E, 0x2248, 0x2260, 0x2264, 0x2265, 0x25A0, 0x25A1, 0x25CB, 0x25CF, 0x2713, 0x2717,
]
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "calt", "case", "sups", "ordn", "tnum"]
SERIF_FEATURES = [*FEATURES, "onum", "lnum", "pnum", "smcp", "c2sc"]


def write(font: TTFont, name: str, family: str, style: str, features: list[str], weight: int) -> None:
    options = subset.Options()
    options.layout_features, options.hinting, options.notdef_outline = features, False, True
    options.name_IDs, options.recalc_timestamp = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14], False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    rename(font, family, style)
    font["OS/2"].usWeightClass = weight
    font.flavor = "woff2"
    # Outlines stored as they are: unpacking the compact form costs the printer more than the bytes it saves.
    font.flavorData = WOFF2FlavorData(transformedTables=())
    font.save(HERE / f"{name}.woff2")


def rename(font: TTFont, family: str, style: str) -> None:
    """A changed font may not keep a reserved name."""
    postscript = f"{family}-{style}".replace(" ", "")
    names = font["name"]
    for record in list(names.names):
        if record.platformID != 3 or record.nameID in {16, 17, 21, 22, 25}:
            names.removeNames(record.nameID, record.platformID, record.platEncID, record.langID)
    whole = {1: family if style in {"Regular", "Italic"} else f"{family} {style}", 2: "Italic" if "Italic" in style else "Regular"}
    for number, text in {**whole, 3: f"facilitation;{postscript}", 4: f"{family} {style}", 6: postscript}.items():
        names.setName(text, number, 3, 1, 0x409)
    if "CFF " in font:
        table = font["CFF "].cff
        table.fontNames = [postscript]
        table.topDictIndex[0].FamilyName, table.topDictIndex[0].FullName = family, f"{family} {style}"
    if "STAT" in font:
        del font["STAT"]


def main(serif: Path, bricolage: Path) -> None:
    for source, name, style, weight in (
        ("Regular", "serif", "Regular", 400),
        ("It", "serif-italic", "Italic", 400),
        ("Semibold", "serif-semibold", "Semibold", 600),
        ("SemiboldIt", "serif-semibold-italic", "Semibold Italic", 600),
    ):
        font = TTFont(serif / "OTF" / f"SourceSerif4-{source}.otf", recalcTimestamp=False)
        write(font, name, "Facilitation Serif", style, SERIF_FEATURES, weight)
    for name, family, optical_size, weight in (("title", "Facilitation Title", 72, 700), ("heading", "Facilitation Heading", 14, 600)):
        variable = TTFont(next(bricolage.rglob("BricolageGrotesque*.ttf")), recalcTimestamp=False)
        font = instantiateVariableFont(variable, {"opsz": optical_size, "wght": weight, "wdth": 100})
        write(font, name, family, "Regular", FEATURES, 400)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
