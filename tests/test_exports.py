"""The demonstration's compte-rendu, shipped in every format and made by one command."""

import json
from pathlib import Path

from tools.exports import DEMO, names, write


def test_every_format_is_shipped() -> None:
    assert sorted(path.name for path in DEMO.iterdir()) == sorted(names())


def test_one_command_makes_them(tmp_path: Path) -> None:
    write(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names())
    assert (tmp_path / "compte-rendu.pdf").read_bytes().startswith(b"%PDF")
    made, shipped = (json.loads((folder / "compte-rendu.json").read_text()) for folder in (tmp_path, DEMO))
    assert made["forum"]["title"] == shipped["forum"]["title"]
    assert shipped["edition"]["number"] == 1
    assert len(made["engagements"]) == len(shipped["engagements"]) > 10
