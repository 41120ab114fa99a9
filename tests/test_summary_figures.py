"""The rules of the figures: cells add up, shares are ratios of sums, a light never falls for good work."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from domain.figures import (
    APART_CELLS,
    CASE_CELLS,
    EARLY,
    LATE,
    ON_TIME,
    TASK_CELLS,
    CaseFigures,
    CaseRow,
    TaskFigures,
    TaskRow,
    count_cases,
    count_tasks,
    count_units,
)
from domain.objectives import (
    GREEN,
    GREY,
    RED,
    YELLOW,
    Inspections,
    Promise,
    Target,
    count_inspections,
    judge,
    share_light,
    worst,
)
from domain.verification import Violations
from locales import Wording

TODAY = date(2021, 11, 26)
DAYS = st.dates(date(2021, 10, 1), date(2021, 12, 31))
STATES = ("assigned", "accepted", "in_progress", "awaiting_confirmation", "returned", "confirmed", "paused")


@st.composite
def task_rows(draw: st.DrawFn) -> TaskRow:
    state, due = draw(st.sampled_from(STATES)), draw(DAYS)
    return TaskRow(
        id=draw(st.integers(1, 10**6)),
        title="việc",
        unit_id=draw(st.integers(1, 4)),
        unit="NV",
        who="",
        assignee_id=None,
        state=state,
        due_on=due,
        original_due_on=draw(st.one_of(st.just(due), DAYS)),
        retro=draw(st.booleans()),
        done_on=draw(DAYS) if state == "confirmed" else None,
        waiting_on=draw(DAYS) if state == "awaiting_confirmation" else None,
        evidence_on=draw(st.none() | DAYS) if state == "confirmed" else None,
    )


@st.composite
def case_rows(draw: st.DrawFn) -> CaseRow:
    state = draw(
        st.sampled_from(["received", "working", "asked", "answered", "closed", "reopened", "guided"])
    )
    answered = draw(DAYS) if state in ("answered", "closed") else None
    return CaseRow(
        1, "C1", "duong", 1, "QLDT", "", state, draw(DAYS), draw(DAYS), answered, paused=draw(st.booleans())
    )


FIGURES = st.builds(
    TaskFigures,
    early=st.integers(0, 60),
    on_time=st.integers(0, 60),
    late=st.integers(0, 60),
    in_time=st.integers(0, 60),
    overdue=st.integers(0, 60),
).flatmap(lambda f: st.builds(replace, st.just(f), may_be_early=st.integers(0, f.in_time)))


@given(st.lists(task_rows()))
def test_each_task_stands_in_one_cell_and_the_cells_add_up(rows: list[TaskRow]) -> None:
    figures = count_tasks(rows, TODAY)
    cells = {cell: [row for row in rows if row.cell(TODAY) == cell] for cell in TASK_CELLS}
    assert {cell: len(some) for cell, some in cells.items()} == {c: getattr(figures, c) for c in TASK_CELLS}
    assert figures.total + sum(getattr(figures, cell) for cell in APART_CELLS) == len(rows)
    assert figures.done + figures.open == figures.total
    assert figures.may_be_early <= figures.in_time


@given(st.lists(task_rows()))
def test_the_units_add_up_to_the_committee(rows: list[TaskRow]) -> None:
    total = sum(count_units(rows, TODAY).values(), TaskFigures())
    assert total == count_tasks(rows, TODAY)
    if total.total:
        assert total.share == total.early / total.total, "a ratio of sums, not a mean of shares"


@given(st.lists(case_rows()))
def test_the_cells_of_matters_add_up(rows: list[CaseRow]) -> None:
    figures = count_cases(rows, TODAY)
    assert figures.received == len(rows) == sum(getattr(figures, cell) for cell in CASE_CELLS)


@given(task_rows(), st.integers(0, 40))
def test_time_alone_never_makes_an_open_task_better(row: TaskRow, days: int) -> None:
    order = ["in_time", "overdue"]
    now, later = row.cell(TODAY), row.cell(TODAY + timedelta(days=days))
    if now in order:
        assert order.index(now) <= order.index(later)
    assert row.may_be_early(TODAY) or not row.may_be_early(TODAY + timedelta(days=days))


@given(DAYS, st.integers(-20, 20))
def test_before_on_and_after_the_day_are_told_apart(due: date, days: int) -> None:
    row = TaskRow(1, "", 1, "NV", "", None, "confirmed", due, due, done_on=due + timedelta(days=days))
    assert row.cell(TODAY) == (EARLY if days < 0 else ON_TIME if days == 0 else LATE)


def test_a_task_past_when_imported_counts_only_with_a_dated_document() -> None:
    due = date(2021, 10, 29)
    row = TaskRow(1, "", 1, "NV", "", None, "confirmed", due, due, retro=True, done_on=TODAY)
    assert row.cell(TODAY) == "retro"
    assert replace(row, evidence_on=date(2021, 10, 28)).cell(TODAY) == EARLY
    assert replace(row, evidence_on=date(2021, 11, 1)).cell(TODAY) == LATE
    assert replace(row, state="assigned").cell(TODAY) == "retro"


@given(FIGURES, st.integers(1, 100))
def test_a_task_done_early_never_darkens_the_light(figures: TaskFigures, commit: int) -> None:
    if not figures.may_be_early:
        return
    better = replace(
        figures, early=figures.early + 1, in_time=figures.in_time - 1, may_be_early=figures.may_be_early - 1
    )
    order = [RED, YELLOW, GREEN]
    before, after = share_light(figures, commit), share_light(better, commit)
    assert after != GREY
    assert before == GREY or order.index(before) <= order.index(after)


@given(FIGURES, st.integers(1, 100))
def test_a_task_missed_never_brightens_the_light(figures: TaskFigures, commit: int) -> None:
    if not figures.may_be_early:
        return
    worse = replace(
        figures,
        overdue=figures.overdue + 1,
        in_time=figures.in_time - 1,
        may_be_early=figures.may_be_early - 1,
    )
    order = [RED, YELLOW, GREEN]
    before, after = share_light(figures, commit), share_light(worse, commit)
    assert before == GREY or order.index(after) <= order.index(before)


@given(FIGURES, st.integers(1, 100))
def test_the_light_says_what_the_shares_say(figures: TaskFigures, commit: int) -> None:
    light = share_light(figures, commit)
    if light == GREEN:
        assert 100 * figures.early >= commit * figures.total
    if light == RED:
        assert 100 * (figures.early + figures.may_be_early) < commit * figures.total
    assert (figures.best or 0) >= (figures.share or 0)


def test_the_light_of_conversation_c_is_yellow() -> None:
    figures = TaskFigures(early=40, late=1, in_time=6, overdue=3, may_be_early=6)
    assert (figures.share, figures.best) == (0.8, 0.92)
    assert share_light(figures, 90) == YELLOW
    assert share_light(figures, 96) == RED
    assert share_light(figures, None) == GREY
    assert share_light(TaskFigures(), 90) == GREY
    assert share_light(TaskFigures(in_time=5, may_be_early=5), 90) == GREY, "nothing is known yet"


def test_two_inspections_in_may_do_not_repay_april() -> None:
    days = [date(2021, 3, 5), date(2021, 5, 4), date(2021, 5, 20)]
    until = date(2021, 6, 15)
    found = count_inspections(days, date(2021, 3, 1), until, until)
    assert (found.held, found.missing, found.months) == ((3, 5), (4,), 3), "June is not over"
    over = count_inspections(days, date(2021, 3, 1), date(2021, 6, 30), date(2021, 7, 1))
    assert over.missing == (4, 6)


@given(st.lists(st.dates(date(2021, 1, 1), date(2021, 12, 31))), DAYS)
def test_the_running_month_is_never_missing_and_no_day_to_come_counts(days: list[date], today: date) -> None:
    found = count_inspections(days, date(2021, 1, 1), today, today)
    assert today.month not in found.missing
    assert set(found.held) == {day.month for day in days if day <= today}
    assert not set(found.held) & set(found.missing)


def test_a_promise_made_twice_is_judged_once_and_grey_hides_behind_no_green() -> None:
    promises = (
        Promise(1, "", (Target("done_early", 90, 96, "%"), Target("informed", 100))),
        Promise(2, "", (Target("informed", 100),)),
        Promise(4, "", (Target("processes", 5), Target("inspections", 1))),
        Promise(5, "", (Target("dialogues_held", 100), Target("cases_overdue", 0))),
        Promise(6, "", ()),
        Promise(7, "", (Target("number_1", 3),)),
    )
    found = judge(promises, TaskFigures(early=9, late=1), CaseFigures(answered=3), Inspections((1,), ()))
    assert [each.light for each in found] == [GREEN, GREY, GREY, GREY, GREY, GREY]
    assert [measure.key for measure in found[0].measures] == ["done_early"]
    bad = judge(promises, TaskFigures(late=1), CaseFigures(unanswered=1), Inspections((), (1,)))
    assert [each.light for each in bad][:4] == [RED, GREY, RED, RED]
    assert worst([]) == GREY


def test_a_violation_counts_when_it_is_verified_and_none_is_no_zero_per_cent() -> None:
    promises = (Promise(5, "", (Target("violations_handled", 100, None, "%"),)),)

    def measure(verified: int, ruled: int) -> tuple[str, float | None, int | None]:
        found = judge(promises, TaskFigures(), CaseFigures(), Inspections(), Violations(verified, ruled))
        return found[0].light, found[0].measures[0].value, found[0].measures[0].of

    assert measure(0, 0) == (GREY, 0, 0)
    assert measure(2, 1) == (YELLOW, 1, 2)
    assert measure(2, 2) == (GREEN, 2, 2)
    words = Wording(ZoneInfo("Asia/Ho_Chi_Minh"), {})
    facts = {"commit": 100, "value": 0, "of": 0}
    assert words.label("summary_measure_violations_handled", facts).endswith("0, không phát sinh")
