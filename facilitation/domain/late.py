"""Late sheets: after the close, what rapporteurs still write is taken until the end of a day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo


def takes_sheets(event: Mapping[str, Any], now: datetime) -> bool:
    """Whether a forum takes what is written in its sheets: while it is open, then to the end of the day it set."""
    if event["state"] != "closed":
        return True
    return bool(event["late_until"]) and now.astimezone(ZoneInfo(event["timezone"])).date().isoformat() <= event["late_until"]
