"""Invented lists for the import tests, made by code: every person in them is made up."""

import io
from datetime import date
from typing import Any

import openpyxl
from openpyxl.styles import Font

from app.imports import reader, table
from app.imports.table import ReadFile, Row

TODAY = date(2026, 11, 23)
Grid = list[list[Any]]


def xlsx(sheets: dict[str, Grid] | Grid, merges: tuple[str, ...] = (), font: str | None = None) -> bytes:
    """A workbook of these rows; `merges` on its first sheet; one font for all cells."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, grid in (sheets if isinstance(sheets, dict) else {"Sheet1": sheets}).items():
        page = book.create_sheet(name)
        for row in grid:
            page.append(row)
        if font:
            for cells in page.iter_rows():
                for cell in cells:
                    cell.font = Font(name=font)
    for reference in merges:
        book.worksheets[0].merge_cells(reference)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv_text(grid: Grid, separator: str = ";", encoding: str = "utf-8") -> bytes:
    """The same as text."""
    return "\r\n".join(separator.join(str(cell or "") for cell in row) for row in grid).encode(encoding)


def read(content: bytes, name: str = "danh-sach.xlsx", **options: Any) -> ReadFile:
    """A file read as the import does."""
    return table.read(reader.read_bytes(content, name), TODAY, **options)


def rows(content: bytes | Grid, name: str = "danh-sach.xlsx", **options: Any) -> list[Row]:
    """The children of a file, or of rows put in a workbook."""
    return read(xlsx(content) if isinstance(content, list) else content, name, **options).rows


def told(row: Row, *names: str) -> tuple[Any, ...]:
    """Some values of a row."""
    return tuple(row.values.get(name) for name in names)
