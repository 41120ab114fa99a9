"""Builders for tests of reports: a plan with five objectives, tasks, citizens' matters, inspections."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, insert, select

from db import people
from db.models import (
    cases,
    decisions,
    extensions,
    inspections,
    objectives,
    plans,
    submissions,
    tasks,
)
from db.models import (
    people as people_table,
)
from tests.talk import ZONE, Town, local

PROMISES = (
    [{"measure": "done_early", "commit": 90, "stretch": 96, "unit": "%"}],
    [{"measure": "informed", "commit": 100, "stretch": None, "unit": "%"}],
    [
        {"measure": "procedures_early", "commit": 40, "stretch": None, "unit": "%"},
        {"measure": "procedures_on_time", "commit": 60, "stretch": None, "unit": "%"},
    ],
    [
        {"measure": "processes", "commit": 5, "stretch": None, "unit": "count"},
        {"measure": "inspections", "commit": 1, "stretch": None, "unit": "per_month"},
    ],
    [
        {"measure": "dialogues_held", "commit": 100, "stretch": None, "unit": "%"},
        {"measure": "violations_handled", "commit": 100, "stretch": None, "unit": "%"},
        {"measure": "cases_overdue", "commit": 0, "stretch": None, "unit": "count"},
    ],
)


def noon(day: date) -> datetime:
    """Midday of a local day."""
    return datetime.combine(day, time(12), ZONE)


class Book:
    """Writes rows as the rest of the product leaves them."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.count = 0

    async def write(self, *lines: object) -> None:
        """Runs builders in one transaction."""

        def run(conn: Connection) -> None:
            for line in lines:
                assert callable(line)
                line(conn)

        await self.town.database.write(run)

    def plan(self, year: int = 2021, effective_from: date = date(2021, 1, 1)):  # type: ignore[no-untyped-def]
        """An active plan with its objectives and two questions, one of which is the chairman's."""

        def make(conn: Connection) -> None:
            made = conn.execute(
                insert(plans).values(
                    year=year, version=1, state="active", title="Mục tiêu chất lượng", source_name="x",
                    source_sha256="0" * 64, effective_from=effective_from, imported_at=noon(effective_from),
                )
            ).inserted_primary_key  # fmt: skip
            assert made is not None
            for number, targets in enumerate(PROMISES, 1):
                conn.execute(
                    insert(objectives).values(
                        plan_id=made[0],
                        number=number,
                        text=f"Mục tiêu {number}",
                        original="",
                        targets=targets,
                    )
                )
            for code, owner in (("D-01", "CT"), ("D-07", "VP")):
                conn.execute(
                    insert(decisions).values(
                        plan_id=made[0], code=code, place="MT1", problem="90 % và 96 %",
                        default_answer="90 là cam kết, 96 là phấn đấu", owner=owner, asked_first=True,
                    )
                )  # fmt: skip

        return make

    def task(  # type: ignore[no-untyped-def]
        self,
        unit: str,
        who: str,
        due: date | None,
        *,
        done: date | None = None,
        waiting: date | None = None,
        title: str = "",
        obstacle: str = "",
        state: str = "assigned",
        retro: bool = False,
        evidence: date | None = None,
        original: date | None = None,
        parent: str = "",
    ):
        """A task; ``done`` is the day of the confirmed submission, ``waiting`` of one that waits."""
        self.count += 1
        code = f"T{self.count}"

        def make(conn: Connection) -> None:
            found = people.unit_by_code(conn, unit)
            assert found is not None
            holder = conn.execute(
                select(people_table.c.id).where(people_table.c.name.like(f"%{who}"))
            ).scalars().first()  # fmt: skip
            above = (
                conn.execute(select(tasks.c.id).where(tasks.c.code == parent)).scalar() if parent else None
            )
            now_state = "confirmed" if done else "awaiting_confirmation" if waiting else state
            made = conn.execute(
                insert(tasks).values(
                    code=code, title=title or f"Việc {code}", unit_id=found.id, assignee_id=holder,
                    state=now_state, due_on=due, original_due_on=original or due, retro=retro,
                    parent_id=above, blocked_by=obstacle, created_at=noon(date(2021, 1, 4)),
                    submitted_at=noon(done) if done else None, confirmed_at=noon(done) if done else None,
                )
            ).inserted_primary_key  # fmt: skip
            assert made is not None
            if waiting or evidence:
                conn.execute(
                    insert(submissions).values(
                        task_id=made[0], person_id=holder, at=noon(waiting or done or date(2021, 1, 4)),
                        document="KH 45/KH-UBND", document_date=evidence,
                        state="waiting" if waiting else "confirmed",
                    )
                )  # fmt: skip

        return make

    def wish(self, code: str, to_day: date, at: date):  # type: ignore[no-untyped-def]
        """A wish for more time that waits."""

        def make(conn: Connection) -> None:
            row = conn.execute(select(tasks).where(tasks.c.code == code)).one()
            conn.execute(
                insert(extensions).values(
                    task_id=row.id, person_id=row.assignee_id, at=noon(at), from_day=row.due_on,
                    to_day=to_day, reason="chờ số liệu",
                )
            )  # fmt: skip

        return make

    def case(  # type: ignore[no-untyped-def]
        self,
        unit: str,
        received: date,
        due: date,
        *,
        answered: date | None = None,
        state: str = "",
        track: str = "phan_anh",
    ):
        """A citizen's matter."""
        self.count += 1
        code = f"C{self.count:04}"

        def make(conn: Connection) -> None:
            found = people.unit_by_code(conn, unit)
            assert found is not None
            conn.execute(
                insert(cases).values(
                    code=code, pin_hash="", track=track,
                    state=state or ("answered" if answered else "working"),
                    category="duong", words="ổ gà", unit_id=found.id, received_at=noon(received), due_on=due,
                    answered_at=noon(answered) if answered else None,
                )
            )  # fmt: skip

        return make

    def inspection(self, held: date, recorded: date | None = None):  # type: ignore[no-untyped-def]
        """An inspection that was recorded."""

        def make(conn: Connection) -> None:
            conn.execute(
                insert(inspections).values(
                    held_on=held,
                    words="biên bản",
                    recorded_by=1,
                    recorded_at=noon(recorded or held),
                    issued_at=noon(recorded or held),
                )
            )

        return make

    async def november(self) -> None:
        """Conversation C: 50 tasks of November 2021 as they stand on the 25th, 23 matters, an inspection."""
        days = [date(2021, 11, 1) + timedelta(days=n) for n in range(20)]
        units = (("NV", "Lan"), ("QLDT", "Kiều"), ("TNMT", "Bình"), ("VP", "Mai"), ("KT", "Nga"))
        lines: list[object] = [self.plan()]
        for n in range(40):
            unit, who = units[n % 5]
            lines.append(self.task(unit, who, date(2021, 11, 24), done=days[n % 20]))
        lines.append(self.task("KT", "Nga", date(2021, 11, 10), done=date(2021, 11, 12)))
        lines += [self.task("NV", "Lan", date(2021, 11, 30)) for _ in range(6)]
        lines.append(
            self.task("QLDT", "Trương Văn Nam", date(2021, 11, 19), title="Nạo cống tổ 4", obstacle="chờ vốn")
        )
        lines.append(self.task("TNMT", "Bình", date(2021, 11, 22), title="Kiểm đếm bãi rác"))
        lines.append(self.task("VP", "Mai", date(2021, 11, 23), title="Lịch đối thoại"))
        received = date(2021, 11, 2)
        lines += [
            self.case("QLDT", received, date(2021, 11, 9), answered=date(2021, 11, 8)) for _ in range(18)
        ]
        lines.append(self.case("TNMT", received, date(2021, 11, 9), answered=date(2021, 11, 11)))
        lines += [self.case("TNMT", date(2021, 11, 24), date(2021, 11, 30)) for _ in range(3)]
        lines.append(self.case("QLDT", date(2021, 11, 15), date(2021, 11, 22)))
        lines += [self.inspection(date(2021, month, 15)) for month in (1, 2, 3, 5, 6, 7, 8, 9, 10, 11)]
        await self.write(*lines)


def at(town: Town, moment: str) -> None:
    """Sets the town's clock without playing what lies between."""
    town.clock.at = local(moment)
