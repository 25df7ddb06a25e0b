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
    "only headings": (xlsx([GRID[0]]), "no_rows"),
    "an empty sheet": (xlsx([]), "no_table"),
    "no column of names": (xlsx([["A", "B"], [1, 2], [3, 4]]), "no_table"),
    "entity to a file": (
        rewritten(SHEET, lambda text: b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///x">]>' + text),
        "entities",
    ),
    "nested too deep": (
        rewritten(SHEET, lambda text: text.replace(b"<sheetData>", b"<sheetData>" + b"<a>" * 200_000)),
        "damaged",
    ),
    "impossible reference": (rewritten(SHEET, lambda text: text.replace(b'r="A2"', b'r="ZZZZ99999999"')), "far_cells"),
    "negative row": (rewritten(SHEET, lambda text: text.replace(b'<row r="2"', b'<row r="-2"')), "no_rows"),
    "a way out of the archive": (
        rewritten("xl/_rels/workbook.xml.rels", lambda text: text.replace(b"worksheets/sheet1.xml", b"../../../x")),
        "no_table",
    ),
    "text with NULs": (b"STT;H\x00\x00o ten;Ngay sinh\r\n1;Le Van An\x00;1/2/2015\r\n", "wrong_kind"),
    "nothing but NULs": (b"\0" * 5000, "empty"),
    "one line of a million letters": (b"a" * 1_000_000, "wrong_kind"),
    "5,000 columns of text": (";".join(f"Cột{number}" for number in range(5000)).encode(), "too_many_columns"),
    "json": (b'{"a": 1}', "wrong_kind"),
    "xml": (b"<?xml version='1.0'?><a/>", "wrong_kind"),
    "Excel's XML of 2003": (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "wrong_kind"),
    "rtf": (b"{\\rtf1 abc}", "wrong_kind"),
    "gif": (b"GIF89a" + b"\0" * 100, "wrong_kind"),
    "a program": (b"MZ" + b"\0" * 300, "wrong_kind"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + b"\0" * 100, "wrong_kind"),
    "rar": (b"Rar!\x1a\x07\0" + b"\0" * 100, "wrong_kind"),
    "gzip": (b"\x1f\x8b\x08" + b"\0" * 100, "wrong_kind"),
    "half a letter": (b"\xff\xfe\x00\xd8\x41\x00", "wrong_kind"),
    "false xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + b"\0" * 4000, "damaged"),
}


@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_file_is_refused_in_one_sentence_within_five_seconds(name: str) -> None:
    content, code = BAD[name]
    started = time.process_time()

    with pytest.raises(Unreadable) as refused:
        rows(content)

    assert refused.value.code == code
    assert str(refused.value).endswith((".", "họ và tên."))
    assert time.process_time() - started < 5


LONG = [GRID[0] + ["Ghi chú"], [1, "Lê Văn An", "1/2/2015", "b" * 32_000]]
AWKWARD = {
    "a note of 32,000 letters": (xlsx(LONG), {"born_on": "2015-02-01", "full_name": "Lê Văn An"}, set()),
    "a name of 32,000 letters": (xlsx([GRID[0], [1, "A" * 32_000, "1/2/2015"]]), {"full_name": None}, {"full_name"}),
    "a name by formula": (xlsx([GRID[0], [1, '=HYPERLINK("http://x","y")', "1/2/2015"]]), {"full_name": None}, {"full_name"}),
    "a date by formula": (xlsx([GRID[0], [1, "Lê Văn An", "=TODAY()"]]), {"born_on": None}, {"born_on"}),
    "a birth before time": (xlsx([GRID[0], [1, "Lê Văn An", -5]]), {"born_on": None}, {"born_on"}),
    "a birth beyond numbers": (xlsx([GRID[0], [1, "Lê Văn An", 1e300]]), {"born_on": None}, {"born_on"}),
    "an error of Excel": (xlsx([GRID[0], [1, "Lê Văn An", "#N/A"]]), {"full_name": "Lê Văn An"}, {"born_on"}),
    "writing turned round": (xlsx([GRID[0], [1, "Lê \u202eVăn\u200b An", "1/2/2015"]]), {"full_name": "Lê Văn An"}, set()),
    "400 accents": (xlsx([GRID[0], [1, "L" + "\u0301" * 400 + "ê An", "1/2/2015"]]), {"full_name": None}, {"full_name"}),
    "a picture in a name": (xlsx([GRID[0], [1, "Lê 😀 An", "1/2/2015"]]), {"born_on": "2015-02-01"}, {"full_name"}),
    "markup": (xlsx([GRID[0], [1, "<script>alert(1)</script>", "1/2/2015"]]), {"born_on": "2015-02-01"}, {"full_name"}),
    "a merge over everything": (
        rewritten(SHEET, lambda text: text.replace(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A3:XFD1048576"/></mergeCells>')),
        {"full_name": "Lê Văn An", "born_on": "2015-02-01"}, set(),
    ),
    "a false dimension": (
        rewritten(SHEET, lambda text: text.replace(b'ref="A1:C2"', b'ref="A1:XFD1048576"')), {"full_name": "Lê Văn An"}, set(),
    ),
    "three million unused strings": (
        rewritten("xl/sharedStrings.xml", lambda text: text.replace(b"</sst>", b"<si><t>x</t></si>" * 3_000_000 + b"</sst>")),
        {"full_name": "Lê Văn An"}, set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(AWKWARD))
def test_an_awkward_file_is_read_and_what_is_wrong_is_said_at_its_cell(name: str) -> None:
    content, expected, said = AWKWARD[name]
    started = time.process_time()

    (row,) = rows(content)

    assert {field: row.values.get(field) for field in expected} == expected
    assert {note.field for note in [*row.warnings, *row.errors]} - {"row"} >= said
    assert time.process_time() - started < 5


def test_there_are_at_least_55_of_them() -> None:
    assert len(BAD) + len(AWKWARD) >= 55


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
    started = time.process_time()

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
    assert time.process_time() - started < 5


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
