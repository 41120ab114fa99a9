"""Which part of the committee's ground a typed place is in: "kp3 long thuy", "p. phuoc binh", "ấp 5".

A name the person wrote out is sure; what fits several places is a doubt with its candidates, and is
asked with one tap or left open (``features-citizen.md``, row 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from domain.ground import Outline, holds
from domain.words import fold

MOST_CANDIDATES = 4

_NUMBERS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
}  # fmt: skip
_KINDS = {
    "khu pho": "khu pho", "khupho": "khu pho", "kpho": "khu pho", "k pho": "khu pho", "kp": "khu pho",
    "khu": "khu pho", "ap": "ap", "thon": "thon", "xom": "thon",
}  # fmt: skip
_NUMBERED = re.compile(rf"\b({'|'.join(_KINDS)}) ?(?:so )?0*(\d{{1,2}}|{'|'.join(_NUMBERS)})\b")
_WARD = r"(?:phuong|xa|p|f|x|tp|tx|thi tran|tt) ?"
_KIND_WORD = re.compile(r"^(phuong|xa|thi tran|khu pho|ap|thon) ")
# After these a name is somebody's, a street's or a lake's, which may lie elsewhere.
_DOUBTFUL_BEFORE = re.compile(
    r"\b(duong|ho|thuy dien|anh|chi|ong|ba|chu|co|em|cong ty|cty|quan|tiem|di|ve|qua|den|toi|ra|huong|tu)$"
)
_STANDS = r"\b(?:o|tai|ben|duoi|tren|thuoc|huyen|h|tinh|tp|thanh pho|thi xa|tx|thi tran|tt|xa|phuong) "


@dataclass(frozen=True, slots=True)
class Area:
    """A ward or commune, or a khu phố, ấp or thôn in one; ``within`` is the code of the one it lies in.

    ``outline`` is where it lies on the map, if that is known.
    """

    code: str
    name: str
    within: str = ""
    unit: str = ""  # the unit that looks after it
    aliases: tuple[str, ...] = ()  # folded
    outline: Outline = ()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A neighbour: what lies there is another authority's, which ``contact`` names if it is known.

    Without a name it is ground that is not ours, whosever it is.
    """

    name: str
    contact: str
    names: tuple[str, ...]  # folded
    outline: Outline = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a text says of a place: a sure area, or several that it may be, or a neighbour's ground."""

    sure: Area | None = None
    perhaps: tuple[Area, ...] = ()
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True)
class Areas:
    """The committee's ground as data; ``outline`` is its whole on the map, if that is known."""

    all: tuple[Area, ...] = ()
    neighbours: tuple[Elsewhere, ...] = ()
    outline: Outline = ()

    def get(self, code: str) -> Area | None:
        """An area by its code; None for none and for one that the data has dropped."""
        return self._by_code.get(code)

    def name(self, code: str) -> str:
        """The full name of an area: "khu phố 5, phường Long Thủy"; empty for none."""
        area = self.get(code)
        if area is None:
            return ""
        above = self.name(area.within)
        return f"{area.name}, {above}" if above else area.name

    def chain(self, code: str) -> tuple[str, ...]:
        """The codes of an area and all it lies in, the smallest first: a ward's rule holds for its parts."""
        area = self.get(code)
        return (code, *self.chain(area.within)) if area else ()

    def find(self, text: str) -> Found:
        """The area that a text names, as people type it."""
        folded = fold(text)
        sure, doubtful = self._named(folded)
        numbered = self._numbered(folded, sure or doubtful)
        if len(sure) == 1:
            (ward,) = sure
            inside = [area for area in numbered if ward.code in self.chain(area.code)]
            return Found(inside[0] if len(inside) == 1 else ward)
        if not sure and len(numbered) == 1 and not doubtful:
            return Found(numbered[0])
        perhaps = tuple(sure) or tuple(numbered) or tuple(doubtful)
        if perhaps:
            return Found(perhaps=perhaps if len(perhaps) <= MOST_CANDIDATES else ())
        return Found(elsewhere=self._elsewhere(folded))

    def at(self, latitude: float, longitude: float) -> Found:
        """Where a point of the map lies: in an area, on our ground, a neighbour's, or nobody's we know."""
        inside = [area for area in self.all if area.outline and holds(area.outline, latitude, longitude)]
        if len(smallest := _smallest(inside)) == 1:
            return Found(smallest[0])
        if inside or not self.outline or holds(self.outline, latitude, longitude):
            return Found(perhaps=tuple(smallest))
        theirs = (each for each in self.neighbours if holds(each.outline, latitude, longitude))
        return Found(elsewhere=next(theirs, Elsewhere("", "", ())))

    def within(self, code: str) -> frozenset[str]:
        """The codes of an area and of its parts."""
        return frozenset(area.code for area in self.all if code in self.chain(area.code))

    def without(self, folded: str, code: str) -> str:
        """The folded words that are left when those that name an area are taken out."""
        chain = self.chain(code)
        for area, pattern in self._patterns:
            if area.code in chain:
                folded = pattern.sub(" ", folded)
        if any(_NUMBERED.search(fold(area.name)) for area in self.all if area.code in chain):
            folded = _NUMBERED.sub(" ", folded)
        return " ".join(folded.split())

    @cached_property
    def _by_code(self) -> dict[str, Area]:
        return {area.code: area for area in self.all}

    @cached_property
    def _patterns(self) -> list[tuple[Area, re.Pattern[str]]]:
        found = []
        for area in self.all:
            names = [_KIND_WORD.sub("", fold(area.name)), *area.aliases]
            spelled = "|".join(name.replace(" ", " ?") for name in names if not name.isdigit())
            if spelled:
                found.append((area, re.compile(rf"\b({_WARD})?(?:{spelled})\b")))
        return found

    def _named(self, folded: str) -> tuple[list[Area], list[Area]]:
        """Areas whose own name stands there: surely meant, and perhaps; a part stands for its ward."""
        sure: list[Area] = []
        doubtful: list[Area] = []
        for area, pattern in self._patterns:
            meant = [
                bool(match[1]) or not _DOUBTFUL_BEFORE.search(folded[: match.start()].rstrip())
                for match in pattern.finditer(folded)
            ]
            if meant:
                (sure if any(meant) else doubtful).append(area)
        return _smallest(sure), [area for area in doubtful if area not in sure]

    def _numbered(self, folded: str, wards: list[Area]) -> list[Area]:
        """Areas of the kind and number typed; where the kind is an older one, of the number alone."""
        typed = {(kind, number) for kind, number in _numbers(folded)}
        if not typed:
            return []
        parts = [(area, *at) for area in self.all for at in _numbers(fold(area.name))]
        if wards:
            near = {ward.code for ward in wards}
            parts = [part for part in parts if near & set(self.chain(part[0].code))]
        exact = [area for area, kind, number in parts if (kind, number) in typed]
        return exact or [area for area, _, number in parts if number in {each for _, each in typed}]

    def _elsewhere(self, folded: str) -> Elsewhere | None:
        for neighbour in self.neighbours:
            spelled = "|".join(neighbour.names)
            if re.search(rf"{_STANDS}(?:{spelled})\b", folded):
                return neighbour
        return None


def _numbers(folded: str) -> Iterator[tuple[str, int]]:
    for kind, number in _NUMBERED.findall(folded):
        yield _KINDS[kind], _NUMBERS.get(number) or int(number)


def _smallest(areas: list[Area]) -> list[Area]:
    """Without those that hold another one which is named too."""
    holding = {area.within for area in areas}
    return [area for area in areas if area.code not in holding]
