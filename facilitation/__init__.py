"""facilitation runs a forum ouvert, from the QR code to the compte-rendu."""

__version__ = "0.1.0"
PROTOCOL = 2
