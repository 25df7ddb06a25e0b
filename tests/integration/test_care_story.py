"""One story through pages: a call at night, separation, a foster family, visits, home again, closed; its papers opened."""

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app import care, casework
from app.procedure import Step
from models import CareEnd, CarePlacement, FosterCarer, db
from tests.integration.test_case_stories import (
    Play,
    assess,
    collaborator,
    decide,
    due,
    kept,
    leader,
    officer,
    open_case,
    play,
    report,
    step,
    submit_plan,
    village,
)

__all__ = ["collaborator", "leader", "officer", "play", "village"]

#: Paper → what must stand on it beside the child's name.
OF_CASE = {
    "mau-01": "TIẾP NHẬN THÔNG TIN",
    "mau-02": "Đánh giá nguy cơ ban đầu",
    "mau-03": "đánh giá nguy cơ cụ thể",
    "mau-04": "TỜ TRÌNH",
    "mau-05": "15/QĐ-UBND",
    "mau-06": "Rà soát, đánh giá",
    "mau-07": "Cách ly khỏi: Bùi Văn Cha, cha đẻ",
}
OF_PLACEMENT = {
    "mau-10": "muốn ở với cô Hậu",
    "mau-12": "21/QĐ-UBND",
    "mau-13": "khỏe, đi học đều",
    "mau-15": "chấm dứt",
    "mau-16": "30/QĐ-UBND",
}


def register_carer(play: Play, village) -> FosterCarer:
    play.fill(
        "/care/carers/new", full_name="Đỗ Thị Hậu", born_on="10/3/1980", village_id=str(village.id),
        registered_on="1/2/2026", verified_on="2/2/2026", **dict.fromkeys(care.CONDITIONS, "met"),
    )  # fmt: skip
    return db.session.scalars(select(FosterCarer)).unique().one()


def pdf_words(papers: dict[str, bytes], folder: Path) -> dict[str, str]:
    """Each paper opened by LibreOffice and printed, as its words."""
    for name, content in papers.items():
        (folder / f"{name}.docx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    files = [str(folder / f"{name}.docx") for name in papers]
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *files],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return {
        name: " ".join(
            subprocess.run(["pdftotext", "-layout", str(folder / f"{name}.pdf"), "-"], check=True, capture_output=True)
            .stdout.decode()
            .split()
        )
        for name in papers
    }


def test_from_the_call_at_night_to_the_foster_family_and_home(
    play, make, village, officer, leader, collaborator, client, tmp_path
):
    child = make.child("Bùi Thị Mận", village, date(2015, 3, 10))
    play.at("2026-03-02 20:10")
    told = report(
        play, collaborator, child_name="Bùi Thị Mận", child_age="khoảng 11 tuổi", child_sex="female",
        happened="Cha đánh cháu, cháu chạy sang nhà hàng xóm", is_urgent="y",
    )  # fmt: skip
    case = open_case(play, officer, told)
    client.send(f"/cases/{case.id}/child", {"child_id": str(child.id), "form_key": "gắn"})
    assert due(case)["initial"] == "08:10 03/03/2026"
    assess(play, case, is_emergency="y", safety="Đưa cháu sang nhà bà ngoại", harm_1_note="nhiều vết bầm")

    play.at("2026-03-02 22:30").fill(
        f"/cases/{case.id}/emergency-measure/new", measure="Cách ly khỏi cha", is_separation="y",
        separated_from="Bùi Văn Cha, cha đẻ", decision_number="11/QĐ-UBND", safe_place="Nhà bà ngoại",
        separated_until="10/3/2026",
    )  # fmt: skip
    measure = kept(case.id).emergency_measures[0]
    play.at("2026-03-10 08:00").fill(
        f"/cases/{case.id}/emergency-measure/{measure.id}/extensions/new",
        decision_number="13/QĐ-UBND", until="17/3/2026", reason="Chưa có nơi ở lâu dài",
    )  # fmt: skip
    play.fill(
        f"/cases/{case.id}/comprehensive-assessment/new", condition="Hoảng sợ", family="Mẹ mất, cha nghiện rượu",
        needs="Nơi ở an toàn, đi học", child_wishes="muốn ở với cô Hậu", risk="high",
    )  # fmt: skip
    plan = submit_plan(play, case, starts_on="10/3/2026", facilities="Trạm y tế xã")
    assert "Cha đánh cháu" in play.by(leader).text(f"/cases/{case.id}")
    decide(play, leader, case, plan, decision_number="15/QĐ-UBND")

    play.at("2026-03-12 08:00").by(officer)
    carer = register_carer(play, village)
    play.fill(
        f"/care/of-child/{child.id}/new?case={case.id}", form="family", carer_id=str(carer.id),
        nearer_reason="bà ngoại già yếu", first_meeting_on="11/3/2026", second_meeting_on="12/3/2026",
    )  # fmt: skip
    placement = db.session.scalars(select(CarePlacement)).unique().one()
    page = f"/care/placements/{placement.id}"
    play.fill(f"/children/{child.id}/consents/new?placement={placement.id}", giver="child", evidence="hỏi trực tiếp")
    play.press(page, "/submit")
    answered = {"answer": "approved", "decision_number": "21/QĐ-UBND"}
    play.at("2026-03-13 08:00").by(leader).fill(f"{page}/decide", **answered)
    play.at("2026-03-16 08:00").by(officer)
    play.fill(f"{page}/hand-over", handed_over_on="16/3/2026", collaborator_id=str(collaborator.id))
    play.fill(f"/cases/{case.id}/emergency-measure/{measure.id}/edit", ended_on="16/3/2026")

    for when in ("2026-04-16 08:00", "2026-06-16 08:00"):
        play.at(when).by(collaborator).fill(f"{page}/visits/new", observed="khỏe, đi học đều", child_words="cháu vui")
    play.at("2026-09-16 08:00").by(officer)
    assert "Luật Trẻ em Đ68.2" in play.text(page)
    play.fill(f"{page}/evaluations/new", findings="Cháu tiến bộ", verdict="reunite", reported_on="16/9/2026")
    ending = {"end_reason": "reunited", "end_note": "Về với cha đã cai rượu", "end_number": "30/QĐ-UBND"}
    play.at("2026-09-20 08:00").by(leader).fill(f"{page}/end", **ending)

    play.at("2026-10-01 08:00").by(officer)
    play.fill(f"/cases/{case.id}/review/new", harm_1="low", risk="low", conclusion="An toàn, ổn định", can_close="y")
    play.by(leader).fill(f"/cases/{case.id}/close", closure_reason="safe", closure_note="Cháu đã về nhà")
    assert (step(case), due(case)) == (Step.CLOSED, {})
    assert db.session.get(CarePlacement, placement.id).end_reason is CareEnd.REUNITED

    play.by(officer)
    told_then = [line.partition(" · ")[0] for line in _timeline(client, case.id)]
    assert told_then == sorted(told_then, key=lambda day: day.split(" ")[-1].split("/")[::-1], reverse=True)
    assert casework.child_name(officer, kept(case.id)) == "Bùi Thị Mận"
    papers = {code: client.get(f"/cases/{case.id}/documents/{code}") for code in OF_CASE}
    papers |= {code: client.get(f"{page}/documents/{code}") for code in OF_PLACEMENT}
    assert {code: answer.status_code for code, answer in papers.items()} == dict.fromkeys(papers, 200)
    if shutil.which("soffice") is None or shutil.which("pdftotext") is None:
        pytest.skip("LibreOffice or poppler is not on this machine: the papers were made, not opened")
    words = pdf_words({code: answer.data for code, answer in papers.items()}, tmp_path)
    wanted = {**OF_CASE, **OF_PLACEMENT}
    assert [code for code, text in words.items() if "Bùi Thị Mận" not in text or wanted[code] not in text] == []
    assert not [code for code, text in words.items() if "{{" in text or "{%" in text]


def _timeline(client, case_id: int) -> list[str]:
    return [
        " ".join(one.get_text(" ").split())
        for one in client.page(f"/cases/{case_id}/timeline").soup.select("ol.timeline li")
    ]
