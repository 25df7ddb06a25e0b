"""Services and visits: the list, the officer's form, the collaborator's short one, and who provides."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app import clock, support
from app.support import ServiceFilters, ServiceState
from models import (
    Case,
    CaseMember,
    CasePlan,
    Child,
    PlanAction,
    PlanDecision,
    Programme,
    Provider,
    ProviderKind,
    Service,
    ServiceKind,
    ServiceOutcome,
    db,
)
from tests.make import Make
from tests.page import Client


@pytest.fixture
def village(make: Make):
    return make.village("Thôn Một")


@pytest.fixture
def child(make: Make, village) -> Child:
    return make.child("Vàng Thị Mai", village)


@pytest.fixture
def officer(make: Make):
    return make.user("officer")


@pytest.fixture
def collaborator(make: Make, village):
    return make.user("collaborator", village=village)


def give(make: Make, child: Child, **values: Any) -> Service:
    values.setdefault("kind", ServiceKind.GIFT)
    return make.save(Service(commune_id=child.commune_id, child_id=child.id, **values))


def stored() -> list[Service]:
    db.session.expire_all()
    return list(db.session.scalars(select(Service).order_by(Service.id)).unique())


def test_a_collaborator_logs_a_visit_with_a_short_form(client: Client, child, collaborator):
    client.sign_in(collaborator)
    page = client.page(f"/services/new?child={child.id}")

    client.send(
        f"/services/new?child={child.id}",
        {"kind": "visit", "done_on": f"{clock.today():%d/%m/%Y}", "description": "Cháu khỏe", "form_key": "1"},
    )

    [visit] = stored()
    shown = {one["name"] for one in page.soup.select("main [name]") if one.get("type") != "hidden"}
    assert shown == {"kind", "done_on", "description", "quantity", "note"}
    assert (visit.kind, visit.outcome, visit.done_on) == (ServiceKind.VISIT, ServiceOutcome.DONE, clock.today())
    assert visit.recorded_by_id == collaborator.id


def test_the_officer_plans_a_service_within_a_case(client, make, child, officer):
    case = make.case(child)
    form = {"kind": "legal", "outcome": "open", "due_on": "1/12/2030", "cost": "1.500.000", "form_key": "1"}

    client.sign_in(officer).send(f"/services/new?case={case.id}", form)

    [service] = stored()
    assert (service.case_id, service.child_id, service.cost) == (case.id, child.id, 1_500_000)
    assert "Trợ giúp pháp lý" in client.page(f"/cases/{case.id}").text


def test_the_same_form_sent_twice_makes_one_service(client, child, collaborator):
    client.sign_in(collaborator)

    for _time in range(3):
        client.post(
            f"/services/new?child={child.id}", data={"kind": "visit", "done_on": "5/1/2026", "form_key": "same"}
        )

    assert len(stored()) == 1


def test_a_stale_service_form_is_told(client, make, child, officer):
    service = give(make, child, note="đầu")
    form = {"kind": "gift", "outcome": "open", "version": str(service.version)}
    client.sign_in(officer).send(f"/services/{service.id}/edit", {**form, "note": "hai", "form_key": "1"})

    stale = client.send(f"/services/{service.id}/edit", {**form, "note": "ba", "form_key": "2"})

    assert stale.status == 409
    assert stored()[0].note == "hai"


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({"outcome": "done"}, {"done_on"}),
        ({"outcome": "done", "done_on": "1/1/2090"}, {"done_on"}),
        ({"outcome": "open", "started_on": "5/1/2026", "done_on": "4/1/2026"}, {"done_on"}),
        ({"outcome": "open", "kind": ""}, {"kind"}),
    ],
)
def test_impossible_services_are_told(client, child, officer, answers, errors):
    page = client.sign_in(officer).send(f"/services/new?child={child.id}", {"kind": "gift", "form_key": "1", **answers})

    assert (page.status, set(page.errors())) == (422, errors)


def test_one_click_says_that_a_service_was_given(client, make, child, officer):
    service = give(make, child, due_on=date(2026, 1, 5))

    client.sign_in(officer).send(f"/services/{service.id}/done", {"form_key": "1"})

    assert (stored()[0].outcome, stored()[0].done_on) == (ServiceOutcome.DONE, clock.today())


@pytest.fixture
def given(make: Make, child) -> dict[int, str]:
    provider = make.save(Provider(commune_id=child.commune_id, name="Trường Mầm non", kind=ProviderKind.SCHOOL))
    other = make.child("Lò Văn Ba", make.village("Thôn Hai"))
    services = {
        "gift": give(make, child, done_on=date(2026, 6, 1), outcome=ServiceOutcome.DONE, provider_id=provider.id),
        "visit": give(make, other, kind=ServiceKind.VISIT, done_on=date(2025, 3, 1), outcome=ServiceOutcome.DONE),
        "legal": give(make, other, kind=ServiceKind.LEGAL, due_on=date(2026, 9, 1), programme=Programme.ABUSE),
    }
    return {service.id: name for name, service in services.items()}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (ServiceFilters(), {"gift", "visit", "legal"}),
        (ServiceFilters(kind=ServiceKind.VISIT), {"visit"}),
        (ServiceFilters(programme=Programme.ABUSE), {"legal"}),
        (ServiceFilters(year=2026), {"gift", "legal"}),
        (ServiceFilters(state=ServiceState.OPEN), {"legal"}),
        (ServiceFilters(state=ServiceState.ENDED), {"gift", "visit"}),
    ],
)
def test_filters_narrow_the_list_and_its_count(officer, given, filters, found):
    services = db.session.scalars(support.services_query(officer, filters)).unique().all()

    assert {given[service.id] for service in services} == found
    assert support.count_services(officer, filters) == len(found)


def test_filters_by_village_and_provider_stand_in_the_address(client, make, officer, child, given):
    provider = db.session.scalars(select(Provider)).one()
    client.sign_in(officer)

    by_village = client.page(f"/services/?village={child.village_id}")
    by_provider = client.page(f"/services/?provider={provider.id}")

    assert [row["Trẻ em"] for row in by_village.rows()] == ["Vàng Thị Mai"]
    assert [row["Nơi cung cấp"] for row in by_provider.rows()] == ["Trường Mầm non"]
    assert "1 dịch vụ" in by_village.text


def test_nonsense_in_the_address_is_left_out():
    asked = {"kind": "x", "year": "20260", "village": "-1", "provider": "0", "state": "open"}

    assert ServiceFilters.read(asked) == ServiceFilters(state=ServiceState.OPEN)


def test_the_newest_service_comes_first(client, officer, given):
    rows = client.sign_in(officer).page("/services/").rows()

    assert [row["Dịch vụ"] for row in rows] == [
        "Trợ giúp pháp lý",
        "Thăm hỏi, theo dõi tại nhà",
        "Quà, học bổng, hiện vật",
    ]


def test_a_collaborator_sees_and_changes_her_own_village_only(client, make, child, collaborator, officer, given):
    mine = give(make, child, recorded_by_id=collaborator.id, done_on=date(2026, 1, 5))
    by_id = {name: key for key, name in given.items()}
    client.sign_in(collaborator)

    rows = client.page("/services/").rows()

    assert {row["Thôn"] for row in rows} == {"Thôn Một"}
    assert client.get(f"/services/{mine.id}/edit").status_code == 200
    assert client.get(f"/services/{by_id['gift']}/edit").status_code == 404
    assert client.get(f"/services/{by_id['visit']}/edit").status_code == 404


def test_a_service_of_a_case_she_does_not_follow_is_hidden_from_a_collaborator(client, make, child, collaborator):
    case = make.case(child)
    service = give(make, child, case_id=case.id, description="Trị liệu kín")
    client.sign_in(collaborator)

    assert "Trị liệu kín" not in client.page("/services/").text
    assert client.get(f"/services/{service.id}/edit").status_code == 404


def test_children_out_of_scope_are_not_found(client, make, collaborator):
    far = make.child("Giàng A Xa", make.village("Thôn Xa"))
    abroad = make.child("Giàng A Lạ", make.village("Thôn Lạ", make.commune()))
    client.sign_in(collaborator)

    for address in (f"?child={far.id}", f"?child={abroad.id}", "?child=999999", "?case=999999"):
        assert client.get(f"/services/new{address}").status_code == 404


def test_without_a_child_one_is_led_to_the_register(client, collaborator):
    assert client.sign_in(collaborator).get("/services/new").location == "/children/"


def test_the_officer_keeps_the_list_of_providers(client, make, officer):
    client.sign_in(officer)
    client.send(
        "/services/providers/new", {"name": "Trạm Y tế xã", "kind": "health", "is_active": "y", "form_key": "1"}
    )
    provider = db.session.scalars(select(Provider)).one()

    client.send(
        f"/services/providers/{provider.id}/edit",
        {"name": "Trạm Y tế", "kind": "health", "version": str(provider.version), "form_key": "2"},
    )

    assert client.page("/services/providers").rows()[0]["Tên"] == "Trạm Y tế không còn hoạt động"


def test_a_provider_no_longer_active_is_not_offered(client, make, child, officer):
    make.save(Provider(commune_id=child.commune_id, name="Nhóm Cũ", is_active=False))
    make.save(Provider(commune_id=child.commune_id, name="Nhóm Mới"))
    make.save(Provider(commune_id=make.commune().id, name="Nhóm Xã Khác"))

    page = client.sign_in(officer).page(f"/services/new?child={child.id}")

    assert [option.get_text() for option in page.soup.select("#provider_id option")] == ["– không ghi –", "Nhóm Mới"]


def test_providers_are_the_officers_to_change(client, collaborator):
    assert client.sign_in(collaborator).get("/services/providers/new").status_code == 403
    assert client.get("/services/providers").status_code == 200


class TestAPlansAction:
    """NĐ 56/2017 Đ28.3, Đ29: what the plan says is carried out by services tied to its actions."""

    @pytest.fixture
    def case(self, make: Make, child, officer) -> Case:
        return make.case(child, opened_by=officer)

    @pytest.fixture
    def action(self, make: Make, case) -> PlanAction:
        return planned(make, case, "Khám sức khỏe, điều trị", responsible="Trạm y tế xã")

    def address(self, action: PlanAction, **others: Any) -> str:
        return f"/services/new?case={others.get('case_id', action.plan.case_id)}&action={action.id}"

    def test_one_click_takes_over_what_the_plan_says(self, client, make, officer, case, action):
        provider = make.save(Provider(commune_id=case.commune_id, name="Trạm Y tế xã"))
        client.sign_in(officer)
        [link] = client.page(f"/cases/{case.id}").soup.select("a[href*='action=']")

        form = client.page(link["href"]).form()
        client.send(link["href"], form)

        [service] = stored()
        assert (service.case_id, service.action_id, service.kind) == (case.id, action.id, ServiceKind.HEALTH)
        assert (service.provider_id, service.due_on, service.cost) == (provider.id, date(2026, 12, 20), 800_000)
        assert (service.requested_on, service.outcome) == (clock.today(), ServiceOutcome.OPEN)

    def test_a_body_that_is_no_provider_is_noted(self, client, officer, action):
        form = client.sign_in(officer).page(self.address(action)).form()

        assert (form["provider_id"], form["note"]) == ("", "Nơi thực hiện theo kế hoạch: Trạm y tế xã")

    def test_the_action_is_done_when_its_last_service_is(self, client, make, child, officer, case, action):
        of_action = {"case_id": case.id, "action_id": action.id, "kind": ServiceKind.HEALTH}
        first, last = give(make, child, **of_action), give(make, child, **of_action)
        client.sign_in(officer)

        halfway = client.send(f"/services/{first.id}/done", {"form_key": "1"})
        assert action.done_on is None
        page = client.send(f"/services/{last.id}/done", {"form_key": "2"})

        assert action.done_on == clock.today()
        assert "trong kế hoạch cũng được ghi là đã thực hiện" in page.text
        assert "trong kế hoạch cũng" not in halfway.text

    def test_opening_the_service_again_opens_the_action(self, client, make, child, officer, case, action):
        day = date(2026, 1, 5)
        service = give(
            make, child, case_id=case.id, action_id=action.id, outcome=ServiceOutcome.DONE, done_on=day, due_on=day
        )
        action.done_on = day
        db.session.commit()
        client.sign_in(officer)
        form = client.page(f"/services/{service.id}/edit").form()

        page = client.send(f"/services/{service.id}/edit", {**form, "outcome": "open", "done_on": ""})

        assert action.done_on is None
        assert "trở lại là chưa thực hiện" in page.text

    def test_a_day_typed_at_the_action_is_kept(self, client, make, child, officer, case, action):
        service = give(make, child, case_id=case.id, action_id=action.id)
        action.done_on = date(2026, 1, 1)
        db.session.commit()

        client.sign_in(officer).send(f"/services/{service.id}/done", {"form_key": "1"})

        assert action.done_on == date(2026, 1, 1)

    def test_only_of_a_case_one_knows(self, client, make, child, collaborator, officer, case, action):
        case.collaborator_id = collaborator.id
        other = planned(make, make.case(child, opened_by=officer), "Tư vấn")
        make.save(CaseMember(commune_id=case.commune_id, case_id=case.id, user_id=officer.id))

        assert client.sign_in(officer).get(self.address(action, case_id=other.plan.case_id)).status_code == 404
        assert client.sign_in(collaborator).get(self.address(action)).status_code == 404
        outsider = client.sign_in(make.user("officer")).get(self.address(action))
        assert "Trạm y tế" not in outsider.text


def planned(make: Make, case: Case, description: str, **values: Any) -> PlanAction:
    plan = CasePlan(commune_id=case.commune_id, case_id=case.id, goal="An toàn", submitted_at=clock.now())
    plan.decision = PlanDecision.APPROVED
    action = PlanAction(commune_id=case.commune_id, plan=plan, description=description, **values)
    action.ends_on, action.budget = date(2026, 12, 20), 800_000
    return make.save(action)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Bố trí nơi tạm trú an toàn", ServiceKind.SAFE_PLACE),
        ("TRỊ LIỆU TÂM LÝ tại bệnh viện", ServiceKind.PSYCHOLOGY),
        ("Hỗ trợ pháp lý cho gia đình", ServiceKind.LEGAL),
        ("Cho em đi học lại", ServiceKind.EDUCATION),
        ("Hòa nhập trường học", ServiceKind.REUNIFICATION),
        ("Thăm nhà hằng tuần", ServiceKind.VISIT),
        ("Việc khác hẳn", None),
    ],
)
def test_the_kind_is_guessed_only_from_words_that_say_it(words, kind):
    assert support.guessed_kind(words) is kind
