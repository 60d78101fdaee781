"""What machines ask: whether it lives, whether to send it phones, and its figures. Nobody is named in them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, request

from facilitation.store.engine import AWAY
from facilitation.web.visitors import house

watching = Blueprint("watching", __name__)
TEXT = "text/plain; version=0.0.4; charset=utf-8"


@dataclass
class Gauges:
    """Figures by name, each with its kind and its meaning, read when asked. `redis` is None where there is none."""

    figures: dict[str, tuple[str, str, Callable[[], float]]] = field(default_factory=dict)
    redis: Callable[[], bool | None] = lambda: None
    is_leaving: bool = False

    def add(self, name: str, kind: str, about: str, read: Callable[[], float]) -> None:
        """Enter a figure; `kind` is gauge or counter."""
        self.figures[name] = (kind, about, read)

    def data(self) -> dict[str, float]:
        """All of them by name."""
        return {name: read() for name, (_, _, read) in self.figures.items()}

    def text(self) -> str:
        """All of them as Prometheus reads them."""
        lines = []
        for name, (kind, about, read) in self.figures.items():
            full = f"facilitation_{name}"
            lines += [f"# HELP {full} {about}", f"# TYPE {full} {kind}", f"{full} {read():g}"]
        return "\n".join(lines) + "\n"


def gauges() -> Gauges:
    """This application's figures."""
    found = current_app.extensions["gauges"]
    assert isinstance(found, Gauges)
    return found


def _can_read() -> bool:
    try:
        with house().reading() as connection:
            connection.exec_driver_sql("SELECT 1")
    except AWAY:
        return False
    return True


@watching.get("/etat")
def health() -> tuple[Response, int]:
    """The server answers and its database can be read (503 where it cannot); whether Redis is there, where it should be."""
    found: dict[str, Any] = {"ok": _can_read()}
    redis = gauges().redis()
    if redis is not None:
        found["redis"] = redis
    return jsonify(found), 200 if found["ok"] else 503


@watching.get("/etat/pret")
def ready() -> tuple[Response, int]:
    """Whether phones may be sent here: not to a process that is about to go, nor to one that cannot read its database."""
    is_ready = not gauges().is_leaving and _can_read()
    return jsonify({"ready": is_ready}), 200 if is_ready else 503


def _came_by_proxy() -> bool:
    """A proxy on this machine asks for whoever is behind it, also where nobody told us of it."""
    return any(request.headers.get(name) for name in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via", "X-Real-IP"))


@watching.get("/metrics")
def figures() -> Response:
    """The figures, for a Prometheus or its agent on this machine; nothing for the hall."""
    is_here = ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104  an address nobody has
    if _came_by_proxy() or not is_here:
        abort(404)
    return Response(gauges().text(), mimetype=TEXT)
