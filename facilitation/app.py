"""Composition: the database, the house, the doors and the newsroom put together."""

from dataclasses import dataclass
from pathlib import Path
from socket import gethostname

from flask import Flask
from flask_socketio import SocketIO
from sqlalchemy.engine import make_url

from facilitation.demonstration.play import play
from facilitation.publishing.queue import Queue
from facilitation.realtime import engine, packets
from facilitation.realtime.news import Newsroom
from facilitation.realtime.others import Others
from facilitation.realtime.rooms import Rooms
from facilitation.realtime.sheets import SheetDoor
from facilitation.realtime.sockets import Door
from facilitation.realtime.websocket import MOST_BYTES
from facilitation.services.house import Clock, House, now
from facilitation.settings import Settings, secret_key, smtp
from facilitation.store.backups import check_whole
from facilitation.store.engine import open_engine
from facilitation.store.migrating import migrate
from facilitation.store.secrets import digest
from facilitation.web import behind, desk, editions, errors, post, render, words
from facilitation.web.doors import doors
from facilitation.web.pages import BLUEPRINTS
from facilitation.web.pages.demo import PLAY
from facilitation.web.pages.watching import Gauges
from facilitation.web.serving import static_files

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Application:
    """Everything that runs in one process."""

    flask: Flask
    socketio: SocketIO
    house: House
    newsroom: Newsroom
    settings: Settings
    others: Others | None


def open_house(settings: Settings, clock: Clock = now) -> House:
    """The database looked over, brought to its newest shape, and the house on it. Raises DamagedBase."""
    check_whole(make_url(settings.database))
    migrate(settings.database)
    return House(open_engine(settings.database), secret_key(settings), settings.exports, clock)


def create_app(settings: Settings, house: House | None = None) -> Application:
    """Make the whole application; `house` is for those who have opened one already."""
    house = house or open_house(settings)
    flask = Flask("facilitation", root_path=str(HERE), static_folder=None, template_folder=str(HERE / "templates"))
    flask.config.update(MAX_CONTENT_LENGTH=4_000_000, MAX_FORM_MEMORY_SIZE=1_000_000, SETTINGS=settings)
    flask.jinja_env.trim_blocks = flask.jinja_env.lstrip_blocks = True
    flask.extensions["facilitation"] = house
    flask.extensions[PLAY] = lambda: play(house, words.moment_titles(), "vote", house.clock()).created
    words.install(flask)
    renderer = render.install(flask)
    errors.install(flask)
    queue = Queue(settings.redis) if settings.redis else None
    editions.install(flask, house, desk.install(flask, house, queue, _mark(settings)))
    post.install(flask, house, smtp(settings))
    flask.register_blueprint(doors)
    for blueprint in BLUEPRINTS:
        flask.register_blueprint(blueprint)
    packets.install()
    socketio = SocketIO(
        flask, async_mode="gevent", async_handlers=False, max_http_buffer_size=MOST_BYTES, ping_interval=20,
        ping_timeout=25, manage_session=False, cookie=None, client_manager=Rooms(),
    )  # fmt: skip
    socketio.server.eio._async = engine.driver()  # noqa: SLF001  python-engineio has no public place for a WebSocket class
    socketio.server.eio.log_message_keys |= engine.KNOWN_FAULTS
    newsroom = Newsroom(flask, socketio, house, renderer.screen)
    sheets = SheetDoor(Door(flask, socketio, house, newsroom))
    newsroom.asleep = sheets.awake.asleep
    others = None
    if settings.redis:
        others = Others(settings.redis, house, newsroom.present, sheets.aware)
        sheets.tell_elsewhere(others.say_aware)
        behind.give_places(flask)
    if settings.redis or settings.proxy:
        behind.believe(flask)
    flask.wsgi_app = static_files(flask.wsgi_app, HERE / "static")  # type: ignore[method-assign,assignment]
    flask.extensions["gauges"] = _gauges(house, newsroom, others)
    return Application(flask, socketio, house, newsroom, settings, others)


def _mark(settings: Settings) -> str:
    """Which of several servers this is, the same after a restart."""
    return digest(f"{gethostname()}:{settings.port}")[:8] + "." if settings.redis else ""


def _gauges(house: House, newsroom: Newsroom, others: Others | None) -> Gauges:
    """What this process may be watched by."""
    found = Gauges()
    found.add("phones", "gauge", "Sockets in rooms of this process.", newsroom.everybody)
    found.add("commands_total", "counter", "Commands accepted.", lambda: house.dispatch.accepted)
    found.add("commands_lost_total", "counter", "Commands whose commit failed.", lambda: house.dispatch.lost)
    found.add("queue", "gauge", "Commands that wait for the next commit.", lambda: house.writer.waiting)
    found.add("renders_total", "counter", "Screens built for news.", lambda: newsroom.builds)
    found.add("render_seconds_total", "counter", "Seconds that took.", lambda: newsroom.building)
    if others is not None:
        found.redis = lambda: others.is_up
        found.add("redis_up", "gauge", "Whether Redis is there.", lambda: float(others.is_up))
    return found
