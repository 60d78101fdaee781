"""Refusals: what was asked cannot be done, said as a code and parameters; the web floor words it."""

from enum import StrEnum


class Code(StrEnum):
    """Every reason a command can be refused for. A test holds that each one is worded in every language."""

    BAD_PAYLOAD = "bad_payload"
    UNKNOWN_COMMAND = "unknown_command"
    NO_FORUM = "no_forum"
    NO_SCREEN = "no_screen"
    NOT_JOINED = "not_joined"
    NOT_ALLOWED = "not_allowed"
    NOT_FOUND = "not_found"
    WRONG_MOMENT = "wrong_moment"
    FORUM_CLOSED = "forum_closed"
    OTHER_PAYLOAD = "other_payload"
    NOT_KEPT = "not_kept"
    BROKEN = "broken"
    OUTDATED = "outdated"
    TOO_FAST = "too_fast"
    FORGED = "forged"
    JOINING_PAUSED = "joining_paused"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    MOMENT_LEFT = "moment_left"
    TOPIC_NOT_YOURS = "topic_not_yours"
    TOPIC_GONE = "topic_gone"
    GROUP_TOO_SMALL = "group_too_small"
    ALREADY_GROUPED = "already_grouped"
    GROUP_SETTLED = "group_settled"
    NOT_YOUR_GROUP = "not_your_group"
    REFUSAL_FINAL = "refusal_final"
    VOTE_NOT_OPEN = "vote_not_open"
    VOTE_OPEN = "vote_open"
    NO_DOTS_LEFT = "no_dots_left"
    TOPIC_CAP = "topic_cap"
    NOT_ON_BALLOT = "not_on_ballot"
    NO_DOT_HERE = "no_dot_here"
    TOPIC_HAS_WORKSHOP = "topic_has_workshop"
    CELL_TAKEN = "cell_taken"
    NOT_A_SLOT = "not_a_slot"
    ROOM_IN_USE = "room_in_use"
    MOMENT_IN_USE = "moment_in_use"
    ALREADY_JOINED = "already_joined"
    NOT_YOUR_SHEET = "not_your_sheet"
    TALK_LEFT = "talk_left"
    REMARK_NOT_YOURS = "remark_not_yours"
    WRONG_CODE = "wrong_code"
    CODE_EXPIRED = "code_expired"
    CODE_USED = "code_used"
    TOO_MANY_TRIES = "too_many_tries"
    BAD_UPDATE = "bad_update"
    OLD_SCHEMA = "old_schema"
    ENGAGEMENT_NOT_YOURS = "engagement_not_yours"
    NOTHING_TO_UNDO = "nothing_to_undo"
    CHANGED_SINCE = "changed_since"
    LINK_REVOKED = "link_revoked"
    LAST_LINK = "last_link"
    KEY_NEEDED = "key_needed"
    BAD_PHOTO = "bad_photo"
    TOO_MANY_PHOTOS = "too_many_photos"
    BAD_IMAGE = "bad_image"
    SLUG_TAKEN = "slug_taken"


class Refusal(Exception):
    """A command that is not accepted. It changes nothing; `params` fill the sentence, `fields` name what to mend."""

    def __init__(self, code: Code, *, fields: dict[str, Code] | None = None, **params: str | int) -> None:
        super().__init__(code.value)
        self.code = code
        self.params = params
        self.fields = fields or {}
