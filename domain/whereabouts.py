"""Whether words say where something is, well enough for whoever has to go there.

Without accents many words of places are others too: "cho" is a market and "for", "ngay" is "right at" and
"day", "truoc" is "in front of" and "ago".  So these count beside the words that make a place of them.
"""

from __future__ import annotations

import re
from itertools import pairwise

from domain.words import fold

_ALONE = (
    r"gan|canh|sat ben|sat vach|doi dien|nga ba|nga tu|nga nam|hem|so nha|so \d+|km ?\d+|nha tho|nha van hoa|"
    r"nha thieu nhi|benh vien|buu dien|vong xoay|bo ke|ben xe|cong vien|nghia trang|hoi truong"
)
_SIDE = (
    r"truoc|sau|sau lung|ngay|ngang|dau|cuoi|giua|ben|ben hong|sat|cach|trong|ngoai|chan|duoi|tren|phia|"
    r"goc|qua"
)
_THING = (
    r"cua|cong|nha|mat tien|cho|truong|quan|tiem|tram|ubnd|uy ban|chua|dinh|so|khu|cau|nga|goc|khuc|doan|"
    r"cay|tru|cot|san|xom|ap|thon"
)
_OF_A_KIND = (
    r"(?:dau|cuoi|giua|goc) (?:duong|doc|con duong)|cach (?:khoang )?\d+ ?(?:m|met|km|cay so)|"
    r"duong (?:so )?\d+|"
    r"tram (?:y te|bien ap|bom|can|xa|xang|cap)|cot (?:dien|den|so|moc|km)|tru (?:dien|den)|"
    r"truong (?:hoc|cap|tieu hoc|mam non|mau giao|thpt|thcs|th|c[123]|noi tru|day nghe)|"
    r"cau (?:so )?\d+|cau (?:sat|treo|khi|dai|ban|go)|dinh (?:than|lang)|"
    r"quan (?:ca phe|cafe|cf|nhau|com|pho|an|nuoc|bun|karaoke|net)|"
    r"tiem (?:vang|sua|tap hoa|thuoc|toc|may|bac)|cong (?:chao|truong|chua|cho|ubnd|uy ban|khu)|"
    r"khu (?:cho|cong nghiep|tai dinh cu|dan cu)"
)
_ENGLISH = (
    r"near|in front of|opposite|next to|behind|beside|corner|crossroads|alley|market|school|church|"
    r"pagoda|hospital"
)
_PLACE = re.compile(rf"\b(?:{_ALONE}|{_ENGLISH}|(?:{_SIDE}) (?:{_THING})|{_OF_A_KIND})\b")
_OWN_HOME = re.compile(
    rf"\b(?:(?:ngay )?(?:{_SIDE}|canh|gan|ke|doi dien)(?: cua| cong| hong)? )?"
    r"nha (?:(?:cua )?(?:toi|tui|em|minh|con|chau|dan|nguoi dan|nguoi ta|hang xom)\b"
    r"|(?:ba|ong|co|chu|bac|anh|chi)(?= (?:bi|hu|ngap|ket|nghet|la|thi|co|khong|hoai|suot|cung|day|nay)\b|$))"
)
_ANSWER = re.compile(
    r"(?:da )?(?:(?:no )?(?:o|tai)|duong|to|ap|thon|kp ?\d*|khu pho|khu|xom|hem|so|ngoai|trong|tren|duoi|ben|"
    r"ngay|dau|cuoi|phia|phuong|xa)\b|"
    r"(?:cho|cau|chua|quan|truong|cong) (?!toi|tui|em|minh|con|hoi|xin)\w+(?: \w+){0,2}$"
)
_NAMED = ("duong", "cho", "cau", "chua", "truong", "cong")


def names_place(text: str) -> bool:
    """Whether the words name a place that others find: "trước cổng chợ", not "trước nhà tôi"."""
    if _PLACE.search(_OWN_HOME.sub(" ", fold(text))):
        return True
    # "đường Lê Lợi", with the capitals of a name.
    pairs = pairwise(text.replace(",", " ").split())
    return any(fold(one) in _NAMED and two[0].isupper() and not one.isupper() for one, two in pairs)


def answers_where(text: str) -> bool:
    """Whether words answer the question where it is: they name a place, or begin as an address does."""
    return names_place(text) or bool(_ANSWER.match(fold(text)))
