"""Services and visits: the list, the officer's form, the collaborator's short one, and who provides."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app import access, clock, dashboard, support, worklist
from app.periods import Period
from app.reports import written
from app.support import ServiceDay, ServiceFilters, ServiceState, Totals
from app.workbooks import district
from models import (
    Case,
    CaseMember,
    CasePlan,
    CaseReview,
    Child,
    EmergencyMeasure,
    FundingSource,
    Inspection,
    PlanAction,
    PlanDecision,
    Programme,
    Provider,
    ProviderKind,
    Risk,
    Service,
    ServiceKind,
    ServiceOutcome,
    db,
)
from tests.integration.case_records import approved, plan
from tests.integration.test_query_plans import counted
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
        "gift": give(
            make,
            child,
            done_on=date(2026, 6, 1),
            outcome=ServiceOutcome.DONE,
            provider_id=provider.id,
            funding=FundingSource.FUND,
            cost=50_000,
        ),
        "visit": give(
            make,
            other,
            kind=ServiceKind.VISIT,
            requested_on=date(2025, 2, 1),
            done_on=date(2025, 3, 1),
            cost=5_000,
            outcome=ServiceOutcome.DONE,
        ),
        "legal": give(make, other, kind=ServiceKind.LEGAL, due_on=date(2026, 9, 1), programme=Programme.ABUSE),
    }
    return {service.id: name for name, service in services.items()}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (ServiceFilters(), {"gift", "visit", "legal"}),
        (ServiceFilters(kind=ServiceKind.VISIT), {"visit"}),
        (ServiceFilters(programme=Programme.ABUSE), {"legal"}),
        (ServiceFilters(programme=support.NO_PROGRAMME), {"gift", "visit"}),
        (ServiceFilters(year=2026), {"gift"}),
        (ServiceFilters(year=2026, by=ServiceDay.DUE), {"legal"}),
        (ServiceFilters(since=date(2025, 3, 1), until=date(2026, 5, 31)), {"visit"}),
        (ServiceFilters(since=date(2025, 2, 1), by=ServiceDay.REQUESTED), {"visit"}),
        (ServiceFilters(funding=FundingSource.FUND), {"gift"}),
        (ServiceFilters(state=ServiceState.DONE), {"gift", "visit"}),
        (ServiceFilters(state=ServiceState.OVERDUE), {"legal"}),
        (ServiceFilters(state=ServiceState.OPEN), {"legal"}),
        (ServiceFilters(state=ServiceState.ENDED), {"gift", "visit"}),
    ],
)
def test_filters_narrow_the_list_and_its_count(officer, given, filters, found):
    services = db.session.scalars(support.services_query(officer, filters)).unique().all()

    assert {given[service.id] for service in services} == found
    assert support.totals(officer, filters).services == len(found)


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
        "Trợ giúp pháp lý Luật Trẻ em Đ50.2.e; TT 14/2020",
        "Thăm hỏi, theo dõi tại nhà Luật Trẻ em Đ50.2.h",
        "Quà, học bổng, hiện vật Luật Trẻ em Đ49.2.d",
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


def test_every_kind_but_other_names_its_article():
    assert [kind for kind in ServiceKind if not kind.article] == [ServiceKind.OTHER]
    assert all(kind.article.startswith("Luật Trẻ em Đ") for kind in ServiceKind if kind.article)


def test_the_totals_are_one_statement_with_the_lists_conditions(officer, given):
    db.session.expire_all()
    access.sees_whole_commune(officer)

    with counted() as sent:
        found = support.totals(officer, ServiceFilters(since=date(2025, 1, 1)))

    assert found == Totals(services=2, children=2, cost=55_000, hidden=0)
    assert len(sent) == 1


def test_the_printed_list_is_whole_with_its_totals(client, make, child, officer):
    for number in range(60):
        give(make, child, done_on=date(2026, 6, 1), cost=1_000, description=f"Quà {number}")

    page = client.sign_in(officer).page("/services/print?year=2026&kind=gift")

    assert len(page.rows()) == 60
    assert "60 dịch vụ cho 1 trẻ em, kinh phí 60.000 đồng" in page.text
    assert "Quà, học bổng, hiện vật · 2026" in page.text


def test_a_day_that_cannot_be_read_is_told_and_kept(client, officer, given):
    page = client.sign_in(officer).page("/services/?since=32/13/2026")

    assert "Không đọc được ngày “32/13/2026”" in page.text
    assert page.soup.select_one("#filter-since")["value"] == "32/13/2026"
    assert "3 dịch vụ" in page.text


class TestOverdue:
    """Luật Trẻ em Đ49, Đ50; NĐ 56/2017 Đ29: what was planned and is not given in time stands on the work list."""

    @pytest.fixture
    def overdue(self, make: Make, child) -> Service:
        give(make, child, due_on=clock.today())
        give(make, child, due_on=date(2026, 1, 5), outcome=ServiceOutcome.NOT_DONE)
        give(make, make.child("Lò Văn Xa", make.village("Thôn Xa")), due_on=date(2026, 1, 5))
        return give(make, child, due_on=date(2026, 1, 5))

    def count(self, user: Any) -> dict[str, int]:
        return {task.address: task.count for task in worklist.tasks(user) if task.code == "services_overdue"}

    def test_the_number_is_that_of_its_list(self, app, client, overdue, officer, collaborator):
        for user, number in ((officer, 2), (collaborator, 1)):
            with app.test_request_context():
                [(address, count)] = self.count(user).items()
            page = client.sign_in(user).page(address)

            assert (count, len(page.rows())) == (number, number)
            assert {row["Kết quả"] for row in page.rows()} == {"Quá hạn"}
            assert "hạn 05/01/2026" in page.text

    def test_the_collaborator_says_that_it_was_given(self, client, overdue, collaborator):
        client.sign_in(collaborator)

        client.send(f"/services/{overdue.id}/done?state=overdue", {"form_key": "1"})

        db.session.expire_all()
        assert (overdue.outcome, overdue.done_on) == (ServiceOutcome.DONE, clock.today())
        assert client.get(f"/services/{overdue.id}/edit").status_code == 404


def of_team(make: Make, case: Case, user: Any) -> Case:
    make.save(CaseMember(commune_id=case.commune_id, case_id=case.id, user_id=user.id))
    return case


class TestAnotherTeamsCase:
    """NĐ 56/2017 Đ24, Đ33; docs/decisions/0090-services-of-other-teams.md."""

    SECRET = "Đưa đến nhà tạm lánh"

    @pytest.fixture
    def service(self, make: Make, child, officer) -> Service:
        case = of_team(make, make.case(child, opened_by=officer), officer)
        day = clock.today()
        given = {
            "kind": ServiceKind.SAFE_PLACE,
            "description": self.SECRET,
            "cost": 700_000,
            "due_on": date(2026, 1, 1),
        }
        return give(make, child, case_id=case.id, recorded_by_id=officer.id, started_on=day, **given)

    def pages(self, service: Service) -> list[str]:
        child = f"/children/{service.child_id}"
        return [child, f"{child}/timeline", "/services/", "/services/print", "/services/?state=overdue"]

    def test_the_team_reads_it(self, client, service, officer):
        client.sign_in(officer)

        assert all(self.SECRET in client.page(address).text for address in self.pages(service))

    @pytest.mark.parametrize("role", ["officer", "leader", "collaborator"])
    def test_others_learn_nothing_of_it(self, client, make, village, service, role):
        client.sign_in(make.user(role, village=village if role == "collaborator" else None))

        for address in self.pages(service):
            page = client.page(address)
            assert self.SECRET not in page.text
            for form in page.soup.select("form"):
                form.decompose()
            assert "Bố trí nơi tạm trú an toàn" not in page.text
        assert client.get(f"/services/{service.id}/edit").status_code in (403, 404)
        assert client.post(f"/services/{service.id}/done", data={"form_key": "1"}).status_code in (403, 404)

    def test_having_reported_it_is_not_enough_for_a_collaborator(self, client, make, child, collaborator, officer):
        case = make.case(child, make.report(collaborator, child), opened_by=officer)
        give(make, child, case_id=case.id, description=self.SECRET)
        client.sign_in(collaborator)
        assert self.SECRET not in client.page("/services/").text

        case.collaborator_id = collaborator.id
        db.session.commit()

        assert self.SECRET in client.page("/services/").text

    def test_every_figure_counts_it(self, app, client, make, child, service, officer):
        give(make, child, done_on=clock.today(), outcome=ServiceOutcome.DONE, cost=50_000)
        outsider = make.user("officer", "leader")
        year = clock.today().year

        with app.test_request_context():
            [bar] = [bar for bar in dashboard.services(outsider).bars if bar.values[0]]
            reader = access.commune_reader(child.commune_id)
            report = written._services(reader, Period.of_year(year))
        page = client.sign_in(outsider).page(f"/services/?year={year}&programme=none")
        narrowed = client.page(f"/services/?year={year}&village={child.village_id}")

        assert (bar.values, bar.told) == ((2,), ("2; 750.000 đ",))
        assert report == {"count": "2", "children": "1", "cost": "750.000"}
        assert "2 dịch vụ cho 1 trẻ em, kinh phí 750.000 đồng" in page.text
        assert "1 dịch vụ thuộc vụ việc của nhóm khác: chỉ đếm" in page.text
        assert "1 dịch vụ cho 1 trẻ em, kinh phí 50.000 đồng" in narrowed.text

    def test_the_condition_knows_the_cases_that_the_rule_knows(self, make, child, officer):
        leader, other = make.user("leader"), make.user("officer")
        of = {"commune_id": child.commune_id}
        now = clock.now()

        def team_case(**values: Any) -> Case:
            return of_team(make, make.case(child, opened_by=officer, **values), officer)

        make.case(child, opened_by=officer)
        team_case(assigned_to_id=other.id)
        approved(make, team_case())
        plan(make, team_case(), submitted_at=now)
        plan(make, team_case(closed_at=now), submitted_at=now)
        for ended_on in (None, clock.today()):
            of_case = {**of, "case_id": team_case().id}
            make.save(EmergencyMeasure(**of_case, started_at=now, measure="x", is_separation=True, ended_on=ended_on))
        for answers in ((True,), (True, False)):
            of_case = {**of, "case_id": team_case().id}
            for can_close in answers:
                values = {"reviewed_on": clock.today(), "risk": Risk.LOW, "conclusion": "x", "levels": {}}
                make.save(CaseReview(**of_case, **values, can_close=can_close))

        for user, number in ((officer, 9), (other, 2), (leader, 1), (make.user("collaborator"), 0)):
            cases = db.session.scalars(access.visible_cases(user)).unique().all() or []
            known = set(db.session.scalars(access.visible_cases(user).where(access.known_case(user))).unique())
            assert known == {case for case in cases if access.knows_case(user, case)}
            assert len(known) == number


class TestInspections:
    """Visits to providers and care facilities, what was found, and whether it was mended."""

    @pytest.fixture
    def provider(self, make: Make, officer) -> Provider:
        return make.save(Provider(commune_id=officer.commune_id, name="Mái ấm", kind=ProviderKind.CARE_FACILITY))

    def inspect(self, make: Make, provider: Provider, **values: Any) -> Inspection:
        values.setdefault("visited_on", clock.today())
        of = {"commune_id": provider.commune_id, "provider_id": provider.id}
        return make.save(Inspection(**of, inspectors="Đoàn xã", findings="Thiếu bình chữa cháy", **values))

    def test_a_visit_is_recorded_and_its_mending_later(self, client, officer, provider):
        client.sign_in(officer)
        found = {"visited_on": "5/1/2026", "inspectors": "Đoàn xã", "findings": "Thiếu bình", "mend_by": "20/1/2026"}
        page = client.send(f"/services/providers/{provider.id}/inspections/new", {**found, "form_key": "1"})
        assert "khắc phục trước 20/01/2026" in page.text
        [link] = page.soup.select("a[href*='inspections/'][href$='edit']")

        form = client.page(link["href"]).form()
        page = client.send(link["href"], {**form, "mended_on": "18/1/2026"})

        assert "đã khắc phục 18/01/2026" in page.text

    @pytest.mark.parametrize(
        ("answers", "errors"),
        [
            ({"visited_on": "1/1/2090"}, {"visited_on"}),
            ({"mend_by": "4/1/2026"}, {"mend_by"}),
            ({"mended_on": "6/1/2026"}, {"mend_by"}),
            ({"mend_by": "6/1/2026", "mended_on": "1/1/2090"}, {"mended_on"}),
            ({"findings": ""}, {"findings"}),
        ],
    )
    def test_impossible_visits_are_told(self, client, officer, provider, answers, errors):
        typed = {"visited_on": "5/1/2026", "inspectors": "Đoàn", "findings": "Tốt", "form_key": "1", **answers}

        page = client.sign_in(officer).send(f"/services/providers/{provider.id}/inspections/new", typed)

        assert (page.status, set(page.errors())) == (422, errors)

    def test_overdue_mending_stands_on_the_officers_work_list(self, app, client, make, officer, provider):
        other = make.save(Provider(commune_id=provider.commune_id, name="Trường"))
        self.inspect(make, provider, visited_on=date(2026, 1, 5), mend_by=date(2026, 1, 20))
        self.inspect(make, other, visited_on=date(2026, 1, 5), mend_by=date(2026, 1, 9), mended_on=date(2026, 1, 8))

        with app.test_request_context():
            [task] = [task for task in worklist.tasks(officer) if task.code == "mending"]
            of_collaborator = worklist.tasks(make.user("collaborator"))
        rows = client.sign_in(officer).page(task.address).rows()

        assert (task.count, [row["Tên"] for row in rows]) == (1, ["Mái ấm"])
        assert "mending" not in {task.code for task in of_collaborator}

    def test_providers_not_visited_this_year(self, client, make, officer, provider):
        visited = make.save(Provider(commune_id=provider.commune_id, name="Trường"))
        make.save(Provider(commune_id=provider.commune_id, name="Đã nghỉ", is_active=False))
        self.inspect(make, visited)
        self.inspect(make, provider, visited_on=date(clock.today().year - 1, 12, 31))

        rows = client.sign_in(officer).page("/services/providers?visits=none").rows()

        assert [row["Tên"] for row in rows] == ["Mái ấm"]

    def test_a_collaborator_reads_only(self, client, make, collaborator, officer, provider):
        visit = self.inspect(make, provider)
        client.sign_in(collaborator)

        assert "Thiếu bình chữa cháy" in client.page(f"/services/providers/{provider.id}").text
        assert client.get(f"/services/providers/{provider.id}/inspections/{visit.id}/edit").status_code == 403


def test_the_workbook_lists_a_service_of_a_case_without_its_words():
    [column] = [column for column in district.SERVICES if str(column.label) == "Nội dung"]

    assert column.read(Service(case_id=1, description="Trị liệu kín")) is None
    assert column.read(Service(description="Xe đạp")) == "Xe đạp"


def test_the_menu_marks_the_page_above(client, make, officer):
    provider = make.save(Provider(commune_id=officer.commune_id, name="Mái ấm"))

    page = client.sign_in(officer).page(f"/services/providers/{provider.id}/inspections/new")

    assert "Nơi cung cấp" in {link.get_text(strip=True) for link in page.soup.select("[aria-current=page]")}
