"""The picture of /baocao: the facts of its text, worded and placed here, drawn by typst with our fonts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from locales import Wording
from reports.plain import plain_png
from reports.typeset import DrawingFailed, typeset

log = structlog.get_logger()

MOST_UNITS = 5

TASK_COLOURS = {
    "early": "#1a7f4b",
    "on_time": "#6abf8a",
    "late": "#e0a100",
    "in_time": "#9db8d9",
    "overdue": "#c62828",
}
CASE_COLOURS = {
    "answered": "#1a7f4b",
    "answered_late": "#e0a100",
    "waiting": "#9db8d9",
    "unanswered": "#c62828",
    "ended": "#c9ced6",
}


def summary_chart(values: Mapping[str, Any], get: Callable[[str], bytes]) -> bytes:
    """A PNG of a report, from the values of ``handlers.summary_scope.drawing_values``.

    The figures are in the words too, so a picture that cannot be drawn holds nothing back: a plain
    strip goes in its place.
    """
    wording = Wording(ZoneInfo(values["zone"]), values["office"])
    try:
        with resources.as_file(resources.files("reports") / "summary.typ") as source:
            return typeset(source, {"data": json.dumps(page(values, wording))}, "png")
    except (DrawingFailed, ImportError, OSError) as error:
        log.error("chart_not_drawn", error=type(error).__name__)
        return plain_png()


def page(values: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    """Every word and length of the picture."""

    def put(key: str, **facts: object) -> str:
        return wording.label(key, facts)

    period = wording.label("summary_period", values["period"])
    tasks, cases = values["tasks"], values["cases"]
    at = values["at"] if isinstance(values["at"], datetime) else datetime.fromisoformat(values["at"])
    return {
        "office": values["unit"] or values["office"]["name"],
        "title": put("chart_title", period=period),
        "at": put("chart_at", at=at),
        "tasks": {
            "title": put("chart_tasks", done=tasks["done"], total=tasks["total"]),
            "empty": "" if tasks["total"] else put("chart_no_tasks"),
            "done": {"title": put("chart_done", n=tasks["done"]), "tone": "good"},
            "open": {"title": put("chart_open", n=tasks["open"]), "tone": "plain"},
            "cells": {
                cell: {"n": tasks[cell], "label": put(f"chart_{cell}"), "colour": colour}
                for cell, colour in TASK_COLOURS.items()
            },
        },
        "early": _early(values, put),
        "objectives": [_objective(each, wording, put) for each in values["objectives"]],
        "objectives_title": put("chart_objectives"),
        "cases": {
            "title": put("chart_cases", received=cases["received"], answered=cases["all_answered"]),
            "empty": "" if cases["received"] else put("chart_no_cases"),
            "bars": [
                {"n": cases[cell], "label": put(f"chart_case_{cell}"), "colour": colour}
                for cell, colour in CASE_COLOURS.items()
                if cases[cell]
            ],
        },
        "inspections": _inspections(values, put),
        "units": _units(values["units"], put),
    }


def _early(values: Mapping[str, Any], put: Callable[..., str]) -> dict[str, Any] | None:
    """The bar of tasks done early, what is still reachable, and the marks of the targets."""
    tasks = values["tasks"]
    if not tasks["total"]:
        return None
    targets = [
        measure
        for objective in values["objectives"]
        for measure in objective["measures"]
        if measure["key"] == "done_early"
    ]
    marks = []
    for measure in targets[:1]:
        marks.append({"at": measure["commit"], "label": put("chart_commit", n=round(measure["commit"]))})
        if measure["stretch"]:
            marks.append(
                {"at": measure["stretch"], "label": put("chart_stretch", n=round(measure["stretch"]))}
            )
    return {
        "title": put("chart_early_share", share=tasks["share"]),
        "best_title": put("chart_best", best=tasks["best"]) if tasks["best"] != tasks["share"] else "",
        "share": 100 * tasks["share"],
        "best": 100 * tasks["best"],
        "marks": marks,
    }


def _objective(objective: Mapping[str, Any], wording: Wording, put: Callable[..., str]) -> dict[str, Any]:
    return {
        "code": put("chart_objective", n=objective["number"]),
        "light": objective["light"],
        "state": put(f"chart_light_{objective['light']}"),
        "measures": [wording.label(f"chart_measure_{m['key']}", m) for m in objective["measures"]],
    }


def _inspections(values: Mapping[str, Any], put: Callable[..., str]) -> dict[str, Any] | None:
    """Twelve months: held, missing, or not to be judged; a planned visit is not known here."""
    if values["unit"]:
        return None
    found = values["inspections"]
    states = {**dict.fromkeys(found["held"], "held"), **dict.fromkeys(found["missing"], "missing")}
    return {
        "title": put("chart_inspections", **found),
        "months": [
            {"label": put("chart_month", n=n), "state": states.get(n, "unknown")} for n in range(1, 13)
        ],
    }


def _units(units: Sequence[Mapping[str, Any]], put: Callable[..., str]) -> dict[str, Any] | None:
    """The units with most left to do; the rest are a press away."""
    if len(units) < 2:
        return None
    ranked = sorted(units, key=lambda unit: (-unit["overdue"], -unit["open"], -unit["total"]))
    shown = ranked[:MOST_UNITS]
    return {
        "title": put("chart_units") if len(ranked) == len(shown) else put("chart_some_units", n=len(shown)),
        "longest": max(unit["total"] for unit in shown) or 1,
        "rows": [
            {
                "name": unit["name"],
                "cells": [{"n": unit[cell], "colour": colour} for cell, colour in TASK_COLOURS.items()],
                "note": put(
                    "chart_unit_note", done=unit["done"], total=unit["total"], overdue=unit["overdue"]
                ),
                "bad": unit["overdue"] > 0,
            }
            for unit in shown
            if unit["total"]
        ],
    }
