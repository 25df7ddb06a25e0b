"""Reports on a period: taken, approved, sent, frozen; later corrections are named and change nothing."""

import io
import json
from copy import deepcopy
from datetime import date, timedelta

import openpyxl
import pytest
from flask import Flask

from app import clock, enrolment, indicators
from app.access import commune_reader
from app.child_filters import ChildFilters
from app.periods import Period
from app.register import memberships
from app.reports import addressees, charts, content, differences, lifecycle
from models import (
    AuditEvent,
    Child,
    Disability,
    HouseholdStatus,
    Incident,
    IncidentKind,
    IncidentOutcome,
    MovementKind,
    PeriodReport,
    PeriodReportState,
    Poverty,
    ReceivingOffice,
    RelativeKind,
    RelativeState,
    ReportKind,
    Schooling,
    Service,
    ServiceKind,
    Sex,
    db,
)
from tests.make import Make
from tests.page import Client

PERIOD = Period.read("2026-H1")


class Place:
    """A commune with enough in it to be corrected thirty times."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.officer, self.leader, self.viewer = (make.user(role) for role in ("officer", "leader", "viewer"))
        self.east, self.west = make.village("Thôn Đông"), make.village("Thôn Tây")
        self.household = make.household(village=self.east)
        self.children = [
            make.child(
                f"Nguyễn Văn {chr(65 + number)}", self.east, date(2018, 1, 1 + number), schooling=Schooling.PRIMARY
            )
            for number in range(16)
        ]
        for child in self.children[:3]:
            child.household = self.household
        self.risk = make.circumstance(self.children[0], "r.divorced", started_on=date(2026, 1, 5))
        self.father = make.relative(self.children[1], RelativeKind.FATHER, state=RelativeState.ALIVE)
        self.given = make.save(self.service(self.children[2], date(2026, 2, 2)))
        self.case = make.case(self.children[3], village_id=self.east.id)
        db.session.commit()

    def service(self, child: Child, day: date) -> Service:
        return Service(commune_id=child.commune_id, child=child, kind=ServiceKind.GIFT, done_on=day)

    def sent(self) -> PeriodReport:
        """A report of the first half of 2026, sent."""
        made = lifecycle.prepare(self.make.home, PERIOD, ReportKind.FIGURES, self.officer.full_name)
        report = lifecycle.submit(self.make.home, made, self.officer)
        lifecycle.decide(report, self.leader, approved=True)
        lifecycle.send(report, self.officer, "Sở Y tế")
        db.session.commit()
        return report


@pytest.fixture
def place(make: Make) -> Place:
    return Place(make)


def cells(file: bytes) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(file))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def correct_thirty_times(place: Place) -> list[str]:
    """Thirty corrections; the codes of the records each is about."""
    make, children, officer = place.make, place.children, place.officer
    done = []
    for number in range(4):
        late = make.child(f"Trần Thị {number}", place.west, date(2026, 1, 1 + number), Sex.FEMALE)
        done.append(late.code)
    enrolment.move(officer, children[4], MovementKind.MOVED_OUT, date(2026, 3, 1))
    enrolment.move(officer, children[5], MovementKind.DIED, date(2026, 3, 2))
    enrolment.move(officer, children[6], MovementKind.MOVED_VILLAGE, date(2026, 3, 3), to_village_id=place.west.id)
    enrolment.remove(children[7], "ghi trùng")
    for child in children[8:12]:
        child.sex = Sex.FEMALE
    children[12].born_on = date(2005, 1, 1)
    children[13].born_on = date(2024, 1, 1)
    children[14].ethnicity_code = "06"
    children[15].full_name = "Lê Văn Sửa"
    done += [child.code for child in children[4:16]]
    for child, kind in ((children[8], "d.2"), (children[9], "r.divorced"), (children[10], "b.1")):
        make.circumstance(child, kind, started_on=date(2026, 2, 1))
        done.append(child.code)
    place.risk.ended_on = date(2026, 2, 1)
    make.save(Disability(commune_id=make.home.id, child=children[11], certified_on=date(2026, 1, 9)))
    make.save(place.service(children[0], date(2026, 4, 4)))
    make.save(place.service(children[1], date(2026, 4, 5)))
    place.given.done_on = date(2025, 2, 2)
    children[1].note = "đã xem lại"
    children[2].personal_id = "030218000019"
    place.father.full_name = "Nguyễn Văn Cha"
    children[2].nationality = "Lào"
    db.session.commit()
    done += [children[number].code for number in (0, 11, 0, 1, 2, 1, 2, 1, 2)]
    return [*done, children[2].code, children[0].code]


def test_thirty_corrections_change_not_one_cell_and_the_difference_names_each(place: Place) -> None:
    report = place.sent()
    figures, rows = deepcopy(report.figures), deepcopy(report.rows)
    drawn = charts.of_report(report)
    file, hash_, before = report.files[0].content, report.files[0].sha256, cells(report.files[0].content)

    corrected = correct_thirty_times(place)

    db.session.expire_all()
    again = db.session.get_one(PeriodReport, report.id)
    assert (again.figures, again.rows, charts.of_report(again)) == (figures, rows, drawn)
    assert (again.files[0].content, again.files[0].sha256) == (file, hash_)
    assert cells(again.files[0].content) == before
    found = differences.compare(again)
    assert len(corrected) == 30
    assert set(corrected) - {one.code for one in found.corrections} == set()
    assert found.summary[0] == "+4 trẻ đăng ký muộn"
    assert {
        "–1 trẻ đã chuyển đi",
        "–1 trẻ đã mất (ghi muộn)",
        "–1 trẻ đưa ra khỏi sổ (ghi nhầm hoặc trùng)",
        "–1 trẻ em: sửa trẻ em (ngày sinh)",
        "±1 trẻ chuyển thôn (ghi muộn)",
    } <= set(found.summary)


def test_a_difference_is_the_figure_now_less_the_figure_sent_and_its_reasons_add_up(place: Place) -> None:
    report = place.sent()
    correct_thirty_times(place)

    found = differences.compare(report)

    now = {figure["code"]: figure["total"] for figure in content.take(place.make.home, PERIOD, PERIOD.last).figures}
    for one in found.differences:
        assert one.now == now[one.code]
        assert one.change == sum(reason.sign * len(reason.codes) for reason in one.reasons), one
    untouched = {figure["code"]: figure["total"] for figure in report.figures} | {
        one.code: one.now for one in found.differences
    }
    assert untouched == now


def test_the_charts_of_a_report_tell_what_it_kept(client: Client, place: Place) -> None:
    place.make.circumstance(place.children[4], "a.1", started_on=date(2026, 1, 5))
    report = place.sent()

    page = client.sign_in(place.leader).page(f"/reports/{report.id}")

    tables = {
        table.select_one("th").get_text(): {
            row.select_one("th").get_text(): [cell.get_text() for cell in row.select("td")]
            for row in table.select("tbody tr")
        }
        for table in page.soup.select(".chart table")
    }
    assert list(tables) == [
        "Trẻ em có hoàn cảnh đặc biệt theo nhóm", "Các thôn", "Qua các kỳ", "Hoàn thiện cơ sở dữ liệu",
    ]  # fmt: skip
    assert tables["Các thôn"] == {"Thôn Đông": ["1", "1"], "Thôn Tây": ["0", "0"]}
    assert list(tables["Qua các kỳ"].items())[-2:] == [("31/12/2025", ["0", "0"]), ("30/06/2026", ["1", "1"])]
    assert tables["Hoàn thiện cơ sở dữ liệu"]["Số định danh cá nhân"] == ["0,0%", "16"]
    assert page.soup.select(".chart a") == []


def test_an_indicator_newer_than_the_report_corrects_nothing(place: Place) -> None:
    report = place.sent()
    report.figures = [figure for figure in report.figures if not figure["code"].startswith("1.")]
    report.rows = {
        kind: {
            key: [code, village, [one for one in codes if not one.startswith("1.")]]
            for key, (code, village, codes) in rows.items()
        }
        for kind, rows in report.rows.items()
    }
    db.session.commit()

    found = differences.compare(report)

    assert (found.differences, found.corrections) == ((), ())


def test_without_corrections_nothing_differs(place: Place) -> None:
    found = differences.compare(place.sent())

    assert (found.differences, found.corrections) == ((), ())


def test_what_happens_after_the_period_moves_no_figure_of_it(place: Place) -> None:
    report = place.sent()
    enrolment.move(place.officer, place.children[4], MovementKind.MOVED_OUT, date(2026, 8, 1))
    place.children[5].schooling = Schooling.DROPPED_OUT
    place.father.state = RelativeState.DEAD
    db.session.commit()

    found = differences.compare(report)

    assert found.differences == ()
    assert {one.code for one in found.corrections if one.moves_figures} == set()


def test_a_corrected_household_status_is_named(place: Place) -> None:
    report = place.sent()
    db.session.info["commune_id"] = place.make.home.id
    place.make.save(HouseholdStatus(household=place.household, year=2026, status=Poverty.POOR))

    db.session.info.pop("commune_id")
    found = {one.code: one for one in differences.compare(report).differences}

    assert (found["2"].change, [reason.text for reason in found["2"].reasons]) == (3, ["+3 trẻ em: thêm diện hộ"])


def test_groups_counted_for_the_commune_only_are_named_without_codes(place: Place) -> None:
    report = place.sent()
    place.make.circumstance(place.children[9], "đ", started_on=date(2026, 1, 1))

    told = {one["code"]: one for one in differences.as_json(differences.compare(report))["differences"]}

    assert told["4.đ"]["reasons"] == [{"text": "+1 trẻ em: thêm hoàn cảnh", "count": 1, "codes": []}]
    assert told["4.đ"]["by_village"] == {}


def test_rows_add_up_to_the_figures(place: Place) -> None:
    reader = commune_reader(place.make.home.id)
    on = clock.today() - timedelta(days=30)
    asked = [indicator for indicator in indicators.INDICATORS if indicator.filters]

    lines = {line.indicator.code: line.total for line in indicators.figures(place.make.home, PERIOD, on)}

    counted = dict.fromkeys([indicator.code for indicator in asked], 0)
    for _key, _code, _village, numbers in memberships(reader, [one.filters or ChildFilters() for one in asked], on):
        for number in numbers:
            counted[asked[number].code] += 1
    assert counted == {code: lines[code] for code in counted}


class TestTheWay:
    """Officer → leader → officer → out."""

    def prepared(self, client: Client, place: Place) -> PeriodReport:
        client.sign_in(place.officer).post(
            "/reports/new", data={"kind": "figures", "period": "2026-H1"}, follow_redirects=True
        )
        return db.session.query(PeriodReport).one()

    def test_a_report_is_shown_approved_and_sent(self, app: Flask, client: Client, place: Place) -> None:
        report = self.prepared(client, place)
        leader = app.test_client().sign_in(place.leader)

        leader.post(f"/reports/{report.id}/decision", data={"decision": "approve"})
        client.post(f"/reports/{report.id}/sending", data={"sent_to": "Sở Y tế\nUBND tỉnh", "version": 2})

        db.session.refresh(report)
        assert report.state is PeriodReportState.SENT
        assert (report.decided_by, report.sent_by) == (place.leader, place.officer)
        assert report.sent_to == "Sở Y tế\nUBND tỉnh"
        events = [event.event for event in db.session.query(AuditEvent).order_by(AuditEvent.id)]
        assert [name for name in events if name.startswith("period_report")] == [
            "period_report_submitted", "period_report_decided", "period_report_sent",
        ]  # fmt: skip

    def test_it_cannot_be_sent_before_it_is_approved(self, client: Client, place: Place) -> None:
        report = self.prepared(client, place)

        page = client.send(f"/reports/{report.id}/sending", {"sent_to": "Sở Y tế"})

        assert page.status == 409
        assert "Sở Y tế" in page.text
        assert db.session.get_one(PeriodReport, report.id).state is PeriodReportState.SUBMITTED
        with pytest.raises(lifecycle.Refused):
            lifecycle.send(report, place.officer, "Sở Y tế")

    def test_sent_back_it_is_taken_anew(self, app: Flask, client: Client, place: Place) -> None:
        report = self.prepared(client, place)
        leader = app.test_client().sign_in(place.leader)
        answer = {"decision": "back", "decision_note": "Thiếu trẻ thôn Tây"}

        leader.post(f"/reports/{report.id}/decision", data=answer)
        place.make.child("Trần Thị Mới", place.west, date(2026, 1, 1))
        page = client.get(f"/reports/{report.id}")
        client.post(f"/reports/{report.id}/again")

        assert "Thiếu trẻ thôn Tây" in page.text
        db.session.refresh(report)
        assert report.state is PeriodReportState.SUBMITTED
        assert report.figures[0]["total"] == 17

    def test_sending_back_needs_a_word(self, app: Flask, client: Client, place: Place) -> None:
        report = self.prepared(client, place)
        leader = app.test_client().sign_in(place.leader)

        page = leader.post(f"/reports/{report.id}/decision", data={"decision": "back"}, follow_redirects=True)

        assert "Trả lại thì ghi một lời" in page.text
        assert db.session.get_one(PeriodReport, report.id).state is PeriodReportState.SUBMITTED

    def test_what_was_approved_is_taken_back_with_a_reason_until_it_is_sent(
        self, app: Flask, client: Client, place: Place
    ) -> None:
        report = self.prepared(client, place)
        leader = app.test_client().sign_in(place.leader)
        path = f"/reports/{report.id}/decision"
        leader.post(path, data={"decision": "approve"})

        wordless = leader.post(path, data={"decision": "back"}, follow_redirects=True)
        by_officer = client.post(path, data={"decision": "back", "decision_note": "Sai"})
        twice = leader.post(path, data={"decision": "approve"})
        assert db.session.get_one(PeriodReport, report.id).state is PeriodReportState.APPROVED
        leader.post(path, data={"decision": "back", "decision_note": "Thiếu trẻ chuyển đến"})

        assert "Trả lại thì ghi một lời" in wordless.text
        assert (by_officer.status_code, twice.status_code) == (403, 409)
        db.session.refresh(report)
        assert (report.state, report.decision_note) == (PeriodReportState.SENT_BACK, "Thiếu trẻ chuyển đến")
        with pytest.raises(lifecycle.Refused):
            lifecycle.send(report, place.officer, "Sở Y tế")

    def test_an_injury_noted_late_is_a_named_difference(self, place: Place) -> None:
        report = place.sent()
        child = place.children[0]
        place.make.save(
            Incident(
                commune_id=child.commune_id, child_id=child.id, kind=IncidentKind.DROWNING,
                happened_on=date(2026, 5, 5), outcome=IncidentOutcome.DIED,
            )
        )  # fmt: skip

        found = {one.code: one for one in differences.compare(report).differences}

        assert {code: one.change for code, one in found.items()} == {"25": 1, "25.1": 1, "26": 1, "26.1": 1}
        assert [reason.codes for reason in found["25"].reasons] == [(child.code,)]
        assert "ghi sau khi gửi" in found["25"].reasons[0].text

    def test_a_sent_report_takes_no_further_step(self, app: Flask, client: Client, place: Place) -> None:
        report = place.sent()
        leader = app.test_client().sign_in(place.leader)

        answers = [
            leader.post(f"/reports/{report.id}/decision", data={"decision": "approve"}).status_code,
            client.sign_in(place.officer).post(f"/reports/{report.id}/again").status_code,
        ]

        assert answers == [409, 409]

    def test_the_file_is_the_same_byte_for_byte_whenever_it_is_fetched(self, client: Client, place: Place) -> None:
        report = place.sent()
        client.sign_in(place.viewer)

        first = client.get(f"/reports/{report.id}/files/0").data
        correct_thirty_times(place)
        second = client.get(f"/reports/{report.id}/files/0").data

        assert first == second == report.files[0].content
        assert client.get(f"/reports/{report.id}/files/9").status_code == 404

    def test_a_superior_office_sees_only_what_was_sent(self, client: Client, place: Place) -> None:
        report = self.prepared(client, place)
        client.sign_in(place.viewer)

        assert client.get(f"/reports/{report.id}").status_code == 404
        assert "Chưa có báo cáo nào" in client.get("/reports/").text
        assert client.get(f"/reports/{place.sent().id}").status_code == 200

    def test_the_pages_carry_no_name_of_a_child(self, client: Client, place: Place) -> None:
        report = place.sent()
        correct_thirty_times(place)
        client.sign_in(place.officer)

        for address in ("/reports/", f"/reports/{report.id}", f"/reports/{report.id}/differences"):
            text = client.get(address).text
            assert [child.full_name for child in place.children if child.full_name and child.full_name in text] == []

    def test_days_typed_make_a_free_period(self, client: Client, place: Place) -> None:
        data = {"kind": "figures", "period": "2026", "first": "5/1/2026", "last": "31/3/2026"}

        client.sign_in(place.officer).post("/reports/new", data=data)

        report = db.session.query(PeriodReport).one()
        assert (report.period, report.counted_on) == ("2026-01-05..2026-03-31", date(2026, 3, 31))

    @pytest.mark.parametrize(
        ("first", "last", "message"),
        [("5/1/2026", "", "Ghi cả hai ngày"), ("5/3/2026", "5/1/2026", "không trước ngày đầu"),
         ("20/12/2026", "21/12/2026", "Kỳ này chưa bắt đầu")],
    )  # fmt: skip
    def test_days_that_make_no_period_are_told(
        self, client: Client, place: Place, first: str, last: str, message: str
    ) -> None:
        data = {"kind": "figures", "period": "2026", "first": first, "last": last}

        page = client.sign_in(place.officer).post("/reports/new", data=data)

        assert page.status_code == 422
        assert message in page.text


class TestCommands:
    def test_show_prints_the_figures_of_the_page(self, app: Flask, place: Place) -> None:
        found = json.loads(app.test_cli_runner().invoke(args=["report", "show", "2026-H1"]).stdout)

        assert found["period"]["first"] == "2026-01-01"
        assert found["counted_on"] == "2026-06-30"
        assert found["figures"][0] == {
            "code": "1", "label": "Số trẻ em dưới 16 tuổi", "total": 16, "undivided": 0,
            "by_village": {"Thôn Đông": 16, "Thôn Tây": 0},
        }  # fmt: skip

    def test_an_approved_report_is_sent_as_it_was_approved(self, app: Flask, place: Place) -> None:
        made = lifecycle.prepare(place.make.home, PERIOD, ReportKind.FIGURES, None)
        report = lifecycle.submit(place.make.home, made, place.officer)
        lifecycle.decide(report, place.leader, approved=True)
        db.session.commit()
        place.make.child("Trần Thị Muộn", place.west, date(2026, 1, 1))

        told = app.test_cli_runner().invoke(args=["report", "send", "2026-H1", "--to", "Sở Y tế", "--json"])

        assert told.exit_code == 0, told.output
        assert json.loads(told.stdout)["sent_to"] == ["Sở Y tế"]
        assert db.session.get_one(PeriodReport, report.id).figures[0]["total"] == 16

    def test_without_approval_it_is_refused(self, app: Flask, place: Place) -> None:
        told = app.test_cli_runner().invoke(args=["report", "send", "2026-H1", "--approved-by", "Phó Chủ tịch"])

        assert (told.exit_code, db.session.query(PeriodReport).all()) == (1, [])
        assert "Lãnh đạo chưa duyệt báo cáo này." in told.stderr

    def test_approval_on_paper_is_kept_with_its_number(self, app: Flask, place: Place) -> None:
        paper = ["--approved-on-paper", "12/TTr-UBND", "--approved-by", "Phó Chủ tịch"]
        told = app.test_cli_runner().invoke(args=["report", "send", "2026-H1", *paper])

        report = db.session.query(PeriodReport).one()
        assert told.exit_code == 0, told.output
        assert report.decision_note == "Duyệt trên giấy số 12/TTr-UBND, Phó Chủ tịch"
        assert report.files[0].sha256 in told.stdout

    def test_diff_names_what_was_corrected(self, app: Flask, place: Place) -> None:
        place.sent()
        correct_thirty_times(place)
        runner = app.test_cli_runner()

        words = runner.invoke(args=["report", "diff", "2026-H1"]).stdout
        found = json.loads(runner.invoke(args=["report", "diff", "2026-H1", "--json"]).stdout)

        assert "+4 trẻ đăng ký muộn" in words
        assert found["summary"][0] == "+4 trẻ đăng ký muộn"

    @pytest.mark.parametrize(
        ("args", "status", "sentence"),
        [
            (["diff", "2026-H1"], 1, "Chưa gửi báo cáo nào của kỳ 2026-H1."),
            (["show", "2026-H1", "--sent"], 1, "Chưa gửi báo cáo nào của kỳ 2026-H1."),
            (["show", "nửa năm"], 2, "Không đọc được kỳ"),
            (["send", "2999", "--approved-on-paper", "1"], 1, "Kỳ này chưa bắt đầu."),
        ],
    )
    def test_what_cannot_be_done_is_one_sentence(
        self, app: Flask, place: Place, args: list[str], status: int, sentence: str
    ) -> None:
        told = app.test_cli_runner().invoke(args=["report", *args])

        assert (told.exit_code, sentence in told.stderr) == (status, True)


def test_the_usual_addressees_follow_the_kind(make: Make) -> None:
    make.save(ReceivingOffice(commune_id=make.home.id, name="Sở Y tế Hải Phòng"))

    assert addressees.usual(make.home, ReportKind.COUNCIL) == "Thường trực HĐND xã Cao Thắng"
    assert addressees.usual(make.home, ReportKind.WORK) == "Sở Y tế Hải Phòng"
    assert addressees.usual(make.home, ReportKind.DIRECTIVE).splitlines() == [
        "UBND xã Cao Thắng", "Ban Thường vụ Đảng ủy xã Cao Thắng", "Sở Y tế Hải Phòng",
    ]  # fmt: skip
