"""Settings: typed, named when wrong, never printed when secret, all documented."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.words import say, sentence
from bot.config import PREFIX, Settings, SettingsError, load_settings

DOCUMENT = Path(__file__).parent.parent / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a .env and an environment without our names."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    return tmp_path


def test_without_anything_given_every_setting_has_a_default() -> None:
    settings = load_settings()
    assert settings.web_host == "127.0.0.1"
    assert settings.telegram_token is None


def test_the_environment_wins_over_the_file(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / ".env").write_text("CONGVU_WEB_PORT=81\nCONGVU_LOG_LEVEL=ERROR\nOTHER=x\n", encoding="utf-8")
    monkeypatch.setenv("CONGVU_WEB_PORT", "82")
    settings = load_settings()
    assert (settings.web_port, settings.log_level) == (82, "ERROR")


def test_settings_built_by_keyword_read_nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONGVU_WEB_PORT", "82")
    assert Settings().web_port == 8080


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_PORT", "x"),
        ("WEB_PORT", "70000"),
        ("TIMEZONE", "Asia/Saigonn"),
        ("DATABASE_URL", "mysql://x/y"),
        ("PUBLIC_URL", "example.vn"),
        ("LOG_LEVEL", "LOUD"),
        ("UPDATES", "pigeon"),
        ("BACKUP_KEEP", "0"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsError) as wrong:
        load_settings()
    assert sentence(wrong.value).startswith(f"Cấu hình CONGVU_{name} không đúng. ")


def test_a_setting_nobody_knows_is_named(elsewhere: Path) -> None:
    (elsewhere / ".env").write_text("CONGVU_TELEGRAM_TOKN=1\n", encoding="utf-8")
    with pytest.raises(SettingsError) as wrong:
        load_settings()
    assert "CONGVU_TELEGRAM_TOKN" in sentence(wrong.value)


def test_a_webhook_without_a_public_address_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONGVU_UPDATES", "webhook")
    with pytest.raises(SettingsError) as wrong:
        load_settings()
    assert "CONGVU_PUBLIC_URL" in sentence(wrong.value)


@pytest.mark.parametrize(
    ("updates", "public_url", "expected"),
    [
        ("auto", "", False),
        ("auto", "http://127.0.0.1:8080", False),
        ("auto", "https://congvu.vn/", True),
        ("polling", "https://congvu.vn", False),
        ("webhook", "http://127.0.0.1:8080", True),
    ],
)
def test_the_platforms_call_us_where_there_is_a_public_address(
    updates: str, public_url: str, expected: bool
) -> None:
    settings = Settings.model_validate({"updates": updates, "public_url": public_url})
    assert settings.by_webhook is expected
    assert not settings.public_url.endswith("/")


def test_secrets_print_as_stars() -> None:
    settings = Settings.model_validate(
        {
            "telegram_token": "123456:hush-telegram",
            "zalo_token": "7:hush-zalo",
            "zalo_webhook_secret": "hush-secret",
            "database_url": "postgresql://congvu:hush-password@db/congvu",
        }
    )
    assert "hush" not in repr(settings) + str(settings) + str(settings.shown())
    assert sorted(settings.secrets) == [
        "123456:hush-telegram", "7:hush-zalo", "hush-password", "hush-secret",
    ]  # fmt: skip


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    description = Settings.model_fields[name].description
    assert description is not None
    document = DOCUMENT.read_text(encoding="utf-8")
    (line,) = [line for line in document.splitlines() if line.startswith(f"| `{PREFIX}{name.upper()}` |")]
    assert say(description).replace("|", "\\|") in line
    default = Settings.model_fields[name].default
    assert f"`{default}`" in line if default not in (None, "") else "–" in line
