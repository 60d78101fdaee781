"""The desk of this process, for every page that hands out a document."""

from flask import Flask, current_app

from facilitation.publishing.desk import Desk
from facilitation.services.house import House


def install(flask: Flask, house: House) -> None:
    """Open the desk; it closes with the house."""
    made = Desk(house.exports)
    house.closers.append(made.close)
    flask.extensions["desk"] = made


def desk() -> Desk:
    """The desk of this process."""
    found = current_app.extensions["desk"]
    assert isinstance(found, Desk)
    return found
