"""Binary messages for a room whose members came by different ways: each gets the form that its way needs.

python-engineio keeps a packet's first encoding for all its receivers, bytes for WebSocket or base64 for long polling. Where
both sit in one room, the second kind got the first kind's form: an error 500, or a message that could not be read.
"""

from typing import Any

from engineio.packet import Packet

_encode = Packet.encode


def _encode_for_its_way(packet: Any, b64: bool = False) -> Any:  # noqa: FBT001, FBT002  the signature is engineio's
    if packet.binary:
        packet.encode_cache = None
    return _encode(packet, b64=b64)


def install() -> None:
    """Make engine.io encode binary packets anew for each receiver."""
    Packet.encode = _encode_for_its_way
