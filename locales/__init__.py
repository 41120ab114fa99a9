"""Every word the bot says, by key: ``locales/vi/*.toml`` holds ``key = '''template'''`` lines.

Another language has a folder of the same kind; what it does not hold is said in Vietnamese.

Templates are Jinja2 over facts, with ``<b>…</b>`` as the only mark; what a person typed is escaped,
so it can never become a mark.  ``part(key, …)`` puts another text in.  Facts that are dates may be
dates or ISO strings.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections import ChainMap
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from jinja2 import Environment, StrictUndefined, Template, TemplateSyntaxError, UndefinedError
from markupsafe import Markup

from domain.chat import Facts, Text

LANGUAGES = ("vi", "en")  # the first one has every text
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_BOLD = re.compile(r"<b>(.*?)</b>", re.DOTALL)


@cache
def templates(language: str = LANGUAGES[0]) -> dict[str, str]:
    """The templates of a language by their keys; a key defined twice is an error."""
    found: dict[str, str] = {}
    folder = resources.files("locales") / language
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".toml"):
            continue
        for key, text in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if key in found:
                raise ValueError(f"text key {key} is defined twice")
            found[key] = text.strip("\n")
    return found


class Wording:
    """Puts facts into words, for one committee.

    ``office`` is known to every template as ``office``; ``zone`` is where times are shown.
    """

    def __init__(self, zone: ZoneInfo, office: Mapping[str, object], language: str = LANGUAGES[0]) -> None:
        self._zone = zone
        other = () if language == LANGUAGES[0] else (templates(language),)
        self._templates = ChainMap(*other, templates())
        self._environment = Environment(
            autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._compiled: dict[str, Template] = {}
        self._environment.globals["office"] = office
        self._environment.globals["part"] = lambda key, /, **facts: Markup(self._render(key, facts).strip())
        self._environment.globals["words"] = lambda key, /, **facts: self.label(key, facts)
        self._environment.filters.update(
            ngay=self._day,
            ngay_ngan=self._short_day,
            thu_ngay=self._weekday,
            gio=self._hour,
            luc=self._moment,
            so=lambda n: f"{n:,}".replace(",", "."),
            phan_tram=percent,
            vong=lambda n: CIRCLED[n - 1] if 0 < n <= len(CIRCLED) else f"({n})",
            cat=cut,
        )

    def has(self, key: str) -> bool:
        """Whether there is a text of this key."""
        return key in self._templates

    def say(self, key: str, facts: Facts) -> Text:
        """The text of a key; raises KeyError for an unknown key, UndefinedError for a missing fact."""
        return _unmark(re.sub(r"\n{3,}", "\n\n", self._render(key, facts)).strip())

    def label(self, key: str, facts: Facts) -> str:
        """The text of a key on one line without emphasis."""
        return " ".join(self.say(key, facts).plain.split())

    def page(self, key: str, facts: Facts) -> str:
        """The text of a key as it stands there: a whole HTML page, what it is given escaped."""
        return self._render(key, facts) + "\n"

    def _render(self, key: str, facts: Facts) -> str:
        if key not in self._compiled:
            self._compiled[key] = self._environment.from_string(self._templates[key])
        return self._compiled[key].render(**facts)

    def _local(self, value: object) -> datetime:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        assert isinstance(moment, datetime)
        return moment.astimezone(self._zone)

    def _as_day(self, value: object) -> date:
        if isinstance(value, str):
            value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        if isinstance(value, datetime):
            return value.astimezone(self._zone).date()
        assert isinstance(value, date)
        return value

    def _day(self, value: object) -> str:
        return f"{self._as_day(value):%d/%m/%Y}"

    def _short_day(self, value: object) -> str:
        return f"{self._as_day(value):%d/%m}"

    def _weekday(self, value: object) -> str:
        day = self._as_day(value)
        weekdays = self._templates["format_weekdays"].split(", ")
        return f"{weekdays[day.weekday()]} {day:%d/%m}"

    def _hour(self, value: object) -> str:
        return f"{self._local(value):%H:%M}"

    def _moment(self, value: object) -> str:
        return self._local(value).strftime(self._templates["format_moment"])


def percent(value: float) -> str:
    """A share of one as Vietnamese offices print it: 0.965 -> "96,5 %", 0.8 -> "80 %"."""
    text = f"{value * 100:.1f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") + " %"


def cut(text: str, length: int = 60) -> str:
    """A text shortened at a word with an ellipsis; for titles in lists."""
    text = " ".join(str(text).split())
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:-") + "…"


def _unmark(marked: str) -> Text:
    plain, bold, at = "", [], 0
    for match in _BOLD.finditer(marked):
        plain += html.unescape(marked[at : match.start()])
        inner = html.unescape(match[1])
        if inner:
            bold.append((len(plain), len(inner)))
        plain += inner
        at = match.end()
    plain += html.unescape(marked[at:])
    return Text(plain, tuple(bold))


__all__ = ["CIRCLED", "TemplateSyntaxError", "UndefinedError", "Wording", "cut", "percent", "templates"]
