"""A small server of sheets: their events over a real socket, and the editor's page under the real policy."""

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from flask import Flask, Response, render_template, request, send_from_directory
from flask_socketio import SocketIO, emit, join_room
from gevent.pywsgi import WSGIServer
from jinja2 import FileSystemLoader

from facilitation.domain import sheets
from facilitation.store.documents import Document, MalformedUpdate, new_document
from facilitation.store.updates import NO_STRUCT

HERE = Path(__file__).resolve()
PACKAGE = HERE.parents[2] / "facilitation"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class KeptSheet:
    """A sheet, the number of its last update, and the numbers given to operations."""

    def __init__(self) -> None:
        self.document = Document(new_document(sheets.forum_ouvert("fr")))
        self.known: dict[str, int] = {}
        self.number = 1
        self.closed = False
        # How often each event is still to be refused, and with which code; what no update may hold.
        self.refusals: dict[str, tuple[str, int]] = {}
        self.poison = ""
        # What it may hold, in bytes.
        self.limit = 10**9

    def refusal(self, event: str) -> dict[str, Any] | None:
        code, left = self.refusals.get(event, ("", 0))
        self.refusals[event] = (code, left - 1)
        return {"ok": False, "code": code, "text": "Renvoyez dans un instant."} if left > 0 else None


class SheetServer:
    """Sheets made on first asking, and what a test may ask of them: what they hold, and to take nothing more."""

    def __init__(self, dist: Path) -> None:
        self.dist = dist
        self.kept: defaultdict[str, KeptSheet] = defaultdict(KeptSheet)
        self.app = Flask("sheet", static_folder=None)
        self.app.jinja_loader = FileSystemLoader(PACKAGE / "templates")
        manifest = json.loads((dist / "manifest.json").read_text())
        words = self.app.jinja_env.globals
        words["asset"] = lambda name: f"/static/{manifest[name]}"
        words["language"], words["words_json"] = lambda: "fr", lambda: "{}"
        words["_"] = lambda text, **names: text % names if names else text
        for rule, view in (
            ("/static/<path:name>", self.asset),
            ("/fiche/<sheet>/<name>", self.page),
            ("/fiche/<sheet>.json", self.data),
            ("/fiche/<sheet>/lines", self.lines),
            ("/fiche/<sheet>/close/<how>", self.close),
            ("/fiche/<sheet>/refuse/<event>/<code>/<int:times>", self.refuse),
            ("/fiche/<sheet>/poison/<letter>", self.poison),
            ("/fiche/<sheet>/most/<int:size>", self.most),
            ("/static/icon.svg", lambda: ("", 204)),
        ):
            self.app.add_url_rule(rule, rule, view)
        self.app.after_request(self.guard)
        self.socketio = SocketIO(self.app, async_mode="gevent", async_handlers=False)
        for event in ("open", "update", "awareness"):
            self.socketio.on_event(f"sheet:{event}", getattr(self, f"hear_{event}"))
        self.socketio.on_event("sheet:close", lambda _asked: {"ok": True})

    def guard(self, response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    def asset(self, name: str) -> Response:
        return send_from_directory(self.dist, name)

    def page(self, sheet: str, name: str) -> str:
        config = {
            "sheet": sheet, "number": 5, "title": "Des horaires qui se parlent : train, car, école", "colour": 3,
            "room": "La Verrière", "slot": "15 h 25", "forum": "vernoue", "me": {"name": name}, "protocol": 1,
            "may": request.args.get("may", "write"), "prompts": sheets.prompts("fr"),
            "rapporteurs": ["Maëlle Kervadec", "Joseph Tessier"], "links": {"sheets": "/mes-fiches"},
        }  # fmt: skip
        return render_template("pages/sheet.html", config=config)

    def data(self, sheet: str) -> dict[str, Any]:
        return dict(self.kept[sheet].document.read())

    def lines(self, sheet: str) -> list[str]:
        return sheets.plain_lines(self.kept[sheet].document.read())

    def close(self, sheet: str, how: str) -> dict[str, Any]:
        self.kept[sheet].closed = how == "yes"
        return {}

    def refuse(self, sheet: str, event: str, code: str, times: int) -> dict[str, Any]:
        self.kept[sheet].refusals[event] = (code, times)
        return {}

    def poison(self, sheet: str, letter: str) -> dict[str, Any]:
        self.kept[sheet].poison = letter
        return {}

    def most(self, sheet: str, size: int) -> dict[str, Any]:
        self.kept[sheet].limit = size
        return {}

    def hear_open(self, asked: dict[str, Any]) -> dict[str, Any]:
        sheet = self.kept[asked["sheet"]]
        if refused := sheet.refusal("open"):
            return refused
        join_room(asked["sheet"])
        may = "read" if sheet.closed or asked["schema"] != sheets.SCHEMA else "write"
        lacking, vector = sheet.document.diff(asked["vector"]), sheet.document.vector()
        return {"ok": True, "update": lacking, "missed": b"", "number": sheet.number, "vector": vector, "may": may}

    def hear_update(self, asked: dict[str, Any]) -> dict[str, Any]:
        sheet, update = self.kept[asked["sheet"]], asked["update"]
        if sheet.closed:
            return {
                "ok": False,
                "code": "forum_closed",
                "text": "Ce forum est clos. Votre texte reste sur cet appareil.",
            }
        if refused := sheet.refusal("update"):
            return refused
        if sheet.poison and sheet.poison.encode() in update:
            return {"ok": False, "code": "bad_update", "text": "Cette modification n’a pas pu être lue."}
        if asked["id"] not in sheet.known:
            if len(sheet.document.whole()) + len(update) > sheet.limit and not update.startswith(NO_STRUCT):
                return {"ok": False, "code": "sheet_full", "text": "Cette fiche est pleine."}
            try:
                sheet.document.apply(update)
            except MalformedUpdate:
                return {"ok": False, "code": "bad_update", "text": "Cette modification n’a pas pu être lue."}
            sheet.number += 1
            sheet.known[asked["id"]] = sheet.number
            self.relay("update", asked, number=sheet.number)
        return {"ok": True, "number": sheet.known[asked["id"]]}

    def hear_awareness(self, asked: dict[str, Any]) -> dict[str, Any]:
        if "update" in asked:
            self.relay("awareness", asked)
        return {"ok": True}

    def relay(self, event: str, asked: dict[str, Any], **more: int) -> None:
        heard = {"sheet": asked["sheet"], "update": asked["update"], **more}
        emit(f"sheet:{event}", heard, to=asked["sheet"], include_self=False)


if __name__ == "__main__":
    wsgi = WSGIServer(("127.0.0.1", 0), SheetServer(Path(sys.argv[1])).app, log=None)
    wsgi.start()
    print(wsgi.server_port, flush=True)
    wsgi.serve_forever()
