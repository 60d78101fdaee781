"""Everybody takes a cell at once: the states of the scene, on every phone and on the projector."""

from enum import StrEnum


class Scene(StrEnum):
    """What the forum plays: nothing, the choosing, the blank screen before the agenda, the agenda at once on all screens."""

    OFF = ""
    CLAIMING = "claiming"
    BLANK = "blank"
    REVEALED = "revealed"
