"""Logs as JSON lines with constant event names; tokens and phone numbers never get through."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

QUIET = ("httpx", "httpcore", "telegram", "apscheduler", "uvicorn", "alembic", "sqlalchemy")

_TOKEN = re.compile(r"(?:bot)?\d{5,}(?::|%3[Aa])[A-Za-z0-9_-]{10,}")
_PHONE = re.compile(r"(?<![\w.:-])\(?(?:\+?84|0)(?:[ .()-]{0,2}\d){8,10}(?!\w|[-.:]\d)")


class Redaction:
    """Replaces bot tokens, the known secrets and Vietnamese phone numbers by stars."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = sorted((secret for secret in secrets if secret), key=len, reverse=True)

    def text(self, line: str) -> str:
        """A text without secrets."""
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return _PHONE.sub("***", _TOKEN.sub("***", line))

    def value(self, item: object) -> Any:
        """A field of an event without secrets; what is neither number nor text becomes text first."""
        if item is None or isinstance(item, bool | int | float):
            return item
        if isinstance(item, Mapping):
            return {self.text(str(key)): self.value(value) for key, value in item.items()}
        if isinstance(item, list | tuple):
            return [self.value(value) for value in item]
        return self.text(str(item))

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {key: self.value(value) for key, value in event.items()}


def configure(level: str = "INFO", secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Sends every log of the process, the libraries' too, through the redaction to one stream."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*before, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                Redaction(secrets),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        library = logging.getLogger(name)
        library.setLevel(logging.WARNING)
        library.handlers.clear()
        library.propagate = True
    logging.captureWarnings(True)
