"""Writing a document: whole or not at all."""

import os
import tempfile
from pathlib import Path


def write(out: Path, made: bytes) -> None:
    """Beside its place, flushed, then renamed. Raises OSError, and then `out` is as it was."""
    handle, beside = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o644)
        Path(beside).replace(out)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise
