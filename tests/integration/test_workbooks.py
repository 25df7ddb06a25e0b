"""The workbooks: equal to the lists, telling nothing they must not, made only by those who may."""

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, indicators, jobs, register
from app.child_filters import ChildFilters, Orphanhood, SeverityFilter, SpecialFilter
from app.periods import Period
from app.workbooks import WORKBOOKS, Variant, background, district, file, making, stored, workbook
from models import AuditEvent, Case, CasePlan, Child, Commune, Export, InitialAssessment, ReceivingOffice, Risk, db
from tests.integration.test_figures import Commune as SmallCommune
from tests.make import PASSWORD, Make
from tests.page import Client

YEAR = Period.of_year(clock.today().year)


@pytest.fixture
def commune(make: Make) -> SmallCommune:
    """A commune with a child of every sort."""
    return SmallCommune(make)


def made(commune: Commune, code: str = "district", variant: Variant = Variant.CODED, **values: Any) -> Any:
    """The workbook, read back by openpyxl."""
    asked = making.brief(
        commune, values.pop("period", YEAR), variant, made_by="Lê Thị Người Lập", reason="để thử", **values
    )
    return openpyxl.load_workbook(BytesIO(making.make(code, asked).content))


def rows(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a table as {heading: value}."""
    headings = [cell.value for cell in sheet[file.HEADING_ROW]]
    return [
        dict(zip(headings, values, strict=True))
        for values in sheet.iter_rows(min_row=file.HEADING_ROW + 1, values_only=True)
    ]


def words(book: Any) -> str:
    """Everything that stands in a workbook."""
    return "\n".join(
        str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row if value
    )


class TestDistrict:
    def test_it_has_a_cover_a_summary_and_a_sheet_for_each_list(self, commune: SmallCommune) -> None:
        assert made(commune.make.home).sheetnames == [
            "Bìa",
            "Tổng hợp",
            "Tỷ lệ",
            "TE hoàn cảnh đặc biệt",
            "TE khuyết tật",
            "TE mồ côi",
            "TE có nguy cơ",
            "Vụ việc",
            "Dịch vụ, hỗ trợ",
            "Dịch vụ theo chương trình",
            "Biến động",
            "Đối chiếu dân cư",
            "Danh mục mã",
        ]

    def test_the_summary_is_the_figures_page(self, commune: SmallCommune) -> None:
        figures = indicators.figures(commune.make.home, YEAR, clock.today())

        found = rows(made(commune.make.home)["Tổng hợp"])

        assert [(row["STT"], row["Thôn Đông"], row["Thôn Tây"], row["Không chia theo thôn"]) for row in found] == [
            (
                line.indicator.code,
                line.by_village.get(commune.east.id, 0)
                if line.indicator.spread is not indicators.Spread.COMMUNE
                else None,
                line.by_village.get(commune.west.id, 0)
                if line.indicator.spread is not indicators.Spread.COMMUNE
                else None,
                line.undivided or None,
            )
            for line in figures
        ]

    def test_the_total_is_a_live_sum_whose_value_is_there_too(self, commune: SmallCommune) -> None:
        asked = making.brief(commune.make.home, YEAR, Variant.CODED)
        content = making.make("district", asked).content
        totals = {line.indicator.code: line.total for line in indicators.figures(commune.make.home, YEAR, asked.on)}

        live, cached = (openpyxl.load_workbook(BytesIO(content), data_only=told)["Tổng hợp"] for told in (False, True))

        assert {row["TỔNG XÃ"][:5] for row in rows(live)} == {"=SUM("}
        assert {row["STT"]: row["TỔNG XÃ"] for row in rows(cached)} == totals

    @pytest.mark.parametrize(
        ("sheet", "filters"),
        [
            ("TE hoàn cảnh đặc biệt", ChildFilters(group=SpecialFilter.SPECIAL.value, shared="1")),
            ("TE khuyết tật", ChildFilters(disability=SeverityFilter.ANY)),
            ("TE mồ côi", ChildFilters(orphan=Orphanhood.ANY)),
            ("TE có nguy cơ", ChildFilters(group=SpecialFilter.AT_RISK.value)),
        ],
    )
    def test_each_list_is_the_list_of_its_page(self, sheet: str, filters: ChildFilters, commune: SmallCommune) -> None:
        query = register.children(commune.make.user("officer"), filters).with_only_columns(Child.code)

        listed = [row["Mã trẻ em"] for row in rows(made(commune.make.home)[sheet])]

        assert sorted(listed) == sorted(db.session.scalars(query))
        assert listed

    def test_the_cover_names_the_office_in_force_and_answers_the_plan(self, commune: SmallCommune) -> None:
        home = commune.make.home
        for name, first, last in (("Phòng cũ", None, date(2025, 6, 30)), ("Sở Y tế mới", date(2025, 7, 1), None)):
            commune.make.save(ReceivingOffice(commune_id=home.id, name=name, valid_from=first, valid_to=last))

        cover = words(made(home)).split("Tổng hợp")[0]
        old = words(made(home, period=Period.read("2024")))

        assert "BIỂU XUẤT GỬI SỞ Y TẾ MỚI" in cover
        assert "BIỂU XUẤT GỬI PHÒNG CŨ" in old
        assert "xây dựng, hoàn thiện cơ sở dữ liệu về trẻ em liên thông" in cover
        assert "11 trẻ em dưới 16 tuổi của 2 thôn" in cover
        assert "NĐ 56/2017/NĐ-CP Đ24.3" in cover

    def test_a_coded_workbook_names_nobody(self, commune: SmallCommune) -> None:
        told = words(made(commune.make.home))

        for child in db.session.scalars(register.children(commune.make.user("officer"))):
            assert not child.full_name or child.full_name not in told
            assert not child.personal_id or child.personal_id not in told

    def test_a_named_one_says_on_every_list_who_made_it_and_why(self, commune: SmallCommune) -> None:
        book = made(commune.make.home, variant=Variant.NAMED)

        for sheet in book.worksheets[1:]:
            assert "BẢO MẬT" in sheet["A3"].value
            assert "Lê Thị Người Lập" in sheet["A3"].value
            assert "để thử" in sheet["A3"].value
        assert rows(book["TE khuyết tật"])[0]["Họ và tên"] == "Phạm Văn d.2"

    @pytest.mark.parametrize("variant", [Variant.CODED, Variant.NAMED])
    def test_hiv_and_sexual_abuse_stand_in_no_list(self, variant: Variant, commune: SmallCommune) -> None:
        book = made(commune.make.home, variant=variant)
        listed = {
            (sheet.title, row.get("Mã trẻ em"))
            for sheet in book.worksheets[2:-1]
            for row in rows(sheet)
            if sheet.title != "Đối chiếu dân cư"
        }

        for child in (commune.hiv, commune.abused, commune.exploited):
            assert child.code not in {code for _sheet, code in listed}
        of_both = [row for row in rows(book["TE hoàn cảnh đặc biệt"]) if row["Mã trẻ em"] == commune.both.code]
        assert [row["Nhóm, tiểu nhóm"] for row in of_both] == ["d.2"]

    def test_a_case_of_sexual_abuse_is_counted_and_not_listed(self, commune: SmallCommune) -> None:
        book = made(commune.make.home)

        assert [row["Mã trẻ em"] for row in rows(book["Vụ việc"])] == [commune.risky.code]
        assert [row["Mã trẻ em"] for row in rows(book["Dịch vụ, hỗ trợ"])] == [commune.risky.code]

    def test_services_are_added_up_by_programme(self, commune: SmallCommune) -> None:
        book = made(commune.make.home)

        summed = rows(book["Dịch vụ theo chương trình"])
        assert sum(row["Lượt dịch vụ"] for row in summed) == len(rows(book["Dịch vụ, hỗ trợ"])) == 1
        assert summed[0]["Chương trình"] == "Không thuộc chương trình nào"

    def test_cases_tell_which_times_were_kept(self, commune: SmallCommune) -> None:
        case = db.session.scalars(select(Case).where(Case.child_id == commune.risky.id)).one()
        case.received_at = case.opened_at = clock.now() - timedelta(days=40)
        of = {"commune_id": case.commune_id, "case_id": case.id}
        late = case.received_at + timedelta(hours=13)
        commune.make.save(InitialAssessment(**of, assessed_at=late, risk=Risk.LOW, levels={}))
        in_time, late = case.received_at + timedelta(hours=1), case.received_at + timedelta(days=30)
        commune.make.save(CasePlan(**of, goal="x", submitted_at=in_time, decided_at=late, decision="approved"))
        db.session.expire_all()

        row = rows(made(commune.make.home)["Vụ việc"])[0]

        assert row["Đánh giá ban đầu (12 giờ)"] == "trễ hạn"
        assert row["Trình kế hoạch (5 ngày làm việc)"] == "đúng hạn"
        assert row["Quyết định kế hoạch (2 ngày làm việc)"] == "trễ hạn"

    def test_the_period_narrows_what_happened(self, commune: SmallCommune) -> None:
        last_year = made(commune.make.home, period=Period.of_year(YEAR.first.year - 1))

        assert rows(last_year["Dịch vụ, hỗ trợ"]) == []

    def test_another_commune_is_in_nothing(self, commune: SmallCommune) -> None:
        foreign = commune.make.child("Vũ Xã Khác", commune.make.village("Thôn Xa", commune.make.commune()))
        commune.make.circumstance(foreign, "d.1")

        told = words(made(commune.make.home, variant=Variant.NAMED))

        assert "Vũ Xã Khác" not in told
        assert "Thôn Xa" not in told

    def test_one_line_adds_a_column(self, commune: SmallCommune, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(district, "DISABLED", (*district.DISABLED, stored(Child.residence)))

        assert rows(made(commune.make.home)["TE khuyết tật"])[0]["Cư trú"] == "Thường trú"


class TestPublic:
    def test_it_holds_totals_only_and_hides_small_ones(self, commune: SmallCommune) -> None:
        book = made(commune.make.home, variant=Variant.PUBLIC)

        assert book.sheetnames == ["Bìa", "Tổng hợp"]
        found = {row["STT"]: row["TỔNG XÃ"] for row in rows(book["Tổng hợp"])}
        assert found["1"] == 11
        assert not [count for count in found.values() if isinstance(count, int) and 1 <= count <= 9]
        assert "Thôn" not in words(book)


class TestForm:
    """What holds for every workbook."""

    @pytest.fixture(params=WORKBOOKS)
    def book(self, request: pytest.FixtureRequest, commune: SmallCommune) -> Any:
        code = request.param
        return made(commune.make.home, code, making.variants(code)[-1 if code != "district" else 0])

    def test_every_table_is_ready_for_screen_and_paper(self, book: Any) -> None:
        for sheet in book:
            assert sheet.page_setup.orientation == "landscape"
            assert sheet.page_setup.fitToWidth == 1
            assert "&P" in sheet.oddFooter.center.text
            if sheet.title not in ("Bìa", "Danh mục"):
                assert sheet.freeze_panes
                assert sheet.auto_filter.ref
                assert sheet.print_title_rows
                assert not sheet.merged_cells.ranges
                headings = [cell.value for cell in sheet[file.HEADING_ROW if sheet["A2"].value else 1]]
                assert len(headings) == len(set(headings))

    def test_nothing_in_it_runs_or_leads_outside(self, book: Any) -> None:
        assert book.vba_archive is None
        assert not book._external_links
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f" or str(cell.value).startswith("=SUM(C")
                    assert not cell.hyperlink or not cell.hyperlink.target


def test_every_workbook_says_who_it_is_for() -> None:
    for code in WORKBOOKS:
        module = workbook(code)
        assert module.__doc__
        assert "NĐ 56/2017" in module.__doc__
        assert module.TITLE
        assert module.HOLDS
        assert module.VARIANTS


def test_headings_of_the_blank_list_are_those_the_import_reads(commune: SmallCommune) -> None:
    sheet = made(commune.make.home, "import-template")["Danh sách trẻ em"]

    choices = {rule.formula1.split("!")[1] for rule in sheet.data_validations.dataValidation}
    assert sheet["A1"].value == "Họ và tên"
    assert "$F$2:$F$3" in choices
    villages = made(commune.make.home, "import-template")["Danh mục"]["F"]
    assert [cell.value for cell in villages if cell.value] == ["Thôn", "Thôn Đông", "Thôn Tây"]


class TestPage:
    def test_the_officer_gets_the_file_and_it_is_written_down(self, client: Client, commune: SmallCommune) -> None:
        officer = commune.make.user("officer")
        client.sign_in(officer)

        answer = client.post("/workbooks/district", data={"variant": "coded", "period": YEAR.code})

        today = f"{clock.today():%Y-%m-%d}"
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == f'attachment; filename="bieu-gui-cap-tren-{today}.xlsx"'
        export = db.session.scalars(select(Export)).one()
        digest = hashlib.sha256(answer.data).hexdigest()
        assert (export.workbook, export.variant, export.sha256, export.user_id) == (
            "district",
            "coded",
            digest,
            officer.id,
        )
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.event == "workbook_exported")).one()
        assert event.details["sha256"] == digest
        assert event.details["count"] == export.row_count > 0
        assert client.page("/workbooks/").rows(1)[0]["Số dòng"] == str(export.row_count)

    @pytest.mark.parametrize(
        ("sent", "errors"),
        [
            ({"password": PASSWORD}, {"reason": "Nhập lý do cần bản có họ tên"}),
            ({"reason": "đối chiếu"}, {"password": "Nhập mật khẩu của bạn"}),
            ({"reason": "đối chiếu", "password": "sai hẳn rồi"}, {"password": "Mật khẩu không đúng"}),
        ],
    )
    def test_names_need_a_reason_and_the_password_again(
        self, sent: dict[str, str], errors: dict[str, str], client: Client, commune: SmallCommune
    ) -> None:
        client.sign_in(commune.make.user("officer"))

        page = client.send("/workbooks/special", {"variant": "named", "period": YEAR.code, **sent})

        assert (page.status, page.errors()) == (422, errors)
        assert db.session.scalars(select(Export)).all() == []

    def test_with_both_the_named_list_comes(self, client: Client, commune: SmallCommune) -> None:
        client.sign_in(commune.make.user("officer"))

        answer = client.post(
            "/workbooks/disabled",
            data={"variant": "named", "period": YEAR.code, "reason": "xét trợ cấp", "password": PASSWORD},
        )

        book = openpyxl.load_workbook(BytesIO(answer.data))
        assert rows(book["TE khuyết tật"])[0]["Họ và tên"] == "Phạm Văn d.2"
        assert db.session.scalars(select(Export)).one().reason == "xét trợ cấp"

    def test_a_big_commune_has_it_made_in_the_background(
        self, client: Client, commune: SmallCommune, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(background, "CHILDREN_AT_ONCE", 3)
        officer = commune.make.user("officer")
        client.sign_in(officer)
        sent = {"variant": "named", "period": YEAR.code, "reason": "xét trợ cấp", "password": PASSWORD}

        answer = client.post("/workbooks/disabled", data=sent)
        assert answer.status_code == 303
        assert db.session.scalars(select(Export)).all() == []
        jobs.run_waiting()

        page = client.page(answer.headers["Location"])
        content = client.get(page.soup.select_one("main a.btn-primary")["href"]).data
        assert rows(openpyxl.load_workbook(BytesIO(content))["TE khuyết tật"])[0]["Họ và tên"] == "Phạm Văn d.2"
        export = db.session.scalars(select(Export)).one()
        assert (export.sha256, export.reason, export.user_id) == (
            hashlib.sha256(content).hexdigest(),
            "xét trợ cấp",
            officer.id,
        )

    @pytest.mark.parametrize(
        ("role", "code", "variant", "status"),
        [
            ("viewer", "district", "coded", 200),
            ("viewer", "district", "named", 422),
            ("viewer", "district", "public", 422),
            ("viewer", "special", "coded", 404),
            ("viewer", "register", "named", 404),
            ("leader", "special", "coded", 200),
            ("leader", "district", "public", 200),
            ("leader", "special", "named", 422),
            ("leader", "register", "named", 404),
            ("officer", "khong-co", "coded", 404),
            ("collaborator", "district", "coded", 403),
            ("administrator", "district", "coded", 403),
        ],
    )
    def test_each_role_gets_what_it_may(
        self, role: str, code: str, variant: str, status: int, client: Client, commune: SmallCommune
    ) -> None:
        client.sign_in(commune.make.user(role, village=commune.east))
        sent = {"variant": variant, "period": YEAR.code, "reason": "thử", "password": PASSWORD}

        assert client.post(f"/workbooks/{code}", data=sent).status_code == status

    def test_a_list_can_be_narrowed_to_a_village_and_to_days(self, client: Client, commune: SmallCommune) -> None:
        client.sign_in(commune.make.user("officer"))
        today = clock.today()
        sent = {"variant": "coded", "period": YEAR.code, "village": str(commune.east.id)}
        days = {"first": f"{today - timedelta(days=9):%d/%m/%Y}", "last": f"{today:%d/%m/%Y}"}

        book = openpyxl.load_workbook(BytesIO(client.post("/workbooks/special", data=sent | days).data))

        assert {row["Thôn"] for row in rows(book["TE hoàn cảnh đặc biệt"])} == {"Thôn Đông"}
        assert db.session.scalars(select(Export)).one().filters["village"] == commune.east.id

    def test_days_in_the_wrong_order_are_told(self, client: Client, commune: SmallCommune) -> None:
        client.sign_in(commune.make.user("officer"))
        sent = {"variant": "coded", "period": YEAR.code, "first": "5/6/2026", "last": "1/6/2026"}

        assert client.send("/workbooks/special", sent).errors() == {"last": "Ngày sau phải không trước ngày đầu"}

    def test_the_superior_office_is_offered_its_workbook_by_its_own_name(
        self, client: Client, commune: SmallCommune
    ) -> None:
        commune.make.save(ReceivingOffice(commune_id=commune.make.home.id, name="Sở Y tế"))

        page = client.sign_in(commune.make.user("viewer")).page("/workbooks/")

        assert [row["Biểu"] for row in page.rows()] == ["Biểu gửi Sở Y tế"]


class TestCommand:
    @pytest.fixture
    def run(self, app: Flask, commune: SmallCommune) -> Callable[..., Any]:
        runner = app.test_cli_runner()
        return lambda *arguments: runner.invoke(args=["export", *arguments])

    def test_it_lists_the_workbooks(self, run: Callable[..., Any]) -> None:
        assert [line.split()[0] for line in run("--list").output.splitlines()] == list(WORKBOOKS)

    def test_it_writes_the_file_and_notes_it(self, run: Callable[..., Any], tmp_path: Path) -> None:
        out = tmp_path / "biểu.xlsx"

        result = run("district", "--out", str(out), "--period", f"{YEAR.first.year}-Q1")

        assert result.exit_code == 0, result.output
        export = db.session.scalars(select(Export)).one()
        assert export.sha256 == hashlib.sha256(out.read_bytes()).hexdigest()
        assert [path.name for path in tmp_path.iterdir()] == ["biểu.xlsx"]

    @pytest.mark.parametrize(
        "arguments",
        [
            ("khong-co",),
            ("district",),
            ("district", "--out", "x.xlsx", "--named"),
            ("district", "--out", "x.xlsx", "--named", "--reason", "a", "--public"),
            ("register", "--out", "x.xlsx"),
            ("district", "--out", "x.xlsx", "--period", "2026-Q7"),
            ("district", "--out", "x.xlsx", "--period", "2099"),
            ("district", "--out", "x.xlsx", "--commune", "xã không có"),
            ("special", "--out", "x.xlsx", "--village", "Thôn không có"),
            ("district", "--out", "x.xlsx", "--village", "Thôn Đông"),
            ("district", "--out", "/khong/co/thu/muc.xlsx"),
        ],
    )
    def test_what_cannot_be_is_said_in_a_sentence(self, arguments: tuple[str, ...], run: Callable[..., Any]) -> None:
        result = run(*arguments)

        assert result.exit_code != 0
        assert result.stdout == ""
        assert "Error: " in result.stderr
        assert "Traceback" not in result.stderr
        assert db.session.scalars(select(Export)).all() == []
