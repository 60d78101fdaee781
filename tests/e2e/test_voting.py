"""The vote on real phones: weight of the page, orders of the ballot, interest, the receipt and the recount."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from facilitation.domain.votes import place
from tests.e2e.conftest import Forum, Phones
from tests.e2e.test_phone import FIRST_VISIT_MOST, faults

pytestmark = pytest.mark.browser

OWN = "Object.entries(localStorage).filter(([key]) => key.startsWith('receipt:')).map(([, receipt]) => receipt)"


def order_of(page: Page) -> list[int]:
    numbers: list[int] = page.evaluate("[...document.querySelectorAll('[data-slot=ballot] > li')].map((li) => Number(li.dataset.number))")
    return numbers


def test_a_ballot_of_37_topics_is_light(forum: Forum, phones: Phones, shared: Path) -> None:
    case = json.loads((shared / "cases" / "forum-2016.json").read_text("utf-8"))
    odile = forum.person("Odile Charvin")
    for topic in case["topics"]:
        forum.propose(odile, topic["title"], *topic["details"])
    forum.go("vote")
    page = phones.page(forum, odile)
    sizes: list[int] = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")

    def weigh(told: dict[str, Any]) -> None:
        sizes.append(int(told["encodedDataLength"]))

    wire.on("Network.loadingFinished", weigh)
    page.goto(forum.address, wait_until="networkidle")
    expect(page.locator("html")).to_have_attribute("data-live", "live")
    assert sum(sizes) <= FIRST_VISIT_MOST, sizes


def test_each_phone_has_its_order_and_keeps_it_when_topics_come(forum: Forum, phones: Phones) -> None:
    odile = forum.person("Odile Charvin")
    for number in range(1, 8):
        forum.propose(odile, f"Sujet numéro {number} de la vallée")
    forum.go("vote")
    page = phones.page(forum, odile)
    page.goto(forum.address)
    expect(page.locator("html")).to_have_attribute("data-live", "live")
    shuffle = json.loads(page.locator("#live").text_content() or "")["me"]["shuffle"]
    late = forum.propose(odile, "Arrivé tard")
    forum.lead("add_to_ballot", topic=late)
    expect(page.locator("[data-slot=ballot] > li")).to_have_count(8)
    wished = sorted(range(1, 9), key=lambda number: place(number, shuffle))
    assert order_of(page) == wished
    page.reload()
    assert order_of(page) == wished
    plain = phones.page(forum, odile, scripts=False)
    plain.goto(forum.address)
    assert re.findall(r"data-number=\"(\d+)\"", plain.locator("[data-slot=ballot]").inner_html()) == [str(one) for one in wished]


def test_interest_is_marked_without_a_limit(forum: Forum, phones: Phones) -> None:
    odile = forum.person("Odile Charvin")
    forum.lead("set_rules", ballot="interest")
    for number in range(1, 6):
        forum.propose(odile, f"Sujet numéro {number} de la vallée")
    page = phones.page(forum, odile)
    page.goto(forum.address)
    forum.go("vote")
    expect(page.locator("[data-hand=state]")).to_contain_text("qui vous intéresse")
    expect(page.locator("[data-hand=dots] > li")).to_have_count(0)
    for number in range(5):
        page.locator(".sticker").nth(number).click()
    expect(page.locator("[data-hand=state]")).to_contain_text("5 sujets marqués, reçus")
    assert faults(page) == []
    # Another round, by other rules: the open page begins it with all its dots.
    forum.lead("close_vote")
    forum.lead("set_rules", ballot="dots", dots=2)
    forum.lead("new_round")
    expect(page.locator("[data-hand=left]")).to_have_text("Il vous en reste 2.")
    expect(page.locator(".sticker[aria-pressed=true]")).to_have_count(0)
    page.locator(".sticker").nth(0).click()
    expect(page.locator("[data-hand=state]")).to_contain_text("1 gommette posée, reçue")


def test_a_phone_finds_its_ballot_in_the_recount_by_what_it_never_sent(forum: Forum, phones: Phones) -> None:
    odile, joseph = forum.person("Odile Charvin"), forum.person()
    topics = [forum.propose(odile, f"Sujet numéro {number} de la vallée") for number in range(1, 5)]
    forum.go("vote")
    forum.do(joseph, "place_dot", topic=topics[3])
    page = phones.page(forum, odile)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    page.goto(forum.address)
    with page.expect_response(re.compile("mark_ballot")) as answered:
        page.locator(f"[data-topic='{topics[1]}'] .sticker").click()
    assert answered.value.ok
    forum.lead("close_vote")
    forum.lead("new_round")
    expect(page.locator(".sticker[aria-pressed=true]")).to_have_count(0)
    with page.expect_response(re.compile("mark_ballot")) as answered:
        page.locator(f"[data-topic='{topics[2]}'] .sticker").click()
    assert answered.value.ok
    receipts = page.evaluate(OWN)
    # One for each round: nobody can tell that two ballots are one person's.
    assert len(set(receipts)) == 2
    assert not [one for one in sent if any(receipt in one for receipt in receipts)]
    forum.lead("close_vote")
    forum.lead("seal_vote")
    page.goto(f"{forum.address}/depouillement")
    mine = "Votre bulletin est ici, tel que vous l’avez laissé : "
    expect(page.locator("[data-my-ballot]")).to_have_text([f"{mine}2", f"{mine}3"])
    shown = [row.get_attribute("data-receipt") for row in page.locator("tr.mine").all()]
    assert set(shown) == {hashlib.sha256(receipt.encode()).hexdigest() for receipt in receipts}
    assert faults(page) == []
    other = phones.page(forum, joseph)
    other.goto(f"{forum.address}/depouillement")
    expect(other.locator("[data-my-ballot]")).to_have_text(["Cet appareil n’a pas de reçu pour ce vote."] * 2)


def test_the_team_sees_the_rules_seals_apart_and_prints_codes(forum: Forum, phones: Phones) -> None:
    odile = forum.person("Odile Charvin")
    topics = [forum.propose(odile, f"Sujet numéro {number} de la vallée") for number in range(1, 9)]
    forum.go("vote")
    for topic in topics[:3]:
        forum.do(odile, "place_dot", topic=topic)
    forum.lead("enter_paper_ballot", numbers="2, 3, 8")
    team = phones.page(forum, forum.organiser, size={"width": 1366, "height": 768})
    team.goto(f"{forum.address}/cockpit?vue=vote")
    team.locator("#part-vote summary", has_text="Bulletins papier").click()
    assert faults(team) == []
    forum.lead("close_vote")
    team.locator("#part-vote summary", has_text="Un autre tour").click()
    team.goto(f"{forum.address}/sceller")
    assert faults(team) == []
    team.get_by_role("checkbox").check()
    team.get_by_role("button", name="Sceller le vote").click()
    expect(team.locator("h1")).to_have_text("Le dépouillement")
    team.goto(f"{forum.address}/cockpit?vue=vote")
    team.locator("#part-vote summary", has_text="Une personne, un bulletin").click()
    team.locator("#codes-count").fill("6")
    team.get_by_role("button", name="Imprimer des bulletins").click()
    expect(team.locator(".ticket")).to_have_count(6)
    assert faults(team) == []


def test_a_grid_is_composed_from_choices_and_taken(forum: Forum, phones: Phones) -> None:
    odile = forum.person("Odile Charvin")
    topics = [forum.propose(odile if number % 3 else forum.person(), f"Sujet numéro {number} de la vallée") for number in range(1, 7)]
    for name, capacity in (("Les Tilleuls", 30), ("La Verrière", 12), ("Le Préau", 6)):
        forum.lead("add_room", name=name, capacity=capacity)
    forum.lead("keep_topics", topics=topics)
    workshops = [row["id"] for row in sorted(forum.rows("workshop"), key=lambda row: row["number"])]
    for index in range(14):
        person = forum.person()
        for step in range(3):
            forum.do(person, "join_workshop", workshop=workshops[(index * (step + 1) + step) % 6])
    team = phones.page(forum, forum.organiser, size={"width": 1366, "height": 768})
    team.goto(f"{forum.address}/cockpit?vue=agenda")
    team.get_by_role("link", name="Composer la grille").click()
    team.get_by_role("button", name="Calculer la grille").click()
    expect(team.locator("h2")).to_contain_text("des souhaits peuvent être tenus")
    assert faults(team) == []
    team.get_by_role("button", name="Adopter cette grille").click()
    expect(team.locator("#part-agenda .chip")).to_have_count(6)
    assert all(row["moment_id"] and row["room_id"] for row in forum.rows("workshop"))


def test_an_author_proposes_a_grouping_and_the_other_answers(forum: Forum, phones: Phones) -> None:
    odile, joseph = forum.person("Odile Charvin"), forum.person("Joseph Tessier")
    forum.propose(odile, "Un car le dimanche, toute l’année ?")
    forum.propose(joseph, "Des cars plus tard le soir")
    forum.go("topics")
    one, other = phones.page(forum, odile), phones.page(forum, joseph)
    other.goto(forum.address)
    one.goto(f"{forum.address}/sujets/1")
    one.get_by_label("Avec le sujet").select_option(label="2. Des cars plus tard le soir")
    assert faults(one) == []
    one.get_by_role("button", name="Proposer de les réunir").click()
    expect(one.locator("#reunir")).to_contain_text("On attend encore une réponse")
    other.get_by_role("button", name="Accepter").click()
    expect(other.locator("[data-list=asked] > .card")).to_have_count(0)
    expect(other.locator("[data-list=fates]")).to_contain_text("Réuni avec")
    one.reload()
    expect(one.locator("#reunir")).to_contain_text("Réuni avec le n°")
