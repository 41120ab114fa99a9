"""The rules of the house that a machine can check: who imports whom, and where words live."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, meta

from locales import templates

ROOT = Path(__file__).parent.parent

OURS = {"bot", "db", "domain", "handlers", "locales", "plans", "reports", "scheduler", "simulator", "data"}
MAY_IMPORT: dict[str, set[str]] = {
    "domain": set(),
    "locales": {"domain"},  # its values Text and Facts alone
    "db": {"domain"},
    "reports": {"domain", "locales"},
    "plans": {"domain", "locales"},
    "handlers": {"domain", "db", "locales", "reports", "plans"},
    "scheduler": {"domain", "db", "locales", "reports"},
    "bot": {"domain", "db", "locales", "reports", "plans", "handlers", "scheduler"},
    "simulator": {"domain", "locales", "bot"},
}
EXCEPTIONS = {
    ("bot/cli/demo.py", "simulator"),  # loaded lazily by the one command that needs it
    ("simulator/demo.py", "db"),  # sets the town up once, through the same functions as the command line
    ("simulator/demo.py", "plans"),
}
ONE_PLACE = {
    "sqlalchemy": ("db/",),
    "alembic": ("db/",),
    "telegram": ("bot/telegram.py",),
    "apscheduler": ("scheduler/timetable.py",),
    "jinja2": ("locales/",),
    "httpx": (
        "bot/zalo.py",
        "bot/zalo_oa.py",
        "bot/zalo_oa_tokens.py",
        "simulator/",
    ),  # the town calls webhooks and fetches pictures
    "starlette": ("bot/web.py", "simulator/"),
    "uvicorn": ("bot/web.py", "simulator/"),
    "typst": ("reports/",),
    "openpyxl": ("plans/", "bot/cli/"),
    "docx": ("plans/", "reports/"),
    "xlsxwriter": ("reports/",),
    "PIL": ("bot/attachments.py",),
    "segno": ("bot/invitations.py", "reports/receipt.py"),
    "prometheus_client": ("bot/metrics.py",),
}
CONNECTION_ONLY = ("handlers/", "scheduler/", "bot/")  # may name the type sqlalchemy.Connection


def _files() -> Iterator[tuple[str, ast.Module]]:
    for folder in sorted(OURS):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            yield name, ast.parse(path.read_text(encoding="utf-8"))


FILES = list(_files())


def _imports(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, []
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, [alias.name for alias in node.names]


def test_every_arrow_points_the_way_the_picture_says() -> None:
    wrong = [
        f"{name} imports {module}"
        for name, tree in FILES
        for module, _ in _imports(tree)
        if (top := module.split(".")[0]) in OURS
        and top != (folder := name.split("/")[0])
        and top not in MAY_IMPORT.get(folder, set())
        and (name, top) not in EXCEPTIONS
    ]
    assert wrong == []


def test_each_outside_library_is_known_in_one_place() -> None:
    wrong = []
    for name, tree in FILES:
        for module, names in _imports(tree):
            places = ONE_PLACE.get(module.split(".")[0])
            if places is None or name.startswith(places):
                continue
            if module == "sqlalchemy" and names == ["Connection"] and name.startswith(CONNECTION_ONLY):
                continue
            if module == "sqlalchemy" and name == "simulator/demo.py" and names == ["Connection"]:
                continue
            wrong.append(f"{name} imports {module}")
    assert wrong == []


def test_nobody_imports_tests_or_benchmarks() -> None:
    assert not [
        name
        for name, tree in FILES
        for module, _ in _imports(tree)
        if module.split(".")[0] in {"tests", "benchmarks"}
    ]


def _docstrings(tree: ast.Module) -> set[int]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(id(node.value))
    return found


def test_the_bot_says_no_vietnamese_outside_the_locales() -> None:
    """String literals only: a term of law in a comment or docstring is explained in the glossary."""
    accented = re.compile(
        r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
    )
    names_in_data = {"Ông/Bà", "đồng chí", "đ"}
    wrong = [
        f"{name}:{node.lineno} {node.value[:40]!r}"
        for name, tree in FILES
        if not name.startswith("locales/")
        for skip in [_docstrings(tree)]
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and id(node) not in skip and accented.search(node.value) and node.value not in names_in_data
    ]  # fmt: skip
    assert wrong == []


def test_every_module_and_public_thing_says_what_it_is_for() -> None:
    wrong = []
    for name, tree in FILES:
        if not ast.get_docstring(tree):
            wrong.append(name)
        for node in tree.body:
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                wrong.append(f"{name}:{node.name}")
    assert wrong == []


SAYS = {"Reply": 0, "Choice": 0, "RuleError": 0, "say": 0, "label": 0}


def _uses() -> Iterator[tuple[str, str, ast.Call]]:
    for name, tree in FILES:
        if name.startswith("db/"):  # where label() names a column
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called in SAYS and node.args and isinstance(node.args[0], ast.Constant):
                key = node.args[0].value
                if isinstance(key, str):
                    yield f"{name}:{node.lineno}", key, node


USES = list(_uses())


@pytest.mark.parametrize("key", sorted({key for _, key, _ in USES}))
def test_every_text_key_has_a_text(key: str) -> None:
    assert templates().get(key), [where for where, used, _ in USES if used == key]


def _strings() -> set[str]:
    return {
        node.value
        for _, tree in FILES
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_text_is_said_somewhere() -> None:
    said = _strings()
    inside = " ".join(templates().values())
    put_in = re.findall(r'(?:words|part)\("(\w+_)" ~', inside)
    stems = (*(text for text in said if text.endswith("_")), *put_in)
    unused = [
        key
        for key in templates()
        if key not in said
        and key.removesuffix("_short").removesuffix("_typed").removesuffix("_no_file") not in said
        and not key.startswith((*stems, "menu_"))
        and f"words('{key}'" not in inside
        and f'words("{key}"' not in inside
        and f'part("{key}"' not in inside
    ]
    assert unused == []


GLOBALS = {"office", "part", "words"}


def _facts(call: ast.Call) -> set[str] | None:
    """The facts a call passes, if it shows them as a literal dictionary or as keywords."""
    called = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if called == "RuleError" or (called == "say" and len(call.args) == 1 and call.keywords):
        return {word.arg for word in call.keywords if word.arg} if all(w.arg for w in call.keywords) else None
    at = 2 if called == "Choice" else 1
    given = next((word.value for word in call.keywords if word.arg == "facts"), None)
    if given is None and len(call.args) > at:
        given = call.args[at]
    if given is None:
        return set()
    if not isinstance(given, ast.Dict) or not all(isinstance(key, ast.Constant) for key in given.keys):
        return None
    return {str(key.value) for key in given.keys if isinstance(key, ast.Constant)}


def test_every_text_is_given_the_facts_it_names() -> None:
    environment = Environment(autoescape=True)
    for name in ("ngay", "ngay_ngan", "thu_ngay", "gio", "luc", "so", "phan_tram", "vong", "cat"):
        environment.filters[name] = str
    missing = []
    for where, key, call in USES:
        facts = _facts(call)
        if facts is None or key not in templates():
            continue
        needed = meta.find_undeclared_variables(environment.parse(templates()[key])) - GLOBALS
        if needed - facts:
            missing.append(f"{where} {key} lacks {sorted(needed - facts)}")
    assert missing == []


CASES_WITHOUT_GATE = {
    "db/parts.py": "the parts of a case that was read through the gate",
    "db/cases.py": "the case machine: its own gate is access_case, the rest is the sender's own",
    "db/case_rungs.py": "lays rungs for all; what is told goes through running_for",
    "db/case_versions.py": "edits of the sender's own messages",
    "db/deadlines.py": "moves the days of all cases when the calendar changes",
    "db/models.py": "the table",
    "db/receipts.py": "what was promised, for whoever shows the receipt",
    "db/erasure.py": "erases a case whole, once its own gate let somebody",
    "db/sight.py": "the gate",
}
READS_ANY_CASE = {
    "scheduler/case_digest.py": "the news to the sender",
    "handlers/cases.py": "the sender's replies",
    "handlers/case_followup.py": "the sender's additions",
    "handlers/case_ban.py": "the sender's appeal, for leaders who are asked whether they see the case",
    "handlers/case_lookup.py": "code and PIN; an official's look is asked may_see",
    "handlers/case_pin.py": "code and PIN",
    "scheduler/case_answers.py": "the answer to the sender",
    "scheduler/appointments.py": "the reminder to who booked",
    "handlers/closing_checks.py": "the check's own gate let the person; nothing of the case is shown",
    "handlers/case_proof.py": "no person acts; the handler alone is told",
    "handlers/case_clock.py": "no person acts; cards go to those who see the case",
    "handlers/case_lost.py": "no person acts; the question was seen by those who have the case",
}


def test_every_query_of_cases_goes_through_the_gate() -> None:
    """A new module that reads cases uses ``visible_to``; the others are named here with their reason."""
    wrong = []
    for name, tree in FILES:
        if not name.startswith("db/") or name.startswith("db/migrations/"):
            continue
        reads = ("db.models", "cases") in {(m, n) for m, names in _imports(tree) for n in names}
        gated = any(
            isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("visible_to", "readable_by")
            for node in ast.walk(tree)
        )
        if reads and not gated and name not in CASES_WITHOUT_GATE:
            wrong.append(name)
    assert wrong == []


def test_a_case_is_read_past_the_gate_only_for_its_sender() -> None:
    wrong = [
        f"{name}:{node.lineno}"
        for name, tree in FILES
        if name.split("/")[0] in ("handlers", "scheduler", "bot")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("get", "by_code")
        and getattr(node.func.value, "id", "") == "cases"
        and name not in READS_ANY_CASE
    ]
    assert wrong == []
