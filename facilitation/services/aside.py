"""Work that keeps a core or a disk busy goes to a thread of its own, so that others are served meanwhile."""

from collections.abc import Callable
from typing import Any, TypeVar

import gevent

T = TypeVar("T")


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
