"""Commands that a page sends for its own form, with the checks every door makes."""

import json
from typing import Any

from flask import request

from facilitation.services.dispatch import Outcome
from facilitation.web.limits import perform
from facilitation.web.visitors import check_origin, enter, form_operation, house


def act(slug: str, name: str, payload: dict[str, Any]) -> Outcome:
    """Carry out a command for whoever sent the form. Raises Refusal."""
    check_origin(request)
    event, actor = enter(slug)
    op = form_operation(slug, request.form.get("op", ""), json.dumps([name, payload], sort_keys=True))
    return perform(house(), event["id"], actor, request.remote_addr or "", name, op, payload)


def minutes(time: str) -> int | str:
    """The minute of the day a time field holds; what is no time stays as it was typed, for the payload to refuse."""
    hours, _, rest = time.partition(":")
    return int(hours) * 60 + int(rest[:2]) if hours.isdecimal() and rest[:2].isdecimal() else time
