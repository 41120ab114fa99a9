"""Every state, action and role of a case: what is allowed is written here once more, all else is refused."""

from __future__ import annotations

import ast
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import cases as db_cases
from domain import cases
from domain.case_states import CLOSER, DUTY, ROLES, STARTS, TABLES, Move, find, is_known
from domain.tracks import APPOINTMENT, FIELD_REPORT, GRIEVANCE, PETITION, QUESTION, SUGGESTION

ROOT = Path(__file__).parent.parent
STATES = (
    "received", "working", "asked", "answered", "reopened", "appealed", "closed", "lapsed", "referred",
    "withdrawn", "guided", "met", "missed", "expired", "joined", "removed", "split",
)  # fmt: skip
ANY_OFFICIAL = ("member", "head", "office", "leader")
ABOVE = ("head", "leader")
CITIZEN_ALONE = ("citizen",)
MOVERS = ("duty", "office", "leader")

Grid = dict[str, dict[str, tuple[tuple[str, ...], str]]]
"""state: {action: (roles, next state)}"""


def _noted(state: str) -> dict[str, tuple[tuple[str, ...], str]]:
    return {"note": ((*ANY_OFFICIAL, "handler"), state)}


MATTER: Grid = {
    "received": {
        "take": (ANY_OFFICIAL, "working"),
        "set_apart": (ANY_OFFICIAL, "received"),
        "offer_grievance": (ANY_OFFICIAL, "asked"),
        "return": (("member", "head"), "received"),
        "unaccepted": (("clock",), "received"),
        "move": (MOVERS, "received"),
        "refer": ((*MOVERS, "head"), "referred"),
        "withdraw": (CITIZEN_ALONE, "withdrawn"),
        "join": (CITIZEN_ALONE, "joined"),
        "merge": (("leader", "duty"), "joined"),
        "split": (("head", "leader", "duty"), "split"),
        "end_part": (("clock",), "closed"),
    },
    "working": {
        "take_over": (ANY_OFFICIAL, "working"),
        "set_apart": (ANY_OFFICIAL, "received"),
        "recuse": (("handler",), "received"),
        "offer_grievance": (ANY_OFFICIAL, "asked"),
        "return": (("handler",), "received"),
        "move": (MOVERS, "received"),
        "refer": ((*MOVERS, "head"), "referred"),
        "ask": (("handler",), "asked"),
        "recall": (CITIZEN_ALONE, "asked"),
        "give_up": (("handler",), "lapsed"),
        "answer": (("handler",), "answered"),
        "ask_extension": (("handler",), "working"),
        "decide_extension": (ABOVE, "working"),
        "withdraw": (CITIZEN_ALONE, "withdrawn"),
        "merge": (("leader", "duty"), "joined"),
        "split": (("head", "leader", "duty"), "split"),
        "end_part": (("clock",), "closed"),
    },
    "asked": {
        "to_grievance": (CITIZEN_ALONE, "guided"),
        "supply": (("citizen", "clock"), "working"),
        "go_on": (("handler",), "working"),
        "supply_parts": (("citizen", "clock"), "split"),
        "withdraw": (CITIZEN_ALONE, "withdrawn"),
        "merge": (("leader", "duty"), "joined"),
        "end_part": (("clock",), "closed"),
    },
    "answered": {
        "accept": (CITIZEN_ALONE, "closed"),
        "reopen": (CITIZEN_ALONE, "reopened"),
        "appeal": (CITIZEN_ALONE, "appealed"),
        "lapse": (("clock",), "lapsed"),
        "unproved": (("clock",), "working"),
        "find_untrue": (("clock",), "reopened"),
        "rejoin": (CITIZEN_ALONE, "joined"),
        "share": (("clock",), "answered"),
        "unmerge_received": (("leader", "duty"), "received"),
        "unmerge_working": (("leader", "duty"), "working"),
        "unmerge_asked": (("leader", "duty"), "asked"),
        "follow_back": (("clock",), "joined"),
        "end_part": (("clock",), "closed"),
    },
    "reopened": {
        "set_apart": (ANY_OFFICIAL, "received"),
        "end_part": (("clock",), "closed"),
        "redo": (ABOVE, "working"),
        "redo_by_unit": (ABOVE, "received"),
        "review": (ABOVE, "working"),
        "keep": (ABOVE, "answered"),
        "withdraw": (CITIZEN_ALONE, "withdrawn"),
    },
    "joined": {
        "withdraw": (CITIZEN_ALONE, "withdrawn"),
        "share": (("clock",), "answered"),
        "inherit": (("clock",), "received"),
        "inherit_work": (("clock",), "working"),
        "unmerge_received": (("leader", "duty"), "received"),
        "unmerge_working": (("leader", "duty"), "working"),
        "unmerge_asked": (("leader", "duty"), "asked"),
        "follow_back": (("clock",), "joined"),
    },
    "split": {
        "withdraw": (("citizen",), "withdrawn"),
        "ask_for_part": (("clock",), "asked"),
        "gather": (("clock",), "answered"),
        "end_part": (("clock",), "closed"),
    },
    "appealed": {
        "set_apart": (ANY_OFFICIAL, "received"),
        "end_part": (("clock",), "closed"),
        "redo": (("leader",), "working"),
        "redo_by_unit": (("leader",), "received"),
        "review": (("leader",), "working"),
        "keep": (("leader",), "closed"),
        "withdraw": (CITIZEN_ALONE, "withdrawn"),
    },
    "closed": {"find_untrue": (("clock",), "reopened")},
    "lapsed": {
        "find_untrue": (("clock",), "reopened"),
        "rejoin": (CITIZEN_ALONE, "joined"),
        "end_part": (("clock",), "closed"),
        "accept": (CITIZEN_ALONE, "closed"),
        "reopen": (CITIZEN_ALONE, "reopened"),
        "appeal": (CITIZEN_ALONE, "appealed"),
    },
    "referred": {
        "accept": (CITIZEN_ALONE, "referred"),
        "end_part": (("clock",), "closed"),
        "reopen": (CITIZEN_ALONE, "reopened"),
        "appeal": (CITIZEN_ALONE, "appealed"),
    },
    "withdrawn": {},
}
for each_state, lines in MATTER.items():
    lines |= _noted(each_state)
for each_state in ("received", "working", "asked", "reopened", "appealed", "joined", "answered", "split"):
    MATTER[each_state]["erase"] = (ANY_OFFICIAL, "removed")
for each_state in cases.OPEN:
    MATTER[each_state]["form_team"] = (("leader",), each_state)
    MATTER[each_state]["decline_team"] = (("leader",), each_state)
for each_state in ("received", "working"):
    MATTER[each_state]["propose_team"] = (("member", "head", "office"), each_state)
PRE_NOTE: Grid = {
    "guided": {
        "withdraw": (CITIZEN_ALONE, "withdrawn"),
        "rebook": (CITIZEN_ALONE, "guided"),
        "receive": (ANY_OFFICIAL, "met"),
        "miss": (ANY_OFFICIAL, "missed"),
        "expire": (("clock",), "expired"),
    },
    "met": {"miss": (ANY_OFFICIAL, "missed")},
    "missed": {"receive": (ANY_OFFICIAL, "met")},
    "expired": {"receive": (ANY_OFFICIAL, "met"), "miss": (ANY_OFFICIAL, "missed")},
}
WANTED: dict[str, Grid] = {
    FIELD_REPORT: MATTER,
    SUGGESTION: MATTER,
    PETITION: MATTER,
    QUESTION: MATTER,
    GRIEVANCE: PRE_NOTE,
    APPOINTMENT: PRE_NOTE,
}
ACTIONS = sorted({move.action for table in TABLES.values() for move in table})


def test_the_states_here_are_those_of_the_code() -> None:
    named = {value for name, value in vars(cases).items() if name.isupper() and value in STATES}
    assert named == set(STATES)
    assert set(TABLES) == set(WANTED) == set(STARTS)


@pytest.mark.parametrize("track", TABLES)
def test_each_state_action_and_role_does_what_is_written_here(track: str) -> None:
    for state, action, role in product(STATES, ACTIONS, ROLES):
        roles, to = WANTED[track].get(state, {}).get(action, ((), ""))
        move = find(track, state, action, (role,))
        assert (move is not None) == (role in roles), (track, state, action, role)
        if move is not None:
            assert (move.to or state) == to, (track, state, action, role)
        assert is_known(track, state, action) == bool(roles)


def test_whoever_answered_looks_at_no_doubt_about_it() -> None:
    for state, action in product(("reopened", "appealed"), ("redo", "redo_by_unit", "review", "keep")):
        assert find(FIELD_REPORT, state, action, ("leader", CLOSER)) is None


def test_the_duty_officer_returns_nothing_to_the_duty_officer() -> None:
    for state in ("received", "working"):
        assert find(FIELD_REPORT, state, "return", ("member", "head", "handler", DUTY)) is None


def test_the_pre_note_of_a_grievance_shares_no_line() -> None:
    others = {id(move) for track, table in TABLES.items() if track != GRIEVANCE for move in table}
    assert not others & {id(move) for move in TABLES[GRIEVANCE]}
    assert not {move.to for move in TABLES[GRIEVANCE]} & {"received", "working", "answered"}


def test_no_role_finds_two_lines() -> None:
    for track, table in TABLES.items():
        seen: set[tuple[str, str, str]] = set()
        for move in table:
            for key in product(move.states, [move.action], move.roles):
                assert key not in seen, (track, key)
                seen.add(key)


def test_every_state_can_be_reached_and_every_open_one_left() -> None:
    for track, table in TABLES.items():
        reached = {STARTS[track]}
        while more := {move.to for move in table if set(move.states) & reached} - reached - {""}:
            reached |= more
        assert {state for move in table for state in move.states} <= reached
        for state in reached & set(cases.OPEN):
            assert any(state in move.states and move.to not in ("", state) for move in table)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ACTIONS), st.sampled_from(ROLES)), max_size=30))
def test_whatever_is_tried_the_matter_stays_in_a_known_state(tries: list[tuple[str, str]]) -> None:
    state = STARTS[FIELD_REPORT]
    for action, role in tries:
        move = find(FIELD_REPORT, state, action, (role,))
        state = (move.to or state) if move else state
        assert state in STATES


def test_either_of_two_kinds_of_input_is_enough() -> None:
    move = Move("answer", ("working",), ("handler",), "answered", "answered", ("words|picture", "reason"))
    assert move.lacks(()) == ["words|picture", "reason"]
    assert move.lacks(("picture",)) == ["reason"]
    assert not move.lacks(("words", "reason"))


def _calls(name: str) -> set[str]:
    found = set()
    for folder in ("bot", "db", "handlers", "scheduler", "simulator"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == name:
                    found.add(path.relative_to(ROOT).as_posix())
    return found


def test_one_function_alone_changes_the_state_of_a_case() -> None:
    assert _calls("cases.move") == {"handlers/case_moves.py"}


def test_a_state_is_no_column_like_the_others() -> None:
    with pytest.raises(ValueError, match="line of the table"):
        db_cases.change(None, 1, state="closed")  # type: ignore[arg-type]
