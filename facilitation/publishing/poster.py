"""The A4 poster for the door, in black and white: the Wi-Fi to join, then the forum."""

from dataclasses import dataclass

from facilitation.publishing import pages, qr
from facilitation.publishing.pdf import pdf
from facilitation.publishing.words import Words


@dataclass(frozen=True)
class Wifi:
    name: str
    password: str = ""
    hidden: bool = False


def poster(title: str, address: str, language: str = "fr", wifi: dict[str, str] | None = None) -> bytes:
    """A PDF; `address` is what the second code holds, `wifi` is {"name", "password"} or None for one code only."""
    words = Words(language)
    network = Wifi(wifi["name"], wifi.get("password", ""), hidden=bool(wifi.get("hidden"))) if wifi else None
    payload = qr.wifi(network.name, network.password, hidden=network.hidden) if network else ""
    html = pages.environment().get_template("poster.html").render(
        language=language,
        title=title,
        address=address,
        shown_address=address.removeprefix("https://").removeprefix("http://").rstrip("/"),
        wifi=network,
        wifi_code=qr.svg(payload, words.bare(network.name)) if network else "",
        forum_code=qr.svg(address, address),
        words=words,
        size=pages.size,
        shortened=pages.shortened,
        _=words._,
    )
    return pdf(html, "poster.css")
