"""The projector in Chromium: it follows the day by itself, its code is read from a screenshot, and its pages lose no word."""

import io
import re

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import AT_REST, Forum, Phones

pytestmark = pytest.mark.browser
WALL = {"width": 1920, "height": 1080}
LONG = "Comment permettre à celles et ceux qui vivent au hameau de se soigner, de travailler, de se retrouver sans conduire ?"


def projector(phones: Phones, forum: Forum) -> Page:
    """The page as the projector's own link opens it."""
    link = forum.lead("invite", role="projector")["link"]
    page = phones.page(forum, str(forum.do("", "use_link", token=link)["token"]), size=WALL)
    page.goto(f"{forum.address}/projecteur")
    page.locator("html[data-live=live]").wait_for()
    return page


def picture(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot(scale="css")))


def codes(page: Page) -> dict[str, int]:
    """What a phone reads on the screen, with each code's height in pixels."""
    found = zxingcpp.read_barcodes(picture(page))
    return {one.text: abs(one.position.bottom_left.y - one.position.top_left.y) for one in found}


def clean(page: Page) -> None:
    page.wait_for_function(AT_REST)
    faults = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in faults] == []


def test_the_code_is_read_from_the_screen_and_leads_in(forum: Forum, phones: Phones) -> None:
    page = projector(phones, forum)
    address = f"{forum.server.address}/{forum.slug}"
    assert codes(page)[address] >= 0.4 * 1080 - 2
    side = page.locator(".gathering .code.for-welcome svg").evaluate("drawing => drawing.getBoundingClientRect().width")
    modules = int(page.locator(".gathering .code.for-welcome").get_attribute("data-modules") or 0)
    assert round(side * 2 / modules, 3).is_integer()
    assert float(page.locator(".address").first.evaluate("words => parseFloat(getComputedStyle(words).fontSize)")) >= 63.9
    page.keyboard.press("q")
    assert codes(page)[address] >= 0.84 * 1080
    page.keyboard.press("Escape")
    forum.lead("edit_event", wifi_name="Forum-Aubrette", wifi_password="tilleul26")
    expect(page.locator("#wifi")).to_be_visible()
    found = codes(page)
    assert set(found) == {address, "WIFI:T:WPA;S:Forum-Aubrette;P:tilleul26;;"}
    assert all(height >= 0.4 * 1080 - 2 for height in found.values())
    phone = phones.page(forum)
    phone.goto(address)
    expect(phone.get_by_role("button", name="Entrer")).to_be_visible()


def test_people_who_join_take_their_seat_around_the_code(forum: Forum, phones: Phones) -> None:
    page = projector(phones, forum)
    for count in (1, 2):
        forum.person(f"Personne {count}")
    expect(page.locator("#people")).to_have_attribute("data-count", "2")
    expect(page.locator(".gathering .ring circle")).to_have_count(2)


def test_the_wall_turns_pages_that_cut_no_title(forum: Forum, phones: Phones) -> None:
    forum.go("topics")
    person = forum.person("Ana Pires")
    page = projector(phones, forum)
    expect(page.get_by_text("Le mur vous attend")).to_be_visible()
    for number in range(1, 10):
        forum.propose(person, f"{LONG} ({number})")
    newest = page.locator(".topic.newest")
    expect(newest).to_contain_text("(9)")
    expect(newest).to_contain_text("à l’instant")
    seen: list[str] = []
    for _ in range(9):
        rows = page.locator(".topic:not(.off)")
        bottom = page.locator("#pages").evaluate("list => list.getBoundingClientRect().bottom")
        for row in range(rows.count()):
            box = rows.nth(row).bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= bottom + 1
            seen.append(rows.nth(row).locator(".dot").inner_text())
        page.keyboard.press("ArrowRight")
    assert set(seen) == {str(number) for number in range(1, 10)}
    page.keyboard.press("p")
    expect(page.locator("#turning")).to_contain_text("en pause")


def test_the_vote_tells_how_many_then_counts_out(forum: Forum, phones: Phones) -> None:
    forum.go("topics")
    people = [forum.person(name) for name in ("Ana Pires", "Samir Haddouche", "Odile Charvin")]
    topics = [forum.propose(people[0], title) for title in ("Le car de nuit", "Le lycée", "Le marché", "La gare")]
    forum.lead("set_rules", keep=2)
    forum.go("vote")
    page = projector(phones, forum)
    for person, choice in zip(people, ((0, 1), (0, 2), (0,)), strict=True):
        for topic in choice:
            forum.do(person, "place_dot", topic=topics[topic])
    expect(page.locator("#head")).to_contain_text("3 personnes ont voté")
    assert page.locator(".figure").count() == 0
    forum.lead("close_vote")
    expect(page.locator("#head")).to_contain_text("Vous en retenez deux")
    expect(page.locator(".result:not(.off) .figure")).to_have_text(["3", "1"])
    expect(page.locator("#tie")).to_contain_text("2 et 3 sont à égalité")


def test_it_follows_the_day_and_its_calls(forum: Forum, phones: Phones) -> None:
    page = projector(phones, forum)
    page.emulate_media(reduced_motion="reduce")
    main, root = page.locator("main"), page.locator("html")
    for kind in ("plenary", "topics", "vote", "market", "workshops", "meal", "restitution", "circle", "closing"):
        forum.go(kind)
        expect(main).to_have_attribute("data-scene", kind)
        expect(root).to_have_class(re.compile("night") if kind == "circle" else re.compile(r"^(?!.*night)"))
        clean(page)
    forum.lead("announce", text="Le repas est servi sous le préau.")
    expect(page.locator("#message")).to_contain_text("préau")
    forum.lead("call_plenary", on=True)
    expect(page.get_by_role("heading", name="Retour en plénière")).to_be_visible()
    forum.lead("call_plenary", on=False)
    forum.lead("blank_screen", on=True)
    expect(page.locator("#blank")).to_be_visible()
    expect(root).to_have_class(re.compile("idle"))
    assert picture(page).convert("L").point(lambda value: 255 if value > 60 else 0).getbbox() is None
    forum.lead("blank_screen", on=False)
    expect(page.locator("#blank")).to_have_count(0)
    report = f"{forum.address}/compte-rendu"
    assert report in codes(page)


def test_keys_serve_whoever_stands_beside_it(forum: Forum, phones: Phones) -> None:
    page = projector(phones, forum)
    root = page.locator("html")
    page.keyboard.press("n")
    expect(root).to_have_class(re.compile("night"))
    page.reload()
    expect(root).to_have_class(re.compile("night"))
    page.keyboard.press("l")
    expect(root).not_to_have_class(re.compile("night"))
    page.keyboard.press("b")
    expect(page.locator("#dark")).to_be_visible()
    page.keyboard.press("b")
    expect(page.locator("#dark")).to_be_hidden()
    expect(root).to_have_class(re.compile("idle"))
    page.get_by_role("button", name="Code en grand").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#large")).to_be_visible()


def test_what_was_promised_is_shown_one_by_one(forum: Forum, phones: Phones) -> None:
    forum.go("circle")
    page = projector(phones, forum)
    forum.lead("engage", text="Ouvrir un covoiturage entre les trois hameaux", on_behalf="Lucien Barraud")
    expect(page.locator(".promise:not(.off)")).to_contain_text("Lucien Barraud")
    forum.lead("engage", text="Tenir la permanence du mardi", on_behalf="Nadia Belhadj")
    expect(page.locator(".promise:not(.off) blockquote")).to_have_text("Tenir la permanence du mardi")
    expect(page.locator(".promises .ring circle")).to_have_count(2)


def test_strangers_see_nothing(forum: Forum, phones: Phones) -> None:
    page = phones.page(forum, forum.person("Ana Pires"))
    answer = page.goto(f"{forum.address}/projecteur")
    assert answer is not None
    assert answer.status == 403
