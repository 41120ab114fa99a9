"""The token of Zalo's Official Account: asked for with somebody's consent, renewed well before it ends.

The refresh token works once.  So one process at a time renews, under a lease in the database, looks
again once it has that, and writes the new pair down before anything else.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import structlog

from bot.config import Settings
from db import oa_tokens
from db.engine import Database, DatabaseTrouble
from db.oa_tokens import Tokens
from domain.chat import Clock, Facts, Later

log = structlog.get_logger()

USED_TWICE = -14020
REFRESH_LIVES = timedelta(days=90)
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=5), timedelta(hours=1)
WITHOUT = 60.0  # seconds for which nothing is sent while there is no token
KEEP_TRYING = 1.0  # seconds of machine time until the database, or a lease, is tried again
PATIENCE = 30  # tries for a lease that another process has


class Refused(Exception):
    """The platform gave no tokens; ``code`` is its error code.  The text holds no secret."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


@dataclass(frozen=True, slots=True)
class Trouble:
    """The token could not be renewed and ends at ``until``."""

    until: datetime
    code: str
    needs_consent: bool

    def facts(self, now: datetime) -> Facts:
        """What the alarm says."""
        hours = max(int((self.until - now) / timedelta(hours=1)), 0)
        twice = self.code == str(USED_TWICE)
        return {"until": self.until, "hours": hours, "consent": self.needs_consent, "twice": twice}


class Consent:
    """One try to get an administrator's consent, with a proof (PKCE) that never leaves this object."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._verifier = secrets.token_urlsafe(32)  # 43 letters
        self._state = secrets.token_urlsafe(12)

    @property
    def address(self) -> str:
        """Where the administrator agrees; the browser then goes to our public address with the code."""
        digest = hashlib.sha256(self._verifier.encode()).digest()
        asked = {
            "app_id": self._settings.zalo_oa_app_id,
            "redirect_uri": callback_of(self._settings),
            "code_challenge": urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "state": self._state,
        }
        return f"{self._settings.zalo_oa_oauth_url}/v4/oa/permission?{urlencode(asked)}"

    def code_in(self, pasted: str) -> str:
        """The code in what was pasted, an address or the code alone; empty if it is of another try."""
        given = parse_qs(urlsplit(pasted.strip()).query)
        if not given:
            return pasted.strip()
        if given.get("state", [self._state])[0] != self._state:
            return ""
        return given.get("code", [""])[0]

    async def exchange(self, code: str, now: datetime) -> Tokens:
        """The first pair of tokens; raises :class:`Refused`, or :class:`Later` where nobody answers."""
        grant = {"grant_type": "authorization_code", "code": code, "code_verifier": self._verifier}
        try:
            return await _ask(self._settings, grant, now)
        except httpx.TransportError as no:
            raise Later(type(no).__name__) from no


def callback_of(settings: Settings) -> str:
    """The address to be registered as the app's callback; nothing has to answer there."""
    return f"{settings.public_url}/zalo-oa"


class TokenKeeper:
    """Gives the token to whoever calls the platform, and renews it."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self._settings = settings
        self._app_id = settings.zalo_oa_app_id
        self._database = database
        self._clock = clock
        self._known = ""
        self._lock = asyncio.Lock()
        self._renewing: asyncio.Future[str] | None = None

    async def access(self) -> str:
        """The token; raises :class:`Later` where nobody has consented yet."""
        if not self._known:
            tokens = await self._database.read(oa_tokens.current, self._app_id)
            if tokens is None:
                raise Later("no consent", WITHOUT)
            self._known = tokens.access
        return self._known

    async def renewed(self, stale: str) -> str:
        """A token other than this one, which the platform does not take any more; raises :class:`Later`."""
        try:
            return await self._renew(stale)
        except (Refused, httpx.TransportError) as no:
            raise Later("token", WITHOUT) from no

    async def keep_fresh(self) -> Trouble | None:
        """Renews the token when it is time to; says what is wrong when that has failed just now.

        A network that is away for five minutes is not worth anybody's attention yet.
        """
        now = self._clock.now()
        tokens = await self._database.read(oa_tokens.current, self._app_id)
        if tokens is None or (now < tokens.renew_at and not tokens.failures):
            return None
        if tokens.retry_at is not None and now < tokens.retry_at:
            return None
        try:
            await self._renew(tokens.access)
        except Later:
            return None  # another process is at it
        except Refused as no:
            return Trouble(tokens.expires_at, str(no.code), needs_consent=True)
        except httpx.TransportError as no:
            why = type(no).__name__
            return Trouble(tokens.expires_at, why, needs_consent=False) if tokens.failures else None
        return None

    async def close(self) -> None:
        """Waits until a pair that is on its way is written down."""
        if self._renewing is not None:
            await asyncio.gather(self._renewing, return_exceptions=True)

    async def _renew(self, stale: str) -> str:
        async with self._lock:
            tokens = await self._lease(stale)
            if tokens.access == stale:
                # Whoever is cancelled stops waiting; a pair that was given is written down all the same.
                self._renewing = asyncio.ensure_future(self._exchange(tokens))
                self._known = await asyncio.shield(self._renewing)
            else:
                self._known = tokens.access
            return self._known

    async def _lease(self, stale: str) -> Tokens:
        """The pair as it is now; we may renew it if it is still the stale one."""
        for _ in range(PATIENCE):
            now = self._clock.now()
            tokens = await self._database.read(oa_tokens.current, self._app_id)
            if tokens is None:
                raise Later("no consent", WITHOUT)
            if tokens.access != stale:
                return tokens
            if tokens.retry_at is not None and now < tokens.retry_at:
                raise Later("token", WITHOUT)
            if await self._database.write(oa_tokens.lease, self._app_id, stale, now):
                return tokens
            await asyncio.sleep(KEEP_TRYING)
        raise Later("token", WITHOUT)

    async def _exchange(self, tokens: Tokens) -> str:
        now = self._clock.now()
        try:
            grant = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
            fresh = await _ask(self._settings, grant, now)
        except (Refused, httpx.TransportError) as no:
            why = str(no.code) if isinstance(no, Refused) else type(no).__name__
            retry_at = now + min(FIRST_RETRY * 2 ** min(tokens.failures, 8), LONGEST_RETRY)
            await self._database.write(oa_tokens.failed, self._app_id, why, retry_at)
            log.error("zalo_oa_token_not_renewed", error=why, failures=tokens.failures + 1)
            raise
        while True:
            try:
                await self._database.write(oa_tokens.keep, self._app_id, fresh)
                break
            except DatabaseTrouble as no:  # the old one is used up: there is nothing to go back to
                log.error("zalo_oa_token_not_written", error=type(no).__name__)
                await asyncio.sleep(KEEP_TRYING)
        log.info("zalo_oa_token_renewed", until=fresh.expires_at.isoformat())
        return fresh.access


async def _ask(settings: Settings, grant: Mapping[str, str], now: datetime) -> Tokens:
    """A pair of tokens; a failure may come with HTTP 200."""
    assert settings.zalo_oa_app_secret is not None
    async with httpx.AsyncClient(timeout=30.0) as http:
        answer = await http.post(
            f"{settings.zalo_oa_oauth_url}/v4/oa/access_token",
            data={"app_id": settings.zalo_oa_app_id, **grant},
            headers={"secret_key": settings.zalo_oa_app_secret.get_secret_value()},
        )
    if answer.status_code >= 500 or answer.status_code == 429:
        raise httpx.RemoteProtocolError(str(answer.status_code))
    try:
        given: Any = answer.json()
    except ValueError:
        raise httpx.RemoteProtocolError(str(answer.status_code)) from None
    if not isinstance(given, Mapping) or not given.get("access_token") or not given.get("refresh_token"):
        code = str(given.get("error", "") if isinstance(given, Mapping) else "")
        raise Refused(int(code) if code.lstrip("-").isdecimal() else answer.status_code)
    lives = timedelta(seconds=int(given.get("expires_in") or 3600))
    refreshed = given.get("refresh_token_expires_in")
    until = now + (timedelta(seconds=int(refreshed)) if refreshed else REFRESH_LIVES)
    return Tokens(str(given["access_token"]), str(given["refresh_token"]), now, now + lives, until)
