"""What people typed, cleaned without changing what they said."""

import re
import unicodedata

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
# Kinds of characters that leave no ink of their own, and letters that are blank.
UNSEEN = frozenset({"Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp"})
BLANK = "\u115f\u1160\u2800\u3164\uffa0"
TITLE_MOST = 300
TEXT_MOST = 4000
NAME_MOST = 80


def line(text: str) -> str:
    """One line: composed accents, no control or direction-override characters, single spaces; empty if none is seen."""
    composed = unicodedata.normalize("NFC", text.replace("\n", " ").replace("\t", " "))
    return _seen(" ".join(CONTROL.sub(" ", composed).split()))


def paragraphs(text: str) -> str:
    """Several lines, each cleaned, at most one empty line in a row; empty if nothing is seen."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [CONTROL.sub(" ", one).rstrip() for one in composed.split("\n")]
    return _seen(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip())


def _seen(text: str) -> str:
    return text if any(char not in BLANK and unicodedata.category(char) not in UNSEEN for char in text) else ""


def slug(text: str) -> str:
    """Letters and digits of `text`, fit for a short address; may be empty."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe")).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    meaningful = [word for word in words if len(word) > 3] or words
    return "-".join(meaningful[:2])[:24].strip("-")
