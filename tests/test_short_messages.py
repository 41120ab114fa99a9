"""What a citizen reads on Zalo is short, choices and all: about 60 words of ours a message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import ClassVar

from tests.citizens import BROWN, GREEN, QUIET, code_in, pin_in, wait
from tests.talk import Heard, Town

LONGEST = 60
LONGER = {
    "Xin chào Ông/Bà": 64,  # who speaks, what is kept, what a message is not, and how to read it larger
    "Tố cáo: xin không gửi ở đây": 71,  # the review, and what not to send by it
    "Xin Ông/Bà xem lại trước khi gửi": 71,  # as long as its model, consent and all, and how to denounce
    "Đây là loại việc nào?": 90,  # every kind there is, for whoever asks to see them
    "tin nhắn không phải là đơn": 63,  # a right with its limit and source, and where to go
    "Tố cáo bằng đơn có chữ ký": 67,
}


class Reader:
    """A citizen, by default on Zalo, who counts the words of whatever arrives, but for words people said."""

    longer: ClassVar[dict[str, int]] = LONGER

    def __init__(self, town: Town, channel: str = "zalo", name: str = "Dân") -> None:
        self.town = town
        self.name = town.stranger(name, channel)
        self.said: list[str] = []
        self.long: list[tuple[int, str]] = []
        self.read: list[Heard] = []

    async def say(self, *texts: str) -> None:
        for text in texts:
            self.said.append(text)
            await self.town.say(self.name, text)
        await self.looks()

    async def press(self, label: str) -> None:
        await self.town.press(self.name, label)
        await self.looks()

    async def looks(self) -> None:
        await wait(self.town, 12)
        for heard in self.town.unread(self.name):
            self.read.append(heard)
            ours = heard.text
            for words in sorted(self.said, key=len, reverse=True):
                ours = ours.replace(words, "…")
            most = next((most for start, most in self.longer.items() if start in ours), LONGEST)
            if (count := len(ours.split())) > most:
                self.long.append((count, heard.text))

    async def hears_of(self, official: str, words: str) -> None:
        self.said.append(words)
        await self.town.say(official, words)
        await self.looks()

    def receipt(self, words: str = "UBND đã nhận, mã") -> Heard:
        return next(heard for heard in reversed(self.read) if words in heard.text)


async def lives_to_the_last_word(
    citizen: Reader, code: str, where: str, judges: Callable[[], Awaitable[None]], doubts: str
) -> None:
    """A matter is asked about, late, answered, judged twice and upheld by the last of the leaders."""
    town = citizen.town
    await town.press("Nam", "Nhận xử lý")
    await town.press("Nam", "Hỏi người dân")
    await citizen.hears_of("Nam", "Ổ gà nằm bên nào của đường ạ?")
    await citizen.say(code)
    await town.until("2021-01-11 12:00")  # half of the time, then its last day
    await citizen.say(where)
    await citizen.say(code)
    await town.until("2021-01-19 09:00")  # late
    await citizen.say(code)
    await town.press("Nam", f"Xem {code}")  # on the card of the day
    await town.press("Nam", "Trả lời")
    await town.send("Nam", GREEN)
    await citizen.hears_of("Nam", "Đã vá xong sáng nay, lấp cả hố bên cạnh.")
    await citizen.say(code)
    await town.until("2021-01-22 12:00")  # the one reminder
    await judges()
    await citizen.say(code)
    await town.press("Dũng", "Giữ nguyên")
    await citizen.hears_of("Dũng", "Đã xem tại chỗ, chỗ vá còn nguyên, không bong.")
    await citizen.press(doubts)
    await town.press("Châu", "Giữ nguyên")
    await citizen.hears_of("Châu", "Đã xem biên bản và ảnh, chỗ vá vẫn đạt yêu cầu.")


async def test_from_the_first_hello_to_the_last_word_of_a_leader(office: Town) -> None:
    town, citizen = office, Reader(office)
    await citizen.say("xin chào")
    await citizen.say("/trogiup")
    await town.send(citizen.name, BROWN)
    await citizen.say("duong ap 5 o ga to, toi qua 2 xe te")
    await citizen.say("gan nha van hoa")
    await citizen.press("Sửa")
    await citizen.press("Loại việc")
    await citizen.press("Đường, vỉa hè, cầu cống")
    await citizen.press("Đồng ý và gửi")
    code = code_in(citizen.receipt())
    await citizen.press("Phiếu tiếp nhận")
    for words in (code, "tra cuu", "/dulieu"):
        await citizen.say(words)
    await citizen.press("Tải về")
    await citizen.say("/dulieu")
    await citizen.press("Xoá liên hệ của tôi")
    await citizen.press("Giữ nguyên")
    await citizen.say(code)
    await citizen.press("Rút lại")
    await citizen.press("Giữ lại")
    await lives_to_the_last_word(
        citizen, code, "ben phai, gan cot dien", lambda: citizen.say("2 mua cai la bong ra"), "Chưa ổn"
    )
    assert "ý kiến cuối của lãnh đạo" in citizen.read[-1].text
    assert not citizen.long, citizen.long


async def test_the_other_ways_to_come_with_something(office: Town) -> None:
    town, citizen = office, Reader(office)
    town.app.committee = replace(town.app.committee, public_list=True)
    await citizen.say("toi khong dong y quyet dinh thu hoi dat so 45")
    await citizen.press("Đặt lịch tiếp công dân")
    await citizen.say("1")
    await citizen.say("khieu nai")
    await citizen.press("Mẫu đơn")
    await citizen.say("/huy")
    await citizen.say("dat lich")
    await citizen.say("1")
    await citizen.say("hoi dap")
    await citizen.say("lam khai sinh can giay to gi")
    await citizen.say("toi muon to cao ong pho chu tich xa nhan hoi lo")
    await citizen.press("Tôi muốn tố cáo")
    await citizen.say("xet ho ngheo khong dung nguoi")
    await citizen.press("Tôi muốn tố cáo")
    await citizen.say("kien nghi sua quy dinh ve ho so dat dai qua nhieu giay to")
    await citizen.press("Đồng ý và gửi")
    for mode in ("Không để lại liên hệ", "Cán bộ không biết tôi là ai"):
        await citizen.say(QUIET)
        await citizen.press("Ẩn danh")
        await citizen.press(mode)
        await citizen.press("Đồng ý và gửi")
    receipt = citizen.receipt("Xin ghi lại hai số này")
    code, pin = code_in(receipt), pin_in(receipt)
    for words in (code, f"{code} {pin}", f"{code} {pin} o quan goc cho", f"{code} {pin} phieu", "cong khai"):
        await citizen.say(words)
    assert not citizen.long, citizen.long


async def test_the_first_review_says_only_what_its_matter_needs(office: Town) -> None:
    """A question needs no ambulance, and whoever has sent something knows who speaks."""
    for words, most in (
        ("karaoke nha ben hat on ao qua", 60),
        ("gop y lam them ghe da o cong vien", 60),
        ("can bo mot cua lam khai sinh gat gong", 71),
        ("ho so dat nop 2 thang roi chua xong", 68),
        ("cho tha rong can con toi", 73),
        ("o ga truoc cho", 68),
    ):
        citizen = Reader(office, name=words)
        await citizen.say(words)
        heard = citizen.read[-1].text
        assert "Trợ lý tự động của UBND" in heard
        assert ("gọi 115" in heard) == (words in ("cho tha rong can con toi", "o ga truoc cho"))
        assert len(heard.replace(words, "…").split()) <= most, heard
    await citizen.press("Đồng ý và gửi")
    await citizen.say("den duong hem 12 tat ca tuan nay")
    again = citizen.read[-1].text
    assert "Xin Ông/Bà xem lại trước khi gửi" in again
    assert "Trợ lý tự động" not in again
