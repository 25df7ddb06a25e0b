"""Official forms of a case: what is printed on each, who may have it, and a commune's own templates."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from flask import Flask
from sqlalchemy import select

from app import audit, clock, config, documents
from app.documents import BY_CODE, making
from models import (
    AuditEvent,
    Case,
    CaseConference,
    CasePlan,
    CaseReview,
    Channel,
    ClosureReason,
    ComprehensiveAssessment,
    EmergencyMeasure,
    InitialAssessment,
    PlanAction,
    PlanDecision,
    Referral,
    RelativeKind,
    ReportState,
    Risk,
    Sex,
    Subject,
    Transfer,
    db,
)
from tests.make import Make
from tests.page import Client

#: Of words and papers, not of the database.
pytestmark = pytest.mark.any_database

EVE = datetime(2026, 2, 16, 23, 40, tzinfo=clock.LOCAL).astimezone(UTC)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour, 5, tzinfo=clock.LOCAL).astimezone(UTC)


def words_of(content: bytes) -> str:
    """Every word of a document in order, foot included, spaces single."""
    document = Document(io.BytesIO(content))
    section = document.sections[0]
    parts = [document.element.body, section.first_page_footer._element, section.footer._element]
    lines = [
        "".join(run.text or "" for run in paragraph.iter() if run.tag.endswith("}t"))
        for part in parts
        for paragraph in part.iter()
        if paragraph.tag.endswith("}p")
    ]
    return re.sub(r"\s+", " ", "\n".join(lines))


@pytest.fixture
def officer(make: Make):
    return make.user("officer", full_name="Vũ Thị Hạnh")


@pytest.fixture
def whole(make: Make, officer) -> Case:
    """A case with every record there is."""
    make.home.signatory_title, make.home.signatory_name = "KT. CHỦ TỊCH – PHÓ CHỦ TỊCH", "Phạm Văn Mẫu"
    village = make.village("Thôn An Bình")
    child = make.child("Nguyễn Thị Minh Châu", village, date(2015, 3, 5), Sex.FEMALE, address="Ngõ 4")
    make.relative(child, RelativeKind.FATHER, "Nguyễn Văn Tài", occupation="thợ xây")
    report = make.report(
        make.user("collaborator", village=village, full_name="Đỗ Thị Lan"), child, at=at(2, 7), village_id=village.id,
        state=ReportState.OPENED, subject=Subject.ABUSED, channel=Channel.PHONE, place="Gần đình làng",
        happened="Có vết bầm ở tay.\nKhông dám về nhà.", informant_name="Hoàng Thị Cúc", informant_phone="0912345678",
    )  # fmt: skip
    case = make.case(
        child, report, received_at=report.received_at, village_id=village.id, assigned_to_id=officer.id,
        perpetrator="Nguyễn Văn Tài, cha",
    )  # fmt: skip
    _steps(make, case, {"commune_id": case.commune_id, "case_id": case.id, "recorded_by_id": officer.id})
    return case


def _steps(make: Make, case: Case, of: dict[str, Any]) -> None:
    levels = {"harm_1": "high", "harm_2": "high", "harm_3": "medium", "protection_1": "low", "protection_2": "medium"}
    make.save(
        InitialAssessment(
            **of, assessed_at=at(2, 10), levels=levels, risk=Risk.HIGH, conclusion="Cần can thiệp ngay.",
            is_emergency=True,
        )
    )  # fmt: skip
    make.save(
        EmergencyMeasure(
            **of, started_at=at(2, 11), measure="Đưa trẻ đi khám", is_separation=True, safe_place="Nhà bà ngoại",
            separated_from="ông Nguyễn Văn Tài, cha đẻ", separated_until=date(2026, 3, 16),
        )
    )  # fmt: skip
    make.save(
        ComprehensiveAssessment(
            **of, assessed_on=date(2026, 3, 4), risk=Risk.HIGH, condition="Chữ a", family="Chữ b", risk_factors="Chữ c",
            learning="Chữ d", community="Chữ đ", needs="Chữ e", child_wishes="Chữ g", parent_wishes="Chữ h",
        )
    )  # fmt: skip
    make.save(
        CaseConference(
            **of, held_on=date(2026, 3, 5), chair="Phạm Văn Mẫu, Phó Chủ tịch", participants="Công an xã\nTrạm Y tế",
            minutes="Thống nhất lập kế hoạch.",
        )
    )  # fmt: skip
    make.save(Referral(**of, referred_on=date(2026, 3, 6), recipient="Bệnh viện Nhi", purpose="Khám thương tích"))
    make.save(
        Transfer(
            commune_id=case.commune_id, case_id=case.id, direction="out", checksum="ab12", made_at=at(7),
            made_by_id=of["recorded_by_id"], other_commune="xã Bên", reason="Theo mẹ",
        )
    )  # fmt: skip
    plan = make.save(
        CasePlan(
            **of, goal="Trẻ được an toàn", starts_on=date(2026, 3, 10), ends_on=date(2026, 5, 31), submitted_at=at(6),
            decision=PlanDecision.APPROVED, decided_at=at(9),
        )
    )  # fmt: skip
    for description, responsible, budget in (("Khám sức khỏe", "Trạm Y tế", 450_000), ("Tư vấn", "Công an", 1_600_000)):
        make.save(
            PlanAction(
                commune_id=case.commune_id, plan_id=plan.id, description=description, responsible=responsible,
                starts_on=date(2026, 3, 10), ends_on=date(2026, 4, 1), budget=budget,
            )
        )  # fmt: skip
    make.save(
        CaseReview(
            **of, reviewed_on=date(2026, 6, 1), levels={"harm_1": "low", "harm_2": "medium", "protection_1": "high"},
            risk=Risk.LOW, conclusion="Trẻ đã ổn định.", can_close=True,
        )
    )  # fmt: skip
    case.closed_at, case.closure_reason = at(20), ClosureReason.SAFE
    db.session.commit()


def printed(client: Client, case: Case, code: str) -> str:
    response = client.get(f"/cases/{case.id}/documents/{code}")
    assert response.status_code == 200
    return words_of(response.data)


# ── What stands on each ────────────────────────────────────────────────────


EXPECTED = {
    "mau-01": [
        "TIẾP NHẬN THÔNG TIN TRẺ EM BỊ XÂM HẠI", "thông qua: Điện thoại", "7 giờ 05 phút, ngày 02 tháng 3 năm 2026",
        "Họ và tên: Nguyễn Thị Minh Châu", "05/03/2015", ": Nữ", "Gần đình làng, Thôn An Bình", "Có vết bầm ở tay.",
        "Không dám về nhà.", "Nguyễn Văn Tài, thợ xây", "Hoàng Thị Cúc", "0912345678", "Đỗ Thị Lan", "(nếu biết)",
    ],
    "mau-02": [
        "Mức độ nguy cơ: Cao", "Cần can thiệp ngay.", "Tổng số (Cao: 2; Trung bình: 1; Thấp: 0)",
        "Tổng số (Cao: 0; Trung bình: 1; Thấp: 1)", "Cần áp dụng", "Vũ Thị Hạnh",
    ],
    "mau-03": [*(f"Chữ {letter}" for letter in "abcdđegh"), "Mức độ nguy cơ: Cao", "ngày 04 tháng 3 năm 2026"],
    "bien-ban-hop": ["Công an xã", "Trạm Y tế", "Thống nhất lập kế hoạch.", "NGƯỜI GHI BIÊN BẢN", "Phạm Văn Mẫu"],
    "mau-04": [
        "Kính gửi: Chủ tịch UBND xã Cao Thắng", "Trẻ được an toàn", "tổng dự toán kinh phí: 2.050.000 đồng",
        "(Mẫu số 01)", "(Mẫu số 02)", "(Mẫu số 03)", "Biên bản cuộc họp", "Dự thảo Quyết định",
    ],
    "mau-05": [
        "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ CAO THẮNG", "Luật Trẻ em số 102/2016/QH13", "56/2017/NĐ-CP",
        "Cao Thắng, ngày 09 tháng 3 năm 2026", "Số: /QĐ-UBND", "Khám sức khỏe", "Trạm Y tế", "10/03/2026",
        "01/04/2026", "450.000", "Tổng cộng", "2.050.000", "KT. CHỦ TỊCH PHÓ CHỦ TỊCH", "Phạm Văn Mẫu",
    ],
    "mau-06": [
        "Tổng số (Cao: 0; Trung bình: 1; Thấp: 1)", "không còn nghiêm trọng", "Trẻ đã ổn định.",
        "kết thúc hỗ trợ, can thiệp",
    ],
    "mau-07": [
        "Cách ly khỏi: ông Nguyễn Văn Tài, cha đẻ", "từ ngày 02 tháng 3 năm 2026 đến ngày 16 tháng 3 năm 2026",
        "không quá 15 ngày", "Nhà bà ngoại", "Luật Trẻ em số 102/2016/QH13",
    ],
    "bao-cao-ket-thuc": ["Trẻ em không còn nguy cơ và đã ổn định", "Khám sức khỏe", "Trẻ đã ổn định.", "(Mẫu số 05)"],
}  # fmt: skip


@pytest.mark.parametrize("code", EXPECTED)
def test_a_form_prints_what_its_article_asks(client, whole, officer, code):
    text = printed(client.sign_in(officer), whole, code)

    assert [part for part in EXPECTED[code] if part not in text] == []
    for part in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "ỦY BAN NHÂN DÂN XÃ CAO THẮNG", "./."):
        assert part in text
    assert text.count("Mức độ bảo mật: Bảo mật") == 2, "in the foot of the first page and of the others"
    assert "Phạm vi cung cấp" in text
    assert "{{" not in text
    assert "None" not in text


@pytest.mark.parametrize("code", [code for code in EXPECTED if code != "mau-01"])
def test_only_the_intake_report_names_the_informant(client, whole, officer, code):
    text = printed(client.sign_in(officer), whole, code)

    assert "Hoàng Thị Cúc" not in text
    assert "0912345678" not in text


def test_papers_that_leave_the_house_do_not_tell_what_was_assessed(client, whole, officer):
    text = printed(client.sign_in(officer), whole, "mau-05")

    assert "Chữ" not in text
    assert "Nguyễn Văn Tài" not in text


def test_an_unknown_child_and_an_anonymous_informant_print_as_such(client, make, officer):
    report = make.report(
        officer, at=EVE, is_anonymous=True, child_age="khoảng 6 tuổi", state=ReportState.OPENED, subject=Subject.AT_RISK
    )
    case = make.case(None, report, received_at=EVE)

    text = printed(client.sign_in(officer), case, "mau-01")

    assert "23 giờ 40 phút, ngày 16 tháng 02 năm 2026" in text
    assert "Họ và tên: chưa rõ họ tên" in text
    assert "khoảng 6 tuổi" in text
    assert "Không biết" in text
    assert "Họ và tên: người báo tin không cho biết tên" in text


def test_a_plan_not_yet_approved_prints_as_a_draft_without_a_date(client, make, officer):
    case = make.case(make.child())
    make.save(CasePlan(commune_id=case.commune_id, case_id=case.id, goal="An toàn"))

    text = printed(client.sign_in(officer), case, "mau-05")

    assert "DỰ THẢO" in text
    assert "Cao Thắng, ngày …… tháng …… năm" in text


def test_a_recorded_number_stands_on_the_decision(client, whole, officer):
    whole.plans[0].decision_number = "12/QĐ-UBND"
    db.session.commit()

    text = printed(client.sign_in(officer), whole, "mau-05")

    assert "Số: 12/QĐ-UBND" in text
    assert "Kèm theo Quyết định số 12/QĐ-UBND" in text


def test_papers_are_vietnamese_for_somebody_who_reads_english(client, make, whole):
    reader = make.user("officer", language="en")

    text = printed(client.sign_in(reader), whole, "mau-01")

    assert "thông qua: Điện thoại" in text
    assert "giới tính" in printed(client, whole, "mau-02")


@pytest.mark.parametrize("typed", ["<b>&amp;</b> & <w:p/>", "{{ 7 * 7 }} {% if x %} {# a #}", "]]> \" ' \\a"])
def test_what_people_typed_stays_text(client, whole, officer, typed):
    whole.report.happened = typed
    whole.plans[0].goal = typed
    whole.plans[0].actions[0].description = typed
    db.session.commit()
    client.sign_in(officer)

    assert " ".join(typed.split()) in printed(client, whole, "mau-01")
    assert printed(client, whole, "mau-05").count(" ".join(typed.split())) == 2


def test_the_record_in_the_address_is_printed_and_the_latest_without_one(client, make, officer):
    case = make.case(make.child())
    first, second = (
        make.save(CaseConference(commune_id=case.commune_id, case_id=case.id, held_on=date(2026, 3, day), minutes=says))
        for day, says in ((1, "Cuộc đầu"), (8, "Cuộc sau"))
    )
    client.sign_in(officer)
    address = f"/cases/{case.id}/documents/bien-ban-hop"

    assert "Cuộc đầu" in words_of(client.get(f"{address}?record={first.id}").data)
    assert "Cuộc sau" in words_of(client.get(address).data)
    assert client.get(f"{address}?record={second.id + 999}").status_code == 404
    assert client.get(f"{address}?record=x").status_code == 404


def test_a_reopened_case_prints_each_round_by_itself(client, make, whole, officer):
    of = {"commune_id": whole.commune_id, "case_id": whole.id, "recorded_by_id": officer.id}
    whole.reopened_at, whole.closed_at = clock.now(), None
    again = make.save(InitialAssessment(**of, assessed_at=clock.now(), levels={}, risk=Risk.LOW, conclusion="Lần hai"))
    plan = make.save(CasePlan(**of, goal="Mục tiêu mới"))
    client.sign_in(officer)

    first, second = (
        words_of(client.get(f"/cases/{whole.id}/documents/mau-02?record={record.id}").data)
        for record in (whole.initial_assessments[0], again)
    )
    assert ("Đưa trẻ đi khám" in first, "Đưa trẻ đi khám" in second) == (True, False)
    submission = words_of(client.get(f"/cases/{whole.id}/documents/mau-04?record={plan.id}").data)
    assert submission.count("(Mẫu số 02)") == 1
    assert "(Mẫu số 03)" not in submission
    assert "đánh giá ban đầu: Thấp" in submission


# ── The page ───────────────────────────────────────────────────────────────


def test_the_page_lists_the_forms_of_the_records_there_are(client, make, whole, officer):
    client.sign_in(officer)
    bare = make.case(make.child())

    links = [link["href"] for link in client.page(f"/cases/{whole.id}/documents/").soup.select("main td a")]

    assert [re.search(r"documents/([a-z0-9-]+)", link)[1] for link in links] == list(BY_CODE)
    assert [client.get(link).status_code for link in links] == [200] * len(links)
    assert client.page(f"/cases/{bare.id}/documents/").soup.select("main td a") == []
    assert client.get(f"/cases/{bare.id}/documents/mau-01").status_code == 404


def test_whom_a_paper_is_for_stands_at_its_foot_and_hides_the_informant(client, whole, officer):
    client.sign_in(officer)

    def paper(scope: str) -> str:
        return words_of(client.get(f"/cases/{whole.id}/documents/mau-01?scope={scope}").data)

    assert "Hoàng Thị Cúc" in paper("dossier")
    assert "chỉ nhóm phụ trách vụ việc" in paper("dossier")
    for scope in ("provider", "family"):
        assert "Hoàng Thị Cúc" not in paper(scope)
        assert "0912345678" not in paper(scope)
    assert "không chuyển cho nơi khác" in paper("provider")


def test_a_refused_plan_has_no_decision_to_print(client, make, officer):
    case = make.case(make.child())
    make.save(CasePlan(commune_id=case.commune_id, case_id=case.id, goal="x", decision=PlanDecision.REFUSED))
    client.sign_in(officer)

    assert client.get(f"/cases/{case.id}/documents/mau-05").status_code == 404
    assert client.get(f"/cases/{case.id}/documents/mau-04").status_code == 200


def test_a_file_is_named_after_the_case_and_its_making_is_recorded(client, whole, officer):
    response = client.sign_in(officer).get(f"/cases/{whole.id}/documents/mau-05")

    assert response.headers["Content-Disposition"] == f'attachment; filename="mau-05-{whole.number}.docx"'
    assert response.mimetype == documents.MIME_TYPE
    assert "no-store" in response.headers["Cache-Control"]
    made = db.session.scalars(select(AuditEvent).where(AuditEvent.event == "document_made")).one()
    assert (made.user_id, made.record_table, made.record_id, made.details) == (
        officer.id, "cases", whole.id, {"form": "mau-05", "scope": "form"},
    )  # fmt: skip
    assert audit.broken_links() == []


def test_a_collaborator_is_refused_and_another_commune_finds_nothing(client, make, whole):
    reporter = whole.report.reported_by
    leader, stranger = make.user("leader"), make.user("officer", commune=make.commune("xã Xa"))
    pages = (f"/cases/{whole.id}/documents/", f"/cases/{whole.id}/documents/mau-01")

    assert [client.sign_in(reporter).get(page).status_code for page in pages] == [403, 403]
    assert [client.sign_in(stranger).get(page).status_code for page in pages] == [404, 404]
    assert [client.sign_in(leader).get(page).status_code for page in pages] == [200, 200]


def test_the_case_page_leads_to_the_forms(client, whole, officer):
    page = client.sign_in(officer).page(f"/cases/{whole.id}")

    assert page.soup.select(f'a[href="/cases/{whole.id}/documents/"]')


# ── Templates ──────────────────────────────────────────────────────────────


def _own(app: Flask, content: bytes, folder: str = "") -> Path:
    place = Path(app.config["MANGNON_INSTANCE"]) / "documents" / folder
    place.mkdir(parents=True, exist_ok=True)
    file = place / "mau-05.docx"
    file.write_bytes(content)
    return file


def _template(*paragraphs: str) -> bytes:
    document, file = Document(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(file)
    return file.getvalue()


@pytest.fixture
def own(app: Flask):
    """Puts a template of the commune's own in place; takes it away again."""
    files: list[Path] = []

    def put(content: bytes, folder: str = "") -> None:
        files.append(_own(app, content, folder))

    yield put
    for file in files:
        file.unlink()


def test_a_commune_can_put_its_own_template_in_place_of_ours(client, whole, officer, own):
    own(_template("Mẫu của xã: {{ child.name }}", "{%p for action in plan.actions %}", "{{ action.description }}",
                  "{%p endfor %}"))  # fmt: skip

    text = printed(client.sign_in(officer), whole, "mau-05")

    assert "Mẫu của xã: Nguyễn Thị Minh Châu Khám sức khỏe Tư vấn" in text
    assert "QUYẾT ĐỊNH" not in text


def test_the_template_of_one_commune_goes_before_that_of_the_installation(client, make, whole, officer, own):
    make.home.code = "11278"
    db.session.commit()
    own(_template("chung"))
    own(_template("riêng"), "11278")

    assert "riêng" in printed(client.sign_in(officer), whole, "mau-05")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"not a Word file", "không phải là tệp Word .docx đọc được"),
        (b"", "không phải là tệp Word .docx đọc được"),
        (_template("{{ plan.gaol }}"), "dùng ô “gaol” mà phần mềm không có"),
        (_template("{{ chidl }}"), "dùng ô “chidl” mà phần mềm không có"),
        (_template("{{ plan.goal"), "viết sai dấu ngoặc hoặc sai lệnh"),
        (_template("{%p for action in plan.actions %}"), "viết sai dấu ngoặc hoặc sai lệnh"),
        (_template("{{ ''.__class__.__mro__ }}"), "mẫu riêng"),
        (_template("{{ 1 / 0 }}"), "mẫu riêng"),
    ],
)
def test_a_broken_template_is_answered_with_one_sentence(client, whole, officer, own, content, told):
    own(content)

    page = client.sign_in(officer).page(f"/cases/{whole.id}/documents/mau-05", follow_redirects=True)

    assert page.status == 200
    notices = [notice.get_text(strip=True) for notice in page.soup.select(".notice.warning")]
    assert len(notices) == 1
    assert told.lower() in notices[0].lower()
    assert "mau-05.docx" in notices[0]
    assert db.session.scalars(select(AuditEvent).where(AuditEvent.event == "document_made")).all() == []


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


@pytest.mark.parametrize("form", documents.FORMS, ids=lambda form: form.code)
def test_the_template_is_the_one_that_would_be_made_now(form):
    kept = (config.ROOT / "templates" / form.template).read_bytes()

    assert _parts(kept) == _parts(making.drawn(form.file_name)), "run `python -m app.documents.making`"


def test_every_template_made_belongs_to_a_form():
    of_care = [*documents.CARE_FORMS.values(), *documents.CARER_FORMS.values(), documents.CARER_LIST]

    assert {form.file_name for form in (*documents.FORMS, *of_care)} == set(making.TEMPLATES)
