"""The town's page, on a phone's screen in Chromium; pictures of it go to ``screenshots/``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from simulator.demo import opened
from tests.talk import local

CHROMIUM = Path("/usr/bin/chromium")
SCREENSHOTS = Path(__file__).parents[2] / "screenshots"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}"),
]


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Page]:
    """The page of a fresh demo; an error in the page's script fails the test."""
    wrong: list[str] = []
    async with opened(tmp_path, 0, local("2021-01-04 07:25")) as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": 390, "height": 844}, locale="vi-VN")
        page.on("pageerror", lambda error: wrong.append(str(error)))
        await page.goto(address)
        yield page
        await browser.close()
    assert wrong == []


async def picture(page: Page, name: str) -> None:
    """Keeps a picture of the page; nothing on it may be wider than the phone."""
    SCREENSHOTS.mkdir(exist_ok=True)
    await page.screenshot(path=SCREENSHOTS / f"{name}.png")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def choose(page: Page, name: str) -> None:
    """Picks a person from the list."""
    await page.get_by_label("Tìm người").fill(name)
    await page.locator("#people button", has_text=name).click()


async def say(page: Page, words: str) -> None:
    """Types and sends in the chat that is in front."""
    await page.locator(".front textarea").fill(words)
    await page.locator(".front .send").click()


async def test_everybody_is_on_the_list_by_unit(page: Page) -> None:
    await expect(page.locator("#people button")).to_have_count(52)
    await expect(page.locator("#people h3").first).to_have_text("UBND thị xã")
    await expect(page.locator("#clock")).to_contain_text("Thứ Hai 04/01/2021 · 07:2")
    await picture(page, "list")
    await page.get_by_label("Tìm người").fill("noi vu")
    await expect(page.locator("#people button")).to_have_count(3)


async def test_a_citizen_talks_with_words_picture_and_place(page: Page) -> None:
    await choose(page, "Trần Văn Út")
    await say(page, "xin chào")
    await expect(page.locator(".front .msg.bot").first).to_contain_text("trợ lý tự động")
    await expect(page.locator(".front .keyboard button").first).to_be_visible()
    await picture(page, "chat")
    await page.locator(".front .plus").click()
    await picture(page, "attach")
    await page.locator(".front [data-do=sample]").click()
    await expect(page.locator(".front .msg.person img")).to_be_visible()
    await say(page, "ổ gà to trên đường ấp 5, xe đi rất nguy hiểm")
    await page.locator(".front .plus").click()
    await page.locator(".front [data-do=place]").click()
    await expect(page.locator(".front .msg.person", has_text="Vị trí")).to_be_visible()
    await expect(page.locator(".front .row button").first).to_be_visible(timeout=20_000)
    await picture(page, "review")


async def test_a_message_can_be_answered_and_edited(page: Page) -> None:
    await choose(page, "Phạm Văn Bảy")
    await say(page, "xin chào")
    await expect(page.locator(".front .msg.bot")).to_have_count(1)
    await page.locator(".front .msg.bot").get_by_role("button", name="Trả lời").click()
    await expect(page.locator(".front .quote")).to_contain_text("Trả lời:")
    await say(page, "/trogiup")
    await expect(page.locator(".front .msg.person .re")).to_contain_text("trợ lý tự động")
    await page.locator(".front .msg.person").first.get_by_role("button", name="Sửa tin").click()
    await say(page, "xin chào lại")
    await expect(page.locator(".front .msg.person").first).to_contain_text("đã sửa")


async def test_the_clock_is_moved_from_the_page(page: Page) -> None:
    await expect(page.locator("#queue")).to_have_text("Không có gì chờ")
    await page.locator("#clock").click()
    await picture(page, "clock")
    await page.get_by_role("button", name="07:30 sáng mai").click()
    await expect(page.locator("#clock")).to_contain_text("Thứ Ba 05/01/2021 · 07:3", timeout=60_000)
    await page.locator("#clock").click()
    await page.get_by_label("Đến lúc").fill("2021-01-11T08:00")
    await expect(page.locator("#chosen")).to_have_text("Thứ Hai 11/01/2021 · 08:00")
    await page.get_by_role("button", name="Đi tới").click()
    await expect(page.locator("#clock")).to_contain_text("Thứ Hai 11/01/2021 · 08:0", timeout=60_000)
    await choose(page, "Phan Văn Hùng")
    await picture(page, "head")


async def test_who_has_not_joined_sees_the_invitation(page: Page) -> None:
    await choose(page, "Hứa Văn Tâm")
    await picture(page, "invitation")
    await page.get_by_role("button", name="Nhập mã").click()
    await expect(page.locator(".front .msg.bot")).to_contain_text("Tâm")


async def test_a_newcomer_is_added_and_blocks_the_bot(page: Page) -> None:
    await expect(page.locator("#people button")).to_have_count(52)
    await page.get_by_label("Họ tên người dân").fill("Bà Tư")
    await page.get_by_role("button", name="Thêm").click()
    await expect(page.locator(".front .who")).to_contain_text("Bà Tư")
    await page.locator(".front .plus").click()
    await page.get_by_role("button", name="Chặn bot").click()
    await say(page, "xin chào")
    await expect(page.locator(".front .toast")).to_have_text("Người này đang chặn bot")


async def test_a_wide_screen_shows_several_chats_side_by_side(page: Page) -> None:
    await page.set_viewport_size({"width": 1280, "height": 800})
    await choose(page, "Trần Quốc Dũng")
    await choose(page, "Lê Thị Cẩm Tú")
    await expect(page.locator(".chat")).to_have_count(2)
    await say(page, "xin chào")
    await expect(page.locator(".front .msg.bot")).to_contain_text("trợ lý tự động")
    await picture(page, "wide")


async def test_on_the_smallest_phone_no_word_of_a_button_is_broken(page: Page) -> None:
    await page.set_viewport_size({"width": 320, "height": 640})
    await choose(page, "Trần Văn Út")
    await say(page, "/language")
    await page.get_by_role("button", name="English").click()
    await say(page, "big pothole on hamlet 5 road near the culture house, two bikes fell")
    await expect(page.locator(".front .row button", has_text="Anonymous")).to_be_visible(timeout=30_000)
    await picture(page, "smallest")
    beside = page.locator(".front .row", has_text="Anonymous").locator("button")
    heights = await beside.evaluate_all(
        """all => all.map(button => {
            const words = document.createRange()
            words.selectNodeContents(button)
            return words.getBoundingClientRect().height
        })"""
    )
    assert len(heights) == 3
    assert max(heights) < 1.5 * min(heights)


@pytest.mark.parametrize("channel", ["zalo", "telegram"])
async def test_a_newcomer_goes_from_the_first_word_to_a_receipt(page: Page, channel: str) -> None:
    """The whole way of somebody who has never been here, at the pace of a thumb."""
    await expect(page.locator("#people button")).to_have_count(52)
    await page.get_by_label("Họ tên người dân").fill("Bà Tư")
    await page.get_by_label("Kênh").select_option(channel)
    await page.get_by_role("button", name="Thêm").click()
    await expect(page.locator(".front .who")).to_contain_text("Bà Tư")
    await say(page, "duong ap 5 o ga to gan nha van hoa, toi qua 2 xe te")
    await page.locator(".front .plus").click()
    await page.locator(".front [data-do=sample]").click()
    await expect(page.locator(".front .msg.bot", has_text="Xin Ông/Bà xem lại")).to_be_visible(timeout=30_000)
    await expect(page.locator(".front .msg.bot").last).to_contain_text("1 ảnh", timeout=30_000)
    await picture(page, f"newcomer-{channel}-review")
    if channel == "telegram":
        await page.get_by_role("button", name="Đồng ý và gửi").click()
    else:
        await say(page, "1")
    await expect(page.locator(".front .msg.bot", has_text="dấu xác nhận")).to_be_visible(timeout=30_000)
    await picture(page, f"newcomer-{channel}-receipt")
    if channel == "telegram":
        await page.get_by_role("button", name="Phiếu tiếp nhận").click()
    else:
        await say(page, "1")
    await expect(page.locator(".front .msg.bot", has_text="XACMINH")).to_be_visible(timeout=30_000)
    await picture(page, f"newcomer-{channel}-sheet")
