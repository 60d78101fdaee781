"""What one phone's screen shows, kept from whole screens and from news by the rule that browsers follow."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import Any

from facilitation.domain.typography import plain

_TAG = re.compile(r"<[^>]*>")
_PART = re.compile(r'(<([a-z]+)\b[^<>]*\sdata-part="([a-z]+)"[^<>]*>)(.*?)(?=</\2>)', re.DOTALL)


@dataclass
class Screen:
    """Items by id. `heard` keeps every message with the instant it came, where somebody watches."""

    name: str = ""
    version: int = -1
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    me: dict[str, Any] = field(default_factory=dict)
    heard: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    watched: bool = False
    back: float = 1.0
    _me_at: int = -1

    def open(self, answer: dict[str, Any], at: float) -> None:
        """Take the answer to `screen:open`."""
        self.version = answer["version"]
        self.back = answer.get("back", self.back)
        if answer.get("items") is not None:
            self.items = {item["id"]: item for item in answer["items"]}
            self._note(at, {"put": answer["items"]})
        if answer.get("me") is not None:
            self.hear_me({"to": answer["at"], "me": answer["me"]}, at)

    def hear(self, news: dict[str, Any], at: float) -> bool:
        """Take news; False where something was missed and the screen has to be opened again."""
        self.back = news.get("back", self.back)
        if news["screen"] != self.name or news["to"] <= self.version:
            return True
        if news["from"] > self.version:
            return False
        self.version = news["to"]
        for item in news["put"]:
            self.items[item["id"]] = item
        for item_id in news["drop"]:
            self.items.pop(item_id, None)
        for item_id, parts in news["set"].items():
            self.items[item_id] = {**self.items[item_id], "html": _filled(self.items[item_id]["html"], parts)}
        self._note(at, news)
        return True

    def hear_me(self, message: dict[str, Any], _at: float) -> None:
        """Take what is this person's own, always whole."""
        if message["to"] >= self._me_at:
            self._me_at = message["to"]
            self.me = message["me"]

    def words(self) -> list[str]:
        """The words of each item."""
        return [words_of(item.get("html", "")) for item in self.items.values()]

    def _note(self, at: float, news: dict[str, Any]) -> None:
        if self.watched:
            self.heard.append((at, news))


def _filled(html: str, parts: dict[str, str]) -> str:
    """An item's HTML with these contents in its marked parts."""
    return _PART.sub(lambda found: found[1] + parts.get(found[3], found[4]), html)


@lru_cache(maxsize=20_000)
def words_of(html: str) -> str:
    """The words in an item's HTML, with ordinary spaces and apostrophes."""
    return plain(unescape(_TAG.sub(" ", html)))
