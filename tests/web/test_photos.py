"""Who may see a photo: everybody inside once it is accepted; before, whoever sent it, those who write its sheet, the team."""

from secrets import token_hex

from facilitation.app import Application
from facilitation.services.photos import offer_photo
from facilitation.services.pictures import Drawn
from tests.playing import Day


def test_a_photo_is_seen_by_those_who_may(application: Application, day: Day) -> None:
    workshop = day.do(day.fatou, "open_workshop", title="Le car de nuit")["id"]
    sheet = day.do(day.bob, "take_notes", workshop=workshop)["sheet"]
    passer = day.join("Passante")
    drawn = Drawn(b"\xff\xd8image", 4, 3)
    at = day.house.clock()
    day.house.writer.submit(lambda connection: offer_photo(connection, day.event_id, day.chloe, sheet, "", drawn, at, op=token_hex(16)))
    photo = day.forum.sheets[0]["photos"][0]["id"]

    def seen(who: object) -> int:
        headers = {"Authorization": f"Bearer {day.tokens[who.device_id]}"} if who else {}  # type: ignore[attr-defined]
        return application.flask.test_client().get(f"/f/{day.slug}/photo/{photo}", headers=headers).status_code

    assert [seen(who) for who in (day.chloe, day.bob, day.fatou, passer, None)] == [200, 200, 200, 404, 303]
    day.do(day.fatou, "accept_photo", picture=photo, alt="Le plan")
    assert [seen(who) for who in (passer, None)] == [200, 303]
    day.do(day.fatou, "remove_photo", picture=photo)
    assert seen(day.fatou) == 404
    day.house.writer.submit(lambda connection: offer_photo(connection, day.event_id, day.chloe, sheet, "", drawn, at, op=token_hex(16)))
    photo = day.forum.sheets[0]["photos"][0]["id"]
    day.do(day.fatou, "accept_photo", picture=photo, alt="Le plan")
    day.do(day.alice, "close_event")
    assert seen(None) == 200
