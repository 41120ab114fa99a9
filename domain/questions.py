"""What to do with words that may be a question: answer, let choose, hand over, ask what is meant, or take in.

A question must not become a matter by accident and a matter must not be taken for a question: whatever
speaks for both is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.answers import SURE, Answers, Found, likely
from domain.asking import ASKS, BOTH, COMPLAINS, Asking

ANSWER = "answer"  # one answer fits
CHOOSE = "choose"  # a few may fit
UNKNOWN = "unknown"  # a question that nobody foresaw
DOUBT = "doubt"  # a question or a matter
MATTER = "matter"  # a citizen's matter, or nothing of ours

_BARE_WORDS = 10  # a few words without a verb of asking are a question when nearly all
_COVERED = 0.85  # of them are a topic's
_MORE_WORDS = 5  # "còn lệ phí?" after an answer needs no verb either


@dataclass(frozen=True, slots=True)
class Understood:
    """What words are taken for, and the answers that go with it."""

    kind: str
    found: tuple[Found, ...] = ()


def understand(
    text: str,
    day: date,
    answers: Answers,
    asking: Asking,
    field_words: Iterable[str],
    *,
    meant: bool = False,
    follows: bool = False,
) -> Understood:
    """Takes words for a question or not.

    ``meant`` says that the person came to ask, ``follows`` that they have just asked something else.
    ``field_words`` name things in the field, "o ga"; those that people also ask about count for nothing.
    """
    found = tuple(likely(answers.find(text, day)))
    intent = asking.of(text, [words for words in field_words if not answers.names(words)])
    sure = bool(found) and found[0].share >= SURE
    if intent in (BOTH, COMPLAINS):
        doubtful = meant or (intent == BOTH and sure)
        return Understood(DOUBT, found) if doubtful else Understood(MATTER)
    if intent != ASKS and not meant:
        if not sure:
            return Understood(MATTER)
        more = follows and len(text.split()) <= _MORE_WORDS
        if not (more or _is_topic(text, answers, found[0])):
            return Understood(DOUBT, found)
    if sure and len(found) == 1:
        return Understood(ANSWER, found)
    return Understood(CHOOSE if found else UNKNOWN, found)


def _is_topic(text: str, answers: Answers, best: Found) -> bool:
    return len(text.split()) <= _BARE_WORDS and answers.covers(text, best.answer) >= _COVERED
