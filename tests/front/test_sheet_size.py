"""The editor comes at once on a slow hall's network: all that its page loads, fonts apart, is small."""

import json
import re
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "facilitation"
DIST = PACKAGE / "static" / "dist"
MOST = 190_000


def test_the_editor_weighs_at_most_190_kilobytes() -> None:
    pages = [(PACKAGE / "templates" / name).read_text() for name in ("layout.html", "pages/sheet.html")]
    manifest = json.loads((DIST / "manifest.json").read_text())
    named = {name for page in pages for name in re.findall(r"asset\(['\"]([^'\"]+)['\"]\)", page)}
    assert {"sheet.js", "sheet.css"} <= named
    loaded = {manifest[name] for name in named}
    for name in [one for one in loaded if one.endswith(".css")]:
        loaded |= {found for found in re.findall(r"url\(\"?(?:\./)?([^)\"]+)\"?\)", (DIST / name).read_text()) if "data:" not in found}
    sizes = {name: _sent(name) for name in loaded if not name.endswith(".woff2")}
    assert 100_000 < sum(sizes.values()) <= MOST, sizes


def _sent(name: str) -> int:
    packed = DIST / f"{name}.gz"
    return (packed if packed.exists() else DIST / name).stat().st_size
