"""« Essayer la démonstration »: one invented forum an instance, played afresh when the last one is of another day."""

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, redirect, request
from gevent.lock import BoundedSemaphore
from werkzeug.wrappers import Response

from facilitation.store.columns import Row
from facilitation.store.identity import demo_event
from facilitation.web.visitors import check_origin, house

if TYPE_CHECKING:
    from collections.abc import Callable

    from facilitation.services.creation import Created

demo = Blueprint("demo", __name__)
FRESH = timedelta(hours=3)
PLAY = "play_demo"
_one_at_a_time = BoundedSemaphore(1)


def _playing() -> Row | None:
    with house().reading() as connection:
        found = demo_event(connection)
    fresh = found is not None and found["moment_since"] is not None and house().clock() - found["moment_since"] < FRESH
    return found if fresh else None


@demo.post("/demo")
def try_it() -> Response:
    """Open the demonstration, playing it first if need be."""
    check_origin(request)
    with _one_at_a_time:
        found = _playing()
        if found is not None:
            return redirect(f"/f/{found['slug']}", 303)
        play: Callable[[], Created] = current_app.extensions[PLAY]
        return redirect(f"/f/{play().slug}", 303)
