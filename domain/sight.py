"""Who may see a citizen's matter: the one rule that lists, searches, counts, cards and reports go by.

``db.sight`` says the same in SQL; a test holds the two together.  A matter about an official or a unit
does not exist for that official, for the unit's members and its head, in counts too (spec row 38).
"""

from __future__ import annotations

from typing import Protocol

from domain.people import HEAD, LEADER, OFFICE, ONE_STOP_UNIT, RECEPTION, Person

OPEN_NAME = "open"  # officials read the name, if one was given
SEALED = "sealed"  # the account is kept; no official sees whose it is
NONE = "none"  # nothing links the case to anybody: code and PIN alone


class Matter(Protocol):
    """What of a case decides who sees it."""

    @property
    def unit_id(self) -> int:
        """The unit that works on it."""

    @property
    def about_unit_id(self) -> int | None:
        """The unit it is about, if it is about one."""

    @property
    def about_person_id(self) -> int | None:
        """The official it is about, if it is about one."""


def may_see(matter: Matter, person: Person) -> bool:
    """Whether an official may see and work on a case.

    Of the own unit; leaders and the head of the office see all but what is about somebody: that is for
    leaders and the unit it was given to, never for whom it concerns.
    """
    own = matter.unit_id in person.unit_ids
    if matter.about_unit_id is None and matter.about_person_id is None:
        return own or sees_all(person)
    return (own or person.has(LEADER)) and not is_concerned(matter, person)


def is_concerned(matter: Matter, person: Person) -> bool:
    """Whether a case is about this person or a unit they belong to."""
    return matter.about_person_id == person.id or matter.about_unit_id in person.unit_ids


def may_read(matter: Matter, person: Person) -> bool:
    """Whether an official may read a case out, perhaps without working on it."""
    about_nobody = matter.about_unit_id is None and matter.about_person_id is None
    return may_see(matter, person) or (about_nobody and reads_all(person))


def reads_all(person: Person) -> bool:
    """Whether a person may read out every case that is about nobody, without working on it.

    The reception of information, which keeps the register, the one-stop counter and the office.
    """
    kinds = {post.unit_kind for post in person.memberships}
    return sees_all(person) or bool(kinds & {RECEPTION, ONE_STOP_UNIT, OFFICE})


def sees_all(person: Person) -> bool:
    """Whether a person sees every case that is about nobody: a leader, the head of the office."""
    heads_office = any(post.unit_kind == OFFICE and post.role == HEAD for post in person.memberships)
    return person.has(LEADER) or heads_office
