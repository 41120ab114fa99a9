"""A document as a run of paragraphs and table rows, whatever kind of file it came in."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.errors import RuleError

LARGEST = 20 * 1024 * 1024
UNPACKED = 200 * 1024 * 1024
DAMAGED = (
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)  # what the readers of Word and Excel raise on files that are not whole
_RULE = re.compile(r"[\s|:-]*-[\s|:-]*")
_NUMBERED = re.compile(r"\d+\s*[.)]")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (one cell) or a table row; ``table`` 0 means that ``row`` counts the file's own lines."""

    cells: tuple[str, ...]
    row: int
    table: int = 0

    def refuse(self, reason: str, value: str = "") -> RuleError:
        """The error that names this place."""
        return refuse(reason, value, table=self.table, row=self.row)


def refuse(reason: str, value: str = "", *, table: int = 0, row: int = 0) -> RuleError:
    """The error of a file that is not taken; ``reason`` is a text key."""
    return RuleError("plan_refused", reason=reason, value=value, table=table, row=row)


def read_blocks(name: str, data: bytes) -> list[Block]:
    """The blocks of a .txt, .docx or .xlsx file; raises ``plan_refused``."""
    if len(data) > LARGEST:
        raise refuse("plan_too_large")
    ending = name.lower().rpartition(".")[2]
    if ending in ("txt", "md"):
        return list(_text(data))
    if ending not in ("docx", "xlsx"):
        raise refuse("plan_file_kind", name)
    _check_archive(data)
    try:
        return list(_word(data) if ending == "docx" else _excel(data))
    except DAMAGED as error:
        raise refuse("plan_file_damaged") from error


def _text(data: bytes) -> Iterator[Block]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse("plan_file_encoding") from error
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text.replace("\f", "\n")), 1):
        cells = tuple(_clean(cell.replace("*", "")) for cell in line.lstrip("#").split("\t"))
        if any(cells) and not all(_RULE.fullmatch(cell) for cell in cells):
            yield Block(cells, number)


def _word(data: bytes) -> Iterator[Block]:
    import docx  # heavy, and seldom needed
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table

    try:
        document = docx.Document(io.BytesIO(data))
    except PackageNotFoundError as error:
        raise ValueError("no Word document") from error
    line, table, count = 0, 0, 0
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            table += 1
            for number, row in enumerate(item.rows, 1):
                merged = len({cell._tc for cell in row.cells}) == 1  # a heading across the table
                cells = tuple(_clean(cell.text) for cell in (row.cells[:1] if merged else row.cells))
                if any(cells):
                    yield Block(cells, number, table)
            count = 0
            continue
        line += 1
        text = _clean(item.text)
        if not text:
            continue
        # Word numbers a list's paragraphs itself; the number is not in their text.
        listed = item._p.pPr is not None and item._p.pPr.numPr is not None
        listed = listed or (item.style is not None and (item.style.name or "").startswith("List Number"))
        count = count + 1 if listed else 0
        yield Block((f"{count}. {text}" if listed and not _NUMBERED.match(text) else text,), line)


def _excel(data: bytes) -> Iterator[Block]:
    import openpyxl  # heavy, and seldom needed
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except InvalidFileException as error:
        raise ValueError("no workbook") from error
    for table, sheet in enumerate(book.worksheets, 1):
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            cells = [_cell(value) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            filled = [cell for cell in cells if cell]
            if len(filled) == 1:
                yield from (
                    Block((part,), number, table) for part in map(_clean, filled[0].split("\n")) if part
                )
            elif filled:
                yield Block(tuple(_clean(cell) for cell in cells), number, table)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFC", str(value))


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).replace("\\", "").split())


def _check_archive(data: bytes) -> None:
    """Refuses what is no archive, or one that would unpack without measure."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > UNPACKED:
                raise refuse("plan_too_large")
    except zipfile.BadZipFile as error:
        raise refuse("plan_file_damaged") from error
