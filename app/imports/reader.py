"""A file → sheets of raw cells, read in a process of its own that can be killed. Every bad file gets one clear sentence."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from app.imports import textfix

#: Bytes of the largest file accepted.
FILE_LIMIT = 20 * 1024 * 1024
#: Seconds before the reading process is killed; a large honest list takes about 2.
SECONDS_LIMIT = 4.5

_SCRIPT = Path(__file__).with_name("parsing.py")


class Unreadable(ValueError):
    """A file that cannot be read. `code` names the reason; the text says it to people."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        """One sentence on what is wrong and what to do."""
        return _reasons().get(self.code) or _reasons()["damaged"]


def _reasons() -> dict[str, str]:
    return {
        "empty": _("Tệp rỗng, không có dữ liệu nào."),
        "wrong_kind": _("Tệp không phải bảng tính. Hãy dùng .xlsx, .xls, .ods, .csv hoặc .tsv."),
        "web_page": _("Tệp là trang web mang đuôi bảng tính. Hãy mở bằng Excel rồi lưu lại dạng .xlsx."),
        "encrypted": _("Tệp có mật khẩu. Hãy gỡ mật khẩu trong Excel rồi gửi lại."),
        "truncated": _("Tệp bị cụt hoặc hỏng, có thể do tải lên dở dang. Hãy lấy lại tệp gốc rồi gửi lại."),
        "damaged": _("Tệp hỏng, không đọc được. Hãy mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại."),
        "bomb": _("Tệp nén bung ra quá lớn nên không được mở."),
        "entities": _("Tệp chứa khai báo XML không an toàn nên không được mở."),
        "too_many_rows": _("Danh sách có quá nhiều dòng (tối đa 20.000). Hãy chia thành nhiều tệp."),
        "too_many_columns": _("Bảng có quá nhiều cột (tối đa 300). Hãy xóa các cột thừa bên phải rồi gửi lại."),
        "too_many_sheets": _("Tệp có quá nhiều trang tính (tối đa 60). Hãy chia thành nhiều tệp."),
        "far_cells": _("Có ô dữ liệu nằm rất xa bảng. Hãy xóa các dòng, cột thừa rồi lưu lại."),
        "too_big": _("Tệp quá lớn (tối đa 20 MB và 600.000 ô). Hãy chia thành nhiều tệp."),
        "too_slow": _("Tệp mất quá nhiều thời gian để đọc. Hãy lưu lại dạng .xlsx hoặc chia nhỏ rồi gửi lại."),
        "no_rows": _("Bảng chỉ có tiêu đề, không có dòng trẻ nào."),
        "no_table": _("Không tìm thấy danh sách trẻ nào trong tệp: cần một dòng tiêu đề có cột họ và tên."),
    }


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that holds something. Text is composed Unicode, not yet cleaned."""

    #: `s` text, `n` number, `d` ISO date, `b` yes/no, `e` Excel's error value, `f` a formula never worked out.
    kind: str
    value: Any
    #: Standing in a merged range: this value is the range's first cell's.
    carried: bool = False
    #: Words were lost when the text was converted from an old encoding.
    lossy: bool = False

    @property
    def text(self) -> str:
        """The value as text."""
        return str(self.value).strip()


@dataclass
class Sheet:
    """One sheet: its cells by row and column (both from 1), and what is merged, hidden or struck out."""

    name: str
    rows: dict[int, dict[int, Cell]]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    #: False for kinds of file that cannot say what is merged.
    knows_merges: bool = False
    encoding: str = textfix.UNICODE
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    struck_rows: frozenset[int] = frozenset()

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell there, if it holds something."""
        return self.rows.get(row, {}).get(column)


@dataclass(frozen=True)
class Workbook:
    """A file as read: its name, hash, kind and sheets."""

    name: str
    sha256: str
    kind: str
    sheets: list[Sheet]
    has_macros: bool = False


def read_path(path: Path) -> Workbook:
    """Read a file on disk. Raises Unreadable."""
    if path.stat().st_size > FILE_LIMIT:
        raise Unreadable("too_big")
    return read_bytes(path.read_bytes(), path.name)


def read_bytes(content: bytes, name: str) -> Workbook:
    """Read a file's bytes; what it is, its first bytes say, never its name. Raises Unreadable."""
    if len(content) > FILE_LIMIT:
        raise Unreadable("too_big")
    answer = _parse(content)
    sheets = [_sheet(raw) for raw in answer["sheets"]]
    return Workbook(name, sha256(content).hexdigest(), answer["kind"], sheets, "macros" in answer["notes"])


def _parse(content: bytes) -> dict[str, Any]:
    """Have the child process read the file."""
    process = subprocess.Popen(
        [sys.executable, "-I", str(_SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        output, _nothing = process.communicate(content, timeout=SECONDS_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise Unreadable("too_slow") from None
    if process.returncode or not output:
        raise Unreadable("too_big" if process.returncode < 0 else "damaged")
    answer: dict[str, Any] = json.loads(output)
    if "code" in answer:
        raise Unreadable(answer["code"])
    return answer


def _sheet(raw: dict[str, Any]) -> Sheet:
    """One sheet decoded as a whole, merged values carried through their ranges."""
    fonts = raw["fonts"]
    texts = [
        (value, fonts[font] if font < len(fonts) else None)
        for _row, _hidden, cells in raw["rows"]
        for _column, kind, value, font in cells
        if kind == "s"
    ]
    encoding = textfix.detect(texts)
    rows: dict[int, dict[int, Cell]] = {}
    for number, _is_hidden, cells in raw["rows"]:
        rows[number] = {
            column: _cell(kind, value, encoding, fonts[font] if font < len(fonts) else None)
            for column, kind, value, font in cells
            if kind != "s" or value.strip(" \t\r\n\u00a0")
        }
    sheet = Sheet(
        name=textfix.decode_label(raw["name"], encoding),
        rows={number: cells for number, cells in rows.items() if cells},
        merges=[(top, left, bottom, right) for top, left, bottom, right in raw["merges"]],
        knows_merges=raw["knows_merges"],
        encoding=encoding,
        is_hidden=raw["hidden"],
        hidden_rows=frozenset(number for number, is_hidden, _cells in raw["rows"] if is_hidden),
        hidden_columns=frozenset(raw["hidden_columns"]),
        struck_rows=frozenset(raw["struck"]),
    )
    _carry_merged(sheet)
    return sheet


def _cell(kind: str, value: Any, encoding: str, font: str | None) -> Cell:
    if kind != "s":
        return Cell(kind, value)
    value = textfix.undo_mojibake(value)
    decoded = textfix.decode(value, encoding, font)
    return Cell("s", decoded, lossy=encoding != textfix.UNICODE and textfix.is_lossy(value, decoded))


def _carry_merged(sheet: Sheet) -> None:
    """Give every cell of a merged range its first cell's value, marked as carried; very large ranges only their rows."""
    last = max(sheet.rows, default=0)
    for top, left, bottom, right in sheet.merges:
        first = sheet.cell(top, left)
        if first is None or (bottom - top) * (right - left) > 20_000:
            continue
        for row in range(top, min(bottom, last) + 1):
            for column in range(left, min(right, left + 60) + 1):
                if (row, column) != (top, left):
                    sheet.rows.setdefault(row, {}).setdefault(
                        column, Cell(first.kind, first.value, carried=True, lossy=first.lossy)
                    )
