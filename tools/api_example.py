"""Join a forum, put a topic onto its wall, and read the wall as it changes: python api_example.py http://forum.local forum."""

import secrets
import sys
from typing import Any

import requests
import socketio

address, slug = sys.argv[1:3]


def send(command: str, token: str = "", **payload: Any) -> dict[str, Any]:
    headers = {"X-Facilitation": "1"} | ({"Authorization": f"Bearer {token}"} if token else {})
    body: dict[str, Any] = {"op": secrets.token_hex(16), "payload": payload}
    answer = requests.post(f"{address}/f/{slug}/c/{command}", json=body, headers=headers, timeout=10).json()
    if not answer["ok"]:
        raise SystemExit(answer["text"])
    found: dict[str, Any] = answer["answer"]
    return found


token = send("join", name="Robot")["token"]
with socketio.SimpleClient() as client:
    client.connect(address, auth={"token": token})
    asked = {"forum": slug, "screen": "wall", "lang": "data"}
    wall = client.call("screen:open", asked)
    items = {item["id"]: item for item in wall["items"]}
    topic = send("propose_topic", token, title="Mesurer la vitesse des cars")["id"]
    while f"topic-{topic}" not in items:
        name, message = client.receive(timeout=10)
        if name == "news" and message["from"] > wall["version"]:
            wall = client.call("screen:open", asked)
            items = {item["id"]: item for item in wall["items"]}
        elif name == "news":
            wall["version"] = message["to"]
            items |= {item["id"]: item for item in message["put"]}
    for item in items.values():
        if item["kind"] == "topic":
            print(item["data"]["number"], item["data"]["title"])
