"""Templates of answers: filled from the case, shown first, never sent without a line of one's own."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree
from zoneinfo import ZoneInfo

import pytest

from bot.cli.words import sentence
from bot.committee import committee_folder, load_committee
from domain.answer_templates import FACTS, is_bare, is_whole
from domain.errors import RuleError
from locales.answers import fill, trouble
from tests.citizens import CHANNELS, GREEN, POTHOLE, QUIET, code_in, filed, taken, wait
from tests.talk import Town
from tests.test_case_handover import case_row, hush, returned

BARE = "Về tiếng ồn Ông/Bà phản ánh: Phòng Văn hoá đã đến kiểm tra. … Nếu còn ồn, xin báo ngay."


@pytest.mark.parametrize("official", ["Tài", "Yến"])
@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_official_writes_one_line_and_the_citizen_reads_it_within_the_template(
    office: Town, official: str, channel: str
) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, QUIET))
    await taken(town, official, "Tài", "Yến", citizen)
    await town.press(official, "Trả lời")
    await town.hears(official, "nhắn câu trả lời", "Mẫu: Đã kiểm tra, nhắc nhở")
    await town.press(official, "Mẫu: Đã kiểm tra, nhắc nhở")
    shown = await town.hears(official, code, "phản ánh ngày 04/01/2021", "… Nếu còn ồn sau 22 giờ")
    await town.say(official, "đã xong")
    await town.hears(official, "chưa cho người dân biết đã làm gì")
    bare = shown.text.split("“")[1].split("”")[0]
    await town.say(official, bare)
    await town.hears(official, "chỉ có phần mẫu, chưa có kết quả")
    await town.say(official, "Tối 04/01 lập biên bản, chủ quán ký cam kết tắt loa trước 22 giờ")
    await wait(town)
    await town.hears(citizen, code, "đã đến kiểm tra. Tối 04/01 lập biên bản", "22 giờ. Nếu còn ồn")
    assert (await case_row(town))["answer"].startswith("Về tiếng ồn Ông/Bà phản ánh ngày 04/01/2021")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_another_authority_s_matter_has_a_template_that_needs_its_line(
    office: Town, channel: str
) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, POTHOLE))
    hush(town)
    await returned(town, "Kiều", "Đường này của tỉnh quản lý", "Không rõ")
    await town.press("Đức", "Ngoài thẩm quyền")
    assert "Mẫu: Cơ quan khác" in town.unread("Đức")[-1].choices
    await town.press("Đức", "Mẫu: Cơ quan khác")
    shown = await town.hears("Đức", code, "… UBND thị xã Phước Long đã ghi nhận")
    await town.say("Đức", shown.text.split("“")[1].split("”")[0])  # nothing but the template
    await town.hears("Đức", "chỉ có phần mẫu")
    assert (await case_row(town))["state"] == "received"
    await town.say("Đức", "Đường ĐT741 do Sở Giao thông vận tải quản lý, điện thoại 0271 3879 109.")
    await wait(town)
    await town.hears(citizen, code, "Sở Giao thông vận tải", "liên hệ cơ quan nêu trên", "Chưa ổn")
    row = await case_row(town)
    assert (row["state"], "đã ghi nhận" in str(row["answer"])) == ("referred", True)


async def test_a_template_copied_from_elsewhere_is_refused_too(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, QUIET)
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Trả lời")
    hush(town)
    await town.say(
        "Yến",
        "Về tiếng ồn Ông/Bà phản ánh ngày 04/01/2021: Phòng Văn hoá và Thông tin đã đến kiểm tra. "
        "Nếu còn ồn sau 22 giờ, xin Ông/Bà báo ngay.",
    )
    await town.hears("Yến", "chỉ có phần mẫu, chưa có kết quả")
    assert (await case_row(town))["state"] == "working"


async def test_the_whole_text_with_its_line_is_taken_as_it_is(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, QUIET)
    await taken(town, "Yến", "Tài")
    await town.press("Yến", "Trả lời")
    await town.press("Yến", "Mẫu: Đã kiểm tra, nhắc nhở")
    hush(town)
    whole = (
        "Về tiếng ồn Ông/Bà phản ánh ngày 04/01/2021: Phòng Văn hoá và Thông tin đã đến kiểm tra. "
        "Quán ký cam kết đóng cửa lúc 21 giờ 30 hằng ngày."
    )
    await town.say("Yến", whole)
    await wait(town)
    assert (await case_row(town))["answer"] == whole


async def test_outdoors_the_picture_s_caption_is_the_line(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, POTHOLE)
    await taken(town, "Kiều", "Nam")
    await town.press("Kiều", "Trả lời")
    await town.press("Kiều", "Mẫu: Đã sửa xong")
    await town.send("Kiều", GREEN, caption="Sáng 04/01 đã vá 3 m² mặt đường trước cổng chợ")
    await wait(town)
    heard = town.unread(citizen)[-1]
    assert "đã kiểm tra và sửa. Sáng 04/01 đã vá 3 m² mặt đường trước cổng chợ. Nếu còn hư hỏng" in heard.text
    assert heard.uploads


async def test_a_template_of_another_question_is_gone(office: Town) -> None:
    town, citizen = office, office.stranger("Dân", "telegram")
    await filed(town, citizen, QUIET)
    await taken(town, "Yến", "Tài")
    for press in ("case:tpl:1:0", "case:tpl:1:x", "case:tpl:1:99"):
        await town._turn("Yến", pressed=press)
        town.unread("Yến")
    assert (await case_row(town))["state"] == "working"


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        (BARE, True),
        (BARE.replace("…", ""), True),
        ("da den kiem tra", True),
        (BARE.replace("…", "Đã xong rồi."), True),  # words of the template, or too few of one's own
        (BARE.replace("…", "Quán cam kết tắt loa trước 22 giờ."), False),
        ("Quán cam kết tắt loa trước 22 giờ", False),
    ],
)
def test_what_a_template_says_already_is_no_answer(typed: str, bare: bool) -> None:
    assert is_bare(typed, BARE) == bare


def test_the_whole_is_told_from_the_line() -> None:
    assert is_whole(BARE.replace("…", "Quán cam kết."), BARE)
    assert not is_whole("Quán cam kết tắt loa", BARE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Đã xử lý {{ result }", "không đọc được"),
        ("{{ result }} {{ name }}", "không biết “name”"),
        ("Đã xử lý xong.", "thiếu chỗ ghi kết quả"),
        ("{{ result.__class__.__mro__ }}", "không đọc được"),
    ],
)
def test_a_broken_template_is_named_at_start(tmp_path: Path, text: str, words: str) -> None:
    folder = tmp_path / "office"
    copytree(str(committee_folder()), folder)
    (folder / "templates.toml").write_text(f"[[templates]]\nname = 'A'\ntext = '{text}'\n", encoding="utf-8")
    with pytest.raises(RuleError) as no:
        load_committee(folder, ZoneInfo("Asia/Ho_Chi_Minh"))
    assert "ở mẫu 1" in sentence(no.value)
    assert words in sentence(no.value)


@pytest.mark.parametrize("entry", ["category = 'xyz'", "state = 'closed'", "colour = 'red'"])
def test_a_template_for_nothing_is_named_at_start(tmp_path: Path, entry: str) -> None:
    folder = tmp_path / "office"
    copytree(str(committee_folder()), folder)
    content = f"[[templates]]\nname = 'A'\n{entry}\ntext = '{{{{ result }}}}'\n"
    (folder / "templates.toml").write_text(content, encoding="utf-8")
    with pytest.raises(RuleError) as no:
        load_committee(folder, ZoneInfo("Asia/Ho_Chi_Minh"))
    assert entry.split("'")[1] in sentence(no.value) or "colour" in sentence(no.value)


def test_what_people_type_is_no_template() -> None:
    facts = dict.fromkeys(FACTS, "{{ 7 * 7 }}")
    assert fill("{{ result }}", facts) == "{{ 7 * 7 }}"
    assert trouble("{{ result }} {{ unit }}", FACTS) is None


@pytest.mark.parametrize(
    "text",
    [
        "{{ result.__class__.__mro__ }}",
        "{{ result }}{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ result.format.__globals__ }}",
        "{{ result }}{% for n in range(10000000) %}x{% endfor %}",
        "{{ result }}{{ 1 / 0 }}",
        "{{ result }}{{ result + 1 }}",
        "{{ result }}{% include 'committee.toml' %}",
    ],
)
def test_a_template_reaches_nothing_behind_its_facts(text: str) -> None:
    found = trouble(text, FACTS)
    assert found is not None
    assert found[0] == "text"
