"""What an intruder tries at the HTTP door, each answered as docs/security.md says."""

import gzip
import io
import re
from collections import Counter
from secrets import token_hex

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import Connection

from facilitation.app import Application
from facilitation.domain.refusals import Code, Refusal
from facilitation.domain.roles import Actor
from facilitation.services import photos, pictures
from facilitation.store import tables
from facilitation.store.changes import Ledger
from facilitation.store.secrets import fingerprint
from facilitation.web import limits
from facilitation.web.limits import LIMITER, PER_ADDRESS, Limiter
from facilitation.web.pages.instance import HEADER, sealed
from facilitation.web.visitors import cookie_name
from tests.playing import Day
from tests.watching import nothing_changes, refused, rows, shown

PERSONAL = ("", "/mur", "/moi", "/agenda", "/engagements", "/fiches", "/notes", "/cockpit", "/organisation", "/book.json",
            "/archive.json", "/compte-rendu", "/depouillement.json", "/sujets/1", "/rien")  # fmt: skip
HOSTILE = ["{{ 917 * 813 }}", "{% for x in (1).__class__.__mro__ %}{% endfor %}", "${917*813}", "#{917*813}", "%(who)s %s %x", "{0.__class__}", "op-0 </script>", "\u202e]]>"]


def browser(day: Day, actor: Actor | None = None) -> FlaskClient:
    client = day.application.flask.test_client()
    if actor is not None:
        client.set_cookie(cookie_name(day.slug), day.tokens[actor.device_id])
    return client


def hidden_token(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="op" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


# --- Operation ids


def test_an_operation_id_of_somebody_else_answers_nothing_of_theirs(day: Day) -> None:
    op = "a" * 32
    mine = day.do(day.bob, "propose_topic", op=op, title="À moi seul", named=False)
    theirs = day.do(day.chloe, "propose_topic", op=op, title="À moi seul", named=False)
    assert mine["id"] != theirs["id"]
    with refused(Code.OTHER_PAYLOAD), nothing_changes(day):
        day.do(day.bob, "propose_topic", op=op, title="Un autre titre sous le même numéro")
    with refused(Code.OTHER_PAYLOAD), nothing_changes(day):
        day.do(day.bob, "engage", op=op, text="Un autre acte sous le même numéro")


def test_a_joining_replayed_by_somebody_else_gives_them_no_key(day: Day) -> None:
    """Whoever saw an operation id go by without its answer would need the id itself, 128 random bits, to get the key."""
    heard = {day.do(Actor("visitor", None, "", day.house.actor(day.event_id, None).roles), "join", op=f"{n:032x}")["token"] for n in range(5)}
    assert len(heard) == 5
    assert [row for row in rows(day, "operation") if any(token in str(row) for token in heard)] == []
    assert [row for row in rows(day, "operation") if row["op"] in {f"{n:032x}" for n in range(5)}] == []


# --- Where one is led


@pytest.mark.parametrize("wished", ["/\t/ailleurs.test", "/\n/ailleurs.test", "/\r\nSet-Cookie: a=b", "/\x00", "//ailleurs.test", "/\\ailleurs.test", "https://ailleurs.test", "", "mur"])
def test_the_readers_language_leads_nowhere_else(day: Day, wished: str) -> None:
    client = browser(day)
    for answer in (client.get("/langue/fr", query_string={"next": wished}), client.post("/langue", data={"langue": "fr", "next": wished})):
        assert (answer.status_code, answer.headers["Location"]) == (303, "/"), wished
        assert [one for one in answer.headers.getlist("Set-Cookie") if not one.startswith("langue=fr")] == []


@pytest.mark.parametrize("tail", ["\r\nSet-Cookie: a=b", "\n", "\t/x", "\x00", "\\ailleurs.test"])
def test_no_line_of_a_header_is_slipped_in_by_a_form(day: Day, tail: str) -> None:
    client = browser(day, day.bob)
    fields = {"op": hidden_token(client, f"/f/{day.slug}/mur"), "title": "Le car", "next": f"/f/{day.slug}/mur{tail}"}
    answer = client.post(f"/f/{day.slug}/c/propose_topic", data=fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/f/{day.slug}")
    assert "Set-Cookie" not in answer.headers


def test_a_title_slips_no_line_into_a_files_name(application: Application) -> None:
    day = Day(application, title='Forum"\r\nSet-Cookie: a=b; filename=x.exe')
    day.do(day.alice, "close_event")
    answer = browser(day).get(f"/f/{day.slug}/compte-rendu.ics")
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
    assert re.fullmatch(r"attachment; filename=[a-z0-9.-]+", answer.headers["Content-Disposition"])


# --- What people write


def test_what_people_write_is_never_run(day: Day) -> None:
    for index, text in enumerate(HOSTILE):
        day.propose(day.bob, text)
        day.do(day.bob, "engage", text=text, named=True)
        day.do(day.fatou, "open_workshop", title=text)
        assert day.forum.topics[index]["title"].replace("\u202e", "") == text.replace("\u202e", "")
    day.do(day.bob, "edit_profile", name=HOSTILE[0], organisation=HOSTILE[1])
    for path in ("/mur", "/engagements", "/agenda", "/moi", "/sujets/1", "/cockpit", "/projecteur"):
        page = browser(day, day.fatou if path in {"/cockpit", "/projecteur"} else day.bob).get(f"/f/{day.slug}{path}")
        assert page.status_code == 200, path
        assert "745521" not in page.text, path
        assert "</script>" not in "".join(re.findall(r"op-0 (\S+)", page.text)), path


# --- Weight


def test_a_compressed_body_is_not_unpacked(day: Day) -> None:
    client = browser(day, day.bob)
    bomb = gzip.compress(b'{"op":"' + b"a" * 32 + b'","payload":{"title":"' + b" " * 50_000_000 + b'"}}', 9)
    assert len(bomb) < 60_000
    with nothing_changes(day):
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            headers = {"Content-Encoding": "gzip", "X-Facilitation": "1"}
            answer = client.post(f"/f/{day.slug}/c/propose_topic", data=bomb, content_type=kind, headers=headers)
            assert answer.status_code == 422


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_what_is_too_heavy_is_refused_unread(day: Day, kind: str) -> None:
    client = browser(day, day.bob)

    class Endless(io.RawIOBase):
        taken = 0

        def readable(self) -> bool:
            return True

        def readinto(self, into: memoryview) -> int:  # type: ignore[override]
            Endless.taken += len(into)
            into[:] = b"x" * len(into)
            return len(into)

    with nothing_changes(day):
        answer = client.post(
            f"/f/{day.slug}/c/propose_topic", content_type=kind, headers={"X-Facilitation": "1"},
            environ_overrides={"wsgi.input": io.BufferedReader(Endless()), "CONTENT_LENGTH": "100000000"},
        )  # fmt: skip
    assert answer.status_code in {413, 422}
    assert Endless.taken < 5_000_000


def polyglot() -> bytes:
    """A JPEG that is a page, a program and an archive to whoever does not look closely."""
    kept = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(kept, "JPEG", comment=b"<script>alert(1)</script>/*")
    return kept.getvalue() + b"*/=1;alert(1);<?php system('id') ?><svg onload=alert(1)>PK\x03\x04mimetype"


@pytest.mark.parametrize("redrawn", [photos.redrawn, pictures.redrawn])
def test_of_a_file_of_two_kinds_only_the_picture_is_kept(redrawn: object) -> None:
    drawn = redrawn(polyglot())  # type: ignore[operator]
    assert [one for one in (b"script", b"alert", b"php", b"svg", b"PK\x03\x04") if one in drawn.data] == []
    assert (drawn.width, drawn.height) == (30, 20)


@pytest.mark.parametrize("redrawn", [photos.redrawn, pictures.redrawn])
@pytest.mark.parametrize("data", [b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"%PDF-1.7", b"PK\x03\x04" + bytes(50), b"<html>"])
def test_what_is_no_picture_is_refused(redrawn: object, data: bytes) -> None:
    with pytest.raises(Refusal):
        redrawn(data)  # type: ignore[operator]


def test_an_image_bomb_is_refused_before_it_is_unpacked() -> None:
    kept = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(kept, "PNG")
    assert len(kept.getvalue()) < 100_000
    with refused(Code.BAD_IMAGE):
        pictures.redrawn(kept.getvalue())


def test_an_uploaded_picture_is_served_as_a_picture_only(day: Day) -> None:
    client = browser(day, day.alice)
    fields = {"op": hidden_token(client, f"/f/{day.slug}/organisation"), "label": "Mairie", "picture": (io.BytesIO(polyglot()), "x.html", "text/html")}
    assert client.post(f"/f/{day.slug}/organisation/logos", data=fields).status_code == 303
    found = browser(day).get(f"/f/{day.slug}/logo/{rows(day, 'picture')[0]['id']}")
    assert (found.mimetype, found.headers["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert b"script" not in found.data


# --- One proxy, many people


def test_what_is_one_persons_is_kept_by_no_proxy(day: Day) -> None:
    day.propose(day.bob, "Le car")
    for actor in (None, day.bob, day.fatou, day.alice):
        for path in PERSONAL:
            answer = browser(day, actor).get(f"/f/{day.slug}{path}", headers={"Accept-Encoding": "gzip"})
            kept = answer.headers["Cache-Control"]
            assert "no-store" in kept, (path, kept)
            assert "public" not in kept
            if answer.headers.get("Content-Encoding") == "gzip":
                assert "Accept-Encoding" in answer.headers["Vary"]
    told = browser(day, day.bob).post(f"/f/{day.slug}/c/join", json={"op": token_hex(16), "payload": {}}, headers={"X-Facilitation": "1"})
    assert told.headers["Cache-Control"] == "private, no-store"
    assert "no-store" in browser(day).get("/f/aucun", headers={"X-Facilitation": "1"}).headers["Cache-Control"]


# --- Limits


@pytest.fixture
def unlimited() -> None:
    LIMITER._asked.clear()


@pytest.fixture
def one_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is asked in one instant, however busy the machine: what is tried is how many, not how fast."""
    monkeypatch.setattr(limits, "monotonic", lambda: 1000.0)


@pytest.mark.usefixtures("unlimited", "one_instant")
def test_two_thousand_people_behind_one_address_meet_no_limit() -> None:
    """Each acts five times in the same ten seconds: twice what a hall does when a vote opens."""
    crowd = Limiter()
    for person in range(2000):
        for _ in range(5):
            crowd.check(f"person:{person}", limits.PER_PERSON, limits.WINDOW, Code.TOO_FAST)
            crowd.check("address:10.0.0.1", PER_ADDRESS, limits.WINDOW, Code.TOO_FAST)
    with refused(Code.TOO_FAST):
        for _ in range(limits.PER_PERSON):
            crowd.check("person:7", limits.PER_PERSON, limits.WINDOW, Code.TOO_FAST)


@pytest.mark.usefixtures("unlimited", "one_instant")
def test_two_thousand_people_come_through_the_door_from_one_address(day: Day) -> None:
    """Each is heard: told that the vote is not open, which costs no flush to disk, and never that they ask too much."""
    topic, tokens, at = day.propose(day.bob, "Le car"), [token_hex(16) for _ in range(2000)], day.house.clock()

    def seat(connection: Connection) -> None:
        ledger = Ledger(connection, day.event_id)
        for token in tokens:
            person = ledger.add(tables.participant, name="", organisation="", listed=False, name_hidden=False, created_at=at, joined_at=at)
            ledger.add(tables.device, participant_id=person["id"], token_hash=fingerprint(token), kind="phone", created_at=at, revoked_at=None)

    day.house.writer.submit(seat)
    client = day.application.flask.test_client(use_cookies=False)
    codes = Counter(
        client.post(
            f"/f/{day.slug}/c/place_dot", json={"op": token_hex(16), "payload": {"topic": topic}},
            headers={"Authorization": f"Bearer {token}"}, environ_base={"REMOTE_ADDR": "10.0.0.1"},
        ).json["code"]  # type: ignore[index]
        for token in tokens
    )  # fmt: skip
    assert codes == {"vote_not_open": 2000}
    assert len(LIMITER._asked["address:10.0.0.1"]) == 2000


def test_the_counting_of_passers_by_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(limits, "monotonic", lambda: now[0])
    crowd = Limiter()
    for hour in range(4):
        now[0] = hour * 2 * limits.LONGEST
        for one in range(limits.ROOMY):
            crowd.check(f"address:{hour}-{one}", 9, 10, Code.TOO_FAST)
    assert len(crowd._asked) <= limits.ROOMY + 1


# --- Voting twice


def test_voting_again_after_clearing_a_phone_is_seen_by_the_team(day: Day) -> None:
    topic = day.propose(day.bob, "Le car")
    day.do(day.alice, "edit_event", title="Forum", expected=2)
    day.to("vote")
    day.do(day.bob, "place_dot", topic=topic)
    assert shown(day, "cockpit", "cockpit_strength", "joined") == [2]
    again = day.join("")
    day.do(again, "place_dot", topic=topic)
    assert shown(day, "cockpit", "cockpit_strength", "joined") == [3]
    assert shown(day, "cockpit", "cockpit_strength", "expected") == [2]
    page = browser(day, day.fatou).get(f"/f/{day.slug}/cockpit").text.replace("\u00a0", " ")
    assert "3 entrées pour 2 personnes attendues." in page
    day.do(day.fatou, "set_rules", joining_paused=True)
    with refused(Code.JOINING_PAUSED), nothing_changes(day):
        day.join("")


# --- The command line's own door


@pytest.mark.parametrize("verb", ["create", "import"])
def test_who_does_not_hold_the_secret_is_not_read(day: Day, verb: str) -> None:
    body = b'{"title": "De trop"}'
    wrong = sealed(b"another secret", verb, body)
    digest, _, proof = sealed(day.house.key, verb, body).partition(".")
    client = browser(day)
    for header in ("", ".", wrong, proof, f"{digest}.", f"{digest[:-1]}0.{proof}", sealed(day.house.key, "close", body)):
        with io.BytesIO(body) as sent, nothing_changes(day):
            answer = client.post(f"/api/instance/{verb}", input_stream=sent, content_length=len(body), headers={HEADER: header})
            assert answer.status_code == 403, header
            assert sent.tell() == 0, header
    # A proof serves for its own body only.
    with nothing_changes(day):
        answer = client.post(f"/api/instance/{verb}", data=b'{"title": "De plus"}', headers={HEADER: f"{digest}.{proof}"})
    assert answer.status_code == 403
