"""The words of the button that moves the day: in the reader's language, whoever named the moment."""

import pytest

from facilitation.app import Application
from facilitation.web.passages import passage
from facilitation.web.words import LANGUAGES, moment_titles, speaking


@pytest.mark.parametrize(
    ("language", "kind", "title", "said"),
    [
        ("fr", "vote", "Vote", "Passer au vote"),
        ("en", "market", "Place du marché", "Go to the marketplace"),
        ("fr", "market", "Marketplace", "Passer à la place du marché"),
        ("fr", "workshops", "Ateliers 2", "Passer aux ateliers 2"),
        ("en", "workshops", "Ateliers 2", "Go to the workshops 2"),
        ("fr", "workshops", "Workshops", "Passer aux ateliers"),
        ("fr", "workshops", "Ateliers de l’après-midi", "Passer à «\u202fAteliers de l’après-midi\u202f»"),
        ("en", "meal", "Banquet", "Go to “Banquet”"),
        ("fr", "meal", "Pause", "Passer à «\u202fPause\u202f»"),
        ("fr", "meal", "Repas 2", "Passer à «\u202fRepas 2\u202f»"),
        ("fr", "break", "", "Passer à la pause"),
    ],
)  # fmt: skip
def test_a_usual_title_is_said_as_this_reader_says_it(application: Application, language: str, kind: str, title: str, said: str) -> None:
    with application.flask.app_context(), speaking(language):
        assert passage(kind, title).replace("\u00a0", " ") == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_usual_title_is_quoted(application: Application, language: str) -> None:
    with application.flask.app_context():
        for named in LANGUAGES:
            with speaking(named):
                titles = moment_titles()
            with speaking(language):
                assert [title for kind, title in titles.items() if "«" in passage(kind, title) or "“" in passage(kind, title)] == []
