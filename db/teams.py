"""Verification teams: their people, their papers, and what they found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, func, insert, select, update

from db import cases as cases_db
from db import files, people
from db.cases import Case
from db.files import Stored
from db.models import accounts, case_papers, case_recusals, case_team_members, case_teams, cases, events
from db.sight import visible_to, visible_to_team
from domain.calendar import Calendar
from domain.errors import RuleError
from domain.people import LEADER, Person
from domain.periods import Period
from domain.verification import PENDING, RULED, WORKING, Stakes, Violations


@dataclass(frozen=True, slots=True)
class Team:
    """A team as it stands now."""

    id: int
    case_id: int
    decided_by: int
    head_id: int
    due_on: date
    state: str
    members: tuple[int, ...]
    concluded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Paper:
    """A decision or minutes of a team; its picture or scan is a file of the subject ``paper``."""

    id: int
    kind: str
    document: str
    document_date: date | None


def form(
    conn: Connection, case_id: int, members: Collection[int], due_on: date, decided_by: int, now: datetime
) -> Team:
    """Forms a team; the first member is its head."""
    head_id, *_ = members
    made = conn.execute(
        insert(case_teams).values(
            case_id=case_id,
            decided_by=decided_by,
            decided_at=now,
            head_id=head_id,
            due_on=due_on,
            state=WORKING,
        )
    )
    key = made.inserted_primary_key
    assert key is not None
    rows = [{"team_id": int(key[0]), "person_id": person_id} for person_id in members]
    conn.execute(insert(case_team_members), rows)
    return _team(conn, int(key[0]))


def access_team(conn: Connection, team_id: int, *, acting: Person) -> tuple[Team, Case]:
    """A team and its case, for its members and the leaders who see the case; raises ``not_found``."""
    row = conn.execute(select(case_teams.c.case_id).where(case_teams.c.id == team_id)).first()
    allowed = visible_to(acting) if acting.has(LEADER) else visible_to_team(acting, team_id)
    seen = row and conn.execute(select(cases.c.id).where(cases.c.id == row.case_id, allowed)).first()
    case = cases_db.get(conn, row.case_id) if row and seen else None
    if case is None:
        raise RuleError("not_found")
    return _team(conn, team_id), case


def of_case(conn: Connection, case_id: int) -> Team | None:
    """The newest team of a case."""
    newest = select(func.max(case_teams.c.id)).where(case_teams.c.case_id == case_id)
    team_id = conn.execute(newest).scalar()
    return _team(conn, team_id) if team_id else None


def change(conn: Connection, team_id: int, state: str, now: datetime | None = None) -> Team:
    """Moves a team on; ``now`` is when it concluded."""
    values = {"state": state} | ({"concluded_at": now} if now else {})
    conn.execute(update(case_teams).where(case_teams.c.id == team_id).values(**values))
    return _team(conn, team_id)


def add_paper(
    conn: Connection, team_id: int, kind: str, document: str, day: date | None, person_id: int, now: datetime
) -> int:
    """Records a decision or minutes and returns its id."""
    made = conn.execute(
        insert(case_papers).values(
            team_id=team_id, kind=kind, document=document, document_date=day, person_id=person_id, at=now
        )
    )
    key = made.inserted_primary_key
    assert key is not None
    return int(key[0])


def papers(conn: Connection, team_id: int, *kinds: str) -> list[Paper]:
    """The papers of a team, the oldest first; all kinds when none is named."""
    query = select(case_papers).where(case_papers.c.team_id == team_id).order_by(case_papers.c.id)
    if kinds:
        query = query.where(case_papers.c.kind.in_(kinds))
    return [Paper(r.id, r.kind, r.document, r.document_date) for r in conn.execute(query)]


def scans(conn: Connection, paper_id: int) -> list[Stored]:
    """The pictures and files of a paper."""
    return files.of_subject(conn, "paper", paper_id)


def stakes(conn: Connection, case: Case) -> Stakes:
    """Whom a conflict of interest keeps off a team."""
    handled = select(events.c.actor_id).where(
        events.c.subject == "case", events.c.subject_id == case.id, events.c.action.in_(("taken", "answered"))
    )
    aside = select(case_recusals.c.person_id).where(case_recusals.c.case_id == case.id)
    sent = select(accounts.c.person_id).where(accounts.c.id == case.account_id)
    found = {case.about_person_id, case.handler_id, case.answered_by}
    for query in (handled, aside, sent):
        found |= set(conn.execute(query).scalars())
    units = {case.unit_id, case.about_unit_id}
    if case.about_person_id is not None:
        units |= people.unit_ids_ever(conn, case.about_person_id)
    return Stakes({each for each in units if each}, {each for each in found if each})


def violations(conn: Connection, period: Period, calendar: Calendar, viewer: Person | None) -> Violations:
    """The violations that teams verified in a period, decided on and pending, as a viewer may know them."""
    start = calendar.at(period.first, time.min)
    end = calendar.at(period.last + timedelta(days=1), time.min)
    query = (
        select(case_teams.c.state, func.count())
        .where(
            case_teams.c.state.in_((PENDING, RULED)),
            case_teams.c.concluded_at >= start,
            case_teams.c.concluded_at < end,
            case_teams.c.case_id.in_(select(cases.c.id).where(visible_to(viewer))),
        )
        .group_by(case_teams.c.state)
    )
    counts = {row[0]: row[1] for row in conn.execute(query)}
    return Violations(sum(counts.values()), counts.get(RULED, 0))


def _team(conn: Connection, team_id: int) -> Team:
    row = conn.execute(select(case_teams).where(case_teams.c.id == team_id)).one()
    members = conn.execute(
        select(case_team_members.c.person_id).where(case_team_members.c.team_id == team_id)
    ).scalars()
    others = sorted(each for each in members if each != row.head_id)
    return Team(
        row.id,
        row.case_id,
        row.decided_by,
        row.head_id,
        row.due_on,
        row.state,
        (row.head_id, *others),
        row.concluded_at,
    )
