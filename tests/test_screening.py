"""What is asked about before it is stored, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.committee import load_screening
from domain.words import fold, has_any

WORDS = load_screening()
PLAIN = st.text(alphabet="abcdeghiklmnopqrstuvxy ,.", max_size=60)


@pytest.mark.parametrize(
    "text",
    [
        "Tôi muốn tố cáo cán bộ",
        "toi muon to cao ong A",
        "TỐ CÁO",
        "t.ố c.á.o ông chủ tịch",
        "t ố  c á o",
        "tốcáo",
        "tố\u200b cáo",
        "tố cao ông ấy",
        "toos caos oong ay",
        "Cán bộ địa chính đòi 5 triệu mới ký",
        "cb dia chinh voi tien dan",
        "ông chủ tịch xã nhận tiền của dân",
        "can bo mot cua lay tien khong bien lai",
        "CSGT ăn tiền",
        "phải lót tay mới xong",
        "hieu truong nhan phong bi",
        "bao kê cho quán karaoke, bảo kê",
        "cháu bé tố cáo thầy giáo",
        "chau be to cao",
    ],
)
def test_words_that_may_be_a_denunciation_are_asked_about(text: str) -> None:
    assert WORDS.may_be_denunciation(text)


@pytest.mark.parametrize(
    "text",
    [
        "Chưa nhận tiền hỗ trợ",
        "chua nhan tien ho tro",
        "ko nhan dc tien ho tro covid",
        "Cán bộ chưa nhận tiền hỗ trợ giúp tôi",
        "Bao giờ nhận tiền trợ cấp, cán bộ bảo chờ",
        "cây to cao chắn đường",
        "cay to cao sap do",
        "cháu bé to cao",
        "cho tôi hỏi lô đất số 5",
        "cho hoi lo dat so 5",
        "công an lấy lời khai",
        "phường thu tiền rác hai lần",
        "duong ap 5 o ga to, toi qua 2 xe te",
        "hàng xóm đòi tiền tôi",
        "",
    ],
)
def test_ordinary_matters_are_not(text: str) -> None:
    assert not WORDS.may_be_denunciation(text)


@given(PLAIN, st.sampled_from([p for p in WORDS.denunciation if fold(p) not in WORDS.harmless_after]), PLAIN)
def test_a_phrase_is_found_wherever_it_stands_with_and_without_accents(a: str, phrase: str, b: str) -> None:
    assert WORDS.may_be_denunciation(f"{a} {phrase} {b}")
    assert WORDS.may_be_denunciation(f"{fold(a)} {fold(phrase)} {fold(b)}")
    assert WORDS.may_be_denunciation(f"{a} {phrase.upper()}, {b}")


@given(st.text(max_size=200))
def test_any_text_is_screened_without_an_error(text: str) -> None:
    WORDS.may_be_denunciation(text)
    WORDS.may_be_grievance(text)
    WORDS.is_emergency(text)


@pytest.mark.parametrize(
    ("text", "grievance"),
    [
        ("Tôi khiếu nại quyết định thu hồi đất", True),
        ("khong dong y voi quyet dinh boi thuong", True),
        ("Quyết định xử phạt tôi là sai", True),
        ("Cần xử phạt người xả rác", False),
        ("Ổ gà trước trường học", False),
    ],
)
def test_grievances_are_told_from_reports(text: str, grievance: bool) -> None:
    assert WORDS.may_be_grievance(text) == grievance


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("Cháy nhà ở chợ", True),
        ("cháy to quá", True),
        ("co tai nan o nga ba", True),
        ("duoi nuoc o ho", True),
        ("Mẹ tôi bị tai biến, méo miệng", True),
        ("ba toi tu nhien tho khong noi", True),
        ("cháu bé hóc xương tím mặt", True),
        ("vo toi vo oi ma khong co xe", True),
        ("con tui bi ran can sung chan", True),
        ("tho ho rot gian giao xuong dat", True),
        ("may dua nho tam suoi bi nuoc cuon", True),
        ("dây điện đứt rớt xuống vũng nước", True),
        ("bien ap no lua sat nha dan", True),
        ("mui gas nong nac ca day tro", True),
        ("co ke la dang pha cua nha toi", True),
        ("no xach dao doi giet ca nha", True),
        ("hàng xóm đang đánh con khóc thét", True),
        ("em khong muon song nua", True),
        ("cứu", True),
        ("cuu em voi", True),
        ("có ai giúp với", True),
        ("tôi bị đánh", True),
        ("ở đây có người ngất", True),
        ("gọi công an gấp", True),
        ("cây ngã đè trúng người đi đường", True),
        ("nhà sập còn người kẹt trong đó", True),
        ("keu hoai khong ai toi, ba toi te xuong gieng roi", True),
        ("bóng đèn bị cháy", False),
        ("den duong chay, co nguoi bi thuong", True),
        ("đoạn này hay tai nạn", False),
        ("xe chay nhanh", False),
        ("nuoc chay ra duong", False),
        ("đèn đường khu phố 2 cháy cả dãy", False),
        ("tai nạn hay xảy ra ở ngã ba, xin lắp đèn", False),
        ("nga ba nay hay xay ra tai nan", False),
        ("tuan truoc co nguoi bi cuop o day", False),
        ("nên mở lớp phòng chống đuối nước", False),
        ("mua bình chữa cháy ở đâu", False),
        ("dot rac khoi bay kho tho qua", False),
        ("máy lạnh bảo hành 6 tháng", False),
        ("nóng muốn chết mà cúp điện hoài", False),
        ("mùi gà hôi quá, trại gà sát nhà", False),
        ("cho tôi tư vấn thủ tục", False),
        ("de nghi sap xep lai hang quan", False),
        ("tôi từ từ cũng được", False),
        ("tu tu da", False),
        ("ngắt điện đột ngột", False),
        ("giúp tôi với, làm khai sinh cần gì", False),
        ("nghiên cứu cách sửa", False),
    ],
)
def test_emergencies_are_told_from_burnt_lamps(text: str, urgent: bool) -> None:
    assert WORDS.is_emergency(text) == urgent


DOUBTFUL = {fold(phrase) for phrase in WORDS.doubtful_emergency}
SURE = [phrase.replace("…", "nguoi") for phrase in WORDS.emergency_typed if fold(phrase) not in DOUBTFUL]


@given(PLAIN, st.sampled_from(SURE), PLAIN)
def test_a_sure_danger_is_one_in_any_company(before: str, phrase: str, after: str) -> None:
    assert WORDS.is_emergency(f"{before} {phrase} {after}")


@given(st.sampled_from(sorted(DOUBTFUL)), st.sampled_from([p for p in WORDS.no_emergency if "…" not in p]))
def test_a_doubtful_danger_that_is_no_news_is_none(phrase: str, calm: str) -> None:
    typed = (p for p in WORDS.emergency_typed if fold(p) not in DOUBTFUL)
    sure = (*typed, *(fold(p) for p in WORDS.emergency if fold(p) not in DOUBTFUL))
    text = f"{phrase} {calm}"
    assume(not has_any(text, sure))
    assert not WORDS.is_emergency(text)


@pytest.mark.parametrize(
    ("text", "spoken_of"),
    [
        ("cái bìa hồ sơ có tờ tiền, ông cán bộ cất luôn", True),
        ("trong danh sach co ten ma khong ai thay mat", True),
        ("quy phu huynh di dau het", False),
        ("o ga truoc cho", False),
        ("den duong kp5 tat", False),
    ],
)
def test_an_office_public_money_and_papers_are_spoken_of(text: str, spoken_of: bool) -> None:
    assert WORDS.touches_office(text) == spoken_of


@pytest.mark.parametrize(
    ("text", "denounces", "urgent"),
    [
        ("I want to report a bribe at the one-stop desk", True, False),
        ("the land officer asked for money before he would sign", True, False),
        ("There is a house fire next to the market, please hurry!", False, True),
        ("a man with a knife is breaking into my neighbour's house", False, True),
        ("the broken manhole could cause an accident", False, False),
        ("The street light in front of my house has been broken for a week", False, False),
        ("garbage is dumped beside the parking lot every day", False, False),
        ("what do I need for a birth certificate?", False, False),
    ],
)
def test_english_is_screened_too(text: str, denounces: bool, urgent: bool) -> None:
    assert (WORDS.may_be_denunciation(text), WORDS.is_emergency(text)) == (denounces, urgent)
