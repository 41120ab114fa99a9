"""A citizen's matter: the draft before consent, the tracks, what is missing, and what a good answer is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from domain.areas import Areas, Found
from domain.calendar import Calendar
from domain.committee import Category
from domain.sight import OPEN_NAME
from domain.tracks import FIELD_REPORT as FIELD_REPORT
from domain.tracks import GRIEVANCE as GRIEVANCE
from domain.tracks import SUGGESTION as SUGGESTION
from domain.tracks import TRACKS
from domain.whereabouts import answers_where, names_place
from domain.words import fold, has_any, spans

RECEIVED = "received"  # told to the unit, nobody has taken it yet
WORKING = "working"  # an official has taken it
ASKED = "asked"  # the citizen was asked; the clock stands
ANSWERED = "answered"  # the citizen has the answer and may say what they think of it
REOPENED = "reopened"  # the citizen was not content; a superior looks at it
APPEALED = "appealed"  # not content for the second time; a leader looks at it
CLOSED = "closed"  # the citizen was content, or a leader had the last word
LAPSED = "lapsed"  # ended without the citizen's opinion, or for want of words; a "chưa ổn" may open it
REFERRED = "referred"  # another authority's matter; the citizen was told which
WITHDRAWN = "withdrawn"  # taken back by the citizen
GUIDED = "guided"  # a pre-note: no đơn, only an appointment to hand one in
MET = "met"  # an official said that the citizen was received
MISSED = "missed"  # … or that nobody came
EXPIRED = "expired"  # the day of reception is over; nobody said whether the citizen came
JOINED = "joined"  # told by somebody else too; that case is worked on, both get the answer
REMOVED = "removed"  # erased: only the code, the number and the days are left
SPLIT = "split"  # several units answer a part each; their answers become one
OPEN = (RECEIVED, WORKING, ASKED, REOPENED, APPEALED, SPLIT)
UNANSWERED = (*OPEN, JOINED)  # the sender still waits: words may be added, it may be taken back
APPOINTED = (GUIDED, MET, MISSED, EXPIRED)  # only an appointment, ahead or over
DONE = (ANSWERED, CLOSED, LAPSED, REFERRED)  # the citizen has an answer
OVER = (CLOSED, LAPSED, REFERRED, WITHDRAWN, MET, MISSED, EXPIRED)  # nobody waits for anything any more

LONGEST_CONTACT = 120
LONGEST = 6000  # characters of a draft
MOST_FILES = 20
SUBSTANCE = 20  # characters of an answer without a picture
SECOND_LOOK_DAYS = 4  # working days for a reopened case
EMERGENCY_DAYS = 1

_STOCK = re.compile(
    r"\b(da|dang|se|duoc|xin|tiep nhan|ghi nhan|xu ly|giai quyet|hoan thanh|xong|roi|kiem tra|xem xet|cam on|"
    r"ong|ba|y kien|phan anh|gop y|nguoi dan|theo|quy dinh|tham quyen|cua|va|ve|nay|kinh gui|tran trong|ubnd|"
    r"phong|don vi|chuyen|bo phan|som|nhat|trong thoi gian toi)\b"
)
_THANKS = frozenset(
    ("cam on", "cam on nhieu", "xin cam on", "cam on ubnd", "ok", "oke", "okie", "da", "vang", "alo", "tks",
     "thanks", "thank you", "dc", "duoc", "uh", "um", "a", "test",
     "xin hoi", "cho hoi", "cho toi hoi", "toi muon hoi", "em muon hoi", "ad", "admin", "shop oi")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has told us so far; it lives in the dialog row until they agree or a day is over.

    ``token`` ties buttons to this draft.  ``cleared`` says that the person was asked and did not mean
    a denunciation; ``warned`` that the emergency numbers were said; ``step`` is the part they are
    typing anew; ``asked`` is what the review asked for.
    """

    token: str
    track: str = FIELD_REPORT  # as the words read, until the person chose one
    category: str = ""
    words: tuple[tuple[str, str], ...] = ()  # message id, text
    place: str = ""
    area: str = ""  # the code the person chose where the typed place fits several
    latitude: float | None = None
    longitude: float | None = None
    taken_at: tuple[float, float] | None = None  # where a picture says it was taken; kept only on a yes
    files: tuple[int, ...] = ()
    pictures: int = 0
    asked: str = ""
    step: str = ""
    cleared: bool = False
    warned: bool = False
    plain: bool = False  # the person said that it is no khiếu nại
    compared: bool = False  # what others told of the same place was shown
    chosen: bool = False  # the person chose the track
    questioned: str = ""  # the category whose question was read and answered with some words
    here: bool = False  # the person wants it sent though its place is a neighbour's
    privacy: str = OPEN_NAME
    reminded: bool = False  # its writer heard that it is not sent
    contact: str = ""  # name, telephone number, if the person wants them known

    @property
    def text(self) -> str:
        """All words, a message a line."""
        return "\n".join(words for _, words in self.words)

    @property
    def has_pin(self) -> bool:
        """Whether a place on the map was sent."""
        return self.latitude is not None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was told yet."""
        return not (self.words or self.place or self.files or self.has_pin)

    def missing(self, category: Category, *, in_doubt: bool = False) -> str:
        """What would help most and is not there yet, or nothing.

        ``words``, ``place``, ``area``, ``question`` (the category's own) or ``photo``; ``in_doubt`` says
        that the place fits several areas.
        """
        if not self.words:
            return "words"
        if not TRACKS[self.track].asks_place:
            return ""
        if not (self.place or self.has_pin) and category.field_work and not names_place(self.text):
            return "place"
        if in_doubt:
            return "area"
        if category.question and self.questioned != category.code:
            return "question"
        return "photo" if category.field_work and not self.pictures else ""


def draft_from(data: Mapping[str, Any]) -> Draft:
    """The draft of a dialog row."""
    words = tuple((str(key), str(text)) for key, text in data["words"])
    at = data.get("taken_at")
    return Draft(
        **{**data, "words": words, "files": tuple(data["files"]), "taken_at": tuple(at) if at else None}
    )


def with_words(draft: Draft, message_id: str, text: str) -> tuple[Draft, str]:
    """The draft with a text added where it belongs, and what it became: ``words``, ``place``, ``contact``."""
    if draft.step == "words":
        return replace(draft, words=((message_id, text),), step=""), "words"
    if draft.step == "contact":
        return replace(draft, contact=" ".join(text.split())[:LONGEST_CONTACT], step=""), "contact"
    answers_place = draft.asked == "place" and bool(draft.words) and len(text.split()) <= 12
    if draft.step == "place" or (answers_place and answers_where(text)):
        place = text if draft.step == "place" or not draft.place else f"{draft.place}, {text}"
        return replace(draft, place=place, area="", step=""), "place"
    return replace(draft, words=(*draft.words, (message_id, text))), "words"


def category_of(categories: Sequence[Category], draft: Draft) -> Category:
    """The chosen category, or the one whose words fit best; the last one ("Việc khác") if none does.

    Where something is says what it is only if the words do not: rubbish stays rubbish "đầu đường".
    A phrase counts for nothing where a longer one of another category stands: in "đèn đường hư" there is
    no "đường hư".  A phrase that is listed twice counts twice.
    """
    for category in categories:
        if category.code == draft.category:
            return category
    best = _best(categories, fold(draft.text)) or _best(categories, fold(draft.place))
    return best or categories[-1]


def _best(categories: Sequence[Category], folded: str) -> Category | None:
    found = [
        (len(word.replace("… ", "")), start, end, at)
        for at, category in enumerate(categories)
        for word in category.words
        for start, end in spans(folded, word)[:1]
    ]
    scores = [0] * len(categories)
    for size, start, end, at in found:
        longer = [each for each in found if each[0] > size and each[3] != at]
        if not any(start < last and first < end for _, first, last, _ in longer):
            scores[at] += size
    best = max(scores, default=0)
    return categories[scores.index(best)] if best else None


def area_found(areas: Areas, draft: Draft) -> Found:
    """Where the matter is: what the person chose, else what place and words say together, else the pin.

    Words that name an area of ours are believed before a pin, which may have been sent from home.
    """
    if (chosen := areas.get(draft.area)) is not None:
        return Found(chosen)
    found = areas.find(f"{draft.text}\n{draft.place}")
    if not found.sure and draft.place:
        found = _surer(areas.find(draft.place), found)
    if found.sure or draft.latitude is None or draft.longitude is None:
        return found
    pinned = areas.at(draft.latitude, draft.longitude)
    if pinned.sure:
        return pinned
    return found if found.perhaps or found.elsewhere else pinned


def _surer(place: Found, found: Found) -> Found:
    return place if place.sure else found


def second_look(calendar: Calendar, today: date, days: int) -> dict[str, Any]:
    """The columns of a case that is looked at again: nobody has it, and its clock begins anew.

    ``days`` are the promise of its kind, in working days; a second look takes no longer than the first.
    """
    days = min(SECOND_LOOK_DAYS, days)
    due_on = calendar.add(today, days)
    return {
        "due_on": due_on, "promised_on": due_on, "due_from": today, "due_days": days, "stood": [],
        "handler_id": None, "joined_to": None, "closed_at": None,
    }  # fmt: skip


def is_small_talk(text: str) -> bool:
    """Whether a text is only a kind word or a test of the line, and no matter."""
    return fold(text) in _THANKS or not fold(text)


def is_thanks(text: str) -> bool:
    """Whether a kind word is thanks, and no greeting."""
    return has_any(fold(text), ("cam on", "tks", "thanks", "thank you"))


def is_substantial(answer: str) -> bool:
    """Whether an answer tells the citizen something: long enough, and more than stock phrases."""
    if len(answer.strip()) < SUBSTANCE:
        return False
    return len(_STOCK.sub(" ", fold(answer)).split()) >= 3


def resumed_due(calendar: Calendar, due_on: date, paused_at: datetime, now: datetime) -> date:
    """The due date after the clock stood: later by the working days waited."""
    waited = calendar.between(calendar.today(paused_at), calendar.today(now))
    return calendar.add(due_on, waited) if waited > 0 else due_on


def reception_days(calendar: Calendar, weekdays: Sequence[int], today: date, count: int = 4) -> list[date]:
    """The next days after ``today`` on which citizens are received; ``weekdays`` are ISO weekdays."""
    found: list[date] = []
    day = today
    while len(found) < count:
        day = calendar.add(day, 1)
        if not weekdays or day.isoweekday() in weekdays:
            found.append(day)
    return found
