"""Questions (hỏi đáp): an answer from the committee's file, a few to choose from, or an official.

The words are kept for two hours, so that whoever was taken wrongly goes on with one tap: [Hỏi cán bộ]
files them as a case of its own track, [Gửi phản ánh] as a matter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from db import cases, dialogs
from db.dialogs import Dialog
from domain.answers import Answer
from domain.asking import ASKS, BOTH, COMPLAINS, NEITHER
from domain.cases import LONGEST, Draft, category_of
from domain.chat import Choice, Reply, Rows, Turn, in_rows
from domain.errors import RuleError
from domain.map_links import is_short_link, located
from domain.questions import ANSWER, CHOOSE, DOUBT, MATTER, UNKNOWN, Understood, understand
from domain.reading import is_advertising
from domain.tracks import FIELD_REPORT, QUESTION
from handlers import (
    appointments,
    calendar,
    case_draft,
    case_draft_review,
    case_intake,
    case_lookup,
    dossiers,
    own_affairs,
    small_talk,
)
from handlers.case_draft import words_kept
from handlers.desk import Desk

KIND = case_draft.ASKED
LIFETIME = case_draft.ASKED_LIFETIME
DOSSIER = "tra-ho-so"  # the answer whose unit knows about dossiers
SHORT = 9  # words: so short it asks how to complain, longer it complains


def begin(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/hoidap: answers what follows the command, or shows the topics; the next words are a question then."""
    if rest:
        asked = replace(turn, text=turn.text.split(maxsplit=1)[1])
        return _taken(desk, asked, _understood(desk, asked.text, meant=True)) or []
    case_draft.aside(desk, KIND, words_kept("", "", meant=True), LIFETIME)
    return [Reply("questions", {}, _topics(desk), menu=_menu(desk))]


def free_text(desk: Desk, turn: Turn) -> list[Reply] | None:
    """The answer to words that ask for information; None if they are a citizen's matter."""
    if turn.files or turn.place or turn.edit or turn.withheld or not turn.text.strip():
        return None
    if is_short_link(turn.text):
        return None
    if _is_serious(desk, turn.text):
        return None
    if (dossier := _dossier(desk, turn)) is not None:
        return [dossier]
    if is_advertising(desk.committee, turn.text):
        return [_advertised(desk, turn)]
    understood = _understood(desk, turn.text)
    return _visit(desk, turn, understood) or _taken(desk, turn, understood)


def on_words(desk: Desk, turn: Turn, dialog: Dialog) -> list[Reply] | None:
    """After an answer: the next question; or more about words that nobody has taken yet."""
    turn = located(turn)
    about_case = turn.reply_to or case_lookup.is_about_code(desk, turn.text)
    if turn.edit or about_case or cases.asked_of_account(desk.conn, desk.account.id):
        return None
    words = "" if turn.withheld else str(dialog.data["text"]) if dialog.data["open"] else ""
    if small_talk.is_chat(desk, turn):
        return None
    if words and not turn.files and desk.committee.spoken.is_sending(turn.text):
        return _to_matter(desk, turn, str(dialog.data["answer"]))
    if not turn.withheld and (own := own_affairs.answer(desk, turn)) is not None:
        return own
    of_place = turn.place or is_short_link(turn.text)
    if not (turn.files or of_place or turn.withheld or _is_serious(desk, turn.text)):
        if (dossier := _dossier(desk, turn)) is not None:
            return [dossier]
        if case_lookup.is_pin(turn.text):
            return [Reply("case_pin_alone")]
        meant = bool(dialog.data["meant"]) or dialog.data.get("kind") in (CHOOSE, UNKNOWN)
        understood = _understood(desk, turn.text, meant=meant, follows=dialog.data.get("kind") == ANSWER)
        if (asked := _visit(desk, turn, understood)) is not None:
            return asked
        if understood.kind == UNKNOWN and not dialog.data["meant"] and _tells(desk, turn.text):
            understood = replace(understood, kind=DOUBT)
        both = _joined(desk, words, turn.text) if understood.kind == UNKNOWN else turn.text
        if (replies := _taken(desk, replace(turn, text=both), understood)) is not None:
            return replies
    dialogs.close(desk.conn, desk.account.id)
    if not words:
        return None
    case_intake.add(desk, replace(turn, text=words, files=(), place=None), case_draft.fresh())
    return case_intake.add(desk, turn, case_draft.current(desk) or case_draft.fresh())


def press(desk: Desk, turn: Turn, arguments: list[str]) -> list[Reply]:
    """Answers a pressed choice; the words it goes with may be gone."""
    match arguments:
        case ["topics"]:
            return [Reply("questions", {}, _topics(desk), edits=turn.message_id)]
        case ["topic", topic]:
            return [_of_topic(desk, topic, turn.message_id)]
        case ["show", answer_id]:
            return [_shown(desk, answer_id, turn.message_id)]
        case ["person", answer_id]:
            return [_to_official(desk, turn, answer_id.removeprefix("-"))]
        case ["matter", answer_id]:
            return _to_matter(desk, turn, answer_id.removeprefix("-"))
    raise RuleError("button_gone")


DIALOGS: dict[str, Callable[[Desk, Turn, Dialog], list[Reply] | None]] = {KIND: on_words}


def _dossier(desk: Desk, turn: Turn) -> Reply | None:
    """Where a dossier stands whose number was typed, unless the words complain about it."""
    if desk.committee.asking.of(turn.text) in (BOTH, COMPLAINS):
        return None
    found = dossiers.by_text(desk, turn.text)
    if found is None or found.key == "dossier_too_many":
        return found
    case_draft.aside(desk, KIND, words_kept(turn.text.strip(), DOSSIER, message=turn.message_id), LIFETIME)
    return replace(found, choices=(_to_people(DOSSIER),))


def _advertised(desk: Desk, turn: Turn) -> Reply:
    """What this channel is for; the words are kept in case they were a matter after all."""
    case_draft.aside(desk, KIND, words_kept(turn.text.strip(), "", message=turn.message_id), LIFETIME)
    return Reply("advertising", {}, (_to_people("", ask=False),))


def _joined(desk: Desk, before: str, added: str) -> str:
    """Words that nobody has answered with those added; apart if too many or read as a denunciation."""
    both = f"{before}\n{added}"
    apart = not before or len(both) > LONGEST or desk.committee.screening.may_be_denunciation(both)
    return added if apart else both


def _tells(desk: Desk, text: str) -> bool:
    """Whether words that ask nothing name what people report: "chó nhà hàng xóm cắn tôi"."""
    kinds = desk.committee.categories
    kind = category_of(kinds, Draft("", words=(("", text),)))
    return kind.code != kinds[-1].code and desk.committee.asking.of(text) == NEITHER


def _understood(desk: Desk, text: str, *, meant: bool = False, follows: bool = False) -> Understood:
    known = desk.committee
    answers, asking = known.answers, known.asking
    return understand(text, desk.today, answers, asking, known.field_words, meant=meant, follows=follows)


def _visit(desk: Desk, turn: Turn, understood: Understood) -> list[Reply] | None:
    """The days of the citizens' reception for whoever wants to be received, and does not ask how."""
    known = desk.committee
    asks = known.asking.of(turn.text) == ASKS and understood.kind not in (DOUBT, MATTER)
    if asks or not known.signs.wants_visit(turn.text):
        return None
    kept = words_kept(turn.text.strip(), "", message=turn.message_id, open=True, visit=True)
    case_draft.aside(desk, KIND, kept, LIFETIME)
    return appointments.asked(desk, turn.text, Choice("unclear_matter", "ask:matter:-"))


def _is_serious(desk: Desk, text: str) -> bool:
    """An emergency, a suggestion or petition, or a grievance beyond the question how to complain."""
    screening, known = desk.committee.screening, desk.committee
    asks = known.asking.of(text) == ASKS
    if screening.is_emergency(text) or (not asks and known.signs.case_track(text) != FIELD_REPORT):
        return True
    return screening.may_be_grievance(text) and (len(text.split()) > SHORT or not asks)


def _taken(desk: Desk, turn: Turn, understood: Understood) -> list[Reply] | None:
    """The reply to what words are taken for; they are kept while they may still be meant otherwise."""
    if understood.kind == MATTER:
        return None
    found = [each.answer for each in understood.found]
    answer_id = found[0].id if understood.kind == ANSWER else ""
    known = {"open": understood.kind != ANSWER, "kind": understood.kind}
    kept = words_kept(turn.text.strip(), answer_id, message=turn.message_id, **known)
    case_draft.aside(desk, KIND, kept, LIFETIME)
    if understood.kind == ANSWER:
        return [_answer(desk, found[0])]
    rows = tuple((_title(each),) for each in found)
    if understood.kind == DOUBT:
        return [Reply("question_doubt", {"found": bool(found)}, (*rows, _to_people("", ask=not found)))]
    key = {CHOOSE: "question_choose", UNKNOWN: "question_unknown"}[understood.kind]
    return [Reply(key, {}, (*rows, _to_people("")))]


def _answer(desk: Desk, answer: Answer, *, edits: str = "") -> Reply:
    choices: Rows = (_to_people(answer.id),)
    if answer.offers == "appointment":
        ask = Choice("question_person", f"ask:person:{answer.id}")
        choices = ((Choice("appointment_book", "meet:days"), ask),)
    elif answer.offers == "nothing":
        choices = ()
    known = {
        "title": answer.title,
        "text": answer.text,
        "source": answer.source,
        "is_checked": bool(answer.checked_by),
        "reception_days": list(desk.committee.reception_days),
        "services": calendar.services(desk) if "{open_also}" in answer.text else [],
    }
    return Reply("answer", known, choices, edits=edits)


def _to_people(answer_id: str, *, ask: bool = True) -> tuple[Choice, ...]:
    about = answer_id or "-"
    matter = Choice("unclear_matter", f"ask:matter:{about}")
    return (Choice("question_person", f"ask:person:{about}"), matter) if ask else (matter,)


def _title(answer: Answer) -> Choice:
    return Choice("answer_title", f"ask:show:{answer.id}", {"title": answer.title})


def _topics(desk: Desk) -> Rows:
    answers = desk.committee.answers
    shown = [
        Choice("answer_title", f"ask:topic:{topic.id}", {"title": topic.name})
        for topic in answers.topics
        if answers.in_force(desk.today, topic.id)
    ]
    return in_rows(shown, 2)


def _of_topic(desk: Desk, topic_id: str, shown_in: str) -> Reply:
    answers = desk.committee.answers
    topic = next((topic for topic in answers.topics if topic.id == topic_id), None)
    if topic is None:
        raise RuleError("button_gone")
    rows = tuple((_title(each),) for each in answers.in_force(desk.today, topic_id))
    back = (Choice("case_back", "ask:topics"),)
    return Reply("question_topic", {"title": topic.name}, (*rows, back), edits=shown_in)


def _shown(desk: Desk, answer_id: str, shown_in: str) -> Reply:
    answer = desk.committee.answers.get(answer_id, desk.today)
    if answer is None:
        raise RuleError("button_gone")
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    before = dialog.data if dialog is not None and dialog.kind == KIND else words_kept("", "")
    text = "" if before["answer"] else str(before["text"])
    case_draft.aside(desk, KIND, words_kept(text, answer_id, message=before["message"]), LIFETIME)
    return _answer(desk, answer, edits=shown_in)


def _words(desk: Desk, answer_id: str) -> tuple[str, str]:
    """The words that an answer was given to and their message; empty when it came from the topics."""
    dialog = dialogs.current(desk.conn, desk.account.id, desk.now)
    if dialog is None or dialog.kind != KIND or dialog.data["answer"] != answer_id:
        return "", ""
    return str(dialog.data["text"]), str(dialog.data["message"])


def _to_official(desk: Desk, turn: Turn, answer_id: str) -> Reply:
    """[Hỏi cán bộ]: a draft of the question's own track; with the words here, only the consent is missing."""
    if (draft := case_draft.current(desk)) is not None and not draft.is_empty:
        raise RuleError("question_draft_open")
    words, message = _words(desk, answer_id)
    fresh = replace(case_draft.fresh(), track=QUESTION, category=answer_id, plain=True, chosen=True)
    if words:
        return case_draft_review.review(desk, replace(fresh, words=((message, words),)), wait=0)
    case_draft.keep(desk, replace(fresh, step="words"))
    return Reply("question_words")


def _to_matter(desk: Desk, turn: Turn, answer_id: str) -> list[Reply]:
    """[Gửi phản ánh]: the same words, as a citizen's matter."""
    words, message = _words(desk, answer_id)
    if not words:
        return case_intake.begin(desk, turn, "")
    said = replace(turn, pressed="", text=words, message_id=message, files=(), place=None)
    return case_intake.add(desk, said, case_draft.fresh())


def _menu(desk: Desk) -> str:
    return "official" if desk.person.is_official else "citizen"
