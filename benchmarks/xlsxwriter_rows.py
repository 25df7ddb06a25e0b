"""The same table by XlsxWriter in constant memory, for benchmarks/workbook_rows.py. Runs in a Python that has XlsxWriter.

    python benchmarks/xlsxwriter_rows.py ROWS PATH

Prints seconds and the most memory held, in MB.
"""

import sys
import time
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

COLUMNS = 45
FACE = {"font_name": "Times New Roman", "font_size": 11, "border": 1, "border_color": "#8A8F80", "valign": "top"}


def record(number: int) -> list[object]:
    """As in workbook_rows.py."""
    day = date(2010, 1, 1) + timedelta(days=number % 5000)
    return [(f"Nguyễn Văn Số {number}", number * column, day)[column % 3] for column in range(COLUMNS)]


def main() -> None:
    """Write one workbook."""
    rows, path = int(sys.argv[1]), sys.argv[2]
    started = time.perf_counter()
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    page = book.add_worksheet("Bảng")
    text = book.add_format({**FACE, "align": "left", "text_wrap": True, "num_format": "@"})
    number = book.add_format({**FACE, "align": "right", "indent": 1, "num_format": "#,##0"})
    day = book.add_format({**FACE, "align": "center", "num_format": "dd/mm/yyyy"})
    for column in range(COLUMNS):
        page.write_string(0, column, f"Cột {column}", text)
    for row in range(1, rows + 1):
        for column, value in enumerate(record(row - 1)):
            if column % 3 == 0:
                page.write_string(row, column, value, text)
            elif column % 3 == 1:
                page.write_number(row, column, value, number)
            else:
                page.write_datetime(row, column, value, day)
    book.close()
    took = time.perf_counter() - started
    print(took, int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024)


main()
