"""docs/security.md names a test for every defence; every test it or docs/reliability.md names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE, RELIABILITY = ((ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("security", "reliability"))


def test_every_test_it_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE + RELIABILITY))
    written = {name for path in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)}
    assert len(named) > 90
    assert sorted(named - written) == []


def test_every_defence_has_its_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and line.count("|") == 4 and not line.startswith(("| threat", "| who"))]
    threats = [row for row in rows if PAGE.index(row) > PAGE.index("## Who you are")]
    assert len(threats) > 25
    assert [row for row in threats if "`test_" not in row.rsplit("|", 2)[1]] == []
