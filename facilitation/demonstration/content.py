"""The invented forum as data: a case, and what a case does not say (names, rooms, who joins whom)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facilitation.rehearsal.cases import Case, check_case

FILE = Path(__file__).parent / "content.json"


@dataclass(frozen=True)
class Content:
    """The case, and the same data raw."""

    case: Case
    raw: dict[str, Any]

    def author(self, topic: int) -> str:
        """Who proposed the topic at this place in the list; empty where nobody said."""
        return str(self.raw["topics"][topic]["by"])

    def names(self) -> dict[str, str]:
        """Everybody who gave a name, with their organisation."""
        found = {said["person"]: said["organisation"] for said in self.raw["engagements"]}
        others = [topic["by"] for topic in (*self.raw["topics"], *self.raw["late_topics"])]
        others += [name for workshop in self.raw["workshops"] for name in workshop["rapporteurs"]]
        for name in (*others, *self.raw["people"]):
            found.setdefault(name, "")
        return {name: organisation for name, organisation in found.items() if name}


def read_content() -> Content:
    """The demonstration's content."""
    raw = json.loads(FILE.read_text("utf-8"))
    return Content(check_case(raw, FILE.name), raw)
