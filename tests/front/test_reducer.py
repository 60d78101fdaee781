"""News, whatever their order, make the page that a reload would show, and never disturb who is typing."""

from typing import Any

from playwright.sync_api import Page, expect

WALL = '<ul data-slot="wall"><li class="fixed">Le mur</li></ul><p data-when-empty="wall">Le mur vous attend.</p>'
FORM = (
    '<li><form data-command="edit_topic" data-draft="no"><input type="hidden" name="topic" value="t1">'
    '<label>Titre <input name="title"></label>'
    '<label>Détails <textarea name="details"></textarea></label><button>Garder {n}</button></form><b>{n}</b></li>'
)


def item(number: int, text: str = "", at: Any = None, slot: str = "wall") -> dict[str, Any]:
    name = f"t{number}"
    place = number if at is None else at
    html = f'<li id="{name}" data-at="{place}">{text or f"Sujet {number}"}</li>'
    return {"id": name, "slot": slot, "at": place, "html": html}


def form(number: int) -> dict[str, Any]:
    return {"id": "t1", "slot": "wall", "at": 1, "html": FORM.format(n=number)}


def enter(page: Page, hall: Any, body: str = WALL) -> None:
    hall.body = body
    page.goto(hall.address)
    page.wait_for_selector("html[data-live=live]")


def shown(page: Page) -> list[str]:
    return page.locator("[data-slot=wall] > [data-at]").all_inner_texts()


def version(page: Page, hall: Any) -> int:
    """The version the page holds, as it tells when it opens its screen again."""
    before = len(hall.opened)
    with page.expect_event("websocket"):
        hall.leave()
        hall.is_away = False
    page.wait_for_selector("html[data-live=live]")
    assert len(hall.opened) > before
    return int(hall.opened[-1]["version"])


def test_items_are_sorted_by_their_place_not_by_arrival(page: Page, hall: Any) -> None:
    enter(page, hall)
    hall.news(1, 2, item(10), item(9), item(100), item(2))
    expect(page.locator("#t100")).to_be_visible()
    assert shown(page) == ["Sujet 2", "Sujet 9", "Sujet 10", "Sujet 100"]
    assert page.locator("ul > :first-child").inner_text() == "Le mur"


def test_places_that_are_words_sort_as_words_and_equal_places_by_id(page: Page, hall: Any) -> None:
    enter(page, hall)
    hall.news(1, 2, item(3, at="b"), item(2, at="b"), item(1, at="c"), item(4, at="a9"))
    expect(page.locator("#t4")).to_be_visible()
    assert shown(page) == ["Sujet 4", "Sujet 2", "Sujet 3", "Sujet 1"]


def test_an_item_that_changes_place_moves(page: Page, hall: Any) -> None:
    enter(page, hall)
    hall.news(1, 2, item(1), item(2), item(3))
    hall.news(2, 3, item(1, at=5))
    expect(page.locator("#t1[data-at='5']")).to_be_visible()
    assert shown(page) == ["Sujet 2", "Sujet 3", "Sujet 1"]


def test_a_dropped_item_goes_and_the_invitation_returns(page: Page, hall: Any) -> None:
    enter(page, hall)
    hall.news(1, 2, item(1))
    expect(page.get_by_text("Le mur vous attend.")).to_be_hidden()
    hall.news(2, 3, drop=("t1", "nobody"))
    expect(page.get_by_text("Le mur vous attend.")).to_be_visible()
    assert shown(page) == []


def test_repeated_and_overlapping_news_change_nothing_more(page: Page, hall: Any) -> None:
    enter(page, hall)
    hall.news(1, 3, item(1), item(2, "Nouveau"))
    hall.news(1, 2, item(2, "Ancien"))
    hall.news(1, 3, item(1), item(2, "Nouveau"))
    hall.news(2, 4, item(2, "Nouveau"), item(3))
    expect(page.locator("#t3")).to_be_visible()
    assert shown(page) == ["Sujet 1", "Nouveau", "Sujet 3"]
    assert version(page, hall) == 4


def test_a_gap_asks_for_what_was_missed(page: Page, hall: Any) -> None:
    enter(page, hall)
    hall.on_open = lambda _: {"ok": True, "version": 9, "items": [item(1), item(7)], "me": None}
    hall.news(8, 9, item(7))
    expect(page.locator("#t7")).to_be_visible()
    assert [ask["version"] for ask in hall.opened] == [1, 1]
    assert shown(page) == ["Sujet 1", "Sujet 7"]
    hall.news(9, 10, item(8))
    expect(page.locator("#t8")).to_be_visible()


def test_the_whole_screen_replaces_what_is_no_longer_there(page: Page, hall: Any) -> None:
    hall.on_open = lambda _: {"ok": True, "version": 5, "items": [item(2, "Deux, revu"), item(3)], "me": None}
    enter(page, hall, '<ul data-slot="wall"><li id="t1" data-at="1">Un</li><li id="t2" data-at="2">Deux</li></ul>')
    expect(page.locator("#t3")).to_be_visible()
    assert shown(page) == ["Deux, revu", "Sujet 3"]


def test_news_of_another_screen_are_not_for_this_page(page: Page, hall: Any) -> None:
    enter(page, hall)
    hall.sockets.emit("news", {"screen": "cockpit", "from": 1, "to": 2, "put": [item(5)], "drop": []})
    hall.news(1, 2, item(1))
    expect(page.locator("#t1")).to_be_visible()
    assert shown(page) == ["Sujet 1"]


def test_coming_back_after_a_cut_opens_the_screen_again(page: Page, hall: Any) -> None:
    enter(page, hall)
    hall.news(1, 2, item(1))
    expect(page.locator("#t1")).to_be_visible()
    hall.on_open = lambda _: {"ok": True, "version": 6, "items": [item(1), item(6)], "me": None}
    assert version(page, hall) == 2
    expect(page.locator("#t6")).to_be_visible()


def test_the_field_being_typed_in_stays_itself(page: Page, hall: Any) -> None:
    enter(page, hall)
    hall.news(1, 2, form(1))
    page.get_by_label("Titre").fill("Un titre commencé")
    details = page.get_by_label("Détails")
    details.press_sequentially("Le ca")
    page.evaluate("window.field = document.activeElement")
    hall.news(2, 3, form(2), item(2))
    expect(page.get_by_role("button", name="Garder 2")).to_be_visible()
    page.keyboard.type("r de 17 h")
    assert page.evaluate("window.field === document.activeElement && window.field.isConnected")
    assert details.input_value() == "Le car de 17 h"
    assert page.get_by_label("Titre").input_value() == "Un titre commencé"
    assert page.locator("#t1 b").inner_text() == "2"


def test_what_was_typed_elsewhere_in_the_item_is_carried_over(page: Page, hall: Any) -> None:
    enter(page, hall)
    hall.news(1, 2, form(1))
    page.get_by_label("Détails").fill("Gardé")
    page.get_by_role("button").focus()
    hall.news(2, 3, form(1), form(2))
    expect(page.get_by_role("button", name="Garder 2")).to_be_focused()
    assert page.get_by_label("Détails").input_value() == "Gardé"


def test_an_item_is_not_dropped_under_the_hand(page: Page, hall: Any) -> None:
    enter(page, hall)
    hall.news(1, 2, form(1), item(2))
    page.get_by_label("Détails").fill("Presque fini")
    hall.news(2, 3, item(3), drop=("t1",))
    expect(page.locator("#t3")).to_be_visible()
    assert page.get_by_label("Détails").input_value() == "Presque fini"
    page.get_by_label("Détails").blur()
    expect(page.locator("#t1")).to_have_count(0)


def test_a_button_pressed_while_its_item_changes_still_gets_its_click(page: Page, hall: Any) -> None:
    enter(page, hall)
    vote = '<form data-command="cast_vote"><button name="topic" value="t1">Poser</button></form>'
    hall.news(1, 2, item(1, vote))
    page.get_by_role("button").hover()
    page.mouse.down()
    hall.news(2, 3, item(1, f"{vote} 4"), item(2))
    expect(page.locator("#t2")).to_be_visible()
    page.mouse.up()
    expect(page.locator("#t1")).to_contain_text("4")
    assert [ask["payload"] for ask in hall.asked] == [{"topic": "t1"}]


def test_a_restored_server_is_believed(page: Page, hall: Any) -> None:
    hall.live["version"] = 50
    enter(page, hall)
    hall.on_open = lambda ask: {"ok": True, "version": 3, "items": None if ask["version"] == 3 else [item(3)], "me": None}
    assert version(page, hall) == 50
    expect(page.locator("#t3")).to_be_visible()
    hall.news(3, 4, item(4))
    expect(page.locator("#t4")).to_be_visible()


def test_focus_goes_to_the_next_item_when_its_own_is_dropped(page: Page, hall: Any) -> None:
    enter(page, hall)
    hall.news(1, 2, item(1, "<button>Poser</button>"), item(2))
    page.get_by_role("button").focus()
    hall.news(2, 3, drop=("t1",))
    expect(page.locator("#t2")).to_be_focused()


def test_open_details_stay_open(page: Page, hall: Any) -> None:
    enter(page, hall)
    hall.news(1, 2, item(1, "<details><summary>Voir</summary>un</details>"))
    page.get_by_text("Voir").click()
    hall.news(2, 3, item(1, "<details><summary>Voir</summary>deux</details>"))
    expect(page.get_by_text("deux")).to_be_visible()


def test_what_is_mine_arrives_whole_and_late_news_of_it_is_ignored(page: Page, hall: Any) -> None:
    hall.on_open = lambda _: {"ok": True, "version": 4, "items": None, "me": {"votes": ["t1"]}}
    hall.body = WALL
    page.add_init_script("window.heard = []; document.addEventListener('live:me', (event) => heard.push(event.detail))")
    page.goto(hall.address)
    page.wait_for_selector("html[data-live=live]")
    hall.sockets.emit("me", {"screen": "me", "to": 6, "me": {"votes": ["t1", "t2"]}})
    hall.sockets.emit("me", {"screen": "me", "to": 5, "me": {"votes": []}})
    hall.news(1, 7, item(1))
    expect(page.locator("#t1")).to_be_visible()
    assert page.evaluate("heard") == [{"votes": ["t1"]}, {"votes": ["t1", "t2"]}]


COUNTED = '<button>Poser</button><p data-part="votes">{n} gommettes</p>'


def test_a_part_changes_and_nothing_around_it(page: Page, hall: Any) -> None:
    enter(page, hall)
    hall.news(1, 2, item(1, COUNTED.format(n=3)), item(2, COUNTED.format(n=5)))
    page.get_by_role("button").first.focus()
    page.evaluate("window.kept = document.getElementById('t1')")
    hall.news(2, 3, parts={"t1": {"votes": "<b>4</b> gommettes"}, "nobody": {"votes": "9"}})
    expect(page.locator("#t1 b")).to_have_text("4")
    assert page.evaluate("window.kept.isConnected && document.activeElement.closest('#t1') === window.kept")
    assert page.locator("#t2 p").inner_text() == "5 gommettes"
    hall.news(3, 4, item(1, COUNTED.format(n=3)))
    expect(page.locator("#t1 p")).to_have_text("3 gommettes")


def test_a_part_of_an_item_that_waits_for_the_hand_is_not_lost(page: Page, hall: Any) -> None:
    enter(page, hall)
    hall.news(1, 2, item(1, COUNTED.format(n=3)))
    page.get_by_role("button").hover()
    page.mouse.down()
    hall.news(2, 3, item(1, "<h3>Revu</h3>" + COUNTED.format(n=3)), item(2))
    expect(page.locator("#t2")).to_be_visible()
    hall.news(3, 4, parts={"t1": {"votes": "4 gommettes"}})
    expect(page.locator("#t1 p")).to_have_text("4 gommettes")
    page.mouse.up()
    expect(page.get_by_text("Revu")).to_be_visible()
    assert page.locator("#t1 p").inner_text() == "4 gommettes"
