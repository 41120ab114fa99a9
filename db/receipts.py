"""What was promised when a case was filed, and its number in the register (sổ tiếp nhận) of the year."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from db.models import cases, counters, receipts, units

_KEY = "stamp-key:"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A case as it was received; the fingerprint stands for the words."""

    case_id: int
    code: str
    year: int
    number: int
    received_at: datetime
    fingerprint: str
    salt: str
    unit_code: str
    unit_name: str
    due_on: date

    @property
    def stamped(self) -> tuple[str, ...]:
        """What the stamp covers, in order."""
        received = self.received_at.astimezone(UTC).isoformat()
        return (self.code, received, self.fingerprint, self.unit_code, self.due_on.isoformat())

    def is_of(self, words: str, place: str) -> bool:
        """Whether these are the words and the place as they were received; no once the salt is erased."""
        return bool(self.salt) and hmac.compare_digest(
            _fingerprint(self.salt, words, place), self.fingerprint
        )


def enter(
    conn: Connection, case_id: int, year: int, *, words: str, place: str, unit_id: int, due_on: date
) -> int:
    """Enters a case just filed in the register of a year and returns its number there.

    The counter's row stays locked until the transaction ends, and goes back with it: filings follow
    one another, so that numbers have no gap and no double, on both engines (plan row KH5.2).
    """
    upsert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    next_one = upsert(counters).values(name=f"register:{year}", value=1)
    raised = next_one.on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1})
    number = int(conn.execute(raised.returning(counters.c.value)).scalar_one())
    salt = secrets.token_hex(16)
    conn.execute(
        insert(receipts).values(
            case_id=case_id,
            year=year,
            number=number,
            salt=salt,
            fingerprint=_fingerprint(salt, words, place),
            unit_id=unit_id,
            due_on=due_on,
        )
    )
    return number


def of_code(conn: Connection, code: str) -> Receipt | None:
    """The receipt of a case's code."""
    row = (
        conn.execute(
            select(
                receipts.c.case_id,
                cases.c.code,
                receipts.c.year,
                receipts.c.number,
                cases.c.received_at,
                receipts.c.fingerprint,
                receipts.c.salt,
                units.c.code.label("unit_code"),
                units.c.name.label("unit_name"),
                receipts.c.due_on,
            )
            .join(cases, cases.c.id == receipts.c.case_id)
            .join(units, units.c.id == receipts.c.unit_id)
            .where(cases.c.code == code)
        )
        .mappings()
        .first()
    )
    return Receipt(**row) if row else None


def key_mark(conn: Connection) -> str:
    """The mark of the key with which receipts are stamped; empty while there is none."""
    name = conn.execute(select(counters.c.name).where(counters.c.name.startswith(_KEY))).scalar()
    return str(name).removeprefix(_KEY) if name else ""


def set_key_mark(conn: Connection, mark: str) -> None:
    """Notes that receipts are stamped with the key of this mark from now on."""
    conn.execute(delete(counters).where(counters.c.name.startswith(_KEY)))
    conn.execute(insert(counters).values(name=f"{_KEY}{mark}", value=1))


def forget_words(conn: Connection, case_id: int) -> None:
    """Makes the fingerprint say nothing about words that were erased; the stamp can still be checked."""
    conn.execute(update(receipts).where(receipts.c.case_id == case_id).values(salt=""))


def _fingerprint(salt: str, words: str, place: str) -> str:
    return hashlib.sha256(f"{salt}\n{words}\n{place}".encode()).hexdigest()
