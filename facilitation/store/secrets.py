"""Ids, tokens and codes: random, and kept only as hashes."""

import hashlib
import hmac
import secrets

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_id() -> str:
    """A random global id of 96 bits; not a secret."""
    return secrets.token_hex(12)


def new_token() -> str:
    """A bearer secret of 160 bits, safe in an address."""
    return secrets.token_urlsafe(20)


def new_code(length: int = 6) -> str:
    """A short code people read aloud: no letter that looks like another."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def fingerprint(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def seal(key: bytes, text: str) -> str:
    """A keyed signature of `text`, 128 bits, hex."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def digest(text: str) -> str:
    """A plain digest of a payload, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def codes_of(batch: str, count: int) -> list[str]:
    """So many codes of twelve letters (59 bits) to print, the same each time for the same batch."""
    return [_letters(int(seal(batch.encode(), str(index)), 16), 12) for index in range(count)]


def short_code(secret: str) -> str:
    """Six letters to read aloud, derived from a sealed secret in hex."""
    return _letters(int(secret, 16), 6)


def _letters(number: int, length: int) -> str:
    found = []
    for _ in range(length):
        number, index = divmod(number, len(LETTERS))
        found.append(LETTERS[index])
    return "".join(found)
