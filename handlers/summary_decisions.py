"""What waits for a leader's word: reports, wishes for more time, reopened matters, questions of the plan."""

from __future__ import annotations

from collections.abc import Callable

from db import audit, plan_questions
from db import decisions as decisions_db
from db import summary as summary_db
from db.plan_questions import PlanQuestion
from domain.chat import Choice, Reply, Turn, in_rows
from domain.errors import RuleError
from domain.tasks import Decision
from handlers.desk import Desk
from handlers.summary_lists import number_at, opened
from handlers.summary_scope import Scope

Item = tuple[dict[str, object], str]  # a line of the list, and the action that opens it


def decisions(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """Everything that waits for this leader, the oldest first; a number opens one."""
    page = opened(_items(desk, scope), number_at(arguments, 0))
    lines = [{**line, "n": n} for n, (line, _) in page.rows]
    choices = [
        Choice("summary_row_decision", action, line)
        for line, (_, (_, action)) in zip(lines, page.rows, strict=True)
    ]
    rows = (*in_rows(choices, 4), *page.turning(scope.action, "do"), scope.back())
    return [Reply("summary_decisions", page.facts(scope, "", lines), rows, edits=turn.message_id)]


def question(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """One contradiction of the plan with its default answer."""
    found = _question(desk, scope, arguments)
    facts = {
        "code": found.code,
        "place": found.place,
        "problem": found.problem,
        "default": found.default_answer,
    }
    rows = (
        (Choice("summary_use_default", scope.action("default", found.id)),),
        (Choice("summary_back_decisions", scope.action("do")),),
    )
    return [Reply("summary_question", facts, rows, edits=turn.message_id)]


def use_default(desk: Desk, turn: Turn, scope: Scope, arguments: list[str]) -> list[Reply]:
    """Takes the default answer; who decided and when is kept."""
    found = _question(desk, scope, arguments)
    plan_questions.decide_by_default(desk.conn, found.id, by=desk.person.id, now=desk.now)
    audit.record(
        desk.conn, "decision", found.id, "default_taken", desk.now, actor_id=desk.person.id, code=found.code
    )
    facts = {"code": found.code, "default": found.default_answer}
    rows = ((Choice("summary_back_decisions", scope.action("do")), *scope.back()),)
    return [Reply("summary_question_decided", facts, rows, edits=turn.message_id)]


def _items(desk: Desk, scope: Scope) -> list[Item]:
    found: list[Item] = [
        _asked(each) for each in decisions_db.waiting_for(desk.conn, desk.person, desk.today)
    ]
    found += [
        ({"kind": "case", "code": row.code, "unit": row.unit, "due": row.due_on}, f"case:card:{row.id}")
        for row in summary_db.cases_reopened(desk.conn, desk.calendar, viewer=desk.person)
    ]
    found += [
        ({"kind": "plan", "code": each.code, "problem": each.problem}, scope.action("plan", each.id))
        for each in _questions(desk, scope)
    ]
    return found


def _asked(each: Decision) -> Item:
    line: dict[str, object] = {
        "kind": "report" if each.kind == "s" else "wish",
        "who": each.reporter,
        "title": each.task.title,
        "document": each.document,
        "day": each.to_day,
        "reason": each.reason,
        "at": each.at,
    }
    return line, f"task:open:{each.task.id}"


def _questions(desk: Desk, scope: Scope) -> list[PlanQuestion]:
    plan = summary_db.plan_of(desk.conn, scope.period.year)
    return plan_questions.undecided(desk.conn, plan.id) if plan else []


def _question(desk: Desk, scope: Scope, arguments: list[str]) -> PlanQuestion:
    for each in _questions(desk, scope):
        if arguments and arguments[0] == str(each.id):
            return each
    raise RuleError("summary_question_gone")


VIEWS: dict[str, Callable[[Desk, Turn, Scope, list[str]], list[Reply]]] = {
    "do": decisions,
    "plan": question,
    "default": use_default,
}
