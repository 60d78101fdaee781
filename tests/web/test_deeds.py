"""Every command that can be taken back has its sentence."""

from flask import Flask

from facilitation.services.table import COMMANDS
from facilitation.web.deeds import DEEDS, OTHERWISE, deed
from tests.playing import Day


def said(app: Flask, command: str, **about: object) -> str:
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        return deed(command, "Ana Pires", 15 * 60 + 47, about).replace("\u202f", " ").replace("\u00a0", " ")


def test_every_undoable_command_is_worded() -> None:
    assert set(DEEDS) == {name for name, spec in COMMANDS.items() if spec.undoable}
    assert set(OTHERWISE) <= set(DEEDS)


def test_a_deed_says_who_what_and_when(day: Day) -> None:
    app = day.application.flask
    assert said(app, "extend_moment", minutes=10) == "Ana Pires a ajouté 10 min à 15 h 47."
    assert said(app, "go_to_moment", moment="Vote", on=False) == "Ana Pires a ouvert « Vote » à 15 h 47."
    assert said(app, "blank_screen", on=True) == "Ana Pires a éteint l’écran à 15 h 47."
    assert said(app, "blank_screen", on=False) == "Ana Pires a rallumé l’écran à 15 h 47."
    assert said(app, "announce", on_text=True) == "Ana Pires a écrit à tous les téléphones à 15 h 47."
    assert said(app, "announce", on_text=False) == "Ana Pires a retiré le message des téléphones à 15 h 47."


def test_every_deed_can_be_said_of_nothing_in_particular(day: Day) -> None:
    for command in DEEDS:
        assert said(day.application.flask, command).endswith(" à 15 h 47.")
