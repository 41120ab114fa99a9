"""/dulieu: taken along, corrected; the rest is in the tests of looking up."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Connection, select

from db.models import cases
from tests.citizens import CHANNELS, code_in, filed, wait
from tests.talk import Town


@pytest.mark.parametrize("channel", CHANNELS)
async def test_one_s_data_is_given_as_a_file_or_in_words(town: Town, channel: str) -> None:
    await town.until("2021-01-04 08:00")
    citizen = town.stranger("Dân", channel)
    code = code_in(await filed(town, citizen, "o ga truoc cho"))
    await filed(town, town.stranger("Khác", channel), "loa keo on ao o to 3")
    await town.say(citizen, "/dulieu")
    await town.hears(citizen, code, "Tải về", "Sửa tên, điện thoại", "2 ngày làm việc")
    await town.press(citizen, "Tải về")
    await wait(town)
    given = await town.hears(citizen)
    if channel == "zalo":
        assert code in given.text
        assert "o ga truoc cho" in given.text
        return
    kind, name, data = given.uploads[0]
    assert (kind, name) == ("document", "du-lieu.json")
    read = json.loads(data)
    assert [(each["ma"], each["noi_dung"]) for each in read["phan_anh"]] == [(code, "o ga truoc cho")]
    assert "loa keo" not in data.decode()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_name_and_number_are_corrected_and_the_version_of_the_notice_is_kept(
    town: Town, channel: str
) -> None:
    await town.until("2021-01-04 08:00")
    citizen = town.stranger("Dân", channel)
    await filed(town, citizen, "o ga truoc cho")
    for wanted in ("Bé Ba 0912 345 678", "-"):
        await town.say(citizen, "/dulieu")
        town.unread(citizen)
        await town.press(citizen, "Sửa tên, điện thoại")
        await town.hears(citizen, "nhắn tên, số điện thoại mới")
        await town.say(citizen, wanted)
        await town.hears(citizen, "1 phản ánh")

        def kept(conn: Connection) -> tuple[str, str]:
            row = conn.execute(select(cases)).one()
            return row.contact, row.consent

        version = str(town.committee.limits["thong_bao_phien_ban"].value)
        assert await town.database.read(kept) == ("" if wanted == "-" else wanted, version)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_what_the_bot_cannot_do_is_answered_within_the_limit_of_the_law(
    office: Town, channel: str
) -> None:
    town, citizen = office, office.stranger("Dân", channel)
    await filed(town, citizen, "o ga truoc cho")
    await town.say(citizen, "/dulieu")
    await town.hears(citizen, "Yêu cầu khác", "2 ngày làm việc")
    await town.press(citizen, "Yêu cầu khác")
    town.unread(citizen)
    await town.say(citizen, "Cho tôi bản giấy mọi dữ liệu đang lưu về tôi")
    await wait(town)
    town.unread(citizen)
    await town.press(citizen, "Đồng ý và gửi")
    await wait(town)
    await town.hears(citizen, "UBND đã nhận, mã", "chậm nhất thứ Tư 06/01")
