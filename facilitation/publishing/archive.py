"""ZIP files that are the same bytes whenever they are made from the same content."""

import io
import zipfile
from collections.abc import Mapping

_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def packed(files: Mapping[str, bytes], plain: tuple[str, ...] = ()) -> bytes:
    """`files` by name, in their order; those in `plain` are not compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_STORED if name in plain else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return out.getvalue()


def repacked(data: bytes, plain: tuple[str, ...] = ()) -> bytes:
    """A ZIP made by a library, without the hour at which it was made."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed({entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}, plain)
