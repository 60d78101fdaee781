"""The room's network, tried with a real phone before anybody comes: can it reach this laptop, and how fast."""

import os
import time
from html import escape

from flask import Flask, request
from gevent.event import Event
from gevent.pywsgi import WSGIServer

from facilitation.commands.serve import public_address
from facilitation.publishing.qr import terminal
from facilitation.settings import Settings
from facilitation.store.secrets import new_code

PATIENCE = 300
WEIGHT = 2_000_000
PAGE = """<!doctype html><html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Essai du réseau</title><h1>Ce téléphone voit l’ordinateur</h1><p>{text}</p>{more}"""
ADVICE = (
    "Aucun téléphone n’est arrivé. Le réseau empêche sans doute les appareils de se parler (« isolation des clients ») :\n"
    "demandez à la salle de la lever, ou apportez votre propre borne Wi-Fi.\n"
    "Vérifiez aussi que le téléphone est sur le même Wi-Fi."
)


def check_room(settings: Settings) -> int:
    """Print a code to scan, wait for a phone, say what was measured. Returns the exit status."""
    word, arrived, measured = new_code(4).lower(), Event(), Event()
    told: dict[str, float] = {}
    app = Flask("room", static_folder=None)

    @app.get(f"/{word}")
    def hello() -> str:
        arrived.set()
        body = f'<p><a href="/{word}/poids">Mesurer la vitesse</a></p>'
        return PAGE.format(text="Touchez le lien pour mesurer la vitesse du réseau.", more=body)

    @app.get(f"/{word}/poids")
    def weigh() -> str:
        told["start"] = time.monotonic()
        body = f'<img alt="" src="/{word}/poids.png"><p><a href="/{word}/fin">Terminer</a></p>'
        return PAGE.format(text="Mesure en cours.", more=body)

    @app.get(f"/{word}/poids.png")
    def weight() -> bytes:
        return os.urandom(WEIGHT)

    @app.after_request
    def note(response):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        if request.path.endswith("poids.png"):
            response.call_on_close(lambda: _measured(told, measured))
        return response

    @app.get(f"/{word}/fin")
    def done() -> str:
        return PAGE.format(text=escape("Merci, vous pouvez fermer cette page."), more="")

    server = WSGIServer((settings.host, settings.port), app, log=None)
    server.start()
    address = f"{public_address(settings)}/{word}"
    print(terminal(address))
    print(f"Scannez ce code avec un téléphone sur le Wi-Fi de la salle, ou tapez {address}", flush=True)
    if not arrived.wait(PATIENCE):
        print(ADVICE)
        return 1
    print("Un téléphone est arrivé : les appareils peuvent se parler.", flush=True)
    if measured.wait(PATIENCE):
        print(f"Vitesse : {told['megabits']:.0f} Mbit/s vers ce téléphone.")
    server.stop()
    return 0


def _measured(told: dict[str, float], measured: Event) -> None:
    seconds = max(time.monotonic() - told.get("start", time.monotonic()), 0.001)
    told["megabits"] = WEIGHT * 8 / seconds / 1e6
    measured.set()
