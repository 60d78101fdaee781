"""The address people type and scan: the one that was set, or the one this machine has on the room's network."""

import socket
from urllib.parse import urlsplit

from flask import current_app, request

LOCAL = frozenset({"localhost", "0.0.0.0", "::1", "::"})  # noqa: S104  names no phone of the room could reach


def local_address() -> str:
    """This machine's address on the local network, as phones reach it; found without sending anything."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def public_address() -> str:
    """Scheme, name and port, without a slash at the end. A forum's short address follows it."""
    settings = current_app.config["SETTINGS"]
    if settings.address:
        return str(settings.address).rstrip("/")
    asked = urlsplit(request.host_url)
    name = asked.hostname or ""
    if name not in LOCAL and not name.startswith("127."):
        return request.host_url.rstrip("/")
    port = f":{asked.port}" if asked.port else ""
    return f"{asked.scheme}://{local_address()}{port}"


def inside(wished: str, fallback: str = "/") -> str:
    """A path of this server as it was wished; whatever a browser could read as another address becomes `fallback`."""
    is_path = wished.startswith("/") and not wished.startswith("//")
    return wished if is_path and wished.isprintable() and "\\" not in wished else fallback


def shown(address: str) -> str:
    """An address as it is read aloud: without its scheme."""
    return address.removeprefix("https://").removeprefix("http://")
