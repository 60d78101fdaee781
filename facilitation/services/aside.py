"""Work that keeps a core or a disk busy lets others be served meanwhile: it goes to a thread of its own, or breathes."""

from collections.abc import Callable
from typing import Any, TypeVar

import gevent

T = TypeVar("T")
# Seconds. Not 0: of those who sleep for no time at all, gevent resumes fifty before it looks at the network once.
BREATH = 1e-6


def aside(function: Callable[..., T], *args: Any) -> T:
    """What the function returns, once it has; raises what it raises."""
    result, error = gevent.get_hub().threadpool.apply(_tried, (function, args))
    if error is not None:
        raise error
    found: T = result
    return found


def _tried(function: Callable[..., T], args: tuple[Any, ...]) -> tuple[T | None, Exception | None]:
    """An error travels as a result: gevent prints a page for each that is raised in its threads, expected or not."""
    try:
        return function(*args), None
    except Exception as error:  # noqa: BLE001  raised where somebody waits for it
        return None, error


def breathe() -> None:
    """Let those go first to whom something has come: from the network, from the thread that commits, from a timer."""
    gevent.sleep(BREATH)
