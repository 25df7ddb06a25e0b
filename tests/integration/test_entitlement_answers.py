"""What a person answers about a right: it decides, bears her name, is kept in history, and is asked again when facts change."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, history, visible_history
from app.entitlements import lists
from app.entitlements.lists import Filters, Question
from app.workbooks import Variant
from models import (
    AllowanceBasis,
    AuditEvent,
    Change,
    Child,
    EntitlementAnswer,
    HouseholdStatus,
    Poverty,
    RelativeKind,
    RelativeState,
    Right,
    User,
    Verdict,
    Village,
    db,
)
from tests.integration.test_entitlements import allow, officer, orphan, with_hiv, years_ago
from tests.integration.test_workbooks import made, rows
from tests.make import Make
from tests.page import Client, Page

__all__ = ["officer"]


def half_orphan(make: Make, village: Village | None = None) -> Child:
    """A child of eight, its father dead, the household poor: whether the mother married again, nobody recorded."""
    village = village or make.village()
    household = make.household("Lê Thị Đơn", village)
    make.save(HouseholdStatus(household=household, year=clock.today().year, status=Poverty.POOR))
    child = make.child("Lê Văn Côi", village, born=years_ago(8), household=household)
    make.relative(child, RelativeKind.FATHER, "Lê Văn Khuất", RelativeState.DEAD)
    make.relative(child, RelativeKind.MOTHER, "Lê Thị Đơn")
    return child


def give(client: Client, child: Child, right: str, verdict: str = "no", **values: str) -> Page:
    """Answer through the page."""
    sent = {"right": right, "verdict": verdict, "reason": "Mẹ đã có chồng mới, xem sổ hộ tịch", **values}
    return send(client, child, sent)


def send(client: Client, child: Child, values: dict[str, str]) -> Page:
    """Fill in the form of an answer and send it."""
    address = f"/entitlements/children/{child.id}/answer"
    return client.send(address, {**client.page(address).form(), **values})


def standing(user: User, child: Child, right: Right) -> tuple[str, str | None]:
    """(standing, question) of a right on the list; of one that is not there, blanks."""
    for line in lists.lines(user, Filters(), clock.today()):
        if (line.child.id, line.entitlement.right) == (child.id, right):
            return line.entitlement.standing.value, line.question.value if line.question else None
    return "", None


def test_a_question_is_answered_on_a_page_and_shown_with_its_author(client: Client, make: Make, officer: User) -> None:
    child = half_orphan(make)
    client.sign_in(officer)
    assert standing(officer, child, Right.K4) == ("possible", "waiting")

    page = give(client, child, "k4")

    assert standing(officer, child, Right.K4) == ("refused", "answered")
    row = next(row for row in page.rows() if "Đ5.4" in row["Quyền lợi"])
    assert row["Theo quy định"] == ""
    assert "Trả lời: không được hưởng" in row["Trả lời"]
    assert "Mẹ đã có chồng mới" in row["Trả lời"]
    assert officer.full_name in row["Trả lời"]
    assert f"{clock.today():%d/%m/%Y}" in row["Trả lời"]
    assert "1 dòng" in client.page("/entitlements/?question=answered").text


def test_yes_to_a_question_makes_it_something_to_apply_for(client: Client, make: Make, officer: User) -> None:
    child = half_orphan(make)
    client.sign_in(officer)

    give(client, child, "k4", "yes", reason="Mẹ chưa có chồng mới")

    assert standing(officer, child, Right.K4) == ("to_apply", "answered")


def test_who_disagrees_with_the_machine_has_the_last_word(client: Client, make: Make, officer: User) -> None:
    refused, received, unseen = orphan(make), make.child("Đỗ Văn Lá", born=years_ago(9)), make.child("Đỗ Văn Cành")
    allow(make, received)
    client.sign_in(officer)
    assert standing(officer, refused, Right.K1)[0] == "to_apply"
    assert standing(officer, received, Right.K1) == ("doubtful", "waiting")
    assert standing(officer, unseen, Right.K4) == ("", None)

    give(client, refused, "k1")
    give(client, received, "k1", "yes", reason="Giấy báo tử chưa ghi vào sổ")
    give(client, unseen, "k4", "yes", reason="Mẹ đơn thân, hộ nghèo vừa duyệt")

    assert standing(officer, refused, Right.K1) == ("refused", "answered")
    assert standing(officer, received, Right.K1) == ("receiving", "answered")
    assert standing(officer, unseen, Right.K4) == ("to_apply", "answered")


def test_no_to_what_is_received_says_to_end_it(client: Client, make: Make, officer: User) -> None:
    child = orphan(make)
    allow(make, child)
    client.sign_in(officer)

    page = give(client, child, "k1", reason="Đã được nhận làm con nuôi")

    assert standing(officer, child, Right.K1) == ("doubtful", "answered")
    assert "làm thủ tục thôi hưởng" in page.text


def test_a_refused_right_gives_way_to_the_next(client: Client, make: Make, officer: User) -> None:
    child = orphan(make)
    make.circumstance(child, "d.1")
    client.sign_in(officer)
    assert standing(officer, child, Right.K1) == ("", None)  # the disability gives more

    give(client, child, "k6", reason="Hội đồng xác định lại: nhẹ")

    assert standing(officer, child, Right.K6) == ("refused", "answered")
    assert standing(officer, child, Right.K1)[0] == "to_apply"


def test_it_is_asked_again_when_a_fact_it_rested_on_changes(client: Client, make: Make, officer: User) -> None:
    child = half_orphan(make)
    client.sign_in(officer)
    give(client, child, "k4")

    child.note = "điều khác"
    db.session.commit()
    assert standing(officer, child, Right.K4) == ("refused", "answered")
    child.household.statuses[0].status = Poverty.NEAR_POOR  # still on the list
    db.session.commit()
    assert standing(officer, child, Right.K4) == ("refused", "answered")

    mother = next(one for one in child.relatives if one.kind is RelativeKind.MOTHER)
    mother.state = RelativeState.UNABLE
    db.session.commit()

    assert standing(officer, child, Right.K4) == ("possible", "again")
    page = client.page("/entitlements/?question=again")
    assert "đã đổi: Tình trạng của cha, mẹ" in page.rows(1)[0]["Còn thiếu, cần xem"]


def test_an_answer_that_alone_spoke_for_a_right_is_asked_again_too(client: Client, make: Make, officer: User) -> None:
    child = make.child("Đỗ Văn Cành", born=years_ago(9))
    client.sign_in(officer)
    give(client, child, "k4", "yes")

    make.relative(child, RelativeKind.FATHER, "Đỗ Văn Mới")

    assert standing(officer, child, Right.K4) == ("possible", "again")


def test_it_is_confirmed_anew_or_changed_and_both_are_kept_in_history(
    client: Client, make: Make, officer: User
) -> None:
    child = half_orphan(make)
    client.sign_in(officer)
    give(client, child, "k4")
    answer = db.session.scalars(select(EntitlementAnswer)).one()
    colleague = make.user("officer", full_name="Vũ Thị Thay")
    mother = next(one for one in child.relatives if one.kind is RelativeKind.MOTHER)
    mother.state = RelativeState.UNABLE
    db.session.commit()

    client.sign_in(colleague)
    address = f"/entitlements/answers/{answer.id}"
    page = client.send(address, {**client.page(address).form(), "verdict": "yes", "reason": "Mẹ ở riêng"})

    assert standing(officer, child, Right.K4)[1] == "answered"
    assert "Vũ Thị Thay" in page.text
    told = page.soup.select_one("details").get_text(" ", strip=True)
    assert "Không được hưởng" in told
    assert "Mẹ đã có chồng mới" in told
    assert officer.full_name in told


def test_two_who_answer_at_once_are_told(client: Client, make: Make, officer: User) -> None:
    child = half_orphan(make)
    client.sign_in(officer)
    give(client, child, "k4")
    answer = db.session.scalars(select(EntitlementAnswer)).one()
    address = f"/entitlements/answers/{answer.id}"
    form = client.page(address).form()
    client.send(address, {**client.page(address).form(), "reason": "ý khác"})

    page = client.send(address, {**form, "reason": "ý của tôi"})

    assert page.status == 409
    assert "ý của tôi" in page.text


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"verdict": ""}, "verdict-0"),
        ({"reason": "  "}, "reason"),
        ({"right": "other"}, "right"),
        ({"right": "k9"}, "right"),
        ({"answered_on": "31/12/2199"}, "answered_on"),
        ({"answered_on": "hôm qua"}, "answered_on"),
    ],
)
def test_bad_answers_are_refused_in_words(
    client: Client, make: Make, officer: User, sent: dict[str, str], field: str
) -> None:
    good = {"right": "k4", "verdict": "no", "reason": "Đã hỏi"}

    page = send(client.sign_in(officer), half_orphan(make), {**good, **sent})

    assert page.status == 422
    assert field in page.errors()
    assert db.session.scalars(select(EntitlementAnswer)).all() == []


def test_sent_twice_it_is_one_answer_and_a_second_one_is_not_offered(client: Client, make: Make, officer: User) -> None:
    child = half_orphan(make)
    address = f"/entitlements/children/{child.id}/answer"
    form = client.sign_in(officer).page(address).form()
    sent = {**form, "right": "k4", "verdict": "no", "reason": "Đã hỏi"}

    for _time in range(2):
        assert client.post(address, data=sent).status_code == 303

    assert len(db.session.scalars(select(EntitlementAnswer)).all()) == 1
    assert give(client, child, "k4").status == 422


def test_the_leader_reads_answers_and_gives_none(client: Client, make: Make, officer: User) -> None:
    child = half_orphan(make)
    give(client.sign_in(officer), child, "k4")
    client.sign_in(make.user("leader"))

    page = client.page(f"/entitlements/children/{child.id}")

    assert "Mẹ đã có chồng mới" in page.text
    assert not page.soup.select('a[href*="/answer"]')
    assert client.get(f"/entitlements/children/{child.id}/answer").status_code == 403


def test_a_collaborator_learns_nothing_of_answers_in_page_history_or_values(
    client: Client, make: Make, officer: User
) -> None:
    village = make.village()
    child = with_hiv(make, village)
    give(client.sign_in(officer), child, "k3", "yes", reason="Bệnh viện xác nhận")
    collaborator = make.user("collaborator", village=village)
    (change,) = db.session.scalars(select(Change).where(Change.record_table == "entitlement_answers"))

    seen = db.session.scalars(visible_history.visible_child_changes(collaborator, child.id)).all()
    page = client.sign_in(collaborator).page(f"/children/{child.id}")

    assert change.fields["right"] == [None, "k3"]
    assert change.id not in {one.id for one in seen}
    assert history.told([change], collaborator) == []
    assert "k3" in visible_history.secret_values(collaborator)["right"]
    assert "Trả lời về quyền lợi" not in page.text
    assert "Bệnh viện" not in page.text
    assert client.get(f"/entitlements/children/{child.id}").status_code == 403


def test_hiv_stands_in_no_address_no_audit_no_digest_and_on_no_paper(client: Client, make: Make, officer: User) -> None:
    child = with_hiv(make)
    page = give(client.sign_in(officer), child, "k3", reason="Không thuộc hộ nghèo nữa")
    answer = db.session.scalars(select(EntitlementAnswer)).one()

    addresses = [link["href"] for link in page.soup.select("main a[href]")]
    audited = [str(event.details) for event in db.session.scalars(select(AuditEvent))]
    assert not [one for one in [*addresses, *audited, str(answer.rested_on)] if "k3" in one or "HIV" in one]
    assert all(len(digest) == 64 for digest in answer.rested_on.values())
    row = next(row for row in page.soup.select("tbody tr") if "HIV" in row.get_text())
    assert "no-print" in row["class"]
    assert "Suối" not in client.page("/entitlements/print").text
    for variant in (Variant.CODED, Variant.NAMED):
        told = rows(made(make.home, "entitlement-gaps", variant)["Cần xem"])
        assert child.code not in {line["Mã trẻ em"] for line in told}


def test_the_workbook_tells_the_verdict_and_never_the_reason(client: Client, make: Make, officer: User) -> None:
    child = half_orphan(make)
    give(client.sign_in(officer), child, "k4", "yes", reason="Lý do riêng")

    book = made(make.home, "entitlement-gaps", Variant.NAMED)

    (row,) = [row for row in rows(book["Cần xem"]) if row["Mã trẻ em"] == child.code]
    assert (row["Người xem xét trả lời"], row["Ngày trả lời"].date()) == ("Được hưởng", clock.today())
    assert "Lý do riêng" not in str(list(book["Cần xem"].values))


def test_answers_are_of_ones_own_commune(client: Client, make: Make, officer: User) -> None:
    there = make.village("Thôn Bên", make.commune("xã Bên"))
    child = half_orphan(make, there)
    foreign = make.user("officer", commune=there.commune)
    give(client.sign_in(foreign), child, "k4")
    answer = db.session.scalars(select(EntitlementAnswer)).one()
    client.sign_in(officer)

    assert client.get(f"/entitlements/answers/{answer.id}").status_code == 404
    assert client.get(f"/entitlements/children/{child.id}/answer").status_code == 404


def test_of_a_child_that_left_nothing_is_asked(client: Client, make: Make, officer: User) -> None:
    child = half_orphan(make)
    give(client.sign_in(officer), child, "k4")
    child.left_on = clock.today() - timedelta(days=1)
    db.session.commit()

    assert "quyền lợi do nơi ở mới" in client.page(f"/entitlements/children/{child.id}").text
    assert client.get(f"/entitlements/children/{child.id}/answer").status_code == 404


def test_an_answer_counts_as_a_question_only_while_it_waits(make: Make, officer: User) -> None:
    child = half_orphan(make)
    line = next(line for line in lists.lines(officer, Filters(), clock.today()) if line.child.id == child.id)

    assert line.question is Question.WAITING
    assert lists.narrowed([line], Filters(question=Question.ANSWERED)) == []


def test_the_record_kept_after_a_merge_is_asked_again(make: Make, officer: User) -> None:
    from app import merging

    child, other = half_orphan(make), half_orphan(make)
    make.save(
        EntitlementAnswer(
            commune_id=other.commune_id, child_id=other.id, right=Right.K4, verdict=Verdict.NOT_ENTITLED, reason="x",
            answered_on=clock.today(), answered_by_id=officer.id, rested_on={},
        )
    )  # fmt: skip

    merging.merge(officer, child, other, {})
    db.session.commit()

    assert standing(officer, child, Right.K4) == ("possible", "again")


def test_allowances_of_carers_and_of_khoan_2_are_recorded(client: Client, make: Make, officer: User) -> None:
    child = orphan(make)
    make.relative(child, RelativeKind.CAREGIVER, "Bà Nội")
    allow(make, child, AllowanceBasis.CARER, monthly_amount=750_000)

    assert standing(officer, child, Right.CARER)[0] == "receiving"
