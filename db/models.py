"""The tables.  Words live in columns that can be erased; events hold ids and field names only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Time,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)

from db import kept_rows

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment must be aware")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _to(target: str, name: str, **options: Any) -> Column[int]:
    return Column(name, ForeignKey(f"{target}.id"), **options)


# --- people and rights -------------------------------------------------------------------------

units = Table(
    "units",
    metadata,
    _id(),
    Column("code", String(40), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    _to("units", "parent_id"),
    Column("since", Date),
    Column("until", Date),
)

people = Table(
    "people",
    metadata,
    _id(),
    Column("name", String(200), nullable=False, default=""),
    Column("address", String(20), nullable=False, default="Ông/Bà"),
    Column("created_at", Moment, nullable=False),
)

memberships = Table(
    "memberships",
    metadata,
    _id(),
    _to("people", "person_id", nullable=False, index=True),
    _to("units", "unit_id", nullable=False),
    Column("role", String(20), nullable=False),
    Column("position", String(100), nullable=False, default=""),
    Column("since", Date, nullable=False),
    Column("until", Date),  # the last day in the post
)

accounts = Table(
    "accounts",
    metadata,
    _id(),
    _to("people", "person_id", nullable=False, index=True),
    Column("channel", String(20), nullable=False),
    Column("external_id", String(80), nullable=False),
    Column("preferred", Boolean, nullable=False, default=True),
    Column("created_at", Moment, nullable=False),
    Column("dead_since", Moment),
    Column("language", String(8), nullable=False, default="vi", server_default="vi"),
    Column("large", Boolean, nullable=False, default=False, server_default=false()),
    UniqueConstraint("channel", "external_id"),
)

invitations = Table(
    "invitations",
    metadata,
    _id(),
    _to("people", "person_id", nullable=False),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

# --- conversation ------------------------------------------------------------------------------

inbox = Table(
    "inbox",
    metadata,
    _id(),
    Column("channel", String(20), nullable=False),
    Column("key", String(120), nullable=False),
    Column("chat", String(80), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("turn", JSON),  # erased in the commit that handles it
    Column("state", String(10), nullable=False, default="waiting"),  # waiting | done | failed
    Column("attempts", Integer, nullable=False, default=0),
    Column("retry_at", Moment),
    Column("album", String(40), nullable=False, default=""),  # messages of one album share it
    UniqueConstraint("channel", "key"),
)
Index("ix_inbox_chat", inbox.c.channel, inbox.c.chat, inbox.c.received_at)
Index(
    "ix_inbox_waiting",
    inbox.c.id,
    postgresql_where=text("state = 'waiting'"),
    sqlite_where=text("state = 'waiting'"),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("key", String(120), unique=True),  # one message a reason; none for plain answers
    _to("accounts", "account_id", nullable=False),
    Column("channel", String(20), nullable=False, default=""),  # the account's, for the claim
    Column("priority", Integer, nullable=False),
    Column("slot", String(80), nullable=False, default=""),
    Column("reply", JSON),  # erased once delivered; seven days after it failed
    Column("card", JSON, nullable=False, default=dict),
    # "case:7" or "team:7" while it tells of one: what is erased is found by it
    Column("about", String(30), nullable=False, default="", server_default=""),
    Column("edits", String(80), nullable=False, default=""),
    Column("captioned", Boolean, nullable=False, default=False),
    Column("due_at", Moment, nullable=False),
    # waiting | sending | sent | replaced | dropped | failed | unreachable | held | unknown
    Column("state", String(12), nullable=False, default="waiting"),
    Column("lease_until", Moment),
    Column("attempts", Integer, nullable=False, default=0),
    Column("called", Boolean, nullable=False, default=False, server_default=false()),  # it may be on its way
    Column("repeats", Boolean, nullable=False, default=False),  # it may have arrived already, and says so
    Column("message_id", String(80), nullable=False, default=""),
    Column("error", String(200), nullable=False, default=""),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("seal", Integer),  # number of the seal that it is under, once it was sent: db/chain.py
)
UNSEALED = "state = 'sent' AND seal IS NULL AND slot <> 'case_draft'"  # a draft's messages may be erased
Index(
    "ix_outbox_unsealed",
    outbox.c.id,
    postgresql_where=text(UNSEALED),
    sqlite_where=text(UNSEALED),
)
Index(
    "ix_outbox_seal",
    outbox.c.seal,
    postgresql_where=text("seal IS NOT NULL"),
    sqlite_where=text("seal IS NOT NULL"),
)
Index(
    "ix_outbox_open",
    outbox.c.due_at,
    postgresql_where=text("state IN ('waiting', 'sending')"),
    sqlite_where=text("state IN ('waiting', 'sending')"),
)
Index(
    "ix_outbox_claim",
    outbox.c.channel,
    outbox.c.priority,
    outbox.c.due_at,
    outbox.c.id,
    postgresql_where=text("state = 'waiting'"),
    sqlite_where=text("state = 'waiting'"),
)
Index(
    "ix_outbox_sending",
    outbox.c.lease_until,
    postgresql_where=text("state = 'sending'"),
    sqlite_where=text("state = 'sending'"),
)
Index("ix_outbox_account", outbox.c.account_id, outbox.c.sent_at)
Index("ix_outbox_state", outbox.c.state, outbox.c.created_at)
Index("ix_outbox_message", outbox.c.account_id, outbox.c.message_id)
UNTOLD = "state IN ('unreachable', 'held')"
Index(
    "ix_outbox_untold",
    outbox.c.account_id,
    postgresql_where=text(UNTOLD),
    sqlite_where=text(UNTOLD),
)
Index(
    "ix_outbox_about",
    outbox.c.about,
    postgresql_where=text("about <> ''"),
    sqlite_where=text("about <> ''"),
)

dialogs = Table(
    "dialogs",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("kind", String(30), nullable=False),
    Column("data", JSON, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)

menus = Table(
    "menus",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    # [[action, folded label, takes_text, message id], …] in number order, then the menus before
    Column("choices", JSON, nullable=False),
    Column("message_id", String(80), nullable=False, default=""),
    Column("at", Moment, nullable=False),
)

files = Table(
    "files",
    metadata,
    _id(),
    _to("accounts", "account_id"),  # none once the person asked to be forgotten, or left no contact
    Column("channel", String(20), nullable=False, default="", server_default=""),  # where the bytes are
    Column("ref", Text, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("name", String(200), nullable=False, default=""),
    Column("mime", String(100), nullable=False, default=""),
    Column("size", Integer, nullable=False, default=0),
    Column("sha256", String(64), nullable=False, default=""),
    Column(
        "state", String(10), nullable=False, default="waiting"
    ),  # waiting | stored | refused | failed | dropped
    Column("subject", String(20), nullable=False),  # draft | case | answer | submission
    Column("subject_id", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("retry_at", Moment),
)
Index("ix_files_subject", files.c.subject, files.c.subject_id)
Index("ix_files_sha256", files.c.sha256)
for _state in ("waiting", "dropped"):  # the few that something is still to be done with
    _so = text(f"state = '{_state}'")
    Index(f"ix_files_{_state}", files.c.id, postgresql_where=_so, sqlite_where=_so)

events = Table(
    "events",
    metadata,
    _id(),
    Column("at", Moment, nullable=False),
    _to("people", "actor_id"),
    Column("subject", String(20), nullable=False),
    Column("subject_id", Integer, nullable=False),
    Column("action", String(40), nullable=False),
    Column("fields", JSON, nullable=False, default=dict),  # ids, states, dates and field names only
    Column("seal", Integer, index=True),  # number of the seal that it is under: db/chain.py
)
Index("ix_events_subject", events.c.subject, events.c.subject_id)
Index("ix_events_action", events.c.action, events.c.at)

seals = Table(  # each closes a batch of events and sent messages, and the seal before it
    "seals",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1, without a gap
    Column("at", Moment, nullable=False),
    Column("events", Integer, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
)

calendar_days = Table(
    "calendar_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("kind", String(10), nullable=False),  # off | worked
    Column("note", String(200), nullable=False, default=""),
    Column("source", String(200), nullable=False, default=""),
)

calendar_years = Table(
    "calendar_years",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    _to("people", "confirmed_by"),  # none for a year that shipped as decided
    Column("confirmed_at", Moment),
)

unit_service_days = Table(
    "unit_service_days",
    metadata,
    _to("units", "unit_id", primary_key=True),
    Column("weekday", Integer, primary_key=True, autoincrement=False),  # ISO: Saturday is 6
    Column("opens", Time, nullable=False),
    Column("closes", Time, nullable=False),
)

# --- plan and tasks ----------------------------------------------------------------------------

plans = Table(
    "plans",
    metadata,
    _id(),
    Column("year", Integer, nullable=False),
    Column("version", Integer, nullable=False, default=1),
    Column("state", String(10), nullable=False),  # draft | active | replaced
    Column("title", String(300), nullable=False),
    Column("source_name", String(200), nullable=False),
    Column("source_sha256", String(64), nullable=False),
    Column("signed_on", Date),
    Column("effective_from", Date, nullable=False),
    Column("imported_at", Moment, nullable=False),
    UniqueConstraint("year", "version"),
)

objectives = Table(
    "objectives",
    metadata,
    _id(),
    _to("plans", "plan_id", nullable=False),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),  # the signed page, corrected
    Column("original", Text, nullable=False),
    Column("plan_text", Text, nullable=False, default=""),  # the annex's wording of the same objective
    # [{"measure": "done_early", "commit": 90, "stretch": 96, "unit": "%"}, …]
    Column("targets", JSON, nullable=False, default=list),
    UniqueConstraint("plan_id", "number"),
)

plan_rows = Table(
    "plan_rows",
    metadata,
    _id(),
    _to("plans", "plan_id", nullable=False),
    Column("code", String(12), nullable=False),  # KH1.1 … KH5.3, BP1 … BP3
    Column("objective", Integer),  # the objective's number; none for a follow-up measure
    Column("text", Text, nullable=False),
    Column("original", JSON, nullable=False),  # the four cells as they stand in the document
    Column("responsible", JSON, nullable=False),  # unit codes and unit kinds, the lead first
    Column("deadline_text", String(200), nullable=False),
    Column("deadline_kind", String(12), nullable=False),  # fixed | recurring | after | by_plan | on_event
    Column("due_on", Date),  # fixed only
    Column("deadline", JSON, nullable=False, default=dict),  # period, after which row, days …
    Column("expected", Text, nullable=False, default=""),
    UniqueConstraint("plan_id", "code"),
)

decisions = Table(
    "decisions",
    metadata,
    _id(),
    _to("plans", "plan_id", nullable=False),
    Column("code", String(12), nullable=False),  # D-01 …
    Column("place", String(100), nullable=False),
    Column("problem", Text, nullable=False),
    Column("default_answer", Text, nullable=False),
    Column("owner", String(40), nullable=False),  # who decides: CT, VP, NV …
    Column("asked_first", Boolean, nullable=False, default=False),  # changes figures
    Column("answer", Text, nullable=False, default=""),
    _to("people", "decided_by"),
    Column("decided_at", Moment),
    UniqueConstraint("plan_id", "code"),
)

tasks = Table(
    "tasks",
    metadata,
    _id(),
    Column("code", String(40), nullable=False, unique=True),  # 2021-KH1.1-NV
    _to("plan_rows", "row_id"),
    _to("tasks", "parent_id", index=True),
    _to("units", "unit_id", nullable=False),
    _to("people", "assignee_id"),
    Column("title", Text, nullable=False),
    # assigned | accepted | in_progress | awaiting_confirmation | returned | confirmed | paused | cancelled
    Column("state", String(24), nullable=False),
    Column("due_on", Date),
    Column("original_due_on", Date),
    Column("due_rule", String(12), nullable=False, default="back"),  # back | forward | days
    Column(
        "wished_on", Date
    ),  # the day before the rule moved it, or the event's; none: the plan's, or due_on
    Column("due_days", Integer),  # working days after wished_on, for the rule "days"
    Column("schedule", Integer, nullable=False, default=1),  # rises when due date or assignee changes
    Column(
        "retro", Boolean, nullable=False, default=False
    ),  # past when imported: asked about, never reminded
    Column("percent", Integer, nullable=False, default=0),
    Column("blocked_by", Text, nullable=False, default=""),  # the obstacle, in the official's words
    Column("created_at", Moment, nullable=False),
    Column("submitted_at", Moment),  # of the submission that was confirmed: the moment that counts
    Column("confirmed_at", Moment),
    _to("tasks", "grown_from", index=True),  # the standing task it came up under: by a plan or an event
)
Index("ix_tasks_unit", tasks.c.unit_id, tasks.c.state)

submissions = Table(
    "submissions",
    metadata,
    _id(),
    _to("tasks", "task_id", nullable=False, index=True),
    _to("people", "person_id", nullable=False),
    Column("at", Moment, nullable=False),
    Column("words", Text, nullable=False, default=""),
    Column("document", String(120), nullable=False, default=""),  # KH 45/KH-UBND
    Column("document_date", Date),
    Column("evidence_by", Moment),  # "bổ sung sau": the agreed time
    Column(
        "state", String(12), nullable=False, default="waiting"
    ),  # waiting | confirmed | returned | replaced
    _to("people", "decided_by"),
    Column("decided_at", Moment),
    Column("reason", Text, nullable=False, default=""),
    Column("account_id", ForeignKey("accounts.id")),
    Column("message_id", String(80), nullable=False, default=""),  # the reporter's card, to be edited
    _to("people", "by_id"),  # who handed it in for the person, who was away
)

extensions = Table(
    "extensions",
    metadata,
    _id(),
    _to("tasks", "task_id", nullable=False, index=True),
    _to("people", "person_id", nullable=False),
    Column("at", Moment, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", String(12), nullable=False, default="waiting"),  # waiting | granted | refused | replaced
    _to("people", "decided_by"),
    Column("decided_at", Moment),
    Column("account_id", ForeignKey("accounts.id")),
    Column("message_id", String(80), nullable=False, default=""),
    _to("people", "by_id"),  # who asked for the person, who was away
    Column("refusal", Text, nullable=False, default=""),
)

rungs = Table(
    "rungs",
    metadata,
    _id(),
    # task | submission | extension | evidence | past | inspection | visit | check | cycle | case
    Column("subject", String(20), nullable=False),
    Column("subject_id", Integer, nullable=False),
    _to("people", "person_id", nullable=False),
    Column("rung", String(20), nullable=False),  # given | T-7 | T-3 | T-1 | T0 | T0-pm | +1 | +3 | +5 | week
    Column("period", String(12), nullable=False, default=""),
    Column("schedule", Integer, nullable=False, default=1),
    Column("due_at", Moment, nullable=False),
    Column(
        "state", String(12), nullable=False, default="pending"
    ),  # pending | told | merged | superseded | dropped | passed_on | unreachable
    _to("outbox", "outbox_id", index=True),
    UniqueConstraint("subject", "subject_id", "person_id", "rung", "period", "schedule"),
)
Index(
    "ix_rungs_pending",
    rungs.c.due_at,
    postgresql_where=text("state = 'pending'"),
    sqlite_where=text("state = 'pending'"),
)

cycles = Table(
    "cycles",
    metadata,
    _id(),
    Column("kind", String(10), nullable=False),  # period | week | subplan | report
    Column("row_code", String(12), nullable=False),
    _to("tasks", "task_id"),  # the standing task; none for a report (BP1)
    _to("units", "unit_id", nullable=False),
    Column("period", String(10), nullable=False),  # 2021-q2, 2021-05, 2021-W22
    Column("opens_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("closes_on", Date, nullable=False),  # the day on which a silent one is closed
    Column("moves", Integer, nullable=False, default=0),  # how often the calendar moved it
    Column("state", String(12), nullable=False, default="open"),  # open | answered | nothing | silent
    Column("words", Text, nullable=False, default=""),
    Column("figures", JSON),  # a report's: what was confirmed with it
    _to("people", "answered_by"),
    Column("answered_at", Moment),
    UniqueConstraint("kind", "row_code", "unit_id", "period"),
)
Index(
    "ix_cycles_open",
    cycles.c.closes_on,
    postgresql_where=text("state = 'open'"),
    sqlite_where=text("state = 'open'"),
)

leaves = Table(
    "leaves",
    metadata,
    _id(),
    _to("people", "person_id", nullable=False, index=True),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date, nullable=False),  # the last day away
    _to("people", "deputy_id"),
    Column("created_at", Moment, nullable=False),
    Column("cancelled_at", Moment),
)

inspections = Table(
    "inspections",
    metadata,
    _id(),
    Column("held_on", Date, nullable=False),
    Column("words", Text, nullable=False),  # unit, minutes' number and date as typed
    _to("people", "recorded_by", nullable=False),
    Column("recorded_at", Moment, nullable=False),
    _to("units", "unit_id"),
    Column("minutes", String(120), nullable=False, default=""),
    Column("minutes_on", Date),
    Column("issued_at", Moment),  # all findings are out
)

findings = Table(
    "findings",
    metadata,
    _id(),
    _to("inspections", "inspection_id", nullable=False, index=True),
    _to("tasks", "task_id", nullable=False, index=True),
)

checks = Table(  # somebody without a part in it looks again at what was confirmed
    "checks",
    metadata,
    _id(),
    _to("tasks", "task_id", nullable=False),
    Column("kind", String(10), nullable=False),  # verify | effect
    Column("schedule", Integer, nullable=False),  # the task's: a task that was reopened is looked at anew
    Column("begins_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("state", String(8), nullable=False, default="open"),  # open | good | partly | bad
    Column("words", Text, nullable=False, default=""),
    _to("people", "decided_by"),
    Column("decided_at", Moment),
    UniqueConstraint("task_id", "schedule"),
)

# --- citizens' cases ---------------------------------------------------------------------------

cases = Table(
    "cases",
    metadata,
    _id(),
    Column("code", String(12), nullable=False, unique=True),
    Column("pin_hash", String(128), nullable=False),
    Column("track", String(12), nullable=False),  # phan_anh | gop_y | khieu_nai
    # received | working | asked | answered | reopened | closed | withdrawn | joined | split | …
    # an appointment: guided | met | missed | expired
    Column("state", String(12), nullable=False),
    Column("category", String(30), nullable=False, default=""),
    Column("words", Text, nullable=False),
    Column("place", Text, nullable=False, default=""),
    Column("area", String(40), nullable=False, default=""),  # code of the area the place is in, where known
    Column("latitude", Float),
    Column("longitude", Float),
    _to("accounts", "account_id"),
    _to("units", "unit_id", nullable=False),
    _to("people", "handler_id"),
    Column("received_at", Moment, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("promised_on", Date),  # the first day promised; none for a pre-note
    Column("due_from", Date),  # due_on is due_days working days after it, and those on which the clock stood
    Column("due_days", Integer),
    Column("stood", JSON, nullable=False, default=list),  # [[from, to], …]
    Column("paused_at", Moment),  # the clock stands while the citizen is asked
    Column("answered_at", Moment),
    Column("answer", Text, nullable=False, default=""),
    _to("people", "answered_by"),
    Column("rating", String(10), nullable=False, default=""),  # good | bad | partly
    Column("rating_words", Text, nullable=False, default=""),
    Column("closed_at", Moment),
    Column("returns", Integer, nullable=False, default=0),  # by a unit, or because nobody accepted it
    _to("units", "proposed_id"),  # where whoever returned it would send it
    Column("flag", String(12), nullable=False, default=""),  # last_hour: answered then, without a picture
    Column("privacy", String(10), nullable=False, default="open", server_default="open"),  # | sealed | none
    _to("units", "about_unit_id"),  # what it is about does not exist for them: db/sight.py
    _to("people", "about_person_id"),
    _to("cases", "joined_to", index=True),  # the case that is worked on in its place; none: itself
    _to("cases", "again_of"),  # the answered case whose trouble has come back
    Column("contact", Text, nullable=False, default="", server_default=""),  # name, telephone, if given
    Column("consent", String(10), nullable=False, default="", server_default=""),  # version of the notice
    _to("cases", "part_of", index=True),  # the case of which one unit answers this part
    Column("emptied_on", Date),  # its time was over: words, pictures and sender are gone (db/retention.py)
)
Index("ix_cases_account", cases.c.account_id)
Index("ix_cases_category", cases.c.category, cases.c.received_at)
Index("ix_cases_unit", cases.c.unit_id, cases.c.state)
Index("ix_cases_area", cases.c.area, cases.c.received_at)
Index(
    "ix_cases_guided",
    cases.c.due_on,
    postgresql_where=text("state = 'guided'"),
    sqlite_where=text("state = 'guided'"),
)
_RUNNING = text("state IN ('received', 'working', 'reopened', 'appealed', 'split')")  # as in case_rungs
Index("ix_cases_running", cases.c.due_on, cases.c.id, postgresql_where=_RUNNING, sqlite_where=_RUNNING)

_WHOLE = text("emptied_on IS NULL")
Index("ix_cases_whole", cases.c.received_at, postgresql_where=_WHOLE, sqlite_where=_WHOLE)

receipts = Table(  # what was promised when a case was filed; nothing later changes it
    "receipts",
    metadata,
    _to("cases", "case_id", primary_key=True),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),  # in the register of that year, without a gap
    Column("salt", String(32), nullable=False),  # erased with the words: then nobody can guess them
    Column("fingerprint", String(64), nullable=False),  # SHA-256 of the salt and the words as received
    _to("units", "unit_id", nullable=False),
    Column("due_on", Date, nullable=False),
    UniqueConstraint("year", "number"),
)

case_messages = Table(
    "case_messages",
    metadata,
    _id(),
    _to("cases", "case_id", nullable=False, index=True),
    _to("people", "author_id"),
    Column(
        "kind", String(12), nullable=False
    ),  # question | reply | answer | reopen | no_photo | moved | kept | verify
    Column("words", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

case_versions = Table(  # what a citizen wrote, message by message; an edit adds a row
    "case_versions",
    metadata,
    _id(),
    _to("cases", "case_id", nullable=False, index=True),
    Column("message_id", String(80), nullable=False),
    Column(
        "reply_id", ForeignKey("case_messages.id", ondelete="CASCADE")
    ),  # none: the case was filed with it
    Column("number", Integer, nullable=False),
    Column("words", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
Index("ix_case_versions_message", case_versions.c.message_id)

case_notes = Table(  # between officials; nothing that writes to citizens reads this
    "case_notes",
    metadata,
    _id(),
    _to("cases", "case_id", nullable=False, index=True),
    _to("people", "author_id", nullable=False),
    Column("words", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

case_extensions = Table(
    "case_extensions",
    metadata,
    _id(),
    _to("cases", "case_id", nullable=False, index=True),
    _to("people", "person_id", nullable=False),
    Column("at", Moment, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date, nullable=False),
    Column("reason", Text, nullable=False),  # the citizen reads it
    Column("state", String(12), nullable=False, default="waiting"),  # waiting | granted | refused
    _to("people", "decided_by"),
    Column("decided_at", Moment),
)

case_retention = Table(  # who was told that a case's time is over, and who holds it back
    "case_retention",
    metadata,
    _to("cases", "case_id", primary_key=True),
    Column("warned_at", Moment),
    Column("held_at", Moment),
    _to("people", "held_by"),
    Column("reason", Text, nullable=False, default="", server_default=""),
)

public_copies = Table(  # what the public reads of a case whose sender wished it
    "public_copies",
    metadata,
    _to("cases", "case_id", primary_key=True),
    Column("state", String(10), nullable=False),  # waiting | shown | refused | hidden
    Column("words", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", Moment, nullable=False),
    _to("people", "approved_by"),
)

public_flags = Table(  # who said that a copy should not be there
    "public_flags",
    metadata,
    _to("cases", "case_id", primary_key=True),
    _to("accounts", "account_id", primary_key=True),
)

account_bans = Table(  # who may begin nothing new for a while, from whose case, why; ends by itself
    "account_bans",
    metadata,
    _id(),
    _to("accounts", "account_id", nullable=False, index=True),
    _to("cases", "case_id", nullable=False, index=True),
    _to("people", "person_id", nullable=False),
    Column("reason", Text, nullable=False),  # the sender reads it
    Column("at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("appealed_at", Moment),
    Column("lifted_at", Moment),
)

unit_groups = Table(  # a group chat that hears of new cases; without an account until its code is said there
    "unit_groups",
    metadata,
    _id(),
    _to("units", "unit_id", nullable=False),
    _to("people", "person_id", nullable=False),
    _to("accounts", "account_id"),
    Column("code_hash", String(64), nullable=False),
    Column("expires_at", Moment, nullable=False),
)

identity_openings = Table(  # who wanted to know who sent a sealed case, why, and who let them
    "identity_openings",
    metadata,
    _id(),
    _to("cases", "case_id", nullable=False, index=True),
    _to("people", "custodian_id", nullable=False),
    Column("reason", Text, nullable=False),  # the sender reads it
    Column("asked_at", Moment, nullable=False),
    Column("state", String(10), nullable=False),  # asked | granted | refused | opened
    _to("people", "approver_id"),
    Column("decided_at", Moment),
    Column("opened_at", Moment),
)

case_recusals = Table(  # officials who stepped aside
    "case_recusals",
    metadata,
    _to("cases", "case_id", primary_key=True),
    _to("people", "person_id", primary_key=True),
    Column("at", Moment, nullable=False),
)

case_merges = Table(  # by officials; a case as it was, so that it can be taken out again
    "case_merges",
    metadata,
    _id(),
    _to("cases", "case_id", nullable=False, index=True),
    _to("cases", "into_id", nullable=False, index=True),
    _to("people", "person_id", nullable=False),
    Column("at", Moment, nullable=False),
    Column("before", JSON, nullable=False),  # state, unit, due day, and the ids of those that followed it
    _to("people", "undone_by"),
    Column("undone_at", Moment),
)

case_teams = Table(  # a verification team (ban xác minh) that a leader decided on
    "case_teams",
    metadata,
    _id(),
    _to("cases", "case_id", nullable=False, index=True),
    _to("people", "decided_by", nullable=False),
    Column("decided_at", Moment, nullable=False),
    _to("people", "head_id", nullable=False),
    Column("due_on", Date, nullable=False),
    # working | pending (a violation, no decision yet) | ruled | none (no violation)
    Column("state", String(10), nullable=False),
    Column("concluded_at", Moment),
)

case_team_members = Table(
    "case_team_members",
    metadata,
    _to("case_teams", "team_id", primary_key=True),
    _to("people", "person_id", primary_key=True),
)

case_papers = Table(  # decisions and minutes of a team: for the leaders and the team alone
    "case_papers",
    metadata,
    _id(),
    _to("case_teams", "team_id", nullable=False, index=True),
    Column(
        "kind", String(10), nullable=False
    ),  # decision (on the team) | minutes | ruling (on the violation)
    Column("document", String(120), nullable=False, default=""),
    Column("document_date", Date),
    _to("people", "person_id", nullable=False),
    Column("at", Moment, nullable=False),
)

closing_seeds = Table(  # of each month's draw of answers; shown when the month is over
    "closing_seeds",
    metadata,
    Column("month", String(7), primary_key=True),  # 2021-05
    Column("seed", String(16), nullable=False),
    Column("made_at", Moment, nullable=False),
)

closing_checks = Table(  # answers drawn to be looked at on the spot
    "closing_checks",
    metadata,
    _id(),
    _to("cases", "case_id", nullable=False),
    Column("answered_on", Date, nullable=False, index=True),
    Column("state", String(8), nullable=False),  # waiting | true | untrue
    Column("words", Text, nullable=False, default=""),
    _to("people", "decided_by"),
    Column("decided_at", Moment),
    UniqueConstraint("case_id", "answered_on"),
)
_TO_SEE = text("state = 'waiting'")
Index("ix_closing_checks_waiting", closing_checks.c.id, postgresql_where=_TO_SEE, sqlite_where=_TO_SEE)

case_timers = Table(  # what a case waits for; a row ends when its moment has come
    "case_timers",
    metadata,
    _to("cases", "case_id", primary_key=True),
    # accept | late | question | silent | extension | remind | lapse | review | team | expire
    # | verify | verify_week
    Column("kind", String(12), primary_key=True),
    Column("due_at", Moment, nullable=False, index=True),
)

appointments = Table(  # the slot of a reception day that a case has; the day is the case's due_on
    "appointments",
    metadata,
    _to("cases", "case_id", primary_key=True),
    Column("slot", String(8), nullable=False),
    Column("booked_at", Moment, nullable=False),
)

dossiers = Table(  # of the one-stop counter, from its files; no name, no phone
    "dossiers",
    metadata,
    Column("number", String(60), primary_key=True),  # 000.00.12.H10-210104-0001
    Column("procedure", String(200), nullable=False),
    # received | working | waiting | ready | returned | refused | stopped
    Column("state", String(10), nullable=False),
    Column("due_on", Date),
    Column("returned_on", Date),
    Column("unit", String(200), nullable=False),
    Column("seen_on", Date, nullable=False, index=True),  # the day of the file that last told of it
)

marks = Table(  # when something of the service itself was last done: alive, ticked, audited, backup …
    "marks",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("at", Moment, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Integer, nullable=False, default=0),
)

kept_rows.guard(metadata)

oa_tokens = Table(  # of Zalo's Official Account; the refresh token works once
    "oa_tokens",
    metadata,
    Column("app_id", String(40), primary_key=True),
    Column("access", Text, nullable=False),
    Column("refresh", Text, nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("refresh_until", Moment, nullable=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("retry_at", Moment),
    Column("error", String(100), nullable=False, default=""),
    Column("lease_until", Moment),  # somebody is renewing it
)
