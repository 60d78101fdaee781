"""The sentences to translate: read from the sources, merged into each language, compiled. `--check` only compares."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from os import PathLike
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
TRANSLATIONS = ROOT / "facilitation" / "translations"
SOURCES = [
    ("facilitation/**.py", "python"),
    ("facilitation/templates/**.html", "jinja2"),
    ("facilitation/templates/**.txt", "jinja2"),
    ("facilitation/static/src/**.js", "javascript"),
]
# `word` and `words` are the pages', `t` and `n` the scripts'.
KEYWORDS = DEFAULT_KEYWORDS | {
    "word": None,
    "words": (1, 2),
    "t": None,
    "n": (1, 2),
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
HEADER = "# The sentences of facilitation; the message is the French one."
IDLE = ('"Project-Id-Version:', '"Report-Msgid-Bugs-To:', '"Last-Translator:', '"Language-Team:', '"Generated-By:')
NARROW_SPACES = "\u00a0\u202f"
# Files must not change because the day did.
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)


def read_sources(root: Path = ROOT) -> Catalog:
    catalog = Catalog(charset="utf-8")
    found = extract_from_dir(root, SOURCES, keywords=KEYWORDS, comment_tags=("Words:",), directory_filter=is_ours)
    for filename, line, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalog.add(message, None, [(filename, line)], auto_comments=comments, context=context)
    return catalog


def is_ours(folder: str | PathLike[str]) -> bool:
    name = Path(folder).name
    return name not in {"node_modules", "dist"} and not name.startswith(".")


def read_language(language: str, folder: Path = TRANSLATIONS) -> Catalog:
    path = folder / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as po:
        return read_po(po, locale=language)


def merged(language: str, sources: Catalog, known: Catalog) -> Catalog:
    """The language's catalogue, brought up to date. French holds only plurals: its other sentences are the messages."""
    catalog = Catalog(
        locale=language,
        header_comment=HEADER,
        charset="utf-8",
        creation_date=WRITTEN,
        revision_date=WRITTEN,
        fuzzy=False,
    )
    for message in messages_of(sources):
        if language == "fr" and not message.pluralizable:
            continue
        former = known.get(message.id, message.context)
        words = message.id if language == "fr" else former.string if former and not former.fuzzy else None
        catalog.add(
            message.id,
            words,
            message.locations,
            message.flags,
            message.auto_comments,
            former.user_comments if former else (),
            context=message.context,
        )
    return catalog


def messages_of(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def faults_of(catalog: Catalog) -> list[str]:
    """What a reader of this language would stumble on, one line each."""
    faults = []
    for message in messages_of(catalog):
        strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
        if not all(strings):
            faults.append(f"{catalog.locale}: not translated: {message.id!r}")
        else:
            faults += [f"{catalog.locale}: {error}: {message.id!r}" for error in message.check(catalog)]
        if any(space in str(message.id) for space in NARROW_SPACES):
            faults.append(f"{catalog.locale}: write ordinary spaces, they are narrowed on output: {message.id!r}")
    return faults


def as_po(catalog: Catalog) -> bytes:
    buffer = BytesIO()
    write_po(buffer, catalog, width=120, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(IDLE)).encode()


def as_mo(po: bytes) -> bytes:
    buffer = BytesIO()
    write_mo(buffer, read_po(BytesIO(po)))
    return buffer.getvalue()


def for_scripts(catalog: Catalog) -> bytes:
    """The sentences scripts use, by their French (plurals by their singular), as pages hand them over."""
    found: dict[str, str | list[str]] = {}
    for message in messages_of(catalog):
        if any(str(place).endswith(".js") for place, _ in message.locations):
            key = message.id[0] if message.pluralizable else message.id
            found[str(key)] = list(message.string or ()) if message.pluralizable else str(message.string)
    return (json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def files(root: Path = ROOT, folder: Path = TRANSLATIONS) -> tuple[dict[Path, bytes], list[str]]:
    """What each file should hold, and the faults of the languages."""
    sources = read_sources(root)
    wanted, faults = {}, []
    for language in ("fr", "en"):
        catalog = merged(language, sources, read_language(language, folder))
        faults += faults_of(catalog)
        place = folder / language / "LC_MESSAGES"
        wanted[place / "messages.po"] = as_po(catalog)
        wanted[place / "messages.mo"] = as_mo(wanted[place / "messages.po"])
        if language != "fr":
            wanted[folder / language / "scripts.json"] = for_scripts(catalog)
    return wanted, faults


def main() -> int:
    wanted, faults = files()
    for path, content in wanted.items():
        if path.exists() and path.read_bytes() == content:
            continue
        if "--check" in sys.argv:
            faults.append(f"{path.relative_to(ROOT)} is not up to date: run `make words`")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
