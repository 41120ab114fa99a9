"""Long texts in pieces: nothing is lost, nothing is too long, what was bold stays bold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.pieces import cut, units
from domain.chat import Text

LETTERS = st.text(alphabet="aộ🧪 \n", max_size=300)


def bare(text: str) -> str:
    return "".join(text.split())


@given(LETTERS, st.integers(2, 50))
def test_no_piece_is_too_long_or_empty_and_no_letter_is_lost(plain: str, limit: int) -> None:
    pieces = cut(Text(plain), limit)
    assert bare("".join(piece.plain for piece in pieces)) == bare(plain)
    if bare(plain):
        assert all(0 < units(piece.plain) <= limit for piece in pieces)


@given(LETTERS, st.integers(2, 50), st.integers(0, 300), st.integers(1, 300))
def test_what_was_bold_stays_bold(plain: str, limit: int, start: int, length: int) -> None:
    bold = ((start, min(length, len(plain) - start)),) if start < len(plain) else ()
    pieces = cut(Text(plain, bold), limit)
    kept = "".join(piece.plain[at : at + size] for piece in pieces for at, size in piece.bold)
    assert bare(kept) == bare("".join(plain[at : at + size] for at, size in bold))


def test_a_text_is_cut_between_paragraphs_then_lines_then_words() -> None:
    assert [p.plain for p in cut(Text("một hai\n\nba bốn"), 12)] == ["một hai", "ba bốn"]
    assert [p.plain for p in cut(Text("một hai\nba bốn"), 12)] == ["một hai", "ba bốn"]
    assert [p.plain for p in cut(Text("một hai ba bốn"), 12)] == ["một hai ba", "bốn"]
