"""The cockpit: everything the team needs to run the day, on one screen."""

from facilitation.domain.roles import Role
from facilitation.services.forum import Forum
from facilitation.services.screens import Item, order, screen
from facilitation.services.screens.cockpit_day import day_items
from facilitation.services.screens.cockpit_grid import agenda_part
from facilitation.services.screens.cockpit_people import engagements_part, people_part
from facilitation.services.screens.cockpit_queue import queue_part
from facilitation.services.screens.cockpit_sheets import sheets_part
from facilitation.services.screens.cockpit_talks import talks_part
from facilitation.services.screens.cockpit_vote import vote_part
from facilitation.services.screens.cockpit_waiting import waiting_items
from facilitation.services.screens.cockpit_wall import wall_part

PARTS = ("journee", "mur", "vote", "agenda", "fiches", "engagements", "personnes")


@screen("cockpit", Role.FACILITATOR, Role.ORGANISER)
def cockpit(forum: Forum, argument: str) -> list[Item]:
    """The thread, the present moment, what waits, and the seven parts."""
    return [
        *day_items(forum),
        *waiting_items(forum),
        *_settings(forum),
        *wall_part(forum),
        *vote_part(forum),
        *agenda_part(forum),
        *sheets_part(forum),
        *talks_part(forum),
        *queue_part(forum),
        *engagements_part(forum),
        *people_part(forum),
    ]


def _settings(forum: Forum) -> list[Item]:
    """What every screen shows at once, and the rules that can be switched during the day."""
    event = forum.event
    switches = {"blank": event["blank"], "plenary": event["plenary"]}
    rules = {"review": event["review"], "paused": event["joining_paused"], "live": event["live_results"], "mode": event["mode"],
             "topic_cap": event["topic_cap"]}  # fmt: skip
    items = [
        Item("joined", "joined", order(0), "cockpit_joined", {"joined": forum.joined, "expected": event["expected"]}),
        Item("screen", "screen", order(0), "cockpit_screen", switches),
        Item("rules", "rules", order(0), "cockpit_rules", rules),
    ]
    if event["announcement"]:
        at = event["announced_at"].isoformat() if event["announced_at"] else None
        items.append(Item("message", "message", order(0), "cockpit_message", {"text": event["announcement"], "at": at}))
    return items
