"""Pictures drawn once more, whatever their file was, so that a picture is all they can be."""

import base64
import binascii
import io
import warnings

from PIL import Image


def opened(data: str, kind: str, largest: int) -> Image.Image | None:
    """The picture of a base64 text as RGB on white; None where it is not of this kind ("PNG", "JPEG") or larger than was kept."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(base64.b64decode(data, validate=True)), formats=(kind,)) as image:
                if max(image.size) > largest:
                    return None
                seen = image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Warning, binascii.Error, Image.DecompressionBombError):
        return None
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen)
    return ground


def mime(data: bytes) -> str:
    """What a picture of ours is to a browser."""
    return "image/jpeg" if data.startswith(b"\xff\xd8") else "image/png"


def inside(data: bytes) -> str:
    """An address that holds the picture itself."""
    return f"data:{mime(data)};base64,{base64.b64encode(data).decode('ascii')}"
