"""``python -m benchmarks.report [MATTERS]``: the report on citizens' matters beside a year of them."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, insert

from db import calendar as calendar_db
from db import courses, figures, people
from db.models import case_messages, cases, receipts
from domain.courses import count_courses
from domain.periods import Period
from tests.talk import ZONE, Town

TODAY = date(2021, 11, 26)
CHUNK = 5_000
PERIODS = (Period("month", 2021, 11), Period("quarter", 2021, 4), Period("year", 2021))


def fill(conn: Connection, matters: int) -> None:
    """Matters from January to November, answered after three days and rated."""
    start, apart = datetime(2021, 1, 1, tzinfo=ZONE), timedelta(days=325) / matters
    for first in range(0, matters, CHUNK):
        numbers = range(first, min(first + CHUNK, matters))
        moments = {n: start + n * apart for n in numbers}
        three = timedelta(days=3)
        conn.execute(
            insert(cases),
            [
                {
                    "id": n + 1, "code": f"C{n:07}", "pin_hash": "", "track": "phan_anh", "state": "closed",
                    "category": "duong", "words": "x", "area": "LT", "unit_id": 1 + n % 12,
                    "received_at": at, "due_on": (at + timedelta(days=7)).date(), "answered_at": at + three,
                    "rating": "good",
                }
                for n, at in moments.items()
            ],
        )  # fmt: skip
        said = [
            {"case_id": n + 1, "kind": "answer", "words": "x", "at": at + three} for n, at in moments.items()
        ]
        conn.execute(insert(case_messages), said)
        given = {"year": 2021, "salt": "", "fingerprint": "", "unit_id": 1, "due_on": TODAY}
        conn.execute(insert(receipts), [{"case_id": n + 1, "number": n + 1, **given} for n in numbers])


def measure(conn: Connection, town: Town) -> list[str]:
    """The first message and the page *Phản ánh*, for the chairman."""
    calendar = calendar_db.load(conn, ZONE)
    chairman = people.person(conn, town.ids["Trần Quốc Dũng"], TODAY)
    lines = []
    for period in PERIODS:
        begun = time.perf_counter()
        figures.figures(conn, period, town.clock.now(), calendar, viewer=chairman)
        between = time.perf_counter()
        found = courses.of_period(conn, period, calendar, viewer=chairman)
        count_courses(found, [], TODAY).facts()
        home, page = between - begun, time.perf_counter() - between
        lines.append(f"{period.key}: {len(found)} matters, bc {home:.2f} s, Phản ánh {page:.2f} s")
    return lines


async def main(matters: int) -> None:
    """Prints a line a period."""
    with tempfile.TemporaryDirectory() as folder:
        town = await Town(Path(folder), "2021-11-26 07:25").open()
        await town.database.write(fill, matters)
        print("\n".join(await town.database.read(measure, town)))
        await town.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
