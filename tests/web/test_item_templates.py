"""An item's root element carries the item's id and no other, so that messages find it again."""

import re
from pathlib import Path

import pytest

ITEMS = sorted((Path(__file__).parents[2] / "facilitation" / "templates" / "items").glob("*.html"))


@pytest.mark.parametrize("path", ITEMS, ids=lambda path: path.stem)
def test_the_root_has_the_items_id_alone(path: Path) -> None:
    template = path.read_text(encoding="utf-8")
    places = [found.start() for found in re.finditer(r"{{ here }}", template)]
    assert places != []
    roots = [re.split(r"<(?=[a-z])", template[:place])[-1] for place in places]
    assert [root for root in roots if re.search(r"\sid=", root)] == []
