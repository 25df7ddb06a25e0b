"""Sixteen checks on the form of every workbook in every variant it comes in; what the public one hides cannot be worked back."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from itertools import product
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from app import clock
from app.periods import Period
from app.workbooks import WORKBOOKS, Drawn, Table, Variant, file, making, summary, suppression, workbook
from models import Incident, IncidentKind, Programme, Service, db
from tests.integration.test_figures import Commune
from tests.make import Make

#: Of words and papers, not of the database.
pytestmark = pytest.mark.any_database

YEAR = Period.of_year(clock.today().year)
EVERY = [(code, variant) for code in WORKBOOKS for variant in workbook(code).VARIANTS]


@pytest.fixture
def commune(make: Make) -> Commune:
    """A commune with a child of every sort, one of them with a name that would be a formula."""
    made = Commune(make)
    made.risky.full_name = '=HYPERLINK("http://x")'
    made.risky.personal_id = "030218000009"
    make.save(made.risky)
    make.relative(made.risky, full_name="+84 mẹ")
    of = {"commune_id": make.home.id, "child_id": made.risky.id}
    make.save(Incident(**of, kind=IncidentKind.FALL, happened_on=clock.today()))
    return made


class Opened:
    """A workbook as its sheets say it and as its file holds it."""

    def __init__(self, commune: Commune, code: str, variant: Variant) -> None:
        asked = making.brief(commune.make.home, YEAR, variant, made_by="Lê Thị Lập", reason="để thử")
        self.content = making.make(code, asked).content
        self.sheets = workbook(code).sheets(asked)
        self.book = openpyxl.load_workbook(BytesIO(self.content))
        with zipfile.ZipFile(BytesIO(self.content)) as parts:
            self.parts = {name: parts.read(name).decode() for name in parts.namelist()}

    def tables(self) -> Iterator[tuple[Table, Any]]:
        """Every sheet that is a table."""
        for sheet, page in zip(self.sheets, self.book, strict=True):
            if isinstance(sheet, Table):
                yield sheet, page

    def cells(self) -> Iterator[Any]:
        """Every cell of the tables."""
        for _sheet, page in self.tables():
            for row in page.iter_rows(min_row=file.HEADING_ROW + 1):
                yield from row


@pytest.fixture(params=EVERY, ids=lambda one: f"{one[0]}-{one[1].value}")
def opened(request: pytest.FixtureRequest, commune: Commune) -> Opened:
    """Each workbook in each variant."""
    return Opened(commune, *request.param)


def test_sixteen_checks(opened: Opened) -> None:
    book = opened.book
    for page in book:
        # 1 A4, 2 landscape, 3 one page wide and as long as need be, 4 page numbers
        assert page.page_setup.paperSize == 9
        assert page.page_setup.orientation == "landscape"
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
        assert "&P" in page.oddFooter.center.text
        # 5 names that Excel takes
        assert len(page.title) <= 31
        assert not set("[]:*?/\\") & set(page.title)
    for sheet, page in opened.tables():
        area = range_boundaries(page.auto_filter.ref)
        headings = [cell.value for cell in page[file.HEADING_ROW]]
        # 6 one unmerged row of headings, all told and all different
        assert not page.merged_cells.ranges
        assert all(headings)
        assert len(headings) == len(set(headings))
        # 7 frozen under it, 8 filtered over the whole table, 9 repeated on every page
        assert page.freeze_panes.endswith(str(file.HEADING_ROW + 1))
        assert area == (1, file.HEADING_ROW, len(headings), max(page.max_row, file.HEADING_ROW))
        assert page.print_title_rows == f"${file.HEADING_ROW}:${file.HEADING_ROW}"
        # 10 widths of their own
        widths = [page.column_dimensions[get_column_letter(n)].width for n in range(1, len(headings) + 1)]
        assert all(4 < width <= 110 for width in widths)
        assert sum(widths) < 480
        assert sheet.title
    for cell in opened.cells():
        value = cell.value
        # 11 dates are dates, shown dd/mm/yyyy
        if isinstance(value, date | datetime):
            assert cell.number_format == "dd/mm/yyyy"
        # 12 text, IDs and phones are text; 13 wrapped; 14 never a formula but our own sums
        if cell.data_type == "s" and value is not None:
            assert cell.number_format == "@"
            assert cell.alignment.wrap_text
            assert value[:1] not in "=+-@" or cell.quotePrefix
        if cell.data_type == "f":
            assert re.fullmatch(r"=SUM\(C\d+:[A-Z]+\d+\)", value)
        assert cell.border.left.style == "thin"
    # 15 no macro, 16 nothing that leads outside or is looked up there
    assert not [name for name in opened.parts if "vba" in name.lower() or "externalLink" in name]
    for name, part in opened.parts.items():
        assert 'TargetMode="External"' not in part, name
        assert "DDE" not in part, name


def test_a_row_is_high_enough_for_the_words_of_a_choice(commune: Commune) -> None:
    """A programme of 60 letters in a column of 34 stands in two lines, and the row below does not cover the second."""
    db.session.query(Service).update({Service.programme: Programme.ACTION})
    db.session.commit()
    book = Opened(commune, "services", Variant.CODED).book
    page = book[book.sheetnames[0]]

    assert len(str(Programme.ACTION.label)) > 34
    assert page.row_dimensions[file.HEADING_ROW + 1].height > 25


def test_formulas_typed_by_people_stay_text(commune: Commune) -> None:
    """The name that begins with "=" is in the named lists as it was typed."""
    typed = [
        cell for cell in Opened(commune, "register", Variant.NAMED).cells() if str(cell.value).startswith("=HYPER")
    ]

    assert [(cell.data_type, cell.quotePrefix) for cell in typed] == [("s", True)]


@pytest.mark.parametrize(("code", "variant"), [one for one in EVERY if one[1] is not Variant.NAMED])
def test_only_named_variants_name(code: str, variant: Variant, commune: Commune) -> None:
    told = "".join(Opened(commune, code, variant).parts.values())

    for secret in ("Phạm Văn", "Trần Thị Lan", "030218000001", "+84 mẹ", "HYPERLINK"):
        assert secret not in told


@pytest.mark.parametrize(("code", "variant"), EVERY)
def test_no_list_of_any_variant_holds_the_secret_groups(code: str, variant: Variant, commune: Commune) -> None:
    if code in ("register", "village", "population-check", "district", "movements"):
        return  # they list children for another reason; their columns are tried in test_workbooks.py
    told = "".join(Opened(commune, code, variant).parts.values())

    for child in (commune.hiv, commune.abused, commune.exploited):
        assert child.code not in told


def test_a_column_is_one_line(commune: Commune, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.workbooks import district, stored
    from models import Child

    for name in ("SPECIAL", "DISABLED", "ORPHANS", "AT_RISK", "CASES", "SERVICES", "MOVEMENTS", "POPULATION_CHECK"):
        monkeypatch.setattr(district, name, (*getattr(district, name), stored(Child.residence)))

    opened = Opened(commune, "district", Variant.CODED)
    last = {page.title: [cell.value for cell in page[file.HEADING_ROW]][-1] for _sheet, page in opened.tables()}
    assert [name for name, heading in last.items() if heading != "Cư trú"] == [
        "Tổng hợp",
        "Tỷ lệ",
        "Dịch vụ theo chương trình",
        "Danh mục mã",
    ]


def test_every_drawn_sheet_is_a_cover_or_a_form(commune: Commune) -> None:
    drawn = {
        code for code, variant in EVERY for sheet in Opened(commune, code, variant).sheets if isinstance(sheet, Drawn)
    }

    assert drawn == {"district", "import-template"}


# ── The public variant ─────────────────────────────────────────────────────


def classes(worlds: Any) -> dict[Any, list[dict[str, int]]]:
    """Worlds by what is published of them: whoever knows the program cannot tell the worlds of one class apart."""
    found: dict[Any, list[dict[str, int]]] = defaultdict(list)
    for world in worlds:
        found[tuple(summary.public_figures(world).items())].append(world)
    return found


def world(**counts: int) -> dict[str, int]:
    """Figures of a commune; what is not told is nought or everybody."""
    base = dict.fromkeys(("1", "1.1", "1.2", "1.3", "1.5", "1.6", "1.7", "1.8", "1.9", *"2345678"), 0)
    return {**base, **{code.replace("_", ".").removeprefix("n"): count for code, count in counts.items()}}


def tell_no_small(found: dict[Any, list[dict[str, int]]], codes: tuple[str, ...]) -> None:
    for published, worlds in found.items():
        for code, told in published:
            if code in codes and told == suppression.SMALL:
                assert {one[code] for one in worlds} == set(range(1, 10)), (published, code)
            if code in codes and told == suppression.HIDDEN:
                assert len({one[code] for one in worlds}) > 1, (published, code)


def test_no_small_count_of_a_sex_can_be_worked_back() -> None:
    worlds = [
        world(n1=boys + girls + other, n1_1=boys, n1_2=girls, n1_3=other, n1_5=boys + girls + other)
        for boys, girls, other in product(range(32), repeat=3)
        if 10 <= boys + girls + other <= 31
    ]

    tell_no_small(classes(worlds), ("1.1", "1.2", "1.3"))


def test_no_small_count_of_an_age_can_be_worked_back() -> None:
    worlds = [
        world(n1=sum(ages), n1_1=sum(ages), **{f"n1_{number}": count for number, count in enumerate(ages, start=5)})
        for whole in (10, 24)
        for ages in product(range(whole + 1), repeat=5)
        if sum(ages) == whole
    ]

    tell_no_small(classes(worlds), ("1.5", "1.6", "1.7", "1.8", "1.9"))


def test_no_small_part_or_rest_of_the_whole_can_be_worked_back() -> None:
    worlds = [
        world(n1=whole, n1_1=whole, n1_5=whole, n2=poor, n3=near)
        for whole in range(10, 41, 6)
        for poor in range(whole + 1)
        for near in range(whole - poor + 1)
    ]

    tell_no_small(classes(worlds), ("2", "3"))


def test_the_public_variant_tells_nothing_but_those_lines(commune: Commune) -> None:
    book = Opened(commune, "district", Variant.PUBLIC).book

    told = {row[0] for row in book["Tổng hợp"].iter_rows(min_row=file.HEADING_ROW + 1, values_only=True)}
    assert told == set(world())
    numbers = [cell.value for row in book["Bìa"] for cell in row if isinstance(cell.value, int | float)]
    assert numbers == []


def test_the_database_is_left_as_it_was(commune: Commune) -> None:
    Opened(commune, "district", Variant.CODED)

    assert not db.session.new
    assert not db.session.dirty
