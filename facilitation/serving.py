"""Running the application: one process, many phones, and a stop that finishes what was begun."""

import signal

import gevent
from gevent.pywsgi import WSGIServer

from facilitation.app import Application
from facilitation.store.locking import FileLock


class Server:
    """The web server of one application; holds the database's lock while it runs."""

    def __init__(self, application: Application) -> None:
        settings = application.settings
        self._application = application
        self._lock = FileLock(settings.database)
        self._lock.take(f"http://{settings.host}:{settings.port}")
        self._wsgi = WSGIServer((settings.host, settings.port), application.flask, log=None, backlog=4096)

    def start(self) -> int:
        """Listen, and return the port; a second call only returns it."""
        if not self._wsgi.started:
            self._wsgi.start()
        return int(self._wsgi.server_port)

    def run(self) -> None:
        """Listen until asked to stop; what was being written is finished."""
        self.start()
        gevent.signal_handler(signal.SIGTERM, self.stop)
        gevent.signal_handler(signal.SIGINT, self.stop)
        self._wsgi.serve_forever()
        self.stop()

    def stop(self) -> None:
        """Stop listening, finish the writer's queue, let go of the file."""
        if self._wsgi.started:
            self._wsgi.stop(timeout=2)
            self._application.house.close()
            self._lock.release()
