"""Files that people sent: rows first, bytes fetched afterwards and stored by their SHA-256."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, SelectBase, case, delete, func, insert, literal, or_, select, update

from db.models import accounts, files
from domain.chat import Incoming

ATTEMPTS = 5
RETRY = timedelta(seconds=20)
SAME_ALBUM = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file row."""

    id: int
    kind: str
    name: str
    mime: str
    size: int
    sha256: str
    state: str


@dataclass(frozen=True, slots=True)
class ToFetch:
    """A file whose bytes are still with the platform."""

    id: int
    channel: str
    ref: str
    kind: str
    name: str
    attempts: int
    size: int = 0


def keep(
    conn: Connection, account_id: int, sent: Incoming, subject: str, subject_id: int, now: datetime
) -> int:
    """Notes a file for a subject; its bytes are fetched after the commit."""
    channel = select(accounts.c.channel).where(accounts.c.id == account_id).scalar_subquery()
    made = conn.execute(
        insert(files).values(
            account_id=account_id,
            channel=channel,
            ref=sent.ref,
            kind=sent.kind,
            name=sent.name[:200],
            size=sent.size,
            state="waiting",
            subject=subject,
            subject_id=subject_id,
            created_at=now,
            attempts=0,
        )
    )
    key = made.inserted_primary_key
    assert key is not None
    return int(key[0])


def move(conn: Connection, file_ids: list[int], subject: str, subject_id: int) -> None:
    """Gives files of a draft to the subject it became."""
    conn.execute(update(files).where(files.c.id.in_(file_ids)).values(subject=subject, subject_id=subject_id))


def disown(conn: Connection, file_ids: list[int], *, account_too: bool) -> None:
    """Forgets the names files had at home and, for a sender without contact, whose they were."""
    values = {"name": "", **({"account_id": None} if account_too else {})}
    conn.execute(update(files).where(files.c.id.in_(file_ids)).values(**values))


def disown_all(conn: Connection, account_id: int) -> None:
    """Forgets the names that everything an account ever sent had at home."""
    conn.execute(update(files).where(files.c.account_id == account_id).values(name=""))


def drop(conn: Connection, file_ids: list[int]) -> None:
    """Gives files of a draft up; their bytes are erased right after the commit, then the rows."""
    conn.execute(
        update(files)
        .where(files.c.id.in_(file_ids))
        .values(state="dropped", subject="", subject_id=0, ref="")
    )


def dropped(conn: Connection) -> tuple[list[int], set[str]]:
    """The rows that were given up, and the bytes among theirs that no other row needs."""
    rows = conn.execute(select(files.c.id, files.c.sha256).where(files.c.state == "dropped")).all()
    hashes = {row.sha256 for row in rows if row.sha256}
    shared = select(files.c.sha256).where(files.c.state != "dropped", files.c.sha256.in_(hashes))
    return [row.id for row in rows], hashes - set(conn.execute(shared).scalars()) if hashes else set()


def forget(conn: Connection, file_ids: list[int]) -> None:
    """Deletes the rows of files whose bytes are gone."""
    conn.execute(delete(files).where(files.c.id.in_(file_ids), files.c.state == "dropped"))


def of_subject(conn: Connection, subject: str, subject_id: int) -> list[Stored]:
    """The files of a subject, in the order they came."""
    return of_subjects(conn, subject, select(literal(subject_id)))


def of_subjects(conn: Connection, subject: str, ids: SelectBase) -> list[Stored]:
    """The files of several subjects of a kind, in the order they came."""
    rows = conn.execute(
        select(files).where(files.c.subject == subject, files.c.subject_id.in_(ids)).order_by(files.c.id)
    ).all()
    return [Stored(r.id, r.kind, r.name, r.mime, r.size, r.sha256, r.state) for r in rows]


def added_since(conn: Connection, subject: str, subject_id: int, since: datetime) -> int:
    """How many files a subject got since a moment."""
    mine = (files.c.subject == subject, files.c.subject_id == subject_id, files.c.created_at > since)
    return int(conn.execute(select(func.count()).select_from(files).where(*mine)).scalar() or 0)


def to_fetch(conn: Connection, now: datetime, limit: int = 10) -> list[ToFetch]:
    """Files to download now, the oldest first."""
    rows = conn.execute(
        select(files)
        .where(files.c.state == "waiting", or_(files.c.retry_at.is_(None), files.c.retry_at <= now))
        .order_by(files.c.id)
        .limit(limit)
    ).all()
    return [ToFetch(r.id, r.channel, r.ref, r.kind, r.name, r.attempts, r.size) for r in rows]


def next_due(conn: Connection) -> datetime | None:
    """When the next download may be tried."""
    moment = select(func.min(func.coalesce(files.c.retry_at, files.c.created_at)))
    return conn.execute(moment.where(files.c.state == "waiting")).scalar()


def fetched(conn: Connection, file_id: int, sha256: str, mime: str, size: int) -> None:
    """Marks a file's bytes as stored; the platform's address is forgotten.

    A file that was given up while it was on its way stays given up.
    """
    kept = case((files.c.state == "dropped", "dropped"), else_="stored")
    conn.execute(
        update(files)
        .where(files.c.id == file_id)
        .values(state=kept, sha256=sha256, mime=mime, size=size, ref="", retry_at=None)
    )


def subject_of(conn: Connection, file_id: int) -> tuple[str, int, str]:
    """What a file belongs to: subject, its id, and the kind of file."""
    row = conn.execute(select(files).where(files.c.id == file_id)).one()
    return row.subject, row.subject_id, row.kind


def is_reused(conn: Connection, file_id: int) -> bool:
    """Whether a picture of an answer came before with another answer, or with any case; not in its album."""
    new = conn.execute(select(files).where(files.c.id == file_id)).one()
    earlier = (
        select(files)
        .where(files.c.sha256 == new.sha256, files.c.sha256 != "", files.c.id < file_id)
        .where(files.c.subject.in_(("case", "answer")))
    )
    return any(
        (row.subject, row.subject_id) != (new.subject, new.subject_id)
        or new.created_at - row.created_at > SAME_ALBUM
        for row in conn.execute(earlier)
    )


def came_since(conn: Connection, subject: str, subject_id: int, moment: datetime) -> list[int]:
    """The files that came for a subject since a moment."""
    mine = (files.c.subject == subject) & (files.c.subject_id == subject_id) & (files.c.created_at >= moment)
    return list(conn.execute(select(files.c.id).where(mine)).scalars())


def usable_photos(conn: Connection, ids: list[int]) -> int:
    """How many of some files are pictures that are here or on their way."""
    good = files.c.id.in_(ids) & (files.c.kind == "photo") & files.c.state.in_(("waiting", "stored"))
    return int(conn.execute(select(func.count()).select_from(files).where(good)).scalar() or 0)


def give_back(conn: Connection, file_id: int) -> None:
    """Marks a stored picture as no proof; its bytes stay with whatever it came with first."""
    conn.execute(update(files).where(files.c.id == file_id).values(state="refused", sha256=""))


def refused(conn: Connection, file_id: int) -> int | None:
    """Marks a file whose content we do not keep and returns the account it came from, if it was awaited."""
    marked = conn.execute(
        update(files)
        .where(files.c.id == file_id, files.c.state == "waiting")
        .values(state="refused", ref="", retry_at=None)
    )
    if not marked.rowcount:
        return None
    return conn.execute(select(files.c.account_id).where(files.c.id == file_id)).scalar()


def not_fetched(conn: Connection, wanted: ToFetch, now: datetime) -> None:
    """Counts a failed download; after five the file is given up."""
    attempts = wanted.attempts + 1
    given_up = attempts >= ATTEMPTS
    conn.execute(
        update(files)
        .where(files.c.id == wanted.id, files.c.state == "waiting")
        .values(
            attempts=attempts,
            state="failed" if given_up else "waiting",
            retry_at=None if given_up else now + RETRY * 2**attempts,
        )
    )
