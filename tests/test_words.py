"""No sentence lacks its English, and the compiled files are those of the sources."""

import gettext
import json
from pathlib import Path

from tools import words

SOURCE = """
from flask_babel import gettext, lazy_gettext, ngettext
WAITING = lazy_gettext("Le mur vous attend.")
def count(n: int) -> str:
    return ngettext("%(num)s gommette posée", "%(num)s gommettes posées", n) + gettext("Bonjour %(name)s", name="Awa")
"""
ENGLISH = r"""
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\n"

msgid "Le mur vous attend."
msgstr "The wall is waiting for you."

msgid "%(num)s gommette posée"
msgid_plural "%(num)s gommettes posées"
msgstr[0] "%(num)s dot placed"
msgstr[1] "%(num)s dots placed"

msgid "Bonjour %(name)s"
msgstr "Hello %(name)s"

msgid "Phrase disparue"
msgstr "A sentence that is gone"
"""


def project(folder: Path, english: str) -> tuple[dict[Path, bytes], list[str]]:
    """A project of one source file, with its English so far."""
    package = folder / "facilitation"
    place = package / "translations" / "en" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (package / "count.py").write_text(SOURCE)
    (place / "messages.po").write_text(english)
    return words.files(folder, package / "translations")


def test_every_sentence_has_its_english() -> None:
    assert words.files()[1] == []


def test_committed_files_are_those_of_the_sources() -> None:
    wanted, _ = words.files()
    assert [str(path) for path, content in wanted.items() if not path.exists() or path.read_bytes() != content] == []


def test_a_whole_translation_has_no_faults(tmp_path: Path) -> None:
    wanted, faults = project(tmp_path, ENGLISH)
    assert faults == []
    assert [path.name for path, content in wanted.items() if b"Phrase disparue" in content] == []


def test_a_missing_translation_is_named(tmp_path: Path) -> None:
    _, faults = project(tmp_path, ENGLISH.replace("Hello %(name)s", ""))
    assert faults == ["en: not translated: 'Bonjour %(name)s'"]


def test_a_lost_placeholder_is_named(tmp_path: Path) -> None:
    _, faults = project(tmp_path, ENGLISH.replace("Hello %(name)s", "Hello %(nom)s"))
    assert len(faults) == 1
    assert faults[0].endswith("'Bonjour %(name)s'")


def test_scripts_get_only_their_own_sentences(tmp_path: Path) -> None:
    scripts = tmp_path / "facilitation" / "static" / "src"
    scripts.mkdir(parents=True)
    (scripts / "wall.js").write_text('label(gettext("Le mur vous attend."));')
    wanted, _ = project(tmp_path, ENGLISH)
    told = next(content for path, content in wanted.items() if path.name == "scripts.json")
    assert json.loads(told) == {"Le mur vous attend.": "The wall is waiting for you."}


def test_french_says_zero_in_the_singular(tmp_path: Path) -> None:
    wanted, _ = project(tmp_path, ENGLISH)
    compiled = next(path for path in wanted if path.match("fr/LC_MESSAGES/messages.mo"))
    compiled.parent.mkdir(parents=True)
    compiled.write_bytes(wanted[compiled])
    with compiled.open("rb") as mo:
        french = gettext.GNUTranslations(mo)
    said = [french.ngettext("%(num)s gommette posée", "%(num)s gommettes posées", n) % {"num": n} for n in (0, 1, 2)]
    assert said == ["0 gommette posée", "1 gommette posée", "2 gommettes posées"]
