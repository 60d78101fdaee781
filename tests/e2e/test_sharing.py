"""In Chromium: carrying a topic together, and a tablet passed around that forgets."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.conftest import AT_REST, Forum, Phones

pytestmark = pytest.mark.browser


def test_a_topic_is_carried_together_and_lined_up_for_the_microphone(forum: Forum, phones: Phones) -> None:
    forum.go("topics")
    odile = forum.person("Odile Charvin")
    forum.propose(odile, "Un car le soir")
    author, other = phones.page(forum, odile), phones.page(forum, forum.person("Yann Kerbrat"))
    author.goto(forum.address)
    other.goto(f"{forum.address}/mur")
    other.click("text=Un car le soir")
    other.click("text=Demander à le porter")
    expect(other.get_by_text("Votre demande est reçue")).to_be_visible()
    expect(author.locator(".card")).to_contain_text("Yann Kerbrat voudrait porter ce sujet avec vous")
    author.click("text=D’accord")
    expect(other.locator("[data-slot=topic] .by")).to_have_text("Odile Charvin, Yann Kerbrat")
    expect(other.locator("#auteurs")).to_contain_text("Yann Kerbrat (vous)")
    other.click("text=Prendre la file du micro")
    expect(author.locator("[data-list=microphone] .card")).to_contain_text("Au micro, vous êtes la prochaine personne")
    other.goto(forum.address)
    other.click("text=Quitter la file")
    expect(author.locator("[data-list=microphone] .card")).to_have_count(0)
    forum.do(odile, "line_up", topic=forum.topics[0])
    forum.lead("give_microphone", leaving=None, to=forum.topics[0])
    for phone in (author, other):
        expect(phone.locator("[data-list=microphone] .card")).to_contain_text("C’est à vous, au micro")
        phone.wait_for_function(AT_REST)
        assert Axe().run(phone).response["violations"] == []


def test_who_steps_back_is_no_longer_shown_what_authors_do(forum: Forum, phones: Phones) -> None:
    forum.go("topics")
    odile, yann = forum.person("Odile Charvin"), forum.person("Yann Kerbrat")
    forum.propose(odile, "Un car le soir")
    forum.do(yann, "ask_authorship", topic=forum.topics[0])
    forum.do(odile, "answer_authorship", candidacy=forum.rows("candidacy")[0]["id"], accept=True)
    author = phones.page(forum, odile)
    author.goto(f"{forum.address}/mur")
    author.click("text=Modifier")
    expect(author.locator("#modifier")).to_be_in_viewport()
    author.fill("#edit-text", "Un car le soir et le dimanche")
    author.click("text=Ne plus porter ce sujet")
    author.locator("dialog").get_by_role("button", name="Ne plus le porter").click()
    expect(author.get_by_role("button", name="Demander à le porter")).to_be_visible()
    expect(author.locator("#modifier")).to_have_count(0)


def test_an_author_is_told_what_became_of_a_topic_and_hands_the_workshop_over(forum: Forum, phones: Phones) -> None:
    forum.go("topics")
    odile, yann = forum.person("Odile Charvin"), forum.person("Yann Kerbrat")
    forum.propose(odile, "Un car le soir")
    author, other = phones.page(forum, odile), phones.page(forum, yann)
    author.goto(forum.address)
    expect(author.locator("[data-list=fates] .card")).to_have_count(0)
    room = forum.lead("add_room", name="Salle des mariages")["id"]
    forum.go("market")
    card = author.locator("[data-list=fates] .card")
    expect(card).to_contain_text("Pas programmé. Vous pouvez encore l’accueillir dans toute case libre.")
    card.get_by_text("C’est noté").click()
    expect(card).to_have_count(0)
    forum.lead("keep_topics", topics=forum.topics)
    expect(card).to_contain_text("C’est l’atelier 1. Sa place viendra.")
    workshop = forum.rows("workshop")[0]["id"]
    forum.lead("place_workshop", workshop=workshop, slot=forum.moment("workshops"), room=room)
    expect(card).to_contain_text("Salle des mariages")
    author.wait_for_function(AT_REST)
    assert Axe().run(author).response["violations"] == []
    card.get_by_text("C’est noté").click()
    author.reload()
    author.get_by_text("Votre atelier :").click()
    expect(card).to_have_count(0)
    author.fill("#workshop-title", "Rentrer le soir")
    author.get_by_role("button", name="Enregistrer").click()
    expect(author.locator(".workshop h3")).to_have_text("Rentrer le soir")
    other.goto(f"{forum.address}/agenda")
    expect(other.locator(".workshop")).to_contain_text("Accueilli par Odile Charvin")
    expect(other.locator("[data-list=hosting] li")).to_have_count(0)
    author.fill("#hand-name", "Yann Kerbrat")
    author.get_by_role("button", name="Confier l’atelier").click()
    expect(author.get_by_text("Vous ne l’accueillez plus vous-même.")).to_be_visible()
    author.wait_for_function(AT_REST)
    assert Axe().run(author).response["violations"] == []
    other.locator("[data-list=hosting]").get_by_text("Rentrer le soir").click()
    expect(other.locator(".workshop")).to_contain_text("Accueilli par Yann Kerbrat")
    expect(other.get_by_role("button", name="Confier l’atelier")).to_be_visible()


def test_the_kiosk_forgets_what_was_typed(forum: Forum, phones: Phones) -> None:
    forum.go("topics")
    link = forum.lead("invite", role="kiosk")["link"]
    tablet = phones.page(forum, size={"width": 820, "height": 1180})
    tablet.goto(f"{forum.server.address}/cle/{link}")
    tablet.get_by_role("main").get_by_role("button").click()
    tablet.fill("#name", "Odile Charvin")
    tablet.click("text=C’est à moi")
    tablet.fill("#title", "Un brouillon à oublier")
    expect(tablet.locator(".kiosk-bar")).to_contain_text("Odile Charvin")
    tablet.click("text=J’ai fini")
    expect(tablet.get_by_text("C’est à moi")).to_be_visible()
    assert tablet.evaluate("Object.keys(localStorage)") == []
    assert Axe().run(tablet).response["violations"] == []
    tablet.go_back()
    expect(tablet.get_by_text("C’est à moi")).to_be_visible()
    tablet.click("text=C’est à moi")
    expect(tablet.locator("#title")).to_have_value("")
    expect(tablet.locator(".kiosk-bar")).not_to_contain_text("Odile")


def test_a_quiet_tablet_warns_then_forgets_by_itself(forum: Forum, phones: Phones) -> None:
    link = forum.lead("invite", role="kiosk")["link"]
    tablet = phones.page(forum)
    tablet.clock.install()
    tablet.goto(f"{forum.server.address}/cle/{link}")
    tablet.get_by_role("main").get_by_role("button").click()
    tablet.click("text=C’est à moi")
    tablet.locator(".kiosk-bar").wait_for()
    tablet.locator("html[data-live=live]").wait_for()
    tablet.clock.run_for(65_000)
    expect(tablet.locator("[data-kiosk-says]")).to_contain_text("Toujours là ?")
    tablet.clock.run_for(30_000)
    tablet.wait_for_url(re.compile("/borne$"))
    expect(tablet.get_by_text("C’est à moi")).to_be_visible()
