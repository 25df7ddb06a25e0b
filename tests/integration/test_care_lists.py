"""The quarterly list of carers (Mẫu 09) on work list, page and workbook; children by form of alternative care."""

from datetime import date, datetime, timedelta

import pytest

from app import care, clock, indicators, register
from app.child_filters import CareFilter, ChildFilters
from app.periods import Period
from app.workbooks import Variant
from models import CareDecision, CareForm, CarePlacement, CarerListSent, FosterCarer, Provider, ProviderKind, db
from tests.integration.test_workbooks import made, rows, words

WORK = "Danh sách người nhận chăm sóc thay thế (Mẫu 09) đến hạn gửi (NĐ 56/2017 Đ40)"


@pytest.fixture
def officer(make):
    return make.user("officer")


@pytest.fixture
def village(make):
    return make.village("Thôn Đông")


def carer(make, village, name="Đỗ Thị Hậu", **values) -> FosterCarer:
    return make.save(
        FosterCarer(commune_id=village.commune_id, village_id=village.id, full_name=name, phone="0912345678", **values)
    )


def placed(make, child, form: CareForm, since: date, until: date | None = None, **values) -> CarePlacement:
    return make.save(
        CarePlacement(
            commune_id=child.commune_id, child_id=child.id, form=form, decision=CareDecision.APPROVED,
            decided_on=since, handed_over_on=since, ended_on=until, **values,
        )
    )  # fmt: skip


def at(monkeypatch, day: date) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(day.year, day.month, day.day, 9, tzinfo=clock.LOCAL))


def test_the_list_of_a_quarter_is_on_the_work_list_until_it_was_sent(client, make, officer, village, monkeypatch):
    carer(make, village, created_at=datetime(2026, 8, 1, tzinfo=clock.LOCAL))
    client.sign_in(officer)
    at(monkeypatch, date(2026, 9, 14))
    assert WORK not in client.page("/").text
    at(monkeypatch, date(2026, 9, 15))
    assert WORK in client.page("/").text
    form = {**client.page("/care/carers/lists/sent").form(), "sent_to": "Sở Y tế"}
    assert "sent_on" in client.send("/care/carers/lists/sent", {**form, "sent_on": "30/06/2026"}).errors()

    client.send("/care/carers/lists/sent", form)

    assert WORK not in client.page("/").text
    paper = db.session.scalars(db.select(CarerListSent)).one()
    assert (paper.period, paper.count, paper.sent_on) == ("2026-Q3", 1, date(2026, 9, 15))
    assert "đã gửi 15/09/2026" in client.page("/care/carers").text


def test_a_quarter_that_was_missed_stays_and_is_overdue(client, make, officer, village, monkeypatch):
    carer(make, village, created_at=datetime(2026, 8, 1, tzinfo=clock.LOCAL))
    client.sign_in(officer)
    at(monkeypatch, date(2026, 10, 5))

    text = client.page("/care/carers").text

    assert "quý III năm 2026" in text
    assert "quá hạn 5 ngày" in text
    assert [(one.period.code, one.presses) for one in care.lists_due(officer)] == [
        ("2026-Q3", True),
        ("2026-Q4", False),
    ]


def test_a_commune_without_carers_owes_no_list(officer):
    assert care.lists_due(officer) == []


def test_a_leader_is_not_asked_to_send_it(client, make, village, monkeypatch):
    carer(make, village, created_at=datetime(2026, 8, 1, tzinfo=clock.LOCAL))
    client.sign_in(make.user("leader"))
    at(monkeypatch, date(2026, 9, 30))

    assert WORK not in client.page("/").text
    assert client.get("/care/carers/lists/sent").status_code == 403


def test_the_workbook_lists_those_still_ready(make, village):
    met = dict.fromkeys(care.CONDITIONS, "met")
    first = carer(make, village, registered_on=date(2026, 1, 5), wishes="bé gái", evidence="lý lịch tư pháp", **met)
    carer(make, village, "Lò Văn Thôi", is_active=False)
    last = carer(make, village, "An Thị Thiếu", **(met | {"is_healthy": "not_met"}))

    named = rows(made(make.home, "foster-carers", Variant.NAMED)["Mẫu 09"])
    coded = made(make.home, "foster-carers")

    assert [(row["Họ và tên"], row["Kết quả xác minh"]) for row in named] == [
        ("Đỗ Thị Hậu", "Đủ điều kiện"),
        ("An Thị Thiếu", "Không đủ điều kiện"),
    ]
    assert [row["Mã người nhận"] for row in rows(coded["Mẫu 09"])] == [first.number, last.number]
    told = words(coded)
    assert not any(secret in told for secret in ("Đỗ Thị Hậu", "0912345678", "bé gái", "lý lịch"))


def test_children_by_form_of_care_agree_with_the_indicator(client, make, officer, village):
    today = clock.today()
    kids = [make.child(f"Lò Thị {name}", village) for name in ("Một", "Hai", "Ba", "Bốn")]
    home = make.save(Provider(commune_id=make.home.id, name="Trung tâm", kind=ProviderKind.CARE_FACILITY))
    someone = carer(make, village)
    placed(make, kids[0], CareForm.RELATIVE, today - timedelta(days=30), carer_id=someone.id)
    placed(make, kids[1], CareForm.FACILITY, today - timedelta(days=30), provider_id=home.id)
    placed(make, kids[2], CareForm.FAMILY, today - timedelta(days=30), today - timedelta(days=10), carer_id=someone.id)
    make.save(CarePlacement(commune_id=make.home.id, child_id=kids[3].id, form=CareForm.FAMILY))

    lines = {
        line.indicator.code: line
        for line in indicators.figures(make.home, Period.of_year(today.year), today)
        if line.indicator.code.startswith("28")
    }

    assert {code: line.total for code, line in lines.items()} == {"28": 2, "28.1": 1, "28.2": 0, "28.3": 1}
    for line in lines.values():
        assert register.count_children(officer, line.filters(None)) == line.total
    past = ChildFilters(care=CareFilter.FAMILY, on=today - timedelta(days=20))
    assert register.count_children(officer, past) == 1
    client.sign_in(officer)
    text = client.page("/children/?care=facility").text
    assert "Lò Thị Hai" in text
    assert "Lò Thị Một" not in text


def test_a_collaborator_finds_only_those_she_follows(make, village):
    collaborator = make.user("collaborator", village=village)
    kids = [make.child(f"Lò Thị {name}", village) for name in ("Một", "Hai")]
    for kid, follower in zip(kids, (collaborator.id, None), strict=True):
        placed(make, kid, CareForm.RELATIVE, clock.today(), carer_id=carer(make, village).id, collaborator_id=follower)

    assert register.count_children(collaborator, ChildFilters(care=CareFilter.ANY)) == 1
