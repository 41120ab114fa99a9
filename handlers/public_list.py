"""/congkhai: answered matters whose sender wished them public, in a copy that an official approved.

Off unless the committee's file says ``public_list = true``.  No picture is shown; numbers, plates and houses
are covered; three doubts hide a copy (spec rows 20, 21).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from db import audit, cases, dialogs, outbox, people, public_list
from db.cases import Case
from db.dialogs import Dialog
from db.public_list import HIDDEN, REFUSED, SHOWN, WAITING, Copy
from domain.cases import CLOSED
from domain.chat import Choice, Reply, Rows, Turn
from domain.committee import Committee
from domain.errors import RuleError
from domain.redaction import for_the_public
from domain.sight import OPEN_NAME
from handlers import case_cards, case_draft
from handlers.desk import Desk

SHOWN_AT_ONCE = 5
KIND = "public_words"
LIFETIME = timedelta(minutes=30)
FEWEST_WORDS, LONGEST = 3, 1000


def choice(desk: Desk, case: Case) -> Rows:
    """[Cho đăng công khai], where the committee has a list and the case may be on it."""
    return ((Choice("public_offer", f"public:offer:{case.id}"),),) if _may(desk, case) else ()


def show(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/congkhai: the newest copies, each with a way to say that it should not be there."""
    if not desk.committee.public_list:
        return [Reply("public_off")]
    listed = public_list.shown(desk.conn, SHOWN_AT_ONCE)
    lines = [entry(desk.committee, copy) for copy in listed]
    rows = tuple((Choice("public_flag", f"public:flag:{c.case_id}", {"code": c.code}),) for c in listed)
    replies = [Reply("public_shown", {"copies": lines}, rows)]
    if hidden := public_list.hidden(desk.conn, SHOWN_AT_ONCE, desk.person):
        back = tuple((Choice("public_back", f"public:back:{c.case_id}", {"code": c.code}),) for c in hidden)
        told = [entry(desk.committee, copy) for copy in hidden]
        replies.append(Reply("public_hidden", {"copies": told}, back))
    return replies


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Answers a pressed choice; everything is looked up anew."""
    verb, number = [*arguments, "", ""][:2]
    if not number.isdigit() or not desk.committee.public_list:
        raise RuleError("button_gone")
    if verb == "offer":
        return [_offered(desk, turn, cases.access_own(desk.conn, int(number), desk.account.id))]
    copy = public_list.get(desk.conn, int(number))
    if copy is None:
        raise RuleError("button_gone")
    if verb == "flag" and copy.state == SHOWN:
        if public_list.flag(desk.conn, copy.case_id, desk.account.id):
            audit.record(desk.conn, "case", copy.case_id, "public_hidden", desk.now)
        return [Reply("public_flagged", {"code": copy.code}, edits=turn.message_id)]
    cases.access_case(desk.conn, copy.case_id, acting=desk.person)
    if verb == "edit" and copy.state == WAITING:
        data = {"case": copy.case_id, "card": turn.message_id}
        if not case_draft.aside(desk, KIND, data, LIFETIME):
            raise RuleError("case_draft_open", code=copy.code)
        return [Reply("public_edit_ask", {"code": copy.code}, edits=turn.message_id)]
    if verb == "back" and copy.state == HIDDEN:
        public_list.restore(desk.conn, copy.case_id)
        audit.record(desk.conn, "case", copy.case_id, "public_restored", desk.now, actor_id=desk.person.id)
        return [Reply("public_restored", {"code": copy.code}, edits=turn.message_id)]
    if verb in ("yes", "no") and copy.state == WAITING:
        state = SHOWN if verb == "yes" else REFUSED
        public_list.decide(desk.conn, copy.case_id, state, desk.person.id, desk.now)
        audit.record(desk.conn, "case", copy.case_id, f"public_{state}", desk.now, actor_id=desk.person.id)
        return [Reply("public_decided", {"code": copy.code, "shown": state == SHOWN}, edits=turn.message_id)]
    raise RuleError("button_gone")


def on_words(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """Other words for the public; they are covered like the first, the case keeps its own."""
    if turn.edit or turn.files or not turn.text.strip():
        return None
    copy = public_list.get(desk.conn, dialog.data["case"])
    if copy is None or copy.state != WAITING:
        dialogs.close(desk.conn, desk.account.id)
        return None
    cases.access_case(desk.conn, copy.case_id, acting=desk.person)
    words = for_the_public(turn.text.strip())
    if len(words.split()) < FEWEST_WORDS or len(words) > LONGEST:
        raise RuleError("public_edit_thin", fewest=FEWEST_WORDS, most=LONGEST)
    dialogs.close(desk.conn, desk.account.id)
    public_list.reword(desk.conn, copy.case_id, words)
    audit.record(desk.conn, "case", copy.case_id, "public_reworded", desk.now, actor_id=desk.person.id)
    return [_ask(desk, replace(copy, words=words), edits=dialog.data["card"])]


DIALOGS: dict[str, Callable[[Desk, Turn, Dialog], list[Reply] | None]] = {KIND: on_words}


def _ask(desk: Desk, copy: Copy, *, edits: str = "") -> Reply:
    number = copy.case_id
    decide = (Choice("public_yes", f"public:yes:{number}"), Choice("public_no", f"public:no:{number}"))
    rows = (decide, (Choice("public_edit", f"public:edit:{number}"),))
    return Reply("public_ask", entry(desk.committee, copy), rows, edits=edits)


def _offered(desk: Desk, turn: Turn, case: Case) -> Reply:
    """Whoever answered looks at the copy; where they are gone, a leader."""
    if not _may(desk, case):
        raise RuleError("button_gone")
    words, answer = for_the_public(case.words), for_the_public(case.answer)
    if public_list.offer(desk.conn, case.id, words, answer, desk.now):
        copy = public_list.get(desk.conn, case.id)
        closer = [case.answered_by] if case.answered_by else []
        whom = case_cards.reachable(desk, [who for who in closer if case_cards.sees(desk, case, who)])
        whom = whom or case_cards.reachable(desk, people.holders(desk.conn, "leader", desk.today))[:1]
        for _, account_id in whom if copy else ():
            moment = desk.calendar.office_moment(desk.now)
            assert copy is not None
            outbox.post(
                desk.conn, account_id, _ask(desk, copy), desk.now, priority=outbox.ESCALATION, due_at=moment
            )
    return Reply("public_offered", {"code": case.code}, edits=turn.message_id)


def _may(desk: Desk, case: Case) -> bool:
    apart = case.about_unit_id is not None or case.about_person_id is not None
    fits = case.privacy == OPEN_NAME and not apart and not case_cards.category(desk, case).personal
    return desk.committee.public_list and fits and case.state == CLOSED and bool(case.answer)


def entry(committee: Committee, copy: Copy) -> dict[str, object]:
    """What the public reads of a copy, in a chat and on the page."""
    return {
        "code": copy.code,
        "kind": committee.category_names.get(copy.category, ""),
        "area": committee.areas.name(copy.area),
        "told": copy.words,
        "answer": copy.answer,
        "on": copy.at.astimezone(committee.zone).date(),
    }
