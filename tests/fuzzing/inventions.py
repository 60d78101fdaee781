"""What is invented: payloads near and far from good ones, addresses, messages, updates of sheets."""

from typing import Any

from hypothesis import strategies as st

from facilitation.services.table import COMMANDS
from facilitation.store.documents import new_document
from tests.random_sheets import random_sheets
from tests.services.test_table import Played, payload_for

ROLES = ("visitor", "participant", "rapporteur", "projector", "kiosk", "seat", "facilitator", "organiser")
EVENTS = ("command", "near", "screen:open", "sheet:open", "sheet:update", "sheet:awareness", "sheet:close")
ODD = ["", " ", "\x00", "\ud800", "é" * 400, "a" * 20_001, "\u202e", "😀" * 90, "=1+1", "{{7*7}}", "<script>", "../../etc/passwd", "%s%n", "\r\nX: y",
       "NaN", "-1", "1e999", "9" * 40, "null", "true", "2026-13-45", "24:61", "0" * 24, "f" * 32]  # fmt: skip
letters = st.one_of(st.sampled_from(ODD), st.text(max_size=40))
numbers = st.one_of(st.integers(-3, 3000), st.sampled_from([2**31, 2**63, -(2**63) - 1, 10**60]))
simple = st.one_of(st.none(), st.booleans(), numbers, st.floats(), letters)
anything = st.recursive(
    simple, lambda inside: st.one_of(st.lists(inside, max_size=4), st.dictionaries(letters, inside, max_size=4)), max_leaves=6
)
METHODS = ["GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]
# Each of these starts a program that prints, or plays a whole day; they have tests of their own.
LEFT_OUT = ("compte-rendu", "affiche.pdf", "/demo")


@st.composite
def payloads(draw: st.DrawFn, played: Played) -> tuple[str, dict[str, Any]]:
    """A command's name, and a payload of its: good, with a field spoilt, dropped or added, or anything."""
    name = draw(st.sampled_from(sorted(COMMANDS)))
    way = draw(st.integers(0, 9))
    if way == 0:
        return name, draw(st.dictionaries(letters, anything, max_size=5))
    good = payload_for(COMMANDS[name], played)
    fields = sorted(COMMANDS[name].payload.model_fields)
    for field in draw(st.lists(st.sampled_from(fields), max_size=3, unique=True)) if fields and way > 5 else []:
        good[field] = draw(st.one_of(anything, letters, numbers, st.sampled_from(sorted(played.ids.values()))))
    if way == 9:
        good.pop(draw(st.sampled_from(fields)) if fields else "", None)
    return name, good


def addresses(rules: list[str], played: Played) -> st.SearchStrategy[str]:
    """Addresses of this application, their parts good or odd."""
    known = [*played.ids.values(), played.day.slug, "1", "fr", "csv", "json"]
    part = st.one_of(st.sampled_from(known), letters)
    usable = [rule for rule in rules if not any(left in rule for left in LEFT_OUT)]

    def filled(rule: str, parts: list[str]) -> str:
        pieces, rest = rule.split("/"), iter(parts)
        made = [next(rest) if piece.startswith("<") else piece for piece in pieces]
        return "/".join(played.day.slug if piece == "<slug>" and index < 3 and len(one) % 5 else one
                        for index, (piece, one) in enumerate(zip(pieces, made, strict=True)))  # fmt: skip

    return st.builds(filled, st.sampled_from(usable), st.lists(part, min_size=6, max_size=6))


@st.composite
def updates(draw: st.DrawFn) -> bytes:
    """An update of a sheet: bytes, or a good one with some bytes changed, cut or doubled."""
    if draw(st.booleans()):
        return draw(st.binary(max_size=200))
    invented: Any = draw(random_sheets)
    good = bytearray(new_document(invented))
    for _ in range(draw(st.integers(0, 4))):
        # Places are drawn from a fixed range: a good update's length is not the same each time.
        good[draw(st.integers(0, 60_000)) % len(good)] = draw(st.integers(0, 255))
    return bytes(good[: draw(st.integers(0, 60_000)) % len(good)]) if draw(st.booleans()) else bytes(good)
