"""What was typed is kept on the device until the server has it, sent again under the same id, or given back."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.front.conftest import UP_TO_DATE

FORM = """<form data-command="propose_topic" action="/f/aubrette/c/propose_topic" method="post">
<input type="hidden" name="op" value="x"><input type="hidden" name="csrf_token" value="y">
<div class="field"><label for="title">Titre</label><input id="title" name="title"><p class="hint" id="help">Une phrase.</p></div>
<label>Détail <input name="details[]"></label><label>Autre détail <input name="details[]"></label>
<label>Gommettes <input name="dots" data-type="number" value="3"></label>
<label><input type="checkbox" name="hosting"> J’accueille</label>
<button name="named" value="true" data-type="boolean">Publier avec mon nom</button>
<button name="named" value="false" data-type="boolean">Publier sans mon nom</button>
<p class="state" data-state></p></form>"""
REFUSED = {"ok": False, "code": "too_long", "text": "Ce titre est trop long.", "fields": {}}


def enter(page: Page, hall: Any, body: str = FORM) -> None:
    hall.body = body
    page.goto(hall.address)
    page.wait_for_selector("html[data-live=live]")


def publish(page: Page) -> None:
    page.get_by_role("button", name="Publier avec mon nom").click()


def payload(title: str) -> dict[str, Any]:
    return {"title": title, "details": [], "dots": 3, "hosting": False, "named": True}


def test_a_form_becomes_a_command_with_the_pressed_button(page: Page, hall: Any) -> None:
    enter(page, hall)
    page.get_by_label("Titre").fill("Aller au lycée")
    page.get_by_label("Détail", exact=True).fill("à vélo")
    page.get_by_label("J’accueille").check()
    page.get_by_role("button", name="Publier sans mon nom").click()
    expect(page.locator(".state")).to_have_text("reçu")
    (ask,) = hall.asked
    assert ask["payload"] == {"title": "Aller au lycée", "details": ["à vélo"], "dots": 3, "hosting": True, "named": False}
    assert (ask["forum"], ask["name"], ask["protocol"], len(ask["op"])) == ("aubrette", "propose_topic", 1, 32)
    assert page.get_by_label("Titre").input_value() == ""


def test_the_server_s_own_sentence_is_shown_and_said_aloud(page: Page, hall: Any) -> None:
    hall.on_command = lambda _: {"ok": True, "number": 2, "answer": {}, "said": "2 gommettes posées, reçues."}
    enter(page, hall)
    publish(page)
    expect(page.locator(".state")).to_have_text("2 gommettes posées, reçues.")
    expect(page.get_by_role("status")).to_have_text("2 gommettes posées, reçues.")


def test_offline_it_is_kept_and_survives_a_reload(page: Page, hall: Any) -> None:
    enter(page, hall)
    hall.leave()
    page.wait_for_selector("html[data-live=away]")
    for title in ("Premier", "Second"):
        page.get_by_label("Titre").fill(title)
        publish(page)
        expect(page.locator(".state.kept")).to_have_text("gardé sur cet appareil")
    assert hall.asked == []
    page.reload()
    hall.come_back(page)
    page.wait_for_selector("html[data-live=live]")
    expect(page.get_by_role("status")).to_have_text("reçu")
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.includes(':out:'))")
    assert [ask["payload"] for ask in hall.asked] == [payload("Premier"), payload("Second")]


def test_what_waits_is_found_again_with_its_words(page: Page, hall: Any) -> None:
    enter(page, hall)
    hall.leave()
    page.wait_for_selector("html[data-live=away]")
    page.get_by_label("Titre").fill("Aller au lycée")
    publish(page)
    expect(page.locator("form .state.kept")).to_be_visible()
    # The server is there again, but cannot keep anything yet.
    hall.on_command = lambda _: {"ok": False, "code": "not_kept", "text": "Pas gardé."}
    page.reload()
    hall.come_back(page)
    # It is on its way: in the form it would be sent once more, as something new.
    expect(page.get_by_label("Titre")).to_have_value("")
    waiting = page.get_by_role("list", name="Gardé sur cet appareil").get_by_role("listitem")
    expect(waiting).to_contain_text("Aller au lycée")
    expect(waiting.locator(".state.kept")).to_have_text("gardé sur cet appareil")
    hall.on_command = lambda _: {"ok": True, "number": 2, "answer": {}}
    expect(waiting.locator(".state.received")).to_have_text("reçu")
    expect(waiting).to_have_count(0)
    assert len({ask["op"] for ask in hall.asked}) == 1


def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_id(page: Page, hall: Any) -> None:
    enter(page, hall)
    answers = iter([{"ok": False, "code": "not_kept", "text": "Non gardé."}, {"ok": True, "number": 3, "answer": {}}])
    hall.on_command = lambda _: next(answers)
    page.get_by_label("Titre").fill("Deux fois")
    publish(page)
    expect(page.locator(".state")).to_have_text("reçu")
    assert len(hall.asked) == 2
    assert len({ask["op"] for ask in hall.asked}) == 1


def test_pressing_twice_sends_once(page: Page, hall: Any) -> None:
    enter(page, hall)
    hall.leave()
    page.wait_for_selector("html[data-live=away]")
    page.get_by_label("Titre").fill("Une fois")
    publish(page)
    publish(page)
    hall.come_back(page)
    expect(page.locator(".state")).to_have_text("reçu")
    assert [ask["payload"] for ask in hall.asked] == [payload("Une fois")]


def test_a_form_made_anew_meanwhile_goes_on_where_the_former_was(page: Page, hall: Any) -> None:
    """News may put another form in the place of one that was sent: it keeps its state, sends nothing twice, and is emptied."""
    whole = f'<div id="compose" data-at="1">{FORM}</div>'
    enter(page, hall, f'<div data-slot="wall">{whole}</div>')
    hall.leave()
    page.wait_for_selector("html[data-live=away]")
    page.get_by_label("Titre").fill("Une fois")
    publish(page)
    hall.on_open = lambda _: UP_TO_DATE | {"version": 9, "items": [{"id": "compose", "slot": "wall", "at": 1, "html": whole}]}
    hall.on_command = lambda _: {"ok": False, "code": "not_kept", "text": "Non gardé."}
    former = page.locator("#compose").element_handle()
    hall.come_back(page)
    page.wait_for_function("former => !former.isConnected", arg=former)
    expect(page.locator(".state")).to_have_text("gardé sur cet appareil")
    expect(page.get_by_label("Titre")).to_have_value("Une fois")
    publish(page)
    hall.on_command = lambda _: {"ok": True, "number": 2, "answer": {}}
    expect(page.locator(".state")).to_have_text("reçu")
    expect(page.get_by_label("Titre")).to_have_value("")
    assert len({ask["op"] for ask in hall.asked}) == 1


def test_without_a_socket_the_other_door_serves(page: Page, hall: Any) -> None:
    page.route("**/socket.io/**", lambda route: route.abort())
    page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    hall.body = FORM
    page.goto(hall.address)
    page.get_by_label("Titre").fill("Par la porte")
    publish(page)
    expect(page.locator(".state")).to_have_text("reçu")
    assert [ask["payload"] for ask in hall.posted] == [payload("Par la porte")]


def test_a_refusal_leaves_the_text_and_says_why_at_its_field(page: Page, hall: Any) -> None:
    refusal = REFUSED | {"text": "À revoir.", "fields": {"title": "Au plus 200 caractères."}}
    hall.on_command = lambda _: refusal
    enter(page, hall)
    title = page.get_by_label("Titre")
    title.fill("Trop long")
    publish(page)
    expect(page.get_by_role("alert")).to_have_text("À revoir.")
    expect(title).to_have_accessible_description("Au plus 200 caractères.")
    expect(title).to_be_focused()
    assert title.input_value() == "Trop long"
    hall.on_command = lambda _: {"ok": True, "number": 2, "answer": {}}
    publish(page)
    expect(page.locator(".state")).to_have_text("reçu")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(title).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("has_form", [True, False], ids=["the form is there", "the form is gone"])
def test_a_text_refused_after_a_reload_comes_back(page: Page, hall: Any, *, has_form: bool) -> None:
    enter(page, hall)
    hall.leave()
    page.wait_for_selector("html[data-live=away]")
    page.get_by_label("Titre").fill("Écrit dans le train")
    publish(page)
    expect(page.locator(".state.kept")).to_be_visible()
    hall.on_command = lambda _: REFUSED
    hall.body = FORM if has_form else "<p>Le vote</p>"
    page.reload()
    hall.come_back(page)
    expect(page.get_by_role("alert")).to_contain_text("Ce titre est trop long.")
    if has_form:
        assert page.get_by_label("Titre").input_value() == "Écrit dans le train"
    else:
        assert page.locator("blockquote").inner_text() == "Écrit dans le train"
        page.get_by_role("button", name="J’ai compris").click()
        expect(page.get_by_role("alert")).to_have_count(0)


def test_a_draft_waits_for_its_author_until_sent(page: Page, hall: Any) -> None:
    enter(page, hall)
    page.get_by_label("Titre").fill("À finir")
    page.reload()
    assert page.get_by_label("Titre").input_value() == "À finir"
    publish(page)
    expect(page.locator(".state")).to_have_text("reçu")
    page.reload()
    assert page.get_by_label("Titre").input_value() == ""


def test_an_act_of_the_moment_is_not_kept_for_later(page: Page, hall: Any) -> None:
    enter(page, hall, '<form data-command="next_moment" data-keep="no"><button>Passer au vote</button></form>')
    hall.leave()
    page.wait_for_selector("html[data-live=away]")
    page.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text("Le réseau ne répond pas")
    hall.come_back(page)
    page.wait_for_selector("html[data-live=live]")
    assert hall.asked == []


def test_a_grave_act_asks_first(page: Page, hall: Any) -> None:
    question = 'data-confirm="Fermer le forum ?" data-confirm-yes="Fermer"'
    enter(page, hall, f'<form data-command="close_forum"><button {question}>Fermer le forum</button></form>')
    page.get_by_role("button", name="Fermer le forum").click()
    page.get_by_role("dialog").get_by_role("button", name="Annuler").click()
    assert hall.asked == []
    page.get_by_role("button", name="Fermer le forum").click()
    page.get_by_role("dialog").get_by_role("button", name="Fermer").click()
    expect(page.locator(".state")).to_have_text("reçu")
    assert [ask["name"] for ask in hall.asked] == ["close_forum"]


def test_an_outdated_page_hands_over_its_outbox_then_reloads(page: Page, hall: Any) -> None:
    # The page that comes next is of the server's version.
    outdated = {"ok": False, "code": "outdated", "text": "Cette page a vieilli."}
    hall.on_command = lambda _: outdated if len(hall.asked) == 1 else {"ok": True, "number": 2, "answer": {}}
    enter(page, hall)
    page.get_by_label("Titre").fill("Avant la nouvelle version")
    with page.expect_navigation():
        publish(page)
    expect(page.get_by_role("status")).to_have_text("reçu")
    assert {ask["op"] for ask in hall.asked} == {hall.asked[0]["op"]}, hall.asked
    assert hall.asked[-1]["payload"] == payload("Avant la nouvelle version")
