"""Brings updates to a bot that has set a webhook: in order, again and again until it answers 2xx."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx

from simulator.faults import Faults
from simulator.town import Town, Update
from simulator.zalo_oa import mac

HEADERS = {"telegram": "X-Telegram-Bot-Api-Secret-Token", "zalo": "X-Bot-Api-Secret-Token"}
LONGEST_PAUSE = 5.0  # seconds of machine time between two attempts


class Postman:
    """Carries one channel's updates."""

    def __init__(self, town: Town, faults: Faults, channel: str) -> None:
        self._town = town
        self._faults = faults
        self._channel = channel

    async def run(self) -> None:
        """Works until it is cancelled."""
        pause = 0.1
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            while self._town.open:
                hook = self._town.setting(f"{self._channel}_webhook")
                found = self._town.waiting(self._channel, 1) if hook else []
                if not found:
                    await self._town.news(5)
                    continue
                if await self._brought(client, hook, found[0]):
                    pause = 0.1
                    continue
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _brought(self, client: httpx.AsyncClient, hook: dict[str, Any], update: Update) -> bool:
        body = json.dumps(self._body(update), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", **self._proof(hook, body, update)}
        error = ""
        for _ in range(update.copies):
            try:
                answer = await client.post(hook["url"], content=body, headers=headers)
            except httpx.HTTPError as failed:
                error = type(failed).__name__
                break
            if not answer.is_success:
                error = f"Wrong response from the webhook: {answer.status_code}"
                break
        with self._town.change():
            if not error:
                self._town.confirm(self._channel, update.id)
            elif self._channel == "telegram" and hook.get("last_error_message") != error:
                seconds = int(self._town.clock.now().timestamp())
                self._town.set(
                    "telegram_webhook", {**hook, "last_error_date": seconds, "last_error_message": error}
                )
        return not error

    def _proof(self, hook: dict[str, Any], body: bytes, update: Update) -> dict[str, str]:
        if self._channel == "zalo_oa":
            app = self._town.setting("zalo_oa_app")
            moment = update.payload["timestamp"]
            return {"X-ZEvent-Signature": mac(app, body, moment), "X-ZEvent-Timestamp": moment}  # D, M
        return {HEADERS[self._channel]: hook["secret"]} if hook["secret"] else {}

    def _body(self, update: Update) -> dict[str, Any]:
        if self._channel == "telegram":
            return {"update_id": update.id, **update.payload}
        if self._faults.switches.zalo_envelope == "wrapped":
            return {"ok": True, "result": update.payload}
        return update.payload
