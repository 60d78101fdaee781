"""Without scripts, what is near is suggested once a topic is on the wall."""

from tests.playing import Day
from tests.web.plain_browser import PlainBrowser


def test_after_posting_its_own_page_tells_what_is_near(day: Day) -> None:
    day.to("topics")
    day.propose(day.bob, "Garder la poste ouverte")
    page = PlainBrowser(day.application.flask, day.slug).get().send("join", name="Odile Charvin")
    page.get().send("propose_topic", "true", title="Notre poste, la garder")
    assert "Proches du vôtre" in page.reads()
    assert "Garder la poste ouverte" in page.reads()
    assert [row["title"] for row in day.forum.topics] == ["Garder la poste ouverte", "Notre poste, la garder"]
    page.get().send("propose_topic", "true", title="Élever des abeilles noires")
    assert "Proches du vôtre" not in page.reads()
    assert "Quel sujet vous tient" in page.reads()
