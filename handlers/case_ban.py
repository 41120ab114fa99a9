"""[Chặn người gửi]: whoever floods begins nothing new for some days; told why, until when and how to object.

A leader or an administrator sets it from a case's card and never learns whose account it is.  Emergencies,
words about cases that exist and answers to questions of ours pass (``features-citizen.md``, row 22).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from db import audit, bans, cases, dialogs, outbox
from db.bans import Ban
from db.cases import Case
from db.dialogs import Dialog
from domain.chat import Choice, Reply, Turn
from domain.errors import RuleError
from domain.people import ADMIN, LEADER
from domain.redaction import without_identity
from domain.sight import NONE, OPEN_NAME
from handlers import case_cards, case_draft, case_lookup
from handlers.desk import Desk

REASON = "ban_reason"
APPEAL = "ban_appeal"
SHORTEST_REASON = 10
LONGEST = 500
SAY_AGAIN = 10  # every so many messages of an hour, not after each
_NEW_MATTER = (case_draft.KIND, case_draft.ASKED)


def may(desk: Desk) -> bool:
    """Whether who speaks may keep somebody off for a while."""
    return desk.person.has(ADMIN, LEADER)


def choose(desk: Desk, turn: Turn, case_id: int) -> list[Reply]:
    """For how long; a sender without contact cannot be kept off, which is said."""
    case = _case(desk, case_id)
    back = (Choice("case_back", f"case:card:{case.id}"),)
    if case.account_id is None:
        known = {"code": case.code, "unknown": case.privacy == NONE}
        return [Reply("ban_nobody", known, (back,), edits=turn.message_id)]
    days = tuple(
        Choice("ban_days", f"case:bandays:{case.id}:{days}", {"days": days})
        for days in desk.committee.quota.ban_days
    )
    return [Reply("ban_choose", {"code": case.code}, (days, back), edits=turn.message_id)]


def ask_reason(desk: Desk, turn: Turn, case_id: int, days: str) -> list[Reply]:
    """Why: the sender reads it."""
    case = _case(desk, case_id)
    if not days.isdecimal() or int(days) not in desk.committee.quota.ban_days or case.account_id is None:
        raise RuleError("button_gone")
    data = {"case": case.id, "days": int(days)}
    if not case_draft.aside(desk, REASON, data, dialogs.LIFETIME):
        raise RuleError("case_draft_open", code=case.code)
    back = ((Choice("case_back", f"case:card:{case.id}"),),)
    return [Reply("ban_reason", {"code": case.code, "days": int(days)}, back, edits=turn.message_id)]


def on_reason(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """Sets the ban and tells the sender."""
    if turn.edit:
        return None
    reason = " ".join(turn.text.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST:
        return [Reply("ban_reason_words", {"most": LONGEST})]
    case = _case(desk, int(dialog.data["case"]))
    dialogs.close(desk.conn, desk.account.id)
    if case.account_id is None:
        raise RuleError("button_gone")
    until = desk.now + timedelta(days=int(dialog.data["days"]))
    ban_id = bans.add(
        desk.conn,
        account_id=case.account_id,
        case_id=case.id,
        person_id=desk.person.id,
        reason=reason,
        now=desk.now,
        until=until,
    )
    _record(desk, ban_id, "banned", until=until.date())
    _tell(desk, case.account_id, Reply("ban_news", {"reason": reason, "until": until}, _appeal(ban_id)))
    return [Reply("ban_set", {"code": case.code, "until": until})]


def stops(desk: Desk, turn: Turn, dialog: Dialog | None) -> list[Reply] | None:
    """The answer to words that would begin something new; None if they may go on."""
    ban = (
        None
        if desk.person.is_official or turn.edit
        else bans.of_account(desk.conn, desk.account.id, desk.now)
    )
    if ban is None or _passes(desk, turn, dialog):
        return None
    said = audit.count_up(desk.conn, f"banned:{ban.id}:{desk.now:%Y-%m-%dT%H}")
    return [_stopped(ban)] if said % SAY_AGAIN == 1 else []


def no_new_case(desk: Desk, *, urgent: bool) -> Reply | None:
    """Why a draft from before the ban is not sent, and is kept; None if it may be."""
    ban = None if urgent or desk.person.is_official else bans.of_account(desk.conn, desk.account.id, desk.now)
    return _stopped(ban) if ban else None


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Answers a pressed choice; who may and whether the ban still holds is looked up anew."""
    verb, number = [*arguments, "", ""][:2]
    ban = bans.get(desk.conn, int(number)) if number.isdecimal() else None
    if ban is None or not ban.holds(desk.now):
        raise RuleError("button_gone")
    if verb == "appeal" and ban.account_id == desk.account.id:
        return [_asked_why(desk, turn, ban)]
    if verb in ("lift", "keep") and _may_decide(desk, ban):
        return [_decided(desk, turn, ban, lift=verb == "lift")]
    raise RuleError("button_gone")


def on_appeal(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """The one message that goes to the leaders."""
    if turn.edit or desk.committee.screening.is_emergency(turn.text):
        return None
    words = " ".join(turn.text.split())
    if not words or len(words) > LONGEST:
        return [Reply("ban_appeal_words", {"most": LONGEST})]
    ban = bans.get(desk.conn, int(dialog.data["ban"]))
    dialogs.close(desk.conn, desk.account.id)
    if ban is None or not ban.holds(desk.now) or ban.appealed_at is not None:
        raise RuleError("button_gone")
    case = cases.get(desk.conn, ban.case_id)
    leaders = _leaders(desk, ban, case)
    if not leaders:
        return [Reply("ban_appeal_nobody")]
    bans.appealed(desk.conn, ban, desk.now)
    _record(desk, ban.id, "ban_appealed")
    sealed = case is None or case.privacy != OPEN_NAME
    known = {
        "code": case.code if case else "",
        "words": without_identity(words) if sealed else words,
        "reason": ban.reason,
        "until": ban.until,
    }
    rows = ((Choice("ban_lift", f"ban:lift:{ban.id}"), Choice("ban_keep", f"ban:keep:{ban.id}")),)
    moment = desk.calendar.office_moment(desk.now)
    for account_id in leaders:
        asked = Reply("ban_appeal_card", known, rows)
        outbox.post(desk.conn, account_id, asked, desk.now, priority=outbox.ESCALATION, due_at=moment)
    return [Reply("ban_appealed")]


DIALOGS = {REASON: on_reason, APPEAL: on_appeal}


def _passes(desk: Desk, turn: Turn, dialog: Dialog | None) -> bool:
    """Whether words are an emergency, an answer, or about something that exists."""
    if dialog is not None and dialog.kind not in _NEW_MATTER:
        return True
    draft = case_draft.current(desk)
    if desk.committee.screening.is_emergency(turn.text) or (draft is not None and draft.warned):
        return True
    about_case = turn.reply_to or case_lookup.is_about_code(desk, turn.text)
    return bool(about_case) or bool(cases.asked_of_account(desk.conn, desk.account.id))


def _asked_why(desk: Desk, turn: Turn, ban: Ban) -> Reply:
    if ban.appealed_at is not None:
        return Reply("ban_appeal_once", {"until": ban.until}, edits=turn.message_id)
    dialogs.open_dialog(desk.conn, desk.account.id, APPEAL, {"ban": ban.id}, desk.now)
    return Reply("ban_appeal_ask", edits=turn.message_id)


def _decided(desk: Desk, turn: Turn, ban: Ban, *, lift: bool) -> Reply:
    if lift:
        bans.lift(desk.conn, ban, desk.now)
    _record(desk, ban.id, "ban_lifted" if lift else "ban_kept")
    _tell(desk, ban.account_id, Reply("ban_lifted" if lift else "ban_kept", {"until": ban.until}))
    return Reply("ban_decided", {"lifted": lift}, edits=turn.message_id)


def _case(desk: Desk, case_id: int) -> Case:
    case = cases.access_case(desk.conn, case_id, acting=desk.person)
    if not may(desk) or case.account_id == desk.account.id:
        raise RuleError("case_not_by_you")
    return case


def _leaders(desk: Desk, ban: Ban, case: Case | None) -> list[int]:
    """Accounts of the leaders who may know of the case; who set the ban only where nobody else is."""
    found = case_cards.reachable(desk, case_cards.leaders(desk, case) if case is not None else [])
    return [account for who, account in found if who != ban.person_id] or [account for _, account in found]


def _may_decide(desk: Desk, ban: Ban) -> bool:
    cases.access_case(desk.conn, ban.case_id, acting=desk.person)
    return desk.person.has(LEADER) and ban.account_id != desk.account.id


def _stopped(ban: Ban) -> Reply:
    rows = _appeal(ban.id) if ban.appealed_at is None else ()
    return Reply("ban_stopped", {"reason": ban.reason, "until": ban.until}, rows)


def _appeal(ban_id: int) -> tuple[tuple[Choice, ...], ...]:
    return ((Choice("ban_appeal", f"ban:appeal:{ban_id}"),),)


def _tell(desk: Desk, account_id: int, reply: Reply) -> None:
    moment: datetime = desk.calendar.citizen_moment(desk.now)
    outbox.post(desk.conn, account_id, reply, desk.now, due_at=moment)


def _record(desk: Desk, ban_id: int, action: str, **fields: object) -> None:
    actor = desk.person.id if desk.person.is_official else None
    audit.record(desk.conn, "ban", ban_id, action, desk.now, actor_id=actor, **fields)
