"""The public page in a real browser, on a small phone, in the dark: nothing runs or is fetched."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from locales import Wording
from tests.browser.test_page import ARGUMENTS, CHROMIUM, picture
from tests.talk import ZONE, local

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}"),
]
COPIES = [
    {
        "code": "7K4M2", "kind": "Đèn đường, cây xanh", "area": "Khu phố 3", "on": date(2021, 1, 6),
        "told": "Đèn hỏng <script>document.title='no'</script><img src=x onerror=\"title='no'\"> gần chợ",
        "answer": "Đã thay bóng mới, " + "dài" * 60,
    },
    {
        "code": "D2VHW", "kind": "Đường, vỉa hè, cầu cống", "area": "", "on": date(2021, 1, 5),
        "told": "Ổ gà trước số nhà •••", "answer": "Đã vá xong ngày 05/01.",
    },
]  # fmt: skip
CONTRAST = """() => {
    const seen = (text) => text.match(/[0-9.]+/g).slice(0, 3).map(Number)
    const light = (rgb) => {
        const part = (c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
        const [r, g, b] = rgb.map(c => part(c / 255))
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const ground = light(seen(getComputedStyle(document.body).backgroundColor))
    return Math.min(...[...document.querySelectorAll('h1, h2, p')].map(e => {
        const ink = light(seen(getComputedStyle(e).color))
        return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05)
    }))
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_public_page_can_be_read_on_a_small_phone(tmp_path: Path, scheme: str) -> None:
    wording = Wording(ZONE, {"name": "UBND thị xã Phước Long"})
    facts = {"at": local("2021-01-06 10:00"), "copies": COPIES}
    (tmp_path / "page.html").write_text(wording.page("public_page", facts), encoding="utf-8")
    fetched: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page(
            viewport={"width": 320, "height": 640},
            locale="vi-VN",
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        page.on("request", lambda request: fetched.append(request.url))
        await page.goto((tmp_path / "page.html").as_uri())
        await expect(page).to_have_title("Phản ánh đã trả lời – UBND thị xã Phước Long")
        await expect(page.locator("article")).to_have_count(2)
        await expect(page.locator("#D2VHW")).to_contain_text("Ổ gà trước số nhà •••")
        assert await page.evaluate("document.scripts.length + document.images.length") == 0
        assert await page.evaluate(CONTRAST) >= 4.5
        assert await page.evaluate("document.documentElement.lang") == "vi"
        await picture(page, f"public-{scheme}")
        await browser.close()
    assert fetched == [(tmp_path / "page.html").as_uri()]
