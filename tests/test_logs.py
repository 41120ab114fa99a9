"""Nothing secret reaches a log, whoever writes it."""

from __future__ import annotations

import io
import json
import logging
import warnings

import httpx
import pytest
import structlog

from bot import logs
from db.engine import Database

TOKEN = "123456789:AAE-aBcDeFgHiJkLmNoPqRsTuVwXyZ01234"


@pytest.fixture
def out() -> io.StringIO:
    """Where the process logs to."""
    stream = io.StringIO()
    logs.configure("INFO", ["opensesame"], stream)
    return stream


@pytest.mark.parametrize(
    "secret",
    [TOKEN, f"bot{TOKEN}", f"https://h/bot{TOKEN}/getMe", TOKEN.replace(":", "%3A"), "opensesame",
     "0912345678", "+84912345678", "84 912 345 678", "0912.345.678", "(028) 38 123 456", "02838123456"],
)  # fmt: skip
def test_a_secret_is_stars_in_an_event_a_message_and_an_exception(out: io.StringIO, secret: str) -> None:
    structlog.get_logger().warning("told", text=f"x {secret} y", inner={"list": [secret]})
    logging.getLogger("some.library").error("said %s", secret)
    try:
        raise ValueError(secret)
    except ValueError:
        structlog.get_logger().exception("broke")
        logging.getLogger("some.library").exception("broke too")
    text = out.getvalue()
    assert secret.strip("(") not in text
    assert "912345678" not in text.replace(" ", "").replace(".", "")
    assert text.count("***") >= 5


@pytest.mark.parametrize(
    "harmless",
    ["ids 1 and 1001234567", "2021-01-04T07:25:00+07:00", "KH 45/KH-UBND", "a0912345678f", "1609721100"],
)
def test_what_is_no_secret_stays(out: io.StringIO, harmless: str) -> None:
    structlog.get_logger().info("told", text=harmless, number=912345678)
    line = json.loads(out.getvalue())
    assert (line["text"], line["number"], line["event"], line["level"]) == (
        harmless,
        912345678,
        "told",
        "info",
    )


async def test_the_http_library_does_not_tell_the_address(out: io.StringIO) -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(200))
    async with httpx.AsyncClient(transport=transport) as client:
        await client.get(f"http://127.0.0.1/bot{TOKEN}/getMe")
    assert out.getvalue() == ""


def test_warnings_are_logged_without_secrets(out: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(f"odd {TOKEN}", stacklevel=1)
    assert "odd ***" in out.getvalue()
    assert TOKEN not in out.getvalue()


async def test_a_failed_statement_is_logged_without_its_words(out: io.StringIO, tmp_path: object) -> None:
    database = Database(f"sqlite:///{tmp_path}/a.db")
    with pytest.raises(Exception, match="no such table") as failed:
        await database.write(lambda conn: conn.exec_driver_sql("SELECT * FROM gone WHERE w = ?", ("ổ gà",)))
    structlog.get_logger().error("failed", error=str(failed.value))
    assert "ổ gà" not in out.getvalue()
    await database.close()


def test_each_line_is_json_with_a_moment(out: io.StringIO) -> None:
    logging.getLogger("a.library").warning("xin chào")
    structlog.get_logger().info("service_ready", port=1)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["xin chào", "service_ready"]
    assert all(line["at"].endswith("Z") for line in lines)
