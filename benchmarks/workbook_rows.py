"""A table of 50,000 rows × 45 styled cells: ours, openpyxl write-only with cached styles, XlsxWriter, and a bare csv.

    python benchmarks/workbook_rows.py [ROWS] [RUNS] [PEER_PYTHON]

XlsxWriter is measured where PEER_PYTHON (which has it) is given.

Medians of runs taken in turn on the same machine. Run each writer in a process of its own, so that memory is its own.
"""

import csv
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, WriteOnlyCell

from app.workbooks import Table, Variant, computed, file, styles

COLUMNS = 45
KINDS = ("text", "number", "date")


def record(number: int) -> list[object]:
    """One row: names, numbers and dates in turn."""
    day = date(2010, 1, 1) + timedelta(days=number % 5000)
    return [(f"Nguyễn Văn Số {number}", number * column, day)[column % 3] for column in range(COLUMNS)]


def ours(rows: int, path: Path) -> None:
    columns = tuple(computed(f"Cột {n}", lambda values, n=n: values[n], 18) for n in range(COLUMNS))
    table = Table("Bảng", "BẢNG", columns, map(record, range(rows)), is_numbered=False)
    path.write_bytes(file.write([table], Variant.CODED, []).content)


def openpyxl_styled(rows: int, path: Path) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet("Bảng")
    models = {}
    for kind in KINDS:
        models[kind] = WriteOnlyCell(page)
        styles.body(models[kind], kind)
    page.append([f"Cột {n}" for n in range(COLUMNS)])
    for number in range(rows):
        cells = []
        for column, value in enumerate(record(number)):
            cell = WriteOnlyCell(page, value)
            cell._style = models[KINDS[column % 3]]._style
            cells.append(cell)
        page.append(cells)
    book.save(path)


def bare_csv(rows: int, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(map(record, range(rows)))


WRITERS = {"ours": ours, "openpyxl": openpyxl_styled, "csv": bare_csv}


def look(cell: Cell) -> tuple[str, ...]:
    """All that one sees of a cell."""
    return tuple(map(repr, (cell.value, cell.font, cell.border, cell.alignment, cell.number_format, cell.fill)))


def peak() -> float:
    """The most memory this process has held, in MB; unlike getrusage, not what its parent held."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def same_styles(folder: Path) -> int:
    """How many of a small table's cells look different from openpyxl's."""
    ours(50, folder / "ours.xlsx")
    openpyxl_styled(50, folder / "theirs.xlsx")
    mine, theirs = (load_workbook(folder / name)["Bảng"] for name in ("ours.xlsx", "theirs.xlsx"))
    differences = 0
    for row in range(50):
        for column in range(1, COLUMNS + 1):
            one, other = mine.cell(file.HEADING_ROW + 1 + row, column), theirs.cell(2 + row, column)
            differences += look(one) != look(other)
    return differences


def main() -> None:
    if len(sys.argv) == 4 and sys.argv[1] in WRITERS:
        name, rows, path = sys.argv[1:]
        started = time.perf_counter()
        WRITERS[name](int(rows), Path(path))
        print(time.perf_counter() - started, peak())
        return
    peer = sys.argv.pop() if len(sys.argv) > 1 and not sys.argv[-1].isdigit() else None
    rows, runs = (*(int(argument) for argument in sys.argv[1:]), *(50_000, 3)[len(sys.argv) - 1 :])
    commands = {name: [sys.executable, __file__, name] for name in WRITERS}
    if peer:
        commands["xlsxwriter"] = [peer, str(Path(__file__).with_name("xlsxwriter_rows.py"))]
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    memory: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for _run in range(runs):
            for name, command in commands.items():
                asked = [*command, str(rows), f"{folder}/{name}"]
                done = subprocess.run(asked, capture_output=True, text=True, check=True)
                took, used = map(float, done.stdout.split())
                seconds[name].append(took)
                memory[name] = used
        differences = same_styles(Path(folder))
    middle = {name: median(found) for name, found in seconds.items()}
    for name in commands:
        print(f"{name:10} {middle[name]:7.2f} s   {memory[name]:6.0f} MB")
    print(
        f"openpyxl / ours {middle['openpyxl'] / middle['ours']:.1f} ×, ours / csv {middle['ours'] / middle['csv']:.1f} ×"
    )
    if peer:
        print(f"xlsxwriter / ours {middle['xlsxwriter'] / middle['ours']:.1f} ×")
    print(f"memory over csv {memory['ours'] - memory['csv']:.0f} MB, style differences {differences}")


if __name__ == "__main__":
    main()
