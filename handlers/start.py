"""Greeting, joining, help, one's own data, and free text that nobody asked for."""

from __future__ import annotations

from domain.chat import Reply, Turn
from handlers import cases, tasks
from handlers.desk import Desk


def hello(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/start, with or without an invitation."""
    return [Reply("welcome_citizen", {}, menu="citizen")]


def join(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/vao CODE."""
    return []


def cancel(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/huy."""
    return []


def my_data(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/dulieu."""
    return []


def questions(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/hoidap."""
    return []


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Answers a pressed choice."""
    return []


def in_group(desk: Desk, turn: Turn) -> list[Reply]:
    """A group hears a pointer to the private chat when it calls the bot, and nothing else."""
    return [Reply("private_only", {})] if turn.text.startswith("/") else []


def free_text(desk: Desk, turn: Turn) -> list[Reply]:
    """Words outside a dialog: an official's report, or the beginning of a citizen's matter."""
    if desk.person.is_official and (report := tasks.free_text(desk, turn)) is not None:
        return report
    return cases.free_text(desk, turn)
