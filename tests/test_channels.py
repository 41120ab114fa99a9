"""One contract for every channel, and the three model conversations, over real HTTP."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.phones import Message, phones
from tests.pictures import png
from tests.talk import local

AT = local("2021-01-04 08:00")
BROWN, GREEN = png(120, 80, 40), png(40, 120, 40)


def words(text: str) -> int:
    return len(text.split())


@pytest.mark.parametrize("channel", ["telegram", "zalo"])
class TestChannel:
    """What every channel does the same for the person, however it is done."""

    async def test_choices_are_offered_chosen_and_outlived(self, tmp_path: Path, channel: str) -> None:
        async with phones(tmp_path, AT) as town:
            dan = await town.stranger("Dân", channel)
            await town.say(dan, "den duong hong truoc nha so 5")
            review = await town.hears(dan, "Đồng ý và gửi", "Thôi")
            assert bool(review["choices"]) == (channel == "telegram")
            await town.press(dan, "Thôi")
            await town.hears(dan, "không lưu gì")
            await town.say(dan, "1")
            assert len(await town.news(dan)) == 1, "an old number ends in an answer too"

    async def test_pictures_come_in_and_go_out_whole(self, tmp_path: Path, channel: str) -> None:
        async with phones(tmp_path, AT) as town:
            dan = await town.stranger("Dân", channel)
            await town.photo(dan, BROWN, "o ga truoc cho, duong hu nang")
            await town.hears(dan, "1 ảnh")
            await town.press(dan, "Đồng ý và gửi")
            await town.hears(dan, "UBND đã nhận, mã")
            for official in ("Nam", "Kiều"):  # one on each channel
                card = next(m for m in await town.news(official) if "Nhận xử lý" in str(m))
                assert await town.bytes_of(card["files"][0]["url"]) == BROWN

    async def test_an_album_is_one_report_with_one_answer(self, tmp_path: Path, channel: str) -> None:
        async with phones(tmp_path, AT) as town:
            dan = await town.stranger("Dân", channel)
            for number, picture in enumerate((BROWN, GREEN, png(1, 2, 3))):
                caption = "rac do day duong gan cho" if number == 0 else ""
                await town.photo(dan, picture, caption, "album-1", settle=False)
            await town.post("idle", timeout_seconds=60)
            await town.hears(dan, "3 ảnh")

    async def test_markup_and_hostile_names_are_only_words(self, tmp_path: Path, channel: str) -> None:
        async with phones(tmp_path, AT) as town:
            dan = await town.stranger("(#id1) *_[ <b>", channel)
            await town.say(dan, "duong hu <b>{{ office }}</b> *_[x](y) `tick` ‮ đây")
            await town.hears(dan, "<b>{{ office }}</b> *_[x](y) `tick`")

    async def test_a_word_that_means_nothing_is_answered(self, tmp_path: Path, channel: str) -> None:
        async with phones(tmp_path, AT) as town:
            dan = await town.stranger("Dân", channel)
            for text in ("/khongcolenh", "😀", "?", "a" * 1900):
                await town.say(dan, text)
                assert await town.news(dan), text[:10]


@pytest.mark.parametrize("channel", ["telegram", "zalo"])
async def test_conversation_a(tmp_path: Path, channel: str) -> None:
    async with phones(tmp_path, AT) as town:
        await town.news("Nam")
        dan = await town.stranger("Dân", channel)
        await town.photo(dan, BROWN, settle=False)
        await town.say(dan, "duong ap 5 o ga to, toi qua 2 xe te")
        await town.hears(dan, "Xin Ông/Bà xem lại", "1 ảnh", "Gần chỗ nào?", "Đồng ý và gửi", "115")
        await town.say(dan, "gan nha van hoa")
        await town.hears(dan, "gan nha van hoa")
        await town.press(dan, "Đồng ý và gửi")
        assert town.done == 4, "three messages and one choice"
        receipt = await town.hears(
            dan, "UBND đã nhận, mã", "Phòng Quản lý đô thị trả lời chậm nhất thứ Hai 11/01"
        )
        assert words(receipt["text"]) <= 60
        found = re.search(r"mã (\w{5})", receipt["text"])
        assert found is not None
        code = found[1]
        await town.press("Nam", "Nhận xử lý")
        await town.hears(dan, code, "đã nhận xử lý")
        await town.press("Nam", "Trả lời")
        await town.photo("Nam", GREEN, "sáng nay đã vá ổ gà gần nhà văn hoá ấp 5")
        answer = await town.hears(dan, f"{code}: sáng nay đã vá ổ gà", "Ông/Bà thấy ổn chưa?")
        assert len(answer["files"]) == 1
        if channel == "zalo":
            await town.say(dan, "2 mua cai la bong ra")
        else:
            await town.press(dan, "Chưa ổn")
        await town.hears(dan, "Xin lỗi Ông/Bà", "lãnh đạo xem lại, trả lời chậm nhất")


@pytest.mark.parametrize(("official", "channel"), [("Hùng", "telegram"), ("Khải", "zalo")])
async def test_conversation_b(tmp_path: Path, official: str, channel: str) -> None:
    async with phones(tmp_path, local("2021-01-04 07:25")) as town:
        assert town.who(official)["channel"] == channel
        await town.until("2021-01-04 07:31")
        await town.hears("Dũng", "Chào đồng chí Trần Quốc Dũng")
        card = await town.hears(official, "Chào anh", "hạn 29/01", "② Xong", "Vướng / xin gia hạn")
        assert words(card["text"]) <= 75
        before = town.done
        await town.press(official, "① Xong")
        await town.hears(official, "nhắn số, ngày văn bản")
        await town.say(official, "KH 45/KH-UBND 4/1")
        await town.hears(official, "đã nộp lúc 07:3", "chờ đồng chí Trần Quốc Dũng xác nhận")
        assert town.done - before == 2, "one tap and one line"
        await town.say(official, "② cho toi 15/6, cho so lieu")
        await town.hears(official, "đến 15/06, lý do: cho so lieu?")
        await town.press(official, "Gửi đồng chí Trần Quốc Dũng")
        await town.news(official)
        await town.until("2021-01-04 07:40")
        ask = await town.hears("Dũng", "KH 45/KH-UBND", "trước hạn", "15/06", "Xác nhận ①")
        before = town.done
        await town.press("Dũng", "Xác nhận ①")
        assert town.done - before == 1
        grant = next(
            c["label"]
            for m in await town.messages("Dũng")
            for c in m["choices"]
            if c["label"].startswith("Cho gia hạn")
        )
        assert ask["n"]
        await town.press("Dũng", grant)
        told = "\n".join(m["text"] for m in await town.news(official))
        assert "trước hạn" in told.lower()
        assert "15/06" in told
        assert "hạn gốc" in told, "the original day stays"


async def test_conversation_c(tmp_path: Path) -> None:
    async with phones(tmp_path, local("2021-01-04 07:25")) as town:
        await town.until("2021-02-03 09:00")
        for leader in ("Dũng", "Châu"):  # Telegram and Zalo
            await town.news(leader)
            before = town.done
            await town.say(leader, "bc")
            assert town.done - before == 1, "one word asks"
            report = await town.hears(
                leader,
                "Cần đồng chí quyết định",
                "Quá hạn",
                "MT1",
                "90 %",
                "96 %",
                "MT5",
                "Kiểm tra đột xuất",
            )
            assert [file["kind"] for file in report["files"]] == ["photo"]
            assert (await town.bytes_of(report["files"][0]["url"])).startswith(b"\x89PNG")
            lines = [line for line in report["text"].splitlines() if not re.match(r"\d+(–\d+)?\. ", line)]
            assert len(lines) <= 12
            in_place = leader == "Dũng"
            named = re.search(r"^(?:\d+\. )?(Quá hạn \d+)$", _shown(report), re.MULTILINE)
            assert named
            await town.press(leader, named[1])
            late = await town.hears(leader, "trễ", "‹ Tổng hợp")
            assert (late["n"] == report["n"]) == in_place
            before = town.done
            await (town.press if in_place else town.say)(leader, "1")
            await town.hears(leader, "Hạn 29/01/2021")
            await town.say(leader, "thu 6 phai xong")
            await town.hears(leader, "Giao", "xong chậm nhất thứ Sáu 05/02?")
            await town.press(leader, "Giao")
            assert town.done - before == 3, "two taps and a sentence"
            assert "Đã giao" in "\n".join(m["text"] for m in await town.news(leader))


def _shown(message: Message) -> str:
    """A message as the person sees it, with a line a choice."""
    return "\n".join([message["text"], *(choice["label"] for choice in message["choices"])])
