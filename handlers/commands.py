"""The one table of commands; it feeds the Telegram menu, /trogiup, the Zalo keywords and the docs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from db.dialogs import Dialog
from domain.chat import Reply, Turn
from domain.people import ADMIN, CUSTODIAN, HEAD, LEADER, Person
from handlers import (
    appointments,
    calendar,
    case_ban,
    case_order,
    case_receipt,
    case_reroute,
    case_team,
    cases,
    checks,
    closing_checks,
    cycles,
    denunciation,
    display,
    groups,
    identity,
    inspections,
    leave,
    log_book,
    my_data,
    public_list,
    questions,
    register,
    retention,
    search,
    start,
    summary,
    system,
    tasks,
)
from handlers.desk import Desk

Run = Callable[[Desk, Turn, str], list[Reply] | None]
"""Answers a command; None says that the words were meant otherwise ("vào ngõ 5 thì ngập")."""


@dataclass(frozen=True, slots=True)
class Command:
    """``/name`` and the words that mean the same; ``label`` is the text key of its one-line help.

    ``words`` are folded.  With a slash the name may be followed by more; without one the text must
    be the words alone, unless ``takes_rest``.
    """

    name: str
    words: tuple[str, ...]
    label: str
    run: Run
    audience: str = "all"  # all | citizen | official | keeper (leaders, administrators) | custodian
    takes_rest: bool = False
    listed_for: str = "all"  # whom /trogiup shows it; others may still say it and are told politely

    def rest_of(self, words: str, *, slash: bool) -> str | None:
        """What follows the command in a folded text; None if the text is not this command."""
        for word in (self.name, *self.words):
            if words == word:
                return ""
            if ((slash and word == self.name) or self.takes_rest) and words.startswith(word + " "):
                return words[len(word) + 1 :]
        return None

    def is_listed_for(self, person: Person) -> bool:
        """Whether /trogiup shows it to this person."""
        return self.allows(person) and (self.listed_for == "all" or person.is_official)

    def allows(self, person: Person) -> bool:
        """Whether the command is for this person; others are answered as if it were free text."""
        if self.audience == "custodian":
            return person.has(CUSTODIAN)
        if self.audience == "keeper":
            return person.has(ADMIN, LEADER)
        return self.audience == "all" or person.is_official == (self.audience == "official")


RARE = frozenset(
    ("huy", "dulieu", "vao", "guiphananh", "tracuu", "xacminh", "hoidap", "datlich", "congkhai", "chuto",
     "ngonngu", "luutru")
)  # fmt: skip
"""What an official seldom types: named in the help without a word of their own."""


def help_text(desk: Desk, turn: Turn, rest: str) -> list[Reply]:
    """/trogiup: the commands this person may have a use for, one a line; an official's rarer ones in one."""
    official = desk.person.is_official
    known_already = {"start", "trogiup", "chuthuong"} | (set() if official else {"vao", "hoso"})
    if not desk.committee.public_list:
        known_already.add("congkhai")
    if official and not desk.person.has(HEAD, LEADER):
        known_already |= {"baocao"}
    listed = [c for c in COMMANDS if c.is_listed_for(desk.person) and c.name not in known_already]
    rare = [c.name for c in listed if official and c.name in RARE]
    lines = [{"name": c.name, "label": c.label} for c in listed if c.name not in rare]
    known = {"commands": lines, "official": official, "rare": rare}
    return [Reply("help", known, menu="official" if official else "citizen")]


COMMANDS: Sequence[Command] = (
    Command(
        "start",
        ("bat dau", "xin chao", "chao", "chao ad", "hello", "hi", "ad oi", "co ai khong", "co ai ko"),
        "help_start",
        start.hello,
    ),
    Command("trogiup", ("help", "tro giup", "huong dan", "giup"), "help_trogiup", help_text),
    Command("huy", ("thoi", "huy bo", "bo qua", "dung lai", "cancel"), "help_huy", start.cancel),
    Command("dulieu", ("du lieu", "xoa du lieu", "my data"), "help_dulieu", my_data.show),
    Command("vao", ("ma moi",), "help_vao", start.join, takes_rest=True),
    Command(
        "nhiemvu",
        ("nhiem vu", "viec cua toi", "viec", "nv", "viec hom nay", "hom nay co gi", "hom nay co viec gi"),
        "help_nhiemvu",
        tasks.list_tasks,
        "official",
    ),
    Command("hoso", ("viec dan", "ho so dan", "phan anh cua toi"), "help_hoso", cases.my_work),
    Command("baocao", ("bao cao", "bc"), "help_baocao", summary.show, takes_rest=True, listed_for="official"),
    Command("lich", (), "help_lich", calendar.show, "official", takes_rest=True),
    Command(
        "sotiepnhan",
        ("so tiep nhan", "so tiep nhan thong tin"),
        "help_sotiepnhan",
        register.show,
        "official",
        takes_rest=True,
    ),
    Command("luutru", ("luu tru",), "help_luutru", retention.run, "official", takes_rest=True),
    Command("tim", ("tim kiem", "tim phan anh"), "help_tim", search.find, "official", takes_rest=True),
    Command(
        "nghi", ("bao nghi", "xin nghi", *leave.BACK), "help_nghi", leave.run, "official", takes_rest=True
    ),
    Command(
        "guiphananh",
        ("gui phan anh", "phan anh", "gop y", "report", "send a report"),
        "help_guiphananh",
        cases.begin,
    ),
    Command("tracuu", ("tra cuu", "theo doi", "track"), "help_tracuu", cases.look_up, takes_rest=True),
    Command("xacminh", ("xac minh", "kiem tra phieu"), "help_xacminh", case_receipt.check, takes_rest=True),
    Command("congkhai", ("cong khai",), "help_congkhai", public_list.show),
    Command("nhom", (), "help_nhom", groups.manage, "keeper", takes_rest=True),
    Command("danhtinh", ("danh tinh",), "help_danhtinh", identity.run, "custodian", takes_rest=True),
    Command("nhatky", ("nhat ky",), "help_nhatky", log_book.show, "keeper", takes_rest=True),
    Command("hethong", ("he thong", "suc khoe"), "help_hethong", system.show, "keeper"),
    Command("hoidap", ("hoi dap", "hoi", "ask"), "help_hoidap", questions.begin),
    Command(
        "datlich",
        (
            "dat lich",
            "dat lich hen",
            "dat lich tiep cong dan",
            "tiep cong dan",
            "tiep dan",
            "gap chu tich",
            "gap lanh dao",
            "hen gap chu tich",
            "dang ky gap chu tich",
            "dat lich gap chu tich",
            "dat hen",
            "appointment",
        ),
        "help_datlich",
        appointments.begin,
    ),
    Command("chuto", ("chu to", "chu lon", "nut to", "large"), "help_chuto", display.large),
    Command("chuthuong", ("chu thuong", "nut thuong", "normal"), "help_chuthuong", display.normal),
    Command(
        "ngonngu",
        ("ngon ngu", "language", *(word for words in display.LANGUAGES.values() for word in words)),
        "help_ngonngu",
        display.language,
        "citizen",
    ),
    Command("lichtiep", ("lich tiep", "lich tiep dan"), "help_lichtiep", appointments.listed, "official"),
)

ACTIONS: dict[str, Callable[[Desk, Turn, list[str]], list[Reply]]] = {
    "start": start.press,
    "case": cases.press,
    "ask": questions.press,
    "order": case_order.press,
    "team": case_team.press,
    "meet": appointments.press,
    "task": tasks.press,
    "cycle": cycles.press,
    "check": checks.press,
    "visit": inspections.press_visit,
    "drawn": closing_checks.press,
    "leave": leave.press,
    "bc": summary.press,
    "cal": calendar.press,
    "register": register.press,
    "keep": retention.press,
    "search": search.press,
    "denounce": denunciation.press,
    "system": system.press,
    "log": log_book.press,
    "identity": identity.press,
    "data": my_data.press,
    "display": display.press,
    "ban": case_ban.press,
    "reroute": case_reroute.press,
    "group": groups.press,
    "public": public_list.press,
}

DIALOGS: dict[str, Callable[[Desk, Turn, Dialog], list[Reply] | None]] = {
    **start.DIALOGS,
    **my_data.DIALOGS,
    **cases.DIALOGS,
    **questions.DIALOGS,
    **case_order.DIALOGS,
    **appointments.DIALOGS,
    **tasks.DIALOGS,
    **cycles.DIALOGS,
    **checks.DIALOGS,
    **closing_checks.DIALOGS,
    **leave.DIALOGS,
    **summary.DIALOGS,
    **calendar.DIALOGS,
    **public_list.DIALOGS,
}
