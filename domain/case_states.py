"""What may happen to a citizen's case: one table a track; what no line allows is impossible.

Each line says from which states, by whom, with what input an action leads where.  Handlers change a
case through ``handlers/case_moves.py`` alone, which asks :func:`find`; ``db.cases`` takes a state from
nobody else.  A khiếu nại's pre-note has a table of its own and shares no line with the others: the rules
on phản ánh, kiến nghị do not govern it (NĐ 20/2008, article 1).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from domain.cases import (
    ANSWERED,
    APPEALED,
    ASKED,
    CLOSED,
    DONE,
    EXPIRED,
    GUIDED,
    JOINED,
    LAPSED,
    MET,
    MISSED,
    OPEN,
    RECEIVED,
    REFERRED,
    REMOVED,
    REOPENED,
    SPLIT,
    UNANSWERED,
    WITHDRAWN,
    WORKING,
)
from domain.tracks import APPOINTMENT, FIELD_REPORT, GRIEVANCE, PETITION, QUESTION, SUGGESTION

CITIZEN = "citizen"  # who sent it, from the account it came from
MEMBER = "member"  # of the unit that has it
HANDLER = "handler"  # has taken it
CLOSER = "closer"  # gave the answer that stands
HEAD = "head"  # of the unit that has it
OFFICE = "office"  # head of the office of the committee
LEADER = "leader"  # of the committee
DUTY = "duty"  # of the duty officer's unit (trực), while that unit has it
CLOCK = "clock"  # nobody: the time has come
ROLES = (CITIZEN, MEMBER, HANDLER, CLOSER, HEAD, OFFICE, LEADER, DUTY, CLOCK)

STAYS = ""
OFFICIALS = (MEMBER, HEAD, OFFICE, LEADER)
ABOVE = (HEAD, LEADER)


@dataclass(frozen=True, slots=True)
class Move:
    """A line of a table: what an action makes of a case, and what is recorded of it.

    ``needs`` is the input that must be given; "words|picture" is met by either.  ``barred`` are roles
    whose holder may not, whatever else they are.
    """

    action: str
    states: tuple[str, ...]
    roles: tuple[str, ...]
    to: str
    event: str
    needs: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()

    def lacks(self, given: Collection[str]) -> list[str]:
        """What was not given."""
        return [need for need in self.needs if not set(need.split("|")) & set(given)]


_MATTER = (
    # taken, handed on
    Move("take", (RECEIVED,), OFFICIALS, WORKING, "taken"),
    Move("take_over", (WORKING,), OFFICIALS, WORKING, "taken"),
    Move("return", (RECEIVED,), (MEMBER, HEAD), RECEIVED, "returned", ("reason",), barred=(DUTY,)),
    Move("return", (WORKING,), (HANDLER,), RECEIVED, "returned", ("reason",), barred=(DUTY,)),
    Move("unaccepted", (RECEIVED,), (CLOCK,), RECEIVED, "unaccepted"),
    Move("move", (RECEIVED, WORKING), (DUTY, OFFICE, LEADER), RECEIVED, "moved", ("unit",)),
    Move("refer", (RECEIVED, WORKING), (DUTY, HEAD, OFFICE, LEADER), REFERRED, "referred", ("reason",)),
    # asked back: the clock stands
    Move("ask", (WORKING,), (HANDLER,), ASKED, "asked", ("words",)),
    Move("supply", (ASKED,), (CITIZEN, CLOCK), WORKING, "resumed"),
    Move("go_on", (ASKED,), (HANDLER,), WORKING, "resumed"),
    Move("recall", (WORKING,), (CITIZEN,), ASKED, "asked"),
    Move("give_up", (WORKING,), (HANDLER,), LAPSED, "given_up", ("reason", "question")),
    # answered, rated, looked at again
    Move("answer", (WORKING,), (HANDLER,), ANSWERED, "answered", ("words|picture",)),
    Move("unproved", (ANSWERED,), (CLOCK,), WORKING, "unproved", ("reason",)),
    Move("accept", (ANSWERED, LAPSED), (CITIZEN,), CLOSED, "closed"),
    Move("accept", (REFERRED,), (CITIZEN,), STAYS, "rated"),
    Move("lapse", (ANSWERED,), (CLOCK,), LAPSED, "lapsed"),
    Move("reopen", (ANSWERED, LAPSED, REFERRED), (CITIZEN,), REOPENED, "reopened"),
    Move("appeal", (ANSWERED, LAPSED, REFERRED), (CITIZEN,), APPEALED, "appealed"),
    Move("find_untrue", (ANSWERED, CLOSED, LAPSED), (CLOCK,), REOPENED, "found_untrue", ("reason",)),
    Move("redo", (REOPENED,), ABOVE, WORKING, "redo", barred=(CLOSER,)),
    Move("redo", (APPEALED,), (LEADER,), WORKING, "redo", barred=(CLOSER,)),
    Move("redo_by_unit", (REOPENED,), ABOVE, RECEIVED, "redo", barred=(CLOSER,)),
    Move("redo_by_unit", (APPEALED,), (LEADER,), RECEIVED, "redo", barred=(CLOSER,)),
    Move("review", (REOPENED,), ABOVE, WORKING, "taken", barred=(CLOSER,)),
    Move("review", (APPEALED,), (LEADER,), WORKING, "taken", barred=(CLOSER,)),
    Move("keep", (REOPENED,), ABOVE, ANSWERED, "kept", ("reason",), barred=(CLOSER,)),
    Move("keep", (APPEALED,), (LEADER,), CLOSED, "kept", ("reason",), barred=(CLOSER,)),
    Move("withdraw", UNANSWERED, (CITIZEN,), WITHDRAWN, "withdrawn"),
    # told by somebody else too: that case is worked on in its place
    Move("join", (RECEIVED,), (CITIZEN,), JOINED, "joined", ("lead",)),
    Move("rejoin", (ANSWERED, LAPSED), (CITIZEN,), JOINED, "joined"),
    Move("share", (JOINED, ANSWERED), (CLOCK,), ANSWERED, "answered"),
    Move("inherit", (JOINED,), (CLOCK,), RECEIVED, "carried_on"),
    Move("inherit_work", (JOINED,), (CLOCK,), WORKING, "carried_on"),
    # about an official; of another track
    Move("set_apart", (RECEIVED, WORKING, REOPENED, APPEALED), OFFICIALS, RECEIVED, "set_apart", ("about",)),
    Move("recuse", (WORKING,), (HANDLER,), RECEIVED, "recused"),
    Move("offer_grievance", (RECEIVED, WORKING), OFFICIALS, ASKED, "asked"),
    Move("to_grievance", (ASKED,), (CITIZEN,), GUIDED, "guided"),
    Move("erase", (*UNANSWERED, ANSWERED), OFFICIALS, REMOVED, "removed"),
    # beside its course
    Move("note", (*UNANSWERED, *DONE, WITHDRAWN), (*OFFICIALS, HANDLER), STAYS, "noted", ("words",)),
    Move("ask_extension", (WORKING,), (HANDLER,), STAYS, "extension_asked", ("day", "reason")),
    Move("decide_extension", (WORKING,), ABOVE, STAYS, "extension_decided"),
    Move("merge", (RECEIVED, WORKING, ASKED), (LEADER, DUTY), JOINED, "merged", ("lead",)),
    Move("unmerge_received", (JOINED, ANSWERED), (LEADER, DUTY), RECEIVED, "merge_undone"),
    Move("unmerge_working", (JOINED, ANSWERED), (LEADER, DUTY), WORKING, "merge_undone"),
    Move("unmerge_asked", (JOINED, ANSWERED), (LEADER, DUTY), ASKED, "merge_undone"),
    Move("follow_back", (JOINED, ANSWERED), (CLOCK,), JOINED, "merge_undone"),
    Move("propose_team", (RECEIVED, WORKING), (MEMBER, HEAD, OFFICE), STAYS, "team_proposed", ("reason",)),
    Move("decline_team", OPEN, (LEADER,), STAYS, "team_declined"),
    Move("form_team", OPEN, (LEADER,), STAYS, "team_formed", ("people", "day")),
    # a part for each of several units; the parts have the same table
    Move("split", (RECEIVED, WORKING), (HEAD, LEADER, DUTY), SPLIT, "split", ("units",)),
    Move("ask_for_part", (SPLIT,), (CLOCK,), ASKED, "asked", ("words",)),
    Move("supply_parts", (ASKED,), (CITIZEN, CLOCK), SPLIT, "resumed"),
    Move("gather", (SPLIT,), (CLOCK,), ANSWERED, "answered"),
    Move("end_part", (*OPEN, ANSWERED, LAPSED, REFERRED), (CLOCK,), CLOSED, "closed"),
)


def _reception() -> tuple[Move, ...]:
    """An appointment: moved or taken back before its day, marked from that day on, ended by the clock."""
    return (
        Move("rebook", (GUIDED,), (CITIZEN,), STAYS, "rebooked", ("day",)),
        Move("withdraw", (GUIDED,), (CITIZEN,), WITHDRAWN, "withdrawn"),
        Move("receive", (GUIDED, MISSED, EXPIRED), OFFICIALS, MET, "met"),
        Move("miss", (GUIDED, MET, EXPIRED), OFFICIALS, MISSED, "missed"),
        Move("expire", (GUIDED,), (CLOCK,), EXPIRED, "expired"),
    )


TABLES: dict[str, tuple[Move, ...]] = {
    FIELD_REPORT: _MATTER,
    SUGGESTION: _MATTER,
    PETITION: _MATTER,
    QUESTION: _MATTER,
    GRIEVANCE: _reception(),
    APPOINTMENT: _reception(),
}
STARTS: dict[str, str] = {
    FIELD_REPORT: RECEIVED,
    SUGGESTION: RECEIVED,
    PETITION: RECEIVED,
    QUESTION: RECEIVED,
    GRIEVANCE: GUIDED,
    APPOINTMENT: GUIDED,
}


def find(track: str, state: str, action: str, roles: Collection[str]) -> Move | None:
    """The line by which somebody in these roles may do this now; None if there is none."""
    held = set(roles)
    lines = (move for move in TABLES[track] if move.action == action and state in move.states)
    return next((move for move in lines if held & set(move.roles) and not held & set(move.barred)), None)


def is_known(track: str, state: str, action: str) -> bool:
    """Whether anybody at all may do this in this state."""
    return any(move.action == action and state in move.states for move in TABLES[track])
