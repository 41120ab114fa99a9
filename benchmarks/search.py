"""``python -m benchmarks.search [CASES] [sqlite|postgresql]``: /tim over a million cases beside a LIKE scan.

Both run on the same rows in the same process; what is to be quoted is the ratio between the lines.  The texts
are syllables by Zipf's law with accents, about 25 a case, as short reports are.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import asyncpg
from sqlalchemy import Connection, insert, select, text

from db import search
from db.engine import Database
from db.models import cases, metadata, units
from domain.people import DEPARTMENT, HEAD, LEADER, Membership, Person
from domain.search import Query
from domain.words import fold
from tests import postgres

CHUNK = 20_000
UNITS = 21
TODAY = date(2021, 6, 1)
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
ONSETS = (
    "b",
    "c",
    "ch",
    "d",
    "đ",
    "g",
    "h",
    "kh",
    "l",
    "m",
    "n",
    "ng",
    "nh",
    "ph",
    "qu",
    "r",
    "s",
    "t",
    "th",
    "tr",
    "v",
    "x",
)
RHYMES = (
    "a",
    "ác",
    "ai",
    "ấp",
    "ân",
    "ắc",
    "ạnh",
    "e",
    "ế",
    "iên",
    "ìm",
    "o",
    "ổ",
    "ông",
    "ờ",
    "ủ",
    "ươi",
    "ường",
    "uyễn",
    "ỳ",
)
LEADERSHIP = Person(1, "", "", (Membership(1, "U1", "", "committee", LEADER, ""),))
ONE_UNIT = Person(2, "", "", (Membership(7, "U7", "", DEPARTMENT, HEAD, ""),))


def syllables() -> list[str]:
    """Some 440 syllables, shuffled: the first are the most common."""
    found = [onset + rhyme for onset in ONSETS for rhyme in RHYMES]
    random.Random(1).shuffle(found)
    return found


def told(count: int) -> Iterator[str]:
    """So many reports; one in ten thousand holds a rare word."""
    dice, known = random.Random(2), syllables()
    weights = [1 / rank for rank in range(1, len(known) + 1)]
    for number in range(count):
        words = dice.choices(known, weights, k=dice.randint(12, 38))
        if number % 10_000 == 17:
            words.append("kỳlânvàng")
        yield " ".join(words)


def fill(conn: Connection, first: int, texts: list[str]) -> None:
    """Enters cases and their words as filing does, many at once."""
    ids = range(first, first + len(texts))
    conn.execute(
        insert(cases),
        [
            {
                "id": n, "code": f"C{n}", "pin_hash": "", "track": "phan_anh", "words": words, "place": "",
                "state": "closed" if n % 20 else "working", "unit_id": n % UNITS + 1,
                "received_at": BEGAN + timedelta(seconds=40 * n), "due_on": date(2021, 5, 1), "stood": [],
            }
            for n, words in zip(ids, texts, strict=True)
        ],
    )  # fmt: skip
    put = text(search._PUT[conn.dialect.name])
    conn.execute(put, [{"case_id": n, "words": _index_words(w)} for n, w in zip(ids, texts, strict=True)])


def _index_words(words: str) -> str:
    return " ".join(dict.fromkeys(fold(words).split()))


def prepare(conn: Connection) -> None:
    """The tables and the units."""
    metadata.create_all(conn)
    conn.execute(
        insert(units),
        [{"id": n, "code": f"U{n}", "name": f"U{n}", "kind": "department"} for n in range(1, UNITS + 1)],
    )


@asynccontextmanager
async def databases(engine: str, folder: Path) -> AsyncIterator[Database]:
    """An empty database of an engine."""
    if engine == "sqlite":
        database = Database(f"sqlite:///{folder / 'search.db'}")
        yield database
        await database.close()
        return
    with postgres.server() as socket:
        connection = await asyncpg.connect(host=str(socket), user="postgres", database="postgres")
        await connection.execute("CREATE DATABASE bench")
        await connection.close()
        database = Database(f"postgresql://postgres@/bench?host={socket}")
        yield database
        await database.close()


def timed(conn: Connection, name: str, work: Callable[[Connection], list[object]], times: int) -> float:
    """Prints the middle and the worst of several runs, after one that warms up."""
    count, took = len(work(conn)), []
    for _ in range(times):
        began = time.perf_counter()
        work(conn)
        took.append((time.perf_counter() - began) * 1e3)
    took.sort()
    worst = took[min(len(took) - 1, int(len(took) * 0.99))]
    print(
        f"  {name:<44} p50 {statistics.median(took):9.3f} ms   p99 {worst:9.3f} ms   {count} found",
        flush=True,
    )
    return statistics.median(took)


def measure(conn: Connection) -> None:
    """Every kind of query beside a scan that looks for the same words."""
    known = syllables()
    common, middle, rare = known[0], known[60], "kỳlânvàng"
    pair = (known[3], known[150])

    def find(*words: str, who: Person = LEADERSHIP, **more: object) -> Callable[[Connection], list[object]]:
        query = Query(words=tuple(fold(word) for word in words), **more)  # type: ignore[arg-type]
        return lambda conn: list(search.find(conn, query, who, TODAY, limit=5))

    def like(*words: str) -> Callable[[Connection], list[object]]:
        query = select(cases.c.id).order_by(cases.c.id.desc()).limit(5)
        for word in words:
            query = query.where(cases.c.words.like(f"%{word}%"))
        return lambda conn: list(conn.execute(query).scalars())

    index = timed(conn, "a very common word", find(common), 50)
    timed(conn, "a middling word", find(middle), 50)
    timed(conn, "two words", find(*pair), 50)
    rarely = timed(conn, "a rare word", find(rare), 50)
    nowhere = timed(conn, "a word that no case holds", find("zzzz"), 50)
    timed(conn, "a common word, one unit's rights", find(common, who=ONE_UNIT), 50)
    timed(conn, "a rare word, one unit's rights", find(rare, who=ONE_UNIT), 20)
    timed(conn, "overdue, no words", find(overdue=True), 20)
    scanned = timed(conn, "LIKE: a very common word", like(common), 5)
    scanned_rare = timed(conn, "LIKE: a rare word", like(rare), 3)
    scanned_none = timed(conn, "LIKE: a word that no case holds", like("zzzz"), 3)
    ratios = (scanned / index, scanned_rare / rarely, scanned_none / nowhere)
    print("  LIKE : index    common {:.2f}   rare {:.0f}   none {:.0f}".format(*ratios))


def change(conn: Connection, count: int) -> None:
    """What entering, changing and erasing one case costs."""
    for name, work in (
        ("enter anew the words of one case", lambda n: search.refresh(conn, n)),
        ("erase one case, from the disk too", lambda n: search.erase(conn, n)),
    ):
        began = time.perf_counter()
        times = 20 if "anew" in name else 2
        for n in range(times):
            work(count // 2 + n)
        print(f"  {name:<44} {(time.perf_counter() - began) / times * 1e3:9.2f} ms", flush=True)


def size(conn: Connection, count: int) -> None:
    """Bytes of the index a case."""
    if conn.dialect.name == "sqlite":
        pages = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name LIKE 'case_search%'"
        whole = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name = 'cases'"
    else:
        pages = "SELECT pg_total_relation_size('case_search')"
        whole = "SELECT pg_relation_size('cases')"
    try:
        index, table = (int(conn.execute(text(query)).scalar() or 0) for query in (pages, whole))
    except Exception as no:  # noqa: BLE001 - an SQLite without dbstat
        print(f"  size unknown: {type(no).__name__}")
        return
    print(f"  index {index / count:.0f} bytes a case, the cases themselves {table / count:.0f}")


async def run(count: int, engine: str) -> None:
    """Fills and measures one engine."""
    print(f"{engine}: {count} cases", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        async with databases(engine, Path(folder)) as database:
            await database.write(prepare)
            began, source = time.perf_counter(), told(count)
            for first in range(1, count + 1, CHUNK):
                texts = [next(source) for _ in range(min(CHUNK, count - first + 1))]
                await database.write(fill, first, texts)
                print(f"\r  {first + len(texts) - 1}/{count}", end="", flush=True)
            print(f"\r  filled in {time.perf_counter() - began:.0f} s")
            if engine == "postgresql":
                await database.write(lambda conn: conn.execute(text("ANALYZE")) and None)
            await database.read(size, count)
            await database.read(measure)
            await database.write(change, count)


def main() -> None:
    """Reads the command line."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for engine in sys.argv[2:] or ("sqlite", "postgresql"):
        asyncio.run(run(count, engine))


if __name__ == "__main__":
    main()
