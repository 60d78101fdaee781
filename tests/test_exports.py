"""The demonstration's compte-rendu, shipped in every format and made by one command."""

import json

from tools.exports import DEMO, demonstrated, names


def test_every_format_is_shipped() -> None:
    assert sorted(path.name for path in DEMO.iterdir()) == sorted(names())
    assert (DEMO / "compte-rendu.pdf").read_bytes().startswith(b"%PDF")


def test_what_is_shipped_is_the_demonstration_of_today() -> None:
    made, shipped = demonstrated(), json.loads((DEMO / "compte-rendu.json").read_text())
    assert made["forum"]["title"] == shipped["forum"]["title"]
    assert made["edition"]["number"] == shipped["edition"]["number"] == 1
    told = ("topics", "vote", "workshops", "engagements", "people")
    assert {name: words(made[name]) for name in told} == {name: words(shipped[name]) for name in told}


def words(part: object) -> str:
    return json.dumps(part, ensure_ascii=False, sort_keys=True)
