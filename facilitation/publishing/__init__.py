"""The publishing floor: what was said becomes a book, a web page, a QR code or a poster."""
