"""Bad and hostile files: each gets one clear sentence, quickly, and harms nobody."""

import io
import time
import zipfile

import openpyxl
import pytest

from app.imports import reader
from app.imports.reader import Unreadable
from tests.unit.import_lists import rows, xlsx

GRID = [["STT", "Họ và tên", "Ngày sinh"], [1, "Lê Văn An", "1/2/2015"]]


def rewritten(part: str, change: object, content: bytes | None = None) -> bytes:
    """A workbook with one part changed."""
    old = zipfile.ZipFile(io.BytesIO(content or xlsx(GRID)))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text) if name == part else text)  # type: ignore[operator]
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def far_cell() -> bytes:
    book = openpyxl.Workbook()
    for row in GRID:
        book.active.append(row)
    book.active["XFD1048576"] = "x"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def zip_bomb() -> bytes:
    return rewritten(SHEET, lambda text: text.replace(b"</sheetData>", b" " * 200_000_000 + b"</sheetData>"))


def entities() -> bytes:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    return rewritten(SHEET, lambda text: laughs + text)


def encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


def word() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    return stream.getvalue()


def ods(rows_of_cells: str) -> bytes:
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name='A'>"
            f"{rows_of_cells}</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return stream.getvalue()


CELL = '<table:table-cell {} office:value-type="string"><text:p>x</text:p></table:table-cell>'
FAR_ODS = (
    '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row>'
    f"<table:table-row>{CELL.format('')}</table:table-row>"
)
FULL_ODS = (
    '<table:table-row table:number-rows-repeated="1048576">'
    + CELL.format('table:number-columns-repeated="16384"')
    + "</table:table-row>"
)

BAD = {
    "far .ods": (ods(FAR_ODS), "far_cells"),
    "full .ods": (ods(FULL_ODS), "damaged"),
    "150 sheets": (xlsx({f"S{number}": GRID for number in range(150)}), "too_many_sheets"),
    "empty": (b"", "empty"),
    "blank": (b"  \r\n", "empty"),
    "pdf": (b"%PDF-1.7 ...", "wrong_kind"),
    "jpeg": (b"\xff\xd8\xff\xe0" + b"\0" * 50, "wrong_kind"),
    "noise": (bytes(range(256)) * 20, "wrong_kind"),
    "prose": ("Kính gửi các thôn, xin gửi danh sách sau.".encode(), "no_table"),
    "html": (b"<html><table><tr><td>STT</td></tr></table></html>", "web_page"),
    "word": (word(), "wrong_kind"),
    "truncated": (xlsx(GRID)[:-400], "truncated"),
    "half": (xlsx(GRID)[:2000], "truncated"),
    "broken XML": (rewritten(SHEET, lambda text: text[:200]), "damaged"),
    "encrypted": (encrypted(), "encrypted"),
    "far cell": (far_cell(), "far_cells"),
    "zip bomb": (zip_bomb(), "bomb"),
    "entities": (entities(), "entities"),
    "2,000 columns": (xlsx([[f"Cột {n}" for n in range(2000)], list(range(2000))]), "too_many_columns"),
    "false xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + b"\0" * 4000, "damaged"),
}


@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_file_is_refused_in_one_sentence_within_five_seconds(name: str) -> None:
    content, code = BAD[name]
    started = time.monotonic()

    with pytest.raises(Unreadable) as refused:
        rows(content)

    assert refused.value.code == code
    assert str(refused.value).endswith((".", "họ và tên."))
    assert time.monotonic() - started < 5


def test_too_many_rows_are_refused() -> None:
    text = "STT;Họ và tên\n" + "".join(f"{n};Lê Văn An\n" for n in range(25_000))

    with pytest.raises(Unreadable) as refused:
        rows(text.encode())

    assert refused.value.code == "too_many_rows"


def test_macros_are_never_run_and_the_list_is_read() -> None:
    stream = io.BytesIO(xlsx(GRID))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"anything")

    workbook = reader.read_bytes(stream.getvalue(), "a.xlsm")

    assert workbook.has_macros
    assert len(workbook.sheets[0].rows) == 2


def test_markup_formulas_and_very_long_cells_are_only_text() -> None:
    found = rows(
        [
            ["STT", "Họ và tên", "Ngày sinh", "Ghi chú"],
            [1, "Lê Văn An", "1/2/2015", "<script>alert(1)</script>"],
            [2, "Lê Văn Bình", "1/2/2016", "a" * 32_000],
            [3, "Lê Văn Chi", "=TODAY()", None],
            [4, "L" * 32_000, "1/2/2016", None],
        ]
    )

    assert found[0].values["note"] == "<script>alert(1)</script>"
    assert [bool(row.errors) for row in found] == [False, False, True, True]


def test_texts_made_to_keep_a_reader_busy_are_answered_at_once() -> None:
    started = time.monotonic()

    found = rows(
        [
            ["STT", "Họ và tên", "Ngày sinh", "Hoàn cảnh", "Thôn", "Họ tên cha, mẹ", "Tình trạng cha"],
            *(
                [n, "Nguyễn " * 3000, "1 " * 9000, "cha me " * 4000, "thôn " * 5000, "- " * 9000, "mất " * 5000]
                for n in range(20)
            ),
        ]
    )

    assert all(row.errors for row in found)
    assert time.monotonic() - started < 5


def test_stray_formats_far_below_cost_nothing() -> None:
    book = openpyxl.Workbook()
    for row in GRID:
        book.active.append(row)
    book.active["A1048576"].font = openpyxl.styles.Font(bold=True)
    stream = io.BytesIO()
    book.save(stream)

    assert len(rows(stream.getvalue())) == 1


def test_a_file_too_large_is_refused_before_it_is_opened() -> None:
    with pytest.raises(Unreadable) as refused:
        reader.read_bytes(b"x" * (reader.FILE_LIMIT + 1), "a.xlsx")

    assert refused.value.code == "too_big"
