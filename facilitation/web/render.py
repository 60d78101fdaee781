"""Items and pages as HTML: an item's HTML is written once, in templates/items, for first page and for news."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any

from flask import Flask, current_app, g, render_template, request
from gevent.lock import BoundedSemaphore
from markupsafe import Markup, escape

from facilitation import PROTOCOL
from facilitation.domain.ring import dots, seats
from facilitation.domain.roles import Actor, Role
from facilitation.domain.votes import place
from facilitation.publishing.sheet_html import blocks_html
from facilitation.services.aside import breathe
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, build_screen, order
from facilitation.store.columns import Row
from facilitation.web.visitors import form_token, house, is_kiosk
from facilitation.web.words import language, script_words, speaking, typeset

PLACE = f"op-{secrets.token_hex(12)}"
# Some 1.6 kB each, key and HTML: 8 MB of items at most.
MOST_CACHED = 5000
MOST_SCREENS = 500
MOST_PARTS = 2000
# Seconds of making items before whoever waits for an answer has a turn.
BREATH = 0.01
Rendered = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """One screen in one language at a version: its items, and as they are rendered, both by id."""

    version: int
    items: dict[str, Item]
    rendered: dict[str, Rendered]
    _filled: dict[int | None, dict[str, Markup]] = field(default_factory=dict)

    def slots(self, shuffle: int | None = None) -> dict[str, Markup]:
        """What a page puts into each slot; the ballot in the order of one of the shuffles, where one is given."""
        if None not in self._filled:
            self._filled[None] = {slot: self._joined(slot) for slot in {one["slot"] for one in self.rendered.values()}}
        base = self._filled[None]
        if shuffle is None or "ballot" not in base:
            return base
        if shuffle not in self._filled:
            self._filled[shuffle] = {**base, "ballot": self._joined("ballot", lambda at: order(place(int(at), shuffle)))}
        return self._filled[shuffle]

    def _joined(self, slot: str, where: Callable[[str], str] = str) -> Markup:
        rows = [(where(one["at"]), one["id"], one["html"]) for one in self.rendered.values() if one["slot"] == slot]
        return Markup("\n".join(html for _, _, html in sorted(rows)))  # noqa: S704  made by templates


class Renderer:
    """Renders items, each once per language and content."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._done: dict[tuple[str, ...], str] = {}
        self._screens: dict[tuple[str, str, str], Shown] = {}
        self._making: dict[tuple[str, str, str], BoundedSemaphore] = {}

    def screen(self, forum: Forum, name: str, lang: str) -> dict[str, Rendered]:
        """A screen's items, built once per version: a herd that comes in gets the same ones. Raises NO_SCREEN.

        An item that is as it was is the very object it was the version before.
        """
        return self.shown(forum, name, lang).rendered

    def shown(self, forum: Forum, name: str, lang: str) -> "Shown":
        """The same with what it was made from, and what pages make of it."""
        key = (forum.event["id"], name, lang)
        known = self._screens.get(key)
        if known is not None and known.version == forum.version:
            return known
        # Making takes breath: those who come meanwhile wait for it rather than make the same.
        with self._making.setdefault(key, BoundedSemaphore(1)):
            known = self._screens.get(key)
            if known is not None and known.version == forum.version:
                return known
            made = self._built(forum.version, build_screen(forum, name), lang, known)
            if known is None or known.version < forum.version:
                self._keep(key, made)
            return made

    def _keep(self, key: tuple[str, str, str], made: "Shown") -> None:
        if len(self._screens) > MOST_SCREENS:
            self._screens.clear()
            self._making.clear()
        self._screens[key] = made

    def items(self, items: list[Item], lang: str) -> dict[str, Rendered]:
        """Items by id, as messages carry them; in the language `data`, their data instead of HTML."""
        return self._built(0, items, lang, None).rendered

    def _built(self, version: int, items: list[Item], lang: str, before: "Shown | None") -> "Shown":
        made, rendered = {item.id: item for item in items}, {}
        if before is not None and before.items == made:
            return replace(before, version=version)
        had, was = (before.items, before.rendered) if before is not None else ({}, {})
        with self._app.app_context(), speaking(None if lang == "data" else lang):
            began = perf_counter()
            for item_id, item in made.items():
                rendered[item_id] = was[item_id] if had.get(item_id) == item else self._rendered(item, lang)
                if perf_counter() > began + BREATH:
                    breathe()
                    began = perf_counter()
        return Shown(version, made, rendered)

    def _rendered(self, item: Item, lang: str) -> Rendered:
        about = {"id": item.id, "slot": item.slot, "at": item.at}
        return {**about, "kind": item.kind, "data": item.data} if lang == "data" else {**about, "html": self.html(item, lang)}

    def html(self, item: Item, lang: str) -> str:
        """One item's HTML, its root completed with id and sort key."""
        key = (item.kind, lang, item.id, item.at, json.dumps(item.data, sort_keys=True, ensure_ascii=False))
        known = self._done.get(key)
        if known is None:
            here = Markup('id="{}" data-at="{}"').format(item.id, item.at)
            template = self._app.jinja_env.get_template(f"items/{item.kind}.html")
            known = template.render(**item.data, item_id=item.id, here=here, op_place=PLACE).strip()
            if len(self._done) > MOST_CACHED:
                self._done.clear()
            self._done[key] = known
        return known


def screen_page(
    template: str, event: Row, actor: Actor, screen: str, me: Row | None = None, forum: Forum | None = None, **more: Any
) -> str:
    """A page that shows a screen and stays live: its first content is what messages would bring.

    `me` is the reader's own screen and `forum` the forum, where they have been read already.
    """
    forum = forum or house().forum(event["id"])
    renderer = current_app.extensions["renderer"]
    shown: Shown = renderer.shown(forum, screen, language())
    person = actor.participant_id if Role.VISITOR not in actor.roles else None
    me = me or (house().own(forum, [person])[person] if person else None)
    live = {
        "forum": event["slug"], "screen": screen, "version": forum.version, "lang": language(), "protocol": PROTOCOL,
        "device": person is not None, "now": house().clock().isoformat(), "me": me,
        "op": PLACE,
    }  # fmt: skip
    slots = shown.slots(me["shuffle"] if me is not None else None)
    return page(template, forum=forum, slots=slots, live=live, me=me, **more)


def page(template: str, **context: Any) -> str:
    """A whole page; every plain form in it gets this device's own token."""
    html = render_template(template, **context)
    event = getattr(g, "event", None)
    return html.replace(PLACE, form_token(event["slug"] if event is not None else ""))


def common(template: str, macro: str, *about: Any) -> Markup:
    """What a macro makes of plain data that is nobody's own, kept: it may hang on it, the language and the forum's address."""
    event = getattr(g, "event", None)
    parts: dict[tuple[str, ...], Markup] = current_app.extensions["kept_parts"]
    key = (template, macro, json.dumps(about), language(), event["slug"] if event is not None else "")
    found = parts.get(key)
    if found is None:
        if len(parts) > MOST_PARTS:
            parts.clear()
        made = getattr(current_app.jinja_env.get_template(template).module, macro)
        found = parts[key] = Markup(made(*about))  # noqa: S704  a macro escapes as templates do
    return found


def block(value: Any) -> Markup:
    """Data for scripts, safe inside a <script type="application/json">."""
    text = json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")
    return Markup(text)  # noqa: S704  escaped above


def install(app: Flask) -> Renderer:
    """Put the renderer and what templates call onto the app."""
    renderer = Renderer(app)
    app.extensions["renderer"], app.extensions["kept_parts"] = renderer, {}
    app.jinja_env.globals.update(
        asset=asset, block=block, common=common, dots=dots, seats=seats, op_place=PLACE, words_json=_words_json,
        event_of=lambda: getattr(g, "event", None), actor_of=lambda: getattr(g, "actor", None), path_of=lambda: request.path,
        at_kiosk=lambda: getattr(g, "event", None) is not None and is_kiosk(g.event["slug"]),
    )  # fmt: skip
    app.jinja_env.filters["blocks"] = blocks
    return renderer


def blocks(found: list[dict[str, Any]], heading: int = 3) -> Markup:
    """Pieces of a sheet as HTML, typeset for this reader; `heading` is the level of a sub-heading."""
    return blocks_html(found, lambda text: escape(typeset(text)), heading)


def _words_json() -> Markup:
    return Markup(script_words(language()).replace("<", "\\u003c"))  # noqa: S704


def asset(name: str) -> str:
    """The address of a built front-end file."""
    app = current_app
    manifest = app.extensions.get("manifest")
    if manifest is None or app.debug:
        path = Path(app.root_path) / "static" / "dist" / "manifest.json"
        manifest = app.extensions["manifest"] = json.loads(path.read_text(encoding="utf-8"))
    return f"/static/dist/{manifest[name]}"


