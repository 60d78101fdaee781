"""What people typed, cleaned without changing what they said."""

import re
import unicodedata

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
TITLE_MOST = 300
TEXT_MOST = 4000
NAME_MOST = 80


def line(text: str) -> str:
    """One line: composed accents, no control or direction-override characters, single spaces."""
    return " ".join(CONTROL.sub(" ", unicodedata.normalize("NFC", text.replace("\n", " ").replace("\t", " "))).split())


def paragraphs(text: str) -> str:
    """Several lines, each cleaned, at most one empty line in a row."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [CONTROL.sub(" ", one).rstrip() for one in composed.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def slug(text: str) -> str:
    """Letters and digits of `text`, fit for a short address; may be empty."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe")).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    meaningful = [word for word in words if len(word) > 3] or words
    return "-".join(meaningful[:2])[:24].strip("-")
