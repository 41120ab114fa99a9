"""Who a person is in the office, and what that lets them do."""

from __future__ import annotations

from dataclasses import dataclass

from domain.chat import PLAIN, Display

OFFICIAL = "official"
HEAD = "head"
LEADER = "leader"
ONE_STOP = "one_stop"
ISO = "iso"
INSPECTION_LEAD = "inspection_lead"
ADMIN = "admin"
CUSTODIAN = "custodian"  # may ask to know who sent a sealed case (người giữ danh tính)
ROLES = (OFFICIAL, HEAD, LEADER, ONE_STOP, ISO, INSPECTION_LEAD, ADMIN, CUSTODIAN)

COMMITTEE = "committee"
OFFICE = "office"
DEPARTMENT = "department"
ONE_STOP_UNIT = "one_stop"
ISO_UNIT = "iso"
RECEPTION = "reception"
COMMUNE = "commune"
UNIT_KINDS = (COMMITTEE, OFFICE, DEPARTMENT, ONE_STOP_UNIT, ISO_UNIT, RECEPTION, COMMUNE)


@dataclass(frozen=True, slots=True)
class Membership:
    """A post a person holds today."""

    unit_id: int
    unit_code: str
    unit_name: str
    unit_kind: str
    role: str
    position: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody we talk to; a citizen is a person without memberships and, mostly, without a name."""

    id: int
    name: str
    address: str  # anh | chị | đồng chí | Ông/Bà: how the bot speaks to them
    memberships: tuple[Membership, ...] = ()

    @property
    def is_official(self) -> bool:
        """Whether the person holds any post."""
        return bool(self.memberships)

    def has(self, *roles: str) -> bool:
        """Whether the person holds one of these roles anywhere."""
        return any(post.role in roles for post in self.memberships)

    @property
    def unit_ids(self) -> frozenset[int]:
        """The units the person belongs to."""
        return frozenset(post.unit_id for post in self.memberships)

    @property
    def headed_unit_ids(self) -> frozenset[int]:
        """The units the person is head of."""
        return frozenset(post.unit_id for post in self.memberships if post.role == HEAD)

    @property
    def called(self) -> str:
        """Address and given name, as people speak: "chị Lan"; the full name for leaders."""
        if not self.name:
            return self.address
        name = self.name if self.has(LEADER) else self.name.split()[-1]
        return f"{self.address} {name}"


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account on a channel."""

    id: int
    person_id: int
    channel: str
    external_id: str
    display: Display = PLAIN
