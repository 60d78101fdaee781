"""Every table. A row belongs to one forum; ids are random and global; instants are UTC."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.sql.schema import SchemaItem

from facilitation.store.columns import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, default="", server_default="")


def _id(name: str, target: str | None = None) -> Column[str]:
    return Column(name, String(32), *([ForeignKey(f"{target}.id")] if target else []))


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, default=False)


def _off(name: str) -> Column[bool]:
    """A flag that came later: rows from before have it off."""
    return Column(name, Boolean, nullable=False, default=False, server_default=false())


def _count(name: str, default: int = 0) -> Column[int]:
    return Column(name, Integer, nullable=False, default=default)


def _at(name: str) -> Column[object]:
    return Column(name, Instant)


def _noun(name: str, *columns: SchemaItem) -> Table:
    owner = Column("event_id", String(32), ForeignKey("event.id"), nullable=False, index=True)
    return Table(name, metadata, Column("id", String(32), primary_key=True), owner, *columns)


event = Table(
    "event", metadata, Column("id", String(32), primary_key=True), Column("slug", String(40), nullable=False, unique=True),
    _text("title"), _text("meeting"), _text("date"), _text("place"), _text("host"), _text("theme"), _text("objectives"),
    Column("organisers", JSON, nullable=False, default=list), Column("partners", JSON, nullable=False, default=list),
    Column("facilitators", JSON, nullable=False, default=list),
    _text("language"), _text("timezone"), _text("mode"), _count("keep", 6), _count("dots", 3), _count("cap", 1),
    Column("threshold", Integer, nullable=False, default=1, server_default="1"),
    Column("topic_cap", Integer, nullable=False, default=0, server_default="0"),
    Column("pitch_seconds", Integer, nullable=False, default=60, server_default="60"),
    Column("ballot", Text, nullable=False, default="dots", server_default="dots"),
    Column("strength", Text, nullable=False, default="device", server_default="device"),
    _flag("live_results"), _flag("review"), _flag("joining_paused"), _count("expected"),
    Column("notes_in_book", Boolean, nullable=False, default=False, server_default=false()),
    _text("template"), _text("late_until"), _text("wifi_name"), _text("wifi_password"),
    _id("moment_id"), _at("moment_since"), _flag("plenary"), _flag("blank"), _text("announcement"), _at("announced_at"),
    _text("state"), _at("created_at"), _at("closed_at"),
    Column("lifetime", Integer, nullable=False, default=0, server_default="0"), _flag("is_demo"),
    _text("claiming"), _off("claim_silent"), _off("heads_shown"),
    _count("number"), _count("version"),
)  # fmt: skip

participant = _noun(
    "participant", _text("name"), _text("organisation"), _flag("listed"), _flag("name_hidden"),
    _at("created_at"), _at("joined_at"),
)  # fmt: skip
device = _noun(
    "device", _id("participant_id", "participant"), Column("token_hash", String(64), nullable=False, unique=True),
    _text("kind"), _at("created_at"), _at("revoked_at"),
)  # fmt: skip
link = _noun(
    "link", _text("role"), _text("label"), Column("token_hash", String(64), nullable=False, unique=True),
    _at("created_at"), _at("revoked_at"), _id("room_id"),
)  # fmt: skip
code = _noun(
    "code", Column("token_hash", String(64), nullable=False, index=True), _id("participant_id", "participant"),
    _id("sheet_id"), _at("created_at"), _at("expires_at"), _at("used_at"),
    Column("kind", Text, nullable=False, default="pen", server_default="pen"), _id("topic_id"),
)  # fmt: skip
grant = _noun(
    "grant", _id("participant_id", "participant"), _id("device_id", "device"), _text("role"), _id("sheet_id"),
    _id("link_id", "link"), _at("created_at"), _at("revoked_at"),
)  # fmt: skip
moment = _noun(
    "moment", _count("position"), _text("kind"), _text("title"), _count("start"), _count("minutes"), _flag("skipped"),
    _flag("removed"), _at("started_at"), _at("ended_at"),
)  # fmt: skip

topic = _noun(
    "topic", _count("number"), _text("title"), Column("details", JSON, nullable=False, default=list), _text("state"),
    Column("original", JSON), _at("created_at"), UniqueConstraint("event_id", "number"),
)  # fmt: skip
author = _noun(
    "author", Column("topic_id", String(32), ForeignKey("topic.id"), nullable=False, index=True),
    Column("participant_id", String(32), ForeignKey("participant.id"), index=True), _text("name"), _flag("named"),
    _text("gone"), _text("added_by"), _at("added_at"),
)  # fmt: skip
candidacy = _noun(
    "candidacy", Column("topic_id", String(32), ForeignKey("topic.id"), nullable=False),
    Column("participant_id", String(32), ForeignKey("participant.id"), nullable=False), _text("state"), _at("created_at"),
    UniqueConstraint("topic_id", "participant_id"),
)  # fmt: skip
card = _noun(
    "card", Column("token_hash", String(64), nullable=False, unique=True), _count("number"),
    Column("topic_id", String(32), ForeignKey("topic.id")), _at("created_at"), _at("used_at"),
    UniqueConstraint("event_id", "number"),
)  # fmt: skip
pitch = _noun(
    "pitch", Column("topic_id", String(32), ForeignKey("topic.id"), nullable=False), _count("place"), _text("state"),
    _at("started_at"), _at("ended_at"), UniqueConstraint("topic_id"),
)  # fmt: skip

topic_group = _noun("topic_group", _text("title"), _text("state"), _text("proposed_by"), _at("created_at"))
member = _noun("member", _id("group_id", "topic_group"), _id("topic_id", "topic"))
agreement = _noun(
    "agreement", _id("group_id", "topic_group"), _id("author_id", "author"), _text("answer"), _flag("spoken"),
    UniqueConstraint("group_id", "author_id"),
)  # fmt: skip

round_ = _noun(
    "round", _count("number"), _text("mode"), _count("dots"), _count("cap"), _count("keep"), _flag("live_results"),
    Column("threshold", Integer, nullable=False, default=1, server_default="1"),
    _text("state"), _at("opened_at"), _at("closed_at"), _at("sealed_at"),
)  # fmt: skip
candidate = _noun(
    "candidate", _id("round_id", "round"), _id("topic_id", "topic"), UniqueConstraint("round_id", "topic_id")
)
ballot = _noun("ballot", _id("round_id", "round"), _text("source"), _text("receipt"))
ballot_holder = _noun(
    "ballot_holder", _id("ballot_id", "ballot"), _id("round_id", "round"), _id("participant_id", "participant"),
    UniqueConstraint("round_id", "participant_id"),
)  # fmt: skip
vote = _noun(
    "vote", Column("ballot_id", String(32), ForeignKey("ballot.id"), nullable=False),
    Column("round_id", String(32), ForeignKey("round.id"), nullable=False),
    Column("topic_id", String(32), ForeignKey("topic.id"), nullable=False), Index(None, "round_id", "topic_id"),
    # With the forum: SQLite would else read every vote of the forum to find one ballot's.
    Index(None, "ballot_id", "event_id"),
)  # fmt: skip
paper = _noun(
    "paper", _id("round_id", "round"), _id("ballot_id"), _count("number"), _text("entered_by"),
    Column("topics", JSON, nullable=False, default=list), _flag("removed"), _at("created_at"),
)  # fmt: skip
voter = _noun(
    "voter", _id("participant_id", "participant"), _text("how"), UniqueConstraint("event_id", "participant_id")
)
voting_code = _noun(
    "voting_code", Column("token_hash", String(64), nullable=False, unique=True), _count("number"), _at("created_at"),
    _at("used_at"),
)  # fmt: skip

room = _noun(
    "room", _count("position"), _text("name"), _count("capacity"), _text("equipment"), _off("step_free"), _text("video"),
    _flag("removed"),
)  # fmt: skip
workshop = _noun(
    "workshop", _count("number"), _text("title"), _text("state"), _count("colour"), _id("room_id", "room"),
    _id("moment_id", "moment"), Column("merged_into", String(32)), _at("created_at"),
    Column("span", Integer, nullable=False, default=1, server_default="1"), Column("twin_of", String(32)),
    UniqueConstraint("event_id", "number"),
)  # fmt: skip
workshop_topic = _noun("workshop_topic", _id("workshop_id", "workshop"), _id("topic_id", "topic"))
host = _noun("host", _id("workshop_id", "workshop"), _id("participant_id", "participant"), _text("name"))
attendance = _noun(
    "attendance", Column("workshop_id", String(32), ForeignKey("workshop.id"), nullable=False, index=True),
    Column("participant_id", String(32), ForeignKey("participant.id"), nullable=False, index=True), _text("told"),
    UniqueConstraint("workshop_id", "participant_id"),
)  # fmt: skip
presence = _noun(
    "presence", Column("workshop_id", String(32), ForeignKey("workshop.id"), nullable=False, index=True),
    Column("moment_id", String(32), ForeignKey("moment.id"), nullable=False), Column("who", String(64), nullable=False),
    UniqueConstraint("moment_id", "who"),
)  # fmt: skip

template = _noun(
    "template", _text("name"), Column("sections", JSON, nullable=False, default=list), _flag("removed"), _at("created_at"),
)  # fmt: skip
sheet = _noun(
    "sheet", _id("workshop_id", "workshop"), _id("moment_id", "moment"), _text("template"), _text("extract"), _count("schema", 1),
    _count("number"), _at("created_at"), _at("changed_at"), _at("nudged_at"),
    UniqueConstraint("workshop_id"), UniqueConstraint("moment_id"),
)  # fmt: skip
sheet_update = _noun(
    "sheet_update", Column("sheet_id", String(32), ForeignKey("sheet.id"), nullable=False), _count("number"),
    Column("op", String(64), nullable=False), _id("participant_id", "participant"), _at("at"),
    Column("data", LargeBinary, nullable=False), UniqueConstraint("sheet_id", "number"), UniqueConstraint("sheet_id", "op"),
)  # fmt: skip
snapshot = _noun(
    "snapshot", Column("sheet_id", String(32), ForeignKey("sheet.id"), nullable=False), _count("number"), _at("at"),
    Column("writers", JSON, nullable=False, default=list), Column("data", LargeBinary, nullable=False),
    UniqueConstraint("sheet_id", "number"),
)  # fmt: skip
restoration = _noun(
    "restoration", Column("sheet_id", String(32), ForeignKey("sheet.id"), nullable=False), _count("before"), _count("number"),
)  # fmt: skip
talk = _noun(
    "talk", _id("workshop_id", "workshop"), _count("place"), _text("speaker"), _id("participant_id", "participant"),
    _count("minutes"), _text("state"), _at("started_at"), _at("ended_at"), UniqueConstraint("workshop_id"),
)  # fmt: skip
remark = _noun(
    "remark", _count("number"), Column("sheet_id", String(32), ForeignKey("sheet.id"), nullable=False), _text("text"),
    _id("participant_id", "participant"), _flag("named"), _text("state"), Column("original", JSON), _at("created_at"),
    UniqueConstraint("event_id", "number"),
)  # fmt: skip
readback = _noun(
    "readback", Column("sheet_id", String(32), ForeignKey("sheet.id"), nullable=False),
    _id("participant_id", "participant"), _at("at"), UniqueConstraint("sheet_id", "participant_id"),
)  # fmt: skip

layout = _noun(
    "layout", Column("chapters", JSON, nullable=False, default=list), _text("accent"), _text("ground"),
    Column("hidden", JSON, nullable=False, default=list), UniqueConstraint("event_id"),
)  # fmt: skip
picture = _noun(
    "picture", _text("purpose"), _text("label"), _text("mime"), _count("width"), _count("height"),
    Column("data", LargeBinary, nullable=False), _id("sheet_id", "sheet"), _id("participant_id", "participant"),
    Column("accepted", Boolean, nullable=False, default=False, server_default=false()), _at("created_at"),
)  # fmt: skip

engagement = _noun(
    "engagement", _count("number"), _text("text"), _id("participant_id", "participant"), _text("person"),
    _text("organisation"), _flag("named"), _flag("spoken"), _id("workshop_id", "workshop"), _text("action"),
    _text("state"), Column("original", JSON), _at("created_at"), UniqueConstraint("event_id", "number"),
)  # fmt: skip
pledge = _noun(
    "pledge", Column("engagement_id", String(32), ForeignKey("engagement.id"), nullable=False, index=True),
    Column("participant_id", String(32), ForeignKey("participant.id"), nullable=False, index=True), _flag("named"),
    UniqueConstraint("engagement_id", "participant_id"),
)  # fmt: skip

operation = Table(
    "operation", metadata, Column("event_id", String(32), ForeignKey("event.id"), nullable=False),
    Column("scope", String(32), nullable=False), Column("op", String(160), nullable=False),
    Column("digest", String(64), nullable=False), Column("number", Integer, nullable=False),
    Column("answer", JSON, nullable=False), PrimaryKeyConstraint("event_id", "scope", "op"),
)  # fmt: skip
change = Table(
    "change", metadata, Column("event_id", String(32), ForeignKey("event.id"), nullable=False),
    Column("number", Integer, nullable=False), _at("at"), _id("participant_id"), _text("actor"), _text("command"),
    Column("rows", JSON, nullable=False), _flag("undoable"), Column("undoes", Integer), _flag("undone"),
    PrimaryKeyConstraint("event_id", "number"), Index(None, "event_id", "undoes"),
)  # fmt: skip
edition = _noun(
    "edition", _count("number"), _text("state"), _count("change"), _text("path"), _text("error"),
    Column("files", JSON, nullable=False, default=list), Column("parts", JSON, nullable=False, default=dict),
    Column("changes", JSON, nullable=False, default=list), Column("people", JSON, nullable=False, default=list),
    _at("asked_at"), _at("made_at"), UniqueConstraint("event_id", "number"),
)  # fmt: skip

wish = _noun(
    "wish", _text("address"), _text("language"), _text("state"), _count("tries"), _text("error"),
    _at("asked_at"), _at("tried_at"),
)  # fmt: skip

NOUNS: tuple[Table, ...] = tuple(table for table in metadata.sorted_tables if table is not event)
UNRECORDED = frozenset({
    "ballot", "ballot_holder", "vote", "operation", "sheet_update", "snapshot", "code", "readback", "presence", "wish",
})  # fmt: skip
