"""Which sheets an open page still writes: known by its beat, told to the cockpits beside their screens, kept nowhere."""

from datetime import datetime, timedelta
from typing import Any

from facilitation.services.forum import Forum
from facilitation.services.house import House
from facilitation.services.screens.cockpit_sheets import has_begun, has_synthesis

# An editor beats every 2 s, and other processes hear of it every 15 s at least.
QUIET = timedelta(seconds=40)
MOST_KNOWN = 5000

Sleeper = dict[str, Any]


class Awake:
    """When each sheet was last heard of, in this process or another; what nobody heard of counts from the first question."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._heard: dict[str, datetime] = {}
        self._began: datetime | None = None

    def heard(self, sheet_id: str) -> None:
        """A page that may write it is open now."""
        # Put last, so that the first are those not heard of for longest.
        self._heard.pop(sheet_id, None)
        self._heard[sheet_id] = self._house.clock()
        if len(self._heard) > MOST_KNOWN:
            del self._heard[next(iter(self._heard))]

    def asleep(self, forum: Forum) -> list[Sleeper]:
        """Whom to call: those whose workshop has begun, whose synthesis is missing, and whose page is open nowhere.

        Each with the workshop's `number`, their `names`, and `since` when in UTC.
        """
        now = self._house.clock()
        self._began = self._began or now
        found = []
        for workshop in forum.workshops:
            sheet = workshop["sheet"]
            waits = workshop["state"] == "planned" and sheet and sheet["pens"] and has_begun(forum, workshop)
            if not waits or has_synthesis(forum, workshop):
                continue
            since = max(sheet["changed_at"], self._heard.get(sheet["id"], self._began))
            if now - since > QUIET:
                at = since.replace(microsecond=0).isoformat()
                found.append({"sheet": sheet["id"], "number": workshop["number"], "names": sheet["rapporteurs"], "since": at})
        return found
