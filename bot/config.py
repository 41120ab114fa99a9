"""Every setting of the service, read once from the environment or a ``.env`` file."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "CONGVU_"
_PASSWORD = re.compile(r":([^:@/]+)@")


class SettingsError(Exception):
    """A setting is missing or wrong; ``key`` and ``facts`` word the sentence that names it."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


def _database_url(value: object) -> str:
    if not re.match(r"(sqlite|postgres(ql)?)(\+\w+)?://", str(value)):
        raise ValueError("neither sqlite nor postgresql")
    return str(value)


def _zone(value: object) -> str:
    try:
        return ZoneInfo(str(value)).key
    except (ZoneInfoNotFoundError, ValueError) as no:
        raise ValueError("no such time zone") from no


def _address(value: object) -> str:
    text = str(value).rstrip("/")
    if text and not text.startswith(("http://", "https://")):
        raise ValueError("not an http address")
    return text


def _digits(value: object) -> str:
    if not re.fullmatch(r"\d*", text := str(value).strip()):
        raise ValueError("not a number")
    return text


def _secret(value: object) -> object:
    """An empty secret in a file means that there is none."""
    return None if value == "" else value


Address = Annotated[str, BeforeValidator(_address)]
Secret = Annotated[SecretStr | None, BeforeValidator(_secret)]


class Settings(BaseModel):
    """The settings; built by keyword they read nothing from outside."""

    model_config = ConfigDict(frozen=True)

    database_url: Annotated[str, BeforeValidator(_database_url)] = Field(
        default="sqlite:///congvu-data/congvu.db", description="setting_database_url", repr=False
    )
    files_dir: Path = Field(default=Path("congvu-data/files"), description="setting_files_dir")
    stamp_key_file: Path = Field(default=Path("congvu-data/stamp.key"), description="setting_stamp_key_file")
    backup_dir: Path = Field(default=Path("congvu-data/backups"), description="setting_backup_dir")
    backup_keep: int = Field(default=14, ge=1, description="setting_backup_keep")
    committee: str = Field(default="", description="setting_committee")
    timezone: Annotated[str, BeforeValidator(_zone)] = Field(
        default="Asia/Ho_Chi_Minh", description="setting_timezone"
    )
    telegram_token: Secret = Field(default=None, description="setting_telegram_token")
    telegram_api_url: Address = Field(default="", description="setting_telegram_api_url")
    telegram_webhook_secret: Secret = Field(default=None, description="setting_telegram_webhook_secret")
    zalo_token: Secret = Field(default=None, description="setting_zalo_token")
    zalo_api_url: Address = Field(
        default="https://bot-api.zaloplatforms.com", description="setting_zalo_api_url"
    )
    zalo_webhook_secret: Secret = Field(default=None, description="setting_zalo_webhook_secret")
    zalo_oa_app_id: Annotated[str, BeforeValidator(_digits)] = Field(
        default="", description="setting_zalo_oa_app_id"
    )
    zalo_oa_app_secret: Secret = Field(default=None, description="setting_zalo_oa_app_secret")
    zalo_oa_secret_key: Secret = Field(default=None, description="setting_zalo_oa_secret_key")
    zalo_oa_api_url: Address = Field(default="https://openapi.zalo.me", description="setting_zalo_oa_api_url")
    zalo_oa_oauth_url: Address = Field(
        default="https://oauth.zaloapp.com", description="setting_zalo_oa_oauth_url"
    )
    zalo_oa_free_messages: int = Field(default=8, ge=0, description="setting_zalo_oa_free_messages")
    zalo_oa_proactive: bool = Field(default=False, description="setting_zalo_oa_proactive")
    public_url: Address = Field(default="", description="setting_public_url")
    updates: Literal["auto", "polling", "webhook"] = Field(default="auto", description="setting_updates")
    web_host: str = Field(default="127.0.0.1", description="setting_web_host")
    web_port: int = Field(default=8080, ge=0, le=65535, description="setting_web_port")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="setting_log_level"
    )

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are shown and days begin."""
        return ZoneInfo(self.timezone)

    @property
    def secrets(self) -> list[str]:
        """What must never be printed: tokens, webhook secrets and the database's password."""
        held = (
            self.telegram_token,
            self.zalo_token,
            self.telegram_webhook_secret,
            self.zalo_webhook_secret,
            self.zalo_oa_app_secret,
            self.zalo_oa_secret_key,
        )
        password = _PASSWORD.search(self.database_url)
        return [secret.get_secret_value() for secret in held if secret] + ([password[1]] if password else [])

    def shown(self) -> dict[str, str]:
        """Every setting as it may be printed, secrets as stars."""
        values = {name: str(getattr(self, name) or "") for name in type(self).model_fields}
        return {**values, "database_url": _PASSWORD.sub(":***@", self.database_url)}

    @property
    def by_webhook(self) -> bool:
        """Whether the platforms call us; a plain http address only serves pictures."""
        if self.updates == "auto":
            return self.public_url.startswith("https://")
        return self.updates == "webhook"


class _Environment(Settings, BaseSettings):
    model_config = SettingsConfigDict(
        frozen=True, env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", extra="ignore"
    )


def load_settings() -> Settings:
    """The settings of this machine; raises :class:`SettingsError` for a wrong or unknown one."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    given = {*os.environ, *dotenv_values(".env")}
    for name in sorted(given - known):
        if name.startswith(PREFIX):
            raise SettingsError("setting_unknown", name=name)
    try:
        settings = _Environment()
    except ValidationError as no:
        name = str(no.errors()[0]["loc"][0])
        meaning = Settings.model_fields[name].description
        raise SettingsError("setting_wrong", name=PREFIX + name.upper(), meaning=meaning) from None
    if settings.by_webhook and not settings.public_url:
        raise SettingsError("setting_missing", name=f"{PREFIX}PUBLIC_URL", meaning="setting_public_url")
    if settings.zalo_oa_app_id:
        _check_zalo_oa(settings)
    return settings


def _check_zalo_oa(settings: Settings) -> None:
    """An Official Account calls us and cannot be asked, so it needs its secrets and a public address."""
    for name in ("zalo_oa_app_secret", "zalo_oa_secret_key"):
        if getattr(settings, name) is None:
            meaning = Settings.model_fields[name].description
            raise SettingsError("setting_missing", name=PREFIX + name.upper(), meaning=meaning)
    if not settings.public_url.startswith("https://"):
        raise SettingsError("setting_zalo_oa_address", name=f"{PREFIX}PUBLIC_URL")


def derived(token: SecretStr, purpose: str) -> str:
    """A secret of 40 letters for one purpose, the same in every process that holds the token."""
    return hashlib.sha256(f"{purpose}:{token.get_secret_value()}".encode()).hexdigest()[:40]
