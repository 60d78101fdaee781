"""Topics: what state one is in, and who may touch it."""

from enum import StrEnum

MOST_AUTHORS = 12


class Visibility(StrEnum):
    """Of a topic or an engagement: held ones wait for the team to read them."""

    SHOWN = "shown"
    HELD = "held"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"

    def is_public(self) -> bool:
        """Seen by everybody."""
        return self is Visibility.SHOWN


class Candidacy(StrEnum):
    """What became of somebody's wish to carry a topic with its authors."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


def first_state(*, review: bool, by_team: bool) -> Visibility:
    """New things are read first where the forum asks for it; what the team enters is read already."""
    return Visibility.HELD if review and not by_team else Visibility.SHOWN


def colour(number: int) -> int:
    """The gommette of topic `number`, 0 to 5 in the tokens' order."""
    return (number - 1) % 6
