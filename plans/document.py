"""Finds the signed objectives, the annex's tables and the follow-up measures in a run of blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from domain.words import fold
from plans.blocks import Block, refuse

COLUMNS = ("text", "responsible", "deadline", "expected")
_HEADS = {"text": "noi dung", "responsible": "trach nhiem", "deadline": "thoi gian", "expected": "ket qua"}
_NUMBER = re.compile(r"(\d{1,2})\s*[.)]\s*(\D.*)")
_HEADING = re.compile(r"(?:(\d{1,2})\s*[.)]\s*)?(\S+\s+\S+\s+(\d{1,2}))\s*[:.]\s*(.+)")
_ORDINAL = re.compile(r"(\d{1,2})\s*[.)]?")
_SIGNED = re.compile(r"\bngay (\d{1,2}) thang (\d{1,2}) nam (\d{4})\b")
_TITLE_YEAR = re.compile(r"\bnam (\d{4})\b")


@dataclass(slots=True)
class RawRow:
    """A row's cells as they stand, and where."""

    number: int
    cells: dict[str, str]
    block: Block


@dataclass(slots=True)
class RawObjective:
    """An objective's wordings on both pages, and its rows."""

    number: int
    signed: str = ""
    annex: str = ""
    rows: list[RawRow] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    """What a plan's pages hold.  ``joined`` and ``heads`` tell how the tables had to be read."""

    title: str = ""
    year: int = 0
    signed_on: date | None = None
    objectives: dict[int, RawObjective] = field(default_factory=dict)
    measures: list[str] = field(default_factory=list)
    joined: list[int] = field(default_factory=list)  # objectives whose table went on after a break
    heads: list[str] = field(default_factory=list)  # the responsible column's names
    stray: list[str] = field(default_factory=list)  # words among the tables that belong to none


def read_document(blocks: Iterable[Block]) -> Document:
    """Reads the blocks from top to bottom; raises ``plan_refused`` with the row and the reason."""
    reader = _Reader()
    for block in blocks:
        if len(block.cells) == 1:
            reader.paragraph(block.cells[0], block)
        elif not reader.table_row(block):
            for text in _paragraphs(block.cells):
                reader.paragraph(text, block)
    return reader.finish()


class _Reader:
    def __init__(self) -> None:
        self.found = Document()
        self.part = "signed"  # signed | annex | measures
        self.current: RawObjective | None = None
        self.columns: list[str] = []
        self.open_text = False  # the last paragraph may go on in the next one

    def paragraph(self, text: str, block: Block) -> None:
        words = fold(text)
        if not self._note_date(words) and self._begins_part(words, text):
            self.open_text = False
            return
        if self.part != "measures" and self._begins_annex_objective(text, words, block):
            return
        match = _NUMBER.fullmatch(text)
        if match and self.part == "signed":
            self._signed_objective(int(match[1]), match[2], block)
        elif match and self.part == "measures":
            if int(match[1]) != len(self.found.measures) + 1:
                raise block.refuse("plan_number_order", match[1])
            self.found.measures.append(match[2])
            self.open_text = _goes_on(text)
        elif self.open_text and text != text.upper():
            self._go_on(text)
        else:
            self._leave_out(text, words, match is not None, block)

    def _leave_out(self, text: str, words: str, numbered: bool, block: Block) -> None:
        """A paragraph that is no part of the plan; among the tables it may be a row gone wrong."""
        self.open_text = False
        if self.part != "annex" or not self.columns:
            return
        if numbered or (_ORDINAL.fullmatch(text) and block.table):
            raise block.refuse("plan_stray_row", text)
        if not words.isdecimal() and not words.startswith("trang "):
            self.found.stray.append(text)

    def _note_date(self, words: str) -> bool:
        match = _SIGNED.search(words)
        if not match or self.found.signed_on or len(words.split()) > 12:
            return False
        try:
            self.found.signed_on = date(int(match[3]), int(match[2]), int(match[1]))
        except ValueError:
            raise refuse("plan_signed_on", words) from None
        return True

    def _begins_part(self, words: str, text: str) -> bool:
        if words.startswith("bien phap") and self.part == "annex":
            self.part = "measures"
            return True
        if words.startswith("ke hoach thuc hien") and len(words.split()) < 20:
            self._begin_annex()
        elif not words.startswith("muc tieu chat luong"):
            return False
        year = _TITLE_YEAR.search(words)
        if year and not self.found.year:
            self.found.title, self.found.year = text, int(year[1])
        return True

    def _begin_annex(self) -> None:
        self.part, self.current = "annex", None

    def _begins_annex_objective(self, text: str, words: str, block: Block) -> bool:
        match = _HEADING.fullmatch(text)
        if not match or not fold(match[2]).startswith("muc tieu"):
            return False
        number = int(match[3])
        objective = self.found.objectives.get(number)
        if objective is not None and objective.annex:
            raise block.refuse("plan_objective_twice", str(number))
        if number > 1 and number - 1 not in self.found.objectives:
            raise block.refuse("plan_number_order", str(number))
        self.part = "annex"
        self.current = self.found.objectives.setdefault(number, RawObjective(number))
        self.current.annex = match[4]
        self.open_text = True
        return True

    def _signed_objective(self, number: int, text: str, block: Block) -> None:
        if number != len(self.found.objectives) + 1:
            raise block.refuse("plan_number_order", str(number))
        self.current = self.found.objectives[number] = RawObjective(number, text)
        self.open_text = _goes_on(text)

    def _go_on(self, text: str) -> None:
        if self.part == "measures":
            self.found.measures[-1] += f" {text}"
        elif self.current is None:
            return
        elif self.part == "annex":
            self.current.annex += f" {text}"
        else:
            self.current.signed += f" {text}"
        self.open_text = self.part == "annex" or _goes_on(text)

    def table_row(self, block: Block) -> bool:
        """Takes a row of a plan's table; False for a table that is something else."""
        folded = [fold(cell) for cell in block.cells]
        if folded[0] in ("stt", "tt", "so tt"):
            self._head(block, folded)
            return True
        if self.part != "annex" or (not self.columns and not _ORDINAL.fullmatch(block.cells[0])):
            return False
        if self.current is None:
            raise block.refuse("plan_row_without_objective", block.cells[0])
        if not self.columns:
            raise block.refuse("plan_no_head")
        ordinal = _ORDINAL.fullmatch(block.cells[0])
        before = self.current.rows[-1].block.table if self.current.rows else block.table
        if block.cells[0] and not ordinal and block.table != before:  # a table for signatures
            return False
        cells = self._cells(block)
        if block.cells[0] and not ordinal:
            raise block.refuse("plan_row_number", block.cells[0])
        rows = self.current.rows
        whole = all(cells[name] for name in ("text", "responsible", "deadline"))
        if ordinal is None and rows and not whole:  # a page broke within the row
            last = rows[-1].cells
            last.update({name: f"{last[name]} {cells[name]}".strip() for name in COLUMNS})
            return True
        number = int(ordinal[1]) if ordinal else len(rows) + 1
        if number != len(rows) + 1:
            raise block.refuse("plan_number_order", block.cells[0])
        for name in ("text", "responsible", "deadline"):
            if not cells[name]:
                raise block.refuse("plan_cell_empty", block.cells[0])
        if rows and (block.table, block.row) != (rows[-1].block.table, rows[-1].block.row + 1):
            self.found.joined.append(self.current.number)
        rows.append(RawRow(number, cells, block))
        self.open_text = False
        return True

    def _head(self, block: Block, folded: list[str]) -> None:
        if self.part == "signed":
            self._begin_annex()
        columns = [
            next((name for name, words in _HEADS.items() if head.startswith(words)), "") for head in folded
        ]
        for name in COLUMNS:
            if columns.count(name) != 1:
                raise block.refuse("plan_head", " | ".join(block.cells))
        self.columns, self.open_text = columns, False
        self.found.heads.append(block.cells[columns.index("responsible")])

    def _cells(self, block: Block) -> dict[str, str]:
        cells = list(block.cells)
        while len(cells) > len(self.columns) and not cells[-1]:
            cells.pop()
        if len(cells) != len(self.columns) and not (block.table and len(cells) < len(self.columns)):
            raise block.refuse("plan_columns", f"{len(cells)}/{len(self.columns)}")
        cells += [""] * (len(self.columns) - len(cells))  # a sheet leaves out its last empty cells
        return {name: cell for name, cell in zip(self.columns, cells, strict=True) if name}

    def finish(self) -> Document:
        found = self.found
        if not any(objective.rows for objective in found.objectives.values()):
            raise refuse("plan_no_rows")
        if not found.year and found.signed_on:
            found.year = found.signed_on.year
        if not 2000 <= found.year <= 2100:
            raise refuse("plan_no_year")
        return found


def _paragraphs(cells: tuple[str, ...]) -> list[str]:
    """The texts of a row that is no plan row; a number alone in its cell belongs to the text beside it."""
    filled = [cell for cell in cells if cell]
    if len(filled) == 2 and (ordinal := _ORDINAL.fullmatch(filled[0])):
        return [f"{ordinal[1]}. {filled[1]}"]
    return filled


def _goes_on(text: str) -> bool:
    return not text.rstrip(" ”\"'").endswith((".", ";", ":", "/", "!"))
