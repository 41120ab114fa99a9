"""/congkhai: answered matters whose sender wished them public, in a copy that an official approved.

Off unless the committee's file says ``public_list = true``.  No picture is shown; numbers, plates and houses
are covered; three doubts hide a copy (spec rows 20, 21).
"""

from __future__ import annotations

from db import audit, cases, outbox, people, public_list
from db.cases import Case
from db.public_list import REFUSED, SHOWN, WAITING, Copy
from domain.cases import CLOSED
from domain.chat import Choice, Reply, Rows, Turn
from domain.errors import RuleError
from domain.redaction import for_the_public
from domain.sight import OPEN_NAME
from handlers import case_cards
from handlers.desk import Desk

SHOWN_AT_ONCE = 5


def choice(desk: Desk, case: Case) -> Rows:
    """[Cho đăng công khai], where the committee has a list and the case may be on it."""
    return ((Choice("public_offer", f"public:offer:{case.id}"),),) if _may(desk, case) else ()


def show(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/congkhai: the newest copies, each with a way to say that it should not be there."""
    if not desk.committee.public_list:
        return [Reply("public_off")]
    listed = public_list.shown(desk.conn, SHOWN_AT_ONCE)
    lines = [_facts(desk, copy) for copy in listed]
    rows = tuple((Choice("public_flag", f"public:flag:{c.case_id}", {"code": c.code}),) for c in listed)
    return [Reply("public_shown", {"copies": lines}, rows)]


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
    if verb in ("yes", "no") and copy.state == WAITING:
        cases.access_case(desk.conn, copy.case_id, acting=desk.person)
        state = SHOWN if verb == "yes" else REFUSED
        public_list.decide(desk.conn, copy.case_id, state, desk.person.id, desk.now)
        audit.record(desk.conn, "case", copy.case_id, f"public_{state}", desk.now, actor_id=desk.person.id)
        return [Reply("public_decided", {"code": copy.code, "shown": state == SHOWN}, edits=turn.message_id)]
    raise RuleError("button_gone")


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
        rows = ((Choice("public_yes", f"public:yes:{case.id}"), Choice("public_no", f"public:no:{case.id}")),)
        for _, account_id in whom if copy else ():
            moment = desk.calendar.office_moment(desk.now)
            assert copy is not None
            ask = Reply("public_ask", _facts(desk, copy), rows)
            outbox.post(desk.conn, account_id, ask, desk.now, priority=outbox.ESCALATION, due_at=moment)
    return Reply("public_offered", {"code": case.code}, edits=turn.message_id)


def _may(desk: Desk, case: Case) -> bool:
    apart = case.about_unit_id is not None or case.about_person_id is not None
    fits = case.privacy == OPEN_NAME and not apart and not case_cards.category(desk, case).personal
    return desk.committee.public_list and fits and case.state == CLOSED and bool(case.answer)


def _facts(desk: Desk, copy: Copy) -> dict[str, object]:
    kinds = {kind.code: kind.name for kind in desk.committee.categories}
    return {
        "code": copy.code,
        "kind": kinds.get(copy.category, ""),
        "area": desk.committee.areas.name(copy.area),
        "told": copy.words,
        "answer": copy.answer,
        "on": desk.calendar.today(copy.at),
    }
