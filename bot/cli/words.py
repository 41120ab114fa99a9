"""What the command line says, its library's own words included."""

from __future__ import annotations

import gettext
from functools import cache
from zoneinfo import ZoneInfo

from bot.config import SettingsError
from domain.chat import Text
from domain.errors import RuleError
from locales import Wording, templates


@cache
def _wording() -> Wording:
    return Wording(ZoneInfo("Asia/Ho_Chi_Minh"), {})


def marked(key: str) -> Text:
    """The words of a key with their emphasis."""
    return _wording().say(key, {})


def say(key: str, **facts: object) -> str:
    """The words of a key, without emphasis."""
    return _wording().say(key, facts).plain


def sentence(no: SettingsError | RuleError) -> str:
    """The sentence of an error."""
    return say(no.key, **no.facts)


def speak_vietnamese() -> None:
    """Puts our words in the place where click takes its own from."""
    words = templates()

    def one(message: str) -> str:
        return words.get(f"click_{message}", message)

    def counted(msgid1: str, msgid2: str, n: int) -> str:
        return one(msgid1 if n == 1 else msgid2)

    gettext.gettext = one
    gettext.ngettext = counted
