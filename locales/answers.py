"""Fills a committee's templates of answers: a sandbox, and a fact that is missing is an error."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import SandboxedEnvironment

_SANDBOX = SandboxedEnvironment(undefined=StrictUndefined)


def trouble(text: str, facts: Collection[str]) -> tuple[str, str] | None:
    """What is wrong with a template: ``text``, ``fact`` or ``result``, and which; None if it is fine."""
    try:
        named = meta.find_undeclared_variables(_SANDBOX.parse(text))
        if unknown := named - set(facts):
            return "fact", ", ".join(sorted(unknown))
        fill(text, dict.fromkeys(facts, "x"))
    except (TemplateError, ArithmeticError, TypeError, ValueError) as error:
        return "text", str(error)
    return None if "result" in named else ("result", "")


def fill(text: str, facts: Mapping[str, object]) -> str:
    """The template with a case's facts; lines and blanks as people write them."""
    filled = _SANDBOX.from_string(text).render(facts)
    return "\n".join(" ".join(line.split()) for line in filled.splitlines())
