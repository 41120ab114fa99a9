"""Finds words of denunciation (tố cáo), grievance (khiếu nại) and emergency before anything is stored.

Nothing is decided here: whoever is suspected is asked.  A text typed with accents is read with them
("cây to cao" is a tall tree), one typed without is read as what it may mean ("to cao").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from domain.likeness import Likeness
from domain.tracks import DENUNCIATION, EMERGENCY, GRIEVANCE
from domain.words import fold, has_any, has_words, without, written_out

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_TOKEN = re.compile(r"[^\W_]+")
_SPELLED = re.compile(r"(?:\b[^\W\d_]\b[\s.\-_*]*){4,}")
_REACH = 9  # words from whoever is in office to the verb, and
_GRASP = 6  # from the verb to the money
_MANY_SIGNS = 3  # from which number of things near an office it is asked first
_LIKE, _VERY_LIKE = 0.7, 0.95  # from which share a text is like the known messages of a track


@dataclass(frozen=True, slots=True)
class _Syllable:
    plain: str
    marks: str  # its accents in a fixed order, so that both ways to place a tone are equal


@dataclass(frozen=True)
class Screening:
    """The words looked for; ``data/screening.toml`` says what each list means.

    ``denunciation``, ``grievance`` and the emergencies are written with accents, the rest folded;
    ``money`` are regular expressions over folded text, and the lists that end in ``_typed`` may hold "…".
    ``typed`` is how people shorten words.  What is on no list is told by its likeness to known messages:
    a denunciation only where somebody in office is named, and by what is said of them (``deeds``, learnt
    from messages without the words of office), so that naming them raises no suspicion.
    """

    denunciation: tuple[str, ...] = ()
    denunciation_with_accents: tuple[str, ...] = ()
    denunciation_typed: tuple[str, ...] = ()
    typed_raw: tuple[str, ...] = ()
    in_office: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    always_takes: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    wrongs: tuple[str, ...] = ()
    negations: tuple[str, ...] = ()
    money: tuple[str, ...] = ()
    due_money: tuple[str, ...] = ()
    near_office: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    office_places: tuple[str, ...] = ()
    grievance: tuple[str, ...] = ()
    grievance_typed: tuple[str, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    likeness: Likeness = field(default_factory=Likeness)
    deeds: Likeness = field(default_factory=Likeness)
    emergency: tuple[str, ...] = ()
    emergency_with_accents: tuple[str, ...] = ()
    emergency_typed: tuple[str, ...] = ()
    cries: tuple[str, ...] = ()
    no_emergency: tuple[str, ...] = ()
    doubtful_emergency: tuple[str, ...] = ()
    harmless_after: Mapping[str, Sequence[str]] = field(default_factory=dict)
    always_harmless_after: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def may_be_denunciation(self, text: str) -> bool:
        """Whether the text may be a tố cáo, so that it is not written down before the person was asked."""
        clean = _clean(text)
        spelled = _SPELLED.sub(lambda match: f" {re.sub(r'[^a-z]', '', fold(match[0]))} ", clean)
        folded = fold(spelled)
        if any(has_words(folded, raw) for raw in self.typed_raw):
            return True
        meant = written_out(clean, self.typed)
        if has_any(meant, self.denunciation_typed) or self._office_wrongs(meant):
            return True
        if self._signs(meant) >= _MANY_SIGNS:
            return True
        share = _VERY_LIKE if has_any(meant, self.due_money) else _LIKE
        deeds = without(meant, self.in_office)
        if deeds != meant and self.deeds.is_like(deeds, DENUNCIATION, share):
            return True
        syllables = _syllables(clean)
        written = not _is_bare(syllables) and self._says(
            syllables, self.denunciation_with_accents, slips=False
        )
        return written or self._says(syllables, self.denunciation) or self._takes_money(fold(clean))

    def touches_office(self, text: str) -> bool:
        """Whether somebody in office, public money or papers are spoken of at all, so that the review offers
        the way of a denunciation: what no list foresaw is not filed as something else unasked."""
        meant = without(written_out(_clean(text), self.typed), self._places)
        return has_any(meant, self.in_office) or has_any(meant, self.near_office)

    @cached_property
    def _places(self) -> tuple[str, ...]:
        """Where something is: "trước trạm y tế" speaks of no office."""
        return tuple(f"{beside} {place}" for beside in self.beside for place in self.office_places)

    def _signs(self, meant: str) -> int:
        """How many things near an office are spoken of; a phrase within another counts once."""
        said = [phrase for phrase in self.near_office if has_any(meant, (phrase,))]
        apart = [one for one in said if not any(has_words(other, one) for other in said if other != one)]
        return len(apart) + has_any(meant, self.in_office)

    def may_be_grievance(self, text: str) -> bool:
        """Whether the text may be a khiếu nại: against a decision or act that touches one's own rights."""
        clean = _clean(text)
        meant = written_out(clean, self.typed)
        if has_any(meant, self.grievance_typed) or self.likeness.is_like(meant, GRIEVANCE, _VERY_LIKE):
            return True
        return self._says(_syllables(clean), self.grievance)

    def is_emergency(self, text: str) -> bool:
        """Whether life or property may be in danger now."""
        syllables, meant = _syllables(_clean(text)), written_out(_clean(text), self.typed)
        if meant in self.cries:
            return True
        calm = has_any(meant, self.no_emergency)
        if has_any(meant, self._counting(self.emergency_typed, calm=calm)):
            return True
        if not calm and self.likeness.is_like(meant, EMERGENCY, _VERY_LIKE):
            return True
        accented = () if _is_bare(syllables) else self._counting(self.emergency_with_accents, calm=calm)
        return self._says(syllables, self._counting(self.emergency, calm=calm)) or self._says(
            syllables, accented, slips=False
        )

    def _counting(self, phrases: Sequence[str], *, calm: bool) -> Sequence[str]:
        """The phrases that count; where nothing happens now (``no_emergency``), all but the doubtful ones."""
        if not calm:
            return phrases
        doubtful = {fold(phrase) for phrase in self.doubtful_emergency}
        return [phrase for phrase in phrases if fold(phrase) not in doubtful]

    def _says(self, syllables: Sequence[_Syllable], phrases: Iterable[str], *, slips: bool = True) -> bool:
        bare = _is_bare(syllables)
        said = {syllable.plain for syllable in syllables}
        for phrase in phrases:
            wanted = _listed(phrase)
            if any(syllable.plain not in said for syllable in wanted):
                continue
            for start in range(len(syllables) - len(wanted) + 1):
                typed = syllables[start : start + len(wanted)]
                if any(a.plain != b.plain for a, b in zip(typed, wanted, strict=True)):
                    continue
                before = syllables[start - 1].plain if start else ""
                if before in self.always_harmless_after.get(fold(phrase), ()):
                    continue
                if bare and not any(syllable.marks for syllable in typed):
                    if before not in self.harmless_after.get(fold(phrase), ()):
                        return True
                elif _is_meant(typed, wanted, slips=slips):
                    return True
        return False

    def _office_wrongs(self, folded: str) -> bool:
        """A word of office near what nobody in office may do, or somebody in office who is given money."""
        office = "|".join(self.in_office)
        near, far = rf"(?: [a-z0-9]+){{0,{_GRASP}}} ", rf"(?: [a-z0-9]+){{0,{_REACH}}} "
        wrong = "|".join(phrase.replace(" … ", near) for phrase in self.wrongs)
        if not office or not wrong:
            return False
        if re.search(rf"\b(?:{office})\b{far}(?:{wrong})\b|\b(?:{wrong})\b{near}(?:{office})\b", folded):
            return True
        gives, money = "|".join(self.gives), "|".join(self.money)
        given = re.finditer(rf"\b(?:{gives}) (?:[a-z0-9]+ ){{0,3}}(?:{office})\b{near}(?:{money})\b", folded)
        return any(not has_any(match[0], self.due_money) for match in given)

    def _takes_money(self, folded: str) -> bool:
        """Somebody in office … takes … money, unless it is money that people are owed or owe by law."""
        for title in self.in_office:
            for match in re.finditer(rf"\b{title}\b", folded):
                after = folded[match.end() :].split()[: _REACH + _GRASP]
                if any(self._grasps(after, place) for place in range(min(_REACH, len(after)))):
                    return True
        return False

    def _grasps(self, words: Sequence[str], place: int) -> bool:
        verb = words[place]
        if verb not in self.takes or set(self.negations) & set(words[max(0, place - 2) : place]):
            return False
        what = " ".join(words[place + 1 : place + 1 + _GRASP])
        if not any(re.search(rf"\b{money}\b", what) for money in self.money):
            return False
        return verb in self.always_takes or not any(has_words(what, due) for due in self.due_money)


def _is_meant(typed: Sequence[_Syllable], wanted: Sequence[_Syllable], *, slips: bool) -> bool:
    """The same accents, or one slip: "tố cao" is asked about, "hỏi lô" is not "hối lộ"."""
    exact = [a.marks == b.marks for a, b in zip(typed, wanted, strict=True)]
    return all(exact) or (slips and any(ok and b.marks for ok, b in zip(exact, wanted, strict=True)))


def _clean(text: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()


def _syllables(clean: str) -> list[_Syllable]:
    found = []
    for token in _TOKEN.findall(unicodedata.normalize("NFC", clean)):
        apart = unicodedata.normalize("NFD", token)
        marks = sorted(sign for sign in apart if unicodedata.combining(sign) or sign == "đ")
        found.append(_Syllable(fold(token), "".join(marks)))
    return found


@cache
def _listed(phrase: str) -> list[_Syllable]:
    """The syllables of a phrase of a list; what a person typed is never remembered."""
    return _syllables(phrase)


def _is_bare(syllables: Sequence[_Syllable]) -> bool:
    """Whether the text is typed without accents, but for a slip."""
    return 5 * sum(bool(syllable.marks) for syllable in syllables) <= len(syllables)
