"""What a person says and what we say back, the same on every channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.window import Window

Facts = Mapping[str, object]
"""Values of a text: JSON values, dates and aware datetimes; never a rendered sentence of ours."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file a person sent; ``ref`` is what the channel needs to fetch its bytes."""

    kind: str  # photo | document | video | voice | audio | sticker
    ref: str
    name: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A pin on the map, in degrees (WGS 84)."""

    latitude: float
    longitude: float
    title: str = ""

    @property
    def is_on_earth(self) -> bool:
        """Whether there is such a place; what a phone, a link or a camera says may be none."""
        return abs(self.latitude) <= 90 and abs(self.longitude) <= 180


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing a person did in a chat.

    ``key`` is unique on the channel and makes a repeat harmless.  ``withheld`` says that the words
    were kept out of the database because they may be a denunciation; then ``text`` is empty.
    """

    channel: str  # telegram | zalo | zalo_oa
    chat: str  # the account's id on the channel
    key: str
    text: str = ""
    pressed: str = ""  # the action of a pressed choice
    message_id: str = ""  # the channel's id of this message, or of the message pressed on
    reply_to: str = ""
    edit: bool = False
    files: tuple[Incoming, ...] = ()
    place: Place | None = None
    private: bool = True
    withheld: bool = False
    unsupported: bool = False  # a kind of message this channel cannot hand over
    album: str = ""  # the same for all messages that were sent as one album


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: ``label`` is a text key; ``action`` is at most 64 bytes, e.g. ``task:done:12``.

    ``takes_text`` lets a channel without buttons read "2 mua lại bong" as choice 2 with words; such a
    channel numbers the choices, in the words of the key with ``_typed`` added where there is one.
    """

    label: str
    action: str
    facts: Facts = field(default_factory=dict)
    takes_text: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture or file that goes with a message.

    Either a stored file (``sha256``) or something drawn just before sending: ``drawing`` names a
    function in ``reports`` and ``values`` are its arguments (JSON).  A channel that cannot carry
    it sends the words alone, for a document those of the key with ``_no_file`` added where there is one,
    and in place of a drawn document the drawing of its name with ``_picture`` added where there is one.
    """

    kind: str  # photo | document
    name: str
    sha256: str = ""
    drawing: str = ""
    values: Facts = field(default_factory=dict)


Rows = tuple[tuple[Choice, ...], ...]


def in_rows(choices: Sequence[Choice], width: int) -> Rows:
    """Choices in rows of some width."""
    return tuple(tuple(choices[at : at + width]) for at in range(0, len(choices), width))


def few(choices: Sequence[Choice], page: str, more: Callable[[int], str], *, a_page: int, label: str) -> Rows:
    """A page of choices, each in a row, and ``label``, the way to the next page; after the last the first."""
    pages = max(1, -(-len(choices) // a_page))
    number = int(page) % pages if page.isdecimal() else 0
    shown = tuple((choice,) for choice in choices[a_page * number : a_page * (number + 1)])
    return shown if pages == 1 else (*shown, (Choice(label, more((number + 1) % pages)),))


@dataclass(frozen=True, slots=True)
class Reply:
    """Something we say: a text key with its facts, perhaps choices and pictures.

    - ``edits``: the channel's id of the message this one replaces in place.  Where a channel has no
      edits it is sent as a new message, from the key with ``_short`` added where there is one.  A
    text that comes out empty is not sent.
    - ``slot``: a later reply in the same chat and slot replaces this one while it is unsent.
    - ``wait``: seconds to gather a burst before sending.
    - ``menu``: the permanent menu to show: ``official`` or ``citizen``.  Without a keyboard the
      words to type are added below the text.
    - ``card``: ids (never words) from which the message can be worded again later; ``hours`` in it says
      how long after sending it is taken away again where the channel can (Telegram: at most 48).
    """

    key: str
    facts: Facts = field(default_factory=dict)
    choices: Rows = ()
    pictures: tuple[Picture, ...] = ()
    edits: str = ""
    slot: str = ""
    wait: int = 0
    menu: str = ""
    card: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Text:
    """Words ready to send, with the (start, length) runs to show bold, in characters."""

    plain: str
    bold: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Button:
    """A worded choice."""

    label: str
    action: str


@dataclass(frozen=True, slots=True)
class Upload:
    """Bytes ready to send."""

    kind: str  # photo | document
    name: str
    data: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Display:
    """How a person wants to be shown things, an own choice for each account (``handlers/display.py``)."""

    language: str = "vi"  # one of ``locales.LANGUAGES``
    large: bool = False  # large letters where the channel has them, every button as wide as the message


PLAIN = Display()
"""How everybody is shown things who has not chosen."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready for a channel; ``large`` asks for larger letters and keys where it has them."""

    text: Text
    buttons: tuple[tuple[Button, ...], ...] = ()
    uploads: tuple[Upload, ...] = ()
    menu: tuple[tuple[str, ...], ...] = ()
    large: bool = False


class Later(Exception):
    """The channel did not take a message now; ``seconds`` is its own word, if it gave one.

    ``unsure`` says that it may have taken it: the answer was lost.
    """

    def __init__(self, reason: str, seconds: float | None = None, *, unsure: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.seconds = seconds
        self.unsure = unsure


class Never(Exception):
    """The channel will not take this message.

    ``dead`` says that the account cannot be reached, ``shut`` that it can again once the person writes,
    ``moved`` under which name the chat goes on: a group that has grown has another id.
    """

    def __init__(self, reason: str, *, dead: bool = False, shut: bool = False, moved: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.dead = dead
        self.shut = shut
        self.moved = moved


class Channel(Protocol):
    """A way to reach people.  Raises :class:`Later` or :class:`Never`, nothing else on purpose.

    Where it has a ``window``, what comes when that is shut waits until the person writes.
    """

    name: str
    has_buttons: bool
    has_edits: bool
    takes_documents: bool
    window: Window | None

    async def send(self, chat: str, message: Outgoing) -> str:
        """Sends and returns the channel's message id."""

    async def edit(self, chat: str, message_id: str, message: Outgoing, *, captioned: bool) -> str | None:
        """Replaces words and buttons; ``captioned`` says the message carries a picture.

        Returns the new id where the message was gone and had to be sent anew.
        """

    async def delete(self, chat: str, message_id: str) -> None:
        """Takes a message away; does nothing where it is gone or too old, or the channel cannot."""

    async def fetch(self, ref: str) -> bytes:
        """Downloads a file that a person sent."""


class Clock(Protocol):
    """Where the time comes from: aware, UTC."""

    def now(self) -> datetime: ...
