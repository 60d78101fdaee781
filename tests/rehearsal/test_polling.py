"""Long polling as phones of a rehearsal do it."""

import subprocess
import sys
from pathlib import Path

HANGING_UP = """
from gevent import monkey; monkey.patch_all()
import socket, gevent
from urllib.parse import urlsplit
from facilitation.rehearsal.polling import Polling
from facilitation.rehearsal.websocket import Closed
head = b"HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: %d\\r\\n\\r\\n"
first = b'0{"sid":"a"}'
asked = gevent.event.Event()
def answer(line, number):
    line.recv(4096)
    line.sendall(head % len(first) + first if number == 0 else head % 9000 + b"half of what was to come")
    if number:
        asked.set()
        line.recv(4096)
    line.close()
server = socket.create_server(("127.0.0.1", 0))
def serve():
    for number in range(2):
        gevent.spawn(answer, server.accept()[0], number)
gevent.spawn(serve)
polling = Polling(urlsplit(f"http://127.0.0.1:{server.getsockname()[1]}"), {}, 5.0)
def read():
    try:
        for message in polling.messages():
            print(message, flush=True)
    except Closed:
        print("closed", flush=True)
reader = gevent.spawn(read)
asked.wait()
gevent.idle()
polling.close()
reader.join(timeout=60)
"""


def test_it_is_hung_up_while_an_answer_is_half_read() -> None:
    command = [sys.executable, "-c", HANGING_UP]
    said = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=120, check=False)
    assert (said.stdout, said.stderr) == ('0{"sid":"a"}\nclosed\n', "")
