"""The log as one JSON object a line, where a setting asks for it. Nobody is named in it: neither people nor addresses nor links.

What is said is a sentence of the code; what fills its gaps is only told of our own sentences, which hold no personal data, and of
an error its kind and where it happened, never its words: they may quote what somebody wrote.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import gevent

OURS = "facilitation"
DEEPEST = 12
LOG = logging.getLogger(OURS)


class Lines(logging.Formatter):
    """`at` (UTC), `level`, `from`, `said`, and where there is more: `with`, `figures`, `error`, `where`."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(), "from": record.name, "said": _said(record),
        }  # fmt: skip
        if record.name == OURS and isinstance(record.args, tuple) and record.args:
            told["with"] = [str(one) for one in record.args]
        if (figures := getattr(record, "figures", None)) is not None:
            told["figures"] = figures
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = record.exc_info[0].__name__
            told["where"] = _frames(record.exc_info[2])
        return json.dumps(told, ensure_ascii=False)


def _said(record: logging.LogRecord) -> str:
    """Another library may have filled its sentence already, with whatever it was asked."""
    return str(record.msg) if record.name == OURS or record.args else "another library complained"


def install() -> None:
    """From now on, everything goes to standard error that way; errors nobody waits for too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    LOG.setLevel(logging.INFO)
    gevent.get_hub().print_exception = _unawaited


def _unawaited(
    _context: object, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
) -> None:
    if kind is not None and error is not None:
        LOG.error("unexpected error in a greenlet", exc_info=(kind, error, where))


def _frames(where: TracebackType | None) -> list[str]:
    return [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in traceback.extract_tb(where)[-DEEPEST:]]
